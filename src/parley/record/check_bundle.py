"""Judging a bundle: one message with all that vouches for it.

Owns: reading C2SP tlog-proof blocks, what must hold for each entry in a bundle.
Does not own: the words of the report (telling.py).
Always true:
  1. Every entry in a bundle is readable, names its own place, and is proven to a head its author signed.
  2. The bundle is proven only if the other side cosigned its first entry as well, or signed a receipt for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.identity import Party, verify
from parley.record.binding import holds, is_signed, verify_by_listing
from parley.record.entry import Entry, entry_id, read_entry
from parley.record.evidence import TLOG_PROOF
from parley.record.form import Founding, Lines, NotProven, fault_of, read_hashes, read_note_lines, unb64_line
from parley.record.names import LogId, Ref
from parley.record.notes import CO_ED, OWN_ED, Checkpoint, receipt_message
from parley.record.tree import leaf_hash, verify_inclusion
from parley.record.vouching import is_vouched, verify_by_cards

_INDEX: Final = re.compile(rb"index (0|[1-9][0-9]{0,15})")
_RECEIPT: Final = re.compile(rb"receipt ([1-9][0-9]{0,11}) ([^ ]+)")
# What needs a person's signature where their side binds by passkey, always or of a FLASH (docs/protocol/binding.md).
_BINDS: Final = (
    "incident.signed", "readout.sealed", "text.initialled", "text.signed-ad-referendum", "text.signed",
)  # fmt: skip
_BINDS_FLASH: Final = ("message.sent", "message.acknowledged")
_AT_S_MAX: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second that the text form of a moment can show


@dataclass(slots=True)
class ProvenEntry:
    """One entry of a bundle, and the first statement of each kind about it: (size of the head, time)."""

    entry: Entry
    id: str
    leaf: bytes
    said: dict[str, tuple[int, int]] = field(default_factory=dict)
    listing: Entry | None = None  # the roster entry with the key its person signed it with
    receipt_s: int | None = None  # the other side signed then that it holds this entry, though not yet its log

    @property
    def log(self) -> LogId:
        return self.entry.log

    @property
    def held_since_s(self) -> int | None:
        """When the other side said that it holds this, by its own clock; None if it never did."""
        return self.said[CO_ED][1] if CO_ED in self.said else None

    @property
    def both_suites(self) -> bool:
        """Say whether all four signatures cover it."""
        return len(self.said) == 4


def check_bundle(lines: Lines, found: Founding) -> list[ProvenEntry]:
    """Check a bundle; gives its entries, the one it is about first. Raises NotProven."""
    entries: dict[tuple[LogId, int], ProvenEntry] = {}
    heads: dict[tuple[LogId, int], bytes] = {}
    order: tuple[int, str, int, int] | None = None
    first: tuple[LogId, int] | None = None
    while (row := lines.next()) == TLOG_PROOF:
        leaf, number, proof = _read_proof(lines)
        start = lines.number + 1
        head, signatures, _ = read_note_lines(lines, found)
        if heads.setdefault((head.log, head.size), head.root) != head.root:
            raise _forked(head)
        entry = _placed(leaf, number, head, found, entries)
        try:
            verify_inclusion(leaf_hash(leaf), number, head.size, proof, head.root)
        except PeerError as fault:
            raise fault_of(fault, f"the proof before line {start}") from None
        key = (head.log, number)
        first = first or key
        place = (0 if key == first else 1, head.log.text if key != first else "", number, head.size)
        if order is not None and place <= order:
            raise NotProven("evidence.form", f"line {start}: proofs must stand in order, each once")
        order = place
        if key not in entries and len(entries) == limits.BUNDLE_ENTRIES_MAX:
            raise NotProven("evidence.form", f"line {start}: more entries than a bundle may hold")
        kept = entries.setdefault(key, ProvenEntry(entry, entry_id(leaf), leaf))
        for signed in signatures:
            kept.said.setdefault(signed.kind, (head.size, signed.at_s))
    if first is not None and row.startswith(b"receipt "):
        _read_receipt(lines, row, found, entries[first])
        row = lines.next()
    lines.finish(row)
    for proven in entries.values():
        if OWN_ED not in proven.said:
            raise NotProven(
                "evidence.unsigned", f"entry {proven.entry.number} of {proven.log} is under no signature of its author"
            )
    if not entries:
        raise NotProven("evidence.form", "the bundle holds no entry")
    check_signed(list(entries.values()))
    check_vouched(list(entries.values()), found)
    return list(entries.values())


def check_signed(entries: list[ProvenEntry]) -> None:
    """Check every person's signature in a bundle, and that none is missing where a roster entry in it asks for one."""
    by_ref = {Ref(each.log, each.entry.number, each.id): each.entry for each in entries}
    flash = entries[0].entry.precedence == "FLASH"
    for each in entries:
        entry = each.entry
        what = f"entry {entry.number} of {each.log}"
        if is_signed(entry):
            try:
                each.listing = verify_by_listing(entry, by_ref.get)
            except PeerError as fault:
                raise NotProven("evidence.assertion", f"{what}: {fault.sentence}", cause=fault.code) from None
        elif entry.kind in _BINDS or (flash and entry.kind in _BINDS_FLASH):
            seen = [
                ref
                for ref, one in by_ref.items()
                if _lists(one, entry) and holds(entry.past, each.log, entry.number, ref)
            ]
            if seen and by_ref[max(seen, key=lambda ref: (ref.log.epoch, ref.number))].body.get("passkeys") is not None:
                raise NotProven(
                    "evidence.assertion",
                    f"{what}: {entry.side} lists a passkey for {entry.person}, and the entry is not signed with it",
                )


def check_vouched(entries: list[ProvenEntry], found: Founding) -> None:
    """Check every listing of keys that a side's identity is said to have signed."""
    for each in entries:
        if is_vouched(each.entry):
            try:
                verify_by_cards(each.entry, found.cards)
            except PeerError as fault:
                raise NotProven(
                    "evidence.assertion",
                    f"entry {each.entry.number} of {each.log}: {each.entry.side}'s identity did not sign this listing: "
                    f"{fault.sentence}",
                    cause=fault.code,
                ) from None


def _lists(listing: Entry, entry: Entry) -> bool:
    found = (listing.kind, listing.channel, listing.side, listing.body.get("person"))
    return found == ("roster.listed", "line", entry.side, entry.person)


def _read_proof(lines: Lines) -> tuple[bytes, int, list[bytes]]:
    row = lines.next()
    if not row.startswith(b"extra "):
        raise NotProven("evidence.form", f"{lines.where}: expected the entry itself as extra data")
    leaf = unb64_line(lines, row[6:])
    found = _INDEX.fullmatch(lines.next())
    if found is None:
        raise NotProven("evidence.form", f"{lines.where}: expected 'index' and a number")
    return leaf, int(found[1]), read_hashes(lines)


def _read_receipt(lines: Lines, row: bytes, found: Founding, main: ProvenEntry) -> None:
    """Check the other side's receipt for the first entry; it stands only where no cosignature does."""
    form = _RECEIPT.fullmatch(row)
    if form is None or int(form[1]) > _AT_S_MAX or CO_ED in main.said:
        raise NotProven("evidence.form", f"{lines.where}: expected a receipt, where the other side did not cosign")
    at_s, signature = int(form[1]), unb64_line(lines, form[2], 64)
    message = receipt_message(found.line, main.log, main.entry.number, leaf_hash(main.leaf), at_s)
    others = [party for party in found.parties if party.side != main.entry.side]
    if not any(_signed(party, message, signature) for party in others):
        raise NotProven("evidence.signature", f"{lines.where}: the receipt is by no key of the other side")
    main.receipt_s = at_s


def _signed(party: Party, message: bytes, signature: bytes) -> bool:
    try:
        verify(party.cosign.ed, message, signature, what="receipt")
    except PeerError:
        return False
    return True


def _placed(
    leaf: bytes, number: int, head: Checkpoint, found: Founding, entries: dict[tuple[LogId, int], ProvenEntry]
) -> Entry:
    """Read an entry and check that it names the place where it is shown."""
    try:
        entry = read_entry(leaf)
    except PeerError as fault:
        raise fault_of(fault, f"entry {number} of {head.log}") from None
    if entry.line != found.line:
        raise NotProven(
            "evidence.other-line", f"entry {number} of {head.log} says that it belongs to line {entry.line}"
        )
    if (entry.log, entry.number) != (head.log, number):
        raise NotProven(
            "evidence.reordered",
            f"the entry shown as number {number} of {head.log} says it is number {entry.number} of {entry.log}",
        )
    before = entries.get((head.log, number))
    if before is not None and before.leaf != leaf:
        raise NotProven("evidence.forked", f"two different entries {number} of {head.log} are shown")
    return entry


def _forked(head: Checkpoint) -> NotProven:
    return NotProven(
        "evidence.forked", f"{head.log.side} signed two histories of {head.log}: two roots for {head.size} entries"
    )
