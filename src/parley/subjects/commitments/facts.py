"""What may be said about a commitment: proposed, promised, agreed, declined, withdrawn, and how each side views it.

Owns: the bodies, strictly read, and their builders. Does not own: the rule (rules.py).
Read first: docs/protocol/commitments.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, reason
from parley.subjects.kinds import Body, Fact, Kind

SOURCES: Final = ("text", "minutes", "message", "free")
VIEWS: Final = ("not-begun", "under-way", "kept", "kept-in-part", "not-kept", "overtaken")


def digest(words: str) -> str:
    """Give the digest of quoted words: SHA-256 over their UTF-8 bytes, as hex."""
    return hashlib.sha256(words.encode()).hexdigest()


def _made(body: Body) -> None:
    reader = Reader(body, "$.body")
    sides = reader.texts("who", max_items=2, min_items=1, max_chars=limits.SIDE_ID_CHARS_MAX)
    if list(sides) != sorted(set(sides)):
        raise PeerError("codec.field", "$.body.who: expected each side once, in order")
    reader.text("what", max_chars=limits.NOTE_CHARS_MAX)
    due = reader.take("due")
    if due != "":
        Reader({"due": due}, "$.body").moment("due")
    reader.text("seen", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    source = reader.object("source")
    free = source.choice("from", SOURCES) == "free"
    source.text("place", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    words = source.text("words", max_chars=limits.NOTE_CHARS_MAX, min_chars=0 if free else 1)
    stated = source.take("digest")
    source.done()
    reader.done()
    if stated != (digest(words) if words else ""):
        raise PeerError("codec.field", "$.body.source.digest: expected the digest of the quoted words")


def _viewed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("state", VIEWS)
    reader.moment("as_of")
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    for one in reader.objects("evidence", max_items=limits.ATTACHMENTS_MAX):
        one.text("text", max_chars=limits.TITLE_CHARS_MAX)
        root = one.take("root")
        if root != "":
            Reader({"root": root}, one.where).hex("root", 32)
        one.done()
    reader.done()


KINDS: Final = (
    Kind("commitment.proposed", "commitment", False, "person", _made, opens=True),
    Kind("commitment.promised", "commitment", False, "person", _made, opens=True),
    Kind("commitment.agreed", "commitment", False, "person", empty),
    Kind("commitment.declined", "commitment", False, "person", reason),
    Kind("commitment.withdrawn", "commitment", False, "person", reason),
    Kind("commitment.viewed", "commitment", False, "person", _viewed),
)


def make(
    channel: str, *, unilateral: bool, who: Sequence[str], what: str, due: str, seen: str, source: str, place: str,
    words: str, entry: Ref | None,
) -> Fact:  # fmt: skip
    """Propose a commitment, or record our own promise; `entry` holds the words it is taken from."""
    told: dict[str, JsonValue] = {
        "who": [*sorted(set(who))], "what": what, "due": due, "seen": seen,
        "source": {"from": source, "place": place, "words": words, "digest": digest(words) if words else ""},
    }  # fmt: skip
    kind = "commitment.promised" if unilateral else "commitment.proposed"
    return Fact(channel=channel, kind=kind, subject=None, body=told, refs=() if entry is None else (entry,))


def about(channel: str, subject: str, kind: str, body: dict[str, JsonValue] | None = None, *refs: Ref) -> Fact:
    """Make any other fact about a commitment."""
    return Fact(channel=channel, kind=f"commitment.{kind}", subject=subject, body=body or {}, refs=refs)


def see(
    channel: str, subject: str, *, state: str, as_of: str, note: str, evidence: Sequence[tuple[str, str]],
    entries: Sequence[Ref] = (),
) -> Fact:  # fmt: skip
    """State our side's view; evidence is (words, root of a file or ""), entries are further evidence in the record."""
    shown: list[JsonValue] = [{"text": text, "root": root} for text, root in evidence]
    told: dict[str, JsonValue] = {"state": state, "as_of": as_of, "note": note, "evidence": shown}
    return about(channel, subject, "viewed", told, *entries)
