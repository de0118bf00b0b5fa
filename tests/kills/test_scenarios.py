"""What happens to machines: a full disk, a lost one, an old backup brought back; real processes, real files."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.kills.charge import Habits
from tests.kills.checker import History, judge, read_history
from tests.kills.client import PASSPHRASE
from tests.kills.disks import SmallDisk
from tests.kills.grounds import SIDES, Ground, Grounds
from tests.kills.story import Pair

from parley.storage.backup import restore_backup

pytestmark = pytest.mark.processes


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder on a disk that syncs, away from the names pytest makes."""
    folder = Path(tempfile.mkdtemp(prefix="parley-scenario-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def go_through(
    grounds: Grounds, story: Callable[[Pair], Awaitable[None]], *, healed: bool, broken: str = ""
) -> History:
    """Found the line, let the story happen, stop both nodes and read what is left."""

    async def run() -> None:
        habits = {side: Habits(broken=broken if side == "north" else "") for side in SIDES}
        async with Pair(grounds, habits) as pair:
            await pair.found()
            await story(pair)
            await pair.stop()
            assert pair.died() == []

    asyncio.run(run())
    return read_history(grounds, healed=healed)


async def send(pair: Pair, side: str, mark: int, precedence: str = "ROUTINE") -> dict[str, Any]:
    """Send one message; gives where it stands, or the error."""
    return dict(await pair.at[side].do("send", mark=f"{side}.0.{pair.at[side].life}.{mark}", precedence=precedence))


async def both_send(pair: Pair, marks: range) -> None:
    """Let both sides send some messages."""
    for mark in marks:
        assert "error" not in await send(pair, "north", mark, "FLASH" if mark % 5 == 0 else "ROUTINE")
        assert "error" not in await send(pair, "south", mark)


async def cut(pair: Pair) -> None:
    """Cut both links."""
    for link in pair.grounds.links:
        await link.cut()


async def goes_on_in_a_new_epoch(pair: Pair) -> None:
    """North has a store that is behind or empty: it must sign nothing until South has told it what there was."""
    await cut(pair)
    await pair.at["north"].start()
    assert "error" in await send(pair, "north", 1)
    assert (await pair.at["north"].do("test"))["error"] == "line.signing"
    state = await pair.at["north"].do("state")
    assert state["signing"] == "waiting"

    await pair.grounds.join()
    await pair.until(lambda states: states["north"]["signing"] == "ok" and states["north"]["agreed"], 60)
    log = (await send(pair, "north", 2))["log"]
    assert log.startswith("leaders/north/") and log != "leaders/north/0"
    assert await pair.converge() == ""
    assert (await pair.at["south"].do("test"))["same"]
    assert await pair.converge() == ""


def lose(ground: Ground) -> None:
    """The machine burned down: what the node made is gone; keys, cards and settings come from paper."""
    for path in ground.data.iterdir():
        if path.name not in ("keys", "config.toml", "own.card", "peer.card"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(ground.anchor)


def test_a_full_disk_stops_authoring_loses_nothing_and_goes_on_when_there_is_room(root: Path) -> None:
    """A node that cannot store must say nothing; and it must come back by itself, without anybody's hand."""

    async def story(pair: Pair) -> None:
        await both_send(pair, range(1, 6))
        north = pair.at["north"]
        mark, refused = 100, ""
        for _ in range(4):  # the node lets go of its ballast to stop in order; that room is taken as well
            disk.fill(north.pid)
            for _ in range(40):
                mark += 1
                said = await send(pair, "north", mark)
                refused = said.get("error", "")
                if refused:
                    break
        assert refused in ("storage.full", "storage.failed", "line.signing")
        assert (await north.do("state"))["signing"] == "read-only"
        said = await send(pair, "south", 100)
        assert "error" not in said  # South's own disk is well
        waiting = (await pair.at["south"].do("state"))["logs"][said["log"]]

        disk.free(north.pid)
        await pair.until(lambda states: states["north"]["signing"] == "ok", 60)
        assert waiting[0] > waiting[4], "North cosigned what it could not store"
        await both_send(pair, range(200, 206))
        assert await pair.converge() == ""

    with SmallDisk(root / "small") as disk:
        history = go_through(Grounds(root, data={"north": root / "small"}), story, healed=False)
        assert judge(history) == []


def test_a_lost_machine_takes_back_both_logs_and_goes_on_in_the_next_epoch(root: Path) -> None:
    """What the other side holds is not lost, and nothing may be signed before it is back (promise 5)."""

    async def story(pair: Pair) -> None:
        await both_send(pair, range(1, 11))
        assert await pair.converge() == ""
        await pair.at["north"].kill()
        lose(pair.grounds.at["north"])
        await goes_on_in_a_new_epoch(pair)
        await both_send(pair, range(20, 26))
        assert await pair.converge() == ""

    history = go_through(Grounds(root), story, healed=True)
    assert judge(history) == []


def test_a_restored_backup_takes_back_the_rest_and_goes_on_in_the_next_epoch(root: Path) -> None:
    """The commonest way to fork a log is to restore an old backup and go on from there."""

    async def story(pair: Pair) -> None:
        north, ground = pair.at["north"], pair.grounds.at["north"]
        await both_send(pair, range(1, 6))
        await north.do("backup", data=str(ground.data), target=str(root / "backup"))
        await both_send(pair, range(6, 11))
        assert await pair.converge() == ""
        await north.kill()
        shutil.rmtree(ground.data)
        restore_backup(root / "backup", ground.data, PASSPHRASE)
        await goes_on_in_a_new_epoch(pair)

    history = go_through(Grounds(root), story, healed=True)
    assert judge(history) == []


def bring_back_an_old_copy(root: Path, broken: str) -> History:
    """North's database is copied while it is stopped, and the copy is put back later without anybody saying so."""

    async def story(pair: Pair) -> None:
        north, ground = pair.at["north"], pair.grounds.at["north"]
        await both_send(pair, range(1, 6))
        assert await pair.converge() == ""
        await north.stop()
        shutil.copytree(ground.data, root / "copy")
        await north.start()
        await pair.until(lambda states: states["north"]["signing"] == "ok", 60)
        await both_send(pair, range(6, 11))
        assert await pair.converge() == ""
        await north.kill()
        shutil.rmtree(ground.data)
        shutil.copytree(root / "copy", ground.data)
        if broken:
            await cut(pair)
            await north.start()
            for mark in range(30, 33):
                await send(pair, "north", mark)
            await pair.grounds.join()
            await pair.until(lambda states: states["south"]["links"] > 0, 60)
            await send(pair, "north", 33)
            await asyncio.sleep(1)  # long enough for South to hear of it
        else:
            await goes_on_in_a_new_epoch(pair)

    return go_through(Grounds(root), story, healed=True, broken=broken)


def test_an_old_copy_of_the_files_is_known_for_what_it_is(root: Path) -> None:
    """Nobody tells a node that its files were put back; the second place does."""
    assert judge(bring_back_an_old_copy(root, "")) == []


def test_the_checker_catches_a_node_that_goes_on_from_any_store(root: Path) -> None:
    """The same story with a node broken on purpose: its log forks, the other side says so, and so does the checker."""
    faults = judge(bring_back_an_old_copy(root, "trusts-any-store"))
    assert any(fault.startswith("5: the sides hold different entries of leaders/north/0") for fault in faults), faults
