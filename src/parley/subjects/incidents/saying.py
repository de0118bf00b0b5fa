"""Builders of the facts about an incident. Shapes are read in facts.py; rules.py says when one is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from parley.codec import JsonInput, JsonValue
from parley.record.names import Ref
from parley.subjects.incidents.facts import list_digest
from parley.subjects.incidents.report import Report, write
from parley.subjects.kinds import Fact


def report(channel: str, told: Report, *, about: str = "", attachments: Sequence[dict[str, JsonValue]] = ()) -> Fact:
    """Report an incident first; `about` names the channel it is about, in the line channel."""
    body = write(told) | ({"about": about} if about else {}) | _files(attachments)
    return Fact(channel=channel, kind="incident.reported", subject=None, body=body)


def account(
    channel: str, subject: str, told: Report, *, stage: str, attachments: Sequence[dict[str, JsonValue]] = ()
) -> Fact:
    """Give one's own side's account; stage "full" is the one that is due in 15 days."""
    return _about(channel, "account", subject, {"stage": stage, **write(told), **_files(attachments)})


def no_knowledge(channel: str, subject: str, text: str = "") -> Fact:
    """Say that one's side knows nothing of it."""
    return _about(channel, "no-knowledge", subject, _maybe(text))


def add_evidence(channel: str, subject: str, attachments: Sequence[dict[str, JsonValue]], note: str = "") -> Fact:
    """Add files: {root, size, media, name, taken?, source?}."""
    return _about(channel, "evidence", subject, _files(attachments) | ({"note": note} if note else {}))


def propose_offset(channel: str, subject: str, own: str, other: str, ms: int) -> Fact:
    """Propose how two recordings lie on one clock: moment t of our file is moment t + ms of theirs."""
    return _about(channel, "offset-proposed", subject, {"files": [own, other], "ms": ms})


def agree_offset(channel: str, subject: str, proposal: Ref) -> Fact:
    """Agree that they do."""
    return _about(channel, "offset-agreed", subject, {}, (proposal,))


def propose_join(channel: str, subject: str, other_channel: str, other: str) -> Fact:
    """Propose that another report tells of the same event."""
    return _about(channel, "join-proposed", subject, {"channel": other_channel, "other": other})


def join(channel: str, subject: str, proposal: Ref) -> Fact:
    """Agree that it does."""
    return _about(channel, "joined", subject, {}, (proposal,))


def ask(channel: str, subject: str, text: str, language: str) -> Fact:
    """Put a question to the other side."""
    return _about(channel, "asked", subject, {"text": text, "language": language})


def answer(channel: str, subject: str, query: Ref, text: str, language: str) -> Fact:
    """Answer one question of theirs."""
    return _about(channel, "answered", subject, {"text": text, "language": language}, (query,))


def ask_meeting(channel: str, subject: str, text: str) -> Fact:
    """Ask for a meeting about it."""
    return _about(channel, "meeting-asked", subject, {"text": text})


def answer_meeting(channel: str, subject: str, asking: Ref, *, accepted: bool, text: str) -> Fact:
    """Answer that, with words: when and where, or why not."""
    return _about(channel, "meeting-answered", subject, {"accepted": accepted, "text": text}, (asking,))


def state(channel: str, subject: str, text: str, language: str) -> Fact:
    """Put one sentence for the other side to take a stand on."""
    return _about(channel, "stated", subject, {"text": text, "language": language})


def unstate(channel: str, subject: str, statement: Ref, text: str = "") -> Fact:
    """Take back a sentence of one's own."""
    return _about(channel, "unstated", subject, _maybe(text), (statement,))


def stand(channel: str, subject: str, statement: Ref, taken: str, text: str = "") -> Fact:
    """Take a stand on a sentence of the other side: agreed, disputed or law-disputed; own words beside it."""
    return _about(channel, "stood", subject, {"stand": taken, "text": text}, (statement,))


def freeze(channel: str, subject: str, statements: Sequence[tuple[Ref, dict[str, JsonValue]]]) -> Fact:
    """Propose a list of agreed statements as it is to be signed: each by its entry, with {number, text, language}."""
    body: dict[str, JsonValue] = {"facts": [words for _, words in statements]}
    return _about(channel, "frozen", subject, body, tuple(ref for ref, _ in statements))


def sign(channel: str, subject: str, frozen: Ref, facts: JsonValue) -> Fact:
    """Sign a frozen list, word for word."""
    told: JsonInput = facts
    return _about(channel, "signed", subject, {"facts": facts, "digest": list_digest(subject, told)}, (frozen,))


def propose_closing(channel: str, subject: str, text: str) -> Fact:
    """Propose to close it jointly; `text` says how it ended."""
    return _about(channel, "close-proposed", subject, {"text": text})


def close(channel: str, subject: str, proposal: Ref) -> Fact:
    """Agree to that: it is closed."""
    return _about(channel, "closed", subject, {}, (proposal,))


def close_alone(channel: str, subject: str, text: str) -> Fact:
    """Close it for one's own side, with reasons."""
    return _about(channel, "closed-alone", subject, {"text": text})


def reopen(channel: str, subject: str, text: str) -> Fact:
    """Open it again, with reasons."""
    return _about(channel, "reopened", subject, {"text": text})


def hold_file(channel: str, subject: str, root: str) -> Fact:
    """State that a file of theirs is whole on our disk."""
    return _about(channel, "held", subject, {"root": root})


def _about(channel: str, name: str, subject: str, body: dict[str, JsonValue], refs: tuple[Ref, ...] = ()) -> Fact:
    return Fact(channel=channel, kind=f"incident.{name}", subject=subject, body=body, refs=refs)


def _maybe(text: str) -> dict[str, JsonValue]:
    return {"text": text} if text else {}


def _files(attachments: Sequence[dict[str, JsonValue]]) -> dict[str, JsonValue]:
    return {"attachments": list(attachments)} if attachments else {}
