"""When an entry must carry its person's passkey signature, and whether the one it carries holds; raises Refused.

Owns: the rule. A side *binds by passkey* from its first listing with passkeys; before, its node's word stands alone.
Does not own: the form and the check of an assertion (record/binding.py), which kinds ask for it (each subject's rules).
Always true:
  1. The verdict depends on the entry's own past alone: on the roster as that past shows it.
  2. A nonce counts once: an entry whose nonce stands in its past is not valid (rulings.py asks the book).
"""

from __future__ import annotations

from typing import cast

from parley.errors import PeerError, Refused
from parley.record import binding, vouching
from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.standing.view import PersonView


def require(act: Act, standing: Standing, *, must: bool) -> None:
    """Raise Refused unless the entry is signed as it must be; one that need not be signed and is, must be right."""
    entry = act.entry
    if not binding.is_signed(entry):
        need(
            not (must and standing.binding(entry.side)),
            "binding.missing",
            "its side lists passkeys, so this needs the passkey of the person who acts",
        )
        return
    listed = standing.passkeys(entry.side, entry.person)
    if listed is None:
        raise Refused("binding.no-key", "it is signed, and the roster lists no passkey for its person")
    try:
        signed = binding.read_signed(entry.body["assertion"])
        need(signed.listing == listed[1], "binding.listing", "it names another roster entry than the one in force")
        binding.verify_signed(entry, signed, listed[0])
    except PeerError as fault:
        raise Refused(fault.code, fault.sentence) from None


def rule_roster(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless this change of the roster leaves who may bind as it is, or another who binds signed it.

    While nobody else of the side binds, its node's word stands alone: so begins the first roster.
    """
    entry = act.entry
    person = str(entry.body["person"])
    before = view.passkeys if isinstance(view, PersonView) and view.listed else None
    told = entry.body.get("passkeys")
    after = None if told is None else binding.read_passkeys(told)
    need(after is None or entry.body["binds"] is True, "roster.binds", "who has passkeys listed must be said to bind")
    if vouching.is_vouched(entry):
        _rule_vouched(act, view, standing)
        return
    others = standing.binding(entry.side) - {person}
    if before == after or not others:
        require(act, standing, must=False)
        return
    need(
        entry.person in others,
        "binding.other",
        "who may bind is changed only by another person of that side who binds already, or by the side's identity",
    )
    require(act, standing, must=True)


def _rule_vouched(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the side's own identity signed this listing of keys, for a person on the roster, afresh."""
    entry = act.entry
    need("passkeys" in entry.body and not binding.is_signed(entry), "vouched.keys", "the identity only lists passkeys")
    need(isinstance(view, PersonView) and view.listed, "roster.unknown", "the person is not on the roster")
    need(
        entry.refs == (cast(PersonView, view).ref,),
        "vouched.again",
        "it must name the roster entry that it replaces, and that one is not in force",
    )
    try:
        card = vouching.verify_vouched(entry)
    except PeerError as fault:
        raise Refused("vouched.signature", f"the side's identity did not sign this: {fault.sentence}") from None
    other = vouching.read_vouched(entry.body[vouching.MEMBER]).other
    # After a loss both sides say with which cards the line goes on. The word of one side's node would not do: whoever
    # stole that node could name an identity of their own.
    cards, went_on = tuple(sorted((card.digest.hex(), other))), standing.continued()
    speaks = went_on == (cards, cards) if went_on else vouching.founds(card, other, entry.line)
    need(speaks, "vouched.card", "the card it brings is not the one with which this line was founded, or went on")
