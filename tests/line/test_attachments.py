"""Attachments over links that fall, stall, lie and flood: what arrives is what was named, or nothing."""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley import limits
from parley.codec.text import b64
from parley.errors import PeerError, Unavailable
from parley.line.attachments import Attachments, FileEffect, FileHeld, FileWaits, FinishFile, StoreChunk
from parley.line.events import Send
from parley.line.frames import Kind, open_frame, write_other
from parley.storage.chunks import ChunkStore
from parley.times import Instant

GIB = 1 << 30
NOW = Instant(100.0)


class Side:
    """One node's half: the core and a real folder. `disk` effects wait until `write` is called."""

    def __init__(self, folder: Path, *, quota: int = GIB) -> None:
        self.folder = folder
        self.quota = quota
        self.allowed: set[bytes] = set()
        self.told: list[FileEffect] = []
        self.out: list[Send] = []
        self.disk: list[FileEffect] = []
        self.written: list[tuple[bytes, int]] = []
        self.start()

    def start(self) -> None:
        self.chunks = ChunkStore(self.folder, quota_bytes=self.quota, reserve_bytes=0)
        self.core = Attachments(chunks=self.chunks, may_have=self.allowed.__contains__)

    def crash(self) -> None:
        """Stop without a word: no sync, nothing handed over."""
        self.disk.clear()
        self.out.clear()
        self.start()

    def do(self, effects: list[FileEffect]) -> None:
        for effect in effects:
            if isinstance(effect, Send):
                self.out.append(effect)
            elif isinstance(effect, StoreChunk | FinishFile):
                self.disk.append(effect)
            else:
                self.told.append(effect)

    def write(self) -> None:
        work, self.disk = self.disk, []
        for effect in work:
            if isinstance(effect, StoreChunk):
                self.written.append((effect.root, effect.index))
                self.chunks.put(effect.root, effect.size, effect.index, effect.data, effect.leaf)
                self.do(self.core.stored(effect.root, effect.index, NOW))
            elif isinstance(effect, FinishFile):
                whole = self.chunks.finish(effect.root, effect.size)
                self.do(self.core.finished(effect.root, NOW, whole=whole))

    def attach(self, content: bytes) -> tuple[bytes, int]:
        new = self.chunks.add()
        new.write(content)
        root, size = new.finish()
        self.allowed.add(root)
        return root, size

    def held(self) -> list[bytes]:
        return [effect.root for effect in self.told if isinstance(effect, FileHeld)]


def carry(one: Side, other: Side, *, rounds: int = 10_000, write: bool = True) -> int:
    """Move frames both ways until nothing is left to do; gives the rounds it took."""
    for number in range(rounds):
        moved = False
        for sender, hearer in ((one, other), (other, one)):
            frames, sender.out = sender.out, []
            for send in frames:
                moved = True
                hearer.do(hearer.core.heard(send.link, send.frame, NOW))
                hearer.do(hearer.core.give(send.link, 1 << 20))
            for link in ("a", "b"):
                hearer.do(hearer.core.give(link, 1 << 20))
            if write and hearer.disk:
                moved = True
                hearer.write()
        if not moved:
            return number
    raise AssertionError("the two sides never came to rest")


@pytest.fixture
def north(tmp_path: Path) -> Side:
    return Side(tmp_path / "north")


@pytest.fixture
def south(tmp_path: Path) -> Side:
    return Side(tmp_path / "south")


def up(link: str, *sides: Side) -> None:
    for side in sides:
        side.do(side.core.link_up(link, NOW))


def content(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 200_000, 33 * 65_536, 40 * 65_536 + 7])
def test_a_file_arrives_whole_and_each_chunk_is_stored_once(north: Side, south: Side, size: int) -> None:
    """Sizes around the edges of a chunk and of the window."""
    data = content(size)
    root, _ = north.attach(data)
    up("a", north, south)

    south.do(south.core.want(root, size, NOW))
    carry(north, south)

    assert south.held() == [root]
    assert b"".join(south.chunks.read(root)) == data
    assert len(south.written) == len(set(south.written)) == -(-size // 65_536)
    south.allowed.add(root)  # it came from them, so they may have it back
    assert south.core.want(root, size, NOW) == [FileHeld(root, size)]


def test_a_wrong_chunk_is_refused_and_nothing_of_it_is_kept(north: Side, south: Side) -> None:
    """A file with one wrong byte would be signed for as held."""
    root, size = north.attach(content(3 * 65_536))
    up("a", north, south)
    south.do(south.core.want(root, size, NOW))
    for send in south.out:
        north.do(north.core.heard(send.link, send.frame, NOW))
    south.out.clear()
    north.do(north.core.give("a", 1 << 20))
    good = north.out.pop(0).frame
    _, reader, data = open_frame(good)
    index, proof = reader.take("index"), reader.take("proof")
    assert index == 0

    def chunk(**change: object) -> bytes:
        fields: dict[str, object] = {"index": index, "proof": proof, "root": b64(root)} | change
        blob = fields.pop("data", data)
        assert isinstance(blob, bytes)
        return write_other(Kind.CHUNK, fields, blob)

    bad = {
        "attachments.proof": chunk(data=bytes((data[0] ^ 1,)) + data[1:]),
        "attachments.length": chunk(data=data[:-1]),
        "attachments.unasked": chunk(index=3),
    }
    assert isinstance(proof, list)
    others = [chunk(index=1), chunk(proof=proof[:-1]), chunk(proof=[*proof, proof[0]]), chunk(root=b64(bytes(32)))]
    for frame in [*bad.values(), *others, chunk(index=-1), chunk(proof=["x"]), chunk(proof=[1]), chunk(more=1)]:
        with pytest.raises(PeerError) as caught:
            south.core.heard("a", frame, NOW)
        assert caught.value.code in bad or frame not in bad.values()
    for code, frame in bad.items():
        with pytest.raises(PeerError) as caught:
            south.core.heard("a", frame, NOW)
        assert caught.value.code == code
    assert south.disk == []

    south.do(south.core.heard("a", good, NOW))
    carry(north, south)
    assert south.held() == [root]


def test_only_what_an_entry_named_is_given(north: Side, south: Side) -> None:
    """A peer that guesses the digest of a draft's file must not get the draft's file (DESIGN 2.9)."""
    root, size = north.attach(content(100_000))
    north.allowed.clear()
    up("a", north, south)

    south.do(south.core.want(root, size, NOW))
    carry(north, south)

    assert south.held() == []
    assert [effect.code for effect in south.told if isinstance(effect, FileWaits)] == ["attachments.refused"]

    north.allowed.add(root)  # the draft was released
    south.do(south.core.tick(Instant(NOW + 2 * limits.CHUNK_STALL_S)))
    carry(north, south)
    assert south.held() == [root]


def test_naming_a_draft_s_file_by_its_digest_tells_nothing(tmp_path: Path, north: Side, south: Side) -> None:
    """A peer that guesses what South has drafted must learn neither the file nor that it is there (DESIGN 2.9)."""
    draft, size = south.attach(content(100_000))
    south.allowed.clear()
    up("a", north, south)

    south.do(south.core.want(draft, size, NOW))  # North named it, without having it
    north.do(north.core.want(draft, size, NOW))
    carry(north, south)

    assert south.held() == north.held() == []

    north.attach(content(100_000))  # now it truly has it, and gives it
    for side in (north, south):
        side.do(side.core.tick(Instant(NOW + 2 * limits.CHUNK_STALL_S)))
    carry(north, south)
    assert south.held() == [draft]
    assert b"".join(south.chunks.read(draft)) == content(100_000)
    assert sorted(path.suffix for path in (tmp_path / "south").iterdir()) == [".file", ".tree"]


def test_a_file_goes_on_where_the_link_fell(north: Side, south: Side) -> None:
    """A satellite link that falls every minute must still bring a large file, each chunk stored once."""
    size = 100 * 65_536
    root, _ = north.attach(content(size))
    south.do(south.core.want(root, size, NOW))
    for number in range(200):
        if south.held():
            break
        link = "ab"[number % 2]
        up(link, north, south)
        for send in south.out[:3]:
            north.do(north.core.heard(send.link, send.frame, NOW))
        north.do(north.core.give(link, 300_000))
        for send in north.out:
            south.do(south.core.heard(send.link, send.frame, NOW))
        south.write()
        north.out.clear()
        south.out.clear()
        for side in (north, south):
            side.do(side.core.link_down(link, NOW))
            side.out.clear()

    assert south.held() == [root]
    assert len(south.written) == len(set(south.written)) == 100


def test_a_file_goes_on_after_a_crash(north: Side, south: Side) -> None:
    """What was synced is not sent again; what was not is, and the result is whole."""
    size = 600 * 65_536
    data = content(size)
    root, _ = north.attach(data)
    up("a", north, south)
    south.do(south.core.want(root, size, NOW))
    carry_some(north, south, chunks=300)

    south.crash()
    north.do(north.core.link_down("a", NOW))
    north.out.clear()
    up("a", north, south)
    assert len(south.chunks.missing(root, size, 0, 1000)) == 600 - 256
    south.do(south.core.want(root, size, NOW))
    carry(north, south)

    assert south.held() == [root]
    assert b"".join(south.chunks.read(root)) == data
    assert len(south.written) == 300 + 600 - 256


def carry_some(giver: Side, taker: Side, *, chunks: int) -> None:
    """Move frames until so many chunks are written."""
    while len(taker.written) < chunks:
        asks, taker.out = taker.out, []
        for send in asks:
            giver.do(giver.core.heard(send.link, send.frame, NOW))
        giver.do(giver.core.give("a", 1))
        frames, giver.out = giver.out, []
        for send in frames:
            taker.do(taker.core.heard(send.link, send.frame, NOW))
        taker.write()


def test_what_is_asked_for_stays_within_the_window(north: Side, south: Side) -> None:
    """Memory must not grow with the file: 1 GiB is asked for like 2 MiB."""
    up("a", north, south)
    south.do(south.core.want(bytes(31) + b"r", GIB, NOW))
    south.do(south.core.want(bytes(31) + b"s", GIB // 2, NOW))
    asked = 0
    for send in south.out:
        _, reader, _ = open_frame(send.frame)
        asked += reader.integer("count")

    assert asked == limits.CHUNKS_ASKED_MAX


def test_chunks_not_yet_written_count_against_the_window(north: Side, south: Side) -> None:
    """A slow disk must slow the sender, not fill the memory."""
    size = 200 * 65_536
    root, _ = north.attach(content(size))
    up("a", north, south)
    south.do(south.core.want(root, size, NOW))

    carry(north, south, write=False)

    assert len(south.disk) == limits.CHUNKS_ASKED_MAX
    carry(north, south)
    assert south.held() == [root]


def test_what_a_side_asks_for_beyond_its_bound_lets_its_oldest_questions_go(north: Side, south: Side) -> None:
    """A flood of questions would fill our memory."""
    up("a", north)
    root, _ = north.attach(content(65_536))
    ask = write_other(Kind.WANT, {"count": 32, "first": 0, "root": b64(root)})
    for _ in range(50):
        north.core.heard("a", ask, NOW)

    given = north.core.give("a", 1 << 30)
    assert len(given) == 2 * limits.CHUNKS_ASKED_MAX
    for fields in ({"count": 0}, {"count": 33}, {"first": limits.CHUNKS_MAX}, {"first": -1}, {"root": "AA=="}):
        with pytest.raises(PeerError):
            north.core.heard("a", write_other(Kind.WANT, {"count": 1, "first": 0, "root": b64(root)} | fields), NOW)


def test_a_link_that_stalls_is_left_for_another(north: Side, south: Side) -> None:
    """One link may stand still for minutes without being down; the late answers must not count as a fault."""
    size = 40 * 65_536
    root, _ = north.attach(content(size))
    up("a", north, south)
    up("b", north, south)
    south.do(south.core.want(root, size, NOW))
    stuck, south.out = south.out, []
    assert {send.link for send in stuck} == {"a"}
    assert south.core.wake_at() == NOW + limits.CHUNK_STALL_S

    south.do(south.core.tick(Instant(NOW + limits.CHUNK_STALL_S)))
    assert {send.link for send in south.out} == {"b"}
    carry(north, south)
    for send in stuck:  # now the first link moves again
        north.do(north.core.heard(send.link, send.frame, NOW))
    carry(north, south)

    assert south.held() == [root]
    assert len(south.written) == len(set(south.written))


def test_a_file_beyond_the_quota_waits_with_a_reason(tmp_path: Path, north: Side) -> None:
    """The receiver alone decides how much of its disk the peer's files may take (DESIGN 3)."""
    south = Side(tmp_path / "small", quota=150_000)
    first, size = north.attach(content(100_000, 1))
    second, _ = north.attach(content(100_000, 2))
    up("a", north, south)
    for root in (first, second):
        south.do(south.core.want(root, size, NOW))
    carry(north, south)

    assert south.held() == [first]
    assert [effect.code for effect in south.told if isinstance(effect, FileWaits)] == ["storage.quota"]

    south.chunks.drop(first)
    south.do(south.core.want(second, size, NOW))
    carry(north, south)
    assert south.held() == [first, second]


def test_a_disk_that_fails_lets_the_file_wait(north: Side, south: Side) -> None:
    """No word of being held; the record's own traffic goes on."""
    root, size = north.attach(content(100_000))
    up("a", north, south)
    south.do(south.core.want(root, size, NOW))
    carry(north, south, write=False)
    south.disk.clear()

    south.do(south.core.store_failed(root, Unavailable("storage.full", "the disk is full"), NOW))

    assert [effect.code for effect in south.told if isinstance(effect, FileWaits)] == ["storage.full"]
    south.do(south.core.want(root, size, NOW))
    carry(north, south)
    assert south.held() == [root]


def test_a_false_size_never_makes_a_file(north: Side, south: Side) -> None:
    """An entry may name a true root with a wrong size; nothing can be proven under it."""
    root, size = north.attach(content(100_000))
    up("a", north, south)
    south.do(south.core.want(root, 3 * 65_536, NOW))
    with pytest.raises(PeerError):
        carry(north, south)
    south.do(south.core.leave(root, NOW))
    for side in (north, south):
        side.do(side.core.link_down("a", NOW))
        side.out.clear()
    up("a", north, south)
    south.do(south.core.want(root, size, NOW))
    carry(north, south)
    assert south.held() == [root]
    waits = south.core.want(root, size + 1, NOW)
    assert [effect.code for effect in waits if isinstance(effect, FileWaits)] == ["attachments.size"]
    for wrong in (0, -1, limits.CHUNKS_MAX * limits.CHUNK_BYTES + 1):
        assert isinstance(south.core.want(bytes(32), wrong, NOW)[0], FileWaits)


def test_several_files_share_the_window_and_all_arrive(north: Side, south: Side) -> None:
    """One huge video must not keep a one-page document waiting."""
    up("a", north, south)
    sizes = (80 * 65_536, 10, 70_000, 30 * 65_536, 5, 6, 7)
    roots = [north.attach(content(size, number))[0] for number, size in enumerate(sizes)]
    for root, size in zip(roots, sizes, strict=True):
        south.do(south.core.want(root, size, NOW))
    carry(north, south)

    assert set(south.held()) == set(roots)
    assert south.held().index(roots[0]) > south.held().index(roots[5])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_any_trouble_ends_in_the_same_file(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Links fall and rise, frames are late or lost with their link, nodes crash: the file is the file."""
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("trouble")
    north, south = Side(folder / "north"), Side(folder / "south")
    size = dice.randint(1, 60 * 65_536)
    data = content(size, seed)
    root, _ = north.attach(data)
    links: set[str] = set()
    now = 100.0
    south.do(south.core.want(root, size, Instant(now)))
    for _ in range(120):
        now += dice.random() * 20
        step, link = dice.randrange(7), dice.choice("ab")
        if step == 0 and link not in links:
            links.add(link)
            for side in (north, south):
                side.do(side.core.link_up(link, Instant(now)))
        elif step == 1 and link in links:
            links.discard(link)
            for side in (north, south):
                side.do(side.core.link_down(link, Instant(now)))
                side.out = [send for send in side.out if send.link != link]
        elif step == 2 and dice.random() < 0.2:
            south.crash()
            for name in links:
                north.do(north.core.link_down(name, Instant(now)))
            north.out.clear()
            links.clear()
            south.do(south.core.want(root, size, Instant(now)))
        elif step == 3:
            south.write()
        else:
            for sender, hearer in ((north, south), (south, north)):
                count = dice.randint(0, len(sender.out))
                frames, sender.out = sender.out[:count], sender.out[count:]
                for send in frames:
                    hearer.do(hearer.core.heard(send.link, send.frame, Instant(now)))
                for name in links:
                    hearer.do(hearer.core.give(name, dice.choice((0, 1, 200_000))))
        south.do(south.core.tick(Instant(now)))
    for name in sorted(links):
        for side in (north, south):
            side.do(side.core.link_down(name, Instant(now)))
            side.out.clear()
    up("a", north, south)
    carry(north, south)

    assert root in south.held()
    assert b"".join(south.chunks.read(root)) == data


def test_a_large_file_takes_no_more_memory_than_a_small_one(north: Side, south: Side) -> None:
    """1 GiB must work on a small node; here 64 MiB, held to a few MiB of growth."""
    new = north.chunks.add()
    block = content(1 << 20)
    for number in range(64):
        new.write(number.to_bytes(8, "big") + block[8:])
    root, size = new.finish()
    north.allowed.add(root)
    up("a", north, south)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    south.do(south.core.want(root, size, NOW))
    for _ in _rounds(north, south):
        pass

    assert south.held() == [root]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024  # KiB


def _rounds(giver: Side, taker: Side) -> Iterator[None]:
    """Move a little at a time, as real lanes do."""
    while not taker.held():
        asks, taker.out = taker.out, []
        for send in asks:
            giver.do(giver.core.heard(send.link, send.frame, NOW))
        giver.do(giver.core.give("a", 200_000))
        frames, giver.out = giver.out, []
        for send in frames:
            taker.do(taker.core.heard(send.link, send.frame, NOW))
        taker.write()
        yield
