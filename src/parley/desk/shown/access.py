"""How somebody comes in: their passkeys, their sessions, and what was done to their account."""

from __future__ import annotations

from msgspec import Struct


class PasskeyShown(Struct, frozen=True, kw_only=True):
    """One passkey."""

    id: str
    name: str
    made_at: str
    used_at: str | None = None
    backed_up: bool = False  # it may be on several devices
    digest: str = ""  # SHA-256 of its public key: as the roster shows it


class SessionShown(Struct, frozen=True, kw_only=True):
    """One open session; `this` is the one that looks."""

    id: str
    door: str  # desk or api
    made_at: str
    used_at: str
    ends_at: str
    this: bool = False


class NoteShown(Struct, frozen=True, kw_only=True):
    """Something done to the account; `deed` names a sentence `audit.<deed>`."""

    at: str
    by: str
    deed: str
    name: str = ""


class AccessShown(Struct, frozen=True, kw_only=True):
    """Everything about how one person comes in."""

    person: str
    name: str
    passkeys: tuple[PasskeyShown, ...] = ()
    sessions: tuple[SessionShown, ...] = ()
    notes: tuple[NoteShown, ...] = ()
