"""Acts that bind: what is about to be signed is made whole first, shown, signed with a passkey, and only then written.

Owns: what waits to be signed, the challenge, which passkeys may answer, the listing of passkeys in the roster.
Does not own: the form of an act (record/binding.py), when one is needed (subjects/), the words of a fact (messages.py).
Always true:
  1. What is written is what was shown: the fact is made once, before the page, and kept here until it is signed.
  2. Each is good once, for the session that asked, for limits.SIGNING_MS; and whoever signs it again, since the answer
     was lost on its way to their page, is told that it was done.
  3. Nothing here is a way round the rule: the book judges the entry again, as the other side's will.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from parley import limits
from parley.actions.passkeys import Place, assertion_of, credential_id, read_given
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need
from parley.codec import unb64
from parley.errors import ParleyError, Refused, Unavailable
from parley.identity import b64url
from parley.people import accounts, passkeys
from parley.record import binding
from parley.record.binding import Passkeys, Signed
from parley.record.names import Ref
from parley.subjects.kinds import Fact
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text

_NONCE_BYTES: Final = 16
Write = Callable[[Fact], Awaitable[Sent]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a person is asked to sign: `words` and `act` in the bytes that are signed, and what a browser needs."""

    nonce: str
    words: str
    act: str
    challenge: str
    relying_party: str
    credentials: tuple[str, ...]
    until: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    who: Who
    place: Place
    fact: Fact
    listing: Ref
    passkeys: Passkeys
    challenge: bytes
    ends_at: int
    write: Write


_waiting: Final[dict[str, _Waiting]] = {}  # by nonce, the oldest first
_signed: Final[dict[str, _Waiting]] = {}  # what was signed and is written, or is being written; the oldest first


def must_sign(node: NodePort) -> bool:
    """Say whether our side lists passkeys, so that acts that bind need one."""
    return bool(_binding(node))


def refuse_unsigned(node: NodePort, what: str) -> None:
    """Raise Refused `binding.missing` if our side lists passkeys: a token or a form has none to sign with."""
    if must_sign(node):
        raise Refused(
            "binding.missing",
            f"our side lists passkeys in the roster, so {what} needs the passkey of who acts: do it at a desk",
        )


def begin(node: NodePort, who: Who, place: Place, fact: Fact, write: Write, *, precedence: str, status: str) -> Asked:
    """Keep a fact until its person has signed it; give what is to be shown and signed.

    Args:
        write: Writes the fact with the assertion in it; it checks again what may have changed meanwhile.
    Raises: Refused `binding.session`, `binding.no-key`, `binding.address`; Unavailable `binding.busy`.
    """
    if who.via != "session":
        raise Refused("binding.session", "this is signed at a desk, by the person themselves")
    listed = _binding(node).get(who.person)
    if listed is None:
        raise Refused("binding.no-key", "the roster lists no passkey for you: ask an administrator to list it")
    keys, listing = listed
    if place.relying_party != keys.relying_party or place.origin not in keys.origins:
        raise Refused(
            "binding.address", f"the roster lists your passkeys for {keys.origins[0]}, and this is another desk"
        )
    held = [one for one in passkeys.of_person(node.store, who.person) if one.key in keys.keys]
    if not held:
        raise Refused("binding.no-key", "none of your passkeys here is the one the roster lists")
    nonce, now = secrets.token_bytes(_NONCE_BYTES).hex(), int(node.moment())
    words = binding.shown(fact.body, precedence=precedence, status=status, refs=fact.refs)
    act = binding.act(
        line=node.identity.line, channel=fact.channel, side=node.identity.ours.side, person=who.person,
        kind=fact.kind, subject=fact.subject or fact.kind.partition(".")[0], shown=words, nonce=nonce,
    )  # fmt: skip
    challenge = binding.challenge(act)
    _make_room(who, now)
    ends_at = now + limits.SIGNING_MS
    _waiting[nonce] = _Waiting(
        who=who,
        place=place,
        fact=fact,
        listing=listing,
        passkeys=keys,
        challenge=challenge,
        ends_at=ends_at,
        write=write,
    )
    return Asked(
        nonce=nonce,
        words=words.decode(),
        act=act.decode(),
        challenge=b64url(challenge),
        relying_party=keys.relying_party,
        credentials=tuple(b64url(unb64(one.id)) for one in held),
        until=moment_text(Moment(ends_at)),
    )


async def complete(node: NodePort, who: Who, place: Place, nonce: str, given: str) -> Sent:
    """Write what was begun, signed by its person's passkey; whatever comes of it, this nonce is spent.

    Raises: Refused `binding.done` (it was signed before), `binding.late`, `passkeys.…`, and what writing raises;
        PeerError `passkeys.…`. Nothing was written.
    """
    before = _signed.get(nonce)
    if before is not None and (before.who.person, before.who.key) == (who.person, who.key):
        raise Refused("binding.done", "this was signed before, and was taken; look where it stands")
    waiting = _waiting.get(nonce)
    if waiting is None or (waiting.who.person, waiting.who.key) != (who.person, who.key):
        raise Refused("binding.late", "what you were to sign is no longer here; nothing was signed, look at it afresh")
    del _waiting[nonce]
    if waiting.ends_at < node.moment() or waiting.place != place:
        raise Refused("binding.late", "this took longer than five minutes; nothing was signed, look at it afresh")
    told = read_given(given)
    assertion = assertion_of(told)
    account, passkey, rows = passkeys.prove(
        node.store, credential_id(told), assertion, relying_party=place.relying_party, origin=place.origin,
        challenge=waiting.challenge, now=node.moment(),
    )  # fmt: skip
    if account.person != who.person:
        raise Refused("passkeys.other", "that passkey is another person's; nothing was written")
    if passkey.key not in waiting.passkeys.keys:
        raise Refused("binding.no-key", "that passkey of yours is not the one the roster lists; nothing was written")
    await node.keep([*rows, passkeys.audit(who.person, who.person, "signed", node.moment(), name=passkey.name)])
    made = Signed(
        nonce=nonce, listing=waiting.listing, key=waiting.passkeys.keys.index(passkey.key), assertion=assertion
    )
    _signed[nonce] = waiting
    try:
        return await waiting.write(replace(waiting.fact, body={**waiting.fact.body, "assertion": made.value()}))
    except ParleyError:
        del _signed[nonce]
        raise


def _make_room(who: Who, now: int) -> None:
    """Let go what is too old, and of one person's what is oldest; nobody's wish pushes out another's."""
    for kept in (_waiting, _signed):
        for nonce in [nonce for nonce, one in kept.items() if one.ends_at < now]:
            del kept[nonce]
    own = [nonce for nonce, one in _waiting.items() if one.who.person == who.person]
    for nonce in own[: max(0, len(own) - limits.SIGNINGS_OF_ONE_MAX + 1)]:
        del _waiting[nonce]
    if len(_waiting) >= limits.CEREMONIES_MAX:
        raise Unavailable("binding.busy", "too many acts wait to be signed at this node; try again in a minute")


def _binding(node: NodePort) -> dict[str, tuple[Passkeys, Ref]]:
    """Give the persons of our side with passkeys in the roster."""
    return {
        one.person: (one.passkeys, one.ref)
        for one in node.book.line_view().roster(node.identity.ours.side)
        if one.passkeys is not None
    }


# --- the roster -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingRow:
    """Whether the roster lists somebody's passkeys, and whether they are those enrolled here."""

    person: str
    listed: int
    enrolled: int
    same: bool
    signs: bool  # a change is signed by another person who binds
    may: bool  # the asker may make it


def listing_of(node: NodePort, who: Who, person: str) -> ListingRow:
    """Give how it stands with the passkeys of one of our people."""
    need(who, "state")
    found = _binding(node)
    listed = found[person][0].keys if person in found else ()
    enrolled = [one.key for one in passkeys.of_person(node.store, person)]
    others = found.keys() - {person}
    return ListingRow(
        person=person, listed=len(listed), enrolled=len(enrolled), same=set(listed) == set(enrolled),
        signs=bool(others), may=who.person in others if others else "people" in who.rights,
    )  # fmt: skip


async def list_passkeys(node: NodePort, who: Who, place: Place, person: str, *, take_off: bool = False) -> Sent:
    """List the passkeys of one of our people in the roster, or take them off: who may bind.

    For as long as nobody else of our side binds; after that another person who binds signs it (`begin_listing`).
    Raises: Refused `binding.other`, `binding.no-key`, `people.right`.
    """
    need(who, "people")
    if _binding(node).keys() - {person}:
        raise Refused("binding.other", "who may bind is changed by another person who binds, at a desk, with a passkey")
    return await write(node, who, listing(node, place, person, take_off=take_off))


def begin_listing(node: NodePort, who: Who, place: Place, person: str, *, take_off: bool = False) -> Asked:
    """Begin the same, to be signed by another person who binds."""
    need(who, "release")
    if who.person == person or who.person not in _binding(node):
        raise Refused("binding.other", "who may bind is changed by another person who binds already")

    async def list_(fact: Fact) -> Sent:
        return await write(node, who, fact, status=node.default_status)

    fact = listing(node, place, person, take_off=take_off)
    return begin(node, who, place, fact, list_, precedence="", status=node.default_status)


def listing(node: NodePort, place: Place, person: str, *, take_off: bool = False, afresh: bool = False) -> Fact:
    """Make the roster entry that lists the passkeys somebody has enrolled here; raises Refused.

    Args:
        afresh: Name the roster entry it replaces, as one that the side's identity signs must.
    """
    account, side = accounts.get(node.store, person), node.identity.ours.side
    view = node.book.view("line", f"roster/{side}/{person}")
    if not isinstance(view, PersonView) or not view.listed:
        raise Refused("roster.unknown", "the person is not on the roster")
    held = tuple(one.key for one in passkeys.of_person(node.store, person))
    if not held and not take_off:
        raise Refused("binding.no-key", "the person has no passkey here yet: make a one-time link and enrol one first")
    return standing.list_person(
        side, person, name=account.name, role=account.roles[0], roles=account.roles[1:],
        office=account.office, address=account.address,
        languages=account.languages, binds=not take_off, legal=view.legal,
        passkeys=None if take_off else Passkeys(
            relying_party=place.relying_party, origins=(place.origin,), keys=held
        ),
        instead=view.ref if afresh else None,
    )  # fmt: skip
