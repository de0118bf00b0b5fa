"""One link: when to dial, whose dial stays, which connections belong together, and whether it is alive.

Owns: the state of one link, its attempts, its heartbeat, its pauses.
Does not own: sockets and TLS (transports/), what upper frames mean (line/), which link to send by (line/).
Always true:
  1. A link is up only after a hello and its answer on a connection whose key and group were judged.
  2. Of two crossing dials both sides keep the one of the smaller side id.
  3. An ordinary or bulk connection joins only the link whose id it names, and only as the dialler's.
  4. When any of its connections is lost, the whole link falls and is made anew: nobody has to guess what arrived.
  5. A link that its operator stated as thin has one connection, and waits as long as its rate asks.
Read first: docs/protocol/link.md. Why a lost bulk connection takes the link with it: DESIGN.md, "One piece".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley import limits
from parley.errors import PeerError
from parley.link import messages
from parley.link.backoff import BackOff
from parley.link.brake import Brake
from parley.link.lanes import Lane
from parley.link.messages import Hello
from parley.link.pulse import Pulse
from parley.link.states import Alarm, Attach, Dial, Effect, Fall, Hang, Move, Rise, State, Write, moved
from parley.link.thin import Thin
from parley.times import Instant, Moment

_NEVER: Final = Instant(float("inf"))
# Failures of a dial that are no mere failures: another key, or a weaker key exchange, stands where the peer should.
_ALARMING: Final = frozenset({"link.pin", "link.group"})
_STEADY_S: Final = 30.0  # a lane that lived this long is lost by chance, not by habit
_SETTLED_S: Final = 3.0  # a link that lived this long starts its back-off anew


@dataclass(kw_only=True, slots=True)
class _Attempt:
    """A connection of ours that is not yet a lane."""

    connection: int
    lane: Lane
    give_up_at: Instant
    hello: Hello | None = None  # what we asked, once we did
    group: str = ""  # the key exchange it has, once its TLS is there


@dataclass(kw_only=True, slots=True)
class _Live:
    """A link that is up."""

    link_id: str
    by_us: bool
    group: str
    up_at: Instant
    connections: dict[Lane, int] = field(default_factory=dict)
    pulses: dict[Lane, Pulse] = field(default_factory=dict)
    joined_at: dict[Lane, Instant] = field(default_factory=dict)


def check_hello(hello: Hello, *, line: str, ours: str, theirs: str) -> None:
    """Raise PeerError unless the hello is from our peer, to us, about our line."""
    if hello.line != line:
        raise PeerError("link.line", "hello names another line than ours")
    if (hello.from_side, hello.to_side) != (theirs, ours):
        raise PeerError("link.sides", f"expected a hello from {theirs} to {ours}")
    messages.common_version(hello.versions)


class LinkCore:
    """Decides for one link; moved by what its connections report and by time, answers with effects in order."""

    def __init__(
        self,
        *,
        name: str,
        line: str,
        ours: str,
        theirs: str,
        dials: bool,
        number: Callable[[], int],
        entropy: Callable[[int], bytes],
        thin: Thin | None = None,
    ) -> None:
        self.name = name
        self.thin = thin
        self._dial_s = thin.dial_s if thin is not None else limits.DIAL_S
        self.state = State.RESTING
        self.last_error = ""
        self.brake = Brake()  # of the bulk lane, for the life of the link that is up
        self._line, self._ours, self._theirs = line, ours, theirs
        self._dials = dials
        self._number, self._entropy = number, entropy
        self._backoff = BackOff(lambda: entropy(1)[0] / 256)
        self._retry_at = Instant(0.0)
        self._attempts: dict[Lane, _Attempt] = {}
        self._live: _Live | None = None
        self._lane_at: dict[Lane, Instant] = {}
        self._lane_losses: dict[Lane, int] = {}

    @property
    def group(self) -> str:
        """The key exchange of the urgent connection; empty while down."""
        return self._live.group if self._live else ""

    @property
    def by_us(self) -> bool:
        """Whether the link that is up was dialled by us."""
        return self._live is not None and self._live.by_us

    def pulse(self, lane: Lane = Lane.URGENT) -> Pulse | None:
        """Give the heartbeat of a lane, if it is joined."""
        return self._live.pulses.get(lane) if self._live else None

    def lanes(self) -> tuple[Lane, ...]:
        """Give the lanes that are joined."""
        return tuple(sorted(self._live.connections)) if self._live else ()

    def wake_at(self) -> Instant:
        """When `tick` next has something to do."""
        times = [attempt.give_up_at for attempt in self._attempts.values()]
        if self.state is State.RESTING and self._dials:
            times.append(self._retry_at)
        if self._live is not None:
            times.extend(pulse.wake_at for pulse in self._live.pulses.values())
            times.extend(self._lane_at.get(lane, Instant(0.0)) for lane in self._missing_lanes(self._live))
        return min(times, default=_NEVER)

    def tick(self, now: Instant, clock: Moment) -> list[Effect]:
        """Do what is due: beats, the judgement of silence, give-ups, dials."""
        effects: list[Effect] = []
        if self._live is not None:
            effects += self._watch(self._live, now, clock, late_s=max(0.0, now - self.wake_at()))
        for attempt in [each for each in self._attempts.values() if each.give_up_at <= now]:
            words = "no answer to our hello" if attempt.hello else "no connection"
            effects.append(Hang(connection=attempt.connection, code="link.no-answer", say=False))
            effects += self._failed(attempt, "link.no-answer", f"{words} within {self._dial_s:.0f} s", now)
        if self.state is State.RESTING and self._dials and self._retry_at <= now:
            self.state = moved(self.state, Move.DUE)
            effects.append(self._dial(Lane.URGENT, now))
        if self._live is not None:
            for lane in self._missing_lanes(self._live):
                if self._lane_at.get(lane, Instant(0.0)) <= now:
                    effects.append(self._dial(lane, now))
        return effects

    def connected(self, connection: int, group: str, now: Instant) -> list[Effect]:
        """A dial of ours has its TLS: say hello."""
        attempt = self._attempt(connection)
        if attempt is None:
            return [Hang(connection=connection, code="link.late", say=False)]
        if attempt.lane is Lane.URGENT:
            self.state = moved(self.state, Move.CONNECTED)
            link_id = self._entropy(messages.LINK_ID_BYTES).hex()
        else:
            link_id = self._live.link_id if self._live else ""
        attempt.hello = Hello(
            line=self._line,
            from_side=self._ours,
            to_side=self._theirs,
            link=self.name,
            link_id=link_id,
            lane=attempt.lane,
        )
        attempt.give_up_at = Instant(now + self._dial_s)
        attempt.group = group
        return [Write(connection=connection, frame=messages.write_hello(attempt.hello))]

    def offered(self, connection: int, hello: Hello, group: str, now: Instant) -> list[Effect]:
        """The peer said hello on a connection that it dialled; `check_hello` has passed it."""
        if self.state is State.STOPPED:
            return [Hang(connection=connection, code="link.stopped", say=True)]
        if hello.lane is not Lane.URGENT:
            return self._join(connection, hello, now)
        if self._ours < self._theirs and self._ours_is_crossing(now):
            return [Hang(connection=connection, code="link.crossing", say=True)]
        effects: list[Effect] = []
        if self._live is not None:  # they dial afresh, so they know that the old one is lost
            effects += self._fall("link.redialled", "the other side dialled afresh", now)
        effects += self._abandon_attempts("link.crossing")
        self.state = moved(self.state, Move.TAKEN)
        self._live = _Live(link_id=hello.link_id, by_us=False, group=group, up_at=now)
        effects.append(Write(connection=connection, frame=messages.write_hello(hello.answered(), answer=True)))
        return [*effects, self._attach(self._live, connection, Lane.URGENT, now), Rise()]

    def heard(self, connection: int, frame: bytes, now: Instant, clock: Moment) -> list[Effect]:
        """Take one of the link's own frames, or any frame before the answer; a fault closes, it never raises."""
        try:
            attempt = self._attempt(connection)
            if attempt is not None:
                return self._hear_answer(attempt, frame, now)
            lane = self._lane_of(connection)
            if self._live is None or lane is None:
                return []  # of a connection that we have given up; it is closing
            return self._hear_own(connection, self._live.pulses[lane], frame, now, clock)
        except PeerError as fault:
            return self.fault(connection, fault.code, fault.sentence, now)

    def fault(self, connection: int, code: str, words: str, now: Instant) -> list[Effect]:
        """The peer broke the protocol on this connection: hang up, and tell people."""
        alarm = Alarm(code=code, words=f"link {self.name}: {words}")
        hang = Hang(connection=connection, code=code, say=True)
        return [alarm, hang, *self.lost(connection, code, words, now)]

    def lost(self, connection: int, code: str, words: str, now: Instant) -> list[Effect]:
        """A connection ended, whoever ended it."""
        attempt = self._attempt(connection)
        if attempt is not None:
            return self._failed(attempt, code, words, now)
        lane = self._lane_of(connection)
        if self._live is None or lane is None:
            return []
        if lane is not Lane.URGENT:
            short = now - self._live.joined_at[lane] < _STEADY_S
            self._lane_losses[lane] = self._lane_losses.get(lane, 0) + 1 if short else 0
            words = f"{lane.word} connection: {words}"
        return self._fall(code, words, now, gone=connection)

    def close(self, code: str, words: str, now: Instant) -> list[Effect]:
        """Close the link because somebody above wants it so; it is dialled again after the usual pause."""
        return self._fall(code, words, now) if self._live is not None else []

    def stop(self, now: Instant) -> list[Effect]:
        """End for good."""
        effects = self._fall("link.stopped", "this node stops the link", now) if self._live is not None else []
        effects += self._abandon_attempts("link.stopped")
        self.state = moved(self.state, Move.STOP)
        return effects

    # -- parts ---------------------------------------------------------------------------------------------------

    def _watch(self, live: _Live, now: Instant, clock: Moment, late_s: float) -> list[Effect]:
        effects: list[Effect] = []
        for lane, pulse in live.pulses.items():
            pulse.forgive(now, late_s)
            if pulse.silent(now):
                words = f"nothing heard for {now - pulse.heard_at:.1f} s"
                return effects + self.lost(live.connections[lane], "link.silent", words, now)
            beat = pulse.beat(now, clock)
            if beat is not None:
                effects.append(Write(connection=live.connections[lane], frame=beat))
        return effects

    def _dial(self, lane: Lane, now: Instant) -> Dial:
        connection = self._number()
        self._attempts[lane] = _Attempt(connection=connection, lane=lane, give_up_at=Instant(now + self._dial_s))
        return Dial(connection=connection, lane=lane)

    def _hear_answer(self, attempt: _Attempt, frame: bytes, now: Instant) -> list[Effect]:
        if frame[0] == messages.BYE:
            code = messages.read_bye(frame)
            hang = Hang(connection=attempt.connection, code=code, say=False)
            return [hang, *self._failed(attempt, code, f"the other side declined our dial ({code})", now)]
        answer = messages.read_hello(frame, answer=True)
        if attempt.hello is None or answer != attempt.hello.answered():
            raise PeerError("link.answer", "the answer does not mirror our hello")
        del self._attempts[attempt.lane]
        if attempt.lane is not Lane.URGENT:
            if self._live is None or self._live.link_id != answer.link_id:
                return [Hang(connection=attempt.connection, code="link.late", say=False)]
            return [self._attach(self._live, attempt.connection, attempt.lane, now)]
        self.state = moved(self.state, Move.ANSWERED)
        self._live = _Live(link_id=answer.link_id, by_us=True, group=attempt.group, up_at=now)
        for lane, losses in self._lane_losses.items():
            pause = 0.0 if losses < 2 else min(limits.LANE_PAUSE_S_MAX, 2.0**losses)
            self._lane_at[lane] = Instant(now + pause)
        return [self._attach(self._live, attempt.connection, Lane.URGENT, now), Rise()]

    def _hear_own(self, connection: int, pulse: Pulse, frame: bytes, now: Instant, clock: Moment) -> list[Effect]:
        kind = frame[0]
        if kind == messages.BEAT:
            echo = pulse.hear_beat(frame, now, clock)
            return [] if echo is None else [Write(connection=connection, frame=echo)]
        if kind == messages.ECHO:
            pulse.hear_echo(frame, now, clock)
            if pulse.rtt_s is not None and pulse.rtt_min_s is not None and pulse is self.pulse():
                self.brake.sample(pulse.rtt_s, pulse.rtt_min_s, now)
            return []
        if kind == messages.BYE:
            code = messages.read_bye(frame)
            return self._fall(code, f"the other side hung up ({code})", now)
        raise PeerError("link.order", f"a frame of type {kind:#04x} has no place on a link that is up")

    def _ours_is_crossing(self, now: Instant) -> bool:
        if self._live is not None:
            crossing_s = limits.CROSSING_S if self.thin is None else self._dial_s
            return self._live.by_us and now - self._live.up_at < crossing_s
        return self.state is State.ASKING

    def _join(self, connection: int, hello: Hello, now: Instant) -> list[Effect]:
        live = self._live
        if self.thin is not None:  # they do not know that it is: their operator reads this code
            return [Hang(connection=connection, code="link.thin", say=True)]
        if live is None or live.by_us or hello.link_id != live.link_id or hello.lane in live.connections:
            return [Hang(connection=connection, code="link.unbound", say=True)]
        answer = Write(connection=connection, frame=messages.write_hello(hello.answered(), answer=True))
        return [answer, self._attach(live, connection, hello.lane, now)]

    def _attach(self, live: _Live, connection: int, lane: Lane, now: Instant) -> Attach:
        urgent = lane is Lane.URGENT
        live.connections[lane] = connection
        live.joined_at[lane] = now
        every_s = limits.HEARTBEAT_S if urgent else limits.LANE_HEARTBEAT_S
        silence_s = limits.LINK_SILENCE_S if urgent else limits.LANE_SILENCE_S
        if self.thin is not None:
            every_s, silence_s = self.thin.heartbeat_s, self.thin.silence_s
        live.pulses[lane] = Pulse(now, every_s=every_s, silence_s=silence_s)
        return Attach(connection=connection, lane=lane)

    def _failed(self, attempt: _Attempt, code: str, words: str, now: Instant) -> list[Effect]:
        self._attempts.pop(attempt.lane, None)
        alarms: list[Effect] = [Alarm(code=code, words=f"link {self.name}: {words}")] if code in _ALARMING else []
        if code != "link.crossing":  # no error: their dial stays
            self.last_error = f"{words} ({code})"
        if attempt.lane is Lane.URGENT:
            self.state = moved(self.state, Move.FAILED)
            self._retry_at = Instant(now + self._backoff.pause_s())
        else:
            self._lane_at[attempt.lane] = Instant(now + limits.DIAL_PAUSE_S_MAX)
        return alarms

    def _fall(self, code: str, words: str, now: Instant, *, gone: int | None = None) -> list[Effect]:
        live = self._live
        if live is None:
            return []
        effects: list[Effect] = [
            Hang(connection=each, code=code, say=each != gone) for each in live.connections.values()
        ]
        self._live = None
        self.brake = Brake()
        effects += self._abandon_attempts(code)
        self._lane_at.clear()
        self.state = moved(self.state, Move.LOST)
        if now - live.up_at >= _SETTLED_S:
            self._backoff.succeeded()
        self._retry_at = Instant(now + self._backoff.pause_s())
        self.last_error = f"{words} ({code})"
        return [*effects, Fall(code=code, words=words)]

    def _abandon_attempts(self, code: str) -> list[Effect]:
        hangs: list[Effect] = [
            Hang(connection=each.connection, code=code, say=each.hello is not None) for each in self._attempts.values()
        ]
        self._attempts.clear()
        return hangs

    def _attempt(self, connection: int) -> _Attempt | None:
        return next((each for each in self._attempts.values() if each.connection == connection), None)

    def _lane_of(self, connection: int) -> Lane | None:
        if self._live is None:
            return None
        return next((lane for lane, each in self._live.connections.items() if each == connection), None)

    def _missing_lanes(self, live: _Live) -> list[Lane]:
        if not live.by_us or self.thin is not None:
            return []
        return [lane for lane in Lane if lane not in live.connections and lane not in self._attempts]
