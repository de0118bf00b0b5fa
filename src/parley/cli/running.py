"""`run`: the node, its desk and its API in one process, until SIGTERM.

Owns: the order of start and stop, the address of the doors, `run.json`, the operator's token.
Does not own: the node (node/), pages (desk/), routes (api/).
Always true:
  1. `run.json` and `api-token` are there only while the node runs, and only their owner may read them.
  2. What is stopped stops in order: doors first, then links, then the commit under way is finished.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import ssl
import sys
from argparse import Namespace
from typing import Any, Final

from aiohttp import web

from parley.actions import people
from parley.api import PREFIX, make_api
from parley.cli.client import ADMINISTRATOR_TOKEN, write_secret
from parley.cli.founding import read_passphrase
from parley.cli.output import print_json
from parley.errors import Refused, Unavailable
from parley.node.config import Config, address_text, read_config
from parley.node.node import Node
from parley.node.opening import open_node
from parley.people import accounts

_SHUTDOWN_S: Final = 2.0  # open pages and streams get this long to end
_ORIGIN: Final[web.AppKey[str]] = web.AppKey("origin", str)
_log = logging.getLogger("parley.run")


def run(chosen: Namespace) -> int:
    """Run the node of a data folder until it is told to stop."""
    logging.basicConfig(
        level=chosen.log.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    config = read_config(chosen.dir)
    check_not_running(config)
    passphrase = read_passphrase(chosen, ask=keys_are_protected(config), what="the keys")
    return asyncio.run(_run(chosen, config, passphrase))


async def _run(chosen: Namespace, config: Config, passphrase: str | None) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    while await _run_once(chosen, config, passphrase, stop):
        _log.info("other keys are in force: opening the node again with them")
    return 0


async def _run_once(chosen: Namespace, config: Config, passphrase: str | None, stop: asyncio.Event) -> bool:
    """Run the node until it is stopped, or until keys were replaced: then it is to be opened again (True)."""
    node = open_node(config, passphrase)
    try:
        await _administrator(config, node)
        doors = await _open_doors(config, node)
        try:
            await node.start()
            ready = _ready(config, node, doors)
            write_secret(config.ready_file, json.dumps(ready) + "\n")
            _say_ready(chosen, config, ready)
            again = await _either(stop, node.reopen)
            _log.info("stopping")
        finally:
            await doors.cleanup()
    finally:
        for file in (config.ready_file, config.data / ADMINISTRATOR_TOKEN):
            file.unlink(missing_ok=True)
        await node.stop()
    return again


async def _either(stop: asyncio.Event, again: asyncio.Event) -> bool:
    """Wait for one of the two; True if it is `again`."""
    waits = [asyncio.create_task(event.wait()) for event in (stop, again)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    return not stop.is_set()


async def _administrator(config: Config, node: Node) -> None:
    """See to it that somebody can open accounts, and that the terminal on this machine speaks for them."""
    with contextlib.suppress(FileNotFoundError):
        person = (config.data / "administrator").read_text(encoding="utf-8").strip()
        if person and accounts.find(node.store, person) is None:
            made = accounts.admit(None, person=person, name=person, roles=("administrator",), now=node.moment())
            await node.keep([accounts.row(made)])
    token = await people.open_terminal(node)
    if token is None:
        _log.warning("nobody here is an administrator: no account can be opened")
    else:
        write_secret(config.data / ADMINISTRATOR_TOKEN, token + "\n")


async def _open_doors(config: Config, node: Node) -> web.AppRunner:
    """Serve desk and API at one address."""
    origin = config.origin
    context: ssl.SSLContext | None = None
    if config.certificate is not None and config.certificate_key is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        try:
            context.load_cert_chain(config.certificate, config.certificate_key)
        except (OSError, ssl.SSLError) as wrong:
            raise Unavailable("config.certificate", f"the desk's certificate cannot be used: {wrong}") from None
    host, port = config.desk
    if port == 0:
        port = _free_port(host)
    if not origin:
        # Passkeys belong to a name, and browsers take .localhost for this machine; only https may have another host.
        origin = f"https://{address_text(host, port)}" if context else f"http://{config.side}.localhost:{port}"
    app = _desk(node, origin)
    app.add_subapp(PREFIX, make_api(node))
    app[_ORIGIN] = origin
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, ssl_context=context, reuse_port=False).start()
    except OSError as failed:
        await runner.cleanup()
        raise Unavailable(
            "node.desk-address", f"the desk cannot listen at {address_text(host, port)}: {failed.strerror}"
        ) from None
    return runner


def _desk(node: Any, origin: str) -> web.Application:
    from parley.desk import make_desk

    return make_desk(node, origin=origin)


def _ready(config: Config, node: Node, doors: web.AppRunner) -> dict[str, Any]:
    app = doors.app
    return {
        "ready": True,
        "pid": os.getpid(),
        "side": config.side,
        "line": node.identity.line,
        "desk": app[_ORIGIN],
        "address": _dial(doors.addresses[0]),
        "link": [address_text(*address[:2]) for address in node.addresses],
        "status": config.status,
        "certificate": str(config.certificate.resolve()) if config.certificate else None,
    }


def _dial(address: Any) -> str:
    """Give where programs on this machine reach the doors, whatever the desk is called outside."""
    host, port = address[:2]
    return address_text({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104 - compared, not bound


def _say_ready(chosen: Namespace, config: Config, ready: dict[str, Any]) -> None:
    if chosen.json:
        print_json(ready)
    else:
        mark = "" if config.status == "actual" else f" Everything here is {config.status.upper()}."
        print(
            f"{config.name} is running: desk {ready['desk']}, links at {', '.join(ready['link']) or 'nowhere'}.{mark}"
        )
    sys.stdout.flush()


def keys_are_protected(config: Config) -> bool:
    """Say whether the key files ask for a passphrase."""
    try:
        data = (config.keys / "log.key").read_bytes()
    except OSError:
        return False  # loading them says what is wrong, in its own words
    return b"argon2" in data.lower() or b"scrypt" in data.lower()


def check_not_running(config: Config) -> None:
    """Refuse to work beside a node that runs. The lock decides: a dead node's number may be another's by now."""
    from parley.storage.file import is_open

    if not is_open(config.record):
        return
    try:
        pid = f", as process {int(json.loads(config.ready_file.read_text(encoding='utf-8'))['pid'])}"
    except (OSError, ValueError, KeyError, TypeError):
        pid = ""  # it starts or stops just now
    raise Refused("node.running", f"a node runs in {config.data} already{pid}")


def _free_port(host: str) -> int:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
