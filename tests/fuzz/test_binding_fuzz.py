"""Any assertion, any passkeys in a roster entry: a verdict or PeerError, and the same from both judges."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from tests.independent.test_agreement import OTHER

from parley.errors import PeerError
from parley.record import LogId, Ref, encode_entry, entry_id, read_entry
from parley.record.binding import read_passkeys, read_signed, verify_by_listing

VECTORS: Final[Any] = json.loads((Path(__file__).parents[1] / "vectors" / "binding.json").read_text())
GOOD: Final[Any] = json.loads(VECTORS["entries"][0]["leaf"])
LISTED: Final[Any] = json.loads(VECTORS["listings"][0]["leaf"])["body"]["passkeys"]
RIGHT = [LISTED["keys"][0], LISTED["origins"][0], LISTED["relying_party"], GOOD["body"]["assertion"]["client"]]
NAMES = ["relying_party", "origins", "keys", "nonce", "listing", "key"]
PLAIN = st.none() | st.booleans() | st.integers(-2, 2**53 - 1) | st.text(st.characters(codec="ascii"), max_size=20)
VALUES = st.recursive(
    PLAIN | st.sampled_from(RIGHT),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
MEMBERS = st.sampled_from([*NAMES[3:], "authenticator", "client", "signature", "more"])
CHANGES = st.lists(st.tuples(st.booleans(), MEMBERS, VALUES), min_size=1, max_size=3)


@given(VALUES)
def test_any_value_is_read_or_refused(value: Any) -> None:
    """The other side chooses it; a reader that fails in another way stops our node."""
    for read in (read_signed, read_passkeys):
        try:
            read(value)
        except PeerError:
            continue


@given(CHANGES, st.integers(0, 300), st.integers(0, 7))
def test_a_changed_assertion_or_listing_gets_one_verdict_from_both_judges(
    changes: list[tuple[bool, str, Any]], place: int, bit: int
) -> None:
    """Where nobody chose the fault, the two that were written apart must still agree."""
    entry, listing = copy.deepcopy(GOOD), json.loads(VECTORS["listings"][0]["leaf"])
    for in_listing, name, value in changes:
        target = listing["body"]["passkeys"] if in_listing else entry["body"]["assertion"]
        if in_listing:
            name = {"client": "origins", "key": "keys", "nonce": "relying_party"}.get(name, "keys")
        old = target.get(name)
        if isinstance(old, str) and old and isinstance(value, bool):  # a flipped bit is closer to good than any value
            changed = bytearray(old, "ascii")
            changed[place % len(changed)] = 48 + (changed[place % len(changed)] ^ (1 << bit)) % 70
            value = changed.decode("ascii", "replace")
        target[name] = value
    dumped = json.dumps(listing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if isinstance(entry["body"]["assertion"].get("listing"), list) and entry["body"]["assertion"]["listing"][2:]:
        entry["body"]["assertion"]["listing"] = ["line/south/0", 0, entry_id(dumped)]
    leaf = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    try:
        ours_entry, ours_listing = read_entry(leaf), read_entry(dumped)
    except PeerError:
        return
    assert encode_entry(ours_entry) == leaf
    ref = Ref(LogId("line", "south", 0), 0, entry_id(dumped))
    try:
        ours = bool(verify_by_listing(ours_entry, {ref: ours_listing}.get))
    except PeerError:
        ours = False
    try:
        theirs = OTHER.person_signed(
            OTHER.read_entry(leaf), {("line/south/0", 0, entry_id(dumped)): OTHER.read_entry(dumped)}.get
        )
    except OTHER.NotProven:
        theirs = False
    assert ours == theirs
