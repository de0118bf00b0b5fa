"""Who asks: the person behind a session, a token or a terminal, and what they may do.

Owns: `Who`, and the one place where an action asks for a right.
Does not own: the table of roles and rights (people/), how a session is proven (accounts.py).
Always true:
  1. Every action that reads or changes calls `need` (or `member`) first; a page or a route never decides.
  2. A token's scopes only ever take rights away from what its person may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """A person of our side, as proven just now."""

    person: str  # person id
    roles: tuple[str, ...]
    via: str  # "session" | "token" | "terminal"
    desk: str = ""  # the desk's name, for "shown at"
    scopes: tuple[str, ...] | None = None  # None: all that the roles give
    key: str = field(default="", repr=False)  # id of the session or token, to sign out or disable
