"""What the actions hand out about emergency stops: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct


class StopSaid(Struct, frozen=True, kw_only=True):
    """Something said about a stop: when, by whom, in which words."""

    at: str
    name: str
    office: str
    text: str


class StopReadBackRow(Struct, frozen=True, kw_only=True):
    """A read-back of a stop."""

    at: str
    name: str
    text: str
    waits: bool  # to be confirmed or corrected
    earlier: bool  # of words that were corrected since
    id: str = ""  # of its entry


class StopStepRow(Struct, frozen=True, kw_only=True):
    """A step of a stop: by when it is due, by the clock of the side that raised it, and what it took."""

    step: str  # taken | read-back | confirmed | effected
    due: str
    within_ms: int
    done_at: str | None
    took_ms: int | None
    late: bool  # done, and later than due
    overdue: bool  # not done, and its time has passed
    by_us: bool  # our side owes it


class StopRow(Struct, frozen=True, kw_only=True):
    """One emergency stop as a desk shows it now."""

    subject: str
    channel: str
    ours: bool
    person: str
    person_name: str
    office: str
    what: str
    where: str
    since: str
    language: str
    about: str
    status: str
    at: str
    words_at: str
    version: int
    state: str  # raised | taken | read-back | confirmed | effected | not-possible | withdrawn
    on_their_disk: str | None
    rings_at: str | None  # a desk of the called side has shown it and rings, since
    taken: StopSaid | None
    reached: StopSaid | None  # who decides has it
    confirmed: StopSaid | None
    effected: StopSaid | None  # its text is the moment it stopped
    note: str
    not_possible: StopSaid | None
    withdrawn: StopSaid | None
    read_backs: tuple[StopReadBackRow, ...]
    corrections: tuple[StopSaid, ...]
    steps: tuple[StopStepRow, ...]
    overdue: str  # the first step that is overdue; "" for none
    overdue_by_us: bool
    clock_offset_ms: int | None  # their clock minus ours, as measured now
    open: bool
    needs: str  # of our side now: take | read-back | confirm | effect | see; "" for nothing
    ahead: bool = False  # came ahead of its log: it can be taken when its earlier entries are here
    may: frozenset[str] = frozenset()  # of: take read-back confirm correct reach effect not-possible withdraw clear
