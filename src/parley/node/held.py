"""Saying in the record that a file of theirs is whole here: whether it was said before, and by which fact.

Owns: which fact says so of which subject. Does not own: files (files.py), when it is said (node.py).
"""

from __future__ import annotations

from parley.subjects import Book, Fact, MessageView
from parley.subjects.incidents import IncidentView
from parley.subjects.incidents import saying as incidents
from parley.subjects.messages.facts import hold_file


def is_said(book: Book, channel: str, subject: str, root: str) -> bool:
    """Say whether the record has it of this message or incident."""
    view = book.view(channel, subject)
    if isinstance(view, IncidentView):
        return any(each.root == root and each.held_at for each in view.evidence)
    found = view.attachments if isinstance(view, MessageView) else ()
    return any(each.root == root and each.held_at for each in found)


def held(channel: str, subject: str, root: str) -> Fact:
    """Give the fact that says it."""
    hold = incidents.hold_file if subject.startswith("incident/") else hold_file
    return hold(channel, subject, root)
