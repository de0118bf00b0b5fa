"""The routes about commitments; the register as a file is in commitment_downloads.py."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, field

from parley import limits
from parley.actions import commitments
from parley.actions.commitment_rows import CommitmentRow, CommitmentWhole, RegisterRow
from parley.actions.rows import Sent
from parley.api.bodies import Id, Line, Nothing, Reasoned, Strict
from parley.api.route import Call, Route

_ALL: Final = "/channels/{channel}/commitments"
_ONE: Final = _ALL + r"/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
Words = Annotated[str, Meta(min_length=1, max_length=limits.NOTE_CHARS_MAX)]
Said = Annotated[str, Meta(max_length=limits.NOTE_CHARS_MAX)]
Short = Annotated[str, Meta(max_length=200)]


class NewCommitment(Strict):
    """A commitment to propose, or (`alone`) a promise of our side that needs no answer.

    `who` are sides' ids; `source` is a text, a message or a meeting that holds `words`, `part` the paragraph.
    """

    what: Words
    who: Annotated[list[Id], Meta(max_length=2)] = field(default_factory=list)
    alone: bool = False
    due: Short = ""
    seen: Said = ""
    source: Short = ""
    part: Short = ""
    words: Said = ""
    status: Annotated[str, Meta(max_length=20)] = ""


class Evidence(Strict):
    """What shows it: words, with the root of a file or ""."""

    text: Line
    root: Annotated[str, Meta(max_length=64)] = ""


class Viewing(Strict):
    """Our side's view: not-begun, under-way, kept, kept-in-part, not-kept, overtaken; `as_of` "" is now."""

    state: Id
    as_of: Short = ""
    note: Said = ""
    evidence: Annotated[list[Evidence], Meta(max_length=limits.ATTACHMENTS_MAX)] = field(default_factory=list)
    files: Annotated[list[Id], Meta(max_length=limits.ATTACHMENTS_MAX)] = field(default_factory=list)
    entries: Annotated[list[Short], Meta(max_length=limits.REFS_MAX)] = field(default_factory=list)


def _at(call: Call) -> tuple[str, str]:
    return call.part("channel"), f"commitment/{call.part('side')}/{call.part('epoch')}/{call.part('number')}"


async def _register(call: Call) -> RegisterRow:
    return commitments.register(
        call.node, call.who, which=call.query("which", "open"), channel=call.query("channel"),
        first=call.count("first", 0, limits.COMMITMENTS_EXPORTED),
        count=call.count("count", limits.COMMITMENTS_SHOWN, limits.COMMITMENTS_EXPORTED),
    )  # fmt: skip


async def _reminders(call: Call) -> list[CommitmentRow]:
    return commitments.reminders(call.node, call.who)


async def _make(call: Call) -> Sent:
    body: NewCommitment = call.body
    return await commitments.make(
        call.node, call.who, call.part("channel"), alone=body.alone, who_promised=body.who, what=body.what,
        due=body.due, seen=body.seen, source=body.source, part=body.part, words=body.words, status=body.status,
    )  # fmt: skip


async def _one(call: Call) -> CommitmentWhole:
    return commitments.commitment(call.node, call.who, *_at(call))


async def _agree(call: Call) -> Sent:
    return await commitments.answer(call.node, call.who, *_at(call), "agree")


async def _decline(call: Call) -> Sent:
    return await commitments.answer(call.node, call.who, *_at(call), "decline", reason=call.body.reason)


async def _withdraw(call: Call) -> Sent:
    return await commitments.answer(call.node, call.who, *_at(call), "withdraw", reason=call.body.reason)


async def _see(call: Call) -> Sent:
    body: Viewing = call.body
    return await commitments.see(
        call.node, call.who, *_at(call), state=body.state, as_of=body.as_of, note=body.note,
        evidence=[(one.text, one.root) for one in body.evidence], entries=body.entries, files=body.files,
    )  # fmt: skip


COMMITMENTS: Final = (
    Route("GET", "/commitments", "The register (?which=&channel=)", None, RegisterRow, _register),
    Route("GET", "/commitments/reminders", "What wants our side", None, list[CommitmentRow], _reminders),
    Route("POST", _ALL, "Propose a commitment, or promise alone", NewCommitment, Sent, _make, 201),
    Route("GET", _ONE, "One commitment with both views", None, CommitmentWhole, _one),
    Route("POST", _ONE + "/agree", "Agree to it", Nothing, Sent, _agree, 201),
    Route("POST", _ONE + "/decline", "Decline it", Reasoned, Sent, _decline, 201),
    Route("POST", _ONE + "/withdraw", "Withdraw ours before an answer", Reasoned, Sent, _withdraw, 201),
    Route("POST", _ONE + "/view", "Say our side's view of it", Viewing, Sent, _see, 201),
)
