"""Builders of the facts about a text: each gives a `Fact` in its complete form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parley.codec import JsonValue
from parley.record.names import Ref
from parley.subjects.kinds import Fact
from parley.subjects.texts.algebra import Change

Words = Mapping[str, str]  # by language


def open_text(channel: str, *, title: str, languages: Sequence[tuple[str, str]], form: str = "text") -> Fact:
    """Open a text; `languages` are pairs of a tag and the side that answers for the words in it."""
    listed: list[JsonValue] = [{"tag": tag, "side": side} for tag, side in languages]
    body: dict[str, JsonValue] = {"title": title, "form": form, "languages": listed}
    return Fact(channel=channel, kind="text.opened", subject=None, body=body)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], *refs: Ref) -> Fact:
    return Fact(channel=channel, kind=f"text.{kind}", subject=subject, body=body, refs=refs)


def add(
    channel: str, subject: str, *, level: str, parent: str, position: str, words: Words, renders: Sequence[str] = (),
    reason: str = "",
) -> Fact:  # fmt: skip
    """Add an article, paragraph or point: its first alternative, and the languages still to be given."""
    listed: list[JsonValue] = [{"tag": tag, "words": words[tag]} for tag in sorted(words)]
    left: list[JsonValue] = [*sorted(renders)]
    return _about(
        channel, "added", subject,
        {"level": level, "parent": parent, "position": position, "words": listed, "renders": left,
         "reason": reason},
    )  # fmt: skip


def propose(
    channel: str, subject: str, unit: str, base: Ref, changes: Mapping[str, Change], *, renders: Sequence[str] = (),
    reason: str = "",
) -> Fact:  # fmt: skip
    """Propose other words for a part of the alternative `base`; `renders` names the languages still to be given."""
    listed: list[JsonValue] = [_change(tag, changes[tag]) for tag in sorted(changes)]
    left: list[JsonValue] = [*sorted(renders)]
    body: dict[str, JsonValue] = {"unit": unit, "changes": listed, "renders": left, "reason": reason}
    return _about(channel, "proposed", subject, body, base)


def _change(tag: str, change: Change) -> dict[str, JsonValue]:
    return {"tag": tag, "start": change.start, "end": change.end, "words": change.words}


def render(channel: str, subject: str, unit: str, alternative: Ref, tag: str, change: Change) -> Fact:
    """Give an alternative in a language that it lacks."""
    return _about(channel, "rendered", subject, {"unit": unit, "change": _change(tag, change)}, alternative)


def accept(channel: str, subject: str, unit: str, alternative: Ref) -> Fact:
    """Accept the other side's alternative: its brackets come off."""
    return _about(channel, "accepted", subject, {"unit": unit}, alternative)


def withdraw(channel: str, subject: str, unit: str, alternative: Ref, reason: str = "") -> Fact:
    """Take our own alternative back."""
    return _about(channel, "withdrawn", subject, {"unit": unit, "reason": reason}, alternative)


def move(channel: str, subject: str, unit: str, *, parent: str, position: str) -> Fact:
    """Put a unit elsewhere."""
    return _about(channel, "moved", subject, {"unit": unit, "parent": parent, "position": position})


def agree(channel: str, subject: str, unit: str, digest: str, grade: str) -> Fact:
    """Agree to a unit's words, by their digest, ad referendum or for good."""
    return _about(channel, "agreed", subject, {"unit": unit, "digest": digest, "grade": grade})


def withdraw_agreement(channel: str, subject: str, unit: str, agreement: Ref, reason: str = "") -> Fact:
    """Take an agreement of ours back, while that may be."""
    return _about(channel, "agreement-withdrawn", subject, {"unit": unit, "reason": reason}, agreement)


def ask_reopen(channel: str, subject: str, unit: str, agreement: Ref, reason: str = "") -> Fact:
    """Ask that an agreed unit be opened again."""
    return _about(channel, "reopen-asked", subject, {"unit": unit, "reason": reason}, agreement)


def reopen(channel: str, subject: str, unit: str, asked: Ref) -> Fact:
    """Open it again, as the other side asked."""
    return _about(channel, "reopened", subject, {"unit": unit}, asked)


def mark_concordant(channel: str, subject: str, unit: str, digest: str) -> Fact:
    """Say that a unit's language versions say the same and are equally authentic."""
    return _about(channel, "concordant", subject, {"unit": unit, "digest": digest})


def comment(channel: str, subject: str, unit: str, text: str, language: str, *refs: Ref) -> Fact:
    """Say something about a unit, or about the text as a whole (""), where both sides read it."""
    return _about(channel, "commented", subject, {"unit": unit, "text": text, "language": language}, *refs)


def propose_fallback(channel: str, subject: str, digest: str, reason: str = "") -> Fact:
    """Propose to keep the text as it is now, frozen, beside the working text."""
    return _about(channel, "fallback-proposed", subject, {"digest": digest, "reason": reason})


def agree_fallback(channel: str, subject: str, proposed: Ref) -> Fact:
    """Agree to that."""
    return _about(channel, "fallback-agreed", subject, {}, proposed)


def sign(
    channel: str, subject: str, kind: str, *, digest: str, languages: Sequence[str], office: str, powers: str
) -> Fact:
    """Initial, sign ad referendum or sign the text with this digest, in that office, with those full powers."""
    body: dict[str, JsonValue] = {"digest": digest, "languages": list(languages), "office": office, "powers": powers}
    return Fact(channel=channel, kind=kind, subject=subject, body=body)


def withdraw_signature(channel: str, subject: str, signature: Ref, reason: str = "") -> Fact:
    """Take a signature of ours back, while the other side has not signed the same."""
    return _about(channel, "signature-withdrawn", subject, {"reason": reason}, signature)
