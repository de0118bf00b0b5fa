"""Accounts of our own side: enrol, sign in by one-time link, tokens for programs, disable, publish the roster.

Owns: rights, randomness and the moment handed to people/, and storing what it hands back.
Does not own: what an account, a key or a role is (people/), the roster both sides hold (subjects/standing).
Always true: 1. Of two who use one link at once, one gets in: the second finds it being spent.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parley.actions.people_rows import ApiToken, PersonRow, Session, SignInLink
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need
from parley.errors import Refused, Unavailable
from parley.people import Account, accounts, keys, passkeys
from parley.people import legal as legal_names
from parley.storage import ValueRow
from parley.subjects.standing import PersonView
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text

SESSION_PREFIX: Final = f"parley-{keys.SESSION}-"


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonForm:
    """Somebody to add to our side or to change."""

    person: str
    name: str
    role: str  # the one the roster shows
    roles: tuple[str, ...] = ()  # further ones; the roster shows all
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()
    binds: bool = False
    listed: bool = True  # also publish in the roster, so that the other side knows the name


async def add_person(node: NodePort, who: Who, form: PersonForm) -> PersonRow:
    """Give somebody an account here and, unless told otherwise, list them in the roster both sides hold."""
    need(who, "people")
    account = accounts.admit(
        accounts.find(node.store, form.person),
        person=form.person,
        name=form.name,
        roles=(form.role, *form.roles),
        now=node.moment(),
        office=form.office,
        address=form.address,
        languages=form.languages,
        binds=form.binds,
    )
    if form.listed:
        await _publish(node, who, account)
    await node.keep([accounts.row(account)])
    return person_row(node, form.person)


async def publish_person(node: NodePort, who: Who, person: str) -> Sent:
    """List (again) one of our people in the roster both sides hold."""
    need(who, "people")
    return await _publish(node, who, accounts.get(node.store, person))


async def _publish(node: NodePort, who: Who, kept: Account) -> Sent:
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{kept.person}")
    listed = view.passkeys if isinstance(view, PersonView) and view.listed else None  # who may bind stays as it is
    fact = standing.list_person(
        node.identity.ours.side,
        kept.person,
        name=kept.name,
        role=kept.roles[0],
        roles=kept.roles[1:],
        office=kept.office,
        address=kept.address,
        languages=kept.languages,
        binds=kept.binds or listed is not None,
        passkeys=listed,
        legal=legal.commitment if (legal := legal_names.find(node.store, kept.person)) else "",
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
    ours = {each.person for each in accounts.every(node.store)} | {each.person for each in view.roster(us)}
    theirs = sorted(each.person for each in view.persons if each.side == them)
    return [person_row(node, person) for person in sorted(ours)] + [person_row(node, each, them) for each in theirs]


def person_row(node: NodePort, person: str, side: str = "") -> PersonRow:
    """Give one person of a side ("" is ours), from roster and account."""
    us = node.identity.ours.side
    side = side or us
    view = node.book.view("line", f"roster/{side}/{person}")
    kept = accounts.find(node.store, person) if side == us else None
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
        roles=kept.roles if kept else view.roles if view else (),
        binds=known.binds if known else False,
        listed=view is not None and view.listed,
        account=kept.state if kept else "",
        seen_at=moment_text(Moment(kept.seen_at)) if kept and kept.seen_at else None,
        keys_by=view.keys_by if view is not None and view.listed else "",
    )


def person_name(node: NodePort, side: str, person: str) -> tuple[str, str]:
    """Give (name, office) to show for a person of a side; the id where nobody listed them."""
    if not person:
        return "", ""
    view = node.book.view("line", f"roster/{side}/{person}")
    if isinstance(view, PersonView):
        return view.name, view.office
    kept = accounts.find(node.store, person) if side == node.identity.ours.side else None
    return (kept.name, kept.office) if kept else (person, "")


async def enrol(node: NodePort, who: Who, person: str, *, minutes: int = 30, lost: bool = False) -> SignInLink:
    """Make a one-time link by which the person enrols a passkey; at a side for exercise it may sign in once.

    Args:
        lost: Their passkeys are lost: remove all of them and end their sessions first, in the same commit.
    """
    need(who, "people")
    account, now = accounts.get(node.store, person), node.moment()
    rows: list[ValueRow] = []
    if lost:
        for passkey in passkeys.of_person(node.store, person):
            rows += passkeys.remove(node.store, person, passkey.short, who.person, now)
        rows += [keys.end(name) for name, _ in keys.sessions(node.store, person, now)]
    made = keys.make_link(account, secrets.token_bytes(keys.SECRET_BYTES), now, minutes=minutes)
    note = passkeys.audit(person, who.person, "link-made", now)
    await node.keep([*rows, *made.rows, note, *keys.sweep(node.store, now)])
    node.tell("people", {"person": person})
    return SignInLink(
        person=person,
        token=made.secret,
        path=f"/sign-in?token={made.secret}",
        expires_at=moment_text(Moment(made.key.ends_at or 0)),
    )


async def sign_in(node: NodePort, token: str, *, desk: str = "") -> Session:
    """Trade a one-time link for a session; the link is spent in the same commit.

    Raises: Refused `people.link`; `people.link.enrols` where a link no longer signs in (passkeys.py): it stays good.
    """
    proven = keys.prove(node.store, token, keys.LINK, node.moment())
    if node.default_status == "actual" or passkeys.of_person(node.store, proven.account.person):
        raise Refused("people.link.enrols", "this link does not sign in: open it at a desk and enrol a passkey with it")
    random = secrets.token_bytes(2 * keys.SECRET_BYTES)
    made = keys.sign_in(node.store, token, random, node.moment(), desk=desk)
    spent = keys.name_of(token)
    if spent in _spending:
        raise Refused("people.link", "this link is being used at this moment; ask for a new one")
    _spending.add(spent)  # until the disk has it, a second use would find it unspent
    try:
        await node.keep([*made.rows, passkeys.audit(made.key.person, "", "signed-in-by-link", node.moment())])
    finally:
        _spending.discard(spent)
    return Session(
        token=made.secret,
        person=made.key.person,
        csrf=made.key.csrf,
        expires_at=moment_text(Moment(made.key.ends_at or 0)),
    )


_spending: Final[set[str]] = set()


async def sign_out(node: NodePort, who: Who) -> None:
    """End the session or token that asks."""
    if who.key:
        await node.keep([keys.end(who.key)])
        node.tell("people", {"person": who.person})


async def disable(node: NodePort, who: Who, person: str) -> None:
    """Close an account, with all its sessions and tokens; its drafts stay."""
    need(who, "people")
    closed = accounts.close(accounts.get(node.store, person), who.person)
    note = passkeys.audit(person, who.person, "disabled", node.moment())
    await node.keep([accounts.row(closed), *keys.end_all(node.store, person), note])
    node.tell("people", {"person": person})  # every open page asks again who it is, and is closed


async def issue_token(
    node: NodePort, who: Who, person: str, *, scopes: tuple[str, ...], days: int | None = 90
) -> ApiToken:
    """Give a program a token that acts for a person; scopes are rights, or "all" for all of the person's."""
    need(who, "people")
    account = accounts.get(node.store, person)
    random = secrets.token_bytes(keys.SECRET_BYTES)
    made = keys.make_token(account, random, node.moment(), scopes=scopes, days=days)
    await node.keep([*made.rows, passkeys.audit(person, who.person, "token-made", node.moment())])
    ends = made.key.ends_at
    return ApiToken(
        token=made.secret,
        id=made.key.id,
        person=person,
        scopes=made.key.scopes or (),
        expires_at=None if ends is None else moment_text(Moment(ends)),
    )


async def withdraw_token(node: NodePort, who: Who, token_id: str) -> None:
    """End one token, by the id it was given with."""
    need(who, "people")
    for account in accounts.every(node.store):
        for name, found in keys.of_person(node.store, account.person):
            if found.kind == keys.TOKEN and found.id == token_id:
                await node.keep([keys.end(name)])
                return
    raise Refused("people.token.unknown", "there is no such token")


async def open_terminal(node: NodePort) -> str | None:
    """Give the terminal of this machine a token for its first administrator; the one of an earlier run ends.

    Only the process that runs the node calls this; who can read its data folder has the keys anyway.
    """
    chosen = next(
        (each for each in accounts.every(node.store) if "administrator" in each.roles and each.state != "disabled"),
        None,
    )
    if chosen is None:
        return None
    before = node.store.value(*_TERMINAL)
    random = secrets.token_bytes(keys.SECRET_BYTES)
    made = keys.make_token(chosen, random, node.moment(), scopes=("all",), days=None)
    rows = [*made.rows, ValueRow(*_TERMINAL, keys.name_of(made.secret).encode())]
    await node.keep([keys.end(before.decode()), *rows] if before else rows)
    return made.secret


_TERMINAL: Final = ("private.terminal", "token")  # under what name the terminal's token is kept


def who_by_session(node: NodePort, token: str) -> Who:
    """Give the person behind a session cookie; raises Refused `people.session` when there is none."""
    return _who(node, token, keys.SESSION)


def who_by_token(node: NodePort, token: str) -> Who:
    """Give the person behind an API token; raises Refused `people.token` when there is none."""
    return _who(node, token, keys.TOKEN)


def _who(node: NodePort, secret: str, kind: str) -> Who:
    proven = keys.prove(node.store, secret, kind, node.moment())
    if proven.rows:
        _keep_later(node, proven.rows)
    return Who(
        person=proven.account.person,
        roles=proven.account.roles,
        via=kind,
        desk=proven.key.desk or "api",
        scopes=proven.key.scopes,
        key=proven.name,
    )


def _keep_later(node: NodePort, rows: Sequence[ValueRow]) -> None:
    """Note the last use of a key, without letting the request wait for the disk."""

    async def keep() -> None:
        try:
            await node.keep(rows)
        except Unavailable:
            return  # the disk says so elsewhere; a session that ends too early loses nothing

    task = asyncio.ensure_future(keep())
    _noting.add(task)
    task.add_done_callback(_noting.discard)


_noting: Final[set[asyncio.Future[None]]] = set()
