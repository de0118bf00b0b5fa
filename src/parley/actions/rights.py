"""What each role may do, as one table. Both sides may have other customs; this is the one the program knows.

Rights: state (how the line and the channels are), read, draft, release, acknowledge (with showing, read-back and its
confirmation), translate, channels, line (tests, fallback, watch), record, people.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

RIGHTS: Final = (
    "state",
    "read",
    "draft",
    "release",
    "acknowledge",
    "translate",
    "channels",
    "line",
    "record",
    "people",
)
ROLES: Final[dict[str, frozenset[str]]] = {
    "principal": frozenset({"state", "read", "draft", "release", "acknowledge", "channels", "record"}),
    "duty-officer": frozenset(
        {"state", "read", "draft", "release", "acknowledge", "translate", "channels", "line", "record"}
    ),
    "delegate": frozenset({"state", "read", "draft", "release", "acknowledge", "translate", "record"}),
    "interpreter": frozenset({"state", "read", "draft", "translate"}),
    "recorder": frozenset({"state", "read", "record"}),
    "auditor": frozenset({"state", "read", "record"}),
    # Whoever keeps the machine and the accounts does not speak for the side, and need not read what is said.
    "administrator": frozenset({"state", "line", "people"}),
}
# An auditor looks at every channel; the others at those they belong to.
EVERY_CHANNEL: Final = frozenset({"auditor"})


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Give everything that these roles together may do."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


def may(roles: Iterable[str], right: str) -> bool:
    """Say whether one of these roles has a right."""
    return any(right in ROLES.get(role, ()) for role in roles)
