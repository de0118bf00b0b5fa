"""The accounts of our side: who works here, in which roles, open or closed. None of it crosses the line.

Owns: the space `private.people` and what an account must look like.
Does not own: the roster both sides hold (subjects/standing), proof of who somebody is (keys.py).
"""

from __future__ import annotations

from typing import Final

import msgspec

from parley import limits
from parley.codec.text import check_person, make_text
from parley.errors import PeerError, Refused
from parley.people import kept
from parley.people.kept import Values
from parley.people.rights import ROLES
from parley.storage.port import ValueRow
from parley.times import Moment

SPACE: Final = "private.people"
INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works here; the roster shows all `roles`, the first one first."""

    person: str
    name: str
    roles: tuple[str, ...]
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    binds: bool = False
    state: str = INVITED
    made_at: int = 0
    seen_at: int = 0  # moment of the last sign-in


_decoder: Final = msgspec.json.Decoder(Account)


def find(values: Values, person: str) -> Account | None:
    """Give an account, or None."""
    data = values.value(SPACE, person)
    return None if data is None else kept.read(_decoder, data)


def get(values: Values, person: str) -> Account:
    """Give an account; raises Refused `people.person.unknown`."""
    found = find(values, person)
    if found is None:
        raise Refused("people.person.unknown", f'nobody here has the id "{person[:48]}"')
    return found


def every(values: Values) -> list[Account]:
    """Give every account, by person id."""
    return [account for _, account in kept.every(values, SPACE, _decoder)]


def row(account: Account) -> ValueRow:
    """Give the row that stores an account."""
    return ValueRow(SPACE, account.person, kept.write(account))


def admit(
    before: Account | None,
    *,
    person: str,
    name: str,
    roles: tuple[str, ...],
    now: Moment,
    office: str = "",
    address: str = "",
    languages: tuple[str, ...] = (),
    binds: bool = False,
) -> Account:
    """Give the account of somebody new, or the changed one of somebody known; state and times are kept.

    Raises: Refused `people.id`, `people.name`, `people.role`.
    """
    try:
        check_person(person)
    except PeerError as wrong:
        raise Refused("people.id", f"a person's id is small letters, digits, '.' and '-': {wrong.sentence}") from None
    roles = tuple(dict.fromkeys(roles))
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Refused(
            "people.role", f"expected roles among {', '.join(ROLES)}, got {', '.join(unknown)[:80] or 'none'}"
        )
    told = make_text(name)
    if not told.strip() or len(told) > limits.TITLE_CHARS_MAX:
        raise Refused("people.name", f"a person needs a name of at most {limits.TITLE_CHARS_MAX} characters")
    return Account(
        person=person,
        name=told,
        roles=roles,
        office=make_text(office),
        address=make_text(address),
        languages=languages,
        binds=binds,
        state=before.state if before else INVITED,
        made_at=before.made_at if before else now,
        seen_at=before.seen_at if before else 0,
    )


def close(account: Account, by: str) -> Account:
    """Give the closed account; raises Refused `people.self` where somebody would close their own."""
    if account.person == by:
        raise Refused("people.self", "nobody closes their own account; ask another administrator")
    return msgspec.structs.replace(account, state=DISABLED)


def check_open(account: Account) -> None:
    """Raise Refused `people.disabled` if the account is closed."""
    if account.state == DISABLED:
        raise Refused("people.disabled", f"the account of {account.person} is closed")
