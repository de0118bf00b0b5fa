"""Negotiated texts, as a person works on them: open one, put parts in, propose, accept, move, agree, comment.

Owns: rights, and the way from what is typed to a fact (places, changes, digests).
Does not own: what is allowed (subjects/texts/), reading (negotiated.py), signing (text_signing.py).
Always true:
  1. What is proposed is the change that was typed, and names the alternative it was typed over, by its digest.
  2. Private notes are kept here and never said on the line.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from parley.actions.negotiated import text_view, unit_view
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need_in
from parley.codec.text import make_text
from parley.errors import Refused
from parley.people import text_notes
from parley.subjects.kinds import Fact
from parley.subjects.texts import Alternative, Change, TextView, UnitView, saying
from parley.subjects.texts.content import ordered, text_digest
from parley.subjects.texts.editing import edit
from parley.subjects.texts.positions import between

_SALT_SIGNS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


async def open_text(
    node: NodePort, who: Who, channel: str, *, title: str, languages: Sequence[tuple[str, bool]] = (),
    form: str = "text", status: str = "",
) -> Sent:  # fmt: skip
    """Open a text in a channel.

    Args:
        languages: Pairs of a tag and whether our side answers for it; by default the first language of each side.
    """
    need_in(node, who, "release", channel)
    ours, theirs = node.identity.ours, node.identity.theirs
    pairs = [(tag, ours.side if our else theirs.side) for tag, our in languages]
    if not pairs:
        pairs = [(ours.languages[0], ours.side)]
        if theirs.languages[0] != ours.languages[0]:
            pairs.append((theirs.languages[0], theirs.side))
    fact = saying.open_text(channel, title=make_text(title).strip(), languages=pairs, form=form)
    return await write(node, who, fact, status=status)


async def add_unit(
    node: NodePort, who: Who, channel: str, subject: str, *, level: str, words: dict[str, str], under: str = "",
    after: str = "", reason: str = "",
) -> Sent:  # fmt: skip
    """Put a part in: after a named part, or last under another one ("" for the text itself).

    Raises: Refused `texts.…`, `codec.…`. Nothing was written.
    """
    view = _view(node, who, channel, subject)
    parent, position = _place(view, level, under, after)
    said = {tag: make_text(text).strip() for tag, text in words.items() if text.strip()}
    if not said:
        raise Refused("texts.empty-words", "say the words of this part in a language of your side")
    renders = [tag for tag in view.frame.tags if tag not in said]
    fact = saying.add(
        channel, subject, level=level, parent=parent, position=position, words=said, renders=renders,
        reason=make_text(reason).strip(),
    )  # fmt: skip
    return await _write(node, who, view, fact)


def _place(view: TextView, level: str, under: str, after: str) -> tuple[str, str]:
    """Give parent and position: right after a part on its own level, or last under a part."""
    found = ordered(view)
    if after:
        before = next((one.unit for one in found if one.unit.name == after), None)
        if before is None:
            raise Refused("texts.unit", "the part it should follow is not there")
        siblings = [one.unit.position for one in found if one.unit.parent == before.parent]
        above = next((each for each in siblings if each > before.position), "")
        return before.parent, between(before.position, above, _salt())
    siblings = [one.unit.position for one in found if one.unit.parent == under]
    return under, between(siblings[-1] if siblings else "", "", _salt())


def _salt() -> str:
    """Give four signs by which two parts put in at the same place at the same time get different positions."""
    return "".join(secrets.choice(_SALT_SIGNS) for _ in range(4))


async def propose(
    node: NodePort, who: Who, channel: str, subject: str, unit: str, alternative: str, *, tag: str, words: str,
    reason: str = "", also: bool = True,
) -> Sent:  # fmt: skip
    """Propose other words: `words` are those of the alternative as they should be; what differs is proposed.

    Args:
        also: The other languages change with it, and their sides are asked to give the words; False for a change that
            concerns this language alone.
    """
    view = _view(node, who, channel, subject)
    found = unit_view(view, unit)
    _alternative(found, alternative)
    made = edit(found.alternatives, alternative, tag, make_text(words).strip())
    renders = [other for other in view.frame.tags if other != tag] if also else []
    fact = saying.propose(
        channel, subject, unit, found.alternatives[made.base].ref, {tag: made.change}, renders=renders,
        reason=make_text(reason).strip(),
    )  # fmt: skip
    return await _write(node, who, view, fact)


async def render(
    node: NodePort, who: Who, channel: str, subject: str, unit: str, alternative: str, *, tag: str, words: str
) -> Sent:
    """Give an alternative in our language: the words of the whole as they then read."""
    view = _view(node, who, channel, subject, right="translate" if "translate" in who.rights else "release")
    found = unit_view(view, unit)
    one = _alternative(found, alternative)
    told = make_text(words).strip()
    if one.base:
        made = edit(found.alternatives, one.base, tag, told)
        if made.base != one.base:
            raise Refused("texts.range", "these words change another place than the alternative you are giving")
        change = made.change
    else:
        change = Change(start=0, end=0, words=told)
    return await _write(node, who, view, saying.render(channel, subject, unit, one.ref, tag, change))


async def settle(
    node: NodePort, who: Who, channel: str, subject: str, unit: str, act: str, *, alternative: str = "",
    digest: str = "", reason: str = "",
) -> Sent:  # fmt: skip
    """Do one act about a unit: accept, withdraw, agree, agree-ad-referendum, take-back, ask-reopen, reopen, concordant.

    Args:
        digest: Of the words that were on the screen, for agreeing and marking; another one now is refused.
    """
    view = _view(node, who, channel, subject)
    found, at = unit_view(view, unit), (channel, subject)
    why = make_text(reason).strip()
    if act == "accept":
        fact = saying.accept(*at, unit, _alternative(found, alternative).ref)
    elif act == "withdraw":
        fact = saying.withdraw(*at, unit, _alternative(found, alternative).ref, why)
    elif act in ("agree", "agree-ad-referendum"):
        fact = saying.agree(*at, unit, digest, "agreed" if act == "agree" else "ad-referendum")
    elif act == "concordant":
        fact = saying.mark_concordant(*at, unit, digest)
    else:
        fact = _reopening(node, found, at, act, why)
    return await _write(node, who, view, fact)


def _reopening(node: NodePort, found: UnitView, at: tuple[str, str], act: str, why: str) -> Fact:
    ours, unit = node.identity.ours.side, found.name
    if act == "take-back":
        own = found.agreement_of(ours)
        if own is None:
            raise Refused("texts.names-one", "no agreement of your side stands here")
        return saying.withdraw_agreement(*at, unit, own.ref, why)
    if act == "ask-reopen":
        standing = next((one for one in reversed(found.agreements) if one.stands), None)
        if standing is None:
            raise Refused("texts.state", "it is open already")
        return saying.ask_reopen(*at, unit, standing.ref, why)
    if act == "reopen":
        asked = next((one for one in found.asked if one.side != ours), None)
        if asked is None:
            raise Refused("texts.names-one", "the other side did not ask to open it again")
        return saying.reopen(*at, unit, asked.ref)
    raise Refused("texts.act", f'there is no act "{act[:40]}"')


async def move(
    node: NodePort, who: Who, channel: str, subject: str, unit: str, *, under: str = "", after: str = ""
) -> Sent:
    """Put a unit after another, or last under one."""
    view = _view(node, who, channel, subject)
    found = unit_view(view, unit)
    if after == unit or under == unit:
        raise Refused("texts.parent", "a part cannot stand after or under itself")
    parent, position = _place(view, found.level, under, after)
    return await _write(node, who, view, saying.move(channel, subject, unit, parent=parent, position=position))


async def step(node: NodePort, who: Who, channel: str, subject: str, unit: str, way: str) -> Sent:
    """Move a unit one place up or down among those beside it."""
    view = _view(node, who, channel, subject)
    found = unit_view(view, unit)
    beside = [one.unit for one in ordered(view) if one.unit.parent == found.place.parent]
    at = next(number for number, one in enumerate(beside) if one.name == unit)
    to = at - 2 if way == "up" else at + 1
    if not (0 if way == "up" else -1) <= at + (-1 if way == "up" else 1) < len(beside):
        raise Refused("texts.edge", "it stands at the edge already")
    low = beside[to].position if to >= 0 else ""
    above = beside[to + 1].position if to + 1 < len(beside) else ""
    position = between(low, above, _salt())
    fact = saying.move(channel, subject, unit, parent=found.place.parent, position=position)
    return await _write(node, who, view, fact)


async def comment(node: NodePort, who: Who, channel: str, subject: str, unit: str, *, text: str) -> Sent:
    """Say something beside a unit, or the whole text (""), where both sides read it."""
    view = _view(node, who, channel, subject)
    language = node.identity.ours.languages[0]
    return await _write(node, who, view, saying.comment(channel, subject, unit, make_text(text).strip(), language))


async def note(node: NodePort, who: Who, channel: str, subject: str, unit: str, *, text: str) -> None:
    """Keep a note that only our side reads; it never crosses the line."""
    need_in(node, who, "draft", channel)
    view = text_view(node, channel, subject)
    if unit:
        unit_view(view, unit)
    made = text_notes.note(
        node.store, channel, subject, unit, who.person, text, node.moment(), secrets.token_hex(8)
    )  # fmt: skip
    await node.keep([made])
    node.tell("draft", {"channel": channel})


async def propose_fallback(node: NodePort, who: Who, channel: str, subject: str, *, reason: str = "") -> Sent:
    """Propose to keep the text as it is now, frozen, beside the working text."""
    view = _view(node, who, channel, subject)
    fact = saying.propose_fallback(channel, subject, text_digest(view), make_text(reason).strip())
    return await _write(node, who, view, fact)


async def agree_fallback(node: NodePort, who: Who, channel: str, subject: str, digest: str) -> Sent:
    """Agree to the fallback with this digest that the other side proposed."""
    view = _view(node, who, channel, subject)
    theirs = [one for one in view.frame.fallbacks if one.digest == digest and not one.agreed]
    found = next((one for one in reversed(theirs) if one.side != node.identity.ours.side), None)
    if found is None:
        raise Refused("texts.names-one", "the other side proposed no such fallback")
    return await _write(node, who, view, saying.agree_fallback(channel, subject, found.ref))


# --- inside -----------------------------------------------------------------------------------------------------------


def _view(node: NodePort, who: Who, channel: str, subject: str, *, right: str = "release") -> TextView:
    need_in(node, who, right, channel)
    return text_view(node, channel, subject)


def _alternative(unit: UnitView, name: str) -> Alternative:
    if name not in unit.alternatives:
        raise Refused("texts.names-one", "there is no such alternative")
    return unit.alternatives[name]


async def _write(node: NodePort, who: Who, view: TextView, fact: Fact) -> Sent:
    return await write(node, who, fact, status=view.frame.status)
