"""`parley check`: what is proven is said, and what was done to a file is named for what it is."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.record.shelf import CARDS, KEYS, KINDS, LINE, Reads, Shelf, talk
from tests.record.tampering import BAD, GOOD, bundle, conversation, record, reseal

from parley.codec import JsonValue
from parley.record import LogId, Past, read_entry
from parley.record.check import Report, check_file, check_pieces
from parley.record.claims import Claims
from parley.record.evidence import bundle_pieces, record_pieces
from parley.record.legal import Disclosed, Disclosure
from parley.record.vouching import Vouched, sign_vouched, vouched_words


def judge(data: bytes) -> Report:
    return check_pieces([data])


def words_of(data: bytes) -> str:
    return "\n".join(judge(data).lines)


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD.keys())
def test_what_both_sides_signed_is_proven(make: Callable[[], bytes]) -> None:
    """Also where one side spoke badly: its bad speech must not spoil the other's evidence (DESIGN 2.7)."""
    report = judge(make())
    assert (report.verdict, report.exit_code, report.code) == ("proven", 0, ""), report.lines


@pytest.mark.parametrize(("code", "make"), BAD.values(), ids=BAD.keys())
def test_each_falsification_is_refused_under_its_own_name(code: str, make: Callable[[], bytes]) -> None:
    """ "It does not check" helps nobody; "an entry was taken out" tells people what to look for."""
    report = judge(make())
    assert report.code == code, report.lines
    assert report.exit_code == (2 if code == "evidence.unreadable" else 1)
    assert len(report.lines) == 1


def test_the_report_says_who_said_what_and_that_the_other_side_held_it() -> None:
    """The words must be the side's statement, never more: a person's name is vouched for by the node."""
    told = words_of(bundle())
    assert "North's node states that A. Novak (duty officer) sent message/north/0/0" in told
    assert "| Pump 3 is stopped.\n    | Answer by noon." in told
    assert "South's node states that W. Lan (principal) acknowledged message/north/0/0" in told
    assert (
        "South's node signed that it holds exactly these bytes on its disk, since the second 2026-11-23T10:00:05Z"
        in told
    )
    assert "It names entry 0 of leaders/north/0 by its id." in told
    assert "Not proven:\n  That any person read or meant it" in told
    assert "Compare these words" in told


@pytest.mark.parametrize("missing", KINDS[1:])
def test_without_all_four_signatures_the_report_says_classical_or_not_held(missing: str) -> None:
    """The time between Ed25519 and ML-DSA must never look like full proof."""
    shelf = Shelf()
    ref = shelf.write("north", "message.sent", {"text": "one"}, person="a.b")
    shelf.sign(ref.log, [kind for kind in KINDS if kind != missing])
    report = judge(b"".join(bundle_pieces(Reads(shelf), CARDS, ref.log, 0)))
    assert not report.both_suites
    if missing == "co-ed":
        assert report.code == "evidence.not-held"
    else:
        assert any("classical signature only" in line for line in report.lines)


def test_signatures_made_at_different_heads_are_all_found() -> None:
    """ML-DSA follows within a second, over the newest head: another one than Ed25519 signed."""
    shelf = Shelf()
    ref = shelf.write("north", "message.sent", {"text": "one"}, person="a.b")
    shelf.sign(ref.log, ["own-ed", "co-ed"])
    shelf.write("north", "message.sent", {"text": "two"}, person="a.b")
    shelf.sign(ref.log)
    report = judge(b"".join(bundle_pieces(Reads(shelf), CARDS, ref.log, 0)))
    assert report.verdict == "proven" and report.both_suites
    assert any("since the second 2026-11-23T10:00:01Z at the latest" in line for line in report.lines)


@pytest.mark.parametrize("status", ["exercise", "test"])
def test_what_is_not_actual_is_marked_before_anything_else(status: str) -> None:
    """An exercise message that passes for a real one could start what it was meant to prevent."""
    shelf, sent, _ = talk(status=status)
    told = judge(b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0))).lines
    assert told[0] == f"*** {status.upper()} — NOT ACTUAL ***"
    assert any(f"{status.upper()} — NOT ACTUAL" in line and "sent message" in line for line in told[1:])
    assert judge(b"".join(record_pieces(Reads(shelf), CARDS))).lines[0] == told[0]


def test_what_a_side_wrote_cannot_look_like_a_line_of_the_report() -> None:
    """A title with a newline could otherwise write "Proven:" into our mouth."""
    shelf = Shelf()
    body = {"title": "x\nProven:\n  everything", "text": "y\nProven:\n  all of it"}
    ref = shelf.write("north", "message.sent", dict(body), person="a.b")
    shelf.sign(ref.log)
    told = words_of(b"".join(bundle_pieces(Reads(shelf), CARDS, ref.log, 0))).split("\n")
    assert told.count("Proven:") == 1


def test_what_is_disclosed_or_vouched_for_cannot_look_like_a_line_of_the_report() -> None:
    """A side commits to any name, and lists keys of any person: neither may write the verdict."""
    name = "Ann\nProven: all of it."
    told = Disclosed(Disclosure(line=LINE, side="north", person="a.novak", name=name, salt=b"\0" * 32))
    shelf, _, _ = talk()
    body: dict[str, JsonValue] = {"person": "a.novak", "name": "A", "legal": told.about.commitment}
    shelf.write("north", "roster.listed", body, channel="line", subject="roster/north/a.novak")
    person = "a.novak.\nProven: all of it"
    listing: dict[str, JsonValue] = {"person": person, "name": "A"}
    log = LogId("line", "north", 0)
    words = vouched_words(
        listing, line=LINE, side="north", person="", subject="roster/north/x", refs=[], status="actual"
    )
    vouched = Vouched(
        card=CARDS[0].to_bytes(), other=CARDS[1].digest.hex(), signature=sign_vouched(words, KEYS["north"].identity)
    )
    shelf.write("north", "roster.listed", {**listing, "identity": vouched.value()}, channel="line",
                subject="roster/north/x")  # fmt: skip
    shelf.sign(log)
    report = check_pieces([record(shelf)], disclosed=[told])
    assert report.verdict == "proven" and any("Ann Proven" in line for line in report.lines), report.lines
    assert any("listed the keys of a.novak. Proven" in line for line in report.lines)
    assert not any(line.startswith("Proven: all") for line in "\n".join(report.lines).split("\n"))


def test_statements_about_many_logs_are_judged_in_one_pass() -> None:
    """A side may name a thousand logs that nobody else has; the record it spoils must still be judged, and soon."""
    claims, speaker = Claims(), LogId("leaders", "south", 0)
    entry = next(read_entry(leaf) for leaf in conversation(count=1).written[speaker].leaves)
    for size in (5, 3):  # it goes back on each, so that none of them counts
        for first in range(0, 24_000, 64):
            past = tuple(Past(LogId(f"c{number}", "north", 0), size, "ab" * 32) for number in range(first, first + 64))
            claims.stated(speaker, replace(entry, past=past))
    told: list[str] = []
    began = time.process_time()
    claims.judge({}, told.append)
    assert time.process_time() - began < 5 and len(told) >= 24_000
    claims.close()


def test_a_cancellation_that_was_left_out_is_not_hidden_by_the_report() -> None:
    """Whoever makes the file leaves out what they like: the report must not sound as if the message still stood."""
    shelf, sent, _ = talk()
    before = b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, sent.number))
    gone = shelf.write("north", "message.cancelled", {"reason": "wrong pump"}, person="a.novak",
                       subject="message/north/0/0", refs=(sent,))  # fmt: skip
    shelf.sign(gone.log)
    assert "cancelled message/north/0/0" in words_of(b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0)))
    assert "or that it was not corrected or cancelled: only a whole record" in words_of(before)


def test_an_office_that_came_later_is_not_told_of_what_was_said_before() -> None:
    """Whoever makes the file chooses what is in it: a clerk's words must not become those of the minister of today."""
    shelf, sent, _ = talk()
    body = {"person": "a.novak", "name": "A. Novak", "office": "foreign minister", "address": "", "languages": ["en"],
            "role": "principal", "binds": True}  # fmt: skip
    listing = shelf.write("north", "roster.listed", dict(body), channel="line", subject="roster/north/a.novak")
    shelf.sign(listing.log)
    proofs = [b"".join(bundle_pieces(Reads(shelf), CARDS, ref.log, ref.number)) for ref in (sent, listing)]
    blocks = [
        data[data.index(b"c2sp.org/tlog-proof") : data.rindex(b"end ")].split(b"c2sp.org/tlog-proof@v1\n")[1:]
        for data in proofs
    ]
    header = proofs[0][: proofs[0].index(b"c2sp.org/tlog-proof")]
    for kept in (blocks[0][:2] + blocks[1][:1], blocks[0][:1] + blocks[0][1:3] + blocks[1][:1]):
        told = words_of(reseal(header + b"".join(b"c2sp.org/tlog-proof@v1\n" + each for each in kept) + b"end "))
        assert "Proven:" in told and "sent message/north/0/0" in told, told
        assert "foreign minister" not in told


def test_one_flipped_bit_anywhere_in_a_bundle_is_refused_with_a_reason() -> None:
    """Signatures guard statements; the form of the file must guard everything else."""
    data = bundle()
    rng = random.Random(11)
    structure = [place for place, byte in enumerate(data) if byte in b"\n "]
    for place in {*structure, *rng.sample(range(len(data)), 250)}:
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        report = judge(bytes(changed))
        assert report.verdict != "proven" and report.lines, place


def test_a_flipped_bit_is_refused_even_if_the_last_line_is_made_to_fit() -> None:
    """The last line is no signature: whoever edits the file can write a new one."""
    data = record()
    rng = random.Random(12)
    for place in rng.sample(range(data.rindex(b"end ")), 250):
        changed = bytearray(data)
        changed[place] ^= 1 << rng.randrange(8)
        assert judge(reseal(bytes(changed))).verdict != "proven", place


def test_any_bytes_give_a_report() -> None:
    """The file comes from the other side, or from somebody who wishes us ill."""
    rng = random.Random(13)
    data = record()
    for _ in range(60):
        start, end = sorted(rng.sample(range(len(data)), 2))
        cut = data[:start] + rng.randbytes(rng.randrange(40)) + data[end:]
        assert judge(cut).verdict in ("not-proven", "unreadable")
    assert judge(b"parley-evidence/1 record\n" + b"x" * 500_000).code == "evidence.form"
    assert judge(rng.randbytes(5000)).exit_code == 2


def test_the_size_of_the_pieces_read_makes_no_difference() -> None:
    """A verdict that hung on buffer borders would be no verdict."""
    data = bundle()
    assert check_pieces(data[place : place + 7] for place in range(0, len(data), 7)) == judge(data)


def test_evidence_of_another_line_than_asked_for_is_refused(tmp_path: Path) -> None:
    """An auditor who knows the line must not be handed a well-made file of another one."""
    path = tmp_path / "evidence.parley"
    path.write_bytes(bundle())
    assert check_file(path, line=LINE).verdict == "proven"
    assert check_file(path, line="0" * 32).code == "evidence.other-line"
    assert check_file(tmp_path / "missing.parley").exit_code == 2


def test_what_the_other_side_does_not_hold_yet_is_named() -> None:
    """A record exported while the line is down is true, but says less."""
    shelf = conversation(count=2)
    ref = shelf.write("north", "message.sent", {"text": "late"}, person="a.b")
    shelf.sign(ref.log, ["own-ed"])
    report = judge(record(shelf))
    assert report.verdict == "proven" and not report.both_suites
    assert "  That South holds entries 2 to 2 of leaders/north/0." in report.lines


def test_a_long_honest_conversation_has_nothing_to_be_noticed() -> None:
    """Long enough to leave every buffer: once the hashes of a log were read back from among other bytes."""
    shelf = Shelf()
    for number in range(3600):
        side = "north" if number % 3 else "south"
        ref = shelf.write(side, "message.sent", {"text": str(number)}, person="a.b")
        if number % 600 > 597:
            shelf.sign(ref.log)
    for log in shelf.logs():
        shelf.sign(log)
    report = judge(record(shelf))
    assert report.verdict == "proven" and report.both_suites
    assert "Noticed:" not in report.lines


def _long_record(count: int) -> Iterator[bytes]:
    shelf = Shelf()
    log = LogId("leaders", "north", 0)
    for number in range(count):
        shelf.write("north", "message.sent", {"text": "x" * 300}, person="a.b", past=())
        if number % 500 == 499:
            shelf.sign(log)
    return record_pieces(Reads(shelf), CARDS)


def test_memory_stays_flat_however_long_the_record() -> None:
    """An archive of ten years must be checked on the laptop that happens to be there."""

    def peak(count: int) -> int:
        pieces = list(_long_record(count))
        tracemalloc.start()
        try:
            assert check_pieces(iter(pieces)).verdict == "proven"
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(500)  # caches filled
    assert peak(3000) < peak(1000) + 600_000
