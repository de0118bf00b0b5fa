"""A text as both nodes see it: its frame (title, languages, signatures, fallback) and its units, each folded when read.

Owns: `TextView`, `FrameView`, and how far the text is signed. Units: unit_view.py. Numbers and words: content.py.
Always true: a signature holds for the digest it names. Both sides signed when two signatures over one digest stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from parley.record.binding import is_signed
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.parts import Parts, Plan
from parley.subjects.texts.facts import SIGNING
from parley.subjects.texts.outline import Outline, outline_of
from parley.subjects.texts.pairs import digest_of, pairs
from parley.subjects.texts.unit_view import Said, UnitView, fold_unit, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the text, and the side that answers for the words in it."""

    tag: str
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Initials or a signature: over which digest, in which office, by which full powers.

    grade: initialled · signed-ad-referendum · signed. bound: with the passkey the roster lists; else the node's word.
    """

    grade: str
    side: str
    person: str
    at: str
    digest: str
    office: str
    powers: str
    languages: tuple[str, ...]
    bound: bool
    stands: bool
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """The text as it was at a moment, kept frozen: proposed by one side, agreed by the other."""

    digest: str
    side: str
    at: str
    agreed: bool
    reason: str
    ref: Ref  # the proposal: the text is what its author had


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameView:
    """What belongs to the text as a whole. `signed`: the digest both sides signed for good; "" before."""

    subject: str
    channel: str
    side: str
    person: str
    at: str
    title: str
    form: str
    status: str
    languages: tuple[Language, ...]
    signatures: tuple[Signature, ...]
    fallbacks: tuple[Fallback, ...]
    comments: tuple[Said, ...]
    signed: str
    facts: int
    ref: Ref

    @property
    def tags(self) -> tuple[str, ...]:
        """Give the languages."""
        return tuple(one.tag for one in self.languages)

    def may_write(self, side: str, tag: str) -> bool:
        """Say whether this side answers for words in this language."""
        return any(one.tag == tag and one.side == side for one in self.languages)

    @property
    def fallback(self) -> Fallback | None:
        """Give the latest fallback both sides agreed to."""
        return next((one for one in reversed(self.fallbacks) if one.agreed), None)

    def signature_of(self, side: str, digest: str = "") -> Signature | None:
        """Give a side's latest standing signature (not initials), of this digest if one is named."""
        found = (one for one in reversed(self.signatures) if one.side == side and one.stands)
        return next((one for one in found if one.grade != "initialled" and digest in ("", one.digest)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """A text: its frame, and its units by name, each folded when it is read; `facts` counts all that was said."""

    frame: FrameView
    units: Mapping[str, UnitView] = field(compare=False)
    facts: int

    def outlines(self) -> Iterator[Outline]:
        """Give every unit in short; hardly any is folded for it."""
        return (Outline(*one) for one in cast(_Units, self.units).parts.outlines())

    @property
    def subject(self) -> str:
        """Give the subject."""
        return self.frame.subject

    @property
    def channel(self) -> str:
        """Give the channel."""
        return self.frame.channel


def fold_frame(acts: tuple[Act, ...]) -> FrameView | None:
    """Give the view of the frame; None if the text's opening is not among the acts."""
    if not acts or acts[0].entry.kind != "text.opened":
        return None
    first = acts[0]
    entry, body = first.entry, first.entry.body
    signing = [act for act in acts if act.entry.kind in SIGNING]
    taken = [act for act in acts if act.entry.kind == "text.signature-withdrawn"]
    for_good = pairs([act for act in signing if act.entry.kind == "text.signed"], taken)
    signed = digest_of(for_good[-1][1]) if for_good else ""
    return FrameView(
        subject=entry.subject, channel=entry.channel, side=entry.side, person=entry.person, at=entry.at,
        title=cast(str, body["title"]), form=cast(str, body["form"]), status=entry.status,
        languages=tuple(Language(tag=one["tag"], side=one["side"])
                        for one in cast("list[dict[str, str]]", body["languages"])),
        signatures=tuple(_signature(act, taken, for_good) for act in signing), fallbacks=_fallbacks(acts),
        comments=tuple(_comment(act) for act in acts if act.entry.kind == "text.commented"),
        signed=signed, facts=len(acts), ref=first.ref,
    )  # fmt: skip


def _signature(act: Act, taken: list[Act], for_good: list[tuple[Act, Act]]) -> Signature:
    entry, body = act.entry, act.entry.body
    paired = any(act in pair for pair in for_good)
    return Signature(
        grade=entry.kind.removeprefix("text."), side=entry.side, person=entry.person, at=entry.at,
        digest=digest_of(act), office=cast(str, body["office"]), powers=cast(str, body["powers"]),
        languages=tuple(cast("list[str]", body["languages"])), bound=is_signed(entry),
        stands=paired or not any(back.entry.refs[0].id == act.id for back in taken), ref=act.ref,
    )  # fmt: skip


def _fallbacks(acts: tuple[Act, ...]) -> tuple[Fallback, ...]:
    agreed = {act.entry.refs[0].id for act in acts if act.entry.kind == "text.fallback-agreed"}
    return tuple(
        Fallback(digest=digest_of(act), side=act.entry.side, at=act.entry.at, agreed=act.id in agreed,
                 reason=cast(str, act.entry.body["reason"]), ref=act.ref)
        for act in acts if act.entry.kind == "text.fallback-proposed"
    )  # fmt: skip


def _comment(act: Act) -> Said:
    entry, body = act.entry, act.entry.body
    return Said(
        side=entry.side, person=entry.person, at=entry.at, text=cast(str, body["text"]),
        language=cast(str, body["language"]), digest="", grade="", stands=True, ref=act.ref, about="",
    )  # fmt: skip


class _Units(Mapping[str, UnitView]):
    """The parts of a text, as units."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def in_short(self) -> Mapping[str, object]:
        """Give the outline of every unit by its name: what a line test compares, without folding them all."""
        return {str(one[0]): one for one in self.parts.outlines()}

    def __getitem__(self, name: str) -> UnitView:
        return cast(UnitView, self.parts[name])

    def __contains__(self, name: object) -> bool:
        return name in self.parts

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def _whole(frame: object, parts: Parts, facts: int) -> TextView | None:
    return TextView(frame=frame, units=_Units(parts), facts=facts) if isinstance(frame, FrameView) else None


PLAN = Plan(part=part_of, fold=fold_unit, frame=fold_frame, whole=_whole, outline=outline_of)
