"""The name of a log, and how one entry names another.

A log is what one side has said in one channel during one epoch: `leaders/north/0`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from parley import limits
from parley.errors import PeerError, ensure

LOG_FORM: Final = re.compile(
    rf"([a-z][a-z0-9-]{{0,{limits.CHANNEL_ID_CHARS_MAX - 1}}})"
    rf"/([a-z][a-z0-9-]{{0,{limits.SIDE_ID_CHARS_MAX - 1}}})"
    r"/(0|[1-9][0-9]{0,11})"  # epochs after the first are numbered by the clock, in seconds
)
HASH_FORM: Final = re.compile(r"[0-9a-f]{64}")
LINE_FORM: Final = re.compile(r"[0-9a-f]{32}")


class LogId(NamedTuple):
    """One log: channel, the side that alone writes it, and its epoch (0 unless a store was restored).

    A tuple, because a log's name is looked up some twenty times for every entry, and tuples hash in C.
    """

    channel: str
    side: str
    epoch: int

    @property
    def text(self) -> str:
        """Give the one text form, `channel/side/epoch`."""
        return f"{self.channel}/{self.side}/{self.epoch}"

    def __str__(self) -> str:
        return self.text

    @classmethod
    def read(cls, text: str) -> LogId:
        """Read the one text form; raises PeerError `record.log-name` on anything else."""
        return _read_log(text)


@lru_cache(maxsize=1024)
def _read_log(text: str) -> LogId:
    found = LOG_FORM.fullmatch(text)
    if found is None:
        raise PeerError("record.log-name", "a log must be named like leaders/north/0")
    return LogId(found[1], found[2], int(found[3]))


@lru_cache(maxsize=1024)
def log_of(channel: str, side: str, epoch: int) -> LogId:
    """Give a log by its three parts: one object for every entry of it."""
    return LogId(channel, side, epoch)


class Ref(NamedTuple):
    """One entry, named by log, number and id (its leaf hash, 64 hex digits)."""

    log: LogId
    number: int
    id: str


class Past(NamedTuple):
    """A prefix of one log that an author's node held: its size (at least 1) and root (64 hex digits)."""

    log: LogId
    size: int
    root: str


def check_log(log: LogId) -> None:
    """Stop if one of our own parts made a log name that nobody could read back."""
    ensure(LOG_FORM.fullmatch(log.text), f"not a log name: {log.text!r}")
