"""From an incident's view to the rows a desk shows: names, clocks, flags, what waits, what the asking person may do.

Owns: everything that depends on the clock, on who asks, or on other incidents. Does not own: the view
(subjects/incidents/), reckoning (incident_beside.py).
Always true: silence is shown as silence, with how long it has lasted.
"""

from __future__ import annotations

from collections.abc import Iterable

from parley.actions import incident_beside as beside
from parley.actions.commitment_citing import citing_row
from parley.actions.incident_flags import flags
from parley.actions.incident_forms import SHOWN
from parley.actions.incident_rows import (
    AccountRow,
    ClosingRow,
    EvidenceRow,
    IncidentClock,
    IncidentRow,
    IncidentSaid,
    IncidentWhole,
    JoinRow,
    ListRow,
    OffsetRow,
    QueryRow,
    SignalRow,
    SignedRow,
    StatementRow,
    ToldRow,
    UnitRow,
)
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.rulebook_reading import cited
from parley.actions.showing import attachment_row, delivery_of
from parley.actions.who import Who
from parley.errors import PeerError
from parley.node.reported import Pairs, joined
from parley.record.entry import read_entry
from parley.record.names import LogId, Ref
from parley.subjects.incidents import IncidentView
from parley.subjects.incidents.report import NATURES, Told
from parley.subjects.incidents.shapes import Account, Frozen, Join, Said
from parley.times import read_moment


def entry_name(ref: Ref) -> str:
    """Give how a form names an entry."""
    return f"{ref.log.text}|{ref.number}"


def founded(node: NodePort) -> str:
    """Give when the line was founded: the earlier of the first entries of both line logs."""
    found = []
    for side in (node.identity.ours.side, node.identity.theirs.side):
        for leaf in node.store.leaves(LogId("line", side, 0), 0, 1):
            try:
                found.append(read_entry(leaf).at)
            except PeerError:
                continue
    return min(found, default="")


def said_row(node: NodePort, said: Said | None) -> IncidentSaid | None:
    """Give who said what, when."""
    if said is None:
        return None
    return _said(node, said)


def _said(node: NodePort, said: Said) -> IncidentSaid:
    name, office = person_name(node, said.side, said.person)
    return IncidentSaid(
        at=said.at, ours=said.side == node.identity.ours.side, name=name, office=office, text=said.text,
        language=said.language, entry=entry_name(said.ref),
    )  # fmt: skip


def told_twice(node: NodePort) -> Pairs:
    """Give the reports that both agreed tell of the same event as one of the other side, each with those."""
    return joined(node.store, node.book)


def list_row(node: NodePort, view: IncidentView, together: Pairs) -> IncidentRow:
    """Give the row of one incident in a list."""
    us, them, now = node.identity.ours.side, node.identity.theirs.side, node.moment()
    name, office = person_name(node, view.side, view.person)
    first = view.accounts[0].report
    place = first.place.value()
    twice = (view.channel, view.subject) in together  # the other report is the account
    due = beside.clocks(view, us, them, twice=twice) if view.state != "closed" else []
    late = [one for one in due if one.overdue(now)]
    silent, waits = beside.silent_since(view, them), beside.waits(view, us)
    if twice:
        asked = any(
            one.joined is None and one.proposed.side != us and not _met(one, view, together) for one in view.joins
        )
        silent, waits = "", tuple(one for one in waits if one != "account" and (asked or one != "join"))
    stands = [one.stand for one in view.statements if one.withdrawn is None]
    signed = view.signed
    return IncidentRow(
        subject=view.subject, channel=view.channel, about=view.about, ours=view.side == us, name=name, office=office,
        status=view.status, at=view.at, time=first.time.value, latitude=str(place["lat"]), longitude=str(place["lon"]),
        what=first.what, language=first.language, state=view.state,
        closed_by_us=any(one.said.side == us and one.lifted is None for one in view.closings),
        on_their_disk=delivery_of(node, view.ref, view.at),
        them="silent" if silent else "no-knowledge" if view.no_knowledge and view.side == us else "account",
        silent_s=max(0, (now - read_moment(silent)) // 1000) if silent else None,
        waits=waits, overdue=bool(late), overdue_by_us=any(one.side == us for one in late),
        agreed=stands.count("agreed"), disputed=len([one for one in stands if one.endswith("disputed")]),
        unanswered=stands.count("unanswered"),
        signed_at=max(one.at for one in signed.signatures) if signed else None,
    )  # fmt: skip


def whole(node: NodePort, who: Who, view: IncidentView, others: Iterable[IncidentView]) -> IncidentWhole:
    """Give everything about one incident; `others` are those that this person may read."""
    us, them = node.identity.ours.side, node.identity.theirs.side
    known = {(one.channel, one.subject): one for one in others}
    began, together = founded(node), told_twice(node)
    twice = (view.channel, view.subject) in together
    accounts = [account_row(node, one, began) for one in view.accounts]
    for key in together.get((view.channel, view.subject), ()):  # whichever of the two the joining stands in
        other = known.get(key)
        if other is not None:
            accounts += [account_row(node, one, began, of=other.subject) for one in other.accounts]
    cited_in = [one.report.commitment for one in view.accounts]
    return IncidentWhole(
        row=list_row(node, view, together), accounts=tuple(sorted(accounts, key=lambda one: one.at)),
        no_knowledge=said_row(node, view.no_knowledge),
        clocks=tuple(_clock(node, one) for one in beside.clocks(view, us, them, twice=twice)),
        evidence=tuple(
            EvidenceRow(
                ours=one.side == us, name=person_name(node, one.side, one.person)[0], at=one.at,
                file=attachment_row(node, one.root, one.size, one.media, one.name, one.held_at, one.side == us),
                taken=one.taken, source=one.source,
            )
            for one in view.evidence
        ),
        offsets=_offsets(node, view), joins=_joins(node, view, known, together), queries=_queries(node, view),
        statements=tuple(
            StatementRow(
                number=one.number, said=_said(node, one.said), stand=one.stand, stood=said_row(node, one.stood),
                withdrawn=said_row(node, one.withdrawn),
            )
            for one in view.statements
        ),
        lists=tuple(list_of(node, one) for one in view.lists),
        proposals=tuple(_said(node, one) for one in view.proposals),
        closings=tuple(
            ClosingRow(said=_said(node, one.said), joint=one.joint, lifted=said_row(node, one.lifted))
            for one in view.closings
        ),
        may=_may(who, view, us),
        cites=tuple(citing_row(node, who, one) for one in dict.fromkeys(cited_in) if one is not None),
    )  # fmt: skip


def list_of(node: NodePort, frozen: Frozen) -> ListRow:
    """Give a frozen list."""
    us = node.identity.ours.side
    return ListRow(
        ours=frozen.side == us, name=person_name(node, frozen.side, frozen.person)[0], at=frozen.at,
        facts=tuple((one.number, one.text, one.language) for one in frozen.facts), digest=frozen.digest,
        signatures=tuple(
            SignedRow(
                ours=one.side == us, name=person_name(node, one.side, one.person)[0], at=one.at, passkey=one.passkey
            )
            for one in frozen.signatures
        ),
        signed=frozen.signed, changed=frozen.changed, entry=entry_name(frozen.ref),
        ours_signed=any(one.side == us for one in frozen.signatures),
    )  # fmt: skip


def account_row(node: NodePort, one: Account, began: str, of: str = "") -> AccountRow:
    """Give one account, with its flags."""
    us, them, told = node.identity.ours.side, node.identity.theirs.side, one.report
    name, office = person_name(node, one.side, one.person)
    place, near = told.place.value(), told.closest

    names = {us: node.identity.ours.name, them: node.identity.theirs.name}

    def whose(side: str) -> str:
        return {us: "ours", them: "theirs"}.get(side, "other")

    return AccountRow(
        ours=one.side == us, name=name, office=office, at=one.at, stage=one.stage, time=told.time.value,
        time_nature=NATURES[told.time.nature], latitude=str(place["lat"]), longitude=str(place["lon"]),
        place_nature=NATURES[told.place_nature], what=told.what, language=told.language,
        units=tuple(UnitRow(whose=whose(u.side), side=u.side, told=_told(u.told.items())) for u in told.units),
        told=_told(told.told.items()),
        signals=tuple(
            SignalRow(
                whose=whose(s.side), by=names.get(s.side, ""), text=s.text, answer=s.answer, nature=NATURES[s.nature]
            )
            for s in told.signals
        ),
        closest=near.metres if near else "", closest_vertical=near.vertical if near else "",
        closest_at=near.at if near else "", closest_how=near.how if near else "",
        closest_nature=NATURES[near.nature] if near else "", document=told.document, article=told.article,
        cited=cited(node, told.document, told.article), asks=told.asks,
        flags=flags(told, one.at, began), entry=entry_name(one.ref), of=of,
        commitment=f"{told.commitment.channel} {told.commitment.subject}" if told.commitment else "",
    )  # fmt: skip


def _told(items: Iterable[tuple[str, Told]]) -> tuple[ToldRow, ...]:
    return tuple(ToldRow(name=SHOWN[name], value=one.value, nature=NATURES[one.nature]) for name, one in items)


def _clock(node: NodePort, clock: beside.Clock) -> IncidentClock:
    now = node.moment()
    return IncidentClock(
        what=clock.what, ours=clock.side == node.identity.ours.side, due=clock.due,
        left_s=clock.left_ms(now) // 1000, done_at=clock.done_at or None, overdue=clock.overdue(now),
    )  # fmt: skip


def _queries(node: NodePort, view: IncidentView) -> tuple[QueryRow, ...]:
    us, them = node.identity.ours.side, node.identity.theirs.side
    dues = [one for one in beside.clocks(view, us, them) if one.what != "account"]
    return tuple(
        QueryRow(
            asked=_said(node, one.asked), meeting=one.meeting, answer=said_row(node, one.answer),
            accepted=one.accepted, clock=_clock(node, due),
        )
        for one, due in zip(view.queries, dues, strict=True)
    )  # fmt: skip


def _offsets(node: NodePort, view: IncidentView) -> tuple[OffsetRow, ...]:
    """Give them as this side sees them, whoever proposed one."""
    us = node.identity.ours.side
    names = {one.root: one.name for one in view.evidence}
    found = []
    for one in view.offsets:
        mine = one.proposed.side == us
        ours, theirs = (one.own, one.other) if mine else (one.other, one.own)
        found.append(
            OffsetRow(
                ours=ours, theirs=theirs, our_file=names.get(ours, ""), their_file=names.get(theirs, ""),
                ms=one.ms if mine else -one.ms, proposed=_said(node, one.proposed), agreed=said_row(node, one.agreed),
                holds=one.holds,
            )
        )  # fmt: skip
    return tuple(found)


def _met(join: Join, view: IncidentView, together: Pairs) -> bool:
    """Say whether the two reports are joined, by this proposal or by one that crossed it in the other report."""
    return join.joined is not None or (join.channel, join.other) in together.get((view.channel, view.subject), ())


def _joins(
    node: NodePort, view: IncidentView, known: dict[tuple[str, str], IncidentView], together: Pairs
) -> tuple[JoinRow, ...]:  # fmt: skip
    us = node.identity.ours.side
    found, named = [], set()
    for join in view.joins:
        other = known.get((join.channel, join.other))
        named.add((join.channel, join.other))
        found.append(
            JoinRow(
                state="joined" if _met(join, view, together) else "proposed", ours=join.proposed.side == us,
                channel=join.channel, other=join.other, entry=entry_name(join.proposed.ref), minutes=None, metres=None,
                what=other.accounts[0].report.what if other else "",
            )
        )  # fmt: skip
    for key, other in known.items():
        back = [one for one in other.joins if (one.channel, one.other) == (view.channel, view.subject)]
        close = beside.near(view, other)
        if key in named or other.subject == view.subject or not (back or close):
            continue
        joined = any(one.joined for one in back)
        state = "joined" if joined else "proposed-there" if back else "suggested"
        found.append(
            JoinRow(
                state=state, ours=False, channel=other.channel, other=other.subject, entry="",
                what=other.accounts[0].report.what, minutes=close[0] if close else None,
                metres=close[1] if close else None,
            )
        )  # fmt: skip
    return tuple(found)


def _may(who: Who, view: IncidentView, us: str) -> frozenset[str]:
    """Give the acts that make sense now; each act asks again."""
    if "release" not in who.rights:
        return frozenset()
    closed = any(one.lifted is None for one in view.closings)
    reopening = {"reopen"} if closed else set()
    if view.state == "closed":
        return frozenset(reopening)
    found = {
        "account",
        "evidence",
        "ask",
        "ask-meeting",
        "state",
        "propose-closing",
        "propose-join",
        "propose-offset",
    } | reopening
    if view.side != us and view.account(us) is None and view.no_knowledge is None:
        found.add("no-knowledge")
    if any(one.agreed for one in view.statements):
        found.add("freeze")
    if not any(one.lifted is None and one.said.side == us for one in view.closings):
        found.add("close-alone")
    return frozenset(found)
