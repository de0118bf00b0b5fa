"""Meetings between two real nodes, through the actions that every door uses: from the request to the minutes."""

from __future__ import annotations

import asyncio
import datetime
import io
from collections.abc import AsyncIterator, Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from tests.actions.pair import Side, later, talking, until
from tests.subjects.pair import meet
from tests.subjects.pair import pair as nodes

from parley.actions import (
    calendars,
    calls,
    files,
    meeting_calendar,
    meeting_day,
    meeting_minutes,
    meeting_prep,
    meetings,
    negotiated,
    readouts,
)
from parley.actions.commitment_sources import source_form
from parley.actions.meeting_rows import MeetingRow
from parley.actions.meeting_showing import floor_times, meeting, neutral_facts
from parley.actions.talk_showing import lines
from parley.errors import Refused
from parley.subjects.talks import MeetingView, facts
from parley.times import Moment, moment_text

ROOM = "leaders"


def row_of(side: Side, who: str, subject: str) -> MeetingRow:
    return meeting(side.node, side[who], ROOM, subject)


async def seen(side: Side, who: str, subject: str, so: Callable[[MeetingRow], object]) -> MeetingRow:
    """Wait until the meeting stands at this side as it should."""

    def there() -> object:
        try:
            return so(row_of(side, who, subject))
        except Refused:
            return False

    await until(there)
    return row_of(side, who, subject)


def ahead(side: Side, hours: float) -> str:
    """Give a time so far ahead, to the minute, in UTC."""
    at = side.node.moment() + int(hours * 3_600_000)
    return moment_text(Moment(at - at % 60_000))


async def asked(north: Side, *times: str, **more: object) -> str:
    fields: dict = {"purpose": "First session", "level": "officials", "form": "video", "minutes": 90} | more
    sent = await meetings.request_meeting(north.node, north["edda"], ROOM, times=times, **fields)
    return sent.subject


async def agreed(north: Side, south: Side, **more: object) -> str:
    """Give a meeting that North asked for and South accepted."""
    time = ahead(north, 24)
    subject = await asked(north, time, **more)
    await seen(south, "samira", subject, lambda row: row.offers)
    await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=time)
    await seen(north, "edda", subject, lambda row: row.state == "accepted")
    return subject


def test_other_times_are_offered_until_one_is_accepted() -> None:
    """A request is answered, moved and declined by the offer it names; nobody accepts for the other side."""

    async def story() -> None:
        async with talking() as (north, south):
            first, second = ahead(north, 24), ahead(north, 48)
            subject = await asked(north, first)
            row = await seen(south, "samira", subject, lambda row: row.offers)
            assert row.may >= {"accept", "decline", "offer", "cancel"}
            assert "accept" not in row_of(north, "edda", subject).may
            await until(lambda: lines(south.node, south["samira"]))  # the list reads what is committed
            assert [(one.waits, one.no_answer) for one in lines(south.node, south["samira"])] == [("ours", False)]
            assert [one.subject for one in lines(south.node, south["samira"], waiting_only=True)] == [subject]
            assert lines(north.node, north["edda"], waiting_only=True) == []
            await until(lambda: row_of(north, "edda", subject).offers[0].on_their_disk)
            with pytest.raises(Refused, match=r"talks\.time"):
                await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=second)
            await meetings.offer_times(
                south.node, south["samira"], ROOM, subject, times=[second], reason="A holiday here."
            )
            await seen(north, "edda", subject, lambda row: "accept" in row.may)
            await meetings.accept_meeting(north.node, north["edda"], ROOM, subject, time=second)
            row = await seen(south, "samira", subject, lambda row: row.state == "accepted")
            assert row.time is not None and row.time.at == second

            # North would move it; South declines that, and what was agreed stands.
            await meetings.offer_times(north.node, north["edda"], ROOM, subject, times=[first], reason="A summit.")
            await seen(south, "samira", subject, lambda row: "decline" in row.may)
            await meetings.decline_meeting(south.node, south["samira"], ROOM, subject, reason="We cannot.")
            row = await seen(north, "edda", subject, lambda row: not row.offers)
            assert row.time is not None and (row.state, row.time.at) == ("accepted", second)

    asyncio.run(story())


def test_a_request_that_nobody_answered_in_time_says_so() -> None:
    """Nobody writes that no answer came; both desks see that the moment has passed (DOMAIN a.4)."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await asked(north, ahead(north, 72), level="leaders")
            await seen(south, "samira", subject, lambda row: row.offers)
            await until(lambda: lines(south.node, south["samira"]))
            assert not row_of(north, "edda", subject).no_answer
            for side, who in ((north, "edda"), (south, "samira")):
                later(side, 3_700_000)
                assert row_of(side, who, subject).no_answer
                assert lines(side.node, side[who])[0].no_answer
            with pytest.raises(Refused, match=r"talks\.answer-by"):
                await asked(north, ahead(north, 1), answer_hours=100_000)

    asyncio.run(story())


def everything_said(side: Side) -> str:
    store = side.node.store
    return "".join(repr(side.node.book.entry(log, n)) for log in store.logs() for n in range(store.size(log)))


async def piece() -> AsyncIterator[bytes]:
    yield b"CANARY paper"


def test_what_is_held_back_crosses_only_when_it_is_raised() -> None:
    """A side that showed what it will raise has raised it (promise 9); interpreters see it once it is released."""

    async def story() -> None:
        async with talking() as (north, south):
            await north.add("ines", "Ines", "interpreter")
            subject = await agreed(north, south)
            at = (ROOM, subject)
            held = await meeting_prep.hold_item(
                north.node, north["edda"], *at, title="CANARY the seizure", note="CANARY", minutes=20
            )
            await meeting_prep.set_terms(north.node, north["edda"], *at, terms="CANARY = 金丝雀\n")
            handed = await files.attach(north.node, north["edda"], name="line.txt", media="text/plain", content=piece())
            await meeting_prep.keep_paper(north.node, north["edda"], *at, handed.root)
            assert row_of(north, "ines", subject).prepared is None
            with pytest.raises(Refused, match=r"talks\.not-released"):
                meeting_prep.read_paper(north.node, north["ines"], *at, handed.root)
            await meeting_prep.release_to_interpreters(north.node, north["edda"], *at)
            prepared = row_of(north, "ines", subject).prepared
            assert prepared is not None
            assert [one.title for one in prepared.raises] == ["CANARY the seizure"]
            assert prepared.terms == (("CANARY", "金丝雀"),)
            _, content = meeting_prep.read_paper(north.node, north["ines"], *at, handed.root)
            assert b"".join([part async for part in content]) == b"CANARY paper"
            with pytest.raises(Refused, match=r"people\.right"):
                await meeting_prep.raise_item(north.node, north["ines"], *at, held)

            await meetings.put_item(north.node, north["edda"], *at, title="Definitions", minutes=30)
            await seen(south, "samira", subject, lambda row: row.items)
            assert "CANARY" not in everything_said(south)
            assert row_of(south, "samira", subject).prepared is not None  # theirs, which is empty
            assert row_of(south, "samira", subject).prepared.raises == ()  # type: ignore[union-attr]

            await meeting_prep.raise_item(north.node, north["edda"], *at, held)
            row = await seen(south, "samira", subject, lambda row: len(row.items) == 2)
            assert [(one.title, one.raised) for one in row.items] == [
                ("Definitions", False), ("CANARY the seizure", True),
            ]  # fmt: skip
            assert row_of(north, "edda", subject).prepared.raises == ()  # type: ignore[union-attr]

    asyncio.run(story())


def test_a_paper_is_given_for_an_item_and_the_other_side_has_the_file() -> None:
    """A document of an item is a file of the record: proven, and at the other side before the meeting."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await agreed(north, south)
            at = (ROOM, subject)
            put = await meetings.put_item(north.node, north["edda"], *at, title="Definitions", minutes=30)
            handed = await files.attach(north.node, north["edda"], name="d.txt", media="text/plain", content=piece())
            await meeting_prep.keep_paper(north.node, north["edda"], *at, handed.root)
            await meeting_prep.give_paper(north.node, north["edda"], *at, put.ref.id, handed.root)
            assert row_of(north, "edda", subject).prepared.papers == ()  # type: ignore[union-attr]
            row = await seen(south, "samira", subject, lambda row: row.items and row.items[0].documents)
            (document,) = row.items[0].documents
            assert (document.name, document.root) == ("d.txt", handed.root)
            await until(lambda: south.node.attachment_held(document.root) == len(b"CANARY paper"))
            _, content = await files.read_attachment(south.node, south["samira"], ROOM, document.message, document.root)
            assert b"".join([part async for part in content]) == b"CANARY paper"
            with pytest.raises(Refused, match=r"talks\.unknown"):
                await meeting_prep.give_paper(north.node, north["edda"], *at, "no such item", handed.root)

    asyncio.run(story())


def test_the_day_runs_by_item_and_by_side_and_ends_in_minutes() -> None:
    """Each side's recorder keeps its own account; what is agreed is what the other side agreed to by name."""

    async def story() -> None:
        async with talking() as (north, south):
            await north.add("rut", "Rut", "recorder")
            await north.add("aud", "Aud", "auditor")
            subject = await agreed(north, south, consecutive=True)
            at = (ROOM, subject)
            put = await meetings.put_item(south.node, south["samira"], *at, title="Hotline", minutes=30)
            row = await seen(north, "rut", subject, lambda row: row.items)
            assert (row.planned, row.agenda_planned, row.items[0].planned) == (180, 60, 60)
            with pytest.raises(Refused, match=r"people\.right"):
                await meeting_day.begin(north.node, north["aud"], *at)
            await meeting_day.begin(north.node, north["rut"], *at)
            with pytest.raises(Refused, match=r"talks\.again"):
                await meeting_day.begin(north.node, north["rut"], *at)
            await meeting_day.mark_item(north.node, north["rut"], *at, "begin", put.ref.id)
            await meeting_day.give_floor(north.node, north["rut"], *at, "theirs")
            row = await seen(south, "samira", subject, lambda row: row.floor)
            assert (row.floor, row.items[0].running_since is None, row.items[0].taken) == ("ours", False, True)
            await meeting_day.mark_item(north.node, north["rut"], *at, "end", put.ref.id)
            await meeting_day.set_attendance(
                north.node, north["rut"], *at, people=[("edda", "", "Head"), ("", "Adviser Lund", "")]
            )
            noted = await meeting_day.note(
                north.node, north["rut"], *at, what="action", text="Open the hotline.", responsible="Both",
                due=ahead(north, 240),
            )  # fmt: skip
            with pytest.raises(Refused, match=r"talks\.words"):
                await meeting_day.note(north.node, north["rut"], *at, what="next-date", text="Again")
            await meeting_day.end(north.node, north["rut"], *at)

            row = await seen(south, "samira", subject, lambda row: row.state == "ended")
            assert (row.floor, row.items[0].running_since) == ("", None)
            assert row_of(north, "edda", subject).items[0].may == {"document"}  # the agenda is what it was
            assert [(one.name, one.office) for one in row.attended_theirs] == [("Edda", "Head"), ("Adviser Lund", "")]
            assert [one.may_agree for one in row.notes] == [True]
            form = source_form(south.node, south["samira"], ROOM, subject)
            assert [(one.part, one.text) for one in form.passages] == [(row.notes[0].entry, "Open the hotline.")]
            await meeting_day.agree_note(south.node, south["samira"], *at, noted.ref.id)
            await seen(north, "edda", subject, lambda row: row.notes[0].agreed)
            text = await meeting_minutes.open_minutes(north.node, north["edda"], *at)
            whole = negotiated.text(north.node, north["edda"], ROOM, text.subject)
            assert str(whole.units[0].columns[0].content[0]).startswith("Open the hotline. (Both; ")
            with pytest.raises(Refused, match=r"talks\.again"):
                await meeting_minutes.open_minutes(north.node, north["edda"], *at)
            row = await seen(south, "samira", subject, lambda row: row.minutes_of)
            assert (row.minutes_of[0].subject, row.minutes_of[0].may_agree) == (text.subject, True)

            told = neutral_facts(south.node, south["samira"], *at)
            assert (told.asked_by_side, told.items, told.agreed) == (
                "north", ("Hotline",), (("action", "Open the hotline."),),
            )  # fmt: skip
            asked = await readouts.ask(
                south.node, south["samira"], ROOM, title="First session", date=told.begun_at[:10],  # type: ignore[index]
                meeting=subject,
            )  # fmt: skip
            warned = await readouts.save_draft(
                south.node, south["samira"], ROOM, asked.subject, text="At the request of South we met for eight hours."
            )
            assert [(one.code, one.record) for one in warned] == [
                ("length", "0.0 h"), ("asked", "North"), ("not-named", "Edda"), ("not-named", "Adviser Lund"),
                ("not-taken", "Hotline"),
            ]  # fmt: skip
            held = readouts.readout(south.node, south["samira"], ROOM, asked.subject).facts
            assert (held.asked_by, held.items, held.agreed) == ("North", ("Hotline",), ("Open the hotline.",))
            assert held.began == told.begun_at and len(held.clocks) >= 1
            assert told.attended == (("north", (("Edda", "Head"), ("Adviser Lund", ""))),)

    asyncio.run(story())


def test_a_call_placed_while_a_meeting_by_video_is_held_is_part_of_it() -> None:
    """What the record says of a meeting by video has who rang, who answered, and from when to when (issue D, 2)."""

    async def story() -> None:
        async with talking() as (north, south):
            early = await calls.lift(north.node, north["edda"], ROOM)
            await until(lambda: calls.calls(south.node, south["samira"], ROOM))
            await calls.decline(south.node, south["samira"], ROOM, early.subject)
            now = moment_text(Moment(north.node.moment() + 300_000))
            for form in ("video", "in-person"):
                subject = await asked(north, now, form=form)
                await seen(south, "samira", subject, lambda row: row.offers)
                await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=now)
                await until(lambda: all(one.time for one in lines(north.node, north["edda"], ROOM)))
            video = next(one.subject for one in lines(north.node, north["edda"], ROOM) if one.form == "video")
            await until(lambda: not calls.open_calls(north.node, ROOM))
            sent = await calls.lift(north.node, north["edda"], ROOM)
            await until(lambda: len(calls.calls(south.node, south["samira"], ROOM)) == 2)
            await calls.answer(south.node, south["samira"], ROOM, sent.subject)
            await until(lambda: calls.call(north.node, north["edda"], ROOM, sent.subject).state == "active")
            await calls.hang_up(north.node, north["edda"], ROOM, sent.subject)
            row = await seen(south, "samira", video, lambda row: row.calls and row.calls[0].ended_at)
            (held,) = row.calls
            assert (held.subject, held.ours, held.state, held.taken_by) == (sent.subject, False, "ended", "Samira")
            facts_of = neutral_facts(north.node, north["edda"], ROOM, video)
            assert [(one.subject, one.ours) for one in facts_of.calls] == [(sent.subject, True)]
            wish = await readouts.ask(north.node, north["edda"], ROOM, title="Quotas", date=now[:10], meeting=video)
            known = readouts.readout(north.node, north["edda"], ROOM, wish.subject).facts
            assert (known.began, known.ended) == (facts_of.calls[0].taken_at, facts_of.calls[0].ended_at)

    asyncio.run(story())


def test_the_clock_of_a_side_counts_what_it_spoke_and_nothing_else() -> None:
    """Consecutive interpretation and long speeches eat the hour; who ate it must not be a matter of taste."""
    north, south = nodes()
    sent = north.say(
        facts.request(
            ROOM, purpose="P", level="officials", form="video", place="", times=["2026-12-01T10:00:00.000Z"],
            minutes=60, consecutive=True, languages=["en"], body="",
            answer_by=moment_text(Moment(north.clock + 60_000)),
        ),
        "ann",
    )  # fmt: skip
    meet(north, south)
    subject = f"meeting/north/0/{sent.number}"
    south.say(facts.accept(ROOM, subject, sent, "2026-12-01T10:00:00.000Z"), "lin")
    meet(north, south)
    north.say(facts.about(ROOM, subject, "begun"), "ann")
    for side, passes in (("south", 600), ("north", 300), ("south", 60), ("", 1000)):
        north.say(facts.about(ROOM, subject, "floor", {"side": side}), "ann")
        north.clock += passes * 1000 - 1000  # saying it takes a second
    view = north.book.view(ROOM, subject)
    assert isinstance(view, MeetingView)
    now = moment_text(Moment(north.clock))
    assert floor_times(view, now) == {"south": 660, "north": 300}
    north.say(facts.about(ROOM, subject, "floor", {"side": "north"}), "ann")
    north.clock += 40_000 - 1000
    view = north.book.view(ROOM, subject)
    assert isinstance(view, MeetingView)
    assert floor_times(view, now) == {"south": 660, "north": 300}  # what runs is counted on the page
    north.say(facts.about(ROOM, subject, "ended"), "ann")
    view = north.book.view(ROOM, subject)
    assert isinstance(view, MeetingView) and view.ended is not None
    assert floor_times(view, view.ended.at) == {"south": 660, "north": 340}


def read_calendar(data: bytes) -> list[Any]:
    """Read iCalendar by another library than the one that wrote it; and lines as RFC 5545 3.1 wants them."""
    assert data.endswith(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    (whole,) = vobject.readComponents(data.decode())
    return list(whole.contents.get("vevent", []))


def clocks_of(data: bytes, zone: str) -> datetime.tzinfo:
    """Give the clock a file brings along, as another library than the one that wrote it reads it."""
    found = tzical(io.StringIO(data.decode())).get(zone)
    assert found is not None
    return found


def test_a_calendar_has_the_moment_whatever_summer_time_does() -> None:
    """20:00 in Paris is another moment before and after 25 October; a calendar an hour off empties the room."""

    async def story() -> None:
        async with talking(status="exercise") as (north, south):
            await calendars.state_calendar(north.node, north["edda"], zone="Europe/Paris", holidays=[])
            await calendars.state_calendar(south.node, south["samira"], zone="America/New_York", holidays=[])
            subjects = []
            for time in ("2026-10-24T20:00", "2026-10-26T20:00"):
                subject = await asked(north, time, consecutive=True, place="Haus A; Raum 1, 会议室")
                await seen(south, "samira", subject, lambda row: row.offers)
                offer = row_of(south, "samira", subject).offers[0].times[0]
                await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=offer.at)
                subjects.append(subject)
            await until(lambda: [one.waits for one in lines(south.node, south["samira"])] == ["", ""])
            with pytest.raises(Refused, match=r"talks\.no-time"):
                waiting = await asked(north, "2026-10-27T20:00")
                await meeting_calendar.invitation(north.node, north["edda"], ROOM, waiting)
            feed = await meeting_calendar.feed(south.node, south["samira"])
            found = sorted(read_calendar(feed), key=lambda one: one.dtstart.value)
            assert [f"{one.dtstart.value:%d %H:%M}" for one in found] == ["24 14:00", "26 15:00"]
            for one in found:  # by the clock that the file itself brings along
                start, end = one.dtstart.value, one.dtend.value
                assert f"{start.astimezone(ZoneInfo('Europe/Paris')):%H:%M}" == "20:00"
                assert end - start == datetime.timedelta(minutes=180)
                assert one.summary.value == "[EXERCISE] First session"
                assert one.location.value == "Haus A; Raum 1, 会议室"
                assert (one.status.value, one.sequence.value) == ("CONFIRMED", "0")
            assert len({one.uid.value for one in found}) == 2

            await meetings.cancel_meeting(north.node, north["edda"], ROOM, subjects[0], reason="A storm.")
            (one,) = read_calendar(await meeting_calendar.invitation(north.node, north["edda"], ROOM, subjects[0]))
            assert (one.status.value, one.sequence.value, one.uid.value) == ("CANCELLED", "1", found[0].uid.value)
            whole = await meeting_calendar.invitation(north.node, north["edda"], ROOM, subjects[0])
            assert b"\r\nMETHOD:CANCEL\r\n" in whole
            assert f"{clocks_of(whole, 'Europe/Paris').utcoffset(datetime.datetime(2026, 10, 24, 20))}" == "2:00:00"

    asyncio.run(story())


def test_an_hour_that_comes_twice_is_written_in_utc() -> None:
    """02:30 on 25 October means the first of two in a calendar; a meeting in the second would be an hour early."""

    async def story() -> None:
        async with talking() as (north, south):
            await calendars.state_calendar(north.node, north["edda"], zone="Europe/Paris", holidays=[])
            for time in ("2026-10-25T01:30Z", "2150-06-01T12:00Z"):
                subject = await asked(north, time)
                await seen(south, "samira", subject, lambda row: row.offers)
                offer = row_of(south, "samira", subject).offers[0].times[0]
                await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=offer.at)
                await seen(north, "edda", subject, lambda row: row.time)
                data = await meeting_calendar.invitation(north.node, north["edda"], ROOM, subject)
                assert read_calendar(data)[0].dtstart.value == datetime.datetime.fromisoformat(time)
                assert b"VTIMEZONE" not in data

    asyncio.run(story())


def test_an_invitation_names_whom_each_side_sends_and_a_feed_names_nobody() -> None:
    """Whoever opens it sees the delegations; no program can write to them, for an address is nobody's to give."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await asked(north, "2026-10-24T18:00Z")
            await seen(south, "samira", subject, lambda row: row.offers)
            await meetings.accept_meeting(
                south.node, south["samira"], ROOM, subject, time=row_of(south, "samira", subject).offers[0].times[0].at
            )
            await seen(north, "edda", subject, lambda row: row.time)
            people = [("", "O. Ode", "Counsellor"), ("", '安 "Ann" Lee, Dr.', "")]
            await meeting_day.set_attendance(north.node, north["edda"], ROOM, subject, people=people)
            data = await meeting_calendar.invitation(north.node, north["edda"], ROOM, subject)
            lines_of = data.decode().replace("\r\n ", "").split("\r\n")
            assert "METHOD:REQUEST" in lines_of
            said = [one for one in lines_of if one.startswith(("ATTENDEE", "ORGANIZER"))]
            assert [one.partition(";")[0] for one in said] == ["ATTENDEE"] * 4 + ["ORGANIZER"]
            assert sum("CUTYPE=GROUP" in one and "PARTSTAT=ACCEPTED" in one for one in said) == 2
            assert any('CN="O. Ode"' in one or "CN=O. Ode" in one for one in said)
            assert len({one.rpartition(":urn:uuid:")[2] for one in said}) == 4  # the side that asked stands twice
            assert "@" not in "".join(said)
            shown = await meeting_calendar.feed(north.node, north["edda"])
            assert b"ATTENDEE" not in shown and b"METHOD:PUBLISH" in shown and b"REFRESH-INTERVAL" in shown

    asyncio.run(story())


def test_a_time_at_the_end_of_all_calendars_breaks_no_page() -> None:
    """Any moment an entry can hold may come from the other side; who accepts it must still see the page."""

    async def story() -> None:
        async with talking() as (north, south):
            last = "9999-12-31T23:59:00.000Z"
            subject = await asked(north, last)
            await seen(south, "samira", subject, lambda row: row.offers)
            await meetings.accept_meeting(south.node, south["samira"], ROOM, subject, time=last)
            for minutes in (30, 10):
                await meetings.put_item(
                    south.node, south["samira"], ROOM, subject, title="Late", minutes=minutes
                )  # fmt: skip
            row = await seen(north, "edda", subject, lambda row: len(row.items) == 2)
            assert [one.planned_at for one in row.items] == [last, "9999-12-31T23:59:59.999Z"]
            assert b"VEVENT" not in await meeting_calendar.feed(south.node, south["samira"])

    asyncio.run(story())


def test_a_meeting_of_a_body_needs_a_body_that_meets() -> None:
    """A suspended body that is asked to meet all the same would be a quarrel by accident."""

    async def story() -> None:
        async with talking() as (north, _):
            with pytest.raises(Refused, match=r"talks\.not-meeting"):
                await asked(north, ahead(north, 24), body="body/north/0/9")
            for wrong in ({"level": "kings"}, {"form": "telepathy"}):
                with pytest.raises(Refused, match=r"talks\.level"):
                    await asked(north, ahead(north, 24), **wrong)
            with pytest.raises(Refused, match=r"talks\.moment"):
                await asked(north)
            with pytest.raises(Refused, match=r"talks\.item"):
                await asked(north, ahead(north, 24), minutes=3)

    asyncio.run(story())
