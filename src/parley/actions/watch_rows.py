"""Rows about watches: who is there since when, shifts, notes of the hand-over, roll-calls, people."""

from __future__ import annotations

from msgspec import Struct


class HeldRow(Struct, frozen=True, kw_only=True):
    """A side's watch of a channel as it is now. A machine that is up says nothing about it.

    Attributes:
        there: Somebody is there; None where their node has not said so lately (the line is down).
        since: Since when somebody is there, or nobody; None if the side never took this watch.
        name, office: Who has it, if that side lists them; "" otherwise. Of our own side always.
        handed_over_at: When it was last handed over, somebody being there all the time.
    """

    there: bool | None
    since: str | None
    person: str = ""
    name: str = ""
    office: str = ""
    address: str = ""
    handed_over_at: str | None = None
    lapsed: bool = False  # a shift ended, and nobody took over


class ShiftRow(Struct, frozen=True, kw_only=True):
    """Somebody of ours who is to have the watch. Private."""

    id: str
    channel: str
    person: str
    name: str
    since: str
    until: str
    now: bool


class NoteRow(Struct, frozen=True, kw_only=True):
    """A note of the hand-over. Private. `read`: by whom (names) and when."""

    id: str
    channel: str
    at: str
    by: str
    by_name: str
    text: str
    read: tuple[tuple[str, str], ...]
    ours: bool  # it is of the person who asks


class RollRow(Struct, frozen=True, kw_only=True):
    """A roll-call. state: open | answered | unanswered | late (answered, and its asker had not heard it in time)."""

    subject: str
    channel: str
    ours: bool  # asked by us
    at: str
    asked_by: str  # name; "" for a node, at its interval
    answer_by: str
    state: str
    answered_at: str | None
    answered_by: str
    office: str
    status: str
    rings: bool  # of ours: nobody answered and no person here has cleared it; of theirs: it waits for our key


class WatchRow(Struct, frozen=True, kw_only=True):
    """The watch of one channel, as one person of ours sees it."""

    channel: str
    title: str
    ours: HeldRow
    theirs: HeldRow
    mine: bool  # the asking person has it
    relieved: bool = False  # somebody took it over from the asking person, who has not said yet that they know
    until: str | None  # when ours ends unless somebody takes over; private
    alarm: str  # "" | ends (within ten minutes) | lapsed (nobody took over) | untaken (a shift began, nobody took it)
    shifts: tuple[ShiftRow, ...]
    notes: tuple[NoteRow, ...]  # that wait for who comes on
    rolls: tuple[RollRow, ...]  # the latest, newest first
    roll_every_minutes: int
    may: frozenset[str]  # of: take stay leave note ask answer plan


class ListedRow(Struct, frozen=True, kw_only=True):
    """Somebody as their side publishes them to the other. `keys`: SHA-256 of each passkey they bind with, in hex."""

    person: str
    name: str
    office: str
    address: str  # the form of address their side asks for
    languages: tuple[str, ...]
    role: str
    roles: tuple[str, ...]  # all of them, `role` first
    binds: bool
    keys: tuple[str, ...]
    keys_by: str  # by what authority: "" none | "side" its node's word | "person" another who binds | "identity"
    since: str  # listed so, since
    on_watch_since: str | None


class ChannelPeopleRow(Struct, frozen=True, kw_only=True):
    """Both sides' people of a channel. `…_named`: that side named members; else everybody it lists belongs here."""

    channel: str
    title: str
    theirs: tuple[ListedRow, ...]
    ours: tuple[ListedRow, ...]
    theirs_named: bool
    ours_named: bool
    their_key: str  # digest of the card that speaks for them
    our_key: str
    their_key_words: tuple[str, ...]
    our_key_words: tuple[str, ...]
