"""When a fact about a text is allowed; raises Refused.

Owns: one rule a kind. Each reads the frame and the one unit it names as the entry's own past shows them; only the kinds
that name a digest of the whole text read all of it.
Always true:
  1. A side writes only in the languages it answers for.
  2. Words both sides agreed to, and a text both signed, are changed by neither alone.
  3. What is initialled, signed or kept as fallback is the digest of the text as its author's own past shows it.
"""

from __future__ import annotations

from typing import Final, cast

from parley import limits
from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.binding import require
from parley.subjects.kinds import Body, Standing, need
from parley.subjects.texts.algebra import Alternative, Change, covers, overlaps
from parley.subjects.texts.alternatives import named
from parley.subjects.texts.content import may_stand_under, text_digest, unready
from parley.subjects.texts.facts import SIGNING
from parley.subjects.texts.unit_view import UnitView
from parley.subjects.texts.view import FrameView, TextView

_CHANGING: Final = frozenset(
    f"text.{name}" for name in ("added", "proposed", "rendered", "accepted", "withdrawn", "moved", "reopened")
)
_WORDS_CHANGING: Final = frozenset(
    f"text.{name}" for name in ("proposed", "rendered", "accepted", "withdrawn", "moved")
)


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the text as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    if kind == "text.opened":
        sides = {one["side"] for one in cast("list[dict[str, str]]", entry.body["languages"])}
        need(len(sides) <= 2, "texts.languages", "two sides answer for the languages of a text")
        return
    need(isinstance(view, TextView), "texts.unknown", "the text it speaks of is not in its past")
    text = cast(TextView, view)
    need(entry.status == text.frame.status, "texts.status", f"the text is {text.frame.status}, so its facts must be")
    need(text.facts < limits.TEXT_FACTS_MAX, "texts.full", "too much was said about this text; open another")
    if kind in _CHANGING:
        _allow_changing(act, text.frame)
    if kind in SIGNING or kind == "text.fallback-proposed":
        _allow_whole(act, text, standing)
    elif kind == "text.added":
        _allow_added(act, text)
    elif entry.body.get("unit"):
        _allow_unit(act, text)
    else:
        _allow_frame(act, text.frame)


def _allow_changing(act: Act, frame: FrameView) -> None:
    need(not frame.signed, "texts.signed", "both sides signed this text: it changes no more")
    need(
        frame.signature_of(act.entry.side) is None, "texts.own-signature",
        "a signature of your side stands: take it back before you change the text",
    )  # fmt: skip


# --- the text as a whole ----------------------------------------------------------------------------------------------


def _allow_frame(act: Act, frame: FrameView) -> None:
    need(frame.facts < limits.FRAME_FACTS_MAX, "texts.full", "too much was said about this text as a whole")
    kind, side = act.entry.kind, act.entry.side
    if kind == "text.fallback-agreed":
        found = next((one for one in frame.fallbacks if (one.ref,) == act.entry.refs), None)
        need(found is not None, "texts.names-one", "it must name one proposal of a fallback in its past")
        need(found and found.side != side, "texts.side", "the other side agrees to a fallback")
        need(found and not found.agreed, "texts.again", "it was agreed before")
    elif kind == "text.signature-withdrawn":
        signature = next((one for one in frame.signatures if (one.ref,) == act.entry.refs), None)
        need(signature is not None, "texts.names-one", "it must name one signature in its past")
        need(signature and signature.side == side, "texts.side", "a side takes back its own signature")
        need(signature and signature.stands, "texts.again", "it was taken back before")
        final = signature is not None and signature.grade == "signed" and signature.digest == frame.signed
        need(not final, "texts.signed", "both sides signed this text: no signature is taken back")
    else:
        need(kind == "text.commented" and not act.entry.refs, "texts.unknown", "the unit it speaks of is not named")


def _allow_whole(act: Act, text: TextView, standing: Standing) -> None:
    """A digest of the whole text counts only if it is that of the text its author had."""
    frame, entry = text.frame, act.entry
    need(frame.facts < limits.FRAME_FACTS_MAX, "texts.full", "too much was said about this text as a whole")
    same = entry.body["digest"] == text_digest(text)
    need(same, "texts.digest", "the text has another digest in its past: it changed since it was looked at")
    if entry.kind == "text.fallback-proposed":
        return
    need(len(text.units) > 0, "texts.empty", "there is nothing in the text to sign")
    need(not unready(text), "texts.bracketed", "part of the text is bracketed, or not given in every language")
    need(
        tuple(cast("list[str]", entry.body["languages"])) == frame.tags, "texts.languages",
        "it must name every language of the text, in the text's own order",
    )  # fmt: skip
    grade = entry.kind.removeprefix("text.")
    asked = (entry.side, entry.person, entry.body["digest"], grade)
    again = any(one.stands and (one.side, one.person, one.digest, one.grade) == asked for one in frame.signatures)
    need(not again, "texts.again", "this person did so before, for the same words")
    require(act, standing, must=True)


# --- units ------------------------------------------------------------------------------------------------------------


def _allow_added(act: Act, text: TextView) -> None:
    body, side = act.entry.body, act.entry.side
    need(len(text.units) < limits.TEXT_UNITS_MAX, "texts.full", "the text has too many parts; open another")
    tags = [one["tag"] for one in cast("list[dict[str, str]]", body["words"])]
    _need_languages(text.frame, side, tags, cast("list[str]", body["renders"]))
    everything = sorted([*tags, *cast("list[str]", body["renders"])])
    need(everything == sorted(text.frame.tags), "texts.languages", "give each language, or leave it to be rendered")
    _need_place(text, body)


def _need_languages(frame: FrameView, side: str, tags: list[str], renders: list[str]) -> None:
    need(len(set(tags)) == len(tags), "texts.languages", "each language once")
    for tag in tags:
        need(frame.may_write(side, tag), "texts.language", f"your side does not answer for the words in {tag}")
    for tag in renders:
        need(tag in frame.tags and tag not in tags, "texts.languages", f"{tag} cannot be left to be rendered")


def _need_place(text: TextView, body: Body) -> None:
    parent = cast(str, body["parent"])
    if parent:
        need(parent in text.units, "texts.parent", "what it should stand under is not in its past")
        need(text.units[parent].status != "withdrawn", "texts.parent", "what it should stand under was withdrawn")
    own = cast(str, body["unit"]) if "unit" in body else ""
    level = text.units[own].level if own else cast(str, body["level"])
    under = text.units[parent].level if parent else ""
    need(may_stand_under(level, under), "texts.parent", f"a {level} does not stand there")


def _allow_unit(act: Act, text: TextView) -> None:
    entry, body = act.entry, act.entry.body
    name, kind, side = cast(str, body["unit"]), act.entry.kind, act.entry.side
    need(name in text.units, "texts.unit", "the unit it speaks of is not in its past")
    unit = text.units[name]
    need(unit.facts < limits.UNIT_FACTS_MAX, "texts.full", "too much was said about this part of the text")
    if kind == "text.commented":
        need(not entry.refs or _names(unit, entry.refs) is not None, "texts.names-one", "it names no alternative here")
        return
    need(unit.status != "withdrawn", "texts.withdrawn", "this part of the text was withdrawn")
    if kind in _WORDS_CHANGING:
        need(not unit.final, "texts.final", "both sides agreed to these words: only both can open them again")
        own = unit.agreement_of(side)
        need(
            own is None or own.digest != unit.digest, "texts.own-agreement",
            "your side agreed to these words: take that back before you change them",
        )  # fmt: skip
    match kind:
        case "text.proposed":
            _allow_proposed(act, text.frame, unit)
        case "text.rendered":
            _allow_rendered(act, text.frame, unit)
        case "text.accepted":
            found = _named_alternative(unit, entry.refs)
            need(found.side != side, "texts.side", "an alternative is accepted by the other side")
            need(found.state == "open", "texts.state", f"the alternative is {found.state}")
        case "text.withdrawn":
            _allow_withdrawn(side, unit, entry.refs)
        case "text.moved":
            _need_place(text, body)
        case _:
            _allow_agreement(act, unit)


def _names(unit: UnitView, refs: tuple[Ref, ...]) -> Alternative | None:
    """Give the alternative that the one reference names, by its digest."""
    found = unit.alternatives.get(named(refs[0])) if len(refs) == 1 else None
    return found if found is not None and found.ref == refs[0] else None


def _named_alternative(unit: UnitView, refs: tuple[Ref, ...]) -> Alternative:
    found = _names(unit, refs)
    need(found is not None, "texts.names-one", "it must name exactly one alternative in its past")
    return cast(Alternative, found)


def _allow_proposed(act: Act, frame: FrameView, unit: UnitView) -> None:
    body = act.entry.body
    base = _named_alternative(unit, act.entry.refs)
    need(base.alive, "texts.state", f"the words it would change are {base.state}")
    listed = cast("list[dict[str, object]]", body["changes"])
    changes = {cast(str, one["tag"]): _change(one) for one in listed}
    tags = [cast(str, one["tag"]) for one in listed]
    _need_languages(frame, act.entry.side, tags, cast("list[str]", body["renders"]))
    deep, at = 1, base
    while at.base:
        deep, at = deep + 1, unit.alternatives[at.base]
    need(deep <= limits.BRACKETS_DEEP_MAX, "texts.deep", "brackets within brackets, too deep")
    for tag, change in changes.items():
        _need_inside(base, tag, change)
    tried = Alternative(
        name="", base=base.name, side="", person="", at="", reason="", changes=changes, renders=(), state="open",
        accepted_by="", accepted_at="", ref=act.ref,
    )  # fmt: skip
    torn = any(
        one.state == "accepted" and overlaps(one, tried) and not covers(tried, one)
        for one in unit.alternatives.values()
    )
    need(not torn, "texts.replaced", "other words were accepted there: change those, or take in all of them")


def _change(told: dict[str, object]) -> Change:
    return Change(start=cast(int, told["start"]), end=cast(int, told["end"]), words=cast(str, told["words"]))


def _need_inside(base: Alternative, tag: str, change: Change) -> None:
    need(tag in base.changes, "texts.rendered", f"the words it would change are not given in {tag}")
    need(change.end <= len(base.changes[tag].words), "texts.range", "it would change words that are not there")


def _allow_rendered(act: Act, frame: FrameView, unit: UnitView) -> None:
    found = _named_alternative(unit, act.entry.refs)
    told = cast("dict[str, object]", act.entry.body["change"])
    tag, change = cast(str, told["tag"]), _change(told)
    need(frame.may_write(act.entry.side, tag), "texts.language", f"your side does not answer for the words in {tag}")
    need(found.alive, "texts.state", f"the alternative is {found.state}")
    need(tag in found.renders and tag not in found.changes, "texts.rendered", f"it waits for no words in {tag}")
    if found.base:
        _need_inside(unit.alternatives[found.base], tag, change)
    else:
        need(change.end == 0 and change.words, "texts.range", "the first words of a unit stand alone")


def _allow_withdrawn(side: str, unit: UnitView, refs: tuple[Ref, ...]) -> None:
    found = _named_alternative(unit, refs)
    need(found.side == side, "texts.side", "a side takes back its own alternatives")
    crossed = any(one.name != found.name and one.alive and overlaps(one, found) for one in unit.alternatives.values())
    need(
        found.state == "open" or (found.state == "accepted" and found.base and crossed), "texts.state",
        f"the alternative is {found.state}",
    )  # fmt: skip


def _allow_agreement(act: Act, unit: UnitView) -> None:
    entry, body, kind, side = act.entry, act.entry.body, act.entry.kind, act.entry.side
    if kind in ("text.agreed", "text.concordant"):
        need(unit.digest, "texts.bracketed", "it is bracketed, or not given in every language")
        need(body["digest"] == unit.digest, "texts.digest", "these words have another digest in its past")
        if kind == "text.concordant":
            need(side not in unit.concordant, "texts.again", "your side said so before")
            return
        own = unit.agreement_of(side)
        before = own is not None and own.digest == unit.digest and own.grade in ("agreed", body["grade"])
        need(not before, "texts.again", "your side agreed to these words before")
        return
    if kind == "text.reopened":
        asked = next((one for one in unit.asked if (one.ref,) == entry.refs), None)
        need(asked is not None, "texts.names-one", "it must name one request to open it again")
        need(asked and asked.side != side, "texts.side", "the other side opens it again")
        need(unit.final, "texts.state", "it is open")
        return
    found = next((one for one in unit.agreements if (one.ref,) == entry.refs), None)
    need(found is not None and found.stands, "texts.names-one", "it must name one agreement that stands")
    if kind == "text.agreement-withdrawn":
        need(found and found.side == side, "texts.side", "a side takes back its own agreement")
        bound = unit.final and found is not None and found.grade == "agreed" and found.digest == unit.digest
        need(not bound, "texts.final", "both sides agreed to these words: ask the other side to open them again")
    else:
        need(unit.final, "texts.state", "it is open already")
