"""Picture frames: one form, a size that is true, and never a frame that cannot be decoded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.errors import PeerError
from parley.line.picture import Eye, Form, PictureFrame, Size, Source, What, read_picture, write_picture
from parley.line.voice import Origin, write_origin
from parley.times import Instant

ORIGIN = Origin("leaders", "5e" * 16, "edda", "")
DELTA = b"\x11\x02\x00" + bytes(60)


def whole(width: int = 640, height: int = 360) -> bytes:
    """Give the beginning of a VP8 key frame (RFC 6386 section 9.1): enough for whoever only looks at its head."""
    return b"\x10\x02\x00\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(60)


def frame(number: int, payload: bytes = b"", form: Form = Form.WHOLE, size: Size = Size.MIDDLE) -> bytes:
    head = write_origin(ORIGIN)
    payload = payload or (whole() if form is Form.WHOLE else DELTA)
    return write_picture(What(form, Source.CAMERA, size), 7, number, number * 80, head, payload)


def read(number: int, form: Form = Form.WHOLE) -> PictureFrame:
    return read_picture(frame(number, form=form))


def test_a_frame_reads_back_as_it_was_written() -> None:
    """One byte form: who, which call, how large."""
    found = read_picture(frame(3))
    assert found == PictureFrame(ORIGIN, 7, 3, 240, Form.WHOLE, Source.CAMERA, Size.MIDDLE, whole())


@pytest.mark.parametrize(
    ("payload", "form", "size"),
    [
        (whole(1280, 720), Form.WHOLE, Size.MIDDLE),  # larger than it says
        (whole(16_383, 16_383), Form.WHOLE, Size.LARGE),  # a decoder would fetch a gigabyte
        (whole(0, 0), Form.WHOLE, Size.SMALL),
        (DELTA, Form.WHOLE, Size.SMALL),
        (whole(), Form.DELTA, Size.MIDDLE),
        (b"\x10\x02\x00" + bytes(60), Form.WHOLE, Size.SMALL),  # no start code
        (bytes(limits.PICTURE_BYTES_MAX + 1), Form.DELTA, Size.SMALL),
    ],
)
def test_what_is_no_picture_of_that_size_is_refused(payload: bytes, form: Form, size: Size) -> None:
    """A page must never be made to decode what it was not told of."""
    with pytest.raises(PeerError, match=r"."):
        read_picture(frame(0, payload, form, size))


def test_an_upright_picture_has_the_same_bound() -> None:
    """A document camera stands upright."""
    assert read_picture(frame(0, whole(360, 640))).size is Size.MIDDLE


def test_after_a_gap_only_a_whole_frame_is_taken() -> None:
    """What builds on a frame that never came is noise on the screen."""
    eye = Eye()
    first = read(0)
    stream = eye.begin(first, Instant(0.0))
    assert stream is not None and eye.find(first) is stream
    became = [
        stream.take(read(number, form), Instant(number / 10))
        for number, form in (
            (0, Form.WHOLE), (1, Form.DELTA), (3, Form.DELTA), (4, Form.DELTA), (5, Form.WHOLE), (2, Form.WHOLE),
            (6, Form.DELTA),
        )
    ]  # fmt: skip
    assert became == ["", "", "gap", "gap", "", "old", ""]


def test_a_number_that_comes_twice_is_the_peer_s_fault() -> None:
    """It goes by one link, so a second copy was sent again; one that was overtaken on the way comes once."""
    stream = Eye().begin(read(0), Instant(0.0))
    assert stream is not None
    assert [stream.take(read(number), Instant(0.0)) for number in (0, 400, 399, 144)] == ["", "", "old", "old"]
    for number in (400, 399):
        with pytest.raises(PeerError, match=r"line\.picture-replay"):
            stream.take(read(number), Instant(0.0))


def test_a_flood_is_counted_and_a_late_frame_measured() -> None:
    """The rate and the lateness are what the node asks for less by."""
    stream = Eye().begin(read(0), Instant(0.0))
    assert stream is not None
    became = [stream.take(read(number), Instant(0.0)) for number in range(100)]
    assert became.count("over") == stream.over == 100 - int(limits.PICTURE_BURST)
    assert stream.late_s(read(0), Instant(1.0)) == 0.0
    assert stream.late_s(read(10), Instant(3.0)) == pytest.approx(1.2)


def test_memory_is_bounded_and_idle_pictures_make_room() -> None:
    """A peer that opens a stream a frame must not grow our memory."""
    eye = Eye()
    frames = [read(0)._replace(stream=number) for number in range(limits.PICTURES_MAX + 1)]
    made = [eye.begin(one, Instant(0.0)) for one in frames]
    assert [one is None for one in made] == [False] * limits.PICTURES_MAX + [True]
    assert eye.begin(frames[-1], Instant(limits.PICTURE_IDLE_S)) is not None
    eye.end(ORIGIN.session)
    assert eye.of_channel("leaders") == []


GOOD = frame(3)


def _same(data: bytes) -> None:
    try:
        found = read_picture(data)
    except PeerError:
        return
    what = What(found.form, found.source, found.size)
    again = write_picture(what, found.stream, found.number, found.at_ms, write_origin(found.origin), found.payload)
    assert again == data


@given(st.binary(max_size=400), st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, len(GOOD)))
def test_any_bytes_give_a_frame_or_a_peer_error(data: bytes, at: int, value: int, end: int) -> None:
    """Promise 7: what a peer sends never ends in anything else."""
    _same(data)
    _same(b"\x1e" + data)
    _same((GOOD[:at] + bytes((value,)) + GOOD[at + 1 :])[:end])
