"""Evidence of an incident: files taken in with their hidden data found, named with what their side states, read back.

Owns: what a person states of a file (when taken, source), which copy is named.
Does not own: the two copies (evidence_copies.py).
Always true: the copy without place and device is the one that is named, by every door, unless a person says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from parley.actions.evidence_copies import taken_again
from parley.actions.files import check_here, file_facts
from parley.actions.incident_forms import moment_typed
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.showing import attachment_row
from parley.actions.who import Who, need, need_in
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.incidents import IncidentView
from parley.subjects.incidents.facts import ERROR, ERRORS

_TYPED: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """A file already taken in, and what is stated of it as it was typed ("" for nothing): when, source, errors."""

    root: str
    taken: str = ""
    source: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)  # position_m, vertical_m, clock_s: as typed
    keep: bool = False  # what is hidden in it crosses too


async def named(node: NodePort, who: Who, evidence: Sequence[Put]) -> list[dict[str, JsonValue]]:
    """Give what an entry says of these files, a picture as the copy that may cross, by whichever door it came."""
    found = []
    for one in evidence:
        root = one.root if one.keep else (await taken_again(node, who, one.root)).clean
        facts = file_facts(node, root)
        if one.taken.strip():
            facts["taken"] = moment_typed(one.taken, node.moment())
        if one.source.strip():
            facts["source"] = make_text(one.source).strip()
        if errors := {name: _error(name, text) for name, text in one.errors.items() if text.strip()}:
            facts["errors"] = errors
        found.append(facts)
    return found


def _error(name: str, text: str) -> JsonValue:
    """Give an error as an entry has it; raises Refused `incidents.form`."""
    plain = text.strip()
    made = f"{float(plain):.1f}" if _TYPED.fullmatch(plain) else ""
    if name not in ERRORS or not ERROR.fullmatch(made) or float(made) > ERRORS[name]:
        most = ERRORS.get(name, 0)
        raise Refused("incidents.form", f"{name[:20]}: expected a number from 0 to {most}, got {plain[:20]!r}")
    return made


async def read_evidence(
    node: NodePort, who: Who, channel: str, subject: str, root: str, first: int = 0
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give a file of an incident this person may read, from one of its chunks on; each is checked against the root."""
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
    check_here(row.here_bytes, row.size)
    return row, node.read_attachment(root, first)
