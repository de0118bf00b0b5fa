"""From a body to the comparison of two readouts, at the desks of two nodes, each form as its page shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.desk.seats import Seat
from tests.desk.sitting import served

from parley.cli.check_pdf import check_pdf
from parley.desk.words import Words

# By South's language: its words of the article, its account, and the statement in it.
THEIRS = {
    "zh": ("每一方在十日内通知另一方。", "南方表示，双方将在十日内通报。", "双方将在十日内通报"),
    "ar": (
        "يُخطر كل طرف الطرف الآخر خلال عشرة أيام.", "أعلن الجنوب أن الإخطار خلال عشرة أيام.",
        "الإخطار خلال عشرة أيام",
    ),
}  # fmt: skip
ARTICLE = "Each side notifies the other within ten days."
OPEN = '//a[@class="t-open"]/@href'
OURS = "North said that both sides notify each other within ten days. North said that trade was not discussed."


@pytest.mark.parametrize("tag", ["zh", pytest.param("ar", marks=pytest.mark.long)])
def test_a_body_meets_agrees_a_text_and_is_told_of_twice(tag: str, tmp_path: Path) -> None:
    """Issue D from end to end: body, meeting, text, signatures, commitment, readouts; English–Chinese and –Arabic."""
    article, account, said = THEIRS[tag]
    there = Words(tag).plain

    async def story() -> None:
        async with talking() as (ours, theirs), served(ours, theirs) as (here, far):
            north = Seat(here, await here.session("edda"), "en")
            south = Seat(far, await far.session("samira"), tag)

            body = await north.press(
                "/talks", "/talks", title="Talks on AI", mandate="Risks.", channel="talks-ai", languages=f"en {tag}"
            )
            await south.press(body, "/agree")
            await north.see(body, lambda page: page.xpath(f'//a[@href="/meetings/new?body={page_subject(body)}"]'))

            meeting = await north.press(
                f"/meetings/new?body={page_subject(body)}", "/meetings/new", purpose="First session", form="video",
                time="2097-03-01T15:00",
            )  # fmt: skip
            await south.press(meeting, "/accept")
            await north.press(meeting, "/begin")
            await north.press(meeting, "/note", text="Notify each other.")
            await south.press(meeting, "/agree-note")
            await north.press(meeting, "/end")

            text = await north.press("/texts", "/texts", title="On notice", channel="talks-ai", ours="en", theirs=tag)
            await north.press(text, "/add", **{"words-en": ARTICLE})
            part = (await south.see(text, lambda page: page.xpath(OPEN))).xpath(OPEN)[0]
            await south.press(part, "/render", words=article)
            await south.press(part, "/accept")
            for side in (north, south):
                await side.see(text, lambda page: page.xpath('//*[@data-unit-status="clean"]'))
                await side.press(part, "/agree")
            for side in (north, south):
                await side.see(text, lambda page: page.xpath('//*[@data-unit-status="agreed"]'))
                await side.press(text + "/sign", text + "/sign", grade="signed", office="Envoy", powers="Letter 7")
            await until(lambda: ours.node.status().waiting == 0 and theirs.node.status().waiting == 0)
            for number, side in enumerate((north, south)):
                await side.see(text, lambda page: len(page.xpath('//p[@class="note"]')) >= 2)
                status, copy, _ = await side.ask("GET", text + "/copy.pdf")
                (tmp_path / f"{number}.pdf").write_bytes(copy)
                report = check_pdf(tmp_path / f"{number}.pdf", text=True)
                assert (status, report.verdict, report.entries) == (200, "proven", 2), report.lines
                assert article in "\n".join(report.lines)

            taken = (await north.page(part)).xpath('//a[starts-with(@href, "/commitments/new?")]/@href')[0]
            promise = await north.press(taken, "/commitments/new", who="both", due="2097-06-01")
            await south.press(promise, "/agree")
            await north.press(promise, promise + "/view", state="kept")
            await south.press(promise, promise + "/view", state="not-begun")
            for side, word in ((north, "The views differ"), (south, there("commitment.disputed"))):
                await side.see(promise, lambda page, word=word: word in page.text_content())

            told = await north.press(meeting, "/readouts")
            for side, words in ((north, OURS), (south, account)):
                await side.press(told, "/draft", text=words)
                await side.press(told, "/seal")
            ours_words, theirs_words = f"{told}/words/north", f"{told}/words/south"
            for side in (north, south):
                await side.see(told, lambda page: page.xpath('//a[contains(@href, "/words/south")]'))
            await north.press(ours_words, told + "/mark", nth=1, topic="Notice")  # what the program offers, accepted
            await south.press(theirs_words, told + "/mark", words=said, topic="Notice")  # drawn by hand
            await north.press(ours_words, told + "/confirm")
            await south.press(theirs_words, told + "/confirm")
            for side in (north, south):
                await side.see(told + "/compare", lambda page: said in page.text_content())
            await north.press(told + "/compare", told + "/link", verdict="same")
            page = await north.see(told + "/compare", lambda page: "By both" in page.text_content())
            assert "Notice" in page.text_content() and "notify each other within ten days" in page.text_content()
            status, table, _ = await north.ask("GET", told + "/compare.csv")
            assert status == 200 and said in table.decode("utf-8-sig")

    asyncio.run(story())


def page_subject(path: str) -> str:
    """Give the subject of a body by its page."""
    return "body/" + path.removeprefix("/bodies/")
