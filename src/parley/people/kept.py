"""How private values lie on disk, and reading them back.

Owns: the reader's type and the form (JSON of one flat record). Does not own: what is in them.
Always true: 1. A value that does not have the form we write stops the reading; it is never taken for something else.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from parley.errors import OurMistake

_T = TypeVar("_T")


class Values(Protocol):
    """What people/ reads: the values of a store."""

    def value(self, space: str, key: str) -> bytes | None: ...
    def values(
        self, space: str, *, prefix: str = "", after: str = "", count: int = 1000
    ) -> list[tuple[str, bytes]]: ...


def write(record: msgspec.Struct) -> bytes:
    """Give the bytes of a private record."""
    return msgspec.json.encode(record)


def read(decoder: msgspec.json.Decoder[_T], data: bytes) -> _T:
    """Read a private record; raises OurMistake `people.form` if it is not one of ours."""
    try:
        return decoder.decode(data)
    except msgspec.MsgspecError:
        raise OurMistake("people.form", "a private value on our own disk does not have the form we write") from None


def every(values: Values, space: str, decoder: msgspec.json.Decoder[_T]) -> list[tuple[str, _T]]:
    """Give all records of a space with their keys, in pages, so that the store may bound each."""
    found: list[tuple[str, _T]] = []
    after = ""
    while page := values.values(space, after=after, count=1000):
        found += [(key, read(decoder, data)) for key, data in page]
        after = page[-1][0]
    return found
