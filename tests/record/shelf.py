"""A small line for the tests of this room: two sides with known keys, and a shelf that keeps what they wrote.

The shelf answers as a store does (evidence.RecordReader), from plain lists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from tests.authenticator import Authenticator
from tests.record.leaves import LeafHashes
from tests.signing import passkeys, sign

from parley.codec import JsonValue
from parley.identity import Card, LineIdentity, SideKeys
from parley.record import (
    Checkpoint,
    Entry,
    LogId,
    NoteSignature,
    Past,
    Ref,
    cosign,
    cosign_pq,
    cosigner_name,
    encode_entry,
    entry_id,
    leaf_hash,
    origin,
    root_at,
    sign_checkpoint,
    sign_checkpoint_pq,
)
from parley.record.notes import SignatureKind
from parley.times import Moment, moment_text

START_S = 1_795_428_000
KINDS: tuple[SignatureKind, ...] = ("own-ed", "own-pq", "co-ed", "co-pq")
KEYS = {side: SideKeys.from_seed(f"test {side}".encode()) for side in ("north", "south")}
OTHER = {"north": "south", "south": "north"}


def card_of(side: str, keys: SideKeys | None = None, *, nonce: bytes | None = None, name: str = "") -> Card:
    """Give the card of a test side."""
    return (keys or KEYS[side]).card(
        side=side,
        name=name or side.capitalize(),
        domain=f"{side}.example",
        languages=("en",),
        nonce=nonce or side.encode().ljust(16, b"."),
        made=moment_text(Moment(START_S * 1000)),
    )


CARDS = [card_of("north"), card_of("south")]
IDENTITY = LineIdentity.found(*CARDS)
LINE = IDENTITY.line


@dataclass(frozen=True)
class Kept:
    size: int
    root: bytes
    at_s: int
    signature: bytes


@dataclass(frozen=True)
class Fold:
    log: LogId
    number: int
    subject: str
    verdict: str
    place: tuple[int, str, int, int]
    kind: str
    channel: str


@dataclass
class Written:
    leaves: list[bytes] = field(default_factory=list)
    hashes: LeafHashes = field(default_factory=LeafHashes)
    signed: dict[str, dict[int, Kept]] = field(default_factory=lambda: {kind: {} for kind in KINDS})


class Shelf:
    """Everything both sides wrote, with ways to write more and to tamper."""

    def __init__(self, *, line: str = LINE, keys: dict[str, SideKeys] | None = None) -> None:
        self.line = line
        self.keys = keys or KEYS
        self.cards = CARDS
        self.clock_s = START_S
        self.written: dict[LogId, Written] = {}
        self.rows: list[Fold] = []

    def write(
        self,
        side: str,
        kind: str,
        body: dict[str, JsonValue],
        *,
        channel: str = "leaders",
        subject: str = "",
        person: str = "",
        status: str = "actual",
        precedence: str = "",
        past: tuple[Past, ...] | None = None,
        refs: tuple[Ref, ...] = (),
        number: int | None = None,
        line: str = "",
    ) -> Ref:
        """Append one entry of `side`, with the past that its node would have."""
        log = LogId(channel, side, 0)
        place = self.size(log)
        entry = Entry(
            rules=1,
            line=line or self.line,
            channel=channel,
            side=side,
            epoch=0,
            number=place if number is None else number,
            past=self.past(log) if past is None else past,
            refs=refs,
            at=moment_text(Moment(self.clock_s * 1000)),
            status=status,
            precedence=precedence,
            person=person,
            kind=kind,
            subject=subject or f"message/{side}/0/{place}",
            body=body,
        )
        return self.put(log, encode_entry(entry), entry)

    def put(self, log: LogId, leaf: bytes, entry: Entry | None = None) -> Ref:
        """Append any bytes to a log."""
        kept = self.written.setdefault(log, Written())
        number = len(kept.leaves)
        kept.leaves.append(leaf)
        kept.hashes.append(leaf_hash(leaf))
        subject, kind = (entry.subject, entry.kind) if entry else ("", "")
        place = (len(self.rows) + 1, log.side, 0, number)
        self.rows.append(Fold(log, number, subject, "valid", place, kind, log.channel))
        self.clock_s += 1
        return Ref(log, number, entry_id(leaf))

    def past(self, log: LogId) -> tuple[Past, ...]:
        """Give what the writer of `log` holds: the other side's log here, and both line logs."""
        wanted = {LogId(log.channel, OTHER[log.side], 0), LogId("line", "north", 0), LogId("line", "south", 0)} - {log}
        held = [each for each in wanted if self.size(each)]
        return tuple(
            Past(each, self.size(each), root_at(self.size(each), self.written[each].hashes).hex())
            for each in sorted(held, key=lambda each: each.text)
        )

    def sign(self, log: LogId, kinds: Collection[str] = KINDS, *, size: int | None = None) -> Checkpoint:
        """Sign and cosign a head of `log` (the newest by default)."""
        kept = self.written[log]
        size = len(kept.leaves) if size is None else size
        head = Checkpoint(log, size, root_at(size, kept.hashes))
        for made in self.signatures(head, kinds):
            kept.signed[made.kind][size] = Kept(size, head.root, made.at_s, made.signature)
        self.clock_s += 1
        return head

    def signatures(self, head: Checkpoint, kinds: Collection[str] = KINDS) -> list[NoteSignature]:
        """Make signatures over any head, true or not."""
        author, other = head.log.side, OTHER[head.log.side]
        name, witness = origin(f"{author}.example", self.line, head.log), self.keys[other]
        cosigner = cosigner_name(f"{other}.example", self.line, other)
        made: dict[SignatureKind, NoteSignature] = {}
        for kind in kinds:
            if kind == "own-ed":
                signature = sign_checkpoint(self.keys[author].log, name, head.size, head.root)
                made["own-ed"] = NoteSignature("own-ed", 0, signature)
            elif kind == "own-pq":
                signature = sign_checkpoint_pq(self.keys[author].log, name, head.size, head.root)
                made["own-pq"] = NoteSignature("own-pq", 0, signature)
            elif kind == "co-ed":
                signature = cosign(witness.cosign, name, head.size, head.root, self.clock_s)
                made["co-ed"] = NoteSignature("co-ed", self.clock_s, signature)
            else:
                signature = cosign_pq(witness.cosign, cosigner, name, head.size, head.root, self.clock_s)
                made["co-pq"] = NoteSignature("co-pq", self.clock_s, signature)
        return list(made.values())

    def logs(self) -> list[LogId]:
        return sorted(self.written)

    def size(self, log: LogId) -> int:
        return len(self.written[log].leaves) if log in self.written else 0

    def folded(self, log: LogId) -> int:
        return self.size(log)

    def folds(self, log: LogId, first: int, count: int) -> list[Fold]:
        return [row for row in self.rows if row.log == log and first <= row.number < first + count]

    def leaves(self, log: LogId, first: int, count: int) -> list[bytes]:
        return self.written[log].leaves[first : first + count]

    def subtree(self, log: LogId, level: int, index: int) -> bytes:
        return self.written[log].hashes.subtree(level, index)

    def signature(self, log: LogId, kind: SignatureKind, *, at_least: int) -> Kept | None:
        return next(iter(self.signatures_of(log, kind, at_least)), None)

    def signatures_of(self, log: LogId, kind: SignatureKind, first: int) -> list[Kept]:
        rows = self.written[log].signed[kind]
        return [rows[size] for size in sorted(rows) if size >= first]

    def parts(self, channel: str, subject: str) -> list[tuple[LogId, int]]:
        return [(row.log, row.number) for row in self.rows if (row.channel, row.subject) == (channel, subject)]

    def recent(
        self, channel: str, kinds: Collection[str], *, before: tuple[int, str, int, int] | None, count: int
    ) -> Sequence[Fold]:
        rows = [row for row in reversed(self.rows) if row.channel == channel and row.kind in kinds]
        return [row for row in rows if before is None or row.place < before][:count]


class Reads:
    """The shelf as evidence.RecordReader sees it (its `signatures` has a name the shelf uses for making them)."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.receipts: dict[str, bytes] = {}
        for name in ("logs", "size", "folded", "folds", "leaves", "subtree", "signature", "parts", "recent"):
            setattr(self, name, getattr(shelf, name))

    def value(self, space: str, key: str) -> bytes | None:
        return self.receipts.get(key) if space == "receipt" else None

    def signatures(self, log: LogId, kind: SignatureKind, first: int, count: int) -> Sequence[Kept]:
        return self._shelf.signatures_of(log, kind, first)[:count]


def talk(**write: str) -> tuple[Shelf, Ref, Ref]:
    """Give a line on which North sent one message and South acknowledged it, everything signed by all four keys."""
    shelf = Shelf()
    for side, person, name, office in (
        ("north", "a.novak", "A. Novak", "duty officer"),
        ("south", "w.lan", "W. Lan", "principal"),
    ):
        body: dict[str, JsonValue] = {
            "person": person, "name": name, "office": office, "address": "", "languages": ["en"],
            "role": "principal", "binds": True,
        }  # fmt: skip
        shelf.write(side, "roster.listed", body, channel="line", subject=f"roster/{side}/{person}")
    for side in ("north", "south"):
        shelf.sign(LogId("line", side, 0))
    sent = shelf.write(
        "north", "message.sent", {"text": "Pump 3 is stopped.\nAnswer by noon."}, person="a.novak",
        precedence="FLASH", **write,
    )  # fmt: skip
    shelf.sign(sent.log)
    acked = shelf.write(
        "south", "message.acknowledged", {"note": "understood"}, person="w.lan", subject="message/north/0/0",
        refs=(sent,), **write,
    )  # fmt: skip
    shelf.sign(acked.log)
    return shelf, sent, acked


def _listed(shelf: Shelf, key: Authenticator | None) -> Ref:
    """Put A. Novak and W. Lan on their rosters, W. Lan with a passkey or none; give W. Lan's entry."""
    for side, person, name in (("north", "a.novak", "A. Novak"), ("south", "w.lan", "W. Lan")):
        body: dict[str, JsonValue] = {
            "person": person, "name": name, "office": "duty officer", "address": "", "languages": ["en"],
            "role": "principal", "binds": True,
        }  # fmt: skip
        if side == "south" and key is not None:
            body["passkeys"] = passkeys(key).value()
        listing = shelf.write(side, "roster.listed", body, channel="line", subject=f"roster/{side}/{person}")
        shelf.sign(listing.log)
    return listing


def incident(*, passkey: bool, listed: bool, more: int = 0) -> tuple[Shelf, Ref, str]:
    """Give a line with an incident of which South signed the facts, and the subject of one that was joined to it.

    Args:
        listed: South's roster lists a passkey for W. Lan.
        passkey: W. Lan signed with it.
        more: How many questions North asked besides.
    """
    shelf, key = Shelf(), Authenticator("https://desk.south.example", "lan")
    listing = _listed(shelf, key if listed else None)
    shelf.write("north", "incident.reported", {"what": "Seen by radar."}, person="a.novak", precedence="FLASH",
                        subject="incident/north/0/0")  # fmt: skip
    report = shelf.write("north", "incident.reported", {"what": "A pass."}, person="a.novak", precedence="FLASH",
                         subject="incident/north/0/1")  # fmt: skip
    for number in range(more):
        words: dict[str, JsonValue] = {"text": f"Question {number}?", "language": "en"}
        shelf.write("north", "incident.asked", words, person="a.novak", subject="incident/north/0/1")
    shelf.sign(report.log)
    log, facts = (
        LogId("leaders", "south", 0),
        [{"number": "north-1", "text": "The pass was at 09:14.", "language": "en"}],
    )
    draft = Entry(
        rules=1, line=LINE, channel="leaders", side="south", epoch=0, number=0, past=shelf.past(log), refs=(report,),
        at=moment_text(Moment(shelf.clock_s * 1000)), status="actual", precedence="", person="w.lan",
        kind="incident.signed", subject="incident/north/0/1", body={"facts": [*facts], "digest": "00" * 32},
    )  # fmt: skip
    entry = sign(draft, key, listing) if passkey else draft
    signed = shelf.put(log, encode_entry(entry), entry)
    shelf.sign(signed.log)
    return shelf, report, "incident/north/0/0"


def bound(spoil: Callable[[Entry], Entry] | None = None, *, listed: bool = True) -> tuple[Shelf, Ref]:
    """Give the same line where South lists a passkey for W. Lan, who signs the acknowledgement; `spoil` changes it."""
    shelf, key = Shelf(), Authenticator("https://desk.south.example", "lan")
    listing = _listed(shelf, key)
    sent = shelf.write("north", "message.sent", {"text": "Pump 3 is stopped."}, person="a.novak", precedence="FLASH")
    shelf.sign(sent.log)
    log = LogId("leaders", "south", 0)
    draft = Entry(
        rules=1, line=LINE, channel="leaders", side="south", epoch=0, number=0, past=shelf.past(log), refs=(sent,),
        at=moment_text(Moment(shelf.clock_s * 1000)), status="actual", precedence="", person="w.lan",
        kind="message.acknowledged", subject="message/north/0/0", body={"note": "understood"},
    )  # fmt: skip
    entry = sign(draft, key, listing) if listed else draft
    entry = entry if spoil is None else spoil(entry)
    acked = shelf.put(log, encode_entry(entry), entry)
    shelf.sign(acked.log)
    return shelf, sent
