"""Ways to falsify an evidence file, as somebody with an editor and our documentation would.

Each keeps the last line right, so that what is tested is the check of what is in between.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

from tests.record.shelf import CARDS, IDENTITY, KEYS, LINE, Reads, Shelf, bound, card_of, incident, talk
from tests.signing import changed

from parley.identity import Card, SideKeys
from parley.record import Entry, Frontier, LogId, Past, consistency_proof, inclusion_proof, leaf_hash, root_at
from parley.record.evidence import bundle_pieces, record_pieces
from parley.record.forks import Placed, differing_pieces, fork_pieces
from parley.record.notes import Checkpoint, NoteSignature, write_note
from parley.record.tree import EdgeHashes, grown_inclusion_proof


def reseal(data: bytes) -> bytes:
    """Give the file with a last line that fits it again."""
    body = data[: data.rindex(b"end ")] if b"\nend " in data else data
    return body + b"end %d %s\n" % (body.count(b"\n"), hashlib.sha256(body).hexdigest().encode())


def bundle() -> bytes:
    """Give the evidence of one acknowledged message."""
    shelf, sent, _ = talk()
    return b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, sent.number))


def conversation(*, count: int = 6, words: str = "") -> Shelf:
    """Give a line on which both sides wrote in turn, with a head signed after every second entry."""
    shelf = Shelf()
    for number in range(count):
        for side in ("north", "south"):
            ref = shelf.write(side, "message.sent", {"text": f"{side} {number}{words}"}, person="a.b")
            if number % 2:
                shelf.sign(ref.log)
    return shelf


def record(shelf: Shelf | None = None) -> bytes:
    """Give a whole record as a file."""
    return b"".join(record_pieces(Reads(shelf or conversation()), CARDS))


def rows_of(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def entries_at(rows: list[bytes]) -> list[int]:
    """Give the places of the entry lines."""
    return [place for place, row in enumerate(rows) if row.startswith(b"entry ")]


def edited() -> bytes:
    return reseal(record().replace(b"north 1", b"north 9", 1))


def edited_bundle() -> bytes:
    from base64 import b64decode, b64encode

    rows = rows_of(bundle())
    place = next(place for place, row in enumerate(rows) if row.startswith(b"extra "))
    rows[place] = b"extra " + b64encode(b64decode(rows[place][6:]).replace(b"Pump 3", b"Pump 4"))
    return reseal(b"\n".join(rows))


def reordered() -> bytes:
    rows = rows_of(record())
    first, second = entries_at(rows)[:2]
    rows[first], rows[second] = rows[second], rows[first]
    return reseal(b"\n".join(rows))


def taken_out() -> bytes:
    rows = rows_of(record())
    del rows[entries_at(rows)[0]]
    return reseal(b"\n".join(rows))


def doubled() -> bytes:
    rows = rows_of(record())
    place = entries_at(rows)[1]
    rows.insert(place, rows[place])
    return reseal(b"\n".join(rows))


def tail_cut_before_head() -> bytes:
    """The last two entries of North's log are gone, the head over them still stands."""
    rows = rows_of(record())
    places = entries_at(rows)
    for place in reversed(places[4:6]):
        del rows[place]
    return reseal(b"\n".join(rows))


def tail_cut_with_head() -> bytes:
    """North cuts its own log at an earlier head; South's entries still say that they held more."""
    data = record()
    rows = rows_of(data)
    start = entries_at(rows)[4]
    end = next(place for place, row in enumerate(rows) if row == b"log leaders/south/0")
    return reseal(b"\n".join(rows[:start] + rows[end:]))


def file_cut() -> bytes:
    data = record()
    return data[: len(data) * 2 // 3]


def last_line_missing() -> bytes:
    data = record()
    return data[: data.rindex(b"end ")]


def other_line_entry() -> bytes:
    """An entry of another line of the same two sides, put in the place of one of this line."""
    return reseal(record().replace(LINE.encode() + b'","number":1', b"0" * 32 + b'","number":1', 1))


def other_line_block() -> bytes:
    """A whole signed proof from another line of the same sides and keys, put into a bundle of this one."""
    cards = [card_of("north", nonce=b"another founding"), card_of("south", nonce=b"another founding!"[:16][::-1])]
    from parley.identity import line_id

    shelf = Shelf(line=line_id(*cards))
    sent = shelf.write("north", "message.sent", {"text": "We agree."}, person="a.novak")
    shelf.sign(sent.log)
    pasted = b"".join(bundle_pieces(Reads(shelf), cards, sent.log, 0))
    block = pasted[pasted.index(b"c2sp.org/tlog-proof") : pasted.rindex(b"end ")]
    ours = bundle()
    return reseal(ours[: ours.index(b"c2sp.org/tlog-proof")] + block + b"end ")


def _other_card(side: str) -> tuple[Card, SideKeys]:
    keys = SideKeys.from_seed(b"stolen desk")
    return card_of(side, keys), keys


def re_signed() -> bytes:
    """Edited, then signed afresh with keys of the forger, under South's name."""
    _, keys = _other_card("south")
    shelf, _sent, acked = talk()
    forged = Shelf(keys={"north": KEYS["north"], "south": keys})
    forged.written, forged.rows = shelf.written, shelf.rows
    forged.write("south", "message.acknowledged", {"note": "we accept"}, person="w.lan", subject="message/north/0/0")
    good, forged_party = IDENTITY.theirs, _other_card("south")[0].party
    head = Checkpoint(acked.log, 2, forged.written[acked.log].hashes.subtree(1, 0))
    note = write_note(forged_party, IDENTITY.ours, LINE, head, forged.signatures(head, ["own-ed"]))
    assert good.side == forged_party.side
    data = record(shelf)
    leaf = forged.written[acked.log].leaves[1]
    place = data.index(b"log line/north/0")
    return reseal(data[:place] + b"entry " + leaf + b"\nnote\n" + note + b"\n" + data[place:])


def card_exchanged() -> bytes:
    """The forger's card in the place of South's: the two cards then found another line."""
    return reseal(bundle().replace(CARDS[1].to_bytes(), _other_card("south")[0].to_bytes()))


def signature_pasted() -> bytes:
    """A good cosignature, moved to another checkpoint of the same log."""
    rows = rows_of(record())
    lines = [place for place, row in enumerate(rows) if row.startswith("— south".encode())]
    rows[lines[0]] = rows[lines[2]]
    return reseal(b"\n".join(rows))


def forked() -> bytes:
    """North signs a head that the entries do not have, and later one that they have."""
    shelf = conversation()
    log = LogId("leaders", "north", 0)
    head = Checkpoint(log, 4, b"\x11" * 32)
    from tests.record.shelf import Kept

    for made in shelf.signatures(head, ["own-ed"]):
        shelf.written[log].signed = {kind: dict(rows) for kind, rows in shelf.written[log].signed.items()}
        for rows in shelf.written[log].signed.values():
            rows.pop(4, None)
        shelf.written[log].signed["own-ed"][4] = Kept(4, head.root, 0, made.signature)
    return record(shelf)


def shown_differently() -> bytes:
    """South states that it held another history of North's log than the file shows, and never cosigned this one."""
    shelf = Shelf()
    ref = shelf.write("north", "message.sent", {"text": "one"}, person="a.b")
    shelf.sign(ref.log, ["own-ed", "own-pq"])
    past = (Past(ref.log, 1, "ab" * 32),)
    answer = shelf.write("south", "message.acknowledged", {}, person="w.lan", subject="message/north/0/0", past=past)
    shelf.sign(answer.log)
    return record(shelf)


def unsigned_tail() -> bytes:
    rows = rows_of(record())
    last = entries_at(rows)[-1]
    leaf = rows[last].replace(b'"number":5', b'"number":6')
    return reseal(b"\n".join([*rows[:-2], leaf, b""]))


def not_held() -> bytes:
    """A message that its author alone has signed."""
    shelf = Shelf()
    ref = shelf.write("north", "message.sent", {"text": "one"}, person="a.b")
    shelf.sign(ref.log, ["own-ed", "own-pq"])
    return b"".join(bundle_pieces(Reads(shelf), CARDS, ref.log, 0))


def not_signed() -> bytes:
    rows = rows_of(bundle())
    place = next(place for place, row in enumerate(rows) if row.startswith("— north".encode()))
    del rows[place]
    return reseal(b"\n".join(rows))


def two_entries_in_one_place() -> bytes:
    """North signs two different first entries: a fork, in one bundle."""
    shelf, sent, _ = talk()
    twin, again, _ = talk(status="test")
    data = b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0))
    other = b"".join(bundle_pieces(Reads(twin), CARDS, again.log, 0))
    cut = data.index(b"c2sp.org/tlog-proof", data.index(b"c2sp.org/tlog-proof") + 1)
    start = other.index(b"c2sp.org/tlog-proof")
    block = other[start : other.index(b"c2sp.org/tlog-proof", start + 1)]
    return reseal(data[:cut] + block + data[cut:])


def fork_proof() -> bytes:
    """A good proof: North signed a head of three that is no beginning of the six South holds."""
    shelf = conversation()
    head = Checkpoint(LogId("leaders", "north", 0), 3, b"\x22" * 32)
    made = shelf.signatures(head, ["own-ed"])[0]
    return b"".join(fork_pieces(Reads(shelf), CARDS, head, made.signature))


def _placed(shelf: Shelf, size: int) -> Placed:
    """Entry 2 of North's log, under a head of so many entries."""
    log = LogId("leaders", "north", 0)
    hashes = shelf.written[log].hashes
    head = Checkpoint(log, size, root_at(size, hashes))
    id = leaf_hash(Reads(shelf).leaves(log, 2, 1)[0])
    signature = shelf.signatures(head, ["own-ed"])[0].signature
    return Placed(head=head, signature=signature, id=id, proof=tuple(inclusion_proof(2, size, hashes)))


def fork_of_an_entry() -> bytes:
    """A good proof: two heads of North's, neither of which South holds whole, with two different entries 2."""
    return b"".join(differing_pieces(CARDS, 2, _placed(conversation(), 5), _placed(conversation(words="other"), 4)))


def false_fork_of_an_entry() -> bytes:
    """An honest log, accused: both heads hold the same entry 2."""
    data, true = fork_of_an_entry(), _placed(conversation(), 5)
    false = _placed(conversation(words="other"), 4)
    old, new = [
        write_note(IDENTITY.ours, IDENTITY.theirs, LINE, each.head, [NoteSignature("own-ed", 0, each.signature)])
        for each in (false, _placed(conversation(), 4))
    ]
    honest = [b64encode(step) for step in (true.id, *_placed(conversation(), 4).proof)]
    rows = [b64encode(step) for step in (false.id, *false.proof)]
    assert old in data
    return reseal(data.replace(old, new).replace(b"\n".join(rows), b"\n".join(honest)))


def fork_ahead_of_the_log() -> bytes:
    """A good proof: an entry came ahead under a head of five, its log brought another in a run that ended at three."""
    ahead, log = _placed(conversation(), 5), conversation(words="other").written[LogId("leaders", "north", 0)].hashes
    edge, came = Frontier(), [log.subtree(0, number) for number in range(3)]
    edge.append(came[0])
    proof = grown_inclusion_proof(2, 3, 6, consistency_proof(3, 6, log), EdgeHashes(edge, came[1:]))
    other = replace(_placed(conversation(words="other"), 6), proof=tuple(proof))
    return b"".join(differing_pieces(CARDS, 2, ahead, other))


def fork_by_a_head_unsigned() -> bytes:
    """South's word for what North's log brought: without North's own signature it accuses nobody."""
    data, other = fork_of_an_entry(), _placed(conversation(words="other"), 4)
    shelf = conversation(words="other")
    old, new = [
        write_note(IDENTITY.ours, IDENTITY.theirs, LINE, other.head, signatures)
        for signatures in (
            [NoteSignature("own-ed", 0, other.signature)],
            shelf.signatures(other.head, ["co-ed"]),
        )
    ]
    assert old in data
    return reseal(data.replace(old, new))


def fork_of_an_entry_elsewhere() -> bytes:
    """The same two entries, said to lie at another place."""
    return reseal(fork_of_an_entry().replace(b"differ 2\n", b"differ 3\n"))


def false_fork_proof() -> bytes:
    """An honest log, accused: the shorter head is a beginning of the longer one."""
    shelf = conversation()
    log = LogId("leaders", "north", 0)
    data = fork_proof()
    head = Checkpoint(log, 3, b"\x22" * 32)
    true = Checkpoint(log, 3, root_at(3, shelf.written[log].hashes))
    old = write_note(IDENTITY.ours, IDENTITY.theirs, LINE, head, shelf.signatures(head, ["own-ed"]))
    new = write_note(IDENTITY.ours, IDENTITY.theirs, LINE, true, shelf.signatures(true, ["own-ed"]))
    assert b64encode(true.root) in data
    return reseal(data.replace(old, new))


def false_statement() -> bytes:
    """South claims to have held 500 entries of North's, then states less: South's fault, and North's record stands."""
    shelf = conversation(count=2)
    log = LogId("leaders", "north", 0)
    shelf.write("south", "message.sent", {"text": "500"}, person="w.lan", past=(Past(log, 500, "cd" * 32),))
    answer = shelf.write("south", "message.sent", {"text": "well"}, person="w.lan")
    shelf.sign(answer.log)
    return record(shelf)


def bad_speech() -> bytes:
    """South signs bytes that are no entry, and an entry with a false number: told, and the record stands."""
    shelf = conversation(count=2)
    log = LogId("leaders", "south", 0)
    shelf.put(log, b"\x00not an entry\n")
    shelf.put(log, b"plain words, no JSON")
    shelf.write("south", "message.sent", {"text": "odd"}, person="w.lan", number=99)
    shelf.write("south", "message.sent", {"text": "pasted"}, person="w.lan", line="0" * 32)
    shelf.sign(log)
    return record(shelf)


def signed_bundle(spoil: Callable[[Entry], Entry] | None = None, **how: bool) -> bytes:
    """The evidence of a message whose acknowledgement W. Lan signed, or did not."""
    shelf, sent = bound(spoil, **how)
    return b"".join(bundle_pieces(Reads(shelf), CARDS, sent.log, 0))


def facts_signed(*, passkey: bool = True, listed: bool = True, more: int = 0, joined: bool = True) -> bytes:
    """The evidence of an incident of which South signed a list of facts; `listed`: its roster lists a key."""
    shelf, report, other = incident(passkey=passkey, listed=listed, more=more)
    also = [("leaders", other)] if joined else []
    return b"".join(bundle_pieces(Reads(shelf), CARDS, report.log, report.number, also))


def badly_signed_record() -> bytes:
    """A person's signature that does not hold spoils nobody's record: told, and the record stands."""
    return record(bound(lambda entry: changed(entry, "nonce", "00" * 16))[0])


def listing_left_out() -> bytes:
    """The acknowledgement is signed, and the roster entry with the key was taken out of the file."""
    rows = signed_bundle().split(b"c2sp.org/tlog-proof@v1\n")
    end = rows[-1][rows[-1].rindex(b"end ") :]
    return reseal(b"c2sp.org/tlog-proof@v1\n".join(rows[:-1]) + end)


def spaced() -> bytes:
    """A space more: the same statements, but not the one form of the file."""
    return reseal(bundle().replace(b"index 0\n", b"index 0 \n", 1))


def upper_case_line() -> bytes:
    return reseal(bundle().replace(b"line " + LINE.encode(), b"line " + LINE.upper().encode(), 1))


def newer_version() -> bytes:
    return reseal(bundle().replace(b"parley-evidence/1", b"parley-evidence/2", 1))


GOOD: dict[str, Callable[[], bytes]] = {
    "bundle": bundle,
    "record": record,
    "fork-proof": fork_proof,
    "fork-of-an-entry": fork_of_an_entry,
    "fork-ahead-of-the-log": fork_ahead_of_the_log,
    "false-statement": false_statement,
    "bad-speech": bad_speech,
    "signed-bundle": signed_bundle,
    "facts-signed": facts_signed,
    "facts-signed-by-the-node-alone": lambda: facts_signed(passkey=False, listed=False),
    "signed-record": lambda: record(bound()[0]),
    "badly-signed-record": badly_signed_record,
}
BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "edited": ("evidence.edited", edited),
    "edited-bundle": ("evidence.edited", edited_bundle),
    "reordered": ("evidence.reordered", reordered),
    "taken-out": ("evidence.reordered", taken_out),
    "doubled": ("evidence.reordered", doubled),
    "tail-cut-before-head": ("evidence.truncated", tail_cut_before_head),
    "tail-cut-with-head": ("evidence.truncated", tail_cut_with_head),
    "file-cut": ("evidence.truncated", file_cut),
    "last-line-missing": ("evidence.truncated", last_line_missing),
    "other-line-entry": ("evidence.other-line", other_line_entry),
    "other-line-block": ("evidence.other-line", other_line_block),
    "re-signed": ("evidence.re-signed", re_signed),
    "card-exchanged": ("evidence.founding", card_exchanged),
    "signature-pasted": ("evidence.signature", signature_pasted),
    "forked": ("evidence.forked", forked),
    "shown-differently": ("evidence.forked", shown_differently),
    "two-entries-in-one-place": ("evidence.forked", two_entries_in_one_place),
    "unsigned-tail": ("evidence.unsigned", unsigned_tail),
    "not-held": ("evidence.not-held", not_held),
    "not-signed": ("evidence.unsigned", not_signed),
    "false-fork-proof": ("evidence.no-fork", false_fork_proof),
    "false-fork-of-an-entry": ("evidence.no-fork", false_fork_of_an_entry),
    "fork-by-a-head-unsigned": ("evidence.unsigned", fork_by_a_head_unsigned),
    "fork-of-an-entry-elsewhere": ("evidence.edited", fork_of_an_entry_elsewhere),
    "signed-otherwise": ("evidence.assertion", lambda: signed_bundle(lambda e: changed(e, "nonce", "00" * 16))),
    "signed-by-no-listed-key": ("evidence.assertion", lambda: signed_bundle(lambda e: changed(e, "key", 1))),
    "signed-and-edited": (
        "evidence.assertion",
        lambda: signed_bundle(lambda e: replace(e, body={**e.body, "note": "we refuse"})),
    ),
    "facts-not-signed-though-listed": ("evidence.assertion", lambda: facts_signed(passkey=False)),
    "not-signed-though-listed": ("evidence.assertion", lambda: signed_bundle(listed=False)),
    "listing-left-out": ("evidence.assertion", listing_left_out),
    "spaced": ("evidence.form", spaced),
    "upper-case-line": ("evidence.form", upper_case_line),
    "newer-version": ("evidence.unreadable", newer_version),
    "empty": ("evidence.unreadable", lambda: b""),
    "no-evidence": ("evidence.unreadable", lambda: b"Dear Sir,\n"),
}
