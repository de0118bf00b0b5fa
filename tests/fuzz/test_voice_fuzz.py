"""Any bytes into the reader of voice: a frame or PeerError, and what is read writes back to the same bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.line.test_voice import EXAMPLE

from parley.errors import PeerError
from parley.line import voice


def _same(data: bytes) -> None:
    try:
        read = voice.read_voice(data)
    except PeerError:
        return
    head = voice.write_origin(read.origin)
    assert voice.write_voice(read.stream, read.number, read.at_ms, read.codec, head, read.payload) == data


@given(st.binary(max_size=1000))
def test_any_bytes(data: bytes) -> None:
    """Promise of the reader: one form, no other exception."""
    _same(data)
    _same(b"\x1d" + data)


@given(st.integers(0, len(EXAMPLE) - 1), st.integers(0, 255), st.integers(0, len(EXAMPLE)))
def test_a_good_frame_with_a_byte_changed_or_cut(at: int, value: int, end: int) -> None:
    """The neighbourhood of good frames, where a lenient reader goes wrong."""
    changed = bytearray(EXAMPLE)
    changed[at] = value
    _same(bytes(changed))
    _same(bytes(changed[:end]))
