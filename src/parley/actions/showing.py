"""From a message's view to the row a desk shows: names, delivery, countdown, what the asking person may do.

Owns: everything that depends on the clock, on cosignatures or on who asks, and therefore stands beside the view.
Does not own: the view itself (subjects/messages/view.py).
Always true: 1. Nothing worked out here is ever stored or sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.actions.binding import must_sign
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rows import (
    AttachmentRow,
    CorrectionRow,
    DeliveryRow,
    Fact,
    MessageRow,
    ReadBackRow,
    RefRow,
    StepRow,
    TranslationRow,
)
from parley.actions.rulebook_reading import renderings
from parley.actions.who import Who
from parley.errors import PeerError, Refused
from parley.node.early import early
from parley.node.ringing import rang_as_less
from parley.record.entry import read_entry
from parley.record.names import Ref
from parley.subjects import ThreadRow
from parley.subjects.channels import ChannelView
from parley.subjects.messages import MessageView
from parley.times import Moment, moment_text, read_moment


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What waits in one channel."""

    ours_to_answer: int
    theirs_to_answer: int
    overdue: int  # of both
    overdue_there: int  # of ours


def outstanding(node: NodePort, channel: str) -> Outstanding:
    """Count the messages of a channel that nobody acknowledged yet."""
    us, now = node.identity.ours.side, node.moment()
    items = node.book.open_items(channel)
    here, there = moment_text(now), moment_text(Moment(now + _their_clock(node)))
    theirs = sum(item.side == us for item in items)
    late = [item.side == us for item in items if item.due < (here if item.side == us else there)]
    return Outstanding(
        ours_to_answer=len(items) - theirs, theirs_to_answer=theirs, overdue=len(late), overdue_there=sum(late)
    )


def due_in_s(node: NodePort, view: MessageView, now: Moment) -> int:
    """Give the whole seconds until a message is due, by its author's clock; negative when overdue."""
    offset = 0 if view.side == node.identity.ours.side else _their_clock(node)
    return (read_moment(view.due) - now - offset) // 1000


def _their_clock(node: NodePort) -> int:
    """Give their clock minus ours, in milliseconds."""
    return node.status().clock_offset_ms or 0


def message_view(node: NodePort, channel: str, subject: str) -> MessageView:
    """Give the view of a message; raises Refused `messages.unknown`."""
    view = node.book.view(channel, subject)
    if not isinstance(view, MessageView):
        raise Refused("messages.unknown", f'there is no message "{subject[:100]}" in {channel[:48]}')
    return view


def message_row(node: NodePort, who: Who, room: ChannelView, view: MessageView, *, whole: bool = False) -> MessageRow:
    """Give the row of one message for one person; `whole` adds history and answers."""
    ours, now = view.side == node.identity.ours.side, node.moment()
    name, office = person_name(node, view.side, view.person)
    delivery = delivery_row(node, view)
    left = due_in_s(node, view, now) if view.awaiting else None
    held = delivery.on_their_disk is not None or not ours
    return MessageRow(
        subject=view.subject,
        ref=ref_row(view.ref),
        channel=view.channel,
        side=view.side,
        ours=ours,
        person=view.person,
        person_name=name,
        office=office,
        precedence=view.precedence,
        status=view.status,
        language=view.language,
        title=view.title,
        text=view.text,
        words=view.words[-1].id,
        first_text=view.first_text,
        at=view.at,
        due=view.due,
        overdue=left is not None and left < 0,
        due_in_s=left,
        state=view.state,
        delivery=delivery,
        waiting_for_s=None if held else max(0, (now - read_moment(view.at)) // 1000),
        order=view.order,
        rang_as=_rang_as(node, view),
        readback=_readback_row(node, view),
        answers=view.answers,
        translations=renderings(node, view) + _translation_rows(node, view),
        corrections=_correction_rows(node, view),
        attachments=tuple(
            attachment_row(node, each.root, each.size, each.media, each.name, each.held_at, ours)
            for each in view.attachments
        ),
        cancelled=_cancelled(node, view),
        cancel_reason=view.cancel_reason,
        drafted_by=person_name(node, view.side, view.drafted_by)[0],
        released_by=tuple(person_name(node, view.side, each)[0] for each in view.released_by),
        released_alone=view.released_alone,
        signed=view.signed,
        signs=not ours and view.precedence == "FLASH" and must_sign(node),
        answered_by=tuple(node.book.answers(view.channel, view.subject)) if whole else (),
        may=_may(who, room, view, ours),
        history=_history(node, view) if whole else (),
    )


def _rang_as(node: NodePort, view: MessageView) -> str:
    less = view.precedence == "FLASH" and rang_as_less(node.store, view.ref.log, view.ref.number)
    return "ROUTINE" if less else ""


def _readback_row(node: NodePort, view: MessageView) -> ReadBackRow | None:
    if not view.order:
        return None
    if not view.read_backs:
        return ReadBackRow(state=view.order_state, text="", by_name="", at="")
    last = view.read_backs[-1]
    name = person_name(node, _other(node, view.side), last.person)[0]
    return ReadBackRow(state=view.order_state, text=last.text, by_name=name, at=last.at, id=last.ref.id)


def _translation_rows(node: NodePort, view: MessageView) -> tuple[TranslationRow, ...]:
    return tuple(
        TranslationRow(
            grade=each.grade,
            language=each.language,
            text=each.text,
            by=each.by,
            by_name=person_name(node, each.side, each.person)[0],
            at=each.at,
            ours=each.side == node.identity.ours.side,
        )
        for each in view.translations
    )


def _correction_rows(node: NodePort, view: MessageView) -> tuple[CorrectionRow, ...]:
    return tuple(
        CorrectionRow(
            text=each.text,
            language=each.language,
            reason=each.reason,
            at=each.at,
            by_name=person_name(node, view.side, each.person)[0],
        )
        for each in view.corrections
    )


def _cancelled(node: NodePort, view: MessageView) -> Fact | None:
    if not view.cancelled_at:
        return None
    name = person_name(node, view.side, view.cancelled_by)[0]
    return Fact(at=view.cancelled_at, person=view.cancelled_by, name=name)


def delivery_of(node: NodePort, ref: Ref, at: str) -> str | None:
    """Give since when the other side has an entry: their disk for ours, our disk for theirs."""
    delivery = node.delivery(ref.log, ref.number, at)
    return delivery.on_their_disk_at if ref.log.side == node.identity.ours.side else delivery.on_our_disk_at


def delivery_row(node: NodePort, view: MessageView) -> DeliveryRow:
    """Give the four facts of a message, each from its own source."""
    disks = node.delivery(view.ref.log, view.ref.number, view.at)
    other = _other(node, view.side)
    shown = view.shown[0] if view.shown else None
    acknowledged = next((each for each in reversed(view.acknowledged)), None)
    by_name = person_name(node, other, acknowledged.person) if acknowledged else ("", "")
    return DeliveryRow(
        on_our_disk=Fact(at=disks.on_our_disk_at) if disks.on_our_disk_at else None,
        on_their_disk=Fact(at=disks.on_their_disk_at) if disks.on_their_disk_at else None,
        shown=Fact(
            at=shown.at,
            person=shown.person,
            name=person_name(node, other, shown.person)[0] or shown.desk,
            office=shown.desk,
        )
        if shown
        else None,
        acknowledged=Fact(
            at=acknowledged.at,
            person=acknowledged.person,
            name=by_name[0],
            office=by_name[1],
            signed=acknowledged.signed,
        )
        if acknowledged
        else None,
        pq=disks.pq,
    )


def attachment_row(
    node: NodePort, root: str, size: int, media: str, name: str, held_at: str, ours: bool
) -> AttachmentRow:
    """Give the row of one attached file; `held_at` is the other side's signed fact about its own disk."""
    here = node.attachment_held(root)
    return AttachmentRow(
        root=root,
        size=size,
        media=media,
        name=name,
        here_bytes=here,
        here=here == size,
        there=Fact(at=held_at) if ours and held_at else None,
    )


def ahead_rows(node: NodePort, room: ChannelView) -> list[MessageRow]:
    """Give the urgent messages of theirs that no view has yet: shown at once, folded later."""
    them = node.identity.theirs.side
    rows: list[MessageRow] = []
    for log, number, id, entry in early(node.store, them, room.id):
        if entry.kind != "message.sent":
            continue
        body = entry.body
        name, office = person_name(node, them, entry.person)
        due, text = str(body.get("due", "")), str(body.get("text", ""))
        disks = node.delivery(log, number, entry.at)
        rows.append(
            MessageRow(
                subject=f"message/{log.side}/{log.epoch}/{number}",
                ref=RefRow(log=log.text, number=number, id=id.hex()),
                channel=room.id,
                side=them,
                ours=False,
                person=entry.person,
                person_name=name,
                office=office,
                precedence=entry.precedence,
                status=entry.status,
                language=str(body.get("language", "")),
                title=str(body.get("title", "")),
                text=text,
                words=id.hex(),
                first_text=text,
                at=entry.at,
                due=due,
                overdue=False,
                due_in_s=None,
                state="ahead",
                delivery=DeliveryRow(
                    on_our_disk=Fact(at=disks.on_our_disk_at) if disks.on_our_disk_at else None,
                    on_their_disk=Fact(at=entry.at),
                    shown=None,
                    acknowledged=None,
                ),
                waiting_for_s=None,
                order=body.get("order") is True,
                readback=None,
                answers=str(body.get("answers", "")),
                ahead=True,
            )
        )
    return rows


def ignored_row(node: NodePort, room: ChannelView, row: ThreadRow) -> MessageRow:
    """Give the row of a message that broke a rule: it counts for nothing, yet nobody hides that it is there."""
    try:
        entry = read_entry(node.store.leaves(row.ref.log, row.ref.number, 1)[0])
    except PeerError:
        entry = None
    side, disks = row.ref.log.side, node.delivery(row.ref.log, row.ref.number, entry.at if entry else "")
    return MessageRow(
        subject=row.subject,
        ref=ref_row(row.ref),
        channel=room.id,
        side=side,
        ours=side == node.identity.ours.side,
        person=entry.person if entry else "",
        person_name=person_name(node, side, entry.person)[0] if entry else "",
        office="",
        precedence=entry.precedence if entry else "",
        status=entry.status if entry else "",
        language="",
        title="",
        text="",
        words="",
        first_text="",
        at=entry.at if entry else "",
        due="",
        overdue=False,
        due_in_s=None,
        state="not-valid",
        delivery=DeliveryRow(
            on_our_disk=Fact(at=disks.on_our_disk_at) if disks.on_our_disk_at else None,
            on_their_disk=Fact(at=disks.on_their_disk_at) if disks.on_their_disk_at else None,
            shown=None,
            acknowledged=None,
        ),
        waiting_for_s=None,
        order=False,
        readback=None,
        answers="",
        marks=(row.verdict, row.reason),
    )


def ref_row(ref: Ref) -> RefRow:
    """Give an entry's place as plain fields."""
    return RefRow(log=ref.log.text, number=ref.number, id=ref.id)


def _may(who: Who, room: ChannelView, view: MessageView, ours: bool) -> frozenset[str]:
    if not room.writable:
        return frozenset()
    rights, live = who.rights, view.state != "cancelled"
    allowed: set[str] = set()
    if "translate" in rights:
        allowed.add("translate")
    if {"draft", "release"} & rights:
        allowed.add("answer")
    if ours and live and "release" in rights:
        allowed |= {"cancel"} if view.precedence == "FLASH" else {"correct", "cancel"}
    if "acknowledge" in rights:
        mine = any(each.person == who.person and each.version == view.version for each in view.acknowledged)
        if not ours and live and not mine:
            allowed.add("acknowledge")
        if not ours and live and view.order and view.order_state in ("asked", "not-confirmed"):
            allowed.add("read-back")
        if ours and view.order_state == "read-back":
            allowed.add("confirm")
    return frozenset(allowed)


def _history(node: NodePort, view: MessageView) -> tuple[StepRow, ...]:
    steps: list[StepRow] = []
    for log, number in node.store.parts(view.channel, view.subject):
        fold = node.store.folds(log, number, 1)[0]
        step = {"person": "", "note": ""}
        try:
            entry = read_entry(node.store.leaves(log, number, 1)[0])
        except PeerError:
            pass
        else:
            said = entry.body.get("note") or entry.body.get("reason") or entry.body.get("desk") or ""
            step = {"person": entry.person, "note": said if isinstance(said, str) else ""}
        steps.append(
            StepRow(
                ref=RefRow(log=log.text, number=number, id=node.store.ids(log, number, 1)[0].hex()),
                side=log.side,
                person=step["person"],
                person_name=person_name(node, log.side, step["person"])[0],
                at=fold.at,
                kind=fold.kind,
                note=step["note"],
                verdict=fold.verdict,
                reason=fold.reason,
            )
        )
    return tuple(steps)


def _other(node: NodePort, side: str) -> str:
    ours, theirs = node.identity.ours.side, node.identity.theirs.side
    return theirs if side == ours else ours
