"""A newcomer at the demo, with nothing but docs/desk/incidents.md: from a track file to signed facts and a paper."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.desks import authenticator, chromium, play

pytestmark = [pytest.mark.browser, pytest.mark.long]

PARLEY = (sys.executable, "-m", "parley.cli")


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[dict[tuple[str, str], str]]:
    """Run the demo as a newcomer does and give its sign-in links by side and person."""
    args = [*PARLEY, "demo", "--json", "--no-browser", "--out", str(folder)]
    process = await asyncio.create_subprocess_exec(*args, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        told = b""
        while not told.rstrip().endswith(b"}"):
            line = await asyncio.wait_for(process.stdout.readline(), 60)
            assert line, "the demo ended before it told its links"
            told += line
        yield {(row["side"], row["person"]): row["url"] for row in json.loads(told)["links"]}
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def settled(page: Page) -> None:
    await page.locator("html[data-ready=yes]").wait_for()


async def entered(browser: Browser, link: str, *, passkey: bool) -> Page:
    """Open a link in a window of its own, and sign in by a passkey made with it or by the link itself."""
    page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
    await page.goto(link)
    await authenticator(page)
    await settled(page)
    if passkey:
        await page.get_by_role("button", name="Make a passkey").click()
        await page.wait_for_url(re.compile("enrolled"))
        await settled(page)
        await page.get_by_role("button", name="Sign in with a passkey").click()
    else:
        await page.get_by_role("button", name=re.compile("^Sign in to")).click()
    await page.locator(".me").wait_for()
    await settled(page)
    return page


def track(path: Path, *, at: tuple[float, float], by: tuple[float, float]) -> Path:
    """Write a CSV of tracks as a bridge's own system would."""
    began = datetime.now(UTC) - timedelta(minutes=10)
    rows = ["# position_m: 25", "time,lat,lon"]
    for turn in range(60):
        when = (began + timedelta(seconds=10 * turn)).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows.append(f"{when},{at[0] + by[0] * turn:.6f},{at[1] + by[1] * turn:.6f}")
    path.write_text("\n".join(rows) + "\n")
    return path


async def put_forward(page: Page, file: Path, source: str) -> None:
    await page.get_by_role("link", name="Put files forward").click()
    await settled(page)
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Look at them first").click()
    await page.get_by_label("Source").fill(source)
    await page.get_by_role("button", name="Put them forward").click()
    await page.wait_for_url(re.compile("#evidence"))
    await settled(page)


async def signed(page: Page, at: str, name: str) -> None:
    await page.goto(at)
    await settled(page)
    await page.get_by_role("button", name="Look at it and sign").click()
    await page.get_by_role("button", name=f"Sign as {name}").click()
    await page.wait_for_url(re.compile("#facts"))


def test_a_newcomer_gets_from_a_track_file_to_facts_that_both_sign_with_passkeys_and_a_paper(tmp_path: Path) -> None:
    """The issue's own measure of done: what the page of the manual says, typed and pressed in the demo as it stands."""

    async def story() -> None:
        async with demo(tmp_path / "out") as links, chromium() as browser:
            edda = await entered(browser, links["North", "Edda Marlow"], passkey=True)
            samira = await entered(browser, links["South", "Samira Haddad"], passkey=True)
            for side, name in (("North", "Edda Marlow"), ("South", "Samira Haddad")):
                chief = await entered(browser, links[side, "admin"], passkey=False)
                await chief.keyboard.press("g")
                await chief.keyboard.press("p")
                await chief.wait_for_url(re.compile("/people"))
                await settled(chief)
                await chief.get_by_role("button", name=f"List their passkeys {name}").click()
                await expect(chief.get_by_role("row").filter(has_text=name)).to_contain_text("Passkeys listed")

            await edda.keyboard.press("g")
            await edda.keyboard.press("i")
            await edda.wait_for_url(re.compile("/incidents$"))
            await settled(edda)
            await edda.keyboard.press("c")
            await edda.get_by_label("What happened").fill("An aircraft passed over our bow twice, low.")
            await edda.get_by_label("Where").fill("54°37.5'N 012°31.0'E")
            await edda.get_by_role("button", name="Report it now").click()
            await edda.wait_for_url(re.compile("/incidents/line/north/"))
            await expect(edda.locator(".clocks")).to_contain_text("South has said nothing")
            path = edda.url.partition("/incidents/")[2]

            await expect(samira.locator("[data-alert=incident]")).to_contain_text("North reports an incident")
            await samira.keyboard.press("f")
            await samira.wait_for_url(re.compile(path))
            await settled(samira)
            at = edda.url, samira.url
            await samira.get_by_role("link", name="Our account").click()
            await samira.get_by_label("What happened").fill("Our aircraft passed once, at 300 m.")
            await samira.get_by_role("button", name="Give this account").click()
            await samira.wait_for_url(at[1])

            north = track(tmp_path / "north.csv", at=(54.60, 12.50), by=(0.0005, 0.0003))
            south = track(tmp_path / "south.csv", at=(54.70, 12.45), by=(-0.0028, 0.0022))
            await put_forward(edda, north, "ship's radar")
            await put_forward(samira, south, "aircraft's GNSS")
            await edda.goto(at[0])
            await expect(edda.locator("main")).to_contain_text("South · aircraft's GNSS · errors stated: 25 m")
            await expect(edda.locator("main")).to_contain_text("Kind of meeting, an indication and never a verdict")

            await settled(edda)
            await edda.get_by_label("One sentence of yours").fill(
                "One aircraft passed the ship from starboard to port."
            )
            await edda.get_by_role("button", name="Put this sentence").click()
            await expect(edda.locator("#statements")).to_contain_text("unanswered")
            await samira.goto(at[1])
            await settled(samira)
            row = samira.get_by_role("row").filter(has_text="One aircraft passed the ship")
            await row.get_by_role("button", name="agreed", exact=True).click()
            await samira.get_by_role("button", name="Freeze these as a list to sign").click()
            await expect(samira.locator("#facts")).to_contain_text("To be signed")
            await signed(samira, at[1], "Samira Haddad")
            await signed(edda, at[0], "Edda Marlow")
            facts = edda.locator("#facts")
            await expect(facts).to_contain_text("Signed by both sides")
            await expect(facts).to_contain_text("signed with the key that South lists for Samira Haddad")
            await expect(facts).to_contain_text("signed with the key that North lists for Edda Marlow")

            paper = edda.get_by_role("link", name="Русский", exact=True)
            read = "async (at) => { const got = await fetch(at); return [...new Uint8Array(await got.arrayBuffer())]; }"
            assert bytes(await edda.evaluate(read, await paper.get_attribute("href"))).startswith(b"%PDF-")
            await edda.locator("#evidence-head").click()
            async with edda.expect_download() as saving:
                await edda.keyboard.press("e")
            await (await saving.value).save_as(tmp_path / "incident.parley")

        done = await asyncio.create_subprocess_exec(
            *PARLEY, "check", str(tmp_path / "incident.parley"), stdout=asyncio.subprocess.PIPE
        )
        told = (await done.communicate())[0].decode()
        assert done.returncode == 0
        assert told.count("signed a list of facts") == 2
        assert "binds nobody by passkey" not in told

    play(story())
