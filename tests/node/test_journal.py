"""What the log says of the line, for the operator who looks the morning after."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tests.actions.pair import talking, until

from parley.node.events import Event
from parley.node.journal import LINES_A_MINUTE, Journal
from parley.transports.proxy import CutProxy

LINE = "parley.line"


def test_links_that_fall_and_a_disk_that_takes_nothing_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """docs/operating/doctor.md sends people to the log, and it said nothing of a night in which every link was cut."""
    caplog.set_level(logging.INFO, LINE)

    async def story() -> None:
        proxy = CutProxy(("127.0.0.1", 0))
        async with talking(cable=proxy) as (north, _):
            await until(lambda: "link cable is up, key exchange X25519MLKEM768" in caplog.text)
            await proxy.cut()
            await until(lambda: "link cable is down: " in caplog.text)
            north.node.tell("store", {"state": "read-only", "reason": "the disk is full"})
            north.node.tell("fault", {"code": "line.root", "sentence": "a root\nthat fits not", "link": "cable"})

    asyncio.run(asyncio.wait_for(story(), 30))
    levels = {record.getMessage(): record.levelname for record in caplog.records if record.name == LINE}
    assert levels["signing: read-only: the disk is full"] == "WARNING"
    assert levels["fault by link cable: a root?that fits not (line.root)"] == "WARNING"


def test_a_peer_that_breaks_a_link_without_end_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """It may come and go each second for a year; who reads is told that more was left out, once a minute."""
    caplog.set_level(logging.INFO, LINE)
    now = [0.0]
    journal = Journal(lambda _: "X25519", lambda: now[0])
    fall = Event(kind="link", fields={"link": "cable", "up": False, "code": "link.lost", "reason": "gone"})
    for _ in range(1_000):
        journal.heard(fall)
    assert len(caplog.records) == LINES_A_MINUTE + 1 and "left out" in caplog.text
    now[0] = 61.0
    journal.heard(fall)
    assert len(caplog.records) == LINES_A_MINUTE + 2
