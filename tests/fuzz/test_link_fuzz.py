"""Any bytes into the link's readers: frames, a value, or PeerError; in bounded memory."""

from __future__ import annotations

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from parley import limits
from parley.errors import PeerError
from parley.link import Alarm, Dial, FrameSplitter, Hello, Lane, LinkCore, State, header, read_hello, write_hello
from parley.link.messages import read_bye, read_pulse
from parley.times import Instant, Moment

HELLO = Hello(line="0f" * 16, from_side="south", to_side="north", link="cable", link_id="a1" * 16, lane=Lane.URGENT)
NOISE = st.binary(min_size=1, max_size=400)
# Noise that looks like the real thing further in than chance would: a hello with one byte changed.
ALMOST = st.tuples(st.integers(0, len(write_hello(HELLO)) - 1), st.integers(0, 255)).map(
    lambda change: write_hello(HELLO)[: change[0]] + bytes([change[1]]) + write_hello(HELLO)[change[0] + 1 :]
)


@given(st.lists(st.binary(max_size=200), max_size=30))
def test_any_stream_gives_frames_or_a_fault_and_keeps_little(pieces: list[bytes]) -> None:
    """The first bytes after TLS come from the peer alone."""
    splitter = FrameSplitter(bytes_max=128)
    try:
        for piece in pieces:
            assert all(1 <= len(frame) <= 128 for frame in splitter.feed(piece))
            assert splitter.held_bytes <= 128 + 4
    except PeerError:
        assert splitter.held_bytes == 0


@given(NOISE | ALMOST)
@example(b"\x01" + b"[" * 1_000)
def test_any_frame_into_the_readers_gives_a_value_or_a_fault(frame: bytes) -> None:
    """No other exception may come from what the peer sends (promise 7)."""
    for read in (read_hello, lambda data: read_hello(data, answer=True), read_pulse, read_bye):
        with contextlib.suppress(PeerError):
            read(frame)


@given(st.lists(NOISE | ALMOST | st.sampled_from([b"\x03" + bytes(12), b"\x05link.full"]), max_size=12), st.booleans())
def test_no_frame_can_make_a_link_raise_or_leave_its_table(frames: list[bytes], answered: bool) -> None:
    """A fault of the peer closes its link; it never becomes a fault of ours."""
    link = LinkCore(
        name="cable",
        line=HELLO.line,
        ours="north",
        theirs="south",
        dials=True,
        number=iter(range(1, 10_000)).__next__,
        entropy=lambda size: b"\xa1" * size,
    )
    now, clock = Instant(5.0), Moment(1_795_000_000_000)
    (dial,) = link.tick(now, clock)
    assert isinstance(dial, Dial)
    link.connected(dial.connection, "X25519MLKEM768", now)
    if answered:
        link.heard(dial.connection, write_hello(HELLO, answer=True), now, clock)
        assert link.state is State.UP
    alarms = 0
    for frame in frames:
        alarms += sum(isinstance(each, Alarm) for each in link.heard(dial.connection, frame, now, clock))
    assert alarms <= 1
    assert link.state in {State.UP, State.ASKING, State.RESTING}


def test_what_a_dribbling_peer_can_make_us_keep_is_one_frame() -> None:
    """A frame sent one byte at a time must cost its own size, not an object a byte."""
    splitter = FrameSplitter(bytes_max=limits.FRAME_BYTES_MAX)
    frame = bytes([0x10]) * 50_000
    got = [each for byte in header(frame) + frame for each in splitter.feed(bytes([byte]))]

    assert got == [frame]
