"""Voice: from a desk to its own node, by every link at once to the other, first copy wins, out to every desk on watch.

Owns: the streams our desks speak, sending and passing on, what was heard of each, naming a peer that breaks the rules.
Does not own: the byte form and the window (line/voice.py), who may speak (`Gate`), the sound itself (the page).
Always true:
  1. Each frame of either side passes the gate here: who, which call, which channel, not after it ended. No by default.
  2. Nothing waits: a frame goes on in the turn it came in, or is dropped. No frame is kept here (recording.py).
  3. A link whose urgent lane has sound waiting gets no more of it: FLASH never waits for voice.
Read first: docs/protocol/voice.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from parley import limits
from parley.errors import PeerError, Refused
from parley.line.voice import Ear, Origin, Stream, VoiceFrame, check_payload, read_voice, write_origin, write_voice
from parley.link import Lane
from parley.node.counting import Inflows, Strays
from parley.node.desks import Desk
from parley.node.signals import Around
from parley.times import Instant, Moment

SOUND: Final = 0x01  # the first byte of a binary frame between a page and its node; others are kept for picture
OURS, THEIRS = b"\x01\x00", b"\x01\x01"  # what goes before a frame on its way to a page: sound, and whose
_DESK_FIXED: Final = 10  # sound, codec, number, at
_NAMED_FOR: Final = {
    "call": ("line.voice-turn", "without an open call"),
    "turns": ("line.voice-order", "while the turn was another's"),
    "stream": ("line.voice-stream", "on the stream of a language, and is not listed as an interpreter"),
}
_SILENT_S: Final = 1.0  # a voice that comes again after this is told as speaking anew


class Gate(Protocol):
    """Who may be heard. `node/calling.py` is the real one; nothing stands in for it outside tests."""

    def silences(self, side: str, channel: str, session: str, person: str, language: str) -> str: ...


class Keeper(Protocol):
    """Is handed every frame that passes; `node/recording.py` keeps those that both sides agreed to keep."""

    def frame(
        self, side: str, origin: Origin, stream: int, number: int, at_ms: int, codec: int, payload: bytes
    ) -> None: ...


class Links(Protocol):
    """What voice needs of the links."""

    def send(self, link: str, lane: Lane, frame: bytes) -> bool: ...
    def backlog(self, link: str, lane: Lane) -> int: ...
    def close_link(self, link: str, code: str, reason: str) -> None: ...


@dataclass(slots=True)
class Speaking:
    """What one desk of ours says: its stream, and how far it is."""

    origin: Origin
    stream: int
    head: bytes
    number: int = -1
    tokens: float = limits.VOICE_BURST
    at: Instant = field(default_factory=lambda: Instant(0.0))
    dropped: int = 0  # frames the gate or the rate kept back


@dataclass(slots=True)
class Heard:
    """One voice of theirs as it came here, for the record: never its sound."""

    person: str
    since: Moment
    until: Moment
    frames: int = 0
    missing: int = 0
    played: bool = False  # a loudspeaker of ours has really played it
    streams: set[int] = field(default_factory=set)


class Voice:
    """The voices of one node, both ways."""

    def __init__(self, node: Around, gate: Gate, links: Links, keeper: Keeper) -> None:
        self._node, self._gate, self._links, self._keeper = node, gate, links, keeper
        self._speaking: dict[int, Speaking] = {}  # by desk
        self._ear = Ear()
        self._heard: dict[tuple[str, str], Heard] = {}  # session, person
        self._told: dict[
            tuple[str, int], tuple[Instant, bool, Origin]
        ] = {}  # each voice: when last heard, whether ours
        self._strays = Strays(limits.VOICE_STRAY_MAX)  # by session and why
        most = limits.VOICE_STREAMS_MAX
        self._inflows = Inflows(most * limits.VOICE_RATE, most * limits.VOICE_BURST, limits.VOICE_OVER_MAX)
        self.left_out = 0  # frames not sent by one link because its lane was busy

    # --- our desks ------------------------------------------------------------------------------------------------

    def speak_in(self, desk: Desk, channel: str, session: str, language: str = "") -> int:
        """Let a desk's sound go into this call from now on; gives its stream.

        Raises: Refused `voice.turn`: this person may not be heard there now; `voice.stream`: not on that stream.
        """
        why = self._gate.silences(self._node.us, channel, session, desk.person, language)
        if why == "call":
            raise Refused("voice.turn", "there is no open call there that you may speak in; lift first")
        if why == "stream":
            raise Refused("voice.stream", "into a language only the listed interpreter at its microphone is heard")
        origin = Origin(channel, session, desk.person, language)
        before = self._speaking.get(desk.number)
        if before is None or before.origin != origin:
            stream = secrets.randbits(32)
            self._speaking[desk.number] = Speaking(origin, stream, write_origin(origin))
        return self._speaking[desk.number].stream

    def speaks_into(self, desk: Desk) -> Origin | None:
        """Say into what a desk was let speak; None if into nothing."""
        said = self._speaking.get(desk.number)
        return None if said is None else said.origin

    def left(self, desk: Desk) -> None:
        """A desk is gone, or speaks no more."""
        self._speaking.pop(desk.number, None)

    def speak(self, desk: Desk, data: bytes) -> None:
        """Pass on 20 ms from a desk; what may not pass is dropped.

        Raises: PeerError `line.voice` for what no page of ours sends.
        """
        if len(data) <= _DESK_FIXED or data[0] != SOUND:
            raise PeerError("line.voice", "expected a frame of sound")
        said = self._speaking.get(desk.number)
        if said is None:
            return  # it spoke before it was let in, or after it was shut out
        number, at_ms = int.from_bytes(data[2:6], "big"), int.from_bytes(data[6:10], "big")
        payload = data[_DESK_FIXED:]
        check_payload(data[1], payload)
        if number <= said.number:
            raise PeerError("line.voice", "the numbers of a page's frames must rise")
        said.number = number
        origin, now = said.origin, self._node.now()
        said.tokens = min(limits.VOICE_BURST, said.tokens + (now - said.at) * limits.VOICE_RATE)
        said.at = now
        if said.tokens < 1 or self._silences(self._node.us, origin):
            said.dropped += 1
            return
        said.tokens -= 1
        frame = write_voice(said.stream, number, at_ms, data[1], said.head, payload)
        for link in self._node.links_up():
            if self._links.backlog(link, Lane.URGENT) > limits.VOICE_UNSENT_BYTES_MAX:
                self.left_out += 1
            else:
                self._links.send(link, Lane.URGENT, frame)
        self._pass_on(frame, OURS, origin, said.stream, now, but=desk)
        self._keeper.frame(self._node.us, origin, said.stream, number, at_ms, data[1], payload)

    # --- the line -------------------------------------------------------------------------------------------------

    def heard(self, link: str, data: bytes) -> None:
        """Take in a frame of theirs. What is wrong in form closes the link it came by, and is named."""
        now = self._node.now()
        if not self._has_room(link, data, now):
            return
        try:
            frame = read_voice(data)
            stream = self._ear.find(frame) or self._begin(frame, link, now)
            if stream is None:
                return
            taken = stream.take(link, frame, now)
        except PeerError as fault:
            self._node.blame(link, _without_sound(data), fault)
            self._links.close_link(link, fault.code, fault.sentence)
            return
        origin = frame.origin
        if not taken.new:
            if taken.why == "over" and stream.over == limits.VOICE_OVER_MAX:
                words = f"a voice came faster than {limits.VOICE_RATE:g} frames a second; what exceeds it is not heard"
                self._node.blame(link, _without_sound(data), PeerError("line.voice-flood", words))
            return
        if stream.over >= limits.VOICE_OVER_MAX:
            return  # cut for the rest of the call
        if why := self._silences(self._node.them, origin):
            self._stray(origin, link, data, why)
            return
        self._note(stream, frame)
        self._pass_on(data, THEIRS, origin, frame.stream, now)
        self._keeper.frame(self._node.them, origin, frame.stream, frame.number, frame.at_ms, frame.codec, frame.payload)

    def _has_room(self, link: str, data: bytes, now: Instant) -> bool:
        """Say whether a link brings no more than all voices that may be heard; what is beyond it is not even read."""
        inflow = self._inflows.of(link, now)
        if inflow.takes(now):
            return True
        if inflow.names(now):
            words = (
                f"more frames of voice came than {limits.VOICE_STREAMS_MAX} voices have; what exceeds it is not heard"
            )
            self._node.blame(
                link, _without_sound(data[: limits.VOICE_FRAME_BYTES_MAX]), PeerError("line.voice-flood", words)
            )
        return False

    def _begin(self, frame: VoiceFrame, link: str, now: Instant) -> Stream | None:
        origin = frame.origin
        if why := self._silences(self._node.them, origin):
            self._stray(origin, link, write_origin(origin), why)
            return None
        return self._ear.begin(frame, now)

    def _silences(self, side: str, origin: Origin) -> str:
        return self._gate.silences(side, origin.channel, origin.session, origin.person, origin.language)

    def _stray(self, origin: Origin, link: str, data: bytes, why: str) -> None:
        """Count what nothing allows: a few frames cross the end of a call, hundreds are somebody out of turn."""
        if self._strays.names((origin.session, why), self._node.now()):
            code, words = _NAMED_FOR[why]
            who = f"{origin.person[:48]} was heard in {origin.channel[:48]}"
            self._node.blame(link, _without_sound(data), PeerError(code, f"{who} {words}; it was not passed on"))

    def turned(self, session: str) -> None:
        """The turn was passed: what crossed that pass was nobody's fault."""
        self._strays.forget((session, "turns"))

    def link_down(self, link: str) -> None:
        """A link is gone."""
        self._ear.link_down(link)
        self._inflows.link_down(link)

    def _pass_on(
        self, frame: bytes, whose: bytes, origin: Origin, stream: int, now: Instant, but: Desk | None = None
    ) -> None:
        """Give a frame to every desk on watch of the channel; `whose` takes the place of the frame's type."""
        desks = self._node.desks.on_watch(origin.channel)
        last = self._told.get((origin.session, stream))
        if len(self._told) > 8 * limits.VOICE_STREAMS_MAX:  # of lifts that no call came of
            self._told.clear()
        self._told[origin.session, stream] = now, whose == OURS, origin
        if last is None or now - last[0] >= _SILENT_S:
            self._tell_speaking(desks, whose == OURS, origin, stream)
        data = whose + frame[1:]
        for desk in desks:
            if desk is not but:
                desk.sink.sound(data)

    def tell_so_far(self, desk: Desk, channel: str) -> None:
        """A desk has come on watch: it is told who is speaking there; each voice is otherwise told as it begins."""
        for (_, stream), (at, ours, origin) in self._told.items():
            if origin.channel == channel and self._node.now() - at < _SILENT_S:
                self._tell_speaking([desk], ours, origin, stream)

    def _tell_speaking(self, desks: Sequence[Desk], ours: bool, origin: Origin, stream: int) -> None:
        name, office = self._node.person_shown(self._node.us if ours else self._node.them, origin.person)
        for desk in desks:
            desk.sink.tell(
                {
                    "told": "speaking", "ours": ours, "channel": origin.channel, "session": origin.session,
                    "stream": stream, "person": origin.person, "name": name, "office": office,
                    "language": origin.language,
                }
            )  # fmt: skip

    # --- what was heard -------------------------------------------------------------------------------------------

    def _note(self, stream: Stream, frame: VoiceFrame) -> None:
        key = (frame.origin.session, frame.origin.person)
        moment = self._node.moment()
        heard = self._heard.get(key)
        if heard is None:
            if len(self._heard) >= limits.VOICE_STREAMS_MAX * 2:
                self._heard.pop(next(iter(self._heard)))
            heard = self._heard[key] = Heard(frame.origin.person, moment, moment)
        heard.until = moment
        heard.streams.add(frame.stream)

    def report(self, session: str) -> list[Heard]:
        """Give what was heard of the other side in a call: who, from when to when, frames had and missing."""
        found = []
        for (named, person), heard in self._heard.items():
            if named == session:
                streams = [one for one in self._ear.of_session(session) if one.origin.person == person]
                heard.frames = sum(one.frames for one in streams)
                heard.missing = sum(one.missing for one in streams)
                found.append(heard)
        return found

    def played(self, session: str, stream: int) -> bool:
        """Note that a loudspeaker here really played a voice of theirs; True at the first of that person."""
        for (named, _), heard in self._heard.items():
            if named == session and stream in heard.streams:
                first, heard.played = not heard.played, True
                return first
        return False

    def tell_again(self) -> None:
        """Their node may have been restarted: the next voice of theirs that a page says it played is a first one."""
        for heard in self._heard.values():
            heard.played = False

    def end(self, session: str) -> None:
        """A call is over: nothing of it is passed on any more, and what was kept of it is let go."""
        self._ear.end(session)
        for key in [key for key in self._heard if key[0] == session]:
            del self._heard[key]
        for told in [told for told in self._told if told[0] == session]:
            del self._told[told]
        for number in [number for number, said in self._speaking.items() if said.origin.session == session]:
            del self._speaking[number]


def _without_sound(frame: bytes) -> bytes:
    """Give what of a frame may be kept as evidence: who and when, never what was said."""
    return frame[: 15 + frame[14]] if len(frame) > 14 else frame
