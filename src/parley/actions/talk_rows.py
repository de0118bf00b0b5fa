"""What the actions hand out about bodies, both sides' days and lists of meetings: frozen facts, as in rows.py."""

from __future__ import annotations

from msgspec import Struct

from parley.actions.zones import TimeRow


class SaidRow(Struct, frozen=True, kw_only=True):
    """Something said: by whom, when, with which words."""

    kind: str
    ours: bool
    name: str
    office: str
    at: str
    text: str


class AttendeeRow(Struct, frozen=True, kw_only=True):
    """Somebody by name and office; the form of address comes from their side's roster."""

    person: str
    name: str
    office: str
    address: str
    languages: tuple[str, ...]


class DelegationRow(Struct, frozen=True, kw_only=True):
    """Whom one side sends to a body."""

    at: str | None
    chair: str
    people: tuple[AttendeeRow, ...]


class ContactRow(Struct, frozen=True, kw_only=True):
    """Somebody to turn to about a body: on the roster and in its channel, or sent by their side."""

    person: str
    name: str
    office: str
    address: str  # the form of address their side asks for
    languages: tuple[str, ...]
    role: str  # "" where they are not on the roster
    sent: bool  # stands in their side's delegation


class MeetingLineRow(Struct, frozen=True, kw_only=True):
    """One meeting in a list."""

    subject: str
    channel: str
    channel_title: str
    ours: bool
    at: str
    purpose: str
    level: str
    form: str
    place: str
    status: str
    state: str
    body: str
    time: TimeRow | None
    minutes: int
    planned: int  # minutes, doubled where interpretation is consecutive
    sequence: int  # how often it was changed since its first time was agreed
    waits: str  # ours | theirs | "": whose answer is waited for
    answer_by: str | None
    no_answer: bool


class BodyLineRow(Struct, frozen=True, kw_only=True):
    """One body in the list."""

    subject: str
    channel: str
    title: str
    level: str
    state: str
    status: str
    ours: bool
    at: str
    next: TimeRow | None  # its next meeting


class TermRow(Struct, frozen=True, kw_only=True):
    """A term of the glossary that both sides keep: (language, word) each; what this person may do: agree, withdraw."""

    id: str
    ours: bool
    name: str
    at: str
    words: tuple[tuple[str, str], ...]
    note: str
    agreed: bool
    may: str


class BodyRow(Struct, frozen=True, kw_only=True):
    """One standing body."""

    subject: str
    channel: str
    channel_state: str
    title: str
    mandate: str
    level: str
    languages: tuple[str, ...]
    rhythm: str
    status: str
    state: str
    ours: bool
    at: str
    suspensions: tuple[SaidRow, ...]
    history: tuple[SaidRow, ...]
    delegation_ours: DelegationRow
    delegation_theirs: DelegationRow
    contacts_ours: tuple[ContactRow, ...]
    contacts_theirs: tuple[ContactRow, ...]
    meetings: tuple[MeetingLineRow, ...]
    terms: tuple[TermRow, ...]
    may: frozenset[str]  # of: agree decline withdraw suspend resume end delegation meet term


class CalendarRow(Struct, frozen=True, kw_only=True):
    """What a side states of its days."""

    ours: bool
    at: str | None
    zone: str
    zone_known: bool
    holidays: tuple[tuple[str, str], ...]


class CalendarsRow(Struct, frozen=True, kw_only=True):
    """Both sides' days."""

    ours: CalendarRow
    theirs: CalendarRow
    may_state: bool
