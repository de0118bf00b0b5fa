"""Making a wish the next entry of our log: which log, which epoch, the entry itself, its place in the batch.

Owns: our logs' beginnings and epochs, the fields of our entries.
Does not own: whether we may sign at all (tail.py), rules (subjects/), the commit (core.py).
Always true: an entry enters the batch only once its rules were judged and its bytes read back as our own format.
"""

from __future__ import annotations

from parley import limits
from parley.codec.canonical import JsonValue
from parley.errors import OurMistake, Refused, ensure
from parley.line.events import Authored, Wish
from parley.line.ledger import Ledger, OurPart
from parley.line.sending import URGENT
from parley.line.states import OurLog
from parley.line.tail import Tail
from parley.record import tree
from parley.record.entry import Entry, encode_entry
from parley.record.names import LogId
from parley.record.tree import Frontier, leaf_hash
from parley.storage.port import EntryRow, ValueRow
from parley.subjects import subject_for
from parley.subjects.standing.facts import AGREED
from parley.times import Moment, moment_text


class Authoring:
    """The writing half of our own logs."""

    def __init__(self, ledger: Ledger, tail: Tail, status: str) -> None:
        self._ledger = ledger
        self._tail = tail
        self._status = status

    def writable(self, channel: str, clock: Moment) -> OurLog:
        """Give our log of a channel, in an epoch that may be continued; a new epoch opens with its own first entry."""
        ledger = self._ledger
        ours = ledger.newest_ours(channel)
        if ours is None and not self._tail.reborn:
            return self._new_log(LogId(channel, ledger.us, 0))
        if ours is not None and channel not in self._ledger.renew:
            return ours
        # After a loss even a channel we seem never to have spoken in may have had a log that a lying peer hides.
        last, size = (LogId(channel, ledger.us, 0), 0) if ours is None else (ours.log, ours.frontier.size)
        root = tree.EMPTY_ROOT if size == 0 else ledger.roots.root_at(last, size)
        ensure(root is not None, "our own head has no root")
        assert root is not None
        # The clock keeps the number above any epoch that was hidden from us; the second place, where it was set back.
        epoch = max(last.epoch + 1, ledger.anchored.get(channel, 0) + 1, clock // 1000)
        renewed = self._new_log(LogId(channel, ledger.us, epoch))
        previous: list[JsonValue] = [last.text, size, root.hex()]
        agreed = ledger.book.let_go(last) is not None
        body: dict[str, JsonValue] = {"previous": previous, "reason": AGREED if agreed else "restored"}
        person = ledger.renewed_by.pop(channel, "") if agreed else ""
        opening = Wish(
            token=0, channel=channel, kind="log.opened", subject=None, body=body, person=person, status=self._status
        )
        try:
            self.append(renewed, opening, clock)
        except Refused:
            self.forget_empty(renewed)
            raise
        ledger.open.rows.append(ValueRow("renew", channel, None))
        self._ledger.renew.discard(channel)
        return renewed

    def open_epochs(self, clock: Moment) -> None:
        """Open the next epoch of every log that must go on in one, as soon as we may sign."""
        if self._tail.state != "ok":
            return
        for channel in sorted(self._ledger.renew, key=lambda channel: channel != "line"):
            try:
                self.writable(channel, clock)
            except Refused:
                continue  # what it rests on is still coming; the next wish in this channel tries again
            self._ledger.take_fold()  # the others name the line's next epoch, or they could not leave out its end

    def let_go(self, log: LogId, person: str) -> None:
        """Say nothing more in a log that the other side ended; the next epoch opens with its own first entry.

        What we have said in it beyond what they hold stays on our disk alone. What our other logs say may rest on the
        line channel's: where that one ends they go on in new epochs too.
        Raises:
            Refused: `log.epoch` (it is not our newest in its channel), `log.not-ended`, `log.other-history`,
                `line.logs`. Nothing was changed.
        """
        ledger = self._ledger
        ours = ledger.newest_ours(log.channel)
        if ours is None or ours.log != log or ours.lost:
            raise Refused("log.epoch", f"{log.text} is not the newest epoch of a log of ours; nothing was changed")
        ended = ledger.book.let_go(log)
        if ended is None:
            raise Refused("log.not-ended", f"the other side has not said that {log.text} goes no further")
        size, root = ended
        here = tree.EMPTY_ROOT if size == 0 else ledger.roots.root_at(log, size)
        if here is None or here.hex() != root:
            raise Refused(
                "log.other-history",
                f"the {size} entries of {log.text} that they hold are not the first of ours: start this node again"
                " while the line is up, and it goes on by itself",
            )
        self._room_for(log.channel)
        ends = {log: size}
        if log.channel == "line":
            ends |= {each.log: self._resting(each.log, log, size) for each in ledger.speaking() if each.log != log}
        for each, beyond in ends.items():
            ledger.mark_lost(each, beyond)
        ledger.renewed_by[log.channel] = person

    def _resting(self, log: LogId, line: LogId, size: int) -> int:
        """Give how many entries of a log of ours rest on no more than `size` entries of our log in the line channel."""
        book = self._ledger.book
        for number in range(book.folded(log) - 1, -1, -1):
            entry = book.entry(log, number)
            if entry is not None and all(one.size <= size for one in entry.past if one.log == line):
                return number + 1
        return 0

    def _room_for(self, channel: str) -> None:
        logs = self._ledger.ours
        epochs = sum(each.channel == channel for each in logs)
        if len(logs) >= limits.LOGS_MAX or epochs >= limits.EPOCHS_MAX:
            raise Refused(
                "line.logs",
                f"a side has at most {limits.LOGS_MAX} logs on a line and {limits.EPOCHS_MAX} epochs of one;"
                " nothing was written",
            )

    def _new_log(self, log: LogId) -> OurLog:
        self._room_for(log.channel)
        ours = OurLog(log=log, frontier=Frontier(), durable=0, head=None)
        self._ledger.ours[log] = ours
        return ours

    def forget_empty(self, ours: OurLog) -> None:
        """A log whose first entry was refused was never begun."""
        if ours.frontier.size == 0:
            self._ledger.ours.pop(ours.log, None)

    def append(self, ours: OurLog, wish: Wish, clock: Moment) -> None:
        ledger, log, number = self._ledger, ours.log, ours.frontier.size
        subject = wish.subject or subject_for(wish.kind, wish.body, log, number)
        if subject is None:
            raise Refused("line.subject", f"{wish.kind} must name the subject it is about; nothing was written")
        entry = Entry(
            rules=ledger.book.rules,
            line=ledger.line,
            channel=log.channel,
            side=log.side,
            epoch=log.epoch,
            number=number,
            past=ledger.book.past_for(log.channel, log),
            refs=wish.refs,
            at=moment_text(clock),
            status=wish.status,
            precedence=wish.precedence,
            person=wish.person,
            kind=wish.kind,
            subject=subject,
            body=wish.body,
        )
        ledger.book.judge(entry)
        try:
            leaf = encode_entry(entry)
        except OurMistake as fault:
            raise Refused("line.entry", fault.sentence) from None
        if len(leaf) > limits.ENTRY_BYTES_MAX:
            raise Refused(
                "line.size", f"expected at most {limits.ENTRY_BYTES_MAX} bytes, got {len(leaf)}; nothing was sent"
            )
        id = leaf_hash(leaf)
        part = ledger.open.ours.get(log)
        if part is None:
            part = ledger.open.ours[log] = OurPart(first=number, base=ours.frontier.copy())
        ledger.roots.grow(log, ours.frontier, [id])
        ours.frontier.append(id)
        part.leaves.append(leaf)
        if wish.precedence in URGENT:
            part.urgent.append(number)
            ours.urgent.append(number)
        ledger.open.rows.append(EntryRow(log, number, id, leaf))
        ledger.open.lazy = False
        if wish.token:
            ledger.open.authored.append(Authored(wish.token, log, number, id, subject, entry.at))
        ledger.book.take(log, number, leaf, id, entry)
