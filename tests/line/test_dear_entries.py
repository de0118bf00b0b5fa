"""What a peer can make dear to judge: it is folded a little at a time, and nothing else waits for all of it."""

from __future__ import annotations

from tests.line.sides import Line, line

from parley import limits
from parley.record.names import LogId
from parley.subjects import MessageView
from parley.subjects.texts import saying

TEXT = "text/south/0/1"
UNIT = "south/0/2"
SOUTH_TALK = LogId("leaders", "south", 0)


def world_with_an_article_full_of_comments(count: int) -> Line:
    """South says `count` things about one article while the line is cut: each is judged by all those before it."""
    world = line()
    south = world.south
    south.say("Opens the log.")
    south.wish(saying.open_text("leaders", title="T", languages=[("en", "south")]), person="lin")
    article = saying.add("leaders", TEXT, level="article", parent="", position="V", words={"en": "We stop."})
    south.wish(article, person="lin")
    assert south.authored().number == 2
    world.settle(0.5)
    world.cut()
    for number in range(count):
        south.wish(saying.comment("leaders", TEXT, UNIT, f"Why, {number}?", "en"), person="lin")
    return world


def test_one_run_of_dear_entries_is_not_folded_in_one_go() -> None:
    """A run of 250 changes of one article once held the loop for six seconds: no FLASH, no voice, no heartbeat (8)."""
    world = world_with_an_article_full_of_comments(250)
    north, south = world.sides
    world.up()
    most, before = 0, north.book._shelf.work
    while north.out or south.out or north.core.wake_at(north.now) == north.now:
        for side, other in (world.sides, world.sides[::-1]):
            if side.out:
                send = side.out.popleft()
                other.hear(send.frame, link=send.link, lane=send.lane)
            else:
                side.do(side.core.tick(side.now, side.clock))
            most, before = max(most, north.book._shelf.work - before), north.book._shelf.work

    assert limits.FOLD_WORK // 2 < most < 2 * limits.FOLD_WORK
    assert north.store.folded(SOUTH_TALK) == south.store.size(SOUTH_TALK)
    world.settle()
    assert north.book.digest(north.book.cut()) == south.book.digest(south.book.cut())


def test_what_we_write_while_theirs_is_still_folded_is_judged_by_all_of_ours() -> None:
    """An order and its withdrawal in the middle of a flood: the second is allowed only if the first is in the view."""
    world = world_with_an_article_full_of_comments(250)
    north, south = world.sides
    world.up()
    while north.store.size(SOUTH_TALK) < south.store.size(SOUTH_TALK):
        for side, other in (world.sides, world.sides[::-1]):
            if side.out:
                send = side.out.popleft()
                other.hear(send.frame, link=send.link, lane=send.lane)
    assert north.store.folded(SOUTH_TALK) < north.store.size(SOUTH_TALK)

    north.say("Pump 3 is stopped.")
    subject = north.authored().subject
    view = north.book.view("leaders", subject)
    assert isinstance(view, MessageView)
    world.settle()
    assert north.store.folded(SOUTH_TALK) == north.store.size(SOUTH_TALK)
    assert south.book.view("leaders", subject) is not None
