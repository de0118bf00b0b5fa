"""One byte form for each signed thing, and the strict reading of it. Reasons: DESIGN.md beside this file."""

from parley.codec.canonical import JsonInput, JsonValue, check_texts, decode, decode_clean, encode
from parley.codec.fields import Reader
from parley.codec.text import (
    b64,
    check_channel,
    check_person,
    check_side,
    check_text,
    make_text,
    unb64,
    unhex,
)

__all__ = [
    "JsonInput",
    "JsonValue",
    "Reader",
    "b64",
    "check_channel",
    "check_person",
    "check_side",
    "check_text",
    "check_texts",
    "decode",
    "decode_clean",
    "encode",
    "make_text",
    "unb64",
    "unhex",
]
