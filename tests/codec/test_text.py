"""What a text may hold, names, and bytes as text."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.codec import (
    b64,
    check_channel,
    check_person,
    check_side,
    check_text,
    decode_clean,
    encode,
    make_text,
    unb64,
    unhex,
)
from parley.errors import PeerError, Refused

TEXTS = json.loads((Path(__file__).parents[1] / "vectors" / "text.json").read_text("utf-8"))["texts"]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("vector", TEXTS, ids=lambda v: v["name"])
def test_a_text_is_judged_as_its_vector_says(vector: dict[str, Any]) -> None:
    """Both nodes must reach one verdict, or one of them calls an entry unreadable that the other obeys."""
    if vector["ok"]:
        check_text(vector["text"], "$")
        assert decode_clean(encode({"t": vector["text"]})) == {"t": vector["text"]}
    else:
        with pytest.raises(PeerError, match=r"codec\.text"):
            check_text(vector["text"], "$")
        with pytest.raises(PeerError, match=r"codec\.text"):
            decode_clean(encode({"t": vector["text"]}))


def test_a_fault_in_a_text_is_named_with_its_path() -> None:
    """The operator must find the field without the error quoting the message."""
    with pytest.raises(PeerError, match=r"\$\.body\.lines\[1\]: character 2 is U\+202E"):
        decode_clean(encode({"body": {"lines": ["fine", "ab\u202ec"]}}))


@given(st.text(max_size=40))
def test_what_the_author_makes_fit_is_what_the_receiver_accepts(text: str) -> None:
    """An author's node must never sign what the other node will mark as unreadable."""
    try:
        made = make_text(text)
    except Refused:
        return
    check_text(made, "$")
    assert make_text(made) == made


def test_a_browsers_line_ends_become_newlines() -> None:
    """A form sends CR LF; left so, every message from a browser would be refused."""
    assert make_text("one\r\ntwo\rthree") == "one\ntwo\nthree"
    assert make_text("e\u0301") == "\u00e9"


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="the running Python has another Unicode")
def test_the_pinned_table_is_the_table_of_unicode_14() -> None:
    """The table is data in the tree; a slip of hand in it would split the two nodes."""
    made = subprocess.run(
        [sys.executable, ROOT / "src/parley/codec/make_unicode14.py"], capture_output=True, text=True, check=True
    ).stdout
    assert (ROOT / "src/parley/codec/unicode14.py").read_text("utf-8").split() == made.split()


@pytest.mark.parametrize("name", ["north", "n", "a-1", "n" * 32])
def test_a_side_has_a_plain_name(name: str) -> None:
    """Names are parts of log origins; anything but plain letters could be read as another name."""
    assert check_side(name) == name


@pytest.mark.parametrize("name", ["", "North", "1north", "-a", "a/b", "a.b", "é", "n" * 33, "a\n"])
def test_another_form_of_a_sides_name_is_refused(name: str) -> None:
    """A slash or a dot would move a log's text form onto another log's."""
    with pytest.raises(PeerError, match=r"codec\.name"):
        check_side(name)


def test_channels_and_persons_have_names_of_their_own_length() -> None:
    """48 characters hold "talks-on-incidents-at-sea" and a full name."""
    assert check_channel("talks-ai") == "talks-ai"
    assert check_person("w.lan-2") == "w.lan-2"
    for check in (check_channel, check_person):
        with pytest.raises(PeerError):
            check("a" * 49)


@given(st.binary(max_size=100))
def test_bytes_come_back_from_base64_and_hex(data: bytes) -> None:
    """Keys and signatures travel as text."""
    assert unb64(b64(data)) == data
    assert unhex(data.hex(), len(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q=", "QQ==\n", "QQ==QQ==", "-_-_", "=", "QQ===", "é"])
def test_another_form_of_base64_is_refused(text: str) -> None:
    """Spare bits and missing padding give one signature many texts (RFC 4648 sections 3.2, 3.5)."""
    with pytest.raises(PeerError, match=r"codec\.base64"):
        unb64(text)


@pytest.mark.parametrize("text", ["A0", "a", "0x", "a g0", "\u0661\u0661"])
def test_another_form_of_hex_is_refused(text: str) -> None:
    """Digests are compared as text; capitals would make two of one."""
    with pytest.raises(PeerError, match=r"codec\.hex"):
        unhex(text)


def test_a_wrong_size_is_refused() -> None:
    """A key of 31 bytes is no key."""
    with pytest.raises(PeerError, match="expected 32 bytes, got 31"):
        unb64(b64(bytes(31)), 32)
    with pytest.raises(PeerError, match="expected 32 bytes, got 31"):
        unhex("00" * 31, 32)
