"""Readouts under any interleaving: both nodes, and one that restarts, see the same; only what was sealed opens."""

from __future__ import annotations

import random

import pytest
from tests.subjects.pair import START, Node, meet, pair
from tests.subjects.test_crossed import assert_same
from tests.subjects.test_readouts import SALT, digest, said

from parley.errors import Refused
from parley.subjects import Fact
from parley.subjects.readouts import ReadoutView, facts
from parley.times import Moment, moment_text

TEXTS = ("Account one of the meeting.", "Account two of the meeting.")


def guess(node: Node, dice: random.Random) -> tuple[Fact, str]:
    """Give something this node might want to say now, allowed or not."""
    person = dice.choice({"north": ["ann", "bob"], "south": ["lin", "mei"]}[node.us])
    at = dice.choice(["", moment_text(Moment(START + dice.randint(1, 60) * 1000))])
    fresh = facts.ask("leaders", title="Meeting", date="2026-09-20", open_at=at)
    rows = node.store.recent("leaders", ("readout.asked",), before=None, count=2)
    views = [one for row in rows if isinstance(one := node.book.view("leaders", row.subject), ReadoutView)]
    if not views or dice.random() < 0.1:
        return fresh, person
    view = dice.choice(views)
    about, text = ("leaders", view.subject), dice.choice(TEXTS)
    opened = [one.opened for one in view.accounts if one.opened is not None] or [view.ref]
    confirmed = [one.confirmed for one in view.accounts if one.confirmed is not None] or [view.ref]
    wishes = [
        facts.agree_time(*about),
        facts.seal(*about, digest(node, view.subject, text)),
        facts.open_sealed(*about, salt=SALT, language="en", text=text),
        facts.confirm(*about, dice.choice(opened), [said(0, 7)] * dice.randint(1, 2)),
        facts.contest(*about, dice.choice(confirmed), dice.randint(0, 1), "Not so."),
        facts.share_press(*about, source="S", date="2026-09-21", address="", language="en", text="They met."),
    ]
    return dice.choice(wishes), person


@pytest.mark.parametrize("seed", range(12))
def test_readouts_converge_and_only_sealed_words_open(seed: int) -> None:
    """Promise 6, also where South writes what no rule allows."""
    dice = random.Random(seed)
    north, south = pair()
    for _ in range(160):
        node, other = dice.choice([(north, south), (south, north)])
        if dice.random() < 0.3:
            logs = [log for log in sorted(other.store.logs()) if log.side == other.us]
            node.hear(other, dice.choice(logs), dice.randint(1, 4))
            continue
        fact, person = guess(node, dice)
        entry = node.draft(fact, person)
        try:
            if node is north or dice.random() < 0.8:
                node.book.judge(entry)
            node.put(entry)
        except Refused:
            continue
    meet(north, south)
    assert_same(north, south)
    seen = [one for row in north.store.recent("leaders", ("readout.asked",), before=None, count=50)
            if isinstance(one := north.book.view("leaders", row.subject), ReadoutView)]  # fmt: skip
    assert seen
    for view in seen:
        for account in view.accounts:
            assert not account.text or account.digest == digest(north, view.subject, account.text, side=account.side)
            assert not account.text or len(view.accounts) == 2 or view.time_agreed_at
