"""What the people of one side may think of writing next.

Owns: the choice among all kinds of entry, with bodies that fit, about subjects that this side has heard of.
Does not own: when they write (clients.py). Some wishes break a rule on purpose or by crossing: the rules must say no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from parley.codec import JsonValue
from parley.errors import Unavailable
from parley.line import Wish
from parley.record import Entry, LogId, Ref
from parley.sim.call_acts import CallActs
from parley.sim.choosing import Chooser, Thought
from parley.sim.dice import Dice
from parley.sim.rule_acts import RuleActs
from parley.sim.signing import Hands
from parley.sim.stop_acts import StopActs
from parley.sim.talk_acts import TalkActs
from parley.sim.text_acts import TextActs
from parley.sim.topic_acts import BINDING, TopicActs
from parley.sim.watch_acts import WatchActs
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.channels import facts as channels
from parley.subjects.channels.view import ChannelView
from parley.subjects.kinds import Fact
from parley.subjects.messages import facts as messages
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing
from parley.subjects.table import KINDS
from parley.subjects.texts.facts import SIGNING
from parley.times import Moment

PEOPLE: Final = {"north": ("n.chief", "n.duty", "n.third"), "south": ("s.chief", "s.duty", "s.third")}
CHANNELS: Final = ("leaders", "military", "talks")
_SIGNED: Final = frozenset((*BINDING, *SIGNING))  # asked for the passkey, as a desk does
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


class Acts:
    """The next wish of one side."""

    def __init__(self, seed: int, side: str, dice: Dice) -> None:
        self._side = side
        self._dice = dice
        self._people = PEOPLE[side]
        self._stops = StopActs(Dice(seed, "stops", side))
        self._watches = WatchActs(side, Dice(seed, "watches", side))
        self._topics = TopicActs(side, Dice(seed, "topics", side))
        self._talks = TalkActs(side, Dice(seed, "talks", side))
        self._texts = TextActs(side, Dice(seed, "texts", side))
        self._calls = CallActs(side, Dice(seed, "calls", side), self._people)
        self._rules = RuleActs(side, Dice(seed, "rule books", side))
        self._chooser = Chooser(Dice(seed, "choices", side))
        self._known: list[Known] = []
        self._hands = Hands(side, dice)
        self._tests: list[tuple[str, dict[str, JsonValue]]] = []
        self._statements: dict[str, Ref] = {}

    # --- what it hears ------------------------------------------------------------------------------------------

    def hear(self, row: FoldRow, entry: Entry | None, ref: Ref) -> None:
        """Its own node told it of an entry."""
        if entry is None or row.verdict != "valid":
            return
        self._chooser.hear(entry.kind)
        ours = row.log.side == self._side
        if entry.kind == "message.sent":
            self._talks.hear_message(entry.channel, ref)
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
        elif entry.kind.startswith("call."):
            self._calls.hear(row, entry, ref)
        elif entry.kind.startswith("rulebook."):
            self._rules.hear(row, entry, ref)
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

    def next_wishes(self, clock: Moment, book: Book) -> Iterator[Wish]:
        """Give what somebody wishes next: one of these will do, in this order; nothing if nobody has an idea."""
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
            yield self._hands.signed(self.wish(self._hands.listing(person, role), by), book.line)
            return
        person = dice.choice(self._people)
        if self._stops.wants():
            safety, status = self._stops.next(CHANNELS)
            by = "" if safety.kind == "stop.ringing" else person
            yield self.wish(safety, by, precedence="FLASH", status=status)
        elif self._watches.wants():
            duty, by_node = self._watches.next(CHANNELS, clock)
            yield self.wish(duty, "" if by_node else person)
        elif (thought := self._longer(person, clock, book)) is not None:
            yield from self._said(*thought, book)
        else:
            yield from self._at_the_desk(person, clock, book)

    def _longer(self, person: str, clock: Moment, book: Book) -> tuple[Thought, str] | None:
        """Think of one of the subjects about which there is more to say than one thing."""
        if self._topics.wants():
            return self._topics.next(CHANNELS, book), person
        if self._talks.wants():
            return self._talks.next(CHANNELS, book, clock), person
        if self._texts.wants():
            return self._texts.next(CHANNELS, book), person
        if self._rules.wants():
            return self._rules.next(), person
        return self._calls.next(CHANNELS, person, book) if self._calls.wants(book) else None

    def _said(self, thought: Thought, person: str, book: Book) -> Iterator[Wish]:
        for fact in self._chooser.order(thought.facts):
            by = "" if KINDS[fact.kind].by == "node" else person
            wish = self.wish(fact, by, precedence=thought.precedence, status=thought.status)
            yield self._hands.signed(wish, book.line) if fact.kind in _SIGNED else wish

    def _at_the_desk(self, person: str, clock: Moment, book: Book) -> Iterator[Wish]:
        """Give what is said of channels, of the line, and above all in messages."""
        dice = self._dice
        channel = dice.choice(CHANNELS)
        view = book.view("line", f"channel/{channel}")
        if not (isinstance(view, ChannelView) and view.writable) and dice.chance(0.7):
            yield self.wish(self._open(channel, view), person)
        elif dice.chance(0.02):
            yield self.wish(channels.suspend(channel, "we need time to think"), person)
        elif dice.chance(0.07):
            about = self._stand(person, book, clock)
            if about is not None and about.kind == "roster.removed":
                by = self._hands.other(str(about.body["person"])) or person
                yield self._hands.signed(self.wish(about, by), book.line)
            elif about is not None:
                wish = self.wish(about, person if about.kind != "line.tested" else "")
                yield self._hands.signed(wish, book.line) if about.kind == "release.policy" else wish
        else:
            said = self._message(clock)
            if said is not None:
                yield self._hands.signed(said, book.line) if self._binds(said) else said

    def signed_listing(self, wish: Wish, book: Book) -> Wish:
        """Give a listing by the office as another who binds would sign it."""
        views = (book.view("line", f"roster/{self._side}/{person}") for person in self._people)
        listed = [view for view in views if isinstance(view, PersonView) and view.listed]
        self._hands.listed = {view.person: view.ref for view in listed if view.passkeys is not None}
        by = self._hands.other(str(wish.body["person"]))
        return self._hands.signed(wish._replace(person=by or wish.person), book.line)

    def _binds(self, wish: Wish) -> bool:
        """Say whether a desk would ask for the passkey."""
        if wish.kind == "message.acknowledged":
            return any(known.subject == wish.subject and known.precedence == "FLASH" for known in self._known)
        return wish.kind == "message.sent" and wish.precedence == "FLASH"

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

    def wish(self, fact: Fact, person: str, *, precedence: str = "", status: str = "actual") -> Wish:
        """Give the wish for a fact of this side."""
        return Wish(
            token=0,  # given when it is asked for (clients.py)
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
        """Answer a line test as the node's shell does: with our digest at the same cut, if we can have one there."""
        cut = {LogId.read(name): int(str(size)) for name, size in cast("dict[str, JsonValue]", body["cut"]).items()}
        try:
            ours = book.digest(cut)
        except Unavailable:
            ours = ""
        return standing.answer_test(subject, str(body["nonce"]), str(body["digest"]), ours)

    def _message(self, clock: Moment) -> Wish | None:
        dice = self._dice
        person = dice.choice(self._people)
        theirs = [known for known in self._known if not known.ours]
        ours = [known for known in self._known if known.ours]
        pick = dice.random()
        if pick < 0.45 or not theirs:
            return self._send(person, clock)
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
                return self._send(person, clock)
            reading = dice.choice(about.readings)
            if dice.chance(0.7):
                fact = messages.confirm(about.channel, about.subject, reading)
            else:
                fact = messages.deny(about.channel, about.subject, reading, "the second figure is wrong")
        return self.wish(fact, person, status=about.status)

    def _send(self, person: str, clock: Moment) -> Wish:
        dice = self._dice
        precedence = dice.choices(messages.PRECEDENCES, (10, 12, 20, 58))[0]
        status = dice.choices(("actual", "exercise", "test"), (90, 7, 3))[0]
        one = dice.chance(0.2 if precedence == "FLASH" else 0.05)
        second = person if one else dice.choice([other for other in self._people if other != person])
        alone = one and precedence == "FLASH" and dice.chance(0.8)
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
            released_alone=alone,
            answers=answers,
        )
        return self.wish(fact, person, precedence=precedence, status=status)

    def _text(self, words: int) -> str:
        return " ".join(f"word{self._dice.randrange(1000)}" for _ in range(words))
