"""Frames: what is written is read back, and nothing else is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from parley import limits
from parley.codec.canonical import encode
from parley.errors import PeerError
from parley.line import frames
from parley.line.frames import Ahead, Cosigned, Head, Kind, Receipt, Run, Standing, TailAnswer, open_frame
from parley.record.names import LogId

LOG = LogId("leaders", "north", 0)
HEAD = Head(log=LOG, size=12, root=b"\x01" * 32, signature=b"\x02" * 64)
SEAL = Head(log=LOG, size=12, root=b"\x01" * 32, signature=b"\x02" * 2420)
RUN = Run(head=HEAD, first=9, proof=(b"\x03" * 32,), leaves=(b"a", b"", b"c" * limits.ENTRY_BYTES_MAX))
STANDING = Standing(held=((LOG, 3),), heads=(HEAD,))
COSIGNED = Cosigned(log=LOG, size=12, root=b"\x01" * 32, at_s=1_795_428_000, suite=1, signature=b"\x04" * 64)
COSIGNED_PQ = Cosigned(log=LOG, size=12, root=b"\x01" * 32, at_s=1_795_428_000, suite=2, signature=b"\x04" * 2420)
AHEAD = Ahead(head=HEAD, number=11, proof=(b"\x03" * 32,), leaf=b"leaf")
RECEIPT = Receipt(log=LOG, number=11, id=b"\x05" * 32, at_s=1_795_428_000, signature=b"\x06" * 64)
ANSWER = TailAnswer(nonce=b"\x07" * 32, heads=(HEAD,), signature=b"\x08" * 64, ahead=((7, HEAD),))


def head_row(**changes: object) -> list[object]:
    """Give a head as it stands in a header, with some places changed by number."""
    opened = open_frame(frames.write_run(RUN))[1].take("head")
    assert isinstance(opened, list)
    row: list[object] = list(opened)
    for place, value in changes.items():
        row[int(place[1:])] = value
    return row


def frame(kind: int, header: object, blob: bytes = b"") -> bytes:
    """Give a frame with any header."""
    data = header if isinstance(header, bytes) else encode(header)  # type: ignore[arg-type]
    return bytes([kind]) + len(data).to_bytes(2, "big") + data + blob


def read(data: bytes) -> object:
    """Read a frame as the core does."""
    kind, reader, blob = open_frame(data)
    readers: dict[Kind, Callable[[], object]] = {
        Kind.RUN: lambda: frames.read_run(reader, blob),
        Kind.STANDING: lambda: frames.read_standing(reader),
        Kind.COSIGNED: lambda: frames.read_cosigned(reader),
        Kind.SEALED: lambda: frames.read_sealed(reader),
        Kind.AHEAD: lambda: frames.read_ahead(reader, blob),
        Kind.RECEIPT: lambda: frames.read_receipt(reader),
        Kind.TAIL_ASK: lambda: frames.read_tail_ask(reader),
        Kind.TAIL_ANSWER: lambda: frames.read_tail_answer(reader),
        Kind.BACK: lambda: frames.read_back(reader),
        Kind.PROGRESS: lambda: frames.read_progress(reader),
    }
    return readers[kind]()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (frames.write_run(RUN), RUN),
        (frames.write_standing(STANDING), STANDING),
        (frames.write_cosigned([COSIGNED, COSIGNED_PQ]), [COSIGNED, COSIGNED_PQ]),
        (frames.write_sealed([SEAL]), [SEAL]),
        (frames.write_ahead(AHEAD), AHEAD),
        (frames.write_receipt(RECEIPT), RECEIPT),
        (frames.write_tail_ask(b"\x07" * 32), b"\x07" * 32),
        (frames.write_tail_answer(ANSWER), ANSWER),
        (frames.write_back(LOG, 7), (LOG, 7)),
        (frames.write_progress(LOG, 7, again=True), (LOG, 7, True)),
    ],
    ids=["run", "standing", "cosigned", "sealed", "ahead", "receipt", "ask", "answer", "back", "progress"],
)
def test_what_is_written_is_read_back(written: bytes, value: object) -> None:
    """Two programs of one version must mean the same by the same bytes."""
    assert read(written) == value


GOOD = {"first": 9, "head": head_row(), "proof": []}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "line.frame"),
        (b"\x11\x00", "line.frame"),
        (b"\x11\x00\x05{}", "line.frame"),
        (b"\x0f\x00\x02{}", "line.frame"),
        (b"\x1f\x00\x02{}", "line.frame"),
        (frame(Kind.BACK, b'{"first": 1,"log":"leaders/north/0"}'), "codec.form"),
        (frame(Kind.BACK, b'{"log":"leaders/north/0","first":1}'), "codec.form"),
        (frame(Kind.BACK, b"[]"), "codec.field"),
        (frame(Kind.BACK, {"first": 1}), "codec.field"),
        (frame(Kind.BACK, {"extra": 1, "first": 1, "log": LOG.text}), "codec.field"),
        (frame(Kind.BACK, {"first": -1, "log": LOG.text}), "line.frame"),
        (frame(Kind.BACK, {"first": True, "log": LOG.text}), "line.frame"),
        (frame(Kind.BACK, {"first": "1", "log": LOG.text}), "line.frame"),
        (frame(Kind.BACK, {"first": 1, "log": "leaders/north/00"}), "record.log-name"),
        (frame(Kind.BACK, {"first": 1, "log": "Leaders/north/0"}), "record.log-name"),
        (frame(Kind.RUN, GOOD), "line.size"),
        (frame(Kind.RUN, GOOD, b"\x00\x00\x00"), "line.size"),
        (frame(Kind.RUN, GOOD, b"\x00\x00\x00\x05abc"), "line.size"),
        (frame(Kind.RUN, GOOD, b"\x00\x01\x00\x01" + bytes(65_537)), "line.size"),
        (frame(Kind.RUN, GOOD, bytes(4 * 257)), "line.size"),
        (frame(Kind.RUN, {**GOOD, "head": head_row(_2="AAAA")}, bytes(4)), "codec.base64"),
        (frame(Kind.RUN, {**GOOD, "head": head_row(_3="not base64")}, bytes(4)), "codec.base64"),
        (frame(Kind.RUN, {**GOOD, "head": head_row()[:3]}, bytes(4)), "line.frame"),
        (frame(Kind.RUN, {**GOOD, "proof": ["AAAA"]}, bytes(4)), "codec.base64"),
        (frame(Kind.AHEAD, {"head": head_row(), "number": 1, "proof": []}, bytes(65_537)), "line.size"),
        (frame(Kind.TAIL_ASK, {"nonce": "AAAA"}), "codec.base64"),
        (frame(Kind.PROGRESS, {"again": 1, "held": 1, "log": LOG.text}), "line.frame"),
        (frame(Kind.STANDING, {"heads": [head_row()] * 257, "held": []}), "line.frame"),
    ],
)
def test_anything_else_is_refused_with_its_reason(data: bytes, code: str) -> None:
    """A lenient reader lets two sides read two things (docs/protocol/line.md, "The frame")."""
    with pytest.raises(PeerError) as refused:
        read(data)

    assert refused.value.code == code


def test_a_cosignature_of_an_unknown_suite_is_refused() -> None:
    """A signature that nobody here can check must not count as one."""
    good = open_frame(frames.write_cosigned([COSIGNED]))[1].take("rows")
    assert isinstance(good, list) and isinstance(good[0], list)
    row = [*good[0]]
    row[4] = 3
    with pytest.raises(PeerError, match=r"line\.frame"):
        read(frame(Kind.COSIGNED, {"rows": [row]}))


def test_a_frame_beyond_its_bound_is_not_even_looked_into() -> None:
    """The bound is what keeps a hostile peer out of our memory."""
    with pytest.raises(PeerError, match=r"line\.frame"):
        open_frame(b"\x11" + bytes(limits.FRAME_BYTES_MAX))


def test_the_longest_tail_answer_fits_its_header() -> None:
    """A peer with the longest names in all its logs must not make us fail while we answer it."""
    longest = "c" * limits.CHANNEL_ID_CHARS_MAX, "s" * limits.SIDE_ID_CHARS_MAX
    head = replace(HEAD, log=LogId(*longest, 10**12 - 1), size=limits.INTEGER_MAX)
    heads, ahead = (head,) * frames.HEADS_MAX, ((limits.INTEGER_MAX, head),) * frames.AHEAD_HEADS_MAX
    answer = replace(ANSWER, heads=heads, ahead=ahead)
    kind, reader, _ = frames.open_frame(frames.write_tail_answer(answer))

    assert kind is Kind.TAIL_ANSWER and frames.read_tail_answer(reader) == answer
