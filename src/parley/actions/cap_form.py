"""The form of a CAP 1.2 message as its published schema has it: elements, their order and number, their values.

Owns: the tables and the check. Does not own: what we read of a message (cap.py); that is less than the form allows.
Always true: what `check` takes, the schema takes; the tests hold both to the same verdicts where the schema is at hand.
Source: CAP 1.2 (OASIS), section 3.4, in our own words. Stricter in one thing: the hour 24 is no time.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as Tree

from parley.errors import Refused

SPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"  # anything of it may follow the infos of an alert
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"  # its attributes may stand anywhere
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+](\d\d):(\d\d)", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DECIMAL: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_INTEGER: Final = re.compile(r"[-+]?\d+", re.ASCII)

Holds = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """An element: how often it stands, and what it holds: parts in their order, or a text of some kind."""

    name: str
    least: int = 0
    many: bool = False
    parts: tuple[Part, ...] = ()
    holds: Holds = lambda text: True
    expected: str = ""


def _words(*allowed: str) -> tuple[Holds, str]:
    return (lambda text: text in allowed), ", ".join(allowed)


def _kind(form: re.Pattern[str], expected: str) -> tuple[Holds, str]:
    return (lambda text: form.fullmatch(" ".join(text.split())) is not None), expected


def _is_time(text: str) -> bool:
    hit = _TIME.fullmatch(" ".join(text.split()))
    if hit is None or int(hit[2]) > 59 or int(hit[1]) * 60 + int(hit[2]) > 14 * 60:
        return False
    try:
        datetime.datetime.fromisoformat(" ".join(text.split())[:19])
    except ValueError:
        return False
    return True


def _is_address(text: str) -> bool:
    return not re.search(r"[\s<>\"{}|\\^`]", text.strip()) and "%" not in re.sub(r"%[0-9A-Fa-f]{2}", "", text)


_MOMENT: Final = (_is_time, "a time like 2026-11-23T10:00:00-00:00")
_ADDRESS: Final = (_is_address, "an address")
_PAIR: Final = (Part("valueName", 1), Part("value", 1))
_AREA: Final = (
    Part("areaDesc", 1), Part("polygon", many=True), Part("circle", many=True),
    Part("geocode", many=True, parts=_PAIR), Part("altitude", 0, False, (), *_kind(_DECIMAL, "a number")),
    Part("ceiling", 0, False, (), *_kind(_DECIMAL, "a number")),
)  # fmt: skip
_RESOURCE: Final = (
    Part("resourceDesc", 1), Part("mimeType", 1), Part("size", 0, False, (), *_kind(_INTEGER, "a whole number")),
    Part("uri", 0, False, (), *_ADDRESS), Part("derefUri"), Part("digest"),
)  # fmt: skip
_INFO: Final = (
    Part("language", 0, False, (), *_kind(_LANGUAGE, "a language like en-US")),
    Part("category", 1, True, (), *_words(
        "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"
    )),
    Part("event", 1),
    Part("responseType", 0, True, (), *_words(
        "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"
    )),
    Part("urgency", 1, False, (), *_words("Immediate", "Expected", "Future", "Past", "Unknown")),
    Part("severity", 1, False, (), *_words("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
    Part("certainty", 1, False, (), *_words("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
    Part("audience"), Part("eventCode", many=True, parts=_PAIR),
    Part("effective", 0, False, (), *_MOMENT), Part("onset", 0, False, (), *_MOMENT),
    Part("expires", 0, False, (), *_MOMENT), Part("senderName"), Part("headline"), Part("description"),
    Part("instruction"), Part("web", 0, False, (), *_ADDRESS), Part("contact"),
    Part("parameter", many=True, parts=_PAIR), Part("resource", many=True, parts=_RESOURCE),
    Part("area", many=True, parts=_AREA),
)  # fmt: skip
ALERT: Final = Part("alert", 1, parts=(
    Part("identifier", 1), Part("sender", 1), Part("sent", 1, False, (), *_MOMENT),
    Part("status", 1, False, (), *_words("Actual", "Exercise", "System", "Test", "Draft")),
    Part("msgType", 1, False, (), *_words("Alert", "Update", "Cancel", "Ack", "Error")), Part("source"),
    Part("scope", 1, False, (), *_words("Public", "Restricted", "Private")), Part("restriction"), Part("addresses"),
    Part("code", many=True), Part("note"), Part("references"), Part("incidents"),
    Part("info", many=True, parts=_INFO),
))  # fmt: skip


def check(root: Tree.Element) -> None:
    """Raise Refused `cap.form`, with the element and what was expected, unless the message has the form of CAP 1.2."""
    if root.tag != f"{{{SPACE}}}alert":
        raise fault(f"expected an alert of {SPACE}")
    _check(root, ALERT)


def _check(told: Tree.Element, part: Part) -> None:
    odd = next((name for name in told.attrib if not name.startswith(_INSTANCE)), None)
    if odd is not None:
        raise fault(f"{part.name}: {odd[-40:]} is no attribute of it")
    if not part.parts:
        text = told.text or ""
        if len(told) or not part.holds(text):
            raise fault(f'{part.name}: expected {part.expected or "text alone"}, got "{text.strip()[:40]}"')
        return
    if any((text or "").strip() for text in (told.text, *(child.tail for child in told))):
        raise fault(f"{part.name}: expected elements alone, got text between them")
    _check_parts(list(told), part)


def _check_parts(children: list[Tree.Element], part: Part) -> None:
    at = 0
    for one in part.parts:
        first = at
        while at < len(children) and children[at].tag == f"{{{SPACE}}}{one.name}" and (one.many or at == first):
            _check(children[at], one)
            at += 1
        if at - first < one.least:
            raise fault(f"{part.name}: expected {one.name} here")
    while part is ALERT and at < len(children) and children[at].tag.startswith(_SIGNATURE):
        at += 1
    if at < len(children):
        raise fault(f"{part.name}: {children[at].tag[-40:]} is no part of it, or stands in the wrong place")


def fault(sentence: str) -> Refused:
    """Give the refusal of a message that is not of the form."""
    return Refused("cap.form", f"CAP: {sentence}")
