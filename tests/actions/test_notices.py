"""Notices over two real nodes: given, changed, read; late and overlapping said to our side alone."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.actions.pair import Side, talking, until
from tests.replacing import replace

from parley.actions import cap, movements, notice_files, notices, rulebooks, signals
from parley.actions.messages import thread
from parley.actions.notice_rows import NoticeRow
from parley.actions.notice_words import NoticeWords, read_level, read_when, read_words
from parley.actions.who import Who
from parley.errors import Refused
from parley.times import Moment, moment_text

WORDS = NoticeWords(
    what="live-firing", title="Gunnery", since="2026-12-24T10:00Z", until="2026-12-24 18:00", language="en",
    area="WITHIN 5 NM OF 54-30.0N 010-15.5E", low="SFC", high="FL200", forces="Two frigates",
)  # fmt: skip


def hours(side: Side, ahead: int) -> str:
    return moment_text(Moment(side.node.moment() + ahead * 3_600_000))


def soon(side: Side, words: NoticeWords = WORDS, *, first: int = 1, last: int = 9) -> NoticeWords:
    return replace(words, since=hours(side, first), until=hours(side, last))


def one(side: Side, who: Who, subject: str) -> NoticeRow:
    return notices.notice(side.node, who, "leaders", subject)


async def adopted(north: Side, south: Side, name: str) -> None:
    sent = await rulebooks.propose(north.node, north["edda"], rulebooks.example(north["edda"], name))
    await until(lambda: south.node.book.view("line", sent.subject))
    await rulebooks.adopt(south.node, south["samira"], sent.subject)
    await until(lambda: rulebooks.document(north.node, north["edda"], sent.subject).in_force)


def test_notices_given_at_one_moment_by_several_desks_have_numbers_of_their_own() -> None:
    """A number is what an officer says on the radio: two notices under one would be a danger of our own making."""

    async def story() -> None:
        async with talking() as (north, south):
            givers = [north[who] for who in ("edda", "tomas", "edda", "tomas")]
            sent = await asyncio.gather(*(notices.give(north.node, who, "leaders", soon(north)) for who in givers))
            year = hours(north, 0)[:4]
            numbers = sorted(one(north, north["edda"], each.subject).number for each in sent)
            assert numbers == [f"{number}/{year}" for number in range(1, 5)]
            await notices.give(south.node, south["samira"], "leaders", soon(south))  # each side counts its own
            (theirs,) = [row for row in notices.notices(south.node, south["samira"]).notices if row.ours]
            assert theirs.number == f"1/{year}"

    asyncio.run(story())


def test_a_notice_from_the_first_form_to_the_last() -> None:
    """Given, read, amended, extended, ended: each form stands on both disks and names the one before."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await notices.give(north.node, edda, "leaders", soon(north))
            await until(lambda: south.node.book.view("leaders", sent.subject))
            shown = one(south, samira, sent.subject).forms[-1].ref.id
            await notices.acknowledge(south.node, samira, "leaders", sent.subject, seen=shown)
            await notices.amend(
                north.node,
                edda,
                "leaders",
                sent.subject,
                soon(north, replace(WORDS, title="Torpedoes")),
                reason="More.",
            )
            await notices.extend(north.node, edda, "leaders", sent.subject, until=hours(north, 12), reason="Weather.")
            await until(lambda: len(one(south, samira, sent.subject).forms) == 3)
            with pytest.raises(Refused, match=r"notices\.follows"):  # amended while a finger was on its way
                await notices.acknowledge(south.node, samira, "leaders", sent.subject, seen=shown)
            row = one(south, samira, sent.subject)
            assert (row.number[:2], row.title, row.ours, row.may) == ("1/", "Torpedoes", False, {"acknowledge"})
            assert [form.follows.id if form.follows else "" for form in row.forms] == [
                "",
                *(f.ref.id for f in row.forms[:2]),
            ]
            assert [form.acknowledged for form in row.forms] == [("Samira",), (), ()]
            assert row.area_text == "WITHIN 5 NM OF 54-30.00N 010-15.50E"
            assert (row.low_m, row.high_m, row.in_force) == (0, 6_096, False)
            await notices.end(north.node, edda, "leaders", sent.subject, ended=hours(north, 2))
            await until(lambda: one(south, samira, sent.subject).state == "ended")
            with pytest.raises(Refused, match=r"notices\.over"):
                await notices.extend(north.node, edda, "leaders", sent.subject, until=hours(north, 20), reason="No.")

    asyncio.run(story())


def test_late_is_flagged_by_the_articles_both_adopted_and_never_blocked() -> None:
    """Lead times are data: the same notice is neither late nor in time before there is a rule."""

    async def story() -> None:
        async with talking() as (north, south):
            edda = north["edda"]
            assert notices.check(north.node, edda, "leaders", soon(north)).lead is None
            await adopted(north, south, "notice-times")
            late = notices.check(north.node, edda, "leaders", soon(north)).lead
            assert late is not None
            assert (late.hours, late.given_hours in (0, 1), late.late, late.article) == (72, True, True, "1")
            in_time = notices.check(north.node, edda, "leaders", soon(north, first=73, last=80)).lead
            assert in_time is not None and not in_time.late
            assert notices.check(north.node, edda, "leaders", soon(north, replace(WORDS, what="balloon"))).lead is None
            sent = await notices.give(north.node, edda, "leaders", soon(north, replace(WORDS, book="notice-times/1/1")))
            row = one(north, edda, sent.subject)
            assert row.lead is not None and row.lead.late
            assert row.basis_adopted and row.basis.endswith("1: Danger to navigation")
            odd = await notices.give(north.node, edda, "leaders", soon(north, replace(WORDS, book="other/1/9")))
            assert not one(north, edda, odd.subject).basis_adopted

    asyncio.run(story())


def test_overlaps_are_told_to_our_side_alone() -> None:
    """In area, time and height; the warning stands beside the notice, and no entry says it."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            near = replace(WORDS, area="WITHIN 5 NM OF 54-35.0N 010-15.5E", title="Minehunting")
            theirs = await notices.give(south.node, samira, "leaders", soon(south, near))
            await until(lambda: north.node.book.view("leaders", theirs.subject))
            entries = north.node.store.size(north.node.store.logs()[0])
            checked = notices.check(north.node, edda, "leaders", soon(north))
            assert [(row.subject, row.title, row.ours) for row in checked.overlaps] == [
                (theirs.subject, "Minehunting", False)
            ]
            for other in (
                soon(north, first=10, last=12), soon(north, replace(WORDS, area="WITHIN 5 NM OF 55-30.0N 010-15.5E")),
                soon(north, replace(WORDS, low="FL210", high="FL300")), replace(soon(north), status="exercise"),
            ):  # fmt: skip
                assert notices.check(north.node, edda, "leaders", other).overlaps == ()
            ours = await notices.give(north.node, edda, "leaders", soon(north))
            assert [row.subject for row in one(north, edda, theirs.subject).overlaps] == [ours.subject]
            assert north.node.store.size(north.node.store.logs()[0]) in (entries, entries + 1)
            moving = soon(north, replace(WORDS, what="movement", title="Convoy"))
            assert [row.ours for row in notices.check(north.node, edda, "leaders", moving).overlaps] == [False, True]
            await notices.cancel(north.node, edda, "leaders", ours.subject, reason="Weather.")
            assert one(north, edda, theirs.subject).overlaps == ()

    asyncio.run(story())


def test_a_movement_of_ours_is_held_against_notices_and_never_leaves() -> None:
    """Private stays private (promise 9): our desk warns, their node has not a byte of it."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            theirs = await notices.give(south.node, samira, "leaders", soon(south))
            await until(lambda: north.node.book.view("leaders", theirs.subject))
            area = "WITHIN 1 NM OF LINE JOINING 54-30N 010-00E 54-30N 010-40E"
            times = {"since": hours(north, 2), "until": hours(north, 5), "area": area}
            id = await movements.plan(north.node, edda, title="Canary convoy", **times)
            [row] = movements.movements(north.node, edda)
            assert [one.subject for one in row.overlaps] == [theirs.subject]
            [warned] = one(north, edda, theirs.subject).overlaps
            assert (warned.subject, warned.title, warned.ours) == ("", "Canary convoy", True)
            ours = notices.check(north.node, edda, "leaders", soon(north)).overlaps
            assert {one.title for one in ours} == {"Gunnery", "Canary convoy"}
            store = north.node.store
            leaves = [leaf for log in store.logs() for leaf in store.leaves(log, 0, store.size(log))]
            assert leaves and not any(b"Canary" in leaf for leaf in leaves)  # nothing that could cross
            assert one(south, samira, theirs.subject).overlaps == ()
            for wish, code in (
                ({**times, "area": ""}, "movements.area"),
                ({**times, "until": hours(north, 1)}, "notices.time"),
            ):
                with pytest.raises(Refused, match=code):
                    await movements.plan(north.node, edda, title="Odd", **wish)
            await movements.drop(north.node, edda, id)
            with pytest.raises(Refused, match=r"movements\.unknown"):
                await movements.drop(north.node, edda, id)
            assert movements.movements(north.node, edda) == []

    asyncio.run(story())


def test_what_is_in_force_in_some_days_is_found_by_its_end() -> None:
    """The calendar asks for days; a notice that began before them and lasts into them is there, and once."""

    async def story() -> None:
        async with talking() as (north, _):
            edda = north["edda"]
            for first, last in ((-5, 2), (-5, -1), (3, 4), (24 * 40, 24 * 41)):
                await notices.give(north.node, edda, "leaders", soon(north, first=first, last=last))
            found = notices.notices(north.node, edda)
            assert [row.number.partition("/")[0] for row in found.notices] == ["1", "3"]
            assert [row.number.partition("/")[0] for row in notices.in_force(north.node, edda)] == ["1"]
            assert len(notices.in_force(north.node, edda, at=hours(north, -2))) == 2
            subject = found.notices[1].subject
            await notices.extend(north.node, edda, "leaders", subject, until=hours(north, 60), reason="Weather.")
            assert [
                row.number.partition("/")[0] for row in notices.in_force(north.node, edda, at=hours(north, 50))
            ] == ["3"]
            feed = (await notice_files.calendar(north.node, edda)).decode()
            assert feed.count("BEGIN:VEVENT") == 4
            assert "SEQUENCE:1" in feed
            told = notice_files.geojson_of(north.node, edda)
            assert [one["properties"]["radius_m"] for one in told["features"]] == [9_260, 9_260]

    asyncio.run(story())


def test_rights_are_asked_first() -> None:
    """An interpreter reads; only who may release gives notice; only who may open channels adopts a document."""

    async def story() -> None:
        async with talking() as (north, _):
            lan = await north.add("lan", "Lan", "interpreter")
            assert notices.notices(north.node, lan).notices == ()
            for wish in (
                notices.give(north.node, lan, "leaders", soon(north)),
                rulebooks.propose(north.node, lan, rulebooks.example(lan, "sea-air")),
                signals.send_signal(north.node, lan, "leaders", "KC1"),
            ):
                with pytest.raises(Refused, match=r"people\.right"):
                    await wish
            with pytest.raises(Refused, match=r"people\.right"):
                notices.notices(north.node, north["admin"])

    asyncio.run(story())


def test_a_signal_appears_in_the_other_sides_language_from_the_document_both_adopted() -> None:
    """The phrase is the agreed one, whoever sent it; words that only look like a signal are no signal."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            with pytest.raises(Refused, match=r"signals\.unknown"):
                await signals.send_signal(north.node, edda, "leaders", "KC1")
            await adopted(north, south, "sea-air")
            sent = await signals.send_signal(north.node, edda, "leaders", "kc1?")
            await until(lambda: south.node.book.message("leaders", sent.subject))
            [row] = thread(south.node, samira, "leaders").messages
            assert row.text == "[KC1?] Can you not manoeuvre freely?"
            assert {one.language: one.text for one in row.translations}["ar"] == "[KC1?] ألا تستطيعون المناورة بحرية؟"
            assert {one.code for one in signals.signals(south.node, samira)} >= {"KC1", "RD1"}

    asyncio.run(story())


def test_a_document_is_refused_with_the_place_where_it_is_odd() -> None:
    """Who writes a document by hand is told which article, not that something is wrong."""

    async def story() -> None:
        async with talking() as (north, _):
            edda = north["edda"]
            told = json.loads(rulebooks.example(edda, "sea-air"))
            del told["articles"][2]["text"]["ar"]
            with pytest.raises(Refused, match=r"\$\.articles\[2\]\.text"):
                await rulebooks.propose(north.node, edda, json.dumps(told))
            for text in ("", "[" * 5_000, "x" * 70_000, "{}"):
                with pytest.raises(Refused, match=r"rulebook\.document"):
                    await rulebooks.propose(north.node, edda, text)

    asyncio.run(story())


def test_cap_comes_back_as_it_went() -> None:
    """Out as CAP 1.2 and into a form again: the same kind, time, area and heights."""

    async def story() -> None:
        async with talking() as (north, _):
            edda = north["edda"]
            for area in (WORDS.area, "54-30N 010-15E, 54-40N 010-15E, 54-40N 010-40E",
                         "WITHIN 3 NM OF LINE JOINING 54-30N 010-15E 55-00N 011-00E"):  # fmt: skip
                sent = await notices.give(north.node, edda, "leaders", soon(north, replace(WORDS, area=area)))
                await notices.extend(
                    north.node, edda, "leaders", sent.subject, until=hours(north, 12), reason="Weather."
                )
                text = notice_files.cap_of(north.node, edda, "leaders", sent.subject)
                for part in (
                    "<msgType>Update</msgType>",
                    "<status>Actual</status>",
                    "<references>north.example,parley.",
                ):
                    assert part in text
                row = one(north, edda, sent.subject)
                told = NoticeWords(**notice_files.read_cap(edda, text))
                again = notices.check(north.node, edda, "leaders", told)
                assert (again.area, again.low_m, again.high_m) == (row.area, row.low_m, row.high_m)
                assert (again.since[:19], again.until[:19]) == (row.since[:19], row.until[:19])
                assert (told.what, told.title, told.forces) == (row.what, row.title, row.forces)
                plain = text.replace("parley.area", "other.area")
                assert notices.check(north.node, edda, "leaders", NoticeWords(**cap.read(plain))).area is not None

    asyncio.run(story())


_PLAIN = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a</identifier><sender>b</sender>'
    "<sent>2026-11-23T10:00:00-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
    "<info><category>Safety</category><event>Live firing</event><urgency>Future</urgency><severity>Minor</severity>"
    "<certainty>Likely</certainty><onset>2026-11-23T12:00:00+02:00</onset>"
    "{}</info></alert>"
)


def test_cap_from_elsewhere_fills_a_form() -> None:
    """Another centre's warning has no fields of ours."""
    told = cap.read(_PLAIN.format("<area><areaDesc>K4</areaDesc><circle>54.5,10.25 9.26</circle></area>"))
    assert (told["what"], told["since"], told["area"]) == (
        "live-firing", "2026-11-23T10:00:00Z", "WITHIN 9.26 KM OF\n54.500000, 10.250000"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "<alert/>", "x" * 70_000, _PLAIN.format("</info><info>"), _PLAIN.format("").replace("Actual", "Draft"),
        _PLAIN.format("<area><areaDesc>K</areaDesc><polygon>1,1 2,2 3,3</polygon></area>"),
        _PLAIN.format("<area><areaDesc>K</areaDesc><polygon>1,1 2,2 3,x 1,1</polygon></area>"),
        _PLAIN.format("<expires>2026-11-23T10:00:00Z</expires>"), _PLAIN.replace("<scope>", "<odd/><scope>").format(""),
        _PLAIN.format("<expires>0001-01-01T00:00:00+14:00</expires>"),
        '<!DOCTYPE a [<!ENTITY b "' + "c" * 100 + '"><!ENTITY d "' + "&b;" * 100 + '">]>' + _PLAIN.format("&d;"),
        _PLAIN.format("").replace(">Alert<", ">Cancel<"),
        '<!DOCTYPE a SYSTEM "http://north.example/a.dtd">' + _PLAIN.format(""), "<a>" * 5_000,
    ],
)  # fmt: skip
def test_odd_or_hostile_cap_is_refused(text: str) -> None:
    """No document types, no entities, no second reading."""
    with pytest.raises(Refused, match=r"cap\.form.*(expected|\d)"):  # the desk shows nothing else of it
        cap.read(text)


@pytest.mark.parametrize(
    ("text", "metres"), [("", None), ("SFC", 0), ("FL200", 6_096), ("5000 ft", 1_524), ("-50 m", -50), ("300", 300)]
)
def test_heights_are_read_as_people_write_them(text: str, metres: int | None) -> None:
    """Feet and flight levels in, metres kept."""
    assert read_level(text) == metres


def test_a_moment_or_a_height_that_is_none_is_refused() -> None:
    """In words, before anything is written."""
    for read, texts in (
        (read_level, ("high", "FL9999", "1e3 m", "99999999 m")),
        (read_when, ("", "now", "2026-13-01")),
    ):
        for text in texts:
            with pytest.raises(Refused, match=r"notices\."):
                read(text)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"since": "2026-11-28T09:00", "until": "2026-11-28T01:00"}, "ends before it begins"),
        ({"since": "2026-11-28T09:00", "until": "2026-11-28T09:00"}, "ends before it begins"),
        ({"since": "2026-11-28T09:00", "until": "2036-11-28T09:00"}, "at most 1096 days"),
        ({"low": "FL200", "high": "300 m"}, "lower than"),
    ],
)  # fmt: skip
def test_what_can_never_be_given_is_said_when_it_is_checked(odd: dict[str, str], words: str) -> None:
    """*Check first* called hours in the wrong order good, and giving it was then refused in words of the wire."""
    typed = {"what": "exercise", "title": "K4", "since": "2026-11-28T01:00", "until": "2026-11-28T09:00"} | odd
    with pytest.raises(Refused, match=words) as refused:
        read_words(NoticeWords(language="en", **typed), "1/2026")
    assert refused.value.code in ("notices.time", "notices.level")
