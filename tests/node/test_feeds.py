"""Our own receivers over real sockets: heard, told once, bounded, and never in anything that leaves."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.live.test_heard import SBS, ais

from parley import limits
from parley.actions import incidents, live
from parley.actions.incident_evidence import Put
from parley.actions.incident_forms import ReportForm
from parley.errors import Refused
from parley.live import Rules
from parley.node.config import read_config
from parley.node.feed_settings import FeedSetting
from parley.node.feeds import Feeds
from parley.record.names import LogId

CANARY = "CANARY SEVEN"


def sentences(far: float = 0.0) -> bytes:
    """Two ships two miles apart that head for each other."""
    first = ais(mmsi=244660001, lat=54.5, lon=11.0, course=90.0, speed=20.0)
    second = ais(mmsi=244660002, lat=54.5, lon=11.05 + far, course=270.0, speed=20.0)
    return first + second + ais(type=5, mmsi=244660001, shipname=CANARY)


def test_a_pair_is_heard_told_and_kept_and_nothing_of_it_crosses() -> None:
    """Promise 9: what a side's own radar hears is its own until a person says it."""

    async def story() -> None:
        async with talking() as (north, south):
            receivers: list[asyncio.StreamWriter] = []
            server = await asyncio.start_server(lambda _, writer: receivers.append(writer), "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            mast = FeedSetting(name="mast", form="ais", by="tcp", host="127.0.0.1", port=port)
            north.node.feeds = feeds = Feeds(north.node, [mast], Rules())
            feeds.start()
            heard = north.node.subscribe()
            await until(lambda: receivers)
            receivers[0].write(b"garbage\xff\n" + sentences())
            await until(lambda: feeds.near.pairs())
            edda = north["edda"]
            row = live.live(north.node, edda)
            assert row.feeds[0].wrong == 1
            assert row.pairs[0].first == CANARY
            assert "near" in {event.kind for event in await heard.come()}
            pair, file = await live.keep_moment(north.node, edda, row.pairs[0].key)
            whole = b"".join([piece async for piece in (await live.kept_file(north.node, edda, file.root))[1]])
            assert whole.decode().count("mmsi-24466000") == 2
            assert pair.closest_m < 926
            with pytest.raises(Refused):
                live.live(north.node, north["admin"])
            with pytest.raises(Refused, match="not near"):
                await live.keep_moment(north.node, edda, "x.y")
            for store in (north.node.store, south.node.store):
                leaves = [leaf for log in store.logs() for leaf in store.leaves(log, 0, store.size(log))]
                assert leaves
                assert not any(word in leaf for leaf in leaves for word in (CANARY.encode(), file.root.encode()))
            form = ReportForm(what="They came close.", place="54.5 11.02")
            sent = await incidents.report_incident(north.node, edda, form, evidence=[Put(root=file.root)])
            leaves = north.node.store.leaves(LogId.read(sent.ref.log), sent.ref.number, 1)
            assert file.root.encode() in leaves[0]  # a person said it: now it goes
            receivers[0].close()
            await until(lambda: not feeds.feeds[0].up)
            server.close()

    asyncio.run(story())


class Quiet:
    """A node that only knows the time."""

    told = 0

    def moment(self) -> int:
        return 1_795_402_800_000

    def tell(self, kind: str, fields: object) -> None:
        self.told += 1


def test_a_flood_of_datagrams_is_taken_in_part_and_counted() -> None:
    """Whoever reaches the port must not take the loop from the voice."""

    async def story() -> None:
        port = free_port()
        setting = FeedSetting(name="roof", form="sbs", by="udp", host="127.0.0.1", port=port)
        feeds = Feeds(Quiet(), [setting], Rules())  # type: ignore[arg-type]
        feeds.start()
        await until(lambda: feeds.feeds[0].up)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto(SBS, ("127.0.0.1", port))
            await until(lambda: len(feeds.tracks))
            full = (b"x" * 99 + b"\n") * 80
            for _ in range(80):
                out.sendto(full, ("127.0.0.1", port))
                await asyncio.sleep(0)
            out.sendto(b"y" * 20_000, ("127.0.0.1", port))
            await until(lambda: feeds.feeds[0].dropped > 20_000)
        assert feeds.feeds[0].ears.lines * 100 <= 2 * limits.FEED_BYTES_S
        await feeds.stop()

    asyncio.run(story())


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


GOOD = '[[feed]]\nname = "mast"\nform = "ais"\nby = "tcp"\naddress = "10.9.0.20:10110"\n'


@pytest.mark.parametrize(
    ("more", "setting"),
    [
        (GOOD.replace("ais", "gps"), "[[feed]] form"),
        (GOOD.replace("tcp", "serial"), "[[feed]] by"),
        (GOOD.replace(":10110", ""), "[[feed]] address"),
        (GOOD.replace(":10110", ":0"), "[[feed]] address"),
        (GOOD.replace("tcp", "udp").replace("10.9.0.20", "0.0.0.0"), "[[feed]] address"),
        (GOOD.replace("tcp", "udp").replace("10.9.0.20", "mast.example"), "[[feed]] address"),
        (GOOD + GOOD, "[[feed]] name"),
        (GOOD + "more = 1\n", "feed"),
        ("feed = 3\n", "feed"),
        ("[live]\ndistance_m = 5\n", "[live] distance_m"),
        ('[live]\npairs = ["ship-submarine"]\n', "[live] pairs"),
        ("[live]\nloud = true\n", "live"),
    ],
)
def test_a_wrong_receiver_stops_the_start_and_is_named(tmp_path: Path, more: str, setting: str) -> None:
    """A watch that silently listens to nothing is worse than none."""
    (tmp_path / "config.toml").write_text('side = "north"\n' + more)
    with pytest.raises(Refused) as refused:
        read_config(tmp_path)
    assert refused.value.fields["setting"] == setting


def test_a_receiver_and_what_is_warned_of_are_read(tmp_path: Path) -> None:
    """The example of the settings' page."""
    (tmp_path / "config.toml").write_text(f'side = "north"\n{GOOD}[live]\nwithin_s = 300\npairs = ["ship-ship"]\n')
    config = read_config(tmp_path)
    assert config.feeds == (FeedSetting(name="mast", form="ais", by="tcp", host="10.9.0.20", port=10110),)
    assert config.live == Rules(within_s=300, pairs=("ship-ship",))
