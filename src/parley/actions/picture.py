"""Picture in a call, as a person has it: look, show a camera, a document or a screen, end it.

Owns: rights. Does not own: sending (node/picture.py), the socket (desk/pages/picture.py).
Always true: nobody is shown anything by another's wish; who shows chose to, and only their own page sends.
"""

from __future__ import annotations

from parley.actions.ports import DeskPort, NodePort, SinkPort
from parley.actions.who import Who, may_read, need_in
from parley.errors import Refused


def look(node: NodePort, who: Who, channel: str, sink: SinkPort) -> DeskPort:
    """Open a page that sees what is shown in a channel's calls; whoever opened it closes it with `left`.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`, `desks.full`, `picture.full`.
    """
    need_in(node, who, "read", channel)
    desk = node.desks.open(who.person, sink)
    try:
        node.pictures.look(desk, channel, sink)
    except Refused:
        node.desks.close(desk)
        raise
    return desk


def may_look(node: NodePort, who: Who, channel: str) -> bool:
    """Say whether this person may still see what is shown in a channel."""
    return may_read(node, who, channel)


def left(node: NodePort, desk: DeskPort) -> None:
    """Close such a page: it sees and shows nothing more."""
    node.pictures.left(desk)
    node.desks.close(desk)


def show(node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, sink: SinkPort) -> int:
    """Let this page show something in a call; gives the stream its picture is told by.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`, `voice.turn`, `picture.full`.
    """
    need_in(node, who, "call", channel)
    return node.pictures.show(desk, channel, session, sink)


def hide(node: NodePort, desk: DeskPort) -> None:
    """End it."""
    node.pictures.hide(desk)


def frame(node: NodePort, desk: DeskPort, data: bytes) -> None:
    """Pass on a frame of a page that shows; each is judged anew. Raises PeerError `line.picture`."""
    node.pictures.frame(desk, data)


def wants_whole(node: NodePort, who: Who, desk: DeskPort, channel: str, stream: int) -> None:
    """Ask for a whole frame of a stream that this page cannot decode."""
    need_in(node, who, "read", channel)
    node.pictures.wants_whole(desk, stream)
