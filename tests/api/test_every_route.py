"""Every route of the API, tried by programs that may not use it: read off the program itself, so a new one is in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from tests.actions.pair import Side, later, talking, until
from tests.api.test_api import Door, door
from tests.desk.sitting import Room, served
from tests.routes import At, every_route

from parley import limits
from parley.actions import channels, drafting, messages, people
from parley.actions.wording import Words
from parley.api import make_api
from parley.api.routes import ROUTES
from parley.people import keys, rights
from parley.storage.memory import MemoryStore

OPEN = {("POST", "/sign-in"), ("GET", "/openapi.json")}
BODIES = {(route.method, route.path): route.body for route in ROUTES}
# A list of what this person may see: of nothing.
LISTS = {"/waiting", "/drafts", "/stops/now"}
# What is looked at before the right to it: a form, or a name that nobody can guess or that says nothing.
BEFORE = {
    **{f"/drafts/{{draft}}{act}": "drafts.unknown" for act in ("", "/submit", "/review", "/release")},
    "/channels/{channel}/stops/{side}/{epoch}/{number}/effect": "stops.since",
    "/channels/{channel}/meetings/{side}/{epoch}/{number}/floor": "talks.side",
    "/channels/{channel}/meetings/{side}/{epoch}/{number}/notes": "talks.act",
    "/channels/{channel}/readouts/{side}/{epoch}/{number}/pairs": "readouts.verdict",
}
RIGHTS = ("people.right", "people.scope", "people.member")


def routes(side: Side) -> list[At]:
    return every_route(make_api(side.node))


def filled(kind: Any) -> Any:
    """Give a value of a type of ours, with every field it has: what is refused then is not refused for its form."""
    info = msgspec.inspect.type_info(kind) if not isinstance(kind, msgspec.inspect.Type) else kind
    match info:
        case msgspec.inspect.StructType():
            return {field.encode_name: filled(field.type) for field in info.fields}
        case msgspec.inspect.UnionType():
            return filled(info.types[0])
        case msgspec.inspect.StrType():
            return "x" * max(1, info.min_length or 0)
        case msgspec.inspect.IntType() | msgspec.inspect.FloatType():
            return info.ge if info.ge is not None else 1
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.LiteralType():
            return info.values[0]
        case msgspec.inspect.DictType():
            return {}
        case msgspec.inspect.NoneType():
            return None
        case msgspec.inspect.TupleType():
            return [filled(each) for each in info.item_types]
        case _ if hasattr(info, "item_type"):
            return [filled(info.item_type)] * max(1, info.min_length or 0)
    raise AssertionError(f"no value for {info}")


def body_of(at: At) -> Any:
    body = BODIES.get((at.method, at.path)) or next(
        (route.body for route in ROUTES if route.method == at.method and _plain(route.path) == _plain(at.path)), None
    )
    return filled(body) if body is not None else None


def _plain(path: str) -> str:
    from parley.api.openapi import plain_path

    return plain_path(path)


def held(side: Side) -> object:
    """Give all that a node holds on disk, but for the notes of when a key was last used."""
    rows = side.node.store
    assert isinstance(rows, MemoryStore)
    logs = {log.text: len(one.leaves) for log, one in rows._rows.logs.items()}
    return logs, {space: dict(kept) for space, kept in rows._rows.values.items() if space not in ("key", "anchor")}


class Trial:
    def __init__(self, north: Side, south: Side, at: Door, theirs: Door, room: Room) -> None:
        self.north, self.south, self.at, self.theirs, self.room = north, south, at, theirs, room
        self.routes = [each for each in routes(north) if (each.method, each.path) not in OPEN]
        self.routes.sort(key=lambda each: each.path == "/sign-out")  # which ends the token it is asked with

    async def ask(self, at: At, secret: str = "", body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if secret:
            sent["Authorization"] = f"Bearer {secret}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        async with self.at.http.request(at.method, self.at.base + at.address, data=data, headers=sent) as answer:
            raw = await answer.read()
            return answer.status, json.loads(raw) if raw and answer.content_type == "application/json" else {}


@asynccontextmanager
async def trial() -> AsyncIterator[Trial]:
    async with talking() as (north, south), door(north) as at, door(south) as theirs, served(north) as (room,):
        await until(lambda: not north.node.status().waiting)
        yield Trial(north, south, at, theirs, room)


def test_every_route_that_is_described_is_served_and_every_other_one_is_known() -> None:
    """What is read off the table of routes would miss one that was added beside it."""

    async def story() -> None:
        async with trial() as it:
            served_ = {(each.method, _plain(each.path)) for each in it.routes}
            described = {(route.method, _plain(route.path)) for route in ROUTES if not route.open}
            assert described <= served_
            assert len(served_ - described) < 30  # files and streams
            assert all(each[0] in ("GET", "POST", "PUT", "DELETE") for each in served_)

    asyncio.run(story())


def test_no_route_answers_without_a_secret_of_this_node_that_counts() -> None:
    """None, a cookie, one in the address, made up, the other side's, of somebody disabled, withdrawn, run out."""

    async def story() -> None:
        async with trial() as it:
            north = it.north
            await north.add("gone", "Gone", "duty-officer")
            gone = await people.issue_token(north.node, north["admin"], "gone", scopes=("all",))
            taken = await people.issue_token(north.node, north["admin"], "edda", scopes=("all",))
            short = await people.issue_token(north.node, north["admin"], "edda", scopes=("all",), days=1)
            session = await it.room.session("gone")
            await people.disable(north.node, north["admin"], "gone")
            await people.withdraw_token(north.node, north["admin"], taken.id)
            good = it.at.tokens["edda"]
            secrets = {
                "nobody": "", "made up": "parley-token-" + "A" * 43, "theirs": it.theirs.tokens["samira"],
                "disabled": gone.token, "their session": session, "withdrawn": taken.token, "long": good + "x" * 300,
            }  # fmt: skip
            before = held(north)
            for each in it.routes:
                body = body_of(each) if each.method != "GET" else None
                for who, secret in secrets.items():
                    status, told = await it.ask(each, secret, body)
                    assert status == 401 and told["code"] in ("people.token", "people.session"), (who, each, status)
                for headers in ({"Cookie": f"parley={good}"}, {"Authorization": f"Basic {good}"}, {"Token": good}):
                    assert (await it.ask(each, "", body, **headers))[0] == 401, (each, headers)
                asked = each._replace(address=f"{each.address}?token={good}&access_token={good}")
                assert (await it.ask(asked, "", body))[0] == 401, each
            assert held(north) == before
            later(north, 25 * 3_600_000)
            for each in it.routes:
                assert (await it.ask(each, short.token))[0] == 401, each

    asyncio.run(story())


@pytest.mark.parametrize("scoped", [True, False], ids=["no scope", "no right"])
def test_whoever_has_no_right_is_told_so_before_anything_else(monkeypatch: pytest.MonkeyPatch, scoped: bool) -> None:
    """Each with a whole body: what lies there, and whether it is there at all, is nobody's business."""
    if not scoped:
        monkeypatch.setitem(rights.ROLES, "recorder", frozenset())

    async def story() -> None:
        async with trial() as it:
            north = it.north
            await north.add("ruth", "Ruth", "recorder")
            person, scopes = ("edda", ("nothing",)) if scoped else ("ruth", ("all",))
            if scoped:
                monkeypatch.setattr(keys, "RIGHTS", (*rights.RIGHTS, "nothing"))
            token = await people.issue_token(north.node, north["admin"], person, scopes=scopes)
            words = Words(channel="leaders", text="Stop.", language="en")
            await drafting.save_draft(north.node, north["edda"], words)
            await messages.send_message(it.south.node, it.south["samira"], words)
            await until(lambda: north.node.book.thread("leaders"))
            before = held(north)
            for each in it.routes:
                if each.path in ("/me", "/sign-out"):  # about the token itself
                    continue
                status, told = await it.ask(each, token.token, body_of(each) if each.method != "GET" else None)
                first = BEFORE.get(each.path, "")
                refused = isinstance(told, dict) and told.get("code") in (*RIGHTS, first) and 400 <= status < 500
                assert refused or (told == [] and each.path in LISTS), (each, status, told)
            assert held(north) == before

    asyncio.run(story())


# How a channel and its watch stand is seen and set by role, for channels one does not belong to as well.
BY_ROLE = {
    "/channels/{channel}": "", "/channels/{channel}/agree": "channels.nothing-to-agree",
    "/channels/{channel}/decline": "channels.nothing-to-agree",
    "/channels/{channel}/withdraw": "channels.nothing-to-withdraw",
    "/channels/{channel}/watch/shifts": "watches.time",
    "/channels/{channel}/watch/shifts/{shift}": "watches.shift.unknown",
    "/channels/{channel}/watch/roll": "rolls.every",
    "/record/{channel}/{side}/{epoch}": "record.unknown", "/record/{channel}/{side}/{epoch}/{number}": "record.unknown",
}  # fmt: skip


def test_whoever_does_not_belong_to_a_channel_is_told_so_and_changes_nothing_of_it() -> None:
    """With every role there is: a channel that has named its members is theirs, and nobody lets themselves in."""

    async def story() -> None:
        async with trial() as it:
            north = it.north
            await north.add("ruth", "Ruth", "duty-officer", "principal", "delegate")
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("edda", "tomas"))
            token = await people.issue_token(north.node, north["admin"], "ruth", scopes=("all",))
            before, tried = held(north), 0
            for each in it.routes:
                if "{channel}" in each.path:
                    _, told = await it.ask(each, token.token, body_of(each) if each.method != "GET" else None)
                    expected = {"people.member", BEFORE.get(each.path, ""), BY_ROLE.get(each.path, "")}
                    assert told.get("code", "") in expected, (each, told)
                    tried += 1
            assert tried > 100
            assert held(north) == before

            for person in ("edda", "tomas"):
                await people.disable(north.node, north["admin"], person)
            (members,) = [each for each in it.routes if each.path == "/channels/{channel}/members"]
            status, _ = await it.ask(members, token.token, {"persons": ["ruth"]})
            assert status < 300  # nobody who may is left: a channel must not be lost with the people who had it

    asyncio.run(story())


def test_no_whole_body_with_words_that_mean_nothing_is_taken_for_a_mistake_of_ours() -> None:
    """By somebody who may do everything: what makes no sense is refused; only a fault of ours is told as one."""

    async def story() -> None:
        async with trial() as it:
            north = it.north
            await north.add("ruth", "Ruth", "principal", "duty-officer", "administrator", "delegate", "recorder")
            token = await people.issue_token(north.node, north["admin"], "ruth", scopes=("all",))
            for each in it.routes:
                if each.path in ("/events", "/sign-out"):
                    continue
                status, told = await it.ask(each, token.token, body_of(each) if each.method != "GET" else None)
                assert status < 500, (each, status, told)
                if status < 400 and each.method != "GET":
                    done.append(each.path)
            assert len(done) > 10  # the bodies are ones that are taken

    done: list[str] = []
    asyncio.run(story())


WRONG = {
    "huge": ("application/json", b'{"text":"' + b"A" * 2_000_000 + b'"}'), "no JSON": ("application/json", b"text=a"),
    "form": ("application/x-www-form-urlencoded", b"text=Good+morning."), "plain": ("text/plain", b'{"text":"a"}'),
    "deep": ("application/json", b"[" * 100_000), "text": ("application/json", b'{"text":"\xff\xfe"}'),
    "list": ("application/json", b"[]"), "field": ("application/json", b'{"no-such-field":1}'),
    "twice": ("application/json", b'{"no-such":1,"no-such":1}'), "number": ("application/json", b"1e999"),
    "parts": ("multipart/form-data; boundary=a", b"--a\r\n\r\nx\r\n--a--\r\n"),
}  # fmt: skip


def test_one_token_has_a_few_streams_and_leaves_the_others_theirs() -> None:
    """Each costs the node a look at every event; a program that forgets to close must not be all programs' trouble."""

    async def story() -> None:
        async with trial() as it:
            address = it.at.base + "/events"
            asked = {"Authorization": f"Bearer {it.at.tokens['edda']}"}
            open_ = [await it.at.http.ws_connect(address, headers=asked) for _ in range(limits.STREAMS_MAX)]
            (events,) = [each for each in it.routes if each.path == "/events"]
            status, told = await it.ask(events, it.at.tokens["edda"])
            assert (status, told["code"]) == (429, "api.streams")
            other = await it.at.http.ws_connect(address, headers={"Authorization": f"Bearer {it.at.tokens['tomas']}"})
            assert (await other.receive_json())["kind"] == "ready"
            await open_[0].close()
            for _ in range(100):
                if (await it.ask(events, it.at.tokens["edda"]))[0] != 429:
                    break
                await asyncio.sleep(0.01)
            again = await it.at.http.ws_connect(address, headers=asked)
            assert (await again.receive_json())["kind"] == "ready"

    asyncio.run(story())


def test_a_carried_file_leaves_the_record_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be as large as the record itself, and comes before anybody can say whether it is one."""
    from parley.api import files

    async def story() -> None:
        async with trial() as it:
            (carry,) = [each for each in it.routes if (each.method, each.path) == ("POST", "/carry")]
            monkeypatch.setattr(files, "RESERVE_BYTES", 1 << 60)
            status, told = await it.ask(carry, it.at.tokens["edda"], b"x" * 100_000)
            assert (status, told["code"]) == (503, "storage.full")
            monkeypatch.undo()
            status, told = await it.ask(carry, it.at.tokens["edda"], b"x" * 100_000)
            assert (status, told["code"]) == (409, "carry.form") or status == 422

    asyncio.run(story())


# What takes bytes as they are: a file's, up to the disk's reserve.
BYTES = {"/attachments", "/carry"}


@pytest.mark.parametrize("wrong", WRONG)
def test_no_changing_route_falls_over_a_body_that_is_none_of_ours(wrong: str) -> None:
    """It is refused with a code; nothing is changed by it, and nothing of it is repeated."""

    async def story() -> None:
        async with trial() as it:
            kind, data = WRONG[wrong]
            before = held(it.north)
            for each in it.routes:
                if each.method == "GET" or each.path in BYTES:
                    continue
                for person in ("edda", "admin"):
                    status, told = await it.ask(each, it.at.tokens[person], data, Content_Type=kind)
                    assert 400 <= status < 500 and "." in told["code"], (each, status, told)
                    assert "AAAA" not in json.dumps(told)
            assert held(it.north) == before

    asyncio.run(story())
