"""A call, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.agreement_rows import AgreementRow as AgreementShown
from parley.actions.agreement_rows import KeptLine
from parley.actions.call_rows import CallRow as CallShown
from parley.actions.recording_rows import RecordingRow as RecordingShown
from parley.actions.recording_rows import ToneRow as ToneShown
from parley.actions.recording_rows import VoiceRow as VoiceShown

__all__ = ["AgreementShown", "CallShown", "KeptLine", "RecordingShown", "ToneShown", "VoiceShown"]
