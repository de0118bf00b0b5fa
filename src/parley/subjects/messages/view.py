"""A message as both nodes see it, folded from its acts.

Owns: `MessageView` and the fold. Depends on acts alone: no clock, no arrival, no cosignature; countdowns and delivery
lights are worked out beside it (actions/).
Always true: 1. An acknowledgement or a translation is of the text its author had seen; a later correction shows so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from parley.record.binding import is_signed
from parley.record.entry import Entry
from parley.record.names import Ref
from parley.subjects.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A desk of the other side has shown it."""

    side: str
    person: str  # "" where the desk shows it to nobody in particular
    desk: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A person of the other side acknowledged it. `version` counts the corrections that person's node held."""

    side: str
    person: str
    at: str
    note: str
    version: int
    signed: bool  # with the key their side lists for the person
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A later text for the same message; the earlier ones stay readable."""

    text: str
    language: str
    reason: str
    person: str
    at: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One rendering; `version` says of which text (0 = the first)."""

    grade: str
    language: str
    text: str
    by: str
    side: str
    person: str
    at: str
    version: int
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """One read-back of an order and what its author said to it: `state` is waiting, confirmed or not-confirmed."""

    text: str
    person: str
    at: str
    version: int
    state: str
    answer: str
    answered_by: str
    answered_at: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file the message names, and since when the other side says that it holds all of it ("" = not yet)."""

    root: str
    size: int
    media: str
    name: str
    held_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message.

    text, language: The words in force: the first ones or the last correction's.
    version: How many corrections there are.
    state: open, acknowledged (the text in force, by somebody of the other side) or cancelled.
    order_state: "" for no order, else asked, read-back, confirmed or not-confirmed, for the text in force.
    """

    subject: str
    channel: str
    ref: Ref
    side: str
    person: str
    precedence: str
    status: str
    at: str
    due: str
    title: str
    text: str
    language: str
    first_text: str
    first_language: str
    version: int
    state: str
    drafted_by: str
    released_by: tuple[str, ...]
    released_alone: bool
    signed: bool  # with the key its side lists for the person
    order: bool
    order_state: str
    answers: str
    attachments: tuple[Attachment, ...]
    shown: tuple[Shown, ...]
    acknowledged: tuple[Acknowledged, ...]
    corrections: tuple[Correction, ...]
    translations: tuple[Translation, ...]
    read_backs: tuple[ReadBack, ...]
    cancelled_at: str
    cancelled_by: str
    cancel_reason: str

    @property
    def words(self) -> tuple[Ref, ...]:
        """Give the entries whose words are in force: the message itself, and its last correction."""
        return (self.ref, self.corrections[-1].ref) if self.corrections else (self.ref,)

    @property
    def awaiting(self) -> bool:
        """Whether somebody of the other side still has to acknowledge the text in force."""
        return self.state == "open"


def fold(acts: tuple[Act, ...]) -> MessageView | None:
    """Give the view of a message from its valid acts in order; None before it is sent."""
    if not acts or acts[0].entry.kind != "message.sent":
        return None
    opening = acts[0].entry
    body = opening.body
    corrections = _of(acts, "message.corrected")
    cancelled = next(iter(_of(acts, "message.cancelled")), None)
    acknowledged = tuple(_acknowledged(act, corrections) for act in _of(acts, "message.acknowledged"))
    read_backs = _read_backs(acts, corrections)
    version = len(corrections)
    force = corrections[-1].entry.body if corrections else body
    return MessageView(
        subject=opening.subject,
        channel=opening.channel,
        ref=acts[0].ref,
        side=opening.side,
        person=opening.person,
        precedence=opening.precedence,
        status=opening.status,
        at=opening.at,
        due=_text(body, "due"),
        title=_text(body, "title"),
        text=_text(force, "text"),
        language=_text(force, "language"),
        first_text=_text(body, "text"),
        first_language=_text(body, "language"),
        version=version,
        state=_state(cancelled, acknowledged, version),
        drafted_by=_text(body, "drafted_by"),
        released_by=tuple(cast("list[str]", body["released_by"])),
        released_alone=body["released_alone"] is True,
        signed=is_signed(opening),
        order=body["order"] is True,
        order_state=_order_state(body["order"] is True, read_backs, version),
        answers=_text(body, "answers"),
        attachments=_attachments(opening, _of(acts, "file.held")),
        shown=tuple(_shown(act) for act in _of(acts, "message.shown")),
        acknowledged=acknowledged,
        corrections=tuple(_correction(act) for act in corrections),
        translations=tuple(_translation(act, corrections) for act in _of(acts, "message.translated")),
        read_backs=read_backs,
        cancelled_at=cancelled.entry.at if cancelled else "",
        cancelled_by=cancelled.entry.person if cancelled else "",
        cancel_reason=_text(cancelled.entry.body, "reason") if cancelled else "",
    )


def _text(body: object, name: str) -> str:
    value = cast("dict[str, object]", body).get(name)
    return value if isinstance(value, str) else ""


def _of(acts: tuple[Act, ...], kind: str) -> list[Act]:
    return [act for act in acts if act.entry.kind == kind]


def _version(act: Act, corrections: list[Act]) -> int:
    """Count the corrections this act had seen: the text it speaks of."""
    return sum(1 for correction in corrections if act.saw(correction))


def _state(cancelled: Act | None, acknowledged: tuple[Acknowledged, ...], version: int) -> str:
    if cancelled is not None:
        return "cancelled"
    return "acknowledged" if any(one.version == version for one in acknowledged) else "open"


def _shown(act: Act) -> Shown:
    entry = act.entry
    return Shown(side=entry.side, person=entry.person, desk=_text(entry.body, "desk"), at=entry.at)


def _acknowledged(act: Act, corrections: list[Act]) -> Acknowledged:
    entry = act.entry
    return Acknowledged(
        side=entry.side,
        person=entry.person,
        at=entry.at,
        note=_text(entry.body, "note"),
        version=_version(act, corrections),
        signed=is_signed(entry),
        ref=act.ref,
    )


def _attachments(opening: Entry, held: list[Act]) -> tuple[Attachment, ...]:
    since: dict[str, str] = {}
    for act in held:
        since.setdefault(_text(act.entry.body, "root"), act.entry.at)
    return tuple(
        Attachment(
            root=_text(item, "root"),
            size=cast(int, item["size"]),
            media=_text(item, "media"),
            name=_text(item, "name"),
            held_at=since.get(_text(item, "root"), ""),
        )
        for item in cast("list[dict[str, object]]", opening.body["attachments"])
    )


def _correction(act: Act) -> Correction:
    entry = act.entry
    return Correction(
        text=_text(entry.body, "text"),
        language=_text(entry.body, "language"),
        reason=_text(entry.body, "reason"),
        person=entry.person,
        at=entry.at,
        ref=act.ref,
    )


def _translation(act: Act, corrections: list[Act]) -> Translation:
    entry = act.entry
    return Translation(
        grade=_text(entry.body, "grade"),
        language=_text(entry.body, "language"),
        text=_text(entry.body, "text"),
        by=_text(entry.body, "by"),
        side=entry.side,
        person=entry.person,
        at=entry.at,
        version=_version(act, corrections),
        ref=act.ref,
    )


def _read_backs(acts: tuple[Act, ...], corrections: list[Act]) -> tuple[ReadBack, ...]:
    answers = [act for act in acts if act.entry.kind in ("message.confirmed", "message.not-confirmed")]
    found = []
    for act in acts:
        if act.entry.kind != "message.read-back":
            continue
        answer = next((one for one in answers if one.names(act)), None)
        found.append(
            ReadBack(
                text=_text(act.entry.body, "text"),
                person=act.entry.person,
                at=act.entry.at,
                version=_version(act, corrections),
                state="waiting" if answer is None else answer.entry.kind.removeprefix("message."),
                answer=_text(answer.entry.body, "text") if answer else "",
                answered_by=answer.entry.person if answer else "",
                answered_at=answer.entry.at if answer else "",
                ref=act.ref,
            )
        )
    return tuple(found)


def _order_state(order: bool, read_backs: tuple[ReadBack, ...], version: int) -> str:
    if not order:
        return ""
    current = [one for one in read_backs if one.version == version]
    if any(one.state == "confirmed" for one in current):
        return "confirmed"
    if not current:
        return "asked"
    return "read-back" if current[-1].state == "waiting" else "not-confirmed"
