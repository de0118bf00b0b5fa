"""Strict reading of fields: each fault is named with its path, nothing unknown passes, nothing is quoted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from parley.codec import Reader
from parley.errors import PeerError


def fault_of(read: Any) -> str:
    with pytest.raises(PeerError) as caught:
        read()
    assert caught.value.code == "codec.field"
    return caught.value.sentence


def test_a_whole_object_is_read_field_by_field() -> None:
    """One example of every kind of field, as the subjects use them."""
    reader = Reader(
        {
            "title": "Fishing season", "count": 3, "urgent": True, "grade": "sight", "at": "2026-11-23T10:00:00.000Z",
            "side": "north", "channel": "leaders", "person": "w.lan", "root": "ab" * 32, "nonce": "AAAA",
            "places": [{"lat": "1.5"}], "languages": ["en", "ar"], "inner": {},
        },
        "$.body",
    )  # fmt: skip
    assert reader.text("title", max_chars=200) == "Fishing season"
    assert reader.integer("count", 0, 10) == 3
    assert reader.boolean("urgent") is True
    assert reader.choice("grade", {"sight", "rough"}) == "sight"
    assert reader.moment("at") == "2026-11-23T10:00:00.000Z"
    assert (reader.side("side"), reader.channel("channel"), reader.person("person")) == ("north", "leaders", "w.lan")
    assert reader.hex("root", 32) == "ab" * 32
    assert reader.data("nonce", 3) == b"\0\0\0"
    for place in reader.objects("places", max_items=4):
        assert place.match("lat", re.compile(r"-?\d+\.\d"), "a decimal") == "1.5"
        place.done()
    assert reader.texts("languages", max_items=3, max_chars=8) == ("en", "ar")
    reader.object("inner").done()
    assert reader.maybe_text("note", max_chars=5) is None
    assert reader.maybe_integer("n") is None
    assert reader.maybe_moment("due") is None
    reader.done()


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda r: r.text("absent", max_chars=9), "$.absent: expected a value, got nothing"),
        (lambda r: r.text("number", max_chars=9), "$.number: expected text, got 412"),
        (lambda r: r.text("word", max_chars=3), "$.word: expected 1 to 3 characters, got 6"),
        (lambda r: r.text("empty", max_chars=3), "$.empty: expected 1 to 3 characters, got 0"),
        (lambda r: r.integer("number", -90, 90), "$.number: expected -90 to 90, got 412"),
        (lambda r: r.integer("flag"), "$.flag: expected an integer, got true"),
        (lambda r: r.boolean("number"), "$.number: expected true or false, got 412"),
        (lambda r: r.choice("word", {"b", "a"}), "$.word: expected one of 'a', 'b', got text of 6 characters"),
        (lambda r: r.moment("word"), "$.word: expected a moment like"),
        (lambda r: r.side("cap"), "$.cap: expected a side's id, got text of 3 characters"),
        (lambda r: r.hex("word", 32), "$.word: expected 32 bytes in lower-case hex, got text of 6 characters"),
        (lambda r: r.data("word", 32), "$.word: expected 32 bytes in base64"),
        (lambda r: r.data("four", max_bytes=2), "$.four: expected at most 2 bytes, got 3"),
        (lambda r: r.list("items", max_items=1), "$.items: expected 0 to 1 items, got 2"),
        (lambda r: r.list("word", max_items=1), "$.word: expected a list, got text of 6 characters"),
        (lambda r: r.texts("items", max_items=2, max_chars=5), "$.items[1]: expected text, got null"),
        (lambda r: r.object("word"), "$.word: expected an object, got text of 6 characters"),
        (lambda r: list(r.objects("items", max_items=2)), "$.items[0]: expected an object, got text of 1 characters"),
        (lambda r: r.object("inner").integer("x", 0, 1), "$.inner.x: expected 0 to 1, got 2"),
        (lambda r: r.done(), "$: 9 unknown fields, first cap"),
    ],
)
def test_a_fault_is_named_with_its_path_and_never_quoted(read: Any, sentence: str) -> None:
    """The person who repairs it needs the place; the log must not get the message."""
    value = {
        "number": 412, "word": "secret", "empty": "", "flag": True, "cap": "Nor", "four": "AAAA", "items": ["a", None],
        "inner": {"x": 2}, "zero": 0,
    }  # fmt: skip
    said = fault_of(lambda: read(Reader(value)))
    assert said.startswith(sentence)
    assert "secret" not in said


def test_a_field_cannot_be_read_twice() -> None:
    """A second reading with other bounds would hide that the first one was wrong."""
    reader = Reader({"a": 1})
    reader.integer("a")
    assert fault_of(lambda: reader.integer("a")) == "$.a: expected a value, got nothing"


def test_a_room_may_give_its_own_code() -> None:
    """A wrong report should be known as a wrong report, not as a wrong field somewhere."""
    with pytest.raises(PeerError, match=r"incidents\.field: \$\.p\[0\]\.q"):
        next(Reader({"p": [{"q": 1}]}, code="incidents.field").objects("p", max_items=1)).text("q", max_chars=1)
