"""Minutes of a meeting: words, or a text of the channel that both sides then agree part by part.

Owns: which notes the text begins with, and how they read. Does not own: the text (negotiating.py), the notes
(meeting_day.py).
"""

from __future__ import annotations

from parley.actions import negotiating
from parley.actions.meeting_day import say_on_the_day
from parley.actions.meetings import meeting_view
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.who import Who
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.talks import MeetingView, NoteView


async def propose_minutes(
    node: NodePort, who: Who, channel: str, subject: str, *, text: str = "", text_subject: str = ""
) -> Sent:
    """Put minutes before the other side: a text of this channel, or words."""
    words = make_text(text).strip()
    if not words and not text_subject:
        raise Refused("talks.words", "minutes are a text or words of their own")
    body = {"subject": text_subject, "text": words}
    return await say_on_the_day(node, who, channel, subject, "minutes", {**body})


async def open_minutes(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Open a text for the minutes with a part for each note, and put it before the other side; gives the text.

    It begins with all our notes, and with theirs that we agreed to, in order of time; both sides then work on it as on
    any text. A part stands in our first language, as our side answers for it.
    """
    view = meeting_view(node, who, "release", channel, subject)
    if any(one.due for one in view.minutes):
        raise Refused("talks.again", "a text is open for the minutes of this meeting")
    notes = _notes(view, node.identity.ours.side)
    if not notes:
        raise Refused("talks.no-notes", "nothing was noted yet that the minutes could begin with")
    text = await negotiating.open_text(
        node, who, channel, title=view.purpose, languages=(), form="minutes", status=view.status
    )  # fmt: skip
    tag = node.identity.ours.languages[0]
    for one in notes:
        await negotiating.add_unit(
            node, who, channel, text.subject, level="article", words={tag: _words(one)}
        )  # fmt: skip
    await propose_minutes(node, who, channel, subject, text_subject=text.subject)
    return text


def _notes(view: MeetingView, us: str) -> list[NoteView]:
    return sorted((one for one in view.notes if one.side == us or one.agreed), key=lambda one: one.at)


def _words(one: NoteView) -> str:
    """Give a note as one line: its words, then who does it and by when."""
    more = "; ".join(each for each in (one.who, one.due[:16].replace("T", " ") + "Z" if one.due else "") if each)
    return f"{one.text} ({more})" if more else one.text
