"""The legal names of our people: kept here, committed to on the roster, disclosed by hand, and forgotten on request.

Owns: the space `private.legal-names`. Does not own: the disclosure's form and its digest (record/legal.py).
Always true:
  1. What is forgotten is gone with its salt; the digest that stays in the record then leads to nobody.
  2. A name that is written anew takes the place of the one before only once the roster says so; till then both stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parley.errors import OurMistake, PeerError
from parley.people.kept import Values
from parley.record.legal import Disclosure, read_disclosure
from parley.storage.port import ValueRow

SPACE: Final = "private.legal-names"
_BEFORE: Final = "/before"  # no person's id ends so


def find(values: Values, person: str, commitment: str = "") -> Disclosure | None:
    """Give what we wrote down last of a person's legal name, or what fits the commitment where we keep it; or None."""
    last, before = (_read(values, key) for key in (person, person + _BEFORE))
    return before if before is not None and before.commitment == commitment else last


def _read(values: Values, key: str) -> Disclosure | None:
    data = values.value(SPACE, key)
    if data is None:
        return None
    try:
        return read_disclosure(data)
    except PeerError:
        raise OurMistake("people.form", "a legal name on our own disk does not have the form we write") from None


def rows(person: str, disclosure: Disclosure | None, before: Disclosure | None = None) -> Sequence[ValueRow]:
    """Give the rows that keep it, with the one it is to replace, or that forget both."""
    told = ((person, disclosure), (person + _BEFORE, before))
    return [ValueRow(SPACE, key, None if one is None else one.to_bytes()) for key, one in told]
