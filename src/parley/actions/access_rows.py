"""What the actions hand out about passkeys, sessions and what was done to an account.

Owns: the shape of these answers, as rows.py does for all others. Every moment is the one text form of times.py.
"""

from __future__ import annotations

from msgspec import Struct


class PasskeyRow(Struct, frozen=True, kw_only=True):
    """One passkey of one of our people."""

    id: str  # a short name for lists and addresses
    person: str
    name: str
    made_at: str
    used_at: str | None
    backed_up: bool  # it may live on several devices of its person
    digest: str  # SHA-256 of its public key in hex, as the roster shows it


class SessionRow(Struct, frozen=True, kw_only=True):
    """One open session; `this` is the one that asks."""

    id: str
    person: str
    desk: str
    made_at: str
    used_at: str
    ends_at: str
    this: bool


class AuditRow(Struct, frozen=True, kw_only=True):
    """One thing done to an account or its keys; `by` is a person of ours."""

    at: str
    person: str
    by: str
    deed: str
    name: str
