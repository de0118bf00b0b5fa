"""What a text on the line may hold, the names that entries use, and bytes written as text.

Owns: the pinned Unicode table's use, text rules, identifiers of sides, channels and persons, base64 and hex.
Does not own: how long a text may be (the rooms above say so by fields.py).
Always true:
  1. Both nodes give the same verdict on every text, whichever Python they run: the table is Unicode 14.0
     (unicode14.py), and normalisation of code points assigned there never changes (Unicode stability policy).
  2. The receiver judges and never alters; only the author's own node makes a text fit (`make_text`).
Read first: docs/protocol/codec.md, "Text". Why these characters are refused: DESIGN.md, "Text".
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from typing import Final

from parley import limits
from parley.codec.unicode14 import ASSIGNED
from parley.errors import PeerError, Refused

# Inclusive ranges refused although assigned. What a person cannot see must not change what a signature covers.
_REFUSED: Final = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F),  # controls, but newline and tab
    (0x2028, 0x2029),  # line and paragraph separator: newline is the one form
    (0x202A, 0x202E),  # bidi embeddings and overrides (UAX 9): text that reads otherwise than it is stored
    (0x206A, 0x206F),  # deprecated format characters
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),  # byte order mark, interlinear annotation
    (0xE0001, 0xE007F),  # tags: a whole alphabet nobody sees
)  # fmt: skip
_ISOLATES: Final = re.compile("[\u2066-\u2069\n]")
_POP_ISOLATE: Final = "\u2069"


def _allowed_class() -> str:
    parts = []
    for word in ASSIGNED.split():
        first, _, last = word.partition("-")
        start, end = int(first, 16), int(last or first, 16)
        for low, high in _REFUSED:
            if start <= low <= end:
                if start < low:
                    parts.append((start, low - 1))
                start = high + 1
            elif low <= start <= high:
                start = high + 1
        if start <= end:
            parts.append((start, end))
    return "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in parts)


_ALLOWED: Final = re.compile(f"[{_allowed_class()}]*")
_SIDE: Final = re.compile(rf"[a-z][a-z0-9-]{{0,{limits.SIDE_ID_CHARS_MAX - 1}}}")
_CHANNEL: Final = re.compile(rf"[a-z][a-z0-9-]{{0,{limits.CHANNEL_ID_CHARS_MAX - 1}}}")
_PERSON: Final = re.compile(rf"[a-z][a-z0-9.-]{{0,{limits.PERSON_ID_CHARS_MAX - 1}}}")
_HEX: Final = re.compile("(?:[0-9a-f]{2})*")


def _fault(text: str) -> str | None:
    """Say what breaks the text rules, or None; the sentence never quotes the text."""
    match = _ALLOWED.match(text)
    end = match.end() if match else 0
    if end != len(text):
        return f"character {end} is U+{ord(text[end]):04X}, which a text may not hold"
    if text.isascii():
        return None
    if not unicodedata.is_normalized("NFC", text):
        return "the text is not in normal form NFC"
    depth = 0
    for found in _ISOLATES.findall(text):
        if found == "\n":  # a paragraph's end closes its isolates (UAX 9, P1 and X8): each must be closed within it
            if depth:
                break
        else:
            depth += -1 if found == _POP_ISOLATE else 1
            if depth < 0:
                break
    if depth:
        return "a bidi isolate is not closed in its own line"
    return None


def check_text(text: str, where: str) -> None:
    """Raise PeerError `codec.text` unless the text is NFC and holds only what docs/protocol/codec.md allows."""
    fault = _fault(text)
    if fault is not None:
        raise PeerError("codec.text", f"{where}: {fault}")


def make_text(text: str) -> str:
    """Give a person's text in the form that may be signed: NFC, and newline alone for CR LF and CR.

    Raises:
        Refused: codec.text; the text holds what cannot be made fit. Nothing was changed.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _ALLOWED.match(text)
    if match and match.end() == len(text):  # normalise only what the table knows: a newer Python knows more
        text = unicodedata.normalize("NFC", text)
    fault = _fault(text)
    if fault is not None:
        raise Refused("codec.text", f"{fault}; nothing was sent")
    return text


def plainly_clean(data: bytes) -> bool:
    """Say whether every string in canonical JSON bytes surely keeps the text rules, without reading them one by one.

    False means "look closer". True is safe: without a backslash nothing is hidden by an escape, quotes never combine
    with what follows them, and a document in NFC has all its strings in NFC.
    """
    if b"\\" in data or b"\x7f" in data:
        return False
    if data.isascii():
        return True
    text = data.decode()
    match = _ALLOWED.fullmatch(text)
    return match is not None and _ISOLATES.search(text) is None and unicodedata.is_normalized("NFC", text)


def check_side(text: str) -> str:
    """Give the text back if it can be a side's id; else PeerError `codec.name`."""
    return _name(_SIDE, text, "a side")


def check_channel(text: str) -> str:
    """Give the text back if it can be a channel's id; else PeerError `codec.name`."""
    return _name(_CHANNEL, text, "a channel")


def check_person(text: str) -> str:
    """Give the text back if it can be a person's id; else PeerError `codec.name`."""
    return _name(_PERSON, text, "a person")


def _name(form: re.Pattern[str], text: str, what: str) -> str:
    if not form.fullmatch(text):
        raise PeerError("codec.name", f"not a name for {what}: expected {form.pattern}, got {len(text)} characters")
    return text


def b64(data: bytes) -> str:
    """Give bytes as base64 text (RFC 4648 section 4, with padding)."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str, size: int | None = None) -> bytes:
    """Read base64 text in its one form; raises PeerError `codec.base64` on another form or another size in bytes."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        raise PeerError("codec.base64", "not base64 in its one form") from None
    if base64.b64encode(data).decode("ascii") != text:  # spare bits that are not zero
        raise PeerError("codec.base64", "not base64 in its one form")
    if size is not None and len(data) != size:
        raise PeerError("codec.base64", f"expected {size} bytes, got {len(data)}")
    return data


def unhex(text: str, size: int | None = None) -> bytes:
    """Read lower-case hex; raises PeerError `codec.hex` on another form or another size in bytes."""
    if not _HEX.fullmatch(text):
        raise PeerError("codec.hex", "not lower-case hex")
    if size is not None and len(text) != 2 * size:
        raise PeerError("codec.hex", f"expected {size} bytes, got {len(text) // 2}")
    return bytes.fromhex(text)


# Scripts written without spaces between words: kana, Han and their extensions, Thai, Lao, Myanmar, Khmer.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def count_words(text: str) -> int:
    """Count words for the 200-word rule: runs between spaces; in scripts without spaces, two characters are a word."""
    if text.isascii():
        return len(text.split())
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + (unspaced + 1) // 2
