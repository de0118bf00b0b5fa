"""Notices as CAP 1.2 (OASIS Common Alerting Protocol), in and out.

Owns: how a notice becomes an `alert`, and which fields of an `alert` become a notice's words.
Does not own: what people may do (notice_files.py).
Always true:
  1. What is read has no document type and no entities, is at most TEXT_CHARS_MAX long, has the form of CAP 1.2
     (cap_form.py), and exactly one `info`.
  2. Nothing read here is given: it fills a form, which a person looks at.
  3. What is written has that form as well.
Source: CAP 1.2 section 3.2 (elements and their values).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as Tree

from parley.actions.area_text import TEXT_CHARS_MAX
from parley.actions.cap_form import SPACE, check, fault
from parley.actions.notice_words import area_text
from parley.subjects import areas, places
from parley.subjects.notices import Form, NoticeView
from parley.subjects.notices.facts import WHAT
from parley.subjects.places import Area, Circle, Position

MEDIA: Final = "application/cap+xml"
_STATUS: Final = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_TYPES: Final = {
    "given": "Alert", "amended": "Update", "extended": "Update", "cancelled": "Cancel", "ended": "Update",
}  # fmt: skip
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([-+])(\d\d):(\d\d)")
_PAIR: Final = re.compile(r"(-?\d{1,3}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)")
_FOOT_M: Final = 0.3048


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How one side calls itself in a CAP message: its domain, and what its identifiers begin with."""

    sender: str
    prefix: str


def alert(view: NoticeView, names: Names, basis: str) -> str:
    """Give the CAP message of a notice's last form; earlier forms are its references."""
    form = view.forms[-1]
    root = Tree.Element("alert", {"xmlns": SPACE})
    _add(root, "identifier", _identifier(names, form))
    _add(root, "sender", names.sender)
    _add(root, "sent", _time(form.at))
    _add(root, "status", _STATUS[view.status])
    _add(root, "msgType", _TYPES[form.kind])
    _add(root, "scope", "Restricted")
    _add(root, "restriction", "The two sides of this line")
    earlier = [f"{names.sender},{_identifier(names, one)},{_time(one.at)}" for one in view.forms[:-1]]
    if earlier:
        _add(root, "references", " ".join(earlier))
    _add_info(root, view, form, basis)
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


def read(text: str) -> dict[str, str]:
    """Read a CAP message into the fields of a notice's form; raises Refused `cap.form` saying where it is odd."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(text) > TEXT_CHARS_MAX:
        raise fault(f"expected at most {TEXT_CHARS_MAX} characters, got {len(text)}")
    try:
        root = fromstring(text.strip().encode(), forbid_dtd=True)
    except (DefusedXmlException, Tree.ParseError, ValueError, LookupError) as wrong:
        raise fault(f"expected plain XML without a document type ({type(wrong).__name__})") from None
    check(root)
    status = {told: ours for ours, told in _STATUS.items()}.get(_one(root, "status"))
    if status is None:
        raise fault("status: expected Actual, Exercise or Test")
    if _one(root, "msgType") == "Cancel":  # a form filled from it would give notice of what does not take place
        raise fault("msgType: expected Alert or Update, got Cancel: cancel the notice itself, on its own page")
    if _one(root, "msgType") not in ("Alert", "Update"):
        raise fault("msgType: expected Alert or Update")
    infos = _all(root, "info")
    if len(infos) != 1:
        raise fault(f"expected one info, got {len(infos)}")
    return _fields(infos[0]) | {"status": status}


# --- out --------------------------------------------------------------------------------------------------------------


def _add(parent: Tree.Element, name: str, text: str) -> None:
    Tree.SubElement(parent, name).text = text


def _identifier(names: Names, form: Form) -> str:
    return f"{names.prefix}.{form.ref.log.text.replace('/', '.')}.{form.ref.number}"


def _time(moment: str) -> str:
    """CAP wants whole seconds and an offset, never Z; UTC is -00:00 (section 3.3.2)."""
    return moment[:19] + "-00:00"


def _add_info(root: Tree.Element, view: NoticeView, form: Form, basis: str) -> None:
    notice = view.notice
    info = Tree.SubElement(root, "info")
    for name, text in (
        ("language", notice.language), ("category", "Safety"), ("event", notice.what), ("responseType", "Avoid"),
        ("urgency", "Future"), ("severity", "Unknown"), ("certainty", "Likely"), ("effective", _time(form.at)),
        ("onset", _time(notice.since)), ("expires", _time(view.until)), ("headline", notice.title),
        ("description", notice.text), ("contact", notice.contact),
    ):  # fmt: skip
        if text:
            _add(info, name, text)
    for name, told in (
        ("number", notice.number), ("form", str(form.form)), ("forces", notice.forces), ("basis", basis),
        ("reason", form.reason), ("area", area_text(notice.area)), ("low_m", _number(notice.low_m)),
        ("high_m", _number(notice.high_m)),
        ("commitment", "" if notice.commitment is None else f"{notice.commitment.channel} {notice.commitment.subject}"),
    ):  # fmt: skip
        if told:
            parameter = Tree.SubElement(info, "parameter")
            _add(parameter, "valueName", f"parley.{name}")
            _add(parameter, "value", told)
    if notice.area is not None:
        _add_area(info, notice.area, notice.low_m, notice.high_m)


def _add_area(info: Tree.Element, area: Area, low_m: int | None, high_m: int | None) -> None:
    told = Tree.SubElement(info, "area")
    _add(told, "areaDesc", area_text(area))
    if isinstance(area, Circle):
        _add(told, "circle", f"{_pair(area.center)} {area.radius_m / 1000:g}")
    else:
        ring = areas.outline(area)
        _add(told, "polygon", " ".join(_pair(point) for point in (*ring, ring[0])))
    if low_m is not None or high_m is not None:
        _add(told, "altitude", str(round((low_m or 0) / _FOOT_M)))  # feet above the sea (section 3.2.4)
        if high_m is not None:
            _add(told, "ceiling", str(round(high_m / _FOOT_M)))


def _pair(point: Position) -> str:
    return f"{places.degrees_text(point.lat)},{places.degrees_text(point.lon)}"


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


# --- in ---------------------------------------------------------------------------------------------------------------


def _fields(info: Tree.Element) -> dict[str, str]:
    ours = {}
    for parameter in _all(info, "parameter"):
        ours[_one(parameter, "valueName")] = _one(parameter, "value", may_lack=True)
    found = _all(info, "area")
    if len(found) > 1:
        raise fault(f"expected one area, got {len(found)}")
    area = ours.get("parley.area") or (_read_area(found[0]) if found else "")
    event = re.sub(r"[^a-z0-9]+", "-", _one(info, "event").lower()).strip("-")[:32]
    since = _one(info, "onset", may_lack=True) or _one(info, "effective", may_lack=True)
    until = _one(info, "expires", may_lack=True)
    return {
        "what": event if event in WHAT or event[:1].isalpha() else "unusual-activity",
        "title": (_one(info, "headline", may_lack=True) or _one(info, "event"))[:200],
        "since": _read_time(since) if since else "", "until": _read_time(until) if until else "",
        "language": _one(info, "language", may_lack=True) or "en",
        "text": _one(info, "description", may_lack=True), "contact": _one(info, "contact", may_lack=True),
        "forces": ours.get("parley.forces", ""), "basis": ours.get("parley.basis", ""), "area": area,
        "low": _level(ours, "low_m", found, "altitude"), "high": _level(ours, "high_m", found, "ceiling"),
    }  # fmt: skip


def _level(ours: dict[str, str], name: str, found: list[Tree.Element], element: str) -> str:
    told = ours.get(f"parley.{name}", "")
    if re.fullmatch(r"-?\d{1,8}", told):
        return f"{told} m"
    feet = _one(found[0], element, may_lack=True) if found else ""
    return f"{round(float(feet))} ft" if re.fullmatch(r"-?\d{1,8}(\.\d{1,6})?", feet) else ""


def _read_area(told: Tree.Element) -> str:
    """Give the area as a notice's form has it: one polygon or one circle."""
    polygons, circles = _all(told, "polygon"), _all(told, "circle")
    if len(polygons) + len(circles) > 1:
        raise fault("area: expected one polygon or one circle")
    if polygons:
        pairs = _pairs(polygons[0].text or "")
        if len(pairs) < 4 or pairs[0] != pairs[-1]:
            raise fault("polygon: expected four or more points, the last one being the first again")
        return "\n".join(f"{lat}, {lon}" for lat, lon in pairs[:-1])
    if not circles:
        return ""
    center, _, radius = (circles[0].text or "").strip().partition(" ")
    pairs = _pairs(center)
    if len(pairs) != 1 or not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", radius.strip()):
        raise fault("circle: expected a point and a radius in km")
    return f"WITHIN {radius.strip()} KM OF\n{pairs[0][0]}, {pairs[0][1]}"


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [(part, _PAIR.fullmatch(part)) for part in text.split()]
    odd = next((part for part, hit in found if hit is None), None)
    if odd is not None:
        raise fault(f'"{odd[:40]}": expected a point like 54.5,10.25')
    # A chart's digits: six behind the point are as many as a position has.
    return [(f"{float(hit[1]):.6f}", f"{float(hit[2]):.6f}") for _, hit in found if hit is not None]


def _read_time(text: str) -> str:
    """Give a CAP time in UTC, as a form has it."""
    import datetime

    hit = _MOMENT.fullmatch(text)
    if hit is None:
        raise fault(f'"{text[:40]}": expected a time like 2026-11-23T10:00:00-00:00')
    try:
        local = datetime.datetime.fromisoformat(hit[1])
        offset = datetime.timedelta(hours=int(hit[3]), minutes=int(hit[4]))
        moment = local - offset if hit[2] == "+" else local + offset
    except (ValueError, OverflowError):
        raise fault(f'"{text[:40]}": there is no such time') from None
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _all(parent: Tree.Element, name: str) -> list[Tree.Element]:
    return parent.findall(f"{{{SPACE}}}{name}")


def _one(parent: Tree.Element, name: str, *, may_lack: bool = False) -> str:
    found = _all(parent, name)
    if len(found) > 1 or (not found and not may_lack):
        raise fault(f"{name}: expected one, got {len(found)}")
    return (found[0].text or "").strip() if found else ""
