"""The format page's example is what the program writes, and its bounds are the program's."""

from __future__ import annotations

import re
from pathlib import Path

from parley import limits
from parley.link import BEAT, ECHO, Lane, header, read_hello, write_bye, write_hello
from parley.link.messages import read_pulse

PAGE = (Path(__file__).parents[2] / "docs/protocol/link.md").read_text("utf-8")


def test_the_example_on_the_page_is_read_and_written_as_shown() -> None:
    """Another implementation is written from the page; an example that lies would cost its author days."""
    lines = re.findall(r"^(?:north|south)  ([0-9a-f]{8}) ([0-9a-f]{2}) (.*)$", PAGE, re.MULTILINE)
    frames = []
    for length, kind, rest in lines:
        body = rest.encode() if rest.startswith("{") else bytes.fromhex(rest.replace(" ", ""))
        frame = bytes.fromhex(kind) + body
        assert header(frame).hex() == length
        frames.append(frame)

    hello, answer, beat, echo, bye = frames
    assert write_hello(read_hello(hello)) == hello
    assert write_hello(read_hello(hello).answered(), answer=True) == answer
    assert (beat[0], echo[0]) == (BEAT, ECHO)
    assert read_pulse(beat).number == read_pulse(echo).number
    assert bye == write_bye("link.stopped")


def test_the_bounds_on_the_page_are_those_of_the_program() -> None:
    """A peer that keeps to the page must never be cut off by us."""
    for lane in Lane:
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{lane.word}` |"))
        assert f"{lane.frame_bytes_max:,} bytes" in row
    assert f"at most {limits.HELLO_BYTES_MAX:,} bytes" in PAGE
    assert f"At most {limits.LINKS_MAX} links" in PAGE
    assert f"at most {limits.STRANGERS_MAX} such at once, {limits.STRANGERS_ADDRESS_MAX} from" in PAGE
    assert f"After {limits.LINK_SILENCE_S:.0f} s of\n    silence ({limits.LANE_SILENCE_S:.0f} s" in PAGE
