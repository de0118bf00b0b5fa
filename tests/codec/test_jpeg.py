"""JPEG pictures: place and device are found and removed, the picture stays, and hostile files end in an error."""

from __future__ import annotations

import random
import struct

import pytest

from parley.codec import jpeg
from parley.errors import PeerError

PLAIN = (
    b"\xff\xd8" + b"\xff\xdb\x00\x04\x01\x02" + b"\xff\xc0\x00\x05\x08\x00\x01" + b"\xff\xda\x00\x03\x01"
    + b"coded\xff\x00data\xff\xd0more" + b"\xff\xd9"
)  # fmt: skip


def field(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack(">HHI", tag, kind, count) + value.ljust(4, b"\0")


def exif(*, turned: int = 1) -> bytes:
    """Give an APP1 with maker, model, the camera's time, the turn, and a place of 54°30'36" N, 18°15' E."""
    texts = b"Acme\0", b"Camera X\0", b"2026:11:23 09:14:30\0"
    ifd0, inner, gps = 8, 8 + 2 + 12 * 5 + 4, 8 + 2 + 12 * 5 + 4 + 2 + 12 + 4
    data = gps + 2 + 12 * 4 + 4
    at = [data, data + len(texts[0]), data + len(texts[0]) + len(texts[1])]
    angles = data + sum(map(len, texts))
    first = struct.pack(">H", 5) + b"".join((
        field(0x010F, 2, len(texts[0]), struct.pack(">I", at[0])),
        field(0x0110, 2, len(texts[1]), struct.pack(">I", at[1])),
        field(0x0112, 3, 1, struct.pack(">H", turned)),
        field(0x8769, 4, 1, struct.pack(">I", inner)), field(0x8825, 4, 1, struct.pack(">I", gps)),
    )) + bytes(4)  # fmt: skip
    second = struct.pack(">H", 1) + field(0x9003, 2, len(texts[2]), struct.pack(">I", at[2])) + bytes(4)
    third = struct.pack(">H", 4) + b"".join((
        field(1, 2, 2, b"N\0"), field(2, 5, 3, struct.pack(">I", angles)),
        field(3, 2, 2, b"E\0"), field(4, 5, 3, struct.pack(">I", angles + 24)),
    )) + bytes(4)  # fmt: skip
    parts = struct.pack(">6I", 54, 1, 30, 1, 36, 1) + struct.pack(">6I", 18, 1, 15, 1, 0, 1)
    block = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", ifd0) + first + second + third + b"".join(texts) + parts
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


def with_parts(*parts: bytes) -> bytes:
    return PLAIN[:2] + b"".join(parts) + PLAIN[2:]


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + struct.pack(">H", len(body) + 2) + body


def test_place_device_and_time_are_told_and_removed() -> None:
    """An officer's photo must not tell the other side where their own people stood, nor with what."""
    clean, hidden = jpeg.strip(with_parts(exif()))
    told = dict(hidden.told)
    assert clean == PLAIN
    assert (told["place"], told["device"], told["taken"]) == ("54.51000, 18.25000", "Acme Camera X", hidden.taken)
    assert hidden.taken == "2026-11-23 09:14:30"


def test_nothing_but_the_picture_its_colours_and_its_turn_is_kept() -> None:
    """XMP, comments, other cameras' notes, thumbnails and what hangs behind the end are all ways to tell a place."""
    jfif, profile = segment(0xE0, b"JFIF\0" + bytes(9)), segment(0xE2, b"ICC_PROFILE\0colours")
    hides = (
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>18.25</x>"), segment(0xFE, b"Hill 12"),
        segment(0xED, b"Photoshop 3.0\0Hill 12"), segment(0xE2, b"MPF\0second"), segment(0xE5, b"maker"),
        segment(0xE0, b"JFXX\0thumbnail"),
    )  # fmt: skip
    clean, hidden = jpeg.strip(with_parts(jfif, *hides, profile) + b"behind the end")
    assert clean == with_parts(jfif, profile)
    assert dict(hidden.told)["bytes"] == str(sum(map(len, hides)) + len(b"behind the end"))
    turned, _ = jpeg.strip(with_parts(exif(turned=6)))
    assert jpeg.strip(turned)[0] == turned  # how it is turned stays, so that it is not shown lying down
    assert b"Acme" not in turned and len(turned) - len(PLAIN) == 36


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xd8", b"\x89PNG", PLAIN[:-2], PLAIN[:-8], PLAIN[:2] + b"\xff\xe1\x00\x01" + PLAIN[2:],
        PLAIN[:2] + b"\xff\xe1\xff\xff" + PLAIN[2:], PLAIN[:2] + b"junk" + PLAIN[2:], PLAIN[:2] + PLAIN,
        PLAIN[:2] + b"\xff" * 1000, PLAIN[:2] + b"\xff\x00" + PLAIN[2:],
    ],
)  # fmt: skip
def test_what_is_no_whole_jpeg_is_refused(data: bytes) -> None:
    """What we cannot follow to its end we cannot promise to have cleaned."""
    with pytest.raises(PeerError, match=r"codec\.jpeg"):
        jpeg.strip(data)


def test_any_bytes_end_in_a_clean_picture_or_an_error() -> None:
    """Directories that point at themselves, counts of four thousand million, values beyond the end."""
    dice, whole = random.Random(11), with_parts(exif())
    for _ in range(2_000):
        broken = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            broken[dice.randrange(len(broken))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        try:
            clean, _ = jpeg.strip(bytes(broken))
        except PeerError:
            continue
        assert b"Exif\0\0" not in clean or b"Acme" not in clean
        assert jpeg.strip(clean)[0] == clean


def test_a_directory_that_leads_back_to_itself_is_read_once() -> None:
    """A loop in a file must not stop a desk."""
    ring = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 2)
    ring += field(0x8769, 4, 1, struct.pack(">I", 8)) + field(0x8825, 4, 1, struct.pack(">I", 8)) + bytes(4)
    clean, hidden = jpeg.strip(with_parts(segment(0xE1, ring)))
    assert clean == PLAIN
    assert [name for name, _ in hidden.told] == ["bytes"]
