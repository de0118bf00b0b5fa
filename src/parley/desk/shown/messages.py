"""Messages and drafts, as a page shows them."""

from __future__ import annotations

from msgspec import Struct


class FactShown(Struct, frozen=True, kw_only=True):
    """One of the four facts of delivery; `key` is author-disk, other-disk, shown or acknowledged."""

    key: str
    at: str | None
    by: str = ""
    name: str = ""  # of who acknowledged
    signed: bool = False  # with the passkey their side lists; else their node states it


class TranslationShown(Struct, frozen=True, kw_only=True):
    """A translation, always beside the original and never in its place."""

    grade: str
    language: str
    text: str
    at: str
    by: str = ""
    side: str = ""


class FileShown(Struct, frozen=True, kw_only=True):
    """An attachment named by its Merkle root."""

    root: str
    name: str
    media: str
    size: int
    held: int = 0  # bytes on our disk
    on_their_disk_at: str | None = None


class StepShown(Struct, frozen=True, kw_only=True):
    """One entry of a subject's history, in words."""

    at: str
    side: str
    person: str
    kind: str
    log: str
    number: int
    id: str
    note: str = ""
    verdict: str = "valid"
    reason: str = ""


class MessageShown(Struct, frozen=True, kw_only=True):
    """A message with its four facts."""

    subject: str
    channel: str
    side: str
    ours: bool
    person: str
    person_name: str
    at: str
    precedence: str
    status: str
    language: str
    text: str
    title: str = ""
    facts: tuple[FactShown, ...] = ()
    due: str | None = None
    overdue: bool = False
    waits: bool = False  # for the acknowledgement of the side that received it
    not_had_since: str | None = None  # set while the other node has not had it
    state: str = "in-force"  # in-force · corrected · cancelled · not-valid
    state_note: str = ""
    answers: str = ""
    answered_by: tuple[str, ...] = ()
    order: str = ""  # "" · awaiting-read-back · read-back · confirmed · not-confirmed
    read_back: str = ""
    read_back_id: str = ""
    words: str = ""  # id of the entry whose words are in force
    ahead: bool = False
    rang_as: str = ""  # ROUTINE, for a FLASH beyond the hour's allowance
    released_by: tuple[str, ...] = ()
    released_alone: bool = False
    signed: bool = False  # with the passkey its side lists for who released it; else its node states it
    signs: bool = False  # acknowledging it asks for a passkey
    corrected_text: str = ""
    corrected_at: str | None = None
    translations: tuple[TranslationShown, ...] = ()
    files: tuple[FileShown, ...] = ()
    history: tuple[StepShown, ...] = ()
    log: str = ""
    number: int = 0
    id: str = ""
    may: frozenset[str] = frozenset()  # acknowledge answer correct cancel translate read-back confirm

    @property
    def rings(self) -> str:
        """Give the precedence it rings with: less than its own beyond the hour's allowance."""
        return self.rang_as or self.precedence

    @property
    def anchor(self) -> str:
        """Give the id of its element on a page."""
        return "m-" + self.subject.replace("/", "-")

    @property
    def path(self) -> str:
        """Give its address at this desk."""
        return f"/channels/{self.channel}/{self.subject}"

    @property
    def waits_for_us(self) -> bool:
        """Tell whether the other side waits for our acknowledgement."""
        return self.waits and not self.ours


class ThreadShown(Struct, frozen=True, kw_only=True):
    """A stretch of a channel, newest first; `older` is the place to go on from, "" at the beginning."""

    messages: tuple[MessageShown, ...]
    older: str = ""


class DraftShown(Struct, frozen=True, kw_only=True):
    """A message not yet said. It lives on this side alone."""

    id: str
    channel: str
    channel_title: str
    precedence: str
    status: str
    language: str
    text: str
    title: str
    state: str  # draft · in-review · returned
    drafted_by: str
    drafted_by_name: str
    at: str
    note: str = ""
    reviewed_by: str = ""
    answers: str = ""
    order: bool = False
    files: tuple[FileShown, ...] = ()
    words: int = 0
    needs_second: bool = False
    may_release: bool = False
    why_not: str = ""  # in words, when it may not be released by this person
    signs: bool = False  # releasing it asks for a passkey
