"""`notify`: who is told of what waits, after how long, and by which ways outside the desk.

Always true: 1. An address is read from a file or from standard input, never from the command line, which every program
of the machine can read.
"""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client
from parley.cli.output import print_done, print_json, print_table, safe
from parley.cli.reading import read_text
from parley.errors import Refused, Unavailable

_POLL_S: Final = 0.2


def notify(chosen: Namespace) -> int:
    """List, or do one act."""
    client = Client.of(chosen)
    acts = {"list": _list, "add": _add, "remove": _remove, "test": _test, "steps": _steps, "reset": _reset}
    return acts[chosen.act](chosen, client)


def _list(chosen: Namespace, client: Client) -> int:
    row = client.get("/escalation")
    if chosen.json:
        print_json(row)
        return 0
    print_table(
        ("what waits", "channel", "steps"),
        ((one["kind"], one["channel"] or "(all)", _told(one["steps"])) for one in row["ladders"]),
    )
    print_table(
        ("target", "address", "channel's name", "last tried", "how it went"),
        (
            (
                one["name"], one["masked"], "hidden" if one["hides_channel"] else "told", one["tried_at"] or "-",
                "-" if one["ok"] is None else "taken" if one["ok"] else safe(one["reason"]),
            )
            for one in row["targets"]
        ),
    )  # fmt: skip
    for one in row["silent"]:
        print(f"The desk of {safe(one['name'])} should ring ({one['kind']}) and does not, since {one['since']}.")
    return 0


def _told(steps: list[dict[str, Any]]) -> str:
    return ", ".join(" ".join((f"{step['after_s']} s {step['how']}", *step["who"])) for step in steps)


def _add(chosen: Namespace, client: Client) -> int:
    name = _named(chosen, "a target")
    if chosen.address is None:
        raise Refused("cli.usage", "notify add: --address FILE is needed; '-' reads standard input")
    text = read_text(Path(chosen.address))
    client.put(f"/escalation/targets/{quote(name, safe='')}", url=text.strip(), hides_channel=chosen.hide_channel)
    return print_done(
        chosen, {"done": True}, f"{name} is kept; its address is not shown again. Test it: parley notify test {name}"
    )


def _remove(chosen: Namespace, client: Client) -> int:
    name = _named(chosen, "a target")
    client.delete(f"/escalation/targets/{quote(name, safe='')}")
    return print_done(chosen, {"done": True}, f"{name} is removed.")


def _test(chosen: Namespace, client: Client) -> int:
    """Test a target, or with --steps all targets of a ladder; wait for how each went."""
    name = _named(chosen, "a target or, with --steps, a kind")
    before = client.get("/escalation")["results"]
    if chosen.steps:
        names = client.post("/escalation/ladder/test", kind=name, **_channel(chosen))["targets"]
    else:
        client.post(f"/escalation/targets/{quote(name, safe='')}/test")
        names = [name]
    ended = time.monotonic() + chosen.wait
    while True:
        fresh = [one for one in client.get("/escalation")["results"] if one not in before and one["target"] in names]
        if len({one["target"] for one in fresh}) == len(names):
            break
        if time.monotonic() >= ended:
            raise Unavailable("cli.wait", f"no word of every test within {chosen.wait:g} s; `parley notify` shows it")
        time.sleep(_POLL_S)
    if chosen.json:
        print_json(fresh)
    for one in [] if chosen.json else fresh:
        print(f"{one['target']}: {'taken' if one['ok'] else 'failed: ' + safe(one['reason'])}, {one['at']}")
    return 0 if all(one["ok"] for one in fresh) else 3


def _steps(chosen: Namespace, client: Client) -> int:
    kind = _named(chosen, "a kind")
    if not chosen.step:
        raise Refused("cli.usage", 'notify steps: --step "SECONDS HOW [NAME …]" is needed, once for each step')
    client.put("/escalation/ladder", kind=kind, steps=[_read_step(text) for text in chosen.step], **_channel(chosen))
    return print_done(chosen, {"done": True}, f"{kind}: the steps are set.")


def _read_step(text: str) -> dict[str, Any]:
    words = text.split()
    if len(words) < 2 or not words[0].isascii() or not words[0].isdigit():
        raise Refused("cli.usage", f'--step: expected "SECONDS HOW [NAME …]", got {text[:80]!r}')
    return {"after_s": int(words[0]), "how": words[1], "who": words[2:]}


def _reset(chosen: Namespace, client: Client) -> int:
    kind = _named(chosen, "a kind")
    client.post("/escalation/ladder/reset", kind=kind, **_channel(chosen))
    return print_done(chosen, {"done": True}, f"{kind}: the built-in steps are in force, or those of all channels.")


def _channel(chosen: Namespace) -> dict[str, str]:
    return {"channel": chosen.channel} if chosen.channel else {}


def _named(chosen: Namespace, what: str) -> str:
    if chosen.name is None:
        raise Refused("cli.usage", f"notify {chosen.act}: which? Name {what}")
    return str(chosen.name)
