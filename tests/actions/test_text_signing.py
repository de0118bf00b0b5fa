"""Signing a text, attacked at our own desk: a change meanwhile, another text's assertion, another person, a replay."""

from __future__ import annotations

import asyncio

from tests.actions.pair import Side, until
from tests.actions.test_binding import Binding, story
from tests.actions.test_passkeys import PLACE

from parley.actions import binding, negotiated, negotiating, text_signing
from parley.actions.binding import Asked
from parley.errors import ParleyError

CHANNEL = "leaders"


async def clean(made: Binding, title: str) -> tuple[str, str]:
    """Give a text of one article that South accepted, and its unit."""
    side = made.side
    opened = await negotiating.open_text(side.node, side["edda"], CHANNEL, title=title, languages=[("en", True)])
    added = await negotiating.add_unit(
        side.node, side["edda"], CHANNEL, opened.subject, level="article", words={"en": "In ten days."}
    )
    unit = f"north/0/{added.ref.number}"
    await accepted(made, opened.subject, unit, unit)
    return opened.subject, unit


async def accepted(made: Binding, subject: str, unit: str, alternative: str) -> None:
    """Let South accept an alternative, and wait until North holds it."""

    def there(side: Side, state: str) -> bool:
        try:
            view = negotiated.text_view(side.node, CHANNEL, subject)
            return view.units[unit].alternatives[alternative].state == state
        except (ParleyError, KeyError):
            return False

    await until(lambda: there(made.south, "open"))
    await negotiating.settle(
        made.south.node, made.south["samira"], CHANNEL, subject, unit, "accept", alternative=alternative
    )
    await until(lambda: there(made.side, "accepted"))


def begin(made: Binding, subject: str, digest: str = "", by: str = "edda") -> Asked:
    now = negotiated.text(made.node, made.who[by], CHANNEL, subject).digest
    return text_signing.begin_sign(
        made.node,
        made.who[by],
        PLACE,
        CHANNEL,
        subject,
        "signed",
        digest=digest or now,
        office="Envoy",
        powers="Note 7",
    )


async def refused(made: Binding, asked: Asked, by: str, challenge: str = "") -> str:
    """Give the code with which completing it is refused."""
    given = made.keys[by].get(challenge or asked.challenge)
    try:
        await binding.complete(made.node, made.who["edda"], PLACE, asked.nonce, given)
    except ParleyError as error:
        return error.code
    return ""


def test_nothing_but_ones_own_key_over_this_very_text_signs_it_and_only_once() -> None:
    """Issue D: changed text, another text's assertion, another person, a replay: each leaves the text unsigned."""

    async def told(made: Binding) -> None:
        subject, unit = await clean(made, "On notification")
        other, _ = await clean(made, "On something else")

        asked = begin(made, subject)
        before = negotiated.text(made.node, made.who["edda"], CHANNEL, subject).digest
        proposed = await negotiating.propose(
            made.node, made.side["tomas"], CHANNEL, subject, unit, unit, tag="en", words="In ten days!"
        )
        await accepted(made, subject, unit, f"north/0/{proposed.ref.number}")
        assert await refused(made, asked, "edda") == "texts.changed"
        assert made.refused(lambda: begin(made, subject, before)) == "texts.changed"

        one, another = begin(made, subject), begin(made, other)
        assert await refused(made, one, "edda", another.challenge) == "passkeys.client"
        assert await refused(made, one, "edda") == "binding.late"  # whatever came of it, it is spent
        assert await refused(made, begin(made, subject), "tomas") == "passkeys.other"
        view = negotiated.text_view(made.node, CHANNEL, subject)
        assert view.frame.signatures == ()

        asked = begin(made, subject)
        given = made.keys["edda"].get(asked.challenge)
        await binding.complete(made.node, made.who["edda"], PLACE, asked.nonce, given)
        assert await refused(made, asked, "edda") == "binding.done"
        (signature,) = negotiated.text_view(made.node, CHANNEL, subject).frame.signatures
        assert (signature.person, signature.bound, signature.stands) == ("edda", True, True)
        assert negotiated.text_view(made.node, CHANNEL, other).frame.signatures == ()

    story(told)


def test_a_text_cannot_be_signed_on_the_nodes_word_once_its_side_lists_passkeys() -> None:
    """Otherwise whoever runs the node could sign for the envoy."""

    async def told(made: Binding) -> None:
        subject, _ = await clean(made, "On notification")
        digest = negotiated.text(made.node, made.who["edda"], CHANNEL, subject).digest
        call = text_signing.sign(
            made.node, made.who["edda"], CHANNEL, subject, "signed", digest=digest, office="Envoy", powers="Note 7"
        )
        code = ""
        try:
            await asyncio.ensure_future(call)
        except ParleyError as error:
            code = error.code
        assert code == "binding.missing"
        assert negotiated.text_view(made.node, CHANNEL, subject).frame.signatures == ()

    story(told)
