"""Files that are ours alone stay ours, whatever the other side names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.actions.pair import talking, until

from parley.actions import files
from parley.errors import Refused
from parley.record.tree import leaf_hash
from parley.subjects.messages.facts import due_for, send

CONTENT = b"a draft's chart, easy to guess"


async def content() -> AsyncIterator[bytes]:
    yield CONTENT


def test_a_file_of_a_draft_is_not_given_because_its_root_was_guessed_beforehand() -> None:
    """They name the digest first, our officer attaches the file to a draft later: nothing may cross (promise 9)."""
    asyncio.run(_guess())


async def _guess() -> None:
    root = leaf_hash(CONTENT).hex()
    async with talking() as (north, south):
        named = {"root": root, "size": len(CONTENT), "media": "image/png", "name": "guess.png"}
        fact = send(
            "leaders",
            text="See the chart.",
            language="en",
            due=due_for("ROUTINE", south.node.moment()),
            drafted_by="samira",
            released_by=("samira",),
            attachments=[named],
        )
        told = await south.node.state(fact, "samira", "ROUTINE")
        await until(lambda: north.node.book.message("leaders", told.subject))
        await until(lambda: north.node.store.value("attachment", root))

        row = await files.attach(north.node, north["edda"], name="chart.png", media="image/png", content=content())

        assert row.root == root and north.node.attachment_held(root) == len(CONTENT)
        assert not north.node._files._may_have(bytes.fromhex(root))


def test_a_file_named_with_another_size_is_not_held() -> None:
    """Its root is known here already; two words with one root and two lengths cannot both be true."""

    async def story() -> None:
        async with talking() as (north, south):
            row = await files.attach(south.node, south["samira"], name="a.txt", media="text/plain", content=content())
            told = []
            for size in (len(CONTENT), len(CONTENT) - 10, len(CONTENT) + 10):
                named = {"root": row.root, "size": size, "media": "text/plain", "name": "a.txt"}
                due = due_for("ROUTINE", south.node.moment())
                fact = send("leaders", text="See it.", language="en", due=due, drafted_by="samira",
                            released_by=("samira",), attachments=[named])  # fmt: skip
                told.append(await south.node.state(fact, "samira", "ROUTINE"))
                await until(lambda: north.node.book.message("leaders", told[-1].subject))
                await until(lambda: north.node.attachment_held(row.root) == len(CONTENT))
            await until(lambda: north.node.book.message("leaders", told[0].subject).attachments[0].held_at)
            await asyncio.sleep(0.3)
            views = [north.node.book.message("leaders", one.subject) for one in told]
            assert [bool(view.attachments[0].held_at) for view in views] == [True, False, False]
            for one, code in zip(told[1:], ("files.size", "files.not-here"), strict=True):
                with pytest.raises(Refused, match=code):
                    await files.read_attachment(north.node, north["edda"], "leaders", one.subject, row.root)

    asyncio.run(story())
