"""Checkpoints and cosignatures in the forms of C2SP: what each signs, and how a note is read."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.record.shelf import IDENTITY, KEYS, LINE

from parley.codec import encode
from parley.errors import OurMistake, PeerError
from parley.identity import read_card, verify, verify_pq
from parley.record import (
    Checkpoint,
    LogId,
    NoteSignature,
    checkpoint_body,
    cosign,
    cosign_pq,
    cosigner_name,
    origin,
    read_note,
    sign_checkpoint,
    sign_checkpoint_pq,
    verify_checkpoint,
    verify_cosignature,
    verify_cosignature_pq,
    write_note,
)
from parley.record.notes import key_id

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS: dict[str, Any] = json.loads((FOLDER / "notes.json").read_text())
PARTIES = [
    read_card(encode(vector["card"])).party
    for vector in json.loads((FOLDER / "cards.json").read_text())["cards"]
    if vector["name"] in ("north", "south")
]
GO_KEYS = {
    "sum.golang.org": base64.b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
    "PeterNeumann": base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
}
NORTH, SOUTH = IDENTITY.ours, IDENTITY.theirs
LOG = LogId("leaders", "north", 0)
ROOT = bytes.fromhex(VECTORS["root"])
NAME = origin("north.example", LINE, LOG)
WITNESS = cosigner_name("south.example", LINE, "south")


@pytest.mark.parametrize("vector", VECTORS["notes"], ids=lambda vector: vector["name"])
def test_note_vectors_are_read_or_refused_as_they_should(vector: dict[str, Any]) -> None:
    """One statement has one note; whatever else it says must be refused, not passed over."""
    if vector["fault"] is None:
        head, signatures = read_note(vector["note"].encode(), VECTORS["line"], PARTIES)
        assert head == Checkpoint(LogId.read(VECTORS["log"]), VECTORS["size"], ROOT)
        assert all(signed.at_s in (0, VECTORS["at_s"]) for signed in signatures)
        assert write_note(PARTIES[0], PARTIES[1], VECTORS["line"], head, signatures) == vector["note"].encode()
        return
    with pytest.raises(PeerError) as refused:
        read_note(vector["note"].encode(), VECTORS["line"], PARTIES)
    assert refused.value.code == vector["code"]


def test_key_ids_and_signatures_are_those_of_published_notes() -> None:
    """Two notes of the Go project, made years before us by other programs: its checksum database and its manual."""
    for name, stated in (("sum.golang.org", "033de0ae"), ("PeterNeumann", "c74f20a3")):
        vkey = GO_KEYS[name]
        assert vkey[0] == 0x01
        assert key_id(name, 0x01, vkey[1:]).hex() == stated
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    blob = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert blob[:4] == key_id("PeterNeumann", 0x01, GO_KEYS["PeterNeumann"][1:])
    verify(GO_KEYS["PeterNeumann"][1:], text, blob[4:], what="the manual's note")


def test_the_four_signatures_sign_what_c2sp_says_byte_for_byte() -> None:
    """Built here a second time from the specifications' own words, sharing nothing with the product."""
    root = base64.b64encode(ROOT)
    body = NAME.encode() + b"\n8\n" + root + b"\n"
    assert checkpoint_body(NAME, 8, ROOT) == body
    verify(NORTH.log.ed, body, sign_checkpoint(KEYS["north"].log, NAME, 8, ROOT), what="0x01")
    stamped = b"cosignature/v1\ntime 1795428060\n" + body
    verify(SOUTH.cosign.ed, stamped, cosign(KEYS["south"].cosign, NAME, 8, ROOT, 1_795_428_060), what="0x04")

    def subtree(name: str, at_s: int) -> bytes:
        return (
            b"subtree/v1\n\x00"
            + struct.pack(">B", len(name)) + name.encode() + struct.pack(">Q", at_s)
            + struct.pack(">B", len(NAME)) + NAME.encode() + struct.pack(">QQ", 0, 8) + ROOT
        )  # fmt: skip

    verify_pq(NORTH.log.pq, subtree(NAME, 0), sign_checkpoint_pq(KEYS["north"].log, NAME, 8, ROOT), what="0x06")
    signed = cosign_pq(KEYS["south"].cosign, WITNESS, NAME, 8, ROOT, 1_795_428_060)
    verify_pq(SOUTH.cosign.pq, subtree(WITNESS, 1_795_428_060), signed, what="0x06 of the cosigner")


def test_no_signature_passes_for_one_of_another_kind_log_size_or_time() -> None:
    """Replay and cut-and-paste: every statement binds what it is about (DESIGN 3)."""
    signature = sign_checkpoint(KEYS["north"].log, NAME, 8, ROOT)
    verify_checkpoint(NORTH, LINE, LOG, 8, ROOT, signature)
    held = cosign(KEYS["south"].cosign, NAME, 8, ROOT, 1_795_428_060)
    verify_cosignature(SOUTH, NORTH, LINE, LOG, 8, ROOT, 1_795_428_060, held)
    for attempt in (
        lambda: verify_checkpoint(NORTH, LINE, LOG, 9, ROOT, signature),
        lambda: verify_checkpoint(NORTH, LINE, LOG, 8, b"\x01" * 32, signature),
        lambda: verify_checkpoint(NORTH, "0" * 32, LOG, 8, ROOT, signature),
        lambda: verify_checkpoint(NORTH, LINE, LogId("talks", "north", 0), 8, ROOT, signature),
        lambda: verify_checkpoint(NORTH, LINE, LogId("leaders", "north", 1), 8, ROOT, signature),
        lambda: verify_checkpoint(NORTH, LINE, LOG, 8, ROOT, held),
        lambda: verify_cosignature(SOUTH, NORTH, LINE, LOG, 8, ROOT, 1_795_428_061, held),
        lambda: verify_cosignature(SOUTH, NORTH, LINE, LOG, 8, ROOT, 1_795_428_060, signature),
        lambda: verify_cosignature_pq(SOUTH, NORTH, LINE, LOG, 8, ROOT, 1_795_428_060, held),
    ):
        with pytest.raises(PeerError) as refused:
            attempt()
        assert refused.value.code == "identity.signature"


def test_a_side_never_checks_a_log_as_if_it_were_its_own_writer() -> None:
    """A mix-up of sides in our own code must stop, not verify against the wrong key."""
    with pytest.raises(OurMistake):
        verify_checkpoint(SOUTH, LINE, LOG, 8, ROOT, bytes(64))
    with pytest.raises(OurMistake):
        verify_cosignature(NORTH, NORTH, LINE, LOG, 8, ROOT, 1, bytes(64))
    with pytest.raises(OurMistake):
        write_note(NORTH, SOUTH, LINE, Checkpoint(LOG, 8, ROOT), [NoteSignature("own-ed", 5, bytes(64))])


@given(st.binary(max_size=300))
def test_any_bytes_give_a_note_or_a_peer_error(data: bytes) -> None:
    """Notes come in files from anywhere."""
    with pytest.raises(PeerError):
        read_note(data, LINE, [NORTH, SOUTH])
