"""What the people of one side may think of saying about bodies, meetings and commitments; often what rules refuse.

Owns: the choice among `body.*`, `meeting.*` and `commitment.*`, about one of the latest as this side's book shows it.
Does not own: when they speak (acts.py), which of several they say (choosing.py).
"""

from __future__ import annotations

from typing import Final

from parley.record import Entry, Ref
from parley.sim.choosing import Thought
from parley.sim.dice import Dice
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.commitments import facts as commitments
from parley.subjects.kinds import Fact
from parley.subjects.talks import BodyView, MeetingView, bodies, glossary
from parley.subjects.talks import facts as meetings
from parley.times import Moment, moment_text

ROOMS: Final = ("body", "meeting", "commitment")
_OPENS: Final = ("body.proposed", "meeting.requested", "commitment.proposed", "commitment.promised")
_KNOWN_MAX: Final = 2
_CHANCE: Final = 0.1
_TIMES: Final = ("2026-12-01T10:00:00.000Z", "2026-12-02T10:00:00.000Z")
_LATER: Final = "2026-12-03T10:00:00.000Z"
_HOUR_MS: Final = 3_600_000


class TalkActs:
    """The next wish about one of these subjects."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side, self._dice = side, dice
        self._known: dict[str, list[tuple[str, str, str]]] = {room: [] for room in ROOMS}  # channel, subject, status
        self._last: Ref | None = None
        self._openings: dict[str, Ref] = {}  # channel -> the entry that proposed or agreed it last
        self._messages: dict[str, Ref] = {}  # channel -> the latest message

    def hear(self, row: FoldRow, entry: Entry, ref: Ref) -> None:
        """Its own node told it of an entry of one of these rooms."""
        self._last = ref
        if entry.kind in ("channel.proposed", "channel.agreed"):
            self._openings[row.subject.removeprefix("channel/")] = ref
        if entry.kind in _OPENS:
            room = entry.kind.partition(".")[0]
            self._known[room] = [*self._known[room][1 - _KNOWN_MAX :], (row.channel, row.subject, entry.status)]

    def hear_message(self, channel: str, ref: Ref) -> None:
        """A message stands in a channel: a file of it may become a document of a meeting."""
        self._messages[channel] = ref

    def wants(self) -> bool:
        """Say whether somebody thinks of one of these now."""
        return self._dice.chance(_CHANCE)

    def next(self, channels: tuple[str, ...], book: Book, clock: Moment) -> Thought:
        """Give what could be said next."""
        dice = self._dice
        room = dice.choice(ROOMS)
        if not self._known[room] or dice.chance(0.08):
            status = dice.choices(("actual", "exercise"), (85, 15))[0]
            return Thought((self._first(room, dice.choice(channels), clock),), status)
        channel, subject, status = dice.choice(self._known[room])
        if room == "body":
            return Thought(self._body(subject, book.view("line", subject)), status)
        if room == "meeting":
            return Thought(self._meeting(channel, subject, book.view(channel, subject), clock), status)
        return Thought(self._commitment(channel, subject), status)

    def _first(self, room: str, channel: str, clock: Moment) -> Fact:
        dice = self._dice
        if room == "meeting":
            return meetings.request(
                channel, purpose="The crew", level=dice.choice(bodies.LEVELS), form="video", place="", times=_TIMES,
                minutes=60, consecutive=dice.chance(0.5), languages=("en", "zh"), body="",
                answer_by=moment_text(Moment(clock + _HOUR_MS)),
            )  # fmt: skip
        if room == "body" and channel in self._openings:
            return bodies.propose(
                channel, title="Working group", mandate="To meet.", level="experts", languages=("en", "zh"),
                rhythm="monthly", opening=self._openings[channel],
            )  # fmt: skip
        alone = dice.chance(0.4)
        return commitments.make(
            channel, unilateral=alone, who=(self._side,) if alone else ("north", "south"), what="To tell of exercises.",
            due=dice.choice(("", _LATER)), seen="Notices are given.", source="free", place="", words="", entry=None,
        )  # fmt: skip

    def _body(self, subject: str, view: object) -> list[Fact]:
        terms = view.terms[-2:] if isinstance(view, BodyView) else ()
        if self._dice.chance(0.3):
            words = {"en": f"pause {self._dice.randrange(100)}", "zh": "暂停"}
            about = [each(subject, term.ref) for term in terms for each in (glossary.agree, glossary.withdraw)]
            return [glossary.put(subject, words), *about]
        person = {"person": "", "name": "A. Adviser", "office": "Legal adviser"}
        return [
            bodies.agree(subject), bodies.agree(subject), bodies.decline(subject, "not yet"),
            *[bodies.withdraw(subject, "not yet")] * self._dice.chance(0.5),
            bodies.delegation(subject, "A. Adviser", [dict(person)]), bodies.suspend(subject, "after the strike"),
            bodies.resume(subject, "as agreed"), *[bodies.end(subject, "its work is done")] * self._dice.chance(0.3),
        ]  # fmt: skip

    def _meeting(self, channel: str, subject: str, view: object, clock: Moment) -> list[Fact]:
        dice, this = self._dice, (channel, subject)
        if not isinstance(view, MeetingView):  # its own node has not folded it yet
            return [meetings.about(*this, "begun")]
        by = moment_text(Moment(clock + _HOUR_MS))
        waits = view.waits_for(self._side)
        if waits is not None and dice.chance(0.5):
            return [
                meetings.accept(*this, waits.ref, dice.choice(waits.times)),
                meetings.accept(*this, waits.ref, waits.times[0]), meetings.decline(*this, waits.ref, "a holiday"),
                meetings.offer(*this, waits.ref, times=(_LATER,), reason="", by=by),
            ]  # fmt: skip
        if view.time and not view.begun and dice.chance(0.4):
            return [meetings.about(*this, "begun")]
        recorded = self._recorded(this, view)
        if view.begun and dice.chance(0.4):
            return recorded
        return [*self._agenda(this, view), *self._day(this, view, by), *recorded]

    def _agenda(self, this: tuple[str, str], view: MeetingView) -> list[Fact]:
        facts = [meetings.put_item(*this, title="The crew", note="", minutes=20, raised=self._dice.chance(0.2))]
        for item in self._dice.sample(view.items, min(1, len(view.items))):
            facts += [
                meetings.about(*this, kind, {}, item.ref)
                for kind in ("item-agreed", "item-withdrawn", "item-begun", "item-ended")
            ]
            if this[0] in self._messages:
                root = self._dice.randbytes(32).hex()
                facts.append(
                    meetings.add_document(*this, item.ref, self._messages[this[0]], name="list.pdf", root=root)
                )
        return facts

    def _day(self, this: tuple[str, str], view: MeetingView, by: str) -> list[Fact]:
        return [
            *[meetings.about(*this, "begun")] * (3 if view.time else 1),
            meetings.about(*this, "ended"),
            meetings.about(*this, "floor", {"side": self._dice.choice(("", "north", "south"))}),
            meetings.about(*this, "attendance", {"people": [{"person": "", "name": "A. Adviser", "office": ""}]}),
            *[meetings.about(*this, "cancelled", {"reason": "fog"})] * self._dice.chance(0.3),
            meetings.offer(*this, None, times=(_LATER,), reason="fog", by=by),
        ]

    def _recorded(self, this: tuple[str, str], view: MeetingView) -> list[Fact]:
        """What the recorders write down, and agree to of each other."""
        noted = {"what": "decision", "text": "The crew goes home.", "who": "", "due": ""}
        facts = [
            meetings.about(*this, "noted", dict(noted)),
            meetings.about(*this, "minutes", {"subject": "", "text": "We met."}),
        ]
        for kind, rows in (("note-agreed", view.notes), ("minutes-agreed", view.minutes)):
            theirs = [one for one in rows if one.side != self._side and not one.agreed]
            facts += [meetings.about(*this, kind, {}, one.ref) for one in theirs[-1:] or rows[-1:]]
        return facts

    def _commitment(self, channel: str, subject: str) -> list[Fact]:
        dice, this = self._dice, (channel, subject)
        entries = (self._last,) if self._last is not None and dice.chance(0.3) else ()
        return [
            commitments.about(*this, "agreed"), commitments.about(*this, "declined", {"reason": "too soon"}),
            commitments.about(*this, "withdrawn", {"reason": "overtaken"}),
            *[commitments.see(
                *this, state=dice.choice(commitments.VIEWS), as_of=_LATER, note="", evidence=[("A letter", "")],
                entries=entries,
            )] * 2,
        ]  # fmt: skip
