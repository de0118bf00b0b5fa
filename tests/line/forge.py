"""Frames made by hand with a side's real keys: what a peer that lies can say, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.line.sides import Side, identity_of, keys_of

from parley.line.frames import (
    Ahead,
    Cosigned,
    Head,
    Kind,
    Run,
    TailAnswer,
    open_frame,
    read_tail_ask,
    write_ahead,
    write_cosigned,
    write_run,
    write_tail_answer,
)
from parley.line.tail import tail_message
from parley.record import notes, tree
from parley.record.names import LogId


class Hashes:
    """Subtree hashes over leaves in memory, for proofs."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves

    def subtree(self, level: int, index: int) -> bytes:
        """Give the hash over leaves [index << level, (index + 1) << level)."""
        return root_of(self._leaves[index << level : (index + 1) << level])


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over these leaves."""
    frontier = tree.Frontier()
    frontier.extend([tree.leaf_hash(leaf) for leaf in leaves])
    return frontier.root()


def head_of(log: LogId, leaves: Sequence[bytes], *, by: str = "") -> Head:
    """Give the head over these leaves, signed by the log's author, or by another side's log key."""
    side = by or log.side
    identity = identity_of(log.side)
    origin = notes.origin(identity.ours.domain, identity.line, log)
    size, root = len(leaves), root_of(leaves)
    return Head(log=log, size=size, root=root, signature=notes.sign_checkpoint(keys_of(side).log, origin, size, root))


def run_of(
    log: LogId, leaves: Sequence[bytes], first: int = 0, end: int | None = None, head: Head | None = None
) -> bytes:
    """Give the frame of leaves [first, end), proven to a head over all of `leaves`."""
    end = len(leaves) if end is None else end
    proof = tuple(tree.consistency_proof(end, len(leaves), Hashes(leaves))) if end < len(leaves) else ()
    return write_run(Run(head=head or head_of(log, leaves), first=first, proof=proof, leaves=tuple(leaves[first:end])))


def runs_of(log: LogId, leaves: Sequence[bytes], step: int) -> Iterator[bytes]:
    """Give the frames of a growing log, each run ending at a head of its own."""
    identity = identity_of(log.side)
    origin = notes.origin(identity.ours.domain, identity.line, log)
    frontier = tree.Frontier()
    for first in range(0, len(leaves), step):
        part = tuple(leaves[first : first + step])
        frontier.extend([tree.leaf_hash(leaf) for leaf in part])
        size, root = frontier.size, frontier.root()
        signature = notes.sign_checkpoint(keys_of(log.side).log, origin, size, root)
        head = Head(log=log, size=size, root=root, signature=signature)
        yield write_run(Run(head=head, first=first, proof=(), leaves=part))


def ahead_of(log: LogId, leaves: Sequence[bytes], number: int, *, head: Head | None = None) -> bytes:
    """Give the frame of one entry sent ahead of its log."""
    proof = tuple(tree.inclusion_proof(number, len(leaves), Hashes(leaves)))
    return write_ahead(Ahead(head=head or head_of(log, leaves), number=number, proof=proof, leaf=leaves[number]))


def cosigned_by_other(
    log: LogId, size: int, root: bytes, at_s: int, *, key_of: str = "", suite: int = 1, post_quantum: bool = False
) -> bytes:
    """Give the frame of a cosignature by the side that does not write the log."""
    identity = identity_of(log.side)
    other = identity.theirs
    origin = notes.origin(identity.ours.domain, identity.line, log)
    pair = keys_of(key_of or other.side).cosign
    if post_quantum:
        name = notes.cosigner_name(other.domain, identity.line, other.side)
        signature = notes.cosign_pq(pair, name, origin, size, root, at_s)
    else:
        signature = notes.cosign(pair, origin, size, root, at_s)
    return write_cosigned([Cosigned(log=log, size=size, root=root, at_s=at_s, suite=suite, signature=signature)])


def nonce_asked(side: Side) -> bytes:
    """Give the nonce of the tail question that waits to be moved."""
    _, reader, _ = open_frame(side.sent(Kind.TAIL_ASK)[-1].frame)
    return read_tail_ask(reader)


def tail_answer(
    asker: Side,
    heads: Sequence[Head],
    *,
    nonce: bytes | None = None,
    by: str = "",
    ahead: Sequence[tuple[int, Head]] = (),
) -> bytes:
    """Give an answer to a tail question, signed by the other side (or by whom a test says)."""
    identity = identity_of(asker.us)
    nonce = nonce_asked(asker) if nonce is None else nonce
    message = tail_message(identity.line, nonce, tuple(heads), tuple(ahead))
    signature = keys_of(by or identity.theirs.side).cosign.sign(message)
    return write_tail_answer(TailAnswer(nonce=nonce, heads=tuple(heads), signature=signature, ahead=tuple(ahead)))
