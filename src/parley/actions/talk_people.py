"""People by name and office, as delegations and lists of who attended name them.

Owns: names and offices from our roster where a person stands on it, people as a person types them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parley import limits
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.standing import PersonView

_MARKS: Final = re.compile("[；؛]")
Named = tuple[str, str, str]  # person id or "", name, office


def named_people(node: NodePort, people: Sequence[Named]) -> list[dict[str, JsonValue]]:
    """Give people as an entry names them; names and offices of our own people come from the roster."""
    found: list[dict[str, JsonValue]] = []
    for person, name, office in people:
        known = person_name(node, node.identity.ours.side, person) if person else ("", "")
        words = make_text(name).strip() or known[0], make_text(office).strip() or known[1]
        if not words[0]:
            raise Refused("talks.words", "somebody has neither a name nor an account")
        listed = isinstance(node.book.view("line", f"roster/{node.identity.ours.side}/{person}"), PersonView)
        found.append({"person": person if listed else "", "name": words[0], "office": words[1]})
    return found


def read_people(persons: Sequence[str], others: str) -> list[Named]:
    """Give people of our roster by id, and then others as people type them: a line each, `name; office`.

    The mark between the two may be the one of Chinese or of Arabic as well.
    """
    found: list[Named] = [(person, "", "") for person in persons if person]
    for line in filter(None, map(str.strip, others.split("\n"))):
        name, _, office = _MARKS.sub(";", line, count=1).partition(";")
        found.append(("", name.strip(), office.strip()))
    if len(found) > limits.DELEGATION_MAX:
        raise Refused("talks.people", f"at most {limits.DELEGATION_MAX} people are named at once")
    return found
