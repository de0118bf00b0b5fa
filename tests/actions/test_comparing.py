"""Two accounts of one meeting laid side by side between two real nodes: suggested by rules, confirmed by persons."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.actions.pair import Side, talking, until

from parley.actions import bodies, body_terms, comparing, comparison_export, readouts
from parley.errors import Refused
from parley.statements import Statement

OURS = "=The minister said that the strait stays open. Both sides agreed to meet again in 60 days."
THEIRS = (
    "The foreign minister stated that the strait does not stay open in 90 days. South urged North to stop arms sales."
)
NONE = Statement(start=0, end=1, words_start=0, words_end=1, who="Minister", topic="Strait")


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Side, Side, str]]:
    async with talking() as (north, south):
        sent = await readouts.ask(north.node, north["edda"], "leaders", title="First", date="2026-11-23")
        await until(lambda: south.node.book.view("leaders", sent.subject))
        for side, who, text in ((north, "edda", OURS), (south, "samira", THEIRS)):
            await readouts.save_draft(side.node, side[who], "leaders", sent.subject, text=text)
            await readouts.seal(side.node, side[who], "leaders", sent.subject)
        for side, who in ((north, "edda"), (south, "samira")):
            await until(lambda side=side, who=who: state(side, who, sent.subject) == "opened")  # type: ignore[misc]
        yield north, south, sent.subject


def state(side: Side, who: str, subject: str) -> str:
    return readouts.readout(side.node, side[who], "leaders", subject).state


async def mark(side: Side, who: str, subject: str, source: str, words: str) -> str:
    about = (side.node, side[who], "leaders", subject, source)
    made = comparing.drawn(*about, NONE, words)
    await comparing.mark(*about, made)
    return f"{source}:{comparing.place_of(made)}"


def test_only_what_a_person_confirmed_is_compared_exported_or_in_the_record() -> None:
    """Issue D, 5: nothing unconfirmed is shared, exported or counted."""

    async def story() -> None:
        async with opened() as (north, south, subject):
            about = (north.node, north["edda"], "leaders", subject)
            offered = comparing.suggestions(*about, "north")
            assert [one.statement.verb for one in offered] == ["said", "agreed"]
            assert comparing.compare(*about).topics == ()
            assert comparison_export.comparison_rows(*about)["rows"] == []
            with pytest.raises(Refused) as no:
                await comparing.confirm(*about)
            assert no.value.code == "readouts.none"

            ours = await mark(north, "edda", subject, "north", "the strait stays open")
            theirs = await mark(north, "edda", subject, "south", "the strait does not stay open in 90 days")
            assert len(comparing.suggestions(*about, "north")) == 1  # what is confirmed is not offered again
            await comparing.link(*about, ours, theirs, "different")
            [topic] = comparing.compare(*about).topics
            [pair] = topic.rows
            assert (topic.topic, pair.verdict) == ("Strait", "different")
            assert {kind for kind, _, _ in pair.differs} == {"number", "negation"}
            assert comparing.compare(south.node, south["samira"], "leaders", subject).topics == ()  # ours, and private

            await comparing.confirm(*about)
            await until(lambda: comparing.compare(south.node, south["samira"], "leaders", subject).topics)
            await readouts.contest(south.node, south["samira"], "leaders", subject, statement=0, reason="Not he.")
            row = readouts.readout(north.node, north["edda"], "leaders", subject)
            assert [one.words for one in row.accounts[0].statements] == ["the strait stays open"]

            await comparing.unmark(*about, "south", theirs.partition(":")[2])
            [pair] = comparing.compare(*about).topics[0].rows
            assert pair.verdict == "one"

    asyncio.run(story())


def test_words_that_do_not_stand_in_an_account_are_nobodys_words() -> None:
    """A misquotation cannot be entered, by hand or by a program."""

    async def story() -> None:
        async with opened() as (north, _south, subject):
            for words in ("the strait stays closed", "", " "):
                with pytest.raises(Refused) as no:
                    await mark(north, "edda", subject, "north", words)
                assert no.value.code == "readouts.words"
            with pytest.raises(Refused) as no:
                await mark(north, "edda", subject, "press-none", "words")
            assert no.value.code == "readouts.source"
            wren = await north.add("wren", "Wren", "recorder")
            with pytest.raises(Refused) as no:
                await comparing.mark(north.node, wren, "leaders", subject, "north", NONE)
            assert no.value.code == "people.right"

    asyncio.run(story())


def test_a_press_report_stays_here_unless_it_is_shared_and_no_file_holds_a_formula() -> None:
    """A third account with its source; a spreadsheet must not run what somebody wrote."""

    async def story() -> None:
        async with opened() as (north, south, subject):
            about = (north.node, north["edda"], "leaders", subject)
            report = {"source": "The Daily", "date": "2026-11-24", "text": "=1+1 was said by the envoy."}
            await comparing.keep_report(*about, **report)
            [kept] = readouts.readout(*about).press
            assert not kept.shared and kept.id.startswith("own-")
            assert readouts.readout(south.node, south["samira"], "leaders", subject).press == ()
            name = await mark(north, "edda", subject, kept.id, "=1+1 was said")
            assert name.startswith(kept.id)
            rows = list(csv.reader(io.StringIO(comparison_export.comparison_csv(*about))))
            assert rows[1][rows[0].index("words")] == "'=1+1 was said"
            assert json.dumps(comparison_export.comparison_rows(*about)["rows"][0]["words"]) == '"=1+1 was said"'
            await readouts.share_press(*about, **report)
            await until(lambda: readouts.readout(south.node, south["samira"], "leaders", subject).press)

    asyncio.run(story())


def test_a_press_report_is_paired_with_either_readout_and_counts_for_neither_side() -> None:
    """What a newspaper also says is not said by both; and one that contradicts a side shows so beside it."""

    async def story() -> None:
        async with opened() as (north, _, subject):
            about = (north.node, north["edda"], "leaders", subject)
            told = "The envoy said that the strait stays open. An aide said that arms sales go on."
            await comparing.keep_report(*about, source="The Daily", date="2026-11-24", text=told)
            press = readouts.readout(*about).press[0].id
            ours = await mark(north, "edda", subject, "north", "the strait stays open")
            theirs = await mark(north, "edda", subject, "south", "the strait does not stay open in 90 days")
            report = await mark(north, "edda", subject, press, "the strait stays open")
            await mark(north, "edda", subject, press, "arms sales go on")

            def rows() -> list[tuple[str, str, int]]:
                return [(one.verdict, one.report, len(one.cells)) for one in comparing.compare(*about).topics[0].rows]

            maybe = comparing.compare(*about).maybe
            assert (ours, report) in [(one.name, other.name) for one, other, _, _ in maybe]
            assert (theirs, report) in [(one.name, other.name) for one, other, _, _ in maybe]
            await comparing.link(*about, ours, report, "same")
            assert rows() == [("one", "same", 2), ("one", "", 1), ("press", "", 1)]
            await comparing.link(*about, ours, theirs, "different")
            assert rows() == [("different", "same", 3), ("press", "", 1)]
            [first, _] = comparing.compare(*about).topics[0].rows
            assert [verdict for *_, verdict in first.links] == ["same", "different"]
            assert not [one for one in comparing.compare(*about).maybe if report in (one[0].name, one[1].name)]
            await comparing.link(*about, ours, theirs, "apart")
            await comparing.link(*about, theirs, report, "different")
            assert rows() == [("different", "different", 3), ("press", "", 1)]
            told_rows = comparison_export.comparison_rows(*about)["rows"]
            assert [(one["source"], one["report"]) for one in told_rows][2:] == [
                ("The Daily", "different"),
                ("The Daily", ""),
            ]

    asyncio.run(story())


def test_a_term_of_the_shared_glossary_is_offered_as_a_topic_in_either_language() -> None:
    """Two accounts in two languages share few words; what both sides agreed to call a thing joins them."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await bodies.propose_body(
                north.node, north["edda"], channel="trade", title="Trade", mandate="Chips.", level="experts",
                languages=("en", "zh"),
            )  # fmt: skip
            await until(lambda: south.node.book.view("line", sent.subject))
            await bodies.agree_body(south.node, south["samira"], sent.subject)
            await until(lambda: (view := north.node.book.channel("trade")) and view.state == "agreed")
            words = {"en": "export controls", "zh": "出口管制"}
            await body_terms.put_term(north.node, north["edda"], sent.subject, words=words)
            asked = await readouts.ask(north.node, north["edda"], "trade", title="First", date="2026-11-23")
            await until(lambda: south.node.book.view("trade", asked.subject))
            told = (
                (north, "edda", "North said that export controls stay."),
                (south, "samira", "南方表示，出口管制应当取消。"),
            )
            for side, who, text in told:
                about = (side.node, side[who], "trade", asked.subject)
                await readouts.save_draft(*about, text=text, language="en" if side is north else "zh")
                await readouts.seal(*about)
            about = (north.node, north["edda"], "trade", asked.subject)
            await until(lambda: readouts.readout(*about).state == "opened")
            for source in ("north", "south"):
                [one] = comparing.suggestions(*about, source)
                assert (one.statement.topic, one.topic_ground) == ("export controls / 出口管制", "agenda-words")
            assert "export controls / 出口管制" in comparing.compare(*about).offered

    asyncio.run(story())
