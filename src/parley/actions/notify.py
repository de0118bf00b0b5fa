"""Who is told of what waits, as a person sets it: ladders, targets outside the desk, tests of both, and how it went.

Owns: rights. The duty officer and the administrator see and test; steps are set by both, targets by the administrator:
an address holds passwords. Does not own: what a ladder is (people/ladders.py), the climbing (node/escalating.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.actions.notify_rows import (
    EscalationRow,
    LadderRow,
    NotifiedRow,
    SilentRow,
    StepRow,
    TargetRow,
    UnderWayRow,
    WaitingRow,
)
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.who import Who, channel_view, may_read, need
from parley.errors import Refused
from parley.node import notifying
from parley.people import accounts, ladders
from parley.people.ladders import KINDS, Ladder, Step, Target
from parley.times import Moment, moment_text

_RESULTS = 50


def escalation(node: NodePort, who: Who) -> EscalationRow:
    """Give ladders, targets, the latest results, what waits now and which desks are silent."""
    need(who, "line")
    results = notifying.results(node.store)
    return EscalationRow(
        ladders=tuple(_ladders(node)),
        targets=tuple(_target(node, one, results) for one in ladders.targets(node.store)),
        results=tuple(_result(one) for one in results[:_RESULTS]),
        waiting=tuple(_waiting(node)),
        silent=tuple(silent_desks(node, who)),
        under_way=tuple(
            UnderWayRow(
                since=moment_text(Moment(one.since)),
                target=one.target,
                kind=one.kind,
                channel=one.channel,
                trial=one.trial,
            )
            for one in node.escalating.notifier.under_way()
        ),
    )


async def set_ladder(node: NodePort, who: Who, *, channel: str, kind: str, steps: Sequence[StepRow]) -> None:
    """Set the steps for a kind of thing, in one channel or ("") in all that have none of their own.

    Raises: Refused `notify.…`, `channels.unknown`, `people.person.unknown`; then the steps are as before.
    """
    need(who, "line")
    if channel:
        channel_view(node, channel)
    for step in steps:
        for person in step.who if step.how == ladders.PERSONS else ():
            accounts.get(node.store, person)
    made = Ladder(
        channel=channel, kind=kind,
        steps=tuple(Step(after_s=step.after_s, how=step.how, who=tuple(step.who)) for step in steps),
    )  # fmt: skip
    await node.keep(ladders.set_ladder(node.store, made, who.person, node.moment()))
    node.tell("notify", {})


async def reset_ladder(node: NodePort, who: Who, *, channel: str, kind: str) -> None:
    """Go back to the steps of all channels, or to the built-in ones."""
    need(who, "line")
    if kind not in KINDS:
        raise Refused("notify.kind", f"expected one of {', '.join(KINDS)}, got {kind[:32]!r}")
    await node.keep(ladders.reset_ladder(channel, kind))
    node.tell("notify", {})


async def set_target(node: NodePort, who: Who, *, name: str, url: str, hides_channel: bool = False) -> None:
    """Add or change a way to reach somebody outside the desk. Its address is never shown again."""
    need(who, "people")
    rows = ladders.add_target(
        node.store, name, url, hides_channel=hides_channel, by=who.person, now=node.moment()
    )  # fmt: skip
    await node.keep(rows)
    node.tell("notify", {})


async def remove_target(node: NodePort, who: Who, name: str) -> None:
    """Remove a target; raises Refused `notify.used` while a step names it."""
    need(who, "people")
    await node.keep(ladders.remove_target(node.store, name))
    node.tell("notify", {})


def try_target(node: NodePort, who: Who, name: str) -> None:
    """Send a test to one target; how it went is in the results."""
    need(who, "line")
    node.escalating.trial(ladders.target(node.store, name).name)


def try_ladder(node: NodePort, who: Who, *, channel: str, kind: str) -> list[str]:
    """Send a test to every target of a ladder, whatever its seconds; gives their names.

    Raises: Refused `notify.kind`, `notify.nobody` where its steps only ring at desks.
    """
    need(who, "line")
    if kind not in KINDS:
        raise Refused("notify.kind", f"expected one of {', '.join(KINDS)}, got {kind[:32]!r}")
    steps = ladders.ladder_for(node.store, channel, kind).steps
    names = dict.fromkeys(name for step in steps if step.how == ladders.NOTIFY for name in step.who)
    if not names:
        raise Refused("notify.nobody", "these steps tell nobody outside the desk; there is nothing to test")
    for name in names:
        node.escalating.trial(name, kind)
    return list(names)


def silent_desks(node: NodePort, who: Who) -> list[SilentRow]:
    """Give the desks of ours that should ring and do not, in channels this person may read."""
    need(who, "state")
    us = node.identity.ours.side
    return [
        SilentRow(
            person=one.person, name=person_name(node, us, one.person)[0], channel=one.channel, kind=one.kind,
            since=one.since,
        )
        for one in node.escalating.silent
        if not one.channel or may_read(node, who, one.channel)
    ]  # fmt: skip


def failing_targets(node: NodePort, who: Who) -> list[NotifiedRow]:
    """Give the targets whose last notification failed: somebody may be waiting for a call that never went out."""
    need(who, "line")
    return [_result(one) for one in node.escalating.notifier.failing.values()]


def _ladders(node: NodePort) -> list[LadderRow]:
    rows = [_ladder(ladders.ladder_for(node.store, "", kind)) for kind in KINDS]
    return rows + [_ladder(one) for one in ladders.ladders(node.store) if one.channel]


def _ladder(one: Ladder) -> LadderRow:
    return LadderRow(
        kind=one.kind, channel=one.channel, built_in=not one.at, by=one.by,
        steps=tuple(StepRow(after_s=step.after_s, how=step.how, who=step.who) for step in one.steps),
        at=moment_text(Moment(one.at)) if one.at else None,
    )  # fmt: skip


def _target(node: NodePort, one: Target, results: list[notifying.Result]) -> TargetRow:
    last = next((result for result in results if result.target == one.name), None)
    used = any(one.name in step.who for each in ladders.ladders(node.store) for step in each.steps)
    return TargetRow(
        name=one.name, service=one.service, masked=ladders.masked(one.url), hides_channel=one.hides_channel, by=one.by,
        at=moment_text(Moment(one.at)), used=used, tried_at=moment_text(Moment(last.at)) if last else None,
        ok=last.ok if last else None, reason=last.reason if last else "",
    )  # fmt: skip


def _result(one: notifying.Result) -> NotifiedRow:
    return NotifiedRow(
        at=moment_text(Moment(one.at)), target=one.target, kind=one.kind, channel=one.channel, trial=one.trial,
        ok=one.ok, tries=one.tries, reason=one.reason,
    )  # fmt: skip


def _waiting(node: NodePort) -> list[WaitingRow]:
    rows = []
    for one in node.escalating.waiting:
        taken, count = node.escalating.taken(one)
        rows.append(
            WaitingRow(
                kind=one.kind, channel=one.channel, precedence=one.precedence, status=one.status, since=one.since,
                steps_taken=taken, steps=count, desks=node.escalating.ringing(one.key),
            )
        )  # fmt: skip
    return rows
