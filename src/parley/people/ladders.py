"""Who is told of what that waits, after how long: ladders of steps, and the targets outside the desk.

Owns: the spaces `private.ladders` and `private.targets`; what a step, a ladder and a target must look like; the
built-in ladders. Does not own: when a step is taken (escalation.py), who may change them (actions/notify.py), sending.
Always true:
  1. Every ladder begins at once with a desk, so nothing that waits is silent, whatever somebody sets.
  2. A target's address may hold passwords. It is in the store and on its way to the sender, and nowhere else: what is
     shown of it is `masked`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

import msgspec

from parley import limits
from parley.codec.text import check_channel, check_person, make_text
from parley.errors import PeerError, Refused
from parley.people import kept
from parley.people.kept import Values
from parley.storage.port import ValueRow
from parley.times import Moment

LADDERS: Final = "private.ladders"  # key: "<channel>|<kind>"; the channel is "" for every channel without its own
TARGETS: Final = "private.targets"
WATCH, DESKS, PERSONS, NOTIFY = "watch", "desks", "persons", "notify"
HOWS: Final = (WATCH, DESKS, PERSONS, NOTIFY)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: so many seconds after the first, who is told."""

    after_s: int
    how: str  # watch: the desks on watch of the channel · desks: all of ours · persons: theirs · notify: targets
    who: tuple[str, ...] = ()  # ids of persons, or names of targets


class Kind(NamedTuple):
    """A kind of thing that waits: who may be rung for it, and the steps where nobody has set any."""

    right: str
    steps: tuple[Step, ...]
    of_line: bool = False  # about the line as a whole: it has no channel
    role: str = ""  # only who has this role is rung, but for persons whom a step names


def _rings(*after_s: int) -> tuple[Step, ...]:
    """Give the built-in ladder: the watch at once, every desk of ours after so many seconds."""
    return (Step(after_s=0, how=WATCH), *(Step(after_s=each, how=DESKS) for each in after_s))


# A new kind is one row here and one `Escalating.source` in the node.
KINDS: Final[dict[str, Kind]] = {
    "call": Kind("call", _rings(15)),
    "message": Kind("acknowledge", _rings(60)),
    "draft": Kind("release", (Step(after_s=0, how=DESKS),)),
    "stop": Kind("stop", _rings(3)),
    "stop-decision": Kind("stop", (Step(after_s=0, how=DESKS),), role="principal"),
    "line": Kind("state", _rings(60), of_line=True),
    "roll-call": Kind("acknowledge", _rings(60)),
    "incident": Kind("acknowledge", _rings(60)),
}


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """The steps for one kind of thing, in one channel or in all."""

    channel: str
    kind: str
    steps: tuple[Step, ...]
    by: str = ""  # who set it; "" for a built-in one
    at: int = 0


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A way to somebody who is at no desk: an address as the library `apprise` reads it."""

    name: str
    url: str
    hides_channel: bool = False  # a notification then does not even name the channel
    by: str = ""
    at: int = 0

    def __repr__(self) -> str:
        return f"Target({self.name!r}, {masked(self.url)!r})"

    @property
    def service(self) -> str:
        """What kind of service it is: mailto, tgram, json, …"""
        return self.url.partition("://")[0].lower()


_ladders: Final = msgspec.json.Decoder(Ladder)
_targets: Final = msgspec.json.Decoder(Target)
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,47}")
_BETWEEN: Final = re.compile(r"[/:@?&=#,;+\s]+")
_URL: Final = re.compile(r"[A-Za-z0-9]{1,24}://[\x21-\x7e]+")


def masked(url: str) -> str:
    """Give what may be shown of an address: its service alone. In some, even the host is the password."""
    return url.partition("://")[0].lower() + "://…"


def scrub(text: str, url: str) -> str:
    """Give a library's words about an address without any part of the address but its service."""
    parts = {piece for whole in (url, unquote(url)) for piece in _BETWEEN.split(whole.partition("://")[2])}
    for part in sorted((one for one in parts if len(one) > 1), key=len, reverse=True):
        text = re.sub(re.escape(part), "…", text, flags=re.IGNORECASE)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text[: limits.REASON_CHARS_MAX]


def set_ladder(values: Values, ladder: Ladder, by: str, now: Moment) -> list[ValueRow]:
    """Give the rows that keep a ladder.

    Raises: Refused `notify.kind`, `notify.channel`, `notify.steps`, `notify.step`; the sentence names which and where.
    """
    kind = KINDS.get(ladder.kind)
    if kind is None:
        raise Refused("notify.kind", f"expected one of {', '.join(KINDS)}, got {ladder.kind[:32]!r}")
    if ladder.channel:
        _check(check_channel, ladder.channel, "notify.channel", "channel")
        if kind.of_line:
            raise Refused("notify.channel", f"{ladder.kind} is about the whole line; it has no ladder for one channel")
    if not 1 <= len(ladder.steps) <= limits.LADDER_STEPS_MAX:
        raise Refused("notify.steps", f"a ladder has 1 to {limits.LADDER_STEPS_MAX} steps")
    if ladder.steps[0].after_s != 0 or ladder.steps[0].how == NOTIFY:
        raise Refused("notify.steps", "the first step is at 0 s and rings at a desk; nothing that waits may be silent")
    before = 0
    for number, step in enumerate(ladder.steps, 1):
        _check_step(values, number, step, before)
        before = step.after_s
    kept_as = msgspec.structs.replace(ladder, by=by, at=int(now))
    return [ValueRow(LADDERS, _key(ladder.channel, ladder.kind), kept.write(kept_as))]


def _check_step(values: Values, number: int, step: Step, before: int) -> None:
    if step.how not in HOWS:
        raise Refused("notify.step", f"step {number}: expected one of {', '.join(HOWS)}, got {step.how[:32]!r}")
    if not before <= step.after_s <= limits.LADDER_S_MAX:
        raise Refused("notify.step", f"step {number}: expected {before} to {limits.LADDER_S_MAX} s, got {step.after_s}")
    if len(step.who) > limits.LADDER_WHO_MAX or len(set(step.who)) != len(step.who):
        raise Refused("notify.step", f"step {number}: at most {limits.LADDER_WHO_MAX} names, each once")
    named = step.how in (PERSONS, NOTIFY)
    if named != bool(step.who):
        raise Refused("notify.step", f"step {number}: {step.how} {'names somebody' if named else 'names nobody'}")
    for name in step.who:
        if step.how == NOTIFY:
            target(values, name)
        else:
            _check(check_person, name, "notify.step", f"step {number}")


def _check(check: object, text: str, code: str, where: str) -> None:
    try:
        check(text)  # type: ignore[operator]
    except PeerError as wrong:
        raise Refused(code, f"{where}: {wrong.sentence}") from None


def reset_ladder(channel: str, kind: str) -> list[ValueRow]:
    """Give the row that goes back to the built-in steps, or to those of all channels."""
    return [ValueRow(LADDERS, _key(channel, kind), None)]


def ladders(values: Values) -> list[Ladder]:
    """Give every ladder that somebody has set."""
    return [ladder for _, ladder in kept.every(values, LADDERS, _ladders)]


def ladder_for(values: Values, channel: str, kind: str) -> Ladder:
    """Give the ladder in force: the channel's own, else that of all channels, else the built-in one."""
    for key in dict.fromkeys((_key(channel, kind), _key("", kind))):
        data = values.value(LADDERS, key)
        if data is not None:
            return kept.read(_ladders, data)
    return Ladder(channel="", kind=kind, steps=KINDS[kind].steps)


def add_target(values: Values, name: str, url: str, *, hides_channel: bool, by: str, now: Moment) -> list[ValueRow]:
    """Give the row that keeps a target, new or changed.

    Raises: Refused `notify.name`, `notify.url`, `notify.many`; the address is never in the sentence.
    """
    name, url = make_text(name).strip(), url.strip()
    if not _NAME.fullmatch(name):
        raise Refused("notify.name", "a target's name is small letters, digits, '.' and '-', at most 48")
    if not _URL.fullmatch(url) or len(url) > limits.TARGET_URL_CHARS_MAX:
        raise Refused("notify.url", "expected an address like mailto://user:password@host?to=…, on one line")
    found = targets(values)
    if len(found) >= limits.TARGETS_MAX and name not in {one.name for one in found}:
        raise Refused("notify.many", f"a side has at most {limits.TARGETS_MAX} targets; remove one first")
    made = Target(name=name, url=url, hides_channel=hides_channel, by=by, at=int(now))
    return [ValueRow(TARGETS, name, kept.write(made))]


def remove_target(values: Values, name: str) -> list[ValueRow]:
    """Give the row that removes a target; raises Refused `notify.unknown`, or `notify.used` while a ladder names it."""
    target(values, name)
    for ladder in ladders(values):
        if any(step.how == NOTIFY and name in step.who for step in ladder.steps):
            where = ladder.channel or "all channels"
            raise Refused("notify.used", f"a step for {ladder.kind} in {where} names {name}; change that first")
    return [ValueRow(TARGETS, name, None)]


def targets(values: Values) -> list[Target]:
    """Give every target, by name."""
    return [one for _, one in kept.every(values, TARGETS, _targets)]


def target(values: Values, name: str) -> Target:
    """Give a target; raises Refused `notify.unknown`."""
    data = values.value(TARGETS, name)
    if data is None:
        raise Refused("notify.unknown", f"there is no target {name[:48]!r}")
    return kept.read(_targets, data)


def _key(channel: str, kind: str) -> str:
    return f"{channel}|{kind}"
