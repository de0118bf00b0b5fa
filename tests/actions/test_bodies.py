"""Standing bodies between two real nodes, through the actions that every door uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from tests.actions.pair import Side, state, talking, until

from parley.actions import bodies, body_terms, calendars, channels, meetings, negotiating, text_terms, zones
from parley.actions.bodies import BodyRow
from parley.actions.meeting_showing import meeting
from parley.errors import Refused


def body(side: Side, who: str, subject: str) -> BodyRow:
    return bodies.body(side.node, side[who], subject)


async def seen(side: Side, who: str, subject: str, so: Callable[[BodyRow], object]) -> BodyRow:
    """Wait until the body stands at this side as it should."""

    def there() -> object:
        try:
            return so(body(side, who, subject))
        except Refused:
            return False

    await until(there)
    return body(side, who, subject)


async def a_body(north: Side, south: Side) -> str:
    """Give a body that North proposed with its channel, and South agreed with one act."""
    sent = await bodies.propose_body(
        north.node, north["edda"], channel="fish", title="Fisheries", mandate="Quotas.", level="officials",
        languages=(), rhythm="twice a year",
    )  # fmt: skip
    row = await seen(south, "samira", sent.subject, lambda row: row.state == "proposed")
    assert row.may == {"agree", "decline", "delegation", "term"}
    await until(lambda: bodies.bodies_waiting(south.node, south["samira"]))  # the list reads what is committed
    assert [one[:2] for one in bodies.bodies_waiting(south.node, south["samira"])] == [(sent.subject, "Fisheries")]
    assert bodies.bodies_waiting(north.node, north["edda"]) == []
    assert row.languages == ("en",)
    await bodies.agree_body(south.node, south["samira"], sent.subject)
    await seen(north, "edda", sent.subject, lambda row: row.state == "agreed")
    return sent.subject


def test_a_body_and_its_channel_are_set_up_by_one_act_of_each_side() -> None:
    """Whoever agrees to a body must not have to find out that its channel waits elsewhere."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await a_body(north, south)
            await until(lambda: state(north, "fish") == "agreed")
            await bodies.set_delegation(
                south.node, south["samira"], subject, chair="The deputy minister",
                people=[("samira", "", "Head of division"), ("", "Counsellor Ode", "Legal adviser")],
            )  # fmt: skip
            row = await seen(north, "edda", subject, lambda row: row.delegation_theirs.people)
            assert row.delegation_theirs.chair == "The deputy minister"
            found = [(one.name, one.office, one.sent) for one in row.contacts_theirs]
            assert found[:2] == [("Samira", "Head of division", True), ("Counsellor Ode", "Legal adviser", True)]
            assert ("Rafael", "", False) in found
            asked = await meetings.request_meeting(
                south.node, south["samira"], "fish", purpose="Quotas", level="officials", form="video",
                times=["2027-03-01T15:00Z"], body=subject,
            )  # fmt: skip
            held = meeting(south.node, south["samira"], "fish", asked.subject)
            assert [one.name for one in held.contacts_ours if one.sent] == ["Samira", "Counsellor Ode"]
            with pytest.raises(Refused, match=r"talks\.words"):
                await bodies.set_delegation(
                    south.node, south["samira"], subject, chair="", people=[("", " ", "Driver")]
                )

    asyncio.run(story())


def test_a_side_suspends_resumes_and_ends_with_its_reason() -> None:
    """The other side reads why, and cannot take back a suspension that is not its own."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await a_body(north, south)
            with pytest.raises(Refused, match=r"talks\.reason"):
                await bodies.suspend_body(north.node, north["edda"], subject, reason=" ")
            await bodies.suspend_body(north.node, north["edda"], subject, reason="After the seizure.")
            row = await seen(south, "samira", subject, lambda row: row.state == "suspended")
            assert [(one.ours, one.text) for one in row.suspensions] == [(False, "After the seizure.")]
            assert "meet" not in row.may
            with pytest.raises(Refused, match=r"talks\.not-meeting"):
                await meetings.request_meeting(
                    south.node, south["samira"], "fish", purpose="Quotas", level="officials", form="video",
                    times=["2027-03-01T15:00Z"], body=subject,
                )  # fmt: skip
            with pytest.raises(Refused, match=r"talks\.not-suspended"):
                await bodies.resume_body(south.node, south["samira"], subject, reason="Enough.")
            await bodies.resume_body(north.node, north["edda"], subject, reason="Crew released.")
            await seen(south, "samira", subject, lambda row: "meet" in row.may)
            sent = await meetings.request_meeting(
                south.node, south["samira"], "fish", purpose="Quotas", level="officials", form="video",
                times=["2097-03-01T15:00Z"], body=subject,
            )  # fmt: skip
            await seen(north, "edda", subject, lambda row: row.meetings)
            assert bodies.list_bodies(north.node, north["edda"])[0].next is None
            await meetings.accept_meeting(
                north.node, north["edda"], "fish", sent.subject, time="2097-03-01T15:00:00.000Z"
            )  # fmt: skip
            coming = bodies.list_bodies(north.node, north["edda"])[0].next
            assert coming is not None and coming.at == "2097-03-01T15:00:00.000Z"
            await bodies.end_body(south.node, south["samira"], subject, reason="Its work is done.")
            row = await seen(north, "edda", subject, lambda row: row.state == "ended")
            assert row.may == frozenset()
            assert [one.kind for one in row.history][-1] == "ended"

    asyncio.run(story())


def test_declining_a_body_declines_the_channel_that_came_with_it() -> None:
    """A channel that nobody wants must not wait for an answer for ever."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await bodies.propose_body(
                north.node, north["edda"], channel="fish", title="Fisheries", mandate="Quotas.", level="experts",
                languages=("en",),
            )  # fmt: skip
            await seen(south, "samira", sent.subject, lambda row: row.state == "proposed")
            await bodies.decline_body(south.node, south["samira"], sent.subject, reason="Not now.")
            await until(lambda: state(north, "fish") == "declined")
            assert (await seen(north, "edda", sent.subject, lambda row: row.state == "declined")).may == frozenset()

    asyncio.run(story())


def test_a_body_taken_back_takes_its_channel_with_it_and_may_be_proposed_again() -> None:
    """A proposal made by mistake is gone from the other side's list of what waits for an answer."""

    async def story() -> None:
        async with talking() as (north, south):
            words = {"title": "Fisheries", "mandate": "Quotas.", "level": "experts", "languages": ("en",)}
            sent = await bodies.propose_body(north.node, north["edda"], channel="fish", **words)  # type: ignore[arg-type]
            await seen(south, "samira", sent.subject, lambda row: row.may == {"agree", "decline", "delegation", "term"})
            assert "withdraw" in body(north, "edda", sent.subject).may
            with pytest.raises(Refused, match=r"talks\.side"):
                await bodies.withdraw_body(south.node, south["samira"], sent.subject, reason="Not ours.")
            await bodies.withdraw_body(north.node, north["edda"], sent.subject, reason="The wrong name.")
            row = await seen(south, "samira", sent.subject, lambda row: row.state == "withdrawn")
            assert (row.may, row.history[-1].text) == (frozenset(), "The wrong name.")
            await until(lambda: state(south, "fish") == "withdrawn")
            assert bodies.bodies_waiting(south.node, south["samira"]) == []
            with pytest.raises(Refused, match=r"channels\.nothing-to-withdraw"):
                await channels.withdraw_channel(north.node, north["edda"], channel="fish", reason="Again.")
            again = await bodies.propose_body(north.node, north["edda"], channel="fish", **words)  # type: ignore[arg-type]
            await seen(south, "samira", again.subject, lambda row: "agree" in row.may)
            await bodies.agree_body(south.node, south["samira"], again.subject)
            await until(lambda: state(north, "fish") == "agreed")

    asyncio.run(story())


def test_both_sides_and_their_interpreters_keep_a_glossary_that_texts_and_meetings_offer() -> None:
    """Two interpreters who render one word differently have made two treaties."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await bodies.propose_body(
                north.node, north["edda"], channel="fish", title="F", mandate="M.", level="experts",
                languages=("en", "zh"),
            )  # fmt: skip
            at = sent.subject
            await seen(south, "samira", at, lambda row: row.state == "proposed")
            await bodies.agree_body(south.node, south["samira"], at)
            await seen(north, "edda", at, lambda row: row.state == "agreed")
            with pytest.raises(Refused, match=r"talks\.words"):
                await body_terms.put_term(north.node, north["edda"], at, words={"en": "notice", "zh": " "})
            with pytest.raises(Refused, match=r"people\.right"):
                await body_terms.put_term(north.node, north["admin"], at, words={"en": "notice", "zh": "通报"})
            ines = await south.add("ines", "Ines", "interpreter")
            await body_terms.put_term(south.node, ines, at, words={"en": "notice", "zh": "通报"}, note="Not 通知.")
            row = await seen(north, "edda", at, lambda row: row.terms)
            (term,) = row.terms
            assert (term.words, term.ours, term.agreed, term.may) == (
                (("en", "notice"), ("zh", "通报")), False, False, "agree",
            )  # fmt: skip
            with pytest.raises(Refused, match=r"talks\.unknown"):
                await body_terms.settle_term(north.node, north["edda"], at, "agree", "ab" * 32)
            await body_terms.settle_term(north.node, north["edda"], at, "agree", term.id)
            row = await seen(south, "samira", at, lambda row: row.terms[0].agreed)
            assert row.terms[0].may == ""
            assert list(body_terms.pairs_of_channel(south.node, "fish")) == [("notice", "通报")]
            assert list(body_terms.pairs_of_channel(south.node, "leaders")) == []
            text = await negotiating.open_text(
                north.node, north["edda"], "fish", title="T", languages=[("en", True), ("zh", False)]
            )
            part = await negotiating.add_unit(
                north.node, north["edda"], "fish", text.subject, level="article", words={"en": "Notice is given."}
            )
            unit = ("fish", text.subject, f"north/0/{part.ref.number}")
            assert text_terms.terms_for(north.node, north["edda"], *unit) == (("notice", "通报"),)

    asyncio.run(story())


def test_who_may_not_speak_for_the_side_sees_bodies_and_changes_none() -> None:
    """The right is asked in the action, so that no door is a way round it."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await a_body(north, south)
            assert [one.subject for one in bodies.list_bodies(north.node, north["admin"])] == [subject]
            assert body(north, "admin", subject).meetings == ()
            with pytest.raises(Refused, match=r"people\.right"):
                await bodies.end_body(north.node, north["admin"], subject, reason="x")
            with pytest.raises(Refused, match=r"people\.right"):
                await calendars.state_calendar(north.node, north["admin"], zone="UTC", holidays=[])

    asyncio.run(story())


def test_an_hour_that_does_not_exist_or_comes_twice_is_said_so() -> None:
    """A meeting at a time that half the delegations read otherwise is missed (changes of summer time)."""

    async def story() -> None:
        async with talking() as (north, south):
            days = [("2026-10-01", "National day")]
            await calendars.state_calendar(north.node, north["edda"], zone="Europe/Paris", holidays=[])
            await calendars.state_calendar(south.node, south["samira"], zone="Asia/Shanghai", holidays=days)
            await until(lambda: calendars.calendars(north.node, north["edda"]).theirs.zone == "Asia/Shanghai")
            node = north.node
            assert zones.read_time(node, "2026-10-24T20:00") == "2026-10-24T18:00:00.000Z"
            assert zones.read_time(node, "2026-10-26T20:00") == "2026-10-26T19:00:00.000Z"
            assert zones.read_time(node, "2026-10-25T00:30Z") == "2026-10-25T00:30:00.000Z"
            with pytest.raises(Refused, match=r"talks\.no-such-hour"):
                zones.read_time(node, "2026-03-29T02:30")
            with pytest.raises(Refused, match=r"talks\.hour-twice"):
                zones.read_time(node, "2026-10-25T02:30")
            for wrong in ("tomorrow", "2026-13-01T10:00", "2026-10-01T10:00+08:00", ""):
                with pytest.raises(Refused, match=r"talks\.moment"):
                    zones.read_time(node, wrong)
            row = zones.both(node, "2026-09-30T16:30:00.000Z")
            assert (row.ours.clock, row.ours.offset, row.ours.holiday) == ("18:30", "+02:00", "")
            assert (row.theirs.date, row.theirs.clock, row.theirs.holiday) == ("2026-10-01", "00:30", "National day")
            assert zones.both(node, "9999-12-31T23:59:59.000Z").theirs.zone == "UTC"

    asyncio.run(story())


@pytest.mark.parametrize("text", ["1 October", "2026-02-30 None such", "20261001 Short", "2026-10-01 " + "x" * 300])
def test_a_holiday_that_cannot_be_read_names_its_line(text: str) -> None:
    """Forty lines are pasted in at once; which one is wrong must be said."""
    with pytest.raises(Refused, match="line 2"):
        calendars.read_holidays(f"2026-10-01 National day\n\n{text}")
