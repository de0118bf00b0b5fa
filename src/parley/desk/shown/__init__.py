"""What a page of the desk may use: plain frozen values, already judged by the actions.

A template never sees a node, a store or an action. It gets these, made by `doors.py`, so that what a page can show
is written down in one place and a page can be drawn from samples.

Times are the texts of `times.moment_text`, always UTC. None means "this has not happened", never "unknown" unless
the field says so.
"""

from __future__ import annotations

from parley.desk.shown.access import AccessShown, NoteShown, PasskeyShown, SessionShown
from parley.desk.shown.binding import AskedShown, ListingShown, SignedRow
from parley.desk.shown.calls import AgreementShown, CallShown, KeptLine, RecordingShown, ToneShown, VoiceShown
from parley.desk.shown.escalation import EscalationShown, TroubleShown
from parley.desk.shown.line import ChannelShown, FaultShown, FrozenShown, GapShown, LineShown, LinkShown, TestShown
from parley.desk.shown.messages import (
    DraftShown,
    FactShown,
    FileShown,
    MessageShown,
    StepShown,
    ThreadShown,
    TranslationShown,
)
from parley.desk.shown.people import AlertShown, MemberShown, Person, PolicyShown, Session, Sides, Typed
from parley.desk.shown.record import EntryShown, ForkShown, LogShown, LostShown
from parley.desk.shown.stops import StopShown
from parley.desk.shown.watch import (
    ChannelPeopleShown,
    HeldShown,
    ListedShown,
    NoteOfWatchShown,
    RollShown,
    ShiftShown,
    WatchShown,
)

__all__ = [
    "AccessShown",
    "AgreementShown",
    "AlertShown",
    "AskedShown",
    "CallShown",
    "ChannelPeopleShown",
    "ChannelShown",
    "DraftShown",
    "EntryShown",
    "EscalationShown",
    "FactShown",
    "FaultShown",
    "FileShown",
    "ForkShown",
    "FrozenShown",
    "GapShown",
    "HeldShown",
    "KeptLine",
    "LineShown",
    "LinkShown",
    "ListedShown",
    "ListingShown",
    "LogShown",
    "LostShown",
    "MemberShown",
    "MessageShown",
    "NoteOfWatchShown",
    "NoteShown",
    "PasskeyShown",
    "Person",
    "PolicyShown",
    "RecordingShown",
    "RollShown",
    "Session",
    "SessionShown",
    "ShiftShown",
    "Sides",
    "SignedRow",
    "StepShown",
    "StopShown",
    "TestShown",
    "ThreadShown",
    "ToneShown",
    "TranslationShown",
    "TroubleShown",
    "Typed",
    "VoiceShown",
    "WatchShown",
]
