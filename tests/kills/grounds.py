"""Two data folders of a founded line, with two links between them through proxies that can be cut."""

from __future__ import annotations

import hashlib
import random
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.identity import LineIdentity, SideKeys, read_card
from parley.node.config import Config, RouteSetting, write_config
from parley.node.opening import begin_anchor
from parley.transports.proxy import CutProxy

SIDES: Final = ("north", "south")
PEOPLE: Final = {"north": ("edda", "tomas"), "south": ("samira", "rafael")}
MADE: Final = "2026-11-23T10:00:00.000Z"


def other(side: str) -> str:
    """Give the other side."""
    return SIDES[1 - SIDES.index(side)]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One side's place: the node's data, and apart from it what its clients wrote down and what the program printed."""

    side: str
    data: Path
    anchor: Path
    notes: Path
    printed: Path

    @property
    def record(self) -> Path:
        """The database."""
        return self.data / "record.db"

    @property
    def identity(self) -> LineIdentity:
        """The line as this side sees it."""
        return LineIdentity.found(*(read_card((self.data / name).read_bytes()) for name in ("own.card", "peer.card")))


class Grounds:
    """Both sides' places and the two links between them: North dials the first, South the second."""

    def __init__(self, root: Path, *, data: dict[str, Path] | None = None) -> None:
        """Lay everything out under `root`; `data` puts a side's data folder somewhere else."""
        self.root = root
        self.at = {side: self._ground(side, (data or {}).get(side, root / side)) for side in SIDES}
        keys = {side: SideKeys.from_seed(hashlib.sha256(f"kills {side}".encode()).digest()) for side in SIDES}
        cards = {
            side: keys[side].card(
                side=side, name=side.title(), domain=f"{side}.example", languages=("en",),
                nonce=hashlib.sha256(side.encode()).digest()[:16], made=MADE,
            )
            for side in SIDES
        }  # fmt: skip
        # The node that is dialled keeps its port through every restart, so the proxy's target never changes. All four
        # are apart: a link that listened where it dials would dial itself until the machine had no descriptor left.
        self._held = [hold_port() for _ in range(4)]
        ports = dict(zip(SIDES, map(_port, self._held[:2]), strict=True))
        listens = dict(zip(SIDES, map(_port, self._held[2:]), strict=True))
        self.links = [CutProxy(("127.0.0.1", ports[other(side)]), port=listens[side]) for side in SIDES]
        for side, link, number in zip(SIDES, self.links, (1, 2), strict=True):
            ground = self.at[side]
            ground.data.mkdir(parents=True, exist_ok=True)
            keys[side].save(ground.data / "keys", None)
            (ground.data / "own.card").write_bytes(cards[side].to_bytes())
            (ground.data / "peer.card").write_bytes(cards[other(side)].to_bytes())
            config = Config(
                data=ground.data, side=side, name=side.title(), languages=("en",), status="test",
                listen=(("127.0.0.1", ports[side]),), anchor=ground.anchor,
                routes=(RouteSetting(name=f"link-{number}", host="127.0.0.1", port=link.port),),
            )  # fmt: skip
            write_config(config)
            begin_anchor(config, ground.identity.line)

    def _ground(self, side: str, data: Path) -> Ground:
        return Ground(
            side=side, data=data, anchor=self.root / f"{side}.anchor",
            notes=self.root / f"{side}.notes", printed=self.root / f"{side}.printed",
        )  # fmt: skip

    async def join(self) -> None:
        """Let both links work."""
        for link in self.links:
            await link.heal()

    async def leave(self) -> None:
        """Close the links."""
        for link in self.links:
            await link.stop()
        for held in self._held:
            held.close()


def hold_port() -> socket.socket:
    """Hold a free port below those the kernel hands to outgoing connections.

    Nobody who asks for a free one gets it while this is held, also when the node behind it is down; the node itself may
    listen on it, as every listener here says SO_REUSEADDR.
    """
    while True:
        held = socket.socket()
        try:
            held.bind(("127.0.0.1", random.SystemRandom().randrange(20_000, 32_000)))
        except OSError:
            held.close()
            continue
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return held


def _port(held: socket.socket) -> int:
    return int(held.getsockname()[1])
