"""Attachments on the disk: whole or not there, through crashes, damage and full quotas."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from tests.record.leaves import LeafHashes

from parley import limits
from parley.errors import Refused, Unavailable
from parley.record.tree import leaf_hash, root_at, verify_inclusion
from parley.storage.chunks import ChunkStore
from parley.storage.port import chunk_bytes, chunk_count

SIZE = 700 * 65_536 - 5


@pytest.fixture
def store(tmp_path: Path) -> ChunkStore:
    return opened(tmp_path)


def opened(folder: Path, quota: int = 1 << 30) -> ChunkStore:
    return ChunkStore(folder / "chunks", quota_bytes=quota, reserve_bytes=0)


def pieces(content: bytes) -> list[bytes]:
    return [content[at : at + limits.CHUNK_BYTES] for at in range(0, len(content), limits.CHUNK_BYTES)]


def root_of(chunks: list[bytes]) -> bytes:
    return root_at(len(chunks), LeafHashes(map(leaf_hash, chunks)))


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 5 * 65_536 + 9])
@pytest.mark.parametrize("step", [1 << 20, 10_000])
def test_a_file_taken_in_is_given_back_with_proofs(store: ChunkStore, size: int, step: int) -> None:
    """However it arrives in pieces, the root is that of its 64 KiB chunks."""
    content = Random(size).randbytes(size)
    new = store.add()
    for at in range(0, size, step):
        new.write(content[at : at + step])

    root, found = new.finish()

    assert (found, store.held(root)) == (size, size)
    assert root == root_of(pieces(content))
    assert b"".join(store.read(root)) == content
    for index in range(chunk_count(size)):
        data, proof = store.chunk(root, index)
        verify_inclusion(leaf_hash(data), index, chunk_count(size), proof, root)


def test_one_file_is_kept_once(tmp_path: Path, store: ChunkStore) -> None:
    """The same photo sent to three channels takes the space of one."""
    for _ in range(3):
        new = store.add()
        new.write(b"same" * 50_000)
        new.finish()
    assert store.used() == 200_000
    assert len(list((tmp_path / "chunks").iterdir())) == 2


def test_an_empty_file_and_one_beyond_the_quota_leave_nothing(tmp_path: Path) -> None:
    """A refused upload must not fill the disk by and by."""
    store = opened(tmp_path, quota=100_000)
    with pytest.raises(Refused):
        store.add().finish()
    new = store.add()
    new.write(b"x" * 90_000)
    with pytest.raises(Unavailable) as caught:
        new.write(b"x" * 90_000)
    assert caught.value.code == "storage.quota"
    assert store.used() == 0
    assert list((tmp_path / "chunks").iterdir()) == []


def test_a_file_that_was_promised_and_never_came_leaves_room_for_ours(tmp_path: Path) -> None:
    """They name a file as large as the quota and send nothing: our own photo must go all the same."""
    store = opened(tmp_path, quota=100_000)
    promised = b"\x01" * 32
    store.room(promised, 99_000)
    with pytest.raises(Unavailable):
        store.room(b"\x02" * 32, 2_000)  # another of theirs
    new = store.add()
    new.write(b"ours" * 10_000)
    new.finish()


def test_a_file_that_comes_stops_before_the_record_has_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Room was there when it began; others have filled the disk since."""
    store = ChunkStore(tmp_path / "small", quota_bytes=1 << 20, reserve_bytes=1 << 20)
    content = b"x" * 70_000
    root = root_of(pieces(content))
    store.room(root, len(content))
    left = shutil.disk_usage(tmp_path)._replace(free=(1 << 20) + 60_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    with pytest.raises(Unavailable) as caught:
        store.put(root, len(content), 0, content[:65_536], leaf_hash(content[:65_536]))
    assert caught.value.code == "storage.full"


def test_what_was_not_finished_is_gone_after_a_restart(tmp_path: Path, store: ChunkStore) -> None:
    """An upload that broke off is nobody's file."""
    store.add().write(b"x" * 100_000)
    opened(tmp_path)
    assert list((tmp_path / "chunks").iterdir()) == []


def test_chunks_in_any_order_make_the_file(store: ChunkStore) -> None:
    """Two links and stalls shuffle them."""
    content = Random(1).randbytes(40 * 65_536 + 3)
    chunks = pieces(content)
    root = root_of(chunks)
    order = list(range(len(chunks)))
    Random(2).shuffle(order)
    for index in order[:-1]:
        store.put(root, len(content), index, chunks[index], leaf_hash(chunks[index]))
    assert not store.finish(root, len(content))
    assert store.missing(root, len(content), 0, 9) == order[-1:]
    assert store.held(root) is None
    store.put(root, len(content), order[-1], chunks[order[-1]], leaf_hash(chunks[order[-1]]))
    store.put(root, len(content), 0, chunks[0], leaf_hash(chunks[0]))

    assert store.finish(root, len(content))
    assert store.finish(root, len(content))
    assert b"".join(store.read(root)) == content


def test_damage_while_it_lay_half_pulled_is_found_and_pulled_again(tmp_path: Path, store: ChunkStore) -> None:
    """A power cut may tear what was thought safe: "held" must never be said of such a file (DESIGN 2.2)."""
    content = Random(3).randbytes(20 * 65_536)
    chunks = pieces(content)
    root = root_of(chunks)
    for index, chunk in enumerate(chunks):
        store.put(root, len(content), index, chunk, leaf_hash(chunk))
    store.close()
    part = tmp_path / "chunks" / f"{root.hex()}.part"
    data = bytearray(part.read_bytes())
    data[7 * 65_536 + 11] ^= 1
    part.write_bytes(data)
    hashes = tmp_path / "chunks" / f"{root.hex()}.hashes"
    torn = bytearray(hashes.read_bytes())
    torn[32 * 9 + 4] ^= 1
    hashes.write_bytes(torn)

    store = opened(tmp_path)
    assert store.arrived(root, len(content)) == len(content)
    finished = store.finish(root, len(content))
    missing = store.missing(root, len(content), 0, 99) if not finished else []

    assert not finished
    assert missing == [7, 9]
    for index in missing:
        store.put(root, len(content), index, chunks[index], leaf_hash(chunks[index]))
    assert store.finish(root, len(content))
    assert b"".join(store.read(root)) == content


def test_bytes_flipped_while_nobody_looked_are_pulled_again_from_the_start(tmp_path: Path, store: ChunkStore) -> None:
    """If bytes and hashes agree with each other but not with the root, nothing there can be trusted."""
    content = Random(4).randbytes(3 * 65_536)
    wrong = [b"w" * 65_536, *pieces(content)[1:]]
    root = root_of(pieces(content))
    for index, chunk in enumerate(wrong):
        store.put(root, len(content), index, chunk, leaf_hash(chunk))
    assert not store.finish(root, len(content))
    assert store.missing(root, len(content), 0, 9) == [0, 1, 2]


def test_a_power_cut_between_the_two_names_keeps_the_file(tmp_path: Path, store: ChunkStore) -> None:
    """Both parts were synced before either got its lasting name."""
    new = store.add()
    new.write(b"y" * 200_000)
    root, size = new.finish()
    (tmp_path / "chunks" / f"{root.hex()}.file").rename(tmp_path / "chunks" / f"{root.hex()}.part")

    store = opened(tmp_path)

    assert store.held(root) == size
    assert b"".join(store.read(root)) == b"y" * 200_000


def test_a_damaged_file_is_not_given(tmp_path: Path, store: ChunkStore) -> None:
    """The other side would close the link over a chunk that does not prove; better to say that it is damaged."""
    new = store.add()
    new.write(b"z" * 200_000)
    root, _ = new.finish()
    path = tmp_path / "chunks" / f"{root.hex()}.file"
    data = bytearray(path.read_bytes())
    data[70_000] ^= 1
    path.write_bytes(data)

    assert store.chunk(root, 0)[0] == b"z" * 65_536
    with pytest.raises(Unavailable) as caught:
        store.chunk(root, 1)
    assert caught.value.code == "storage.corrupt"


def test_a_second_size_for_one_root_cannot_stop_the_node(store: ChunkStore) -> None:
    """A hostile peer may name one root with two sizes; the honest one must still be possible."""
    content = Random(5).randbytes(2 * 65_536)
    chunks = pieces(content)
    root = root_of(chunks)
    store.put(root, 9 * 65_536, 0, chunks[0], leaf_hash(chunks[0]))
    assert store.missing(root, len(content), 0, 9) == [0, 1]
    for index, chunk in enumerate(chunks):
        store.put(root, len(content), index, chunk, leaf_hash(chunk))
    assert store.finish(root, len(content))


def test_many_files_half_pulled_do_not_use_up_open_files(store: ChunkStore) -> None:
    """A peer that names a thousand files must not exhaust the process."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(50):
        store.put(number.to_bytes(32, "big"), SIZE, 3, b"c" * chunk_bytes(SIZE, 3), bytes(31) + b"h")
    assert len(list(Path("/proc/self/fd").iterdir())) - before <= 4 * limits.PULLS_MAX
    assert 3 not in store.missing((0).to_bytes(32, "big"), SIZE, 0, 9)
