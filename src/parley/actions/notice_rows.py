"""What the actions hand out about notices: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from parley.actions.commitment_rows import CitingRow
from parley.actions.rows import RefRow


class NoticeFormRow(Struct, frozen=True, kw_only=True):
    """One form of a notice; `follows` is the form before it, None for the first."""

    form: int
    kind: str  # given | amended | extended | cancelled | ended
    at: str
    name: str
    office: str
    reason: str
    since: str
    until: str
    ref: RefRow
    follows: RefRow | None
    on_their_disk: str | None
    acknowledged: tuple[str, ...]  # names of those of the other side who have read this form


class OverlapRow(Struct, frozen=True, kw_only=True):
    """Another notice that meets this one in area and time. Private: reckoned here, never sent.

    subject: "" for a movement of our own, of which the other side knows nothing.
    """

    subject: str
    channel: str
    ours: bool
    number: str
    what: str
    title: str
    since: str  # from when until when both last
    until: str


class MovementRow(Struct, frozen=True, kw_only=True):
    """A movement of our own forces. Private: neither it nor what it overlaps is ever sent."""

    id: str
    title: str
    since: str
    until: str
    area_text: str
    low_m: int | None
    high_m: int | None
    by_name: str
    overlaps: tuple[OverlapRow, ...]
    compared: bool


class LeadRow(Struct, frozen=True, kw_only=True):
    """How long beforehand notice was due, by which article, and whether it came in time. Private, never blocked."""

    hours: int
    given_hours: int  # that it came before the beginning; negative where it came after
    late: bool
    book: str
    version: int
    article: str
    title: str


class NoticeRow(Struct, frozen=True, kw_only=True):
    """One notice as a desk shows it now.

    area: As an entry holds it (docs/protocol/places.md); None where it has none. area_text: As people paste it.
    basis: In words; basis_adopted: False where it names an article that no adopted document has.
    overlaps: What it meets; compared: False where there was too much to compare.
    """

    subject: str
    channel: str
    ours: bool
    number: str
    what: str
    title: str
    since: str
    until: str
    area: dict[str, Any] | None
    area_text: str
    low_m: int | None
    high_m: int | None
    forces: str
    contact: str
    basis: str
    basis_book: str
    basis_version: int
    basis_article: str
    basis_adopted: bool
    text: str
    language: str
    status: str
    state: str  # given | cancelled | ended
    in_force: bool
    person_name: str
    office: str
    at: str
    lead: LeadRow | None
    overlaps: tuple[OverlapRow, ...]
    compared: bool
    forms: tuple[NoticeFormRow, ...]
    ref: RefRow
    may: frozenset[str] = frozenset()  # of: amend extend cancel end acknowledge
    commitment: CitingRow | None = None  # that it cites


class NoticesRow(Struct, frozen=True, kw_only=True):
    """Notices that last into some days, by their beginning; `more`: there are more than are given."""

    since: str
    until: str
    notices: tuple[NoticeRow, ...]
    more: bool


class CheckedRow(Struct, frozen=True, kw_only=True):
    """A notice that is not given yet, as it would be: what was read of it, whether it is late, what it overlaps."""

    number: str
    since: str
    until: str
    area: dict[str, Any] | None
    area_text: str
    low_m: int | None
    high_m: int | None
    lead: LeadRow | None
    overlaps: tuple[OverlapRow, ...]
    compared: bool
