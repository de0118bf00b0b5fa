"""Recording, as a node does it: which calls both sides agreed to record, every frame that passes there, and their root.

Owns: the frames held back until they stand in order, the moment a stop takes effect, what our node states it keeps.
Does not own: who said yes (subjects/calls/), files (storage/recordings.py), which frames pass (voice.py).
Always true:
  1. A frame is kept only while the record, as folded here, says that both sides agreed and nobody said stop.
  2. After a stop nothing more is written, of what is held back only what was here before the stop was said; of what
     never ran for both nothing is kept.
  3. While no link is up nothing is recorded: the other side could not say stop.
Read first: docs/protocol/recording.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.errors import Unavailable
from parley.line.voice import Codec, Origin
from parley.record.recorded import Track
from parley.storage.recordings import Recordings, Running
from parley.subjects import Book, Fact
from parley.subjects.calls import CallView, Recording
from parley.subjects.calls import recording_facts as said
from parley.times import Instant, Moment, moment_text, read_moment

HELD_S: Final = limits.VOICE_LATE_S + 0.2  # a frame that comes later than this was dropped as late
_TURN_S: Final = 0.25
_SYNC_S: Final = 5.0
_JUMP_FRAMES: Final = 50  # a voice's own clock may be off from ours by a second; beyond it, it is placed anew
_CODECS: Final = {Codec.OPUS: "opus", Codec.PCM: "pcm"}


class Held(NamedTuple):
    """A frame that waits for those before it."""

    arrived: Instant
    number: int
    at_ms: int
    payload: bytes


class Around(Protocol):
    """What this part asks of the node."""

    @property
    def us(self) -> str: ...
    @property
    def book(self) -> Book: ...
    @property
    def line_id(self) -> str: ...
    def now(self) -> Instant: ...
    def moment(self) -> Moment: ...
    def offset_ms(self) -> int | None: ...
    def offset_error_ms(self) -> float: ...
    def links_up(self) -> Sequence[str]: ...
    def owe(self, duty: Awaitable[object]) -> None: ...
    def tell(self, kind: str, fields: dict[str, str | int | bool | None]) -> None: ...
    async def state(self, fact: Fact, person: str = "", precedence: str = "", status: str = "") -> object: ...


class _Voice:
    """One voice while it is recorded: what is held back of it, and where on the recording's clock it stands."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.held: dict[int, Held] = {}
        self._shift: int | None = None  # frames between the voice's clock and the recording's

    def place(self, frame: Held, arrived_at: int) -> int:
        """Give where a frame belongs, in frames since the recording began; `arrived_at` is when it came."""
        own = frame.at_ms // 20
        if self._shift is None or abs(own + self._shift - arrived_at) > _JUMP_FRAMES:
            self._shift = arrived_at - own
        return max(0, own + self._shift)


class _Tape:
    """One recording that runs here."""

    def __init__(self, view: CallView, recording: Recording, files: Running, began_s: float) -> None:
        self.call, self.recording, self.files = view, recording, files
        self._began_s = began_s  # on the loop's clock
        self._voices: dict[tuple[str, int, str], _Voice] = {}

    def hold(self, track: Track, frame: Held) -> None:
        key = (track.side, track.stream, track.codec)
        voice = self._voices.get(key)
        if voice is None:
            if len(self._voices) >= limits.RECORDING_TRACKS_MAX:
                raise Unavailable("recording.full", "a recording has no room for more voices")
            voice = self._voices[key] = _Voice(track)
        if len(voice.held) < limits.VOICE_BURST:
            voice.held[frame.number] = frame

    def write(self, before: float, upto: float) -> None:
        """Write what came before `before`; forget what came after `upto`. Raises Unavailable."""
        for voice in self._voices.values():
            for number in sorted(voice.held):
                frame = voice.held[number]
                if frame.arrived > upto:
                    del voice.held[number]
                elif frame.arrived <= before:
                    del voice.held[number]
                    place = voice.place(frame, round((frame.arrived - self._began_s) * 50))
                    self.files.write(voice.track, number, place, frame.payload)


class Recorder:
    """The recordings of one node."""

    def __init__(self, node: Around, recordings: Recordings | None) -> None:
        self._node, self._recordings = node, recordings
        self._tapes: dict[str, _Tape] = {}  # by session: one a call
        self._finishing: set[str] = set()
        self._turns: asyncio.Task[None] | None = None

    # --- life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on with what ran when the node stopped, and state what it had not yet stated."""
        home = self._recordings
        for name in home.names() if home is not None else ():
            about = home.about(name) if home is not None else None
            view = None if about is None else self._node.book.view(str(about["channel"]), str(about["subject"]))
            if isinstance(view, CallView):
                self.call_now(view)
            elif about is None and home is not None:
                home.delete(name)

    async def stop(self) -> None:
        """Let go of every file; what ran goes on at the next start."""
        if self._turns is not None:
            self._turns.cancel()
            await asyncio.gather(self._turns, return_exceptions=True)
        for tape in self._tapes.values():
            self._write(tape, float("inf"), float("inf"))
            tape.files.close()
        self._tapes.clear()

    # --- what runs ------------------------------------------------------------------------------------------------

    def runs(self, session: str) -> bool:
        """Say whether a call is being recorded here."""
        return session in self._tapes

    def call_now(self, view: CallView) -> None:
        """The record of a call has grown: begin, end or delete what that asks for."""
        for recording in view.recordings:
            name = name_of(recording)
            tape = self._tapes.get(view.session)
            mine = tape is not None and tape.files.name == name
            if recording.state == "running" and tape is None:
                self._begin(view, recording, name)
            elif mine and tape is not None and recording.state != "running":
                del self._tapes[view.session]
                self._end(tape, view, recording)
            elif not mine and recording.state != "running":
                self._settle(view, recording, name)

    def _begin(self, view: CallView, recording: Recording, name: str) -> None:
        if self._recordings is None or name in self._finishing:
            return
        node = self._node
        about = {
            "line": node.line_id, "channel": view.channel, "subject": view.subject, "asked": recording.ref.id,
            "side": node.us, "began": moment_text(node.moment()),
        }  # fmt: skip
        try:
            files = self._recordings.begin(name, about)
        except Unavailable as failed:
            self._give_up(view, recording, failed)
            return
        began = read_moment(str((self._recordings.about(name) or about)["began"]))
        since_s = max(0.0, (node.moment() - began) / 1000)
        self._tapes[view.session] = _Tape(view, recording, files, node.now() - since_s)
        if self._turns is None or self._turns.done():
            self._turns = asyncio.create_task(self._go_on(), name="recordings")

    def _end(self, tape: _Tape, view: CallView, recording: Recording) -> None:
        self._write(tape, float("inf"), self._stopped_at(recording))
        if recording.state in ("stopped", "over"):
            self._state_kept(tape.files, view, recording)
        else:
            tape.files.close()
            if self._recordings is not None:
                self._recordings.delete(tape.files.name)

    def _stopped_at(self, recording: Recording) -> float:
        """Give when the stop was said, on the loop's clock: what came here later was said after it.

        How far the clocks are apart is known to half a round trip. All of that goes to whoever said stop.
        """
        node = self._node
        if recording.state != "stopped" or recording.stopped_side == node.us:
            return node.now()
        said_at = read_moment(recording.stopped_at) - (node.offset_ms() or 0) - node.offset_error_ms()
        ago_ms = node.moment() - said_at
        return node.now() - min(max(0.0, ago_ms / 1000), HELD_S)

    def _settle(self, view: CallView, recording: Recording, name: str) -> None:
        """Do what was left undone when the node was killed."""
        home = self._recordings
        if home is None or name in self._finishing or home.path(name, "about.json") is None:
            return
        if recording.state in ("withdrawn", "lapsed"):
            home.delete(name)
        elif recording.state in ("stopped", "over") and all(one.by != self._node.us for one in recording.kept):
            try:
                self._state_kept(home.begin(name, {}), view, recording)
            except Unavailable as failed:
                self._node.tell("store", {"state": "failed", "reason": str(failed)})

    def _state_kept(self, files: Running, view: CallView, recording: Recording) -> None:
        self._finishing.add(files.name)
        self._node.owe(self._keep(files, view, recording))

    async def _keep(self, files: Running, view: CallView, recording: Recording) -> None:
        try:
            root, tracks = await asyncio.to_thread(files.finish)
            if tracks:
                fact = said.keep(view.channel, view.subject, recording.ref, root=root, tracks=tracks)
                await self._node.state(fact, "", view.precedence, view.status)
        except Unavailable as failed:
            self._node.tell("store", {"state": "failed", "reason": str(failed)})
        finally:
            self._finishing.discard(files.name)

    def _give_up(self, view: CallView, recording: Recording, failed: Unavailable) -> None:
        """This node cannot go on: say so, and both sides stop."""
        reason = "full" if failed.code == "recording.full" else "failed"
        self._node.tell("store", {"state": "failed", "reason": str(failed)})
        fact = said.stop(view.channel, view.subject, recording.ref, reason)
        self._node.owe(self._node.state(fact, "", view.precedence, view.status))

    # --- frames ---------------------------------------------------------------------------------------------------

    def frame(
        self, side: str, origin: Origin, stream: int, number: int, at_ms: int, codec: int, payload: bytes
    ) -> None:
        """A frame has passed the gate: keep it, if its call is recorded."""
        tape = self._tapes.get(origin.session)
        if tape is None or tape.call.channel != origin.channel or not self._node.links_up():
            return  # sound of another channel is never taken for that of the call that both agreed to record
        track = Track(
            side=side, stream=stream, person=origin.person, language=origin.language, codec=_CODECS[Codec(codec)],
            starts_ms=0, frames=b"",
        )  # fmt: skip
        try:
            tape.hold(track, Held(self._node.now(), number, at_ms, payload))
        except Unavailable as failed:
            self._failed(tape, failed)

    def _write(self, tape: _Tape, before: float, upto: float) -> bool:
        try:
            tape.write(before, upto)
            tape.files.flush()
        except Unavailable as failed:
            self._node.tell("store", {"state": "failed", "reason": str(failed)})
            return False
        return True

    def _failed(self, tape: _Tape, failed: Unavailable) -> None:
        if self._tapes.pop(tape.call.session, None) is not None:
            self._give_up(tape.call, tape.recording, failed)
            tape.files.close()

    async def _go_on(self) -> None:
        """Write what stands in order, and sync it now and then, while anything runs."""
        synced = self._node.now()
        while self._tapes:
            await asyncio.sleep(_TURN_S)
            for tape in list(self._tapes.values()):
                try:
                    tape.write(self._node.now() - HELD_S, float("inf"))
                    tape.files.flush()
                except Unavailable as failed:
                    self._failed(tape, failed)
            if self._node.now() - synced > _SYNC_S:
                synced = self._node.now()
                await self._sync(list(self._tapes.values()))

    async def _sync(self, tapes: Iterable[_Tape]) -> None:
        for tape in tapes:
            try:
                await asyncio.to_thread(tape.files.sync)
            except OSError as error:
                if tape.call.session in self._tapes:  # else it was closed meanwhile, and synced by that
                    self._failed(
                        tape, Unavailable("recording.failed", f"a recording cannot be synced: {error.strerror}")
                    )


def name_of(recording: Recording) -> str:
    """Give the name of a recording's folder: the entry that asked for it."""
    ref = recording.ref
    return f"{ref.log.channel}.{ref.log.side}.{ref.log.epoch}.{ref.number}"
