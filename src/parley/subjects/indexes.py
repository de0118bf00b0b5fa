"""What is noted beside the views when an act is added, so that lists and files are found without folding.

Owns: which rows follow from a valid act. Does not own: their commit (book.py), what a room says of itself in a list.
Always true: the rows are an index of the record and can be made again from it; nothing is judged by them.
"""

from __future__ import annotations

from typing import Final, cast

from parley.codec import JsonValue
from parley.storage.port import ValueRow
from parley.subjects import table
from parley.subjects.acts import Act, Topic
from parley.subjects.citations import FIELD
from parley.subjects.kinds import own_subject
from parley.subjects.notices import index as notices
from parley.subjects.summaries import SUMMARIES, row

CITED: Final = "fold.cited"  # valid entries that cite a commitment; key "its channel|it|channel|subject"
NAMED_FILES: Final = "fold.files"  # valid entries that name a file; key "root|side|channel|subject", value size

CALLS_OF: Final = "fold.calls"  # calls that name a meeting; key "channel|the meeting|the call"

_CITING: Final = ("incident", "notice")


def rows(room: str, act: Act, topic: Topic) -> list[ValueRow]:
    """Give the rows that follow from an act just added to its topic."""
    entry, made = act.entry, []
    if room == "notice":
        made += notices.rows(act, topic.acts)
    for item in cast("list[dict[str, JsonValue]]", entry.body.get("attachments", [])):  # its check was passed
        key = f"{item['root']}|{entry.side}|{entry.channel}|{entry.subject}"
        made.append(ValueRow(NAMED_FILES, key, str(item["size"]).encode()))
    cited = cast("dict[str, str] | None", entry.body.get(FIELD)) if room in _CITING else None
    if cited is not None:
        key = f"{cited['channel']}|{cited['subject']}|{entry.channel}|{entry.subject}"
        made.append(ValueRow(CITED, key, b"1"))
    if entry.kind == "call.placed" and entry.refs:
        meeting = own_subject("meeting", entry.refs[0].log, entry.refs[0].number)
        made.append(ValueRow(CALLS_OF, f"{entry.channel}|{meeting}|{entry.subject}", b"1"))
    if room in table.SUMMARIES:
        made.append(ValueRow(SUMMARIES, *row(room, entry.channel, entry.subject, table.SUMMARIES[room](topic.view()))))
    return made
