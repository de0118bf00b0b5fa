"""What a peer sends beyond what it may is counted whole, however it spreads it."""

from __future__ import annotations

from parley import limits
from parley.node.counting import Inflow, Strays
from parley.times import Instant


def test_a_few_frames_at_the_end_of_each_of_a_thousand_calls_name_nobody() -> None:
    """They were on their way when it ended; after sixty-four calls nobody was named for anything any more."""
    strays = Strays(150)
    for call in range(1_000):
        assert not any(strays.names(f"{call}", Instant(call * 300.0)) for _ in range(20))
    assert [strays.names("talks on", Instant(400_000.0)) for _ in range(160)].count(True) == 1


def test_frames_spread_over_many_calls_are_named_as_those_of_one() -> None:
    """One frame each under two hundred sessions would never have come to a hundred and fifty."""
    strays, now = Strays(150), Instant(100.0)
    named = sum(strays.names(f"{number % 200}", now) for number in range(1_500))
    assert named == 2
    assert len(strays._counts) <= limits.VOICE_STRAYS_KEPT


def test_what_goes_on_beyond_the_rate_is_named_once_a_minute() -> None:
    """A thousand notes of one flood would fill the place that others need."""
    inflow = Inflow(10, 20, 5, Instant(0.0))
    named = []
    for tenth in range(1_250):  # 125 s at 20 a second
        for _ in range(2):
            if not inflow.takes(Instant(tenth / 10)) and inflow.names(Instant(tenth / 10)):
                named.append(tenth // 10)
    assert len(named) == 3 and named[1] - named[0] >= 60
