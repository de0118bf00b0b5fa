"""What a person does at a desk now: sit down, be on watch of channels, lift and speak, leave.

Owns: rights; that sound goes at once while the entry is written beside.
Does not own: the socket (desk/pages/direct.py), which desks are open (node/desks.py), what is recorded (calls.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from dataclasses import dataclass

from parley.actions import calls
from parley.actions.ports import DeskPort, NodePort, SinkPort
from parley.actions.who import Who, may_read, need, need_in
from parley.errors import ParleyError, Refused, Unavailable
from parley.subjects.calls import CallView


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A desk may speak: in which call, as which stream. Await `recorded`: it raises what the record refused."""

    session: str
    stream: int
    recorded: Awaitable[None]


def sit_down(node: NodePort, who: Who, sink: SinkPort) -> DeskPort:
    """Open a desk for this person; whoever opened it closes it with `get_up`. Raises Refused `desks.full`."""
    need(who, "state")
    desk = node.desks.open(who.person, sink)
    node.escalating.poke()
    return desk


def get_up(node: NodePort, desk: DeskPort) -> None:
    """Close a desk: it is on watch of nothing and speaks no more."""
    node.voice.left(desk)
    node.texting.left(desk)
    node.interpreting.leave(desk)
    node.desks.close(desk)


def beat(node: NodePort, desk: DeskPort) -> None:
    """Note that the page is alive."""
    node.desks.beat(desk)


def watch(node: NodePort, who: Who, desk: DeskPort, channels: Collection[str]) -> None:
    """Put a desk on watch of these channels.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`; then it watches what it did before.
    """
    for channel in channels:
        need_in(node, who, "read", channel)
    node.desks.watch(desk, channels)
    node.lifting.tell_open(desk)
    node.stopping.tell_open(desk)
    node.escalating.poke()  # a desk that comes on watch joins what rings


def stay(node: NodePort, who: Who, desk: DeskPort) -> bool:
    """Take a desk off watch of what its person may read no more; True if it was on watch of that, or showed it."""
    left = [channel for channel in desk.watches if may_read(node, who, channel)]
    follows = desk.follows if not desk.follows or may_read(node, who, desk.follows) else ""
    if len(left) == len(desk.watches) and follows == desk.follows:
        return False
    node.desks.watch(desk, left)
    node.desks.follow(desk, follows)
    return True


def lift(
    node: NodePort, who: Who, desk: DeskPort, channel: str, *, session: str, precedence: str, language: str = "",
    status: str = "",
) -> Lifted:  # fmt: skip
    """Let this desk be heard in a channel now: in the call that rings or goes on there, or in a new one of `session`.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`, `calls.precedence`, `calls.full`, `voice.turn`.
        Unavailable `line.signing`: no call can be placed now.
    """
    room = need_in(node, who, "call", channel)
    if precedence not in calls.URGENCY:
        raise Refused("calls.precedence", f"expected {', '.join(calls.URGENCY)}, got {precedence[:20]!r}")
    current = _speaks_into(node, who, channel, precedence)
    if not current and room.state != "agreed":
        raise Refused("voice.turn", f"the channel {room.id} is {room.state}; nobody can be called in it now")
    if not current and (standing := node.status()).signing != "ok":
        raise Unavailable("line.signing", standing.signing_reason)  # announced, it would never be in the record
    if current:
        calls.need_room(node, who, current[0])
    session = current[0].session if current else session
    stream = node.lifting.lift(desk, channel, session, precedence, language)

    async def record() -> None:
        try:
            if not current:
                sent = await calls.lift(node, who, channel, precedence=precedence, session=session, status=status)
                node.lifting.met(desk, channel, session, sent.subject)
            elif current[0].state == "ringing" and current[0].side != node.identity.ours.side:
                await calls.answer(node, who, channel, current[0].subject)
            elif current[0].state == "active" and (node.identity.ours.side, who.person) not in current[0].there:
                await calls.join(node, who, channel, current[0].subject)
        except ParleyError as refused:
            if refused.code == "calls.open" and await _goes_on(node, who, desk, channel, session):
                return  # another desk of ours was as quick
            if not current:  # nothing was placed, so nothing may be heard
                node.voice.left(desk)
            raise

    return Lifted(session=session, stream=stream, recorded=record())


def _speaks_into(node: NodePort, who: Who, channel: str, precedence: str) -> list[CallView]:
    """Give the open calls that a lift goes into, the most urgent first; with none it places one, which may break in.

    What rings for us is answered, however urgent the lift. Nobody breaks in on a call that they are in themselves by
    pressing to talk, whatever their handset stood at: for that it has to be FLASH.
    """
    us = node.identity.ours.side

    def goes(view: CallView) -> bool:
        if calls.URGENCY[view.precedence] <= calls.URGENCY[precedence] or (view.state == "ringing" and view.side != us):
            return True
        theirs = (us, who.person) in view.there or (view.side, view.person) == (us, who.person)
        return theirs and precedence != "FLASH"

    found = [view for view in node.calling.open_in(channel) if goes(view)]
    return sorted(found, key=lambda view: calls.URGENCY[view.precedence])


async def _goes_on(node: NodePort, who: Who, desk: DeskPort, channel: str, session: str) -> bool:
    """Let a desk whose lift found a call of ours be heard in that one; says whether it is."""
    found = next(iter(node.calling.open_in(channel)), None)
    if found is None:
        return False
    node.lifting.met(desk, channel, session, found.subject)
    if found.state == "active" and (node.identity.ours.side, who.person) not in found.there:
        await calls.join(node, who, channel, found.subject)
    return True


def speak(node: NodePort, desk: DeskPort, data: bytes) -> None:
    """Pass on 20 ms of sound of a desk that lifted; each frame is judged anew. Raises PeerError `line.voice`."""
    node.voice.speak(desk, data)


async def rings(node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, subject: str) -> None:
    """Note that this page really rings: the caller is told at once, and once it has a subject, the record."""
    need_in(node, who, "call", channel)
    node.lifting.rings(channel, session)
    if subject:
        node.escalating.desk_rings(desk, (f"call|{channel}|{subject}",))
        await calls.rings(node, who, channel, subject)


async def ringing(node: NodePort, who: Who, desk: DeskPort, keys: Collection[str]) -> None:
    """Note that this page really rings for what it was told of; of a call the other side and the record are told."""
    need(who, "state")
    for waits in node.escalating.desk_rings(desk, keys):
        if waits.session:
            await rings(node, who, desk, waits.channel, waits.session, waits.subject)


def plays(node: NodePort, who: Who, channel: str, session: str, stream: int) -> None:
    """Note that this page's loudspeaker really played a voice of theirs."""
    need_in(node, who, "read", channel)
    node.lifting.plays(channel, session, stream)


def plain(node: NodePort, who: Who, channel: str, session: str) -> None:
    """Note that this page has no decoder: the talkers of this call are asked to send their sound as it is."""
    need_in(node, who, "read", channel)
    node.lifting.plain(channel, session)
