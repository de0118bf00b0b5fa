"""The link's own frames."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parley.errors import PeerError
from parley.link import Hello, Lane, read_hello, write_hello
from parley.link.messages import Pulse, read_bye, read_pulse, write_beat, write_bye
from parley.times import Moment

HELLO = Hello(line="0f" * 16, from_side="north", to_side="south", link="cable", link_id="a1" * 16, lane=Lane.URGENT)


@pytest.mark.parametrize("lane", list(Lane))
def test_a_hello_is_read_back_as_it_was_said(lane: Lane) -> None:
    """Both sides must mean the same connection."""
    hello = replace(HELLO, lane=lane)

    assert read_hello(write_hello(hello)) == hello


def test_an_answer_mirrors_the_hello_and_chooses_one_version() -> None:
    """The dialler compares the whole answer, so a hello pasted from another dial cannot pass for it."""
    answer = replace(HELLO, versions=(1, 2)).answered()

    assert (answer.from_side, answer.to_side, answer.versions) == ("south", "north", (1,))
    assert answer.link_id == HELLO.link_id
    assert read_hello(write_hello(answer, answer=True), answer=True) == answer


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (write_hello(HELLO, answer=True), "link.order"),
        (b"\x01", "codec.json"),
        (b"\x01" + b"[" * 600, "codec.json"),
        (b"\x01{}", "link.hello"),
        (write_hello(HELLO).replace(b'"urgent"', b'"secret"'), "link.lane"),
        (write_hello(HELLO).replace(b'"cable"', b'"Cable"'), "link.name"),
        (write_hello(HELLO).replace(b"[1]", b"[]"), "link.hello"),
        (write_hello(HELLO).replace(b"[1]", b"[true]"), "link.hello"),
        (write_hello(HELLO).replace(b"[1]}", b'[1],"zeal":1}'), "link.hello"),
        (write_hello(HELLO).replace(b'"link_id":"a1', b'"link_id":"A1'), "codec.hex"),
        (b"\x01 " + write_hello(HELLO)[1:], "codec.form"),
        (b"\x01" + b" " * 2_000, "link.hello"),
    ],
)
def test_a_hello_has_one_form_and_no_other(frame: bytes, code: str) -> None:
    """Being lenient here would let two programs read two things in the first words they exchange."""
    with pytest.raises(PeerError) as caught:
        read_hello(frame)

    assert caught.value.code == code


def test_a_beat_takes_thirteen_bytes_whatever_it_says() -> None:
    """Equal size and pace tell an onlooker nothing about what is going on."""
    small = write_beat(Pulse(number=1, moment=Moment(0)))
    large = write_beat(Pulse(number=2**32 - 1, moment=Moment(2**53 - 1)), echo=True)

    assert len(small) == len(large) == 13
    assert read_pulse(large) == Pulse(number=2**32 - 1, moment=Moment(2**53 - 1))


@pytest.mark.parametrize("frame", [b"\x03", b"\x03" + bytes(13), b"\x03" + b"\xff" * 12])
def test_a_beat_of_another_form_is_refused(frame: bytes) -> None:
    """A moment beyond 2^53-1 could not be kept exactly by everybody who shows it."""
    with pytest.raises(PeerError) as caught:
        read_pulse(frame)

    assert caught.value.code == "link.beat"


def test_a_bye_carries_a_code_and_nothing_that_could_be_shown_as_ours() -> None:
    """The words people read are their own node's; free text here would be a way to put words on the other's desk."""
    assert read_bye(write_bye("link.crossing")) == "link.crossing"
    for frame in (b"\x05", b"\x05Call +47 now", b"\x05link.\xff", b"\x05" + b"a." + b"b" * 100):
        with pytest.raises(PeerError):
            read_bye(frame)
