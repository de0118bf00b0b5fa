"""What may be said about an emergency stop: raised, ringing, taken, read back, confirmed, corrected, reached, effected.

Owns: the bodies, strictly read, their builders, and the times by which each step is due.
Does not own: when one is allowed (rules.py). Nothing here asks for a second person, a passkey or a voice.
Read first: docs/protocol/stops.md.
"""

from __future__ import annotations

from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import check_channel
from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects.alike import empty, maybe_reason, reason, ringing
from parley.subjects.kinds import Body, Fact, Kind

PRECEDENCE: Final = "FLASH"  # of everything said about a stop: it goes by every link at once
LANGUAGE_CHARS_MAX: Final = 35
# By when each step is due, in ms: `taken` from the raising, the others from the words that are in force.
# Read back and confirmed within 60 s; with 15 s to be answered (direct speech between air traffic units) and 5 min to
# the effect (what it took in 2016, once the right officer had heard). Sources: docs/protocol/stops.md.
DUE_MS: Final = {"taken": 15_000, "read-back": 45_000, "confirmed": 60_000, "effected": 300_000}


def _words(reader: Reader) -> None:
    """What must stop, where, since when: the one form. `since` is a moment, or "" where nobody knows."""
    reader.text("what", max_chars=limits.STOP_WORDS_CHARS_MAX)
    reader.text("where", max_chars=limits.STOP_WORDS_CHARS_MAX)
    since = reader.take("since")
    if since != "":
        Reader({"since": since}, reader.where).moment("since")
    reader.text("language", max_chars=LANGUAGE_CHARS_MAX)


def _raised(body: Body) -> None:
    reader = Reader(body, "$.body")
    _words(reader)
    about = reader.text("about", max_chars=limits.CHANNEL_ID_CHARS_MAX, min_chars=0)
    reader.done()
    if about:
        _channel(about)


def _channel(about: str) -> None:
    try:
        check_channel(about)
    except PeerError:
        raise PeerError("codec.field", "$.body.about: expected a channel's id or nothing") from None


def _corrected(body: Body) -> None:
    reader = Reader(body, "$.body")
    _words(reader)
    reader.done()


def _read_back(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.STOP_READ_BACK_CHARS_MAX)
    reader.done()


def _reached(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("who", max_chars=limits.TITLE_CHARS_MAX)
    reader.done()


def _effected(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.moment("stopped")
    reader.text("note", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


KINDS: Final = (
    Kind("stop.raised", "stop", None, "person", _raised, opens=True),
    Kind("stop.ringing", "stop", None, "node", ringing),
    Kind("stop.taken", "stop", None, "person", empty),
    Kind("stop.read-back", "stop", None, "person", _read_back),
    Kind("stop.confirmed", "stop", None, "person", empty),
    Kind("stop.corrected", "stop", None, "person", _corrected),
    Kind("stop.reached", "stop", None, "person", _reached),
    Kind("stop.effected", "stop", None, "person", _effected),
    Kind("stop.not-possible", "stop", None, "person", reason),
    Kind("stop.withdrawn", "stop", None, "person", maybe_reason),
)


def raise_stop(channel: str, *, what: str, where: str, since: str, language: str, about: str = "") -> Fact:
    """Raise a stop. `since` is a moment's text or ""; `about` names the channel it is about, in the line channel."""
    body: dict[str, JsonValue] = {
        "what": what, "where": where, "since": since, "language": language, "about": about,
    }  # fmt: skip
    return Fact(channel=channel, kind="stop.raised", subject=None, body=body)


def _about(channel: str, kind: str, subject: str, body: dict[str, JsonValue], refs: tuple[Ref, ...] = ()) -> Fact:
    return Fact(channel=channel, kind=kind, subject=subject, body=body, refs=refs)


def ring(channel: str, subject: str, desks: int) -> Fact:
    """Say that so many desks of the other side really show it and ring."""
    return _about(channel, "stop.ringing", subject, {"desks": desks})


def take(channel: str, subject: str) -> Fact:
    """Take it, by the person who authors it."""
    return _about(channel, "stop.taken", subject, {})


def read_back(channel: str, subject: str, text: str) -> Fact:
    """Say in one's own words what must stop, and where."""
    return _about(channel, "stop.read-back", subject, {"text": text})


def confirm(channel: str, subject: str, read: Ref) -> Fact:
    """Confirm that one read-back is right."""
    return _about(channel, "stop.confirmed", subject, {}, (read,))


def correct(
    channel: str, subject: str, *, what: str, where: str, since: str, language: str, read: tuple[Ref, ...] = ()
) -> Fact:
    """Give other words in the place of all earlier ones; `read` names the read-back that was wrong, if one was."""
    body: dict[str, JsonValue] = {"what": what, "where": where, "since": since, "language": language}
    return _about(channel, "stop.corrected", subject, body, read)


def reach(channel: str, subject: str, who: str) -> Fact:
    """Say that who decides has it; `who` in words, since they often sit at no desk."""
    return _about(channel, "stop.reached", subject, {"who": who})


def effect(channel: str, subject: str, stopped: str, note: str = "") -> Fact:
    """Report that it has stopped, at the moment `stopped`."""
    return _about(channel, "stop.effected", subject, {"stopped": stopped, "note": note})


def not_possible(channel: str, subject: str, reason: str) -> Fact:
    """Say that it cannot be done, and why."""
    return _about(channel, "stop.not-possible", subject, {"reason": reason})


def withdraw(channel: str, subject: str, reason: str = "") -> Fact:
    """Say that it was sent in error, or is no longer needed."""
    return _about(channel, "stop.withdrawn", subject, {"reason": reason})
