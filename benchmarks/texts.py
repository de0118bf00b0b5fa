"""Rows about negotiated texts: opening a large one, and how long a node takes for one edit in it.

The text has 200 articles with ten paragraphs in all each bracketed once by both sides, and 20,000 entries.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator

from benchmarks import texts_page
from benchmarks.rows import Row, limit_row, quantile
from parley.codec import encode
from parley.record.entry import Entry, encode_entry
from parley.record.names import LogId, Ref
from parley.record.tree import leaf_hash
from parley.storage.memory import MemoryStore
from parley.storage.port import EntryRow
from parley.subjects import Book, Fact, subject_for
from parley.subjects.channels import facts as channels
from parley.subjects.standing import facts as standing
from parley.subjects.texts import Change, TextView, saying
from parley.subjects.texts.content import text_digest
from parley.times import Moment, moment_text

ARTICLES, BRACKETS, ENTRIES = 200, 2_000, 20_000
OPEN_MS, EDIT_MS = 300.0, 200.0
_CHANNEL, _LINE = "talks", "00" * 16
_WORDS = "Each side notifies the other of a serious incident within ten days of its discovery. " * 3


class Side:
    """One side's store and book, as a node has them, without the line between."""

    def __init__(self, us: str, them: str) -> None:
        self.us, self.store = us, MemoryStore()
        self.book = Book(us, them, _LINE, self.store)
        self.clock = 1_790_000_000_000

    def say(self, fact: Fact, person: str) -> tuple[LogId, bytes, Ref]:
        """Author an entry, as the line core does."""
        log = LogId(fact.channel, self.us, 0)
        number = self.store.size(log)
        self.clock += 1000
        entry = Entry(
            rules=1, line=_LINE, channel=fact.channel, side=self.us, epoch=0, number=number, refs=fact.refs,
            past=self.book.past_for(fact.channel, log), at=moment_text(Moment(self.clock)), status="actual",
            precedence="", person=person, kind=fact.kind, body=fact.body,
            subject=fact.subject or subject_for(fact.kind, fact.body, log, number) or "",
        )  # fmt: skip
        self.book.judge(entry)
        leaf = encode_entry(entry)
        self.take(log, leaf)
        return log, leaf, Ref(log, number, leaf_hash(leaf).hex())

    def take(self, log: LogId, leaf: bytes) -> None:
        """Store and fold one entry."""
        number = self.store.size(log)
        self.store.commit([EntryRow(log, number, leaf_hash(leaf), leaf)])
        self.book.take(log, number, leaf, leaf_hash(leaf))
        self.store.commit([*self.book.fold(), *self.book.index()])
        self.book.settled(log, number + 1)


class Talk:
    """Both sides; what one says the other takes at once."""

    def __init__(self) -> None:
        self.north, self.south = Side("north", "south"), Side("south", "north")

    def say(self, side: Side, fact: Fact, person: str = "") -> Ref:
        """Say it, and give it to the other."""
        log, leaf, ref = side.say(fact, person or {"north": "ann", "south": "lin"}[side.us])
        (self.south if side is self.north else self.north).take(log, leaf)
        return ref


def _large() -> tuple[Talk, str, list[tuple[str, Ref]]]:
    """Give a text of 200 articles, 2,000 brackets and 20,000 entries."""
    dice, talk = random.Random(1), Talk()
    for side, person in ((talk.north, "ann"), (talk.south, "lin")):
        talk.say(side, standing.list_person(side.us, person, name=person, role="delegate", binds=False))
    proposal = talk.say(talk.north, channels.propose(_CHANNEL, "Talks"))
    talk.say(talk.south, channels.agree(_CHANNEL, proposal))
    ref = talk.say(talk.north, saying.open_text(_CHANNEL, title="T", languages=[("en", "north"), ("fr", "south")]))
    at = (_CHANNEL, f"text/north/0/{ref.number}")
    units: list[tuple[str, Ref]] = []
    said = 1
    for number in range(BRACKETS):
        article = number % (BRACKETS // ARTICLES) == 0
        unit = talk.say(talk.north, saying.add(
            *at, level="article" if article else "paragraph", parent="", position=f"{number:05d}V",
            words={"en": _WORDS}, renders=["fr"],
        ))  # fmt: skip
        units.append((f"north/0/{unit.number}", unit))
        name = units[-1][0]
        talk.say(talk.south, saying.accept(*at, name, unit))
        change = Change(start=40, end=50, words="other")
        talk.say(talk.north, saying.propose(*at, name, unit, {"en": change}))
        said += 3
    while said < ENTRIES:
        name, unit = dice.choice(units)
        if talk.north.book.view(*at).units[name].facts > 300:  # type: ignore[attr-defined]
            continue
        kind = dice.random()
        if kind < 0.5:
            talk.say(talk.south, saying.comment(*at, name, "Why?", "en"))
        else:
            start = dice.randint(60, 200)
            talk.say(talk.north, saying.propose(*at, name, unit, {"en": Change(start=start, end=start + 3, words="x")}))
        said += 1
    return talk, at[1], units


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows about texts."""
    if only and "text" not in only:
        return
    talk, subject, units = _large()
    gc.collect()
    gc.freeze()  # a node that has just started holds nothing of what this process made to build the text
    fresh = Book("north", "south", _LINE, talk.north.store)
    began = time.perf_counter()
    view = fresh.view(_CHANNEL, subject)
    assert isinstance(view, TextView)
    digest = text_digest(view)
    facts, cold = view.facts, (time.perf_counter() - began) * 1e3
    for one in units:  # nothing of what was folded before may be of use
        talk.say(talk.south, saying.comment(_CHANNEL, subject, one[0], "Why?", "en"))
    view = talk.north.book.view(_CHANNEL, subject)
    assert isinstance(view, TextView)
    began = time.perf_counter()
    same = text_digest(view) == digest
    changed = (time.perf_counter() - began) * 1e3
    began = time.perf_counter()
    again = talk.north.book.view(_CHANNEL, subject)
    assert isinstance(again, TextView)
    text_digest(again)
    warm = (time.perf_counter() - began) * 1e3
    yield limit_row("text open, first after a start", cold, OPEN_MS, "ms", why=f"{facts} facts read from the store")
    yield limit_row("text open, every part changed since", changed, OPEN_MS, "ms")
    yield limit_row("text open", warm, OPEN_MS, "ms", why="both nodes alike" if same else "THE NODES DIFFER")
    yield from texts_page.rows(talk.north.store, subject)
    took = []
    for number in range(100):
        name = units[number * 7][0]
        began = time.perf_counter()
        talk.say(talk.north, saying.comment(_CHANNEL, subject, name, f"Edit {number}", "en"))
        found = talk.south.book.view(_CHANNEL, subject)
        assert isinstance(found, TextView)
        encode(found.units[name].facts)
        took.append((time.perf_counter() - began) * 1e3)
    yield limit_row(
        "text edit at the other book",
        quantile(took, 0.95),
        EDIT_MS,
        "ms",
        why="judged, folded and read at both, without disk and line",
    )
