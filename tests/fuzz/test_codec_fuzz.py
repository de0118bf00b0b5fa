"""Any bytes into the codec give a value or PeerError, in bounded time and memory; never anything else."""

from __future__ import annotations

import contextlib
import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from parley import limits
from parley.codec import Reader, check_text, decode, decode_clean, encode, make_text, unb64, unhex
from parley.errors import PeerError, Refused

PIECES = st.lists(
    st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"a", b":", b",", b"1", b"-", b".", b"e9", b"null", b"true", b"\\u"])
    | st.sampled_from([b"d83d", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\x00", b" ", b"\n", b'"a":', b"\\", b"\xff"]),
    max_size=60,
).map(b"".join)


@given(st.binary(max_size=200) | PIECES)
@example(b"[" * limits.ENTRY_BYTES_MAX)
@example(b'{"a":' * 13_000)
@example(b"9" * limits.ENTRY_BYTES_MAX)
@example(b"-" * 70_000)
@example(b'"' + b"\\u0000" * 10_000 + b'"')
@example(b"[" + b"{}," * 20_000 + b"{}]")
def test_any_bytes_give_a_value_or_a_peer_error(data: bytes) -> None:
    """A hostile peer chooses these bytes: anything but PeerError would let it choose where we stop."""
    begun = time.process_time()
    try:
        value = decode(data)
        assert encode(value) == data
        decode_clean(data)
        Reader(value).done()
    except PeerError:
        pass
    assert time.process_time() - begun < 2.0  # 64 KiB take about a millisecond; the slack is for a busy machine


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_any_text_gives_a_verdict(text: str) -> None:
    """Texts come from browsers and from the peer; a crash in the judge is a crash of the node."""
    for judge, fault in (
        (lambda: check_text(text, "$"), PeerError),
        (lambda: make_text(text), Refused),
        (lambda: unb64(text), PeerError),
        (lambda: unhex(text), PeerError),
    ):
        with contextlib.suppress(fault):
            judge()
