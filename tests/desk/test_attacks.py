"""What was tried against a desk on a real node, from outside the program; docs/security.md has the table."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import quote

import aiohttp
import pytest
from tests.actions.pair import Side, later, talking, until
from tests.actions.test_passkeys import code
from tests.authenticator import Authenticator
from tests.desk.sitting import HOST, Room, served
from yarl import URL

from parley.actions import binding, calls, drafting, messages, passkeys, people
from parley.actions.passkeys import Place
from parley.actions.wording import Words
from parley.errors import ParleyError

PLACE = Place(f"http://{HOST}")
FLASH = Words(channel="leaders", text="Pump 3 is stopped.", language="en", precedence="FLASH")
PAGE = {"Host": HOST, "Sec-Fetch-Site": "same-origin", "Origin": PLACE.origin}


class Attacker:
    """Whoever can send bytes to North's desk."""

    def __init__(self, north: Side, south: Side, room: Room) -> None:
        self.north, self.south, self.room = north, south, room

    async def ask(
        self, method: str, path: str, *, secret: str = "", data: object = None, **headers: str
    ) -> tuple[int, str, aiohttp.ClientResponse]:
        """Send one request, its path exactly as given; headers as a page of the desk would, unless told otherwise."""
        sent = PAGE | {name.replace("_", "-"): value for name, value in headers.items()}
        if secret:
            sent["Cookie"] = f"parley={secret}"
        url = URL(self.room.base + path, encoded=True)
        async with self.room.client.request(method, url, data=data, headers=sent, allow_redirects=False) as answer:
            return answer.status, (await answer.read()).decode("utf-8", "replace"), answer

    async def keyed(self, person: str) -> Authenticator:
        """Give somebody a passkey at this desk."""
        key = Authenticator(PLACE.origin, person)
        link = await people.enrol(self.north.node, self.north["admin"], person)
        told = passkeys.enrol_challenge(self.north.node, PLACE, token=link.token)
        await passkeys.enrol(self.north.node, PLACE, key.create(str(told["challenge"])), "key", token=link.token)
        return key

    async def challenge(self) -> str:
        _, text, _ = await self.ask("POST", "/sign-in/challenge")
        found = re.search(r'"challenge": "([^"]+)"', text)
        assert found is not None
        return found[1]


@asynccontextmanager
async def desk() -> AsyncIterator[Attacker]:
    async with talking() as (north, south), served(north) as (room,):
        yield Attacker(north, south, room)


def story(told: Callable[[Attacker], Awaitable[None]]) -> None:
    async def run() -> None:
        async with desk() as attacker:
            await told(attacker)

    asyncio.run(run())


def test_a_planted_session_is_never_taken_over_by_signing_in() -> None:
    """Fixation: whoever sets a cookie before must hold nothing after. ASVS 7.2.4."""

    async def told(attacker: Attacker) -> None:
        key = await attacker.keyed("edda")
        planted = "parley-session-" + "A" * 43
        given = key.get(await attacker.challenge())
        status, _, answer = await attacker.ask("POST", "/sign-in/passkey", secret=planted, data={"given": given})
        fresh = answer.cookies["parley"].value
        assert status == 200 and fresh != planted
        assert (await attacker.ask("GET", "/people", secret=fresh))[0] == 200
        assert (await attacker.ask("GET", "/people", secret=planted))[0] == 303

    story(told)


def test_a_page_whose_desk_was_handed_over_speaks_no_more_as_who_handed_it_over() -> None:
    """Its live connection outlives the session: a voice on it would be told to the other side as that of who left."""

    async def told(attacker: Attacker) -> None:
        edda, tomas = await attacker.keyed("edda"), await attacker.keyed("tomas")
        given = edda.get(await attacker.challenge())
        _, _, answer = await attacker.ask("POST", "/sign-in/passkey", data={"given": given})
        secret = answer.cookies["parley"].value
        page = await attacker.room.page("edda", secret=secret)
        await page.say("watch", channels=["leaders"])
        await page.hear("watch")
        given = tomas.get(await attacker.challenge())
        status, _, answer = await attacker.ask("POST", "/sign-in/passkey", secret=secret, data={"given": given})
        assert status == 200 and answer.cookies["parley"].value != secret
        await page.say("lift", channel="leaders", session="5e" * 16, precedence="FLASH", language="")
        assert await page.closed() == "another person"
        assert calls.calls(attacker.north.node, attacker.north["tomas"], "leaders") == []

    story(told)


def test_signing_out_stands_on_every_page_and_ends_the_session_and_its_connections() -> None:
    """ASVS 7.4.1, 7.4.4: neither the button to go back nor an open page may go on in a session that was left."""

    async def told(attacker: Attacker) -> None:
        secret = await attacker.room.session("edda")
        pages = (
            "/",
            "/people",
            "/channels/leaders",
            "/channels/leaders/call",
            "/line",
            "/access",
            "/wall",
            "/stop",
            "/help",
        )
        for path in pages:
            assert 'action="/sign-out"' in (await attacker.ask("GET", path, secret=secret))[1], path
        page = await attacker.room.page("edda", secret=secret)
        status, _, answer = await attacker.ask("POST", "/sign-out", secret=secret)
        assert status == 303 and answer.cookies["parley"].value == "" and "storage" in answer.headers["Clear-Site-Data"]
        assert await page.closed() == "the session ended"
        assert (await attacker.ask("GET", "/people", secret=secret))[0] == 303

    story(told)


def test_an_assertion_is_good_once_and_only_for_what_it_was_made_for() -> None:
    """Replay: for the sign-in it was made for, for another sign-in, and for an act that binds."""

    async def told(attacker: Attacker) -> None:
        key = await attacker.keyed("tomas")
        given = key.get(await attacker.challenge())
        assert (await attacker.ask("POST", "/sign-in/passkey", data={"given": given}))[0] == 200
        status, text, _ = await attacker.ask("POST", "/sign-in/passkey", data={"given": given})
        assert status == 422 and "passkeys.challenge" in text

        node, secret = attacker.north.node, await attacker.room.session("tomas")
        await binding.list_passkeys(node, attacker.north["admin"], PLACE, "tomas")
        draft = await drafting.save_draft(node, attacker.north["edda"], FLASH)
        path = f"/drafts/{draft.id}/sign"
        _, page, _ = await attacker.ask("POST", path, secret=secret)
        nonce, challenge = (re.search(rf'data-{name}="([^"]+)"', page)[1] for name in ("binding", "challenge"))  # type: ignore[index]
        signed_in_with = key.get(await attacker.challenge())
        status, text, _ = await attacker.ask("POST", nonce, secret=secret, data={"given": signed_in_with})
        assert status == 422 and "passkeys.client" in text
        status, text, _ = await attacker.ask("POST", nonce, secret=secret, data={"given": key.get(challenge)})
        assert status == 422 and "binding.late" in text  # the try before spent it

        _, page, _ = await attacker.ask("POST", path, secret=secret)
        nonce, challenge = (re.search(rf'data-{name}="([^"]+)"', page)[1] for name in ("binding", "challenge"))  # type: ignore[index]
        good = key.get(challenge)
        other = await attacker.room.session("edda")
        assert (await attacker.ask("POST", nonce, secret=other, data={"given": good}))[0] == 422
        assert (await attacker.ask("POST", nonce, secret=secret, data={"given": good}))[0] == 200
        assert (await attacker.ask("POST", nonce, secret=secret, data={"given": good}))[0] == 422
        assert len(node.book.thread("leaders")) == 1

    story(told)


def test_a_session_in_an_address_or_a_header_opens_nothing_and_no_page_repeats_it() -> None:
    """ASVS 14.2.1: addresses end in logs, histories and Referer. The cookie alone counts, and no script can read it."""

    async def told(attacker: Attacker) -> None:
        secret = await attacker.room.session("edda")
        for path in (f"/people?parley={secret}", f"/people?token={secret}", f"/people;parley={secret}"):
            assert (await attacker.ask("GET", path))[0] in (303, 401, 404), path
        assert (await attacker.ask("GET", "/people", Authorization=f"Bearer {secret}"))[0] == 303
        for path in ("/", "/people", "/access", "/channels/leaders", "/help"):
            status, page, answer = await attacker.ask("GET", path, secret=secret)
            assert status == 200 and secret not in page and secret not in str(answer.headers), path
            assert answer.headers["Referrer-Policy"] == "no-referrer"

    story(told)


UPWARD = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..%255c", "%c0%ae%c0%ae/")


@pytest.mark.parametrize("up", UPWARD)
def test_no_path_leads_out_of_the_desk(up: str) -> None:
    """Every way of writing "one folder up" that servers have fallen for."""

    async def told(attacker: Attacker) -> None:
        secret = await attacker.room.session("edda")
        page = (await attacker.ask("GET", "/", secret=secret))[1]
        static = re.search(r'href="(/static/[0-9a-f]{16})/', page)
        assert static is not None
        deep = up * 8
        for path in (
            f"{static[1]}/{deep}etc/passwd", f"/{deep}etc/passwd", f"/channels/{deep}etc/passwd",
            f"/channels/leaders/message/north/0/{deep}etc/passwd", f"/record/{deep}etc/passwd",
            f"/drafts/{deep}etc/passwd", f"{static[1]}/{up}app.py", f"{static[1]}/{up}templates/base.html",
        ):  # fmt: skip
            status, text, _ = await attacker.ask("GET", path, secret=secret)
            assert status >= 400 and "root:" not in text and "{%" not in text and "import" not in text, path

    story(told)


INJECTED = "x\r\nSet-Cookie: parley=evil\r\n\r\n<script>alert(1)</script>"


def test_nothing_that_is_sent_becomes_a_header() -> None:
    """A line break in a name, a way back or an address must not write the node's answer."""

    async def told(attacker: Attacker) -> None:
        secret, broken = await attacker.room.session("edda"), quote(INJECTED, safe="")
        for method, path, data in (
            ("GET", f"/channels/{broken}", None),
            ("GET", f"/sign-in?token={broken}", None),
            ("GET", f"/channels/leaders?before={broken}", None),
            ("POST", "/view", {"theme": "dark", "back": INJECTED}),
            ("POST", "/view", {"theme": "dark", "back": "/" + INJECTED}),
            ("POST", "/view", {"theme": "dark", "back": "//evil.example"}),
            ("POST", "/view", {"theme": INJECTED, "language": INJECTED, "back": "/"}),
            ("POST", f"/drafts/{broken}/release", {"sure": "yes"}),
        ):
            _, text, answer = await attacker.ask(method, path, secret=secret, data=data)
            assert "evil" not in str(answer.headers.getall("Set-Cookie", [])), path
            assert "evil.example" not in answer.headers.get("Location", "")
            assert "<script>alert" not in text, path

    story(told)


def test_what_is_too_large_or_no_form_is_refused_and_the_desk_goes_on() -> None:
    """A body without end, a thousand fields, bytes that are no text, an assertion of a megabyte."""

    async def told(attacker: Attacker) -> None:
        secret = await attacker.room.session("edda")
        huge, many = b"given=" + b"A" * 2_000_000, "&".join(f"a{n}=1" for n in range(2_000)).encode()
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        for path in ("/sign-in/passkey", "/sign-in/enrol", "/binding/" + "ab" * 16, "/channels/leaders/messages"):
            for data in (huge, many, b"given=%ff%fe%00", b"\x00" * 1_000, b"given={" + b"[" * 50_000):
                status, text, _ = await attacker.ask("POST", path, secret=secret, data=data, **form)
                assert 400 <= status < 500 and "Traceback" not in text, (path, data[:20], status)
        assert (await attacker.ask("GET", "/people", secret=secret))[0] == 200

    story(told)


def test_asking_for_challenges_without_end_fills_no_memory_and_locks_nobody_out() -> None:
    """ASVS 6.3.1: there is no password to guess, and no counter that a stranger could run up against a person."""

    async def told(attacker: Attacker) -> None:
        key, before = await attacker.keyed("edda"), len(passkeys._used)
        wrong = Authenticator(PLACE.origin, "stranger")
        for _ in range(60):
            given = wrong.get(await attacker.challenge())
            assert (await attacker.ask("POST", "/sign-in/passkey", data={"given": given}))[0] == 422
        assert len(passkeys._used) == before  # only an answer that was right is remembered
        given = key.get(await attacker.challenge())
        assert (await attacker.ask("POST", "/sign-in/passkey", data={"given": given}))[0] == 200

    story(told)


def test_what_a_page_does_not_offer_is_refused_when_it_is_asked_for() -> None:
    """ASVS 8.3.1: rights are asked for in the action; hiding a button is a courtesy."""

    async def told(attacker: Attacker) -> None:
        await attacker.north.add("rita", "Rita", "recorder")
        secret = await attacker.room.session("rita")
        draft = await drafting.save_draft(attacker.north.node, attacker.north["edda"], FLASH)
        for path, data in (
            (f"/drafts/{draft.id}/release", {"sure": "yes"}),
            (f"/drafts/{draft.id}/sign", {}),
            ("/channels/leaders/messages", {"text": "x", "act": "send", "precedence": "ROUTINE", "language": "en"}),
            ("/people/edda/disable", {}),
            ("/people/edda/link", {}),
            ("/people/edda/roster/list", {}),
            ("/people/edda/access", {}),
        ):
            status, _, _ = await attacker.ask("POST", path, secret=secret, data=data)
            assert status >= 400, path
        assert await code(drafting.release_draft(attacker.north.node, attacker.north["edda"], draft.id)) == (
            "messages.second-person"
        )
        with pytest.raises(ParleyError, match=r"passkeys\.unknown"):
            await passkeys.remove_passkey(attacker.north.node, attacker.north["admin"], PLACE, "edda", "0" * 12)
        assert attacker.north.node.book.thread("leaders") == []

    story(told)


def test_words_that_were_changed_while_a_page_showed_others_do_not_go_out_in_its_readers_name() -> None:
    """The drafter has the time it takes to read; what goes is what was on the screen, or nothing."""

    async def told(attacker: Attacker) -> None:
        north, secret = attacker.north, await attacker.room.session("tomas")
        draft = await drafting.save_draft(north.node, north["edda"], FLASH)
        path, said = f"/drafts/{draft.id}", {"sure": "yes", "seen": draft.changed_at}
        later(north, 1_000)
        other = await drafting.save_draft(north.node, north["edda"], replace(FLASH, text="Fire."), draft=draft.id)
        for data in (said, {"sure": "yes"}):
            status, text, _ = await attacker.ask("POST", f"{path}/release", secret=secret, data=data)
            assert (status, "Fire." in text, other.changed_at in text) == (422, True, True)
        assert north.node.book.thread("leaders") == []
        status, _, _ = await attacker.ask(
            "POST", f"{path}/release", secret=secret, data=said | {"seen": other.changed_at}
        )
        assert (status, len(north.node.book.thread("leaders"))) == (303, 1)

    story(told)


def test_words_that_the_other_side_changed_while_a_page_showed_others_are_not_acknowledged() -> None:
    """They correct, or read back anew, in the second in which somebody here presses: what was on the screen counts."""

    async def told(attacker: Attacker) -> None:
        north, south, secret = attacker.north, attacker.south, await attacker.room.session("edda")

        async def shown() -> str:
            _, page, _ = await attacker.ask("GET", path, secret=secret)
            return page.rpartition('name="seen" value="')[2].partition('"')[0]

        async def press(act: str, **data: str) -> int:
            return (await attacker.ask("POST", f"{path}/{act}", secret=secret, data=data))[0]

        order = replace(FLASH, precedence="PRIORITY", order=True)
        sent = await messages.send_message(south.node, south["samira"], order)
        await until(lambda: north.node.book.message("leaders", sent.subject))
        path = f"/channels/leaders/{sent.subject}"
        stale = await shown()
        await messages.correct(
            south.node, south["samira"], "leaders", sent.subject, text="Fire.", language="en", reason="Slip"
        )
        await until(lambda: north.node.book.message("leaders", sent.subject).version)  # type: ignore[union-attr]
        assert await press("acknowledge", seen=stale) == await press("acknowledge") == 422
        assert await press("acknowledge", seen=await shown()) == 303

        ours = await messages.send_message(north.node, north["edda"], order)
        await until(lambda: south.node.book.message("leaders", ours.subject))
        path = f"/channels/leaders/{ours.subject}"
        for count, text in enumerate(("Pump 3.", "Pump 5."), 1):
            await messages.read_back(south.node, south["samira"], "leaders", ours.subject, text=text)
            await until(lambda count=count: len(north.node.book.message("leaders", ours.subject).read_backs) == count)
            stale = stale if count == 2 else await shown()
        assert await press("confirm", right="yes", seen=stale) == await press("confirm", right="yes") == 422
        assert await press("confirm", right="yes", seen=await shown()) == 303

    story(told)
