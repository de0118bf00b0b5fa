"""Attachments: pulled by the side that wants them, chunk by chunk, each proven to the root that an entry names.

Owns: what to ask for next and by which link, the check of each chunk, whom we give what; both halves, mirrored.
Does not own: files (storage/chunks.py), which entry names what (the node tells us), framing and lanes (link/).
Always true:
  1. A chunk is handed to the disk only if it proves to the root, has the one right length, and was asked for there.
  2. What is asked for or being written never exceeds limits.CHUNKS_ASKED_MAX chunks a link: memory does not grow with
     the file, however large, and a chunk is asked for again only when its link fell or stalled.
  3. We give only what `may_have` allows: files that an entry we sent names, and files that came from them. A root
     that the peer only guesses opens nothing (DESIGN 2.9).
  4. A file counts as held once `finished` says that it is whole and synced (DESIGN 2.2).
Read first: docs/protocol/attachments.md.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.codec.canonical import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import b64, unb64
from parley.errors import PeerError, Unavailable, ensure
from parley.line.events import Send
from parley.line.frames import Kind, open_frame, write_other
from parley.link.lanes import Lane
from parley.record.tree import leaf_hash, verify_inclusion
from parley.storage.port import Chunks, chunk_bytes, chunk_count
from parley.times import Instant

HASH_BYTES: Final = 32
# Longest proof over limits.CHUNKS_MAX (2^20) chunks.
PROOF_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class StoreChunk:
    """Write this verified chunk (synced by and by), then call `stored(root, index)`, or `store_failed(root, error)`."""

    root: bytes
    size: int
    index: int
    data: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class FinishFile:
    """All chunks were written: sync, check that the file is whole, then call `finished(root, whole=…)`."""

    root: bytes
    size: int


@dataclass(frozen=True, slots=True)
class FileHeld:
    """The file is whole on our disk."""

    root: bytes
    size: int


@dataclass(frozen=True, slots=True)
class FileWaits:
    """The file is not here and nothing is under way; `code` and `sentence` say why and what would help."""

    root: bytes
    code: str
    sentence: str


FileEffect = Send | StoreChunk | FinishFile | FileHeld | FileWaits


@dataclass(slots=True)
class _Pull:
    root: bytes
    size: int
    count: int
    cursor: int = 0  # every chunk below was asked for, or was here
    again: list[int] = field(default_factory=list)  # asked for by a link that fell
    asked: set[int] = field(default_factory=set)
    storing: set[int] = field(default_factory=set)
    finishing: bool = False
    not_before: float = 0.0


@dataclass(slots=True)
class _Way:
    """One link, both directions: what we asked for on it, what they asked for on it."""

    asked: dict[tuple[bytes, int], None] = field(default_factory=dict)
    late: dict[tuple[bytes, int], int] = field(default_factory=dict)  # given up; so many answers may still come
    heard: float = 0.0
    stalled: bool = False
    wants: deque[tuple[bytes, int, int]] = field(default_factory=deque)  # (root, next, end)
    wanted: int = 0  # chunks in `wants`

    def give_up(self, places: list[tuple[bytes, int]]) -> None:
        """Count on no answer for these any more, but let it come."""
        for place in places:
            del self.asked[place]
            self.late[place] = self.late.get(place, 0) + 1

    def answered(self, place: tuple[bytes, int]) -> bool:
        """Note an answer; False if it was one too many."""
        if place in self.asked:
            del self.asked[place]
        elif self.late.get(place, 0) > 1:
            self.late[place] -= 1
        elif place in self.late:
            del self.late[place]
        else:
            return False
        return True


class Attachments:
    """Both halves of one node. All calls return effects in order."""

    def __init__(self, *, chunks: Chunks, may_have: Callable[[bytes], bool]) -> None:
        """Start with nothing under way.

        Args:
            chunks: Where files are; read at once, written by effects.
            may_have: Says whether the peer may be given the file with this root.
        """
        self._chunks = chunks
        self._may_have = may_have
        self._pulls: OrderedDict[bytes, _Pull] = OrderedDict()
        self._waiting: OrderedDict[bytes, int] = OrderedDict()
        self._ways: dict[str, _Way] = {}

    # --- links

    def link_up(self, link: str, now: Instant) -> list[FileEffect]:
        """A link can carry chunks."""
        before = self._ways.pop(link, None)
        if before is not None:
            self._take_back(before)
        self._ways[link] = _Way(heard=now)
        for pull in self._pulls.values():
            pull.not_before = 0.0
        return self._ask(now)

    def link_down(self, link: str, now: Instant) -> list[FileEffect]:
        """A link is gone: what was asked for on it is asked for elsewhere."""
        way = self._ways.pop(link, None)
        if way is not None:
            self._take_back(way)
        return self._ask(now)

    # --- pulling

    def want(self, root: bytes, size: int, now: Instant) -> list[FileEffect]:
        """An entry of theirs names this file: get it, unless it is here or too large for us."""
        ensure(len(root) == HASH_BYTES, "a root has 32 bytes")
        if root in self._pulls or root in self._waiting:
            return []
        held = self._chunks.held(root)
        # A file of ours that nobody sent (a draft's) is pulled all the same: to say at once that it is here would tell
        # a peer that guessed its digest that we have it.
        if held == size and self._may_have(root):
            return [FileHeld(root, size)]
        if (held is not None and held != size) or not 0 < size <= limits.CHUNKS_MAX * limits.CHUNK_BYTES:
            return [FileWaits(root, "attachments.size", f"no file with this root can have {size} bytes")]
        if len(self._waiting) >= limits.PULLS_WAITING_MAX:
            return [FileWaits(root, "attachments.queue", "too many files wait already; ask for it again later")]
        self._waiting[root] = size
        return self._ask(now)

    def leave(self, root: bytes, now: Instant) -> list[FileEffect]:
        """Stop getting a file. What came stays on the disk, to go on from."""
        self._waiting.pop(root, None)
        pull = self._pulls.pop(root, None)
        if pull is not None:
            for way in self._ways.values():
                way.give_up([place for place in way.asked if place[0] == root])
        return self._ask(now)

    def stored(self, root: bytes, index: int, now: Instant) -> list[FileEffect]:
        """The disk took a chunk."""
        pull = self._pulls.get(root)
        if pull is None:
            return []
        pull.storing.discard(index)
        return self._ask(now)

    def store_failed(self, root: bytes, error: Unavailable, now: Instant) -> list[FileEffect]:
        """The disk did not take a chunk: let the file wait; `want` it again when there is room."""
        return [*self.leave(root, now), FileWaits(root, error.code, error.sentence)]

    def finished(self, root: bytes, now: Instant, *, whole: bool) -> list[FileEffect]:
        """The disk has looked: the file is whole and synced, or some chunks were damaged and are missing again."""
        pull = self._pulls.get(root)
        if pull is None:
            return []
        if not whole:
            pull.cursor, pull.finishing = 0, False
            return self._ask(now)
        del self._pulls[root]
        return [FileHeld(root, pull.size), *self._ask(now)]

    def progress(self) -> list[tuple[bytes, int]]:
        """Give (root, size) of every file under way or waiting its turn."""
        return [(pull.root, pull.size) for pull in self._pulls.values()] + list(self._waiting.items())

    # --- time

    def tick(self, now: Instant) -> list[FileEffect]:
        """Ask again where nothing was answered for too long."""
        for way in self._ways.values():
            if way.asked and now - way.heard >= limits.CHUNK_STALL_S and len(way.late) < limits.CHUNKS_ASKED_MAX:
                self._take_back(way)
                way.heard, way.stalled = now, True
        return self._ask(now)

    def wake_at(self) -> Instant | None:
        """Give when `tick` has something to do next."""
        ways = [way for way in self._ways.values() if way.asked and len(way.late) < limits.CHUNKS_ASKED_MAX]
        times = [way.heard + limits.CHUNK_STALL_S for way in ways]
        if self._ways:
            times += [pull.not_before for pull in self._pulls.values() if pull.not_before]
        return Instant(min(times)) if times else None

    # --- hearing

    def heard(self, link: str, frame: bytes, now: Instant) -> list[FileEffect]:
        """Take in a WANT or CHUNK frame.

        Raises:
            PeerError: Wrong form, proof or length, more than they may ask for, or what nobody asked for. Nothing was
            kept; the caller closes the link and keeps the bytes.
        """
        kind, reader, blob = open_frame(frame)
        way = self._ways.get(link)
        if way is None:
            return []  # the link fell while this frame was on its way up
        if kind == Kind.WANT:
            self._take_want(way, reader, blob)
            return []
        if kind != Kind.CHUNK:
            raise PeerError("line.frame", "expected a want or a chunk")
        return self._take_chunk(way, reader, blob, now)

    def _take_want(self, way: _Way, reader: Reader, blob: bytes) -> None:
        count = reader.integer("count", 1, limits.CHUNKS_ASKED_MAX)
        first = reader.integer("first", 0, limits.CHUNKS_MAX - 1)
        root = unb64(reader.text("root", max_chars=64), HASH_BYTES)
        reader.done()
        if blob:
            raise PeerError("attachments.want", "a want carries nothing")
        way.wants.append((root, first, first + count))
        way.wanted += count
        # Twice: what they asked for again after a stall is still in our queue. Stalls may come several times over, so
        # what is oldest is let go rather than taken for a breach: they ask again for what they still lack.
        while way.wanted > 2 * limits.CHUNKS_ASKED_MAX:
            _, began, end = way.wants.popleft()
            way.wanted -= end - began

    def _take_chunk(self, way: _Way, reader: Reader, data: bytes, now: Instant) -> list[FileEffect]:
        index = reader.integer("index", 0, limits.CHUNKS_MAX - 1)
        proof = [_hash(value) for value in reader.list("proof", max_items=PROOF_MAX)]
        root = unb64(reader.text("root", max_chars=64), HASH_BYTES)
        reader.done()
        place = (root, index)
        if place not in way.asked and place not in way.late:
            raise PeerError("attachments.unasked", f"chunk {index} came, which we did not ask for on this link")
        pull = self._pulls.get(root)
        leaf = b""
        if pull is not None and data:
            expected = chunk_bytes(pull.size, index)
            if len(data) != expected:
                raise PeerError("attachments.length", f"chunk {index}: expected {expected} bytes, got {len(data)}")
            leaf = leaf_hash(data)
            try:
                verify_inclusion(leaf, index, pull.count, proof, root)
            except PeerError as error:
                raise PeerError("attachments.proof", f"chunk {index} does not prove to its root") from error
        way.answered(place)
        way.heard, way.stalled = now, False
        # A late answer is welcome too, if its chunk is still wanted, wherever it is asked for now.
        if pull is None or (index not in pull.asked and index not in pull.again):
            return self._ask(now)
        if not data:
            return self._refused(pull, now)
        pull.asked.discard(index)
        if index in pull.again:
            pull.again.remove(index)
        pull.storing.add(index)
        return [StoreChunk(root, pull.size, index, data, leaf), *self._ask(now)]

    def _refused(self, pull: _Pull, now: Instant) -> list[FileEffect]:
        """They do not have it, or may not give it: wait, then ask again."""
        for way in self._ways.values():
            way.give_up([place for place in way.asked if place[0] == pull.root])
        pull.again = sorted(set(pull.again) | pull.asked)
        pull.asked.clear()
        if pull.not_before > now:  # one of several answers to one question
            return self._ask(now)
        pull.not_before = now + 2 * limits.CHUNK_STALL_S
        sentence = "their node does not give this file now; it is asked for again later"
        return [FileWaits(pull.root, "attachments.refused", sentence), *self._ask(now)]

    # --- giving

    def waiting_to_give(self, link: str) -> bool:
        """Say whether `give` has something for this link."""
        way = self._ways.get(link)
        return bool(way and way.wants)

    def give(self, link: str, room_bytes: int) -> list[FileEffect]:
        """Give the next chunks that were asked for on this link, about `room_bytes` of them (0 if the lane is full).

        Call it after `heard` and whenever the bulk lane has room again: urgent frames then wait for one chunk at most.
        """
        way = self._ways.get(link)
        effects: list[FileEffect] = []
        while way and way.wants and room_bytes > 0:
            root, index, end = way.wants.popleft()
            way.wanted -= 1
            if index + 1 < end:
                way.wants.appendleft((root, index + 1, end))
            data, proof = self._read(root, index)
            frame = write_other(
                Kind.CHUNK, {"index": index, "proof": [b64(step) for step in proof], "root": b64(root)}, data
            )
            room_bytes -= len(frame)
            effects.append(Send(link, Lane.BULK, frame))
        return effects

    def _read(self, root: bytes, index: int) -> tuple[bytes, list[bytes]]:
        """Read a chunk to give, or nothing: unknown, forbidden and damaged look the same from outside."""
        size = self._chunks.held(root)
        if size is None or index >= chunk_count(size) or not self._may_have(root):
            return b"", []
        try:
            return self._chunks.chunk(root, index)
        except Unavailable:
            return b"", []

    # --- asking

    def _take_back(self, way: _Way) -> None:
        for root, index in way.asked:
            pull = self._pulls.get(root)
            if pull is not None and index in pull.asked:
                pull.asked.discard(index)
                pull.again.append(index)
        way.give_up(list(way.asked))

    def _ask(self, now: Instant) -> list[FileEffect]:
        effects: list[FileEffect] = self._begin()
        link = self._link()
        turns = deque(self._pulls.values())
        while turns:  # a file that was asked for gets another turn after the others, while the window has room
            pull = turns.popleft()
            if pull.not_before <= now:
                pull.not_before = 0.0
            if link is not None and not pull.finishing and not pull.not_before:
                asks = self._ask_for(pull, link, now)
                effects += asks
                if asks:
                    turns.append(pull)
                    continue
            done = not (pull.asked or pull.again or pull.storing or pull.finishing)
            if done and not self._chunks.missing(pull.root, pull.size, pull.cursor, 1):
                pull.finishing = True
                effects.append(FinishFile(pull.root, pull.size))
        return effects

    def _begin(self) -> list[FileEffect]:
        """Let waiting files take free places."""
        effects: list[FileEffect] = []
        while self._waiting and len(self._pulls) < limits.PULLS_MAX:
            root, size = self._waiting.popitem(last=False)
            try:
                self._chunks.room(root, size)
            except Unavailable as error:
                effects.append(FileWaits(root, error.code, error.sentence))
                continue
            self._pulls[root] = _Pull(root, size, chunk_count(size))
        return effects

    def _link(self) -> str | None:
        return min(self._ways, key=lambda link: (self._ways[link].stalled, link), default=None)

    def _ask_for(self, pull: _Pull, link: str, now: Instant) -> list[FileEffect]:
        way = self._ways[link]
        under_way = len(way.asked) + len(way.late) + sum(len(other.storing) for other in self._pulls.values())
        # A quarter of the window at a time: fewer, longer questions, and files take turns.
        room = limits.CHUNKS_ASKED_MAX // 4
        if limits.CHUNKS_ASKED_MAX - under_way < room:
            return []
        if pull.again:
            pull.again.sort()
            indexes, pull.again = pull.again[:room], pull.again[room:]
        else:
            indexes = self._chunks.missing(pull.root, pull.size, pull.cursor, room)
            pull.cursor = indexes[-1] + 1 if indexes else pull.count
        if not indexes:
            return []
        if not way.asked:
            way.heard = now
        for index in indexes:
            pull.asked.add(index)
            way.asked[(pull.root, index)] = None
        self._pulls.move_to_end(pull.root)
        return [self._want_frame(link, pull.root, first, count) for first, count in _runs(indexes)]

    @staticmethod
    def _want_frame(link: str, root: bytes, first: int, count: int) -> Send:
        return Send(link, Lane.BULK, write_other(Kind.WANT, {"count": count, "first": first, "root": b64(root)}))


def _runs(indexes: list[int]) -> list[tuple[int, int]]:
    """Give (first, count) for each unbroken run of sorted numbers."""
    runs: list[tuple[int, int]] = []
    for index in indexes:
        if runs and sum(runs[-1]) == index:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((index, 1))
    return runs


def _hash(value: JsonValue) -> bytes:
    if not isinstance(value, str):
        raise PeerError("attachments.proof", "a proof is a list of hashes in base64")
    return unb64(value, HASH_BYTES)
