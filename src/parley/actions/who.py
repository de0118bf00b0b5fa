"""Who asks: the person behind a session, a token or a terminal, and whether they may.

Owns: `Who`, and the one place where an action asks for a right.
Does not own: the table of roles and rights, proof of a session (people/).
Always true:
  1. Every action calls `need` or `need_in` before it reads or changes anything; a page or a route never decides.
  2. A token's scopes only ever take rights away from what its person may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.actions.ports import NodePort
from parley.errors import Refused
from parley.people import EVERY_CHANNEL, rights_of
from parley.people import need as need_right
from parley.subjects.channels import ChannelView
from parley.subjects.standing import PersonView


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """A person of our side, as proven just now."""

    person: str  # person id
    roles: tuple[str, ...]
    via: str  # "session" | "token" | "terminal"
    desk: str = ""  # the desk's name, for "shown at"
    scopes: tuple[str, ...] | None = None  # None: all that the roles give
    key: str = field(default="", repr=False)  # name of the session or token, to end it

    @property
    def rights(self) -> frozenset[str]:
        """Everything this person may do, this way."""
        return rights_of(self.roles, self.scopes)


def need(who: Who, right: str) -> None:
    """Raise Refused `people.right` or `people.scope` unless the person has the right."""
    need_right(who.roles, right, who.scopes)


def need_in(node: NodePort, who: Who, right: str, channel: str) -> ChannelView:
    """Give a channel, if the person has the right and belongs to it.

    Raises: Refused `people.right`, `people.scope`, `people.member`, `channels.unknown`.
    """
    need(who, right)
    view = channel_view(node, channel)
    if not _belongs(node, who, view):
        raise Refused("people.member", f"you do not belong to the channel {view.id}", channel=view.id)
    return view


def channel_view(node: NodePort, channel: str) -> ChannelView:
    """Give the view of a channel; raises Refused `channels.unknown`."""
    view = node.book.view("line", f"channel/{channel}")
    if not isinstance(view, ChannelView):
        raise Refused("channels.unknown", f'there is no channel "{channel[:48]}"')
    return view


def may_read(node: NodePort, who: Who, channel: str) -> bool:
    """Say whether the person may read what is said in a channel."""
    if "read" not in who.rights:
        return False
    view = node.book.view("line", f"channel/{channel}")
    return isinstance(view, ChannelView) and _belongs(node, who, view)


def readable(node: NodePort, who: Who) -> list[str]:
    """Give the line channel, which everybody reads, and those channels that this person may read."""
    return ["line", *(room.id for room in node.book.line_view().channels if may_read(node, who, room.id))]


def _belongs(node: NodePort, who: Who, view: ChannelView) -> bool:
    members = view.members.get(node.identity.ours.side, ())
    return not members or who.person in members or not EVERY_CHANNEL.isdisjoint(who.roles)


def published(node: NodePort, person: str) -> str:
    """Give one of our people where the roster lists them, else "": what they do is the node's own word then."""
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{person}")
    return person if isinstance(view, PersonView) and view.listed else ""
