"""Two nodes that edit one text at once, each hearing the other late and in parts; whatever the rules allow is said."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from tests.subjects.pair import Node, meet, pair

from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.texts import Change, TextView, UnitView, saying
from parley.subjects.texts.content import text_digest
from parley.subjects.texts.positions import between

CHANNEL = "leaders"
TAGS = {"north": "en", "south": "zh"}
PEOPLE = {"north": "ann", "south": "lin"}
WORDS = {"en": ("Each side tells", " the other ", "within ten days"), "zh": ("每一方", "在十日内", "通知另一方")}


def opened(*, both: bool = True) -> tuple[Node, Node, str]:
    """Give two nodes and a text open between them, English for North and Chinese for South."""
    north, south = pair()
    languages = [("en", "north"), ("zh", "south")] if both else [("en", "north")]
    ref = north.say(saying.open_text(CHANNEL, title="On notification", languages=languages), "ann")
    meet(north, south)
    return north, south, f"text/north/{ref.log.epoch}/{ref.number}"


def text_of(node: Node, subject: str) -> TextView:
    """Give the text as a node sees it."""
    view = node.book.view(CHANNEL, subject)
    assert isinstance(view, TextView)
    return view


def guess(node: Node, subject: str, dice: random.Random) -> Fact:
    """Give something this node might want to say now, allowed or not."""
    view, tag = text_of(node, subject), TAGS[node.us]
    other = next(one for one in TAGS.values() if one != tag)
    at = (CHANNEL, subject)
    names = list(view.units)
    if not names or dice.random() < 0.06:
        level = dice.choice(["article", "article", "paragraph", "point", "heading"])
        parent = dice.choice(names) if names and level in ("paragraph", "point") else ""
        position = between("", "", dice.choice("abcdefgh") + dice.choice("1234"))
        return saying.add(
            *at, level=level, parent=parent, position=position, words={tag: "".join(WORDS[tag])}, renders=[other]
        )
    unit = view.units[dice.choice(names)]
    return dice.choice(_about(at, node, view, unit, dice))()


def _about(
    at: tuple[str, str], node: Node, view: TextView, unit: UnitView, dice: random.Random
) -> list[Callable[[], Fact]]:
    tag = TAGS[node.us]
    other = next(one for one in TAGS.values() if one != tag)
    alternative = dice.choice(list(unit.alternatives.values()))
    size = len(alternative.changes[tag].words) if tag in alternative.changes else 0
    start = dice.randint(0, size)
    change = Change(start=start, end=dice.randint(start, size), words=dice.choice(["", *WORDS[tag]]))
    agreement = dice.choice(unit.agreements).ref if unit.agreements else unit.ref
    asked = unit.asked[-1].ref if unit.asked else unit.ref
    renders = [other] if dice.random() < 0.5 else []
    open_ = [one for one in unit.alternatives.values() if one.state == "open"]
    taking = dice.choice(open_) if open_ else alternative
    lacking = next((one for one in unit.alternatives.values() if tag in one.renders and tag not in one.changes), None)
    found: list[Callable[[], Fact]] = [
        lambda: saying.propose(*at, unit.name, alternative.ref, {tag: change}, renders=renders),
        lambda: saying.propose(*at, unit.name, alternative.ref, {tag: change}),
        lambda: saying.accept(*at, unit.name, taking.ref),
        lambda: saying.accept(*at, unit.name, taking.ref),
        lambda: saying.withdraw(*at, unit.name, taking.ref),
        lambda: saying.move(
            *at, unit.name, parent=unit.place.parent, position=between("", "", dice.choice("abcdefgh"))
        ),
        lambda: saying.agree(*at, unit.name, unit.digest or "00" * 32, dice.choice(["agreed", "ad-referendum"])),
        lambda: saying.agree(*at, unit.name, unit.digest or "00" * 32, "agreed"),
        lambda: saying.withdraw_agreement(*at, unit.name, agreement),
        lambda: saying.ask_reopen(*at, unit.name, agreement),
        lambda: saying.reopen(*at, unit.name, asked),
        lambda: saying.mark_concordant(*at, unit.name, unit.digest or "00" * 32),
        lambda: saying.comment(*at, unit.name, "Why ten?", "en"),
    ]
    if lacking is not None:
        words = Change(start=0, end=0, words=WORDS[tag][0])
        found += [lambda: saying.render(*at, unit.name, lacking.ref, tag, words)] * 4
    if dice.random() < 0.05:
        digest, tags = text_digest(view), view.frame.tags
        found += [lambda: saying.propose_fallback(*at, digest)]
        found += [
            partial(saying.sign, *at, f"text.{grade}", digest=digest, languages=tags, office="Envoy", powers="Letter 7")
            for grade in ("initialled", "signed", "signed-ad-referendum")
        ]
        refs: list[Ref] = [one.ref for one in (*view.frame.signatures, *view.frame.fallbacks)]
        if refs:
            found += [
                partial(saying.withdraw_signature, *at, dice.choice(refs)),
                partial(saying.agree_fallback, *at, dice.choice(refs)),
            ]
    return found


def live(seed: int, steps: int) -> tuple[Node, Node, str, int]:
    """Let both sides make `steps` edits between them; give the nodes, the subject, and how many edits were allowed."""
    dice = random.Random(seed)
    north, south, subject = opened()
    said = 0
    for _ in range(20 * steps):
        if said >= steps:
            break
        node, other = dice.choice([(north, south), (south, north)])
        if dice.random() < 0.3:
            for log in sorted(other.store.logs()):
                if log.side == other.us and log.channel == CHANNEL:
                    node.hear(other, log, dice.randint(1, 6))
            continue
        try:
            node.say(guess(node, subject, dice), PEOPLE[node.us])
            said += 1
        except Refused:
            continue
    meet(north, south)
    meet(north, south)
    return north, south, subject, said
