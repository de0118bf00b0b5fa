"""What a person may do with messages, from the first draft to the last acknowledgement.

Owns: rights, drafts, the second person, due times, and the row a desk shows.
Does not own: when a message fact is allowed (subjects/messages/), how it travels (node/, line/).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parley.actions.ports import NodePort
from parley.actions.rows import DraftRow, EvidenceFile, MessageRow, Sent, ThreadPage
from parley.actions.who import Who


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What somebody wants to say, before it is a draft or a message."""

    channel: str
    text: str
    language: str
    precedence: str = "ROUTINE"
    status: str = "actual"
    title: str = ""
    order: bool = False  # asks for a read-back
    answers: str = ""  # subject it answers
    attachments: tuple[str, ...] = ()  # roots of files already taken in by `attach`


async def save_draft(node: NodePort, who: Who, words: Words, *, draft: str | None = None) -> DraftRow:
    """Keep a draft, new or changed; a change takes back every review of it."""
    raise NotImplementedError


async def submit_draft(node: NodePort, who: Who, draft: str, *, note: str = "") -> DraftRow:
    """Put a draft before others for review and release."""
    raise NotImplementedError


async def review_draft(node: NodePort, who: Who, draft: str, *, good: bool, note: str = "") -> DraftRow:
    """Approve a draft or send it back; its drafter cannot review it."""
    raise NotImplementedError


async def release_draft(node: NodePort, who: Who, draft: str, *, precedence: str | None = None) -> Sent:
    """Send a draft across the line; the releaser may change the precedence. FLASH needs a second person."""
    raise NotImplementedError


async def discard_draft(node: NodePort, who: Who, draft: str) -> None:
    """Throw a draft away."""
    raise NotImplementedError


def list_drafts(node: NodePort, who: Who, *, channel: str | None = None) -> list[DraftRow]:
    """Give the drafts of the channels the person may read, newest first."""
    raise NotImplementedError


def draft(node: NodePort, who: Who, draft: str) -> DraftRow:
    """Give one draft."""
    raise NotImplementedError


async def send_message(node: NodePort, who: Who, words: Words) -> Sent:
    """Draft and release in one where one person may; FLASH is refused here with `messages.second-person`."""
    raise NotImplementedError


async def show_message(node: NodePort, who: Who, channel: str, subject: str) -> None:
    """Say across the line that a desk of ours shows the message; once a message, later calls do nothing."""
    raise NotImplementedError


async def acknowledge(node: NodePort, who: Who, channel: str, subject: str, *, note: str = "") -> Sent:
    """Acknowledge the other side's message in the person's name."""
    raise NotImplementedError


async def answer(node: NodePort, who: Who, channel: str, subject: str, words: Words) -> Sent:
    """Send a message that answers another one in the same channel."""
    raise NotImplementedError


async def correct(
    node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str, reason: str
) -> Sent:
    """Correct our own message by reference; the first text stays readable."""
    raise NotImplementedError


async def cancel(node: NodePort, who: Who, channel: str, subject: str, *, reason: str) -> Sent:
    """Cancel our own message by reference."""
    raise NotImplementedError


async def translate(
    node: NodePort, who: Who, channel: str, subject: str, *, grade: str, language: str, text: str
) -> Sent:
    """Add a translation of grade sight, rough or official."""
    raise NotImplementedError


async def read_back(node: NodePort, who: Who, channel: str, subject: str, *, text: str) -> Sent:
    """Repeat the other side's order in our own words."""
    raise NotImplementedError


async def confirm_read_back(
    node: NodePort, who: Who, channel: str, subject: str, *, good: bool, text: str = ""
) -> Sent:
    """Confirm the other side's read-back of our order, or say what is wrong with it."""
    raise NotImplementedError


def thread(node: NodePort, who: Who, channel: str, *, before: str = "", count: int = 50) -> ThreadPage:
    """Give one page of a channel's messages, oldest first; `before` from an earlier page asks for the one above."""
    raise NotImplementedError


def message(node: NodePort, who: Who, channel: str, subject: str) -> MessageRow:
    """Give one message."""
    raise NotImplementedError


def waiting(node: NodePort, who: Who) -> list[MessageRow]:
    """Give every message that waits for somebody here, the most urgent first."""
    raise NotImplementedError


async def evidence(node: NodePort, who: Who, channel: str, subject: str, path: Path) -> EvidenceFile:
    """Write the evidence of one message, its acknowledgement and what proves them, to a file."""
    raise NotImplementedError
