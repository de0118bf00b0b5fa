"""Real-time text: from a page to its own node, by every link at once to the other, out to every page that shows it.

Owns: when what a desk writes is sent and repeated, the lines of a call so far, naming a peer that breaks the rules.
Does not own: the form of what is sent and how it heals (line/realtime.py), who may write (`Gate`), keeping (actions/).
Always true:
  1. Each signal of either side passes the gate here: who, which call, which channel, not after it ended. No by default.
  2. Nothing here is stored; what was written is forgotten with the call, unless both sides agreed to keep it.
Read first: docs/protocol/realtime-text.md.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.errors import PeerError, Refused
from parley.line.realtime import Line, Pen, Sheet, Whole, Writer, read_edit, read_whole
from parley.node.counting import Strays
from parley.node.desks import Desk
from parley.node.signals import Around, Signal
from parley.times import Instant, moment_text

EVERY_S: Final = 0.1  # EN 301 549, 6.2.4 asks for 500 ms from the character to the network; a person types 10 a second
WHOLE_S: Final = 1.0  # a lost edit heals at the next one; the last one of a pause after this
LASTS_MS: Final = 10_000


class Gate(Protocol):
    """Who may write: the same as may be heard (node/calling.py)."""

    def may_speak(self, side: str, channel: str, session: str, person: str) -> bool: ...


@dataclass(slots=True)
class Ours:
    """What one desk of ours writes, and when it was last sent."""

    writer: Writer
    pen: Pen = field(default_factory=Pen)
    sent_at: float = float("-inf")
    again_at: float = float("inf")  # all of it goes again a little after it changed: it may have come before its call


@dataclass(slots=True)
class Theirs:
    """What one desk of theirs writes, and how fast."""

    writer: Writer
    at: Instant
    sheet: Sheet = field(default_factory=Sheet)
    tokens: float = limits.TEXT_BURST
    over: int = 0


class Texting:
    """The real-time text of one node, both ways."""

    def __init__(self, node: Around, gate: Gate) -> None:
        self._node, self._gate = node, gate
        self._ours: dict[int, Ours] = {}  # by desk
        self._theirs: dict[tuple[str, int], Theirs] = {}  # session, stream
        self._lines: dict[str, list[dict[str, JsonInput]]] = {}  # session -> what was finished, as pages are told it
        self._strays = Strays(limits.TEXT_STRAY_MAX)  # by session
        self._timer: asyncio.TimerHandle | None = None

    def handlers(self) -> dict[str, Callable[[Signal], None]]:
        """Give who takes in which signal."""
        return {"text": self.heard_whole, "text-edit": self.heard_edit}

    # --- our desks ------------------------------------------------------------------------------------------------

    def write(self, desk: Desk, channel: str, session: str, text: str, *, finish: bool) -> None:
        """Have this text in the desk's line; `finish` ends the line.

        Raises: Refused `voice.turn`: this person may not write there now.
        """
        ours = self._of(desk, channel, session)
        if text != ours.pen.text:
            ours.pen.write(text)
            self._tell_now(self._node.us, ours.writer, ours.pen.line, text, but=desk)
        if finish and text:
            self._finished(self._node.us, ours.writer, Line(ours.pen.line, text))
            ours.pen.finish()
        self._send_due()

    def _of(self, desk: Desk, channel: str, session: str) -> Ours:
        if not self._gate.may_speak(self._node.us, channel, session, desk.person):
            raise Refused("voice.turn", "there is no open call there that you may write in; lift first")
        found = self._ours.get(desk.number)
        if found is None or found.writer[:3] != (channel, session, desk.person):
            writer = Writer(channel, session, desk.person, secrets.randbits(32))
            found = self._ours[desk.number] = Ours(writer)
        return found

    def left(self, desk: Desk) -> None:
        """A desk is gone: what it was writing is taken back, since nobody will finish it."""
        ours = self._ours.pop(desk.number, None)
        if ours is not None and ours.pen.text:
            ours.pen.write("")
            self._node.signal("text", LASTS_MS, ours.writer.fields() | ours.pen.whole().fields())
            self._tell_now(self._node.us, ours.writer, ours.pen.line, "")

    def _send_due(self) -> None:
        """Send what is due now, and wake again when the next is."""
        now, next_at = float(self._node.now()), float("inf")
        for ours in self._ours.values():
            if ours.pen.dirty and now - ours.sent_at >= EVERY_S:
                self._send(ours, now, ours.pen.edit())
                ours.again_at = min(ours.again_at, now + WHOLE_S)
            elif now >= ours.again_at:
                self._send(ours, now, ours.pen.whole())
                ours.again_at = float("inf")
            next_at = min(next_at, ours.sent_at + EVERY_S if ours.pen.dirty else ours.again_at)
        if next_at < float("inf"):
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(max(0.0, next_at - now), self._send_due)

    def _send(self, ours: Ours, now: float, said: object) -> None:
        writer = ours.writer
        if not self._gate.may_speak(self._node.us, writer.channel, writer.session, writer.person):
            ours.pen.whole()  # nothing goes, and nothing waits to go
            return
        ours.sent_at = now
        name = "text" if isinstance(said, Whole) else "text-edit"
        self._node.signal(name, LASTS_MS, writer.fields() | said.fields())  # type: ignore[attr-defined]

    def report(self) -> None:
        """A link came up: say the whole state, so that what was written meanwhile is not lost."""
        now = float(self._node.now())
        for ours in self._ours.values():
            self._send(ours, now, ours.pen.whole())

    def stop(self) -> None:
        """The node stops."""
        if self._timer is not None:
            self._timer.cancel()

    # --- the line -------------------------------------------------------------------------------------------------

    def heard_whole(self, signal: Signal) -> None:
        """Take in a whole state of theirs."""
        writer, whole = read_whole(signal.fields)
        theirs = self._take(writer)
        if theirs is None:
            return
        lines = theirs.sheet.take_whole(whole)
        if lines is None:
            return
        for line in lines:
            self._finished(self._node.them, writer, line)
        self._tell_now(self._node.them, writer, theirs.sheet.line, theirs.sheet.text)

    def heard_edit(self, signal: Signal) -> None:
        """Take in an edit of theirs."""
        writer, edit = read_edit(signal.fields)
        theirs = self._take(writer)
        if theirs is not None and theirs.sheet.take_edit(edit):
            self._tell_now(self._node.them, writer, theirs.sheet.line, theirs.sheet.text)

    def _take(self, writer: Writer) -> Theirs | None:
        """Give the stream if this signal of it may count; else None, and name what breaks the rules."""
        node, now = self._node, self._node.now()
        if not self._gate.may_speak(node.them, writer.channel, writer.session, writer.person):
            self._stray(writer)
            return None
        key = (writer.session, writer.stream)
        theirs = self._theirs.get(key) or self._begin(writer, now)
        if theirs is None:
            return None
        if theirs.writer != writer:
            raise PeerError("line.text", "a stream of real-time text changed whose it is")
        theirs.tokens = min(limits.TEXT_BURST, theirs.tokens + (now - theirs.at) * limits.TEXT_RATE)
        theirs.at = now
        if theirs.over >= limits.TEXT_OVER_MAX:
            return None  # cut for the rest of the call
        if theirs.tokens < 1:
            theirs.over += 1
            if theirs.over == limits.TEXT_OVER_MAX:
                words = f"text came faster than {limits.TEXT_RATE:g} signals a second; what exceeds it is not shown"
                node.blame("", b"", PeerError("line.text-flood", words))
            return None
        theirs.tokens -= 1
        return theirs

    def _begin(self, writer: Writer, now: Instant) -> Theirs | None:
        if len(self._theirs) >= limits.TEXT_STREAMS_MAX:
            silent = min(self._theirs, key=lambda key: self._theirs[key].at)
            if now - self._theirs[silent].at < limits.TEXT_STREAM_IDLE_S:
                return None
            del self._theirs[silent]
        found = self._theirs[writer.session, writer.stream] = Theirs(writer, now)
        return found

    def _stray(self, writer: Writer) -> None:
        """Count what nothing allows: a few signals cross the end of a call, many are somebody out of turn."""
        if self._strays.names(writer.session, self._node.now()):
            words = f"{writer.person} wrote in {writer.channel} without an open call; none of it was shown"
            self._node.blame("", b"", PeerError("line.text-turn", words))

    # --- pages ----------------------------------------------------------------------------------------------------

    def tell_so_far(self, desk: Desk, channel: str, sessions: list[str]) -> None:
        """A page has begun to show the text of a channel: it is told what was written in its open calls."""
        for session in sessions:
            for line in self._lines.get(session, ()):
                desk.sink.tell(line)
            for side, writer, number, text in self._written(session):
                if text:
                    desk.sink.tell(self._word("text", side, writer, number, text))

    def _written(self, session: str) -> list[tuple[str, Writer, int, str]]:
        ours = [(self._node.us, one.writer, one.pen.line, one.pen.text) for one in self._ours.values()]
        theirs = [(self._node.them, one.writer, one.sheet.line, one.sheet.text) for one in self._theirs.values()]
        return [one for one in (*ours, *theirs) if one[1].session == session]

    def _tell_now(self, side: str, writer: Writer, number: int, text: str, but: Desk | None = None) -> None:
        self._tell(writer.channel, self._word("text", side, writer, number, text), but)

    def _finished(self, side: str, writer: Writer, line: Line) -> None:
        word = self._word("text-line", side, writer, line.number, line.text)
        word["at"] = moment_text(self._node.moment())
        lines = self._lines.setdefault(writer.session, [])
        lines.append(word)
        del lines[: -limits.TEXT_LINES_KEPT]
        self._tell(writer.channel, word)

    def _word(self, told: str, side: str, writer: Writer, number: int, text: str | None) -> dict[str, JsonInput]:
        name, office = self._node.person_shown(side, writer.person)
        return {
            "told": told, "channel": writer.channel, "session": writer.session, "stream": writer.stream,
            "ours": side == self._node.us, "person": writer.person, "name": name, "office": office,
            "line": number, "text": text,
        }  # fmt: skip

    def _tell(self, channel: str, word: Mapping[str, JsonInput], but: Desk | None = None) -> None:
        for desk in self._node.desks.at(channel):
            if desk is not but:
                desk.sink.tell(word)

    def end(self, session: str) -> None:
        """A call is over: what was written in it is forgotten here."""
        self._lines.pop(session, None)
        for key in [key for key in self._theirs if key[0] == session]:
            del self._theirs[key]
        for number in [number for number, ours in self._ours.items() if ours.writer.session == session]:
            del self._ours[number]
