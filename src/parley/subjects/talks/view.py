"""A meeting as both nodes see it, folded from its acts.

Owns: `MeetingView` and the fold. Depends on acts alone: what is overdue is worked out beside it.
Always true:
  1. An answer holds for the one offer it names. Of two acceptances that crossed with different times neither stands.
  2. Each side's notes, people and minutes are its own; "agreed" is what the other side agreed to by name of the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from parley.codec import JsonInput
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.talks.body_view import Said, counted, people_of, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Times that wait for the other side's answer."""

    side: str
    at: str
    times: tuple[str, ...]
    reason: str
    answer_by: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of the agenda: who put it, whether the other side agreed, its documents, its stretches of the clock.

    documents: (name, root, the message that carries it); spans: (begun, ended or "") in order.
    """

    side: str
    person: str
    at: str
    title: str
    note: str
    minutes: int
    raised: bool
    agreed: str  # when; "" before
    withdrawn: bool
    documents: tuple[tuple[str, str, Ref], ...]
    spans: tuple[tuple[str, str], ...]
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A decision, an action or a next date as one side's recorder noted it; or minutes (what is "minutes")."""

    side: str
    person: str
    at: str
    what: str
    text: str
    who: str
    due: str  # of minutes: the subject of the text, or ""
    agreed: str  # when the other side agreed; "" before
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """One meeting.

    state: requested · accepted · begun · ended · declined · cancelled.
    time: What both agreed to; "" before, and while two acceptances that crossed name different times.
    answered: When the request was first answered, in whatever way; "" before.
    attended: Each side's latest list of (person, name, office); floors: (side or "", since) in order.
    """

    subject: str
    channel: str
    side: str
    person: str
    at: str
    status: str
    purpose: str
    level: str
    form: str
    place: str
    minutes_planned: int
    consecutive: bool
    languages: tuple[str, ...]
    body: str
    state: str
    time: str
    accepted: int  # how often a time was agreed
    answer_by: str
    answered: str
    offers: tuple[Offer, ...]
    declined: Said | None
    cancelled: Said | None
    begun: Said | None
    ended: Said | None
    items: tuple[ItemView, ...]
    attended: Mapping[str, tuple[tuple[str, str, str], ...]]
    floors: tuple[tuple[str, str], ...]
    notes: tuple[NoteView, ...]
    minutes: tuple[NoteView, ...]
    history: tuple[Said, ...]
    facts: Mapping[str, int]
    ref: Ref

    def waits_for(self, side: str) -> Offer | None:
        """Give the other side's offer that this side may answer, the earliest first."""
        return next((one for one in self.offers if one.side != side), None)


_ANSWERS = ("times-offered", "accepted", "declined")


def fold(acts: tuple[Act, ...]) -> MeetingView | None:
    """Give the view of a meeting; None if its request is not among the acts."""
    if not acts or acts[0].entry.kind != "meeting.requested":
        return None
    of: dict[str, list[Act]] = {}
    for act in acts:
        of.setdefault(act.entry.kind.removeprefix("meeting."), []).append(act)
    opening = acts[0]
    entry, body = opening.entry, opening.entry.body
    answers = [act for act in acts if act.entry.kind.removeprefix("meeting.") in _ANSWERS]
    time, offers = _times(of), _offers(opening, of, answers)
    refused = next(reversed(of.get("declined", [])), None)
    cancelled, begun, ended = (_first(of, kind) for kind in ("cancelled", "begun", "ended"))
    state = (
        "ended" if ended else "begun" if begun else "cancelled" if cancelled
        else "accepted" if time else "declined" if refused and not offers else "requested"
    )  # fmt: skip
    return MeetingView(
        subject=entry.subject,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        at=entry.at,
        status=entry.status,
        purpose=cast(str, body["purpose"]),
        level=cast(str, body["level"]),
        form=cast(str, body["form"]),
        place=cast(str, body["place"]),
        minutes_planned=cast(int, body["minutes"]),
        consecutive=cast(bool, body["consecutive"]),
        languages=tuple(cast("list[str]", body["languages"])),
        body=cast(str, body["body"]),
        state=state,
        time=time,
        accepted=len(of.get("accepted", [])),
        answer_by=cast(str, body["answer_by"]),
        answered=next((act.entry.at for act in answers if act.names(opening)), ""),
        offers=offers if state in ("requested", "accepted") else (),
        declined=None if refused is None else said(refused),
        cancelled=cancelled,
        begun=begun,
        ended=ended,
        items=tuple(_item(act, of) for act in of.get("item-put", [])),
        attended={act.entry.side: people_of(act.entry.body) for act in of.get("attendance", [])},
        floors=tuple((cast(str, act.entry.body["side"]), act.entry.at) for act in of.get("floor", [])),
        notes=tuple(_note(act, of.get("note-agreed", [])) for act in of.get("noted", [])),
        minutes=tuple(_note(act, of.get("minutes-agreed", [])) for act in of.get("minutes", [])),
        history=tuple(
            said(act)
            for act in acts
            if act.entry.kind.removeprefix("meeting.") in ("requested", "cancelled", *_ANSWERS)
        ),
        facts=counted(acts),
        ref=opening.ref,
    )


def _first(of: dict[str, list[Act]], kind: str) -> Said | None:
    found = of.get(kind)
    return said(found[0]) if found else None


def _times(of: dict[str, list[Act]]) -> str:
    """Give the time that stands: of the acceptances that no later one had seen, all must name the same."""
    accepted = of.get("accepted", [])
    last = [one for one in accepted if not any(other.saw(one) for other in accepted if other is not one)]
    times = {cast(str, one.entry.body["time"]) for one in last}
    return times.pop() if len(times) == 1 else ""


def _offers(opening: Act, of: dict[str, list[Act]], answers: list[Act]) -> tuple[Offer, ...]:
    """Give the offers nobody answered; an acceptance closes every offer its author had seen."""
    open_now = [
        act
        for act in (opening, *of.get("times-offered", []))
        if not any(other.names(act) for other in answers)
        and not any(other.saw(act) for other in of.get("accepted", []))
    ]
    return tuple(
        Offer(
            side=act.entry.side, at=act.entry.at, times=tuple(cast("list[str]", act.entry.body["times"])),
            reason=cast(str, act.entry.body.get("reason", "")), answer_by=cast(str, act.entry.body["answer_by"]),
            ref=act.ref,
        )
        for act in open_now
    )  # fmt: skip


def _item(act: Act, of: dict[str, list[Act]]) -> ItemView:
    entry, body = act.entry, act.entry.body

    def naming(kind: str) -> list[Act]:
        return [one for one in of.get(kind, []) if one.names(act)]

    agreed = naming("item-agreed")
    return ItemView(
        side=entry.side, person=entry.person, at=entry.at, title=cast(str, body["title"]), note=cast(str, body["note"]),
        minutes=cast(int, body["minutes"]), raised=cast(bool, body["raised"]),
        agreed=agreed[0].entry.at if agreed else "", withdrawn=bool(naming("item-withdrawn")),
        documents=tuple(
            (cast(str, one.entry.body["name"]), cast(str, one.entry.body["root"]), one.entry.refs[1])
            for one in naming("item-document")
        ),
        spans=_spans(naming("item-begun"), naming("item-ended")), ref=act.ref,
    )  # fmt: skip


def _spans(begun: list[Act], ended: list[Act]) -> tuple[tuple[str, str], ...]:
    """Pair each beginning with the first end after it; what began twice before an end is one stretch."""
    found: list[tuple[str, str]] = []
    starts = set(map(id, begun))
    for act in sorted((*begun, *ended), key=lambda one: one.place):
        begins, running = id(act) in starts, bool(found) and not found[-1][1]
        if begins and not running:
            found.append((act.entry.at, ""))
        elif not begins and running:
            found[-1] = (found[-1][0], act.entry.at)
    return tuple(found)


def _note(act: Act, agreements: list[Act]) -> NoteView:
    entry, body = act.entry, act.entry.body
    return NoteView(
        side=entry.side, person=entry.person, at=entry.at, what=cast(str, body.get("what", "minutes")),
        text=cast(str, body["text"]), who=cast(str, body.get("who", "")),
        due=cast(str, body["due"] if "due" in body else body["subject"]),
        agreed=next((one.entry.at for one in agreements if one.names(act)), ""), ref=act.ref,
    )  # fmt: skip


def summary(view: object) -> dict[str, JsonInput]:
    """Give a meeting's line in a list."""
    meeting = cast(MeetingView, view)
    return {
        "at": meeting.at, "body": meeting.body, "form": meeting.form, "level": meeting.level, "place": meeting.place,
        "purpose": meeting.purpose, "side": meeting.side, "state": meeting.state, "status": meeting.status,
        "time": meeting.time, "waits": [[one.side, one.answer_by] for one in meeting.offers],
        "minutes": meeting.minutes_planned, "accepted": meeting.accepted, "consecutive": meeting.consecutive,
    }  # fmt: skip
