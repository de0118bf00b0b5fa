"""Every route of the desk, tried by who may not use it: read off the program itself, so that a new one is in it.

Whoever adds a route has nothing to do here, unless it is one for people who are not signed in: then it stands in OPEN.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from tests.actions.pair import Side, later, talking, until
from tests.desk.sitting import HOST, Room, served
from tests.routes import At, every_route
from yarl import URL

from parley.actions import calls, channels, drafting, messages, people, readouts, stops
from parley.actions.wording import Words
from parley.desk import make_desk, pages
from parley.desk.app import make_app
from parley.people import rights
from parley.storage.memory import MemoryStore

# What answers somebody who is not signed in: the ways in, and files of ours that say nothing of this node.
OPEN = {
    ("GET", "/sign-in"), ("GET", "/sign-in/{token}"), ("POST", "/sign-in"), ("POST", "/sign-in/challenge"),
    ("POST", "/sign-in/passkey"), ("POST", "/sign-in/enrol/challenge"), ("POST", "/sign-in/enrol"),
    ("GET", "/static/desk.webmanifest"), ("GET", "/static/{digest}/{name}"),
}  # fmt: skip
# What a signed-in person may change without any right: their own cookies, session and keys. Nothing of the node.
OWN = {"/sign-out", "/view"}
FORM = "application/x-www-form-urlencoded"
# A value for every field that some form of the desk may ask for: what is refused must be refused for want of a right.
FIELDS = {
    "text": "Good morning.", "language": "en", "precedence": "ROUTINE", "act": "send", "reason": "because",
    "channel": "leaders", "title": "A title", "name": "A name", "person": "ruth", "role": "delegate", "sure": "yes",
    "subject": "message/south/0/0", "purpose": "test", "status": "exercise", "where": "here", "what": "it",
    "since": "2026-11-23T10:00:00.000Z", "at": "2026-11-23T10:00:00.000Z", "note": "noted", "session": "5e" * 16,
    "listed": "yes", "minutes": "30", "kind": "call", "target": "x", "back": "/", "theme": "dark", "agree": "yes",
    "member": "edda", "side": "north", "label": "x", "hours": "1", "lat": "1", "lon": "1", "topic": "x",
}  # fmt: skip


class Trial:
    """North's desk, and whoever can send bytes to it."""

    def __init__(self, north: Side, south: Side, here: Room, there: Room) -> None:
        self.north, self.south, self.here, self.there = north, south, here, there
        self.routes = every_route(make_desk(north.node, origin=f"http://{HOST}"))

    async def ask(
        self, at: At, secret: str = "", data: object = None, *, address: str = "", **headers: str
    ) -> tuple[int, str]:
        """Give status and text; the headers are a page's of this desk unless told otherwise, "" leaves one out."""
        sent = {"Host": HOST, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Origin": f"http://{HOST}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if secret:
            sent["Cookie"] = f"parley={secret}"
        url = URL(self.here.base + (address or at.address), encoded=True)
        async with self.here.client.request(
            at.method, url, data=data, headers={name: value for name, value in sent.items() if value},
            allow_redirects=False, timeout=aiohttp.ClientTimeout(total=20),
        ) as answer:  # fmt: skip
            return answer.status, (await answer.read()).decode("utf-8", "replace")

    def held(self) -> object:
        """Give all that North holds on disk, but for the notes of when a key was last used."""
        rows = self.north.node.store
        assert isinstance(rows, MemoryStore)
        logs = {log.text: len(one.leaves) for log, one in rows._rows.logs.items()}
        values = {space: dict(kept) for space, kept in rows._rows.values.items() if space not in ("key", "anchor")}
        return logs, values

    @property
    def changing(self) -> list[At]:
        return [at for at in self.routes if at.method != "GET"]


@asynccontextmanager
async def trial() -> AsyncIterator[Trial]:
    async with talking() as (north, south), served(north, south) as (here, there):
        await until(lambda: not north.node.status().waiting and not south.node.status().waiting)
        yield Trial(north, south, here, there)


def open_to_all(at: At) -> bool:
    return (at.method, at.path) in OPEN


def shut(status: int, text: str, address: str) -> None:
    assert status in (303, 401), (address, status)
    assert "Leaders" not in text and "Edda" not in text, address


def test_no_route_answers_somebody_who_is_not_signed_in_as_one_of_ours() -> None:
    """No session, one of the other side's desk, of somebody disabled, ended, idle or at its limit, or made up."""

    async def story() -> None:
        async with trial() as at_north:
            north, here = at_north.north, at_north.here
            await north.add("gone", "Gone", "duty-officer")
            secrets = {
                "nobody": "", "made up": "parley-session-" + "A" * 43,
                "theirs": await at_north.there.session("samira"), "disabled": await here.session("gone"),
                "out": await here.session("tomas"),
            }  # fmt: skip
            await people.disable(north.node, north["admin"], "gone")
            leave = next(at for at in at_north.routes if at.path == "/sign-out")
            assert (await at_north.ask(leave, secrets["out"]))[0] in (200, 303)
            token = await people.issue_token(north.node, north["admin"], "edda", scopes=("all",))
            secrets["token"] = token.token  # a program's, which is no browser's
            before, tried = at_north.held(), 0
            for at in at_north.routes:
                for who, secret in secrets.items():
                    if open_to_all(at):
                        continue
                    status, text = await at_north.ask(at, secret, FIELDS if at.method != "GET" else None)
                    shut(status, text, f"{who}: {at}")
                    tried += 1
            assert tried > 1_000
            assert at_north.held() == before

            old = await here.session("edda")
            later(north, 3 * 3_600_000)  # nobody touched it for three hours
            for at in at_north.routes:
                if not open_to_all(at):
                    shut(*await at_north.ask(at, old), f"idle: {at}")

    asyncio.run(story())


def test_no_long_connection_opens_without_a_session_or_for_another_origin() -> None:
    """A socket asks once and then goes on: whichever address opens one, it asks for both."""

    async def story() -> None:
        async with trial() as at_north:
            secret = await at_north.here.session("edda")
            upgrade = {
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
                "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
            }  # fmt: skip
            for at in at_north.routes:
                if at.method == "GET":
                    for origin in ("http://elsewhere.example", f"https://{HOST}", "null", ""):
                        status, _ = await at_north.ask(at, secret, Origin=origin, **upgrade)
                        assert status == 403, (at, origin)
                    if not open_to_all(at):
                        shut(*await at_north.ask(at, **upgrade), f"socket: {at}")

    asyncio.run(story())


FOREIGN = (
    {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": ""}, {"Origin": "https://elsewhere.example"}, {"Origin": "http://south.localhost"},
    {"Host": "elsewhere.example"}, {"Host": f"{HOST}:1"},
)  # fmt: skip


def test_no_changing_route_is_taken_from_anywhere_but_a_page_of_this_desk() -> None:
    """The browser says where a request comes from; with a good session and a good form, nothing else is missing."""

    async def story() -> None:
        async with trial() as at_north:
            secret, before = await at_north.here.session("edda"), at_north.held()
            for at in at_north.changing:
                for headers in FOREIGN:
                    status, _ = await at_north.ask(at, secret, FIELDS, **headers)
                    assert status in (403, 421), (at, headers, status)
            assert at_north.held() == before

    asyncio.run(story())


PART = b'--a\r\nContent-Disposition: form-data; name="text"\r\n'
BODIES = {
    "huge": (FORM, b"text=" + b"A" * 2_000_000), "many": (FORM, "&".join(f"a{n}=1" for n in range(2_000)).encode()),
    "json": ("application/json", b'{"text":"Good morning.","act":"send","sure":"yes"}'),
    "plain": ("text/plain", b"text=Good+morning.&act=send&sure=yes"),
    "no kind": ("", b"text=Good+morning.&act=send"), "xml": ("application/xml", b"<a/>"),
    "no bounds": ("multipart/form-data", b"x" * 100), "other bounds": ("multipart/form-data; boundary=a", b"--b\r\n"),
    "nested": ("multipart/form-data; boundary=a", b"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n"),
    "unnamed": ("multipart/form-data; boundary=a", b"--a\r\n\r\nx\r\n--a--\r\n"),
    "cut": ("multipart/form-data; boundary=a", PART + b"\r\nGo"),
    "no text": ("multipart/form-data; boundary=a", PART + b"\r\n\xff\xfe\r\n--a--\r\n"),
    "charset": (FORM + "; charset=utf-7", b"text=+AGEAYg-"), "no charset": (FORM + "; charset=x-none", b"text=a"),
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_no_changing_route_falls_over_a_body_that_is_none_of_ours(body: str) -> None:
    """Too large, of another kind, cut short: it is refused in words, never a fault, and nothing is changed by it."""

    async def story() -> None:
        async with trial() as at_north:
            secret, before = await at_north.here.session("edda"), at_north.held()
            kind, data = BODIES[body]
            for at in at_north.changing:
                if at.path in OWN:
                    continue
                status, text = await at_north.ask(at, secret, data, **({"Content_Type": kind} if kind else {}))
                assert 400 <= status < 500, (at, status)
                assert "Traceback" not in text
            assert at_north.held() == before

    asyncio.run(story())


def acts() -> Iterator[str]:
    """Give every word that some page takes for an act."""
    for module in pkgutil.iter_modules(pages.__path__):
        found = importlib.import_module(f"{pages.__name__}.{module.name}")
        for name in ("ACTS", "_ACTS"):
            words = getattr(found, name, ())
            yield from (words.split("|") if isinstance(words, str) else words)


# What answers otherwise than by the right that is missing: what a person asks about their own keys, a page that says it
# rings (it is told nothing, whatever comes of it), an act that was never begun.
ELSE = ("/access/", "/binding/")


@pytest.mark.parametrize("has", [(), ("state", "read", "record")], ids=["none", "reader"])
def test_whoever_has_no_right_changes_nothing_by_any_route(monkeypatch: pytest.MonkeyPatch, has: tuple[str]) -> None:
    """Rights are asked for in the action, whatever page is in front; without any, before anything else is looked at."""
    monkeypatch.setitem(rights.ROLES, "recorder", frozenset(has))

    async def story() -> None:
        async with trial() as at_north:
            north = at_north.north
            await drafting.save_draft(north.node, north["edda"], Words(channel="leaders", text="Stop.", language="en"))
            await north.add("ruth", "Ruth", "recorder")
            await until(lambda: not north.node.status().waiting)
            secret, before, tried = await at_north.here.session("ruth"), at_north.held(), 0
            words = sorted({str(each) for each in acts()})
            assert len(words) > 30
            for at in at_north.changing:
                if at.path in OWN or open_to_all(at):
                    continue
                free = "{act}" in at.path and at.address.endswith("/seen")
                for word in words if free else [""]:
                    address = at.address.removesuffix("seen") + word if word else ""
                    status, text = await at_north.ask(at, secret, FIELDS | {"act": word or "send"}, address=address)
                    assert status < 500, (at, word, status)
                    if not has and not at.path.startswith(ELSE) and word != "rings":
                        assert "people.right" in text or "desk.missing" in text, (at, word, status)
                    assert at_north.held() == before, (at, word, status)
                    tried += 1
            assert tried > 500

    asyncio.run(story())


CANARY = "Canary 7319"


async def filled(at_north: Trial) -> dict[str, str]:
    """Put a word into everything of the channel `leaders` that a page may show; gives where each stands."""
    north, south = at_north.north, at_north.south
    words = Words(channel="leaders", text=CANARY, language="en")
    theirs = await messages.send_message(south.node, south["samira"], words)
    await until(lambda: north.node.book.view("leaders", theirs.subject))
    ours = await messages.send_message(north.node, north["edda"], words)
    draft = await drafting.save_draft(north.node, north["edda"], words)
    call = await calls.lift(north.node, north["edda"], "leaders", purpose=CANARY)
    stop = await stops.raise_stop(north.node, north["edda"], what=CANARY, where=CANARY, channel="leaders")
    read = await readouts.ask(north.node, north["edda"], "leaders", title=CANARY, date="2026-11-23")
    await until(lambda: not north.node.status().waiting)
    return {
        "message": ours.subject, "theirs": theirs.subject, "call": call.subject, "stop": stop.subject,
        "readout": read.subject, "draft": draft.id,
    }  # fmt: skip


def addresses(at: At, stand: dict[str, str]) -> Iterator[str]:
    """Give the addresses of a route with everything that was put there in turn."""
    for name, subject in stand.items():
        if name == "draft":
            yield at.address.replace("/drafts/0", f"/drafts/{subject}")
        else:
            yield at.address.replace("/north/0/0", subject[subject.index("/") :])


@pytest.mark.parametrize("who", ["no right", "not a member"])
def test_nobody_sees_or_changes_what_is_in_a_channel_that_is_not_theirs(
    who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page, part and file, at the address of what is really there: not a word of it comes, nothing is changed."""
    if who == "no right":
        monkeypatch.setitem(rights.ROLES, "recorder", frozenset())

    async def story() -> None:
        async with trial() as at_north:
            north = at_north.north
            stand = await filled(at_north)
            await north.add("ruth", "Ruth", "recorder" if who == "no right" else "duty-officer")
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("edda", "tomas"))
            await until(lambda: not north.node.status().waiting)
            mine, theirs = await at_north.here.session("edda"), await at_north.here.session("ruth")
            home = next(at for at in at_north.routes if at.path == "/")
            for secret in (mine, theirs):
                await at_north.ask(home, secret)  # which notes that both were here
            await until(lambda: not north.node.status().waiting)
            before, shown = at_north.held(), set()
            for at in at_north.routes:
                if at.path in ("/live", "/direct") or open_to_all(at):
                    continue
                if at.method != "GET" and "{channel}" not in at.path and "{draft}" not in at.path:
                    continue
                for address in set(addresses(at, stand)):
                    form = None if at.method == "GET" else FIELDS
                    status, text = await at_north.ask(at, theirs, form, address=address)
                    assert status < 500, (at, address, status)
                    assert CANARY not in text, (at, address)
                    assert at_north.held() == before, (at, address, status)
                    if at.method == "GET" and CANARY in (await at_north.ask(at, mine, address=address))[1]:
                        shown.add(at.path)
            assert at_north.held() == before
            assert len(shown) >= 10, shown  # whoever belongs there does see it on these

    asyncio.run(story())


def test_no_address_changes_anything_by_being_opened() -> None:
    """ASVS 3.5.3, for every address: mail programs, previews and a browser's own guesses open links by themselves."""

    async def story() -> None:
        async with trial() as at_north:
            secret, before = await at_north.here.session("edda"), at_north.held()
            for at in at_north.routes:
                if at.method == "GET" and at.path not in ("/live", "/direct"):
                    status, text = await at_north.ask(at, secret, Sec_Fetch_Mode="navigate")
                    assert status < 500, (at, status)
                    assert "Traceback" not in text
            assert at_north.held() == before

    asyncio.run(story())


def test_a_route_that_nobody_protects_fails_here() -> None:
    """The table would be worth nothing if it were not read off the program: one added beside is in it at once."""
    from aiohttp import web
    from tests.desk.sample import Samples

    app = make_app(Samples(), origin=f"http://{HOST}")
    known = {at.path for at in every_route(app)}

    async def new(_: web.Request) -> web.Response:
        return web.Response()

    app.router.add_post("/sign-in/beside/{word}", new)  # lies where no session is asked for
    (added,) = [at for at in every_route(app) if at.path not in known]
    assert added == At("POST", "/sign-in/beside/{word}", "/sign-in/beside/0")
    assert not open_to_all(added)
    assert {(at.method, at.path) for at in every_route(app)} > OPEN
