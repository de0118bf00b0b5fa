"""What a node does about calls by itself: which sessions are open for sound, and two who lift at once.

Owns: the sessions that are open, the moment's grace for a lift whose entry is still under way, naming a side that
announces calls and places none, glare. Its bounds: announced.py.
Does not own: who may call (actions/calls.py), the sound (voice.py), rules (subjects/calls/).
Always true: sound of a session counts only while its call is open in the record, or for a moment after a lift of it was
heard of; after that the gate is closed (DESIGN 6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.errors import PeerError
from parley.line import Folded
from parley.node.announced import Announced
from parley.node.interpreting import Interpreting
from parley.node.missed import Missed
from parley.record import Entry
from parley.record.names import LogId, Ref
from parley.storage.port import StoreReads
from parley.subjects import Book, Fact
from parley.subjects.calls import CallView
from parley.subjects.calls import facts as said
from parley.subjects.channels import ChannelView
from parley.subjects.messages import PRECEDENCES
from parley.subjects.standing import PersonView
from parley.times import Instant

_NAMED_EVERY_S: Final = 60.0
_LOOKS_AFTER_S: Final = 0.02  # so that the time is over by then


class Open(NamedTuple):
    """A call whose sound may pass."""

    channel: str
    subject: str
    side: str


class Switchboard(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    def now(self) -> Instant: ...
    def owe(self, duty: Awaitable[object]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...
    @property
    def interpreting(self) -> Interpreting: ...
    @property
    def turns(self) -> Turned: ...
    def blame(self, link: str, frame: bytes, error: PeerError) -> None: ...
    def call_now(self, view: CallView) -> None: ...
    def lift_over(self, channel: str, session: str, *, unplaced: bool = False) -> None: ...
    def links_up(self) -> Sequence[str]: ...


class Turned(Protocol):
    """Who has the turn (turns.py)."""

    def may_sound(self, session: str, side: str, language: str) -> bool: ...


class Calling:
    """The calls of one node, as far as a machine acts on them."""

    def __init__(self, node: Switchboard) -> None:
        self._node = node
        self._open: dict[str, Open] = {}
        self._lifted: dict[str, tuple[str, Instant]] = {}  # at our desks: session -> channel, until
        self._announced = Announced()  # at theirs
        self._crowd_named_at = Instant(float("-inf"))
        self._missed = Missed(node)

    def start(self) -> None:
        """Take up the calls that were open when the node stopped, for they may go on or be ended, and those missed."""
        for room in self._node.book.line_view().channels:
            count = limits.CALLS_READ_AT_START
            for row in reversed(self._node.store.recent(room.id, ("call.placed",), before=None, count=count)):
                self._note(room.id, row.subject)
                self._note_missed(room.id, row.subject)

    def lifted(self, channel: str, session: str) -> None:
        """A desk of ours lifted: its first sound passes while its entry is under way."""
        now = self._node.now()
        for over in [over for over, kept in self._lifted.items() if kept[1] <= now]:
            del self._lifted[over]
        if session not in self._open and len(self._lifted) < limits.LIFTS_OURS_MAX:
            self._lifted[session] = (channel, Instant(now + limits.LIFT_GRACE_S))

    def announced(self, channel: str, session: str) -> bool:
        """A lift of theirs was heard of by signal; True if the desks ring for it now, before its entry is here."""
        self.look()
        if session in self._open or not self._announced.hear(channel, session, self._node.now()):
            return False
        if any(view.side != self._node.us for view in self.open_in(channel)):
            self._announced.crossed(channel)  # two of theirs at once: the second may find the call of the first
        asyncio.get_running_loop().call_later(limits.LIFT_GRACE_S + _LOOKS_AFTER_S, self.look)
        return True

    def look(self) -> None:
        """Time has passed: a lift of theirs that no call followed rings no longer, and they are named for it."""
        now = self._node.now()
        looked = self._announced.look(now, up=bool(self._node.links_up()))
        for lift in looked.over:
            self._node.lift_over(lift.channel, lift.session)
        for lift in looked.unplaced:
            self._node.lift_over(lift.channel, lift.session, unplaced=True)
            minutes = self._announced.closed_for_s(now) / 60
            words = (
                f"their node announced a call in {lift.channel[:48]}, and its record has none after "
                f"{limits.LIFT_GRACE_S:g} s; for {minutes:.0f} minutes their calls ring only once the entry is here"
            )
            self._node.blame("", b"", PeerError("line.voice-lift", words))

    def _met(self, view: CallView) -> None:
        """They answered a call of ours: what they lifted for there before they knew of it is that call now."""
        if view.side == self._node.us:
            for lift in self._announced.met(view.channel):
                self._node.lift_over(lift.channel, lift.session)

    def open_in(self, channel: str) -> list[CallView]:
        """Give the calls of a channel that ring or go on."""
        views = (
            self._node.book.view(one.channel, one.subject) for one in self._open.values() if one.channel == channel
        )
        return [view for view in views if isinstance(view, CallView) and view.open]

    def left_in(self, channel: str) -> list[CallView]:
        """Give the calls of a channel that were missed or left words, and that nobody here has cleared."""
        return self._missed.left_in(channel)

    def cleared(self, channel: str, subject: str) -> None:
        """Somebody has taken off our desks what waited of a call."""
        self._note_missed(channel, subject)

    def _note_missed(self, channel: str, subject: str) -> None:
        view = self._node.book.view(channel, subject)
        if isinstance(view, CallView):
            self._missed.note(view)

    def going_on(self) -> list[CallView]:
        """Give the calls that were answered and are not over."""
        views = [self._node.book.view(one.channel, one.subject) for one in self._open.values()]
        return [view for view in views if isinstance(view, CallView) and view.state == "active"]

    def is_open(self, session: str) -> bool:
        """Say whether the record has a call of this session that goes on."""
        return session in self._open

    def goes_on(self, session: str) -> bool:
        """Say whether a call of this session was answered and is not over: both sides chose to be in it."""
        found = self._open.get(session)
        view = None if found is None else self._node.book.view(found.channel, found.subject)
        return isinstance(view, CallView) and view.state == "active"

    def knows(self, channel: str, session: str) -> bool:
        """Say whether a call of this session goes on in this channel, or was lifted for a moment ago."""
        return self._may_sound(channel, session)

    def may_speak(self, side: str, channel: str, session: str, person: str) -> bool:
        """Say whether this person of that side may be heard in this channel now. No by default."""
        return self._may_sound(channel, session) and self._belongs(side, channel, person)

    def may_interpret(self, side: str, channel: str, session: str, person: str) -> bool:
        """Say whether this person may speak into a language there: their own side lists them as an interpreter."""
        listed = self._node.book.view("line", f"roster/{side}/{person}")
        known = isinstance(listed, PersonView) and listed.role == "interpreter"
        return known and self.may_speak(side, channel, session, person)

    def silences(self, side: str, channel: str, session: str, person: str, language: str) -> str:
        """Say why a voice of this person on this stream may not be heard now: call · turns · stream; "" if it may."""
        if not self.may_speak(side, channel, session, person):
            return "call"
        if not self._node.turns.may_sound(session, side, language):
            return "turns"
        if language and not self.may_interpret(side, channel, session, person):
            return "stream"
        if language and side == self._node.us:
            return "" if self._node.interpreting.may_sound(channel, session, person, language) else "stream"
        return ""

    def _may_sound(self, channel: str, session: str) -> bool:
        found = self._open.get(session)
        if found is not None:
            return found.channel == channel
        now = self._node.now()
        lifted = self._lifted.get(session)
        if lifted is not None and lifted[0] == channel and now < lifted[1]:
            return True
        return self._announced.stands(channel, session, now)

    def _belongs(self, side: str, channel: str, person: str) -> bool:
        room = self._node.book.view("line", f"channel/{channel}")
        if not isinstance(room, ChannelView) or not room.agreed:
            return False
        members = room.members.get(side, ())
        listed = self._node.book.view("line", f"roster/{side}/{person}")
        return isinstance(listed, PersonView) and listed.listed and (not members or person in members)

    def folded(self, event: Folded) -> None:
        """A fact about a call is in the record."""
        row, entry = event.row, event.entry
        if not row.kind.startswith("call.") or entry is None:
            return
        self._note_missed(row.channel, row.subject)
        view = self._note(row.channel, row.subject)
        if view is None:
            return
        if row.kind == "call.placed":  # nothing else that is said of a call stands for a lift
            self._lifted.pop(view.session, None)
            self._announced.placed(view.channel, view.session)
        if row.kind in ("call.placed", "call.ended"):
            self._announced.crossed(view.channel)
        self._node.call_now(view)
        if row.kind == "call.placed":
            self._answer_crossed(view, entry)
        elif row.kind == "call.answered":
            self._merge(view)
            self._met(view)

    def _note(self, channel: str, subject: str) -> CallView | None:
        view = self._node.book.view(channel, subject)
        if not isinstance(view, CallView):
            return None
        before = self._open.get(view.session)
        if before is not None and (before.channel, before.subject) != (channel, subject):
            return None  # under the session of one that goes on nothing rings, sounds or ends; the record shows it
        lifted = self._lifted.get(view.session)
        if view.side != self._node.us and lifted is not None and self._node.now() < lifted[1]:
            return None  # a desk of ours lifted with it, which they heard by signal: it is not theirs to place
        if view.open and before is None and self._crowded(view):
            return None  # likewise
        if view.open:
            self._open[view.session] = Open(channel, subject, view.side)
        else:
            self._open.pop(view.session, None)
        return view

    def _crowded(self, view: CallView) -> bool:
        """Say whether enough calls of theirs ring there, no less urgent, for this one to ring nobody; name them."""
        if view.side == self._node.us or view.state != "ringing":
            return False
        rings = [
            one for one in self.open_in(view.channel)
            if one.side == view.side and one.state == "ringing" and not _more_urgent(view, one)
        ]  # fmt: skip
        if len(rings) < limits.CALLS_RINGING_MAX:
            return False
        now = self._node.now()
        if now - self._crowd_named_at >= _NAMED_EVERY_S:
            self._crowd_named_at = now
            words = (
                f"{len(rings)} calls of theirs ring in {view.channel[:48]}; what they place beside them rings nobody"
            )
            self._node.blame("", b"", PeerError("line.calls", words))
        return True

    def _others(self, view: CallView) -> list[CallView]:
        """Give the open calls of the same channel that the other side of this one placed."""
        views = (
            self._node.book.view(each.channel, each.subject)
            for each in list(self._open.values())
            if each.channel == view.channel and each.side != view.side
        )
        return [one for one in views if isinstance(one, CallView) and one.open]

    def _answer_crossed(self, view: CallView, placed: Entry) -> None:
        """Both lifted at once: whoever lifted here has thereby answered there, whichever of the two came in last.

        The other side's answer to ours may have come together with their lift, so ours need not ring any more.
        """
        for other in self._others(view):
            ours, theirs = (view, other) if view.side == self._node.us else (other, view)
            breaks_in = ours.state == "active" and _knows(placed, ours.ref) and _more_urgent(theirs, ours)
            if theirs.state == "ringing" and not breaks_in:
                fact = said.answer(theirs.channel, theirs.subject)
                self._node.owe(self._node.state(fact, ours.person, theirs.precedence, theirs.status))

    def _merge(self, view: CallView) -> None:
        """Of two calls that crossed and are both answered one goes on: the earlier in the order of views."""
        for other in self._others(view):
            if view.state != "active" or other.state != "active":
                continue
            first, second = sorted((view, other), key=self._place)
            if second.side == self._node.us:
                over = said.end(second.channel, second.subject, "merged", (first.ref,))
                self._node.owe(self._node.state(over, "", second.precedence, second.status))

    def _place(self, view: CallView) -> tuple[int, str, int, int]:
        log: LogId = view.ref.log
        return self._node.store.folds(log, view.ref.number, 1)[0].place


def _knows(entry: Entry, ref: Ref) -> bool:
    """Say whether its author held the entry that is named."""
    return any(past.log == ref.log and past.size > ref.number for past in entry.past)


def _more_urgent(one: CallView, other: CallView) -> bool:
    return PRECEDENCES.index(one.precedence) < PRECEDENCES.index(other.precedence)
