"""One link: dialling, crossing, binding, falling."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from parley import limits
from parley.errors import OurMistake, PeerError
from parley.link import (
    MOVES,
    Alarm,
    Attach,
    Dial,
    Effect,
    Fall,
    Hang,
    Hello,
    Lane,
    LinkCore,
    Move,
    Rise,
    State,
    Write,
    check_hello,
    moved,
    read_hello,
    write_bye,
    write_hello,
)
from parley.times import Instant, Moment

LINE = "0f" * 16
CLOCK = Moment(1_795_000_000_000)
GROUP = "X25519MLKEM768"


def core(ours: str = "north", *, dials: bool = True) -> LinkCore:
    theirs = "south" if ours == "north" else "north"
    return LinkCore(
        name="cable",
        line=LINE,
        ours=ours,
        theirs=theirs,
        dials=dials,
        number=itertools.count(1).__next__,
        entropy=lambda size: bytes(size),
    )


def at(seconds: float) -> Instant:
    return Instant(1000.0 + seconds)


def only(effects: list[Effect], kind: type[Effect]) -> list[Effect]:  # type: ignore[valid-type]
    return [effect for effect in effects if isinstance(effect, kind)]  # type: ignore[arg-type]


def asking(ours: str = "north", seconds: float = 0) -> tuple[LinkCore, int, Hello]:
    """A link whose hello is out: the core, its connection, its hello."""
    link = core(ours)
    (dial,) = link.tick(at(seconds), CLOCK)
    assert isinstance(dial, Dial)
    (said,) = link.connected(dial.connection, GROUP, at(seconds))
    assert isinstance(said, Write)
    return link, dial.connection, read_hello(said.frame)


def dialled(ours: str = "north") -> tuple[LinkCore, int, Hello]:
    """A link that is up by our own dial."""
    link, connection, hello = asking(ours)
    effects = link.heard(connection, write_hello(hello.answered(), answer=True), at(0), CLOCK)
    assert effects == [Attach(connection=connection, lane=Lane.URGENT), Rise()]
    return link, connection, hello


def hello_of(side: str, *, lane: Lane = Lane.URGENT, link_id: str = "ee" * 16) -> Hello:
    other = "south" if side == "north" else "north"
    return Hello(line=LINE, from_side=side, to_side=other, link="cable", link_id=link_id, lane=lane)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(Move))
def test_a_move_that_is_not_in_the_table_is_an_error(state: State, move: Move) -> None:
    """Every state meets every move here, so none was forgotten by chance."""
    if (state, move) in MOVES:
        assert moved(state, move) is MOVES[state, move]
    else:
        with pytest.raises(OurMistake):
            moved(state, move)


def test_a_link_is_up_only_after_its_hello_was_answered() -> None:
    """In TLS 1.3 the dialler is through before the other side has judged its key; only an answer shows that it has."""
    link, connection, hello = asking()
    assert link.state is State.ASKING
    assert link.pulse() is None

    link.heard(connection, write_hello(hello.answered(), answer=True), at(0), CLOCK)

    assert link.state is State.UP
    assert link.group == GROUP


@pytest.mark.parametrize(
    "change",
    [{"link_id": "ab" * 16}, {"lane": Lane.BULK}, {"from_side": "north", "to_side": "south"}, {"line": "aa" * 16}],
)
def test_an_answer_that_does_not_mirror_the_hello_is_a_fault(change: dict[str, object]) -> None:
    """An answer to another dial, lane or line must not bring this one up."""
    link, connection, hello = asking()
    wrong = replace(hello.answered(), **change)  # type: ignore[arg-type]

    effects = link.heard(connection, write_hello(wrong, answer=True), at(0), CLOCK)

    assert [each.code for each in effects if isinstance(each, Alarm)] == ["link.answer"]
    assert link.state is State.RESTING


def test_an_upper_frame_before_the_answer_is_a_fault() -> None:
    """Whoever sends the record before the hello is answered is not running this protocol."""
    link, connection, _ = asking()

    effects = link.heard(connection, b"\x10 the record", at(0), CLOCK)

    assert [each.code for each in effects if isinstance(each, Alarm)] == ["link.order"]


def test_of_two_crossing_dials_both_sides_keep_the_one_of_the_smaller_side() -> None:
    """If each kept its own there would be two links or none; neither side may need to ask the other."""
    north, north_dial, north_hello = asking("north")
    south, south_dial, south_hello = asking("south")

    at_north = north.offered(91, south_hello, GROUP, at(0.1))
    at_south = south.offered(92, north_hello, GROUP, at(0.1))

    assert at_north == [Hang(connection=91, code="link.crossing", say=True)]
    assert Hang(connection=south_dial, code="link.crossing", say=True) in at_south
    assert Attach(connection=92, lane=Lane.URGENT) in at_south
    (answer,) = only(at_south, Write)
    assert isinstance(answer, Write)
    assert Rise() in north.heard(north_dial, answer.frame, at(0.2), CLOCK)
    assert (north.by_us, south.by_us) == (True, False)


def test_a_late_crossing_does_not_replace_the_link_that_stays() -> None:
    """The losing hello may arrive after ours was answered: taking it for a fresh dial would make the link flap."""
    north, _, _ = dialled("north")

    effects = north.offered(91, hello_of("south"), GROUP, at(0.5))

    assert effects == [Hang(connection=91, code="link.crossing", say=True)]
    assert north.state is State.UP


@pytest.mark.parametrize(("side", "after_s"), [("south", 0.5), ("north", limits.CROSSING_S + 1)])
def test_a_fresh_dial_replaces_a_link_the_other_side_has_lost(side: str, after_s: float) -> None:
    """A restarted peer must not wait for our three seconds of silence."""
    link, connection, _ = dialled(side)
    other = "north" if side == "south" else "south"

    effects = link.offered(91, hello_of(other), GROUP, at(after_s))

    assert Hang(connection=connection, code="link.redialled", say=True) in effects
    assert [type(each) for each in effects if isinstance(each, Fall | Rise)] == [Fall, Rise]
    assert link.state is State.UP


def test_the_other_lanes_are_dialled_once_the_link_is_up_and_bound_to_it_by_id() -> None:
    """Nobody but the dialler of the urgent connection may add to its link."""
    link, _, hello = dialled()

    dials = link.tick(at(0), CLOCK)

    lanes = {each.lane: each.connection for each in dials if isinstance(each, Dial)}
    assert set(lanes) == {Lane.ORDINARY, Lane.BULK}
    (said,) = link.connected(lanes[Lane.BULK], GROUP, at(0))
    assert isinstance(said, Write)
    assert read_hello(said.frame) == replace(hello, lane=Lane.BULK)
    answer = write_hello(read_hello(said.frame).answered(), answer=True)
    assert link.heard(lanes[Lane.BULK], answer, at(0), CLOCK) == [Attach(connection=lanes[Lane.BULK], lane=Lane.BULK)]
    assert link.lanes() == (Lane.URGENT, Lane.BULK)


def test_a_lane_that_names_another_link_id_is_turned_away() -> None:
    """A connection left over from an earlier dial would mix two lives of the link."""
    link = core("south", dials=False)
    link.offered(7, hello_of("north", link_id="11" * 16), GROUP, at(0))

    stale = link.offered(8, hello_of("north", lane=Lane.BULK, link_id="22" * 16), GROUP, at(0))
    right = link.offered(9, hello_of("north", lane=Lane.BULK, link_id="11" * 16), GROUP, at(0))
    again = link.offered(10, hello_of("north", lane=Lane.BULK, link_id="11" * 16), GROUP, at(0))

    assert stale == [Hang(connection=8, code="link.unbound", say=True)]
    assert Attach(connection=9, lane=Lane.BULK) in right
    assert again == [Hang(connection=10, code="link.unbound", say=True)]


def test_a_lost_bulk_connection_takes_the_whole_link_with_it() -> None:
    """Frames of that lane may be gone; made anew, both sides start from what is known instead of guessing."""
    link = core("south", dials=False)
    link.offered(7, hello_of("north"), GROUP, at(0))
    link.offered(9, hello_of("north", lane=Lane.BULK), GROUP, at(0))

    effects = link.lost(9, "link.lost", "the other side closed the connection", at(1))

    assert Hang(connection=7, code="link.lost", say=True) in effects
    assert isinstance(effects[-1], Fall)
    assert link.state is State.RESTING


def test_a_bulk_connection_that_keeps_dying_is_dialled_less_and_less_and_the_urgent_one_stays() -> None:
    """Whoever can break bulk alone must not be able to keep FLASH off the line."""
    link = core("north")
    now, waits = 0.0, []
    for _ in range(8):
        while link.state is not State.UP:
            now += 0.25
            for dial in only(link.tick(at(now), CLOCK), Dial):
                assert isinstance(dial, Dial)
                (said,) = link.connected(dial.connection, GROUP, at(now))
                assert isinstance(said, Write)
                answer = write_hello(read_hello(said.frame).answered(), answer=True)
                link.heard(dial.connection, answer, at(now), CLOCK)
        up_at = now
        bulk = None
        while bulk is None:
            for pulse in filter(None, map(link.pulse, Lane)):
                pulse.alive(at(now))
            for dial in only(link.tick(at(now), CLOCK), Dial):
                assert isinstance(dial, Dial)
                (said,) = link.connected(dial.connection, GROUP, at(now))
                assert isinstance(said, Write)
                hello = read_hello(said.frame)
                link.heard(dial.connection, write_hello(hello.answered(), answer=True), at(now), CLOCK)
                bulk = dial.connection if hello.lane is Lane.BULK else bulk
            now += 0.25
        waits.append(now - up_at)
        link.lost(bulk, "link.lost", "cut", at(now))

    assert waits[:2] == [0.25, 0.25]  # twice may be chance
    assert waits == sorted(waits)
    assert 30 < waits[-1] <= limits.LANE_PAUSE_S_MAX + 1


def test_silence_brings_a_link_down_and_a_dial_follows_at_once() -> None:
    """A dead link must be known within the time people are promised, and tried again without being asked."""
    link, connection, _ = dialled()
    effects: list[Effect] = []
    for tenth in range(1, 31):
        effects += link.tick(at(tenth / 10), CLOCK)

    falls = [each for each in effects if isinstance(each, Fall)]
    assert [fall.code for fall in falls] == ["link.silent"]
    assert Hang(connection=connection, code="link.silent", say=False) in effects
    assert [each.lane for each in effects if isinstance(each, Dial)][-1] is Lane.URGENT


def test_a_dial_without_an_answer_is_dropped_after_two_seconds_and_the_pause_stays_within_one() -> None:
    """There is just one peer: a cable that is plugged in again must be found again within a few seconds."""
    link = core("north")
    dials: list[float] = []
    for step in range(400):
        now = step / 10
        if only(link.tick(at(now), CLOCK), Dial):
            dials.append(now)

    gaps = [later - earlier for earlier, later in itertools.pairwise(dials)]
    assert max(gaps) <= limits.DIAL_S + limits.DIAL_PAUSE_S_MAX + 0.11
    assert "no connection" in link.last_error


def test_another_key_where_the_peer_should_be_is_an_alarm_and_a_refused_port_is_not() -> None:
    """Somebody in the middle is news; a peer that is switched off is not."""
    link = core("north")
    (dial,) = link.tick(at(0), CLOCK)
    assert isinstance(dial, Dial)

    quiet = link.lost(dial.connection, "link.unreachable", "connection refused", at(0))
    (dial,) = link.tick(at(5), CLOCK)
    assert isinstance(dial, Dial)
    loud = link.lost(dial.connection, "link.pin", "its key is not the pinned one", at(5))

    assert quiet == []
    assert [each.code for each in loud if isinstance(each, Alarm)] == ["link.pin"]


def test_a_link_that_is_closed_again_and_again_is_not_dialled_in_a_tight_loop() -> None:
    """A peer that hangs up after each hello would else cost both sides a handshake as fast as they can make them."""
    link = core("north")
    now, ups = 0.0, 0
    while now < 10:
        for dial in only(link.tick(at(now), CLOCK), Dial):
            assert isinstance(dial, Dial)
            if dial.lane is not Lane.URGENT:
                continue
            (said,) = link.connected(dial.connection, GROUP, at(now))
            assert isinstance(said, Write)
            answer = write_hello(read_hello(said.frame).answered(), answer=True)
            link.heard(dial.connection, answer, at(now), CLOCK)
            ups += 1
            link.heard(dial.connection, write_bye("link.full"), at(now), CLOCK)
        now += 0.01

    assert ups <= 20


def test_a_stopped_link_answers_nobody() -> None:
    """A node that goes down in order must not be talked up again by a late dial."""
    link, _, _ = dialled()

    effects = link.stop(at(1))
    late = link.offered(91, hello_of("south"), GROUP, at(1))

    assert any(isinstance(each, Fall) for each in effects)
    assert late == [Hang(connection=91, code="link.stopped", say=True)]
    assert link.wake_at() == float("inf")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"line": "aa" * 16}, "link.line"),
        ({"from_side": "north", "to_side": "south"}, "link.sides"),
        ({"to_side": "west"}, "link.sides"),
        ({"versions": (2, 3)}, "link.version"),
    ],
)
def test_a_hello_for_somebody_else_is_refused_by_name(change: dict[str, object], code: str) -> None:
    """The pinned key alone is not enough: a side may have several lines, and a frame may be sent back to its sender."""
    hello = replace(hello_of("south"), **change)  # type: ignore[arg-type]

    with pytest.raises(PeerError) as caught:
        check_hello(hello, line=LINE, ours="north", theirs="south")

    assert caught.value.code == code
