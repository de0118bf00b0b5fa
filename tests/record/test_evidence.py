"""Exporting: from every store we ship, whole or not at all, and with keys that were replaced on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.independent.test_agreement import OTHER
from tests.record.shelf import CARDS, KEYS, Kept, Reads, Shelf, card_of, talk
from tests.record.tampering import conversation, reseal

from parley.codec import b64
from parley.errors import Refused, Unavailable
from parley.identity import Card, SideKeys
from parley.record import Checkpoint, LogId, leaf_hash, read_entry, root_at, sign_checkpoint
from parley.record.check import Report, check_file, check_pieces
from parley.record.evidence import bundle_pieces, export_evidence, export_record, record_pieces
from parley.record.forks import fork_pieces
from parley.record.form import card_words
from parley.record.notes import origin, receipt_message
from parley.storage.memory import MemoryStore
from parley.storage.port import EntryRow, FoldRow, SignatureRow
from parley.storage.sqlite import SqliteStore

LOG = LogId("leaders", "north", 0)


def fill(store: Any, shelf: Shelf) -> None:
    """Put everything on the shelf into a real store."""
    for log, written in shelf.written.items():
        rows: list[Any] = [EntryRow(log, n, leaf_hash(leaf), leaf) for n, leaf in enumerate(written.leaves)]
        store.commit(rows)
        for kind, kept in written.signed.items():
            store.commit([SignatureRow(log, kind, x.size, x.root, x.at_s, x.signature) for x in kept.values()])
    for row in shelf.rows:
        at = read_entry(shelf.written[row.log].leaves[row.number]).at
        store.commit([FoldRow(row.log, row.number, row.channel, row.subject, row.kind, row.place[0], "valid", "", at)])


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_every_store_gives_the_same_evidence(kind: str, tmp_path: Path) -> None:
    """Evidence must not depend on where the record lay."""
    shelf, sent, _ = talk()
    store: Any = MemoryStore() if kind == "memory" else SqliteStore(tmp_path / "record.db")
    fill(store, shelf)
    one, whole = tmp_path / "one.parley", tmp_path / "whole.parley"
    export_evidence(store, CARDS, sent.log, sent.number, one)
    export_record(store, CARDS, whole)
    store.close()
    assert one.read_bytes() == b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, sent.number))
    assert whole.read_bytes() == b"".join(record_pieces(Reads(shelf), CARDS))
    assert check_file(one).verdict == check_file(whole).verdict == "proven"


def test_the_order_in_which_the_cards_are_given_makes_no_difference() -> None:
    """Each side names itself first; the file must be the same."""
    shelf, sent, _ = talk()
    swapped = b"".join(bundle_pieces(Reads(shelf), CARDS[::-1], sent.log, 0))
    assert swapped == b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0))


def test_an_entry_that_is_not_signed_or_not_there_gives_no_evidence(tmp_path: Path) -> None:
    """A file that could not be proven must not be handed out as evidence, not even half of it."""
    shelf = conversation(count=3)
    for log, number in ((LOG, 2), (LOG, 99), (LogId("none", "north", 0), 0)):
        with pytest.raises(Refused) as refused:
            export_evidence(Reads(shelf), CARDS, log, number, tmp_path / "x.parley")
        assert refused.value.code == "record.no-evidence"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Unavailable):
        export_evidence(Reads(shelf), CARDS, LOG, 0, tmp_path / "no folder" / "x.parley")


def test_entries_not_yet_signed_stay_out_of_a_record() -> None:
    """They are on our disk, but nobody has put a name under them."""
    shelf = conversation(count=3)
    report = check_pieces(record_pieces(Reads(shelf), CARDS))
    assert report.verdict == "proven" and report.entries == 4


def test_an_honest_head_gives_no_proof_of_a_fork() -> None:
    """An accusation that our own program can write must be true."""
    shelf = conversation()
    head = Checkpoint(LOG, 3, root_at(3, shelf.written[LOG].hashes))
    made = shelf.signatures(head, ["own-ed"])[0]
    with pytest.raises(Refused):
        b"".join(fork_pieces(Reads(shelf), CARDS, head, made.signature))
    with pytest.raises(Refused):
        b"".join(fork_pieces(Reads(shelf), CARDS, Checkpoint(LOG, 99, head.root), made.signature))


def replaced(*, heads: int, sign_old_to: int = 2, announce: bool = True) -> tuple[Shelf, list[Card]]:
    """Give a record in which North's node keys change after `sign_old_to` entries of its log."""
    fresh = dataclasses.replace(SideKeys.from_seed(b"north again"), identity=KEYS["north"].identity)
    later = card_of("north", fresh, nonce=b"the second card.")
    shelf = Shelf()
    for number in range(sign_old_to):
        shelf.write("north", "message.sent", {"text": str(number)}, person="a.b")
        shelf.sign(LOG, ["own-ed"])
    if announce:
        body = {"card": b64(later.to_bytes()), "digest": later.digest.hex(), "heads": {LOG.text: heads}, "proof": ""}
        entry = shelf.write("north", "keys.replaced", dict(body), channel="line", subject="keys/north")
    else:
        entry = shelf.write("north", "line.note", {}, channel="line", subject="note/north")
    shelf.sign(entry.log)
    shelf.keys = {"north": fresh, "south": KEYS["south"]}
    shelf.write("north", "message.sent", {"text": "with new keys"}, person="a.b")
    shelf.sign(LOG, ["own-ed", "own-pq"])
    return shelf, [*CARDS, later]


def verdict(shelf: Shelf, cards: list[Card], tmp_path: Path, *, compared: Sequence[Card] = ()) -> Report:
    """Give our verdict on the whole record, after the second judge gave the same."""
    path = tmp_path / "record.parley"
    export_record(Reads(shelf), cards, path)
    report = check_file(path, compared={card_words(card) for card in compared})
    assert OTHER.main(str(path), [card.digest.hex() for card in compared]) == report.exit_code
    return report


def test_a_record_goes_on_under_replaced_keys(tmp_path: Path) -> None:
    """Keys change every year; the record of ten years is still one record."""
    report = verdict(*replaced(heads=2), tmp_path)
    assert report.verdict == "proven", report.lines
    assert any(line.startswith("Later card of north") for line in report.lines)


def test_old_keys_count_no_further_than_the_announcement_says(tmp_path: Path) -> None:
    """Whoever steals the old keys could otherwise go on writing the old log."""
    assert verdict(*replaced(heads=1), tmp_path).code == "evidence.re-signed"


def test_what_the_other_side_had_cosigned_counts_all_the_same(tmp_path: Path) -> None:
    """A side must not be able to disown, by its announcement, what the other side already holds."""
    shelf, cards = replaced(heads=1)
    name = origin("north.example", shelf.line, LOG)
    head = Checkpoint(LOG, 2, root_at(2, shelf.written[LOG].hashes))
    for made in shelf.signatures(head, ["co-ed"]):
        shelf.written[LOG].signed["co-ed"][2] = Kept(2, head.root, made.at_s, made.signature)
    assert sign_checkpoint(KEYS["north"].log, name, 2, head.root) == shelf.written[LOG].signed["own-ed"][2].signature
    assert verdict(shelf, cards, tmp_path).verdict == "proven"


def test_a_later_card_that_nobody_announced_is_refused(tmp_path: Path) -> None:
    """A stolen identity alone must not rewrite who speaks for a side."""
    assert verdict(*replaced(heads=2, announce=False), tmp_path).code == "evidence.card"


def refounded(*, says: tuple[str, ...] = ("north", "south"), heads: int = 2) -> tuple[Shelf, list[Card]]:
    """Give a record that goes on under a new identity of North, as far as the sides in `says` stand by it."""
    fresh = SideKeys.from_seed(b"north anew")
    later = card_of("north", fresh, nonce=b"the second card.")
    shelf = Shelf()
    for number in range(2):
        shelf.write("north", "message.sent", {"text": str(number)}, person="a.b")
        shelf.sign(LOG, ["own-ed"])
    shelf.keys = {"north": fresh, "south": KEYS["south"]}
    root = root_at(heads, shelf.written[LOG].hashes).hex()
    body = {"cards": sorted((later.digest.hex(), CARDS[1].digest.hex())), "heads": {LOG.text: [heads, root]}}
    for side in says:
        entry = shelf.write(side, "line.continued", dict(body), channel="line", subject=f"continued/{side}")
        shelf.sign(entry.log)
    shelf.write("north", "message.sent", {"text": "with a new identity"}, person="a.b")
    shelf.sign(LOG, ["own-ed", "own-pq"])
    return shelf, [*CARDS, later]


def test_a_record_goes_on_under_a_new_identity_that_both_sides_stand_by(tmp_path: Path) -> None:
    """Keys were stolen, people met and compared new cards: the record of ten years is still one record."""
    shelf, cards = refounded()
    report = verdict(shelf, cards, tmp_path, compared=cards[2:])
    assert report.verdict == "proven", report.lines
    assert any("another identity" in line for line in report.lines)


@pytest.mark.parametrize("says", [(), ("north",), ("south",)])
def test_a_new_identity_that_only_one_side_stands_by_is_refused(says: tuple[str, ...], tmp_path: Path) -> None:
    """Neither a thief nor the other side alone may say who speaks for a side."""
    shelf, cards = refounded(says=says)
    assert verdict(shelf, cards, tmp_path, compared=cards[2:]).code in ("evidence.card", "evidence.form")


def test_stolen_keys_count_no_further_than_both_sides_said(tmp_path: Path) -> None:
    """What a thief signed after the new cards were compared must not count."""
    shelf, cards = refounded(heads=1)
    assert verdict(shelf, cards, tmp_path, compared=cards[2:]).code == "evidence.re-signed"


def made_up() -> tuple[Shelf, list[Card]]:
    """Give what somebody with no key of either side makes: two cards of their own, which announce and sign all."""
    keys = {side: SideKeys.from_seed(f"a forger's {side}".encode()) for side in ("north", "south")}
    cards = [card_of(side, keys[side], nonce=f"forged {side}".encode().ljust(16, b".")) for side in keys]
    shelf = Shelf(keys=keys)
    body = {"cards": sorted(card.digest.hex() for card in cards), "heads": {}}
    for side in keys:
        shelf.sign(shelf.write(side, "line.continued", dict(body), channel="line", subject=f"continued/{side}").log)
    sent = shelf.write("north", "message.sent", {"text": "We give up the island."}, person="a.novak")
    shelf.sign(sent.log)
    return shelf, [*CARDS, *cards]


def test_cards_that_anybody_could_have_made_prove_nothing(tmp_path: Path) -> None:
    """The founding cards are public: beside them a forger's own would speak for both sides, on the true line."""
    shelf, cards = made_up()
    assert verdict(shelf, cards, tmp_path).code == "evidence.identity"
    assert verdict(shelf, cards, tmp_path, compared=cards[2:3]).code == "evidence.identity"
    one = b"".join(bundle_pieces(Reads(shelf), cards, LOG, 0))
    report = judged_alike(one, tmp_path)
    assert (report.verdict, report.code) == ("not-proven", "evidence.identity")
    fork = reseal(one.replace(b"parley-evidence/1 bundle", b"parley-evidence/1 fork", 1))
    assert judged_alike(fork, tmp_path).code == "evidence.identity"


def gone_ahead(*, by: str = "south", cosigned: bool = False) -> bytes:
    """Give the bundle of a message for which South has signed a receipt only (or another side, as a test says)."""
    shelf = Shelf()
    sent = shelf.write("north", "message.sent", {"text": "Fire on board."}, person="a.novak", precedence="FLASH")
    shelf.sign(sent.log, kinds=("own-ed", "own-pq", "co-ed") if cosigned else ("own-ed", "own-pq"))
    message = receipt_message(shelf.line, sent.log, sent.number, bytes.fromhex(sent.id), shelf.clock_s)
    reads = Reads(shelf)
    signature = KEYS[by].cosign.sign(message)
    reads.receipts[f"{sent.log.text}|{sent.number:016d}"] = shelf.clock_s.to_bytes(8, "big") + signature
    return b"".join(bundle_pieces(reads, CARDS, sent.log, sent.number))


def judged_alike(data: bytes, tmp_path: Path) -> Report:
    """Give our verdict, after the second judge gave the same."""
    path = tmp_path / "one.parley"
    path.write_bytes(data)
    report = check_file(path)
    assert OTHER.main(str(path)) == report.exit_code
    return report


def test_a_receipt_proves_the_message_and_nothing_before_it(tmp_path: Path) -> None:
    """The minute in which a FLASH is told and its log is not there yet may be the one that is fought over later."""
    report = judged_alike(gone_ahead(), tmp_path)

    assert report.verdict == "proven" and not report.both_suites
    told = " ".join(report.lines)
    assert "signed a receipt" in told and "has not signed that it holds the entries before it" in told


def test_a_receipt_by_the_author_proves_nothing(tmp_path: Path) -> None:
    """Its author would vouch for its own delivery."""
    assert judged_alike(gone_ahead(by="north"), tmp_path).code == "evidence.signature"


def test_a_receipt_for_another_second_or_beside_a_cosignature_is_refused(tmp_path: Path) -> None:
    """One form a fact: what the other side did not sign as it stands is not passed by."""
    data = gone_ahead()
    whole = gone_ahead(cosigned=True)
    assert b"receipt " not in whole
    row = next(row for row in data.split(b"\n") if row.startswith(b"receipt "))
    _, at_s, signature = row.split(b" ")
    later = reseal(data.replace(row, b"receipt %d %s" % (int(at_s) + 1, signature)))
    both = reseal(whole[: whole.rindex(b"end ")] + row + b"\n" + whole[whole.rindex(b"end ") :])

    assert judged_alike(later, tmp_path).code == "evidence.signature"
    assert judged_alike(both, tmp_path).code == "evidence.form"
