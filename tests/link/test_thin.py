"""A link that is stated as thin: its times, its pace, its one connection, and frames in parts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.link.test_core import CLOCK, GROUP, LINE, at, hello_of

from parley.errors import PeerError
from parley.link import (
    Dial,
    Fall,
    Hang,
    Lane,
    LinkCore,
    Pace,
    Parts,
    Rise,
    State,
    Thin,
    Write,
    header,
    read_hello,
    write_hello,
    write_part,
)
from parley.times import Instant

SHIP = Thin(2_400)


def thin_core(ours: str = "north", *, dials: bool = True) -> LinkCore:
    theirs = "south" if ours == "north" else "north"
    return LinkCore(
        name="cable", line=LINE, ours=ours, theirs=theirs, dials=dials,
        number=itertools.count(1).__next__, entropy=lambda size: bytes(size), thin=SHIP,
    )  # fmt: skip


def up() -> tuple[LinkCore, int]:
    link = thin_core()
    (dial,) = link.tick(at(0), CLOCK)
    assert isinstance(dial, Dial)
    (said,) = link.connected(dial.connection, GROUP, at(13))
    assert isinstance(said, Write)
    hello = read_hello(said.frame)
    assert Rise() in link.heard(dial.connection, write_hello(hello.answered(), answer=True), at(15), CLOCK)
    return link, dial.connection


def test_a_dial_is_given_the_time_that_its_handshake_takes() -> None:
    """3.7 KB of TLS take 13 s at 2,400 bit/s; with the two seconds of other links it would never come up."""
    link = thin_core()
    (dial,) = link.tick(at(0), CLOCK)
    assert isinstance(dial, Dial)

    assert link.tick(at(13), CLOCK) == []
    given_up = link.tick(at(33), CLOCK)

    assert given_up[0] == Hang(connection=dial.connection, code="link.no-answer", say=False)
    assert "within 32 s" in link.last_error


def test_a_thin_link_stays_with_one_connection() -> None:
    """Two more handshakes would take half a minute in which nothing can be said."""
    link, _ = up()

    effects = link.tick(at(15), CLOCK)

    assert not [each for each in effects if isinstance(each, Dial)]
    south = thin_core("south", dials=False)
    south.offered(7, hello_of("north"), GROUP, at(0))
    turned_away = south.offered(8, hello_of("north", lane=Lane.BULK), GROUP, at(1))
    assert turned_away == [Hang(connection=8, code="link.thin", say=True)]


def test_beats_are_sparing_and_silence_is_told_only_after_three_of_them() -> None:
    """Each second's beat would take a quarter of the link; and a frame of four seconds is not silence."""
    link, _ = up()
    beats, now = 0, 15.0
    while link.state is State.UP:
        effects = link.tick(at(now), CLOCK)
        beats += sum(isinstance(each, Write) for each in effects)
        fallen = [each for each in effects if isinstance(each, Fall)]
        now += 0.5

    assert [each.code for each in fallen] == ["link.silent"]
    assert 42 <= now <= 45
    assert beats == 4


def test_a_crossing_is_known_as_one_for_as_long_as_a_dial_may_take() -> None:
    """Both sides dial at once and the losing hello comes half a minute late: the link must not flap for it."""
    link, _ = up()

    late = link.offered(91, hello_of("south"), GROUP, at(15 + 25))

    assert late == [Hang(connection=91, code="link.crossing", say=True)]


def test_the_pace_never_runs_ahead_of_the_rate() -> None:
    """What a modem has taken nothing of ours can overtake."""
    pace, now, sent = Pace(SHIP), Instant(50.0), 0
    while now < 60.0:
        now = Instant(now + pace.wait_s(now))
        pace.spent(SHIP.part_bytes, now)
        sent += SHIP.part_bytes + 62

    assert 0.9 * 3_000 <= sent <= 3_000 + 2 * (SHIP.part_bytes + 62)


def test_a_part_lasts_half_a_second_at_any_rate_with_its_headers_beside_it() -> None:
    """DESIGN 4: an urgent frame waits for no longer than that."""
    for bits_s in (2_400, 9_600, 64_000, 256_000):
        assert Thin(bits_s).part_bytes / Thin(bits_s).bytes_s <= 0.5


@given(st.lists(st.tuples(st.sampled_from([Lane.ORDINARY, Lane.BULK]), st.binary(max_size=200)), max_size=8), st.data())
def test_parts_give_each_lanes_frames_whole_and_in_order(frames: list[tuple[Lane, bytes]], data: st.DataObject) -> None:
    """Whatever the cuts, and however the two lanes take turns."""
    waiting = {
        lane: [part for by, rest in frames if by is lane for part in _cut(lane, b"\x11" + rest, data)]
        for lane in (Lane.ORDINARY, Lane.BULK)
    }
    parts, got = Parts(), []
    while any(waiting.values()):
        lane = data.draw(st.sampled_from([lane for lane, left in waiting.items() if left]))
        whole = parts.take(waiting[lane].pop(0))
        if whole is not None:
            got.append(whole)

    for lane in (Lane.ORDINARY, Lane.BULK):
        assert [frame for by, frame in got if by is lane] == [b"\x11" + rest for by, rest in frames if by is lane]


def _cut(lane: Lane, frame: bytes, data: st.DataObject) -> list[bytes]:
    step = data.draw(st.integers(1, len(frame)))
    cuts = range(0, len(frame), step)
    return [write_part(lane, frame[at : at + step], last=at + step >= len(frame)) for at in cuts]


@pytest.mark.parametrize(
    "frames",
    [
        [b"\x06"], [b"\x06\x81"], [b"\x06\x80x"], [b"\x06\x00x"], [b"\x06\x03x"], [b"\x06\x43x"],
        [write_part(Lane.ORDINARY, b"\x03beat", last=True)],
        [write_part(Lane.BULK, b"\x11" + bytes(1_000_000), last=False)] * 2,
    ],
)  # fmt: skip
def test_parts_that_break_the_page_are_refused(frames: list[bytes]) -> None:
    """Of no lane, of nothing, of the link's own types, or without end."""
    parts = Parts()

    with pytest.raises(PeerError) as refused:
        for frame in frames:
            parts.take(frame)

    assert refused.value.code == "link.part"


@given(st.binary(min_size=1, max_size=64))
def test_any_bytes_are_a_part_or_the_peers_fault(rest: bytes) -> None:
    """The peer chooses them."""
    try:
        whole = Parts().take(b"\x06" + rest)
    except PeerError as fault:
        assert fault.code == "link.part"
    else:
        assert whole is None or len(header(whole[1])) == 4
