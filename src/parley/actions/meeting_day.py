"""What a person may do on the day of a meeting: begin and end it, run the clock, say who is there, take notes.

Owns: who counts as a side's recorder; the rights of each act. Does not own: which facts are allowed (subjects/talks).
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.actions.meetings import item_ref, meeting_view, say
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.talk_people import Named, named_people
from parley.actions.who import Who, need
from parley.actions.zones import read_time
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects.talks import MeetingView, NoteView
from parley.subjects.talks.day_facts import NOTES


def _recorder(who: Who) -> None:
    """Raise Refused unless the person may keep the account of a meeting: who speaks, and the recorder.

    An auditor reads the record and never writes in it; what a recorder has of theirs beyond `record` is `stop`.
    """
    need(who, "record")
    if "draft" not in who.rights:
        need(who, "stop")


async def say_on_the_day(
    node: NodePort, who: Who, channel: str, subject: str, kind: str, body: dict[str, JsonValue], *refs: Ref
) -> Sent:
    """Write one fact of the day, if the person keeps the account of meetings."""
    _recorder(who)
    return await say(node, who, channel, subject, kind, body, *refs, right="record")


async def begin(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Say that the meeting has begun."""
    return await say_on_the_day(node, who, channel, subject, "begun", {})


async def end(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Say that the meeting has ended."""
    return await say_on_the_day(node, who, channel, subject, "ended", {})


async def mark_item(node: NodePort, who: Who, channel: str, subject: str, act: str, item: str) -> Sent:
    """Mark an item begun or ended."""
    ref = item_ref(meeting_view(node, who, "record", channel, subject), item)
    return await say_on_the_day(node, who, channel, subject, {"begin": "item-begun", "end": "item-ended"}[act], {}, ref)


async def give_floor(node: NodePort, who: Who, channel: str, subject: str, to: str) -> Sent:
    """Say who speaks from now on: "ours", "theirs" or "" for nobody."""
    sides = {"ours": node.identity.ours.side, "theirs": node.identity.theirs.side, "": ""}
    if to not in sides:
        raise Refused("talks.side", "the floor goes to ours, theirs or nobody")
    return await say_on_the_day(node, who, channel, subject, "floor", {"side": sides[to]})


async def set_attendance(node: NodePort, who: Who, channel: str, subject: str, *, people: Sequence[Named]) -> Sent:
    """State who of our side is there: (person id or "", name, office) each; the latest list counts."""
    return await say_on_the_day(node, who, channel, subject, "attendance", {"people": [*named_people(node, people)]})


async def note(
    node: NodePort, who: Who, channel: str, subject: str, *, what: str, text: str, responsible: str = "", due: str = ""
) -> Sent:
    """Note a decision, an action or the next date, as our side's recorder heard it."""
    words = make_text(text).strip()
    if not words or (what == "next-date" and not due):
        raise Refused("talks.words", "a note needs words, and a next date its time")
    if what not in NOTES:
        raise Refused("talks.act", f"expected {', '.join(NOTES)}")
    body: dict[str, JsonValue] = {
        "what": what, "text": words, "who": make_text(responsible).strip(), "due": read_time(node, due) if due else "",
    }  # fmt: skip
    return await say_on_the_day(node, who, channel, subject, "noted", body)


async def agree_note(node: NodePort, who: Who, channel: str, subject: str, named: str) -> Sent:
    """Agree to a note or to minutes of theirs: that is the side's word, so it takes who may release."""
    view = meeting_view(node, who, "release", channel, subject)
    kind, found = _named(view, named)
    return await say(node, who, channel, subject, kind, {}, found.ref)


def _named(view: MeetingView, named: str) -> tuple[str, NoteView]:
    for kind, rows in (("note-agreed", view.notes), ("minutes-agreed", view.minutes)):
        for one in rows:
            if one.ref.id == named:
                return kind, one
    raise Refused("talks.unknown", "there is no such note or minutes of this meeting")
