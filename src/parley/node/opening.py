"""From a data folder to a running node: the record, the second place, the keys, the links."""

from __future__ import annotations

import gc
import logging
import sys

from parley.codec.canonical import encode
from parley.errors import Refused, Unavailable
from parley.identity import Card, LineIdentity, read_card
from parley.link import Thin
from parley.node.anchor import AnchorFile
from parley.node.config import Config
from parley.node.node import Node
from parley.node.succession import confirmed_in, keys_in_force, prepared_seal, read_later, succeed, write_later
from parley.storage.ballast import Ballast
from parley.storage.chunks import ChunkStore
from parley.storage.recordings import Recordings
from parley.storage.sqlite import SqliteStore
from parley.transports import Route

_log = logging.getLogger("parley.node")


def begin_anchor(config: Config, line: str) -> None:
    """Write the second place of a line that was just founded: nothing has been said yet.

    Only founding may do this. A lost machine has no second place, and that is what makes its node ask the other side
    before it signs (DESIGN 2.5).
    """
    anchor = AnchorFile(config.anchor)
    try:
        if anchor.read() is None:
            anchor.write(encode({"after": {}, "before": {}, "line": line}))
    finally:
        anchor.close()


def read_cards(config: Config) -> tuple[Card, Card]:
    """Read both cards of a data folder; raises Refused `founding.…` until both are there."""
    try:
        ours, theirs = (read_card(path.read_bytes()) for path in (config.own_card, config.peer_card))
    except FileNotFoundError as missing:
        if not config.own_card.exists():
            raise Refused(
                "founding.no-card", f"{config.own_card} is missing; restore it from the backup of the keys"
            ) from None
        raise Refused(
            "founding.not-founded", f"{missing.filename} is not there: a line needs both cards, see `parley found`"
        ) from None
    except OSError as failed:
        raise Unavailable("node.cards", f"a card cannot be read: {failed.strerror}") from None
    return ours, theirs


def _ballast(config: Config) -> Ballast:
    ballast = Ballast(config.data / "ballast")
    ballast.take()
    return ballast


def _calm_the_collector() -> None:
    """Look for reference cycles seldom: a busy node makes none, and looking took an eighth of its time.

    Objects made for an entry are freed by their counts; cycles (a failed task and its traceback) are small and rare.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    # The writer's thread has one commit to hand back and should not wait 5 ms, Python's own measure, for the loop.
    sys.setswitchinterval(0.0005)


def open_node(config: Config, passphrase: str | None) -> Node:
    """Open everything a node needs; nothing listens yet. Must be called with a running event loop.

    Raises:
        Refused: No line is founded, or the keys are not those of our card.
        Unavailable: A file cannot be read or written; the sentence says which.
    """
    _calm_the_collector()
    founders = read_cards(config)
    founded = LineIdentity.found(*founders)
    config.record.parent.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(config.record)
    try:
        later = read_later(config.cards)
        fresh = confirmed_in(store, succeed(founded, later), later)
        for one in fresh:
            write_later(config.cards, one)
        identity = succeed(founded, [*later, *fresh])
        keys = keys_in_force(config.keys, identity, passphrase)
        anchor = AnchorFile(config.anchor)
        if anchor.words:
            _log.warning("%s", anchor.words)  # before a link is up: an operator at the terminal can still stop it
        return Node(
            identity=identity,
            cards=(*founders, *(one.card for one in (*later, *fresh))),
            compared=any(one.how == "compared" for one in later),
            keys=keys,
            store=store,
            chunks=ChunkStore(config.chunks, quota_bytes=config.quota_gib << 30),
            anchor=anchor,
            listen=config.listen,
            routes=[
                Route(route.name, route.host, route.port, Thin(route.bits_s) if route.bits_s else None)
                for route in config.routes
            ],
            status=config.status,
            illustration=config.illustration,
            feeds=config.feeds,
            live=config.live,
            ballast=_ballast(config),
            recordings=Recordings(config.data / "recordings", quota_bytes=config.recordings_gib << 30),
            prepared=lambda: prepared_seal(config.keys, passphrase),
        )
    except BaseException:  # whatever it was: the store has one owner, and the next start must find it free
        store.close()
        raise
