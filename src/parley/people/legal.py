"""The legal names of our people: kept here, committed to on the roster, disclosed by hand, and forgotten on request.

Owns: the space `private.legal-names`. Does not own: the disclosure's form and its digest (record/legal.py).
Always true: 1. What is forgotten is gone with its salt; the digest that stays in the record then leads to nobody.
"""

from __future__ import annotations

from typing import Final

from parley.errors import OurMistake, PeerError
from parley.people.kept import Values
from parley.record.legal import Disclosure, read_disclosure
from parley.storage.port import ValueRow

SPACE: Final = "private.legal-names"


def find(values: Values, person: str) -> Disclosure | None:
    """Give what we wrote down of a person's legal name, or None."""
    data = values.value(SPACE, person)
    if data is None:
        return None
    try:
        return read_disclosure(data)
    except PeerError:
        raise OurMistake("people.form", "a legal name on our own disk does not have the form we write") from None


def row(person: str, disclosure: Disclosure | None) -> ValueRow:
    """Give the row that keeps it, or that forgets it."""
    return ValueRow(SPACE, person, None if disclosure is None else disclosure.to_bytes())
