"""The way back when nobody of our side binds any more: the identity key lists a person's passkeys.

Owns: what the identity is to sign, word for word, and writing it once it did.
Does not own: the signature (made at the terminal, where the offline key is), when it is allowed (subjects/binding.py).
Always true: 1. Nothing here is a way round the rule: the book judges the entry, as the other side's node will.
"""

from __future__ import annotations

from parley.actions import binding
from parley.actions.passkeys import Place
from parley.actions.people_rows import VouchRow
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import speaker, write_as
from parley.actions.who import Who, need
from parley.codec import JsonValue, b64, unb64
from parley.errors import PeerError, Refused
from parley.identity import Card
from parley.record import vouching
from parley.record.vouching import Vouched
from parley.subjects.kinds import Fact
from parley.subjects.standing import ContinuedView


def to_vouch(node: NodePort, who: Who, place: Place, person: str) -> VouchRow:
    """Give what our identity signs to list the passkeys that a person has enrolled here.

    Raises: Refused `roster.unknown`, `binding.no-key`, `passkeys.address`, `people.right`.
    """
    need(who, "people")
    fact = binding.listing(node, place, person, afresh=True)
    card, other = _card(node)
    return VouchRow(person=person, words=_words(node, who, fact).decode(), card=b64(card.to_bytes()), other=other)


async def vouch(node: NodePort, who: Who, place: Place, person: str, *, words: str, signature: str) -> Sent:
    """List the passkeys of one of our people, as our identity signed it over `words`.

    Raises: Refused `vouched.changed` (the words are no longer those), `vouched.signature`, and what the rules refuse.
    """
    need(who, "people")
    fact = binding.listing(node, place, person, afresh=True)
    if _words(node, who, fact).decode() != words:
        raise Refused("vouched.changed", "keys or the roster have changed since this was signed; nothing was written")
    card, other = _card(node)
    try:
        signed = Vouched(card=card.to_bytes(), other=other, signature=unb64(signature))
        vouching.read_vouched(signed.value())
    except PeerError as fault:
        raise Refused("vouched.signature", f"this is no signature: {fault.sentence}") from None
    body: dict[str, JsonValue] = {**fact.body, vouching.MEMBER: signed.value()}
    named = Fact(channel=fact.channel, kind=fact.kind, subject=fact.subject, body=body, refs=fact.refs)
    done = await write_as(node, speaker(node, who), named, status=node.default_status)
    node.tell("people", {"person": person})
    return done


def _words(node: NodePort, who: Who, fact: Fact) -> bytes:
    return vouching.vouched_words(
        fact.body, line=node.identity.line, side=node.identity.ours.side, person=speaker(node, who),
        subject=fact.subject or "", refs=[[ref.log.text, ref.number, ref.id] for ref in fact.refs],
        status=node.default_status,
    )  # fmt: skip


def _card(node: NodePort) -> tuple[Card, str]:
    """Give our card with which the line was founded, or went on after a loss, and the digest of theirs."""
    us = node.identity.ours.side
    said = node.book.view("line", f"continued/{us}")
    digests = said.cards if isinstance(said, ContinuedView) else [card.digest.hex() for card in node.cards[:2]]
    ours = next(card for card in node.cards if card.party.side == us and card.digest.hex() in digests)
    return ours, next(digest for digest in digests if digest != ours.digest.hex())
