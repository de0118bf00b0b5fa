"""From a body to the comparison of two readouts in a real browser: two desks, two languages, mouse, keys, passkeys."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.actions.pair import until
from tests.browser.desks import play, two_desks
from tests.browser.talkers import THEIRS, At, copied, negotiate, sit

from parley.cli import main

pytestmark = pytest.mark.browser

OURS = "North said that both sides notify each other within five days."
# South's account in its own language, and the statement in it.
TOLD = {
    "zh": ("南方表示，双方将在五日内相互通知。", "双方将在五日内相互通知"),
    "ar": ("أعلن الجنوب أن الإخطار يتم خلال خمسة أيام.", "الإخطار يتم خلال خمسة أيام"),
}
# The middle of the left and of the right edge of words that stand on one line of the account.
EDGES = """(words) => {
  const node = document.querySelector("[data-account]").firstChild;
  const range = document.createRange();
  range.setStart(node, node.data.indexOf(words));
  range.setEnd(node, node.data.indexOf(words) + words.length);
  const box = range.getBoundingClientRect();
  return [[box.left, box.top + box.height / 2], [box.right, box.top + box.height / 2]];
}"""


async def set_up(north: At, south: At, tag: str) -> None:
    """Propose a body, agree to it, and let it meet once."""
    await north.page.goto(north.desk.origin + "/talks")
    fold = await north.unfold("talks.propose")
    await north.field("talks.title", fold).fill("Talks on AI")
    await north.field("talks.mandate", fold).fill("Risks that cross borders.")
    await north.field("talks.channel-id", fold).fill("talks-ai")
    await north.field("talks.languages", fold).fill(f"en {tag}")
    await north.press("talks.propose", fold)
    await south.page.goto(south.desk.origin + "/talks")
    await south.page.locator("#main").get_by_role("link", name="Talks on AI").click()
    await south.press("talks.act.agree", await south.unfold("talks.act.agree"))

    await north.page.get_by_role("link", name=north.say("talks.request")).click()
    await north.field("talks.purpose").fill("First session")
    await north.page.get_by_label("Time 1").fill("2097-03-01T15:00")
    await north.press("talks.request-do", them="South")
    await south.page.goto(south.desk.origin + "/talks")
    await south.page.locator("#main").get_by_role("link", name="First session").click()
    await south.press("talks.accept")
    await north.press("talks.begin")
    fold = await north.unfold("talks.attend")
    await fold.locator("textarea").fill("Envoy A; Ministry of North")
    await north.press("talks.attend", fold)
    await expect(south.page.locator("main")).to_contain_text("Ministry of North")
    fold = await north.unfold("talks.note-add")
    await north.field("talks.note-text", fold).fill("Notify each other.")
    await north.press("talks.note-add", fold)
    await south.press("talks.act.agree", south.page.locator("li", has_text="Notify each other."))
    await expect(north.page.locator("main")).to_contain_text(north.say("talks.note-agreed"))
    await north.press("talks.end-meeting")


async def promise(north: At, south: At) -> None:
    """Take a commitment from words of the agreed text, and state two views of it."""
    await north.page.locator("html[data-ready=yes]").wait_for()
    await north.page.locator("[data-passage$=en]").first.dblclick()  # one word of it
    await north.page.get_by_role("link", name=north.say("commitment.take-words")).click()
    await north.field("commitment.what").fill("Notify within five days")
    await north.field("commitment.who").select_option("both")
    await north.press("commitment.send")
    await south.page.goto(south.desk.origin + "/commitments?which=answer")
    await south.page.locator("#main").get_by_role("link", name="Notify within five days").click()
    await south.press("commitment.act.agree")
    for at, us, name, view in ((north, "North", "Edda", "kept"), (south, "South", "Samira", "not-begun")):
        fold = await at.unfold("commitment.act.view")
        await at.field("commitment.our-view", fold, us=us).select_option(view)
        await at.press("commitment.act.view-as", fold, name=name)
    for at in (north, south):
        await expect(at.page.locator("#views")).to_contain_text(at.say("commitment.disputed"))


async def tell(north: At, south: At, tag: str, meeting: str) -> None:
    """Seal an account each, see both opened, confirm a statement each, and pair them."""
    account, said = TOLD[tag]
    await north.page.goto(meeting)
    await north.press("talks.readouts-ask")
    await north.page.wait_for_url(re.compile("/readouts/talks-ai/"))
    told = north.page.url.removeprefix(north.desk.origin)
    for at, words in ((north, OURS), (south, account)):
        await at.page.goto(at.desk.origin + told)
        await at.page.locator("#ro-text").fill(words)
        await at.press("readout.keep")
        await at.press("readout.seal-do")
        await at.page.locator("html[data-ready=yes]").wait_for()
        await at.page.get_by_role("button", name=re.compile("Edda|Samira")).press("Enter")  # the passkey
        await at.page.wait_for_url(at.desk.origin + told)
    await expect(north.page.get_by_text(account)).to_be_visible()  # by itself

    await north.page.goto(f"{north.desk.origin}{told}/words/north")
    await north.page.locator(".offered").first.get_by_label(north.say("mark.topic")).fill("Notice")
    await north.press("mark.accept")
    await south.page.goto(f"{south.desk.origin}{told}/words/south")
    await south.page.locator("html[data-ready=yes]").wait_for()
    mouse, edges = south.page.mouse, await south.page.evaluate(EDGES, said)
    await mouse.move(*edges[0])
    await mouse.down()
    await mouse.move(*edges[1])
    await mouse.up()
    form = south.page.locator("form", has=south.page.locator("[data-drawn]"))
    await expect(south.field("mark.words", form)).to_have_value(said)
    await south.field("mark.topic", form).fill("Notice")
    await south.press("mark.keep", form)
    await north.press("mark.confirm-do")
    await north.page.wait_for_url(north.desk.origin + told)
    await north.page.goto(f"{north.desk.origin}{told}/compare")
    await expect(north.page.locator("tr.verdict-one")).to_have_count(1)
    await south.press("mark.confirm-do")
    await expect(north.page.locator("tr.verdict-one")).to_have_count(2)  # by itself
    await north.press("compare.do.same", north.page.locator(".offered"))  # the program proposes, a person says
    row = north.page.locator("tr.verdict-same")
    await expect(row).to_contain_text(said)
    await expect(row).to_contain_text("notify each other within five days")


@pytest.mark.parametrize("tag", ["zh", pytest.param("ar", marks=pytest.mark.long)])
def test_talks_go_from_a_body_to_two_readouts_side_by_side_at_both_desks(
    tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue D from end to end: crossed words in one bracket, signed by passkeys, each copy checked, told twice."""

    async def story() -> None:
        async with two_desks() as (ours, theirs, browser):
            both = sit(ours, browser, "edda", "en"), sit(theirs, browser, "samira", tag)
            north, south = await asyncio.gather(*both)
            await set_up(north, south, tag)
            meeting = north.page.url.partition("#")[0]
            await negotiate(north, south, tag)
            await north.sign("Edda", "initialled")
            await north.sign("Edda")
            await south.sign("Samira")
            await expect(north.page.get_by_text("Signed:")).to_have_count(2)
            await until(lambda: all(one.side_at.node.status().waiting == 0 for one in (ours, theirs)))  # type: ignore[union-attr]
            for at, name in ((north, "North"), (south, "South")):
                kept = await copied(at, name, tmp_path)
                assert await asyncio.to_thread(main, ["check", str(kept), "--text"]) == 0
                shown = capsys.readouterr().out
                assert THEIRS[tag][2] in shown
                assert (shown.count("signed, "), shown.count("initialled, ")) == (2, 1)
            await promise(north, south)
            await tell(north, south, tag, meeting)
            assert ours.troubles + theirs.troubles == []

    play(story())
