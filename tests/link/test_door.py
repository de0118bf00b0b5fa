"""Strangers at the port, and alarms that repeat."""

from __future__ import annotations

from parley import limits
from parley.link import AlarmBell, Door
from parley.times import Instant


def at(seconds: float) -> Instant:
    return Instant(50.0 + seconds)


def test_one_address_cannot_take_all_the_places() -> None:
    """Strangers that connect and say nothing would else keep the peer out."""
    door = Door(expected={"10.0.0.2"})

    admitted = sum(door.admit(number, "203.0.113.9", at(0)) for number in range(100))

    assert admitted == limits.STRANGERS_ADDRESS_MAX
    assert door.admit(500, "10.0.0.2", at(0))


def test_many_addresses_together_cannot_keep_out_an_address_of_our_routes() -> None:
    """Whoever can send from a whole network must not be able to cut the line."""
    door = Door(expected={"10.0.0.2"})
    for number in range(300):
        door.admit(number, f"203.0.113.{number % 250}", at(0))

    assert not door.admit(500, "198.51.100.1", at(0))
    assert door.admit(501, "10.0.0.2", at(0))


def test_an_address_that_knocks_too_often_waits_and_the_peer_is_never_counted() -> None:
    """A handshake costs a millisecond of a core; the peer, who shows its key, gets its knock back."""
    door = Door()
    for number in range(200):  # a stranger, gone at once each time
        door.admit(number, "203.0.113.9", at(0))
        door.left(number)
    peer = [door.admit(1000 + number, "10.0.0.2", at(0)) or door.known(1000 + number, at(0)) for number in range(3)]

    assert not door.admit(300, "203.0.113.9", at(0.05))
    assert door.admit(301, "203.0.113.9", at(1))
    assert all(peer)
    for number in range(2000, 2200):
        assert door.admit(number, "10.0.0.2", at(0))
        door.known(number, at(0))


def test_who_has_not_shown_itself_in_time_is_late() -> None:
    """An open connection that says nothing costs memory for as long as we let it."""
    door = Door()
    door.admit(1, "203.0.113.9", at(0))
    door.admit(2, "203.0.113.9", at(0))
    door.known(2, at(0.1))

    assert door.late(at(1)) == []
    assert door.late(at(2 * limits.DIAL_S)) == [1]


def test_addresses_are_remembered_only_up_to_a_bound() -> None:
    """A scan from a million addresses must not fill our memory."""
    door = Door()
    for number in range(limits.ADDRESSES_MAX * 3):
        door.admit(number, f"2001:db8::{number:x}", at(0))
        door.left(number)

    assert len(door._tokens) <= limits.ADDRESSES_MAX


def test_a_repeated_alarm_rings_once_and_says_how_many_were_held_back() -> None:
    """People who are called for every knock stop listening."""
    bell = AlarmBell()

    assert bell.ring("link.stranger", "somebody knocked", at(0)) == "somebody knocked"
    assert all(bell.ring("link.stranger", "somebody knocked", at(step / 10)) is None for step in range(1, 51))
    assert bell.ring("link.pin", "another key", at(1)) == "another key"
    assert bell.ring("link.stranger", "somebody knocked", at(20)) == "somebody knocked (50 more like it before)"
