"""What may be said about an incident: the bodies, strictly read, and the times by which an answer is due.

Owns: the kinds. Does not own: their builders (saying.py), when one is allowed (rules.py),
the form of a report (report.py).
Read first: docs/protocol/incidents.md.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, cast

from parley import limits
from parley.codec import JsonInput, encode
from parley.codec.fields import Reader
from parley.codec.text import check_channel
from parley.errors import PeerError
from parley.record.binding import read_signed
from parley.subjects.alike import empty, file_held, maybe_text
from parley.subjects.incidents import report
from parley.subjects.incidents.report import LANGUAGE
from parley.subjects.kinds import Body, Kind

PRECEDENCE: Final = "FLASH"  # of a first report: it goes by every link at once, ahead of its log
STAGES: Final = ("first", "full")
STANDS: Final = ("agreed", "disputed", "law-disputed")
# By when it is due, in ms: a side's full account from the first report (15 days, the practice of agreements on
# incidents at sea), an answer and an answer about a meeting from the asking (48 h, Vienna Document).
DUE_MS: Final = {"account": 15 * 86_400_000, "answer": 48 * 3_600_000, "meeting": 48 * 3_600_000}

# What may be stated of a file of tracks, and the most it may be: metres around, metres up and down, seconds.
ERRORS: Final = {"position_m": 100_000, "vertical_m": 20_000, "clock_s": 86_400}
ERROR: Final = re.compile(r"(0|[1-9][0-9]{0,5})\.[0-9]")
SUBJECT: Final = re.compile(r"incident/[a-z][a-z0-9-]{0,31}/(0|[1-9][0-9]{0,11})/(0|[1-9][0-9]{0,15})")
_MEDIA: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}")  # RFC 6838 section 4.2, lower case
_NUMBER: Final = re.compile(r"[a-z][a-z0-9-]{0,31}-[1-9][0-9]{0,3}")


def list_digest(subject: str, facts: JsonInput) -> str:
    """Give the digest of a frozen list of facts, in hex: over the incident and exactly these sentences."""
    return hashlib.sha256(b"parley/v1/incident-facts\n" + encode({"facts": facts, "incident": subject})).hexdigest()


def _attachments(reader: Reader) -> None:
    if not reader.has("attachments"):
        return
    roots = set()
    items = list(reader.objects("attachments", min_items=1, max_items=limits.ATTACHMENTS_MAX))
    for item in items:
        roots.add(item.hex("root", 32))
        item.integer("size", 1, limits.CHUNK_BYTES * limits.CHUNKS_MAX)
        item.match("media", _MEDIA, "a media type like image/jpeg")
        item.text("name", max_chars=limits.TITLE_CHARS_MAX)
        item.maybe_moment("taken")
        item.maybe_text("source", max_chars=limits.INCIDENT_FIELD_CHARS_MAX)
        if item.has("errors"):
            _errors(item.object("errors"))
        item.done()
    if len(roots) != len(items):
        raise PeerError("codec.field", "$.body.attachments: expected each file once")


def _errors(reader: Reader) -> None:
    """Read what a side states of how exact a file of tracks is."""
    stated = [name for name in ERRORS if reader.has(name)]
    for name in stated:
        text = reader.match(name, ERROR, "a number with one decimal like 25.0")
        if float(text) > ERRORS[name]:
            raise PeerError("codec.field", f"{reader.where}.{name}: expected at most {ERRORS[name]}, got {text}")
    if not stated:
        raise PeerError("codec.field", f"{reader.where}: expected at least one of {', '.join(ERRORS)}")
    reader.done()


def _reported(body: Body) -> None:
    reader = Reader(body, "$.body")
    if reader.has("about"):
        try:
            check_channel(reader.text("about", max_chars=limits.CHANNEL_ID_CHARS_MAX))
        except PeerError:
            raise PeerError("codec.field", "$.body.about: expected a channel's id") from None
    report.read(reader, what_max=limits.INCIDENT_FIRST_CHARS_MAX)
    _attachments(reader)
    reader.done()
    size = report.size_bytes(body)
    if size > limits.INCIDENT_REPORT_BYTES_MAX:
        most = limits.INCIDENT_REPORT_BYTES_MAX
        raise PeerError("codec.field", f"$.body: expected at most {most} bytes without pictures, got {size}")


def _account(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("stage", STAGES)
    report.read(reader, what_max=limits.INCIDENT_ACCOUNT_CHARS_MAX)
    _attachments(reader)
    reader.done()


def _evidence(body: Body) -> None:
    reader = Reader(body, "$.body")
    if not reader.has("attachments"):
        raise PeerError("codec.field", "$.body.attachments: expected at least one file")
    _attachments(reader)
    reader.maybe_text("note", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _sentence(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.INCIDENT_SENTENCE_CHARS_MAX)
    reader.match("language", LANGUAGE, "a language tag like en or zh-Hans")
    reader.done()


def _text(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()


def _join(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.channel("channel")
    reader.match("other", SUBJECT, "the subject of an incident")
    reader.done()


def _meeting_answer(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.boolean("accepted")
    reader.text("text", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _stood(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.choice("stand", STANDS)
    reader.text("text", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _facts(reader: Reader) -> None:
    for item in reader.objects("facts", min_items=1, max_items=limits.INCIDENT_LIST_MAX):
        item.match("number", _NUMBER, "a statement's number like north-3")
        item.text("text", max_chars=limits.INCIDENT_SENTENCE_CHARS_MAX)
        item.match("language", LANGUAGE, "a language tag like en or zh-Hans")
        item.done()


def _frozen(body: Body) -> None:
    reader = Reader(body, "$.body")
    _facts(reader)
    reader.done()
    if len(encode(cast(JsonInput, body["facts"]))) > limits.INCIDENT_LIST_BYTES_MAX:
        raise PeerError("codec.field", f"$.body.facts: expected at most {limits.INCIDENT_LIST_BYTES_MAX} bytes")


def _signed(body: Body) -> None:
    reader = Reader(body, "$.body")
    _facts(reader)
    reader.hex("digest", 32)
    if reader.has("assertion"):
        read_signed(reader.take("assertion"))
    reader.done()


def _offset(body: Body) -> None:
    reader = Reader(body, "$.body")
    files = [
        Reader({"root": root}, reader.where).hex("root", 32) for root in reader.list("files", min_items=2, max_items=2)
    ]
    if files[0] == files[1]:
        raise PeerError("codec.field", "$.body.files: expected two files")
    reader.integer("ms", -limits.INCIDENT_OFFSET_MS_MAX, limits.INCIDENT_OFFSET_MS_MAX)
    reader.done()


KINDS: Final = (
    Kind("incident.reported", "incident", None, "person", _reported, opens=True),
    Kind("incident.account", "incident", None, "person", _account),
    Kind("incident.no-knowledge", "incident", None, "person", maybe_text),
    Kind("incident.evidence", "incident", None, "person", _evidence),
    Kind("incident.offset-proposed", "incident", None, "person", _offset),
    Kind("incident.offset-agreed", "incident", None, "person", empty),
    Kind("incident.join-proposed", "incident", None, "person", _join),
    Kind("incident.joined", "incident", None, "person", empty),
    Kind("incident.asked", "incident", None, "person", _sentence),
    Kind("incident.answered", "incident", None, "person", _sentence),
    Kind("incident.meeting-asked", "incident", None, "person", _text),
    Kind("incident.meeting-answered", "incident", None, "person", _meeting_answer),
    Kind("incident.stated", "incident", None, "person", _sentence),
    Kind("incident.unstated", "incident", None, "person", maybe_text),
    Kind("incident.stood", "incident", None, "person", _stood),
    Kind("incident.frozen", "incident", None, "person", _frozen),
    Kind("incident.signed", "incident", None, "person", _signed),
    Kind("incident.close-proposed", "incident", None, "person", _text),
    Kind("incident.closed", "incident", None, "person", empty),
    Kind("incident.closed-alone", "incident", None, "person", _text),
    Kind("incident.reopened", "incident", None, "person", _text),
    Kind("incident.held", "incident", None, "node", file_held),
)
