"""The heartbeat: life, distance, clocks."""

from __future__ import annotations

import pytest

from parley.errors import PeerError
from parley.link import Pulse
from parley.link.messages import Pulse as Beat
from parley.link.messages import write_beat
from parley.times import Instant, Moment

CLOCK = Moment(1_795_000_000_000)


def pulse() -> Pulse:
    return Pulse(Instant(100.0), every_s=1.0, silence_s=3.0)


def at(seconds: float) -> Instant:
    return Instant(100.0 + seconds)


def clock(seconds: float) -> Moment:
    return Moment(CLOCK + round(seconds * 1000))


def test_a_beat_is_due_each_second_and_not_twice() -> None:
    """A timer that fires early or late must neither flood nor starve the other side."""
    ours = pulse()

    assert ours.beat(at(0), clock(0)) is not None
    assert ours.beat(at(0.9), clock(0.9)) is None
    assert ours.beat(at(1.0), clock(1.0)) is not None
    assert ours.beat(at(5.0), clock(5.0)) is not None  # one, not four, after a sleep
    assert ours.beat(at(5.1), clock(5.1)) is None


def test_three_seconds_without_a_byte_are_silence() -> None:
    """Desks on both sides must know of a dead link within five seconds (DESIGN 4)."""
    ours = pulse()
    ours.alive(at(1.0))

    assert not ours.silent(at(3.99))
    assert ours.silent(at(4.0))


def test_a_node_that_slept_itself_gives_the_other_side_a_second_to_be_heard() -> None:
    """Otherwise a node stopped by its own disk or debugger would cut every good link when it wakes."""
    ours = pulse()

    ours.forgive(at(10.0), late_s=9.0)

    assert not ours.silent(at(10.5))
    assert ours.silent(at(11.0))


def test_a_timer_that_fires_in_time_forgives_nothing() -> None:
    """Else a peer that says nothing would be forgiven for ever."""
    ours = pulse()
    for second in range(1, 4):
        ours.forgive(at(second), late_s=0.02)

    assert ours.silent(at(3.0))


def test_the_offset_is_taken_from_the_shortest_round_trip() -> None:
    """A sample that queued for a second can be wrong by half of it; the short one cannot."""
    ours = pulse()
    for number, (sent, trip, ahead_ms) in enumerate([(0.0, 0.9, 400), (1.0, 0.01, 70), (2.0, 0.5, -200)], start=1):
        assert ours.beat(at(sent), clock(sent)) is not None
        theirs = Moment(clock(sent + trip / 2) + ahead_ms)
        echo = write_beat(Beat(number=number, moment=theirs), echo=True)
        ours.hear_echo(echo, at(sent + trip), clock(sent + trip))

    assert ours.offset_ms == 70
    assert ours.rtt_s == pytest.approx(0.5)
    assert ours.rtt_min_s == pytest.approx(0.01)


def test_a_clock_that_is_set_between_beat_and_echo_spoils_no_estimate() -> None:
    """An operator who sets our clock by an hour must not see the peer's clock called wrong."""
    ours = pulse()
    ours.beat(at(0), clock(0))

    ours.hear_echo(write_beat(Beat(number=1, moment=clock(0)), echo=True), at(0.01), clock(3600))

    assert ours.offset_ms is None
    assert ours.rtt_s == pytest.approx(0.01)


def test_the_echo_of_a_beat_never_sent_is_a_fault() -> None:
    """A peer that makes up echoes could make any link look near."""
    ours = pulse()
    ours.beat(at(0), clock(0))

    with pytest.raises(PeerError) as caught:
        ours.hear_echo(write_beat(Beat(number=2, moment=clock(0)), echo=True), at(0.1), clock(0.1))

    assert caught.value.code == "link.echo"


def test_beats_that_come_too_fast_are_not_all_echoed() -> None:
    """Work that a peer can ask of us for nothing has a bound."""
    ours = pulse()
    beat = write_beat(Beat(number=1, moment=CLOCK))

    echoes = [ours.hear_beat(beat, at(0.001 * step), clock(0)) for step in range(100)]

    assert sum(echo is not None for echo in echoes) <= 6


def test_beats_without_an_answer_are_forgotten_after_a_while() -> None:
    """What nobody answers must not grow for a year."""
    ours = pulse()
    for second in range(1000):
        ours.beat(at(second), clock(second))

    ours.hear_echo(write_beat(Beat(number=3, moment=CLOCK), echo=True), at(1000), clock(1000))  # long forgotten

    assert ours.rtt_s is None


def test_beats_come_faster_only_while_bulk_is_under_way() -> None:
    """Once a second is too seldom to notice that bulk is in the way; twenty times a second for ever would be waste."""
    ours = pulse()
    ours.beat(at(0), clock(0))
    assert ours.busy(at(0.1))

    beats = [step for step in range(100, 4000) if ours.beat(at(step / 1000), clock(step / 1000)) is not None]

    assert 15 <= sum(step < 1100 for step in beats) <= 20
    assert sum(step >= 1100 for step in beats) <= 4
