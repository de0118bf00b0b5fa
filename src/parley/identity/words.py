"""What people compare: twelve words read aloud, and a picture a camera reads.

Twelve words of 2,048 are 132 bits of the digest. Making a second card with the same words takes 2**132 tries, so the
words may be read over an open telephone; what matters is that two people who know each other's voice, or stand in one
room, read them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Final

from parley.errors import ensure

WORDS_COUNT: Final = 12
_WORD_BITS: Final = 11  # 2,048 words


@cache
def word_list() -> tuple[str, ...]:
    """Give the 2,048 words, sorted (BIP-39, English; the first four letters tell each one from all others)."""
    text = resources.files("parley.identity").joinpath("words.txt").read_text(encoding="ascii")
    words = tuple(text.split())
    ensure(len(words) == 1 << _WORD_BITS, "the word list is damaged")
    return words


def words(digest: bytes) -> tuple[str, ...]:
    """Give the twelve words for a digest of at least 17 bytes: its first 132 bits, eleven a word."""
    ensure(len(digest) >= 17, "twelve words need 132 bits")
    bits = int.from_bytes(digest[:17], "big") >> (8 * 17 - _WORD_BITS * WORDS_COUNT)
    mask = (1 << _WORD_BITS) - 1
    listed = word_list()
    return tuple(listed[bits >> (_WORD_BITS * place) & mask] for place in reversed(range(WORDS_COUNT)))


def line_words(line: str) -> tuple[str, ...]:
    """Give the twelve words of a line, which both operators see once both cards are in."""
    return words(hashlib.sha256(b"parley/v1/line-words\n" + bytes.fromhex(line)).digest())


def card_code(side: str, digest: bytes) -> str:
    """Give the short text that a card's picture holds: enough to know the card again, not the card itself."""
    return f"parley-card:{side}:{digest.hex()}"


def card_picture(side: str, digest: bytes) -> str:
    """Give the card's QR code as an SVG drawing."""
    import segno  # a megabyte, for a picture that is drawn once in the life of a line

    drawn: str = segno.make_qr(card_code(side, digest), error="m").svg_inline(scale=4, border=4)
    return drawn


def card_picture_for_terminal(side: str, digest: bytes) -> str:
    """Give the card's QR code in block characters, two rows a line."""
    import segno

    matrix = [list(row) for row in segno.make_qr(card_code(side, digest), error="m").matrix_iter(border=4)]
    if len(matrix) % 2:
        matrix.append([0] * len(matrix[0]))
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # light modules drawn, for dark terminals
    return "\n".join(
        "".join(blocks[bool(top), bool(low)] for top, low in zip(upper, lower, strict=True))
        for upper, lower in zip(matrix[::2], matrix[1::2], strict=True)
    )
