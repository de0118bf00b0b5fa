"""Replacing a side's keys over the line: what is in force, what was announced, announcing, confirming.

Owns: rights and rows. Does not own: making keys (cli/), what makes an announcement good (subjects/standing/keys.py).
Always true: nothing is announced or confirmed that the other side's program would not take for good.
"""

from __future__ import annotations

from collections.abc import Mapping

from parley.actions.line_rows import KeysRow, SideKeysRow
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import speaker, write_as
from parley.actions.who import Who, need
from parley.codec import unb64
from parley.errors import PeerError, Refused
from parley.identity import Card, read_card, words
from parley.record.names import LogId
from parley.subjects.standing import KeysView
from parley.subjects.standing import facts as standing
from parley.subjects.standing.keys import Draft, check_announcement
from parley.times import moment_text


def keys_state(node: NodePort, who: Who) -> KeysRow:
    """Give both sides' cards in force, and what was announced and not confirmed yet."""
    need(who, "state")
    identity = node.identity
    return KeysRow(
        ours=_side(node, identity.ours.side),
        theirs=_side(node, identity.theirs.side),
        heads={log.text: size for log, size in node.heads().items()},
    )


async def announce_keys(node: NodePort, who: Who, *, card: str, heads: Mapping[str, int], proof: str) -> Sent:
    """Announce our new card, made and signed by `parley keys replace`.

    Raises:
        Refused: `keys.card`, `keys.proof` (it could not come into force), `keys.heads` (a log or size that is not
            there), `keys.waiting` (an announcement of ours is still to be confirmed). Nothing was announced.
    """
    need(who, "people")
    us = node.identity.ours.side
    pending = _pending(node, us)
    held = node.heads()
    for name, size in heads.items():
        log = LogId.read(name)
        if log.side != us or not 0 < size <= held.get(log, 0):
            raise Refused("keys.heads", f"{name}: expected at most the {held.get(log, 0)} entries it has, got {size}")
    digest = _read_card(card).digest.hex()
    if pending is not None and pending.digest == digest:
        raise Refused("keys.waiting", "this card was announced already; the other side has not confirmed it yet")
    fact = standing.replace_keys(us, card=card, digest=digest, heads={LogId.read(n): s for n, s in heads.items()},
                                 proof=proof)  # fmt: skip
    check_announcement(node.identity, Draft(side=us, card=card, digest=digest, heads=heads, proof=proof))
    return await write_as(node, speaker(node, who), fact)


async def confirm_keys(node: NodePort, who: Who, *, digest: str) -> Sent:
    """Confirm the other side's new card after its words were compared; it comes into force at once.

    Raises:
        Refused: `keys.none` (nothing waits), `keys.digest` (another card waits), `keys.card`, `keys.proof` (what waits
            cannot be trusted). Nothing was confirmed.
    """
    need(who, "people")
    them = node.identity.theirs.side
    pending = _pending(node, them)
    if pending is None:
        raise Refused("keys.none", f"{them} has announced no card that waits to be confirmed")
    if pending.digest != digest:
        raise Refused("keys.digest", "the card that waits is another one than was compared; nothing was confirmed")
    check_announcement(node.identity, pending)
    return await write_as(node, speaker(node, who), standing.confirm_keys(them, digest, pending.ref))


def _side(node: NodePort, side: str) -> SideKeysRow:
    party = node.identity.party(side)
    card = next(card for card in reversed(node.cards) if card.party == party)
    pending = _pending(node, side)
    return SideKeysRow(
        side=side,
        digest=card.digest.hex(),
        words=tuple(words(card.digest)),
        made=party.made,
        replaced=len(node.identity.formers(side)),
        announced_at=None if pending is None else pending.at,
        announced_digest="" if pending is None else pending.digest,
        announced_words=() if pending is None else tuple(words(bytes.fromhex(pending.digest))),
        now=moment_text(node.moment()),
    )


def _pending(node: NodePort, side: str) -> KeysView | None:
    view = node.book.view("line", f"keys/{side}")
    return view if isinstance(view, KeysView) and not view.confirmed_at else None


def _read_card(text: str) -> Card:
    try:
        return read_card(unb64(text))
    except PeerError as fault:
        raise Refused("keys.card", f"this is not a card: {fault.sentence}") from None
