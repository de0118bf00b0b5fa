"""Meetings, as a page shows them: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.meeting_rows import (
    DocumentRow,
    HeldItemRow,
    ItemRow,
    MeetingCallRow,
    MeetingRow,
    NeutralFacts,
    NoteOfMeetingRow,
    OfferRow,
    PaperRow,
    PreparedRow,
)

__all__ = [
    "DocumentRow",
    "HeldItemRow",
    "ItemRow",
    "MeetingCallRow",
    "MeetingRow",
    "NeutralFacts",
    "NoteOfMeetingRow",
    "OfferRow",
    "PaperRow",
    "PreparedRow",
]
