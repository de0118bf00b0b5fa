"""The link's own frames: hello, answer, beat, echo, bye.

Owns: their bytes and the strict reading of them. Does not own: when they are sent (core.py, pulse.py).
Always true: any bytes give one of these or PeerError.
Read first: docs/protocol/link.md.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import Final

from parley import limits
from parley.codec import Reader, check_side, decode, encode, unhex
from parley.errors import PeerError
from parley.link.lanes import Lane, read_lane
from parley.times import Moment

HELLO: Final = 0x01
ANSWER: Final = 0x02
BEAT: Final = 0x03
ECHO: Final = 0x04
BYE: Final = 0x05

VERSION: Final = 1  # of this page's format; hello offers a list, so that one side may go first
LINK_ID_BYTES: Final = 16
_PULSE: Final = struct.Struct(">BIQ")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
_CODE: Final = re.compile(r"[a-z]{1,16}\.[a-z-]{1,32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hello:
    """What the dialling side says first on each connection, and, mirrored, what the other answers."""

    line: str
    from_side: str
    to_side: str
    link: str  # the route's name, the same at both sides
    link_id: str  # 32 hex digits, fresh for each dial: binds the three connections
    lane: Lane
    versions: tuple[int, ...] = (VERSION,)

    def answered(self) -> Hello:
        """Give the answer the other side owes: the sides swapped, one version chosen."""
        return replace(self, from_side=self.to_side, to_side=self.from_side, versions=(common_version(self.versions),))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulse:
    """A beat, or the echo of one: its number, and the sender's calendar time when it was sent."""

    number: int
    moment: Moment


def common_version(offered: tuple[int, ...]) -> int:
    """Give the highest version both speak; raises PeerError `link.version`."""
    if VERSION not in offered:
        raise PeerError("link.version", f"expected version {VERSION} among those offered, got {list(offered)}")
    return VERSION


def write_hello(hello: Hello, *, answer: bool = False) -> bytes:
    """Give the frame: the type byte and canonical JSON."""
    kind = ANSWER if answer else HELLO
    return bytes([kind]) + encode(
        {
            "from": hello.from_side,
            "lane": hello.lane.word,
            "line": hello.line,
            "link": hello.link,
            "link_id": hello.link_id,
            "to": hello.to_side,
            "versions": list(hello.versions),
        }
    )


def read_hello(frame: bytes, *, answer: bool = False) -> Hello:
    """Read a hello or an answer; raises PeerError `link.order` if it is another frame, `link.hello` if it is bad."""
    expected = ANSWER if answer else HELLO
    if frame[0] != expected:
        what = "an answer" if answer else "a hello"
        raise PeerError("link.order", f"expected {what} (type {expected:#04x}) first, got type {frame[0]:#04x}")
    if len(frame) > limits.HELLO_BYTES_MAX:
        raise PeerError("link.hello", f"expected at most {limits.HELLO_BYTES_MAX} bytes, got {len(frame)}")
    fields = Reader(decode(frame[1:], bytes_max=limits.HELLO_BYTES_MAX), "hello", code="link.hello")
    line = fields.text("line", max_chars=32)
    unhex(line, 16)
    link_id = fields.text("link_id", max_chars=2 * LINK_ID_BYTES)
    unhex(link_id, LINK_ID_BYTES)
    versions = []
    for number in fields.list("versions", max_items=16, min_items=1):
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 65_535:
            raise PeerError("link.hello", "hello.versions: expected integers from 1 to 65535")
        versions.append(number)
    hello = Hello(
        line=line,
        from_side=check_side(fields.text("from", max_chars=limits.SIDE_ID_CHARS_MAX)),
        to_side=check_side(fields.text("to", max_chars=limits.SIDE_ID_CHARS_MAX)),
        link=check_link_name(fields.text("link", max_chars=limits.LINK_NAME_CHARS_MAX)),
        link_id=link_id,
        lane=read_lane(fields.text("lane", max_chars=16)),
        versions=tuple(versions),
    )
    fields.done()
    return hello


def check_link_name(name: str) -> str:
    """Give the name back; raises PeerError `link.name`."""
    if not _NAME.fullmatch(name):
        raise PeerError("link.name", "a link's name is a letter and up to 31 letters, digits or dashes, all lower case")
    return name


def write_beat(pulse: Pulse, *, echo: bool = False) -> bytes:
    """Give the 13 bytes of a beat, or of an echo."""
    return _PULSE.pack(ECHO if echo else BEAT, pulse.number, pulse.moment)


def read_pulse(frame: bytes) -> Pulse:
    """Read a beat or an echo; which of them is the first byte's matter."""
    if len(frame) != _PULSE.size:
        raise PeerError("link.beat", f"expected {_PULSE.size} bytes, got {len(frame)}")
    _, number, moment = _PULSE.unpack(frame)
    if moment > limits.INTEGER_MAX:
        raise PeerError("link.beat", "the moment lies beyond what a moment can be")
    return Pulse(number=number, moment=Moment(moment))


def write_bye(code: str) -> bytes:
    """Give the frame that tells the other side why we hang up: a code; the words are each side's own."""
    return bytes([BYE]) + code.encode("ascii")


def read_bye(frame: bytes) -> str:
    """Give the code; raises PeerError `link.bye`."""
    code = frame[1:].decode("ascii", errors="replace")
    if not _CODE.fullmatch(code):
        raise PeerError("link.bye", "the other side hung up without a readable code")
    return code
