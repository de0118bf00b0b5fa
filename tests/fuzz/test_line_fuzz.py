"""Any bytes into the line: effects or a fault, never an exception, in bounded memory (promise 7)."""

from __future__ import annotations

import contextlib
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st
from tests.line.forge import ahead_of, cosigned_by_other, head_of, run_of
from tests.line.sides import NORTH_TALK, SOUTH_TALK, Side, line

from parley import limits
from parley.errors import PeerError
from parley.line import Fault
from parley.line.frames import (
    Standing,
    open_frame,
    write_back,
    write_progress,
    write_standing,
    write_tail_ask,
)
from parley.link import Lane
from parley.record.names import LogId
from parley.storage.memory import Snapshot

X = LogId("x", "south", 0)


@cache
def past() -> tuple[Snapshot, bytes | None, tuple[bytes, ...]]:
    """Give a store with something said by both, its second place, and South's log."""
    world = line()
    for side in world.sides:
        for number in range(3):
            side.say(f"{side.us} {number}")
    world.settle()
    return world.north.store.snapshot(), world.north.anchor, tuple(world.south.leaves(SOUTH_TALK))


def north() -> Side:
    """Give North with that past and a link up."""
    snapshot, anchor, _ = past()
    side = Side("north")
    side.store.restore(snapshot, "0" * 32)
    side.start(anchor=anchor)
    side.do(side.core.link_up("cable", side.now, side.clock))
    return side


@cache
def sound() -> tuple[bytes, ...]:
    """Give frames that South might really send, to begin from."""
    leaves = [*past()[2], b"one more", b"\xff"]
    root = bytes(32)
    return (
        run_of(SOUTH_TALK, leaves, 3),
        run_of(SOUTH_TALK, leaves, 1, 4),
        run_of(SOUTH_TALK, [*leaves[:2], b"forked"], 2),
        run_of(X, [b"zero", b"one"]),
        run_of(X, [b"zero", b"one", b"two"], 2),
        ahead_of(SOUTH_TALK, [*leaves, b"ahead"], 5),
        ahead_of(X, [b"zero", b"other"], 1),
        cosigned_by_other(NORTH_TALK, 3, root, 5),
        cosigned_by_other(NORTH_TALK, 9, root, 5, suite=2, post_quantum=True),
        write_standing(Standing(held=((NORTH_TALK, 0), (X, 2**40)), heads=(head_of(X, [b"zero"]),))),
        write_progress(NORTH_TALK, 1, again=True),
        write_progress(NORTH_TALK, 2**53 - 1, again=False),
        write_back(SOUTH_TALK, 0),
        write_back(NORTH_TALK, 2**53 - 1),
        write_tail_ask(bytes(32)),
    )


NOISE = st.binary(max_size=300) | st.tuples(st.integers(0x10, 0x1C), st.binary(max_size=300)).map(
    lambda made: bytes([made[0]]) + made[1]
)
SOUND = st.integers(0, 14).map(lambda number: sound()[number])
BENT = st.tuples(SOUND, st.integers(0, 10_000), st.integers(1, 255)).map(
    lambda bent: bytes(
        byte ^ bent[2] if place == bent[1] % len(bent[0]) else byte for place, byte in enumerate(bent[0])
    )
)
SHORT = st.tuples(SOUND, st.integers(0, 10_000)).map(lambda cut: cut[0][: cut[1] % len(cut[0])])
FRAME = NOISE | SOUND | BENT | SHORT


@given(FRAME)
@example(b"\x10\xff\xff")
@example(b"\x11\x00\x02{}")
@example(b"\x10\x00\x0a" + b"[" * 10)
def test_any_bytes_open_as_a_frame_or_a_fault(data: bytes) -> None:
    """The first thing that touches what the peer sent."""
    with contextlib.suppress(PeerError):
        _, _, blob = open_frame(data)
        assert len(blob) <= len(data)


@given(st.lists(st.tuples(FRAME, st.sampled_from(Lane), st.booleans()), max_size=25))
def test_any_frames_in_any_order_give_effects_or_faults_and_little_memory(
    frames: list[tuple[bytes, Lane, bool]],
) -> None:
    """Noise, real frames bent in one byte, cut short, doubled and out of order, with a slow disk in between."""
    side = north()
    before = {log: side.leaves(log) for log in side.store.logs()}
    for frame, lane, slow in frames:
        side.slow = slow
        side.hear(frame, lane=lane, link=f"link{lane}")
    side.slow = False
    side.land()
    side.pass_time(1.0)

    assert side.restarts == 0
    for log, leaves in before.items():  # nothing we held was changed, and our own log did not grow (promises 3, 4)
        assert side.leaves(log)[: len(leaves)] == leaves
        if log.side == "north":
            assert side.leaves(log) == leaves
    assert len(side.store.values("ahead")) <= limits.AHEAD_ENTRIES_MAX
    assert len(side.events(Fault)) <= len(frames)
    for log in side.store.logs():  # whatever was stored is proven: its root is one that its author signed
        signed = side.store.newest_signature(log, "co-ed" if log.side == "north" else "own-ed")
        assert signed is None or side.store.root_at(log, signed.size) == signed.root
