"""The routes about people: who signs in, who is listed, what a program of ours may do."""

from __future__ import annotations

from typing import Any, Final

from parley.actions import legal_names, people, vouching
from parley.actions.passkeys import Place
from parley.actions.people_rows import ApiToken, LegalName, PersonRow, Session, SignInLink, VouchRow
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies


async def _sign_in(call: Call) -> Session:
    return await people.sign_in(call.node, call.body.token, desk="api")


async def _sign_out(call: Call) -> None:
    await people.sign_out(call.node, call.who)


async def _me(call: Call) -> dict[str, Any]:
    return {"person": call.who.person, "roles": call.who.roles, "via": call.who.via, "scopes": call.who.scopes}


async def _people(call: Call) -> list[PersonRow]:
    return people.list_people(call.node, call.who)


async def _add_person(call: Call) -> PersonRow:
    body: bodies.Person = call.body
    form = people.PersonForm(
        person=body.person,
        name=body.name,
        role=body.role,
        roles=tuple(body.roles),
        office=body.office,
        address=body.address,
        languages=tuple(body.languages),
        binds=body.binds,
        listed=body.listed,
    )
    return await people.add_person(call.node, call.who, form)


async def _publish(call: Call) -> Sent:
    return await people.publish_person(call.node, call.who, call.part("person"))


async def _withdraw(call: Call) -> Sent:
    return await people.withdraw_person(call.node, call.who, call.part("person"))


async def _commit_legal(call: Call) -> Sent:
    return await legal_names.commit_legal_name(call.node, call.who, call.part("person"), call.body.name)


async def _legal(call: Call) -> LegalName:
    return legal_names.legal_name(call.node, call.who, call.part("person"))


async def _forget_legal(call: Call) -> None:
    await legal_names.forget_legal_name(call.node, call.who, call.part("person"))


async def _enrol(call: Call) -> SignInLink:
    return await people.enrol(call.node, call.who, call.part("person"), minutes=call.body.minutes, lost=call.body.lost)


async def _to_vouch(call: Call) -> VouchRow:
    return vouching.to_vouch(call.node, call.who, Place(call.query("origin")), call.part("person"))


async def _vouch(call: Call) -> Sent:
    body: bodies.Vouching = call.body
    return await vouching.vouch(
        call.node, call.who, Place(body.origin), call.part("person"), words=body.words, signature=body.signature
    )


async def _disable(call: Call) -> None:
    await people.disable(call.node, call.who, call.part("person"))


async def _token(call: Call) -> ApiToken:
    return await people.issue_token(
        call.node, call.who, call.part("person"), scopes=tuple(call.body.scopes), days=call.body.days
    )


async def _end_token(call: Call) -> None:
    await people.withdraw_token(call.node, call.who, call.part("token"))


PEOPLE: Final[tuple[Route, ...]] = (
    Route("POST", "/sign-in", "Trade a one-time link for a session", B.SignIn, Session, _sign_in, open=True),
    Route("POST", "/sign-out", "End this session", B.Nothing, None, _sign_out),
    Route("GET", "/me", "Who this token speaks for", None, dict[str, Any], _me),
    Route("GET", "/people", "Both sides' people", None, list[PersonRow], _people),
    Route("POST", "/people", "Add somebody", B.Person, PersonRow, _add_person, 201),
    Route("POST", "/people/{person}/publish", "List somebody in the roster", B.Nothing, Sent, _publish, 201),
    Route("POST", "/people/{person}/withdraw", "Take somebody out of the roster", B.Nothing, Sent, _withdraw, 201),
    Route(
        "POST", "/people/{person}/legal-name", "Commit to a legal name in the roster", B.Legal, Sent, _commit_legal, 201
    ),
    Route("GET", "/people/{person}/legal-name", "A legal name of ours, with its disclosure", None, LegalName, _legal),
    Route("POST", "/people/{person}/forget-name", "Destroy a legal name and its salt", B.Nothing, None, _forget_legal),
    Route("POST", "/people/{person}/enrol", "Make a one-time sign-in link", B.Enrol, SignInLink, _enrol, 201),
    Route(
        "GET", "/people/{person}/vouched", "What our identity signs to list their passkeys", None, VouchRow, _to_vouch
    ),
    Route(
        "POST", "/people/{person}/vouched", "List their passkeys, signed by our identity", B.Vouching, Sent, _vouch, 201
    ),
    Route("POST", "/people/{person}/disable", "Close an account", B.Nothing, None, _disable),
    Route("POST", "/people/{person}/tokens", "Give a program a token", B.NewToken, ApiToken, _token, 201),
    Route("DELETE", "/tokens/{token}", "End a token", None, None, _end_token),
)
