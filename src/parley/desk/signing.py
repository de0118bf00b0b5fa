"""Acts that bind, from the actions on a real node: what is to be signed is drawn from its own bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from parley.actions import binding, drafting, line, messages
from parley.actions.binding import Asked
from parley.actions.passkeys import Place
from parley.desk import shown
from parley.desk.entering import Entering
from parley.desk.reading import asker


class Signing(Entering):
    """The part of the desk's port that asks for a passkey over exactly what is on the screen."""

    def ask_release(self, who: shown.Person, origin: str, draft: str) -> shown.AskedShown:
        """Give what releasing a draft would sign."""
        return asked_shown(drafting.begin_release(self._node, asker(who), Place(origin), draft))

    def ask_acknowledge(
        self, who: shown.Person, origin: str, channel: str, subject: str, note: str
    ) -> shown.AskedShown:
        """Give what acknowledging a message would sign."""
        return asked_shown(
            messages.begin_acknowledge(self._node, asker(who), Place(origin), channel, subject, note=note)
        )

    def ask_listing(self, who: shown.Person, origin: str, person: str, take_off: bool) -> shown.AskedShown:
        """Give what changing who may bind would sign."""
        return asked_shown(binding.begin_listing(self._node, asker(who), Place(origin), person, take_off=take_off))

    def must_sign(self) -> bool:
        """Say whether our side lists passkeys, so that acts that bind need one."""
        return binding.must_sign(self._node)

    def ask_policy(self, who: shown.Person, origin: str) -> shown.AskedShown:
        """Give what agreeing to who may release a FLASH alone would sign."""
        return asked_shown(line.begin_agree_policy(self._node, asker(who), Place(origin)))

    async def sign(self, who: shown.Person, origin: str, nonce: str, given: str) -> None:
        """Write what was shown, signed."""
        await binding.complete(self._node, asker(who), Place(origin), nonce, given)

    def listing(self, who: shown.Person, person: str) -> shown.ListingShown:
        """Give how it stands with a person's passkeys in the roster."""
        row = binding.listing_of(self._node, asker(who), person)
        return shown.ListingShown(listed=row.listed, enrolled=row.enrolled, same=row.same, signs=row.signs, may=row.may)

    async def list_passkeys(self, who: shown.Person, origin: str, person: str, take_off: bool) -> None:
        """List a person's passkeys while nobody else binds, or take them off."""
        await binding.list_passkeys(self._node, asker(who), Place(origin), person, take_off=take_off)


def asked_shown(asked: Asked) -> shown.AskedShown:
    """Give what a person is asked to sign as a page shows it, drawn from its own bytes."""
    words, act = json.loads(asked.words), json.loads(asked.act)
    return shown.AskedShown(
        nonce=asked.nonce,
        kind=act["kind"],
        words=asked.words,
        act=asked.act,
        challenge=asked.challenge,
        relying_party=asked.relying_party,
        credentials=" ".join(asked.credentials),
        until=asked.until,
        rows=tuple(sorted((*_rows("words", words), *_rows("act", act)), key=lambda row: not row.prose)),
        language=str(words["body"].get("language", "")),
        precedence=words["precedence"],
        status=words["status"],
    )


def _rows(place: str, value: object) -> Iterator[shown.SignedRow]:
    """Give every member that is no list or object, by its place, and empty lists and objects as such."""
    if isinstance(value, dict | list) and value:
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in members:
            yield from _rows(f"{place}.{name}", member)
        return
    text = value if isinstance(value, str) else json.dumps(value)
    fact = place.startswith("words.body.facts.") and place.endswith(".text")
    prose = fact or place in ("words.body.text", "words.body.note", "words.body.title", "words.body.powers")
    yield shown.SignedRow(place=place, value=text, prose=prose)
