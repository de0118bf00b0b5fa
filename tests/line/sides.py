"""Two line cores over memory stores, with links that a test moves by hand: no loop, no thread, no clock of its own."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from parley.codec.canonical import encode
from parley.errors import Unavailable
from parley.identity import Card, LineIdentity, SideKeys
from parley.line import (
    Authored,
    BookReader,
    CloseLink,
    Commit,
    Effect,
    Event,
    LineCore,
    Restart,
    Roots,
    SaveAnchor,
    Send,
    Tell,
    Wish,
)
from parley.line.frames import Kind
from parley.link import Lane
from parley.record.names import LogId, Ref
from parley.storage.memory import MemoryStore
from parley.storage.port import StoreReads
from parley.subjects import Book, Fact
from parley.subjects.channels import facts as channels
from parley.subjects.messages import facts as messages
from parley.subjects.standing import facts as standing
from parley.times import Instant, Moment, moment_text

START = Moment(1_795_428_000_000)  # 2026-11-23T10:00Z
PEOPLE = {"north": "ann", "south": "lin"}
SECOND = {"north": "bob", "south": "mei"}  # the second pair of eyes that a FLASH needs
NORTH_LINE, SOUTH_LINE = LogId("line", "north", 0), LogId("line", "south", 0)
NORTH_TALK, SOUTH_TALK = LogId("leaders", "north", 0), LogId("leaders", "south", 0)
_E = TypeVar("_E")


@cache
def keys_of(side: str) -> SideKeys:
    """Give a side's keys, the same in every test."""
    return SideKeys.from_seed(hashlib.sha256(f"line tests {side}".encode()).digest())


@cache
def cards_of() -> tuple[Card, ...]:
    """Give both sides' cards."""
    return tuple(
        keys_of(each).card(
            side=each,
            name=each.title(),
            domain=f"{each}.example",
            languages=("en",),
            nonce=hashlib.sha256(each.encode()).digest()[:16],
            made="2026-11-23T09:00:00.000Z",
        )
        for each in ("north", "south")
    )


@cache
def identity_of(side: str) -> LineIdentity:
    """Give the line as one side sees it."""
    cards = {card.party.side: card for card in cards_of()}
    other = {"north": "south", "south": "north"}[side]
    return LineIdentity.found(cards[side], cards[other])


def founding_anchor() -> bytes:
    """Give the second place of a line that was just founded: nothing has been said yet."""
    return encode({"after": {}, "before": {}, "line": identity_of("north").line})


class Side:
    """One node without its shell: a core, a disk that lands at once unless `slow`, and what it told and sent."""

    def __init__(self, us: str) -> None:
        self.us = us
        self.identity, self.keys = identity_of(us), keys_of(us)
        self.store: MemoryStore = MemoryStore()
        self.anchor: bytes | None = founding_anchor()
        self.now, self.clock = Instant(0.0), START
        self.out: deque[Send] = deque()
        self.told: list[Event] = []
        self.closed: list[CloseLink] = []
        self.commits: deque[Commit] = deque()  # given to a slow disk
        self.slow = False
        self.fallen = 0  # so many of `closed` have taken their link down
        self.restarts = 0
        self._drawn = self._token = 0

    def start(self, *, anchor: bytes | None = None, store: MemoryStore | None = None) -> None:
        """Begin (again) from the disk; by default with the second place as it was left."""
        self.store = store or self.store
        self.anchor = anchor or self.anchor
        self.commits.clear()
        self.out.clear()
        reads: StoreReads = self.store
        roots = Roots(reads)
        identity = self.identity
        self.book = Book(self.us, identity.theirs.side, identity.line, BookReader(reads, roots))
        self.core = LineCore(
            identity=identity,
            log_pair=self.keys.log,
            cosign_pair=self.keys.cosign,
            store=reads,
            book=self.book,
            roots=roots,
            anchor=self.anchor,
            entropy=self._draw,
            store_id=self.store.identity().store,
        )
        self.do(self.core.start(self.now, self.clock))

    def _draw(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.sha256(f"{self.us} {self._drawn}".encode()).digest()[:size]

    def do(self, effects: list[Effect]) -> None:
        """Carry effects out in order, as the shell does."""
        for effect in effects:
            if isinstance(effect, Send):
                self.out.append(effect)
            elif isinstance(effect, Tell):
                self.told.append(effect.event)
            elif isinstance(effect, CloseLink):
                self.closed.append(effect)
            elif isinstance(effect, SaveAnchor):
                self.anchor = effect.data
            elif isinstance(effect, Restart):
                self.restarts += 1
            elif isinstance(effect, Commit):
                self.commits.append(effect)
        if not self.slow:
            self.land()

    def land(self) -> None:
        """Let the disk take what it was given."""
        while self.commits:
            commit = self.commits.popleft()
            try:
                self.store.commit(commit.rows)
            except Unavailable as failed:
                self.do(self.core.store_failed(commit.batch, failed, self.now))
            else:
                self.do(self.core.stored(commit.batch, self.now, self.clock))

    def hear(self, frame: bytes, *, link: str = "cable", lane: Lane = Lane.ORDINARY) -> None:
        """Take in a frame."""
        self.do(self.core.heard(link, lane, frame, self.now, self.clock))

    def pass_time(self, seconds: float) -> None:
        """Let time pass in steps, waking the core when it asked to be woken."""
        end = Instant(self.now + seconds)
        while self.now < end:
            due = self.core.wake_at(self.now)
            if due is None or due > end:
                break
            step = max(0.01, due - self.now)
            self.now, self.clock = Instant(self.now + step), Moment(self.clock + round(step * 1000))
            self.do(self.core.tick(self.now, self.clock))
        rest = max(0.0, end - self.now)
        self.now, self.clock = Instant(self.now + rest), Moment(self.clock + round(rest * 1000))

    def wish(self, fact: Fact, *, person: str = "", precedence: str = "") -> None:
        """Author a fact; raises what the core raises."""
        self._token += 1
        wish = Wish(
            token=self._token,
            channel=fact.channel,
            kind=fact.kind,
            subject=fact.subject,
            body=fact.body,
            person=person,
            precedence=precedence,
            refs=fact.refs,
        )
        self.do(self.core.author(wish, self.now, self.clock))

    def say(self, text: str, *, precedence: str = "ROUTINE", channel: str = "leaders") -> None:
        """Send a message."""
        person = PEOPLE[self.us]
        due = moment_text(Moment(self.clock + 21_600_000))
        drafter = SECOND[self.us] if precedence == "FLASH" else person
        fact = messages.send(channel, text=text, due=due, language="en", drafted_by=drafter, released_by=[person])
        self.wish(fact, person=person, precedence=precedence)

    def list_person(self, person: str) -> None:
        """Put somebody on our roster."""
        self.wish(standing.list_person(self.us, person, name=person.title(), role="duty-officer", binds=True))

    def events(self, kind: type[_E]) -> list[_E]:
        """Give what was told of one kind."""
        return [event for event in self.told if isinstance(event, kind)]

    def signing(self) -> str:
        """Give whether the core may sign, in its own word."""
        return self.core.signing[0]

    def authored(self) -> Authored:
        """Give the last entry that the disk confirmed."""
        return self.events(Authored)[-1]

    def sent(self, kind: Kind) -> list[Send]:
        """Give the frames of one kind that wait to be moved."""
        return [send for send in self.out if send.frame[0] == kind]

    def leaves(self, log: LogId) -> list[bytes]:
        """Give a whole log."""
        return self.store.leaves(log, 0, self.store.size(log))

    def held_at(self, log: LogId) -> int:
        """Give how far the other side's newest Ed25519 cosignature on our disk reaches."""
        row = self.store.newest_signature(log, "co-ed")
        return 0 if row is None else row.size


@dataclass
class Line:
    """North, South and the links between them."""

    north: Side = field(default_factory=lambda: Side("north"))
    south: Side = field(default_factory=lambda: Side("south"))
    links: set[str] = field(default_factory=set)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Give both."""
        return self.north, self.south

    def up(self, *links: str) -> None:
        """Bring links up at both ends."""
        for link in links or ("cable",):
            self.links.add(link)
            for side in self.sides:
                side.do(side.core.link_up(link, side.now, side.clock))

    def cut(self, *links: str) -> None:
        """Cut links; what was on its way by them is lost."""
        for link in links or tuple(self.links):
            self.links.discard(link)
            for side in self.sides:
                side.out = deque(send for send in side.out if send.link != link)
                side.do(side.core.link_down(link, side.now, side.clock))

    def move(self, limit: int = 5_000) -> None:
        """Carry frames both ways, urgent ones first, until nothing is left; a closed link falls at both ends."""
        while (self.north.out or self.south.out) and limit:
            for side, other in (self.sides, self.sides[::-1]):
                self._fall()
                if side.out:
                    limit -= 1
                    at = next((at for at, each in enumerate(side.out) if each.lane is Lane.URGENT), 0)
                    send = side.out[at]
                    del side.out[at]
                    if send.link in self.links:
                        other.hear(send.frame, link=send.link, lane=send.lane)
        assert limit, "the two sides never fall silent"
        self._fall()

    def _fall(self) -> None:
        for side in self.sides:
            for close in side.closed[side.fallen :]:
                side.fallen += 1
                if close.link in self.links:
                    self.cut(close.link)

    def settle(self, seconds: float = 2.0) -> None:
        """Move frames and let time pass until both have said what they had to."""
        self.move()
        for _ in range(round(seconds / 0.25)):
            for side in self.sides:
                side.pass_time(0.25)
            self.move()


def line(*, talk: bool = True, links: tuple[str, ...] = ("cable",)) -> Line:
    """Give a line that is up, with a person each and the channel `leaders` agreed."""
    world = Line()
    for side in world.sides:
        side.start()
    world.up(*links)
    world.settle(0.5)
    if talk:
        for side in world.sides:
            for person in (PEOPLE[side.us], SECOND[side.us]):
                side.list_person(person)
        world.settle(0.25)
        north, south = world.sides
        north.wish(channels.propose("leaders", "Leaders"), person="ann")
        proposal = north.authored()
        world.settle(0.25)
        ref = Ref(proposal.log, proposal.number, proposal.id.hex())
        south.wish(channels.agree("leaders", ref), person="lin")
        world.settle(1.0)
    return world
