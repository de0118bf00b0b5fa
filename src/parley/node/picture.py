"""Picture: from a page to its own node, by the best link's bulk lane to the other, out to every page that looks.

Owns: what our pages show and look at, sending and passing on, asking for whole frames and for less, naming a peer that
breaks the rules.
Does not own: the byte form (line/picture.py), who may show (`Gate`: who may be heard), what is in it (the page).
Always true:
  1. Each frame of either side passes the gate here: who, which call, which channel, not after it ended. No by default.
  2. Nothing waits and nothing is kept: a frame goes on in the turn it came in, or is dropped; the latest frame wins.
  3. It goes by the bulk lane alone, which gives way to everything else (DESIGN 2.8).
Read first: docs/protocol/picture.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import PeerError, Refused
from parley.line.picture import Eye, Form, PictureFrame, check_picture, read_picture, write_picture
from parley.line.voice import Origin, write_origin
from parley.link import Lane
from parley.node.counting import Inflows, Strays
from parley.node.desks import Desk
from parley.node.signals import Around, Signal
from parley.node.voice import Gate, Links
from parley.times import Instant

PICTURE: Final = 0x02  # the first byte of a binary frame between a page and its node
OURS, THEIRS = b"\x02\x00", b"\x02\x01"
WANTS: Final = ("whole", "less")
_DESK_FIXED: Final = 12  # picture, form, source, size, number, at
_ASK_S: Final = 1.0  # a whole frame is large: no stream is asked for one more often
_LESS_S: Final = 3.0  # and a page needs a while to become less
_LASTS_MS: Final = 3_000


class Shows(Gate, Protocol):
    """Who may be heard, and in which calls both sides are."""

    def goes_on(self, session: str) -> bool: ...


class Sink(Protocol):
    """A page that looks. None of these may wait."""

    def tell(self, told: Mapping[str, JsonInput]) -> None: ...
    def picture(self, stream: int, whole: bool, frame: bytes) -> bool: ...


@dataclass(slots=True)
class Showing:
    """What one page of ours shows."""

    desk: Desk
    sink: Sink
    origin: Origin
    stream: int
    head: bytes
    number: int = -1
    whole: bool = False  # the line has everything the next frame builds on
    tokens: float = limits.PICTURE_BURST
    at: Instant = field(default_factory=lambda: Instant(0.0))


@dataclass(slots=True)
class Looking:
    """A page that looks at what is shown in a channel."""

    desk: Desk
    channel: str
    sink: Sink
    known: set[int] = field(default_factory=set)  # streams it was told the owner of


class Pictures:
    """The pictures of one node, both ways."""

    def __init__(self, node: Around, gate: Shows, links: Links) -> None:
        self._node, self._gate, self._links = node, gate, links
        self._showing: dict[int, Showing] = {}  # by desk
        self._looking: dict[int, Looking] = {}  # by desk
        self._eye = Eye()
        self._asked: dict[tuple[int, str], Instant] = {}  # stream, what -> when it was last asked for
        self._strays = Strays(limits.PICTURE_OVER_MAX)  # by session
        most = limits.PICTURES_MAX
        self._inflows = Inflows(most * limits.PICTURE_RATE, most * limits.PICTURE_BURST, limits.PICTURE_OVER_MAX)
        self.left_out = 0  # frames not sent because the line carries less

    def handlers(self) -> dict[str, Callable[[Signal], None]]:
        """Give who takes in which signal."""
        return {"picture-wants": self.wanted}

    # --- our pages ------------------------------------------------------------------------------------------------

    def look(self, desk: Desk, channel: str, sink: Sink) -> None:
        """Have this page see what is shown in a channel; a picture needs a whole frame to begin with.

        Raises: Refused `picture.full` beyond limits.PICTURE_PAGES_MAX, limits.PICTURE_PAGES_PERSON_MAX of one person.
        """
        if sum(one.desk.person == desk.person for one in self._looking.values()) >= limits.PICTURE_PAGES_PERSON_MAX:
            raise Refused("picture.full", f"{limits.PICTURE_PAGES_PERSON_MAX} pages of yours look already; close one")
        if len(self._looking) >= limits.PICTURE_PAGES_MAX:
            raise Refused("picture.full", f"{limits.PICTURE_PAGES_MAX} pages of this side look already; close one")
        self._looking[desk.number] = Looking(desk, channel, sink)
        for one in self._showing.values():
            if one.origin.channel == channel:
                self._ask_ours(one, "whole")
        for stream, theirs in self._eye.of_channel(channel):
            self._ask_theirs(theirs.origin, stream, "whole")

    def left(self, desk: Desk) -> None:
        """A page is gone."""
        self._looking.pop(desk.number, None)
        self._showing.pop(desk.number, None)

    def show(self, desk: Desk, channel: str, session: str, sink: Sink) -> int:
        """Let this page's picture go into a call from now on; gives its stream.

        Raises: Refused `voice.turn`: this person may not be heard there; `picture.full`: two are shown by this side.
        """
        origin = Origin(channel, session, desk.person, "")
        if self._barred(self._node.us, origin):
            raise Refused("voice.turn", "you may show something once a call of yours there is answered")
        others = [one for one in self._showing.values() if one.origin.session == session and one.desk is not desk]
        if len(others) >= limits.PICTURES_OURS_MAX:
            raise Refused("picture.full", f"your side shows {len(others)} pictures in this call; end one first")
        shown = Showing(desk, sink, origin, secrets.randbits(32), write_origin(origin))
        self._showing[desk.number] = shown
        return shown.stream

    def hide(self, desk: Desk) -> None:
        """This page shows nothing any more."""
        self._showing.pop(desk.number, None)

    def frame(self, desk: Desk, data: bytes) -> None:
        """Pass on a frame of a page; what may not pass is dropped.

        Raises: PeerError `line.picture` for what no page of ours sends.
        """
        if len(data) <= _DESK_FIXED or data[0] != PICTURE:
            raise PeerError("line.picture", "expected a frame of picture")
        shown = self._showing.get(desk.number)
        if shown is None:
            return
        payload = data[_DESK_FIXED:]
        what = check_picture(data[1:4], payload)
        number, at_ms = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
        if number <= shown.number:
            raise PeerError("line.picture", "the numbers of a page's frames must rise")
        shown.number, now = number, self._node.now()
        shown.tokens = min(limits.PICTURE_BURST, shown.tokens + (now - shown.at) * limits.PICTURE_RATE)
        shown.at = now
        if shown.tokens < 1 or self._barred(self._node.us, shown.origin):
            shown.whole = False
            return
        shown.tokens -= 1
        frame = write_picture(what, shown.stream, number, at_ms, shown.head, payload)
        self._send(shown, what.form is Form.WHOLE, frame)
        self._pass_on(frame, OURS, shown.origin, shown.stream, what.form is Form.WHOLE, but=desk)

    def _send(self, shown: Showing, whole: bool, frame: bytes) -> None:
        """Send by the link that has least waiting; a frame that builds on one left out is left out as well."""
        if not (whole or shown.whole):
            self._ask_ours(shown, "whole")
            return
        waits = {link: self._links.backlog(link, Lane.BULK) for link in self._node.links_up()}
        best = min(waits, key=lambda link: waits[link], default=None)
        shown.whole = best is not None and waits[best] <= limits.PICTURE_UNSENT_BYTES_MAX
        if best is not None and shown.whole:
            self._links.send(best, Lane.BULK, frame)
            return
        self.left_out += 1
        self._ask_ours(shown, "less" if best is not None else "whole")

    def wants_whole(self, desk: Desk, stream: int) -> None:
        """A page that looks cannot decode a stream: whoever shows it is asked for a whole frame."""
        looks = self._looking.get(desk.number)
        if looks is None:
            return
        for one in self._showing.values():
            if one.stream == stream and one.origin.channel == looks.channel:
                self._ask_ours(one, "whole")
        for number, theirs in self._eye.of_channel(looks.channel):
            if number == stream:
                self._ask_theirs(theirs.origin, stream, "whole")

    # --- the line -------------------------------------------------------------------------------------------------

    def heard(self, link: str, data: bytes) -> None:
        """Take in a frame of theirs. What is wrong in form closes the link it came by, and is named."""
        now = self._node.now()
        if not self._has_room(link, data, now):
            return
        try:
            frame = read_picture(data)
            barred = self._barred(self._node.them, frame.origin)
            stream = self._eye.find(frame) or (None if barred else self._eye.begin(frame, now))
            became = "" if stream is None else stream.take(frame, now)
        except PeerError as fault:
            self._node.blame(link, _without_picture(data), fault)
            self._links.close_link(link, fault.code, fault.sentence)
            return
        if barred:
            self._stray(frame, link, data)
        elif stream is not None and became == "over":
            if stream.over == limits.PICTURE_OVER_MAX:
                words = f"a picture came faster than {limits.PICTURE_RATE:g} frames a second; the rest is not shown"
                self._node.blame(link, _without_picture(data), PeerError("line.picture-flood", words))
        elif stream is not None and stream.over < limits.PICTURE_OVER_MAX:
            if stream.late_s(frame, now) > limits.PICTURE_LATE_S:
                self._ask_theirs(frame.origin, frame.stream, "less")
            if became == "gap":
                self._ask_theirs(frame.origin, frame.stream, "whole")
            elif not became:
                self._pass_on(data, THEIRS, frame.origin, frame.stream, frame.form is Form.WHOLE)

    def _has_room(self, link: str, data: bytes, now: Instant) -> bool:
        """Say whether a link brings no more than all pictures that may be seen; what is beyond it is not even read."""
        inflow = self._inflows.of(link, now)
        if inflow.takes(now):
            return True
        if inflow.names(now):
            words = f"more frames came than {limits.PICTURES_MAX} pictures have; what exceeds it is not shown"
            self._node.blame(link, _without_picture(data), PeerError("line.picture-flood", words))
        return False

    def link_down(self, link: str) -> None:
        """A link is gone."""
        self._inflows.link_down(link)

    def wanted(self, signal: Signal) -> None:
        """The other side's page asks for a whole frame, or for less."""
        fields = signal.fields
        channel, session = fields.channel("channel"), fields.hex("session", 16)
        stream, what = fields.integer("stream", 0, 2**32 - 1), fields.choice("what", WANTS)
        fields.done()
        for one in self._showing.values():
            if (one.origin.channel, one.origin.session, one.stream) == (channel, session, stream):
                self._ask_ours(one, what)

    def end(self, session: str) -> None:
        """A call is over: nothing of it is passed on any more."""
        self._eye.end(session)
        for number in [number for number, one in self._showing.items() if one.origin.session == session]:
            self._showing.pop(number).sink.tell({"told": "over"})

    # --- between --------------------------------------------------------------------------------------------------

    def _barred(self, side: str, origin: Origin) -> bool:
        """Who may be heard may show, once the call is answered; also while the turn to speak is another's."""
        if not self._gate.goes_on(origin.session):
            return True  # nobody is made to see anything by a call that they have not answered
        return self._gate.silences(side, origin.channel, origin.session, origin.person, "") not in ("", "turns")

    def _pass_on(
        self, frame: bytes, whose: bytes, origin: Origin, stream: int, whole: bool, but: Desk | None = None
    ) -> None:
        data = whose + frame[1:]
        for one in self._looking.values():
            if one.channel != origin.channel or one.desk is but:
                continue
            if stream not in one.known:
                self._tell_owner(one, whose == OURS, origin, stream)
            if not one.sink.picture(stream, whole, data):
                self.wants_whole(one.desk, stream)

    def _tell_owner(self, one: Looking, ours: bool, origin: Origin, stream: int) -> None:
        if len(one.known) > 16 * limits.PICTURES_MAX:  # of streams long over
            one.known.clear()
        one.known.add(stream)
        name, office = self._node.person_shown(self._node.us if ours else self._node.them, origin.person)
        one.sink.tell({"told": "shows", "ours": ours, "stream": stream, "name": name, "office": office})

    def _ask_ours(self, shown: Showing, what: str) -> None:
        if self._may_ask(shown.stream, what):
            shown.sink.tell({"told": what})

    def _ask_theirs(self, origin: Origin, stream: int, what: str) -> None:
        if self._may_ask(stream, what):
            fields: dict[str, JsonInput] = {
                "channel": origin.channel, "session": origin.session, "stream": stream, "what": what,
            }  # fmt: skip
            self._node.signal("picture-wants", _LASTS_MS, fields)

    def _may_ask(self, stream: int, what: str) -> bool:
        now, pause = self._node.now(), _LESS_S if what == "less" else _ASK_S
        if now - self._asked.get((stream, what), -pause) < pause:
            return False
        if len(self._asked) > 16 * limits.PICTURES_MAX:  # of streams long over
            self._asked.clear()
        self._asked[stream, what] = now
        return True

    def _stray(self, frame: PictureFrame, link: str, data: bytes) -> None:
        """Count what nothing allows: a few frames cross the end of a call, many are somebody out of turn."""
        if self._strays.names(frame.origin.session, self._node.now()):
            words = f"{frame.origin.person[:48]} showed a picture in {frame.origin.channel[:48]} without an open call"
            self._node.blame(link, _without_picture(data), PeerError("line.picture-turn", f"{words}; nobody saw it"))


def _without_picture(frame: bytes) -> bytes:
    """Give what of a frame may be kept as evidence: who and when, never what was shown."""
    return frame[: 17 + frame[16]] if len(frame) > 16 else frame
