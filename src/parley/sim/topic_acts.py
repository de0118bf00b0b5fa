"""What the people of one side may think of saying about notices, incidents and readouts.

Owns: the choice among their kinds, about the latest of each that this side has heard of; often what the rules refuse.
Does not own: when they speak (acts.py), which of several they say (choosing.py), passkeys (signing.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from parley.codec import JsonValue
from parley.record import Entry, Ref
from parley.sim.choosing import Thought
from parley.sim.dice import Dice
from parley.statements.parts import Statement
from parley.storage import FoldRow
from parley.subjects import Book
from parley.subjects.incidents import IncidentView, saying
from parley.subjects.incidents import facts as incidents
from parley.subjects.incidents.report import Report, Told
from parley.subjects.kinds import Fact
from parley.subjects.notices import facts as notices
from parley.subjects.places import circle, position
from parley.subjects.readouts import facts as readouts
from parley.subjects.readouts.sealing import digest_of

ROOMS: Final = ("notice", "incident", "readout")
BINDING: Final = frozenset(("incident.signed", "readout.sealed"))
_KNOWN_MAX: Final = 2  # of each room: people act on the latest
_CHANCE: Final = 0.12
_BEFORE, _AFTER, _LATER = (f"2026-11-{day}T10:00:00.000Z" for day in (20, 24, 25))
_SALT: Final = "5a" * 32
_WORDS: Final = "We spoke of the strait."
_STATEMENT: Final = Statement(
    start=0, end=len(_WORDS), words_start=3, words_end=len(_WORDS), who="We", whom="", verb="spoke", through="",
    manner="indirect", topic="strait",
)  # fmt: skip


@dataclass(kw_only=True)
class Known:
    """One subject that this side has heard of."""

    channel: str
    subject: str
    ours: bool
    status: str
    line: str
    said: dict[tuple[str, bool], tuple[Ref, Entry]] = field(default_factory=dict)  # kind, ours -> the latest

    def ref(self, kind: str, ours: bool) -> Ref | None:
        """Give the latest entry of a kind by one side."""
        found = self.said.get((kind, ours))
        return None if found is None else found[0]

    def roots(self, ours: bool) -> list[str]:
        """Give the latest file that one side put forward, if it put any."""
        found = self.said.get(("incident.evidence", ours))
        return (
            []
            if found is None
            else [str(one["root"]) for one in cast("list[dict[str, str]]", found[1].body["attachments"])]
        )


class TopicActs:
    """The next wish about one of these subjects."""

    def __init__(self, side: str, dice: Dice) -> None:
        self._side, self._dice = side, dice
        self._known: dict[str, list[Known]] = {room: [] for room in ROOMS}
        self._says: dict[str, Callable[[Known], list[Fact]]] = {
            "notice": self._notice, "incident": self._incident, "readout": self._readout,
        }  # fmt: skip

    def hear(self, row: FoldRow, entry: Entry, ref: Ref, ours: bool) -> None:
        """Its own node told it of an entry."""
        room = entry.kind.partition(".")[0]
        if room not in self._known:
            return
        known = next(
            (one for one in self._known[room] if (one.channel, one.subject) == (row.channel, row.subject)), None
        )
        if known is None and entry.kind in ("notice.given", "incident.reported", "readout.asked"):
            known = Known(
                channel=row.channel, subject=row.subject, ours=ours, status=entry.status, line=entry.line,
            )  # fmt: skip
            self._known[room] = [*self._known[room][1 - _KNOWN_MAX :], known]
        if known is not None:
            known.said[entry.kind, ours] = ref, entry

    def wants(self) -> bool:
        """Say whether somebody thinks of one of these now."""
        return self._dice.chance(_CHANCE)

    def next(self, channels: tuple[str, ...], book: Book) -> Thought:
        """Give what could be said next."""
        dice = self._dice
        room = dice.choice(ROOMS)
        if not self._known[room] or dice.chance(0.07):
            status = dice.choices(("actual", "exercise"), (85, 15))[0]
            fact = self._first(room, dice.choice(channels))
            return Thought((fact,), status, incidents.PRECEDENCE if room == "incident" else "")
        known = dice.choice(self._known[room])
        facts = self._says[room](known)
        view = book.view(known.channel, known.subject)
        if isinstance(view, IncidentView) and dice.chance(0.4):
            facts = self._towards_agreement((known.channel, known.subject), view) or facts
        return Thought(facts, known.status)

    def _first(self, room: str, channel: str) -> Fact:
        if room == "notice":
            return notices.give(channel, self._words())
        if room == "incident":
            return saying.report(channel, self._report())
        open_at = _LATER if self._dice.chance(0.5) else ""
        return readouts.ask(channel, title="The meeting at the lake", date="2026-11-22", open_at=open_at)

    def _words(self) -> notices.Notice:
        number = f"{self._dice.randrange(40)}/2026"
        area = circle(position(54.5, 18.25), 1_000 * self._dice.randint(1, 30))
        return notices.Notice(
            number=number, what="exercise", title="Gunnery", since=_BEFORE, until=_AFTER, language="en", area=area
        )  # fmt: skip

    def _notice(self, known: Known) -> list[Fact]:
        """A form names the one before it and its number; now and then both are wrong, as after a crossing."""
        this = (known.channel, known.subject)
        forms = [known.said[key] for key in known.said if key[1] == known.ours and key[0] != "notice.acknowledged"]
        last, entry = max(forms, key=lambda one: one[0].number)
        form = int(str(entry.body.get("form", 1))) + 1
        if not known.ours:
            return [notices.acknowledge(*this, last, "Noted.")]
        return [
            notices.amend(*this, last, form, self._words(), "another area"),
            notices.extend(*this, last, form, _LATER, "weather"),
            notices.cancel(*this, last, form, "not held"),
            notices.end(*this, last, form, _BEFORE),
        ]

    def _report(self) -> Report:
        what = f"It passed at {self._dice.randrange(900)} m."
        place = position(54.5, 18.25)
        when = Told(value=_BEFORE, nature="o")
        return Report(time=when, place=place, place_nature="o", what=what, language="en", told={})

    def _incident(self, known: Known) -> list[Fact]:
        this = (known.channel, known.subject)
        facts = [
            saying.account(*this, self._report(), stage=self._dice.choice(("first", "full"))),
            saying.no_knowledge(*this),
            saying.ask(*this, "Which unit was it?", "en"),
            saying.ask_meeting(*this, "At sea, on Monday?"),
            saying.propose_closing(*this, "Settled."),
            saying.close_alone(*this, "No answer."),
            saying.reopen(*this, "New film."),
            *(saying.state(*this, f"The distance was {self._dice.randrange(900)} m.", "en") for _ in range(3)),
        ]
        others = [one for one in self._known["incident"] if one is not known]
        facts += [saying.propose_join(*this, one.channel, one.subject) for one in others]
        return facts + self._answers(known, this)

    def _answers(self, known: Known, this: tuple[str, str]) -> list[Fact]:
        """What names an entry of the other side, or of one's own."""
        facts: list[Fact] = []
        theirs = {kind.partition(".")[2]: found for (kind, ours), found in known.said.items() if not ours}
        if "asked" in theirs:
            facts.append(saying.answer(*this, theirs["asked"][0], "The frigate.", "en"))
        if "meeting-asked" in theirs:
            facts.append(saying.answer_meeting(*this, theirs["meeting-asked"][0], accepted=True, text="Yes."))
        if "join-proposed" in theirs:
            facts.append(saying.join(*this, theirs["join-proposed"][0]))
        if "close-proposed" in theirs:
            facts.append(saying.close(*this, theirs["close-proposed"][0]))
        if "stated" in theirs:
            ref, _ = theirs["stated"]
            facts += [saying.stand(*this, ref, taken) for taken in ("agreed", "agreed", "disputed", "law-disputed")]
        return facts + self._files(known, this) + self._lists(known, this)

    def _files(self, known: Known, this: tuple[str, str]) -> list[Fact]:
        """What is said of files put forward; the bytes of none exist here, only what is stated of them."""
        facts: list[Fact] = [saying.add_evidence(*this, [self._film()], "From the deck.")]
        theirs, ours = (known.roots(of) for of in (False, True))
        facts += [saying.hold_file(*this, one) for one in theirs[-2:]]
        if theirs and ours:
            facts.append(saying.propose_offset(*this, ours[-1], theirs[-1], self._dice.randint(-900, 900)))
        proposed = known.ref("incident.offset-proposed", False)
        return facts if proposed is None else [*facts, saying.agree_offset(*this, proposed)]

    def _film(self) -> dict[str, JsonValue]:
        root = self._dice.randbytes(32).hex()
        return {"root": root, "size": 9, "media": "video/mp4", "name": "deck.mp4", "source": "o"}

    def _lists(self, known: Known, this: tuple[str, str]) -> list[Fact]:
        facts: list[Fact] = []
        own = known.ref("incident.stated", True)
        if own is not None:
            facts.append(saying.unstate(*this, own))
        for ours in (True, False):
            if ("incident.frozen", ours) in known.said:
                ref, entry = known.said["incident.frozen", ours]
                facts += [saying.sign(*this, ref, entry.body["facts"])] * 2
        return facts

    def _towards_agreement(self, this: tuple[str, str], view: IncidentView) -> list[Fact]:
        """What brings sentences nearer to a list that both signed, two films onto one clock, two reports together."""
        facts = [saying.stand(*this, one.said.ref, "agreed") for one in view.statements
                 if one.said.side != self._side and one.withdrawn is None and not one.agreed][-2:]  # fmt: skip
        agreed = [one for one in view.statements if one.agreed and one.withdrawn is None][-2:]
        if agreed:
            words = [{"number": one.number, "text": one.said.text, "language": one.said.language} for one in agreed]
            facts.append(
                saying.freeze(*this, [(one.said.ref, dict(told)) for one, told in zip(agreed, words, strict=True)])
            )
        for frozen in view.lists[-1:]:
            if not frozen.changed and all(one.side != self._side for one in frozen.signatures):
                told: list[JsonValue] = [
                    {"number": one.number, "text": one.text, "language": one.language} for one in frozen.facts
                ]
                facts.append(saying.sign(*this, frozen.ref, told))
        facts += self._on_one_clock(this, view)
        joins = [one for one in view.joins if one.joined is None and one.proposed.side != self._side]
        return facts + [saying.join(*this, one.proposed.ref) for one in joins[-1:]]

    def _on_one_clock(self, this: tuple[str, str], view: IncidentView) -> list[Fact]:
        """What brings two films nearer to lying on one clock."""
        theirs = [one.root for one in view.evidence if one.side != self._side]
        ours = [one.root for one in view.evidence if one.side == self._side]
        if not theirs:
            return []
        if not ours:
            return [saying.add_evidence(*this, [self._film()])] * 2
        offered = [one for one in view.offsets if one.agreed is None and one.proposed.side != self._side]
        return [saying.agree_offset(*this, one.proposed.ref) for one in offered[-1:]] or [
            saying.propose_offset(*this, ours[-1], theirs[-1], 400)
        ]

    def _readout(self, known: Known) -> list[Fact]:
        this = (known.channel, known.subject)
        named = {"line": known.line, "channel": known.channel, "subject": known.subject, "side": self._side}
        digest = digest_of(**named, language="en", salt=_SALT, text=_WORDS)
        facts = [
            readouts.agree_time(*this),
            *[readouts.seal(*this, digest)] * 3,
            *[readouts.open_sealed(*this, salt=_SALT, language="en", text=_WORDS)] * 3,
            readouts.open_sealed(*this, salt=_SALT, language="en", text="We spoke of nothing."),
            readouts.share_press(*this, source="A paper", date="2026-11-23", address="", language="en", text=_WORDS),
        ]
        opened, theirs = known.ref("readout.opened", True), known.ref("readout.confirmed", False)
        if opened is not None:
            facts.append(readouts.confirm(*this, opened, [_STATEMENT]))
        if theirs is not None:
            facts.append(readouts.contest(*this, theirs, 0, "Nobody said that."))
        return facts
