"""Accounts of our own side: enrol, sign in by one-time link, tokens for programs, disable, publish the roster.

Owns: proof of who somebody is. Does not own: what a role may do (people/).
Always true: 1. A link, session or token is kept only as its SHA-256; what is shown once cannot be shown again.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.actions.ports import NodePort
from parley.actions.rows import ApiToken, PersonRow, Sent, Session, SignInLink
from parley.actions.who import Who


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonForm:
    """Somebody to add to our side or to change."""

    person: str
    name: str
    role: str  # principal | duty-officer | delegate | interpreter | recorder | auditor | administrator
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    binds: bool = False
    listed: bool = True  # also publish in the roster, so that the other side knows the name


async def add_person(node: NodePort, who: Who, form: PersonForm) -> PersonRow:
    """Give somebody an account here and, unless told otherwise, list them in the roster both sides hold."""
    raise NotImplementedError


async def publish_person(node: NodePort, who: Who, person: str) -> Sent:
    """List (again) one of our people in the roster both sides hold."""
    raise NotImplementedError


async def withdraw_person(node: NodePort, who: Who, person: str) -> Sent:
    """Take one of our people out of the roster both sides hold."""
    raise NotImplementedError


def list_people(node: NodePort, who: Who) -> list[PersonRow]:
    """Give both sides' people, ours first."""
    raise NotImplementedError


async def enrol(node: NodePort, who: Who, person: str, *, minutes: int = 30) -> SignInLink:
    """Make a one-time link that signs the person in once."""
    raise NotImplementedError


async def sign_in(node: NodePort, token: str, *, desk: str = "") -> Session:
    """Trade a one-time link for a session; the link is spent, whatever happens next."""
    raise NotImplementedError


async def sign_out(node: NodePort, who: Who) -> None:
    """End the session that asks."""
    raise NotImplementedError


async def disable(node: NodePort, who: Who, person: str) -> None:
    """Close an account, with all its sessions and tokens; its drafts stay."""
    raise NotImplementedError


async def issue_token(
    node: NodePort, who: Who, person: str, *, scopes: tuple[str, ...], days: int | None = 90
) -> ApiToken:
    """Give a program a token that acts for a person, within scopes."""
    raise NotImplementedError


async def withdraw_token(node: NodePort, who: Who, token_id: str) -> None:
    """End one token."""
    raise NotImplementedError


def who_by_session(node: NodePort, token: str) -> Who:
    """Give the person behind a session cookie; raises Refused `people.session` when there is none."""
    raise NotImplementedError


def who_by_token(node: NodePort, token: str) -> Who:
    """Give the person behind an API token; raises Refused `people.token` when there is none."""
    raise NotImplementedError


def csrf_of(node: NodePort, token: str) -> str:
    """Give the anti-forgery word of a session, for forms."""
    raise NotImplementedError
