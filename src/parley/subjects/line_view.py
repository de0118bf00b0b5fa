"""The whole of the line channel as one view: who is who, which channels, what was agreed about the line itself.

Owns: `LineView` and how it is put together from the standing topics. Read by actions, desks and the digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from parley.subjects.acts import Cut, Topic
from parley.subjects.channels.view import ChannelView
from parley.subjects.standing.view import (
    FallbackView,
    GapView,
    KeysView,
    PersonView,
    ReleaseView,
    RulesView,
    TestView,
)

_V = TypeVar("_V")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """The line channel.

    persons: Everybody ever listed, by side and person id; look at `listed`.
    channels: Every channel ever proposed, by id.
    tests, gaps: The latest, newest last, at most limits.EVENTS_KEPT; not part of the digest.
    """

    us: str
    them: str
    persons: tuple[PersonView, ...]
    channels: tuple[ChannelView, ...]
    rules: RulesView
    fallbacks: Mapping[str, FallbackView]
    releases: Mapping[str, ReleaseView]
    keys: Mapping[str, KeysView]
    tests: tuple[TestView, ...] = ()
    gaps: tuple[GapView, ...] = ()

    def person(self, side: str, person: str) -> PersonView | None:
        """Give one person as their side lists them."""
        return next((one for one in self.persons if one.side == side and one.person == person), None)

    def channel(self, channel: str) -> ChannelView | None:
        """Give one channel."""
        return next((one for one in self.channels if one.id == channel), None)

    def roster(self, side: str) -> tuple[PersonView, ...]:
        """Give a side's people who are listed now."""
        return tuple(one for one in self.persons if one.side == side and one.listed)


def assemble(
    us: str,
    them: str,
    topics: Mapping[str, Topic],
    cut: Cut | None = None,
    tests: Iterable[TestView] = (),
    gaps: Iterable[GapView] = (),
) -> LineView:
    """Put the line view together, over everything held or inside a cut."""
    views = {name: topics[name].view() if cut is None else topics[name].view_at(cut) for name in sorted(topics)}
    rules = views.get("rules/line")
    return LineView(
        us=us,
        them=them,
        persons=tuple(_all(views, PersonView)),
        channels=tuple(_all(views, ChannelView)),
        rules=rules if isinstance(rules, RulesView) else RulesView(version=1, proposals=()),
        fallbacks={one.side: one for one in _all(views, FallbackView)},
        releases={one.side: one for one in _all(views, ReleaseView)},
        keys={one.side: one for one in _all(views, KeysView)},
        tests=tuple(tests),
        gaps=tuple(gaps),
    )


def _all(views: Mapping[str, object], kind: type[_V]) -> list[_V]:
    return [view for view in views.values() if isinstance(view, kind)]
