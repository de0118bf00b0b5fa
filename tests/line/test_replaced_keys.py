"""Our own logs once our keys were replaced: what the other side may have lost comes again under the keys in force."""

from __future__ import annotations

import dataclasses

from tests.line.sides import NORTH_TALK, Side, line

from parley.identity import Card, SideKeys
from parley.line.frames import Kind
from parley.link.lanes import Lane
from parley.record import notes
from parley.storage.memory import MemoryStore
from parley.times import Moment, moment_text


def replace_keys(side: Side, heads: dict[str, int]) -> Card:
    """Let a side run with later keys; `heads` is how far the former ones count, as it knows."""
    ours = side.identity.ours
    side.keys = dataclasses.replace(SideKeys.from_seed(b"later keys".ljust(32)), identity=side.keys.identity)
    card = side.keys.card(
        side=side.us, name=ours.name, domain=ours.domain, languages=ours.languages, nonce=b"n" * 16,
        made=moment_text(Moment(side.clock + 1)),
    )  # fmt: skip
    side.identity = side.identity.succeeded(card, heads)
    return card


def test_a_log_that_is_taken_back_is_signed_with_the_keys_in_force() -> None:
    """The other side may be put back as well, to before it held so much under the former keys.

    First found by seed 1858 of 2,000: it named the honest author for them.
    """
    world = line()
    north = world.north
    north.say("Said under the former keys.")
    world.settle()
    world.cut()
    replace_keys(north, {})
    north.store, north.anchor = MemoryStore("1" * 32), None
    north.start()
    world.up()
    world.settle(3.0)

    assert north.signing() == "ok"
    row = north.store.newest_signature(NORTH_TALK, "own-ed")
    assert row is not None and row.size == north.store.size(NORTH_TALK) == 1
    notes.verify_checkpoint(north.identity.ours, north.identity.line, NORTH_TALK, row.size, row.root, row.signature)


def test_a_seal_by_former_keys_is_made_anew_however_far_we_think_that_they_count() -> None:
    """After cards were compared anew the two sides may know that differently.

    First found by seed 1723 of 2,000: the other side named the honest author for a seal that counted here alone.
    """
    world = line()
    north = world.north
    north.say("Said under the former keys.")
    world.settle(3.0)
    world.cut()
    replace_keys(north, {NORTH_TALK.text: 99})
    north.start()
    north.pass_time(3.0)

    row = north.store.newest_signature(NORTH_TALK, "own-pq")
    assert row is not None and row.size == 1
    notes.verify_checkpoint_pq(north.identity.ours, north.identity.line, NORTH_TALK, row.size, row.root, row.signature)


def test_that_new_keys_are_confirmed_is_said_by_every_link_until_they_are_used() -> None:
    """Nothing urgent of theirs counts here until they have heard it, and the one best link may stall with the word.

    First found by seed 1884 of 2,000.
    """
    links = ("cable", "radio")
    world = line(links=links)
    north, south = world.sides
    world.cut()
    south.list_person("late")  # as the confirmation is, an entry of the line channel that they do not hold
    south.identity = south.identity.succeeded(replace_keys(Side("north"), {}), {})
    south.start()
    world.up(*links)
    while north.out:
        send = north.out.popleft()
        south.hear(send.frame, link=send.link, lane=send.lane)

    said = {send.link for send in south.sent(Kind.RUN) if send.lane is Lane.URGENT}
    assert said == set(links)
