"""Numbers that ships and aircraft are known by: their form, their country digits, their check digit.

Owns: MMSI (ITU-R M.585), the IMO ship number with its check digit (IMO A.1117(30)), the 24-bit ICAO address (Annex 10).
Does not own: whether such a ship exists; a number of good form can still be somebody else's.
A fault is a word, never an error: a report with a wrong number is recorded and flagged, not refused.
"""

from __future__ import annotations

import re
from typing import Final

MID: Final = (201, 775)  # maritime identification digits: the country part of an MMSI
# What an MMSI begins with, and where its country digits stand; the longest beginning first.
_MMSI_FORMS: Final = (
    ("111", 3, "search-aircraft"), ("970", None, "search-transmitter"), ("972", None, "man-overboard"),
    ("974", None, "emergency-beacon"), ("00", 2, "coast-station"), ("98", 2, "craft"), ("99", 2, "aid-to-navigation"),
    ("0", 1, "group"), ("8", 1, "handheld"),
)  # fmt: skip


def mmsi_kind(text: str) -> str | None:
    """Give what kind of station an MMSI belongs to ("ship", "coast-station" ...), None if it has no such form."""
    if not re.fullmatch(r"[0-9]{9}", text):
        return None
    for start, mid_at, kind in _MMSI_FORMS:
        if text.startswith(start):
            return kind if mid_at is None or _mid_holds(text[mid_at : mid_at + 3]) else None
    return "ship" if _mid_holds(text[:3]) else None


def mmsi_fault(text: str) -> str | None:
    """Say what is wrong with an MMSI: "digits" (not nine), "country" (no such country digits), or None."""
    if not re.fullmatch(r"[0-9]{9}", text):
        return "digits"
    return None if mmsi_kind(text) else "country"


def imo_fault(text: str) -> str | None:
    """Say what is wrong with an IMO ship number: "digits" (not seven), "check-digit", or None."""
    if not re.fullmatch(r"[0-9]{7}", text):
        return "digits"
    total = sum(int(digit) * weight for digit, weight in zip(text, range(7, 1, -1), strict=False))
    return None if total % 10 == int(text[6]) and text != "0000000" else "check-digit"


def icao_fault(text: str) -> str | None:
    """Say what is wrong with an ICAO address: "digits" (not six of 0-9 A-F), "reserved" (all 0 or all F), or None."""
    if not re.fullmatch(r"[0-9A-F]{6}", text):
        return "digits"
    return "reserved" if text in ("000000", "FFFFFF") else None


def _mid_holds(digits: str) -> bool:
    return MID[0] <= int(digits) <= MID[1]
