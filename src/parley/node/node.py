"""One side's node: the shell, the links, the watch and the duties that nobody should have to remember.

Owns: the parts' order of life; what actions may ask (actions/ports.py says the same as types).
Does not own: rights (actions/), rules (subjects/), replication (line/), sockets (transports/), files (exports.py), what
the links say (hearing.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Mapping, Sequence

from parley.codec.canonical import JsonInput, JsonValue
from parley.errors import PeerError
from parley.identity import Card, LineIdentity, SideKeys
from parley.line import AheadArrived, Authored, Event, Fault, Folded, Held, Other, Received, Signing, Wish
from parley.line.frames import Kind
from parley.live import Rules
from parley.node import events, held, told, ways
from parley.node.anchor import AnchorFile
from parley.node.calling import Calling
from parley.node.delivery import Deliveries, Delivery
from parley.node.desks import Desks
from parley.node.duties import Duties
from parley.node.escalating import Escalating
from parley.node.exports import Exports, Prepared
from parley.node.faults import FaultNote, read_faults
from parley.node.feed_settings import FeedSetting
from parley.node.feeds import Feeds
from parley.node.files import Files
from parley.node.finding import Finding
from parley.node.hearing import Hearing, Parts
from parley.node.interpreting import Interpreting
from parley.node.journal import Journal
from parley.node.lifting import Lifting
from parley.node.linking import links_of
from parley.node.nearby import Nearby
from parley.node.picture import Pictures
from parley.node.places import Places
from parley.node.readouts import Readouts
from parley.node.recording import Recorder
from parley.node.shell import Shell
from parley.node.signals import without_words
from parley.node.status import AuthoredEntry, LineTimes, NodeStatus, continued_fact
from parley.node.stopping import Stopping
from parley.node.succession import brings_cards
from parley.node.texting import Texting
from parley.node.turns import Turning
from parley.node.voice import Voice
from parley.node.waiting import sources
from parley.node.watches import Watches
from parley.node.watching import WATCH_EVERY_S
from parley.record.names import LogId, Ref
from parley.storage.ballast import Ballast
from parley.storage.chunks import ChunkStore
from parley.storage.port import Store, ValueRow
from parley.storage.recordings import Recordings
from parley.subjects import Book, Fact
from parley.subjects.calls import CallView
from parley.subjects.standing import PersonView
from parley.times import Instant, Moment
from parley.transports import LinkState, Route


class Node:
    """A running node."""

    def __init__(
        self,
        *,
        identity: LineIdentity,
        cards: Sequence[Card],
        compared: bool = False,
        keys: SideKeys,
        store: Store,
        chunks: ChunkStore,
        anchor: AnchorFile,
        listen: Sequence[tuple[str, int]],
        routes: Sequence[Route],
        status: str = "actual",
        illustration: bool = False,
        ballast: Ballast | None = None,
        recordings: Recordings | None = None,
        feeds: Sequence[FeedSetting] = (),
        live: Rules | None = None,
        prepared: Prepared = lambda: None,
    ) -> None:
        self.identity = identity
        self.cards = tuple(cards)
        self._compared = compared  # a card in force was compared face to face after the founding
        self.store = store
        self.default_status, self.illustration = status, illustration
        self._bell = events.Bell()
        self._deliveries = Deliveries(store, identity.ours.side)
        self._nearby = Nearby(self)
        self.calling = Calling(self)
        self.desks = Desks(self.now)
        self._shell = Shell(
            identity=identity, log_pair=keys.log, cosign_pair=keys.cosign, store=store, anchor=anchor, ballast=ballast,
            status=status, tell=self._told,
        )  # fmt: skip
        self.exports = Exports(
            identity=identity, cards=self.cards, keys=keys, store=store, shell=self._shell, prepared=prepared
        )
        self._hearing = Hearing()
        self._host = links_of(identity, keys, store, listen=listen, routes=routes, listener=self._hearing)
        self.recorder = Recorder(self, recordings)
        self.recordings = recordings
        self.voice = Voice(self, self.calling, self._host, self.recorder)
        self.pictures = Pictures(self, self.calling, self._host)
        self.lifting = Lifting(self)
        self.texting = Texting(self, self.calling)
        self.stopping = Stopping(self)
        self.interpreting = Interpreting(self, self.calling)
        self.turns = Turning(self)
        self._places = Places(self, self.calling)
        for part in (self.lifting, self.texting, self.interpreting, self.turns, self.pictures):
            self._nearby.listen(part.handlers())
        self.reopen = asyncio.Event()  # set once other keys are in force: whoever runs this node opens it again
        self._times = LineTimes(self._host, self._shell, self._nearby)
        self._watch_task: asyncio.Task[None] | None = None
        self._files = Files(
            chunks=chunks, store=store, us=identity.ours.side, links=self._host, keep=self.keep_soon,
            held=self._say_file_held, said=self._file_is_said, told=self.tell,
        )  # fmt: skip
        self._duties = Duties(self, identity.ours.side)
        self.watches = Watches(self)
        self.feeds = Feeds(self, feeds, live or Rules())
        self.readouts = Readouts(self)
        self.finding = Finding(self)
        self.escalating = Escalating(self, sources(self))
        self._bell.also = (self.escalating.heard, Journal(self._group, self._shell.now).heard)
        self._hearing.begin(
            Parts(
                host=self._host, shell=self._shell, bell=self._bell, times=self._times, duties=self._duties,
                files=self._files, nearby=self._nearby, voice=self.voice, pictures=self.pictures, lifting=self.lifting,
                reporting=(self._nearby, self.texting, self.interpreting, self.turns),
            )
        )  # fmt: skip

    # --- life -----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the links and begin; returns once we listen, not once the line is up."""
        self._shell.start(self._host)
        await self._host.start()
        self._files.start()
        self.calling.start()
        self.turns.start(self.calling, [room.id for room in self.book.line_view().channels])
        for part in (self.stopping, self.recorder, self._duties, self.watches, self.feeds, self.readouts, self.finding):
            part.start()
        self.escalating.start()
        self._watch_task = asyncio.create_task(self._report_watch(), name="watch reports")

    async def stop(self) -> None:
        """Close the links, finish the commit under way, end every subscription."""
        if self._watch_task is not None:
            self._watch_task.cancel()
            await asyncio.gather(self._watch_task, return_exceptions=True)
        self.stopping.stop()
        self.readouts.stop()
        for part in (self.finding, self.recorder, self.escalating, self._duties, self.watches, self.feeds, self._host):
            await part.stop()
        self._files.stop()
        self.texting.stop()
        self._shell.stop()
        self._bell.close()
        self.store.close()

    @property
    def book(self) -> Book:
        """The views, as of the last finished fold."""
        return self._shell.book

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the other side's node can reach us."""
        return self._host.addresses()

    @staticmethod
    def moment() -> Moment:
        """Give the node's calendar time."""
        return Shell.moment()

    # --- what people do -------------------------------------------------------------------------------------------

    async def author(
        self,
        *,
        channel: str,
        kind: str,
        subject: str | None,
        body: Mapping[str, JsonValue],
        person: str,
        precedence: str = "",
        status: str = "",
        refs: Sequence[Ref] = (),
    ) -> AuthoredEntry:
        """Write an entry of our side; returns once it is on our disk.

        Raises:
            Refused: A rule of its subject forbids it now; nothing was changed.
            Unavailable: The node may not sign now, or the disk failed; the sentence says which.
        """
        wish = Wish(
            token=self._shell.token(),
            channel=channel,
            kind=kind,
            subject=subject,
            body=dict(body),
            person=person,
            precedence=precedence,
            status=status or self.default_status,
            refs=tuple(refs),
        )
        done: Authored = await self._shell.author(wish)
        self._times.wrote()
        return AuthoredEntry(log=done.log, number=done.number, id=done.id.hex(), subject=done.subject, at=done.at)

    async def renew_log(self, log: LogId, person: str) -> None:
        """Go on in the next epoch of a log of ours that the other side ended; returns once that is on our disk.

        Raises: Refused `log.…`, Unavailable `line.signing`; nothing was changed.
        """
        self._shell.renew(log, person)
        await self._shell.settled()

    async def keep(self, rows: Sequence[ValueRow]) -> None:
        """Commit private values through the one writer. Raises Unavailable."""
        await self._shell.keep(rows)

    def keep_soon(self, rows: Sequence[ValueRow]) -> None:
        """Commit private values without anybody waiting; a failure is told as an event."""

        def done(error: Exception | None) -> None:
            if error is not None:
                self.tell("store", {"state": "failed", "reason": str(error)})

        self._shell.writer.commit(rows, done)

    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> AuthoredEntry:
        """Write a fact of our side, as the builders of subjects/ make them."""
        return await self.author(
            channel=fact.channel,
            kind=fact.kind,
            subject=fact.subject,
            body=fact.body,
            person=person,
            precedence=precedence,
            status=status,
            refs=fact.refs,
        )

    async def line_test(self, person: str) -> AuthoredEntry:
        """Test the line now; the answer comes as an entry of theirs."""
        authored = await self._duties.test(person)
        assert isinstance(authored, AuthoredEntry)
        return authored

    def links_now(self) -> Sequence[LinkState]:
        """Give every link's state."""
        return self._host.links()

    def _file_is_said(self, channel: str, subject: str, root: str) -> bool:
        return held.is_said(self.book, channel, subject, root)

    def _say_file_held(self, channel: str, subject: str, root: str) -> None:
        self._duties.also(self.state(held.held(channel, subject, root)))

    async def attach(self, content: AsyncIterable[bytes]) -> tuple[str, int]:
        """Take a file in; give its root (hex) and size. Raises Refused or Unavailable; nothing is left of it then."""
        return await self._files.attach(content)

    def attachment_held(self, root: str) -> int:
        """Give how many verified bytes of a file are on our disk."""
        return self._files.arrived(root)

    def read_attachment(self, root: str, first: int = 0) -> AsyncIterator[bytes]:
        """Give a file from one of its chunks on, each chunk verified again."""
        return self._files.read(root, first)

    def delivery(self, log: LogId, number: int, at: str = "") -> Delivery:
        """Give when an entry reached each disk."""
        return self._deliveries.of(log, number, at)

    def status(self) -> NodeStatus:
        """Give the state of the line and of this node."""
        return self._times.status()

    @property
    def down_since(self) -> Moment | None:
        """Since when no link is up; None while one is."""
        return self._times.down_since

    def heads(self) -> dict[LogId, int]:
        """Give how many entries each of our logs has on disk."""
        us = self.identity.ours.side
        return {log: size for log in self.store.logs() if log.side == us and (size := self.store.size(log))}

    def _group(self, link: str) -> str:
        return next((one.group for one in self._host.links() if one.name == link), "") or "not known"

    def subscribe(self) -> events.Subscription:
        """Listen to what happens."""
        return self._bell.subscribe()

    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None:
        """Put a private event on our own subscriptions; it never crosses the line."""
        if kind == "people":
            self.desks.ask_again()
        self._bell.ring(events.Event(kind=kind, fields=fields))

    def faults(self, count: int) -> list[FaultNote]:
        """Give the newest faults of the peer that were kept, newest first."""
        return read_faults(self.store, count)

    def set_watch(self, person: str, present: bool) -> None:
        """Note that a person came on watch or left; both sides see that somebody is there, and since when."""
        self._nearby.set_watch(person, present)

    # --- what calling.py, lifting.py, nearby.py, voice.py and watches.py ask ----------------------------------------

    @property
    def us(self) -> str:
        """Our side's id."""
        return self.identity.ours.side

    def line_is_up(self) -> bool:
        """Say whether a link is up."""
        return bool(self._shell.core.links)

    def attend(self, key: str, since: Moment | None) -> None:
        """Note that somebody of ours is there since a moment, or is no more."""
        self._nearby.attend(key, since)

    @property
    def line_id(self) -> str:
        """The id of this line."""
        return self.identity.line

    def now(self) -> Instant:
        """Give the loop's steady time."""
        return self._shell.now()

    @property
    def them(self) -> str:
        """Their side's id."""
        return self.identity.theirs.side

    def links_up(self) -> Sequence[str]:
        """Give the names of the links that are up and carry sound: no thin ones."""
        return ways.wide(self._host, self._shell.core.links)

    def blame(self, link: str, frame: bytes, error: PeerError) -> None:
        """Keep and tell a rule that the other side broke in a signal or in voice."""
        self._shell.blame(link, frame, error)

    def person_shown(self, side: str, person: str) -> tuple[str, str]:
        """Give a person's name and office as their side lists them; the id where it does not."""
        view = self.book.view("line", f"roster/{side}/{person}")
        return (view.name, view.office) if isinstance(view, PersonView) else (person, "")

    def call_now(self, view: CallView) -> None:
        """The record of a call has grown."""
        self.recorder.call_now(view)
        self.turns.call_now(view)
        self.lifting.call_now(view)

    def lift_over(self, channel: str, session: str, *, unplaced: bool = False) -> None:
        """A lift of theirs is no call of its own; `unplaced`: their record has none for it."""
        self.lifting.lift_over(channel, session, unplaced=unplaced)

    def stop_told(self, ref: Ref, subject: str, fields: Mapping[str, str | int | bool | None]) -> None:
        """A stop has turned, or a step of it is overdue."""
        self._bell.ring(told.of("stop", ref.log, ref.number, fields, subject))

    def signal(self, name: str, lasts_ms: int, fields: Mapping[str, JsonInput]) -> None:
        """Send a signal by every link."""
        self._nearby.signal(name, lasts_ms, fields)

    def owe(self, duty: Awaitable[object]) -> None:
        """Do something small that the node owes, without anybody waiting for it."""
        self._duties.also(duty)

    def offset_ms(self) -> int | None:
        """Give how far their clock is ahead of ours, as far as a link has measured it."""
        return self._times.offset_ms()

    def offset_error_ms(self) -> float:
        """Give by how many milliseconds `offset_ms` may be wrong."""
        return self._times.offset_error_ms()

    @property
    def thin(self) -> bool:
        """Whether all links that are up are thin."""
        return ways.only_thin(self._host, self._shell.core.links)

    def everywhere(self, frame: bytes) -> bool:
        """Send a signal by every link that has room for it; False if none has."""
        return ways.signal(self._host, self._shell.core.links, frame)

    def rang(self, log: LogId, number: int, subject: str) -> None:
        """A FLASH of ours rang as ROUTINE at their desks: tell ours."""
        self._bell.ring(told.of("rings", log, number, {"rings": "ROUTINE"}, subject))

    async def _report_watch(self) -> None:
        while True:
            self._nearby.report_again()
            self.interpreting.report()
            self.turns.report()
            self.calling.look()
            self._places.look()
            for link in self._host.links():
                if link.rtt_ms is not None:
                    self._shell.core.link_round_trip(link.name, link.rtt_ms / 1000)
            await asyncio.sleep(WATCH_EVERY_S)

    # --- what the core tells ----------------------------------------------------------------------------------------

    def _told(self, event: Event) -> None:
        if isinstance(event, Folded):
            self._folded(event)
        elif isinstance(event, Held):
            self._deliveries.held(event)
            fields: dict[str, str | int | bool | None] = {"size": event.size, "at_s": event.at_s, "suite": event.suite}
            self._bell.ring(told.of("held", event.log, event.size - 1, fields))
        elif isinstance(event, Received):
            self._deliveries.received(event)
            self._bell.ring(told.of("held", event.log, event.number, {"at_s": event.at_s, "ahead": True}))
        elif isinstance(event, AheadArrived):
            self.stopping.ahead(event)
            self._bell.ring(told.ahead(event, self._nearby.rings))
        elif isinstance(event, Signing):
            if event.state == "ok":
                self._say_continued()
                if brings_cards(self):  # confirmed in a commit whose answer never came: nobody was told of it
                    self.reopen.set()
            self.tell("store", {"state": event.state, "reason": event.reason})
        elif isinstance(event, Fault):
            self.tell("fault", {"code": event.code, "sentence": event.sentence, "link": event.link})
        elif isinstance(event, Other):
            self._other(event)

    def _folded(self, event: Folded) -> None:
        row, entry = event.row, event.entry
        flash = entry is not None and entry.precedence == "FLASH"  # counted also while no desk listens
        if self._bell.heard or flash:
            self._bell.ring(told.entry(row, entry, row.log.side == self.us, self._nearby.rings))
        if row.verdict == "valid" and entry is not None:
            if row.kind == "channel.members" and row.log.side == self.us:
                self.desks.ask_again()
            self._duties.folded(event)
            self._files.folded(entry)
            for part in (self.calling, self.stopping, self.watches, self.readouts, self.finding):
                part.folded(event)
            self.escalating.folded(entry)
            if row.kind == "keys.confirmed" and brings_cards(self):
                self.reopen.set()

    def _say_continued(self) -> None:
        """After keys were lost and cards compared anew, both sides say in the record where the line goes on."""
        if not self._compared:
            return
        fact = continued_fact(self.identity, self.cards, self.store, self.book)
        if fact is not None:
            self._duties.also(self.state(fact))

    def _other(self, event: Other) -> None:
        if event.kind != Kind.SIGNAL:
            self._files.heard(event.link, event.frame)
            return
        try:
            self._nearby.heard(event)
        except PeerError as fault:
            self.blame(event.link, without_words(event.frame), fault)
            self._host.close_link(event.link, fault.code, fault.sentence)
