"""What clients were told, written to a file of their own at the moment they were told it.

One write a line, by O_APPEND: what was written before a SIGKILL is in the file, and a line is whole or absent.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Notebook:
    """The clients' file."""

    def __init__(self, path: Path, life: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._life = life

    def note(self, told: str, **fields: Any) -> None:
        """Write one line."""
        row = {"told": told, "life": self._life, **fields}
        os.write(self._file, json.dumps(row, ensure_ascii=True).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Note:
    """One line. `told`:

    wish       a client is about to ask for a message with this mark
    authored   {log, number, id, mark or subject}: it is on our disk
    unsaid     the wish failed with this code
    showing    we told the other side that our desk shows the subject
    entry      {log, number, id, verdict}: an entry is on our disk and in our views
    ahead      {log, number, id}: an urgent entry of theirs is on our disk before its log
    held       {log, size, at_s, suite}: the other side signed that it holds so much of our log
    receipt    {log, number, at_s}: the other side signed that it holds this urgent entry
    shown, acknowledged   {subject, by}: our desk shows that somebody there has seen or acknowledged our message
    fault, bug  the peer was found at fault; the program was
    """

    told: str
    life: int
    fields: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.fields:
            raise AttributeError(name)
        return self.fields[name]


def read_notes(path: Path) -> list[Note]:
    """Read a file of notes, in the order they were written."""
    found = []
    for line in path.read_bytes().splitlines():
        row = json.loads(line)
        found.append(Note(row.pop("told"), row.pop("life"), row))
    return found
