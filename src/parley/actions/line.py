"""What a person may see of the line and do to it: state, tests, fallback, links, faults, both rosters.

Owns: rights and rows. Does not own: links (transports/), tests' meaning (subjects/channels/).
"""

from __future__ import annotations

from parley.actions.ports import NodePort
from parley.actions.rows import FaultRow, GapRow, LineRow, LinkRow, PersonRow, Sent, TestRow
from parley.actions.who import Who


def line_status(node: NodePort, who: Who) -> LineRow:
    """Give the state of the line as the head of every page shows it."""
    raise NotImplementedError


async def run_test(node: NodePort, who: Who) -> Sent:
    """Start a line test now; its answer comes as an event and in `tests`."""
    raise NotImplementedError


def tests(node: NodePort, who: Who, *, count: int = 24) -> list[TestRow]:
    """Give the latest line tests of both sides, newest first."""
    raise NotImplementedError


def gaps(node: NodePort, who: Who, *, count: int = 50) -> list[GapRow]:
    """Give the recorded gaps of both sides, newest first."""
    raise NotImplementedError


def faults(node: NodePort, who: Who, *, count: int = 50) -> list[FaultRow]:
    """Give what peer, links and disk did that they must not, newest first."""
    raise NotImplementedError


def links(node: NodePort, who: Who) -> list[LinkRow]:
    """Give every link with last heard, round trip and key exchange group."""
    raise NotImplementedError


async def set_fallback(node: NodePort, who: Who, *, text: str) -> Sent:
    """State how to reach us when the line is down."""
    raise NotImplementedError


async def confirm_fallback(node: NodePort, who: Who) -> Sent:
    """Confirm that the other side's stated fallback has been tried and is right."""
    raise NotImplementedError


async def set_watch(node: NodePort, who: Who, *, present: bool) -> None:
    """Go on watch or leave it; a signal, never recorded."""
    raise NotImplementedError


def roster(node: NodePort, who: Who) -> list[PersonRow]:
    """Give both sides' rosters and our own accounts."""
    raise NotImplementedError
