"""How one subject cites a commitment: by its channel and name, in a body's optional field `commitment`.

Owns: the field, strictly read, and its form.
Does not own: the commitment; whether it is there is looked up by the doors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from parley.codec import JsonValue
from parley.codec.fields import Reader

FIELD: Final = "commitment"
SUBJECT: Final = re.compile(r"commitment/[a-z][a-z0-9-]{0,31}/(0|[1-9][0-9]{0,11})/(0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A commitment that is cited."""

    channel: str
    subject: str

    def value(self) -> dict[str, JsonValue]:
        """Give it as a body holds it."""
        return {"channel": self.channel, "subject": self.subject}


def read_citation(reader: Reader) -> Citation | None:
    """Read the citation of a body; None where it has none. Raises PeerError."""
    if not reader.has(FIELD):
        return None
    told = reader.object(FIELD)
    found = Citation(channel=told.channel("channel"), subject=told.match("subject", SUBJECT, "a commitment's subject"))
    told.done()
    return found
