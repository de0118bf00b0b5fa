"""What the charts show, put together from the subjects that have something to show, and from our own receivers."""

from __future__ import annotations

from collections.abc import AsyncIterator

from parley.actions import incidents, live, notices, place_names
from parley.actions.live_rows import LiveRow, PairRow, TrackRow
from parley.actions.rows import AttachmentRow
from parley.desk import incident_chart, notice_chart, shown
from parley.desk.charting import Feature, mark
from parley.desk.reading import Reading, asker


class ChartDoors(Reading):
    """The part of Doors for the pages with a chart."""

    def chart(self, who: shown.Person) -> tuple[Feature, ...]:
        """Give what is in force and what happened in the channels of this person."""
        if "read" not in who.rights:
            return ()
        node, known = self._node, asker(who)
        happened = incident_chart.features(incidents.incidents(node, known, which="all"))
        return (*notice_chart.features(notices.notices(node, known).notices), *happened)

    def place_names(self, who: shown.Person) -> tuple[Feature, ...]:
        """Give the names that our side loaded for its chart."""
        if "read" not in who.rights:
            return ()
        found = place_names.place_names(self._node, asker(who))
        return tuple(mark((one.lat, one.lon), kind="name", label=one.name) for one in found)

    def live(self, who: shown.Person) -> LiveRow:
        """Give our receivers and who comes close."""
        return live.live(self._node, asker(who))

    def live_tracks(self, who: shown.Person) -> tuple[TrackRow, ...]:
        """Give what is heard now."""
        return live.live_tracks(self._node, asker(who))

    async def keep_moment(self, who: shown.Person, key: str) -> tuple[PairRow, AttachmentRow]:
        """Keep the ways of two as a private file."""
        return await live.keep_moment(self._node, asker(who), key)

    async def kept_moment(self, who: shown.Person, root: str) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
        """Give a kept file back."""
        return await live.kept_file(self._node, asker(who), root)
