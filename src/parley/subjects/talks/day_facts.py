"""What may be said about a meeting on its day and after: begun, the clock, who is there, notes, minutes.

Owns: the bodies, strictly read. Does not own: the rule (rules.py); builders are `facts.about`.
"""

from __future__ import annotations

import re
from typing import Final

from parley import limits
from parley.codec.fields import Reader
from parley.errors import PeerError
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Kind
from parley.subjects.talks.bodies import read_people

NOTES: Final = ("decision", "action", "next-date")
_TEXT_FORM: Final = re.compile(r"(text/[a-z0-9-]+/[0-9]+/[0-9]+)?")


def _attendance(body: Body) -> None:
    reader = Reader(body, "$.body")
    read_people(reader, "people")
    reader.done()


def _floor(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.take("side") != "":
        Reader({"side": body["side"]}, "$.body").side("side")
    reader.done()


def _noted(body: Body) -> None:
    reader = Reader(body, "$.body")
    what = reader.choice("what", NOTES)
    reader.text("text", max_chars=limits.NOTE_CHARS_MAX)
    reader.text("who", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    due = reader.take("due")
    if due != "":
        Reader({"due": due}, "$.body").moment("due")
    elif what == "next-date":
        raise PeerError("codec.field", "$.body.due: a next date needs its moment")
    reader.done()


def _minutes(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.match("subject", _TEXT_FORM, "a text's subject or nothing")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX, min_chars=0)
    if not body["subject"] and not body["text"]:
        raise PeerError("codec.field", "$.body.text: minutes are a text or words of their own")
    reader.done()


KINDS: Final = (
    Kind("meeting.begun", "meeting", False, "person", empty),
    Kind("meeting.ended", "meeting", False, "person", empty),
    Kind("meeting.attendance", "meeting", False, "person", _attendance),
    Kind("meeting.item-begun", "meeting", False, "person", empty),
    Kind("meeting.item-ended", "meeting", False, "person", empty),
    Kind("meeting.floor", "meeting", False, "person", _floor),
    Kind("meeting.noted", "meeting", False, "person", _noted),
    Kind("meeting.note-agreed", "meeting", False, "person", empty),
    Kind("meeting.minutes", "meeting", False, "person", _minutes),
    Kind("meeting.minutes-agreed", "meeting", False, "person", empty),
)
