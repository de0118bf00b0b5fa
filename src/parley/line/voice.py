"""Voice between the nodes: one frame of 20 ms as bytes, and which of the frames that come are taken.

Owns: the byte form and its strict reading; first copy wins, late and repeated ones dropped, the rate of each stream.
Does not own: who may speak (node/calling.py), what a frame sounds like (the desk's page), sending (node/voice.py).
Always true:
  1. Reading gives a frame or PeerError; a taken frame was never taken before.
  2. On one link the numbers of a stream only rise: a link keeps order, so whoever sends one again there replays it.
  3. What a peer can make us remember is bounded: limits.VOICE_STREAMS_MAX streams, one window each.
Read first: docs/protocol/voice.md.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from parley import limits
from parley.codec.text import check_channel, check_person
from parley.errors import PeerError, ensure
from parley.line.frames import Kind
from parley.times import Instant

SESSION_BYTES: Final = 16
PCM_BYTES: Final = 640  # 20 ms at 16 kHz, 16 bits: 320 samples
_FIXED_BYTES: Final = 15  # type, codec, stream, number, at, length of the origin
_WINDOW: Final = 256  # frames: 5 s. A second link over a satellite is half a second behind, a retransmission 2 s
_REPLAYED: Final = "a stream's numbers must rise on each link"


class Codec(IntEnum):
    """How the payload is to be understood."""

    OPUS = 1  # one packet of RFC 6716, mono, one frame of 20 ms
    PCM = 2  # 320 samples at 16 kHz, 16 bits, little-endian


# The table-of-contents byte of an Opus packet (RFC 6716 section 3.1): configurations whose frames last 20 ms, mono,
# one frame a packet.
_OPUS_TOC: Final = frozenset(config << 3 for config in (1, 5, 9, 13, 15, 19, 23, 27, 31))


class Origin(NamedTuple):
    """Whose voice it is and where it belongs; the same in every frame of a stream."""

    channel: str
    session: str  # hex
    person: str
    language: str  # "" is the floor, else the language an interpreter speaks into


class VoiceFrame(NamedTuple):
    """20 ms of one voice."""

    origin: Origin
    stream: int  # drawn by the node for each time a desk takes part
    number: int  # rises by one a frame
    at_ms: int  # when it was captured, on the stream's own clock
    codec: Codec
    payload: bytes


def write_origin(origin: Origin) -> bytes:
    """Give the part that every frame of a stream repeats, behind its length."""
    parts = [bytes.fromhex(origin.session)]
    for word in (origin.channel, origin.person, origin.language):
        data = word.encode("ascii")
        parts += (bytes((len(data),)), data)
    data = b"".join(parts)
    ensure(len(data) <= limits.VOICE_ORIGIN_BYTES_MAX, "a voice's origin outgrew its bound")
    return bytes((len(data),)) + data


def write_voice(stream: int, number: int, at_ms: int, codec: int, origin: bytes, payload: bytes) -> bytes:
    """Give the frame; `origin` as `write_origin` gives it, so that a stream's is made once."""
    return b"".join(
        (
            bytes((Kind.VOICE, codec)),
            stream.to_bytes(4, "big"),
            number.to_bytes(4, "big"),
            at_ms.to_bytes(4, "big"),
            origin,
            payload,
        )
    )


def read_voice(frame: bytes) -> VoiceFrame:
    """Read a frame; raises PeerError `line.voice` for anything but the one form."""
    if not _FIXED_BYTES < len(frame) <= limits.VOICE_FRAME_BYTES_MAX or frame[0] != Kind.VOICE:
        raise PeerError("line.voice", "a frame of voice has the wrong length", got=len(frame))
    start = _FIXED_BYTES + frame[_FIXED_BYTES - 1]
    payload = frame[start:]
    return VoiceFrame(
        read_origin(frame[_FIXED_BYTES:start]),
        int.from_bytes(frame[2:6], "big"),
        int.from_bytes(frame[6:10], "big"),
        int.from_bytes(frame[10:14], "big"),
        check_payload(frame[1], payload),
        payload,
    )


def check_payload(codec: int, payload: bytes) -> Codec:
    """Give the codec, if the payload can be of it; raises PeerError `line.voice`. Not whether it sounds well."""
    if codec == Codec.OPUS:
        if 1 <= len(payload) <= limits.VOICE_OPUS_BYTES_MAX and payload[0] in _OPUS_TOC:
            return Codec.OPUS
        raise PeerError("line.voice", "expected one Opus frame of 20 ms, mono")
    if codec == Codec.PCM and len(payload) == PCM_BYTES:
        return Codec.PCM
    raise PeerError("line.voice", f"codec {codec} with {len(payload)} bytes is no voice")


@lru_cache(maxsize=256)  # the same for each of 50 frames a second
def read_origin(data: bytes) -> Origin:
    """Read what `write_origin` wrote, without the length before it; raises PeerError `line.voice`."""
    words, at = [], SESSION_BYTES
    for _ in range(3):
        if at >= len(data) or at + 1 + data[at] > len(data):
            raise PeerError("line.voice", "a voice's origin does not fit its length")
        word = data[at + 1 : at + 1 + data[at]]
        if not word.isascii():
            raise PeerError("line.voice", "a voice's origin is not ASCII")
        words.append(word.decode("ascii"))
        at += 1 + data[at]
    if at != len(data):
        raise PeerError("line.voice", "a voice's origin has bytes beyond its last word")
    channel, person, language = words
    return Origin(check_channel(channel), data[:SESSION_BYTES].hex(), check_person(person), check_language(language))


def check_language(tag: str) -> str:
    """Give a language channel's name back: "" for the floor, else a short tag. Raises PeerError `line.voice`."""
    if tag and not (len(tag) <= limits.VOICE_LANGUAGE_CHARS_MAX and tag.replace("-", "").isalnum() and tag[0] != "-"):
        raise PeerError("line.voice", "a language channel is named by a language tag")
    return tag


class Taken(NamedTuple):
    """What became of a frame: taken if `new`; `why` says why not: copy, late, or over (its rate)."""

    new: bool
    why: str = ""


COPY: Final = Taken(False, "copy")
LATE: Final = Taken(False, "late")
OVER: Final = Taken(False, "over")
NEW: Final = Taken(True)


class Stream:
    """One voice as it arrives here."""

    __slots__ = ("_at", "_behind_s", "_by_link", "_mask", "_tokens", "first", "frames", "highest", "origin", "over")

    def __init__(self, origin: Origin, now: Instant) -> None:
        self.origin = origin
        self.first = -1  # the number of the first frame
        self.highest = -1
        self.frames = 0  # distinct ones, in time
        self.over = 0  # ones that exceeded the rate
        self._mask = 0  # bit n: number highest - n was taken
        self._by_link: dict[str, int] = {}
        self._tokens = limits.VOICE_BURST
        self._at = now
        self._behind_s = float("inf")  # the least delay lately, by our clock and the stream's

    @property
    def heard_at(self) -> Instant:
        """When a frame last came."""
        return self._at

    @property
    def missing(self) -> int:
        """How many numbers below the highest never came in time."""
        return self.highest - self.first + 1 - self.frames

    def take(self, link: str, frame: VoiceFrame, now: Instant) -> Taken:
        """Take a frame of this stream, or say why not.

        Raises: PeerError `line.voice-replay`: this link has brought that number already.
        """
        number, passed = frame.number, now - self._at
        if number <= self._by_link.get(link, -1):
            raise PeerError("line.voice-replay", _REPLAYED)
        if frame.origin != self.origin:
            raise PeerError("line.voice", "a stream changed whose voice it is")
        self._by_link[link] = number
        back = self.highest - number
        if back >= _WINDOW:
            return LATE
        if back >= 0 and self._mask >> back & 1:
            return COPY
        self._at = now
        self._tokens = min(limits.VOICE_BURST, self._tokens + passed * limits.VOICE_RATE)
        if self._tokens < 1:
            self.over += 1
            return OVER
        self._tokens -= 1
        if back >= 0:
            self._mask |= 1 << back
        else:
            self._mask = (self._mask << -back | 1) & ((1 << _WINDOW) - 1) if -back < _WINDOW else 1
            self.highest = number
        self.first = number if self.first < 0 else min(self.first, number)
        behind = now - frame.at_ms / 1000
        self._behind_s = min(self._behind_s + passed * limits.VOICE_DRIFT, behind)
        if behind - self._behind_s > limits.VOICE_LATE_S:
            return LATE
        self.frames += 1
        return NEW

    def link_down(self, link: str) -> None:
        """A link is gone; a new one of that name begins anew."""
        self._by_link.pop(link, None)


class Ear:
    """Every stream that comes from the other side."""

    def __init__(self) -> None:
        self._streams: dict[tuple[str, int], Stream] = {}

    def find(self, frame: VoiceFrame) -> Stream | None:
        """Give the stream of a frame, if it is known."""
        return self._streams.get((frame.origin.session, frame.stream))

    def begin(self, frame: VoiceFrame, now: Instant) -> Stream | None:
        """Make room for a new stream, which the caller has allowed; None while there are too many."""
        if len(self._streams) >= limits.VOICE_STREAMS_MAX:
            silent = min(self._streams, key=lambda key: self._streams[key].heard_at)
            if now - self._streams[silent].heard_at < limits.VOICE_STREAM_IDLE_S:
                return None
            del self._streams[silent]
        found = self._streams[frame.origin.session, frame.stream] = Stream(frame.origin, now)
        return found

    def of_session(self, session: str) -> list[Stream]:
        """Give the streams of one call."""
        return [stream for (named, _), stream in self._streams.items() if named == session]

    def end(self, session: str) -> None:
        """Forget the streams of a call that is over."""
        for key in [key for key in self._streams if key[0] == session]:
            del self._streams[key]

    def link_down(self, link: str) -> None:
        """A link is gone."""
        for stream in self._streams.values():
            stream.link_down(link)
