"""The pages in a real browser: nothing runs that should not, nothing sticks out, keys do what the table says."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable

import pytest
from playwright.async_api import expect
from tests.browser.desks import cookies, play, sample_desk
from tests.desk.sample import message
from tests.desk.test_pages import HOSTILE, PAGES

from parley import limits
from parley.codec.text import count_words
from parley.desk.words import LANGUAGES
from parley.times import Moment, moment_text, read_moment

pytestmark = pytest.mark.browser
RECORDINGS = "/channels/leaders/recordings/south/0/41"
TEXTS = (
    "", "one", " one  two\n\tthree ", "请立即命令该船停车", "我方 217 号", "ความ ไทย", "نقترح نقل المكالمة", "a" * 300,
    "カタカナ と kana", "word " * 201, "汉" * 401, "𠀀𠀁 x",
)  # fmt: skip


def look_at_widths(looks: Iterable[tuple[str, str]]) -> None:
    """Open each (path, language), unfold everything, and see that nothing is wider than the screen."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            for path, language in looks:
                await page.context.add_cookies(cookies(desk, f"language={language}&sound=off"))
                await page.goto(desk.origin + path)
                await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
                for width in (320, 768, 1400, 3840):
                    await page.set_viewport_size({"width": width, "height": 900})
                    # Beside the bar by which the page is scrolled there is less than the window's width.
                    shown, room = await page.evaluate(
                        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
                    )
                    assert shown <= room, (path, language, width, shown, room)
            assert desk.troubles == []

    play(story())


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_sticks_out_in_any_language(language: str) -> None:
    """Russian has the long words, Arabic the other direction, Chinese no spaces to break at."""
    look_at_widths((path, language) for path in (*PAGES, "/sign-in"))


SEEN = """(part) => {
  const box = part.getBoundingClientRect();
  return part.contains(document.elementFromPoint(box.left + 20, box.top + 2));
}"""


def test_on_a_bad_night_half_the_screen_is_left_for_the_page_and_the_handset_is_at_its_foot() -> None:
    """Twelve alarms, a missing microphone and a cut link at once: whoever reads and answers needs the room."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off&watch=on"))
            for width, height in ((1280, 900), (390, 844)):
                await page.set_viewport_size({"width": width, "height": height})
                await page.goto(desk.origin + "/channels/duty")
                await expect(page.locator('.handset[data-state="missing"]')).to_have_count(1)
                top, foot = [
                    await page.evaluate(f"document.querySelector('{what}').getBoundingClientRect().top")
                    for what in ("main", ".handset")
                ]
                assert min(foot, height) - top >= height / 2, (width, top, foot)
                await page.evaluate(
                    "scrollTo(0, document.body.scrollHeight)"
                )  # far down, where a FLASH is seen that comes
                assert await page.locator(".alert").first.evaluate(SEEN), width
            await page.context.add_cookies(cookies(desk, "language=en&sound=off&watch=on&status=exercise"))
            await page.reload()
            await page.locator('body[data-status="exercise"]').wait_for()
            await page.evaluate("scrollTo(0, document.body.scrollHeight)")
            assert await page.locator(".alert").first.evaluate(SEEN)  # inside the frame of an exercise, too

    play(story())


def test_in_letters_of_twice_the_size_the_strip_leaves_the_page_its_room() -> None:
    """WCAG 1.4.4: at 200 % the strip took more than a telephone's whole screen, and stayed there."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=ru&sound=off"))  # the longest words
            letters = await page.context.new_cdp_session(page)
            for width, size, most in ((320, 16, 0.12), (640, 32, 0.22), (900, 32, 0.22), (320, 32, 0.4)):
                await letters.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
                await page.set_viewport_size({"width": width, "height": 900})
                await page.goto(desk.origin + "/channels/duty")
                row = await page.locator(".bar-row").bounding_box()
                assert row is not None and row["height"] <= most * 900, (width, size, row)
                assert await page.locator(".stop-control").is_visible()
                sticks = await page.locator(".top").evaluate("(one) => getComputedStyle(one).position")
                assert sticks == ("static" if width / size < 13 else "sticky")

    play(story())


COVERED = """() => {
  const covered = [];
  const edges = [document.querySelector(".top"), document.querySelector(".alerts"), document.querySelector("#handset")];
  const some = "a[href], button, input, select, textarea, summary, [tabindex='0'], audio";
  for (const part of document.querySelectorAll(some)) {
    if (part.disabled || part.closest("[hidden], dialog, .skip") || !part.checkVisibility()) continue;
    part.focus();
    const box = part.getBoundingClientRect();
    if (document.activeElement !== part || box.width < 2) continue;
    const under = (edge) => {
      if (!edge || edge.contains(part)) return false;
      const over = edge.getBoundingClientRect();
      return box.top >= over.top - 1 && box.bottom <= over.bottom + 1 && box.left < over.right && box.right > over.left;
    };
    const outline = getComputedStyle(part);
    if (edges.some(under)) covered.push("covered: " + (part.textContent || part.name).trim().slice(0, 40));
    if (outline.outlineStyle === "none") covered.push("unmarked: " + part.tagName + " " + part.name);
  }
  return covered;
}"""


def test_what_has_the_focus_is_seen_and_lies_under_nothing() -> None:
    """WCAG 2.4.11: whoever answers a call by the keyboard must see that it is the answering they are about to press."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off&watch=on"))
            looks = [(path, 1280, 800) for path in ("/channels/duty/call", "/watch", "/stops", RECORDINGS)]
            for path, width, height in (*looks, ("/channels/duty/call", 360, 700)):
                await page.set_viewport_size({"width": width, "height": height})
                await page.goto(desk.origin + path)
                await page.locator("html[data-ready=yes]").wait_for()
                await page.keyboard.press("Tab")  # from now on the browser marks what has the focus
                assert await page.evaluate(COVERED) == [], (path, width)

    play(story())


def test_nothing_people_write_ever_runs() -> None:
    """The policy is the second wall; this shows that it is never even asked."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            assert desk.samples is not None
            desk.samples.thread_now = [message(1, ours=False, text=HOSTILE, title=HOSTILE, person_name=HOSTILE)]
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            for path in ("/channels/duty", "/channels/duty/message/south/0/1"):
                await page.goto(desk.origin + path)
                await expect(page.locator(".words").first).to_have_text(HOSTILE)
            assert desk.troubles == []

    play(story())


def test_the_browser_itself_forbids_script_in_a_page() -> None:
    """If a template ever let markup through, it still would not run."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/")
            ran = await page.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                " document.body.append(s); return window.ran ?? 0; }"
            )
            assert ran == 0
            assert any("Content Security Policy" in trouble for trouble in desk.troubles)

    play(story())


def test_keys_lead_everywhere_and_can_be_switched_off() -> None:
    """A duty officer's hands stay on the keyboard; WCAG 2.1.4 wants a way to be rid of single keys."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            await page.goto(desk.origin + "/")
            for keys, path in (
                ("gl", "/line"),
                ("gr", "/record"),
                ("gd", "/drafts"),
                ("gp", "/people"),
                ("?", "/help"),
                ("g1", "/channels/duty"),
            ):
                await page.locator("html[data-ready=yes]").wait_for()
                for key in keys:
                    await page.keyboard.press(key)
                await page.wait_for_url(desk.origin + path)
            await page.locator("html[data-ready=yes]").wait_for()
            await page.keyboard.press("j")
            await page.keyboard.press("j")
            await expect(page.locator(".message").nth(1)).to_be_focused()
            await page.keyboard.press("c")
            await page.keyboard.type("grl?")  # into the text, and nowhere else
            await expect(page.locator("#c-text")).to_have_value("grl?")
            box = page.locator("input[name=order]")
            await box.focus()  # a box takes no letters: whoever has just ticked one answers by its key all the same
            await page.keyboard.press("j")
            await expect(box).not_to_be_focused()

            await page.context.add_cookies(cookies(desk, "language=en&keys=off"))
            page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
            await page.goto(desk.origin + "/help")
            await page.locator("html[data-ready=yes]").wait_for()
            await page.keyboard.press("g")
            await page.keyboard.press("l")
            assert page.url == desk.origin + "/help"

    play(story())


def test_keys_are_found_on_a_keyboard_that_is_set_to_another_script() -> None:
    """Who writes in Arabic had no key at all, the one for a stop included, until they switched the keyboard."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=ar&sound=off"))
            await page.goto(desk.origin + "/people")
            for keys, path in (
                ((("ل", "KeyG"), ("م", "KeyL")), "/line"),  # Arabic
                ((("п", "KeyG"), ("к", "KeyR")), "/record"),  # Russian
                ((("ل", "KeyG"), ("\u0661", "Digit1")), "/channels/duty"),
                ((("؟", "Slash"),), "/help"),
                ((("\u0652", "KeyX"),), "/stop"),  # with Shift: a mark of vowels
            ):
                await page.locator("html[data-ready=yes]").wait_for()
                for key, code in keys:
                    pressed = {"key": key, "code": code, "shiftKey": path in ("/stop", "/help"), "bubbles": True}
                    await page.evaluate(
                        "(it) => document.body.dispatchEvent(new KeyboardEvent('keydown', it))", pressed
                    )
                await page.wait_for_url(desk.origin + path)

    play(story())


def test_the_composer_counts_words_as_the_rule_does() -> None:
    """A count of 200 here and a refusal there would cost the minutes that FLASH is about."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk))
            await page.goto(desk.origin + "/channels/duty?answers=message/south/0/31")
            await page.locator("html[data-ready=yes]").wait_for()
            await page.locator("input[name=precedence][value=FLASH]").check()
            send = page.locator("button[value=release]")
            for text in TEXTS:
                await page.locator("#c-text").fill(text)
                await expect(page.locator("[data-word-count]")).to_have_text(str(count_words(text)))
                assert await send.is_disabled() == (count_words(text) > limits.URGENT_WORDS_MAX), text[:20]

    play(story())


def test_clocks_go_by_the_nodes_time() -> None:
    """This machine's clock may be wrong by hours; a due time counted by it would be a false statement."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            assert desk.samples is not None
            node, begun = read_moment(desk.samples.now()), time.monotonic()
            going = lambda: moment_text(Moment(node + int(1000 * (time.monotonic() - begun))))  # noqa: E731
            desk.samples.now = going  # type: ignore[method-assign]  # each beat says the node's time anew
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=en&sound=off"))
            await page.goto(desk.origin + "/channels/duty")
            await page.locator("html[data-ready=yes]").wait_for()
            shown = page.locator("[data-clock]")
            await expect(shown).to_have_text(re.compile("03:1[23]:[0-9]{2}Z"))
            before = await shown.inner_text()
            await expect(shown).not_to_have_text(before)  # a second on, by its own count
            await expect(shown).to_have_text(re.compile("03:1[23]:[0-9]{2}Z"))
            await expect(page.locator(".wait [data-since]").first).to_have_text(re.compile("00:0[45]:[0-9]{2}"))

    play(story())


def test_an_opened_page_says_aloud_what_is_most_urgent_on_it() -> None:
    """Whoever does not see the strip must hear what it says, and not be told of a FLASH that is a call."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "sound=off"))
            await page.goto(desk.origin + "/")
            first = page.locator(".alert.urgent").first
            await expect(page.locator("#say-now")).to_contain_text(await first.locator(".kind").inner_text())
            await expect(page.locator("#say-now")).not_to_contain_text("FLASH from")
            await expect(page.locator("#say-now")).to_have_text(re.compile("^[^A-Z]*South[^A-Z]* calls Duty officers"))
            assert desk.troubles == []

    play(story())


def test_only_a_message_is_said_to_be_an_overdue_message() -> None:
    """A late step of a stop was read aloud as a message that is overdue, and a message once for each place it is in."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "sound=off"))
            await page.goto(desk.origin + "/")
            await page.locator("html[data-ready=yes]").wait_for()
            over = "(one) => one.dispatchEvent(new CustomEvent('parley:overdue', { bubbles: true }))"
            await page.locator("#duty-ours").evaluate(over)
            await expect(page.locator("#say-now")).not_to_contain_text("overdue")
            for _ in range(2):
                await page.locator(".waits-now [data-until]").first.evaluate(over)
            await expect(page.locator("#say-now p", has_text="overdue")).to_have_count(1)

    play(story())


def test_a_list_in_arabic_runs_one_way_and_hours_are_whole() -> None:
    """Counts ran against their words, two sliders of one page against each other; an hour was cut off before its PM."""

    async def story() -> None:
        async with sample_desk() as (desk, browser):
            page = await desk.page(browser)
            await page.context.add_cookies(cookies(desk, "language=ar&sound=off"))
            way = "found => found.map((one) => getComputedStyle(one).direction)"
            await page.goto(desk.origin + "/incidents?which=all")
            cells = page.locator("main tbody tr > td:nth-child(5)")
            assert set(await cells.evaluate_all(way)) == {"rtl"}
            backs = "row => [...row.children].map((one) => getComputedStyle(one).backgroundColor)"
            assert len(set(await page.locator("tr.wrong").first.evaluate(backs))) == 1
            marked = "found => found.map((one) => getComputedStyle(one).boxShadow !== 'none')"
            assert sum(await page.locator("main nav a").evaluate_all(marked)) == 1
            await page.goto(desk.origin + "/notices")
            assert set(await page.locator("main input[type=range]").evaluate_all(way)) == {"ltr"}
            over = "one => one.scrollWidth - one.parentElement.clientWidth"
            assert await page.locator(".notice-days .check").evaluate(over) <= 0
            await page.emulate_media(media="print")
            await expect(page.locator(".notice-days")).to_be_hidden()  # nobody moves a slider on paper
            await page.emulate_media(media="screen")
            for width in (320, 1280):
                await page.set_viewport_size({"width": width, "height": 900})
                await page.goto(desk.origin + "/notices/new")
                wide = "found => found.map((one) => one.clientWidth / parseFloat(getComputedStyle(one).fontSize))"
                assert min(await page.locator("input[type=datetime-local]").evaluate_all(wide)) >= 14

    play(story())
