"""The one byte form of a signed JSON value (RFC 8785), and the strict reading of it.

Owns: which JSON values exist for us, their bounds, their bytes.
Does not own: what a text may hold (text.py), what fields mean (fields.py and the rooms above).
Always true:
  1. A value has one byte form; `decode` takes that form and no other: what is hashed can be made again from the value.
  2. Any bytes give a value or PeerError, within the bounds of limits.py.
  3. No floats. Keys are printable ASCII, so that sorting by UTF-16 units (RFC 8785 section 3.2.3) is sorting by bytes.
Read first: docs/protocol/codec.md. Why msgspec, and why it is checked after: DESIGN.md, "Speed".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from parley import limits
from parley.codec.text import check_text, plainly_clean
from parley.errors import OurMistake, PeerError

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | bool | None"
JsonInput: TypeAlias = "Mapping[str, JsonInput] | Sequence[JsonInput] | str | int | bool | None"

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder()
_INTEGER_MAX: Final = limits.INTEGER_MAX
_CONTAINERS: Final = (dict, list, tuple)


def encode(value: JsonInput) -> bytes:
    """Give the canonical bytes of a value of our own.

    Raises:
        OurMistake: The value has a float, a key that is not printable ASCII, a lone surrogate, or passes a bound.
    Source: RFC 8785; vectors in tests/vectors/canonical.json.
    """
    try:
        _check(value)
        return _ENCODER.encode(value)
    except PeerError as fault:
        raise OurMistake("codec.ours", f"a value of our own cannot be written: {fault.sentence}") from None
    except (UnicodeEncodeError, RecursionError):
        raise OurMistake("codec.ours", "a value of our own cannot be written: bad text, or nested too deep") from None


def decode(data: bytes, *, bytes_max: int = limits.ENTRY_BYTES_MAX) -> JsonValue:
    """Give the value whose canonical bytes are exactly `data`.

    Raises:
        PeerError: codec.size, codec.json, codec.depth, codec.members, codec.number, codec.key, or codec.form when the
            bytes are JSON but not the one form of their value (spaces, order, escapes, a key twice, -0, …).
    """
    if len(data) > bytes_max:
        raise PeerError("codec.size", f"expected at most {bytes_max} bytes, got {len(data)}")
    try:
        value: JsonValue = _DECODER.decode(data)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PeerError("codec.json", "the bytes are not JSON in UTF-8") from None
    _check(value)
    again = _ENCODER.encode(value)
    if again != data:
        raise PeerError("codec.form", f"not the canonical form: byte {_first_difference(data, again)} differs")
    return value


def decode_clean(data: bytes, *, bytes_max: int = limits.ENTRY_BYTES_MAX) -> JsonValue:
    """Give the value of canonical `data` in which, moreover, every string keeps the rules of `check_text`."""
    value = decode(data, bytes_max=bytes_max)
    if not plainly_clean(data):
        check_texts(value)
    return value


def check_texts(value: JsonInput, where: str = "$") -> None:
    """Raise PeerError `codec.text` if any string within the value breaks the rules of `check_text`; keys are ASCII."""
    if isinstance(value, str):
        check_text(value, where)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            check_texts(member, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            check_texts(item, f"{where}[{number}]")


def _check(top: object) -> None:
    """Raise PeerError unless types, depth, members, integers and keys are within our subset."""
    members = 0
    level: list[object] = [top]
    for depth in range(limits.DEPTH_MAX + 1):  # one round a level; the last may hold plain values only
        below: list[object] = []
        for value in level:
            kind = type(value)
            if kind is str or kind is bool or value is None:
                continue
            if kind is int:
                if not -_INTEGER_MAX <= value <= _INTEGER_MAX:  # type: ignore[operator]
                    raise PeerError("codec.number", "an integer lies outside -(2^53-1) to 2^53-1")
            elif depth == limits.DEPTH_MAX and kind in _CONTAINERS:
                raise _too_deep()
            elif kind is dict:
                below += value.values()  # type: ignore[attr-defined]
                if not _plain_keys(value):  # type: ignore[arg-type]
                    raise PeerError("codec.key", "a key is not printable ASCII")
            elif kind is list or kind is tuple:
                below += value  # type: ignore[arg-type]
            elif kind is float:
                raise PeerError("codec.number", "a number is not a plain integer; decimals are written as text")
            else:
                raise PeerError("codec.json", f"a {kind.__name__} has no JSON form here")
        members += len(below)
        if members > limits.MEMBERS_MAX:
            raise PeerError("codec.members", f"expected at most {limits.MEMBERS_MAX} members and items")
        if not below:
            return
        level = below
    raise _too_deep()


def _plain_keys(value: dict[object, object]) -> bool:
    """Say whether every key is printable ASCII; looked at together, which costs a fraction of one by one."""
    try:
        keys = "".join(value)  # type: ignore[arg-type]
    except TypeError:
        return False
    return keys.isascii() and keys.isprintable()


def _too_deep() -> PeerError:
    return PeerError("codec.depth", f"expected nesting of at most {limits.DEPTH_MAX}")


def _first_difference(ours: bytes, theirs: bytes) -> int:
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False)):
        if a != b:
            return number
    return min(len(ours), len(theirs))
