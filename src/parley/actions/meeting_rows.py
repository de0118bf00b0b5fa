"""What the actions hand out about one meeting: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct

from parley.actions.rows import RefRow
from parley.actions.talk_rows import AttendeeRow, ContactRow, SaidRow
from parley.actions.zones import TimeRow


class OfferRow(Struct, frozen=True, kw_only=True):
    """Times that wait for an answer."""

    ours: bool
    at: str
    on_their_disk: str | None  # of ours: since when their node has it
    times: tuple[TimeRow, ...]
    reason: str
    answer_by: str
    no_answer: bool  # that time has passed


class DocumentRow(Struct, frozen=True, kw_only=True):
    """A document of an item: a file of a message in the channel."""

    name: str
    root: str
    message: str  # its subject; "" where it is not here


class ItemRow(Struct, frozen=True, kw_only=True):
    """One item of the agenda."""

    id: str
    ours: bool
    name: str
    at: str
    title: str
    note: str
    minutes: int
    planned: int  # doubled where interpretation is consecutive
    planned_at: str | None  # when it would be reached if each item before it took what is planned
    raised: bool
    agreed: bool
    withdrawn: bool
    documents: tuple[DocumentRow, ...]
    taken: bool
    running_since: str | None
    spent_s: int  # of the stretches that are over
    may: frozenset[str]  # of: agree withdraw document begin end


class NoteOfMeetingRow(Struct, frozen=True, kw_only=True):
    """A decision, an action, a next date or minutes; `entry` names it as "log number"."""

    id: str
    entry: str
    ours: bool
    name: str
    at: str
    what: str
    text: str
    who: str
    due: str | None
    subject: str  # of minutes that are a text
    agreed: bool
    may_agree: bool


class HeldItemRow(Struct, frozen=True, kw_only=True):
    """An item of ours to be raised."""

    id: str
    title: str
    note: str
    minutes: int
    name: str


class PaperRow(Struct, frozen=True, kw_only=True):
    """A paper of our side alone."""

    root: str
    name: str
    size: int
    by: str


class PreparedRow(Struct, frozen=True, kw_only=True):
    """What our side has ready, private to it."""

    raises: tuple[HeldItemRow, ...]
    papers: tuple[PaperRow, ...]
    terms: tuple[tuple[str, str], ...]
    released_at: str | None
    released_by: str


class MeetingCallRow(Struct, frozen=True, kw_only=True):
    """A call by which a meeting was held: who rang, who took it, from when to when."""

    subject: str
    ours: bool
    name: str
    at: str
    state: str  # ringing | active | declined | later | unanswered | missed | ended
    taken_by: str
    taken_at: str | None
    ended_at: str | None


class MeetingRow(Struct, frozen=True, kw_only=True):
    """One meeting: before, on the day, after."""

    subject: str
    channel: str
    channel_title: str
    ours: bool
    name: str
    office: str
    at: str
    purpose: str
    level: str
    form: str
    place: str
    minutes: int
    planned: int
    consecutive: bool
    languages: tuple[str, ...]
    body: str
    body_title: str
    status: str
    state: str
    time: TimeRow | None
    offers: tuple[OfferRow, ...]
    no_answer: bool
    begun: SaidRow | None
    ended: SaidRow | None
    history: tuple[SaidRow, ...]
    items: tuple[ItemRow, ...]
    agenda_planned: int
    attended_ours: tuple[AttendeeRow, ...]
    attended_theirs: tuple[AttendeeRow, ...]
    contacts_ours: tuple[ContactRow, ...]  # those who are there first; before anybody is named, our delegation
    floor: str  # ours | theirs | ""
    floor_since: str | None
    floor_ours_s: int
    floor_theirs_s: int
    notes: tuple[NoteOfMeetingRow, ...]
    minutes_of: tuple[NoteOfMeetingRow, ...]
    next_date: TimeRow | None
    prepared: PreparedRow | None
    calls: tuple[MeetingCallRow, ...]
    ref: RefRow
    # may: of accept decline offer cancel item hold prepare begin end floor attend note minutes open-minutes
    may: frozenset[str]


class NeutralFacts(Struct, frozen=True, kw_only=True):
    """What the record alone says of a meeting, for whoever writes about it.

    attended: by side, (name, office) each; items: titles of those taken; agreed: what both sides hold of notes and
    minutes, as (what, text); calls: those that name it, in order.
    """

    subject: str
    channel: str
    purpose: str
    asked_by_side: str
    asked_by: str
    asked_at: str
    begun_at: str | None
    ended_at: str | None
    attended: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    items: tuple[str, ...]
    agreed: tuple[tuple[str, str], ...]
    calls: tuple[MeetingCallRow, ...]
