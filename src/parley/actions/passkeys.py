"""Passkeys: enrol by a link, sign in, add and remove; the sessions of a person, and their end.

Owns: challenges for signing in and enrolling, what a link may still do, sessions, the notes in the private log.
Does not own: the check of an assertion (identity/), rows (people/), acts that bind (binding.py).
Always true:
  1. A challenge is ours, of this purpose, at most two minutes old, and good once.
  2. A link from the administrator signs nobody in where things are actual, nor once its person has a passkey.
  3. A session that follows another at the same desk ends that one in the same commit.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from parley import limits
from parley.actions.access_rows import AuditRow, PasskeyRow, SessionRow
from parley.actions.people_rows import Session
from parley.actions.ports import NodePort
from parley.actions.who import Who, need
from parley.codec import unb64
from parley.errors import PeerError, Refused
from parley.identity import Assertion, b64url, read_credential, unb64url
from parley.people import accounts, keys, passkeys
from parley.storage import ValueRow
from parley.times import Moment, moment_text, read_moment

_SECRET: Final = secrets.token_bytes(32)  # of this process: a challenge does not outlive it
_used: Final[dict[bytes, int]] = {}  # challenges answered, until they would be too old anyway
_spending: Final[set[str]] = set()  # links being used just now
_NONCE_BYTES, _TIME_BYTES = 16, 8
_SIGN_IN: Final = "sign-in"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk lives ("https://desk.example"); its host name is the relying party of its passkeys."""

    origin: str

    @property
    def relying_party(self) -> str:
        """Give the host name; raises Refused `passkeys.address` where the desk has only a number."""
        host = urlsplit(self.origin).hostname or ""
        if not host or ":" in host or host.rpartition(".")[2].isdigit():
            raise Refused(
                "passkeys.address",
                f"passkeys belong to a name, and this desk is at {self.origin}: the administrator has to set `origin`"
                " to a host name (docs/operating/desk-address.md)",
            )
        return host


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page hands on from the browser, each part in base64url."""

    id: str
    client: str
    authenticator: str
    signature: str = ""
    key: str = ""


_given: Final = msgspec.json.Decoder(Given)


def read_given(text: str) -> Given:
    """Read it; raises PeerError `passkeys.form`."""
    try:
        return _given.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.MsgspecError, UnicodeError):
        raise PeerError("passkeys.form", "what the browser sent is not the answer of a passkey") from None


def assertion_of(given: Given) -> Assertion:
    """Give the three pieces of an assertion; raises PeerError `passkeys.form`."""
    return Assertion(
        authenticator=unb64url(given.authenticator, max_bytes=limits.AUTHENTICATOR_BYTES_MAX),
        client=unb64url(given.client, max_bytes=limits.CLIENT_DATA_BYTES_MAX),
        signature=unb64url(given.signature, max_bytes=limits.ASSERTION_SIGNATURE_BYTES_MAX),
    )


def credential_id(given: Given) -> bytes:
    """Give the credential's id; raises PeerError `passkeys.form`."""
    return unb64url(given.id, max_bytes=limits.CREDENTIAL_BYTES_MAX)


# --- signing in -----------------------------------------------------------------------------------------------------


def sign_in_challenge(node: NodePort, place: Place) -> dict[str, str]:
    """Give what a browser needs to sign anybody in: a challenge and the relying party. Nobody need be known."""
    return {"challenge": _challenge(_SIGN_IN, node.moment()), "rp": place.relying_party}


async def sign_in(node: NodePort, place: Place, given: str, *, desk: str = "", instead: str = "") -> Session:
    """Sign in whoever signed our challenge with a passkey enrolled here.

    Args:
        instead: The secret of the session that ends with this: the desk is handed over, or somebody comes back.
    Raises: Refused `passkeys.refused`, `passkeys.challenge`, `passkeys.address`, PeerError `passkeys.…`.
    """
    account, rows = _prove(node, place, given, _SIGN_IN)
    random = secrets.token_bytes(2 * keys.SECRET_BYTES)
    made = keys.open_session(account, random, node.moment(), desk=desk)
    rows += [*made.rows, passkeys.audit(account.person, account.person, "signed-in", node.moment())]
    before = keys.find(node.store, instead) if instead else None
    if before is not None and before.kind == keys.SESSION:
        rows.append(keys.end(keys.name_of(instead)))
        if before.person != account.person:
            rows.append(passkeys.audit(before.person, account.person, "handed-over", node.moment()))
    await node.keep(rows)
    return Session(
        token=made.secret,
        person=account.person,
        csrf=made.key.csrf,
        expires_at=moment_text(Moment(made.key.ends_at or 0)),
    )


def _prove(node: NodePort, place: Place, text: str, purpose: str) -> tuple[accounts.Account, list[ValueRow]]:
    given = read_given(text)
    assertion = assertion_of(given)
    challenge = _take(assertion.client, purpose, node.moment())
    account, _, rows = passkeys.prove(
        node.store, credential_id(given), assertion, relying_party=place.relying_party, origin=place.origin,
        challenge=challenge, now=node.moment(),
    )  # fmt: skip
    _used[challenge] = int(node.moment()) + limits.CEREMONY_MS
    return account, rows


# --- enrolling ------------------------------------------------------------------------------------------------------


def link_signs_in(node: NodePort, token: str) -> bool:
    """Say whether a link may still sign its person in: never where things are actual, nor beside a passkey.

    Raises: Refused `people.link`.
    """
    person = keys.prove(node.store, token, keys.LINK, node.moment()).account.person
    return node.default_status != "actual" and not passkeys.of_person(node.store, person)


def enrol_challenge(node: NodePort, place: Place, *, token: str = "", who: Who | None = None) -> dict[str, object]:
    """Give what a browser needs to make a passkey, for the person of a link or of a session.

    `prove` is the challenge an existing passkey must sign first, where a signed-in person has one.
    """
    account, purpose = _enrolling(node, token, who)
    held = passkeys.of_person(node.store, account.person)
    return {
        "challenge": _challenge(purpose, node.moment()),
        "prove": _challenge("prove:" + purpose, node.moment()) if who is not None and held else "",
        "rp": place.relying_party,
        "side": node.identity.ours.name,
        "user": b64url(account.person.encode("ascii")),
        "person": account.person,
        "name": account.name,
        "held": [b64url(unb64(one.id)) for one in held],
    }


async def enrol(
    node: NodePort, place: Place, given: str, name: str, *, token: str = "", who: Who | None = None, proof: str = ""
) -> str:
    """Store a new passkey; give its person. A link is spent in the same commit, and signs nobody in.

    Raises: Refused `people.link`, `passkeys.…`; nothing was changed and the link stays good.
    """
    account, purpose = _enrolling(node, token, who)
    told, now = read_given(given), node.moment()
    client = unb64url(told.client, max_bytes=limits.CLIENT_DATA_BYTES_MAX)
    challenge = _take(client, purpose, now)
    made = read_credential(
        id=credential_id(told),
        authenticator=unb64url(told.authenticator, max_bytes=limits.AUTHENTICATOR_BYTES_MAX),
        client=client,
        public_key=unb64url(told.key, max_bytes=limits.PASSKEY_BYTES_MAX),
        relying_party=place.relying_party,
        origin=place.origin,
        challenge=challenge,
    )
    rows: list[ValueRow] = []
    if who is not None and passkeys.of_person(node.store, account.person):
        prover, rows = _prove(node, place, proof, "prove:" + purpose)
        if prover.person != account.person:
            raise Refused("passkeys.other", "that passkey is another person's; nothing was added")
    _, more = passkeys.add(node.store, account, made, name, now)
    if token:
        more.append(keys.end(keys.name_of(token)))
        if keys.name_of(token) in _spending:
            raise Refused("people.link", "this link is being used at this moment; ask for a new one")
        _spending.add(keys.name_of(token))  # until the disk has it, a second use would find it unspent
    _used[challenge] = int(now) + limits.CEREMONY_MS
    try:
        await node.keep([*rows, *more])
    finally:
        _spending.discard(keys.name_of(token))
    node.tell("people", {"person": account.person})
    return account.person


def _enrolling(node: NodePort, token: str, who: Who | None) -> tuple[accounts.Account, str]:
    if who is None:
        proven = keys.prove(node.store, token, keys.LINK, node.moment())
        return proven.account, f"enrol:{proven.name}"
    if who.via != "session":
        raise Refused("passkeys.session", "a passkey is added at a desk, by the person themselves")
    return accounts.get(node.store, who.person), f"enrol:{who.key}"


# --- keys and sessions of a person ----------------------------------------------------------------------------------


def _about(who: Who, person: str) -> str:
    """Give the person asked about ("" is oneself); raises Refused unless it is oneself or the asker keeps accounts."""
    if person not in ("", who.person):
        need(who, "people")
    return person or who.person


def list_passkeys(node: NodePort, who: Who, person: str = "") -> list[PasskeyRow]:
    """Give the passkeys of a person, oldest first."""
    return [
        PasskeyRow(
            id=one.short, person=one.person, name=one.name, made_at=moment_text(Moment(one.made_at)),
            used_at=moment_text(Moment(one.used_at)) if one.used_at else None, backed_up=one.backed_up,
            digest=hashlib.sha256(unb64(one.key)).hexdigest(),
        )
        for one in passkeys.of_person(node.store, _about(who, person))
    ]  # fmt: skip


def again_challenge(node: NodePort, who: Who, place: Place) -> dict[str, object]:
    """Give what whoever is signed in signs before a passkey is removed or a session ended: "" if they have no passkey.

    A desk that somebody left open must not be enough to shut its person, or anybody, out (ASVS 7.5.1, 7.5.2).
    """
    held = _to_prove(node, who)
    return {
        "challenge": _challenge(f"again:{who.key}", node.moment()) if held else "",
        "rp": place.relying_party if held else "",
        "held": [b64url(unb64(one.id)) for one in held],
    }


def _to_prove(node: NodePort, who: Who) -> list[passkeys.Passkey]:
    """Give the passkeys of which one has to sign; none for the terminal of the machine and where nobody has any."""
    return passkeys.of_person(node.store, who.person) if who.via == "session" else []


def _prove_again(node: NodePort, who: Who, place: Place, proof: str) -> list[ValueRow]:
    if not _to_prove(node, who):
        return []
    prover, rows = _prove(node, place, proof, f"again:{who.key}")
    if prover.person != who.person:
        raise Refused("passkeys.other", "that passkey is another person's; nothing was done")
    return rows


async def remove_passkey(node: NodePort, who: Who, place: Place, person: str, passkey: str, *, proof: str = "") -> None:
    """Remove a passkey: lost, or left behind. Nobody removes their own last one: that would lock them out.

    Args:
        proof: The asker's passkey over `again_challenge`.
    """
    person = _about(who, person)
    held = passkeys.of_person(node.store, person)
    if person == who.person and len(held) == 1:
        raise Refused("passkeys.last", "this is your last passkey; add another one first, or ask an administrator")
    gone = passkeys.remove(node.store, person, passkey, who.person, node.moment())
    await node.keep([*_prove_again(node, who, place, proof), *gone])
    node.tell("people", {"person": person})


def list_sessions(node: NodePort, who: Who, person: str = "") -> list[SessionRow]:
    """Give the open sessions of a person, newest first."""
    return [
        SessionRow(
            id=key.id, person=key.person, desk=key.desk, made_at=moment_text(Moment(key.made_at)),
            used_at=moment_text(Moment(max(key.used_at, key.made_at))),
            ends_at=moment_text(Moment(key.ends_at or 0)), this=name == who.key,
        )
        for name, key in keys.sessions(node.store, _about(who, person), node.moment())
    ]  # fmt: skip


async def end_sessions(node: NodePort, who: Who, place: Place, person: str, session: str, *, proof: str = "") -> None:
    """End one session, or with "" all but the one that asks; their open pages hear so at once.

    Args:
        proof: The asker's passkey over `again_challenge`.
    Raises: Refused `people.session.unknown`, `passkeys.…`; nothing was ended.
    """
    person, now = _about(who, person), node.moment()
    found = keys.sessions(node.store, person, now)
    ending = [name for name, key in found if (key.id == session if session else name != who.key)]
    if not ending:
        raise Refused("people.session.unknown", "there is no such session, or it has ended")
    rows = _prove_again(node, who, place, proof)
    rows += [*(keys.end(name) for name in ending), passkeys.audit(person, who.person, "session-ended", now)]
    await node.keep(rows)
    node.tell("people", {"person": person})


def list_audit(node: NodePort, who: Who, person: str = "") -> list[AuditRow]:
    """Give the latest notes about one's own account, or about another's."""
    return [
        AuditRow(at=moment_text(Moment(note.at)), person=note.person, by=note.by, deed=note.deed, name=note.name)
        for note in passkeys.audits(node.store, _about(who, person))
    ]


def lasts_s(node: NodePort, session: Session) -> int:
    """Give how many seconds a session has left."""
    return (read_moment(session.expires_at) - node.moment()) // 1000


# --- challenges -----------------------------------------------------------------------------------------------------


def _challenge(purpose: str, now: Moment) -> str:
    """Make a challenge that needs no memory until it is answered, so that nobody can fill a memory by asking."""
    head = secrets.token_bytes(_NONCE_BYTES) + (int(now) + limits.CEREMONY_MS).to_bytes(_TIME_BYTES, "big")
    return b64url(head + _seal(head, purpose))


def _seal(head: bytes, purpose: str) -> bytes:
    return hmac.digest(_SECRET, purpose.encode() + b"\n" + head, "sha256")


def _take(client: bytes, purpose: str, now: Moment) -> bytes:
    """Give the challenge that client data names, once it is ours, of this purpose, in time and unanswered.

    Raises: Refused `passkeys.challenge`. That the client data says nothing else is checked with the signature.
    """
    text = client.partition(b'"challenge":"')[2].partition(b'"')[0].decode("ascii", "replace")
    try:
        challenge = unb64url(text, max_bytes=_NONCE_BYTES + _TIME_BYTES + 32)
    except PeerError:
        challenge = b""
    head, seal = challenge[: _NONCE_BYTES + _TIME_BYTES], challenge[_NONCE_BYTES + _TIME_BYTES :]
    for old in [one for one, end in _used.items() if end < now]:
        del _used[old]
    good = hmac.compare_digest(seal, _seal(head, purpose)) and int.from_bytes(head[_NONCE_BYTES:], "big") >= now
    if not good or challenge in _used:
        raise Refused("passkeys.challenge", "this took longer than two minutes, or was answered before; try again")
    return challenge
