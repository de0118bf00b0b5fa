"""What people may do with messages, at two real nodes."""

from __future__ import annotations

import asyncio

import pytest
from tests.actions.pair import Side, later, talking, until

from parley import limits
from parley.actions import channels, drafting, line, messages, people
from parley.actions.rows import MessageRow, Sent
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.errors import Refused


def words(text: str = "Good morning.", **more: object) -> Words:
    return Words(channel="leaders", text=text, language="en", **more)  # type: ignore[arg-type]


def row(side: Side, who: Who, sent: Sent) -> MessageRow:
    return messages.message(side.node, who, "leaders", sent.subject)


async def arrive(side: Side, sent: Sent) -> None:
    await until(lambda: side.node.book.message("leaders", sent.subject))


def test_the_four_facts_of_delivery_come_one_by_one_and_each_from_its_own_source() -> None:
    """Promise 2: "sent", "on their disk", "shown" and "acknowledged by name" are never taken for one another."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await messages.send_message(north.node, edda, words())
            assert row(north, edda, sent).delivery.on_our_disk is not None

            await until(lambda: row(north, edda, sent).delivery.on_their_disk)
            assert row(north, edda, sent).delivery.shown is None
            assert row(north, edda, sent).waiting_for_s is None

            await messages.show_message(south.node, samira, "leaders", sent.subject)
            await until(lambda: row(north, edda, sent).delivery.shown)
            assert row(north, edda, sent).delivery.acknowledged is None
            assert row(north, edda, sent).state == "open"

            await messages.acknowledge(south.node, samira, "leaders", sent.subject, note="Read.")
            await until(lambda: row(north, edda, sent).delivery.acknowledged)
            acknowledged = row(north, edda, sent).delivery.acknowledged
            assert acknowledged is not None
            assert acknowledged.name == "Samira"
            assert row(north, edda, sent).state == "acknowledged"

    asyncio.run(story())


def test_a_message_is_shown_once_a_desk_and_person() -> None:
    """A desk reloads its page all day; the record must not fill with that."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await messages.send_message(north.node, north["edda"], words())
            await arrive(south, sent)
            for _ in range(3):
                await messages.show_message(south.node, south["samira"], "leaders", sent.subject)
            assert len(row(south, south["samira"], sent).history) == 2

    asyncio.run(story())


@pytest.mark.parametrize(
    ("precedence", "minutes"), [("FLASH", 10), ("IMMEDIATE", 30), ("PRIORITY", 180), ("ROUTINE", 360)]
)
def test_the_due_time_follows_the_precedence_from_release(precedence: str, minutes: int) -> None:
    """ACP 121's handling times; absolute in the entry, so that both desks count down to the same moment."""

    async def story() -> None:
        async with talking() as (north, south):
            draft = await drafting.save_draft(north.node, north["edda"], words(precedence=precedence))
            sent = await drafting.release_draft(north.node, north["tomas"], draft.id)
            await arrive(south, sent)
            left = row(south, south["samira"], sent).due_in_s
            assert left is not None
            assert minutes * 60 - 30 < left <= minutes * 60
            assert row(north, north["edda"], sent).due == row(south, south["samira"], sent).due

    asyncio.run(story())


def test_an_unanswered_message_is_overdue_at_both_desks() -> None:
    """An answer that does not come is the most common failure of real lines; nobody may overlook it."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await messages.send_message(north.node, north["edda"], words(precedence="IMMEDIATE"))
            await arrive(south, sent)
            later(north, 31 * 60_000)
            later(south, 31 * 60_000)
            assert row(north, north["edda"], sent).overdue
            assert [each.subject for each in messages.waiting(south.node, south["samira"]) if each.overdue] == [
                sent.subject
            ]

            await messages.acknowledge(south.node, south["samira"], "leaders", sent.subject)
            assert not row(south, south["samira"], sent).overdue
            assert messages.waiting(south.node, south["samira"]) == []

    asyncio.run(story())


def test_of_many_that_wait_the_most_urgent_are_given_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks for them; where nobody acknowledges what is ROUTINE there are thousands within months."""
    monkeypatch.setattr(limits, "WAITING_SHOWN", 2)

    async def story() -> None:
        async with talking() as (north, south):
            for kind in ("ROUTINE", "ROUTINE", "PRIORITY"):
                sent = await messages.send_message(north.node, north["edda"], words(precedence=kind))
            await messages.send_message(south.node, south["samira"], words())
            drill = await messages.send_message(north.node, north["edda"], words(status="exercise"))
            await arrive(south, drill)
            later(north, 2 * 3_600_000)
            later(south, 4 * 3_600_000)
            shown = messages.waiting(south.node, south["samira"])
            assert [(one.precedence, one.status) for one in shown] == [
                ("PRIORITY", "actual"), ("ROUTINE", "actual"), ("ROUTINE", "exercise")
            ]  # fmt: skip
            assert shown[0].subject == sent.subject and shown[0].overdue
            (room,) = channels.list_channels(south.node, south["samira"])
            assert (room.waiting, room.waiting_there, room.overdue, room.overdue_there) == (4, 1, 1, 0)
            later(south, 7 * 3_600_000)
            (room,) = channels.list_channels(south.node, south["samira"])
            assert (room.overdue, room.overdue_there) == (5, 1)

    asyncio.run(story())


@pytest.mark.parametrize("precedence", ["FLASH", "IMMEDIATE"])
def test_urgent_messages_hold_at_most_two_hundred_words(precedence: str) -> None:
    """They must be readable at once (ACP 121)."""

    async def story() -> None:
        async with talking() as (north, _):
            with pytest.raises(Refused) as refused:
                await drafting.save_draft(north.node, north["edda"], words("word " * 201, precedence=precedence))
            assert refused.value.code == "messages.words"
            await drafting.save_draft(north.node, north["edda"], words("word " * 200, precedence=precedence))

    asyncio.run(story())


def test_a_flash_needs_a_second_person_and_not_a_second_session() -> None:
    """Persons are compared: one person at two desks is one person."""

    async def story() -> None:
        async with talking() as (north, south):
            edda = north["edda"]
            again = Who(person="edda", roles=edda.roles, via="session", desk="desk 2")
            with pytest.raises(Refused, match=r"messages\.second-person"):
                await messages.send_message(north.node, edda, words(precedence="FLASH"))
            draft = await drafting.save_draft(north.node, edda, words(precedence="FLASH"))
            await drafting.submit_draft(north.node, edda, draft.id)
            for one in (edda, again):
                with pytest.raises(Refused, match=r"messages\.second-person"):
                    await drafting.release_draft(north.node, one, draft.id)

            sent = await drafting.release_draft(north.node, north["tomas"], draft.id)
            await arrive(south, sent)
            there = row(south, south["samira"], sent)
            assert (there.drafted_by, there.released_by, there.released_alone) == ("Edda", ("Tomas",), False)
            assert drafting.list_drafts(north.node, edda) == []

    asyncio.run(story())


def test_who_changes_the_words_of_a_flash_is_its_drafter_and_cannot_release_it() -> None:
    """Otherwise the second person could put words of their own into an approved draft and send them alone."""

    async def story() -> None:
        async with talking() as (north, _):
            draft = await drafting.save_draft(north.node, north["edda"], words("Ours.", precedence="FLASH"))
            await drafting.save_draft(north.node, north["tomas"], words("Mine.", precedence="FLASH"), draft=draft.id)
            with pytest.raises(Refused, match=r"messages\.second-person"):
                await drafting.release_draft(north.node, north["tomas"], draft.id)
            await drafting.release_draft(north.node, north["edda"], draft.id)

    asyncio.run(story())


def test_raising_a_draft_to_flash_at_release_does_not_go_round_the_second_person() -> None:
    """The releaser may change the precedence; the rule is asked of the precedence that leaves."""

    async def story() -> None:
        async with talking() as (north, _):
            draft = await drafting.save_draft(north.node, north["edda"], words())
            with pytest.raises(Refused, match=r"messages\.second-person"):
                await drafting.release_draft(north.node, north["edda"], draft.id, precedence="FLASH")
            assert drafting.draft(north.node, north["edda"], draft.id).state == "draft"

    asyncio.run(story())


def test_a_policy_laid_down_by_two_lets_one_release_alone_after_the_set_time() -> None:
    """When nobody answers at night the FLASH must still go; the entry then says "released by one"."""

    async def story() -> None:
        async with talking() as (north, south):
            await line.propose_release_policy(north.node, north["edda"], persons=("edda",), after_s=120)
            with pytest.raises(Refused, match=r"release\.second-person"):
                await line.agree_release_policy(north.node, north["edda"])
            for other in ("600 edda", "120 edda tomas", ""):  # proposed otherwise, while he looked at it
                with pytest.raises(Refused, match=r"drafts\.changed"):
                    await line.agree_release_policy(north.node, north["tomas"], seen=other)
            await line.agree_release_policy(north.node, north["tomas"], seen="120 edda")
            with pytest.raises(Refused, match=r"release\.nothing-to-agree"):
                await line.agree_release_policy(north.node, north["tomas"])
            draft = await drafting.save_draft(north.node, north["edda"], words(precedence="FLASH"))
            await drafting.submit_draft(north.node, north["edda"], draft.id)
            with pytest.raises(Refused, match=r"messages\.second-person"):
                await drafting.release_draft(north.node, north["edda"], draft.id)

            later(north, 121_000)
            sent = await drafting.release_draft(north.node, north["edda"], draft.id)
            await arrive(south, sent)
            assert row(south, south["samira"], sent).released_alone

    asyncio.run(story())


def test_a_draft_is_released_once_even_from_two_desks_at_once() -> None:
    """Two people press the button in the same second; the other side must not get it twice."""

    async def story() -> None:
        async with talking() as (north, _):
            draft = await drafting.save_draft(north.node, north["edda"], words())
            ends = await asyncio.gather(
                *(drafting.release_draft(north.node, north[who], draft.id) for who in ("edda", "tomas")),
                return_exceptions=True,
            )
            assert sum(isinstance(end, Refused) for end in ends) == 1
            page = messages.thread(north.node, north["edda"], "leaders")
            assert len(page.messages) == 1

    asyncio.run(story())


def test_an_order_is_read_back_and_confirmed_or_put_right() -> None:
    """Say, repeat, confirm (NERC COM-002): a wrong read-back is answered, and the next one can be right."""

    async def story() -> None:
        async with talking() as (north, south):
            sent = await messages.send_message(north.node, north["edda"], words("Stay above 200.", order=True))
            await arrive(south, sent)
            await messages.read_back(south.node, south["samira"], "leaders", sent.subject, text="Below 200.")
            await until(lambda: "confirm" in row(north, north["edda"], sent).may)
            with pytest.raises(Refused, match=r"messages\.read-back-text"):
                await messages.confirm_read_back(north.node, north["edda"], "leaders", sent.subject, good=False)
            await messages.confirm_read_back(
                north.node, north["edda"], "leaders", sent.subject, good=False, text="Above."
            )
            await until(lambda: "read-back" in row(south, south["samira"], sent).may)
            await messages.read_back(south.node, south["samira"], "leaders", sent.subject, text="Above 200.")
            await until(lambda: "confirm" in row(north, north["edda"], sent).may)
            await messages.confirm_read_back(north.node, north["edda"], "leaders", sent.subject, good=True)
            readback = row(north, north["edda"], sent).readback
            assert readback is not None
            assert readback.state == "confirmed"

    asyncio.run(story())


def test_what_was_shown_to_the_second_person_is_what_is_released() -> None:
    """The drafter changed the words while the second person read them, and their name stood under the others."""

    async def story() -> None:
        async with talking() as (north, _):
            draft = await drafting.save_draft(north.node, north["edda"], words("Stop.", precedence="FLASH"))
            await drafting.submit_draft(north.node, north["edda"], draft.id)
            later(north, 1_000)
            changed = await drafting.save_draft(
                north.node, north["edda"], words("Go.", precedence="FLASH"), draft=draft.id
            )
            for act in (
                lambda seen: drafting.release_draft(north.node, north["tomas"], draft.id, seen=seen),
                lambda seen: drafting.review_draft(north.node, north["tomas"], draft.id, good=True, seen=seen),
            ):
                for seen in (draft.changed_at, ""):
                    with pytest.raises(Refused) as refused:
                        await act(seen)
                    assert refused.value.code == "drafts.changed"
            await drafting.submit_draft(north.node, north["edda"], draft.id)  # the words stay as they were
            await drafting.review_draft(
                north.node, north["tomas"], draft.id, good=True, seen=changed.changed_at
            )  # fmt: skip
            sent = await drafting.release_draft(north.node, north["tomas"], draft.id, seen=changed.changed_at)
            assert messages.message(north.node, north["tomas"], "leaders", sent.subject).text == "Go."

    asyncio.run(story())


def test_what_is_acknowledged_or_confirmed_is_what_was_shown_whatever_the_other_side_says_meanwhile() -> None:
    """DESIGN 3: an act holds for what it names. They could slip other words under a finger that was on its way."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await messages.send_message(north.node, edda, words("Stop pump 3.", order=True))
            await arrive(south, sent)
            shown = row(south, samira, sent)
            await messages.correct(
                north.node, edda, "leaders", sent.subject, text="Stop pump 4.", language="en", reason="Number"
            )
            await until(lambda: row(south, samira, sent).corrections)
            for seen in (shown.words, ""):
                with pytest.raises(Refused) as refused:
                    await messages.acknowledge(south.node, samira, "leaders", sent.subject, seen=seen)
                assert refused.value.code == "messages.changed"
            fresh = row(south, samira, sent).words
            await messages.acknowledge(south.node, samira, "leaders", sent.subject, seen=fresh)

            await messages.read_back(south.node, samira, "leaders", sent.subject, text="Stop pump 4.")
            await until(lambda: row(north, edda, sent).readback.state == "read-back")
            right = row(north, edda, sent).readback.id
            await messages.read_back(south.node, samira, "leaders", sent.subject, text="Stop no pump.")
            await until(lambda: row(north, edda, sent).readback.id != right)
            for seen in (right, ""):
                with pytest.raises(Refused) as refused:
                    await messages.confirm_read_back(north.node, edda, "leaders", sent.subject, good=True, seen=seen)
                assert refused.value.code == "messages.changed"
            last = row(north, edda, sent).readback.id
            await messages.confirm_read_back(
                north.node, edda, "leaders", sent.subject, good=False, text="Pump 4.", seen=last
            )

    asyncio.run(story())


def test_translations_corrections_answers_and_cancellations_reach_the_other_desk() -> None:
    """Nothing is edited: each is an entry of its own that names the message."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            sent = await messages.send_message(north.node, edda, words("Buoy 17 is lost."))
            await arrive(south, sent)
            await messages.translate(
                south.node, samira, "leaders", sent.subject, grade="sight", language="ar", text="فقدنا العوامة."
            )
            reply = await messages.answer(south.node, samira, "leaders", sent.subject, words("Which one?"))
            await messages.correct(
                north.node, edda, "leaders", sent.subject, text="Buoy 18 is lost.", language="en", reason="Number"
            )
            await until(lambda: row(south, samira, sent).corrections and row(north, edda, sent).translations)
            there = row(south, samira, sent)
            assert (there.text, there.first_text) == ("Buoy 18 is lost.", "Buoy 17 is lost.")
            assert there.answered_by == (reply.subject,)
            await messages.cancel(north.node, edda, "leaders", sent.subject, reason="Found.")
            await until(lambda: row(south, samira, sent).state == "cancelled")
            assert "acknowledge" not in row(south, samira, sent).may

    asyncio.run(story())


def test_pages_of_a_thread_join_without_a_gap_or_a_repeat() -> None:
    """A reader who pages back must see each message exactly once."""

    async def story() -> None:
        async with talking() as (north, _):
            sent = [await messages.send_message(north.node, north["edda"], words(str(n))) for n in range(7)]
            seen: list[str] = []
            before = ""
            while True:
                page = messages.thread(north.node, north["edda"], "leaders", before=before, count=3)
                seen = [each.subject for each in page.messages] + seen
                before = page.before
                if not before:
                    break
            assert seen == [each.subject for each in sent]
            with pytest.raises(Refused, match=r"messages\.page"):
                messages.thread(north.node, north["edda"], "leaders", before="nonsense")

    asyncio.run(story())


def test_a_node_for_exercises_never_marks_anything_actual() -> None:
    """Promise 10: an exercise must be unmistakable in the signed bytes."""

    async def story() -> None:
        async with talking(status="exercise") as (north, south):
            with pytest.raises(Refused, match=r"messages\.status"):
                await messages.send_message(north.node, north["edda"], words(status="actual"))
            sent = await messages.send_message(north.node, north["edda"], words())
            await arrive(south, sent)
            await messages.acknowledge(south.node, south["samira"], "leaders", sent.subject)
            assert row(south, south["samira"], sent).status == "exercise"

    asyncio.run(story())


def test_text_is_made_nfc_and_text_that_could_mislead_is_refused() -> None:
    """Both sides must read the same: overrides that turn a line around never enter the record."""

    async def story() -> None:
        async with talking() as (north, _):
            sent = await messages.send_message(north.node, north["edda"], words("Cafe\u0301"))
            assert row(north, north["edda"], sent).text == "Caf\u00e9"
            with pytest.raises(Refused):
                await messages.send_message(north.node, north["edda"], words("abc\u202edef"))
            with pytest.raises(Refused, match=r"messages\.empty"):
                await messages.send_message(north.node, north["edda"], words("  \n"))

    asyncio.run(story())


def test_a_person_outside_a_channel_neither_reads_nor_writes_there() -> None:
    """Each side sets its own members; the check is in the action, whatever door is used."""

    async def story() -> None:
        async with talking() as (north, _):
            from parley.actions import channels

            sent = await messages.send_message(north.node, north["edda"], words())
            await channels.set_members(north.node, north["edda"], channel="leaders", persons=("edda",))
            for act in (
                lambda: messages.thread(north.node, north["tomas"], "leaders"),
                lambda: messages.message(north.node, north["tomas"], "leaders", sent.subject),
            ):
                with pytest.raises(Refused, match=r"people\.member"):
                    act()
            with pytest.raises(Refused, match=r"people\.member"):
                await messages.send_message(north.node, north["tomas"], words())
            admin = channels.channel(north.node, north["admin"], "leaders")
            assert (admin.may_read, admin.waiting, admin.last_at) == (False, 0, None)
            await people.add_person(
                north.node, north["admin"], people.PersonForm(person="ida", name="Ida", role="auditor")
            )
            ida = Who(person="ida", roles=("auditor",), via="session")
            assert len(messages.thread(north.node, ida, "leaders").messages) == 1

    asyncio.run(story())
