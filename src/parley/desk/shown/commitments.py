"""Commitments, as a page shows them: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.commitment_rows import (
    CitedRow,
    CommitmentRow,
    CommitmentWhole,
    EntryLink,
    Passage,
    RegisterRow,
    SourceForm,
    SourceRow,
    ViewRow,
)

__all__ = [
    "CitedRow",
    "CommitmentRow",
    "CommitmentWhole",
    "EntryLink",
    "Passage",
    "RegisterRow",
    "SourceForm",
    "SourceRow",
    "ViewRow",
]
