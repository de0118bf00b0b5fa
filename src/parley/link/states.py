"""The states of a link, the moves between them as one table, and what a core asks of the sockets."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, TypeAlias

from parley.errors import OurMistake
from parley.link.lanes import Lane


class State(enum.Enum):
    """Where one link is."""

    RESTING = "resting"  # nothing under way; if we dial this route, a pause runs
    DIALLING = "dialling"  # TCP and TLS of our own urgent connection
    ASKING = "asking"  # our hello is out, the answer is not here
    UP = "up"  # by our dial or by theirs
    STOPPED = "stopped"  # for good


class Move(enum.Enum):
    """What can happen to a link."""

    DUE = "due"  # the pause is over
    CONNECTED = "connected"  # our dial has its TLS, key and group judged
    FAILED = "failed"  # our dial did not come through
    ANSWERED = "answered"  # our hello was answered rightly
    TAKEN = "taken"  # we answer a hello of theirs
    LOST = "lost"  # one of the connections ended, fell silent or was closed by us
    STOP = "stop"


MOVES: Final[dict[tuple[State, Move], State]] = {
    (State.RESTING, Move.DUE): State.DIALLING,
    (State.RESTING, Move.TAKEN): State.UP,
    (State.DIALLING, Move.CONNECTED): State.ASKING,
    (State.DIALLING, Move.FAILED): State.RESTING,
    (State.DIALLING, Move.TAKEN): State.UP,  # crossing, and theirs was first
    (State.ASKING, Move.ANSWERED): State.UP,
    (State.ASKING, Move.FAILED): State.RESTING,
    (State.ASKING, Move.TAKEN): State.UP,  # crossing, and theirs stays
    (State.UP, Move.LOST): State.RESTING,
    **{(state, Move.STOP): State.STOPPED for state in State},
}


def moved(state: State, move: Move) -> State:
    """Give the next state; raises OurMistake for a move that is not in the table."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise OurMistake("link.move", f"a link that is {state.value} cannot be {move.value}") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class Dial:
    """Open a connection by this link's route; the number is new, and is used for it from now on."""

    connection: int
    lane: Lane


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """Send one of the link's own frames."""

    connection: int
    frame: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Hang:
    """Close a connection; with `say`, after a bye that carries the code."""

    connection: int
    code: str
    say: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Attach:
    """From now on this connection is that lane of the link."""

    connection: int
    lane: Lane


@dataclass(frozen=True, kw_only=True, slots=True)
class Rise:
    """The link is up; always before any upper frame of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fall:
    """The link is down; nothing of it follows."""

    code: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Somebody broke the rules: people should know."""

    code: str
    words: str


Effect: TypeAlias = Dial | Write | Hang | Attach | Rise | Fall | Alarm
