"""The passkeys of our people, and the log of what was done to accounts and keys. Nothing here crosses the line.

Owns: the spaces `private.passkeys` and `private.audit`; which key signs whom in.
Does not own: the check of an assertion (identity/passkeys.py), which keys bind across the line (subjects/standing).
Always true:
  1. A credential belongs to one person for ever: stored again under another name it is refused.
  2. A counter that does not rise is a copied key: it opens nothing (WebAuthn level 3, 7.2 step 22).
  3. Every change of keys, links and sessions leaves a row in the log.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from parley import limits
from parley.codec import b64, unb64
from parley.codec.text import make_text
from parley.errors import Refused
from parley.identity import Assertion, Credential, verify_assertion
from parley.people import accounts, kept
from parley.people.accounts import Account
from parley.people.kept import Values
from parley.storage.port import ValueRow
from parley.times import Moment

SPACE: Final = "private.passkeys"
AUDIT: Final = "private.audit"


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """One passkey of one person; `id` and `key` (DER) are base64."""

    id: str
    person: str
    key: str
    name: str
    made_at: int
    used_at: int = 0
    count: int = 0
    backed_up: bool = False

    @property
    def short(self) -> str:
        """What lists and addresses call it: says nothing that a rival could use."""
        return name_of(unb64(self.id))[:12]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing done to somebody's account or keys; `by` is "" for the machine's own administrator at its terminal."""

    at: int
    person: str
    by: str
    deed: str  # a key of the desk's strings: audit.<deed>
    name: str = ""


_passkeys: Final = msgspec.json.Decoder(Passkey)
_audits: Final = msgspec.json.Decoder(Audit)


def name_of(credential: bytes) -> str:
    """Give the name a credential is kept under."""
    return hashlib.sha256(credential).hexdigest()


def find(values: Values, credential: bytes) -> Passkey | None:
    """Give the passkey with this credential id, or None."""
    data = values.value(SPACE, name_of(credential))
    return None if data is None else kept.read(_passkeys, data)


def of_person(values: Values, person: str) -> list[Passkey]:
    """Give the passkeys of one person, oldest first."""
    found = [one for _, one in kept.every(values, SPACE, _passkeys) if one.person == person]
    return sorted(found, key=lambda one: (one.made_at, one.id))


def add(values: Values, account: Account, made: Credential, name: str, now: Moment) -> tuple[Passkey, list[ValueRow]]:
    """Give a new passkey and the rows that store it.

    Raises: Refused `people.disabled`, `passkeys.again`, `passkeys.many`, `passkeys.name`.
    """
    accounts.check_open(account)
    told = " ".join(make_text(name).split())
    if not told or len(told) > limits.TITLE_CHARS_MAX:
        raise Refused("passkeys.name", f"a passkey needs a name of at most {limits.TITLE_CHARS_MAX} characters")
    if find(values, made.id) is not None:
        raise Refused("passkeys.again", "this passkey is enrolled here already")
    if len(of_person(values, account.person)) >= limits.PASSKEYS_MAX:
        raise Refused("passkeys.many", f"a person has at most {limits.PASSKEYS_MAX} passkeys; remove one first")
    passkey = Passkey(
        id=b64(made.id), person=account.person, key=b64(made.public_key), name=told, made_at=int(now),
        backed_up=made.backed_up,
    )  # fmt: skip
    return passkey, [_row(passkey), audit(account.person, account.person, "passkey-added", now, name=told)]


def remove(values: Values, person: str, short: str, by: str, now: Moment) -> list[ValueRow]:
    """Give the rows that remove one passkey; raises Refused `passkeys.unknown`."""
    for passkey in of_person(values, person):
        if passkey.short == short:
            gone = ValueRow(SPACE, name_of(unb64(passkey.id)), None)
            return [gone, audit(person, by, "passkey-removed", now, name=passkey.name)]
    raise Refused("passkeys.unknown", "there is no such passkey")


def prove(
    values: Values,
    credential: bytes,
    assertion: Assertion,
    *,
    relying_party: str,
    origin: str,
    challenge: bytes,
    now: Moment,
) -> tuple[Account, Passkey, list[ValueRow]]:
    """Give who signed a challenge of ours just now, with which passkey, and the rows that note its use.

    Raises: Refused `passkeys.refused` (unknown key, closed account, copied key; the answer does not say which),
        PeerError `passkeys.…` where the assertion itself is wrong.
    """
    passkey = find(values, credential)
    account = None if passkey is None else accounts.find(values, passkey.person)
    if passkey is None or account is None or account.state == accounts.DISABLED:
        raise Refused("passkeys.refused", "this passkey opens nothing here: it was removed, or the account is closed")
    count = verify_assertion(
        unb64(passkey.key), assertion, relying_party=relying_party, origins=(origin,), challenge=challenge
    )
    if (count or passkey.count) and count <= passkey.count:
        raise Refused("passkeys.refused", "this passkey opens nothing here: its counter shows that it was copied")
    return account, passkey, [_row(msgspec.structs.replace(passkey, used_at=int(now), count=count))]


def audit(person: str, by: str, deed: str, now: Moment, *, name: str = "") -> ValueRow:
    """Give the row that notes a deed; two deeds of one kind at one moment to one person are one."""
    note = Audit(at=int(now), person=person, by=by, deed=deed, name=name)
    return ValueRow(AUDIT, f"{int(now):015}|{person}|{deed}", kept.write(note))


def audits(values: Values, person: str = "") -> list[Audit]:
    """Give the latest notes, newest first: of one person, or of everybody ("")."""
    found = [note for _, note in kept.every(values, AUDIT, _audits) if person in ("", note.person)]
    return found[: -limits.AUDIT_ROWS_SHOWN - 1 : -1]


def _row(passkey: Passkey) -> ValueRow:
    return ValueRow(SPACE, name_of(unb64(passkey.id)), kept.write(passkey))
