"""A stop as both nodes see it, folded from its acts.

Owns: `StopView`, its states, and by when each step is due. Depends on acts alone.
Always true: both sides see one state, whatever crossed (docs/protocol/stops.md, "What crossed"). What the far side said
of earlier words never counts for the words that are in force: the wrong hill must not pass for the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from parley.record.names import Ref
from parley.subjects.acts import Act
from parley.subjects.stops.facts import DUE_MS
from parley.times import Moment, moment_text, read_moment

State = Literal["raised", "taken", "read-back", "confirmed", "effected", "not-possible", "withdrawn"]
_TAKES: Final = ("stop.taken", "stop.read-back", "stop.reached", "stop.effected", "stop.not-possible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing said about a stop: by whom, when by their node's clock, in which words, of which words of the stop."""

    person: str
    at: str
    text: str
    version: int
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A step, the moment by which it is due, and the side that owes it."""

    step: str  # taken, read-back, confirmed, effected
    at: str
    side: str  # "raising" or "called"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """One stop.

    Attributes:
        state: raised (nobody has taken it) · taken (whoever answered has it) · read-back (waits to be confirmed) ·
            confirmed · effected · not-possible · withdrawn (sent in error).
        what, where, since, language: The words in force: the first, or those of the last correction.
        version: How often it was corrected; words_at: when the words in force were said.
        about: The channel it is about, where it stands in the line channel; "" for none.
        rings_at: Since when a desk of the called side really shows it and rings; "" before.
        taken: Who answered first, in whatever way.
        read_backs: All of them; one counts only if its version is this one.
        confirmed, effected, not_possible: Of the words in force; None before. effected.text is when it stopped.
    """

    subject: str
    channel: str
    side: str
    person: str
    what: str
    where: str
    since: str
    language: str
    about: str
    status: str
    at: str
    words_at: str
    version: int
    state: State
    rings_at: str
    taken: Step | None
    read_backs: tuple[Step, ...]
    confirmed: Step | None
    corrections: tuple[Step, ...]
    reached: Step | None
    effected: Step | None
    note: str
    not_possible: Step | None
    withdrawn: Step | None
    refusals: int  # how often it was said that it cannot be done
    ref: Ref

    @property
    def open(self) -> bool:
        """Say whether something is still to be done about it."""
        return self.state in ("raised", "taken", "read-back", "confirmed")

    @property
    def reading(self) -> Step | None:
        """Give the read-back that waits to be confirmed: the latest of the words in force."""
        return next((one for one in reversed(self.read_backs) if one.version == self.version), None)

    def due(self) -> tuple[Due, ...]:
        """Give every step with the moment by which it is due, in order."""
        raised, words = read_moment(self.at), read_moment(self.words_at)
        return tuple(
            Due(
                step=step, at=moment_text(Moment((raised if step == "taken" else words) + wait)),
                side="raising" if step == "confirmed" else "called",
            )
            for step, wait in DUE_MS.items()
        )  # fmt: skip

    def done_at(self, step: str) -> str:
        """Give when a step was done, for the words in force; "" before."""
        found = {
            "taken": self.taken, "read-back": self.reading, "confirmed": self.confirmed, "effected": self.effected,
        }[step]  # fmt: skip
        return found.at if found else ""


def fold(acts: tuple[Act, ...]) -> StopView | None:
    """Give the view of a stop; None if its raising is not among the acts."""
    if not acts or acts[0].entry.kind != "stop.raised":
        return None
    opening = acts[0]
    entry = opening.entry
    words = [opening, *(act for act in acts if act.entry.kind == "stop.corrected")]
    version = len(words) - 1
    body = words[-1].entry.body

    def steps(kind: str, name: str = "", *, current: bool = False) -> list[Step]:
        found = [_step(act, words, name) for act in acts if act.entry.kind == kind]
        return [step for step in found if not current or step.version == version]

    ringing = next((act for act in acts if act.entry.kind == "stop.ringing"), None)
    taken = next((act for act in acts if act.entry.kind in _TAKES), None)
    read_backs = steps("stop.read-back", "text")
    effected = next((act for act in acts if act.entry.kind == "stop.effected" and _of(act, words) == version), None)
    confirmed = _first(steps("stop.confirmed", current=True))
    not_possible = _first(steps("stop.not-possible", "reason", current=True)[-1:])
    withdrawn = _first(steps("stop.withdrawn", "reason"))
    state: State = (
        "withdrawn" if withdrawn
        else "effected" if effected
        else "not-possible" if not_possible
        else "confirmed" if confirmed
        else "read-back" if any(one.version == version for one in read_backs)
        else "taken" if taken
        else "raised"
    )  # fmt: skip
    return StopView(
        subject=entry.subject,
        channel=entry.channel,
        side=entry.side,
        person=entry.person,
        what=cast(str, body["what"]),
        where=cast(str, body["where"]),
        since=cast(str, body["since"]),
        language=cast(str, body["language"]),
        about=cast(str, entry.body["about"]),
        status=entry.status,
        at=entry.at,
        words_at=words[-1].entry.at,
        version=version,
        state=state,
        rings_at="" if ringing is None else ringing.entry.at,
        taken=None if taken is None else _step(taken, words),
        read_backs=tuple(read_backs),
        confirmed=confirmed,
        corrections=tuple(_step(act, words, "what") for act in words[1:]),
        reached=_first(steps("stop.reached", "who")),
        effected=None if effected is None else _step(effected, words, "stopped"),
        note="" if effected is None else cast(str, effected.entry.body["note"]),
        not_possible=not_possible,
        withdrawn=withdrawn,
        refusals=len(steps("stop.not-possible")),
        ref=opening.ref,
    )


def _of(act: Act, words: list[Act]) -> int:
    """Give the version of the words an act speaks of: the last its author had seen."""
    return max(number for number, one in enumerate(words) if number == 0 or act is one or act.saw(one))


def _step(act: Act, words: list[Act], name: str = "") -> Step:
    text = str(act.entry.body[name]) if name else ""
    return Step(person=act.entry.person, at=act.entry.at, text=text, version=_of(act, words), ref=act.ref)


def _first(steps: list[Step]) -> Step | None:
    return steps[0] if steps else None
