"""When the other facts of the line channel are allowed; raises Refused.

Owns: one rule a kind. Does not own: whether a new card's signatures hold (identity/, checked where keys are used).
"""

from __future__ import annotations

from typing import cast

from parley import limits
from parley.record.names import LogId
from parley.subjects.acts import Act
from parley.subjects.binding import require, rule_roster
from parley.subjects.kinds import Standing, need
from parley.subjects.standing.facts import AGREED
from parley.subjects.standing.view import FallbackView, KeysView, PersonView, RulesView, TestView


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the view of its subject, as its own past shows it."""
    entry = act.entry
    match entry.kind:
        case "roster.listed":
            rule_roster(act, view, standing)
        case "roster.removed":
            need(isinstance(view, PersonView) and view.listed, "roster.unknown", "the person is not on the roster")
            rule_roster(act, view, standing)
        case "rules.proposed":
            _allow_proposed(act, view, standing)
        case "rules.agreed":
            _allow_rules(act, view)
        case "line.tested":
            _allow_answer(act, view)
        case "line.gap":
            need(cast(str, entry.body["from"]) <= cast(str, entry.body["to"]), "gaps.order", "it ends before it begins")
        case "fallback.confirmed":
            need(isinstance(view, FallbackView), "fallback.unknown", "the statement it confirms is not in its past")
            _confirms(act, cast(FallbackView, view))
        case "release.policy":
            _allow_release(act, standing)
        case "keys.confirmed":
            _allow_keys(act, view, standing)
        case "log.ended":
            author = LogId.read(cast(str, entry.body["log"])).side
            need(author in standing.sides() - {entry.side}, "log.own", "a side says this of the other side's logs only")
            need(view is None, "log.again", "it was said before that this log goes no further")
        case "log.opened":
            _allow_opened(act, standing)
        case _:
            pass


def _allow_proposed(act: Act, view: object, standing: Standing) -> None:
    entry = act.entry
    version = cast(int, entry.body["version"])
    need(version > standing.rules_agreed(), "rules.older", "this version is agreed already, or older")
    waiting = view.proposals if isinstance(view, RulesView) else ()
    ours = [proposed for side, proposed, _ in waiting if side == entry.side]
    need(
        all(version > proposed for proposed in ours) and len(ours) < limits.PROPOSALS_MAX,
        "rules.older",
        f"it must be above this side's proposals that wait, of which there are at most {limits.PROPOSALS_MAX}",
    )


def _allow_rules(act: Act, view: object) -> None:
    need(isinstance(view, RulesView), "rules.unknown", "the proposal it agrees to is not in its past")
    need(len(act.entry.refs) == 1, "rules.names-one", "it must name exactly one proposal")
    ref, version = act.entry.refs[0], act.entry.body["version"]
    side = next((one[0] for one in cast(RulesView, view).proposals if one[2] == ref and one[1] == version), None)
    need(side is not None, "rules.names-one", "the proposal it names is not open in its past, or is of another version")
    need(side != act.entry.side, "rules.own", "a side cannot agree to its own proposal")


def _allow_answer(act: Act, view: object) -> None:
    entry = act.entry
    need(isinstance(view, TestView), "tests.unknown", "the test it answers is not in its past")
    test = cast(TestView, view)
    need(entry.side != test.side, "tests.own", "a side cannot answer its own test")
    need(test.same is None, "tests.again", "the test was answered before")
    need(entry.body["nonce"] == test.nonce, "tests.nonce", "it answers with another nonce than the test's")


def _allow_release(act: Act, standing: Standing) -> None:
    entry = act.entry
    by = cast("list[str]", entry.body["laid_down_by"])
    need(entry.person in by, "release.person", "the person who speaks must be among those who lay it down")
    named = {*by, *cast("list[str]", entry.body["persons"])}
    need(
        all(standing.listed(entry.side, person) for person in named),
        "release.person",
        "one of the persons is not on the roster",
    )
    require(act, standing, must=True)  # it frees one person from the second: a stolen node must not lay it down


def _allow_keys(act: Act, view: object, standing: Standing) -> None:
    entry = act.entry
    need(isinstance(view, KeysView), "keys.unknown", "the announcement it confirms is not in its past")
    keys = cast(KeysView, view)
    _confirms(act, keys)
    need(entry.body["digest"] == keys.digest, "keys.digest", "it confirms another card than was announced")
    need(not keys.confirmed_at, "keys.again", "the card was confirmed before")
    # Two cards confirmed at once: each node would run with the other's new one and take in nothing more of it,
    # not even the confirmation.
    need(
        entry.side > keys.side or not standing.announces_keys(entry.side),
        "keys.turn",
        f"both sides have announced a card: that of {min(entry.side, keys.side)} is confirmed first",
    )


def _confirms(act: Act, view: FallbackView | KeysView) -> None:
    need(act.entry.side != view.side, "line.own", "a side cannot confirm its own statement")
    need(act.entry.refs == (view.ref,), "line.names-one", "it must name the latest statement, and nothing else")


def _allow_opened(act: Act, standing: Standing) -> None:
    entry = act.entry
    need(entry.number == 0 and entry.epoch > 0, "log.opened", "only the first entry of a later epoch opens it")
    name, size, _ = cast("list[object]", entry.body["previous"])
    previous = LogId.read(cast(str, name))
    need(
        (previous.channel, previous.side) == (entry.channel, entry.side) and previous.epoch < entry.epoch,
        "log.opened",
        "it must name an earlier epoch of the same log",
    )
    need(
        all(one.size <= cast(int, size) for one in entry.past if one.log == previous),
        "log.shorter",
        "its own past holds more of the epoch before than it names as the last known head",
    )
    if entry.body["reason"] == AGREED:
        need(standing.log_ended(previous), "log.not-ended", "the other side has not ended the log before, in its past")
    else:
        need(not entry.person, "subjects.person", "an epoch opened after a loss is the node's own word")
