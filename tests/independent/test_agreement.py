"""Two judges, written apart, must reach one verdict: else the pages that both were written from say too little."""

from __future__ import annotations

import ast
import importlib.util
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from tests.record.tampering import BAD, GOOD, bundle, conversation, record, reseal

from parley.codec import encode
from parley.record.check import check_file, check_pieces
from parley.record.tree import verify_consistency, verify_inclusion

SOURCE: Final = Path(__file__).with_name("check.py")
VECTORS: Final = Path(__file__).parents[1] / "vectors"
FILES: Final = ("check.py", "forms.py", "signed.py")
ALLOWED: Final = {"hashlib", "base64", "json", "struct", "sys", "cryptography", "forms", "signed"}
# The second judge does not know the pinned Unicode table, and says so.
TEXT_ONLY: Final = {"body-override", "body-not-nfc", "body-nul", "body-escape", "body-unassigned", "body-delete"}


def load() -> ModuleType:
    sys.path.insert(0, str(SOURCE.parent))  # as for a script: its own folder comes first
    spec = importlib.util.spec_from_file_location("independent_check", SOURCE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OTHER: Final = load()


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def both(data: bytes, folder: Path) -> tuple[int, int]:
    path = folder / "file.parley"
    path.write_bytes(data)
    return check_file(path).exit_code, OTHER.main(str(path))


def test_the_second_judge_shares_nothing_with_the_first_and_can_be_read_in_one_sitting() -> None:
    """A checker that called ours would agree with any fault of ours."""
    texts = [SOURCE.with_name(name).read_text() for name in FILES]
    assert max(len(text.splitlines()) for text in texts) < 300
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    imported = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    assert imported == ALLOWED


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD.keys())
def test_both_call_proven_what_is(make: Callable[[], bytes], tmp_path: Path) -> None:
    """What one honest program proves, another must be able to."""
    assert both(make(), tmp_path) == (0, 0)


@pytest.mark.parametrize(("code", "make"), BAD.values(), ids=BAD.keys())
def test_both_refuse_every_falsification(code: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    """With the same exit code, so that either can stand in a script."""
    ours, theirs = both(make(), tmp_path)
    assert ours == theirs != 0, code


@pytest.mark.parametrize("entry", vectors("evidence/index.json")["files"], ids=lambda entry: entry["file"])
def test_files_kept_from_earlier_get_the_same_verdict_from_both(entry: dict[str, Any]) -> None:
    """Evidence is kept for decades; a later program must read it as this one did."""
    path = VECTORS / "evidence" / entry["file"]
    report = check_file(path)
    assert report.code == entry["code"]
    assert OTHER.main(str(path)) == report.exit_code == (1 if entry["fault"] else 0)


def test_both_agree_on_files_changed_at_random(tmp_path: Path) -> None:
    """Where nobody chose the fault, neither judge was told about it."""
    rng = random.Random(21)
    for data in (bundle(), record(conversation(count=2))):
        for _ in range(60):
            changed = bytearray(data)
            place = rng.randrange(len(data))
            if rng.random() < 0.5:
                changed[place] ^= 1 << rng.randrange(8)
            else:
                del changed[place : place + rng.randrange(1, 200)]
            sealed = bytes(changed) if rng.random() < 0.3 else reseal(bytes(changed))
            ours, theirs = both(sealed, tmp_path)
            assert ours == theirs, place


@pytest.mark.parametrize("vector", vectors("entries.json")["entries"], ids=lambda vector: vector["name"])
def test_both_read_the_same_entries(vector: dict[str, Any]) -> None:
    """Statements count only from entries that can be read, so reading must be the same."""
    if vector["name"] in TEXT_ONLY:
        return
    if vector["fault"] is None:
        assert OTHER.read_entry(vector["leaf"].encode())["number"] == json.loads(vector["leaf"])["number"]
        return
    with pytest.raises(OTHER.NotProven):
        OTHER.read_entry(vector["leaf"].encode())


@pytest.mark.parametrize("vector", vectors("cards.json")["cards"], ids=lambda vector: vector["name"])
def test_both_read_the_same_cards(vector: dict[str, Any]) -> None:
    """Everything in a file rests on its cards."""
    if vector["name"] in ("name-override", "strange-language"):  # the Unicode table and language tags it leaves to us
        return
    data = encode(vector["card"]) if isinstance(vector["card"], dict) else vector["card"].encode()
    if vector["fault"] is None:
        assert OTHER.read_card(data)["digest"].hex() == vector["digest"]
        return
    with pytest.raises(OTHER.NotProven):
        OTHER.read_card(data)


@pytest.mark.parametrize("vector", vectors("binding.json")["entries"], ids=lambda vector: vector["name"])
def test_both_reach_one_verdict_on_each_signature_of_a_person(vector: dict[str, Any]) -> None:
    """A signature that one judge takes and the other does not proves nothing to anybody."""
    listings = {}
    for one in vectors("binding.json")["listings"]:
        leaf = one["leaf"].encode()
        listings[one["log"], one["number"], OTHER.sha(b"\0" + leaf).hex()] = OTHER.read_entry(leaf)
    entry = OTHER.read_entry(vector["leaf"].encode())
    if vector["fault"] is None:
        assert OTHER.person_signed(entry, listings.get)
        return
    with pytest.raises(OTHER.NotProven):
        OTHER.person_signed(entry, listings.get)


@pytest.mark.parametrize(("name", "count"), [("signed-record", 1), ("badly-signed-record", 0), ("record", 0)])
def test_both_count_the_same_signatures_in_a_record(name: str, count: int) -> None:
    """The exit code is the same for all three; what is said about persons must be too."""
    data = GOOD[name]()
    told = "\n".join(check_pieces([data]).lines)
    assert (f"{count} entries are signed with the key" in told) == (count > 0)
    assert OTHER.record(OTHER.File(data)) == count


def test_both_follow_the_same_proofs() -> None:
    """One climbs as RFC 9162 tells verifiers to, the other by the definition of the tree."""
    for vector in vectors("tree.json")["inclusion"]:
        if vector["fault"] is None:
            proof = [bytes.fromhex(step) for step in vector["proof"]]
            leaf, root = bytes.fromhex(vector["leaf_hash"]), bytes.fromhex(vector["root"])
            assert OTHER.climb(vector["index"], vector["size"], leaf, proof) == root
            verify_inclusion(leaf, vector["index"], vector["size"], proof, root)
    for vector in vectors("tree.json")["consistency"]:
        if vector["fault"] is None and vector["old"]:
            proof = [bytes.fromhex(step) for step in vector["proof"]]
            old, new = bytes.fromhex(vector["old_root"]), bytes.fromhex(vector["new_root"])
            assert OTHER.grow(vector["old"], vector["new"], proof, old) == (old, new)
            verify_consistency(vector["old"], vector["new"], old, new, proof)


def test_the_second_judge_calls_a_missing_file_unreadable(tmp_path: Path) -> None:
    """Exit code 2 means the same at both doors."""
    assert OTHER.main(str(tmp_path / "none")) == 2 == check_pieces([]).exit_code
