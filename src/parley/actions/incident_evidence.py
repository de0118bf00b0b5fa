"""Evidence of an incident: files named in a report with what their side states of them, and read back.

Owns: what a person states of a file (when taken, source). Does not own: chunks (actions/files.py, storage/).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from parley.actions.files import file_facts
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.showing import attachment_row
from parley.actions.who import Who, need, need_in
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.incidents import IncidentView


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """A file already taken in, and what is stated of it: a moment or "", a source or ""."""

    root: str
    taken: str = ""
    source: str = ""


def named(node: NodePort, evidence: Sequence[Put]) -> list[dict[str, JsonValue]]:
    """Give what an entry says of these files."""
    found = []
    for one in evidence:
        facts = file_facts(node, one.root)
        if one.taken:
            facts["taken"] = one.taken
        if one.source.strip():
            facts["source"] = make_text(one.source).strip()
        found.append(facts)
    return found


async def read_evidence(
    node: NodePort, who: Who, channel: str, subject: str, root: str
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give a file of an incident this person may read; every chunk is checked against the root again."""
    if channel == "line":
        need(who, "read")
    else:
        need_in(node, who, "read", channel)
    view = node.book.view(channel, subject)
    found = view.evidence if isinstance(view, IncidentView) else ()
    one = next((each for each in found if each.root == root), None)
    if one is None:
        raise Refused("files.unknown", "this incident names no such file")
    ours = one.side == node.identity.ours.side
    row = attachment_row(node, one.root, one.size, one.media, one.name, one.held_at, ours)
    if not row.here:
        raise Refused("files.not-here", f"{row.here_bytes} of {row.size} bytes are here; the rest is still coming")
    return row, node.read_attachment(root)
