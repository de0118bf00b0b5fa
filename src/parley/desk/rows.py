"""From the rows of the actions to what a page shows: one function for each kind of row, and nothing decided.

The two differ where a page needs another order or another word: the author's disk comes first, a correction stands
below the first text, a channel's state says who proposed it.
"""

from __future__ import annotations

from parley.actions import line_rows, people_rows, record_rows, rows
from parley.desk import shown


def _fact(key: str, fact: rows.Fact | None) -> shown.FactShown:
    if fact is None:
        return shown.FactShown(key=key, at=None)
    by = ", ".join(dict.fromkeys(part for part in (fact.name or fact.person, fact.office) if part))
    return shown.FactShown(key=key, at=fact.at, by=by, name=fact.name or fact.person, signed=fact.signed)


def facts(row: rows.MessageRow) -> tuple[shown.FactShown, ...]:
    """Give the four facts, the author's own disk first."""
    told = row.delivery
    disks = (told.on_our_disk, told.on_their_disk) if row.ours else (told.on_their_disk, told.on_our_disk)
    return (
        _fact("author-disk", disks[0]),
        _fact("other-disk", disks[1]),
        _fact("shown", told.shown),
        _fact("acknowledged", told.acknowledged),
    )


def file(row: rows.AttachmentRow) -> shown.FileShown:
    """Give an attachment."""
    there = row.there.at if row.there else None
    return shown.FileShown(
        root=row.root, name=row.name, media=row.media, size=row.size, held=row.here_bytes, on_their_disk_at=there
    )


def _step(row: rows.StepRow) -> shown.StepShown:
    return shown.StepShown(
        at=row.at, side=row.side, person=row.person_name or row.person, kind=row.kind, log=row.ref.log,
        number=row.ref.number, id=row.ref.id, note=row.note, verdict=row.verdict, reason=row.reason,
    )  # fmt: skip


def _state(row: rows.MessageRow) -> tuple[str, str]:
    """Give the state a page marks, and the words for it."""
    if row.state in ("cancelled", "not-valid"):
        return row.state, row.cancel_reason or " · ".join(row.marks)
    if row.corrections:
        return "corrected", row.corrections[-1].reason
    return "in-force", " · ".join(row.marks)


def message(row: rows.MessageRow) -> shown.MessageShown:
    """Give a message."""
    state, note = _state(row)
    order = row.readback.state if row.readback else ""
    waits = row.due_in_s is not None
    return shown.MessageShown(
        subject=row.subject,
        channel=row.channel,
        side=row.side,
        ours=row.ours,
        person=row.person,
        person_name=row.person_name,
        at=row.at,
        precedence=row.precedence,
        status=row.status or "actual",
        language=row.language,
        title=row.title,
        text=row.first_text,
        facts=facts(row),
        due=row.due if waits and row.due else None,
        overdue=row.overdue,
        waits=waits or row.state == "ahead",
        not_had_since=row.at if row.waiting_for_s is not None else None,
        state=state,
        state_note=note,
        answers=row.answers,
        answered_by=row.answered_by,
        order="awaiting-read-back" if order == "asked" else order,
        read_back=row.readback.text if row.readback else "",
        read_back_id=row.readback.id if row.readback else "",
        words=row.words,
        ahead=row.ahead,
        rang_as=row.rang_as,
        released_by=row.released_by,
        released_alone=row.released_alone,
        signed=row.signed,
        signs=row.signs,
        corrected_text=row.text if row.corrections else "",
        corrected_at=row.corrections[-1].at if row.corrections else "",
        translations=tuple(
            shown.TranslationShown(
                grade=one.grade, language=one.language, text=one.text, at=one.at, by=one.by_name or one.by
            )
            for one in row.translations
        ),
        files=tuple(file(one) for one in row.attachments),
        history=tuple(_step(one) for one in row.history),
        log=row.ref.log,
        number=row.ref.number,
        id=row.ref.id,
        may=row.may,
    )


def channel(row: rows.ChannelRow, us: str) -> shown.ChannelShown:
    """Give a channel; its state says whose answer it waits for."""
    state = {"agreed": "open", "proposed": "proposed-by-us", "restore-proposed": "restore-proposed-by-us"}.get(
        row.state, row.state
    )
    if row.state in ("proposed", "restore-proposed") and (row.may_answer or row.proposed_by != us):
        state = state.replace("-by-us", "-by-them")
    return shown.ChannelShown(
        id=row.id,
        title=row.title,
        state=state,
        purpose=row.purpose,
        waiting=row.waiting,
        overdue=row.overdue,
        overdue_there=row.overdue_there,
        last_at=row.last_at,
        reason=row.reason,
        members_ours=row.members_ours,
        members_theirs=row.members_theirs,
        proposal=row.proposal,
        may_read=row.may_read,
        may_write=row.may_write,
    )


def draft(row: rows.DraftRow, title: str) -> shown.DraftShown:
    """Give a draft."""
    return shown.DraftShown(
        id=row.id,
        channel=row.channel,
        channel_title=title,
        precedence=row.precedence,
        status=row.status,
        language=row.language,
        title=row.title,
        text=row.text,
        order=row.order,
        files=tuple(file(one) for one in row.attachments),
        state="in-review" if row.state == "review" else row.state,
        drafted_by=row.drafted_by,
        drafted_by_name=row.drafted_by_name,
        at=row.changed_at,
        note=row.note,
        reviewed_by=", ".join(row.reviewed_by),
        answers=row.answers,
        words=row.words,
        needs_second=row.needs_second,
        may_release=row.may_release,
        why_not=row.why_not,
        signs=row.signs,
    )


def link(row: line_rows.LinkRow) -> shown.LinkShown:
    """Give a link."""
    return shown.LinkShown(
        name=row.name, up=row.up, heard_age_s=row.heard_age_s, rtt_ms=row.rtt_ms, group=row.group, since=row.since,
        route=row.route, trouble=row.last_error, post_quantum=row.post_quantum, bits_s=row.bits_s,
    )  # fmt: skip


def test(row: line_rows.TestRow, name: str) -> shown.TestShown:
    """Give a line test."""
    return shown.TestShown(at=row.at, same=row.same, digest=row.digest, by=name, answered_at=row.answered_at)


def log(row: record_rows.LogRow) -> shown.LogShown:
    """Give a log."""
    return shown.LogShown(
        log=row.log, channel=row.channel, side=row.side, epoch=row.epoch, size=row.size, root=row.root, ours=row.ours,
        cosigned_size=row.cosigned, cosigned_at=row.cosigned_at, pq_size=row.pq_size,
    )  # fmt: skip


def fork(row: record_rows.ForkRow) -> shown.ForkShown:
    """Give a log that was signed twice."""
    return shown.ForkShown(id=row.id, log=row.log, number=row.number, reason=row.reason, provable=row.provable)


def frozen(row: record_rows.FrozenRow) -> shown.FrozenShown:
    """Give a log that a fork has frozen."""
    return shown.FrozenShown(
        log=row.log, ours=row.ours, size=row.size, ended_at=row.ended_at, next=row.next, step=row.step
    )  # fmt: skip


def lost(row: record_rows.LostRow) -> shown.LostShown:
    """Give an entry that was found too late."""
    return shown.LostShown(
        log=row.log, number=row.number, ours=row.ours, at=row.at, person=row.person, kind=row.kind,
        precedence=row.precedence, text=row.text,
    )  # fmt: skip


def entry(row: record_rows.EntryLine) -> shown.EntryShown:
    """Give an entry as a list shows it."""
    return shown.EntryShown(
        log=row.log, number=row.number, id=row.id, kind=row.kind, at=row.at, person=row.person_name or row.person,
        subject=row.subject, status=row.status or "actual", precedence=row.precedence, verdict=row.verdict,
        reason=row.reason,
    )  # fmt: skip


def detail(row: record_rows.EntryDetail) -> shown.EntryShown:
    """Give an entry with its bytes and its proof."""
    kinds = {one.kind: one for one in row.signatures}
    held = kinds.get("co-ed")
    plain = entry(row.line)
    return shown.EntryShown(
        log=plain.log, number=plain.number, id=plain.id, kind=plain.kind, at=plain.at, person=plain.person,
        subject=plain.subject, status=plain.status, precedence=plain.precedence, verdict=plain.verdict,
        reason=plain.reason, leaf=row.json, proof=row.proof, proof_size=row.tree_size, root=row.root,
        cosigned_at=held.at if held else None, pq=len(kinds) == 4,
        signatures=tuple((one.kind, one.size, one.at) for one in row.signatures),
    )  # fmt: skip


def member(row: people_rows.PersonRow) -> shown.MemberShown:
    """Give somebody of either side."""
    return shown.MemberShown(
        id=row.id, name=row.name, office=row.office, roles=row.roles or ((row.role,) if row.role else ()),
        side=row.side, ours=row.ours, account=row.account, last_seen=row.seen_at, languages=row.languages,
        listed=row.listed, address=row.address, keys_by=row.keys_by,
    )  # fmt: skip
