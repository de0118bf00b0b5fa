"""What each role may do, as one table. Other customs can be mapped onto it; this is the one the program knows.

Owns: roles, rights, who belongs to every channel. Does not own: who has which role (accounts.py).
Rights: state (how the line and the channels are), read, draft, release, acknowledge (with showing, read-back and its
confirmation), translate, call, stop (raise and answer an emergency stop), channels, line (tests, fallback, watch),
record, people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from parley.errors import Refused

RIGHTS: Final = (
    "state", "read", "draft", "release", "acknowledge", "translate", "call", "stop", "channels", "line",
    "record", "people",
)  # fmt: skip
_SPEAKS: Final = frozenset(("state", "read", "draft", "release", "acknowledge", "call", "stop", "record"))
ROLES: Final[dict[str, frozenset[str]]] = {
    "principal": _SPEAKS | {"channels"},
    "duty-officer": _SPEAKS | {"translate", "channels", "line"},
    "delegate": _SPEAKS | {"translate"},
    "interpreter": frozenset(("state", "read", "draft", "translate", "call", "stop")),
    # Whoever answers takes a stop: everybody whom an incoming one could find at a desk.
    "recorder": frozenset(("state", "read", "record", "stop")),
    "auditor": frozenset(("state", "read", "record")),
    # Whoever keeps the machine and the accounts does not speak for the side, and need not read what is said.
    "administrator": frozenset(("state", "line", "people")),
}
# An auditor looks at every channel; the others at those they belong to.
EVERY_CHANNEL: Final = frozenset(("auditor",))


def rights_of(roles: Iterable[str], scopes: Collection[str] | None = None) -> frozenset[str]:
    """Give everything that these roles together may do; a token's scopes only ever take away from it."""
    found: frozenset[str] = frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
    return found if scopes is None else found & frozenset(scopes)


def may(roles: Iterable[str], right: str) -> bool:
    """Say whether one of these roles has a right."""
    return any(right in ROLES.get(role, ()) for role in roles)


def need(roles: Iterable[str], right: str, scopes: Collection[str] | None = None) -> None:
    """Raise Refused `people.right` or `people.scope` unless the roles give the right and the scopes leave it."""
    if not may(roles, right):
        raise Refused("people.right", f'this needs the right "{right}", which none of your roles has', right=right)
    if scopes is not None and right not in scopes:
        raise Refused("people.scope", f'this token has no scope "{right}"', right=right)
