"""A text between two real nodes, through the actions that every door uses: from brackets to both signatures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.actions.pair import Side, talking, until

from parley import limits
from parley.actions import negotiated, negotiating, text_copies, text_import, text_signing, text_terms
from parley.actions.negotiating_rows import WholeRow
from parley.errors import Refused
from parley.people import preparations

CHANNEL = "leaders"


def text(side: Side, who: str, subject: str) -> WholeRow:
    return negotiated.text(side.node, side[who], CHANNEL, subject)


async def seen(side: Side, who: str, subject: str, so: Callable[[WholeRow], object]) -> WholeRow:
    """Wait until the text stands at this side as it should."""

    def there() -> object:
        try:
            return so(text(side, who, subject))
        except Refused:
            return False

    await until(there)
    return text(side, who, subject)


def test_a_text_goes_from_brackets_to_both_signatures() -> None:
    """Each side writes its own language, nobody overwrites, and what both signed is one digest."""

    async def story() -> None:
        async with talking() as (north, south):
            made = await negotiating.open_text(
                north.node, north["edda"], CHANNEL, title="On notification", languages=[("en", True), ("zh", False)]
            )
            at, subject = (CHANNEL, made.subject), made.subject
            added = await negotiating.add_unit(
                north.node, north["edda"], *at, level="article", words={"en": "Each side tells the other in ten days."}
            )
            unit = f"north/0/{added.ref.number}"
            theirs = await seen(south, "samira", subject, lambda row: row.units)
            first = theirs.units[0].alternatives[0]
            assert (theirs.units[0].number, first.missing, "accept" in first.may) == ("1", ("zh",), True)
            await negotiating.render(
                south.node, south["samira"], *at, unit, unit, tag="zh", words="每一方在十日内通知另一方。"
            )
            await seen(north, "edda", subject, lambda row: not row.units[0].columns[1].missing)

            # Both want other words for the ten days at the same time.
            await negotiating.propose(
                north.node, north["edda"], *at, unit, unit, tag="en", words="Each side tells the other in five days.",
                also=False,
            )  # fmt: skip
            await negotiating.propose(
                south.node, south["samira"], *at, unit, unit, tag="zh", words="每一方在三日内通知另一方。", also=False
            )
            ours = await seen(north, "edda", subject, lambda row: len(row.units[0].alternatives) == 3)
            assert (ours.row.brackets, ours.row.ours_open, ours.row.theirs_open) == (2, 2, 1)
            with pytest.raises(Refused, match=r"texts\.bracketed"):
                await text_signing.sign(
                    north.node, north["edda"], *at, "signed", digest=ours.digest, office="Envoy", powers="Letter 7"
                )
            names = {one.ours: one.name for one in ours.units[0].alternatives[1:]}
            await negotiating.settle(north.node, north["edda"], *at, unit, "accept", alternative=names[False])
            await seen(south, "samira", subject, lambda row: len(row.units[0].alternatives) == 3)
            for name in (unit, names[True]):
                await negotiating.settle(south.node, south["samira"], *at, unit, "accept", alternative=name)
            row = await seen(north, "edda", subject, lambda row: row.units[0].status == "clean")
            assert row.units[0].columns[0].content == ("Each side tells the other in five days.",)
            digest = row.units[0].digest
            await seen(south, "samira", subject, lambda row: row.units[0].digest == digest)
            await negotiating.settle(south.node, south["samira"], *at, unit, "agree", digest=digest)
            await negotiating.settle(north.node, north["edda"], *at, unit, "agree", digest=digest)
            await seen(south, "samira", subject, lambda row: row.units[0].status == "agreed")
            with pytest.raises(Refused, match=r"texts\.final"):
                await negotiating.propose(
                    south.node, south["samira"], *at, unit, unit, tag="zh", words="每一方在一日内。", also=False
                )
            whole = text(north, "edda", subject).digest
            (as_signed,) = negotiated.clean(north.node, north["edda"], *at)
            assert as_signed.columns == (
                ("en", "Each side tells the other in five days."),
                ("zh", "每一方在三日内通知另一方。"),
            )
            for side, who in ((north, "edda"), (south, "samira")):
                await text_signing.sign(
                    side.node, side[who], *at, "signed", digest=whole, office="Envoy", powers="Letter 7"
                )
            done = await seen(north, "edda", subject, lambda row: row.row.signed)
            await seen(south, "samira", subject, lambda row: row.row.signed)
            assert done.row.signed == whole
            with pytest.raises(Refused, match=r"texts\.signed"):
                await negotiating.add_unit(north.node, north["edda"], *at, level="article", words={"en": "And more."})
            moments = negotiated.moments(north.node, north["edda"], *at)
            opened = next(one for one in moments if one.kind == "text.added")
            before = f"{opened.ref.log} {opened.ref.number}"
            (changed,) = negotiated.compare(north.node, north["edda"], *at, before=before)
            assert ("-", "ten") in dict(changed.columns)["en"]
            assert ("+", "five") in dict(changed.columns)["en"]

    asyncio.run(story())


def test_a_paper_is_put_in_and_a_part_is_put_under_another() -> None:
    """A draft that exists is not typed again, and an order that changes keeps what was agreed of each part."""

    async def story() -> None:
        async with talking() as (north, south):
            made = await negotiating.open_text(
                north.node, north["edda"], CHANNEL, title="T", languages=[("en", True), ("zh", False)]
            )
            at = (CHANNEL, made.subject)
            draft = b"Article 1. Each side notifies.\n\nIn ten days.\n\nArticle 2\n\nBy voice."
            for tag, code in (("zh", "language"), ("fr", "language")):
                with pytest.raises(Refused, match=rf"texts\.{code}"):
                    await text_import.put_in(north.node, north["edda"], *at, name="d.txt", data=draft, tag=tag)
            with pytest.raises(Refused, match=r"texts\.file"):
                await text_import.put_in(north.node, north["edda"], *at, name="d.txt", data=b" \n", tag="en")
            assert await text_import.put_in(north.node, north["edda"], *at, name="d.txt", data=draft, tag="en") == 4
            row = await seen(south, "samira", made.subject, lambda row: len(row.units) == 4)
            assert [(one.level, one.depth, one.number) for one in row.units] == [
                ("article", 0, "1"), ("paragraph", 1, "1.1"), ("article", 0, "2"), ("paragraph", 1, "2.1"),
            ]  # fmt: skip
            voice, first = row.units[3].name, row.units[0].name
            await negotiating.move(south.node, south["samira"], *at, voice, under=first)
            row = await seen(north, "edda", made.subject, lambda row: row.units[2].name == voice)
            assert [one.number for one in row.units] == ["1", "1.1", "1.2", "2"]

    asyncio.run(story())


def test_terms_of_our_glossary_are_offered_where_they_stand_and_to_nobody_else() -> None:
    """An interpreter who renders "notify" finds the word the side agreed on; the other side never sees it."""

    async def story() -> None:
        async with talking() as (north, south):
            made = await negotiating.open_text(
                north.node, north["edda"], CHANNEL, title="T", languages=[("en", True), ("zh", False)]
            )
            added = await negotiating.add_unit(
                north.node, north["edda"], CHANNEL, made.subject, level="article", words={"en": "Each side notifies."}
            )
            unit = f"north/0/{added.ref.number}"
            terms = (("notifies", "通知"), ("vessel", "船舶"))
            await north.node.keep([preparations.row(CHANNEL, "meeting/north/0/9", preparations.Prepared(terms=terms))])
            at = (CHANNEL, made.subject, unit)
            assert text_terms.terms_for(north.node, north["edda"], *at) == (("notifies", "通知"),)
            reader = await north.add("ines", "Ines", "interpreter")
            assert text_terms.terms_for(north.node, reader, *at) == ()  # not released to interpreters yet
            await seen(south, "samira", made.subject, lambda row: row.units)
            assert text_terms.terms_for(south.node, south["samira"], *at) == ()

    asyncio.run(story())


def test_a_private_note_stays_on_our_side() -> None:
    """What we think of their words must never cross the line (promise 9)."""

    async def story() -> None:
        async with talking() as (north, south):
            made = await negotiating.open_text(north.node, north["edda"], CHANNEL, title="T", languages=[("en", True)])
            await negotiating.note(north.node, north["edda"], CHANNEL, made.subject, "", text="CANARY: we can give way")
            assert text(north, "edda", made.subject).notes[0].text.startswith("CANARY")
            row = await seen(south, "samira", made.subject, lambda row: row.row.title)
            assert row.notes == ()
            store = south.node.store
            said = [repr(south.node.book.entry(log, n)) for log in store.logs() for n in range(store.size(log))]
            assert said
            assert not any("CANARY" in one for one in said)

    asyncio.run(story())


def test_a_page_is_no_longer_than_a_page_whatever_stands_in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 500 alternatives in each of 50 parts a page would be a gigabyte, and end the node of whoever opens it."""
    monkeypatch.setattr(limits, "TEXT_ALTERNATIVES_SHOWN", 4)
    monkeypatch.setattr(limits, "TEXT_COLUMN_CHARS_SHOWN", 600)

    async def story() -> None:
        async with talking() as (north, _):
            made = await negotiating.open_text(
                north.node, north["edda"], CHANNEL, title="T", languages=[("en", True), ("zh", False)]
            )
            at, words = (CHANNEL, made.subject), {"en": "Each side gives ten days of notice."}
            for _ in range(3):
                await negotiating.add_unit(north.node, north["edda"], *at, level="article", words=words)
            unit = text(north, "edda", made.subject).units[0].name
            for number in range(20):
                await negotiating.propose(
                    north.node, north["edda"], *at, unit, unit, tag="en", words=f"In {number} days.", also=False
                )
            page = text(north, "edda", made.subject)
            assert (len(page.units), page.count, page.shortened) == (1, 3, True)
            assert page.units[0].columns[0].shortened
            assert len(negotiated.bracketed(page.units[0].columns[0].content)) < 600
            rest = negotiated.text(north.node, north["edda"], *at, first=1)
            assert (len(rest.units), rest.shortened) == (2, False)

            whole = negotiated.text(north.node, north["edda"], *at, whole=True)
            said = negotiated.bracketed(whole.units[0].columns[0].content)
            assert (len(whole.units), whole.shortened, "In 19 days" in said) == (3, False, True)
            paper = await text_copies.copy_of(north.node, north["edda"], *at, "txt")
            assert b"In 19 days" in paper

    asyncio.run(story())
