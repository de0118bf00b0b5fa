"""When a message fact is allowed; raises Refused, and the same words are the reason of a not-valid entry of the peer.

Owns: who of the two sides may add which fact, once or often, before and after what.
Does not own: that the channel is agreed and the person listed (rulings.py), the shape of a body (facts.py).
"""

from __future__ import annotations

from typing import Final, cast

from parley import limits
from parley.codec.text import count_words
from parley.record.binding import is_signed
from parley.subjects.acts import Act
from parley.subjects.binding import require
from parley.subjects.kinds import Standing, need
from parley.subjects.messages import facts
from parley.subjects.messages.view import MessageView

_FROM_AUTHOR: Final = frozenset(
    ("message.corrected", "message.cancelled", "message.confirmed", "message.not-confirmed")
)
_FROM_READER: Final = frozenset(("message.shown", "message.acknowledged", "message.read-back", "file.held"))


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on this view of its message, as its own past shows it."""
    if act.entry.kind == "message.sent":
        _allow_sent(act, standing)
        return
    need(isinstance(view, MessageView), "messages.unknown", "the message it speaks of is not in its past")
    message = cast(MessageView, view)
    entry = act.entry
    need(entry.status == message.status, "messages.status", f"the message is {message.status}, so its facts must be")
    if entry.kind in _FROM_AUTHOR:
        need(entry.side == message.side, "messages.side", "only the side that sent the message may add this")
    elif entry.kind in _FROM_READER:
        need(entry.side != message.side, "messages.side", "only the side that received the message may add this")
    room = limits.MESSAGE_FACTS_MAX
    match entry.kind:
        case "message.shown":
            desk = entry.body["desk"]
            need(
                all((one.desk, one.person) != (desk, entry.person) for one in message.shown),
                "messages.again",
                "this desk has said before that it shows the message",
            )
            need(len(message.shown) < room, "messages.full", f"a message is shown at most {room} times")
        case "message.acknowledged":
            need(message.state != "cancelled", "messages.cancelled", "the message was cancelled")
            need(
                all(one.person != entry.person or one.version < message.version for one in message.acknowledged),
                "messages.again",
                "this person has acknowledged this text before",
            )
            need(len(message.acknowledged) < room, "messages.full", f"at most {room} acknowledgements a message")
            require(act, standing, must=message.precedence == "FLASH")
            need(
                not is_signed(entry) or entry.refs == message.words,
                "binding.words",
                "it is signed, and does not name the words in force in its past",
            )
        case "message.corrected":
            need(message.state != "cancelled", "messages.cancelled", "the message was cancelled")
            # New words of one person would stand under the names, and the signature, of those who released the first.
            need(
                message.precedence != "FLASH",
                "messages.flash-corrected",
                "a FLASH is not corrected, for that would be one person's word: cancel it, and release another",
            )
            _short(cast(str, entry.body["text"]), message.precedence)
            need(len(message.corrections) < room, "messages.full", f"at most {room} corrections a message")
        case "message.cancelled":
            need(message.state != "cancelled", "messages.cancelled", "the message was cancelled before")
        case "message.translated":
            need(len(message.translations) < room, "messages.full", f"at most {room} translations a message")
        case "message.read-back":
            need(message.order, "messages.order", "the message is not an order: nothing to read back")
            need(message.state != "cancelled", "messages.cancelled", "the message was cancelled")
            need(len(message.read_backs) < room, "messages.full", f"at most {room} read-backs a message")
        case "message.confirmed" | "message.not-confirmed":
            _allow_answer(act, message)
        case "file.held":
            named = next((one for one in message.attachments if one.root == entry.body["root"]), None)
            need(named is not None, "messages.file", "the message names no such file")
            need(named is not None and not named.held_at, "messages.again", "this was said before")
        case _:
            pass


def _allow_answer(act: Act, message: MessageView) -> None:
    """A confirmation holds for the one read-back it names, whatever was said since."""
    need(len(act.entry.refs) == 1, "messages.names-one", "it must name exactly one read-back")
    ref = act.entry.refs[0]
    named = next((one for one in message.read_backs if one.ref == ref), None)
    need(named is not None, "messages.names-one", "the read-back it names is not in its past")
    if named is not None:
        need(named.state == "waiting", "messages.again", f"this read-back was {named.state} before")
        need(message.state != "cancelled", "messages.cancelled", "the message was cancelled")


def _allow_sent(act: Act, standing: Standing) -> None:
    entry, body = act.entry, act.entry.body
    precedence = entry.precedence
    need(precedence in facts.PRECEDENCES, "messages.precedence", "a message needs a precedence")
    need(cast(str, body["due"]) > entry.at, "messages.due", "the due time must lie after the time of release")
    _short(cast(str, body["text"]), precedence)
    released = cast("list[str]", body["released_by"])
    drafter = cast(str, body["drafted_by"])
    need(entry.person in released, "messages.releaser", "the person who speaks must be among those who released it")
    for person in released:
        if person != entry.person:
            need(standing.listed(entry.side, person), "messages.releaser", "a releaser is not on the roster")
    alone = body["released_alone"] is True
    if precedence != "FLASH":
        need(not alone, "messages.alone", "released-alone is for FLASH only")
        require(act, standing, must=False)
        return
    require(act, standing, must=True)
    persons = {drafter, *released}
    if not alone:
        need(len(persons) >= 2, "messages.second-person", "a FLASH needs a second person: drafter and releaser are one")
        return
    need(len(persons) == 1, "messages.alone", "released alone, yet it names two persons")
    need(
        standing.releases_alone(entry.side, entry.person),
        "messages.alone",
        "no policy laid down beforehand lets this person release a FLASH alone",
    )


def _short(text: str, precedence: str) -> None:
    if precedence not in facts.URGENT:
        return
    words = count_words(text)
    need(
        words <= limits.URGENT_WORDS_MAX,
        "messages.words",
        f"{precedence} holds at most {limits.URGENT_WORDS_MAX} words, this has {words}",
    )
