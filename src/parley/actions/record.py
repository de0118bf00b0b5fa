"""Reading the record itself: logs, entries, proofs, and exports that need neither node.

Owns: rights and rows. Does not own: proofs (record/), rows on disk (storage/).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from parley import limits
from parley.actions.line_rows import CarriedRow
from parley.actions.messages import written
from parley.actions.people import person_name
from parley.actions.ports import CarriedPort, NodePort
from parley.actions.record_rows import EntryDetail, EntryLine, EvidenceFile, ForkRow, LogRow, LostRow, SignatureLine
from parley.actions.rows import RefRow
from parley.actions.who import Who, may_read, need
from parley.errors import PeerError, Refused
from parley.node.forks import ForkNote, fork_evidence, read_forks
from parley.record.entry import Entry, read_entry
from parley.record.names import LogId
from parley.record.tree import inclusion_proof
from parley.storage import SIGNATURE_KINDS, FoldRow, LogHashes
from parley.times import Moment, moment_text

_WORDS: Final = {
    "own-ed": "the author's side signed that its log holds this (Ed25519)",
    "own-pq": "the author's side signed that its log holds this (ML-DSA-44)",
    "co-ed": "the other side signed that this is on its disk (Ed25519)",
    "co-pq": "the other side signed that this is on its disk (ML-DSA-44)",
}


def logs(node: NodePort, who: Who) -> list[LogRow]:
    """Give every log the person may read, and how far the other side signed that it holds it."""
    need(who, "record")
    rows: list[LogRow] = []
    for log in node.store.logs():
        if not _readable(node, who, log.channel):
            continue
        size = node.store.size(log)
        root = node.store.root_at(log, size) if size else None
        held = node.store.newest_signature(log, "co-ed")
        both = [node.store.newest_signature(log, kind) for kind in SIGNATURE_KINDS]
        rows.append(
            LogRow(
                log=log.text,
                channel=log.channel,
                side=log.side,
                epoch=log.epoch,
                ours=log.side == node.identity.ours.side,
                size=size,
                root=root.hex() if root else "",
                cosigned=held.size if held else 0,
                cosigned_at=moment_text(Moment(held.at_s * 1000)) if held else None,
                pq_size=min(each.size if each else 0 for each in both),
            )
        )
    return rows


def entries(node: NodePort, who: Who, log: str, *, first: int = 0, count: int = 100) -> list[EntryLine]:
    """Give a stretch of one log, by number."""
    need(who, "record")
    name = _log(node, who, log)
    count = max(0, min(count, 1_000))
    leaves, ids = node.store.leaves(name, first, count), node.store.ids(name, first, count)
    folds = {fold.number: fold for fold in node.store.folds(name, first, count)}
    held = node.store.newest_signature(name, "co-ed")
    return [
        _line(node, name, first + at, leaf, ids[at].hex(), folds.get(first + at), held.size if held else 0)
        for at, leaf in enumerate(leaves)
    ]


def entry(node: NodePort, who: Who, log: str, number: int) -> EntryDetail:
    """Give one entry with its bytes, its proof and every signature that covers it."""
    need(who, "record")
    name = _log(node, who, log)
    found = node.store.leaves(name, number, 1)
    if not found:
        raise Refused("record.unknown", f"{name.text} holds no entry {number}")
    leaf = found[0]
    folds = node.store.folds(name, number, 1)
    held = node.store.newest_signature(name, "co-ed")
    line = _line(
        node, name, number, leaf, node.store.ids(name, number, 1)[0].hex(), folds[0] if folds else None,
        held.size if held else 0,
    )  # fmt: skip
    covering = [(kind, node.store.signature(name, kind, at_least=number + 1)) for kind in SIGNATURE_KINDS]
    proven = next((row.size for kind, row in covering if row is not None and kind == "co-ed"), None)
    size = proven or next((row.size for _, row in covering if row is not None), None) or node.store.size(name)
    root = node.store.root_at(name, size)
    read = _read(leaf)
    return EntryDetail(
        line=line,
        json=leaf.decode("utf-8", "backslashreplace"),
        bytes=len(leaf),
        past=tuple((past.log.text, past.size, past.root) for past in read.past) if read else (),
        refs=tuple(RefRow(log=ref.log.text, number=ref.number, id=ref.id) for ref in read.refs) if read else (),
        tree_size=size,
        root=root.hex() if root else "",
        proof=tuple(each.hex() for each in inclusion_proof(number, size, LogHashes(node.store, name))),
        signatures=tuple(
            SignatureLine(
                kind=kind,
                words=_WORDS[kind],
                size=row.size,
                at=moment_text(Moment(row.at_s * 1000)) if row.at_s else None,
            )
            for kind, row in covering
            if row is not None
        ),
    )


async def export_record(node: NodePort, who: Who, path: Path) -> EvidenceFile:
    """Write the whole record, as both sides signed it, to a file; only for who may read every channel."""
    need(who, "record")
    for view in node.book.line_view().channels:
        if not may_read(node, who, view.id):
            raise Refused("people.member", f"the record holds the channel {view.id}, to which you do not belong")
    return written(path, await node.exports.record(path))


def forks(node: NodePort, who: Who) -> list[ForkRow]:
    """Give the other side's logs of which it signed two histories, as far as the person may read them."""
    need(who, "record")
    return [
        ForkRow(id=_fork_id(each), log=each.log.text, number=each.size, reason=each.reason, provable=each.provable)
        for each in read_forks(node.store)
        if _readable(node, who, each.log.channel)
    ]


async def export_fork(node: NodePort, who: Who, id: str, path: Path) -> EvidenceFile:
    """Write the proof of a fork, which `parley check` reads; raises Refused `record.no-evidence`."""
    need(who, "record")
    for each in read_forks(node.store):
        if _fork_id(each) == id and _readable(node, who, each.log.channel):
            path.write_bytes(b"".join(fork_evidence(node.store, node.cards, each.key)))
            return written(path, 0)
    raise Refused("record.no-evidence", f"no fork {id} was kept that you may read")


def lost_entries(node: NodePort, who: Who) -> list[LostRow]:
    """Give the entries that were found after their author had to go on without them, as far as the person may read."""
    need(who, "record")
    rows = []
    for key, leaf in node.store.values("lost-tail", count=limits.FAULTS_KEPT_MAX):
        log, number = LogId.read(key.partition("|")[0]), int(key.partition("|")[2])
        if not _readable(node, who, log.channel):
            continue
        read = _read(leaf)
        rows.append(
            LostRow(
                log=log.text,
                number=number,
                ours=log.side == node.identity.ours.side,
                at=read.at if read else "",
                person=read.person if read else "",
                kind=read.kind if read else "",
                precedence=read.precedence if read else "",
                text=str(read.body.get("text", "")) if read else "",
            )
        )
    return rows


def _fork_id(fork: ForkNote) -> str:
    """Name a fork by its log and place, and where one place has several, by the root: all fit into an address."""
    return hashlib.sha256(fork.key.encode()).hexdigest()[:16]


def _readable(node: NodePort, who: Who, channel: str) -> bool:
    return channel == "line" or may_read(node, who, channel)


def _log(node: NodePort, who: Who, log: str) -> LogId:
    try:
        name = LogId.read(log)
    except PeerError:
        raise Refused("record.unknown", "a log is named like leaders/north/0") from None
    if not node.store.size(name) or not _readable(node, who, name.channel):
        raise Refused("record.unknown", f"there is no log {name.text} that you may read")
    return name


def _line(node: NodePort, log: LogId, number: int, leaf: bytes, id: str, fold: FoldRow | None, held: int) -> EntryLine:
    read = _read(leaf)
    return EntryLine(
        log=log.text,
        number=number,
        id=id,
        at=read.at if read else "",
        person=read.person if read else "",
        person_name=person_name(node, log.side, read.person)[0] if read else "",
        kind=read.kind if read else "",
        subject=read.subject if read else "",
        status=read.status if read else "",
        precedence=read.precedence if read else "",
        verdict=fold.verdict if fold else "waiting",
        reason=fold.reason if fold else "entries it refers to are still coming",
        held=number < held,
    )


def _read(leaf: bytes) -> Entry | None:
    try:
        return read_entry(leaf)
    except PeerError:
        return None


async def carry_out(node: NodePort, who: Who, path: Path, *, whole: bool = False) -> CarriedRow:
    """Write a file, sealed to the other side, for a stick: what it has not cosigned, or everything (`whole`)."""
    need(who, "line")
    return _carried(await node.exports.carry_out(path, whole=whole))


async def carry_in(node: NodePort, who: Who, path: Path) -> CarriedRow:
    """Take in the other side's carried file; the same checks as on a link. Twice changes nothing."""
    need(who, "line")
    return _carried(await node.exports.carry_in(path))


def _carried(carried: CarriedPort) -> CarriedRow:
    covers = tuple((log, span[0], span[1]) for log, span in sorted(carried.covers.items()))
    return CarriedRow(side=carried.side, at=moment_text(carried.at), frames=carried.frames, covers=covers)
