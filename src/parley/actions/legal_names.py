"""The legal names of our people: committed to on the roster, disclosed by hand, forgotten.

Owns: rights, the salt, the order in which a name is kept and committed to.
Does not own: the disclosure's form (record/legal.py), where it is kept (people/legal.py), the roster (people.py).
Always true: 1. No commitment crosses the line, and none stands on the roster, whose name and salt are not on our disk
    (but where they were forgotten): nobody could open it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from parley.actions.people import publish_person
from parley.actions.people_rows import LegalName
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.who import Who, need
from parley.errors import Refused
from parley.people import accounts
from parley.people import legal as kept
from parley.record.legal import SALT_BYTES, make_disclosure
from parley.subjects.standing import PersonView


async def commit_legal_name(
    node: NodePort, who: Who, person: str, name: str, *, draw: Callable[[int], bytes] = secrets.token_bytes
) -> Sent:
    """Write down the legal name of somebody on our roster and list them anew with the commitment to it.

    `draw` gives the salt, which nobody may guess.
    Raises: Refused `roster.unknown` where they are not on the roster: nobody is put there by this.
    """
    need(who, "people")
    accounts.get(node.store, person)
    if not _listed(node, person):
        raise Refused("roster.unknown", "the person is not on the roster")
    ours = node.identity.ours.side
    disclosure = make_disclosure(line=node.identity.line, side=ours, person=person, name=name, salt=draw(SALT_BYTES))
    await node.keep(kept.rows(person, disclosure, kept.find(node.store, person, _committed(node, person))))
    sent = await publish_person(node, who, person)
    await node.keep(kept.rows(person, disclosure))
    return sent


def _listed(node: NodePort, person: str) -> bool:
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{person}")
    return isinstance(view, PersonView) and view.listed


def _committed(node: NodePort, person: str) -> str:
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{person}")
    return view.legal if isinstance(view, PersonView) and view.listed else ""


def keeps_legal_name(node: NodePort, who: Who, person: str) -> bool:
    """Say whether a legal name of one of our people is kept here."""
    need(who, "people")
    return kept.find(node.store, person) is not None


def legal_name(node: NodePort, who: Who, person: str) -> LegalName:
    """Give a legal name with the file that discloses it; raises Refused `people.legal-name` if we hold none.

    Where one was written anew and the roster does not say so yet, it is the one that the roster commits to.
    """
    need(who, "people")
    found = kept.find(node.store, person, _committed(node, person))
    if found is None:
        raise Refused("people.legal-name", f"no legal name of {person[:48]} is kept here")
    return LegalName(person=person, name=found.name, commitment=found.commitment, disclosure=found.to_bytes().decode())


async def forget_legal_name(node: NodePort, who: Who, person: str) -> None:
    """Destroy name and salt, and list the person without a commitment if they are on the roster.

    Disclosures already given away stay good.
    """
    legal_name(node, who, person)
    await node.keep(kept.rows(person, None))
    if _listed(node, person):
        await publish_person(node, who, person)
