"""What the people of one side may think of writing next.

Owns: the choice among all kinds of entry, with bodies that fit, about subjects that this side has heard of.
Does not own: when they write (clients.py). Some wishes break a rule on purpose or by crossing: the rules must say no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from parley.codec import JsonValue
from parley.line import Wish
from parley.record import Entry, LogId, Ref
from parley.sim.agreed_acts import ASKED, agreed_act
from parley.sim.dice import Dice
from parley.sim.signing import Hands
from parley.sim.stop_acts import StopActs
from parley.sim.talk_acts import TalkActs
from parley.sim.text_acts import TextActs
from parley.sim.topic_acts import BINDING, TopicActs
from parley.sim.watch_acts import WatchActs
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.calls import CallView, agreed_facts
from parley.subjects.calls import facts as calls
from parley.subjects.calls import recording_facts as recording
from parley.subjects.channels import facts as channels
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Fact
from parley.subjects.messages import facts as messages
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing
from parley.subjects.texts.facts import SIGNING
from parley.times import Moment

PEOPLE: Final = {"north": ("n.chief", "n.duty", "n.third"), "south": ("s.chief", "s.duty", "s.third")}
CHANNELS: Final = ("leaders", "military", "talks")
_CALLS_MAX: Final = 3  # people act on the call that rings, not on those of this morning
_KNOWN_MAX: Final = 40  # what a client remembers: recent subjects are the ones people act on


@dataclass(kw_only=True)
class Known:
    """One message that this side has heard of."""

    channel: str
    subject: str
    ours: bool
    precedence: str
    status: str
    order: bool
    ref: Ref
    words: tuple[Ref, ...]  # the entries whose words are in force
    readings: list[Ref]


@dataclass(slots=True)
class KnownCall:
    """One call that this side has heard of."""

    channel: str
    subject: str
    ours: bool
    status: str
    precedence: str
    ref: Ref
    asked: Ref | None = None  # the last asking to record it
    tone: Ref | None = None
    agreed: dict[agreed_facts.What, Ref] = field(default_factory=dict)  # the last asking of each kind


class Acts:
    """The next wish of one side."""

    def __init__(
        self,
        side: str,
        dice: Dice,
        stops: StopActs,
        watches: WatchActs,
        topics: TopicActs,
        talks: TalkActs,
        texts: TextActs,
    ) -> None:
        self._side = side
        self._dice = dice
        self._stops = stops
        self._watches = watches
        self._topics = topics
        self._talks = talks
        self._texts = texts
        self._people = PEOPLE[side]
        self._known: list[Known] = []
        self._calls: list[KnownCall] = []
        self._hands = Hands(side, dice)
        self._tests: list[tuple[str, dict[str, JsonValue]]] = []
        self._statements: dict[str, Ref] = {}

    # --- what it hears ------------------------------------------------------------------------------------------

    def hear(self, row: FoldRow, entry: Entry | None, ref: Ref) -> None:
        """Its own node told it of an entry."""
        if entry is None or row.verdict != "valid":
            return
        ours = row.log.side == self._side
        if entry.kind == "message.sent":
            self._known.append(
                Known(
                    channel=entry.channel,
                    subject=row.subject,
                    ours=ours,
                    precedence=entry.precedence,
                    status=entry.status,
                    order=entry.body["order"] is True,
                    ref=ref,
                    words=(ref,),
                    readings=[],
                )
            )
            del self._known[:-_KNOWN_MAX]
        elif entry.kind == "call.placed":
            call = KnownCall(entry.channel, row.subject, ours, entry.status, entry.precedence, ref)
            self._calls = [*self._calls[1 - _CALLS_MAX :], call]
        elif entry.kind in ("call.recording-asked", "call.tone"):
            for call in self._calls:
                if call.subject == row.subject and entry.kind == "call.tone":
                    call.tone = ref
                elif call.subject == row.subject:
                    call.asked = ref
        elif entry.kind in ASKED:
            for call in self._calls:
                if call.subject == row.subject:
                    call.agreed[ASKED[entry.kind]] = ref
        elif entry.kind.startswith("stop."):
            self._stops.hear(row, entry, ref, ours)
        elif entry.kind in ("watch.taken", "roll.asked"):
            self._watches.hear(entry)
        elif entry.kind.startswith(("notice.", "incident.", "readout.")):
            self._topics.hear(row, entry, ref, ours)
        elif entry.kind.startswith("text."):
            self._texts.hear(row, entry)
        elif entry.kind.startswith(("body.", "meeting.", "commitment.", "channel.")):
            self._talks.hear(row, entry, ref)
        elif entry.kind == "message.corrected":
            for known in self._known:
                if known.subject == row.subject:
                    known.words = (known.ref, ref)
        elif entry.kind == "message.read-back" and not ours:
            for known in self._known:
                if known.subject == row.subject:
                    known.readings.append(ref)
        elif entry.kind == "line.test" and not ours:
            self._tests.append((row.subject, entry.body))
        elif entry.kind in ("fallback.stated", "rules.proposed") and not ours:
            self._statements[entry.kind] = ref

    # --- what it wants ------------------------------------------------------------------------------------------

    def next_wish(self, token: int, clock: Moment, book: Book) -> Wish | None:
        """Give the next wish, or None if nobody has an idea."""
        dice = self._dice
        # Asked of the book, not remembered: a disk that was put back may have forgotten who was listed.
        views = (book.view("line", f"roster/{self._side}/{person}") for person in self._people)
        listed = {view.person: view for view in views if isinstance(view, PersonView) and view.listed}
        self._hands.listed = {person: view.ref for person, view in listed.items() if view.passkeys is not None}
        unlisted = [person for person in self._people if person not in listed]
        if unlisted and dice.chance(0.6):
            person = dice.choice(unlisted)
            role = dice.choice(standing.ROLES)
            by = self._hands.other(person)
            return self._hands.signed(self.wish(token, self._hands.listing(person, role), by), book.line)
        person = dice.choice(self._people)
        if self._stops.wants():
            safety, status = self._stops.next(CHANNELS)
            by = "" if safety.kind == "stop.ringing" else person
            return self.wish(token, safety, by, precedence="FLASH", status=status)
        if self._watches.wants():
            duty, by_node = self._watches.next(CHANNELS, clock)
            return self.wish(token, duty, "" if by_node else person)
        if self._topics.wants():
            fact, precedence, status = self._topics.next(CHANNELS)
            wish = self.wish(token, fact, person, precedence=precedence, status=status)
            return self._hands.signed(wish, book.line) if fact.kind in BINDING else wish
        if self._talks.wants():
            fact, status = self._talks.next(CHANNELS, book, clock)
            return self.wish(token, fact, person, status=status)
        if self._texts.wants():
            fact, status = self._texts.next(CHANNELS, book)
            wish = self.wish(token, fact, person, status=status)
            return self._hands.signed(wish, book.line) if fact.kind in SIGNING else wish
        channel = dice.choice(CHANNELS)
        view = book.view("line", f"channel/{channel}")
        if not (isinstance(view, ChannelView) and view.writable) and dice.chance(0.7):
            return self.wish(token, self._open(channel, view), person)
        if dice.chance(0.02):
            return self.wish(token, channels.suspend(channel, "we need time to think"), person)
        if dice.chance(0.07):
            about = self._stand(person, book, clock)
            if about is not None and about.kind == "roster.removed":
                by = self._hands.other(str(about.body["person"])) or person
                return self._hands.signed(self.wish(token, about, by), book.line)
            if about is None:
                return None
            wish = self.wish(token, about, person if about.kind != "line.tested" else "")
            return self._hands.signed(wish, book.line) if about.kind == "release.policy" else wish
        if dice.chance(0.1):
            return self._call(token, person, book)
        said = self._message(token, clock)
        return self._hands.signed(said, book.line) if said is not None and self._binds(said) else said

    def _binds(self, wish: Wish) -> bool:
        """Say whether a desk would ask for the passkey."""
        if wish.kind == "message.acknowledged":
            return any(known.subject == wish.subject and known.precedence == "FLASH" for known in self._known)
        return wish.kind == "message.sent" and wish.precedence == "FLASH"

    def _call(self, token: int, person: str, book: Book) -> Wish:
        """Place a call, or say something about one of the latest; often what the rules refuse."""
        dice = self._dice
        active = [call for call in self._calls if self._in_call(call, book)]
        if active and dice.chance(0.7):
            known = dice.choice(active)
            fact = self._recording(known, book)
            if dice.chance(0.5):
                fact = agreed_act(dice, known.channel, known.subject, known.agreed)
            by = "" if fact.kind == "call.recording-kept" else dice.choice(self._in_call(known, book))
            return self.wish(token, fact, by, status=known.status)
        if not self._calls or dice.chance(0.3):
            precedence = dice.choice(messages.PRECEDENCES)
            fact = calls.place(dice.choice(CHANNELS), session=dice.randbytes(16).hex(), language="en")
            return self.wish(token, fact, person, precedence=precedence)
        known = dice.choice(self._calls)
        channel, subject = known.channel, known.subject
        since = "2026-11-23T10:00:00.000Z"
        row: dict[str, JsonValue] = {"person": person, "from": since, "to": since, "frames": 50, "missing": 0}
        ours = [
            calls.end(channel, subject, dice.choice(calls.REASONS), (known.ref,)),
            calls.leave_statement(channel, subject, text=self._text(dice.randint(1, 20)), language="en"),
        ]
        theirs = [
            calls.ring(channel, subject, dice.randint(1, 3)),
            calls.answer(channel, subject),
            calls.answer(channel, subject),
            calls.decline(channel, subject, "busy"),
            calls.later(channel, subject, since),
        ]
        either = [
            calls.join(channel, subject),
            calls.leave(channel, subject),
            calls.end(channel, subject, "hung-up"),
            calls.note_heard(channel, subject, [row]),
        ]
        fact = dice.choice([*(ours if known.ours else theirs), *either])
        by_node = fact.kind in ("call.ringing", "call.heard")
        return self.wish(token, fact, "" if by_node else person, status=known.status)

    def _in_call(self, known: KnownCall, book: Book) -> list[str]:
        """Give who of our side is in a call that goes on, or was recorded in one."""
        view = book.view(known.channel, known.subject)
        if not isinstance(view, CallView) or not (view.state == "active" or view.recordings):
            return []
        return [person for side, person in view.there if side == self._side] or [self._people[0]]

    def _recording(self, known: KnownCall, book: Book) -> Fact:
        """Say something about recording this call, or about the tone."""
        dice, channel, subject, asked = self._dice, known.channel, known.subject, known.asked
        track: dict[str, JsonValue] = {
            "side": self._side, "stream": 7, "person": self._people[0], "language": "", "codec": "opus", "starts_ms": 0,
            "first": 0, "last": 9, "frames": 9, "missed": 1, "which": "4",
        }  # fmt: skip
        facts = [recording.ask(channel, subject), recording.sound_tone(channel, subject)]
        if asked is not None:
            facts += [
                recording.agree(channel, subject, asked),
                recording.agree(channel, subject, asked),
                recording.decline(channel, subject, asked, "not now"),
                recording.stop(channel, subject, asked),
                recording.keep(channel, subject, asked, root=dice.randbytes(32).hex(), tracks=[track]),
            ]
            view = book.view(channel, subject)
            if isinstance(view, CallView) and any(one.state in ("stopped", "over") for one in view.recordings):
                facts += 3 * facts[-1:]  # the nodes say so as soon as one has run
        if known.tone is not None:
            facts.append(recording.hear_tone(channel, subject, known.tone, dice.choice(recording.TONES)))
        return dice.choice(facts)

    def _open(self, channel: str, view: object) -> Fact:
        """Bring a channel nearer to being open."""
        if not isinstance(view, ChannelView):
            return channels.propose(channel, f"The {channel}' channel")
        waits = view.waits_for(self._side)
        if view.agreed:
            return channels.propose_restore(channel) if waits is None else channels.restore(channel, waits)
        ours = next((ref for side, ref in view.open_proposals if side == self._side), None)
        if ours is not None and self._dice.chance(0.1):
            return channels.withdraw(channel, ours, "not yet")
        if waits is None:
            return channels.propose(channel, f"The {channel}' channel", "once more")
        if self._dice.chance(0.9):
            return channels.agree(channel, waits)
        return channels.decline(channel, waits, "not yet")

    def _stand(self, person: str, book: Book, clock: Moment) -> Fact | None:
        """One of the rarer facts of the line channel."""
        dice, side = self._dice, self._side
        pick = dice.randrange(9)
        if pick == 0:
            return standing.remove_person(side, dice.choice(self._people))
        if pick == 1:
            cut = book.cut()
            return standing.test_line(nonce=dice.randbytes(16).hex(), digest=book.digest(cut), cut=cut)
        if pick == 2 and self._tests:
            subject, body = dice.choice(self._tests)
            return self._answer_test(subject, body, book)
        if pick == 3:
            return standing.state_fallback(side, f"Call the embassy, extension {dice.randrange(100)}.")
        if pick == 4 and "fallback.stated" in self._statements:
            other = "south" if side == "north" else "north"
            return standing.confirm_fallback(other, self._statements["fallback.stated"])
        if pick == 5:
            others = dice.sample(self._people, 2)
            laid = sorted({person, others[0]}) if others[0] != person else sorted(others)
            return standing.lay_down_release(side, persons=others, after_s=300, laid_down_by=laid)
        if pick == 6:
            return channels.set_members(dice.choice(CHANNELS), self._people)
        if pick == 7:
            return standing.propose_rules(2)  # a node that does not know them refuses
        if pick == 8 and "rules.proposed" in self._statements:
            return standing.agree_rules(2, self._statements["rules.proposed"])
        return None

    def wish(self, token: int, fact: Fact, person: str, *, precedence: str = "", status: str = "actual") -> Wish:
        """Give the wish for a fact of this side."""
        return Wish(
            token=token,
            channel=fact.channel,
            kind=fact.kind,
            subject=fact.subject,
            body=fact.body,
            person=person,
            precedence=precedence,
            status=status,
            refs=fact.refs,
        )

    def _answer_test(self, subject: str, body: Mapping[str, JsonValue], book: Book) -> Fact:
        """Answer a line test as the node's shell does: with our digest at the same cut, if we have folded that far."""
        cut = {LogId.read(name): int(str(size)) for name, size in cast("dict[str, JsonValue]", body["cut"]).items()}
        have = book.cut()
        ours = book.digest(cut) if all(have.get(log, 0) >= size for log, size in cut.items()) else ""
        return standing.answer_test(subject, str(body["nonce"]), str(body["digest"]), ours)

    def _message(self, token: int, clock: Moment) -> Wish | None:
        dice = self._dice
        person = dice.choice(self._people)
        theirs = [known for known in self._known if not known.ours]
        ours = [known for known in self._known if known.ours]
        pick = dice.random()
        if pick < 0.45 or not theirs:
            return self._send(token, person, clock)
        about = dice.choice(theirs)
        mine = dice.choice(ours or theirs)
        fact: Fact
        if pick < 0.55:
            about, fact = about, messages.show(about.channel, about.subject, f"desk-{dice.randint(1, 3)}")
        elif pick < 0.78:
            note = "Understood." if dice.chance(0.3) else ""
            fact = messages.acknowledge(about.channel, about.subject, note, about.words)
        elif pick < 0.83:
            text = self._text(dice.randint(1, 40))
            about = mine
            fact = messages.correct(mine.channel, mine.subject, text=text, language="en", reason="a wrong figure")
        elif pick < 0.87:
            about, fact = mine, messages.cancel(mine.channel, mine.subject, "overtaken by events")
        elif pick < 0.92:
            grade = dice.choice(messages.GRADES)
            fact = messages.translate(
                about.channel, about.subject, grade=grade, language="fr", text=self._text(12), by="the interpreter"
            )
        elif pick < 0.96:
            about = next((known for known in theirs if known.order), about)
            fact = messages.read_back(about.channel, about.subject, self._text(8))
        else:
            about = next((known for known in ours if known.readings), mine)
            if not about.readings:
                return self._send(token, person, clock)
            reading = dice.choice(about.readings)
            if dice.chance(0.7):
                fact = messages.confirm(about.channel, about.subject, reading)
            else:
                fact = messages.deny(about.channel, about.subject, reading, "the second figure is wrong")
        return self.wish(token, fact, person, status=about.status)

    def _send(self, token: int, person: str, clock: Moment) -> Wish:
        dice = self._dice
        precedence = dice.choices(messages.PRECEDENCES, (10, 12, 20, 58))[0]
        status = dice.choices(("actual", "exercise", "test"), (90, 7, 3))[0]
        second = dice.choice([other for other in self._people if other != person] if dice.chance(0.95) else [person])
        theirs = [known for known in self._known if not known.ours]
        answers = dice.choice(theirs).subject if theirs and dice.chance(0.15) else ""
        words = dice.randint(201, 260) if dice.chance(0.01) else dice.randint(1, 60)
        fact = messages.send(
            dice.choice(CHANNELS),
            text=self._text(words),
            language="en",
            due=messages.due_for(precedence, clock),
            drafted_by=second,
            released_by=(person,),
            order=dice.chance(0.1),
            answers=answers,
        )
        return self.wish(token, fact, person, precedence=precedence, status=status)

    def _text(self, words: int) -> str:
        return " ".join(f"word{self._dice.randrange(1000)}" for _ in range(words))
