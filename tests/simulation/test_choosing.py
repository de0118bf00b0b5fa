"""What simulated people say next, and what a full batch demands of them."""

from __future__ import annotations

from parley.sim.choosing import Chooser
from parley.sim.dice import Dice
from parley.sim.meter import Meter
from parley.sim.moves import TABLES, made
from parley.sim.report import NOT_WRITTEN, UNREACHABLE, Report, kinds, line_codes
from parley.subjects.kinds import Fact
from parley.subjects.table import KINDS


def test_what_was_said_least_is_tried_before_what_everybody_says() -> None:
    """Two texts in a thousand would be opened again by chance; rules nobody meets are rules nobody has tried."""
    chooser = Chooser(Dice(1, "choices"))
    facts = [Fact(channel="line", kind=f"toy.{name}", subject=None, body={}) for name in "abcdef"]
    for _ in range(9):
        for name in "abcde":
            chooser.hear(f"toy.{name}")
    orders = [[fact.kind for fact in chooser.order(facts)] for _ in range(300)]
    chosen = [order for order in orders if len(order) > 1]
    assert 100 < len(chosen) < 230  # else by chance: the rules must go on refusing much
    assert chosen[0][0] == "toy.f" and all(len(set(order)) == 4 for order in chosen)
    assert {order[0] for order in chosen} == {f"toy.{name}" for name in "abcdef"}  # one that never is taken falls back


def test_a_full_batch_demands_every_kind_and_every_listed_move() -> None:
    """A new kind is demanded from its first day, unless somebody says why no world can write it."""
    assert set(kinds()) == KINDS.keys() - NOT_WRITTEN.keys() and NOT_WRITTEN.keys() < KINDS.keys()
    report = Report()
    assert {f"kind: {name}" for name in kinds()} <= set(report.never_met())
    assert "rule book: adopted to ended" in report.never_met() and "done: a name by law" in report.never_met()
    report.meter = Meter()
    report.meter.met("rule book", "adopted to ended")
    report.meter.met("call", "unanswered to missed")
    assert not {"rule book: adopted to ended", "call: any to missed"} & set(report.never_met())
    assert all(not made({}, move) for moves in TABLES.values() for move in moves)


def test_what_is_listed_as_out_of_reach_and_is_met_after_all_fails_the_batch() -> None:
    """A list of excuses that nobody holds to the truth grows: two codes stood there and were met in every batch."""
    report = Report()
    before = report.never_met()
    code = next(iter(UNREACHABLE))
    report.meter.met("code", code)
    assert set(report.never_met()) - set(before) == {f"code: {code} (listed as out of reach)"}
    assert UNREACHABLE.keys() <= line_codes()
