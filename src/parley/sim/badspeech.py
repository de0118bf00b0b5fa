"""Properly signed nonsense: leaves that hash into a signed tree and are not what an entry should be.

Owns: the kinds of bad leaf, and putting one into the liar's own log past every rule of its own program.
Always true: whatever is said here, the honest side stores it, cosigns it, marks it and goes on (DESIGN 2.7).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from parley.codec import encode
from parley.errors import ParleyError
from parley.line import LineCore
from parley.line.ledger import OurPart
from parley.line.states import OurLog
from parley.record import Entry, LogId, Past, encode_entry, leaf_hash, read_entry
from parley.record.binding import Signed, act_of, is_signed
from parley.sim.dice import Dice
from parley.sim.signing import assertion
from parley.storage import EntryRow
from parley.subjects import Book
from parley.subjects.messages import facts as messages
from parley.times import moment_text

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World

SIGNED: Final = ("replayed signature", "signed by another", "signed for other words")
KINDS: Final = (
    *SIGNED,
    "alien kind",
    "another line",
    "another number",
    "another side",
    "backdated past",
    "broken rule",
    "false past",
    "newer rules",
    "noise",
    "not an entry",
    "past beyond",
    "unlisted person",
    "wrong body",
)


def speak(world: World, node: SimNode, dice: Dice) -> bool:
    """Let the liar say one bad thing in a channel that it writes; False if it cannot write now."""
    core = node.core
    if core is None or node.signing != "ok":
        return False
    logs = [log for log in core.ledger.ours if log.channel not in core.ledger.renew]
    if not logs:
        return False
    newest = max(logs, key=lambda log: (log.channel == dice.choice(logs).channel, log.epoch))
    ours = core.ledger.newest_ours(newest.channel)
    if ours is None or ours.frontier.size == 0:
        return False
    kind = dice.choice(KINDS)
    if kind == "past beyond" and world.seed % 3:
        return False  # it jams the liar's own book, and with it the comparison of all views
    leaf = _leaf(core, node, ours, kind, dice)
    if leaf is None:
        return False
    world.meter.met("bad speech", kind)
    world.tell(f"{node.side} says nonsense in {ours.log.text}/{ours.frontier.size}: {kind}")
    _append(core, ours, leaf)
    core.ledger.take_fold()
    node.carry_out(core._flush(node.now(), node.clock()))
    return True


def _append(core: LineCore, ours: OurLog, leaf: bytes) -> None:
    """What LineCore does with an entry of its own, without asking any rule."""
    ledger, log, number = core.ledger, ours.log, ours.frontier.size
    identity = leaf_hash(leaf)
    part = ledger.open.ours.get(log)
    if part is None:
        part = ledger.open.ours[log] = OurPart(first=number, base=ours.frontier.copy())
    ledger.roots.grow(log, ours.frontier, [identity])
    ours.frontier.append(identity)
    part.leaves.append(leaf)
    ledger.open.rows.append(EntryRow(log, number, identity, leaf))
    ledger.open.lazy = False
    ledger.book.take(log, number, leaf, identity)


def _leaf(core: LineCore, node: SimNode, ours: OurLog, kind: str, dice: Dice) -> bytes | None:
    entry = _plain(core, node, ours)
    if kind in SIGNED:
        told = _badly_signed(core, node, entry, kind)
        return None if told is None else encode_entry(told)
    if kind == "noise":
        return dice.randbytes(dice.randint(1, 300))
    if kind == "not an entry":
        return encode({"hello": ["this", "is", "canonical", dice.randrange(1000)]})
    try:
        return encode_entry(_spoilt(core, entry, kind, dice))
    except ParleyError:
        return None


def _plain(core: LineCore, node: SimNode, ours: OurLog) -> Entry:
    """An entry that would be in order: a person listed, or a message acknowledged, as far as its frame goes."""
    ledger, log, number = core.ledger, ours.log, ours.frontier.size
    line = log.channel == "line"
    body: dict[str, object] = {"person": "s.duty"} if line else {"note": "nonsense"}
    return Entry(
        rules=ledger.book.rules,
        line=ledger.line,
        channel=log.channel,
        side=log.side,
        epoch=log.epoch,
        number=number,
        past=tuple(past for past in ledger.book.past_for(log.channel) if past.log != log),
        refs=(),
        at=moment_text(node.clock()),
        status="actual",
        precedence="",
        person="s.duty",
        kind="roster.removed" if line else "message.acknowledged",
        subject="roster/south/s.duty" if line else f"message/{log.side}/{log.epoch}/0",
        body=body,  # type: ignore[arg-type]
    )


def _badly_signed(core: LineCore, node: SimNode, entry: Entry, kind: str) -> Entry | None:
    """A FLASH whose signature is somebody else's, or for other words, or has counted before; None without a key."""
    book, side, log = cast(Book, core.ledger.book), entry.side, entry.log
    listed = next((one for one in book.line_view().roster(side) if one.passkeys is not None), None)
    if log.channel == "line" or listed is None:
        return None
    if kind == "replayed signature":
        number = book.folded(log)
        rows = zip(book.logs.rows(log, 0, number), node.store.leaves(log, 0, number), strict=False)
        leaves = [leaf for row, leaf in rows if row.kind == "message.sent" and row.verdict == "valid"]
        before = next((old for old in map(read_entry, reversed(leaves)) if is_signed(old)), None)
        if before is None:
            return None
        return replace(before, number=entry.number, past=entry.past, at=entry.at,
                       subject=f"message/{side}/{log.epoch}/{entry.number}")  # fmt: skip
    fact = messages.send(
        log.channel, text="We agree to everything.", language="en", due="2100-01-01T00:00:00.000Z",
        drafted_by="s.third", released_by=(listed.person,),
    )  # fmt: skip
    flash = replace(
        entry, kind="message.sent", subject=f"message/{side}/{log.epoch}/{entry.number}", body=fact.body,
        precedence="FLASH", person=listed.person,
    )  # fmt: skip
    nonce = f"{entry.number:032x}"
    over = act_of(replace(flash, status="test") if kind == "signed for other words" else flash, nonce)
    signer = "s.third" if kind == "signed by another" else listed.person
    made = Signed(nonce=nonce, listing=listed.ref, key=0, assertion=assertion(signer, over))
    return replace(flash, body={**flash.body, "assertion": made.value()})


def _spoilt(core: LineCore, entry: Entry, kind: str, dice: Dice) -> Entry:
    peer = core.ledger.them
    if kind == "alien kind":
        return replace(entry, kind="alien.spoke", subject="alien/south/0/1", body={"we": "come in peace"})
    if kind == "another line":
        return replace(entry, line=dice.randbytes(16).hex())
    if kind == "another number":
        return replace(entry, number=entry.number + dice.randint(1, 9))
    if kind == "another side":
        return replace(entry, side=peer)
    if kind == "newer rules":
        return replace(entry, rules=2 if dice.chance(0.5) else dice.randint(3, 99))
    if kind == "unlisted person":
        return replace(entry, person="nobody.at-all")
    if kind == "wrong body":
        return replace(entry, body={"person": 7, "note": ["not a text"]})
    if kind == "false past":
        return replace(entry, past=tuple(past._replace(root=dice.randbytes(32).hex()) for past in entry.past[:1]))
    if kind == "past beyond":
        beyond = Past(LogId("line", peer, 0), 100_000, dice.randbytes(32).hex())
        others = [past for past in entry.past if past.log != beyond.log]
        return replace(entry, past=tuple(sorted([*others, beyond], key=lambda past: past.log.text)))
    if kind == "backdated past":
        return replace(entry, past=())
    return entry  # "broken rule": the side acknowledges its own message, or removes its person again and again
