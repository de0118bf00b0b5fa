"""The bytes of a recording: Ogg pages that others read, and a root that depends on frames alone."""

from __future__ import annotations

import io
import struct
from dataclasses import replace

import pytest

from parley.errors import PeerError
from parley.record import ogg
from parley.record.recorded import Track, describe, digest, frame_row, leaf, missed_runs, root_of
from parley.record.tree import EMPTY_ROOT, leaf_hash, node_hash


def slow_sum(data: bytes) -> int:
    """The checksum as RFC 3533 section 6 describes it: polynomial 0x04c11db7, begin 0, no inversion."""
    found = 0
    for byte in data:
        found ^= byte << 24
        for _ in range(8):
            found = (found << 1) ^ 0x04C11DB7 if found & 0x80000000 else found << 1
        found &= 0xFFFFFFFF
    return found


def stream(*pages: list[bytes]) -> bytes:
    data, count = ogg.head_pages(7), 0
    for number, packets in enumerate(pages):
        count += len(packets)
        data += ogg.frame_page(7, number + 2, count, packets, last=number == len(pages) - 1)
    return data


def track(*numbers: int, side: str = "north", stream: int = 7, codec: str = "opus") -> Track:
    rows = b"".join(frame_row(number, at, bytes((number,))) for at, number in enumerate(numbers))
    return Track(side=side, stream=stream, person="ann", language="", codec=codec, starts_ms=0, frames=rows)


def test_a_page_has_the_form_and_checksum_of_rfc_3533() -> None:
    """Any player must read it; this is the same sum worked out bit by bit."""
    page = ogg.frame_page(0x0BADCAFE, 5, 3, [b"\x48\x01", b"x" * 255, b"y" * 300], last=True)
    magic, version, flags, granule, serial, sequence, told, count = struct.unpack("<4sBBqIIIB", page[:27])
    assert (magic, version, flags, granule, serial, sequence) == (b"OggS", 0, 4, 3 * 960, 0x0BADCAFE, 5)
    assert page[27 : 27 + count] == bytes((2, 255, 0, 255, 45))
    assert told == slow_sum(page[:22] + b"\0\0\0\0" + page[26:])
    assert ogg.head_pages(7)[28:36] == b"OpusHead"


def test_pages_read_back_and_every_damage_is_found() -> None:
    """A bit that turned on a disk must not pass for what was said."""
    packets = [bytes((0x48, number)) * 40 for number in range(50)]
    data = stream(packets[:25], packets[25:])
    pages = list(ogg.read_pages(io.BytesIO(data).read, 7))
    assert [packet for page in pages[2:] for packet in page.packets] == packets
    assert pages[-1].end == len(data)
    for at in range(0, len(data), 7):
        broken = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        with pytest.raises(PeerError, match="page"):
            list(ogg.read_pages(io.BytesIO(broken).read, 7))
    for short in (1, 26, 100):
        with pytest.raises(PeerError, match="cut short"):
            list(ogg.read_pages(io.BytesIO(data[:-short]).read, 7))
    with pytest.raises(PeerError):
        list(ogg.read_pages(io.BytesIO(data).read, 8))  # of another stream


def test_the_root_is_that_of_rfc_9162_over_the_frames_in_their_order() -> None:
    """docs/protocol/recording.md, "The tree", word for word."""
    assert root_of([]) == EMPTY_ROOT
    one = leaf_hash(b"\x05north" + b"\0\0\0\x07" + b"\0\0\0\x03" + b"\x01" + digest(b"\x03"))
    two = leaf_hash(b"\x05north" + b"\0\0\0\x07" + b"\0\0\0\x05" + b"\x01" + digest(b"\x05"))
    other = leaf_hash(b"\x05south" + b"\0\0\0\x01" + b"\0\0\0\x02" + b"\x02" + digest(b"\x02"))
    tracks = [track(2, side="south", stream=1, codec="pcm"), track(3, 5)]
    assert root_of(tracks) == root_of(reversed(tracks)) == node_hash(node_hash(one, two), other)
    assert leaf("north", 7, 3, "opus", digest(b"\x03"))[:6] == b"\x05north"
    split = [track(3, codec="opus"), replace(track(5), codec="pcm")]  # a browser whose encoder gave up
    assert root_of(split) == root_of(split[::-1])


def test_what_one_side_missed_lets_the_other_side_s_root_be_worked_out() -> None:
    """A side that lost frames can still prove the rest: both roots follow from the fuller recording."""
    full, holes = track(3, 4, 5, 6, 9), track(3, 5, 9)
    assert missed_runs(holes) == [(4, 4), (6, 8)]
    (told,) = describe([holes])
    assert (told["first"], told["last"], told["frames"], told["missed"], told["which"]) == (3, 9, 3, 4, "4 6-8")
    kept = b"".join(
        full.frames[at : at + 40] for at in range(0, len(full.frames), 40) if full.frames[at + 3] not in (4, 6, 7, 8)
    )
    assert root_of([replace(full, frames=kept)]) == root_of([holes])


def test_a_statement_lists_no_more_runs_than_fit_an_entry() -> None:
    """A line that loses every second frame must not keep its own loss out of the record."""
    rows = b"".join(frame_row(number * 2, number, b"x") for number in range(3_000))
    (told,) = describe([replace(track(), frames=rows)])
    assert told["missed"] == 2_999 and len(str(told["which"]).split()) == 1_024
