"""Two kinds of time that must never mix.

`Instant`: elapsed seconds on our own steady clock; for waiting; means nothing to anybody else.
`Moment`: milliseconds since 1970-01-01T00:00:00Z; for people and entries; may be wrong, may jump.
The text form of a Moment is fixed: `2026-11-23T10:00:00.000Z`, always UTC, always milliseconds.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import NewType

from parley.errors import PeerError

Instant = NewType("Instant", float)
Moment = NewType("Moment", int)

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_FIRST = -62_135_596_800_000  # 0001-01-01T00:00:00.000Z
_LAST = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z


@lru_cache(maxsize=256)
def moment_text(moment: Moment) -> str:
    """Give the one text form of a moment; a busy node asks for the same ones again and again.

    One before the year 1 or after 9999 is given as the first or last there is: the other side may write that in an
    entry, and what is due some minutes later must not end whoever shows it.
    """
    whole, milliseconds = divmod(min(max(moment, _FIRST), _LAST), 1000)
    return f"{_second_text(whole)}.{milliseconds:03d}Z"


@lru_cache(maxsize=256)
def _second_text(second: int) -> str:
    """A busy node writes many entries within one second, and laying out a date is slow."""
    return (_EPOCH + datetime.timedelta(seconds=second)).isoformat()[:19]  # strftime writes the year 1 as one digit


@lru_cache(maxsize=1024)
def is_moment(text: str) -> bool:
    """Say whether `read_moment` would take the text, at a tenth of the cost: there are some in every entry."""
    return _PLAIN.fullmatch(text) is not None and _is_date(text[:10])


@lru_cache(maxsize=256)
def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_moment(text: str) -> Moment:
    """Read the one text form; raises PeerError `times.form` on anything else, including a 60th second."""
    if not _FORM.fullmatch(text):
        raise PeerError("times.form", "a moment must look like 2026-11-23T10:00:00.000Z")
    try:
        parts = (text[:4], text[5:7], text[8:10], text[11:13], text[14:16], text[17:19])
        year, month, day, hour, minute, second = map(int, parts)
        thousandths = int(text[20:23])
        read = datetime.datetime(
            year, month, day, hour, minute, second, thousandths * 1000, tzinfo=datetime.UTC
        )  # strptime takes ten times as long, and a page of a busy year reads thousands
    except ValueError:
        raise PeerError("times.form", "no such date or time of day") from None
    passed = read - _EPOCH
    return Moment((passed.days * 86_400 + passed.seconds) * 1000 + passed.microseconds // 1000)
