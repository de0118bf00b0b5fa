"""Two nodes without a line between them: each has a memory store and a book; entries are carried over by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parley.errors import Refused
from parley.record.entry import Entry, encode_entry
from parley.record.names import LogId, Past, Ref
from parley.record.tree import leaf_hash
from parley.storage.memory import MemoryStore
from parley.storage.port import EntryRow, FoldRow, Row
from parley.subjects import Book, Fact, subject_for
from parley.subjects.channels import facts as channels
from parley.subjects.messages import facts as messages
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text

LINE = "0123456789abcdef0123456789abcdef"
START = 1_790_000_000_000  # 2026-09-21; each entry is a second later


class Node:
    """One side's store and book."""

    def __init__(self, us: str, them: str, rules_known: int = 1, line: str = LINE) -> None:
        self.us, self.them, self.line = us, them, line
        self.store = MemoryStore()
        self.rules_known = rules_known
        self.book = Book(us, them, line, self.store, rules_known=rules_known)
        self.clock = START
        self.epochs: dict[str, int] = {}

    def draft(self, fact: Fact, person: str = "", **changes: object) -> Entry:
        """Make the next entry of our log; `changes` replaces fields, as a node that lies would."""
        log = LogId(fact.channel, self.us, self.epochs.get(fact.channel, 0))
        number = self.store.size(log)
        self.clock += 1000
        subject = fact.subject or subject_for(fact.kind, fact.body, log, number)
        assert subject is not None
        entry = Entry(
            rules=self.book.rules,
            line=self.line,
            channel=fact.channel,
            side=self.us,
            epoch=log.epoch,
            number=number,
            past=self.book.past_for(fact.channel, log),
            refs=fact.refs,
            at=moment_text(Moment(self.clock)),
            status="actual",
            precedence="ROUTINE" if fact.kind == "message.sent" else "",
            person=person,
            kind=fact.kind,
            subject=subject,
            body=fact.body,
        )
        return replace(entry, **changes)  # type: ignore[arg-type]

    def say(self, fact: Fact, person: str = "", **changes: object) -> Ref:
        """Author as an honest node does: refuse what breaks a rule, else store and fold."""
        entry = self.draft(fact, person, **changes)
        self.book.judge(entry)
        return self.put(entry)

    def put(self, entry: Entry) -> Ref:
        """Store and fold an entry of our own without asking any rule, as a lying node would."""
        leaf = encode_entry(entry)
        self.take(entry.log, [leaf])
        return Ref(entry.log, entry.number, leaf_hash(leaf).hex())

    def take(self, log: LogId, leaves: Sequence[bytes]) -> list[FoldRow]:
        """Take entries in and commit them with their fold rows, as the node does."""
        first = self.store.size(log)
        rows: list[Row] = []
        for offset, leaf in enumerate(leaves):
            rows.append(EntryRow(log, first + offset, leaf_hash(leaf), leaf))
        self.store.commit(rows)
        for offset, leaf in enumerate(leaves):
            self.book.take(log, first + offset, leaf, leaf_hash(leaf))
        folds = self.book.fold()
        self.store.commit([*folds, *self.book.index()])
        self.book.settled(log, self.store.size(log))
        return folds

    def hear(self, other: Node, log: LogId | None = None, count: int = 1_000_000) -> None:
        """Take over what the other node has and we have not: of one log, or of all of its own."""
        for name in [log] if log is not None else sorted(other.store.logs()):
            if name.side == self.us:
                continue
            first = self.store.size(name)
            leaves = other.store.leaves(name, first, count)
            if leaves:
                self.take(name, leaves)

    def afresh(self) -> Book:
        """Give a book that starts from our disk, as after a restart."""
        return Book(self.us, self.them, self.line, self.store, rules_known=self.rules_known)

    def verdict(self, ref: Ref) -> tuple[str, str]:
        """Give verdict and the code of the reason."""
        row = self.store.folds(ref.log, ref.number, 1)[0]
        return row.verdict, row.reason.partition(":")[0]

    def past(self, *logs: LogId) -> tuple[Past, ...]:
        """Give the past we could name of these logs, as much as is folded."""
        return tuple(
            Past(log, self.store.folded(log), self.store.root_at(log, self.store.folded(log)).hex())  # type: ignore[union-attr]
            for log in sorted(logs, key=lambda log: log.text)
        )


def meet(north: Node, south: Node) -> None:
    """Carry everything both ways until nothing is left."""
    for _ in range(3):
        north.hear(south)
        south.hear(north)


def pair(*, channel: str | None = "leaders", rules_known: int = 1, line: str = LINE) -> tuple[Node, Node]:
    """Give two nodes with two people each (ann, bob; lin, mei) and one agreed channel."""
    north, south = Node("north", "south", rules_known, line), Node("south", "north", rules_known, line)
    for node, people in ((north, ("ann", "bob")), (south, ("lin", "mei"))):
        for person in people:
            node.say(standing.list_person(node.us, person, name=person.title(), role="duty-officer", binds=True))
    meet(north, south)
    if channel is not None:
        open_channel(north, south, channel)
    return north, south


def open_channel(north: Node, south: Node, channel: str) -> None:
    """Propose at North, agree at South."""
    proposal = north.say(channels.propose(channel, channel.title()), "ann")
    meet(north, south)
    south.say(channels.agree(channel, proposal), "lin")
    meet(north, south)


def words(
    node: Node, text: str = "Pump 3 is stopped.", *, channel: str = "leaders", person: str = "", **fields: object
) -> Fact:
    """Give a message fact of this node, due in six hours."""
    author = person or {"north": "ann", "south": "lin"}[node.us]
    told = {"language": "en", "drafted_by": author, "released_by": [author], **fields}
    return messages.send(channel, text=text, due=moment_text(Moment(node.clock + 21_600_000)), **told)  # type: ignore[arg-type]


def tell(
    node: Node, text: str = "Pump 3 is stopped.", *, channel: str = "leaders", person: str = "", **fields: object
) -> str:
    """Send a message; give its subject."""
    author = person or {"north": "ann", "south": "lin"}[node.us]
    ref = node.say(words(node, text, channel=channel, person=author, **fields), author)
    return f"message/{node.us}/{ref.log.epoch}/{ref.number}"


def refusal(node: Node, fact: Fact, person: str = "", **changes: object) -> str:
    """Give the code with which our node refuses to author this; fails if it does not."""
    try:
        node.book.judge(node.draft(fact, person, **changes))
    except Refused as refused:
        return refused.code
    raise AssertionError(f"{fact.kind} was not refused")
