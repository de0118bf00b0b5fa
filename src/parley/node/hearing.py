"""What the links say, given to the parts of the node that it concerns.

Owns: which part hears of a link that came up or fell, of a frame, and of room in a lane; in which order.
Does not own: the links (transports/), what a frame means (line/), what a part makes of it.
Always true: voice and picture go past the core: they are neither kept nor judged by the record's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parley.line.frames import Kind
from parley.link import Lane
from parley.node import events, ways
from parley.node.duties import Duties
from parley.node.files import Files
from parley.node.lifting import Lifting
from parley.node.nearby import Nearby
from parley.node.picture import Pictures
from parley.node.shell import Shell
from parley.node.status import LineTimes
from parley.node.voice import Voice
from parley.transports import LinkHost


class Reporting(Protocol):
    """A part that says how things are to the other side's node, anew for each link that comes up."""

    def report(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Who hears of the links. The links are among them, for they are made before the others and need a listener."""

    host: LinkHost
    shell: Shell
    bell: events.Bell
    times: LineTimes
    duties: Duties
    files: Files
    nearby: Nearby
    voice: Voice
    pictures: Pictures
    lifting: Lifting
    reporting: Sequence[Reporting]


class Hearing:
    """The node's ear on its links (transports' LinkListener)."""

    _parts: Parts

    def begin(self, parts: Parts) -> None:
        """Take the parts; before any link is opened."""
        self._parts = parts

    def link_up(self, link: str) -> None:
        """A link came up."""
        parts = self._parts
        thin = parts.host.thin(link)
        parts.times.up()
        parts.duties.link_up(link, len(parts.shell.core.links))
        parts.shell.link_up(link, thin)
        if thin is None:
            parts.files.link_up(link)
        for part in parts.reporting:
            part.report()
        parts.lifting.link_up()
        parts.bell.ring(events.Event(kind="link", fields={"link": link, "up": True}))

    def link_down(self, link: str, code: str, reason: str) -> None:
        """A link went down."""
        parts = self._parts
        parts.shell.link_down(link)
        parts.files.link_down(link)
        parts.voice.link_down(link)
        parts.pictures.link_down(link)
        if self._only_thin():  # they counted on what went by the other link
            parts.nearby.report()
        parts.duties.link_down(link, len(parts.shell.core.links), code)
        parts.times.down()
        fields: dict[str, str | int | bool | None] = {"link": link, "up": False, "code": code, "reason": reason}
        parts.bell.ring(events.Event(kind="link", fields=fields))

    def frame(self, link: str, lane: Lane, frame: bytes) -> None:
        """A frame came."""
        if frame[0] == Kind.VOICE:
            self._parts.voice.heard(link, frame)
        elif frame[0] == Kind.PICTURE:
            self._parts.pictures.heard(link, frame)
        else:
            self._parts.shell.frame(link, lane, frame)

    def lane_free(self, link: str, lane: Lane) -> None:
        """A lane has room again: bulk may go on, and a thin link take what is about now."""
        if lane is Lane.BULK:
            self._parts.files.lane_free(link)
        elif lane is Lane.URGENT and self._only_thin():
            self._parts.nearby.report_again()

    def alarm(self, code: str, reason: str) -> None:
        """Something about the links wants a person's eye."""
        self._parts.bell.ring(events.Event(kind="fault", fields={"code": code, "sentence": reason, "link": ""}))

    def _only_thin(self) -> bool:
        return ways.only_thin(self._parts.host, self._parts.shell.core.links)
