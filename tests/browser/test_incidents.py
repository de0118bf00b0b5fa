"""An incident from both desks in a real browser: two accounts, one sentence agreed, one disputed, facts both sign."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from tests.actions.pair import until
from tests.browser.desks import Desk, cookies, play, sample_desk, two_desks
from tests.browser.test_passkeys import enrol, enter

from parley.actions import binding, files, incidents
from parley.actions.incident_evidence import Put
from parley.actions.incident_forms import ReportForm
from parley.actions.passkeys import Place
from parley.subjects.incidents import IncidentView

pytestmark = pytest.mark.browser


async def signs(desk: Desk, browser: Browser, person: str) -> Page:
    """Let a person bind by passkey, and give the page at which they are signed in."""
    page = await desk.page(browser)
    held = await enrol(desk, page, person)
    side = desk.side_at
    assert side is not None
    await binding.list_passkeys(side.node, side["admin"], Place(desk.origin), person)
    await enter(desk, page, held)
    return page


def views(desk: Desk) -> list[IncidentView]:
    assert desk.side_at is not None
    book = desk.side_at.node.book
    rows = desk.side_at.node.store.recent("leaders", ("incident.reported",), before=None, count=5)
    return [view for row in rows if isinstance(view := book.view("leaders", row.subject), IncidentView)]


async def settled(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


def test_both_desks_account_for_an_incident_and_sign_what_they_agree_on() -> None:
    """From the report to facts that both signed with passkeys, over exactly the words on the screen."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda, samira = await signs(north, browser, "edda"), await signs(south, browser, "samira")
            await samira.goto(south.origin + "/line")
            await settled(samira)
            await edda.goto(north.origin + "/incidents/new")
            await settled(edda)
            await edda.locator("#i-what").fill("Their aircraft passed our bow at mast height.")
            await edda.locator("#i-place").fill("54°30.7'N 018°15.2'E")
            await edda.locator("#i-channel").select_option("leaders")
            await edda.get_by_role("button", name="Report it now").press("Enter")
            await edda.wait_for_url(re.compile("/incidents/leaders/north/"))
            await expect(edda.locator(".clocks")).to_contain_text("South has said nothing")
            await until(lambda: views(south))
            path = edda.url.removeprefix(north.origin)
            await expect(samira.locator("#say-now")).to_contain_text("it reports an incident")
            await expect(samira.locator(".alert.urgent[data-alert=incident]")).to_contain_text("Edda")

            await samira.goto(south.origin + path + "/account")
            await settled(samira)
            await samira.locator("#i-what").fill("Our aircraft kept 300 m away.")
            await samira.get_by_role("button", name="Give this account").press("Enter")
            await samira.wait_for_url(south.origin + path)
            await expect(samira.locator("[data-alert=incident]")).to_have_count(0)
            for sentence in ("The pass was at 09:14.", "It was nearer than 100 m."):
                await settled(edda)
                await edda.locator("#f-state-").fill(sentence)
                await edda.get_by_role("button", name="Put this sentence").press("Enter")
                await expect(edda.locator("#statements")).to_contain_text(sentence)
            await until(lambda: len(views(south)[0].statements) == 2)
            for number, stand in ((1, "agreed"), (2, "disputed")):
                await samira.goto(south.origin + path)
                await settled(samira)
                row = samira.get_by_role("row").filter(has_text=f"north-{number}")
                await row.get_by_role("button", name=stand, exact=True).press("Enter")
                await until(lambda number=number: views(north)[0].statements[number - 1].stood)
            await samira.goto(south.origin + path)
            await settled(samira)
            await samira.get_by_role("button", name="Freeze these as a list").press("Enter")
            await until(lambda: views(north)[0].lists)
            for desk, page, name in ((south, samira, "Samira"), (north, edda, "Edda")):
                await page.goto(desk.origin + path)
                await settled(page)
                both = page.locator("table.both")
                await expect(both).to_contain_text("Their aircraft passed our bow")
                await expect(both).to_contain_text("Our aircraft kept 300 m away.")
                await page.get_by_role("button", name="Look at it and sign").press("Enter")
                await settled(page)
                fact = page.locator("[data-signed='words.body.facts.0.text']")
                await expect(fact).to_have_text("The pass was at 09:14.")
                await page.get_by_role("button", name=f"Sign as {name}").press("Enter")
                await page.wait_for_url(re.compile("#facts"))
            await until(lambda: views(south)[0].signed)
            signed = views(south)[0].signed
            assert signed is not None
            assert [one.passkey for one in signed.signatures] == [True, True]
            assert [fact.text for fact in signed.facts] == ["The pass was at 09:14."]
            assert [one for one in north.troubles + south.troubles if "AudioContext" not in one] == []

    play(story())


# Thirty pictures, each of one grey darker than the next, shown for 1/30 s and recorded as a camera would.
RECORD = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 48});
  const draw = canvas.getContext("2d"), stream = canvas.captureStream(0), parts = [];
  const recorder = new MediaRecorder(stream, {mimeType: "video/webm;codecs=vp8"});
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => recorder.onstop = done);
  recorder.start();
  for (let number = 0; number < 30; number += 1) {
    draw.fillStyle = `rgb(${number * 8}, ${number * 8}, ${number * 8})`;
    draw.fillRect(0, 0, 64, 48);
    stream.getVideoTracks()[0].requestFrame();
    await new Promise((done) => setTimeout(done, 33));
  }
  recorder.stop();
  await ended;
  return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
}"""
# Which of the thirty pictures each of the two videos shows, the chosen one of ours first.
# What the node next says of our film's copy at the other side differs, as it does while a large film crosses.
SHELF = """() => { const ask = fetch; window.fetch = async (at, ...rest) => { const answer = await ask(at, ...rest);
  if (!String(at).endsWith("/evidence/list")) return answer;
  return new Response((await answer.text()).replaceAll("on their disk", "on their shelf")); }; }"""

SHOWN = """() => ["ours", "theirs"].map((whose) => {
  const root = document.querySelector(`#frames-${whose}`).value;
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 48});
  const draw = canvas.getContext("2d", {willReadFrequently: true});
  draw.drawImage(document.querySelector(`video[data-root="${root}"]`), 0, 0);
  return Math.round(draw.getImageData(32, 24, 1, 1).data[0] / 8);
})"""
CLOCKS = """() => ["ours", "theirs"].map((whose) =>
  document.querySelector(`video[data-root="${document.querySelector(`#frames-${whose}`).value}"]`).currentTime)"""


async def so(page: Page, condition: str) -> None:
    """Wait until something holds in the page; its content policy lets no text run as script."""
    wait = f"for (let turn = 0; !({condition}); turn += 1) {{ if (turn > 600) throw Error('never'); await soon(); }}"
    soon = "const soon = () => new Promise((done) => setTimeout(done, 25));"
    await page.evaluate(f"async () => {{ {soon} {wait} }}")


@pytest.mark.long
def test_two_real_videos_come_without_a_reload_and_are_stepped_and_played_on_one_clock() -> None:
    """Which picture shows the pass is half of every dispute: one key is one picture, at both desks."""

    async def story() -> None:
        async with two_desks() as (north, south, browser):
            edda = await north.sign_in(browser, "edda")
            film = bytes(await edda.evaluate(RECORD))
            assert north.side_at is not None and south.side_at is not None
            form = ReportForm(what="A pass.", place="54.5 18.2")
            sent = await incidents.report_incident(north.side_at.node, north.side_at["edda"], form, channel="leaders")
            at = (sent.channel, sent.subject)
            await edda.goto(f"{north.origin}/incidents/leaders/{sent.subject.partition('/')[2]}")
            await settled(edda)
            await until(lambda: views(south))

            async def put(desk: Desk, person: str, data: bytes, name: str, media: str = "video/webm") -> None:
                async def content() -> AsyncIterator[bytes]:
                    yield data

                side = desk.side_at
                assert side is not None
                row = await files.attach(side.node, side[person], name=name, media=media, content=content())
                await incidents.add_evidence(side.node, side[person], *at, evidence=[Put(root=row.root)])

            await put(north, "edda", film, "bridge.webm")
            await put(south, "samira", film + b"\xec\x82\x00\x00", "cockpit.webm")  # an empty element: another file
            await expect(edda.locator(".frames")).to_be_visible()  # it came by itself
            await expect(edda.locator("video")).to_have_count(2)
            await so(edda, "[...document.querySelectorAll('video')].every((one) => one.readyState > 1)")

            await edda.locator("#frames-offset").fill("0.2")
            await edda.locator("#evidence-head").click()
            seen = []
            for key in (".", ".", ".", ","):
                before = await edda.evaluate(SHOWN)
                await edda.keyboard.press(key)
                await so(edda, f"({SHOWN})()[0] !== {before[0]}")
                seen.append((await edda.evaluate(SHOWN))[0] - before[0])
            assert seen == [1, 1, 1, -1]
            await so(edda, f"({SHOWN})()[1] >= 6")  # theirs shows what was 0.2 s later

            here = (await edda.evaluate(CLOCKS))[0]
            await edda.evaluate(SHELF)
            await put(south, "samira", b"More.", "notes.txt", "text/plain")
            await expect(edda.locator(".evidence")).to_contain_text("notes.txt")
            assert (await edda.evaluate(CLOCKS))[0] == here  # what came in did not take the video away
            await expect(edda.locator(".evidence li:has(video)", has_text="on their shelf")).to_have_count(1)

            await edda.get_by_role("button", name="Play or pause both").click()
            await so(edda, f"({CLOCKS})()[0] > {here + 0.3}")
            await edda.get_by_role("button", name="Play or pause both").click()
            ours, theirs = await edda.evaluate(CLOCKS)
            assert theirs - ours == pytest.approx(0.2, abs=0.1)
            ranged = await edda.evaluate(
                "async (path) => { const got = await fetch(path, {headers: {Range: 'bytes=4-11'}});"
                " return [got.status, got.headers.get('Content-Range'), (await got.arrayBuffer()).byteLength]; }",
                await edda.locator("video").first.get_attribute("src"),
            )
            assert ranged == [206, f"bytes 4-11/{len(film)}", 8]

    play(story())


def test_the_keys_step_both_videos_by_the_offset_that_both_sides_agreed() -> None:
    """Both desks look at one moment, whatever each camera's clock said; a video with the focus is stepped alone."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "sound=off"))
            await page.goto(desk.origin + "/incidents/duty/north/0/40")
            await settled(page)

            async def at() -> list[float]:
                read = (
                    "(roots) => roots.map((root) => document.querySelector(`video[data-root='${root}']`).currentTime)"
                )
                return [round(second, 2) for second in await page.evaluate(read, ["cd" * 32, "ce" * 32])]

            await expect(page.locator("#frames-offset")).to_have_value("1.25")
            await page.keyboard.press(".")
            await page.keyboard.press(".")
            assert await at() == [0.08, 1.33]
            await page.keyboard.press(",")
            assert await at() == [0.04, 1.29]
            await page.locator("#frames-offset").fill("2")
            assert await at() == [0.04, 2.04]
            await page.locator(f"video[data-root='{'ce' * 32}']").focus()
            await page.keyboard.press(".")
            assert await at() == [0.04, 2.08]

    play(story())
