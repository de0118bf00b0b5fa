"""Which desks are told to ring for what, which of them really do, and which should and do not.

Owns: what each desk was told last, the answers of the pages, silent desks and their place in the record of faults.
Does not own: who is to be told (escalating.py), open desks (desks.py), how a page sounds (desk/static/ring.js).
Always true:
  1. A desk counts as ringing only once its page has said so; one that does not within NOBODY_S is an alarm, once.
  2. A desk is told of limits.RINGS_TOLD_MAX things at once, the most urgent; nobody is blamed for what it was not told.
  3. Whoever has two pages open hears the one that rings: then neither is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.codec.canonical import JsonInput, encode
from parley.node.desks import Desk, Desks
from parley.people.escalation import NOBODY_S, Waits
from parley.storage.port import StoreReads, ValueRow
from parley.times import Instant, Moment, moment_text

_NOTED_AT_ONCE: Final = 8  # in the record of faults, a round: five hundred deaf desks have one cause
_KINDS_NOTED: Final = ("call", "stop")


class Silent(NamedTuple):
    """A desk that should ring and does not."""

    desk: int
    person: str
    channel: str
    kind: str
    since: str


class House(Protocol):
    """What this part asks of the node."""

    @property
    def store(self) -> StoreReads: ...
    @property
    def desks(self) -> Desks: ...
    def moment(self) -> Moment: ...
    def keep_soon(self, rows: Sequence[ValueRow]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...


class _Rung:
    """One thing at one desk: since when the desk was told, and whether it rings."""

    __slots__ = ("alarmed", "person", "rings", "told_at")

    def __init__(self, person: str, told_at: Instant) -> None:
        self.person = person
        self.told_at = told_at
        self.rings = False
        self.alarmed = False


class Bells:
    """Every desk's bell."""

    def __init__(self, node: House) -> None:
        self._node = node
        self._rung: dict[str, dict[int, _Rung]] = {}  # key -> desk -> what is known of it
        self._told: dict[int, list[dict[str, JsonInput]]] = {}
        self._silent: dict[str, dict[int, Silent]] = {}
        self._faults: int | None = None
        self.changed = False  # a desk fell silent, or a silent one rings

    def ringing(self, key: str) -> int:
        """Give how many desks really ring for a thing."""
        return sum(rung.rings for rung in self._rung.get(key, {}).values())

    @property
    def silent(self) -> list[Silent]:
        """Give the desks that should ring and do not."""
        return [one for desks in self._silent.values() for one in desks.values()]

    def rings(self, desk: Desk, waits: Waits) -> bool:
        """A page says that it really rings for a thing; False if it was not told to. True counts it."""
        rung = self._rung.get(waits.key, {}).get(desk.number)
        if rung is None:
            return False
        if not rung.rings:
            rung.rings = True
            silent = self._silent.get(waits.key, {})
            for number in [number for number, one in silent.items() if one.person == desk.person]:
                del silent[number]
                self.changed = True
        return True

    def over(self, key: str) -> None:
        """A thing no longer waits."""
        self._rung.pop(key, None)
        self.changed |= bool(self._silent.pop(key, None))

    def ring(self, wanted: Sequence[tuple[Waits, Sequence[Desk]]], now: Instant) -> dict[str, int]:
        """Tell each desk what rings there now, the most urgent first; give for each thing how many desks hear it.

        Args:
            wanted: Everything that waits with the desks that should ring for it, the most urgent first.
        """
        told: dict[int, list[dict[str, JsonInput]]] = {}
        open_desks = {desk.number: desk for desk in self._node.desks.everyone()}
        deaf: list[tuple[Desk, Waits]] = []
        heard: dict[str, int] = {}
        for waits, desks in wanted:
            word, to = _word(waits), []
            for desk in desks:
                words = told.setdefault(desk.number, [])
                if len(words) < limits.RINGS_TOLD_MAX:
                    words.append(word)
                    to.append(desk)
            deaf += self._listen(waits, to, now)
            heard[waits.key] = self.ringing(waits.key)
        self._tell(told, open_desks)
        if deaf:
            self._alarm(deaf)
        full = {number for number, words in told.items() if len(words) >= limits.RINGS_TOLD_MAX}
        if full:  # a desk that rings for as much as it was told of is not deaf for the rest
            full &= {number for desks in self._rung.values() for number, rung in desks.items() if rung.rings}
            for waits, desks in wanted:
                heard[waits.key] = heard[waits.key] or sum(desk.number in full for desk in desks)
        return heard

    def _tell(self, wanted: Mapping[int, list[dict[str, JsonInput]]], open_desks: Mapping[int, Desk]) -> None:
        for number in [number for number in self._told if number not in open_desks]:
            del self._told[number]
        for number, desk in open_desks.items():
            told = wanted.get(number, [])
            if self._told.get(number, []) != told:
                self._told[number] = told
                desk.sink.tell({"told": "rings", "rings": told})

    def _listen(self, waits: Waits, desks: Sequence[Desk], now: Instant) -> list[tuple[Desk, Waits]]:
        """Take in which desks are told of a thing now; give those that have been silent for too long."""
        before = self._rung.get(waits.key, {})
        rung = {desk.number: before.get(desk.number) or _Rung(desk.person, now) for desk in desks}
        self._rung[waits.key] = rung
        silent = self._silent.get(waits.key, {})
        for number in [number for number in silent if number not in rung]:
            del silent[number]  # the desk was closed, or its page is not heard any more
            self.changed = True
        quiet = [one for one in rung.values() if not one.rings and not one.alarmed and now - one.told_at >= NOBODY_S]
        if not quiet:
            return []
        heard = {one.person for one in rung.values() if one.rings}
        for one in quiet:
            one.alarmed = one.person not in heard
        return [(desk, waits) for desk in desks if (one := rung[desk.number]) in quiet and one.alarmed]

    def _alarm(self, deaf: Sequence[tuple[Desk, Waits]]) -> None:
        node, clock = self._node, self._node.moment()
        for desk, waits in deaf:
            found = Silent(desk.number, desk.person, waits.channel, waits.kind, moment_text(clock))
            self._silent.setdefault(waits.key, {})[desk.number] = found
        self.changed = True
        if self._faults is None:
            self._faults = len(node.store.values("fault", count=limits.FAULTS_KEPT_MAX))
        rows: list[ValueRow] = []
        for desk, waits in [one for one in deaf if one[1].kind in _KINDS_NOTED][:_NOTED_AT_ONCE]:
            if self._faults + len(rows) < limits.FAULTS_KEPT_MAX:
                words = f"desk {desk.number} of {desk.person} should ring ({waits.kind}), and did not in {NOBODY_S:g} s"
                note = encode({"at": clock, "code": "desks.silent", "link": "", "sentence": words})
                key = f"{clock:016d}|desk-{desk.number}|desks.silent"
                rows.append(ValueRow("fault", key, len(note).to_bytes(4, "big") + note))
        self._faults += len(rows)
        if rows:
            node.keep_soon(rows)
        desks = len({desk.number for desk, _ in deaf})
        words = f"desks that should ring and did not within {NOBODY_S:g} s: {desks}"
        node.tell("fault", {"code": "desks.silent", "sentence": words, "link": ""})


def _word(waits: Waits) -> dict[str, JsonInput]:
    return {
        "key": waits.key, "kind": waits.kind, "channel": waits.channel, "precedence": waits.precedence,
        "session": waits.session,
    }  # fmt: skip
