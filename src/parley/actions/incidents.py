"""Incidents, as a person has them: report one, give the own account, put files forward, ask, answer, join, close.

Owns: rights (who speaks for the side: `release`), in which channel a report stands, which entry an act names.
Does not own: what is allowed (subjects/incidents/), statements and agreed facts (incident_facts.py), what is shown
(incident_showing.py), forms (incident_forms.py).
Always true:
  1. A first report is never refused for its channel: where that takes no words now, it goes to the line channel.
  2. Nothing said is changed by what the other side says; everything is a new entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.actions import incident_evidence as files
from parley.actions.incident_evidence import Put
from parley.actions.incident_flags import flags
from parley.actions.incident_forms import ReportForm, report_of
from parley.actions.incident_rows import CheckedReport, IncidentRow, IncidentWhole, UnitRow
from parley.actions.incident_showing import account_row, entry_name, founded, list_row, told_twice, whole
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need, need_in, readable
from parley.codec.text import make_text
from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects.incidents import IncidentView, Report, saying
from parley.subjects.incidents.facts import PRECEDENCE
from parley.subjects.incidents.report import size_bytes
from parley.subjects.incidents.report import write as written
from parley.subjects.kinds import Fact
from parley.times import moment_text

LINE: Final = "line"
FILTERS: Final = ("open", "waits", "overdue", "all")


async def report_incident(
    node: NodePort, who: Who, form: ReportForm, *, channel: str = LINE, status: str = "", evidence: Sequence[Put] = ()
) -> Sent:
    """Report an incident first: on our disk when this returns, and by every link at once.

    Raises: Refused `people.right`, `people.member`, `incidents.form`, `incidents.long`, `places.range`.
    """
    _need(node, who, "release", channel)
    told, put = _made(node, form), await files.named(node, who, evidence)
    size = size_bytes(written(told))
    if size > limits.INCIDENT_REPORT_BYTES_MAX:
        most = limits.INCIDENT_REPORT_BYTES_MAX
        raise Refused("incidents.long", f"the report takes {size} bytes; at most {most} go at once over a thin link")
    room = None if channel == LINE else node.book.channel(channel)
    if room is not None and room.writable:
        try:
            fact = saying.report(channel, told, attachments=put)
            return await write(node, who, fact, precedence=PRECEDENCE, status=status)
        except Refused as refused:
            if not refused.code.startswith("channels."):
                raise  # suspended in this very moment: it goes to the line channel instead
    fact = saying.report(LINE, told, about="" if channel == LINE else channel, attachments=put)
    return await write(node, who, fact, precedence=PRECEDENCE, status=status)


def check_report(node: NodePort, who: Who, form: ReportForm) -> CheckedReport:
    """Say what to doubt in a first report, and what it takes of a thin link; nothing is said to the other side."""
    need(who, "release")
    told = _made(node, form)
    return CheckedReport(
        flags=flags(told, moment_text(node.moment()), founded(node)), bytes=size_bytes(written(told)),
        bytes_max=limits.INCIDENT_REPORT_BYTES_MAX,
    )  # fmt: skip


async def give_account(
    node: NodePort, who: Who, channel: str, subject: str, form: ReportForm, *, stage: str = "full",
    evidence: Sequence[Put] = (),
) -> Sent:  # fmt: skip
    """Give our side's account of it, short (first) or whole (full)."""
    view = view_at(node, who, "release", channel, subject)
    put = await files.named(node, who, evidence)
    return await say(node, who, view, saying.account(channel, subject, _made(node, form), stage=stage, attachments=put))


async def know_nothing(node: NodePort, who: Who, channel: str, subject: str, *, text: str = "") -> Sent:
    """Say that our side knows nothing of it."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.no_knowledge(channel, subject, make_text(text).strip()))


async def add_evidence(
    node: NodePort, who: Who, channel: str, subject: str, *, evidence: Sequence[Put], note: str = ""
) -> Sent:
    """Put files forward, each with when it was taken and where it comes from."""
    view = view_at(node, who, "release", channel, subject)
    put = await files.named(node, who, evidence)
    if not put:
        raise Refused("incidents.form", "no file was chosen")
    return await say(node, who, view, saying.add_evidence(channel, subject, put, make_text(note).strip()))


async def propose_join(
    node: NodePort, who: Who, channel: str, subject: str, *, other_channel: str, other: str
) -> Sent:  # fmt: skip
    """Propose that another report tells of the same event."""
    view = view_at(node, who, "release", channel, subject)
    view_at(node, who, "release", other_channel, other)
    return await say(node, who, view, saying.propose_join(channel, subject, other_channel, other))


async def join(node: NodePort, who: Who, channel: str, subject: str, *, entry: str) -> Sent:
    """Agree that it does."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.proposed.ref for one in view.joins])
    return await say(node, who, view, saying.join(channel, subject, chosen))


async def ask(node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str = "") -> Sent:
    """Put a question; the answer is due in 48 hours."""
    view = view_at(node, who, "release", channel, subject)
    words = (make_text(text).strip(), language or node.identity.ours.languages[0])
    return await say(node, who, view, saying.ask(channel, subject, *words))


async def answer(
    node: NodePort, who: Who, channel: str, subject: str, *, entry: str, text: str, language: str = ""
) -> Sent:
    """Answer one question of theirs."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.asked.ref for one in view.queries if not one.meeting])
    words = (make_text(text).strip(), language or node.identity.ours.languages[0])
    return await say(node, who, view, saying.answer(channel, subject, chosen, *words))


async def ask_meeting(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Ask for a meeting about it."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.ask_meeting(channel, subject, make_text(text).strip()))


async def answer_meeting(
    node: NodePort, who: Who, channel: str, subject: str, *, entry: str, accepted: bool, text: str = ""
) -> Sent:
    """Answer that: when and where, or why not."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.asked.ref for one in view.queries if one.meeting])
    fact = saying.answer_meeting(channel, subject, chosen, accepted=accepted, text=make_text(text).strip())
    return await say(node, who, view, fact)


async def propose_closing(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Propose to close it jointly."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.propose_closing(channel, subject, make_text(text).strip()))


async def close(node: NodePort, who: Who, channel: str, subject: str, *, entry: str) -> Sent:
    """Agree to close it."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.ref for one in view.proposals])
    return await say(node, who, view, saying.close(channel, subject, chosen))


async def close_alone(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Close it for our side, with reasons."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.close_alone(channel, subject, make_text(text).strip()))


async def reopen(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Open it again, with reasons."""
    view = view_at(node, who, "release", channel, subject)
    return await say(node, who, view, saying.reopen(channel, subject, make_text(text).strip()))


# --- reading ----------------------------------------------------------------------------------------------------------


def incidents(node: NodePort, who: Who, *, which: str = "open") -> list[IncidentRow]:
    """Give the incidents this person may read, newest first: open, waiting for us, overdue, or all."""
    need(who, "read")
    together = told_twice(node)
    rows = [list_row(node, view, together) for view in views(node, who)]
    if which not in FILTERS:
        raise Refused("incidents.form", f"expected one of {', '.join(FILTERS)}, got {which[:40]!r}")
    return sorted((row for row in rows if _belongs(row, which)), key=lambda row: row.at, reverse=True)


def _belongs(row: IncidentRow, which: str) -> bool:
    if which == "open":
        return row.state != "closed" and not row.closed_by_us
    return which == "all" or (bool(row.waits) if which == "waits" else row.overdue)


def incident(node: NodePort, who: Who, channel: str, subject: str) -> IncidentWhole:
    """Give one incident, with all that was said about it."""
    view = view_at(node, who, "read", channel, subject)
    return whole(node, who, view, views(node, who))


def last_unit(node: NodePort, who: Who) -> UnitRow | None:
    """Give the unit of ours that the latest account of ours names: what an officer would type again."""
    need(who, "read")
    us = node.identity.ours.side
    own = [one for view in views(node, who) for one in view.accounts if one.side == us]
    for one in sorted(own, key=lambda one: one.at, reverse=True):
        for unit in account_row(node, one, "").units:
            if unit.whose == "ours":
                return unit
    return None


def views(node: NodePort, who: Who) -> list[IncidentView]:
    """Give the incidents of all channels this person may read."""
    need(who, "read")
    rooms = readable(node, who)
    found = [
        node.book.view(channel, row.subject)
        for channel in rooms
        for row in node.store.recent(channel, ("incident.reported",), before=None, count=limits.INCIDENTS_LOOKED_AT)
        if row.verdict == "valid"
    ]
    return [view for view in found if isinstance(view, IncidentView)]


# --- what each act asks first -----------------------------------------------------------------------------------------


def _need(node: NodePort, who: Who, right: str, channel: str) -> None:
    if channel == LINE:
        need(who, right)
    else:
        need_in(node, who, right, channel)


def view_at(node: NodePort, who: Who, right: str, channel: str, subject: str) -> IncidentView:
    """Give an incident to a person who has the right; raises Refused `people.right`, `incidents.unknown`."""
    _need(node, who, right, channel)
    view = node.book.view(channel, subject)
    if not isinstance(view, IncidentView):
        raise Refused("incidents.unknown", f'there is no incident "{subject[:100]}" in {channel[:48]}')
    return view


async def say(node: NodePort, who: Who, view: IncidentView, fact: Fact) -> Sent:
    """Say something about an incident, marked as the incident is."""
    return await write(node, who, fact, status=view.status)


def named(entry: str, refs: Sequence[Ref]) -> Ref:
    """Give the one of these entries that a form names; raises Refused `incidents.names-one`."""
    found = next((ref for ref in refs if entry_name(ref) == entry), None)
    if found is None:
        raise Refused("incidents.names-one", "what it names is not here, or waits for nothing")
    return found


def _made(node: NodePort, form: ReportForm) -> Report:
    us, them = node.identity.ours, node.identity.theirs
    return report_of(form, us=us.side, them=them.side, language=us.languages[0], now=node.moment())
