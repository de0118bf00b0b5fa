"""The routes about incidents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from msgspec import Meta, field

from parley import limits
from parley.actions import incident_facts, incident_offsets, incident_ringing, incident_year, incidents
from parley.actions.evidence_copies import TakenIn, taken_again
from parley.actions.incident_evidence import Put
from parley.actions.incident_forms import ReportForm, Short
from parley.actions.incident_rows import CheckedReport, IncidentRow, IncidentWhole, UnseenRow
from parley.actions.incident_year import Year
from parley.actions.rows import Sent
from parley.api.bodies import Id, Note, Nothing, Strict
from parley.api.route import Call, Route
from parley.errors import Refused

_AT: Final = r"/channels/{channel}/incidents/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"


class Evidence(Strict):
    """A file that was taken in (`POST /attachments`), and what is stated of it."""

    root: Id
    taken: Annotated[str, Meta(max_length=30)] = ""
    source: Short = ""
    errors: dict[Short, Short] = field(default_factory=dict)  # of tracks: position_m, vertical_m, clock_s
    keep: bool = False  # place, device, time and words that are hidden in it (`POST /incidents/look`) cross too


Files = Annotated[list[Evidence], Meta(max_length=limits.ATTACHMENTS_MAX)]


class Look(Strict):
    """A file that was taken in."""

    root: Id


class NewIncident(Strict):
    """A first report."""

    report: ReportForm
    channel: Annotated[str, Meta(max_length=limits.CHANNEL_ID_CHARS_MAX)] = "line"
    status: Annotated[str, Meta(max_length=20)] = ""
    evidence: Files = field(default_factory=list)


class IncidentAccount(Strict):
    """Our side's account."""

    report: ReportForm
    stage: Id = "full"
    evidence: Files = field(default_factory=list)


class MoreEvidence(Strict):
    """Files to put forward."""

    evidence: Files
    note: Note = ""


class IncidentWords(Strict):
    """Words about an incident; `entry` names what they answer, as the incident shows it: "leaders/north/0|12"."""

    text: Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)] = ""
    language: Annotated[str, Meta(max_length=35)] = ""
    entry: Annotated[str, Meta(max_length=128)] = ""
    stand: Annotated[str, Meta(max_length=20)] = ""  # agreed, disputed or law-disputed
    accepted: bool = False  # a meeting
    # To freeze; none for all.
    numbers: Annotated[list[Id], Meta(max_length=limits.INCIDENT_LIST_MAX)] = field(default_factory=list)
    other_channel: Annotated[str, Meta(max_length=limits.CHANNEL_ID_CHARS_MAX)] = ""
    other: Annotated[str, Meta(max_length=128)] = ""  # the other report's subject
    ours: Annotated[str, Meta(max_length=64)] = ""  # of an offset: the roots of both files
    theirs: Annotated[str, Meta(max_length=64)] = ""
    seconds: Annotated[str, Meta(max_length=16)] = ""  # by which theirs is ahead, such as -1.25


def _at(call: Call) -> tuple[str, str]:
    subject = f"incident/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"
    return call.part("channel"), subject


def _put(files: list[Evidence]) -> list[Put]:
    return [Put(root=one.root, taken=one.taken, source=one.source, errors=one.errors, keep=one.keep) for one in files]


async def _list(call: Call) -> list[IncidentRow]:
    return incidents.incidents(call.node, call.who, which=call.query("which", "open"))


async def _one(call: Call) -> IncidentWhole:
    return incidents.incident(call.node, call.who, *_at(call))


async def _year(call: Call) -> Year:
    text = call.part("year")
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Refused("api.form", f"expected a year of four digits, got {text[:40]!r}")
    return incident_year.year_of(call.node, call.who, int(text))


async def _check(call: Call) -> CheckedReport:
    body: NewIncident = call.body
    return incidents.check_report(call.node, call.who, body.report)


async def _look(call: Call) -> TakenIn:
    body: Look = call.body
    return await taken_again(call.node, call.who, body.root)


async def _unseen(call: Call) -> list[UnseenRow]:
    return incident_ringing.unseen_reports(call.node, call.who)


async def _seen(call: Call) -> None:
    await incident_ringing.clear_report(call.node, call.who, *_at(call))


async def _report(call: Call) -> Sent:
    body: NewIncident = call.body
    return await incidents.report_incident(
        call.node, call.who, body.report, channel=body.channel, status=body.status, evidence=_put(body.evidence)
    )


async def _account(call: Call) -> Sent:
    body: IncidentAccount = call.body
    return await incidents.give_account(
        call.node, call.who, *_at(call), body.report, stage=body.stage, evidence=_put(body.evidence)
    )


async def _evidence(call: Call) -> Sent:
    body: MoreEvidence = call.body
    return await incidents.add_evidence(
        call.node, call.who, *_at(call), evidence=_put(body.evidence), note=body.note
    )  # fmt: skip


def _says(act: str) -> Callable[[Call], Awaitable[Sent]]:
    """Give the handler of an act that is words alone."""
    doing = {
        "no-knowledge": (incidents.know_nothing, ("text",)),
        "ask": (incidents.ask, ("text", "language")),
        "answer": (incidents.answer, ("entry", "text", "language")),
        "ask-meeting": (incidents.ask_meeting, ("text",)),
        "answer-meeting": (incidents.answer_meeting, ("entry", "accepted", "text")),
        "state": (incident_facts.state, ("text", "language")),
        "take-back": (incident_facts.unstate, ("entry", "text")),
        "freeze": (incident_facts.freeze, ("numbers",)),
        "sign": (incident_facts.sign, ("entry",)),
        "propose-closing": (incidents.propose_closing, ("text",)),
        "close": (incidents.close, ("entry",)),
        "close-alone": (incidents.close_alone, ("text",)),
        "reopen": (incidents.reopen, ("text",)),
        "propose-join": (incidents.propose_join, ("other_channel", "other")),
        "join": (incidents.join, ("entry",)),
        "propose-offset": (incident_offsets.propose_offset, ("ours", "theirs", "seconds")),
        "agree-offset": (incident_offsets.agree_offset, ("entry",)),
    }
    if act == "stand":

        async def stand(call: Call) -> Sent:
            body: IncidentWords = call.body
            return await incident_facts.stand(
                call.node, call.who, *_at(call), entry=body.entry, taken=body.stand, text=body.text
            )

        return stand
    do: Any = doing[act][0]
    names = doing[act][1]

    async def handle(call: Call) -> Sent:
        sent: Sent = await do(call.node, call.who, *_at(call), **{name: getattr(call.body, name) for name in names})
        return sent

    return handle


_WORDS: Final = {
    "no-knowledge": "Say that our side knows nothing of it",
    "ask": "Ask a question; the answer is due in 48 hours",
    "answer": "Answer a question of theirs",
    "ask-meeting": "Ask for a meeting about it",
    "answer-meeting": "Answer that",
    "state": "Put a sentence for the other side to take a stand on",
    "take-back": "Take back a sentence of ours",
    "stand": "Take a stand on a sentence of theirs",
    "freeze": "Freeze agreed statements as a list to sign",
    "sign": "Sign a frozen list, where no passkey is asked for",
    "propose-closing": "Propose to close it jointly",
    "close": "Agree to close it",
    "close-alone": "Close it for our side",
    "reopen": "Open it again",
    "propose-join": "Propose that another report tells of the same event",
    "join": "Agree that it does",
    "propose-offset": "Propose how a recording of ours and one of theirs lie on one clock",
    "agree-offset": "Agree that they do",
}
ACTS: Final = tuple(_WORDS)
INCIDENTS: Final = (
    Route("GET", "/incidents", "Incidents: `which` is open, waits, overdue or all", None, list[IncidentRow], _list),
    Route("GET", "/incidents/year/{year}", "The summary of a year", None, Year, _year),
    Route("GET", "/incidents/unseen", "First reports of theirs that ring", None, list[UnseenRow], _unseen),
    Route("POST", "/incidents/check", "What both desks would flag in a report", NewIncident, CheckedReport, _check),
    Route("POST", "/incidents/look", "What is hidden in a file, before it crosses", Look, TakenIn, _look),
    Route("POST", _AT + "/seen", "Clear a first report of theirs from our desks", Nothing, None, _seen),
    Route("POST", "/incidents", "Report an incident first", NewIncident, Sent, _report, 201),
    Route("GET", _AT, "One incident, with all that was said about it", None, IncidentWhole, _one),
    Route("POST", _AT + "/account", "Give our side's account", IncidentAccount, Sent, _account, 201),
    Route("POST", _AT + "/evidence", "Put files forward", MoreEvidence, Sent, _evidence, 201),
    *(Route("POST", f"{_AT}/{act}", words, IncidentWords, Sent, _says(act), 201) for act, words in _WORDS.items()),
)
