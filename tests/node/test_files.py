"""Files that are ours alone stay ours, whatever the other side names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from tests.actions.pair import talking, until

from parley.actions import files
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
