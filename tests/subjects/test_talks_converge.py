"""Bodies and meetings under any interleaving: both nodes, and one that restarts, see the same."""

from __future__ import annotations

import random

import pytest
from tests.subjects.pair import Node, meet, pair
from tests.subjects.test_crossed import assert_same

from parley.errors import PeerError, Refused
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.channels import facts as channels
from parley.subjects.talks import BodyView, MeetingView, bodies, calendar, facts, glossary
from parley.times import Moment, moment_text

TIMES = ("2026-12-01T09:00:00.000Z", "2026-12-02T09:00:00.000Z", "2026-12-03T09:00:00.000Z")
PEOPLE = [{"person": "", "name": "Ode", "office": "Adviser"}]


def views(node: Node, channel: str, kind: str) -> list[object]:
    rows = node.store.recent(channel, (kind,), before=None, count=3)
    return [node.book.view(channel, row.subject) for row in rows]


def of_bodies(node: Node, dice: random.Random) -> list[Fact]:
    """Give what may be said of one of the latest bodies, and of our days."""
    room = node.book.channel("talks")
    opening = next((ref for _, ref in room.open_proposals), None) if room else None
    found: list[Fact] = [calendar.state(node.us, dice.choice(["UTC", "Asia/Tokyo"]), [("2026-12-01", "")])]
    if room is None:
        return [*found, channels.propose("talks", "Talks")]
    if opening is not None:
        found += [channels.agree("talks", opening)]
    words = {"title": "T", "mandate": "M", "level": "experts", "languages": ["en", "zh"], "rhythm": ""}
    named = opening or Ref(node.store.parts("line", "channel/talks")[0][0], 0, "ab" * 32)
    found += [bodies.propose("talks", opening=named, **words)]  # type: ignore[arg-type]
    known = [one for one in views(node, "line", "body.proposed") if isinstance(one, BodyView)]
    if known:
        view = dice.choice(known)
        subject, term = view.subject, dice.choice([one.ref for one in view.terms] or [view.ref])
        found += [
            glossary.put(subject, {"en": "notice", "zh": "通报"}), glossary.agree(subject, term),
            glossary.withdraw(subject, term), bodies.withdraw(subject, "No."),
        ]  # fmt: skip
        found += [
            bodies.agree(subject), bodies.agree(subject), bodies.decline(subject, "No."), bodies.suspend(subject, "A"),
            bodies.resume(subject, "B"), bodies.delegation(subject, "C", PEOPLE),  # type: ignore[list-item]
        ]  # fmt: skip
        if dice.random() < 0.1:
            found.append(bodies.end(subject, "Done."))
    return found


def of_meetings(node: Node, dice: random.Random) -> list[Fact]:
    """Give what may be said of one of the latest meetings."""
    by = moment_text(Moment(node.clock + dice.randint(1, 90) * 60_000))
    times = dice.sample(TIMES, dice.randint(1, 3))
    fresh = facts.request(
        "leaders", purpose="P", level="officials", form="video", place="", times=times, minutes=60,
        consecutive=dice.random() < 0.5, languages=["en"], body="", answer_by=by,
    )  # fmt: skip
    known = [one for one in views(node, "leaders", "meeting.requested") if isinstance(one, MeetingView)]
    if not known or dice.random() < 0.02:
        return [fresh]
    view = dice.choice(known)
    about = ("leaders", view.subject)
    offer = dice.choice([one.ref for one in view.offers] or [view.ref])
    item = dice.choice([one.ref for one in view.items] or [view.ref])
    note = dice.choice([one.ref for one in (*view.notes, *view.minutes)] or [view.ref])
    said = {"what": dice.choice(["decision", "action"]), "text": "N", "who": "", "due": ""}
    wishes = [
        facts.offer(*about, dice.choice([offer, None]), times=times, reason="", by=by),
        *[facts.accept(*about, offer, dice.choice(TIMES))] * 3, facts.decline(*about, offer, "No."),
        facts.put_item(*about, title="I", note="", minutes=5, raised=dice.random() < 0.3),
        *(facts.about(*about, kind, {}, item) for kind in ("item-agreed", "item-begun", "item-begun", "item-ended")),
        facts.about(*about, "floor", {"side": dice.choice(["north", "south", ""])}),
        facts.about(*about, "attendance", {"people": PEOPLE}),  # type: ignore[dict-item]
        facts.about(*about, "noted", said), facts.about(*about, "minutes", {"subject": "", "text": "M"}),
        *[facts.about(*about, dice.choice(["note-agreed", "minutes-agreed"]), {}, note) for _ in range(3)],
    ]  # fmt: skip
    if view.time and not view.begun:
        wishes += [facts.about(*about, "begun")] * 6
    if view.begun:  # then the day goes on: no more of what is refused anyhow
        wishes = [*wishes[5:], facts.about(*about, "begun"), *([facts.about(*about, "item-begun", {}, item)] * 3)]
    rare = {"ended": 0.3, "item-withdrawn": 0.2}
    wishes += [
        facts.about(*about, kind, {}, *([item] if kind.startswith("item") else []))
        for kind, chance in rare.items()
        if dice.random() < chance
    ]
    return wishes if dice.random() > 0.01 else [facts.about(*about, "cancelled", {"reason": "R"})]


def world(seed: int, steps: int) -> tuple[Node, Node]:
    """Let both sides say what they may, and South also what it may not, while entries come in any order."""
    dice = random.Random(seed)
    north, south = pair()
    for _ in range(steps):
        node, other = dice.choice([(north, south), (south, north)])
        if dice.random() < 0.35:
            logs = [log for log in sorted(other.store.logs()) if log.side == other.us]
            node.hear(other, dice.choice(logs), dice.randint(1, 6))
            continue
        person = dice.choice({"north": ["ann", "bob"], "south": ["lin", "mei"]}[node.us])
        fact = dice.choice(of_bodies(node, dice) if dice.random() < 0.25 else of_meetings(node, dice))
        entry = node.draft(fact, person)
        try:
            if node is north or dice.random() < 0.8:
                node.book.judge(entry)
            node.put(entry)
        except (Refused, PeerError):
            continue
    meet(north, south)
    return north, south


@pytest.mark.parametrize("seed", range(10))
def test_bodies_and_meetings_converge(seed: int) -> None:
    """Promise 6, also where South writes what no rule allows; nobody's own word is changed by the other."""
    north, south = world(seed, 200)
    assert_same(north, south)
    meetings = [one for one in views(north, "leaders", "meeting.requested") if isinstance(one, MeetingView)]
    assert meetings and views(south, "line", "body.proposed")
    for view in meetings:
        assert view.time in ("", *TIMES)
        assert not view.begun or view.time or view.accepted > 1
        assert not (view.begun and view.state in ("cancelled", "declined", "requested"))
        assert all(one.side in ("north", "south") for one in view.notes)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 300))
def test_bodies_and_meetings_converge_over_many_seeds(seed: int) -> None:
    """The same, longer."""
    assert_same(*world(seed, 400))
