"""Readouts: sealed by both, opened together; every way to cheat the seal is refused, and both nodes see the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.subjects.pair import LINE, START, Node, meet, pair, refusal
from tests.subjects.test_crossed import Scene, assert_same

from parley import limits
from parley.errors import PeerError
from parley.record.names import LogId, Ref
from parley.statements import Statement
from parley.subjects import KINDS
from parley.subjects.readouts import ReadoutView, facts
from parley.subjects.readouts.sealing import digest_of, sealed_bytes
from parley.times import Moment, moment_text

OURS, THEIRS = "North said that the strait stays open.", "南方表示海峡保持开放。"
SALT = "5a" * 32


def asked(north: Node, south: Node, *, open_at: str = "") -> str:
    ref = north.say(facts.ask("leaders", title="First meeting", date="2026-09-20", open_at=open_at), "ann")
    meet(north, south)
    return f"readout/north/0/{ref.number}"


def digest(node: Node, subject: str, text: str, *, side: str = "") -> str:
    return digest_of(
        line=LINE, channel="leaders", subject=subject, side=side or node.us, language="en", salt=SALT, text=text
    )


def seal(node: Node, subject: str, text: str, person: str) -> Ref:
    return node.say(facts.seal("leaders", subject, digest(node, subject, text)), person)


def opening(subject: str, text: str, salt: str = SALT) -> facts.Fact:
    return facts.open_sealed("leaders", subject, salt=salt, language="en", text=text)


def seen(node: Node, subject: str) -> ReadoutView:
    view = node.book.view("leaders", subject)
    assert isinstance(view, ReadoutView)
    return view


def both_open() -> tuple[Node, Node, str]:
    north, south = pair()
    subject = asked(north, south)
    seal(north, subject, OURS, "ann")
    seal(south, subject, THEIRS, "lin")
    meet(north, south)
    north.say(opening(subject, OURS))
    south.say(opening(subject, THEIRS))
    meet(north, south)
    return north, south, subject


def said(start: int, end: int, who: str = "North", topic: str = "Strait") -> Statement:
    return Statement(start=0, end=end, words_start=start, words_end=end, who=who, verb="said", topic=topic)


def test_both_seal_then_both_open_and_both_see_the_same() -> None:
    """Issue D, 5: neither account can be written with the other's in hand."""
    north, south, subject = both_open()
    view = seen(south, subject)
    assert view.state == "opened"
    assert {one.side: one.text for one in view.accounts} == {"north": OURS, "south": THEIRS}
    assert not any(one.after or one.alone for one in view.accounts)
    assert_same(north, south)


def test_nobody_opens_before_the_other_has_sealed() -> None:
    """Who opens early lets the other write their account with it in hand."""
    north, south = pair()
    subject = asked(north, south)
    seal(north, subject, OURS, "ann")
    meet(north, south)
    assert refusal(north, opening(subject, OURS)) == "readouts.early"
    lie = north.put(north.draft(opening(subject, OURS)))
    meet(north, south)
    assert south.verdict(lie) == ("not-valid", "readouts.early")
    assert seen(south, subject).state == "sealed-by-one"
    assert_same(north, south)


def test_only_the_words_that_were_sealed_can_be_opened() -> None:
    """Promise 10: another text, another salt, another language, or the other side's seal copied, opens nothing."""
    north, south = pair()
    subject = asked(north, south)
    seal(north, subject, OURS, "ann")
    copied = south.say(facts.seal("leaders", subject, seen(north, subject).accounts[0].digest), "lin")
    meet(north, south)
    assert north.verdict(copied) == ("valid", "")  # a digest says nothing yet
    north.say(opening(subject, OURS))
    meet(north, south)
    for fact in (opening(subject, OURS), opening(subject, THEIRS), opening(subject, OURS, "00" * 32)):
        assert refusal(south, fact) == "readouts.digest"
    lie = south.put(south.draft(opening(subject, OURS)))
    meet(north, south)
    assert north.verdict(lie) == ("not-valid", "readouts.digest")
    assert seen(north, subject).state == "opened-by-one"  # a side that never opens is seen to
    assert_same(north, south)


def test_a_side_seals_once() -> None:
    """Two seals would let a side choose afterwards which of two accounts it had written."""
    north, south = pair()
    subject = asked(north, south)
    seal(north, subject, OURS, "ann")
    second = facts.seal("leaders", subject, digest(north, subject, "Another account."))
    assert refusal(north, second, "bob") == "readouts.again"
    lie = north.put(north.draft(second, "bob"))
    meet(north, south)
    assert south.verdict(lie) == ("not-valid", "readouts.again")
    assert seen(south, subject).accounts[0].digest == digest(north, subject, OURS)


def test_at_an_agreed_time_one_opens_alone_and_a_later_seal_is_marked() -> None:
    """A side that waits for the other's words before it seals is seen to have waited."""
    north, south = pair()
    at = moment_text(Moment(START + 60_000))
    subject = asked(north, south, open_at=at)
    seal(north, subject, OURS, "ann")
    meet(north, south)
    late = {"at": moment_text(Moment(START + 61_000))}
    assert refusal(north, opening(subject, OURS), **late) == "readouts.early"  # asked for, not agreed
    assert refusal(north, facts.agree_time("leaders", subject), "ann") == "readouts.side"
    south.say(facts.agree_time("leaders", subject), "lin")
    meet(north, south)
    assert refusal(north, opening(subject, OURS)) == "readouts.early"  # agreed, not come
    north.say(opening(subject, OURS), **late)
    meet(north, south)
    seal(south, subject, THEIRS, "lin")
    south.say(opening(subject, THEIRS))
    meet(north, south)
    marks = {one.side: (one.alone, one.after) for one in seen(north, subject).accounts}
    assert marks == {"north": (True, False), "south": (False, True)}
    assert_same(north, south)


def test_each_side_confirms_its_own_and_the_other_contests_without_changing_it() -> None:
    """Issue D, 5: contest an attribution, never overwrite it."""
    north, south, subject = both_open()
    account = seen(north, subject).account("north")
    assert account is not None and account.opened is not None
    own = facts.confirm("leaders", subject, account.opened, [said(11, 38)])
    assert refusal(south, own, "lin") == "readouts.names-one"
    first = north.say(own, "ann")
    meet(north, south)
    south.say(facts.contest("leaders", subject, first, 0, "It was we who said so."), "lin")
    assert refusal(south, facts.contest("leaders", subject, first, 1, "No."), "lin") == "readouts.place"
    assert refusal(north, facts.contest("leaders", subject, first, 0, "No."), "ann") == "readouts.side"
    meet(north, south)
    held = seen(north, subject).account("north")
    assert held is not None and held.statements == (said(11, 38),)
    assert [one.reason for one in held.contests] == ["It was we who said so."]
    north.say(facts.confirm("leaders", subject, account.opened, [said(11, 38, who="South")]), "ann")
    meet(north, south)
    held = seen(south, subject).account("north")
    assert held is not None and (held.statements[0].who, held.contests) == ("South", ())
    beyond = facts.confirm("leaders", subject, account.opened, [said(11, len(OURS) + 1)])
    assert refusal(north, beyond, "ann") == "readouts.place"
    assert_same(north, south)


def test_a_contest_that_crossed_a_new_confirmation_is_of_the_one_it_names() -> None:
    """Nobody is held to a protest against words that stood differently when it was made."""
    north, south, subject = both_open()
    account = seen(north, subject).account("north")
    assert account is not None and account.opened is not None
    first = north.say(facts.confirm("leaders", subject, account.opened, [said(11, 38)]), "ann")
    meet(north, south)
    Scene(north, south).cross(
        facts.confirm("leaders", subject, account.opened, [said(0, 38)]),
        facts.contest("leaders", subject, first, 0, "Not so."),
    )
    held = seen(south, subject).account("north")
    assert held is not None and held.contests == ()


def test_two_seals_that_crossed_are_both_sealed() -> None:
    """Equality: nobody is first (promise 1)."""
    north, south = pair()
    subject = asked(north, south)
    Scene(north, south).cross(
        facts.seal("leaders", subject, digest(north, subject, OURS)),
        facts.seal("leaders", subject, digest(south, subject, THEIRS)),
    )
    view = seen(north, subject)
    assert (view.state, [one.after for one in view.accounts]) == ("sealed", [False, False])


def test_nobody_fills_the_others_readouts() -> None:
    """Each side fills its own bound, never the other's."""
    north, south = pair()
    subject = asked(north, south)
    report = facts.share_press(
        "leaders", subject, source="The Daily", date="2026-09-21", address="", language="en", text="They met."
    )
    for _ in range(limits.PRESS_REPORTS_MAX):
        north.say(report, "ann")
    meet(north, south)
    assert refusal(north, report, "ann") == "readouts.full"
    south.say(report, "lin")
    other = facts.seal("leaders", f"readout/north/0/{LogId('leaders', 'north', 0).epoch + 999}", "00" * 32)
    assert refusal(north, other, "ann") == "readouts.unknown"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("readout.asked", {"date": "2026-13-01"}),
        ("readout.asked", {"meeting": "message/north/0/1"}),
        ("readout.sealed", {"digest": "AA" * 32}),
        ("readout.opened", {"salt": "00" * 16}),
        ("readout.opened", {"text": ""}),
        ("readout.confirmed", {"statements": []}),
        ("readout.confirmed", {"statements": [facts.statement_value(said(5, 5))]}),
        ("readout.confirmed", {"statements": [facts.statement_value(said(0, 5)) | {"manner": "loud"}]}),
        ("readout.contested", {"statement": -1}),
        ("readout.press", {"source": ""}),
    ],
)
def test_a_body_that_is_not_exactly_right_is_refused(kind: str, change: dict[str, object]) -> None:
    """Strict reading: two sides must never read two things."""
    good = {
        "readout.asked": facts.ask("leaders", title="T", date="2026-09-20"),
        "readout.sealed": facts.seal("leaders", "readout/north/0/0", "00" * 32),
        "readout.opened": opening("readout/north/0/0", "Words."),
        "readout.confirmed": facts.confirm(
            "leaders", "s", Ref(LogId("leaders", "north", 0), 0, "00" * 32), [said(0, 5)]
        ),
        "readout.contested": facts.contest("leaders", "s", Ref(LogId("leaders", "north", 0), 0, "00" * 32), 0, "No."),
        "readout.press": facts.share_press(
            "leaders", "s", source="S", date="2026-09-21", address="", language="en", text="T"
        ),
    }[kind].body
    KINDS[kind].check(good)
    for bad in (good | change, good | {"more": 1}):
        with pytest.raises(PeerError):
            KINDS[kind].check(bad)  # type: ignore[arg-type]


def test_the_digest_of_a_seal_is_over_the_bytes_that_the_page_says() -> None:
    """Another implementation must come to the same digest from docs/protocol/readouts.md alone."""
    vectors = json.loads((Path(__file__).parents[1] / "vectors/readouts.json").read_text("utf-8"))
    for one in vectors["seals"]:
        assert sealed_bytes(**one["sealed"]).decode() == one["bytes"]
        assert digest_of(**one["sealed"]) == one["digest"]
