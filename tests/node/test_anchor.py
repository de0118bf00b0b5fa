"""The second place on a disk that fails, fills up or is pulled out: nothing is signed upon it; the node lives on."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path

import pytest
from tests.actions.pair import talking, until

from parley.actions import line
from parley.codec.canonical import decode
from parley.errors import Unavailable
from parley.node.anchor import AnchorFile, heads_file


class Stick:
    """The disk of the second places, which can be pulled out: then it takes nothing to its ground."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = True
        self.refused = 0
        self._true = os.fdatasync
        monkeypatch.setattr("parley.node.anchor.os.fdatasync", self._sync)

    def _sync(self, handle: int) -> None:
        if not self.there:
            self.refused += 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self._true(handle)


def test_a_node_whose_second_place_fails_says_so_and_goes_on_once_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sync each second is the writer's work: its failure once ended that thread, and every wish waited for ever."""
    stick = Stick(monkeypatch)

    async def main() -> None:
        async with talking() as (north, south):
            stick.there = False
            await line.run_test(north.node, north["admin"])
            await until(lambda: stick.refused)
            # The first that comes after it is refused; a duty of the node's own may have met it before ours does.
            with pytest.raises(Unavailable):
                while True:
                    await line.run_test(north.node, north["admin"])
            stick.there = True
            await until(lambda: north.node.status().signing == "ok" and south.node.status().signing == "ok")
            await line.run_test(north.node, north["admin"])

    asyncio.run(asyncio.wait_for(main(), 30))


def test_what_could_not_be_marked_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second place fails when the record has the commit: a disk put back to before it would match (promise 5)."""
    full, refused, true_write = True, 0, os.pwrite

    def write(handle: int, data: bytes, at: int) -> int:
        nonlocal refused
        heads = decode(data.rstrip())
        assert isinstance(heads, dict)
        north = os.readlink(f"/proc/self/fd/{handle}").endswith("/north/heads.json")
        if full and north and heads["after"] == heads["before"]:  # not the word before a commit, but the one after it
            refused += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return true_write(handle, data, at)

    async def main() -> None:
        async with talking() as (north, south):

            def held() -> int:
                return len(line.tests(south.node, south["admin"]))

            before = held()
            monkeypatch.setattr("parley.node.anchor.os.pwrite", write)
            await line.run_test(north.node, north["admin"])  # it is on our disk, so whoever wished it is told so
            await until(lambda: refused > 2)  # twice begun anew from the record, which matches
            assert north.node.status().signing == "read-only" and held() == before
            nonlocal full
            full = False
            await until(lambda: north.node.status().signing == "ok" and held() == before + 1)

    asyncio.run(asyncio.wait_for(main(), 30))


def test_what_did_not_reach_its_disk_is_told_at_the_next_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system tells of it once only: the next sync of the same pages would say that all is well."""
    stick, place = Stick(monkeypatch), AnchorFile(tmp_path / "second")
    place.write(b'{"heads": 1}')
    stick.there = False
    place.write(b'{"heads": 2}')
    place.sync()
    stick.there = True
    with pytest.raises(Unavailable, match="second place"):
        place.write(b'{"heads": 3}')
    place.read()
    place.write(b'{"heads": 3}')
    assert place.read() == b'{"heads": 3}'
    place.close()


def test_after_a_failure_the_second_place_is_opened_anew_and_never_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its disk is gone there is an empty folder: a file made there would stand on the record's own disk."""
    stick, folder = Stick(monkeypatch), tmp_path / "second"
    place = AnchorFile(folder)
    assert "may not be mounted" in place.words
    place.write(b"{}")
    stick.there = False
    place.write(b"{}")
    place.sync()
    folder.rename(tmp_path / "pulled")
    folder.mkdir()
    for _ in range(2):
        with pytest.raises(Unavailable, match="is its disk there"):
            place.read()
    assert not heads_file(folder).exists()
    shutil.rmtree(folder)
    (tmp_path / "pulled").rename(folder)
    stick.there = True
    assert place.read() == b"{}"
    place.write(b'{"heads": 1}')
    place.close()
    again = AnchorFile(folder)
    assert again.words == ""
    again.close()


def test_half_a_second_place_is_not_taken_for_a_whole_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk with little room left takes the beginning and says how much."""
    place = AnchorFile(tmp_path / "second")
    monkeypatch.setattr("parley.node.anchor.os.pwrite", lambda handle, data, at: len(data) // 2)
    with pytest.raises(Unavailable, match="No space"):
        place.write(b'{"heads": 1}')
    place.close()
