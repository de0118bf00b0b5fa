"""Picture between the nodes: one encoded frame as bytes, and which of the frames that come are taken.

Owns: the byte form and its strict reading; only newer frames taken, the rate of each stream, what can be decoded.
Does not own: who may show (node/calling.py), sending (node/picture.py), what is in a frame (the desk's page).
Always true:
  1. Reading gives a frame or PeerError; the numbers of taken frames only rise: the latest frame wins.
  2. A frame that builds on one that never came is not taken: after a gap only a whole frame opens the stream again.
  3. What a peer can make us remember is bounded: limits.PICTURES_MAX streams.
Read first: docs/protocol/picture.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from parley import limits
from parley.errors import PeerError
from parley.line.frames import Kind
from parley.line.voice import Origin, read_origin
from parley.times import Instant

_WINDOW: Final = 256  # numbers of which a second copy is known: all that waits unsent on a slow link
_FIXED_BYTES: Final = 17  # type, form, source, size, stream, number, at, length of the origin


class Form(IntEnum):
    """How the payload is to be understood: VP8 (RFC 6386), one frame."""

    DELTA = 1  # builds on the frame before it
    WHOLE = 2  # a key frame


class Source(IntEnum):
    """What is shown."""

    CAMERA = 1
    DOCUMENT = 2
    SCREEN = 3


class Size(IntEnum):
    """How large it is; the sender's page picks what the line carries."""

    SMALL = 1
    MIDDLE = 2
    LARGE = 3


# Width and height that a frame of each size has at most, whichever way it stands.
PIXELS: Final = {Size.SMALL: (320, 180), Size.MIDDLE: (640, 360), Size.LARGE: (1280, 720)}


class PictureFrame(NamedTuple):
    """One encoded frame of one picture."""

    origin: Origin
    stream: int  # drawn by the node each time a desk begins to show
    number: int  # rises by one a frame
    at_ms: int  # when it was captured, on the stream's own clock
    form: Form
    source: Source
    size: Size
    payload: bytes


class What(NamedTuple):
    """The three bytes that say what a payload is."""

    form: Form
    source: Source
    size: Size


def write_picture(what: What, stream: int, number: int, at_ms: int, origin: bytes, payload: bytes) -> bytes:
    """Give the frame; `origin` as `write_origin` of voice.py gives it."""
    head = bytes((Kind.PICTURE, what.form, what.source, what.size))
    numbers = stream.to_bytes(4, "big") + number.to_bytes(4, "big") + at_ms.to_bytes(4, "big")
    return head + numbers + origin + payload


def read_picture(frame: bytes) -> PictureFrame:
    """Read a frame; raises PeerError `line.picture` for anything but the one form."""
    if not _FIXED_BYTES < len(frame) <= limits.PICTURE_FRAME_BYTES_MAX or frame[0] != Kind.PICTURE:
        raise PeerError("line.picture", "a frame of picture has the wrong length", got=len(frame))
    start = _FIXED_BYTES + frame[_FIXED_BYTES - 1]
    origin = read_origin(frame[_FIXED_BYTES:start])
    if origin.language:
        raise PeerError("line.picture", "a picture has no language")
    payload = frame[start:]
    what = check_picture(frame[1:4], payload)
    return PictureFrame(
        origin,
        int.from_bytes(frame[4:8], "big"),
        int.from_bytes(frame[8:12], "big"),
        int.from_bytes(frame[12:16], "big"),
        *what,
        payload,
    )


def check_picture(head: bytes, payload: bytes) -> What:
    """Give what a payload is, if it can be that; raises PeerError `line.picture`.

    The frame tag of VP8 says whether a frame is whole, and a whole one how large it is (RFC 6386 section 9.1): a page
    must never be made to decode more than the size it was told.
    """
    try:
        what = What(Form(head[0]), Source(head[1]), Size(head[2]))
    except ValueError:
        raise PeerError("line.picture", "unknown form, source or size of a picture") from None
    if not 4 <= len(payload) <= limits.PICTURE_BYTES_MAX:
        raise PeerError("line.picture", "a frame of picture is empty or too large", got=len(payload))
    whole = payload[0] & 1 == 0
    if whole != (what.form is Form.WHOLE):
        raise PeerError("line.picture", "a frame is not of the form it says")
    if whole:
        _check_size(what.size, payload)
    return what


def _check_size(size: Size, payload: bytes) -> None:
    if len(payload) < 10 or payload[3:6] != b"\x9d\x01\x2a":
        raise PeerError("line.picture", "a whole frame lacks its start code")
    found = sorted(int.from_bytes(payload[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    short, long = sorted(PIXELS[size])
    if not (1 <= found[0] <= short and found[1] <= long):
        raise PeerError("line.picture", f"a frame of {found[1]} by {found[0]} pixels is larger than it says")


@dataclass(slots=True)
class Stream:
    """One picture of theirs as it comes here."""

    origin: Origin
    heard_at: Instant
    last: int = -1  # the greatest number taken
    whole: bool = False  # what comes next can be decoded
    tokens: float = limits.PICTURE_BURST
    over: int = 0  # frames beyond the rate
    seen: int = 0  # bit n: number last - n came
    fastest: float | None = None  # the least (arrival − capture) so far, in seconds

    def take(self, frame: PictureFrame, now: Instant) -> str:
        """Say what becomes of a frame: "" if it is taken, else old, over, gap (a whole frame is wanted).

        Raises: PeerError `line.picture` if the stream's origin changes, `line.picture-replay` if a number comes twice:
        a picture goes by one link, so an honest sender's older number is one that was overtaken, never a second copy.
        """
        if frame.origin != self.origin:
            raise PeerError("line.picture", "the origin of a stream never changes")
        self.tokens = min(limits.PICTURE_BURST, self.tokens + (now - self.heard_at) * limits.PICTURE_RATE)
        self.heard_at = now
        if self.tokens < 1:
            self.over += 1
            return "over"
        self.tokens -= 1
        back = self.last - frame.number
        if back >= 0:
            if back >= _WINDOW or not self.seen >> back & 1:
                self.seen |= (1 << back) & ((1 << _WINDOW) - 1)
                return "old"
            raise PeerError("line.picture-replay", "a frame of picture came a second time")
        self.seen = (self.seen << -back | 1) & ((1 << _WINDOW) - 1) if -back < _WINDOW else 1
        follows = frame.number == self.last + 1
        self.last = frame.number
        self.whole = frame.form is Form.WHOLE or (self.whole and follows)
        return "" if self.whole else "gap"

    def late_s(self, frame: PictureFrame, now: Instant) -> float:
        """Give how much later a frame came than the fastest one of its stream."""
        took = now - frame.at_ms / 1_000
        self.fastest = took if self.fastest is None else min(self.fastest, took)
        return took - self.fastest


class Eye:
    """Every picture of theirs that comes here."""

    def __init__(self) -> None:
        self._streams: dict[tuple[str, int], Stream] = {}

    def find(self, frame: PictureFrame) -> Stream | None:
        """Give the stream of a frame, if it is known."""
        return self._streams.get((frame.origin.session, frame.stream))

    def begin(self, frame: PictureFrame, now: Instant) -> Stream | None:
        """Make room for a new stream, which the caller has allowed; None while there are too many."""
        if len(self._streams) >= limits.PICTURES_MAX:
            silent = min(self._streams, key=lambda key: self._streams[key].heard_at)
            if now - self._streams[silent].heard_at < limits.PICTURE_IDLE_S:
                return None
            del self._streams[silent]
        found = self._streams[frame.origin.session, frame.stream] = Stream(frame.origin, now)
        return found

    def of_channel(self, channel: str) -> list[tuple[int, Stream]]:
        """Give the streams that come into a channel, by their number."""
        return [(key[1], one) for key, one in self._streams.items() if one.origin.channel == channel]

    def end(self, session: str) -> None:
        """Forget the streams of a call that is over."""
        for key in [key for key in self._streams if key[0] == session]:
            del self._streams[key]
