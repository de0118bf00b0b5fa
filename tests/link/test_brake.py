"""Bulk gives way when the urgent round trip grows."""

from __future__ import annotations

from parley import limits
from parley.link import Brake
from parley.times import Instant


def at(seconds: float) -> Instant:
    return Instant(10.0 + seconds)


def drive(brake: Brake, rtt_s: float, *, since: float, seconds: float) -> int:
    """Send all that is allowed each millisecond, with a sample each 50 ms; give the bytes that went."""
    went = 0
    for step in range(round(seconds * 1000)):
        now = at(since + step / 1000)
        if step % 50 == 0:
            brake.sample(rtt_s, 0.001, now)
        went += brake.allow(65_536, now)
    return went


def test_bulk_is_free_while_the_round_trip_stays_short() -> None:
    """A brake that costs anything on a good path would be turned off."""
    brake = Brake()

    assert drive(brake, 0.003, since=0, seconds=1) == 1000 * 65_536


def test_bulk_slows_within_half_a_second_of_a_growing_round_trip_and_comes_back() -> None:
    """Promise 8 against what we cannot see: a queue in a router, a busy processor at the other side."""
    brake = Brake()
    drive(brake, 0.001, since=0, seconds=1)
    drive(brake, 0.2, since=1, seconds=0.5)

    slow = drive(brake, 0.2, since=1.5, seconds=1)
    drive(brake, 0.001, since=2.5, seconds=3)
    again = drive(brake, 0.001, since=5.5, seconds=1)

    assert slow < 6 * 1_048_576
    assert again == 1000 * 65_536


def test_bulk_never_stops() -> None:
    """On a path that is slow by nature a photo must arrive some day."""
    brake = Brake()
    drive(brake, 0.001, since=0, seconds=0.1)
    drive(brake, 5.0, since=0.1, seconds=5)

    went = drive(brake, 5.0, since=5.1, seconds=2)

    assert went >= limits.BRAKE_BYTES_S_MIN


def test_a_long_path_is_not_a_slow_one() -> None:
    """Half a second round the world is no reason to brake; half a second more is."""
    brake = Brake()
    for step in range(100):
        brake.sample(0.55, 0.5, at(step / 20))
        assert brake.allow(65_536, at(step / 20)) == 65_536
