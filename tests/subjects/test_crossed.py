"""Every pair of kinds that can cross is crossed here, and comes to the result that crossed.py states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import pytest
from tests.subjects.pair import Node, meet, open_channel, pair, refusal, tell, words

from parley.record.names import LogId, Ref
from parley.subjects import KINDS, Fact
from parley.subjects.channels import facts as channels
from parley.subjects.crossed import ACROSS, CROSSED, crossed
from parley.subjects.messages import facts
from parley.subjects.standing import facts as standing

PHOTO = {"root": "ab" * 32, "size": 70_000, "media": "image/jpeg", "name": "pump.jpg"}


def test_every_pair_of_kinds_in_one_subject_has_a_stated_result() -> None:
    """A pair without a result would be decided by whatever the code happens to do."""
    rooms: dict[str, list[str]] = {}
    for kind in KINDS.values():
        if not kind.opens or kind.room in ("test", "gap"):  # what opens its subject is crossed by nothing in it
            rooms.setdefault(kind.room, []).append(kind.name)
    for kinds in rooms.values():
        for one, other in combinations_with_replacement(kinds, 2):
            assert crossed(one, other) is not None, (one, other)


@dataclass
class Scene:
    """Two nodes that have met; each says one thing before it hears the other's."""

    north: Node
    south: Node

    def cross(self, ours: Fact, theirs: Fact, *, ann: str = "ann", lin: str = "lin") -> tuple[Ref, Ref]:
        """Author both without hearing; then let both hear, and check what is always true of crossed acts."""
        one = self.north.say(ours, ann if KINDS[ours.kind].by != "node" else "")
        other = self.south.say(theirs, lin if KINDS[theirs.kind].by != "node" else "")
        meet(self.north, self.south)
        for node in (self.north, self.south):
            assert node.verdict(one) == ("valid", ""), ours.kind
            assert node.verdict(other) == ("valid", ""), theirs.kind
        assert_same(self.north, self.south)
        return one, other


def assert_same(north: Node, south: Node) -> None:
    """Both nodes, and a node that restarts, see the same."""
    digests = {book.digest(north.book.cut()) for book in (north.book, south.book, north.afresh(), south.afresh())}
    assert len(digests) == 1
    assert north.book.cut() == south.book.cut()


# --- messages: the author's side says one, the reader's side the other ------------------------------------------------


def _order() -> tuple[Scene, str, Ref, Ref]:
    """North's order with a photo; South has read it back twice."""
    north, south = pair()
    subject = tell(north, "Turn to 270.", order=True, attachments=[PHOTO])
    meet(north, south)
    first = south.say(facts.read_back("leaders", subject, "Turning to 217."), "lin")
    second = south.say(facts.read_back("leaders", subject, "Turning to 270."), "lin")
    meet(north, south)
    return Scene(north, south), subject, first, second


AUTHOR: dict[str, Callable[[str, Ref], Fact]] = {
    "message.corrected": lambda s, _r: facts.correct("leaders", s, text="Turn to 280.", language="en", reason="Slip."),
    "message.cancelled": lambda s, _r: facts.cancel("leaders", s, "Overtaken."),
    "message.confirmed": lambda s, r: facts.confirm("leaders", s, r),
    "message.not-confirmed": lambda s, r: facts.deny("leaders", s, r, "270."),
    "message.translated": lambda s, _r: facts.translate(
        "leaders", s, grade="rough", language="zh", text="转到270", by="Ann"
    ),
}
READER: dict[str, Callable[[str], Fact]] = {
    "message.shown": lambda s: facts.show("leaders", s, "watch"),
    "message.acknowledged": lambda s: facts.acknowledge("leaders", s),
    "message.read-back": lambda s: facts.read_back("leaders", s, "Turning to 270 now."),
    "message.translated": lambda s: facts.translate("leaders", s, grade="sight", language="zh", text="转到", by="Lin"),
    "file.held": lambda s: facts.hold_file("leaders", s, "ab" * 32),
}


@pytest.mark.parametrize("reader", READER)
@pytest.mark.parametrize("author", AUTHOR)
def test_crossed_facts_about_a_message(author: str, reader: str) -> None:
    """Each cell of the table of messages that two sides can cross."""
    scene, subject, _first, second = _order()
    scene.cross(AUTHOR[author](subject, second), READER[reader](subject))
    view = scene.north.book.message("leaders", subject)
    assert view is not None
    result = crossed(author, reader)
    assert result is not None
    match result.word:
        case "cancelled":
            assert view.state == "cancelled"
            assert refusal(scene.south, facts.acknowledge("leaders", subject), "mei") == "messages.cancelled"
        case "earlier-text":
            assert (view.version, view.text) == (1, "Turn to 280.")
            assert view.state == "open"
            assert all(one.version == 0 for one in view.acknowledged)
            assert all(one.version == 0 for one in view.translations)
            assert all(one.version == 0 for one in view.read_backs)
            assert view.order_state == "asked"
        case "named-only":
            states = {one.text: one.state for one in view.read_backs}
            assert states["Turning to 270."] == author.removeprefix("message.")
            assert states["Turning to 270 now."] == states["Turning to 217."] == "waiting"
        case "both-stand":
            assert view.state == ("acknowledged" if reader == "message.acknowledged" else "open")
            assert len(view.shown) == (reader == "message.shown")
            assert len(view.translations) == [author, reader].count("message.translated")
            assert (view.attachments[0].held_at != "") is (reader == "file.held")
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(("one", "other"), [pair for pair, result in CROSSED.items() if result.word == "one-writer"])
def test_pairs_of_one_writer_cannot_cross_between_two_sides(one: str, other: str) -> None:
    """The table says that one side alone may write both; if the other side could too, the cell would be wrong."""
    writers = {
        **dict.fromkeys(("message.corrected", "message.cancelled", "message.confirmed", "message.not-confirmed"), "a"),
        **dict.fromkeys(("message.shown", "message.acknowledged", "message.read-back", "file.held"), "r"),
        **dict.fromkeys(("roster.listed", "roster.removed", "fallback.stated", "release.policy", "keys.replaced"), "a"),
        **dict.fromkeys(("call.ringing", "call.answered", "call.declined", "call.later"), "r"),
        "call.statement": "a",
        **{
            f"call.{what}-{answer}": "r" for what in ("recording", "text", "turns") for answer in ("agreed", "declined")
        },
        **dict.fromkeys((f"stop.{name}" for name in ("confirmed", "corrected", "withdrawn")), "a"),
        **dict.fromkeys(
            (f"stop.{name}" for name in ("ringing", "taken", "read-back", "reached", "effected", "not-possible")), "r"
        ),
        **dict.fromkeys(("line.tested", "fallback.confirmed", "keys.confirmed", "log.ended"), "r"),
        **dict.fromkeys(("log.opened", "line.continued"), "a"),
        **dict.fromkeys(("watch.handed-over", "watch.left", "roll.unanswered"), "a"),
        "roll.answered": "r",
        "readout.time-agreed": "r",
        **dict.fromkeys((f"notice.{name}" for name in ("amended", "extended", "cancelled", "ended")), "a"),
        "notice.acknowledged": "r",
        **dict.fromkeys(("rulebook.adopted", "rulebook.declined"), "r"),
        "rulebook.withdrawn": "a",
        "incident.no-knowledge": "r",
        **dict.fromkeys(("body.agreed", "body.declined", "commitment.agreed", "commitment.declined"), "r"),
        **dict.fromkeys(("calendar.stated", "commitment.withdrawn", "body.withdrawn"), "a"),
    }
    assert writers[one] == writers[other]


def test_two_messages_that_crossed_both_stand() -> None:
    """Neither side's words may depend on whose network was faster."""
    north, south = pair()
    scene = Scene(north, south)
    ours, theirs = scene.cross(words(north, "We stop."), words(south, "We go on."))
    threads = [[row.ref for row in node.book.thread("leaders")] for node in (north, south)]
    assert threads[0] == threads[1]
    assert set(threads[0]) == {ours, theirs}


# --- channels ---------------------------------------------------------------------------------------------------------


def test_two_proposals_of_one_channel_that_crossed_are_both_open() -> None:
    """Both sides wanted it: whichever agrees first opens it, and agreeing to both opens it once."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours, theirs = scene.cross(channels.propose("talks", "Our talks"), channels.propose("talks", "Talks"))
    view = north.book.channel("talks")
    assert view is not None
    assert (view.state, {side for side, _ in view.open_proposals}) == ("proposed", {"north", "south"})
    assert view.waits_for("north") == theirs
    assert view.waits_for("south") == ours

    scene.cross(channels.agree("talks", theirs), channels.agree("talks", ours))
    view = north.book.channel("talks")
    assert view is not None
    assert view.state == "agreed"
    assert crossed("channel.agreed", "channel.agreed").word == "one-opens"  # type: ignore[union-attr]
    assert refusal(south, channels.propose("talks", "Once more"), "lin") == "channels.agreed"


def test_an_agreement_that_crossed_a_decline_stands() -> None:
    """Final stays final. Two own proposals, one agreed by each side, and one declined, all at once."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours, theirs = scene.cross(channels.propose("talks", "A"), channels.propose("talks", "B"))
    scene.cross(channels.agree("talks", theirs), channels.decline("talks", ours, "Not that one."))
    view = south.book.channel("talks")
    assert view is not None
    assert (view.state, view.title, view.open_proposals) == ("agreed", "B", ())


def test_two_declines_that_crossed_close_both_proposals() -> None:
    """Neither side wants the other's channel: nothing is open, and either may begin anew."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours, theirs = scene.cross(channels.propose("talks", "A"), channels.propose("talks", "B"))
    scene.cross(channels.decline("talks", theirs, "No."), channels.decline("talks", ours, "No."))
    assert north.book.channel("talks").state == "declined"  # type: ignore[union-attr]
    north.say(channels.propose("talks", "C"), "ann")


def test_a_new_proposal_that_crossed_a_decline_is_open() -> None:
    """A decline answers the proposal it names, not one its author had never seen."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours = north.say(channels.propose("talks", "A"), "ann")
    meet(north, south)
    south.say(channels.decline("talks", ours, "Not now."), "lin")
    meet(north, south)
    ours = north.say(channels.propose("talks", "B"), "ann")
    # South's own proposal goes out before it hears of B.
    theirs = south.say(channels.propose("talks", "C"), "lin")
    meet(north, south)
    assert_same(north, south)
    scene.cross(channels.decline("talks", theirs, "Ours."), channels.agree("talks", ours))
    assert north.book.channel("talks").title == "B"  # type: ignore[union-attr]


@pytest.mark.parametrize(("answer", "state"), [("agreed", "agreed"), ("declined", "closed"), ("withdrawn", "closed")])
def test_a_withdrawal_that_crossed_an_answer(answer: str, state: str) -> None:
    """An agreement stands though its proposer had just taken it back; no other answer opens anything."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours, theirs = scene.cross(channels.propose("talks", "A"), channels.propose("talks", "B"))
    fact = {
        "agreed": channels.agree("talks", ours),
        "declined": channels.decline("talks", ours, "No."),
        "withdrawn": channels.withdraw("talks", theirs, "No."),
    }[answer]
    scene.cross(channels.withdraw("talks", ours, "Too early."), fact)
    view = north.book.channel("talks")
    assert view is not None
    open_still = () if state == "agreed" or answer == "withdrawn" else (("south", theirs),)
    assert view.open_proposals == open_still
    assert view.agreed is (state == "agreed")
    assert (view.state in ("declined", "withdrawn")) is (answer == "withdrawn")


def test_a_new_proposal_that_crossed_a_withdrawal_is_open() -> None:
    """A withdrawal takes back the one proposal it names."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    ours = north.say(channels.propose("talks", "A"), "ann")
    meet(north, south)
    south.say(channels.decline("talks", ours, "Not now."), "lin")  # North has not heard
    _, theirs = scene.cross(channels.withdraw("talks", ours, "Too early."), channels.propose("talks", "B"))
    assert north.book.channel("talks").open_proposals == (("south", theirs),)  # type: ignore[union-attr]


def test_two_suspensions_that_crossed_are_both_in_force() -> None:
    """Lifting must be by a proposal that has seen both."""
    north, south = pair()
    scene = Scene(north, south)
    scene.cross(channels.suspend("leaders", "Ours."), channels.suspend("leaders", "Theirs."))
    assert len(north.book.channel("leaders").suspensions) == 2  # type: ignore[union-attr]
    wish = north.say(channels.propose_restore("leaders"), "ann")
    meet(north, south)
    south.say(channels.restore("leaders", wish), "lin")
    meet(north, south)
    assert north.book.channel("leaders").state == "agreed"  # type: ignore[union-attr]


def test_a_suspension_that_crossed_a_restoration_stays_in_force() -> None:
    """The side that suspends must never find the channel open because its word was on the way."""
    north, south = pair()
    south.say(channels.suspend("leaders", "Theirs."), "lin")
    meet(north, south)
    wish = north.say(channels.propose_restore("leaders"), "ann")
    meet(north, south)
    Scene(north, south).cross(channels.suspend("leaders", "Ours."), channels.restore("leaders", wish))

    view = north.book.channel("leaders")
    assert view is not None
    assert (view.state, [one.reason for one in view.suspensions]) == ("suspended", ["Ours."])
    fresh = south.say(channels.propose_restore("leaders"), "lin")
    meet(north, south)
    north.say(channels.restore("leaders", fresh), "ann")
    meet(north, south)
    assert south.book.channel("leaders").state == "agreed"  # type: ignore[union-attr]


def test_an_older_proposal_to_restore_cannot_be_agreed_to_after_a_later_suspension() -> None:
    """An answer holds for what the proposal meant, and it had not seen this suspension."""
    north, south = pair()
    south.say(channels.suspend("leaders", "Theirs."), "lin")
    wish = south.say(channels.propose_restore("leaders"), "lin")
    meet(north, south)
    north.say(channels.suspend("leaders", "Ours too."), "ann")
    assert refusal(north, channels.restore("leaders", wish), "ann") == "channels.names-one"


def test_two_proposals_to_restore_that_crossed_are_both_open_and_one_answer_is_enough() -> None:
    """Both sides want the channel back: it must not need a third round."""
    north, south = pair()
    scene = Scene(north, south)
    north.say(channels.suspend("leaders", "Ours."), "ann")
    meet(north, south)
    ours, theirs = scene.cross(channels.propose_restore("leaders"), channels.propose_restore("leaders"))
    assert north.book.channel("leaders").state == "restore-proposed"  # type: ignore[union-attr]
    scene.cross(channels.restore("leaders", theirs), channels.restore("leaders", ours))
    assert north.book.channel("leaders").state == "agreed"  # type: ignore[union-attr]


def test_a_proposal_to_restore_that_crossed_a_second_suspension_lifts_too_little() -> None:
    """It was made without knowing of it."""
    north, south = pair()
    scene = Scene(north, south)
    north.say(channels.suspend("leaders", "Ours."), "ann")
    meet(north, south)
    ours, _ = scene.cross(channels.propose_restore("leaders"), channels.suspend("leaders", "Theirs."))
    view = south.book.channel("leaders")
    assert view is not None
    assert (view.state, view.restores) == ("suspended", ())
    assert refusal(south, channels.restore("leaders", ours), "lin") == "channels.names-one"


def words_for_line() -> Fact:
    return standing.note_gap("tls", "2026-09-21T00:00:00.000Z", "2026-09-21T00:00:01.000Z", "plough")


@pytest.mark.parametrize(
    "theirs", ["agreed", "declined", "suspended", "restore-proposed", "restored", "members", "proposed", "withdrawn"]
)
def test_members_crossed_with_anything_touch_only_their_own_side(theirs: str) -> None:
    """Each side says who of its own belongs; nothing the other does meanwhile changes that."""
    north, south = pair(channel=None)
    scene = Scene(north, south)
    proposal = north.say(channels.propose("leaders", "Leaders"), "ann")
    meet(north, south)
    wish = proposal
    if theirs == "withdrawn":
        north.say(channels.withdraw("leaders", proposal, "No."), "ann")
        meet(north, south)
        proposal = south.say(channels.propose("leaders", "Leaders"), "lin")
    elif theirs == "proposed":
        south.say(channels.decline("leaders", proposal, "No."), "lin")
    elif theirs not in ("agreed", "declined"):
        south.say(channels.agree("leaders", proposal), "lin")
    meet(north, south)
    if theirs in ("restore-proposed", "restored"):
        north.say(channels.suspend("leaders", "Ours."), "ann")
        wish = north.say(channels.propose_restore("leaders"), "ann")
        meet(north, south)
    fact = {
        "proposed": channels.propose("leaders", "Leaders"),
        "agreed": channels.agree("leaders", proposal),
        "declined": channels.decline("leaders", proposal, "No."),
        "withdrawn": channels.withdraw("leaders", proposal, "Not yet."),
        "suspended": channels.suspend("leaders", "Theirs."),
        "restore-proposed": channels.propose_restore("leaders"),
        "restored": channels.restore("leaders", wish),
        "members": channels.set_members("leaders", ["mei"]),
    }[theirs]
    scene.cross(channels.set_members("leaders", ["ann"]), fact)
    view = south.book.channel("leaders")
    assert view is not None
    assert view.members["north"] == ("ann",)
    assert view.members.get("south", ()) == (("mei",) if theirs == "members" else ())
    state = {"members": "agreed", "restored": "agreed"}.get(theirs, theirs)
    assert view.state == state


EMPTY = {
    ("proposed", "agreed"): "the proposer waits for the answer before it proposes again",
    ("proposed", "declined"): "the proposer waits for the answer before it proposes again",
    ("proposed", "suspended"): "who has not seen the agreement cannot suspend",
    ("proposed", "restore-proposed"): "who has not seen the agreement cannot restore",
    ("proposed", "restored"): "who has not seen the agreement cannot restore",
    ("agreed", "suspended"): "who has not seen the agreement cannot suspend",
    ("agreed", "restore-proposed"): "who has not seen the agreement cannot restore",
    ("agreed", "restored"): "who has not seen the agreement cannot restore",
    ("declined", "suspended"): "after a decline there is nothing to suspend",
    ("declined", "restore-proposed"): "after a decline there is nothing to restore",
    ("declined", "restored"): "after a decline there is nothing to restore",
    ("withdrawn", "suspended"): "who has not seen the agreement cannot suspend",
    ("withdrawn", "restore-proposed"): "who has not seen the agreement cannot restore",
    ("withdrawn", "restored"): "who has not seen the agreement cannot restore",
    ("restore-proposed", "restored"): "the proposer waits for the answer before it proposes again",
}
"""Cells that two honest sides cannot reach, and why. The folds have a result for them all the same."""


@pytest.mark.parametrize(("early", "late"), list(EMPTY))
def test_empty_cells_are_empty_because_the_rules_refuse_one_of_the_two(early: str, late: str) -> None:
    """If a rule were loosened, the cell would fill and its result would have to be shown by a crossing."""
    north, south = pair(channel=None)
    proposal = north.say(channels.propose("talks", "Talks"), "ann")
    meet(north, south)
    if early == "restore-proposed":
        south.say(channels.agree("talks", proposal), "lin")
        south.say(channels.suspend("talks", "No."), "lin")
        meet(north, south)
        wish = north.say(channels.propose_restore("talks"), "ann")
        meet(north, south)
        south.say(channels.restore("talks", wish), "lin")
        assert refusal(north, channels.propose_restore("talks"), "ann") == "channels.again"
        return
    if early == "agreed":
        south.say(channels.agree("talks", proposal), "lin")  # North has not heard
    elif early == "declined" or late == "declined":
        south.say(channels.decline("talks", proposal, "No."), "lin")
    tried = {
        "agreed": channels.propose("talks", "Again"),
        "declined": channels.propose("talks", "Again"),
        "suspended": channels.suspend("talks", "No."),
        "restore-proposed": channels.propose_restore("talks"),
        "restored": channels.restore("talks", proposal),
    }[late]
    allowed = ("channels.again", "channels.not-agreed", "channels.not-suspended")
    assert refusal(north, tried, "ann") in allowed


# --- the line's other facts -------------------------------------------------------------------------------------------


def test_rules_proposed_by_both_and_agreed_by_both_come_to_the_highest() -> None:
    """Versions never go back, whichever agreement came first."""
    north, south = pair(rules_known=3)
    scene = Scene(north, south)
    ours, theirs = scene.cross(standing.propose_rules(2), standing.propose_rules(3))
    scene.cross(standing.agree_rules(3, theirs), standing.agree_rules(2, ours))
    assert north.book.rules == south.book.rules == 3
    assert north.book.line_view().rules.proposals == ()


def test_a_proposal_of_rules_that_crossed_an_agreement_stays_open_if_it_is_higher() -> None:
    """It was not answered by an agreement to something else."""
    north, south = pair(rules_known=4)
    scene = Scene(north, south)
    ours = north.say(standing.propose_rules(2), "ann")
    meet(north, south)
    scene.cross(standing.propose_rules(4), standing.agree_rules(2, ours))
    view = north.book.line_view().rules
    assert view.version == 2
    assert [(side, version) for side, version, _ in view.proposals] == [("north", 4)]


def test_tests_and_gaps_that_crossed_all_stand() -> None:
    """Each side records what it saw."""
    north, south = pair()
    scene = Scene(north, south)
    first = standing.test_line("00" * 16, north.book.cut(), north.book.digest(north.book.cut()))
    second = standing.test_line("11" * 16, south.book.cut(), south.book.digest(south.book.cut()))
    ours, theirs = scene.cross(first, second)
    mine, yours = f"test/north/0/{ours.number}", f"test/south/0/{theirs.number}"
    digest = north.book.digest({LogId.read(name): size for name, size in first.body["cut"].items()})  # type: ignore[union-attr]
    scene.cross(
        standing.answer_test(yours, "11" * 16, digest, digest), standing.answer_test(mine, "00" * 16, digest, "")
    )
    tests = {one.subject: one.same for one in north.book.line_view().tests}
    assert tests == {mine: False, yours: True}
    scene.cross(words_for_line(), words_for_line())
    assert len(south.book.line_view().gaps) == 2


def test_a_new_fallback_that_crossed_a_confirmation_is_unconfirmed() -> None:
    """A number that was tried is not the number that was changed meanwhile."""
    north, south = pair()
    scene = Scene(north, south)
    stated = north.say(standing.state_fallback("north", "Call 1."), "ann")
    meet(north, south)
    scene.cross(standing.state_fallback("north", "Call 2."), standing.confirm_fallback("north", stated))
    view = south.book.line_view().fallbacks["north"]
    assert (view.text, view.confirmed_at) == ("Call 2.", "")


def test_new_keys_that_crossed_a_confirmation_of_the_ones_before_are_unconfirmed() -> None:
    """A confirmation holds for the card whose words were compared."""
    north, south = pair()
    scene = Scene(north, south)
    first = standing.replace_keys("north", card="AAAA", digest="aa" * 32, heads={}, proof="AAAA")
    later = standing.replace_keys("north", card="AAAA", digest="bb" * 32, heads={}, proof="AAAA")
    told = north.say(first)
    meet(north, south)
    scene.cross(later, standing.confirm_keys("north", "aa" * 32, told), ann="")
    view = south.book.line_view().keys["north"]
    assert (view.digest, view.confirmed_at) == ("bb" * 32, "")


# --- facts of the line that crossed words in a channel ----------------------------------------------------------------


@pytest.mark.parametrize("fact", ACROSS)
def test_words_that_crossed_a_fact_of_the_line_stand_by_their_own_past(fact: str) -> None:
    """A message on its way when the channel was suspended was allowed; the next one is not."""
    north, south = pair(rules_known=2)
    scene = Scene(north, south)
    facts_of: dict[str, Callable[[], Fact]] = {
        "channel.suspended": lambda: channels.suspend("leaders", "No."),
        "channel.restored": lambda: channels.restore("leaders", _suspended(north, south)),
        "channel.members": lambda: channels.set_members("leaders", ["ann"]),
        "roster.listed": lambda: standing.list_person("north", "ann", name="Ann B.", role="delegate"),
        "roster.removed": lambda: standing.remove_person("north", "bob"),
        "release.policy": lambda: standing.lay_down_release(
            "north", persons=["bob"], after_s=1, laid_down_by=["ann", "bob"]
        ),
        "rules.agreed": lambda: standing.agree_rules(2, _proposed(north, south)),
    }
    ours = facts_of[fact]()
    reply = words(south, "On its way.")
    if fact == "channel.restored":
        subject = tell_before(north)
        meet(north, south)
        reply = facts.acknowledge("leaders", subject)
    scene.cross(ours, reply)
    if fact == "channel.suspended":
        assert refusal(south, words(south), "lin") == "channels.suspended"
    if fact == "channel.members":
        assert refusal(north, words(north, person="bob"), "bob") == "channels.member"
    if fact == "roster.removed":
        assert refusal(north, words(north, person="bob"), "bob") == "subjects.listed"
    if fact == "rules.agreed":
        assert south.draft(words(south), "lin").rules == 2


def tell_before(north: Node) -> str:
    """Find North's last message that waits for an acknowledgement."""
    return [item.subject for item in north.book.open_items("leaders") if item.side == "north"][-1]


def _suspended(north: Node, south: Node) -> Ref:
    tell(north, "Before it was suspended.")
    meet(north, south)
    south.say(channels.suspend("leaders", "Theirs."), "lin")
    wish = south.say(channels.propose_restore("leaders"), "lin")
    meet(north, south)
    return wish


def _proposed(north: Node, south: Node) -> Ref:
    proposal = south.say(standing.propose_rules(2), "lin")
    meet(north, south)
    return proposal


def test_an_act_of_a_revoked_person_stands_if_it_crossed_and_not_if_it_came_after() -> None:
    """One side writes both logs, so an honest node's own acts never cross; a node that says so is judged by that."""
    north, south = pair()
    open_channel(north, south, "talks")
    line = LogId("line", "south", 0)
    before = south.past(
        *[log for log in south.book.cut() if log.channel in ("line", "leaders") and log.side == "north"], line
    )
    south.say(standing.remove_person("south", "mei"))
    crossing = south.put(south.draft(words(south, person="mei"), "mei", past=before))
    after = south.put(south.draft(words(south, person="mei"), "mei"))
    meet(north, south)

    for node in (north, south):
        assert node.verdict(crossing) == ("valid", "")
        assert node.verdict(after) == ("not-valid", "subjects.listed")
    assert_same(north, south)
