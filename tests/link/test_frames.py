"""Frames on a byte stream."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import OurMistake, PeerError
from parley.link import FrameSplitter, header


def on_the_wire(frames: list[bytes]) -> bytes:
    return b"".join(header(frame) + frame for frame in frames)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Give `data` in pieces, cut at these places."""
    marks = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(marks)]


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=12), st.lists(st.integers(0, 10_000), max_size=20))
def test_frames_come_out_as_they_went_in_however_the_stream_is_cut(frames: list[bytes], places: list[int]) -> None:
    """TCP keeps order but no borders; a frame must not depend on how the network cut it."""
    splitter = FrameSplitter(bytes_max=300)

    got = [frame for piece in cut(on_the_wire(frames), places) for frame in splitter.feed(piece)]

    assert got == frames
    assert splitter.held_bytes == 0


def test_a_length_beyond_the_bound_is_refused_before_its_bytes_are_kept() -> None:
    """Otherwise four bytes from a hostile peer could make us keep four gigabytes."""
    splitter = FrameSplitter(bytes_max=100)

    with pytest.raises(PeerError) as caught:
        splitter.feed((101).to_bytes(4, "big"))

    assert caught.value.code == "link.frame-size"
    assert splitter.held_bytes == 0


def test_a_length_that_arrives_byte_by_byte_is_judged_at_its_fourth_byte() -> None:
    """A peer that dribbles gets no further than one that does not."""
    splitter = FrameSplitter(bytes_max=100)
    for byte in b"\xff\xff\xff":
        assert splitter.feed(bytes([byte])) == []

    with pytest.raises(PeerError):
        splitter.feed(b"\xff")


def test_a_frame_of_no_bytes_is_refused() -> None:
    """It would have no type; and a stream of them would cost us work and the peer nothing."""
    with pytest.raises(PeerError) as caught:
        FrameSplitter(bytes_max=100).feed(bytes(4))

    assert caught.value.code == "link.frame-empty"


def test_a_broken_stream_takes_nothing_more() -> None:
    """After a wrong length nobody can know where the next frame begins; going on would be guessing."""
    splitter = FrameSplitter(bytes_max=100)
    with pytest.raises(PeerError):
        splitter.feed(bytes(4))

    with pytest.raises(OurMistake):
        splitter.feed(on_the_wire([b"fine"]))
