"""From the same entries both nodes fold the same, in whatever order they came (DESIGN 2.6)."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.subjects.pair import LINE, Node, meet, open_channel, pair, refusal, tell, words

from parley import limits
from parley.errors import PeerError, Refused
from parley.record.entry import encode_entry
from parley.record.names import LogId, Past, Ref
from parley.record.tree import leaf_hash
from parley.storage.memory import MemoryStore
from parley.storage.port import EntryRow
from parley.subjects import Book, Fact, MessageView
from parley.subjects.channels import facts as channels
from parley.subjects.messages import facts
from parley.subjects.standing import facts as standing
from parley.subjects.stops import StopView
from parley.subjects.stops import facts as stops
from parley.subjects.texts import TextView
from parley.subjects.texts import saying as texts
from parley.subjects.texts.content import text_digest
from parley.subjects.watches import facts as watches
from parley.times import Moment, moment_text

LONG = "Each side gives notice. " * 300
PHOTO = {"root": "ab" * 32, "size": 70_000, "media": "image/jpeg", "name": "pump.jpg"}


def guess(node: Node, dice: random.Random) -> tuple[Fact, str]:
    """Give something this node might want to say now, allowed or not."""
    us, them = node.us, node.them
    person = dice.choice({"north": ["ann", "bob"], "south": ["lin", "mei"]}[us])
    channel = dice.choice(["leaders", "talks"])
    view = node.book.channel(channel)
    refs = [ref for _, ref in (*view.open_proposals, *view.restores)] if view else []
    ref = dice.choice(refs) if refs else Ref(LogId("line", them, 0), 0, "00" * 32)
    subjects = [row.subject for row in node.book.thread(channel, count=5)] or ["message/north/0/0"]
    subject = dice.choice(subjects)
    message = node.book.message(channel, subject)
    reading = message.read_backs[-1].ref if message and message.read_backs else ref
    stated = node.book.line_view().fallbacks.get(them)
    talk: list[Fact] = [
        words(node, "Pump.", channel=channel, person=person, order=dice.random() < 0.5, attachments=[PHOTO]),
        words(node, "Pump.", channel=channel, person=person, answers=subject),
        facts.show(channel, subject, dice.choice(["watch", "bridge"])),
        facts.acknowledge(channel, subject),
        facts.correct(channel, subject, text="Pump 4.", language="en", reason="Slip."),
        facts.cancel(channel, subject, "Overtaken."),
        facts.translate(channel, subject, grade="sight", language="zh", text="泵", by="Mei"),
        facts.read_back(channel, subject, "Pump, aye."),
        facts.confirm(channel, subject, reading),
        facts.deny(channel, subject, reading, "No."),
        facts.hold_file(channel, subject, "ab" * 32),
    ]
    line: list[Fact] = [
        channels.propose(channel, channel.title()),
        channels.agree(channel, ref),
        channels.decline(channel, ref, "No."),
        channels.withdraw(channel, ref, "Not yet."),
        channels.suspend(channel, "Enough."),
        channels.propose_restore(channel),
        channels.restore(channel, ref),
        channels.set_members(channel, [person]),
        standing.list_person(us, person, name="N. N.", role="delegate"),
        standing.remove_person(us, person),
        standing.propose_rules(2),
        standing.state_fallback(us, "Call."),
        standing.confirm_fallback(them, stated.ref if stated else ref),
        standing.lay_down_release(us, persons=[person], after_s=1, laid_down_by=["ann", "bob"]),
    ]
    fact = dice.choice(talk * 2 + line + safety(node, dice, channel) + duty(node, dice, channel))
    return fact, "" if fact.kind in ("file.held", "stop.ringing", "roll.unanswered") else person


def safety(node: Node, dice: random.Random, channel: str) -> list[Fact]:
    """Give what may be said about one of the latest stops of a channel or of the line channel."""
    where = dice.choice([channel, "line"])
    words = {"what": "Fire", "where": f"Hill {dice.randint(1, 9)}", "since": "", "language": "en"}
    rows = node.store.recent(where, ("stop.raised",), before=None, count=3)
    views = [view for row in rows if isinstance(view := node.book.view(where, row.subject), StopView)]
    raised = stops.raise_stop(where, **words)
    if not views:
        return [raised]
    view = dice.choice(views)
    about = (where, view.subject)
    return [
        raised,
        stops.ring(*about, 1),
        stops.take(*about),
        stops.read_back(*about, "Hill 12."),
        stops.read_back(*about, "Hill 21."),
        stops.confirm(*about, view.reading.ref if view.reading else view.ref),
        stops.correct(*about, **words),
        stops.reach(*about, "The general"),
        stops.effect(*about, "2026-09-21T00:04:00.000Z"),
        stops.not_possible(*about, "No answer."),
        stops.withdraw(*about),
    ]


def duty(node: Node, dice: random.Random, channel: str) -> list[Fact]:
    """Give what may be said about the latest watches and roll-calls."""
    soon = moment_text(Moment(node.clock + dice.choice([1001, 9000])))
    found = [watches.take(channel), watches.ask(channel, soon)]
    for row in node.store.recent("line", ("watch.taken", "roll.asked"), before=None, count=4):
        if row.kind == "watch.taken":
            found += [watches.hand_over(row.subject), watches.leave(row.subject, "left")]
        else:
            found += [watches.answer(row.subject), watches.unanswered(row.subject)]
    return found


def live(seed: int, steps: int, *, lies: bool = False) -> tuple[Node, Node]:
    """Let two nodes talk, hear each other late and in parts, and (where asked) let South lie."""
    dice = random.Random(seed)
    north, south = pair(rules_known=2)
    open_channel(north, south, "talks")
    for node in (north, south):
        node.book.trust_our_end(True)
    for _ in range(steps):
        node, other = dice.choice([(north, south), (south, north)])
        if dice.random() < 0.35:
            logs = [log for log in sorted(other.store.logs()) if log.side == other.us]
            node.hear(other, dice.choice(logs), dice.randint(1, 4))
            continue
        fact, person = guess(node, dice)
        try:
            entry = node.draft(fact, person, **({"precedence": "FLASH"} if fact.kind.startswith("stop.") else {}))
            if lies and node is south and dice.random() < 0.3:
                speak_badly(south, entry, dice)
                continue
            node.book.judge(entry)
            node.put(entry)
        except Refused:
            continue
    meet(north, south)
    meet(north, south)
    return north, south


def speak_badly(south: Node, entry: object, dice: random.Random) -> None:
    """Store something no honest node would: no rule asked, a cut past, a false root, no entry at all."""
    from dataclasses import replace

    log = entry.log  # type: ignore[attr-defined]
    past: tuple[Past, ...] = entry.past  # type: ignore[attr-defined]
    lie = dice.randint(0, 4)
    if lie == 0:
        south.take(log, [dice.randbytes(20)])
    elif lie == 1 and past:
        cut = dice.choice(past)
        shorter = dice.randint(1, cut.size)
        root = south.store.root_at(cut.log, shorter)
        assert root is not None
        told = tuple(Past(cut.log, shorter, root.hex()) if one is cut else one for one in past)
        south.put(replace(entry, past=told))  # type: ignore[type-var]
    elif lie == 2 and past:
        told = tuple(one for one in past if one is not past[-1])
        south.put(replace(entry, past=told))  # type: ignore[type-var]
    elif lie == 3 and past:
        told = (past[0]._replace(root="00" * 32), *past[1:])
        south.put(replace(entry, past=told))  # type: ignore[type-var]
    else:
        south.put(entry)  # type: ignore[arg-type]


def refold(node: Node, us: str, them: str, dice: random.Random) -> tuple[Book, MemoryStore]:
    """Fold everything a node holds into an empty store, the logs interleaved by chance."""
    store = MemoryStore()
    book = Book(us, them, LINE, store, rules_known=node.rules_known)
    left = dict.fromkeys(node.store.logs(), 0)
    while left:
        log = dice.choice(sorted(left))
        leaves = node.store.leaves(log, left[log], dice.randint(1, 5))
        if not leaves:
            del left[log]
            continue
        rows = [EntryRow(log, left[log] + n, leaf_hash(leaf), leaf) for n, leaf in enumerate(leaves)]
        store.commit(rows)
        for row in rows:
            book.take(log, row.number, row.leaf, row.id)
        store.commit([*book.fold(), *book.index()])
        book.settled(log, left[log] + len(leaves))
        left[log] += len(leaves)
        if dice.random() < 0.1:
            book = Book(us, them, LINE, store, rules_known=node.rules_known)  # a restart in the middle
            for other in store.logs():
                for number in range(store.folded(other), store.size(other)):
                    leaf = store.leaves(other, number, 1)[0]
                    book.take(other, number, leaf, leaf_hash(leaf))
    book.trust_our_end(True)
    store.commit([*book.fold(), *book.index()])
    return book, store


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), lies=st.booleans())
def test_both_nodes_see_the_same_whatever_came_when(seed: int, lies: bool) -> None:
    """Fold-on at North, fold-on at South, and folding afresh in any order, restarts included, come to one digest."""
    north, south = live(seed, 60, lies=lies)
    assert north.book.cut() == south.book.cut()
    for log in north.store.logs():
        assert north.store.folded(log) == north.store.size(log), log
        assert north.store.folds(log, 0, 10_000) == south.store.folds(log, 0, 10_000)
    digest = north.book.digest(north.book.cut())
    assert south.book.digest(south.book.cut()) == digest
    for us, them in (("north", "south"), ("south", "north")):
        book, store = refold(north, us, them, random.Random(seed))
        assert book.digest(book.cut()) == digest
        for log in north.store.logs():
            assert store.folds(log, 0, 10_000) == north.store.folds(log, 0, 10_000)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_what_both_have_built_on_is_never_undone(seed: int) -> None:
    """Final stays final: agreed channels stay agreed, acknowledgements stay, texts stay, whatever South does later."""
    dice = random.Random(seed)
    north, south = live(seed, 30, lies=True)
    agreed = {view.id for view in north.book.line_view().channels if view.agreed}
    said = {row.subject: row.view for name in agreed for row in north.book.thread(name) if row.view}
    for _ in range(40):
        fact, person = guess(south, dice)
        speak_badly(south, south.draft(fact, person), dice)
    meet(north, south)
    for view in north.book.line_view().channels:
        assert view.agreed or view.id not in agreed
    for subject, before in said.items():
        after = north.book.message(before.channel, subject)
        assert isinstance(after, MessageView)
        assert after.first_text == before.first_text
        assert set(before.acknowledged) <= set(after.acknowledged)
        assert set(before.corrections) <= set(after.corrections)
        assert before.state != "cancelled" or after.state == "cancelled"


def test_an_honest_node_never_refuses_what_it_then_finds_not_valid() -> None:
    """`judge` and `fold` ask the same question; if they differed we would send what we ourselves do not accept."""
    for seed in range(6):
        north, south = live(seed, 60)
        for node in (north, south):
            for log in node.store.logs():
                verdicts = {row.verdict for row in node.store.folds(log, 0, 10_000)}
                assert verdicts <= {"valid"}, log


def test_topics_let_go_from_memory_are_folded_again_from_disk() -> None:
    """A year of messages must not stay in memory, and must read the same."""
    north, south = pair()
    first = tell(north, "The first.")
    for number in range(limits.TOPICS_KEPT + 300):
        north.say(words(north, f"Message {number}."), "ann")
    meet(north, south)
    assert len(south.book._shelf._others) <= limits.TOPICS_KEPT + 64
    south.say(facts.acknowledge("leaders", first), "lin")
    meet(north, south)
    assert north.book.message("leaders", first) == south.book.message("leaders", first)
    assert north.book.message("leaders", first).state == "acknowledged"  # type: ignore[union-attr]
    kept = north.book.logs.tracks[LogId("leaders", "north", 0)]
    assert len(kept.kept) <= 2 * 1_024 + 8
    assert len(kept.rows) <= 2 * 1_024 + 8


def test_a_topic_is_not_let_go_before_it_is_on_disk() -> None:
    """A burst larger than what memory keeps comes in before its commit has ended; its first message is still there."""
    north, south = pair()
    log = LogId("leaders", "north", 0)
    first = tell(north, "The first.")
    for number in range(limits.TOPICS_KEPT + 200):
        north.say(words(north, f"Message {number}."), "ann")
    for number, leaf in enumerate(north.store.leaves(log, 0, 10_000)):
        south.book.take(log, number, leaf, leaf_hash(leaf))
    assert len(south.book.fold()) == limits.TOPICS_KEPT + 201
    assert south.book.message("leaders", first) is not None


def test_a_reply_comes_after_what_it_replies_to() -> None:
    """Turns follow the past: a short log of answers must not be shown above the long log of questions."""
    north, south = pair()
    questions = [tell(north, f"Question {number}.") for number in range(5)]
    meet(north, south)
    reply = tell(south, "One answer.", answers=questions[-1])
    meet(north, south)
    last = tell(north, "Thanks.")
    meet(north, south)
    for node in (north, south):
        assert [row.subject for row in node.book.thread("leaders")] == [last, reply, *reversed(questions)]


def test_a_message_with_as_many_facts_as_the_rules_allow_has_a_digest() -> None:
    """A peer that fills one message to the brim must not stop the line test."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)
    for number in range(limits.MESSAGE_FACTS_MAX):
        south.say(facts.show("leaders", subject, f"desk {number}"), "lin")
        south.say(facts.translate("leaders", subject, grade="sight", language="zh", text="泵", by="Mei"), "mei")
        north.say(facts.correct("leaders", subject, text=f"Pump {number}.", language="en", reason="Slip."), "ann")
    meet(north, south)
    assert refusal(south, facts.show("leaders", subject, "one more"), "lin") == "messages.full"
    more = facts.correct("leaders", subject, text="Pump.", language="en", reason="Slip.")
    assert refusal(north, more, "ann") == "messages.full"
    assert north.book.digest(north.book.cut()) == south.book.digest(south.book.cut())


def test_a_digest_at_an_earlier_cut_is_what_it_was_then() -> None:
    """The other side answers a line test a little later, with more in its logs."""
    north, south = pair()
    subject = tell(north)
    meet(north, south)
    cut = north.book.cut()
    digest = north.book.digest(cut)
    south.say(facts.acknowledge("leaders", subject), "lin")
    north.say(channels.suspend("leaders", "Enough."), "ann")
    meet(north, south)
    for book in (north.book, south.book, north.afresh(), south.afresh()):
        assert book.digest(cut) == digest
        assert book.digest(book.cut()) != digest


def test_a_digest_beyond_what_is_folded_is_unavailable() -> None:
    """An answer about what we have not seen would be a guess."""
    north, south = pair()
    tell(north)
    with pytest.raises(Exception, match="not folded"):
        south.book.digest(north.book.cut())


@settings(max_examples=60, deadline=None)
@given(
    body=st.fixed_dictionaries(
        {
            "text": st.sampled_from(["x", "", "y" * 20_000, "z" * 20_001, 7]),
            "language": st.sampled_from(["en", "zh", "xx-", "zh-Hans", 3]),
            "due": st.sampled_from(["2026-09-21T00:00:00.000Z", "2026-02-30T00:00:00.000Z", "soon", None]),
            "released_by": st.sampled_from([["ann"], [], ["ann", "ann"], ["ann", "bob"], ["Ann"], "ann", [1]]),
            "drafted_by": st.sampled_from(["ann", "bob", "Ann", ""]),
            "released_alone": st.sampled_from([True, False, 0, None]),
            "order": st.sampled_from([True, False, 1]),
            "assertion": st.sampled_from([None, "x"]),
            "answers": st.sampled_from(["", "message/north/0/1", "message/north/00/1", "call/north/0/1"]),
            "attachments": st.sampled_from([[], [PHOTO], [PHOTO, PHOTO], [{}], {}]),
        },
        optional={"title": st.sampled_from(["T", "", "t" * 201]), "extra": st.just(1)},
    )
)
def test_the_quick_check_of_a_message_never_takes_what_the_strict_reading_refuses(body: dict[str, object]) -> None:
    """It exists for speed alone."""
    if facts._is_plainly_good(body):  # type: ignore[arg-type]
        facts._read_sent(body)  # type: ignore[arg-type]
    try:
        facts._sent(body)  # type: ignore[arg-type]
    except PeerError:
        return
    facts._read_sent(body)  # type: ignore[arg-type]


def test_entries_survive_encoding() -> None:
    """The harness itself: what is put is what is read."""
    north, _ = pair()
    entry = north.draft(words(north), "ann")
    ref = north.put(entry)
    assert north.store.leaves(ref.log, ref.number, 1) == [encode_entry(entry)]
    assert north.book.entry(ref.log, ref.number) == entry


def test_long_entries_do_not_fill_memory_with_the_subjects_they_are_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand subjects are kept, and a peer may say 30 MB about each: what is on disk is folded again from there."""
    monkeypatch.setattr(limits, "TOPICS_KEPT_BYTES", 300_000)
    north, south = pair()
    subjects = [tell(north, f"Message {number}. " + "Long. " * 2_000) for number in range(60)]
    opened = north.say(texts.open_text("leaders", title="T", languages=[("en", "north")]), "ann")
    text = f"text/north/0/{opened.number}"
    for number in range(60):
        article = texts.add("leaders", text, level="article", parent="", position=f"{number:02d}V", words={"en": LONG})
        north.say(article, "ann")
    before = text_digest(north.book.view("leaders", text))  # type: ignore[arg-type]
    meet(north, south)

    for node in (north, south):
        assert sum(topic.size_bytes for topic in node.book._shelf._others.values()) < 500_000
        found = node.book.message("leaders", subjects[0])
        assert found is not None and found.text.startswith("Message 0.")
        view = node.book.view("leaders", text)
        assert isinstance(view, TextView)
        assert text_digest(view) == before
        assert all(unit.alternatives[unit.name].changes["en"].words == LONG for unit in view.units.values())
    assert north.book.digest(north.book.cut()) == south.book.digest(south.book.cut())
