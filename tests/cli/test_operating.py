"""The commands of docs/operating/, run as written, on two real nodes: lose a machine, bring it back, go on."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from parley.cli.demo_nodes import DemoNode, parley, stop_all, two_nodes
from parley.cli.demo_play import NORTH, SOUTH, until
from parley.errors import ParleyError


async def ready(node: DemoNode) -> bool:
    """Tell whether a node is joined and may sign."""
    row = await node.get("/line")
    return bool(row["up"]) and row["signing"] == "ok"


async def people(node: DemoNode, person: str, name: str) -> None:
    await node.post("/people", person=person, name=name, role="duty-officer")
    await node.token_for(person)


async def texts(node: DemoNode, by: str) -> list[str]:
    page = await node.get("/channels/leaders/messages?count=200", by)
    return [row["text"] for row in page["messages"]]


async def held(node: DemoNode, by: str, count: int) -> bool:
    try:
        return len(await texts(node, by)) >= count
    except ParleyError:
        return False


async def say(node: DemoNode, by: str, text: str) -> dict:
    return await node.post("/channels/leaders/messages", by, text=text, language="en")


@pytest.mark.processes
@pytest.mark.parametrize("kept", ["keys", "everything"])
def test_a_lost_machine_comes_back_from_its_backup_and_the_other_side(tmp_path: Path, kept: str) -> None:
    """docs/operating/backup.md: what the backup lacks comes from the peer; the old log is never continued."""
    word = tmp_path / "passphrase"
    word.write_text("a long and quiet sentence\n")

    async def story() -> None:
        north, south = await two_nodes(tmp_path, (NORTH, SOUTH))
        try:
            for node in (north, south):
                await until(lambda node=node: ready(node), "the line did not come up")  # type: ignore[misc]
            await people(north, "edda", "Edda")
            await people(south, "samira", "Samira")
            await north.post("/channels", "edda", channel="leaders", title="Leaders")

            async def proposed() -> bool:
                return bool(await south.get("/channels"))

            await until(proposed, "the proposal did not arrive")
            await south.post("/channels/leaders/agree", "samira")

            async def agreed() -> bool:
                return (await north.get("/channels"))[0]["state"] == "agreed"

            await until(agreed, "the channel did not open")
            await say(north, "edda", "before the backup")
            draft = await north.post("/drafts", "edda", channel="leaders", text="Not said yet.", language="en")

            sealed = tmp_path / "backup.sealed"
            more = ["--keys-only"] if kept == "keys" else []
            parley("backup", str(north.folder), str(sealed), "--passphrase-file", str(word), *more)
            await say(north, "edda", "after the backup")
            await until(lambda: held(south, "samira", 2), "the messages did not arrive")

            await north.stop()  # the machine is lost: data folder and anchor are gone
            shutil.rmtree(north.folder)
            shutil.rmtree(north.folder.with_name("north.anchor"))
            parley("restore", str(sealed), str(north.folder), "--passphrase-file", str(word))
            await north.start()
            await until(lambda: ready(north), "the node did not heal")
            if kept == "keys":
                await people(north, "edda", "Edda")
                with pytest.raises(ParleyError):
                    await north.get(f"/drafts/{draft['id']}", "edda")
            else:
                assert (await north.get(f"/drafts/{draft['id']}", "edda"))["text"] == "Not said yet."
            await until(lambda: held(north, "edda", 2), "the messages did not come back")

            after = await say(north, "edda", "after the loss")
            later = after["subject"].removeprefix("message/")
            assert (await north.get(f"/channels/leaders/messages/{later}", "edda"))["text"] == "after the loss"
            await until(lambda: held(south, "samira", 3), "the line did not go on")
            logs = {row["log"] for row in await south.get("/record", "samira")}
            assert "leaders/north/0" in logs
            assert sum(log.startswith("leaders/north/") for log in logs) == 2
            for node, by in ((north, "edda"), (south, "samira")):
                assert await texts(node, by) == ["before the backup", "after the backup", "after the loss"]
                file = tmp_path / f"{node.words.side}.parley"
                file.write_bytes(await node.get("/record.parley", by))
                assert parley("check", str(file))["verdict"] == "proven"
        finally:
            await stop_all(north, south)

    asyncio.run(story())
