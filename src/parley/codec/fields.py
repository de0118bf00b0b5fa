"""Strict, typed reading of decoded JSON: every field named, no field unknown, each fault with its path.

Owns: the wording of "expected …, got …" and the path in it. What is read is shown by kind and length, never quoted:
messages must not end in logs. Numbers may be shown.
Always true: after `done()` without error, the object held exactly the fields that were asked for.

    body = Reader(entry.body, "$.body")
    title = body.text("title", max_chars=limits.TITLE_CHARS_MAX)
    due = body.maybe_moment("due")
    body.done()
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from parley import limits
from parley.codec.canonical import JsonValue
from parley.codec.text import check_channel, check_person, check_side, unb64, unhex
from parley.errors import PeerError
from parley.times import read_moment

_T = TypeVar("_T")


class Reader:
    """Reads one JSON object, field by field; raises PeerError with `code` ("codec.field") on the first fault."""

    def __init__(self, value: object, where: str = "$", *, code: str = "codec.field") -> None:
        self.where = where
        self._code = code
        if not isinstance(value, dict):
            raise PeerError(code, f"{where}: expected an object, got {_shown(value)}")
        self._left: dict[str, JsonValue] = dict(value)

    def has(self, name: str) -> bool:
        """Say whether the field is there and not yet read."""
        return name in self._left

    def take(self, name: str) -> JsonValue:
        """Give the field's value, whatever it is."""
        if name not in self._left:
            raise self._fault(name, "a value", "nothing")
        return self._left.pop(name)

    def text(self, name: str, *, max_chars: int, min_chars: int = 1) -> str:
        """Give a text of `min_chars` to `max_chars` characters; its code points were checked when it was decoded."""
        return self._sized(name, self._of(name, str, "text"), min_chars, max_chars)

    def maybe_text(self, name: str, *, max_chars: int, min_chars: int = 1) -> str | None:
        """Give a text, or None if the field is left out (null is refused: one form for one meaning)."""
        return self.text(name, max_chars=max_chars, min_chars=min_chars) if self.has(name) else None

    def texts(self, name: str, *, max_items: int, max_chars: int, min_items: int = 0) -> tuple[str, ...]:
        """Give a list of texts."""
        found = []
        for number, item in enumerate(self.list(name, max_items=max_items, min_items=min_items)):
            if not isinstance(item, str):
                raise self._fault(f"{name}[{number}]", "text", _shown(item))
            found.append(self._sized(f"{name}[{number}]", item, 1, max_chars))
        return tuple(found)

    def integer(self, name: str, minimum: int = 0, maximum: int = limits.INTEGER_MAX) -> int:
        """Give an integer from `minimum` to `maximum`."""
        value = self._of(name, int, "an integer")
        if not minimum <= value <= maximum:
            raise self._fault(name, f"{minimum} to {maximum}", str(value))
        return value

    def maybe_integer(self, name: str, minimum: int = 0, maximum: int = limits.INTEGER_MAX) -> int | None:
        """Give an integer, or None if the field is left out."""
        return self.integer(name, minimum, maximum) if self.has(name) else None

    def boolean(self, name: str) -> bool:
        """Give true or false."""
        return self._of(name, bool, "true or false")

    def choice(self, name: str, allowed: Collection[str]) -> str:
        """Give a text that is one of `allowed`."""
        value = self._of(name, str, "text")
        if value not in allowed:
            shown = ", ".join(repr(word) for word in sorted(allowed))
            raise self._fault(name, f"one of {shown}", _shown(value))
        return value

    def match(self, name: str, form: re.Pattern[str], expected: str) -> str:
        """Give a text that matches the whole form; `expected` says the form in words."""
        value = self._of(name, str, "text")
        if not form.fullmatch(value):
            raise self._fault(name, expected, _shown(value))
        return value

    def moment(self, name: str) -> str:
        """Give a moment in its one text form (times.py)."""
        value = self._of(name, str, "a moment")
        try:
            read_moment(value)
        except PeerError as fault:
            raise self._fault(name, "a moment like 2026-11-23T10:00:00.000Z", fault.sentence) from None
        return value

    def maybe_moment(self, name: str) -> str | None:
        """Give a moment, or None if the field is left out."""
        return self.moment(name) if self.has(name) else None

    def side(self, name: str) -> str:
        """Give a side's id."""
        return self._named(name, "a side's id", check_side)

    def channel(self, name: str) -> str:
        """Give a channel's id."""
        return self._named(name, "a channel's id", check_channel)

    def person(self, name: str) -> str:
        """Give a person's id."""
        return self._named(name, "a person's id", check_person)

    def hex(self, name: str, size: int) -> str:
        """Give lower-case hex of `size` bytes, as text."""
        value = self._of(name, str, "hex")
        try:
            unhex(value, size)
        except PeerError:
            raise self._fault(name, f"{size} bytes in lower-case hex", _shown(value)) from None
        return value

    def data(self, name: str, size: int | None = None, *, max_bytes: int | None = None) -> bytes:
        """Give bytes written as base64: of exactly `size`, or at most `max_bytes`."""
        value = self._of(name, str, "base64")
        try:
            found = unb64(value, size)
        except PeerError as fault:
            raise self._fault(name, "base64" if size is None else f"{size} bytes in base64", fault.sentence) from None
        if max_bytes is not None and len(found) > max_bytes:
            raise self._fault(name, f"at most {max_bytes} bytes", f"{len(found)}")
        return found

    def list(self, name: str, *, max_items: int, min_items: int = 0) -> builtins.list[JsonValue]:
        """Give a list of `min_items` to `max_items` items, each still to be read."""
        value = self._of(name, list, "a list")
        if not min_items <= len(value) <= max_items:
            raise self._fault(name, f"{min_items} to {max_items} items", str(len(value)))
        return value

    def object(self, name: str) -> Reader:
        """Give a reader for an object within this one; call its `done()` too."""
        return Reader(self.take(name), f"{self.where}.{name}", code=self._code)

    def objects(self, name: str, *, max_items: int, min_items: int = 0) -> Iterator[Reader]:
        """Give a reader for each object of a list; call `done()` on each."""
        items = self.list(name, max_items=max_items, min_items=min_items)
        return (Reader(item, f"{self.where}.{name}[{n}]", code=self._code) for n, item in enumerate(items))

    def done(self) -> None:
        """Raise unless every field was read: an unknown field could mean one thing to them and nothing to us."""
        if self._left:
            raise PeerError(self._code, f"{self.where}: {len(self._left)} unknown fields, first {min(self._left)[:48]}")

    def _named(self, name: str, expected: str, check: Callable[[str], str]) -> str:
        value = self._of(name, str, expected)
        try:
            return check(value)
        except PeerError:
            raise self._fault(name, expected, _shown(value)) from None

    def _of(self, name: str, kind: type[_T], expected: str) -> _T:
        value = self.take(name)
        if type(value) is not kind:  # bool is an int to isinstance
            raise self._fault(name, expected, _shown(value))
        return value

    def _sized(self, name: str, value: str, min_chars: int, max_chars: int) -> str:
        if not min_chars <= len(value) <= max_chars:
            raise self._fault(name, f"{min_chars} to {max_chars} characters", str(len(value)))
        return value

    def _fault(self, name: str, expected: str, got: str) -> PeerError:
        return PeerError(self._code, f"{self.where}.{name}: expected {expected}, got {got}")


def _shown(value: object) -> str:
    """Give a value's kind and size, without what it says."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) <= limits.INTEGER_MAX else "an integer out of range"
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return type(value).__name__
