"""What waits for a person of ours, read off the record and the drafts: calls, urgent messages, reports, the line.

Owns: nothing; each function gives one kind anew each time. Does not own: who is told of it (escalating.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from parley import limits
from parley.node.calling import Calling
from parley.node.early import early
from parley.node.reported import unseen
from parley.node.ringing import rang_as_less
from parley.node.stopping import Stopping
from parley.people import drafts
from parley.people.escalation import Waits
from parley.record.names import LogId
from parley.storage.port import StoreReads
from parley.subjects import Book
from parley.subjects.incidents.facts import PRECEDENCE
from parley.subjects.watches import RollView
from parley.times import Moment, moment_text

Source = Callable[[], Iterable[Waits]]
_DOWN_MS = 5_000  # a cut is on both desks by then; shorter ones are a line's daily life
_ROLLS_LOOKED_AT = 32  # the latest of both sides: an open one is among them, for it ends within minutes
_URGENT = ("FLASH", "IMMEDIATE")


class House(Protocol):
    """What the sources read of the node."""

    @property
    def us(self) -> str: ...
    @property
    def them(self) -> str: ...
    @property
    def store(self) -> StoreReads: ...
    @property
    def book(self) -> Book: ...
    @property
    def calling(self) -> Calling: ...
    @property
    def stopping(self) -> Stopping: ...
    @property
    def default_status(self) -> str: ...
    @property
    def down_since(self) -> Moment | None: ...
    def moment(self) -> Moment: ...


def sources(node: House) -> dict[str, Source]:
    """Give the sources that every node has."""
    return {
        "call": lambda: calls(node),
        "message": lambda: messages(node),
        "draft": lambda: _drafts(node),
        "stop": lambda: _stops(node),
        "stop-decision": lambda: _decisions(node),
        "roll-call": lambda: _roll_calls(node),
        "incident": lambda: _incidents(node),
        "line": lambda: _line(node),
    }


def calls(node: House) -> Iterator[Waits]:
    """Give the calls of theirs that ring."""
    for room in node.book.line_view().channels:
        for view in node.calling.open_in(room.id):
            if view.state == "ringing" and view.side != node.us:
                yield Waits(
                    kind="call", channel=room.id, subject=view.subject, precedence=view.precedence, status=view.status,
                    since=view.at, session=view.session,
                )  # fmt: skip


def messages(node: House) -> Iterator[Waits]:
    """Give their FLASH and IMMEDIATE that nobody has acknowledged, but for a FLASH that rang as ROUTINE.

    Each precedence is bounded for itself, and so are drills: however much waits, a FLASH behind it rings as one.
    """
    for room in node.book.line_view().channels:
        found = [(item.subject, item.precedence, item.status, item.at) for item in node.book.open_items(room.id)
                 if item.side != node.us and item.precedence in _URGENT]  # fmt: skip
        given: Counter[tuple[str, str]] = Counter()
        for subject, precedence, status, at in (*found, *_early(node, room.id)):
            if given[precedence, status] == limits.ESCALATIONS_MAX:
                continue
            _, side, epoch, number = subject.split("/")
            if not rang_as_less(node.store, LogId(room.id, side, int(epoch)), int(number)):
                given[precedence, status] += 1
                yield Waits(
                    kind="message", channel=room.id, subject=subject, precedence=precedence, status=status, since=at
                )


def _early(node: House, channel: str) -> Iterator[tuple[str, str, str, str]]:
    for log, number, _, entry in early(node.store, node.them, channel):
        if entry.kind == "message.sent" and entry.precedence in _URGENT:
            yield f"message/{log.side}/{log.epoch}/{number}", entry.precedence, entry.status, entry.at


def _drafts(node: House) -> Iterator[Waits]:
    for draft in drafts.every(node.store):
        if draft.state in (drafts.REVIEW, drafts.APPROVED):
            since = moment_text(Moment(draft.submitted_at)) if draft.submitted_at else ""
            yield Waits(
                kind="draft", channel=draft.channel, subject=draft.id, precedence=draft.precedence, status=draft.status,
                since=since, not_for=frozenset((draft.drafted_by,)),
            )  # fmt: skip


def _stops(node: House) -> Iterator[Waits]:
    """Give the stops that wait for our side: nobody has taken it, a read-back to judge, a step of ours overdue."""
    for one in node.stopping.early():
        yield _stop(one.entry.channel, one.subject, one.entry.status, one.entry.at)
    for view in node.stopping.now():
        if node.stopping.waits_for_us(view):
            yield _stop(view.channel, view.subject, view.status, view.at)


def _decisions(node: House) -> Iterator[Waits]:
    """Give the stops that one of ours has taken and of which nobody has said yet that who decides has it."""
    for view in node.stopping.now():
        if view.side != node.us and view.open and view.taken is not None and view.reached is None:
            taken = view.taken
            yield _stop(view.channel, view.subject, view.status, taken.at, kind="stop-decision", taken_by=taken.person)


def _stop(channel: str, subject: str, status: str, since: str, *, kind: str = "stop", taken_by: str = "") -> Waits:
    return Waits(
        kind=kind, channel="" if channel == "line" else channel, subject=subject, precedence="FLASH", status=status,
        since=since, not_for=frozenset((taken_by,) if taken_by else ()),
    )  # fmt: skip


def _roll_calls(node: House) -> Iterator[Waits]:
    for row in node.store.recent("line", ("roll.asked",), before=None, count=_ROLLS_LOOKED_AT):
        view = node.book.view("line", row.subject)
        if isinstance(view, RollView) and view.side != node.us and view.state == "open":
            yield Waits(kind="roll-call", channel=view.channel, subject=view.subject, status=view.status, since=view.at)


def _incidents(node: House) -> Iterator[Waits]:
    """Give their first reports that nobody of ours has seen; the line channel's ring at every watch."""
    for channel in ("line", *(room.id for room in node.book.line_view().channels)):
        for one in unseen(node.store, node.book, channel):
            yield Waits(
                kind="incident", channel="" if channel == "line" else channel, subject=one.subject,
                precedence=PRECEDENCE, status=one.status, since=one.at,
            )  # fmt: skip


def _line(node: House) -> Iterator[Waits]:
    down = node.down_since
    if down is not None and node.moment() - down >= _DOWN_MS:
        yield Waits(kind="line", subject=moment_text(down), status=node.default_status, since=moment_text(down))
