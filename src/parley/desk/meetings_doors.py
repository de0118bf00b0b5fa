"""The part of the desk's port that is about meetings, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Final

from parley import limits
from parley.actions import files, meeting_calendar, meeting_day, meeting_minutes, meeting_prep, meetings
from parley.actions import meeting_showing as showing
from parley.actions.rows import AttachmentRow
from parley.actions.talk_people import read_people
from parley.actions.talk_showing import lines
from parley.desk import shown
from parley.desk.entering import Entering
from parley.desk.reading import asker
from parley.desk.shown.meetings import MeetingRow
from parley.desk.shown.talks import MeetingLineRow, TimeRow
from parley.errors import Refused

# Acts about one item, each with how the actions name it.
_OF_ITEMS: Final = ("agree", "withdraw")
_CLOCK: Final = {"item-begin": "begin", "item-end": "end"}


class MeetingsDoors(Entering):
    """Meetings as the desk sees them and acts on them."""

    def meetings(self, who: shown.Person) -> Sequence[MeetingLineRow]:
        """Give the latest meetings of the channels this person reads, one more than a page shows if there are more."""
        known = asker(who)
        return lines(self._node, known, count=limits.MEETINGS_SHOWN + 1) if "read" in known.rights else ()

    def meeting(self, who: shown.Person, channel: str, subject: str) -> MeetingRow:
        """Give one meeting."""
        return showing.meeting(self._node, asker(who), channel, subject)

    def look_at_times(self, who: shown.Person, times: Sequence[str]) -> Sequence[TimeRow]:
        """Give times as typed on both clocks."""
        return meetings.look_at_times(self._node, asker(who), times)

    async def request_meeting(
        self, who: shown.Person, fields: Mapping[str, str], times: Sequence[str]
    ) -> tuple[str, str]:
        """Ask for a meeting; gives its channel and subject."""
        channel, _, body = fields.get("where", "").partition("|")
        sent = await meetings.request_meeting(
            self._node, asker(who), channel, purpose=fields.get("purpose", ""), level=fields.get("level", ""),
            form=fields.get("form", ""), place=fields.get("place", ""), times=times,
            minutes=_number(fields.get("minutes", "")), consecutive=fields.get("consecutive") == "yes",
            languages=fields.get("languages", "").split(), body=body,
            answer_hours=_number(fields.get("answer_hours", "")), status=fields.get("status", ""),
        )  # fmt: skip
        return channel, sent.subject

    async def settle_meeting(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str],
        several: Mapping[str, Sequence[str]],
    ) -> str:  # fmt: skip
        """Do one act; gives the text where one was opened for the minutes, else ""."""
        at, told = (self._node, asker(who), channel, subject), {name: text.strip() for name, text in fields.items()}
        if act in ("accept", "offer", "decline", "cancel"):
            await self._answer(who, channel, subject, act, told, several)
        elif act in ("item", "hold"):
            doing = meetings.put_item if act == "item" else meeting_prep.hold_item
            await doing(*at, title=told.get("title", ""), note=told.get("note", ""), minutes=_number(told["minutes"]))
        elif act in _OF_ITEMS:
            await meetings.settle_item(*at, act, told.get("item", ""))
        elif act == "open-minutes":
            return (await meeting_minutes.open_minutes(*at)).subject
        elif act in ("drop", "raise", "give-paper", "drop-paper", "terms", "interpreters"):
            await self._prepare(who, channel, subject, act, told)
        else:
            await self._on_the_day(who, channel, subject, act, told, several)
        return ""

    async def _answer(
        self, who: shown.Person, channel: str, subject: str, act: str, told: Mapping[str, str],
        several: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        at, reason = (self._node, asker(who), channel, subject), told.get("reason", "")
        if act == "accept":
            await meetings.accept_meeting(*at, time=told.get("time", ""))
        elif act == "offer":
            hours = _number(told.get("answer_hours", ""))
            await meetings.offer_times(*at, times=several.get("time", ()), reason=reason, answer_hours=hours)
        elif act == "decline":
            await meetings.decline_meeting(*at, reason=reason)
        else:
            await meetings.cancel_meeting(*at, reason=reason)

    async def _prepare(self, who: shown.Person, channel: str, subject: str, act: str, told: Mapping[str, str]) -> None:
        at, item, root = (self._node, asker(who), channel, subject), told.get("item", ""), told.get("root", "")
        if act == "drop":
            await meeting_prep.drop_item(*at, item)
        elif act == "raise":
            await meeting_prep.raise_item(*at, item)
        elif act == "give-paper":
            await meeting_prep.give_paper(*at, item, root)
        elif act == "drop-paper":
            await meeting_prep.drop_paper(*at, root)
        elif act == "terms":
            await meeting_prep.set_terms(*at, terms=told.get("terms", ""))
        else:
            await meeting_prep.release_to_interpreters(*at)

    async def _on_the_day(
        self, who: shown.Person, channel: str, subject: str, act: str, told: Mapping[str, str],
        several: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        at = (self._node, asker(who), channel, subject)
        if act == "begin":
            await meeting_day.begin(*at)
        elif act == "end":
            await meeting_day.end(*at)
        elif act in _CLOCK:
            await meeting_day.mark_item(*at, _CLOCK[act], told.get("item", ""))
        elif act == "floor":
            await meeting_day.give_floor(*at, told.get("to", ""))
        elif act == "attend":
            people = read_people(several.get("person", ()), told.get("others", ""))
            await meeting_day.set_attendance(*at, people=people)
        elif act == "note":
            await meeting_day.note(
                *at, what=told.get("what", ""), text=told.get("text", ""), responsible=told.get("responsible", ""),
                due=told.get("due", ""),
            )  # fmt: skip
        elif act == "agree-note":
            await meeting_day.agree_note(*at, told.get("note", ""))
        elif act == "minutes":
            await meeting_minutes.propose_minutes(*at, text=told.get("text", ""))
        else:
            raise Refused("talks.act", f'there is no act "{act[:40]}"')

    async def keep_paper(
        self, who: shown.Person, channel: str, subject: str, name: str, media: str, content: AsyncIterable[bytes]
    ) -> None:
        """Take a file in and keep it as a paper of our side."""
        row = await files.attach(self._node, asker(who), name=name, media=media, content=content)
        await meeting_prep.keep_paper(self._node, asker(who), channel, subject, row.root)

    def meeting_paper(
        self, who: shown.Person, channel: str, subject: str, root: str
    ) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
        """Give a paper of our side."""
        return meeting_prep.read_paper(self._node, asker(who), channel, subject, root)

    async def meeting_calendar(self, who: shown.Person, channel: str, subject: str) -> bytes:
        """Give one meeting as iCalendar, or, with no subject, all."""
        if not subject:
            return await meeting_calendar.feed(self._node, asker(who))
        return await meeting_calendar.invitation(self._node, asker(who), channel, subject)


def _number(text: str) -> int:
    """Read a whole number as typed; nothing is 0."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise Refused("talks.item", f"expected a whole number, got {text[:20]!r}")
    return int(text)
