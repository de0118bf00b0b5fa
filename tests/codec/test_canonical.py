"""The one byte form: vectors from RFC 8785, and what must hold for every value."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.codec import decode, decode_clean, encode
from parley.errors import OurMistake, PeerError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "canonical.json").read_text("utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-limits.INTEGER_MAX, limits.INTEGER_MAX) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8), inner, max_size=5)
    ),
    max_leaves=30,
)


def vector_bytes(vector: dict[str, Any]) -> bytes:
    if "parts" in vector:
        return b"".join(bytes.fromhex(part) * times for part, times in vector["parts"])
    return bytes.fromhex(vector["hex"]) if "hex" in vector else str(vector["utf8"]).encode()


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda v: v["name"])
def test_a_good_vector_is_read_and_written_alike(vector: dict[str, Any]) -> None:
    """Another program that follows RFC 8785 must get our bytes, and we must take its."""
    data = vector_bytes(vector)
    value = decode(data)
    assert encode(value) == data
    if "value" in vector:
        assert value == vector["value"]
        assert encode(vector["value"]) == data


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda v: v["name"])
def test_a_bad_vector_is_refused_for_its_own_fault(vector: dict[str, Any]) -> None:
    """Two byte forms of one meaning would let a side deny which one it signed."""
    with pytest.raises(PeerError) as caught:
        decode(vector_bytes(vector))
    assert caught.value.code == vector["code"]


@given(VALUES)
def test_a_value_comes_back_from_its_bytes(value: Any) -> None:
    """What was signed can be made again from what was understood."""
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data


@given(VALUES)
def test_the_standard_library_agrees_on_the_bytes(value: Any) -> None:
    """The independent checker uses nothing of ours but must reach the same hash."""
    assert encode(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(VALUES, st.data())
def test_one_changed_byte_is_another_value_or_no_value(value: Any, data: st.DataObject) -> None:
    """No two byte strings may mean the same."""
    good = encode(value)
    place = data.draw(st.integers(0, len(good) - 1))
    bad = good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :]
    with contextlib.suppress(PeerError):
        assert decode(bad) != value or type(decode(bad)) is not type(value)


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": 0.0}, {"é": 1}, {1: 2}, b"x", {"a": {1, 2}}, 2**53, "\ud800", [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]],
)
def test_what_is_outside_the_subset_is_our_mistake_when_we_write_it(value: Any) -> None:
    """msgspec would write bytes and sets in forms of its own; nobody else could read them as we meant."""
    with pytest.raises(OurMistake):
        encode(value)


def test_the_bound_on_bytes_can_be_set_for_larger_documents() -> None:
    """Evidence files and rosters are read with the same strictness but another bound."""
    data = encode(["a" * 70_000])
    with pytest.raises(PeerError, match=r"codec\.size"):
        decode(data)
    assert decode(data, bytes_max=80_000) == ["a" * 70_000]


def test_an_error_never_quotes_what_was_said() -> None:
    """Errors go into logs; messages must not."""
    with pytest.raises(PeerError) as caught:
        decode(b'{"text": "the harbour at dawn"}')
    assert "harbour" not in str(caught.value)


@given(VALUES)
def test_the_quick_look_at_texts_agrees_with_the_slow_one(value: Any) -> None:
    """A short cut that let one bad string through would put it under a signature."""
    from parley.codec import check_texts

    data = encode(value)
    try:
        check_texts(value)
    except PeerError:
        with pytest.raises(PeerError):
            decode_clean(data)
    else:
        assert decode_clean(data) == value
