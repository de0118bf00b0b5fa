"""What may be said about a meeting before it: requested, answered, moved, cancelled; its agenda and documents.

Owns: the bodies, strictly read, and their builders. Does not own: the day itself (day_facts.py), the rule (rules.py).
Read first: docs/protocol/talks.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, reason
from parley.subjects.kinds import Body, Fact, Kind
from parley.subjects.talks.bodies import LEVELS, read_languages

FORMS: Final = ("in-person", "video", "voice")
# By when an answer is expected unless the request says otherwise; sources: docs/protocol/talks.md.
ANSWER_MS: Final = {"leaders": 3_600_000}
ANSWER_OTHERWISE_MS: Final = 48 * 3_600_000
BODY_FORM: Final = re.compile(r"(body/[a-z0-9-]+/[0-9]+/[0-9]+)?")


def _times(reader: Reader) -> None:
    times = reader.list("times", max_items=limits.MEETING_TIMES_MAX, min_items=1)
    for number, one in enumerate(times):
        Reader({"time": one}, f"{reader.where}.times[{number}]").moment("time")
    if times != sorted({str(one) for one in times}):
        raise PeerError("codec.field", f"{reader.where}.times: expected each time once, in order")


def _requested(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("purpose", max_chars=limits.TITLE_CHARS_MAX)
    reader.choice("level", LEVELS)
    reader.choice("form", FORMS)
    reader.text("place", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    _times(reader)
    reader.integer("minutes", 5, limits.MEETING_MINUTES_MAX)
    reader.boolean("consecutive")
    read_languages(reader)
    reader.match("body", BODY_FORM, "a body's subject or nothing")
    reader.moment("answer_by")
    reader.done()


def _offered(body: Body) -> None:
    reader = Reader(body, "$.body")
    _times(reader)
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.moment("answer_by")
    reader.done()


def _accepted(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.moment("time")
    reader.done()


def _item(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("title", max_chars=limits.TITLE_CHARS_MAX)
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.integer("minutes", 0, limits.MEETING_MINUTES_MAX)
    reader.boolean("raised")
    reader.done()


def _document(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("name", max_chars=limits.TITLE_CHARS_MAX)
    reader.hex("root", 32)
    reader.done()


KINDS: Final = (
    Kind("meeting.requested", "meeting", False, "person", _requested, opens=True),
    Kind("meeting.times-offered", "meeting", False, "person", _offered),
    Kind("meeting.accepted", "meeting", False, "person", _accepted),
    Kind("meeting.declined", "meeting", False, "person", reason),
    Kind("meeting.cancelled", "meeting", False, "person", reason),
    Kind("meeting.item-put", "meeting", False, "person", _item),
    Kind("meeting.item-agreed", "meeting", False, "person", empty),
    Kind("meeting.item-withdrawn", "meeting", False, "person", empty),
    Kind("meeting.item-document", "meeting", False, "person", _document),
)


def request(
    channel: str, *, purpose: str, level: str, form: str, place: str, times: Sequence[str], minutes: int,
    consecutive: bool, languages: Sequence[str], body: str, answer_by: str,
) -> Fact:  # fmt: skip
    """Ask for a meeting at one of these moments."""
    told: dict[str, JsonValue] = {
        "purpose": purpose, "level": level, "form": form, "place": place, "times": [*sorted(set(times))],
        "minutes": minutes, "consecutive": consecutive, "languages": [*languages], "body": body, "answer_by": answer_by,
    }  # fmt: skip
    return Fact(channel=channel, kind="meeting.requested", subject=None, body=told)


def about(channel: str, subject: str, kind: str, body: dict[str, JsonValue] | None = None, *refs: Ref) -> Fact:
    """Make any other fact about a meeting."""
    return Fact(channel=channel, kind=f"meeting.{kind}", subject=subject, body=body or {}, refs=refs)


def offer(channel: str, subject: str, open_offer: Ref | None, *, times: Sequence[str], reason: str, by: str) -> Fact:
    """Offer other times: in answer to an offer of the other side, or to move what was agreed."""
    told: dict[str, JsonValue] = {"times": [*sorted(set(times))], "reason": reason, "answer_by": by}
    return about(channel, subject, "times-offered", told, *([open_offer] if open_offer else []))


def accept(channel: str, subject: str, open_offer: Ref, time: str) -> Fact:
    """Accept one of the times of an offer of the other side."""
    return about(channel, subject, "accepted", {"time": time}, open_offer)


def decline(channel: str, subject: str, open_offer: Ref, reason: str) -> Fact:
    """Decline an offer of the other side: the request itself, or other times for what stands."""
    return about(channel, subject, "declined", {"reason": reason}, open_offer)


def put_item(channel: str, subject: str, *, title: str, note: str, minutes: int, raised: bool) -> Fact:
    """Put an item on the agenda; `raised` where it was held back until it was raised in the room."""
    return about(channel, subject, "item-put", {"title": title, "note": note, "minutes": minutes, "raised": raised})


def add_document(channel: str, subject: str, item: Ref, message: Ref, *, name: str, root: str) -> Fact:
    """Name a file that stands in a message of this channel as a document of an item."""
    return about(channel, subject, "item-document", {"name": name, "root": root}, item, message)
