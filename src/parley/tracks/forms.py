"""Times as files and feeds write them, read in one strict way, with the place named in every refusal.

Always true: a time is UTC and lies between 1970 and 2100.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final

from parley import limits
from parley.errors import PeerError

KNOT_MPS: Final = 1852 / 3600
FOOT_M: Final = 0.3048
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|\+00:00)?"
)
_EPOCH: Final = re.compile(r"([0-9]{9,10})(?:\.([0-9]{1,9}))?|([0-9]{12,13})")


def fault(code: str, where: str, expected: str, got: object) -> PeerError:
    """Make the error that says where, what was expected, and what stood there (cut short, made visible)."""
    return PeerError(code, f"{where}: expected {expected}, got {shown(got)}", where=where)


def shown(got: object) -> str:
    """Give what stood there as one short ASCII text: a file's bytes must not turn around or flood a screen."""
    text = ascii(got)
    return text if len(text) <= 60 else f"{text[:57]}..."


def read_time(text: str, where: str, *, zone: bool = True) -> int:
    """Read a time as milliseconds since 1970: `2026-11-23T10:00:00Z` with any decimals, or seconds or ms since 1970.

    Args:
        zone: False for formats that are UTC by their definition and write no zone.
    """
    at = _read_time(text, zone)
    if at is None or not limits.TRACK_MS_MIN <= at <= limits.TRACK_MS_MAX:
        raise fault("tracks.time", where, "a time from 1970 to 2100 such as 2026-11-23T10:00:00Z", text)
    return at


@lru_cache(maxsize=256)
def _read_time(text: str, zone: bool) -> int | None:
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        seconds, decimals, whole = epoch.groups()
        return int(whole) if whole else int(seconds) * 1000 + _ms(decimals)
    found = _MOMENT.fullmatch(text)
    if not found or (zone and not found[6]):
        return None
    try:
        days = datetime.date.fromisoformat(found[1]).toordinal() - 719_163  # 1970-01-01
    except ValueError:
        return None
    hour, minute, second = int(found[2]), int(found[3]), int(found[4])
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + _ms(found[5])


def _ms(decimals: str | None) -> int:
    return int((decimals or "0")[:3].ljust(3, "0"))
