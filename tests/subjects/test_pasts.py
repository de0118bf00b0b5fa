"""What an entry says it had seen: true, held, never less than before, and closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.subjects.pair import LINE, Node, meet, pair, refusal, tell, words
from tests.subjects.text_living import CHANNEL, opened

from parley import limits
from parley.errors import Unavailable
from parley.record.entry import encode_entry, read_entry
from parley.record.names import LogId, Past
from parley.record.tree import leaf_hash
from parley.subjects import Fact
from parley.subjects.channels import facts as channels
from parley.subjects.messages import facts
from parley.subjects.standing import facts as standing
from parley.subjects.texts import Change, TextView, saying

LEADERS = LogId("leaders", "south", 0)


def open_log(log: LogId, previous: LogId, size: int, root: str, reason: str) -> Fact:
    """Open the next epoch of one of our logs, as the line writes it: its entry 0 names the last known head."""
    return Fact(
        channel=log.channel, kind="log.opened", subject=None,
        body={"previous": [previous.text, size, root], "reason": reason},
    )  # fmt: skip


def lie(south: Node, north: Node, **changes: object) -> tuple[str, str]:
    """Let South store an entry changed so; give North's verdict on it."""
    ref = south.put(south.draft(words(south), "lin", **changes))
    meet(north, south)
    return north.verdict(ref)


def grown(past: tuple[Past, ...], log: LogId, **changes: object) -> tuple[Past, ...]:
    return tuple(one._replace(**changes) if one.log == log else one for one in past)  # type: ignore[arg-type]


def test_a_false_root_makes_an_entry_not_valid() -> None:
    """Who names another history than ours has not seen ours."""
    north, south = pair()
    north.book.trust_our_end(True)
    past = south.book.past_for("leaders", LEADERS)
    wrong = grown(past, LogId("line", "north", 0), root="00" * 32)
    assert lie(south, north, past=wrong) == ("not-valid", "past.root")


def test_a_past_never_goes_back() -> None:
    """South has said that it saw North's message; it cannot say later that it had not."""
    north, south = pair()
    before = south.book.past_for("leaders", LEADERS)
    tell(north, "We agree.")
    meet(north, south)
    tell(south, "Seen.")
    assert lie(south, north, past=before) == ("not-valid", "past.backwards")
    assert lie(south, north) == ("valid", "")  # the last sound past counts, not the lie


def test_a_past_names_only_this_channel_and_the_line() -> None:
    """What is said in one channel must not decide what is allowed in another."""
    north, south = pair()
    tell(south, "First.")
    tell(north, "Elsewhere.", channel="leaders")
    meet(north, south)
    root = south.store.root_at(LogId("line", "south", 0), 1)
    assert root is not None
    own = (*south.book.past_for("leaders", LEADERS), Past(LEADERS, 1, root.hex()))
    assert lie(south, north, past=tuple(sorted(own, key=lambda one: one.log.text))) == ("not-valid", "past.scope")
    odd = (Past(LogId("leaders", "west", 0), 1, "00" * 32), *south.book.past_for("leaders", LEADERS))
    assert lie(south, north, past=tuple(sorted(odd, key=lambda one: one.log.text))) == ("not-valid", "past.scope")


@pytest.mark.parametrize("passed_by", [False, True])
def test_a_past_is_closed(passed_by: bool) -> None:
    """South reads North's message, which had seen the suspension, and claims not to have seen the suspension; it does
    not help South that the last entry it names has itself no sound past."""
    north, south = pair()
    before = south.book.past_for("leaders", LEADERS)
    tell(north, "One.")
    earlier = north.book.past_for("leaders")
    north.say(channels.suspend("leaders", "Enough."), "ann")
    north.say(facts.cancel("leaders", "message/north/0/0", "Enough."), "ann")
    if passed_by:
        odd = north.put(north.draft(words(north), "ann", past=earlier))
        assert north.verdict(odd) == ("not-valid", "past.backwards")
    meet(north, south)
    now = south.book.past_for("leaders", LEADERS)
    mixed = tuple(one for one in now if one.log.channel == "leaders" or one in before)
    mixed = (*mixed, *(one for one in before if one.log not in {had.log for had in mixed}))
    assert lie(south, north, past=tuple(sorted(mixed, key=lambda one: one.log.text))) == ("not-valid", "past.open")


def test_an_entry_beyond_our_own_end_waits_until_we_know_our_end() -> None:
    """After a restore it may be us who lost something; once we know that we are whole, it is a lie."""
    north, south = pair()
    past = south.book.past_for("leaders", LEADERS)
    size = north.store.size(LogId("line", "north", 0))
    ahead = grown(past, LogId("line", "north", 0), size=size + 1, root="00" * 32)
    ref = south.put(replace(south.draft(words(south), "lin"), past=ahead))
    assert south.store.folded(LEADERS) == 0  # it waits at its author too
    north.hear(south)
    assert north.store.folded(LEADERS) == 0

    north.book.trust_our_end(True)
    rows = north.book.fold()
    assert [(row.number, row.verdict, row.reason.partition(":")[0]) for row in rows] == [
        (ref.number, "not-valid", "past.beyond")
    ]


def test_an_entry_waits_for_its_past_and_nobody_counts_it_before() -> None:
    """Else we would name as our past what we have not judged."""
    north, south = pair()
    tell(north, "One.")
    south.hear(north)
    subject = "message/north/0/0"
    south.say(facts.acknowledge("leaders", subject), "lin")
    south.say(channels.set_members("leaders", ["lin"]), "lin")
    tell(south, "Members are set.")
    north.hear(south, LEADERS)  # before South's line log

    assert north.store.size(LEADERS) == 2
    assert north.store.folded(LEADERS) == 1
    named = {one.log: one.size for one in north.book.past_for("leaders")}
    assert named[LEADERS] == 1
    north.hear(south)
    assert north.store.folded(LEADERS) == 2


def test_an_unreadable_leaf_is_passed_by() -> None:
    """DESIGN 2.7: bad speech never jams the line."""
    north, south = pair()
    for leaf in (b"not an entry", b"{}", b"\xff\x00", b""):
        first = south.store.size(LEADERS)
        rows = south.take(LEADERS, [leaf])
        assert [(row.number, row.verdict) for row in rows] == [(first, "unreadable")]
    subject = tell(south, "All the same.")
    meet(north, south)
    assert north.book.message("leaders", subject) is not None
    assert north.book.entry(LEADERS, 0) is None
    assert north.book.digest(north.book.cut()) == south.book.digest(south.book.cut())


@pytest.mark.parametrize(
    ("change", "code"),
    [({"number": 9}, "past.place"), ({"side": "north"}, "past.place"), ({"line": "f" * 32}, "past.line")],
)
def test_an_entry_pasted_from_elsewhere_is_not_valid(change: dict[str, object], code: str) -> None:
    """An entry names its own place; a copy in another place contradicts itself."""
    north, south = pair()
    entry = replace(south.draft(words(south), "lin"), **change)  # type: ignore[arg-type]
    rows = south.take(LEADERS, [encode_entry(entry)])
    north.hear(south)
    assert [(row.verdict, row.reason.partition(":")[0]) for row in rows] == [("not-valid", code)]
    assert north.store.folds(LEADERS, 0, 9) == rows
    assert LINE != "f" * 32


def test_unknown_kinds_are_newer_than_this_node_and_rules_nobody_agreed_to_are_not_valid() -> None:
    """Enemies do not upgrade on the same day; an old and a new program must give one verdict all the same."""
    north, south = pair()
    strange = replace(south.draft(words(south), "lin"), kind="message.sung")
    assert north_says(north, south, strange) == ("newer", "subjects.newer")
    later = replace(south.draft(words(south), "lin"), rules=2)
    assert north_says(north, south, later) == ("not-valid", "rules.version")
    assert lie(south, north) == ("valid", "")


def north_says(north: Node, south: Node, entry: object) -> tuple[str, str]:
    ref = south.put(entry)  # type: ignore[arg-type]
    meet(north, south)
    return north.verdict(ref)


def test_old_and_new_nodes_agree_on_everything_both_know() -> None:
    """A node that knows rules 2 works by rules 1 until both have agreed to 2."""
    north, south = pair(rules_known=2)
    assert north.book.rules == 1
    proposal = north.say(standing.propose_rules(2), "ann")
    assert refusal(north, standing.propose_rules(3), "ann") == "rules.unknown"
    meet(north, south)
    early = south.draft(words(south), "lin", rules=2)
    south.say(standing.agree_rules(2, proposal), "lin")
    meet(north, south)
    assert north.book.rules == south.book.rules == 2
    assert lie(south, north, rules=1) == ("not-valid", "rules.version")
    early = replace(early, number=south.store.size(LEADERS), subject=f"message/south/0/{south.store.size(LEADERS)}")
    assert north_says(north, south, early)[0] == "not-valid"  # by its past, rules 2 were not agreed yet


def test_a_backdated_past_cannot_undo_an_agreement() -> None:
    """Final stays final. South agrees, North builds on it; South then declines as if it had never agreed."""
    north, south = pair(channel=None)
    proposal = north.say(channels.propose("leaders", "Leaders"), "ann")
    meet(north, south)
    before = south.draft(channels.decline("leaders", proposal, "No."), "lin")
    south.say(channels.agree("leaders", proposal), "lin")
    meet(north, south)
    tell(north, "As agreed.")
    meet(north, south)

    line = LogId("line", "south", 0)
    same_log = replace(before, number=south.store.size(line))
    assert north_says(north, south, same_log) == ("not-valid", "channels.agreed")

    # Or by a new epoch that pretends the agreement was lost with a disk.
    south.epochs["line"] = 1
    root = south.store.root_at(line, 2)
    assert root is not None
    short = tuple(sorted((*before.past, Past(line, 2, root.hex())), key=lambda one: one.log.text))
    opening = south.draft(open_log(LogId("line", "south", 1), line, 2, root.hex(), "restored"))
    south.put(replace(opening, past=short))
    decline = south.draft(channels.decline("leaders", proposal, "No."), "lin")
    ref = south.put(replace(decline, past=short))
    meet(north, south)
    assert north.verdict(ref) == ("valid", "")  # by the past it states; it crossed the agreement
    for node in (north, south):
        view = node.book.channel("leaders")
        assert view is not None
        assert view.state == "agreed"


def test_a_new_epoch_begins_with_its_opening() -> None:
    """The opening names the last known head, so that a tail found later is a lost tail and not a fork."""
    north, south = pair()
    tell(south, "Before.")
    meet(north, south)
    south.epochs["leaders"] = 1
    log = LogId("leaders", "south", 1)
    missing = south.put(south.draft(words(south), "lin"))
    meet(north, south)
    assert north.verdict(missing) == ("not-valid", "log.opened")

    south.epochs["leaders"] = 2
    log = LogId("leaders", "south", 2)
    root = south.store.root_at(LEADERS, 1)
    assert root is not None
    opened = south.say(open_log(log, LEADERS, 1, root.hex(), "restored"))
    subject = tell(south, "After.")
    meet(north, south)
    assert north.verdict(opened) == ("valid", "")
    assert subject == "message/south/2/1"
    assert north.book.message("leaders", subject) is not None
    again = south.draft(open_log(log, LEADERS, 1, root.hex(), "again"))
    assert north_says(north, south, again) == ("not-valid", "log.opened")


@pytest.mark.parametrize("opening_first", [True, False])
def test_what_both_disks_lost_is_waited_for_by_nobody_once_its_author_went_on(opening_first: bool) -> None:
    """Both disks are put back: North's word rests on one of South's that nobody has any more. South knows its own end
    and passes that word by; its next epoch rests on it, so North must not wait for the one to read the other."""
    north, south = pair()
    tell(south, "Kept.")
    tell(south, "Lost by both.")
    meet(north, south)
    tell(north, "I have read both.")
    meet(north, south)
    ours = LogId("leaders", "north", 0)

    here, there = Node("north", "south"), Node("south", "north")
    for node in (here, there):
        for side in ("north", "south"):
            log = LogId("line", side, 0)
            node.take(log, south.store.leaves(log, 0, 100))
        node.take(LEADERS, south.store.leaves(LEADERS, 0, 1))
    there.take(ours, south.store.leaves(ours, 0, 1))
    there.book.trust_our_end(True)
    there.store.commit(there.book.fold())
    there.epochs["leaders"] = 1
    later = LogId("leaders", "south", 1)
    root = there.store.root_at(LEADERS, 1)
    assert root is not None
    there.say(open_log(later, LEADERS, 1, root.hex(), "restored"))
    subject = tell(there, "After.")

    told = [(ours, south.store.leaves(ours, 0, 1)), (later, there.store.leaves(later, 0, 9))]
    for log, leaves in reversed(told) if opening_first else told:
        here.take(log, leaves)
    assert here.store.folds(ours, 0, 9) == there.store.folds(ours, 0, 9)
    assert here.store.folds(ours, 0, 1)[0].reason.startswith("past.beyond")
    assert here.book.message("leaders", subject) is not None
    assert here.book.digest(here.book.cut()) == there.book.digest(there.book.cut())


def test_an_epoch_that_says_nothing_of_an_entry_decides_nothing_about_it() -> None:
    """An opening that is not folded counts only for what it rests on: its author has judged that, and nothing else."""
    north, south = pair()
    tell(south, "Kept.")
    past = grown(south.book.past_for("leaders", LEADERS), LogId("line", "north", 0), size=9, root="00" * 32)
    root = south.store.root_at(LEADERS, 1)
    assert root is not None
    tell(south, "Not here yet.")
    north.hear(south, LEADERS, 1)
    south.hear(north)
    waits = north.draft(words(north), "ann")
    held = Past(LEADERS, 2, "".join(south.store.root_at(LEADERS, 2).hex()))  # type: ignore[union-attr]
    waits = replace(waits, past=tuple(held if one.log == LEADERS else one for one in waits.past))
    north.put(waits)
    south.epochs["leaders"] = 1
    opening = south.draft(open_log(LogId("leaders", "south", 1), LEADERS, 1, root.hex(), "restored"))
    south.put(replace(opening, past=past))  # it waits for North's line, and not for what North said here
    north.hear(south, LogId("leaders", "south", 1))
    assert north.store.folded(LogId("leaders", "north", 0)) == 0
    north.hear(south)
    assert north.store.folded(LogId("leaders", "north", 0)) == 1


def test_a_repeat_changes_nothing_and_a_gap_is_our_own_mistake() -> None:
    """Several links bring the same entry; none may be skipped."""
    north, south = pair()
    tell(south)
    meet(north, south)
    leaf = north.store.leaves(LEADERS, 0, 1)[0]
    north.book.take(LEADERS, 0, leaf, leaf_hash(leaf))
    assert north.book.fold() == []
    with pytest.raises(Exception, match="is next"):
        north.book.take(LEADERS, 5, leaf, leaf_hash(leaf))


def wait_without_end(north: Node, south: Node, count: int, text: str) -> None:
    """South rests a thousand entries on one of its line channel that it keeps back; North takes them, run by run."""
    past = south.book.past_for("leaders", LEADERS)
    size = north.store.size(LogId("line", "south", 0))
    ahead = grown(past, LogId("line", "south", 0), size=size + 1, root="00" * 32)
    draft = replace(south.draft(words(south, text), "lin"), past=ahead)
    for first in range(0, count, 256):
        run = [
            replace(draft, number=number, subject=f"message/south/0/{number}") for number in range(first, first + 256)
        ]
        north.take(LEADERS, [encode_entry(entry) for entry in run])
    assert north.store.folded(LEADERS) == 0


def test_what_waits_for_its_past_does_not_fill_memory() -> None:
    """A peer may let a million entries wait for one that it never sends: all of them are on disk, hardly any here."""
    north, south = pair()
    wait_without_end(north, south, 32 * 256, "Waits.")
    assert len(north.book.logs.tracks[LEADERS].kept) <= 2 * 1_024

    book = north.afresh()
    book.resume(LEADERS, north.store.size(LEADERS))
    assert book.fold() == []
    assert len(book.logs.tracks[LEADERS].kept) <= 2 * 1_024


def test_long_entries_are_not_kept_by_the_thousand() -> None:
    """A thousand of the longest entries in each of 128 logs would be 8 GiB."""
    north, south = pair()
    wait_without_end(north, south, 2 * 256, "Long. " * 2_000)
    kept = north.book.logs.tracks[LEADERS].kept
    assert sum(taken.size_bytes for taken in kept.values()) <= 2 * limits.LOG_KEPT_BYTES


def forgotten() -> tuple[Node, Node, str, str, LogId]:
    """North has rendered what South proposed; South's next epoch says that it ended before the proposal."""
    north, south, _ = opened(both=False)
    ref = north.say(saying.open_text(CHANNEL, title="T", languages=(("en", "north"), ("zh", "south"))), "ann")
    subject = f"text/north/0/{ref.number}"
    added = saying.add(CHANNEL, subject, level="article", parent="", position="V", words={"en": "Ten."}, renders=["zh"])
    ref = north.say(added, "ann")
    unit = f"north/0/{ref.number}"
    meet(north, south)
    south.say(saying.render(CHANNEL, subject, unit, ref, "zh", Change(start=0, end=0, words="十。")), "lin")
    before = LogId(CHANNEL, "south", 0)
    size = south.store.size(before)
    meet(north, south)
    change = {"zh": Change(start=0, end=1, words="九")}
    ours = south.say(saying.propose(CHANNEL, subject, unit, ref, change, renders=["en"]), "lin")
    meet(north, south)
    north.say(saying.render(CHANNEL, subject, unit, ours, "en", Change(start=0, end=3, words="Nine")), "ann")
    meet(north, south)
    south.say(saying.comment(CHANNEL, subject, unit, "Thank you.", "en"), "lin")
    meet(north, south)
    south.epochs[CHANNEL] = 1
    later = LogId(CHANNEL, "south", 1)
    root = south.store.root_at(before, size)
    assert root is not None
    opening = south.draft(open_log(later, before, size, root.hex(), "restored"))
    south.put(replace(opening, past=grown(opening.past, before, size=size, root=root.hex())))
    return north, south, subject, unit, later


def test_words_that_their_author_says_it_lost_count_as_said_once_it_names_our_answer() -> None:
    """Else its next word would be judged by our answer to words that are not there: no view can be made of that."""
    north, south, subject, unit, later = forgotten()
    entry = south.draft(saying.comment(CHANNEL, subject, unit, "Why ten?", "en"), "lin")
    past = next(iter(south.store.leaves(later, 0, 1)))
    south.put(replace(entry, past=read_entry(past).past))
    north.hear(south)
    assert [row.verdict for row in north.store.folds(later, 0, 9)] == ["valid", "valid"]
    view = north.book.view(CHANNEL, subject)
    assert isinstance(view, TextView) and [one.text for one in view.units[unit].comments][-1] == "Why ten?"
    again = north.afresh()
    assert again.digest(again.cut()) == north.book.digest(north.book.cut())


def test_a_line_test_over_a_cut_that_no_author_could_hold_is_not_answered_by_guessing() -> None:
    """The other side chooses the cut: an answer in it without the words that it answers has no view."""
    north, south, *_ = forgotten()
    north.hear(south)
    whole = north.book.cut()
    assert north.book.digest(whole) == south.book.digest(whole)
    before = LogId(CHANNEL, "south", 0)
    for size in range(whole[before] - 1):  # nobody answered its last one
        with pytest.raises(Unavailable) as refused:
            north.book.digest(whole | {before: size})
        assert refused.value.code == "subjects.cut"
