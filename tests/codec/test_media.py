"""Sound and film: nothing of who, where and with what stays in the copy, and not a byte of the picture changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.codec import media
from parley.errors import PeerError

FOLDER = Path(__file__).parents[1] / "vectors" / "media"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md")
SECRETS = (b"Secret-title", b"Name-Person", b"PhoneMaker", b"north-buoy", b"018.25", b"Lavf")


def gone_through(data: bytes, piece: int = 4096) -> media.Traces:
    form = media.form_of(data[:12])
    assert form is not None
    scan = media.Scan(form)
    for start in range(0, len(data), piece):
        scan.feed(data[start : start + piece])
    return scan.end()


def copy(data: bytes, traces: media.Traces, piece: int = 4096) -> bytes:
    pieces = (data[start : start + piece] for start in range(0, len(data), piece))
    return b"".join(media.blanked(pieces, traces.blanks))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_a_recorder_wrote_beside_the_picture_is_told_and_gone_from_the_copy(path: Path) -> None:
    data = path.read_bytes()
    traces = gone_through(data)
    made = copy(data, traces)
    assert len(made) == len(data)
    assert any(secret in data for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in made] == []
    assert "bytes" in dict(traces.told)
    told = " ".join(value for _, value in traces.told)
    assert "Secret-title" in told or "Name-Person" in told or "PhoneMaker" in told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_copy_of_a_copy_is_the_same_file(path: Path) -> None:
    made = copy(path.read_bytes(), gone_through(path.read_bytes()))
    again = gone_through(made)
    assert copy(made, again) == made
    assert again.taken == ""
    assert {name for name, _ in again.told} <= {"bytes"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_it_does_not_matter_in_what_pieces_a_file_comes(path: Path, piece: int) -> None:
    data = path.read_bytes()
    whole = gone_through(data)
    assert gone_through(data, piece) == whole
    assert copy(data, whole, piece) == copy(data, whole)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_breaks_off_is_said_so_or_followed_and_nothing_else(path: Path) -> None:
    data = path.read_bytes()
    for size in (*range(12, min(len(data), 400)), *range(400, len(data), 61)):
        try:
            copy(data[:size], gone_through(data[:size]))
        except PeerError as fault:
            assert fault.code == "codec.media"


@given(
    st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=12)
)
def test_no_hostile_file_does_more_than_be_refused(path: Path, changes: list[tuple[int, int]]) -> None:
    """Sizes that lie, parts within parts, tables that point anywhere: the copy is as long as the file, or is none."""
    data = bytearray(path.read_bytes())
    for at, value in changes:
        data[12 + at % (len(data) - 12)] = value
    try:
        traces = gone_through(bytes(data))
    except PeerError as fault:
        assert fault.code == "codec.media"
    else:
        assert len(copy(bytes(data), traces)) == len(data)


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def table(kind: bytes, *numbers: int, count: int, width: int = 4) -> bytes:
    return box(kind, bytes(4), count.to_bytes(4, "big"), *(one.to_bytes(width, "big") for one in numbers))


def film_with_places(at: int, *, wide: bool = False) -> bytes:
    """A film with a track of places: two chunks of two and of one sample, of 10 bytes each, beginning at `at`."""
    offsets = table(b"co64", at, at + 40, count=2, width=8) if wide else table(b"stco", at, at + 40, count=2)
    sizes = box(b"stsz", bytes(4), (10).to_bytes(4, "big"), (3).to_bytes(4, "big"))
    runs = table(b"stsc", 1, 2, 1, 2, 1, 1, count=2)
    handler = box(b"hdlr", bytes(8), b"meta", bytes(13))
    track = box(b"trak", box(b"mdia", handler, box(b"minf", box(b"stbl", offsets, runs, sizes))))
    return box(b"ftyp", b"isom", bytes(4)) + box(b"moov", track) + box(b"mdat", b"+54.5+18.2" * 8)


@pytest.mark.parametrize("wide", [False, True])
def test_places_recorded_along_a_film_are_blanked_where_they_lie(wide: bool) -> None:
    """Telephones and cameras of ships write where they are once a second, in a track of its own."""
    begin = len(film_with_places(0, wide=wide)) - 80
    data = film_with_places(begin, wide=wide)
    made = copy(data, gone_through(data))
    assert made[:begin] == data[:begin]
    assert made[begin:] == bytes(20) + data[begin + 20 : begin + 40] + bytes(10) + data[begin + 50 :]


@pytest.mark.parametrize("at", [0, 1 << 31])
def test_a_track_that_points_elsewhere_is_refused(at: int) -> None:
    """Into the head of the film, where what a player needs would be blanked too, or beyond its end."""
    begin = len(film_with_places(0)) - 80
    data = film_with_places(at) if at else film_with_places(begin).replace(b"meta", b"vide")
    if at:
        with pytest.raises(PeerError, match="beyond the end"):
            gone_through(data)
    else:
        assert gone_through(data).blanks == ()  # a track that is seen is left alone


def test_a_box_with_a_long_head_and_one_without_an_end_are_followed() -> None:
    long = (
        (1).to_bytes(4, "big") + b"udta" + (16 + 20).to_bytes(8, "big") + b"\0\x14\xa9xyz+54.5+018.2/".ljust(20, b"\0")
    )
    moov = (8 + len(long)).to_bytes(4, "big") + b"moov" + long
    data = box(b"ftyp", b"isom", bytes(4)) + moov + bytes(4) + b"mdat" + b"the film"
    traces = gone_through(data)
    assert ("place", "+54.5+018.2/") in traces.told
    made = copy(data, traces)
    assert b"free" in made
    assert b"udta" not in made
    assert b"54.5" not in made
    assert made.endswith(b"mdatthe film")


def test_a_film_whose_head_is_packed_is_not_called_clean() -> None:
    data = box(b"ftyp", b"qt  ", bytes(4)) + box(b"moov", box(b"cmov", b"packed +54.5+018.2/"))
    with pytest.raises(PeerError, match="packed"):
        gone_through(data)


def test_places_along_a_film_in_fragments_are_said_to_stay() -> None:
    """They lie among the fragments, and nothing at the head of the file says where."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"meta", bytes(13))))
    data = box(b"ftyp", b"isom", bytes(4)) + box(b"moov", track) + box(b"moof") + box(b"mdat", b"+54.5+018.2/")
    assert ("left", "") in gone_through(data).told
    assert ("left", "") not in gone_through(film_with_places(len(film_with_places(0)) - 80)).told


def test_a_flac_behind_a_tag_of_an_mp3_is_followed_as_flac() -> None:
    sound = next(path for path in FILES if path.name == "sound.flac").read_bytes()
    data = b"ID3\x03\0\0\0\0\0\x10" + b"Secret-title".ljust(16, b"\0") + sound
    made = copy(data, gone_through(data))
    assert [secret for secret in SECRETS if secret in made] == []
    assert made[26:30] == b"fLaC"


def page(serial: int, body: bytes, number: int = 0) -> bytes:
    lengths = bytes((255,)) * (len(body) // 255) + bytes((len(body) % 255,))
    head = b"OggS\0\0" + bytes(8) + serial.to_bytes(4, "little") + number.to_bytes(4, "little") + bytes(4)
    return head + bytes((len(lengths),)) + lengths + body


def test_an_ogg_whose_comments_nobody_knows_is_not_called_clean() -> None:
    """Speex, FLAC and VP8 within Ogg have comments of other forms; a stream that ends before them may hide them."""
    speex = page(1, b"Speex   1.2".ljust(80, b"\0")) + page(1, b"\x0b\0\0\0Name-Person\0\0\0\0", 1)
    assert gone_through(speex).told == (("left", ""),)
    assert gone_through(page(1, b"OpusHead".ljust(19, b"\0"))).told == (("left", ""),)
    skeleton = page(2, b"fishead\0".ljust(64, b"\0")) + page(2, b"fisbone\0".ljust(52, b"\0"), 1)
    assert gone_through(skeleton).told == ()


@pytest.mark.parametrize("old", ["1254c367", "1941a469", "1549a966"])
def test_a_part_of_matroska_without_a_length_is_not_passed_over_unread(old: str) -> None:
    data = bytes.fromhex("1a45dfa380" + "18538067" + "ff" + old + "ff") + b"\x44\x87\x8bName-Person"
    with pytest.raises(PeerError, match="without a length"):
        gone_through(data)


def test_tags_behind_the_sound_of_every_kind_are_gone_or_said_to_stay() -> None:
    """Lyrics3 and an ID3v2 tag at the end; an APE tag longer than what is looked at."""
    sound = b"\xff\xfb\x90\0" + bytes(400)
    words = b"LYRICSBEGININD00002" + b"Name-Person"
    lyrics = words + str(len(words)).zfill(6).encode() + b"LYRICS200"
    size = bytes((0, 0, 0, 16))
    late = b"ID3\x04\0\x10" + size + b"Name-Person".ljust(16, b"\0") + b"3DI\x04\0\x10" + size
    for tail in (lyrics, late, late + lyrics, lyrics + b"TAG" + b"Name-Person".ljust(125, b"\0")):
        data = sound + tail
        made = copy(data, gone_through(data))
        assert b"Name-Person" not in made
        assert made.startswith(sound)
    ape = b"Name-Person" + bytes(20) + b"APETAGEX" + (2000).to_bytes(4, "little") + (300_000).to_bytes(4, "little")
    data = sound + ape + bytes(16)
    assert ("left", "") in gone_through(data).told


def test_boxes_within_boxes_do_not_exhaust_the_machine() -> None:
    data = b""
    for _ in range(200):
        data = box(b"trak", data)
    with pytest.raises(PeerError, match="without end"):
        gone_through(box(b"ftyp", b"isom", bytes(4)) + box(b"moov", data))
