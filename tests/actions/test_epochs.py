"""Two operators go on after a fork: real nodes, a log that a copy of South's machine signed, the terminal's words."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until

from parley.actions import epochs, messages
from parley.actions.wording import Words
from parley.cli.keeping import _frozen_words
from parley.errors import Refused
from parley.identity import SideKeys
from parley.line.frames import Head, Run, write_run
from parley.node.carry import write_carry
from parley.record import notes
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash

LOG = LogId("leaders", "south", 0)


async def say(side: Side, person: str, text: str) -> str:
    """Send a message; gives its log."""
    sent = await messages.send_message(side.node, side[person], Words(channel="leaders", text=text, language="en"))
    return sent.ref.log


async def copied(north: Side, south: Side) -> None:
    """A copy of South's machine signs another last entry, and a stick brings that to North."""
    keys, identity = SideKeys.from_seed(b"south-actions".ljust(32)), south.node.identity
    leaves = [*north.node.store.leaves(LOG, 0, north.node.store.size(LOG) - 1), b"said by a copy"]
    frontier = Frontier()
    frontier.extend(map(leaf_hash, leaves))
    origin = notes.origin(identity.ours.domain, identity.line, LOG)
    signature = notes.sign_checkpoint(keys.log, origin, frontier.size, frontier.root())
    head = Head(log=LOG, size=frontier.size, root=frontier.root(), signature=signature)
    frame = write_run(Run(head=head, first=len(leaves) - 1, proof=(), leaves=(leaves[-1],)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stick"
        write_carry(
            path, identity=identity, cosign_pair=keys.cosign, id="ab" * 16, at=south.node.moment(),
            frames=iter([frame]), covers={},
        )  # fmt: skip
        await north.node.exports.carry_in(path)


def words(side: Side) -> list[str]:
    """Give what the operator reads at the terminal."""
    rows = epochs.frozen_logs(side.node, side["admin"])
    return [
        _frozen_words({name: getattr(row, name) for name in row.__slots__}) for row in rows
    ]  # fmt: skip


def test_both_operators_agree_and_the_channel_goes_on() -> None:
    """The channel is dead in one direction until they do; nobody else may, and neither can alone (promise 5)."""

    async def story() -> None:
        async with talking(status="exercise") as (north, south):
            for number in range(3):
                await say(south, "samira", f"South {number}")
            await until(lambda: north.node.store.size(LOG) == 3)
            assert words(north) == words(south) == []
            await copied(north, south)
            held = north.node.store.size(LOG)
            assert "next: parley epochs end leaders/south/0" in words(north)[0] and words(south) == []
            await say(south, "samira", "Nobody there takes this in.")

            for side, act, log, code in (
                (south, epochs.renew_log, LOG.text, "log.not-ended"),
                (south, epochs.end_log, LOG.text, "log.not-frozen"),
                (north, epochs.end_log, "leaders/north/0", "log.not-frozen"),
                (north, epochs.end_log, "nonsense", "log.name"),
            ):
                with pytest.raises(Refused) as refused:
                    await act(side.node, side["admin"], log)  # type: ignore[operator]
                assert refused.value.code == code
            for side, person in ((north, "edda"), (south, "samira")):
                with pytest.raises(Refused) as refused:
                    epochs.frozen_logs(side.node, side[person])
                assert refused.value.code == "people.right"

            await epochs.end_log(north.node, north["admin"], LOG.text)
            with pytest.raises(Refused) as refused:
                await epochs.end_log(north.node, north["admin"], LOG.text)
            assert refused.value.code == "log.again"
            assert "next: its author's operator" in words(north)[0]
            await until(lambda: words(south))
            assert words(south)[0].endswith("next: parley epochs renew leaders/south/0")
            row = await epochs.renew_log(south.node, south["admin"], LOG.text)
            assert (row.size, row.step) == (held, "") and row.next.startswith("leaders/south/")

            assert await say(south, "samira", "Heard again.") == row.next
            following = LogId.read(row.next)
            await until(lambda: north.node.store.size(following) == 2)
            spoken = [read_entry(leaf) for leaf in north.node.store.leaves(following, 0, 2)]
            assert {entry.status for entry in spoken} == {"exercise"}, "what a node of an exercise says is one too"
            assert f"goes on in {row.next}" in words(north)[0] and f"goes on in {row.next}" in words(south)[0]

    asyncio.run(story())
