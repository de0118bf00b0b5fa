"""From what people type about a notice to its words: moments, heights and depths, the area, the legal basis.

Owns: the forms people may write. Does not own: the area's (area_text.py), what an entry holds (subjects/notices/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from parley import limits
from parley.actions.area_text import read_area_text
from parley.actions.commitment_citing import citation_typed
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.subjects.notices.facts import Basis, Notice
from parley.subjects.places import Area, Circle, Position
from parley.times import moment_text, read_moment

_LEVEL: Final = re.compile(r"(-?\d{1,8})\s?(m|ft)?")
_FLIGHT: Final = re.compile(r"fl\s?(\d{1,3})")
_GROUND: Final = ("sfc", "gnd", "msl", "surface", "ground", "0")
_FOOT_M: Final = 0.3048
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeWords:
    """What somebody typed. since, until: moments, with or without seconds; area: as pasted; low, high: FL200, 300 m."""

    what: str
    title: str
    since: str
    until: str
    language: str
    area: str = ""
    low: str = ""
    high: str = ""
    forces: str = ""
    contact: str = ""
    book: str = ""  # document/version/article, as the pick-list gives them, or nothing
    basis: str = ""
    text: str = ""
    number: str = ""  # "": the next of our own count
    status: str = ""
    commitment: str = ""  # "channel commitment/side/epoch/number", as the pick-list gives it


def read_words(words: NoticeWords, number: str) -> Notice:
    """Give the words of a notice as an entry holds them.

    Raises: Refused `notices.time`, `notices.level`, `notices.basis`, `notices.title`, `areas.text`, `places.area`.
    """
    if not words.title.strip():
        raise Refused("notices.title", "a notice needs a title: what takes place, in a few words")
    found = Notice(
        number=make_text(words.number).strip() or number,
        what=words.what.strip(),
        title=make_text(words.title).strip(),
        since=read_when(words.since),
        until=read_when(words.until),
        language=words.language,
        area=read_area_text(words.area) if words.area.strip() else None,
        low_m=read_level(words.low),
        high_m=read_level(words.high),
        forces=make_text(words.forces).strip(),
        contact=make_text(words.contact).strip(),
        basis=_basis(words),
        text=make_text(words.text).strip(),
        commitment=citation_typed(words.commitment),
    )
    _possible(found)
    return found


def _possible(notice: Notice) -> None:
    """Refuse in people's words what subjects/notices/ would refuse in those of the wire, and before it is given."""
    lasts = read_moment(notice.until) - read_moment(notice.since)
    if lasts <= 0:
        raise Refused("notices.time", "expected an end after the beginning, both in UTC: it ends before it begins")
    if lasts > limits.NOTICE_DAYS_MAX * _DAY_MS:
        raise Refused(
            "notices.time", f"a notice lasts at most {limits.NOTICE_DAYS_MAX} days; longer is for the rule book"
        )
    if notice.low_m is not None and notice.high_m is not None and notice.low_m > notice.high_m:
        raise Refused(
            "notices.level", f"the upper height, {notice.high_m} m, is lower than the lower, {notice.low_m} m"
        )


def read_when(text: str) -> str:
    """Read a moment as people give it, always UTC: `2026-11-23T10:00`, with a space for T, with or without seconds."""
    told = text.strip().removesuffix("Z").replace(" ", "T", 1)
    if len(told) == len("2026-11-23T10:00"):
        told += ":00"
    try:
        return moment_text(read_moment((told if "." in told else told + ".000") + "Z"))
    except PeerError:
        raise Refused("notices.time", "a moment looks like 2026-11-23T10:00Z; nothing was changed") from None


def read_level(text: str) -> int | None:
    """Read a height or depth in metres above the sea: `300 m`, `5000 ft`, `FL200`, `-50 m`, `SFC`; None for nothing."""
    told = text.strip().lower()
    if not told:
        return None
    if told in _GROUND:
        return 0
    flight, level = _FLIGHT.fullmatch(told), _LEVEL.fullmatch(told)
    if flight is not None:
        return round(int(flight[1]) * 100 * _FOOT_M)
    if level is None:
        raise Refused("notices.level", f'"{text[:40]}": write 300 m, 5000 ft, FL200, -50 m for a depth, or SFC')
    metres = round(int(level[1]) * (_FOOT_M if level[2] == "ft" else 1))
    if not limits.NOTICE_DEPTH_M_MAX <= metres <= limits.NOTICE_HEIGHT_M_MAX:
        raise Refused("notices.level", f'"{text[:40]}" is beneath the sea bed or beyond any orbit')
    return metres


def area_text(area: Area | None) -> str:
    """Give an area as people paste it: `read_area_text` reads it back, to a hundredth of a minute."""
    if area is None:
        return ""
    if isinstance(area, Circle):
        return f"WITHIN {_distance(area.radius_m)} OF {position_text(area.center)}"
    points = ", ".join(position_text(point) for point in area.points)
    wide = getattr(area, "half_width_m", None)
    return f"WITHIN {_distance(wide)} OF LINE JOINING {points}" if wide else f"AREA BOUNDED BY {points}"


def position_text(point: Position) -> str:
    """Give a position as charts and warnings have it: `54-30.00N 010-15.50E`."""
    return f"{_angle(point.lat, 2, 'NS')} {_angle(point.lon, 3, 'EW')}"


def _angle(millionths: int, digits: int, letters: str) -> str:
    minutes = round(abs(millionths) * 60 / 10_000)  # hundredths of a minute
    degrees, rest = divmod(minutes, 6_000)
    return f"{degrees:0{digits}d}-{rest // 100:02d}.{rest % 100:02d}{letters[millionths < 0]}"


def _distance(metres: int) -> str:
    miles = metres / 1852
    return f"{miles:.0f} NM" if abs(miles - round(miles)) < 1e-9 else f"{metres} M"


def _basis(words: NoticeWords) -> Basis:
    if not words.book.strip():
        return Basis(text=make_text(words.basis).strip())
    book, version, article = (*words.book.strip().split("/"), "", "", "")[:3]
    if not version.isascii() or not version.isdigit() or len(version) > 7 or not article:
        raise Refused("notices.basis", "an article is named as document/version/number, as the list gives it")
    return Basis(book=book, version=int(version), article=article)
