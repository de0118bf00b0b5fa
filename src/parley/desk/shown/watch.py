"""The watch of a channel, as a page shows it: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.watch_rows import ChannelPeopleRow as ChannelPeopleShown
from parley.actions.watch_rows import HeldRow as HeldShown
from parley.actions.watch_rows import ListedRow as ListedShown
from parley.actions.watch_rows import NoteRow as NoteOfWatchShown
from parley.actions.watch_rows import RollRow as RollShown
from parley.actions.watch_rows import ShiftRow as ShiftShown
from parley.actions.watch_rows import WatchRow as WatchShown

__all__ = [
    "ChannelPeopleShown",
    "HeldShown",
    "ListedShown",
    "NoteOfWatchShown",
    "RollShown",
    "ShiftShown",
    "WatchShown",
]
