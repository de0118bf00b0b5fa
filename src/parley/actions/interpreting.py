"""Interpreting, as a person has it: take a microphone, hand over, ask for a pause, a private word with a colleague.

Owns: rights; that a private word reaches interpreters of one's own side only and never the line (promise 9).
Does not own: who is at which microphone (node/interpreting.py), sound (direct.py).
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import DeskPort, NodePort
from parley.actions.who import Who, need_in
from parley.codec.canonical import JsonInput
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.line.voice import check_language
from parley.node.interpreting import Direction
from parley.people import accounts
from parley.times import moment_text

ASIDES: Final = ("word", "hand-over")


def take(
    node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, source: str, target: str, via: str
) -> None:
    """Go to the microphone of a language, or change direction there; a colleague who was at it is relieved.

    Raises: Refused `people.right`, `people.member`, `voice.stream` (no interpreter), `voice.direction`.
    """
    _need(node, who, channel)
    try:
        for tag in (source, target, via):
            check_language(tag)
    except PeerError:
        source = target = ""
    if not source or not target or source == target or via == target:
        raise Refused("voice.direction", "choose two languages, and do not listen to the one you speak into")
    node.interpreting.take(desk, channel, session, Direction(source, target, via))


def leave(node: NodePort, who: Who, desk: DeskPort, channel: str, session: str) -> None:
    """Leave the microphone."""
    need_in(node, who, "call", channel)
    node.interpreting.leave(desk, session)


def ask(node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, what: str) -> None:
    """Ask those who talk, at both sides, to pause or to say it again."""
    _need(node, who, channel)
    node.interpreting.ask(desk, channel, session, what)


def say_aside(node: NodePort, who: Who, channel: str, session: str, what: str, text: str) -> None:
    """A word to the interpreters of our own side in this channel, or the wish to be relieved. It never crosses."""
    _need(node, who, channel)
    made = make_text(text)
    if len(made) > limits.TEXT_CHARS_MAX:
        raise Refused("calls.text", f"a line has at most {limits.TEXT_CHARS_MAX} characters; finish it and go on")
    us = node.identity.ours.side
    there = [desk for desk in node.desks.at(channel) if _interprets(node, desk.person)]
    word: dict[str, JsonInput] = {
        "told": "aside", "channel": channel, "session": session, "what": what, "person": who.person,
        "name": person_name(node, us, who.person)[0], "text": made, "at": moment_text(node.moment()),
        "others": len({desk.person for desk in there} - {who.person}),  # whoever says it must know if nobody is there
    }  # fmt: skip
    for desk in there:
        desk.sink.tell(word)


def _interprets(node: NodePort, person: str) -> bool:
    account = accounts.find(node.store, person)
    return account is not None and "interpreter" in account.roles


def _need(node: NodePort, who: Who, channel: str) -> None:
    need_in(node, who, "call", channel)
    if "interpreter" not in who.roles:
        raise Refused("voice.stream", "only an interpreter may do this")
