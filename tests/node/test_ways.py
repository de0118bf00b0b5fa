"""Which links carry sound and signals."""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.link import Lane, Thin
from parley.node import ways

SIGNAL = b"\x18 watch"


@dataclass
class Host:
    """Links as the transport shows them."""

    thin_ones: set[str] = field(default_factory=set)
    waits: dict[str, int] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def thin(self, link: str) -> Thin | None:
        return Thin(2_400) if link in self.thin_ones else None

    def backlog(self, link: str, lane: Lane) -> int:
        assert lane is Lane.URGENT
        return self.waits.get(link, 0)

    def send(self, link: str, lane: Lane, frame: bytes) -> bool:
        self.sent.append(link)
        return True


def test_sound_goes_by_no_thin_link() -> None:
    """One voice is ten times what a ship's radio carries; the FLASH behind it would wait for ever."""
    assert ways.wide(Host({"radio"}), ["cable", "radio"]) == ["cable"]
    assert ways.wide(Host({"radio"}), ["radio"]) == []


def test_a_signal_goes_by_every_wide_link_and_by_a_thin_one_only_where_there_is_no_other() -> None:
    """The first copy counts; a thin link need not carry the second."""
    host = Host({"radio"}, waits={"cable": 9_000})
    assert ways.signal(host, ["cable", "dish", "radio"], SIGNAL)
    assert host.sent == ["cable", "dish"]

    host = Host({"radio"})
    assert ways.signal(host, ["radio"], SIGNAL)
    assert host.sent == ["radio"]


def test_a_signal_never_queues_on_a_thin_link() -> None:
    """Typing makes ten a second: they would stand before the FLASH, each out of date when it arrives."""
    host = Host({"radio"}, waits={"radio": 1})

    assert not ways.signal(host, ["radio"], SIGNAL)
    assert host.sent == []
