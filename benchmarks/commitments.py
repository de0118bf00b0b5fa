"""Rows about commitments: the register of 500 of them, read and drawn as its page is, and one commitment.

Both sides have a view of two in three; some are disputed, due or overdue. What is timed is what a node does for one
look: the rows by the clock, every filter counted, and the table drawn.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final, cast

from benchmarks.rows import Row, limit_row, quantile
from benchmarks.texts import Talk
from parley import limits
from parley.actions import commitments
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.desk.render import Renderer
from parley.desk.words import Words
from parley.record.names import Ref
from parley.subjects.channels import facts as channels
from parley.subjects.commitments import facts
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text

COUNT: Final = 500
REGISTER_MS: Final = 300.0  # as a large text: a page that is open before somebody looks for it
_CHANNEL: Final = "talks"
_DAY_MS: Final = 86_400_000
_WHAT: Final = (
    "Each side names a point of contact for serious incidents and tells the other of every change within a week. "
)


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows about commitments."""
    if only and "commitments" not in only:
        return
    node = _filled()
    who = Who(person="ann", roles=("delegate",), via="session")
    renderer, words, page = Renderer(), Words("en"), limits.COMMITMENTS_SHOWN
    sides = SimpleNamespace(our_name="North", their_name="South")

    def look(which: str) -> str:
        found = commitments.register(node, who, which=which)
        values: dict[str, Any] = {
            "r": found, "which": which, "only": "", "titles": {_CHANNEL: "Talks"}, "page": page, "sides": sides,
            "now": moment_text(node.moment()),
        }  # fmt: skip
        return renderer.page("_commitments.html", words, values)

    look("all")  # the template is compiled at a node's start
    took = [_took(lambda: look("all")) for _ in range(20)]
    drawn = len(look("all")) // 1024
    why = f"of {COUNT}, {page} on the page, seven filters counted, {drawn} KiB drawn"
    yield limit_row("commitments register p95", quantile(took, 0.95), REGISTER_MS, "ms", why=why)
    read = [_took(lambda: commitments.register(node, who, which="overdue")) for _ in range(20)]
    yield limit_row("commitments register, rows alone", quantile(read, 0.5), REGISTER_MS, "ms", why="median")
    reminded = [_took(lambda: commitments.reminders(node, who)) for _ in range(20)]
    yield limit_row(
        "commitments reminders", quantile(reminded, 0.5), REGISTER_MS, "ms", why="median, for the first page"
    )
    subjects = [row.subject for row in commitments.register(node, who, which="all").rows]
    one = [_took(lambda name=name: commitments.commitment(node, who, _CHANNEL, name)) for name in subjects[:100]]  # type: ignore[misc]
    yield limit_row("commitment, both views and history p95", quantile(one, 0.95), REGISTER_MS, "ms")


def _took(doing: Any) -> float:
    began = time.perf_counter()
    doing()
    return (time.perf_counter() - began) * 1e3


def _filled() -> NodePort:
    """Give both sides with 500 commitments, and North's as far as actions use a node."""
    dice, talk = random.Random(4), Talk()
    for side, person in ((talk.north, "ann"), (talk.south, "lin")):
        talk.say(side, standing.list_person(side.us, person, name=person.title(), role="delegate", binds=False))
    proposal = talk.say(talk.north, channels.propose(_CHANNEL, "Talks"))
    talk.say(talk.south, channels.agree(_CHANNEL, proposal))
    start = talk.north.clock
    for number in range(COUNT):
        due = moment_text(Moment(start + dice.randint(-60, 300) * _DAY_MS))
        ref = talk.say(talk.north, facts.make(
            _CHANNEL, unilateral=False, who=["north", "south"], what=f"{number}: {_WHAT * 2}", due=due, seen="A list",
            source="free", place="", words="", entry=None,
        ))  # fmt: skip
        subject = f"commitment/north/0/{ref.number}"
        talk.say(talk.south, facts.about(_CHANNEL, subject, "agreed"))
        if number % 3:
            _viewed(talk, dice, subject, ref)
    identity = SimpleNamespace(
        ours=SimpleNamespace(side="north", name="North"), theirs=SimpleNamespace(side="south", name="South")
    )
    node = SimpleNamespace(
        identity=identity, store=talk.north.store, book=talk.north.book, moment=lambda: Moment(talk.north.clock)
    )
    return cast("NodePort", node)


def _viewed(talk: Talk, dice: random.Random, subject: str, evidence: Ref) -> None:
    for side in (talk.north, talk.south):
        for state in dice.sample(facts.VIEWS, k=2):
            at = moment_text(Moment(talk.north.clock))
            talk.say(side, facts.see(
                _CHANNEL, subject, state=state, as_of=at, note="As the list shows.", evidence=[("The list", "")],
                entries=[evidence],
            ))  # fmt: skip
