"""Accounts of our own side: enrol, sign in by one-time link, tokens for programs, disable, publish the roster.

Owns: proof of who somebody is. Does not own: what a role may do (rights.py), how accounts are kept (accounts.py).
Always true:
  1. A link, session or token is kept only as its SHA-256; what is shown once cannot be shown again.
  2. A link is spent before its session exists: of two who use one link at once, one gets in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from parley.actions import accounts
from parley.actions.accounts import LINK, SESSION, TOKEN, Account, Key
from parley.actions.ports import NodePort
from parley.actions.rights import RIGHTS, ROLES, rights_of
from parley.actions.rows import ApiToken, PersonRow, Sent, Session, SignInLink
from parley.actions.sending import write
from parley.actions.who import Who, need
from parley.codec.text import check_person, make_text
from parley.errors import PeerError, Refused
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text

SESSION_PREFIX: Final = "parley-session-"
SESSION_MS: Final = 12 * 3_600_000  # one watch of 8 hours (DOMAIN of real lines) and its hand-over
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonForm:
    """Somebody to add to our side or to change."""

    person: str
    name: str
    role: str  # the one the roster shows
    roles: tuple[str, ...] = ()  # further roles at our own node
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    binds: bool = False
    listed: bool = True  # also publish in the roster, so that the other side knows the name


async def add_person(node: NodePort, who: Who, form: PersonForm) -> PersonRow:
    """Give somebody an account here and, unless told otherwise, list them in the roster both sides hold."""
    need(who, "people")
    roles = tuple(dict.fromkeys((form.role, *form.roles)))
    for role in roles:
        if role not in ROLES:
            raise Refused("people.role", f"no such role: {role[:40]}; known are {', '.join(ROLES)}")
    try:
        check_person(form.person)
    except PeerError as wrong:
        raise Refused("people.id", f"a person's id is small letters, digits, '.' and '-': {wrong.sentence}") from None
    before = accounts.account(node, form.person)
    kept = Account(
        person=form.person,
        name=make_text(form.name),
        roles=roles,
        office=make_text(form.office),
        address=make_text(form.address),
        languages=form.languages,
        binds=form.binds,
        state=before.state if before else "invited",
        made_at=before.made_at if before else node.moment(),
        seen_at=before.seen_at if before else 0,
    )
    if not kept.name.strip():
        raise Refused("people.name", "a person needs a name")
    if form.listed:
        await _publish(node, who, kept)
    await node.keep([accounts.account_row(kept)])
    return person_row(node, form.person)


async def publish_person(node: NodePort, who: Who, person: str) -> Sent:
    """List (again) one of our people in the roster both sides hold."""
    need(who, "people")
    return await _publish(node, who, _account(node, person))


async def _publish(node: NodePort, who: Who, kept: Account) -> Sent:
    fact = standing.list_person(
        node.identity.ours.side,
        kept.person,
        name=kept.name,
        role=kept.roles[0],
        office=kept.office,
        address=kept.address,
        languages=kept.languages,
        binds=kept.binds,
    )
    return await write(node, who, fact)


async def withdraw_person(node: NodePort, who: Who, person: str) -> Sent:
    """Take one of our people out of the roster both sides hold."""
    need(who, "people")
    return await write(node, who, standing.remove_person(node.identity.ours.side, person))


def list_people(node: NodePort, who: Who) -> list[PersonRow]:
    """Give both sides' people, ours first."""
    need(who, "state")
    us, them = node.identity.ours.side, node.identity.theirs.side
    view = node.book.line_view()
    ours = {kept.person for kept in accounts.accounts(node)} | {each.person for each in view.roster(us)}
    theirs = sorted(each.person for each in view.persons if each.side == them)
    return [person_row(node, person) for person in sorted(ours)] + [person_row(node, each, them) for each in theirs]


def person_row(node: NodePort, person: str, side: str = "") -> PersonRow:
    """Give one person of a side ("" is ours), from roster and account."""
    us = node.identity.ours.side
    side = side or us
    view = node.book.view("line", f"roster/{side}/{person}")
    kept = accounts.account(node, person) if side == us else None
    if not isinstance(view, PersonView):
        view = None
    known = kept or view
    return PersonRow(
        id=person,
        side=side,
        ours=side == us,
        name=known.name if known else person,
        office=known.office if known else "",
        address=known.address if known else "",
        languages=tuple(known.languages) if known else (),
        role=kept.roles[0] if kept else view.role if view else "",
        roles=kept.roles if kept else (view.role,) if view else (),
        binds=known.binds if known else False,
        listed=view is not None and view.listed,
        account=kept.state if kept else "",
        seen_at=moment_text(Moment(kept.seen_at)) if kept and kept.seen_at else None,
    )


def person_name(node: NodePort, side: str, person: str) -> tuple[str, str]:
    """Give (name, office) to show for a person of a side; the id where nobody listed them."""
    if not person:
        return "", ""
    view = node.book.view("line", f"roster/{side}/{person}")
    if isinstance(view, PersonView):
        return view.name, view.office
    kept = accounts.account(node, person) if side == node.identity.ours.side else None
    return (kept.name, kept.office) if kept else (person, "")


async def enrol(node: NodePort, who: Who, person: str, *, minutes: int = 30) -> SignInLink:
    """Make a one-time link that signs the person in once."""
    need(who, "people")
    kept = _account(node, person)
    _usable(kept)
    secret, name = accounts.new_secret(LINK)
    ends = Moment(node.moment() + minutes * 60_000)
    await node.keep([accounts.key_row(name, _key(node, LINK, name, person, ends))])
    return SignInLink(person=person, token=secret, path=f"/sign-in?token={secret}", expires_at=moment_text(ends))


async def sign_in(node: NodePort, token: str, *, desk: str = "") -> Session:
    """Trade a one-time link for a session; the link is spent, whatever happens next."""
    found = accounts.key(node, token)
    spent = accounts.key_name(token)
    if found is None or found.kind != LINK or spent in _spending:
        raise Refused("people.link", "this link is not known here, or somebody has used it; ask for a new one")
    if found.ends_at is not None and node.moment() >= found.ends_at:
        raise Refused("people.link", "this link is too old; ask for a new one")
    kept = _account(node, found.person)
    _usable(kept)
    secret, name = accounts.new_secret(SESSION)
    ends = Moment(node.moment() + SESSION_MS)
    session = _key(node, SESSION, name, found.person, ends, desk=desk)
    seen = msgspec.structs.replace(kept, state="active", seen_at=int(node.moment()))
    _spending.add(spent)  # until the disk has it, a second use must not find it unspent
    try:
        rows = [accounts.key_row(spent, None), accounts.key_row(name, session), accounts.account_row(seen)]
        await node.keep(rows)
    finally:
        _spending.discard(spent)
    return Session(token=secret, person=found.person, csrf=session.csrf, expires_at=moment_text(ends))


_spending: Final[set[str]] = set()


async def sign_out(node: NodePort, who: Who) -> None:
    """End the session or token that asks."""
    if who.key:
        await node.keep([accounts.key_row(who.key, None)])


async def disable(node: NodePort, who: Who, person: str) -> None:
    """Close an account, with all its sessions and tokens; its drafts stay."""
    need(who, "people")
    kept = _account(node, person)
    if person == who.person:
        raise Refused("people.self", "nobody closes their own account; ask another administrator")
    closed = msgspec.structs.replace(kept, state="disabled")
    rows = [accounts.key_row(name, None) for name, _ in accounts.keys_of(node, person)]
    await node.keep([accounts.account_row(closed), *rows])


async def issue_token(
    node: NodePort, who: Who, person: str, *, scopes: tuple[str, ...], days: int | None = 90
) -> ApiToken:
    """Give a program a token that acts for a person; scopes are rights, or "all" for all of the person's."""
    need(who, "people")
    kept = _account(node, person)
    _usable(kept)
    unknown = sorted(set(scopes) - set(RIGHTS) - {"all"})
    if unknown:
        raise Refused("people.scope", f"no such scope: {', '.join(unknown)[:100]}; known are all, {', '.join(RIGHTS)}")
    wanted = rights_of(kept.roles) if "all" in scopes else frozenset(scopes)
    secret, name = accounts.new_secret(TOKEN)
    ends = None if days is None else Moment(node.moment() + days * _DAY_MS)
    token = _key(node, TOKEN, name, person, ends, scopes=tuple(sorted(wanted)))
    await node.keep([accounts.key_row(name, token)])
    return ApiToken(
        token=secret,
        id=token.id,
        person=person,
        scopes=token.scopes or (),
        expires_at=None if ends is None else moment_text(ends),
    )


async def withdraw_token(node: NodePort, who: Who, token_id: str) -> None:
    """End one token, by the id it was given with."""
    need(who, "people")
    for kept in accounts.accounts(node):
        for name, found in accounts.keys_of(node, kept.person):
            if found.kind == TOKEN and found.id == token_id:
                await node.keep([accounts.key_row(name, None)])
                return
    raise Refused("people.token-id.unknown", "there is no such token")


def who_by_session(node: NodePort, token: str) -> Who:
    """Give the person behind a session cookie; raises Refused `people.session` when there is none."""
    return _who(node, token, SESSION, "people.session", "you are not signed in here, or no longer")


def who_by_token(node: NodePort, token: str) -> Who:
    """Give the person behind an API token; raises Refused `people.token` when there is none."""
    return _who(node, token, TOKEN, "people.token", "this token is not known here, or no longer good")


def csrf_of(node: NodePort, token: str) -> str:
    """Give the anti-forgery word of a session, for forms."""
    found = accounts.key(node, token)
    if found is None or found.kind != SESSION:
        raise Refused("people.session", "you are not signed in here, or no longer")
    return found.csrf


def _who(node: NodePort, secret: str, kind: str, code: str, words: str) -> Who:
    found = accounts.key(node, secret)
    if found is None or found.kind != kind or (found.ends_at is not None and node.moment() >= found.ends_at):
        raise Refused(code, words)
    kept = accounts.account(node, found.person)
    if kept is None or kept.state == "disabled":
        raise Refused(code, words)
    return Who(
        person=kept.person,
        roles=kept.roles,
        via=kind,
        desk=found.desk or "api",
        scopes=found.scopes,
        key=accounts.key_name(secret),
    )


def _key(
    node: NodePort,
    kind: str,
    name: str,
    person: str,
    ends: Moment | None,
    *,
    scopes: tuple[str, ...] | None = None,
    desk: str = "",
) -> Key:
    return Key(
        kind=kind,
        id=name[:12],
        person=person,
        made_at=node.moment(),
        ends_at=ends,
        scopes=scopes,
        desk=desk,
        csrf=accounts.new_secret("form")[0] if kind == SESSION else "",
    )


def _account(node: NodePort, person: str) -> Account:
    kept = accounts.account(node, person)
    if kept is None:
        raise Refused("people.person.unknown", f'nobody here has the id "{person[:48]}"')
    return kept


def _usable(kept: Account) -> None:
    if kept.state == "disabled":
        raise Refused("people.disabled", f"the account of {kept.person} is closed")
