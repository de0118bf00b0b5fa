"""Entries: one byte form, everything bound, and nothing half understood."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.shelf import LINE

from parley import limits
from parley.errors import OurMistake, PeerError
from parley.record import Entry, LogId, Past, Ref, encode_entry, entry_id, read_entry

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "entries.json").read_text())
ENTRY = Entry(
    rules=1,
    line=LINE,
    channel="leaders",
    side="north",
    epoch=0,
    number=12,
    past=(Past(LogId("leaders", "south", 0), 3, "ab" * 32), Past(LogId("line", "north", 0), 4, "cd" * 32)),
    refs=(Ref(LogId("leaders", "south", 0), 2, "ef" * 32),),
    at="2026-11-23T10:00:00.000Z",
    status="actual",
    precedence="FLASH",
    person="a.novak",
    kind="message.sent",
    subject="message/north/0/12",
    body={"text": "Pump 3 is stopped.", "language": "en"},
)


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["name"])
def test_entry_vectors_are_read_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """Both nodes must reach the same verdict on every leaf, or their views part."""
    leaf = vector["leaf"].encode()
    if vector["fault"] is None:
        assert entry_id(leaf) == vector["id"]
        assert encode_entry(read_entry(leaf)) == leaf
        return
    with pytest.raises(PeerError) as refused:
        read_entry(leaf)
    assert refused.value.code == "record.unreadable"


def test_an_entry_reads_back_as_it_was_written() -> None:
    """What the author signed is what the other side folds."""
    assert read_entry(encode_entry(ENTRY)) == ENTRY
    assert ENTRY.log == LogId.read("leaders/north/0")


@pytest.mark.parametrize(
    "change",
    [
        {"line": "x"},
        {"number": -1},
        {"at": "yesterday"},
        {"body": {"text": "a\u202eb"}},
        {"body": {"text": "e\u0301"}},
        {"body": {"x": 2**60}},
        {"body": {"text": "x" * limits.ENTRY_BYTES_MAX}},
        {"past": ENTRY.past[::-1]},
        {"past": (ENTRY.past[0], ENTRY.past[0])},
        {"subject": ""},
        {"side": "north/0"},
    ],
    ids=str,
)
def test_what_could_not_be_read_is_never_written(change: dict[str, Any]) -> None:
    """A log's author cannot take an entry back; a fault of ours must stop before the signature."""
    with pytest.raises(OurMistake):
        encode_entry(dataclasses.replace(ENTRY, **change))


@given(st.binary(max_size=200))
def test_any_bytes_give_an_entry_or_a_peer_error(leaf: bytes) -> None:
    """A leaf is whatever the other side put into its tree."""
    try:
        read_entry(leaf)
    except PeerError as refused:
        assert refused.code == "record.unreadable"


@given(st.data())
def test_a_changed_byte_gives_another_entry_or_none(data: st.DataObject) -> None:
    """No two byte strings may stand for one entry: its id would not name it."""
    leaf = bytearray(encode_entry(ENTRY))
    leaf[data.draw(st.integers(0, len(leaf) - 1))] = data.draw(st.integers(0, 255))
    try:
        entry = read_entry(bytes(leaf))
    except PeerError:
        return
    assert encode_entry(entry) == bytes(leaf)


@pytest.mark.parametrize(
    "name", ["leaders", "leaders/north", "leaders/north/00", "/north/0", "a/b/c/0", "a/b/1000000000000"]
)
def test_only_one_form_of_a_log_name_is_read(name: str) -> None:
    """Two spellings of one log would be two logs to a hurried program."""
    with pytest.raises(PeerError) as refused:
        LogId.read(name)
    assert refused.value.code == "record.log-name"
