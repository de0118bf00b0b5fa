"""Ladders and their steps: tables of when each is taken, and what holds whatever happens and in whatever order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.errors import Refused
from parley.people import ladders, notices
from parley.people.escalation import NOBODY_S, Escalation, Over, Take, Waits
from parley.people.ladders import DESKS, KINDS, NOTIFY, PERSONS, WATCH, Ladder, Step
from parley.storage.port import ValueRow
from parley.times import Instant, Moment

CALL = Waits(kind="call", channel="leaders", subject="call/south/0/3", precedence="FLASH", since="")
STEPS = (
    Step(after_s=0, how=WATCH),
    Step(after_s=15, how=DESKS),
    Step(after_s=15, how=NOTIFY, who=("duty-sms",)),
    Step(after_s=60, how=PERSONS, who=("rafael",)),
)


@dataclass
class Shelf:
    """Values in memory, as people/ reads them."""

    rows: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def value(self, space: str, key: str) -> bytes | None:
        return self.rows.get((space, key))

    def values(self, space: str, *, prefix: str = "", after: str = "", count: int = 1000) -> list[tuple[str, bytes]]:
        keys = sorted(key for one, key in self.rows if one == space and key.startswith(prefix) and key > after)
        return [(key, self.rows[space, key]) for key in keys[:count]]

    def keep(self, rows: list[ValueRow]) -> None:
        for row in rows:
            if row.value is None:
                self.rows.pop((row.space, row.key), None)
            else:
                self.rows[row.space, row.key] = row.value


def climb(ring: bool, *, until: float, taken: dict[str, int] | None = None) -> list[tuple[float, str]]:
    """Let a call wait, with desks that ring or with none; give when each step was taken."""
    core, found, now = Escalation(taken), [], Instant(0.0)
    effects = core.fold([CALL], lambda _: STEPS, now)
    while now <= until:
        found += [(now, effect.step.how) for effect in effects if isinstance(effect, Take)]
        core.reached({CALL.key: int(ring)}, now)
        wake = core.wake_at()
        if wake is None:
            break
        assert wake > now, "a due step was not taken"
        now, effects = wake, core.tick(wake)
    return found


@pytest.mark.parametrize(
    ("ring", "taken"),
    [
        # Somebody's desk rings: each step in its turn.
        (True, [(0, WATCH), (15, DESKS), (15, NOTIFY), (60, PERSONS)]),
        # Nobody is there: each ringing step is given two seconds, and a notification is an answer of its own.
        (False, [(0, WATCH), (2, DESKS), (2, NOTIFY), (47, PERSONS)]),
    ],
)
def test_steps_are_taken_in_their_turn_and_at_once_where_no_desk_rings(ring: bool, taken: list) -> None:
    """A bell in an empty room helps nobody; a watch that is there is not passed over."""
    assert climb(ring, until=600) == taken


def test_after_a_restart_it_goes_on_where_it_was_and_tells_nobody_twice() -> None:
    """A node that starts again in the middle of a ring must not call the same person again."""
    assert climb(True, until=600, taken={CALL.key: 3}) == [(45, PERSONS)]


def test_it_ends_when_it_is_taken_and_not_before() -> None:
    """Ringing goes on until somebody answers or the caller gives up: there is no other end."""
    core = Escalation()
    core.fold([CALL], lambda _: STEPS, Instant(0.0))
    core.reached({CALL.key: 1}, Instant(0.0))
    core.tick(Instant(86_400.0))
    assert [step.how for step in core.rings(CALL.key)] == [WATCH, DESKS, PERSONS]
    assert core.fold([], lambda _: STEPS, Instant(86_401.0)) == [Over(waits=CALL)]
    assert core.rings(CALL.key) == () and core.wake_at() is None


def test_a_flood_of_one_kind_keeps_no_other_from_ringing() -> None:
    """A peer may send sixty FLASH an hour and more; its call must ring all the same."""
    core = Escalation()
    flood = [Waits(kind="message", channel="leaders", subject=f"message/south/0/{n}") for n in range(500)]
    core.fold([*flood, CALL], lambda _: STEPS, Instant(0.0))
    assert CALL in core.now and len(core.now) == limits.ESCALATIONS_MAX + 1
    flash = Waits(kind="message", channel="leaders", subject="message/south/0/500", precedence="FLASH")
    core.fold([*flood, CALL, flash], lambda _: STEPS, Instant(0.5))
    assert flash in core.now  # its own steps, which may call people outside
    drills = [Waits(kind="stop", subject=f"stop/south/0/{n}", status="exercise") for n in range(500)]
    stop = Waits(kind="stop", subject="stop/north/0/3")
    core.fold([*drills, stop], lambda _: STEPS, Instant(1.0))
    assert stop in core.now and len(core.now) == limits.ESCALATIONS_MAX + 1


THINGS = [CALL, Waits(kind="message", channel="leaders", subject="message/south/0/1"), Waits(kind="line")]
MOVES = st.lists(
    st.tuples(
        st.sets(st.sampled_from(range(3))),  # what waits now
        st.sets(st.sampled_from(range(3))),  # for which of them a desk rings
        st.floats(0, 40),
    ),
    max_size=40,
)
LADDERS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([WATCH, DESKS, NOTIFY])), min_size=0, max_size=5
)  # seconds after the step before, and how


@given(MOVES, LADDERS)
def test_what_waits_is_never_silent_and_no_target_is_told_twice_by_a_step(moves: list, more: list) -> None:
    """The two promises of the room, whatever waits, rings and ends, at whatever times."""
    steps, at = [Step(after_s=0, how=WATCH)], 0
    for after, how in more:
        at += after
        steps.append(Step(after_s=at, how=how, who=("a",) if how == NOTIFY else ()))
    core, now = Escalation(), Instant(0.0)
    runs: dict[str, list[int]] = {}
    for waiting, rings, pause in moves:
        now = Instant(now + pause)
        found = [THINGS[n] for n in sorted(waiting)]
        for effect in core.fold(found, lambda _: tuple(steps), now):
            if isinstance(effect, Over):
                del runs[effect.waits.key]
            else:
                runs.setdefault(effect.waits.key, []).append(effect.number)
        core.reached({THINGS[n].key: 1 for n in rings}, now)
        assert {one.key for one in core.now} == {one.key for one in found}
        for one in found:
            assert core.rings(one.key), "it waits, and no desk is asked to ring"
            assert runs[one.key] == list(range(len(runs[one.key]))), "a step was taken twice, or one was passed over"
        wake = core.wake_at()
        assert wake is None or wake >= now - NOBODY_S


BAD = [
    ("bell", STEPS, "notify.kind"),
    ("call", (), "notify.steps"),
    ("call", STEPS[:1] * (limits.LADDER_STEPS_MAX + 1), "notify.steps"),
    ("call", (Step(after_s=5, how=WATCH),), "notify.steps"),
    ("call", (Step(after_s=0, how=NOTIFY, who=("duty-sms",)),), "notify.steps"),
    ("call", (STEPS[0], Step(after_s=5, how="shout")), "notify.step"),
    ("call", (STEPS[0], Step(after_s=9, how=DESKS), Step(after_s=8, how=DESKS)), "notify.step"),
    ("call", (STEPS[0], Step(after_s=limits.LADDER_S_MAX + 1, how=DESKS)), "notify.step"),
    ("call", (STEPS[0], Step(after_s=5, how=PERSONS)), "notify.step"),
    ("call", (STEPS[0], Step(after_s=5, how=DESKS, who=("rafael",))), "notify.step"),
    ("call", (STEPS[0], Step(after_s=5, how=PERSONS, who=("Rafael!",))), "notify.step"),
    ("call", (STEPS[0], Step(after_s=5, how=NOTIFY, who=("nobody",))), "notify.unknown"),
]


@pytest.mark.parametrize(("kind", "steps", "code"), BAD)
def test_a_ladder_that_could_leave_something_silent_is_refused(kind: str, steps: tuple, code: str) -> None:
    """What is set at noon must ring at three in the morning."""
    with pytest.raises(Refused) as refused:
        ladders.set_ladder(_shelf(), Ladder(channel="", kind=kind, steps=steps), "edda", Moment(0))
    assert refused.value.code == code


def test_the_channels_own_ladder_goes_before_that_of_all_and_that_before_the_built_in() -> None:
    """One channel may be watched by others than the rest; a side that has set nothing rings as well."""
    shelf = _shelf()
    assert ladders.ladder_for(shelf, "leaders", "call").steps == KINDS["call"].steps
    shelf.keep(ladders.set_ladder(shelf, Ladder(channel="", kind="call", steps=STEPS), "edda", Moment(1)))
    own = (Step(after_s=0, how=DESKS),)
    shelf.keep(ladders.set_ladder(shelf, Ladder(channel="leaders", kind="call", steps=own), "edda", Moment(2)))
    assert ladders.ladder_for(shelf, "leaders", "call").steps == own
    assert ladders.ladder_for(shelf, "military", "call").steps == STEPS
    shelf.keep(ladders.reset_ladder("leaders", "call"))
    assert ladders.ladder_for(shelf, "leaders", "call").steps == STEPS
    with pytest.raises(Refused, match=r"notify\.used"):
        ladders.remove_target(shelf, "duty-sms")


def test_an_address_is_nowhere_but_in_the_store() -> None:
    """A printed object, an error or a library's complaint are how passwords reach logs."""
    url = "mailto://edda:hunter2%21@mail.example:587/?to=duty@north.example&key=s3cr3t"
    shelf = _shelf(url)
    kept = ladders.target(shelf, "duty-sms")
    said = [repr(kept), ladders.masked(url)]
    said.append(ladders.scrub(f"Could not log in as EDDA with hunter2! at mail.example:587 ({url})", url))
    with pytest.raises(Refused) as refused:
        ladders.add_target(shelf, "b", f"{url} and more", hides_channel=False, by="edda", now=Moment(0))
    said.append(str(refused.value))
    for secret in ("edda", "hunter2", "mail.example", "north.example", "s3cr3t", "587"):
        assert secret not in " ".join(said).lower(), secret
    assert "mailto://…" in said[0]


def test_a_notification_has_no_argument_by_which_content_could_get_in() -> None:
    """Promise 9: it says that something waits, never what."""
    for kind in KINDS:
        for language in ("en", "ar", "zh", "xx"):
            told = notices.notice(
                side="North", language=language, kind=kind, channel="Leaders", precedence="FLASH", status="exercise",
                since="2026-11-23T03:12:44.000Z",
            )  # fmt: skip
            assert "Leaders" in told.body and "FLASH" in told.body and "03:12Z" in told.body
            assert told.title.startswith("[") and "North" in told.title
            hidden = notices.notice(side="North", language=language, kind=kind, precedence="FLASH")
            assert "Leaders" not in hidden.body
            assert notices.trial(side="North", language=language, kind=kind).title.startswith("[")


def _shelf(url: str = "json://127.0.0.1/") -> Shelf:
    shelf = Shelf()
    shelf.keep(ladders.add_target(shelf, "duty-sms", url, hides_channel=False, by="edda", now=Moment(0)))
    assert json.loads(shelf.rows[ladders.TARGETS, "duty-sms"])["url"] == url
    return shelf
