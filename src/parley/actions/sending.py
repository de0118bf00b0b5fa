"""From a fact to an entry: the one place where actions make the node write."""

from __future__ import annotations

from parley.actions.ports import NodePort
from parley.actions.rows import RefRow, Sent
from parley.actions.who import Who
from parley.subjects.kinds import Fact
from parley.subjects.standing import PersonView


async def write(node: NodePort, who: Who, fact: Fact, *, precedence: str = "", status: str = "") -> Sent:
    """Write a fact in the person's name; returns once it is on our disk. Raises Refused or Unavailable."""
    return await write_as(node, who.person, fact, precedence=precedence, status=status)


async def write_as(node: NodePort, person: str, fact: Fact, *, precedence: str = "", status: str = "") -> Sent:
    """Write a fact in a person's name, or the node's own ("")."""
    done = await node.author(
        channel=fact.channel,
        kind=fact.kind,
        subject=fact.subject,
        body=fact.body,
        person=person,
        precedence=precedence,
        status=status,
        refs=fact.refs,
    )
    return Sent(
        channel=fact.channel,
        subject=done.subject,
        ref=RefRow(log=done.log.text, number=done.number, id=done.id),
        at=done.at,
    )


def speaker(node: NodePort, who: Who) -> str:
    """Give in whose name it is said: whoever keeps the machine need not be on the roster; then the node speaks."""
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{who.person}")
    return who.person if isinstance(view, PersonView) and view.listed else ""
