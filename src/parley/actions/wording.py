"""What somebody wants to say, before it is a draft or a message: its parts, its bounds, and the fact it becomes.

Owns: `Words`, and what must be true of them whoever sends them and by whatever way.
Does not own: who may send (messages.py), drafts and the second person (drafting.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from parley import limits
from parley.actions.files import file_facts
from parley.actions.ports import NodePort
from parley.codec.text import count_words, make_text
from parley.errors import Refused
from parley.subjects.kinds import Fact
from parley.subjects.messages import PRECEDENCES, due_for
from parley.subjects.messages import facts as said

_STATUSES: Final = ("actual", "exercise", "test")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What somebody wants to say, before it is a draft or a message."""

    channel: str
    text: str
    language: str
    precedence: str = "ROUTINE"
    status: str = ""  # "": what this node is for
    title: str = ""
    order: bool = False  # asks for a read-back
    answers: str = ""  # subject it answers
    attachments: tuple[str, ...] = ()  # roots of files already taken in by `attach`


def checked(node: NodePort, words: Words) -> Words:
    """Give the words as they will stand in the entry; raises Refused `messages.…` saying what is wrong.

    A status left open stays so: the node fills in its own.
    """
    known_precedence(words.precedence)
    status = words.status or node.default_status
    if status not in _STATUSES:
        raise Refused("messages.status", f"expected {', '.join(_STATUSES)}, got {status[:20]!r}")
    if node.default_status != "actual" and status == "actual":
        raise Refused("messages.status", f"this node is for {node.default_status}: nothing here is marked actual")
    text, title = make_text(words.text), make_text(words.title) if words.title else ""
    if not text.strip():
        raise Refused("messages.empty", "there are no words to send")
    if words.precedence in said.URGENT and count_words(text) > limits.URGENT_WORDS_MAX:
        raise Refused(
            "messages.words",
            f"{words.precedence} holds at most {limits.URGENT_WORDS_MAX} words, this has {count_words(text)}",
        )
    if text == words.text and title == words.title:
        return words
    return replace(words, text=text, title=title)


def known_precedence(precedence: str) -> str:
    """Give it back; raises Refused `messages.precedence` if there is none of that name."""
    if precedence not in PRECEDENCES:
        raise Refused("messages.precedence", f"expected {', '.join(PRECEDENCES)}, got {precedence[:20]!r}")
    return precedence


def fact_of(node: NodePort, by: str, words: Words, *, drafted_by: str, alone: bool) -> Fact:
    """Give the fact that says these words, released by `by`."""
    return said.send(
        words.channel,
        text=words.text,
        language=words.language,
        due=due_for(words.precedence, node.moment()),
        drafted_by=drafted_by,
        released_by=(by,),
        title=words.title,
        released_alone=alone,
        attachments=[file_facts(node, root) for root in words.attachments] if words.attachments else (),
        order=words.order,
        answers=words.answers,
    )
