"""Whether somebody is there at their side: what their node says counts for as long as it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from parley.codec import Reader
from parley.node.nearby import Around, Nearby
from parley.node.watching import WATCH_LASTS_MS, WATCH_THIN_EVERY_S, WATCH_THIN_LASTS_MS, TheirWatch, Watch
from parley.times import Instant, Moment

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


class AtSea:
    """What the watch asks of a node whose only link is a ship's radio."""

    def __init__(self) -> None:
        self.thin, self.busy, self.at = True, False, 100.0
        self.sent: list[bytes] = []

    def everywhere(self, frame: bytes) -> bool:
        if not self.busy:
            self.sent.append(frame)
        return not self.busy

    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None:
        pass

    def now(self) -> Instant:
        return Instant(self.at)

    def moment(self) -> Moment:
        return Moment(1_795_428_000_000)


def test_by_a_thin_link_the_watch_is_said_seldom_but_a_change_never_waits_its_turn() -> None:
    """The chair became empty while a FLASH filled the radio: it is said once that has gone, not a minute later."""
    node = AtSea()
    nearby = Nearby(cast(Around, node))
    nearby.set_watch("ann", present=True)
    node.at += 5.0
    nearby.report_again()
    assert len(node.sent) == 1
    node.at += WATCH_THIN_EVERY_S
    nearby.report_again()
    assert len(node.sent) == 2

    node.busy = True
    nearby.set_watch("ann", present=False)
    node.busy, node.at = False, node.at + 1.0
    nearby.report_again()
    assert len(node.sent) == 3 and b'"present":false' in node.sent[-1]
