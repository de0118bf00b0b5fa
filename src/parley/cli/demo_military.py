"""What the demo shows of the military channel: a rule book that both sides adopted, a notice in force, an incident.

Always true: 1. A step that does not come about raises, as in demo_play.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from parley.cli.demo_nodes import DemoNode
from parley.cli.demo_tracks import put_tracks

Until = Callable[[Callable[[], Awaitable[bool]], str], Awaitable[None]]
_DOCUMENTS: Final = ("sea-air", "notice-times")


async def adopt_rule_book(north: DemoNode, south: DemoNode, until: Until) -> None:
    """North proposes both documents that come with the program, South adopts them."""
    for name in _DOCUMENTS:
        example = await north.get(f"/rulebook/examples/{name}", "j.okafor")
        sent = await north.post("/rulebook", "j.okafor", document=example["document"])
        await until(_in_state(south, sent["subject"], "proposed"), f"the document {name} did not arrive")
        await south.post(f"/{sent['subject']}/adopt", "r.tomas")
        await until(_in_state(north, sent["subject"], "adopted"), f"the document {name} was not seen adopted")


async def give_notice(north: DemoNode, south: DemoNode, until: Until) -> None:
    """South gives notice of live firing, in force since an hour ago; North reads it."""
    now = datetime.now(UTC).replace(minute=0)
    sent = await south.post(
        "/channels/military/notices", "r.tomas", what="live-firing", title="Gunnery off Cape Hann",
        since=f"{now - timedelta(hours=1):%Y-%m-%dT%H:%MZ}", until=f"{now + timedelta(hours=30):%Y-%m-%dT%H:%MZ}",
        area="AREA BOUNDED BY 54-35.0N 012-20.0E, 54-45.0N 012-20.0E, 54-45.0N 012-40.0E, 54-35.0N 012-40.0E",
        low="SFC", high="FL200", forces="Two frigates and a tug", contact="156.8 MHz", book="notice-times/1/1",
        text="Exercise. Please keep clear of the area until it is ended.", language="en",
    )  # fmt: skip
    side, epoch, number = sent["subject"].split("/")[1:]
    path = f"/channels/military/notices/{side}/{epoch}/{number}"

    async def here() -> bool:
        rows = (await north.get("/notices", "t.brandt"))["notices"]
        return any(row["subject"] == sent["subject"] and row["in_force"] for row in rows)

    await until(here, "the notice did not arrive")
    await north.post(f"{path}/acknowledge", "t.brandt", note="Seen by the watch.")

    async def read() -> bool:
        return bool((await south.get(path, "r.tomas"))["forms"][0]["acknowledged"])

    await until(read, "nobody was seen to have read the notice")


async def send_signal(north: DemoNode, south: DemoNode, until: Until) -> None:
    """North sends a signal of the rule book; South's desk has it in Arabic."""
    sent = await north.post("/channels/military/signals", "t.brandt", code="KC1")
    path = f"/channels/military/messages/{sent['subject'].partition('/')[2]}"

    async def translated() -> bool:
        rows = (await south.get("/channels/military/messages", "r.tomas"))["messages"]
        row = next((one for one in rows if one["subject"] == sent["subject"]), None)
        return row is not None and any(one["language"] == "ar" for one in row["translations"])

    await until(translated, f"the signal {path} did not appear in Arabic")


def _in_state(node: DemoNode, subject: str, state: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return any(row["subject"] == subject and row["state"] == state for row in await node.get("/rulebook"))

    return look


async def report_incident(north: DemoNode, south: DemoNode, until: Until) -> None:
    """North reports a dangerous pass, South tells it otherwise; one sentence is agreed, one is disputed."""
    report = {
        "what": "An aircraft of South passed our bow at mast height while our helicopter was about to take off.",
        "place": "54°37.5'N 012°31.0'E", "closest": "45", "closest_how": "Navigation radar and video",
        "units": [
            {"side": "ours", "told": {"type": {"value": "frigate"}, "name": {"value": "Resolute"},
                                      "course": {"value": "271"}, "speed": {"value": "14"}}},
            {"side": "theirs", "told": {"type": {"value": "fighter"}, "altitude": {"value": "60"}}},
        ],
        "cite": "sea-air/1/1", "asks": "Say who flew it, and keep 500 m away.",
    }  # fmt: skip
    sent = await north.post("/incidents", "t.brandt", report=report, channel="military")
    side, epoch, number = sent["subject"].split("/")[1:]
    path = f"/channels/military/incidents/{side}/{epoch}/{number}"
    await until(_has(south, "r.tomas", path, lambda one: one["row"]["waits"] == ["account"]), "no report arrived")
    account = {
        "what": "Our aircraft identified the ship and kept 300 m away. Nothing was dropped or simulated.",
        "place": "54°37.6'N 012°31.3'E", "closest": "300", "closest_how": "Cockpit instruments",
        "units": [{"side": "ours", "told": {"type": {"value": "fighter"}, "altitude": {"value": "90"}}}],
    }  # fmt: skip
    await south.post(f"{path}/account", "r.tomas", report=account)
    for text in ("One aircraft passed the ship from starboard to port.", "It was nearer than 100 m."):
        await north.post(f"{path}/state", "t.brandt", text=text, language="en")
    await until(_has(south, "r.tomas", path, lambda one: len(one["statements"]) == 2), "no statement arrived")
    entries = [one["said"]["entry"] for one in (await south.get(path, "r.tomas"))["statements"]]
    for entry, stand in zip(entries, ("agreed", "disputed"), strict=True):
        await south.post(f"{path}/stand", "r.tomas", entry=entry, stand=stand)
    await until(
        _has(north, "t.brandt", path, lambda one: [s["stand"] for s in one["statements"]] == ["agreed", "disputed"]),
        "the stands did not arrive",
    )


def _has(
    node: DemoNode, person: str, path: str, so: Callable[[dict[str, Any]], bool]
) -> Callable[[], Awaitable[bool]]:  # fmt: skip
    async def look() -> bool:
        rows = await node.get("/incidents?which=all", person)
        here = any(path.endswith(row["subject"].partition("/")[2]) for row in rows)
        return here and so(await node.get(path, person))

    return look


PARTS: Final = (
    ("a rule book of two documents is proposed by North and adopted by South", adopt_rule_book),
    ("notice of live firing is given by South, is in force at North, and was read there by name", give_notice),
    ("a signal of the rule book goes as a message: South has it in Arabic", send_signal),
    (
        "an incident is reported by North and told otherwise by South; one sentence is agreed, one disputed",
        report_incident,
    ),
    ("both sides put their tracks of it forward; each node shows both closest approaches, which disagree", put_tracks),
)
"""What the demo plays of the military channel, in order: each part with its words."""
