"""The routes about the line: its state and tests, the keys in force, the fallback, the release policy, the watch."""

from __future__ import annotations

from typing import Final

from parley.actions import keys, line
from parley.actions.line_rows import FaultRow, GapRow, KeysRow, LineRow, LinkRow, PolicyRow, TestRow
from parley.actions.rows import Sent
from parley.api import bodies
from parley.api.route import Call, Route

B = bodies


async def _line(call: Call) -> LineRow:
    return line.line_status(call.node, call.who)


async def _links(call: Call) -> list[LinkRow]:
    return line.links(call.node, call.who)


async def _tests(call: Call) -> list[TestRow]:
    return line.tests(call.node, call.who, count=call.count("count", 24, 1_000))


async def _run_test(call: Call) -> Sent:
    return await line.run_test(call.node, call.who)


async def _gaps(call: Call) -> list[GapRow]:
    return line.gaps(call.node, call.who, count=call.count("count", 50, 1_000))


async def _faults(call: Call) -> list[FaultRow]:
    return line.faults(call.node, call.who, count=call.count("count", 50, 1_000))


async def _keys(call: Call) -> KeysRow:
    return keys.keys_state(call.node, call.who)


async def _announce_keys(call: Call) -> Sent:
    body = call.body
    return await keys.announce_keys(call.node, call.who, card=body.card, heads=body.heads, proof=body.proof)


async def _confirm_keys(call: Call) -> Sent:
    return await keys.confirm_keys(call.node, call.who, digest=call.body.digest)


async def _set_fallback(call: Call) -> Sent:
    return await line.set_fallback(call.node, call.who, text=call.body.text)


async def _confirm_fallback(call: Call) -> Sent:
    return await line.confirm_fallback(call.node, call.who, seen=call.body.seen)


async def _policy(call: Call) -> PolicyRow | None:
    return line.proposed_release_policy(call.node, call.who)


async def _propose_policy(call: Call) -> None:
    body: bodies.Policy = call.body
    await line.propose_release_policy(call.node, call.who, persons=tuple(body.persons), after_s=body.after_s)


async def _agree_policy(call: Call) -> Sent:
    return await line.agree_release_policy(call.node, call.who)


async def _watch(call: Call) -> None:
    await line.set_watch(call.node, call.who, present=call.body.present)


LINE: Final[tuple[Route, ...]] = (
    Route("GET", "/line", "State of the line", None, LineRow, _line),
    Route("GET", "/line/links", "Every link", None, list[LinkRow], _links),
    Route("GET", "/line/tests", "Latest line tests", None, list[TestRow], _tests),
    Route("POST", "/line/tests", "Test the line now", B.Nothing, Sent, _run_test, 201),
    Route("GET", "/line/gaps", "Times without the line, as each side saw them", None, list[GapRow], _gaps),
    Route("GET", "/line/faults", "What peer, links and disk did wrong", None, list[FaultRow], _faults),
    Route("GET", "/keys", "Both sides' cards in force", None, KeysRow, _keys),
    Route("POST", "/keys/announce", "Announce our new card", B.KeysAnnouncement, Sent, _announce_keys, 201),
    Route("POST", "/keys/confirm", "Confirm their new card", B.KeysConfirmation, Sent, _confirm_keys, 201),
    Route("PUT", "/line/fallback", "State how to reach us when the line is down", B.Fallback, Sent, _set_fallback, 201),
    Route("POST", "/line/fallback/confirm", "Confirm their fallback", B.FallbackTried, Sent, _confirm_fallback, 201),
    Route("GET", "/line/release-policy", "The policy that waits for a second person", None, PolicyRow | None, _policy),
    Route("PUT", "/line/release-policy", "Propose who may release a FLASH alone", B.Policy, None, _propose_policy),
    Route("POST", "/line/release-policy/agree", "Agree, as another person", B.Nothing, Sent, _agree_policy, 201),
    Route("PUT", "/line/watch", "Go on watch or leave it", B.Watch, None, _watch),
)
