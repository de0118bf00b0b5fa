"""Statements about an incident and the facts both agree to, as a person has them: state, stand, freeze, sign.

Owns: which sentences a list takes, what is shown to who signs it. Rights are those of incidents.py.
Does not own: what is allowed (subjects/incidents/rules.py), passkeys (binding.py).
Always true: what is signed is the list word for word, as the screen showed it.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.actions.binding import Asked, begin, refuse_unsigned
from parley.actions.incident_showing import entry_name
from parley.actions.incidents import named, say, view_at
from parley.actions.passkeys import Place
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.record.names import Ref
from parley.subjects.incidents import IncidentView, saying
from parley.subjects.incidents.shapes import Frozen
from parley.subjects.kinds import Fact


async def state(node: NodePort, who: Who, channel: str, subject: str, *, text: str, language: str = "") -> Sent:
    """Put one sentence for the other side to take a stand on."""
    view = view_at(node, who, "release", channel, subject)
    words = (make_text(text).strip(), language or node.identity.ours.languages[0])
    return await say(node, who, view, saying.state(channel, subject, *words))


async def unstate(node: NodePort, who: Who, channel: str, subject: str, *, entry: str, text: str = "") -> Sent:
    """Take back a sentence of ours."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.said.ref for one in view.statements])
    return await say(node, who, view, saying.unstate(channel, subject, chosen, make_text(text).strip()))


async def stand(
    node: NodePort, who: Who, channel: str, subject: str, *, entry: str, taken: str, text: str = ""
) -> Sent:  # fmt: skip
    """Take a stand on a sentence of theirs: agreed, disputed or law-disputed."""
    view = view_at(node, who, "release", channel, subject)
    chosen = named(entry, [one.said.ref for one in view.statements])
    return await say(node, who, view, saying.stand(channel, subject, chosen, taken, make_text(text).strip()))


async def freeze(node: NodePort, who: Who, channel: str, subject: str, *, numbers: Sequence[str] = ()) -> Sent:
    """Freeze the agreed statements as the list to be signed: those named, or all of them."""
    view = view_at(node, who, "release", channel, subject)
    chosen = [one for one in view.statements if one.agreed and (not numbers or one.number in numbers)]
    if not chosen or (numbers and len(chosen) != len(set(numbers))):
        raise Refused("incidents.not-agreed", "choose statements that both sides agree to")
    facts: list[tuple[Ref, dict[str, JsonValue]]] = [
        (one.said.ref, {"number": one.number, "text": one.said.text, "language": one.said.language}) for one in chosen
    ]
    return await say(node, who, view, saying.freeze(channel, subject, facts))


async def sign(node: NodePort, who: Who, channel: str, subject: str, *, entry: str) -> Sent:
    """Sign a frozen list, where our side lists no passkeys in the roster; raises Refused `binding.missing` else."""
    view = view_at(node, who, "release", channel, subject)
    refuse_unsigned(node, "signing agreed facts")
    return await say(node, who, view, _signing(view, _frozen(view, entry)))


def begin_signing(node: NodePort, who: Who, place: Place, channel: str, subject: str, *, entry: str) -> Asked:
    """Begin to sign a frozen list with a passkey: what is shown is exactly the list."""
    view = view_at(node, who, "release", channel, subject)
    fact = _signing(view, _frozen(view, entry))

    async def sign_(signed: Fact) -> Sent:
        return await write(node, who, signed, status=view.status)

    return begin(node, who, place, fact, sign_, precedence="", status=view.status)


def _frozen(view: IncidentView, entry: str) -> Frozen:
    found = next((one for one in view.lists if entry_name(one.ref) == entry), None)
    if found is None:
        raise Refused("incidents.names-one", "there is no such list")
    return found


def _signing(view: IncidentView, frozen: Frozen) -> Fact:
    facts: list[JsonValue] = [
        {"number": one.number, "text": one.text, "language": one.language} for one in frozen.facts
    ]
    return saying.sign(view.channel, view.subject, frozen.ref, facts)
