"""What every kind of entry has: where it may stand, who may speak it, how its body and its subject must look.

Owns: the row of the table (`Kind`), and `Fact`, a wish in its complete form, which builders make and actions author.
Does not own: the table itself (table.py), what a kind does to a view (each subject's view.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from parley.codec import JsonValue
from parley.errors import Refused
from parley.record.binding import Passkeys
from parley.record.names import LogId, Ref
from parley.subjects.acts import Act

Body = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Everything of an entry that depends on what is said; `subject` is None where the entry opens its own subject."""

    channel: str
    kind: str
    subject: str | None
    body: dict[str, JsonValue]
    refs: tuple[Ref, ...] = ()


class Standing(Protocol):
    """What a rule may read of the line channel, as far as the judged entry's past reaches."""

    def sides(self) -> frozenset[str]:
        """Give the two sides of the line."""
        ...

    def listed(self, side: str, person: str) -> bool:
        """Say whether this person is on that side's roster."""
        ...

    def releases_alone(self, side: str, person: str) -> bool:
        """Say whether that side laid down beforehand that this person may release a FLASH alone."""
        ...

    def passkeys(self, side: str, person: str) -> tuple[Passkeys, Ref] | None:
        """Give the passkeys listed for this person, and the roster entry that lists them."""
        ...

    def binding(self, side: str) -> frozenset[str]:
        """Give the persons of that side for whom passkeys are listed."""
        ...

    def continued(self) -> tuple[tuple[str, ...], ...]:
        """Give, for each side that said so, the digests of both cards with which the line went on, sorted."""
        ...

    def announces_keys(self, side: str) -> bool:
        """Say whether a card of that side is announced and not confirmed yet."""
        ...

    def log_ended(self, log: LogId) -> bool:
        """Say whether the side that did not write this log said that it goes no further."""
        ...

    def channel_agreed(self, channel: str) -> bool:
        """Say whether both sides ever agreed to this channel."""
        ...

    def rules_agreed(self) -> int:
        """Give the version of the rules both sides agreed to."""
        ...


Check = Callable[[Body], None]
SubjectOf = Callable[[str, Body], str]
Rule = Callable[[Act, object, Standing], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    room: Which subject folds it: "message", "channel", "person", …; the first word of the subject's name.
    line: It stands in the line channel (True), in an agreed channel (False) or in either (None).
    by: Who may speak it: a named person, the node itself, or either.
    check: Reads the body strictly; raises PeerError.
    named: Gives the fixed name of its subject from side and body; None if the entry opens or joins one by number.
    opens: The entry opens a subject named after itself.
    standing: Rules read it later, so it stays in memory; a log may hold limits.STANDING_FACTS_MAX of these.
    since: The first version of the rules that has it.
    """

    name: str
    room: str
    line: bool | None
    by: Literal["person", "node", "either"]
    check: Check
    named: SubjectOf | None = None
    opens: bool = False
    standing: bool = False
    since: int = 1


def own_subject(room: str, log: LogId, number: int) -> str:
    """Give the name of the subject that an entry opens: `message/north/0/12`."""
    return f"{room}/{log.side}/{log.epoch}/{number}"


def need(condition: object, code: str, sentence: str) -> None:
    """Raise Refused unless the condition holds."""
    if not condition:
        raise Refused(code, sentence)
