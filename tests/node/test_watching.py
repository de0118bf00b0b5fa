"""Whether somebody is there at their side: what their node says counts for as long as it says."""

from __future__ import annotations

from parley.codec import Reader
from parley.node.watching import WATCH_LASTS_MS, WATCH_THIN_EVERY_S, WATCH_THIN_LASTS_MS, TheirWatch, Watch
from parley.times import Instant

THERE = {"present": True, "since": "2026-11-23T10:00:00.000Z"}


def heard(lasts_ms: int) -> TheirWatch:
    watch = TheirWatch()
    assert watch.heard(Reader(dict(THERE), "signal", code="line.signal"), Instant(100.0), lasts_ms)
    return watch


def test_a_watch_that_is_not_said_again_is_no_longer_claimed() -> None:
    """An empty chair must not look manned because a link fell."""
    watch = heard(WATCH_LASTS_MS)

    assert watch.now(Instant(115.0)) == Watch(present=True, since="2026-11-23T10:00:00.000Z")
    assert watch.now(Instant(115.1)) is None
    assert TheirWatch().now(Instant(0.0)) is None


def test_over_thin_links_one_report_may_be_missed_and_the_watch_still_stands() -> None:
    """A report waits for FLASH on a ship's radio, and costs a second of it: it is said seldom and counts longer."""
    watch = heard(WATCH_THIN_LASTS_MS)

    assert watch.now(Instant(100.0 + 2 * WATCH_THIN_EVERY_S)) is not None
    assert watch.now(Instant(100.0 + WATCH_THIN_LASTS_MS / 1000 + 0.1)) is None
