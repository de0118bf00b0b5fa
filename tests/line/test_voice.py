"""Frames of voice: their one form, and which of those that come are taken."""

from __future__ import annotations

import pytest

from parley import limits
from parley.errors import PeerError
from parley.line import voice
from parley.line.voice import COPY, LATE, NEW, OVER, Codec, Origin, Stream, VoiceFrame
from parley.times import Instant

ORIGIN = Origin("leaders", "5e" * 16, "e.marlow", "")
OPUS = bytes((9 << 3,)) + b"\x01" * 60
# docs/protocol/voice.md opens with it.
EXAMPLE = bytes.fromhex(
    "1d01 0badcafe 00000007 000000a0 22 5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e 07 6c656164657273 08 652e6d61726c6f77 00"
) + bytes((9 << 3, 1, 2))


def frame(number: int, **more: object) -> VoiceFrame:
    plain: dict[str, object] = {
        "origin": ORIGIN, "stream": 7, "number": number, "at_ms": number * 20, "codec": Codec.OPUS, "payload": OPUS,
    }  # fmt: skip
    return VoiceFrame(**(plain | more))  # type: ignore[arg-type]


def written(each: VoiceFrame) -> bytes:
    head = voice.write_origin(each.origin)
    return voice.write_voice(each.stream, each.number, each.at_ms, each.codec, head, each.payload)


def test_the_example_of_the_page_is_what_we_write_and_read() -> None:
    """Another implementation starts from that page."""
    read = voice.read_voice(EXAMPLE)
    assert read == VoiceFrame(ORIGIN, 0x0BADCAFE, 7, 160, Codec.OPUS, bytes((72, 1, 2)))
    assert written(read) == EXAMPLE


def test_a_frame_with_the_longest_words_fits_and_reads_back() -> None:
    """The bounds are of the format: what one side may write the other must take."""
    longest = Origin("c" * 48, "ff" * 16, "p" * 48, "x" * 35)
    for codec, payload in ((Codec.PCM, bytes(voice.PCM_BYTES)), (Codec.OPUS, OPUS)):
        made = frame(2**32 - 1, origin=longest, at_ms=2**32 - 1, codec=codec, payload=payload)
        assert len(written(made)) <= limits.VOICE_FRAME_BYTES_MAX
        assert voice.read_voice(written(made)) == made


WRONG = {
    "nothing": b"",
    "another type": b"\x18" + EXAMPLE[1:],
    "cut in the fixed part": EXAMPLE[:14],
    "cut in the origin": EXAMPLE[:40],
    "no payload": EXAMPLE[:-3],
    "codec 0": EXAMPLE[:1] + b"\x00" + EXAMPLE[2:],
    "codec 3": EXAMPLE[:1] + b"\x03" + EXAMPLE[2:],
    "PCM of another length": EXAMPLE[:1] + b"\x02" + EXAMPLE[2:],
    "Opus of 60 ms": EXAMPLE[:-3] + bytes((11 << 3, 1, 2)),
    "Opus in stereo": EXAMPLE[:-3] + bytes((9 << 3 | 4, 1, 2)),
    "two Opus frames": EXAMPLE[:-3] + bytes((9 << 3 | 1, 1, 2)),
    "Opus too long": EXAMPLE[:-3] + bytes((9 << 3,)) * (limits.VOICE_OPUS_BYTES_MAX + 1),
    "origin shorter than its words": EXAMPLE[:14] + b"\x21" + EXAMPLE[15:],
    "origin longer than its words": EXAMPLE[:14] + b"\x23" + EXAMPLE[15:],
    "a channel that is none": EXAMPLE.replace(b"leaders", b"Leaders"),
    "a person that is none": EXAMPLE.replace(b"e.marlow", b"e marlow"),
    "not ASCII": EXAMPLE.replace(b"leaders", b"leader\xc3"),
    "a language that is none": written(frame(1, origin=ORIGIN._replace(language="a!"))),
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_anything_else_is_no_voice(data: bytes) -> None:
    """One byte form: two programs that read a frame differently would let different people speak."""
    with pytest.raises(PeerError):
        voice.read_voice(data)


def test_the_first_copy_wins_whichever_link_brings_it() -> None:
    """Every frame comes by every link; hearing one twice would stutter, losing both would be a gap."""
    stream = Stream(ORIGIN, Instant(0.0))
    for number in range(100):
        first, second = ("cable", "satellite") if number % 3 else ("satellite", "cable")
        now = Instant(number * 0.02)
        assert stream.take(first, frame(number), now) == NEW
        assert stream.take(second, frame(number), now) == COPY
    assert (stream.frames, stream.missing) == (100, 0)


def test_what_one_link_lost_the_other_brings_a_little_later() -> None:
    """A retransmission holds one link back for a fifth of a second: its frames still count where they are the first."""
    stream = Stream(ORIGIN, Instant(0.0))
    assert stream.take("cable", frame(0), Instant(0.0)) == NEW
    assert stream.take("cable", frame(3), Instant(0.06)) == NEW
    assert stream.missing == 2
    assert [stream.take("satellite", frame(n), Instant(0.25)) for n in range(4)] == [COPY, NEW, NEW, COPY]
    assert stream.missing == 0


def test_a_link_that_brings_a_number_again_replays_it() -> None:
    """A link keeps order, so this is never an accident; recorded voice must not be played into another moment."""
    stream = Stream(ORIGIN, Instant(0.0))
    for number in (5, 6):
        stream.take("cable", frame(number), Instant(0.0))
    for number in (6, 5, 0):
        with pytest.raises(PeerError, match=r"line\.voice-replay"):
            stream.take("cable", frame(number), Instant(0.1))
    stream.link_down("cable")  # a new link of that name begins anew; what was taken stays taken
    assert stream.take("cable", frame(6), Instant(0.1)) == COPY


def test_what_comes_a_second_late_is_not_heard() -> None:
    """Voice that was held back and let go later would be heard as if it were said now."""
    stream = Stream(ORIGIN, Instant(0.0))
    assert stream.take("cable", frame(0), Instant(10.0)) == NEW
    assert stream.take("cable", frame(1), Instant(10.02 + limits.VOICE_LATE_S - 0.01)) == NEW
    assert stream.take("cable", frame(2), Instant(10.04 + limits.VOICE_LATE_S + 0.02)) == LATE
    assert stream.take("satellite", frame(400, at_ms=8000), Instant(18.0)) == NEW
    assert stream.take("cable", frame(100, at_ms=2000), Instant(18.0)) == LATE  # beyond the window


def test_two_clocks_that_drift_apart_for_hours_do_not_make_a_voice_late() -> None:
    """200 parts in a million are 5.8 s in an eight-hour watch; the far desk's clock is nobody's fault."""
    stream = Stream(ORIGIN, Instant(0.0))
    for number in range(0, 8 * 3600 * 50, 50):
        now = Instant(number * 0.02 * 1.0002)
        assert stream.take("cable", frame(number), now) == NEW, number


def test_nobody_speaks_faster_than_speech() -> None:
    """A flood of valid frames would cost every desk its loudspeaker."""
    stream = Stream(ORIGIN, Instant(0.0))
    taken = [stream.take("cable", frame(number), Instant(0.0)) for number in range(1000)]
    assert taken.count(NEW) == limits.VOICE_BURST
    assert taken[-1] == OVER
    assert stream.over == 1000 - limits.VOICE_BURST
    assert stream.take("cable", frame(1000), Instant(1.0)) == NEW


def test_a_stream_stays_whose_it_was() -> None:
    """Whoever was let in may not hand the gate to somebody else."""
    stream = Stream(ORIGIN, Instant(0.0))
    stream.take("cable", frame(0), Instant(0.0))
    with pytest.raises(PeerError, match="whose voice"):
        stream.take("cable", frame(1, origin=ORIGIN._replace(person="t.brandt")), Instant(0.0))


def test_a_peer_cannot_make_us_remember_more_than_some_streams() -> None:
    """Each stream costs memory and a window; idle ones make room, living ones are never pushed out."""
    ear = voice.Ear()
    for stream in range(limits.VOICE_STREAMS_MAX):
        assert ear.begin(frame(0, stream=stream), Instant(0.0)) is not None
    assert ear.begin(frame(0, stream=999), Instant(1.0)) is None
    assert ear.begin(frame(0, stream=999), Instant(limits.VOICE_STREAM_IDLE_S + 1)) is not None
    ear.end(ORIGIN.session)
    assert ear.of_session(ORIGIN.session) == []
