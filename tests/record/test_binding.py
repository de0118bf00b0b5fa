"""A person's signature over an entry: every vector gets its verdict, and reports say whose word each thing is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.record.shelf import CARDS, Reads, bound
from tests.record.tampering import badly_signed_record, facts_signed, record, signed_bundle
from tests.signing import changed

from parley.errors import PeerError
from parley.record import Entry, LogId, Ref, entry_id, read_entry
from parley.record.binding import act_of, challenge, shown, verify_by_listing
from parley.record.check import check_pieces
from parley.record.evidence import bundle_pieces

VECTORS: Any = json.loads((Path(__file__).parents[1] / "vectors" / "binding.json").read_text())
LISTINGS = {
    Ref(LogId.read(one["log"]), one["number"], entry_id(one["leaf"].encode())): read_entry(one["leaf"].encode())
    for one in VECTORS["listings"]
}


def words_of(data: bytes) -> str:
    return "\n".join(check_pieces([data]).lines)


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["name"])
def test_each_vector_gets_its_verdict(vector: dict[str, Any]) -> None:
    """Both sides, and any third, must say the same of one signature for as long as it is kept."""
    entry = read_entry(vector["leaf"].encode())
    if vector["fault"] is None:
        assert verify_by_listing(entry, LISTINGS.get).body["name"] == "W. Lan"
        return
    with pytest.raises(PeerError) as refused:
        verify_by_listing(entry, LISTINGS.get)
    assert refused.value.code == vector["fault"]


def test_the_challenge_is_the_digest_of_the_act_as_the_page_says() -> None:
    """Another program has to make the same bytes from docs/protocol/binding.md."""
    vector = VECTORS["entries"][0]
    entry = read_entry(vector["leaf"].encode())
    act = act_of(entry, json.loads(vector["act"])["nonce"])
    assert act == vector["act"].encode()
    words = shown(entry.body, precedence="", status="actual", refs=entry.refs)
    assert json.loads(act)["shown"] == hashlib.sha256(b"parley/v1/shown\n" + words).hexdigest()
    assert challenge(act) == hashlib.sha256(b"parley/v1/act\n" + act).digest()
    assert json.loads(vector["act"])["subject"] == "message/north/0/0"
    assert json.loads(VECTORS["entries"][3]["act"])["subject"] == "message"  # its number is not known when it is signed


def test_a_bundle_says_signed_with_the_key_or_states_and_never_blurs_the_two() -> None:
    """A node's word and a person's key are two things; who reads the report decides by the difference."""
    told = words_of(signed_bundle())
    assert "South's node states that W. Lan (duty officer) acknowledged message/north/0/0" in told
    assert "Signed with the key that South lists for W. Lan (duty officer), entry 0 of line/south/0" in told
    assert "Whose hand held a listed key" in told
    assert told.count("Signed with the key") == 1  # North lists none: its own message is its node's word
    told = words_of(signed_bundle(listed=False))
    assert told.startswith("NOT PROVEN (ASSERTION)") and "lists a passkey for w.lan" in told


def test_facts_signed_without_a_passkey_are_said_to_bind_nobody_and_refused_where_one_is_listed() -> None:
    """Whoever shows the list to others must not pass the node's word off as the person's."""
    told = words_of(facts_signed())
    assert "W. Lan (duty officer) signed a list of facts about incident/north/0/1" in told
    assert "Signed with the key that South lists for W. Lan" in told and "binds nobody" not in told
    told = words_of(facts_signed(passkey=False, listed=False))
    assert "it binds nobody by passkey. South's node alone states it" in told and "Signed with the key" not in told
    assert words_of(facts_signed(passkey=False)).startswith("NOT PROVEN (ASSERTION)")


def test_the_evidence_of_an_incident_holds_all_that_was_said_of_it_and_of_the_one_joined_to_it() -> None:
    """Two hundred questions must not push the other report of the same event out of the file."""
    told = words_of(facts_signed(more=200))
    assert told.count("asked about incident/north/0/1") == 200
    assert "| Seen by radar." in told and "reported incident/north/0/0" in told
    assert "Seen by radar" not in words_of(facts_signed(joined=False))
    assert "only a whole record shows that" in told


def test_a_record_counts_what_persons_signed_and_tells_what_does_not_hold() -> None:
    """A hostile side's bad signature must not make the other side's record worthless."""
    assert "1 entries are signed with the key" in words_of(record(bound()[0]))
    told = words_of(badly_signed_record())
    assert "entry 0 of leaders/south/0 is signed, and that does not hold" in told
    assert "are signed with the key" not in told


def test_what_one_side_signed_badly_stays_out_of_the_evidence_of_the_other() -> None:
    """Otherwise South could make North's proof worthless by acknowledging with a signature that does not hold."""
    shelf, sent = bound(lambda entry: changed(entry, "nonce", "00" * 16))
    shelf.rows = [
        replace(row, verdict="not-valid") if row.kind == "message.acknowledged" else row for row in shelf.rows
    ]
    told = words_of(b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, sent.number)))
    assert "North's node states that A. Novak" in told and "acknowledged message" not in told


def test_a_signature_covers_every_word_of_its_entry() -> None:
    """What is not covered could be changed between the screen and the record."""
    vector = VECTORS["entries"][0]
    entry = read_entry(vector["leaf"].encode())
    before = act_of(entry, "00" * 16)
    free = {"rules", "epoch", "number", "past", "at"}  # the place where it will stand, not known on the screen
    changes: dict[str, Any] = {
        "line": "0" * 32, "channel": "other", "side": "north", "person": "x", "kind": "message.shown",
        "subject": "message/north/0/9", "precedence": "FLASH", "status": "test", "refs": (), "body": {},
    }  # fmt: skip
    assert free | set(changes) == set(Entry.__dataclass_fields__)
    for name, value in changes.items():
        assert act_of(replace(entry, **{name: value}), "00" * 16) != before, name
