"""The checker names each kind of fault: a good history, spoilt in one place at a time."""

from __future__ import annotations

import asyncio
import copy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.kills.charge import Habits
from tests.kills.checker import History, judge, read_history
from tests.kills.grounds import SIDES, Grounds
from tests.kills.notes import Note
from tests.kills.story import Pair

from parley.record.names import LogId

pytestmark = pytest.mark.processes

NORTH = LogId("leaders", "north", 0)


@pytest.fixture(scope="module")
def good() -> Iterator[History]:
    """A quiet history of two real nodes."""
    root = Path(tempfile.mkdtemp(prefix="parley-checker-"))

    async def quiet() -> None:
        async with Pair(Grounds(root), {side: Habits() for side in SIDES}) as pair:
            await pair.found()
            for number in range(1, 9):
                for side in SIDES:
                    precedence = "IMMEDIATE" if number == 4 else "ROUTINE"
                    await pair.at[side].do("send", mark=f"{side}.0.1.{number}", precedence=precedence)
            await pair.converge()
            await pair.stop()

    asyncio.run(quiet())
    yield read_history(pair_grounds(root))
    shutil.rmtree(root)


def pair_grounds(root: Path) -> Grounds:
    """Give the places again without laying them out anew."""
    grounds = Grounds.__new__(Grounds)
    grounds.root, grounds.links = root, []
    grounds.at = {side: grounds._ground(side, root / side) for side in SIDES}
    return grounds


def test_a_good_history_has_no_fault(good: History) -> None:
    """A checker that cries wolf is switched off."""
    assert judge(good) == []
    assert sum(note.told == "authored" for note in good.notes["north"]) >= 8


def lose_the_last(history: History) -> None:
    history.records["south"].leaves[NORTH].pop()


def reorder(history: History) -> None:
    for record in history.records.values():
        leaves = record.leaves[NORTH]
        leaves[2], leaves[3] = leaves[3], leaves[2]


def double(history: History) -> None:
    leaves = history.records["north"].leaves[NORTH]
    leaves.append(next(leaf for leaf in leaves if b"north.0.1.8" in leaf))  # the node may have said more after it


def fork(history: History) -> None:
    rows = history.records["south"].signatures[NORTH]
    rows[0] = replace(rows[0], root=b"\0" * 32)


def forge(history: History) -> None:
    rows = history.records["south"].signatures[NORTH]
    rows[-1] = replace(rows[-1], signature=bytes(len(rows[-1].signature)))


def forget_a_cosignature(history: History) -> None:
    held = next(note for note in history.notes["north"] if note.told == "held" and note.log == NORTH.text)
    rows = history.records["south"].signatures[NORTH]
    rows[:] = [row for row in rows if not (row.kind == "co-ed" and row.size == held.size)]


def tell_too_early(history: History) -> None:
    told = {"log": NORTH.text, "number": 99, "id": "0" * 64, "mark": "north.0.1.99"}
    history.notes["north"].append(Note("authored", 1, told))


def tell_of_another(history: History) -> None:
    notes = history.notes["north"]
    at = next(number for number, note in enumerate(notes) if note.told == "entry")
    notes[at] = Note("entry", 1, {**notes[at].fields, "id": "0" * 64})


def deny(history: History) -> None:
    history.notes["south"].append(Note("unsaid", 1, {"mark": "south.0.1.3", "code": "storage.failed"}))


def see_differently(history: History) -> None:
    history.records["south"].digest = "0" * 64


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lose_the_last, "3: entries are missing of leaders/north/0"),
        (reorder, "3: north holds leaders/north/0 3 at leaders/north/0 2"),
        (double, "3: north holds north.0.1.8 2 times"),
        (fork, "over another history"),
        (forge, "which is not good: identity.signature"),
        (forget_a_cosignature, "but the other disk holds no such cosignature"),
        (tell_too_early, "3: north was told of north.0.1.99, which is nowhere"),
        (tell_of_another, "but its disk holds"),
        (deny, "of which its client was told that it was not stored"),
        (see_differently, "6: the views differ"),
    ],
)
def test_each_fault_is_named(good: History, spoil: Callable[[History], None], said: str) -> None:
    """Silence must mean that there was nothing to say, for each promise by itself."""
    history = copy.deepcopy(good)
    spoil(history)
    assert any(said in fault for fault in judge(history)), judge(history)
