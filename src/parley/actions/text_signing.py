"""Initialling and signing a text: what is signed is made whole and shown first, and is refused if the text changed.

Owns: beginning such an act with a passkey, doing it on the node's word where the side lists none, taking it back.
Does not own: the ceremony (binding.py), what a signature needs (subjects/texts/rules.py).
Always true: the digest is the one the person was shown. If one character changed since, nothing is signed.
"""

from __future__ import annotations

from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.negotiated import text_view
from parley.actions.passkeys import Place
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who, need_in
from parley.codec.text import make_text
from parley.errors import Refused
from parley.subjects.kinds import Fact
from parley.subjects.texts import saying
from parley.subjects.texts.content import text_digest, unready
from parley.subjects.texts.facts import SIGNING


def begin_sign(
    node: NodePort, who: Who, place: Place, channel: str, subject: str, grade: str, *, digest: str, office: str,
    powers: str,
) -> Asked:  # fmt: skip
    """Begin to initial or sign with the person's passkey; `binding.complete` writes it.

    Args:
        digest: Of the text that was on the screen.
    Raises: Refused `texts.changed` if the text has another digest now, `texts.…`, `binding.…`.
    """
    fact = _fact(node, who, channel, subject, grade, digest, office, powers)
    status = text_view(node, channel, subject).frame.status

    async def sign_(signed: Fact) -> Sent:
        _same(node, who, channel, subject, digest)
        return await write(node, who, signed, status=status)

    return binding.begin(node, who, place, fact, sign_, precedence="", status=status)


async def sign(
    node: NodePort, who: Who, channel: str, subject: str, grade: str, *, digest: str, office: str, powers: str
) -> Sent:
    """Initial or sign where our side lists no passkeys: our node states it. Raises Refused `binding.missing` else."""
    fact = _fact(node, who, channel, subject, grade, digest, office, powers)
    binding.refuse_unsigned(node, "signing a text")
    return await write(node, who, fact, status=text_view(node, channel, subject).frame.status)


async def take_back(node: NodePort, who: Who, channel: str, subject: str, *, reason: str = "") -> Sent:
    """Take our latest signature back, while the other side has not signed the same."""
    need_in(node, who, "release", channel)
    frame = text_view(node, channel, subject).frame
    found = next(
        (one for one in reversed(frame.signatures) if one.side == node.identity.ours.side and one.stands), None
    )
    if found is None:
        raise Refused("texts.names-one", "no signature of your side stands under this text")
    fact = saying.withdraw_signature(channel, subject, found.ref, make_text(reason).strip())
    return await write(node, who, fact, status=frame.status)


def _fact(
    node: NodePort, who: Who, channel: str, subject: str, grade: str, digest: str, office: str, powers: str
) -> Fact:
    _same(node, who, channel, subject, digest)
    kind = f"text.{grade}"
    if kind not in SIGNING:
        raise Refused("texts.act", f'there is no act "{grade[:40]}"')
    if unready(text_view(node, channel, subject)):
        raise Refused("texts.bracketed", "part of the text is bracketed, or not given in every language")
    said = {"office": make_text(office).strip(), "powers": make_text(powers).strip()}
    if not all(said.values()):
        raise Refused("texts.powers", "say the office in which you sign, and the full powers you sign by")
    tags = text_view(node, channel, subject).frame.tags
    return saying.sign(channel, subject, kind, digest=digest, languages=tags, **said)


def _same(node: NodePort, who: Who, channel: str, subject: str, digest: str) -> None:
    need_in(node, who, "release", channel)
    if text_digest(text_view(node, channel, subject)) != digest:
        raise Refused(
            "texts.changed", "the text changed since you were shown it; nothing was signed, look at it afresh"
        )
