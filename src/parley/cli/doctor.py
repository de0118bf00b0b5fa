"""`doctor`: what is wrong with this node, in words, and what to do about it. Changes nothing."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import ssl
import stat
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.cli.client import Client
from parley.cli.output import Progress, clocks_apart, print_json, safe
from parley.errors import ParleyError
from parley.node.config import Config, address_text, read_config
from parley.storage.file import is_open

_GIB: Final = 1 << 30
_FREE_BYTES_MIN: Final = 2 * _GIB  # a day of a busy line with photos, and room for SQLite's own work
_CERTIFICATE_DAYS_MIN: Final = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level`: ok, note, wrong."""

    level: str
    what: str
    words: str


def doctor(chosen: Namespace) -> int:
    """Print findings; exit 0 if nothing is wrong, 1 otherwise."""
    bar = Progress("doctor", 1, on=not chosen.json)
    with bar.others_work("reading every entry"):  # a large record takes a while
        findings = list(examine(chosen.dir))
    bar.end()
    wrong = any(finding.level == "wrong" for finding in findings)
    if chosen.json:
        print_json({"ok": not wrong, "findings": findings})
    else:
        for finding in findings:
            print(f"{finding.level.upper():5}  {finding.what}: {safe(finding.words)}")
        print("Something is wrong; see above." if wrong else "Nothing is wrong that can be seen from here.")
    return 1 if wrong else 0


def examine(folder: Path) -> Iterator[Finding]:
    """Look at everything, going on after each fault."""
    try:
        config = read_config(folder)
    except ParleyError as error:
        yield Finding("wrong", "settings", error.sentence)
        return
    yield Finding("ok", "settings", f"side {config.side}, entries are marked {config.status}")
    running = is_open(config.record)
    for look in (_folder, _keys, _cards, _anchor, _disk, _certificate, _clock):
        yield from _guarded(look, config)
    if running:
        yield from _guarded(_running, config)
    else:
        for look in (_record, _ports):
            yield from _guarded(look, config)
    yield from _guarded(_routes, config)


def _guarded(look: Callable[[Config], Iterator[Finding]], config: Config) -> Iterator[Finding]:
    what = look.__name__.strip("_")
    try:
        yield from look(config)
    except ParleyError as error:
        yield Finding("wrong", what, error.sentence)
    except OSError as failed:
        yield Finding("wrong", what, f"{failed.filename or ''} {failed.strerror}".strip())


def _folder(config: Config) -> Iterator[Finding]:
    mode = stat.S_IMODE(config.data.stat().st_mode)
    if mode & 0o077:
        yield Finding("wrong", "data folder", f"others may look into it; mend it with `chmod 700 {config.data}`")
    else:
        yield Finding("ok", "data folder", "only its owner may look into it")
    if not os.access(config.data, os.W_OK):
        yield Finding("wrong", "data folder", "this user cannot write there; the node would be read-only")
    owner = config.data.stat().st_uid
    foreign = [path for path in (*config.data.glob("*"), *config.data.glob("*/*")) if path.lstat().st_uid != owner]
    if foreign:
        which = f"{foreign[0].relative_to(config.data)} " + (
            f"and {len(foreign) - 1} more belong" if foreign[1:] else "belongs"
        )
        words = f"{which} to another user than the folder"
        yield Finding(
            "wrong", "data folder", f"{words}; mend it with `chown -R --reference={config.data} {config.data}`"
        )


def _keys(config: Config) -> Iterator[Finding]:
    from parley.cli.running import keys_are_protected
    from parley.identity import SideKeys

    for path in sorted(config.keys.glob("*.key")):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("wrong", "keys", f"{path.name} may be read by others; if somebody has, found the line anew")
    if (config.keys / "identity.key").exists():
        yield Finding(
            "note", "keys", "identity.key lies on this machine; take it offline: only a change of keys needs it"
        )
    if keys_are_protected(config):
        yield Finding("ok", "keys", "under a passphrase")
        return
    SideKeys.load(config.keys, None)
    yield Finding("note", "keys", "readable without a passphrase by this user; `parley init --protect` asks for one")


def _cards(config: Config) -> Iterator[Finding]:
    from parley.identity import LineIdentity, line_words
    from parley.node.opening import read_cards

    identity = LineIdentity.found(*read_cards(config))
    yield Finding("ok", "line", f"with {identity.theirs.name}: {' '.join(line_words(identity.line))}")


def _anchor(config: Config) -> Iterator[Finding]:
    from parley.node.anchor import heads_file

    place = config.anchor if config.anchor.exists() else config.anchor.parent
    if config.record.exists() and not heads_file(config.anchor).exists():
        words = (
            "is its disk mounted? Without it the node asks the other side before it signs, and goes on in new epochs"
        )
        yield Finding("wrong", "anchor", f"{config.anchor} holds nothing; {words}")
    elif not os.access(place, os.W_OK):
        yield Finding("wrong", "anchor", f"{config.anchor} cannot be written; the node would not start")
    elif config.anchor.exists() and config.anchor.stat().st_dev == config.data.stat().st_dev:
        yield Finding("note", "anchor", "on the same disk as the record; one dead disk would take both")
    else:
        yield Finding("ok", "anchor", "a second place of the signed heads")


def _disk(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(config.data).free
    words = f"{free / _GIB:.1f} GiB free"
    if free < _FREE_BYTES_MIN:
        yield Finding("wrong", "disk", f"{words}; when it is full the node says so and writes nothing")
    else:
        yield Finding("ok", "disk", words)


def _certificate(config: Config) -> Iterator[Finding]:
    if config.certificate is None or config.certificate_key is None:
        yield Finding("note", "desk", "without a certificate: only browsers on this machine can use it")
        return
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(config.certificate, config.certificate_key)
    read: dict[str, object] = ssl._ssl._test_decode_cert(str(config.certificate))  # type: ignore[attr-defined]
    ends = datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(read["notAfter"])), datetime.UTC)
    left = ends - datetime.datetime.now(datetime.UTC)
    level = "wrong" if left.days < 0 else "note" if left.days < _CERTIFICATE_DAYS_MIN else "ok"
    yield Finding(level, "desk", f"its certificate ends {ends:%Y-%m-%d} ({left.days} days)")


def _clock(_: Config) -> Iterator[Finding]:
    if Path("/run/systemd/timesync/synchronized").exists() or Path("/run/chrony").exists():
        yield Finding("ok", "clock", "this machine keeps its clock by a time service")
    else:
        yield Finding("note", "clock", "no time service was found; due times and receipts carry this clock's error")


def _record(config: Config) -> Iterator[Finding]:
    from parley.storage.sqlite import SqliteStore

    if not config.record.exists():
        yield Finding("note", "record", "empty: the node asks the other side what it holds before it signs")
        return
    store = SqliteStore(config.record)
    try:
        store.check()
        entries = sum(store.size(log) for log in store.logs())
        yield Finding("ok", "record", f"whole: {entries} entries in {len(store.logs())} logs")
    finally:
        store.close()


def _ports(config: Config) -> Iterator[Finding]:
    for host, port in (*config.listen, config.desk):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as failed:
                yield Finding("wrong", "address", f"{address_text(host, port)} cannot be used: {failed.strerror}")
                continue
        yield Finding("ok", "address", f"{address_text(host, port)} is free")


def _routes(config: Config) -> Iterator[Finding]:
    if not config.routes:
        yield Finding("note", "routes", "none: only the other side can dial")
    elif len(config.routes) == 1:
        yield Finding("note", "routes", "one only; a line wants at least two that share nothing")
    for route in config.routes:
        if route.bits_s:
            yield Finding("note", "routes", f"{route.name} is thin, {route.bits_s:,} bit/s: no sound, picture or files")
        if not route.host:
            yield Finding("ok", "routes", f"{route.name}: only the other side dials it")
            continue
        try:
            socket.getaddrinfo(route.host, route.port, type=socket.SOCK_STREAM)
        except OSError:
            yield Finding("wrong", "routes", f"{route.name}: {route.host} has no address here; is the name right?")
        else:
            yield Finding("ok", "routes", f"{route.name} leads to {address_text(route.host, route.port)}")


def _running(config: Config) -> Iterator[Finding]:
    row = Client.at(config.data).get("/line")
    if not row["up"]:
        yield Finding(
            "wrong", "line", f"down since {row['down_since']}; their fallback: {row['fallback'] or 'not stated'}"
        )
    for link in row["links"]:
        if link["up"]:
            yield Finding("ok", f"link {link['name']}", f"up, key exchange {link['group'] or '-'}")
        else:
            yield Finding("wrong", f"link {link['name']}", f"down; last: {link['last_error'] or 'nothing heard yet'}")
        if link["bits_s"]:
            yield Finding("note", f"link {link['name']}", f"thin, {link['bits_s']:,} bit/s")
        if link["up"] and not link["post_quantum"]:
            yield Finding("wrong", f"link {link['name']}", "its key exchange is not post-quantum")
    if row["up"] and row["put_off"]:
        yield Finding(
            "note", "signatures", f"post-quantum ones over {row['put_off']} logs wait: only thin links are up"
        )
    if row["signing"] != "ok":
        yield Finding("wrong", "signing", f"{row['signing']}: {row['signing_reason']}")
    if row["second_place"]:
        yield Finding("note", "anchor", row["second_place"])
    if apart := clocks_apart(row):
        yield Finding("wrong", "clock", apart)
    if row["faults"]:
        yield Finding("note", "faults", f"{row['faults']} on record; see the line page of the desk")
