"""The queue of one lane, against a connection that takes exactly what a test lets it take."""

from __future__ import annotations

import asyncio
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.link import FrameSplitter, Lane
from parley.transports.sender import LaneSender, TickBudget
from parley.transports.tls import TlsConnection


class Tap:
    """Stands where the TLS connection would: keeps what is written, and can be closed like a tap."""

    def __init__(self) -> None:
        self.blocked = False
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(bytes(data))

    def limit_unsent(self, size_bytes: int) -> None:
        pass

    def unsent_bytes(self) -> int:
        return 0


def sender(lane: Lane, loop: asyncio.AbstractEventLoop) -> tuple[LaneSender, Tap]:
    made, tap = LaneSender(lane, loop=loop, budget=TickBudget(loop), on_free=lambda: None), Tap()
    made.attach(cast(TlsConnection, tap))
    return made, tap


def cut_again(tap: Tap) -> list[bytes]:
    return FrameSplitter(bytes_max=limits.FRAME_BYTES_MAX).feed(b"".join(tap.written))


def turns(loop: asyncio.AbstractEventLoop, count: int) -> None:
    for _ in range(count):
        loop.call_soon(loop.stop)
        loop.run_forever()  # exactly one turn


def test_an_urgent_frame_is_one_write_before_send_returns() -> None:
    """One record and one system call: the least a FLASH can cost."""
    loop = asyncio.new_event_loop()
    ours, tap = sender(Lane.URGENT, loop)

    ours.send(b"\x10 FLASH")

    assert tap.written == [b"\0\0\0\x07\x10 FLASH"]
    loop.close()


def test_small_ordinary_frames_of_one_turn_go_in_two_writes() -> None:
    """The first must not wait; the hundred after it need not each cost a system call."""
    loop = asyncio.new_event_loop()
    ours, tap = sender(Lane.ORDINARY, loop)

    for number in range(100):
        ours.send(bytes([0x10, number]))
    turns(loop, 3)

    assert len(tap.written) == 2
    assert cut_again(tap) == [bytes([0x10, number]) for number in range(100)]
    loop.close()


def test_no_turn_of_the_loop_writes_more_bulk_than_its_share() -> None:
    """While a gigabyte waits the loop must come round to look at the urgent socket every fraction of a millisecond."""
    loop = asyncio.new_event_loop()
    ours, tap = sender(Lane.BULK, loop)
    for _ in range(30):
        ours.send(b"\x10" + bytes(65_536))

    sizes = []
    for _ in range(60):
        before = sum(map(len, tap.written))
        turns(loop, 1)
        sizes.append(sum(map(len, tap.written)) - before)

    assert max(sizes) <= limits.TICK_BYTES
    assert len(cut_again(tap)) == 30
    loop.close()


def test_a_heartbeat_goes_before_what_waits_and_never_inside_a_frame() -> None:
    """Else a long frame would look like silence, or a beat like part of the record."""
    loop = asyncio.new_event_loop()
    ours, tap = sender(Lane.BULK, loop)
    tap.blocked = True
    for _ in range(4):
        ours.send(b"\x10" + bytes(limits.PIECE_BYTES * 3))
    tap.blocked = False
    turns(loop, 1)  # the first frame has begun and is not through
    tap.blocked = True
    for _ in range(500):
        ours.send_first(b"\x03 beat")
    tap.blocked = False
    turns(loop, 20)

    frames = cut_again(tap)
    assert len(frames[0]) == limits.PIECE_BYTES * 3 + 1
    beats = [frame for frame in frames if frame == b"\x03 beat"]
    assert 1 <= len(beats) <= 16  # a peer that reads nothing gets no more of them
    assert frames[1 : 1 + len(beats)] == beats
    loop.close()


@given(st.lists(st.tuples(st.sampled_from(["send", "first", "block", "turn"]), st.integers(1, 200_000)), max_size=30))
def test_frames_leave_whole_and_in_order_whatever_the_kernel_takes(steps: list[tuple[str, int]]) -> None:
    """Promise 3, at the last place where bytes are still ours."""
    loop = asyncio.new_event_loop()
    ours, tap = sender(Lane.ORDINARY, loop)
    sent = []
    for what, size in steps:
        if what == "send":
            frame = b"\x10" + size.to_bytes(4, "big") * (size // 4 + 1)
            assert ours.send(frame)
            sent.append(frame)
        elif what == "first":
            ours.send_first(b"\x03 beat")
        elif what == "block":
            tap.blocked = not tap.blocked
        else:
            turns(loop, 1)
    tap.blocked = False
    ours.flush()
    turns(loop, 200)

    assert [frame for frame in cut_again(tap) if frame != b"\x03 beat"] == sent
    assert ours.backlog() == 0
    loop.close()
