"""The part of the desk's port that is about pictures in a call, answered by the actions on a real node."""

from __future__ import annotations

from typing import Protocol

from parley.actions import picture
from parley.actions.ports import DeskPort, SinkPort
from parley.desk import shown
from parley.desk.reading import Reading, asker


class PicturePort(Protocol):
    """What the desk asks about pictures."""

    def look(self, who: shown.Person, channel: str, sink: SinkPort) -> DeskPort: ...
    def may_look(self, who: shown.Person, channel: str) -> bool: ...
    def left(self, desk: DeskPort) -> None: ...
    def show(self, who: shown.Person, desk: DeskPort, channel: str, session: str, sink: SinkPort) -> int: ...
    def hide(self, desk: DeskPort) -> None: ...
    def show_frame(self, desk: DeskPort, data: bytes) -> None: ...
    def wants_whole(self, who: shown.Person, desk: DeskPort, channel: str, stream: int) -> None: ...


class Picturing(Reading):
    """Pictures as the desk shows and sees them."""

    def look(self, who: shown.Person, channel: str, sink: SinkPort) -> DeskPort:
        """Open a page that sees what is shown in a channel's calls."""
        return picture.look(self._node, asker(who), channel, sink)

    def may_look(self, who: shown.Person, channel: str) -> bool:
        """Say whether it may still see that."""
        return picture.may_look(self._node, asker(who), channel)

    def left(self, desk: DeskPort) -> None:
        """Close it."""
        picture.left(self._node, desk)

    def show(self, who: shown.Person, desk: DeskPort, channel: str, session: str, sink: SinkPort) -> int:
        """Let it show something."""
        return picture.show(self._node, asker(who), desk, channel, session, sink)

    def hide(self, desk: DeskPort) -> None:
        """Let it show nothing more."""
        picture.hide(self._node, desk)

    def show_frame(self, desk: DeskPort, data: bytes) -> None:
        """Pass on a frame."""
        picture.frame(self._node, desk, data)

    def wants_whole(self, who: shown.Person, desk: DeskPort, channel: str, stream: int) -> None:
        """Ask for a whole frame."""
        picture.wants_whole(self._node, asker(who), desk, channel, stream)
