"""Calls: requested by lifting, answered by name, declined, put off, ended; never the sound itself."""

from parley.subjects.calls.recording import Recording, Tone
from parley.subjects.calls.view import CallView, Heard, Said

__all__ = ["CallView", "Heard", "Recording", "Said", "Tone"]
