"""Interpreters in a call: who speaks into which language, from what they hear, and what they ask of the talkers.

Owns: who is at which microphone at our side, what the other side says of its own, the signals of both.
Does not own: the sound (voice.py), who may interpret (`Gate`), words between colleagues (actions/interpreting.py).
Always true:
  1. At our side one person at a time is at the microphone of a language in a call; who takes it takes it over.
  2. A voice into a language passes only if its person is listed as an interpreter by their own side (calling.py).
Read first: docs/protocol/voice.md, "Streams".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from parley import limits
from parley.codec.canonical import JsonInput
from parley.codec.fields import Reader
from parley.errors import PeerError, Refused
from parley.line.voice import check_language
from parley.node.desks import Desk
from parley.node.signals import Around, Signal
from parley.times import Instant, moment_text

LASTS_MS: Final = 15_000  # said again every 5 s; who is not heard of for this long is no more at the microphone
ASK_LASTS_MS: Final = 10_000
ASKS: Final = ("pause", "repeat")
ASK_EVERY_S: Final = 1.0


class Gate(Protocol):
    """Who may interpret."""

    def may_interpret(self, side: str, channel: str, session: str, person: str) -> bool: ...


class Direction(NamedTuple):
    """From what an interpreter hears into what they speak."""

    source: str  # the language spoken there
    target: str  # the language they speak into, and their stream's name
    via: str  # "" hears the floor; else the language of the interpreter they listen to (relay by a pivot)


class Booth(NamedTuple):
    """One interpreter at a microphone."""

    channel: str
    session: str
    side: str
    person: str
    direction: Direction
    since: str  # since when without a break
    heard_at: Instant  # when it was last said


def read_direction(fields: Reader) -> Direction:
    """Read a direction strictly; raises PeerError."""
    source, target, via = (
        check_language(fields.text(name, max_chars=limits.VOICE_LANGUAGE_CHARS_MAX, min_chars=least))
        for name, least in (("from", 1), ("to", 1), ("via", 0))
    )
    if source == target or via == target:
        raise PeerError("line.interpreter", "an interpreter speaks into another language than they hear")
    return Direction(source, target, via)


class Interpreting:
    """The interpreters of both sides."""

    def __init__(self, node: Around, gate: Gate) -> None:
        self._node, self._gate = node, gate
        self._booths: dict[tuple[str, str, str], Booth] = {}  # session, side, person
        self._desks: dict[tuple[str, str], int] = {}  # session, person of ours -> the desk they sit at
        self._asked: dict[tuple[str, str, str, str], Instant] = {}

    def handlers(self) -> dict[str, Callable[[Signal], None]]:
        """Give who takes in which signal."""
        return {"interprets": self.heard_interprets, "interpreter-asks": self.heard_asks}

    # --- our desks ------------------------------------------------------------------------------------------------

    def take(self, desk: Desk, channel: str, session: str, direction: Direction) -> None:
        """Put this person at the microphone; a colleague who was at the one of this language is relieved.

        Raises: Refused `voice.stream`: nobody our roster lists as an interpreter, or no call is open there.
        """
        self._need(desk, channel, session)
        us = self._node.us
        for booth in self._of(session):
            if booth.side == us and booth.person != desk.person and self._same_work(booth.direction, direction):
                self._end(booth)
        before = self._booths.get((session, us, desk.person))
        since = before.since if before is not None else moment_text(self._node.moment())
        self._desks[session, desk.person] = desk.number
        booth = Booth(channel, session, us, desk.person, direction, since, self._node.now())
        self._booths[session, us, desk.person] = booth
        self._say(booth, on=True)

    @staticmethod
    def _same_work(one: Direction, other: Direction) -> bool:
        """Colleagues share a pair of languages, whichever direction each was working in."""
        return {one.source, one.target} == {other.source, other.target} or one.target == other.target

    def leave(self, desk: Desk, session: str = "") -> None:
        """This desk's person is at no microphone any more, in this call or in any."""
        for (named, person), number in list(self._desks.items()):
            booth = self._booths.get((named, self._node.us, person))
            if number == desk.number and booth is not None and session in ("", named):
                self._end(booth)

    def ask(self, desk: Desk, channel: str, session: str, what: str) -> None:
        """Ask those who talk, at both sides, to pause or to say it again."""
        self._need(desk, channel, session)
        self._node.signal(
            "interpreter-asks", ASK_LASTS_MS,
            {"channel": channel, "session": session, "person": desk.person, "what": what},
        )  # fmt: skip
        self._tell_ask(self._node.us, channel, session, desk.person, what)

    def may_sound(self, channel: str, session: str, person: str, language: str) -> bool:
        """Say whether a person of ours is at the microphone of this language."""
        booth = self._booths.get((session, self._node.us, person))
        return booth is not None and booth.channel == channel and booth.direction.target == language

    def sides(self, session: str) -> set[str]:
        """Give the sides that have somebody at a microphone in this call."""
        return {booth.side for booth in self._of(session)}

    def _need(self, desk: Desk, channel: str, session: str) -> None:
        if not self._gate.may_interpret(self._node.us, channel, session, desk.person):
            raise Refused("voice.stream", "only a listed interpreter may do this, in a call that is open")

    def _say(self, booth: Booth, *, on: bool) -> None:
        self._node.signal("interprets", LASTS_MS, {**_fields(booth), "on": on})
        self._tell(booth, on=on)

    def _end(self, booth: Booth) -> None:
        self._booths.pop((booth.session, booth.side, booth.person), None)
        if booth.side == self._node.us:
            self._desks.pop((booth.session, booth.person), None)
            self._say(booth, on=False)
        else:
            self._tell(booth, on=False)

    def report(self) -> None:
        """Say again who is at our microphones; forget those of theirs who are not heard of any more."""
        now = self._node.now()
        for booth in list(self._booths.values()):
            if booth.side == self._node.us:
                self._node.signal("interprets", LASTS_MS, {**_fields(booth), "on": True})
            elif now - booth.heard_at > LASTS_MS / 1000:
                self._end(booth)

    # --- the line -------------------------------------------------------------------------------------------------

    def heard_interprets(self, signal: Signal) -> None:
        """Take in who of theirs is at a microphone."""
        fields, node = signal.fields, self._node
        channel, session, person = fields.channel("channel"), fields.hex("session", 16), fields.person("person")
        direction, since, on = read_direction(fields), fields.moment("since"), fields.boolean("on")
        fields.done()
        key = (session, node.them, person)
        before = self._booths.get(key)
        if not self._gate.may_interpret(node.them, channel, session, person):
            return  # nothing follows from it: their voice is judged by itself
        if not on:
            if before is not None:
                self._end(before)
            return
        if before is None and len(self._of(session)) >= limits.INTERPRETERS_MAX:
            return
        booth = Booth(channel, session, node.them, person, direction, since, node.now())
        self._booths[key] = booth
        if before is None or before[:6] != booth[:6]:
            self._tell(booth, on=True)

    def heard_asks(self, signal: Signal) -> None:
        """An interpreter of theirs asks for a pause, or to hear it again."""
        fields, node = signal.fields, self._node
        channel, session, person = fields.channel("channel"), fields.hex("session", 16), fields.person("person")
        what = fields.choice("what", ASKS)
        fields.done()
        if self._gate.may_interpret(node.them, channel, session, person):
            self._tell_ask(node.them, channel, session, person, what)

    # --- pages ----------------------------------------------------------------------------------------------------

    def tell_so_far(self, desk: Desk, channel: str) -> None:
        """A page shows a channel now: it is told who is at which microphone there."""
        for booth in self._booths.values():
            if booth.channel == channel:
                desk.sink.tell(self._word(booth, on=True))

    def _of(self, session: str) -> list[Booth]:
        return [booth for booth in self._booths.values() if booth.session == session]

    def _tell(self, booth: Booth, *, on: bool) -> None:
        for desk in self._node.desks.at(booth.channel):
            desk.sink.tell(self._word(booth, on=on))

    def _word(self, booth: Booth, *, on: bool) -> dict[str, JsonInput]:
        name, office = self._node.person_shown(booth.side, booth.person)
        return {
            **_fields(booth), "told": "interpreter", "ours": booth.side == self._node.us, "name": name,
            "office": office, "on": on,
        }  # fmt: skip

    def _tell_ask(self, side: str, channel: str, session: str, person: str, what: str) -> None:
        """Tell every desk of it; one who asks the same without pause is heard once a second."""
        now = self._node.now()
        if now - self._asked.get((session, side, person, what), float("-inf")) < ASK_EVERY_S:
            return
        self._asked[session, side, person, what] = now
        name, _ = self._node.person_shown(side, person)
        word: dict[str, JsonInput] = {
            "told": "interpreter-asks", "channel": channel, "session": session, "ours": side == self._node.us,
            "person": person, "name": name, "what": what,
        }  # fmt: skip
        for desk in self._node.desks.at(channel):
            desk.sink.tell(word)

    def end(self, session: str) -> None:
        """A call is over: nobody interprets in it."""
        for booth in self._of(session):
            del self._booths[booth.session, booth.side, booth.person]
            self._desks.pop((session, booth.person), None)
            self._tell(booth, on=False)
        for key in [key for key in self._asked if key[0] == session]:
            del self._asked[key]


def _fields(booth: Booth) -> dict[str, JsonInput]:
    return {
        "channel": booth.channel, "session": booth.session, "person": booth.person, "from": booth.direction.source,
        "to": booth.direction.target, "via": booth.direction.via, "since": booth.since,
    }  # fmt: skip
