"""Judging a whole exported record: every entry, every checkpoint, every cosignature, in one pass.

Owns: the walk through the logs, and the names of what may be wrong with them.
Does not own: the words of the report (telling.py), what sides state about each other's logs (claims.py).
Always true:
  1. Every signature in the file is verified, and every entry lies under a checkpoint that its author signed.
  2. What the author itself signed is never called edited: a badly made entry is an oddity, told and passed by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.codec import Reader
from parley.errors import PeerError
from parley.record.claims import Claims, LogSummary
from parley.record.entry import Entry, body_text, one_line, read_entry
from parley.record.evidence import is_plain
from parley.record.form import Founding, Lines, NotProven, read_note_lines, unb64_line
from parley.record.legal import Disclosed
from parley.record.names import LogId
from parley.record.notes import CO_ED, CO_PQ, OWN_ED, Checkpoint, NoteSignature
from parley.record.signing import Signing
from parley.record.tree import Frontier, leaf_hash
from parley.record.vouching import is_vouched, verify_by_cards

_STATEMENTS_MAX: Final = 64  # about one recording: each side makes one, an epoch later perhaps another


@dataclass(slots=True)
class RecordFindings:
    """What a whole record was found to hold."""

    founding: Founding
    logs: dict[LogId, LogSummary] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    unreadable: int = 0
    vouched: list[str] = field(default_factory=list)  # listings of keys that a side's identity signed, in words
    signed: int = 0  # with the key that their side lists for the person
    signatures: Counter[str] = field(default_factory=Counter)
    first_at: str = ""
    last_at: str = ""
    oddities: list[str] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)  # statements about the one recording that was asked for


@dataclass(slots=True)
class _Walk:
    """Where the walk through one log stands."""

    log: LogId
    summary: LogSummary
    frontier: Frontier = field(default_factory=Frontier)
    last_head: int = 0
    odd: NotProven | None = None  # the first entry since the last good head that does not fit its place
    broken: Checkpoint | None = None  # a properly signed head that does not fit the entries
    forked: bool = False


class RecordCheck:
    """Walks through one record file; `run` gives the findings or raises NotProven."""

    def __init__(
        self, lines: Lines, founding: Founding, *, recording: str = "", disclosed: Sequence[Disclosed] = ()
    ) -> None:
        self._lines = lines
        self._recording = recording  # the id of the entry that asked for it
        self._disclosed = disclosed
        self._claims = Claims()
        self._found = RecordFindings(founding)
        self._later = {card.digest.hex() for card in founding.cards[2:]}  # of other cards nothing need be remembered
        self._announced: dict[tuple[str, str], dict[str, int]] = {}  # (side, card digest) → heads it ends at
        self._continued: dict[str, dict[str, int]] = {}  # card digest → sizes of the logs where a side went on with it
        self._stood_by: dict[str, set[str]] = {}  # card digest → sides that say so
        self._own_heads: dict[tuple[LogId, int], int] = {}  # (log, which card) → largest head signed with its keys
        self._signing = Signing()

    def run(self) -> RecordFindings:
        """Check everything; raises NotProven with the fault's name and place."""
        try:
            row = self._lines.next()
            before = ""
            while row.startswith(b"log "):
                log = self._log_name(row[4:])
                if log.text <= before:
                    raise NotProven("evidence.form", f"{self._lines.where}: logs must stand once each, in order")
                before = log.text
                row = self._walk(log)
            self._lines.finish(row)
            self._claims.judge(self._found.logs, self._tell)
            self._check_cards()
            self._found.signed = self._signing.judge(self._tell)
        finally:
            self._claims.close()
            self._signing.close()
        return self._found

    def _log_name(self, name: bytes) -> LogId:
        try:
            log = LogId.read(name.decode("ascii", "replace"))
            self._found.founding.named(log.side)
        except PeerError as fault:
            raise NotProven("evidence.form", f"{self._lines.where}: {fault.sentence}") from None
        return log

    def _walk(self, log: LogId) -> bytes:
        """Go through one log; gives the line after it."""
        walk = _Walk(log, LogSummary(log))
        self._found.logs[log] = walk.summary
        self._claims.begin(walk.summary)
        lines = self._lines
        while True:
            row = lines.next()
            if row.startswith(b"entry "):
                self._entry(walk, row[6:], plain=True)
            elif row.startswith(b"bytes "):
                self._entry(walk, unb64_line(lines, row[6:]), plain=False)
            elif row == b"note":
                self._note(walk)
            elif row.startswith((b"log ", b"end ")):
                self._finish(walk)
                return row
            else:
                raise NotProven("evidence.form", f"{lines.where}: expected an entry, a note, a log or the end")

    def _entry(self, walk: _Walk, leaf: bytes, *, plain: bool) -> None:
        found, number = self._found, walk.frontier.size
        hashed = leaf_hash(leaf)
        walk.frontier.append(hashed)
        self._claims.hashed(hashed)
        found.entries += 1
        try:
            entry = read_entry(leaf)
        except PeerError as fault:
            if plain != is_plain(leaf) or len(leaf) > limits.ENTRY_BYTES_MAX:
                raise NotProven("evidence.form", f"{self._lines.where}: not how this entry is written") from None
            found.unreadable += 1
            self._odd(walk, "evidence.edited", f"entry {number} of {walk.log} is unreadable: {fault.sentence}")
            return
        if not plain:
            raise NotProven("evidence.form", f"{self._lines.where}: not how this entry is written")
        found.statuses[entry.status] += 1
        found.first_at = min(found.first_at, entry.at) if found.first_at else entry.at
        found.last_at = max(found.last_at, entry.at)
        if entry.line == found.founding.line and entry.log == walk.log and entry.number == number:
            self._claims.stated(walk.log, entry)
            self._signing.hear(entry, leaf, hashed)
            for one in self._disclosed:
                one.hear(entry)
            if self._recording and entry.kind == "call.recording-kept" and len(found.kept) < _STATEMENTS_MAX:
                found.kept += [entry for ref in entry.refs if ref.id == self._recording]
            if is_vouched(entry):
                self._vouched(entry)
            elif entry.kind == "keys.replaced":
                self._keys_replaced(entry)
            elif entry.kind == "line.continued":
                self._line_continued(entry)
        elif entry.line != found.founding.line:
            self._odd(
                walk, "evidence.other-line", f"entry {number} of {walk.log} says that it belongs to line {entry.line}"
            )
        elif entry.log != walk.log:
            self._odd(
                walk, "evidence.reordered", f"entry {number} of {walk.log} says that it belongs to {entry.log.text}"
            )
        else:
            self._odd(
                walk,
                "evidence.reordered",
                f"at place {number} of {walk.log} stands the entry that says it is number {entry.number}",
            )

    def _odd(self, walk: _Walk, code: str, sentence: str) -> None:
        if walk.odd is None:
            walk.odd = NotProven(code, sentence)
        self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        if len(self._found.oddities) <= limits.ODDITIES_SHOWN:
            self._found.oddities.append(sentence)

    def _note(self, walk: _Walk) -> None:
        start = self._lines.number + 1
        head, signatures, _ = read_note_lines(self._lines, self._found.founding)
        where = f"note at line {start}"
        if head.log != walk.log:
            raise NotProven("evidence.other-line", f"{where}: a checkpoint of {head.log} stands among {walk.log}")
        count = walk.frontier.size
        if head.size != count:
            if walk.odd is not None:
                raise walk.odd
            if head.size > count:
                raise NotProven(
                    "evidence.truncated", f"{where}: {walk.log} was signed with {head.size} entries, {count} are there"
                )
            raise NotProven("evidence.edited", f"{where}: the head of {head.size} stands after {count} entries")
        if head.size <= walk.last_head:
            raise NotProven("evidence.form", f"{where}: one note for each size, in order, from 1")
        walk.last_head = head.size
        fits = walk.frontier.root() == head.root
        own = any(signed.kind == OWN_ED for signed in signatures)
        if not fits:
            walk.broken = walk.broken or head
            return
        if walk.broken is not None and own:
            raise NotProven(
                "evidence.forked",
                f"{walk.log.side} signed two histories of {walk.log}: at {walk.broken.size} another root than the "
                f"entries have which it signed at {head.size}",
            )
        if own:
            walk.odd = None  # its author signed it so: told already, and no edit
        self._count(walk, head, signatures)

    def _count(self, walk: _Walk, head: Checkpoint, signatures: tuple[NoteSignature, ...]) -> None:
        summary = walk.summary
        for signed in signatures:
            self._found.signatures[signed.kind] += 1
            if signed.kind == OWN_ED:
                summary.own_ed = head.size
                self._card_used(walk.log, head, signed)
            elif signed.kind == CO_ED:
                summary.co_first_s = summary.co_first_s or signed.at_s
                if signed.at_s < summary.co_last_s:
                    summary.co_ran_back = True
                    self._tell(f"{self._other(walk.log)}'s clock ran back between two cosignatures of {walk.log}")
                summary.co_ed, summary.co_last_s = head.size, signed.at_s
            elif signed.kind == CO_PQ:
                summary.co_pq = head.size
            else:
                summary.own_pq = head.size

    def _finish(self, walk: _Walk) -> None:
        summary = walk.summary
        summary.count = walk.frontier.size
        if walk.broken is not None:
            raise walk.odd or NotProven(
                "evidence.edited",
                f"the entries of {walk.log} up to {walk.broken.size} do not have the root that {walk.log.side} signed: "
                f"one after the first {summary.own_ed} was edited",
            )
        if summary.count == 0:
            raise NotProven("evidence.form", f"{walk.log} stands there without entries")
        if summary.own_ed < summary.count:
            raise walk.odd or NotProven(
                "evidence.unsigned",
                f"entries {summary.own_ed} to {summary.count - 1} of {walk.log} are under no signature of their author",
            )

    def _other(self, log: LogId) -> str:
        return self._found.founding.other(log.side).side

    def _vouched(self, entry: Entry) -> None:
        where = f"entry {entry.number} of {entry.log}"
        try:
            verify_by_cards(entry, self._found.founding.cards)
        except PeerError as fault:
            self._tell(f"{where} claims that {entry.side}'s identity listed keys, and did not: {fault.sentence}")
            return
        name = self._found.founding.named(entry.side).name
        self._found.vouched.append(
            f"{where}: {name}'s identity key listed the keys of {one_line(body_text(entry, 'person'))}"
        )

    def _keys_replaced(self, entry: Entry) -> None:
        try:
            body = Reader(entry.body)
            digest, heads = body.text("digest", max_chars=64), body.take("heads")
        except PeerError:
            return  # a badly made body: not valid, so it announces nothing
        sizes = {name: size for name, size in heads.items() if type(size) is int} if isinstance(heads, dict) else {}
        if digest in self._later:
            self._announced[entry.side, digest] = sizes

    def _line_continued(self, entry: Entry) -> None:
        try:
            body = Reader(entry.body)
            cards, heads = body.texts("cards", max_items=2, max_chars=64), body.take("heads")
        except PeerError:
            return
        for digest in self._later.intersection(cards):
            self._stood_by.setdefault(digest, set()).add(entry.side)
            sizes = self._continued.setdefault(digest, {})
            for name, head in heads.items() if isinstance(heads, dict) else ():
                size = head[0] if isinstance(head, list) and head and type(head[0]) is int else 0
                sizes[name] = max(size, sizes.get(name, 0))

    def _card_used(self, log: LogId, head: Checkpoint, signed: NoteSignature) -> None:
        """Remember how far the keys of each card signed; only needed where keys were replaced."""
        if len(self._found.founding.cards) == 2:
            return
        from parley.identity import verify
        from parley.record.notes import checkpoint_body, origin

        for place, party in enumerate(self._found.founding.parties):
            if party.side != log.side:
                continue
            body = checkpoint_body(origin(party.domain, self._found.founding.line, log), head.size, head.root)
            try:
                verify(party.log.ed, body, signed.signature, what="checkpoint")
            except PeerError:
                continue
            self._own_heads[log, place] = head.size
            return

    def _check_cards(self) -> None:
        """Later cards must be announced in the record, and old keys count no further than announced or cosigned."""
        cards = self._found.founding.cards
        for place, card in enumerate(cards[2:], start=2):
            side, digest = card.party.side, card.digest.hex()
            heads = self._announced.get((side, digest))
            if len(self._stood_by.get(digest, ())) == 2:  # compared face to face: both sides say so under new keys
                heads = {**self._continued[digest], **(heads or {})}
            if heads is None:
                raise NotProven("evidence.card", f"a later card of {side} is announced by no entry of the record")
            newest = next(old for old in reversed(cards[:place]) if old.party.side == side)
            if card.party.identity != newest.party.identity and len(self._stood_by.get(digest, ())) != 2:
                raise NotProven(
                    "evidence.card", f"a later card of {side} has another identity, and not both sides stand by it"
                )
            for old, before in enumerate(cards[:place]):
                if before.party.side != side:
                    continue
                for log, summary in self._found.logs.items():
                    used = self._own_heads.get((log, old), 0)
                    if used > max(heads.get(log.text, 0), summary.co_ed):
                        raise NotProven(
                            "evidence.re-signed",
                            f"{log} was signed up to {used} with keys that were replaced at {heads.get(log.text, 0)}",
                        )
