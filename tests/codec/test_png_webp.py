"""PNG and WebP pictures: place, device and words are removed, the picture stays, and hostile files end in an error."""

from __future__ import annotations

import random
from zlib import compress, crc32

import pytest
from tests.codec.test_jpeg import PLAIN as JPEG
from tests.codec.test_jpeg import exif

from parley.codec import picture
from parley.errors import PeerError


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + crc32(kind + body).to_bytes(4, "big")


HEAD = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0") + png_chunk(b"gAMA", bytes(4))
REST = png_chunk(b"IDAT", compress(b"\0\0")) + png_chunk(b"IEND")
PNG = HEAD + REST
TIFF = exif()[10:]  # an APP1 without its marker, its size and its name
TURNED = exif(turned=6)[10:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def webp(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def extended(flags: int) -> bytes:
    return chunk(b"VP8X", bytes((flags,)) + bytes(9))


COLOURS, COATED = chunk(b"ICCP", b"rgb"), chunk(b"VP8L", b"coded")
WEBP = webp(extended(0x20), COLOURS, COATED)


def test_place_device_and_words_of_a_png_are_told_and_removed() -> None:
    """A picture of a screen carries the name of the program and often of whoever sat before it."""
    hides = (
        png_chunk(b"tEXt", b"Author\0Edda Marlow"), png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>18.25</x>"),
        png_chunk(b"zTXt", b"Comment\0\0" + compress(bytes(10_000_000))), png_chunk(b"eXIf", TIFF),
        png_chunk(b"tIME", bytes(7)), png_chunk(b"npTc", b"maker"),
    )  # fmt: skip
    clean, hidden = picture.strip(HEAD + b"".join(hides) + REST + b"behind the end")
    assert clean == PNG
    told = hidden.told
    assert ("place", "54.51000, 18.25000") in told and ("device", "Acme Camera X") in told
    assert ("words", "Author: Edda Marlow") in told and ("words", "Comment") in told
    assert ("bytes", str(sum(map(len, hides)) + len(b"behind the end"))) in told
    assert hidden.taken == "2026-11-23 09:14:30"
    assert picture.strip(PNG) == (PNG, type(hidden)(told=(), taken=""))


def test_place_and_device_of_a_webp_are_told_and_removed_in_frames_too() -> None:
    """A picture that moves can hold anything between its frames."""
    for block in (TIFF, b"Exif\0\0" + TIFF):
        hides = chunk(b"EXIF", block), chunk(b"XMP ", b"<x>18.25</x>"), chunk(b"note", b"Hill 12")
        clean, hidden = picture.strip(webp(extended(0x2C), COLOURS, COATED, *hides) + b"behind the end")
        assert clean == WEBP
        assert dict(hidden.told)["place"] == "54.51000, 18.25000"
        assert dict(hidden.told)["bytes"] == str(sum(map(len, hides)) + len(b"behind the end"))
    frame = bytes(16) + COATED
    moving = webp(extended(0x02), chunk(b"ANIM", bytes(6)), chunk(b"ANMF", frame + chunk(b"note", b"Hill 12")))
    clean, _ = picture.strip(moving)
    assert clean == webp(extended(0x02), chunk(b"ANIM", bytes(6)), chunk(b"ANMF", frame))


def test_a_picture_that_was_turned_stays_turned() -> None:
    """It would otherwise be shown lying down; nothing else of the block crosses."""
    for turned in (
        HEAD + png_chunk(b"eXIf", TURNED) + REST,
        webp(extended(0x28), COLOURS, COATED, chunk(b"EXIF", TURNED)),
    ):
        clean, _ = picture.strip(turned)
        assert b"Acme" not in clean and picture.strip(clean)[0] == clean
        assert clean not in (PNG, WEBP)


def test_a_picture_is_known_by_its_bytes() -> None:
    """A photo saved under another ending would cross with its place, and every browser would show it."""
    assert [picture.kind(data[:12]) for data in (JPEG, PNG, WEBP, b"GIF89a", b"RIFF....WAVE", b"")] == [
        "image/jpeg", "image/png", "image/webp", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        PNG[:-1], PNG[:-12], PNG[:8], PNG[:8] + REST, HEAD + HEAD[8:33] + REST, HEAD + png_chunk(b"IEND"),
        HEAD + png_chunk(b"NEWx", b"?") + REST, HEAD + png_chunk(b"t\0xt", b"?") + REST, PNG[:20] + b"!" + PNG[21:],
        HEAD + b"\xff\xff\xff\xfftEXt" + REST, WEBP[:-1], webp(), webp(extended(0)), webp(COATED, extended(0)),
        webp(chunk(b"VP8X", b"short"), COATED), webp(b"VP8L\xff\xff\xff\x7fx."), webp(chunk(b"ANMF", bytes(16))),
        b"RIFF\x05\0\0\0WEBPVP8L\0\0\0\0",
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    """What we cannot follow to its end we cannot promise to have cleaned."""
    with pytest.raises(PeerError, match=r"codec\.(png|webp)"):
        picture.strip(data)


def test_any_bytes_end_in_a_clean_picture_or_an_error() -> None:
    """Sizes beyond the end, chunks in chunks, directories that point at themselves."""
    dice = random.Random(12)
    wholes = (
        HEAD + png_chunk(b"eXIf", TIFF) + png_chunk(b"tEXt", b"Author\0Acme") + REST,
        webp(extended(0x2C), COLOURS, COATED, chunk(b"EXIF", TIFF), chunk(b"XMP ", b"Acme")),
    )
    for number in range(4_000):
        broken = bytearray(wholes[number % 2])
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(12, len(broken))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        try:
            clean, _ = picture.strip(bytes(broken))
        except PeerError:
            continue
        assert picture.strip(clean)[0] == clean
        assert b"Acme" not in clean
