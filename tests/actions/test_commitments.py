"""Commitments over two real nodes: taken from words, answered, viewed by each side; the register by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.actions.pair import Side, later, talking, until
from tests.actions.test_meetings import agreed as meeting_agreed

from parley.actions import (
    commitments,
    files,
    incidents,
    meeting_day,
    meeting_minutes,
    messages,
    negotiated,
    negotiating,
    notice_files,
    notices,
)
from parley.actions.commitment_citing import citation_typed, cited_by, citing_row
from parley.actions.commitment_export import register_csv
from parley.actions.commitment_rows import CommitmentWhole
from parley.actions.incident_forms import ReportForm
from parley.actions.notice_words import NoticeWords
from parley.actions.sending import write
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.errors import Refused
from parley.record.names import LogId, Ref
from parley.subjects.citations import Citation
from parley.subjects.commitments import CommitmentView, facts
from parley.subjects.summaries import summaries
from parley.times import Moment, moment_text

DAY_MS = 86_400_000


def day(side: Side, days: int) -> str:
    return moment_text(Moment(side.node.moment() + days * DAY_MS))[:10]


def one(side: Side, person: str, subject: str) -> CommitmentWhole:
    return commitments.commitment(side.node, side[person], "leaders", subject)


async def told(side: Side, subject: str, state: str, *, seen: int = 0) -> None:
    """Wait until a side has a commitment in a state, with so many views."""

    def there() -> bool:
        view = side.node.book.view("leaders", subject)
        if not isinstance(view, CommitmentView) or view.state != state or len(view.history) < seen:
            return False
        return view.ref.number < side.node.store.size(view.ref.log)  # what it quotes is looked up on the disk

    await until(there)


async def promised(north: Side, south: Side, *, what: str = "Name points of contact", due: str = "") -> str:
    """Propose by North, agree by South; gives the subject."""
    sent = await commitments.make(
        north.node, north["edda"], "leaders", alone=False, who_promised=["south"], what=what, due=due
    )
    await told(south, sent.subject, "proposed")
    await commitments.answer(south.node, south["samira"], "leaders", sent.subject, "agree")
    await told(north, sent.subject, "agreed")
    await until(lambda: sent.subject in agreed(north))  # the view is there before the disk has its line in the register
    return sent.subject


def agreed(side: Side) -> list[str]:
    """Give what the side's register has as agreed."""
    found = summaries(side.node.store, "commitment", "leaders")
    return [one.subject for one in found if one.words["state"] == "agreed"]


def test_a_commitment_is_taken_from_the_words_of_a_message_and_leads_back_to_them() -> None:
    """The quotation stands there sign by sign; when the source is corrected, the page says so."""

    async def story() -> None:
        async with talking() as (north, south):
            edda = north["edda"]
            said = await messages.send_message(
                north.node,
                edda,
                Words(channel="leaders", text="Good day.\nWe release the crew by June.", language="en"),
            )
            made = await commitments.make(
                north.node, edda, "leaders", alone=True, who_promised=(), what="Release the crew", due=day(north, 3),
                source=said.subject, part="2", words="release the crew by June",
            )  # fmt: skip
            await told(south, made.subject, "promised")
            found = one(south, "samira", made.subject)
            assert (found.source.kind, found.source.place, found.source.stands) == ("message", "2 [en] 4-27", "now")
            assert found.source.path == (
                f"/channels/leaders/{said.subject}#:~:text=release%20the%20crew%20by%20June"
            )  # fmt: skip
            assert found.row.clock == "due" and found.may == {"view"}

            await messages.correct(
                north.node, edda, "leaders", said.subject, text="We may release.", language="en", reason="Too early."
            )
            await until(lambda: one(south, "samira", made.subject).source.stands == "changed")
            for words in ("release nobody", ""):
                with pytest.raises(Refused, match=r"do not stand"):
                    await commitments.make(
                        north.node, edda, "leaders", alone=True, who_promised=(), what="X", source=said.subject,
                        words=words,
                    )  # fmt: skip

    asyncio.run(story())


def test_a_commitment_is_taken_from_either_language_of_a_text_and_names_the_words_that_were_accepted() -> None:
    """The entry it names is the alternative that reads so, and its page opens at the part."""

    async def story() -> None:
        async with talking() as (north, _):
            edda, at = north["edda"], ("leaders",)
            opened = await negotiating.open_text(north.node, edda, *at, title="T", languages=[("en", True)])
            added = await negotiating.add_unit(
                north.node, edda, *at, opened.subject, level="article", words={"en": "Each side tells in ten days."}
            )
            unit = f"north/0/{added.ref.number}"
            made = await commitments.make(
                north.node, edda, *at, alone=False, who_promised=["north", "south"], what="Tell",
                source=opened.subject, part=f"{unit} en", words="tells in ten days",
            )  # fmt: skip
            found = one(north, "edda", made.subject)
            assert found.source.ref is not None and found.source.ref.number == added.ref.number
            assert (found.source.kind, found.source.place) == ("text", "1 [en] 11-27")
            assert found.source.path.startswith(
                f"/texts/leaders/{opened.subject[5:]}#u-{unit.replace('/', '-')}:~:text="
            )
            assert found.row.who == (("North", True), ("South", False)) and found.may == {"withdraw"}
            assert negotiated.text(north.node, edda, *at, opened.subject).units[0].name == unit

    asyncio.run(story())


def test_the_two_views_stand_side_by_side_with_their_history_and_differ() -> None:
    """Each side speaks for itself; the register shows what is disputed, kept and overdue by the node's own clock."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await promised(north, south, what="=1+1", due=day(north, 2))
            assert [row.subject for row in commitments.reminders(north.node, north["edda"])] == [subject]
            said = await messages.send_message(
                south.node, south["samira"], Words(channel="leaders", text="The list.", language="en")
            )
            await commitments.see(
                south.node, south["samira"], "leaders", subject, state="kept", note="Done.",
                evidence=[("The list", "")], entries=[f"{said.ref.log} {said.ref.number}", said.subject],
            )  # fmt: skip
            await told(north, subject, "agreed", seen=1)
            await commitments.see(north.node, north["edda"], "leaders", subject, state="under-way", as_of="2026-11-01")
            await commitments.see(north.node, north["edda"], "leaders", subject, state="not-kept")
            found = one(north, "edda", subject)
            assert found.ours and found.theirs and found.row.disputed
            assert (found.ours.state, found.theirs.state, len(found.history)) == ("not-kept", "kept", 3)
            assert found.theirs.entries[0] == found.theirs.entries[1]
            assert found.theirs.entries[0].path == f"/channels/leaders/{said.subject}"

            def counts(**more: str) -> dict[str, int]:
                return dict(commitments.register(north.node, north["edda"], **more).counts)

            assert counts() == counts(channel="leaders")
            assert [counts()[name] for name in ("open", "due", "overdue", "disputed", "kept")] == [1, 1, 0, 1, 0]
            assert commitments.reminders(north.node, north["edda"]) == []  # "not kept" was our last word
            later(north, 3 * DAY_MS)
            assert [counts()[name] for name in ("due", "overdue")] == [0, 1]
            assert ",'=1+1," in register_csv(north.node, north["edda"])
            await told(south, subject, "agreed", seen=3)

    asyncio.run(story())


def test_a_file_is_brought_as_evidence_and_the_other_side_can_open_it() -> None:
    """A view that names a paper nobody there can read convinces nobody."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await promised(north, south, what="Publish the list.")

            async def content() -> AsyncIterator[bytes]:
                yield b"%PDF-1.7 the list"

            row = await files.attach(
                north.node, north["edda"], name="list.pdf", media="application/pdf", content=content()
            )
            with pytest.raises(Refused, match=r"files\.unknown"):
                await commitments.see(
                    north.node, north["edda"], "leaders", subject, state="kept", files=["ab" * 32]
                )  # fmt: skip
            await commitments.see(
                north.node, north["edda"], "leaders", subject, state="kept", evidence=[("On our site", "")],
                files=[row.root],
            )  # fmt: skip
            await told(south, subject, "agreed", seen=1)
            found = one(south, "samira", subject).theirs
            assert found is not None
            (words, none, nowhere), (name, root, path) = found.evidence
            assert (words, none, nowhere) == ("On our site", "", "")
            assert (name, root) == ("list.pdf", row.root)
            message = path.removeprefix("/channels/leaders/").partition("/files/")[0]
            await until(lambda: south.node.attachment_held(root) == row.size)
            _, chunks = await files.read_attachment(south.node, south["samira"], "leaders", message, root)
            assert b"".join([piece async for piece in chunks]) == b"%PDF-1.7 the list"

    asyncio.run(story())


def test_who_may_not_speak_for_the_side_says_nothing_and_who_may_not_read_sees_nothing() -> None:
    """The rights are those of the whole desk; a reminder is no way round them."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await promised(north, south, due=day(north, 1))
            auditor = Who(person="aud", roles=("auditor",), via="session")
            for doing in (
                commitments.make(north.node, auditor, "leaders", alone=True, who_promised=(), what="X"),
                commitments.see(north.node, auditor, "leaders", subject, state="kept"),
                commitments.answer(north.node, auditor, "leaders", subject, "withdraw", reason="No."),
            ):
                with pytest.raises(Refused) as refused:
                    await doing
                assert refused.value.code == "people.right"
            assert commitments.commitment(north.node, auditor, "leaders", subject).may == frozenset()
            for asking in (commitments.register, commitments.reminders):
                with pytest.raises(Refused):
                    asking(north.node, north["admin"])
            with pytest.raises(Refused) as wrong:
                await commitments.see(
                    north.node, north["edda"], "leaders", subject, state="kept", entries=["leaders/north/0 9999"]
                )
            assert wrong.value.code == "commitments.entry"

    asyncio.run(story())


def test_a_quotation_that_never_stood_there_is_shown_as_that() -> None:
    """The other side's node may claim any words, and name any entry: the page looks for itself."""

    async def story() -> None:
        async with talking() as (north, south):
            said = await messages.send_message(
                south.node, south["samira"], Words(channel="leaders", text="We may.", language="en")
            )
            log = LogId.read(said.ref.log)
            claimed = (
                (said.ref.number, said.ref.id, "never"), (said.ref.number, "ab" * 32, "never"),
                (9_999, "ab" * 32, "absent"),  # it may still be on its way: that is no lie of theirs yet
            )  # fmt: skip
            for number, id, stands in claimed:
                fact = facts.make(
                    "leaders", unilateral=True, who=["south"], what="X", due="", seen="", source="message", place="",
                    words="We promise.", entry=Ref(log, number, id),
                )  # fmt: skip
                sent = await write(south.node, south["samira"], fact)
                await told(north, sent.subject, "promised")
                assert one(north, "edda", sent.subject).source.stands == stands

    asyncio.run(story())


def test_a_commitment_is_taken_from_what_was_noted_at_a_meeting_and_from_its_minutes() -> None:
    """The summit's promises are made at meetings: both the note and the text of the minutes lead back."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, at = north["edda"], ("leaders",)
            subject = await meeting_agreed(north, south)
            await meeting_day.begin(north.node, edda, *at, subject)
            noted = await meeting_day.note(north.node, edda, *at, subject, what="action", text="Open the hotline.")
            made = await commitments.make(
                north.node, edda, *at, alone=False, who_promised=["south"], what="Open it", source=subject,
                words="the hotline",
            )  # fmt: skip
            source = one(north, "edda", made.subject).source
            assert (source.kind, source.place, source.stands, source.ref) == ("minutes", "1 6-16", "now", noted.ref)
            assert source.path == f"/meetings/leaders/{subject[8:]}#:~:text=the%20hotline"

            minutes = await meeting_minutes.open_minutes(north.node, edda, *at, subject)
            unit = negotiated.text(north.node, edda, *at, minutes.subject).units[0].name
            made = await commitments.make(
                north.node, edda, *at, alone=True, who_promised=(), what="Open it", source=minutes.subject,
                part=f"{unit} en", words="Open the hotline",
            )  # fmt: skip
            source = one(north, "edda", made.subject).source
            assert (source.kind, source.place, source.stands) == ("minutes", "1 [en] 1-16", "now")
            with pytest.raises(Refused) as refused:
                await commitments.make(
                    north.node, edda, *at, alone=True, who_promised=(), what="X", source="meeting/north/0/9999",
                    words="X",
                )  # fmt: skip
            assert refused.value.code == "commitments.source"

    asyncio.run(story())


def test_an_incident_and_a_notice_cite_a_commitment_whose_page_shows_them() -> None:
    """Whoever asks what became of a promise finds what happened about it, as far as they may read it."""

    async def story() -> None:
        async with talking() as (north, south):
            subject = await promised(north, south)
            cite = f"leaders {subject}"
            assert [row.name for row in commitments.citable(south.node, south["samira"])] == [cite]
            form = ReportForm(what="An aircraft passed our bow.", place="54.5 18.25", commitment=cite)
            reported = await incidents.report_incident(south.node, south["samira"], form, channel="leaders")
            words = NoticeWords(what="exercise", title="Gunnery", since="2027-01-01T10:00", until="2027-01-02T10:00",
                                language="en", commitment=cite)  # fmt: skip
            given = await notices.give(south.node, south["samira"], "leaders", words)
            await until(lambda: len(one(north, "edda", subject).cited) == 2)
            found = one(north, "edda", subject).cited
            assert [(row.kind, row.title, row.ours) for row in found] == [
                ("incident", "An aircraft passed our bow.", False), ("notice", "Gunnery", False),
            ]  # fmt: skip
            whole = incidents.incident(north.node, north["edda"], "leaders", reported.subject)
            assert [row.what for row in whole.cites] == ["Name points of contact"]
            notice = notices.notice(north.node, north["edda"], "leaders", given.subject)
            assert notice.commitment and notice.commitment.path == f"/commitments/leaders/{subject[11:]}"
            alert = notice_files.cap_of(south.node, south["samira"], "leaders", given.subject)
            assert f"<valueName>parley.commitment</valueName>\n      <value>{cite}</value>" in alert
            for wrong in ("leaders", "leaders message/north/0/1", "Leaders " + subject):
                with pytest.raises(Refused) as refused:
                    citation_typed(wrong)
                assert refused.value.code == "commitments.cite"

            for person, channel in (("edda", "elsewhere"), ("admin", "leaders")):  # not there; not theirs to read
                row = citing_row(north.node, north[person], Citation(channel=channel, subject=subject))
                assert (row.path, row.what) == ("", "")
            assert list(cited_by(north.node, north["admin"], north.node.book.view("leaders", subject))) == []  # type: ignore[arg-type]

    asyncio.run(story())
