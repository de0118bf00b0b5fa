"""Where a commitment's words are taken from: a text, a message, what was noted at a meeting; and the way back there.

Owns: the paragraphs that can be pointed at, the entry and the place that words have in them, whether they stand there.
Does not own: the commitment (commitments.py), the texts (negotiated.py).
Always true:
  1. Words that a commitment of ours quotes stand in the source at this moment, sign by sign.
  2. What a quotation of theirs says is held against the source afresh each time it is looked at.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from parley import limits
from parley.actions.commitment_rows import Passage, SourceForm, SourceRow
from parley.actions.entry_pages import page_of
from parley.actions.negotiated import bracketed
from parley.actions.ports import NodePort
from parley.actions.unit_rows import ref_row
from parley.actions.who import Who, may_read, need_in
from parley.errors import PeerError, Refused
from parley.record.entry import Entry
from parley.record.names import LogId, Ref
from parley.statements.terms import texts_of
from parley.subjects.commitments import CommitmentView
from parley.subjects.messages import MessageView
from parley.subjects.talks import MeetingView
from parley.subjects.texts import TextView, UnitView
from parley.subjects.texts.content import ordered
from parley.subjects.texts.editing import shown_words

_SUBJECT: Final = re.compile(r"[a-z]+/([a-z][a-z0-9-]{0,31}/[0-9]{1,12})/([0-9]{1,16})")  # message/north/0/12
_FRAGMENT_CHARS: Final = 60  # enough to find the words by, and an address that still fits everywhere


def source_form(node: NodePort, who: Who, channel: str, source: str, part: str = "") -> SourceForm:
    """Give the paragraphs of a source in a channel: of one part of a text, or of a whole message or meeting.

    Raises: Refused `commitments.source` where there is no such source in this channel.
    """
    need_in(node, who, "read", channel)
    found = _source(node, channel, source, part)
    if found is None or not found.passages:
        raise Refused(
            "commitments.source", "there is no such text, message or meeting in this channel, or it has no words"
        )
    return found


def _source(node: NodePort, channel: str, source: str, part: str) -> SourceForm | None:
    if source.startswith("text/"):
        view = node.book.view(channel, source)
        unit = part.partition(" ")[0]
        if isinstance(view, TextView) and unit in view.units:
            kind = "minutes" if view.frame.form == "minutes" else "text"
            found = _of_unit(view, view.units[unit])
            return SourceForm(channel=channel, source=source, kind=kind, title=view.frame.title, passages=found)
    elif source.startswith("message/"):
        message = node.book.message(channel, source)
        if message is not None and message.state != "cancelled":
            found = _paragraphs(message.text, message.language)
            title = message.title or message.text[:80]
            return SourceForm(channel=channel, source=source, kind="message", title=title, passages=found)
    elif source.startswith("meeting/"):
        meeting = node.book.view(channel, source)
        if isinstance(meeting, MeetingView):
            found = _of_meeting(meeting)
            return SourceForm(channel=channel, source=source, kind="minutes", title=meeting.purpose, passages=found)
    return None


def _of_meeting(view: MeetingView) -> tuple[Passage, ...]:
    """Give what both sides' recorders noted, and minutes that are words of their own; each is named by its entry."""
    said = [one for one in (*view.notes, *view.minutes) if one.text]
    return tuple(
        Passage(part=f"{one.ref.log.text} {one.ref.number}", place=str(number), language="", text=one.text)
        for number, one in enumerate(said, 1)
    )


def _of_unit(view: TextView, unit: UnitView) -> tuple[Passage, ...]:
    number = next(one.number for one in ordered(view) if one.unit.name == unit.name)
    return tuple(
        Passage(part=f"{unit.name} {tag}", place=number, language=tag, text=bracketed(unit.content[tag]))
        for tag in view.frame.tags
        if unit.content.get(tag)
    )


def _paragraphs(text: str, language: str) -> tuple[Passage, ...]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return tuple(
        Passage(part=str(number), place=str(number), language=language, text=line)
        for number, line in enumerate(lines, 1)
    )  # fmt: skip


def taken(node: NodePort, who: Who, form: SourceForm, words: str, part: str) -> tuple[Ref, str]:
    """Give the entry that holds these words and the place they have there; raises Refused `commitments.words`."""
    passages = sorted(form.passages, key=lambda one: one.part != part)  # the paragraph that was pointed at comes first
    one = next((each for each in passages if words and words in each.text), None)
    if one is None:
        raise Refused("commitments.words", "these words do not stand in the source")
    start = one.text.index(words) + 1
    tagged = f"[{one.language}] " if one.language else ""
    place = f"{one.place} {tagged}{start}-{start + len(words) - 1}".strip()
    if form.source.startswith("text/"):
        view = node.book.view(form.channel, form.source)
        name, _, tag = one.part.partition(" ")
        if isinstance(view, TextView):
            return _holder(view.units[name], tag, words), place
    message = node.book.message(form.channel, form.source) if form.source.startswith("message/") else None
    return (message.words[-1] if message else named(node, who, one.part)[0]), place


def _holder(unit: UnitView, tag: str, words: str) -> Ref:
    """Give the alternative that reads so: the latest that was accepted, else the latest; the part itself for none."""
    found = [one for one in unit.alternatives.values() if words in shown_words(unit.alternatives, one.name, tag)]
    accepted = [one for one in found if one.state == "accepted"]
    return (accepted or found)[-1].ref if found else unit.ref


def named(node: NodePort, who: Who, entry: str, channel: str = "") -> tuple[Ref, Entry]:
    """Give an entry that the person may read, by "log number" or, in a channel, by the subject it opened.

    Raises: Refused `commitments.entry`.
    """
    opened = _SUBJECT.fullmatch(entry.strip()) if channel else None
    name, _, number = (f"{channel}/{opened[1]} {opened[2]}" if opened else entry.strip()).rpartition(" ")
    try:
        log = LogId.read(name) if number.isascii() and number.isdigit() and len(number) < 17 else None
    except PeerError:
        log = None
    found = None if log is None else _entry(node, log, int(number))
    if log is None or found is None or not _may(node, who, found.channel):
        raise Refused(
            "commitments.entry",
            f'there is no entry "{entry[:80]}"; expected a log and a number, or a subject of this channel',
        )
    return Ref(log, int(number), node.store.ids(log, int(number), 1)[0].hex()), found


def _entry(node: NodePort, log: LogId, number: int) -> Entry | None:
    """Give an entry that is on our disk and can be read; what the other side names need not be there."""
    return node.book.entry(log, number) if number < node.store.size(log) else None


def _held(node: NodePort, ref: Ref) -> Entry | None:
    """Give the entry that a reference names, if it is on our disk and is the very one."""
    entry = _entry(node, ref.log, ref.number)
    return entry if entry is not None and node.store.ids(ref.log, ref.number, 1)[0].hex() == ref.id else None


# --- the way back -----------------------------------------------------------------------------------------------------


def entry_path(node: NodePort, who: Who, ref: Ref, words: str = "") -> str:
    """Give the page that shows an entry, at the words if some are named; "" where the person may not read it."""
    entry = _held(node, ref)
    if entry is None or not _may(node, who, entry.channel):
        return ""
    mark = _text_mark(words)
    page = page_of(entry.channel, entry.subject)
    if entry.kind.startswith("text."):
        return page + _unit_mark(node, entry, ref, mark)
    page = page or f"/record/{ref.log.text}/{ref.number}"
    return page + (f"#{mark}" if mark else "")


def _unit_mark(node: NodePort, entry: Entry, ref: Ref, mark: str) -> str:
    view = node.book.view(entry.channel, entry.subject)
    name = f"{ref.log.side}/{ref.log.epoch}/{ref.number}" if entry.kind == "text.added" else entry.body.get("unit")
    if not isinstance(view, TextView) or name not in view.units:
        return f"#{mark}" if mark else ""
    at = next(number for number, one in enumerate(ordered(view)) if one.unit.name == name)
    first = at - at % limits.TEXT_UNITS_SHOWN
    return (f"?from={first}" if first else "") + f"#u-{str(name).replace('/', '-')}{mark}"


def _text_mark(words: str) -> str:
    """Give the mark by which a browser finds and shows words on a page (URL Fragment Text Directives)."""
    line = words.split("\n")[0]
    if len(line) > _FRAGMENT_CHARS:
        line = line[:_FRAGMENT_CHARS].rpartition(" ")[0] or line[:_FRAGMENT_CHARS]
    return ":~:text=" + quote(line, safe="").replace("-", "%2D") if line else ""


def _may(node: NodePort, who: Who, channel: str) -> bool:
    return channel == "line" or may_read(node, who, channel)


def source_row(node: NodePort, who: Who, view: CommitmentView) -> SourceRow:
    """Give where a commitment's words come from, held against the source as it is."""
    ref = view.entry
    held = None if ref is None else _held(node, ref)
    path = "" if ref is None else entry_path(node, who, ref, view.words)
    stands = "" if ref is None else "unread"
    if ref is not None and (held is None or path):
        stands = _stands(node, held, view.words) if ref.number < node.store.size(ref.log) else "absent"
    return SourceRow(
        kind=view.source, place=view.place, words=view.words, digest=view.digest, path=path,
        ref=None if ref is None else ref_row(ref), stands=stands,
    )  # fmt: skip


def _stands(node: NodePort, entry: Entry | None, words: str) -> str:
    if entry is None:
        return "never"
    view = node.book.view(entry.channel, entry.subject)
    if isinstance(view, MessageView):
        now = "" if view.state == "cancelled" else view.text
        return _compared(words, [now], [view.first_text, *(one.text for one in view.corrections)])
    if isinstance(view, TextView):
        units = view.units.values()
        now_ = [bracketed(content) for unit in units for content in unit.content.values() if not unit.gone]
        said = [
            shown_words(unit.alternatives, one.name, tag)
            for unit in units for one in unit.alternatives.values() for tag in one.changes
        ]  # fmt: skip
        return _compared(words, now_, said)
    return _compared(words, texts_of(entry.body), [])


def _compared(words: str, now: list[str], said: list[str]) -> str:
    if any(words in one for one in now):
        return "now"
    return "changed" if any(words in one for one in said) else "never"
