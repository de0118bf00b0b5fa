"""One suite for every store: what memory promises to the simulation, SQLite must keep on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contracts.rows import LINE, NORTH, SOUTH, entries, entry, fold, leaf, root, signature

from parley.errors import OurMistake
from parley.record.names import LogId
from parley.record.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from parley.storage import EntryRow, LogHashes, Row, Store, ValueRow
from parley.storage.memory import MemoryStore
from parley.storage.sqlite import SqliteStore


class Place:
    """Where a store lives, so that a test can close and open it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        self.memory = MemoryStore()
        self.opened: list[Store] = []

    def open(self) -> Store:
        store: Store = self.memory if self.kind == "memory" else SqliteStore(self.folder / "record.db")
        self.opened.append(store)
        return store

    def again(self) -> Store:
        self.opened[-1].close()
        return self.open()


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    made = Place(request.param, tmp_path)
    yield made
    for store in made.opened:
        store.close()


@pytest.fixture
def store(place: Place) -> Store:
    return place.open()


def everything(store: Store) -> object:
    """Give all that can be read, to compare a store with itself later."""
    return [
        (
            log,
            store.leaves(log, 0, 10_000),
            store.ids(log, 0, 10_000),
            store.folds(log, 0, 10_000),
            [store.signatures(log, kind, 0, 10_000) for kind in ("own-ed", "own-pq", "co-ed", "co-pq")],
        )
        for log in store.logs()
    ] + [store.values("notes"), store.values("private.drafts")]


def refused(store: Store, code: str, rows: list[Row]) -> None:
    """A mistake must raise, and change nothing."""
    before = everything(store)
    with pytest.raises(OurMistake) as caught:
        store.commit(rows)
    assert caught.value.code == code
    assert everything(store) == before


def test_what_was_committed_is_there_after_opening_again(place: Place) -> None:
    """The whole point (DESIGN 2.3)."""
    store = place.open()
    rows: list[Row] = [
        *entries(NORTH, 0, 3),
        signature(NORTH, 3),
        fold(NORTH, 0, turn=1),
        ValueRow("notes", "a", b"one"),
    ]
    store.commit(rows)
    before = everything(store)

    store = place.again()

    assert everything(store) == before
    assert store.logs() == [NORTH]
    assert (store.size(NORTH), store.folded(NORTH)) == (3, 1)
    assert store.leaves(NORTH, 1, 5) == [leaf(NORTH, 1), leaf(NORTH, 2)]
    assert store.ids(NORTH, 0, 1) == [leaf_hash(leaf(NORTH, 0))]


def test_a_repeated_commit_changes_nothing(store: Store) -> None:
    """After a doubt (was it stored?) the writer must be able to hand in the same rows again."""
    rows: list[Row] = [*entries(NORTH, 0, 2), signature(NORTH, 2), fold(NORTH, 0, turn=1), ValueRow("notes", "a", b"1")]
    store.commit(rows)
    before = everything(store)

    store.commit(rows)
    store.commit([*rows, entry(NORTH, 2)])

    assert store.size(NORTH) == 3
    store_before = everything(store)
    store.commit([entry(NORTH, 1)])
    assert everything(store) == store_before
    assert store.leaves(NORTH, 0, 2) == [leaf(NORTH, 0), leaf(NORTH, 1)]
    assert before != store_before


def test_a_gap_in_a_log_is_refused(store: Store) -> None:
    """A log with a hole could never be proven; better to stop than to store it."""
    store.commit([entry(NORTH, 0)])
    refused(store, "storage.gap", [entry(SOUTH, 0), entry(NORTH, 2)])


def test_an_entry_never_changes(store: Store) -> None:
    """Other bytes under a number already held would be a fork written by our own hand (DESIGN 2.5)."""
    other = EntryRow(NORTH, 0, leaf_hash(b"other"), b"other")
    store.commit([entry(NORTH, 0)])
    refused(store, "storage.changed", [other])
    refused(store, "storage.changed", [entry(NORTH, 1), other._replace(number=1)])


def test_an_id_that_is_not_the_leaf_hash_is_refused(store: Store) -> None:
    """The id is what gets signed: it must be the hash of exactly the bytes beside it."""
    refused(store, "storage.id", [entry(NORTH, 0)._replace(id=bytes(32))])


def test_folds_follow_their_log_in_order(store: Store) -> None:
    """Folding in another order on one node would give two views of one record (DESIGN 2.6)."""
    store.commit(entries(NORTH, 0, 3))
    refused(store, "storage.fold", [fold(NORTH, 1, turn=1)])
    refused(store, "storage.fold", [fold(SOUTH, 0, turn=1)])
    refused(store, "storage.fold", [fold(NORTH, 0, turn=1)._replace(channel="military")])
    store.commit([fold(NORTH, 0, turn=5)])
    refused(store, "storage.fold", [fold(NORTH, 1, turn=4)])
    refused(store, "storage.fold", [fold(NORTH, 0, turn=6)])
    refused(store, "storage.fold", [*[fold(NORTH, n, turn=6) for n in (1, 2)], fold(NORTH, 3, turn=6)])
    store.commit([fold(NORTH, 0, turn=5), fold(NORTH, 1, turn=6)])
    assert store.folded(NORTH) == 2


def test_the_first_signature_over_a_size_stays(store: Store) -> None:
    """The first cosignature that covers an entry is kept for ever, and its time with it (DESIGN 3)."""
    store.commit([*entries(NORTH, 0, 2), signature(NORTH, 2, "co-ed", at_s=100)])
    store.commit([signature(NORTH, 2, "co-ed", at_s=90)])
    store.commit([signature(NORTH, 2, "co-ed", at_s=200)])

    found = store.signature(NORTH, "co-ed", at_least=1)

    assert found == signature(NORTH, 2, "co-ed", at_s=100)
    refused(store, "storage.fork", [replace(signature(NORTH, 2, "co-ed"), root=bytes(32))])


def test_an_author_s_signature_may_be_made_anew_with_newer_keys(store: Store) -> None:
    """Keys are replaced; what their side signed last with the old ones may count no more (docs/protocol/cards.md)."""
    store.commit([*entries(NORTH, 0, 2), signature(NORTH, 2), signature(NORTH, 2, "own-pq")])
    again = [replace(signature(NORTH, 2, kind), signature=b"by newer keys") for kind in ("own-ed", "own-pq")]
    store.commit(again)

    assert [store.newest_signature(NORTH, row.kind) for row in again] == again
    assert [store.signatures(NORTH, row.kind, 0, 9) for row in again] == [[row] for row in again]
    refused(store, "storage.fork", [replace(again[0], root=bytes(32))])


def test_the_signature_that_covers_an_entry_is_the_smallest_that_does(store: Store) -> None:
    """Evidence shows since when the other side held an entry, so it wants the earliest cosignature."""
    sizes = (2, 5, 9)
    store.commit([*entries(NORTH, 0, 9), entry(SOUTH, 0), signature(SOUTH, 1)])
    store.commit([signature(NORTH, size, "co-ed", at_s=size) for size in (9, 2, 5)] + [signature(NORTH, 4, "co-pq")])

    for entry_number in range(9):
        found = store.signature(NORTH, "co-ed", at_least=entry_number + 1)
        assert found is not None
        assert found.size == min(size for size in sizes if size > entry_number)
    assert store.signature(NORTH, "co-ed", at_least=10) is None
    assert store.signature(SOUTH, "co-ed", at_least=1) is None
    newest = store.newest_signature(NORTH, "co-ed")
    assert newest is not None
    assert newest.size == 9
    assert [row.size for row in store.signatures(NORTH, "co-ed", 3, 5)] == [5, 9]
    assert [row.size for row in store.signatures(NORTH, "co-pq", 0, 5)] == [4]
    assert store.newest_signature(LINE, "own-ed") is None


def test_subtrees_roots_and_proofs_are_those_of_rfc_9162(place: Place) -> None:
    """Kept hashes (every 256 entries) and worked-out ones must agree, in this process and after the next start."""
    store = place.open()
    for first in range(0, 700, 50):
        store.commit(entries(NORTH, first, first + 50))
    for reopened in (False, True):
        seen = place.again() if reopened else store
        reader = LogHashes(seen, NORTH)
        ids = seen.ids(NORTH, 0, 700)
        assert seen.subtree(NORTH, 0, 699) == ids[699]
        assert seen.subtree(NORTH, 1, 3) == node_hash(ids[6], ids[7])
        assert seen.subtree(NORTH, 9, 0) == node_hash(seen.subtree(NORTH, 8, 0), seen.subtree(NORTH, 8, 1))
        for size in (1, 255, 256, 257, 512, 513, 700):
            expected = root(NORTH, size)
            assert seen.root_at(NORTH, size) == expected
            verify_inclusion(ids[size // 2], size // 2, size, inclusion_proof(size // 2, size, reader), expected)
            proof = consistency_proof(size, 700, reader)
            verify_consistency(size, 700, expected, root(NORTH, 700), proof)
        assert seen.frontier(NORTH).root() == root(NORTH, 700)
        assert seen.frontier(NORTH).size == 700


def test_a_subtree_that_is_not_whole_is_a_mistake(store: Store) -> None:
    """A proof over entries that are not held would be a lie; the caller must notice at once."""
    store.commit(entries(NORTH, 0, 5))
    for level, index in ((3, 0), (0, 5), (2, 1), (-1, 0), (0, -1)):
        with pytest.raises(OurMistake):
            store.subtree(NORTH, level, index)
    with pytest.raises(OurMistake):
        store.subtree(SOUTH, 0, 0)


def test_an_unknown_log_is_empty(store: Store) -> None:
    """Nobody should have to ask first whether a log exists."""
    assert store.logs() == []
    assert (store.size(NORTH), store.folded(NORTH)) == (0, 0)
    assert store.leaves(NORTH, 0, 9) == store.ids(NORTH, 0, 9) == store.folds(NORTH, 0, 9) == []
    assert store.frontier(NORTH).root() == EMPTY_ROOT == store.root_at(NORTH, 0)
    assert store.root_at(NORTH, 1) is None
    assert store.newest_signature(NORTH, "own-ed") is None
    assert store.parts("leaders", "message/north/0/0") == []
    assert store.recent("leaders", ("message.sent",), before=None, count=5) == []


def test_a_signature_alone_makes_a_log_known(place: Place) -> None:
    """The peer's head may be kept before any of its entries came."""
    store = place.open()
    store.commit([signature(SOUTH, 7)])
    store = place.again()
    assert store.logs() == [SOUTH]
    assert store.size(SOUTH) == 0
    found = store.newest_signature(SOUTH, "own-ed")
    assert found is not None
    assert found.size == 7


def test_the_parts_of_a_subject_come_in_folding_order(store: Store) -> None:
    """A subject is folded from its parts alone; a part left out would make a false view."""
    about = "message/north/0/0"
    store.commit(
        [
            *entries(NORTH, 0, 3),
            *entries(SOUTH, 0, 3),
            *entries(LINE, 0, 1),
            fold(NORTH, 0, turn=1),
            fold(SOUTH, 0, turn=1),
            fold(SOUTH, 1, turn=2, subject=about, kind="message.acknowledged"),
            fold(NORTH, 1, turn=2, subject=about, kind="message.corrected", verdict="not-valid"),
            fold(LINE, 0, turn=1),  # the same words for another subject, in another channel
        ]
    )
    store.commit([fold(SOUTH, 2, turn=3, subject="channel/leaders"), fold(NORTH, 2, turn=3, subject="channel/leaders")])

    assert store.parts("leaders", about) == [(NORTH, 0), (NORTH, 1), (SOUTH, 1)]
    assert store.parts("line", about) == [(LINE, 0)]
    assert store.parts("leaders", "message/south/0/0") == [(SOUTH, 0)]
    assert store.parts("leaders", "channel/leaders") == [(NORTH, 2), (SOUTH, 2)]
    for odd in ("message/north/0/99999999999999999999999", "message/north/0/²", "message/north/0/00", "", "a/b/c/d"):
        assert store.parts("leaders", odd) == []


def test_recent_pages_through_a_channel_without_gap_or_repeat(store: Store) -> None:
    """The thread at the desk is read page by page while entries arrive; none may be skipped."""
    store.commit([*entries(NORTH, 0, 40), *entries(SOUTH, 0, 40), entry(LINE, 0)])
    store.commit([fold(NORTH, n, turn=2 * n, kind="message.sent" if n % 3 else "message.shown") for n in range(40)])
    store.commit([fold(SOUTH, n, turn=2 * n + n % 2) for n in range(40)])
    store.commit([fold(LINE, 0, turn=7)])
    expected = sorted(
        (row for log in (NORTH, SOUTH) for row in store.folds(log, 0, 99) if row.kind == "message.sent"),
        key=lambda row: row.place,
        reverse=True,
    )

    found, before = [], None
    while page := store.recent("leaders", ("message.sent", "call.requested"), before=before, count=7):
        found += page
        before = page[-1].place

    assert found == expected
    assert store.recent("leaders", (), before=None, count=5) == []
    assert [row.log for row in store.recent("line", ("message.sent",), before=None, count=5)] == [LINE]


def test_values_are_set_replaced_deleted_and_listed(place: Place) -> None:
    """Drafts and settings live here: private, beside the record, in the same commit."""
    store = place.open()
    store.commit([ValueRow("notes", key, key.encode()) for key in ("b", "a/2", "a/1", "a/10", "ä", "c")])
    store.commit([ValueRow("notes", "b", b"new"), ValueRow("notes", "c", None), ValueRow("private.drafts", "b", b"x")])
    store.commit([ValueRow("notes", "never", None)])

    store = place.again()

    assert store.value("notes", "b") == b"new"
    assert store.value("notes", "c") is None
    assert store.value("private.drafts", "b") == b"x"
    assert [key for key, _ in store.values("notes")] == ["a/1", "a/10", "a/2", "b", "ä"]
    assert [key for key, _ in store.values("notes", prefix="a/")] == ["a/1", "a/10", "a/2"]
    assert [key for key, _ in store.values("notes", prefix="a/", after="a/1", count=1)] == ["a/10"]
    assert [key for key, _ in store.values("notes", after="a/2")] == ["b", "ä"]
    assert store.values("nothing") == []


def test_a_mistake_in_the_last_row_keeps_the_first_ones_out(store: Store) -> None:
    """All or nothing: half a commit could leave an entry without the signature that was promised with it."""
    refused(
        store,
        "storage.gap",
        [entry(NORTH, 0), signature(NORTH, 1), fold(NORTH, 0, turn=1), ValueRow("notes", "a", b"1"), entry(SOUTH, 1)],
    )
    assert store.logs() == []
    store.commit([entry(NORTH, 0)])
    assert store.size(NORTH) == 1


def test_a_store_says_which_it_is(place: Place) -> None:
    """A copy must be told from the original, and a newer form from an older one."""
    store = place.open()
    first = store.identity()
    assert place.again().identity() == first
    assert len(first.store) == 32
    assert first.schema == 1


LOGS = st.sampled_from([NORTH, SOUTH, LINE, LogId("leaders", "north", 1)])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(LOGS, st.integers(1, 9), st.booleans()), max_size=4), max_size=12))
def test_memory_and_sqlite_always_agree(tmp_path_factory: pytest.TempPathFactory, plan: list) -> None:  # type: ignore[type-arg]
    """The simulation proves things of the memory store; they hold for real nodes only if both are the same."""
    memory, disk = MemoryStore(), SqliteStore(tmp_path_factory.mktemp("store") / "record.db")
    try:
        for number, batch in enumerate(plan):
            sizes: dict[LogId, int] = {}
            rows: list[Row] = []
            for log, count, signed in batch:
                first = sizes.get(log, memory.size(log))
                rows += entries(log, first, first + count)
                rows += [fold(log, at, turn=at * 2 + len(log.side)) for at in range(first, first + count)]
                sizes[log] = first + count
                if signed:
                    rows.append(signature(log, first + count, "co-ed", at_s=number))
            memory.commit(rows)
            disk.commit(rows)
            assert everything(memory) == everything(disk)
            for log in memory.logs():
                assert memory.frontier(log).peaks == disk.frontier(log).peaks
        kinds = ("message.sent",)
        assert memory.recent("leaders", kinds, before=None, count=9) == disk.recent(
            "leaders", kinds, before=None, count=9
        )
    finally:
        disk.close()
