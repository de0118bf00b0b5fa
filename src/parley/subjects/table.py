"""The table of all kinds, and of the rooms that fold them.

Owns: which kind belongs to which room; which fold and rule a room has. A kind that is not here is "newer than this
node" (DESIGN 2.7). Does not own: any rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from parley.codec import JsonInput
from parley.record.names import LogId
from parley.subjects.acts import Folder
from parley.subjects.calls import agreed_facts, recording_facts
from parley.subjects.calls import facts as call_facts
from parley.subjects.calls import rules as call_rules
from parley.subjects.calls import view as call_view
from parley.subjects.channels import facts as channel_facts
from parley.subjects.channels import rules as channel_rules
from parley.subjects.channels import view as channel_view
from parley.subjects.commitments import facts as commitment_facts
from parley.subjects.commitments import rules as commitment_rules
from parley.subjects.commitments import view as commitment_view
from parley.subjects.incidents import facts as incident_facts
from parley.subjects.incidents import rules as incident_rules
from parley.subjects.incidents import view as incident_view
from parley.subjects.kinds import Body, Kind, Rule, own_subject
from parley.subjects.messages import facts as message_facts
from parley.subjects.messages import rules as message_rules
from parley.subjects.messages import view as message_view
from parley.subjects.notices import facts as notice_facts
from parley.subjects.notices import rules as notice_rules
from parley.subjects.notices import view as notice_view
from parley.subjects.parts import Plan
from parley.subjects.readouts import facts as readout_facts
from parley.subjects.readouts import rules as readout_rules
from parley.subjects.readouts import view as readout_view
from parley.subjects.rulebooks import facts as rulebook_facts
from parley.subjects.rulebooks import rules as rulebook_rules
from parley.subjects.rulebooks import view as rulebook_view
from parley.subjects.standing import facts as standing_facts
from parley.subjects.standing import rules as standing_rules
from parley.subjects.standing import view as standing_view
from parley.subjects.stops import facts as stop_facts
from parley.subjects.stops import rules as stop_rules
from parley.subjects.stops import view as stop_view
from parley.subjects.talks import bodies, body_view, calendar, day_facts
from parley.subjects.talks import facts as talk_facts
from parley.subjects.talks import rules as talk_rules
from parley.subjects.talks import view as talk_view
from parley.subjects.texts import facts as text_facts
from parley.subjects.texts import rules as text_rules
from parley.subjects.texts import view as text_view
from parley.subjects.watches import facts as watch_facts
from parley.subjects.watches import rules as watch_rules
from parley.subjects.watches import view as watch_view

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        *message_facts.KINDS,
        *call_facts.KINDS,
        *recording_facts.KINDS,
        *agreed_facts.KINDS,
        *stop_facts.KINDS,
        *channel_facts.KINDS,
        *standing_facts.KINDS,
        *watch_facts.KINDS,
        *readout_facts.KINDS,
        *notice_facts.KINDS,
        *rulebook_facts.KINDS,
        *incident_facts.KINDS,
        *text_facts.KINDS,
        *bodies.KINDS,
        *calendar.KINDS,
        *talk_facts.KINDS,
        *day_facts.KINDS,
        *commitment_facts.KINDS,
    )
}

FOLDS: Final[dict[str, Folder]] = {
    "message": message_view.fold,
    "call": call_view.fold,
    "stop": stop_view.fold,
    "channel": channel_view.fold,
    "roster": standing_view.fold_person,
    "rules": standing_view.fold_rules,
    "test": standing_view.fold_test,
    "gap": standing_view.fold_gap,
    "fallback": standing_view.fold_fallback,
    "release": standing_view.fold_release,
    "keys": standing_view.fold_keys,
    "continued": standing_view.fold_continued,
    "ended": standing_view.fold_ended,
    "log": standing_view.fold_opened,
    "watch": watch_view.fold_watch,
    "roll": watch_view.fold_roll,
    "readout": readout_view.fold,
    "notice": notice_view.fold,
    "rulebook": rulebook_view.fold,
    "incident": incident_view.fold,
    "body": body_view.fold,
    "calendar": calendar.fold,
    "meeting": talk_view.fold,
    "commitment": commitment_view.fold,
}

PLANS: Final[dict[str, Plan]] = {"text": text_view.PLAN}  # rooms that fold in parts (parts.py)

RULES: Final[dict[str, Rule]] = {
    "text": text_rules.allow,
    "message": message_rules.allow,
    "call": call_rules.allow,
    "stop": stop_rules.allow,
    "incident": incident_rules.allow,
    "channel": channel_rules.allow,
    "readout": readout_rules.allow,
    **dict.fromkeys(("watch", "roll"), watch_rules.allow),
    "notice": notice_rules.allow,
    "rulebook": rulebook_rules.allow,
    "body": bodies.allow,
    "calendar": calendar.allow,
    "meeting": talk_rules.allow,
    "commitment": commitment_rules.allow,
    **dict.fromkeys(
        ("roster", "rules", "test", "gap", "fallback", "release", "keys", "continued", "ended", "log"),
        standing_rules.allow,
    ),
}

# Rooms whose lists are read from a line about each subject (summaries.py), written as the subject changes.
SUMMARIES: Final[dict[str, Callable[[object], dict[str, JsonInput]]]] = {
    "body": body_view.summary,
    "meeting": talk_view.summary,
    "commitment": commitment_view.summary,
}

STANDING_KINDS: Final = frozenset(kind.name for kind in KINDS.values() if kind.standing)


def subject_for(kind: str, body: Body, log: LogId, number: int) -> str | None:
    """Give the subject a new entry must have: fixed by its body, or opened by itself; None if the caller must say."""
    row = KINDS.get(kind)
    if row is None:
        return None
    if row.named is not None:
        return row.named(log.side, body)
    return own_subject(row.room, log, number) if row.opens else None
