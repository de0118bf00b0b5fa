"""Incidents between two real nodes, through the actions that every door uses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.actions.pair import Side, later, talking, until
from tests.codec.test_jpeg import PLAIN, exif, with_parts
from tests.replacing import replace

from parley.actions import (
    channels,
    files,
    incident_copies,
    incident_facts,
    incident_offsets,
    incident_ringing,
    incident_year,
    incidents,
    rulebooks,
)
from parley.actions.incident_evidence import Put, read_evidence
from parley.actions.incident_forms import (
    ReportForm,
    SignalForm,
    ToldForm,
    UnitForm,
    moment_typed,
    place_typed,
    report_of,
)
from parley.actions.incident_rows import IncidentRow, IncidentWhole
from parley.actions.sending import write
from parley.errors import PeerError, Refused
from parley.record.check import check_file
from parley.record.names import LogId
from parley.subjects.incidents import Unit, saying
from parley.subjects.incidents.report import Told
from parley.times import Moment, read_moment

WHAT = "An aircraft of theirs passed very near."
FORM = ReportForm(what=WHAT, place="54°30.74'N 018°15.25'E")


def seen(side: Side, who: str, which: str = "all") -> list[IncidentRow]:
    return incidents.incidents(side.node, side[who], which=which)


async def first(side: Side, who: str, so: Callable[[IncidentWhole], object] = lambda row: True) -> IncidentWhole:
    """Wait until the incident stands at this side as it should."""

    def found() -> list[IncidentWhole]:
        rows = [incidents.incident(side.node, side[who], row.channel, row.subject) for row in seen(side, who)]
        return [row for row in rows if so(row)]

    await until(found)
    return found()[0]


def test_a_pass_is_reported_answered_agreed_in_part_and_signed() -> None:
    """The story of the issue: report, account, question, statements with stands, and a list that both sign."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await incidents.report_incident(north.node, north["edda"], FORM, channel="leaders")
            at = (sent.channel, sent.subject)
            theirs = await first(south, "samira")
            assert (theirs.row.waits, theirs.row.what, theirs.row.latitude) == (("account",), WHAT, "54.512333")
            mine = await first(north, "edda", lambda one: one.row.on_their_disk)
            assert (mine.row.them, mine.row.waits) == ("silent", ())
            later(north, 16 * 86_400_000)
            assert seen(north, "edda", "overdue")[0].silent_s == pytest.approx(16 * 86_400, abs=60)

            theirs_form = ReportForm(
                what="We kept 300 m away.", place="54.51 18.26", closest="300", closest_how="Radar"
            )
            await incidents.give_account(south.node, south["samira"], *at, theirs_form)
            await incidents.ask(south.node, south["samira"], *at, text="At which height?")
            await incident_facts.state(south.node, south["samira"], *at, text="The pass was at 09:14.")
            await incident_facts.state(south.node, south["samira"], *at, text="It was a normal pass.")
            mine = await first(north, "edda", lambda one: len(one.statements) == 2 and one.latest[1])
            assert mine.row.waits == ("answer", "stand")
            query, (one, other) = mine.queries[0], mine.statements
            await incidents.answer(north.node, north["edda"], *at, entry=query.asked.entry, text="At mast height.")
            await incident_facts.stand(north.node, north["edda"], *at, entry=one.said.entry, taken="agreed")
            await incident_facts.stand(
                north.node, north["edda"], *at, entry=other.said.entry, taken="disputed", text="No."
            )
            await incident_facts.freeze(north.node, north["edda"], *at)
            for side, who in ((north, "tomas"), (south, "samira")):
                frozen = (await first(side, who, lambda one: one.lists)).lists[0]
                assert frozen.facts == (("south-1", "The pass was at 09:14.", "en"),)
                await incident_facts.sign(side.node, side[who], *at, entry=frozen.entry)
            done = await first(north, "edda", lambda one: one.lists and one.lists[0].signed)
            assert [one.passkey for one in done.lists[0].signatures] == [False, False]
            assert (done.row.agreed, done.row.disputed, done.queries[0].answer is not None) == (1, 1, True)

    asyncio.run(story())


def test_the_evidence_of_an_incident_proves_both_accounts_and_who_signed_what(tmp_path: Path) -> None:
    """Anybody can read it: the report first, stands and signatures beside it, each under its side's key."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await incidents.report_incident(north.node, edda, FORM, channel="leaders")
            at = (sent.channel, sent.subject)
            await first(south, "samira")
            theirs = ReportForm(what="We kept 300 m away.", place="54.51 18.26")
            await incidents.give_account(south.node, samira, *at, theirs)
            await incident_facts.state(south.node, samira, *at, text="The pass was at 09:14.")
            entry = (await first(north, "edda", lambda one: one.statements)).statements[0].said.entry
            await incident_facts.stand(north.node, edda, *at, entry=entry, taken="agreed")
            await incident_facts.freeze(north.node, edda, *at)
            for side, who in ((north, "edda"), (south, "samira")):
                frozen = (await first(side, who, lambda one: one.lists)).lists[0]
                await incident_facts.sign(side.node, side[who], *at, entry=frozen.entry)
            done = await first(north, "edda", lambda one: one.lists[0].signed and one.row.on_their_disk)
            assert done.row.subject == sent.subject
            path = tmp_path / "incident.parley"
            await incident_copies.evidence(north.node, edda, *at, path)
            report = check_file(path)
            assert report.verdict == "proven", report.lines
            words = "\n".join(report.lines)
            assert f"reported {sent.subject}" in words and WHAT in words and "We kept 300 m away." in words
            assert "Stand on entry" in words and "| south-1: The pass was at 09:14." in words
            assert words.count("signed a list of facts about") == 2
            cut = path.read_bytes().replace(b"\nend", b"\n\nend")
            (tmp_path / "cut.parley").write_bytes(cut)
            assert check_file(tmp_path / "cut.parley").verdict == "not-proven"

    asyncio.run(story())


def test_a_report_goes_to_the_line_channel_when_its_own_takes_no_words() -> None:
    """The officer must not look for another form at three in the morning."""

    async def story() -> None:
        async with talking() as (north, south):
            await channels.suspend_channel(south.node, south["samira"], channel="leaders", reason="Enough.")
            await until(lambda: not north.node.book.channel("leaders").writable)  # type: ignore[union-attr]
            sent = await incidents.report_incident(north.node, north["edda"], FORM, channel="leaders")
            assert sent.channel == "line"
            assert (await first(south, "samira")).row.about == "leaders"

    asyncio.run(story())


def test_two_reports_of_one_event_are_suggested_by_time_and_place_and_joined_by_agreement(tmp_path: Path) -> None:
    """Nothing is joined by itself; each side's report then stands as its account of the one incident."""

    async def story() -> None:
        async with talking() as (north, south):
            when = "2026-11-23 09:14"
            ours = ReportForm(what=WHAT, place="54.50 18.25", time=when)
            mirror = ReportForm(what="A ship steered at us.", place="54.52 18.27", time="2026-11-23 09:20")
            sent, other = await asyncio.gather(
                incidents.report_incident(north.node, north["edda"], ours, channel="leaders"),
                incidents.report_incident(south.node, south["samira"], mirror, channel="leaders"),
            )
            await until(lambda: len(seen(north, "edda")) == 2 and len(seen(south, "samira")) == 2)
            (join,) = incidents.incident(north.node, north["edda"], sent.channel, sent.subject).joins
            assert (join.state, join.other, join.minutes) == ("suggested", other.subject, 6)
            assert join.metres == pytest.approx(2_570, rel=0.02)
            at = (sent.channel, sent.subject)
            await incidents.propose_join(
                north.node, north["edda"], *at, other_channel=other.channel, other=other.subject
            )
            await until(lambda: "join" in next(row for row in seen(south, "samira") if row.subject == at[1]).waits)
            (join,) = incidents.incident(south.node, south["samira"], *at).joins
            await incidents.join(south.node, south["samira"], *at, entry=join.entry)
            done = incidents.incident(south.node, south["samira"], *at)
            assert done.joins[0].state == "joined"
            assert done.latest[0] is not None and done.latest[0].of == other.subject
            await first(north, "edda", lambda one: one.row.subject == at[1] and one.row.them == "account")
            for side, person in (
                (north, "edda"),
                (south, "samira"),
            ):  # each told its own of it: nothing waits, nothing rings
                assert [row.waits for row in seen(side, person)] == [(), ()]
                assert [row.them for row in seen(side, person)] == ["account", "account"]
                assert incident_ringing.unseen_reports(side.node, side[person]) == []
            for one in (sent, other):  # the evidence of either has both, whichever the joining stands in
                path, log = tmp_path / f"{one.subject.replace('/', '-')}.parley", LogId.read(one.ref.log)
                await until(lambda log=log, one=one: south.node.delivery(log, one.ref.number).on_their_disk_at)
                await incident_copies.evidence(south.node, south["samira"], one.channel, one.subject, path)
                words = "\n".join(check_file(path).lines)
                assert f"| {WHAT}" in words and "| A ship steered at us." in words, words

    asyncio.run(story())


@pytest.mark.parametrize("proposes", ["north", "south"])
@pytest.mark.parametrize("within", ["ours", "theirs"])
def test_of_joined_reports_neither_side_owes_an_account_to_the_other_ones(proposes: str, within: str) -> None:
    """Whoever proposed, and in whichever report: each side's full account is due once, of its own report."""

    async def story() -> None:
        async with talking() as (north, south):
            pair = {"north": (north, "edda"), "south": (south, "samira")}
            sent = {}
            for name, (side, person) in pair.items():
                form = ReportForm(what=f"Seen by {name}.", place="54.50 18.25", time="2026-11-23 09:14")
                sent[name] = await incidents.report_incident(side.node, side[person], form, channel="leaders")
            await until(lambda: len(seen(north, "edda")) == 2 and len(seen(south, "samira")) == 2)
            answers = "south" if proposes == "north" else "north"
            here, there = (proposes, answers) if within == "ours" else (answers, proposes)
            (one, who_one), (two, who_two) = pair[proposes], pair[answers]
            at = ("leaders", sent[here].subject)
            await incidents.propose_join(
                one.node, one[who_one], *at, other_channel="leaders", other=sent[there].subject
            )  # fmt: skip
            await first(two, who_two, lambda row: row.row.subject == at[1] and "join" in row.row.waits)
            (join,) = incidents.incident(two.node, two[who_two], *at).joins
            await incidents.join(two.node, two[who_two], *at, entry=join.entry)
            await first(one, who_one, lambda row: row.row.subject == at[1] and "joined" in {j.state for j in row.joins})
            for name, (side, person) in pair.items():
                form = ReportForm(what=f"In full by {name}.", place="54.50 18.25", time="2026-11-23 09:14")
                await incidents.give_account(
                    side.node, side[person], "leaders", sent[name].subject, form, stage="full"
                )  # fmt: skip
            for name, (side, person) in pair.items():
                await until(lambda side=side: len(side.node.book.view("leaders", sent["north"].subject).accounts) == 2)
                await until(lambda side=side: len(side.node.book.view("leaders", sent["south"].subject).accounts) == 2)
                later(side, 16 * 86_400_000)
                for row in seen(side, person):
                    assert (row.overdue, row.waits, row.them) == (False, (), "account"), name
                    clocks = incidents.incident(side.node, side[person], "leaders", row.subject).clocks
                    assert [(clock.what, clock.ours, clock.overdue) for clock in clocks] == [
                        ("account", row.ours, False)
                    ]
                year = incident_year.year_of(side.node, side[person], 2026)
                assert {what: rest for what, *rest in year.answered}["account"] == [2, 0, 0]
                assert incident_ringing.unseen_reports(side.node, side[person]) == []

    asyncio.run(story())


def test_proposals_of_joining_that_crossed_need_one_agreement() -> None:
    """Both pressed the button at one moment, each in its own report: once one is agreed, nothing waits in the other."""

    async def story() -> None:
        async with talking() as (north, south):
            pair, sent = ((north, "edda"), (south, "samira")), []
            for side, person in pair:
                form = ReportForm(what=f"Seen by {person}.", place="54.50 18.25", time="2026-11-23 09:14")
                sent.append(await incidents.report_incident(side.node, side[person], form, channel="leaders"))
            await until(lambda: len(seen(north, "edda")) == 2 and len(seen(south, "samira")) == 2)
            for n, (side, person) in enumerate(pair):
                await incidents.propose_join(
                    side.node, side[person], "leaders", sent[n].subject, other_channel="leaders",
                    other=sent[1 - n].subject,
                )  # fmt: skip
            at = ("leaders", sent[0].subject)
            await first(south, "samira", lambda row: row.row.subject == at[1] and "join" in row.row.waits)
            await first(north, "edda", lambda row: row.row.subject != at[1] and "join" in row.row.waits)
            (join,) = incidents.incident(south.node, south["samira"], *at).joins
            await incidents.join(south.node, south["samira"], *at, entry=join.entry)
            await first(north, "edda", lambda row: row.row.subject == at[1] and row.joins[0].state == "joined")
            for side, person in pair:
                for row in seen(side, person):
                    assert row.waits == ()
                    whole = incidents.incident(side.node, side[person], "leaders", row.subject)
                    assert [one.state for one in whole.joins] == ["joined"]
                    assert {one.what for one in whole.accounts} == {"Seen by edda.", "Seen by samira."}

    asyncio.run(story())


def test_a_file_is_put_forward_with_its_source_and_pulled_by_the_other_side() -> None:
    """The photo arrives by itself, its digest is in the record, and their node says that it is there."""

    async def story() -> None:
        async def photo() -> AsyncIterator[bytes]:
            yield b"\x89PNG not really a photo"

        async with talking() as (north, south):
            row = await files.attach(north.node, north["edda"], name="deck.png", media="image/png", content=photo())
            put = Put(root=row.root, taken="2026-11-23T09:14:40.000Z", source="Deck camera")
            sent = await incidents.report_incident(
                north.node, north["edda"], FORM, channel="leaders", evidence=[put]
            )  # fmt: skip
            await until(lambda: seen(south, "samira"))
            at = (sent.channel, sent.subject)
            await first(south, "samira", lambda one: one.evidence[0].file.here)
            await first(north, "edda", lambda one: one.evidence[0].file.there)
            (evidence,) = incidents.incident(south.node, south["samira"], *at).evidence
            assert (evidence.source, evidence.show, evidence.taken) == ("Deck camera", "image", put.taken)
            _, chunks = await read_evidence(south.node, south["samira"], *at, row.root)
            assert b"".join([piece async for piece in chunks]) == b"\x89PNG not really a photo"

    asyncio.run(story())


def test_place_and_device_stay_here_by_whichever_door_a_photo_comes() -> None:
    """A program that names the photo it handed in must not tell where our people stood, whatever it calls the file."""

    async def story() -> None:
        async def photo() -> AsyncIterator[bytes]:
            yield with_parts(exif())

        async with talking() as (north, south):
            edda = north["edda"]
            row = await files.attach(north.node, edda, name="deck.bin", media="text/plain", content=photo())
            sent = await incidents.report_incident(
                north.node, edda, FORM, channel="leaders", evidence=[Put(root=row.root, taken="09:14")]
            )
            at = (sent.channel, sent.subject)
            await incidents.add_evidence(north.node, edda, *at, evidence=[Put(root=row.root, keep=True)])
            whole = await first(south, "samira", lambda one: [f for f in one.evidence if f.file.here][1:])
            clean, kept = whole.evidence
            assert clean.taken.endswith("T09:14:00.000Z")
            for one, data in ((clean, PLAIN), (kept, with_parts(exif()))):
                _, chunks = await read_evidence(south.node, south["samira"], *at, one.file.root)
                assert b"".join([piece async for piece in chunks]) == data

    asyncio.run(story())


def test_an_offset_of_two_videos_is_proposed_by_one_and_agreed_by_the_other() -> None:
    """Each desk sees it from its own side, and the one agreed last holds."""

    async def story() -> None:
        async def video(name: bytes) -> AsyncIterator[bytes]:
            yield name

        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await incidents.report_incident(north.node, edda, FORM, channel="leaders")
            at, roots = (sent.channel, sent.subject), []
            await first(south, "samira")
            for side, who in ((north, edda), (south, samira)):
                name = f"{side.node.identity.ours.side}.mp4"
                row = await files.attach(side.node, who, name=name, media="video/mp4", content=video(name.encode()))
                await incidents.add_evidence(side.node, who, *at, evidence=[Put(root=row.root)])
                roots.append(row.root)
            await first(north, "edda", lambda one: len(one.evidence) == 2)
            await first(south, "samira", lambda one: len(one.evidence) == 2)
            ours, theirs = roots
            for wrong in ({"ours": theirs, "theirs": ours}, {"ours": ours, "theirs": ours}):
                with pytest.raises((Refused, PeerError)):
                    await incident_offsets.propose_offset(north.node, edda, *at, **wrong, seconds="1")
            for seconds in ("soon", "86401", "1e3"):
                with pytest.raises(Refused, match="the offset"):
                    await incident_offsets.propose_offset(
                        north.node, edda, *at, ours=ours, theirs=theirs, seconds=seconds
                    )
            await incident_offsets.propose_offset(north.node, edda, *at, ours=ours, theirs=theirs, seconds="-1.25")
            (offset,) = (await first(south, "samira", lambda one: one.offsets)).offsets
            assert (offset.ms, offset.ours, offset.holds) == (1_250, theirs, False)
            await incident_offsets.agree_offset(south.node, samira, *at, entry=offset.proposed.entry)
            (offset,) = (await first(north, "edda", lambda one: one.offsets[0].agreed)).offsets
            assert (offset.seconds, offset.our_file, offset.their_file) == ("-1.250", "north.mp4", "south.mp4")
            await incident_offsets.propose_offset(south.node, samira, *at, ours=theirs, theirs=ours, seconds="1.3")
            later = (await first(north, "edda", lambda one: len(one.offsets) == 2)).offsets[1]
            await incident_offsets.agree_offset(north.node, edda, *at, entry=later.proposed.entry)
            done = await first(south, "samira", lambda one: one.offsets[1].agreed)
            assert [(one.ms, one.holds) for one in done.offsets] == [(1_250, False), (1_300, True)]

    asyncio.run(story())


def test_what_cannot_be_true_is_flagged_on_both_desks() -> None:
    """A side that lies is not refused: its words are in the record, with what is wrong with them beside."""

    async def story() -> None:
        async with talking() as (north, south):
            fast = {"speed": "2400", "imo": "9074728", "mmsi": "000000000"}
            units = [
                UnitForm(side="ours", told={name: ToldForm(value=value) for name, value in fast.items()}),
                UnitForm(side="theirs", told={"imo": ToldForm(value="IMO 9074729"), "icao": ToldForm(value="FFFFFF")}),
            ]
            lie = ReportForm(what="Never there.", place="52.5 30.5", time="1970-01-02 00:00", units=units)
            checked = incidents.check_report(south.node, south["samira"], lie)
            assert checked.bytes < checked.bytes_max
            await incidents.report_incident(south.node, south["samira"], lie, channel="leaders")
            for side, who in ((north, "edda"), (south, "samira")):
                flags = (await first(side, who)).accounts[0].flags
                assert flags == checked.flags
                assert [(one.code, one.unit) for one in flags] == [
                    ("before-founding", None), ("on-land", None), ("mmsi-country", 0), ("imo-check-digit", 0),
                    ("faster-than-sound", 0), ("icao-reserved", 1),
                ]  # fmt: skip

    asyncio.run(story())


def test_numbers_of_no_form_from_the_other_side_are_recorded_and_flagged_not_refused() -> None:
    """A report that vanished from our desk for a ninth digit would be the liar's gain: nobody would answer it."""

    async def story() -> None:
        async with talking() as (north, south):
            told = {"mmsi": "12345678", "imo": "x" * 60, "icao": 'AB"<C'}
            unit = Unit(side="south", told={name: Told(value=value, nature="d") for name, value in told.items()})
            form = ReportForm(what="Never there.", place="54.5 18.2")
            made = report_of(form, us="south", them="north", language="en", now=south.node.moment())
            lie = saying.report("leaders", replace(made, units=(unit,)))
            await write(south.node, south["samira"], lie, precedence="FLASH")
            for side, who in ((north, "edda"), (south, "samira")):
                flags = (await first(side, who)).accounts[0].flags
                assert {(one.code, one.value) for one in flags} == {(f"{n}-digits", v) for n, v in told.items()}

    asyncio.run(story())


def test_aircraft_alone_may_be_over_land() -> None:
    """A flag that is always there is one that nobody reads."""

    async def story() -> None:
        async with talking() as (north, _):
            jet = UnitForm(side="theirs", told={"altitude": ToldForm(value="9000")})
            ship = UnitForm(side="ours", told={"type": ToldForm(value="frigate")})
            for units, codes in (([jet], []), ([jet, ship], ["on-land"]), ([], ["on-land"])):
                form = ReportForm(what=WHAT, place="52.5 30.5", units=units)
                flags = incidents.check_report(north.node, north["edda"], form).flags
                assert [one.code for one in flags] == codes

    asyncio.run(story())


def test_a_full_report_with_a_cited_article_stays_below_two_kibibytes_and_a_longer_one_is_refused_in_words() -> None:
    """A ship's link carries 2,400 bit/s: what does not fit says so before it is tried."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            book = await rulebooks.propose(north.node, edda, rulebooks.example(edda, "sea-air"))
            await until(lambda: rulebooks.documents(south.node, samira))
            await rulebooks.adopt(south.node, samira, book.subject)
            await until(lambda: rulebooks.articles(north.node, north["edda"]))
            cite = rulebooks.articles(north.node, north["edda"])[0]
            unit = {"type": "fighter", "name": "Unit name", "number": "24 red", "speed": "420", "altitude": "60"}
            told = {name: ToldForm(value=value) for name, value in unit.items()}
            units = [UnitForm(side=side, told=told) for side in ("ours", "theirs", "theirs", "theirs", "theirs")]
            form = ReportForm(what=WHAT, place="54.5 18.2", units=units, cite=cite.cite, closest="45", asks="Why?")
            sent = await incidents.report_incident(north.node, north["edda"], form, channel="leaders")
            (one,) = (await first(south, "samira")).accounts
            assert (one.article, len(one.units)) == (cite.number, 5)
            assert cite.title in one.cited
            (leaf,) = north.node.store.leaves(LogId("leaders", "north", 0), sent.ref.number, sent.ref.number + 1)
            assert len(leaf) <= 2048
            long = ReportForm(what="x" * 900, place="54.5 18.2", units=units)
            with pytest.raises(Refused, match="at most 1350 go") as refused:
                await incidents.report_incident(north.node, north["edda"], long, channel="leaders")
            assert refused.value.code == "incidents.long"

    asyncio.run(story())


@pytest.mark.parametrize(
    "form",
    [
        ReportForm(what=WHAT, place="somewhere"), ReportForm(what=WHAT, place="91 0"), ReportForm(what="", place="0 0"),
        ReportForm(what=WHAT, place="0 0", time="yesterday"), ReportForm(what=WHAT, place="0 0", place_nature="seen"),
        ReportForm(what=WHAT, place="0 0", closest="near"), ReportForm(what=WHAT, place="0 0", cite="sea-air"),
        ReportForm(what=WHAT, place="54°61'N 0°0'E"),
        *(
            ReportForm(what=WHAT, place="0 0", units=[UnitForm(side="ours", told={name: ToldForm(value=value)})])
            for name, value in (("mmsi", "21123456"), ("imo", "90747290"), ("icao", "3c66g1"))
        ),
        ReportForm(what=WHAT, place="0 0", told={"colour": ToldForm(value="red")}),
        ReportForm(what=WHAT, place="0 0", signals=[SignalForm(text="x" * 301)]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_before_anything_is_said(form: ReportForm) -> None:
    """The officer is told what to put right, and nothing half has crossed."""

    async def story() -> None:
        async with talking() as (north, _):
            with pytest.raises(Refused):
                await incidents.report_incident(north.node, north["edda"], form, channel="leaders")
            assert seen(north, "edda") == []

    asyncio.run(story())


def test_moments_and_places_are_read_as_people_write_them() -> None:
    """Charts, logs and phones write them differently."""
    now = Moment(read_moment("2026-11-23T10:00:00.000Z"))
    assert moment_typed("", now) == "2026-11-23T10:00:00.000Z"
    assert moment_typed("09:14", now) == moment_typed("0914Z", now) == "2026-11-23T09:14:00.000Z"
    assert moment_typed("2026-11-22 23:59:30", now) == "2026-11-22T23:59:30.000Z"
    for text in ("54°30'44.4\"N 18°15'15\"W", "54-30.74N 018-15.25W", "54.512333, -18.254167"):
        place = place_typed(text)
        assert (place.lat, place.lon) == (54_512_333, -18_254_167), text


def test_a_report_rings_on_behind_drills_and_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rings until somebody has seen it; the latest reports of either side were counted together, drills and all."""
    monkeypatch.setattr("parley.node.reported._RING_MAX", 3)
    monkeypatch.setattr("parley.node.reported._LOOKED_THROUGH", 12)

    async def story() -> None:
        async with talking() as (north, south):
            real = await incidents.report_incident(north.node, north["edda"], FORM, channel="leaders")
            for n in range(5):
                form = ReportForm(what=f"Drill {n}.", place="54.50 18.25", time="2026-11-23 09:14")
                last = await incidents.report_incident(
                    north.node, north["edda"], form, channel="leaders", status="exercise"
                )
                await incidents.report_incident(south.node, south["samira"], form, channel="leaders")
            await until(lambda: any(row.subject == last.subject for row in seen(south, "samira")))
            rows = incident_ringing.unseen_reports(south.node, south["samira"])
            assert [row.status for row in rows] == ["actual", *["exercise"] * 3]
            assert rows[0].subject == real.subject

    asyncio.run(story())
