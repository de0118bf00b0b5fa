"""The API over real HTTP: tokens, forms, errors, files, the stream and the description."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from tests.actions.pair import Side, talking, until

from parley.actions import people
from parley.api import PREFIX, make_api
from parley.api.openapi import describe, plain_path
from parley.api.routes import ROUTES


class Door:
    """One side's API as a program sees it."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self.http, self.base = http, base
        self.tokens: dict[str, str] = {}

    async def ask(self, method: str, path: str, body: object = None, *, person: str = "edda", **more: object) -> tuple:
        """Give (status, JSON or None)."""
        headers = {"Authorization": f"Bearer {self.tokens[person]}"} if person else {}
        async with self.http.request(method, self.base + path, json=body, headers=headers, **more) as answer:
            raw = await answer.read()
            return answer.status, json.loads(raw) if raw else None


@asynccontextmanager
async def door(side: Side) -> AsyncIterator[Door]:
    """Serve one side's API, with a token for each of its people."""
    app = web.Application()
    app.add_subapp(PREFIX, make_api(side.node))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as http:
        made = Door(http, f"http://127.0.0.1:{port}{PREFIX}")
        for person in side.people:
            token = await people.issue_token(side.node, side["admin"], person, scopes=("all",))
            made.tokens[person] = token.token
        try:
            yield made
        finally:
            await runner.cleanup()


MESSAGE = {"text": "Good morning.", "language": "en"}
FLASH = {**MESSAGE, "precedence": "FLASH"}


def test_nothing_but_sign_in_and_the_description_is_open() -> None:
    """Each route is tried without a token and with a wrong one: the answer must not depend on what lies there."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            at.tokens["stranger"] = "parley-token-wrong"
            tried = 0
            for route in ROUTES:
                if route.open:
                    continue
                path = plain_path(route.path)
                for part, value in (
                    ("{epoch}", "0"),
                    ("{number}", "0"),
                    ("{recording}", "0"),
                    ("{channel}", "leaders"),
                    ("{side}", "north"),
                ):
                    path = path.replace(part, value)
                path = re.sub(r"\{\w+\}", "x", path)
                for person in ("", "stranger"):
                    status, told = await at.ask(route.method, path, {}, person=person)
                    assert (status, told["code"]) == (401, "people.token"), path
                    tried += 1
            assert tried > 80
            for path in ("/record.parley", "/carry", "/events"):
                assert (await at.ask("GET", path, person=""))[0] == 401
            assert (await at.ask("GET", "/openapi.json", person=""))[0] == 200

    asyncio.run(story())


def test_a_file_to_carry_holds_what_is_missing_or_on_request_everything() -> None:
    """A side that has lost its disk needs the beginning as well, and perhaps nothing but a stick reaches it."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            await at.ask("POST", "/channels/leaders/messages", MESSAGE)
            await until(lambda: not north.node.status().waiting)
            sizes = []
            for query in ("", "?whole=0", "?whole=1"):
                headers = {"Authorization": f"Bearer {at.tokens['edda']}"}
                async with at.http.get(f"{at.base}/carry{query}", headers=headers) as answer:
                    data = await answer.read()
                    assert (answer.status, data[:15]) == (200, b"parley-carry/1 ")
                    sizes.append(len(data))
            assert sizes[0] == sizes[1] < sizes[2]
            status, told = await at.ask("GET", "/carry?whole=yes")
            assert (status, told["code"]) == (422, "api.form")

    asyncio.run(story())


def test_a_message_goes_out_and_its_delivery_can_be_followed() -> None:
    """The everyday path of a program: send, be told where it stands, acknowledge at the other side."""

    async def story() -> None:
        async with talking() as (north, south), door(north) as at, door(south) as there:
            status, sent = await at.ask("POST", "/channels/leaders/messages", MESSAGE)
            assert status == 201
            path = f"/channels/leaders/messages/{sent['subject'].removeprefix('message/')}"
            await until(lambda: south.node.book.message("leaders", sent["subject"]))
            assert (await there.ask("POST", path + "/shown", {}, person="samira"))[0] == 204
            assert (await there.ask("POST", path + "/acknowledge", {"note": "Read."}, person="samira"))[0] == 201
            await until(lambda: north.node.book.message("leaders", sent["subject"]).acknowledged)
            _, row = await at.ask("GET", path)
            assert row["delivery"]["acknowledged"]["name"] == "Samira"
            _, page = await at.ask("GET", "/channels/leaders/messages?count=10")
            assert [each["subject"] for each in page["messages"]] == [sent["subject"]]

    asyncio.run(story())


def test_a_request_that_does_not_have_the_form_is_refused_by_name_and_changes_nothing() -> None:
    """Bad input gets a clear error at every door."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            send = "/channels/leaders/messages"
            for body in (
                {},
                {**MESSAGE, "colour": "red"},
                {**MESSAGE, "text": 7},
                {**MESSAGE, "text": ""},
                {**MESSAGE, "title": "x" * 500},
                [],
            ):
                status, told = await at.ask("POST", send, body)
                assert (status, told["code"]) == (422, "api.form"), body
            for raw in (b"{", b"\xff\xfe", b'{"text": "\\ud800", "language": "en"}'):
                headers = {"Authorization": f"Bearer {at.tokens['edda']}", "Content-Type": "application/json"}
                async with at.http.post(at.base + send, data=raw, headers=headers) as answer:
                    assert answer.status in (409, 422)
            status, told = await at.ask("POST", send, {**MESSAGE, "text": "x" * 300_000})
            assert (status, told["code"]) in ((413, "api.too-large"), (422, "api.form"))
            status, told = await at.ask("GET", send + "?count=-1")
            assert (status, told["code"]) == (409, "api.form") or status == 422
            assert north.node.book.thread("leaders") == []

    asyncio.run(story())


def test_errors_say_what_happened_and_never_what_is_inside() -> None:
    """A program acts on the code; a person reads the sentence; nobody gets a stack."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            for method, path, body, expected in (
                ("POST", "/channels/leaders/messages", FLASH, (409, "messages.second-person")),
                ("GET", "/channels/nowhere", None, (404, "channels.unknown")),
                ("GET", "/channels/leaders/messages/north/0/99", None, (404, "messages.unknown")),
                ("GET", "/nowhere", None, (404, "api.not-found")),
                ("PATCH", "/channels", None, (405, "api.method")),
                ("POST", "/people", {"person": "x", "name": "X", "role": "auditor"}, (403, "people.right")),
                ("GET", "/drafts/unknown", None, (404, "drafts.unknown")),
            ):  # fmt: skip
                status, told = await at.ask(method, path, body)
                assert (status, told["code"]) == expected, path
                assert set(told) == {"code", "sentence", "fields"}
                assert "Traceback" not in told["sentence"]

    asyncio.run(story())


def test_the_stream_tells_what_happens_and_ends_with_the_account() -> None:
    """Rights are asked again at each event: somebody disabled at noon hears nothing after noon."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            headers = {"Authorization": f"Bearer {at.tokens['edda']}"}
            async with at.http.ws_connect(at.base + "/events", headers=headers) as socket:
                assert (await socket.receive_json(timeout=5))["kind"] == "ready"
                await at.ask("POST", "/channels/leaders/messages", MESSAGE)
                heard = []
                while "held" not in [each["kind"] for each in heard]:
                    event = await socket.receive_json(timeout=5)
                    if event["channel"] == "leaders":
                        heard.append(event)
                assert heard[0]["kind"] == "entry"
                assert heard[0]["fields"]["kind"] == "message.sent"

                await people.disable(north.node, north["admin"], "edda")
                north.node.tell("watch", {"ours": True})
                while not socket.closed:
                    await socket.receive(timeout=5)

    asyncio.run(story())


def test_one_slow_or_gone_listener_does_not_hold_up_anybody() -> None:
    """A program that vanishes is noticed and let go."""

    async def story() -> None:
        async with talking() as (north, _), door(north) as at:
            headers = {"Authorization": f"Bearer {at.tokens['edda']}"}
            before = len(north.node._bell._heard_by)
            socket = await at.http.ws_connect(at.base + "/events", headers=headers)
            await socket.receive_json(timeout=5)
            assert len(north.node._bell._heard_by) == before + 1
            await socket.close()
            await until(lambda: len(north.node._bell._heard_by) == before)

    asyncio.run(story())


def test_the_description_names_every_route_and_its_form() -> None:
    """Programs are written from the description; what is not in it does not exist for them."""
    told = describe()
    json.dumps(told)
    assert told["openapi"] == "3.1.0"
    for route in ROUTES:
        operation = told["paths"][plain_path(route.path)][route.method.lower()]
        assert operation["summary"] == route.summary
        assert (route.body is None) or "requestBody" in operation
    references = set(json.dumps(told).split('"#/components/schemas/')[1:])
    names = {each.split('"')[0] for each in references}
    assert names <= set(told["components"]["schemas"])


def test_a_session_of_the_api_can_be_had_by_a_link_and_ended() -> None:
    """A person at a terminal signs in as at a desk; where things are actual a link only enrols a passkey."""

    async def story() -> None:
        async with talking(status="exercise") as (north, _), door(north) as at:
            link = await people.enrol(north.node, north["admin"], "tomas")
            status, session = await at.ask("POST", "/sign-in", {"token": link.token}, person="")
            assert status == 200
            at.tokens["session"] = session["token"]
            assert (await at.ask("GET", "/me", person="session"))[1]["person"] == "tomas"
            assert (await at.ask("POST", "/sign-out", {}, person="session"))[0] == 204
            assert (await at.ask("GET", "/me", person="session"))[0] == 401
            assert (await at.ask("POST", "/sign-in", {"token": link.token}, person=""))[0] == 401

    asyncio.run(story())
