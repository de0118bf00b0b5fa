"""One entry of a log: a signed fact, with everything it binds, and its one byte form.

Owns: the fifteen fields every entry has, their bounds, writing and strict reading.
Does not own: what `kind` and `body` mean (subjects/), whether the entry was allowed (subjects/), who signed (notes.py).
Always true:
  1. `read_entry` takes canonical bytes and nothing else, so `encode_entry(read_entry(leaf)) == leaf`.
  2. Any bytes give an Entry or PeerError `record.unreadable`; an unreadable leaf is kept all the same (DESIGN 2.7).
  3. An entry names its own line, log and number: pasted elsewhere it contradicts itself.
Read first: docs/protocol/entries.md. Vectors: tests/vectors/entries.json.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NoReturn

from parley import limits
from parley.codec import JsonInput, JsonValue, check_texts, decode, encode
from parley.errors import OurMistake, PeerError
from parley.record.names import HASH_FORM, LINE_FORM, LogId, Past, Ref, log_of
from parley.record.tree import leaf_hash
from parley.times import is_moment

RULES: Final = 1  # the newest version of the rules this program writes and judges by
STATUSES: Final = frozenset(("actual", "exercise", "test"))
PRECEDENCES: Final = frozenset(("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", ""))
_KEYS: Final = frozenset((
    "at", "body", "channel", "epoch", "kind", "line", "number", "past", "person", "precedence", "refs", "rules",
    "side", "status", "subject",
))  # fmt: skip

_ODD_ESCAPE: Final = re.compile(rb'\\[^"\\nt]')
_KIND: Final = re.compile(r"[a-z][a-z0-9-]{0,31}(?:\.[a-z][a-z0-9-]{0,31}){1,3}")
_SUBJECT: Final = re.compile(rf"[a-z][a-z0-9.-]{{0,47}}(?:/[a-z0-9.-]{{1,{limits.CHANNEL_ID_CHARS_MAX}}}){{1,4}}")
_PERSON: Final = re.compile(rf"(?:[a-z][a-z0-9.-]{{0,{limits.PERSON_ID_CHARS_MAX - 1}}})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One signed fact. `person` is "" where the node itself speaks; `past` is sorted by the text of its logs."""

    rules: int
    line: str
    channel: str
    side: str
    epoch: int
    number: int
    past: tuple[Past, ...]
    refs: tuple[Ref, ...]
    at: str
    status: str
    precedence: str
    person: str
    kind: str
    subject: str
    body: dict[str, JsonValue]

    @property
    def log(self) -> LogId:
        """The log this entry says it belongs to."""
        return log_of(self.channel, self.side, self.epoch)


def entry_id(leaf: bytes) -> str:
    """Give the id of an entry: its leaf hash as 64 hex digits."""
    return leaf_hash(leaf).hex()


def encode_entry(entry: Entry) -> bytes:
    """Give the entry's one byte form.

    Raises:
        OurMistake: A field breaks the format; the caller should have refused the wish before.
    """
    past = entry.past
    fields: dict[str, Any] = {
        "at": entry.at,
        "body": entry.body,
        "channel": entry.channel,
        "epoch": entry.epoch,
        "kind": entry.kind,
        "line": entry.line,
        "number": entry.number,
        "past": {one.log.text: [one.size, one.root] for one in past},
        "person": entry.person,
        "precedence": entry.precedence,
        "refs": [[ref.log.text, ref.number, ref.id] for ref in entry.refs],
        "rules": entry.rules,
        "side": entry.side,
        "status": entry.status,
        "subject": entry.subject,
    }
    leaf = encode(fields)
    try:
        if len(leaf) > limits.ENTRY_BYTES_MAX:
            _unreadable("$", f"at most {limits.ENTRY_BYTES_MAX} bytes, got {len(leaf)}")
        _check_texts(leaf, fields)
        _check(fields)
        again = _read_past(fields["past"])
        _read_refs(fields["refs"])
    except PeerError as fault:
        raise OurMistake("record.ours", f"an entry of our own breaks the format: {fault.sentence}") from None
    if again != past or sorted(fields["past"]) != list(fields["past"]):
        raise OurMistake("record.ours", "an entry of our own has its past out of order or a log twice")
    return leaf


def read_entry(leaf: bytes) -> Entry:
    """Read one entry; raises PeerError `record.unreadable` that says what is wrong and where."""
    try:
        fields = decode(leaf)
        _check_texts(leaf, fields)
    except PeerError as fault:
        raise PeerError("record.unreadable", f"not a canonical entry: {fault.sentence}", cause=fault.code) from None
    if type(fields) is not dict:
        _unreadable("$", "an object")
    return _entry(fields)


def _check_texts(leaf: bytes, fields: JsonInput) -> None:
    """Raise PeerError `codec.text` unless every text in the entry keeps the rules; quick for plain ASCII.

    In canonical ASCII bytes a character that no text may hold stands either as 0x7f or behind a backslash.
    """
    if not leaf.isascii() or b"\x7f" in leaf or _ODD_ESCAPE.search(leaf) is not None:
        check_texts(fields)


def _check(fields: Mapping[str, Any]) -> None:
    """Raise PeerError `record.unreadable` unless the fields are those of an entry; `past` and `refs` read apart."""
    if fields.keys() != _KEYS:
        _unreadable("$", "the fifteen fields of an entry and no others")
    line, number, rules, at = fields["line"], fields["number"], fields["rules"], fields["at"]
    if type(line) is not str or LINE_FORM.fullmatch(line) is None:
        _unreadable("$.line", "32 hex digits")
    _check_log(fields["channel"], fields["side"], fields["epoch"])
    if type(number) is not int or number < 0:
        _unreadable("$.number", "a number from 0")
    if type(rules) is not int or rules < 1:
        _unreadable("$.rules", "a version from 1")
    if type(at) is not str or not is_moment(at):
        _unreadable("$.at", "a moment like 2026-11-23T10:00:00.000Z")
    status, precedence, body = fields["status"], fields["precedence"], fields["body"]
    if type(status) is not str or status not in STATUSES:
        _unreadable("$.status", "actual, exercise or test")
    if type(precedence) is not str or precedence not in PRECEDENCES:
        _unreadable("$.precedence", "FLASH, IMMEDIATE, PRIORITY, ROUTINE or nothing")
    person, kind, subject = fields["person"], fields["kind"], fields["subject"]
    if type(person) is not str or _PERSON.fullmatch(person) is None:
        _unreadable("$.person", "a person's id or nothing")
    if type(kind) is not str or _KIND.fullmatch(kind) is None:
        _unreadable("$.kind", "a kind like message.sent")
    if type(subject) is not str or _SUBJECT.fullmatch(subject) is None:
        _unreadable("$.subject", "a subject like message/north/0/12")
    if type(body) is not dict:
        _unreadable("$.body", "an object")


def _entry(fields: dict[str, Any]) -> Entry:
    """Make an entry of decoded fields; raises PeerError `record.unreadable`."""
    _check(fields)
    fields["past"], fields["refs"] = _read_past(fields["past"]), _read_refs(fields["refs"])
    return Entry(**fields)  # `_check` found the fifteen names and no other


def _check_log(channel: object, side: object, epoch: object) -> None:
    if type(channel) is not str or type(side) is not str or type(epoch) is not int:
        _unreadable("$.channel, $.side, $.epoch", "two names and a number")
    try:
        LogId.read(f"{channel}/{side}/{epoch}")  # neither name can hold a slash and still leave three good parts
    except PeerError:
        _unreadable("$.channel, $.side, $.epoch", "the name of a log")


def _read_past(value: object) -> tuple[Past, ...]:
    if type(value) is not dict or len(value) > limits.PAST_LOGS_MAX:
        _unreadable("$.past", f"an object of at most {limits.PAST_LOGS_MAX} logs")
    past = []
    for name, cut in value.items():  # the canonical form has the names sorted already
        if type(cut) is not list or len(cut) != 2:
            _unreadable("$.past", "size and root for each log")
        size, root = cut
        if type(size) is not int or type(root) is not str:
            _unreadable("$.past", "a size from 1 and a root of 64 hex digits for each log")
        past.append(_read_one_past(name, size, root))
    return tuple(past)


@lru_cache(maxsize=1024)
def _read_one_past(name: str, size: int, root: str) -> Past:
    """Read one prefix; entries that follow one another mostly name the same ones."""
    if size < 1 or HASH_FORM.fullmatch(root) is None:
        _unreadable("$.past", "a size from 1 and a root of 64 hex digits for each log")
    return Past(_named("$.past", name), size, root)


def _read_refs(value: object) -> tuple[Ref, ...]:
    if type(value) is not list or len(value) > limits.REFS_MAX:
        _unreadable("$.refs", f"a list of at most {limits.REFS_MAX} entries")
    refs = []
    for item in value:
        if type(item) is not list or len(item) != 3:
            _unreadable("$.refs", "log, number and id for each entry")
        name, number, found = item
        if type(number) is not int or number < 0 or type(found) is not str or HASH_FORM.fullmatch(found) is None:
            _unreadable("$.refs", "a number from 0 and an id of 64 hex digits")
        refs.append(Ref(_named("$.refs", name), number, found))
    return tuple(refs)


def _named(where: str, name: object) -> LogId:
    try:
        return LogId.read(name if type(name) is str else "")
    except PeerError:
        _unreadable(where, "names of logs")


def _unreadable(where: str, expected: str) -> NoReturn:
    raise PeerError("record.unreadable", f"{where}: expected {expected}", where=where)


def body_text(entry: Entry, name: str) -> str:
    """Give a text of the body for showing, or "" where there is none; for reports that must not fail on odd bodies."""
    value = entry.body.get(name)
    return value if isinstance(value, str) else ""


def one_line(text: str) -> str:
    """Keep what a side wrote from looking like a line of a report."""
    return " ".join(text.split())
