"""Passkeys on a node: a link enrols, a passkey signs in, a desk is handed over, and every shortcut is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from tests.actions.pair import Side, pair
from tests.authenticator import Authenticator

from parley.actions import passkeys, people
from parley.actions.passkeys import Place
from parley.actions.who import Who
from parley.errors import ParleyError

PLACE = Place("http://north.localhost:8001")


async def enrolled(side: Side, person: str, key: Authenticator) -> None:
    """Enrol a passkey by a link of the administrator."""
    link = await people.enrol(side.node, side["admin"], person)
    told = passkeys.enrol_challenge(side.node, PLACE, token=link.token)
    await passkeys.enrol(side.node, PLACE, key.create(str(told["challenge"])), "grey key", token=link.token)


async def signed_in(side: Side, key: Authenticator, instead: str = "") -> str:
    """Sign in; give the session's secret."""
    told = passkeys.sign_in_challenge(side.node, PLACE)
    return (await passkeys.sign_in(side.node, PLACE, key.get(told["challenge"]), desk="desk", instead=instead)).token


async def code(wish: Awaitable[Any]) -> str:
    """Give the code with which something is refused."""
    with pytest.raises(ParleyError) as refused:
        await wish
    return refused.value.code


def test_a_link_enrols_and_signs_nobody_in_and_the_passkey_signs_in() -> None:
    """ASVS 6.3.4: no weaker side door. A link lies in a mailbox; a passkey answers to a finger."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            link = await people.enrol(north.node, north["admin"], "edda")
            assert await code(people.sign_in(north.node, link.token)) == "people.link.enrols"
            key = Authenticator(PLACE.origin)
            told = passkeys.enrol_challenge(north.node, PLACE, token=link.token)
            made = key.create(str(told["challenge"]))
            await passkeys.enrol(north.node, PLACE, made, "grey key", token=link.token)
            assert await code(passkeys.enrol(north.node, PLACE, made, "again", token=link.token)) == "people.link"

            who = people.who_by_session(north.node, await signed_in(north, key))
            assert (who.person, who.via) == ("edda", "session")
            shown = passkeys.list_passkeys(north.node, who)
            assert [(one.name, one.used_at is not None) for one in shown] == [("grey key", True)]
            deeds = [note.deed for note in passkeys.list_audit(north.node, who)]
            assert deeds == ["signed-in", "passkey-added", "link-made"]

    asyncio.run(story())


def test_beside_a_passkey_a_link_only_enrols_even_at_a_side_for_exercise() -> None:
    """Whoever took the trouble of a passkey must not be entered by a mail."""

    async def story() -> None:
        async with pair(status="exercise") as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            first = await people.enrol(north.node, north["admin"], "edda")
            assert passkeys.link_signs_in(north.node, first.token)
            await people.sign_in(north.node, first.token)
            await enrolled(north, "edda", Authenticator(PLACE.origin))
            second = await people.enrol(north.node, north["admin"], "edda")
            assert not passkeys.link_signs_in(north.node, second.token)
            assert await code(people.sign_in(north.node, second.token)) == "people.link.enrols"

    asyncio.run(story())


def test_every_shortcut_past_the_passkey_is_refused() -> None:
    """The table of attacks in docs/security.md: replay, another origin, another key, a copy, a made-up challenge."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            key = Authenticator(PLACE.origin)
            await enrolled(north, "edda", key)
            told = passkeys.sign_in_challenge(north.node, PLACE)["challenge"]
            given = key.get(told)
            await passkeys.sign_in(north.node, PLACE, given)
            fresh = lambda: passkeys.sign_in_challenge(north.node, PLACE)["challenge"]  # noqa: E731
            link = await people.enrol(north.node, north["admin"], "edda")
            enrolling = str(passkeys.enrol_challenge(north.node, PLACE, token=link.token)["challenge"])
            stranger = Authenticator(PLACE.origin, "stranger")
            for answer, expected in (
                (given, "passkeys.challenge"),
                (key.get(b"x" * 56), "passkeys.challenge"),
                (key.get(enrolling), "passkeys.challenge"),
                (key.get(fresh(), origin="http://south.localhost:8001"), "passkeys.client"),
                (key.get(fresh(), rp="south.localhost"), "passkeys.relying-party"),
                (key.get(fresh(), flags=0x01), "passkeys.unverified"),
                (stranger.get(fresh()), "passkeys.refused"),
                ("{}", "passkeys.form"),
                ("[" * 100_000, "passkeys.form"),
                (given[:-1] + ',"more":1}', "passkeys.form"),
            ):
                assert await code(passkeys.sign_in(north.node, PLACE, answer)) == expected
            key.count = 0  # a copy of the key that was used less often
            assert await code(passkeys.sign_in(north.node, PLACE, key.get(fresh()))) == "passkeys.refused"

    asyncio.run(story())


def test_an_answer_after_two_minutes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assertion found later, on a disk or in a log, must be worth nothing."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            key = Authenticator(PLACE.origin)
            await enrolled(north, "edda", key)
            told = passkeys.sign_in_challenge(north.node, PLACE)["challenge"]
            now = north.node.moment()
            monkeypatch.setattr(north.node, "moment", lambda: now + 120_001)
            assert await code(passkeys.sign_in(north.node, PLACE, key.get(told))) == "passkeys.challenge"

    asyncio.run(story())


def test_a_desk_is_handed_over_and_the_session_before_is_over() -> None:
    """Two people signed in at one desk is how words get the wrong name; fixation is the same thing on purpose."""

    async def story() -> None:
        async with pair() as (north, _):
            keys = {}
            for person in ("edda", "tomas"):
                await north.add(person, person.title(), "duty-officer")
                keys[person] = Authenticator(PLACE.origin, person)
                await enrolled(north, person, keys[person])
            before = await signed_in(north, keys["edda"])
            after = await signed_in(north, keys["tomas"], instead=before)
            assert after != before
            with pytest.raises(ParleyError, match=r"people\.session"):
                people.who_by_session(north.node, before)
            who = people.who_by_session(north.node, after)
            assert who.person == "tomas"
            assert "handed-over" in {row.deed for row in passkeys.list_audit(north.node, north["edda"])}

    asyncio.run(story())


def again(side: Side, who: Who, key: Authenticator) -> str:
    """Give what a page hands on before something of an account is taken away."""
    return key.get(str(passkeys.again_challenge(side.node, who, PLACE)["challenge"]))


def test_an_open_desk_is_not_enough_to_take_anything_away_and_all_other_sessions_end_at_once() -> None:
    """ASVS 7.4.3, 7.5.2: who finds a desk left open must not be able to shut its person out."""

    async def story() -> None:
        async with pair() as (north, _):
            node = north.node
            await north.add("edda", "Edda", "duty-officer")
            await north.add("tomas", "Tomas", "administrator")
            key, other, admin = (Authenticator(PLACE.origin, name) for name in ("edda", "spare", "tomas"))
            await enrolled(north, "edda", key)
            await enrolled(north, "edda", other)
            await enrolled(north, "tomas", admin)
            secrets = [await signed_in(north, key) for _ in range(3)]
            who = people.who_by_session(node, secrets[0])
            tomas = people.who_by_session(node, await signed_in(north, admin))
            spare = passkeys.list_passkeys(node, who)[1].id
            assert await code(passkeys.end_sessions(node, who, PLACE, "", "")) == "passkeys.form"
            assert await code(passkeys.remove_passkey(node, who, PLACE, "", spare)) == "passkeys.form"
            stolen = passkeys.end_sessions(node, who, PLACE, "", "", proof=again(north, who, admin))
            assert await code(stolen) == "passkeys.other"
            signing_in = key.get(passkeys.sign_in_challenge(node, PLACE)["challenge"])
            assert await code(passkeys.end_sessions(node, who, PLACE, "", "", proof=signing_in)) == "passkeys.challenge"
            assert len(passkeys.list_sessions(node, who)) == 3

            proof = again(north, who, key)
            await passkeys.end_sessions(node, who, PLACE, "", "", proof=proof)
            assert [one.this for one in passkeys.list_sessions(node, who)] == [True]
            assert await code(passkeys.remove_passkey(node, who, PLACE, "", spare, proof=proof)) == "passkeys.challenge"
            await passkeys.remove_passkey(node, who, PLACE, "", spare, proof=again(north, who, other))
            assert await code(passkeys.end_sessions(node, tomas, PLACE, "edda", "")) == "passkeys.form"
            await passkeys.end_sessions(node, tomas, PLACE, "edda", "", proof=again(north, tomas, admin))
            assert passkeys.list_sessions(node, tomas, "edda") == []

    asyncio.run(story())


def test_sessions_are_listed_and_ended_by_their_person_or_the_administrator() -> None:
    """ASVS 7.4.2, 7.4.5, 7.5.2: a desk left behind in another room can be closed from here."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            await north.add("tomas", "Tomas", "duty-officer")
            key = Authenticator(PLACE.origin)
            await enrolled(north, "edda", key)
            first, second = await signed_in(north, key), await signed_in(north, key)
            who = people.who_by_session(north.node, second)
            listed = passkeys.list_sessions(north.node, who)
            assert [one.this for one in listed].count(True) == 1
            other = next(one for one in listed if not one.this)
            node = north.node
            wish = passkeys.end_sessions(node, north["tomas"], PLACE, "edda", other.id)
            assert await code(wish) == "people.right"
            assert await code(passkeys.end_sessions(node, who, PLACE, "", other.id)) == "passkeys.form"
            await passkeys.end_sessions(node, who, PLACE, "", other.id, proof=again(north, who, key))
            with pytest.raises(ParleyError, match=r"people\.session"):
                people.who_by_session(north.node, first)
            mine = passkeys.list_sessions(north.node, who)[0]
            await passkeys.end_sessions(node, north["admin"], PLACE, "edda", mine.id)
            with pytest.raises(ParleyError, match=r"people\.session"):
                people.who_by_session(north.node, second)

    asyncio.run(story())


def test_a_second_passkey_needs_the_first_and_a_lost_one_is_removed() -> None:
    """ASVS 6.5.6, 7.5.1: a session alone, left open at a desk, must not become a way in for good."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            key, spare = Authenticator(PLACE.origin), Authenticator(PLACE.origin, "spare")
            await enrolled(north, "edda", key)
            who = people.who_by_session(north.node, await signed_in(north, key))
            told = passkeys.enrol_challenge(north.node, PLACE, who=who)
            made = spare.create(str(told["challenge"]))
            assert await code(passkeys.enrol(north.node, PLACE, made, "spare", who=who)) == "passkeys.form"
            last = passkeys.list_passkeys(north.node, who)[0].id
            assert await code(passkeys.remove_passkey(north.node, who, PLACE, "", last)) == "passkeys.last"
            await north.add("tomas", "Tomas", "duty-officer")
            other = Authenticator(PLACE.origin, "tomas")
            await enrolled(north, "tomas", other)
            proof = other.get(str(told["prove"]))  # whoever sits at an open desk has a passkey, too: their own
            assert (
                await code(passkeys.enrol(north.node, PLACE, made, "spare", who=who, proof=proof)) == "passkeys.other"
            )
            assert [one.id for one in passkeys.list_passkeys(north.node, who)] == [last]
            told = passkeys.enrol_challenge(north.node, PLACE, who=who)
            made, proof = spare.create(str(told["challenge"])), key.get(str(told["prove"]))
            await passkeys.enrol(north.node, PLACE, made, "spare", who=who, proof=proof)
            await passkeys.remove_passkey(north.node, north["admin"], PLACE, "edda", last)
            challenge = passkeys.sign_in_challenge(north.node, PLACE)["challenge"]
            assert await code(passkeys.sign_in(north.node, PLACE, key.get(challenge))) == "passkeys.refused"
            assert await signed_in(north, spare)

    asyncio.run(story())


@pytest.mark.parametrize("origin", ["http://127.0.0.1:7880", "https://10.0.0.7", "http://[::1]:7880"])
def test_a_desk_at_a_number_says_why_it_has_no_passkeys(origin: str) -> None:
    """A browser would only say "invalid domain", and the administrator would look in the wrong place."""

    async def story() -> None:
        async with pair() as (north, _):
            with pytest.raises(ParleyError, match=r"passkeys\.address.*host name"):
                passkeys.sign_in_challenge(north.node, Place(origin))

    asyncio.run(story())
