"""Everybody of North has lost their passkeys: enrol afresh, have the identity list it at the terminal, go on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.actions.pair import until
from tests.actions.test_binding import FLASH, Binding, story
from tests.actions.test_passkeys import PLACE, code, enrolled, signed_in
from tests.api.test_api import door
from tests.authenticator import Authenticator
from tests.independent.test_agreement import OTHER

from parley.actions import drafting, line, messages, passkeys, people, vouching
from parley.actions.roster import channel_people
from parley.api import PREFIX
from parley.cli.client import Client
from parley.cli.parser import make_parser
from parley.cli.vouching import vouch
from parley.errors import Refused
from parley.identity import SideKeys
from parley.record.check import check_file
from parley.record.names import LogId

IDENTITY = SideKeys.from_seed(b"north-actions".ljust(32))


async def enrolled_afresh(made: Binding) -> Authenticator:
    """Take away what is lost, and give Edda a new key."""
    key = Authenticator(PLACE.origin, "edda afresh")
    await people.enrol(made.node, made.side["admin"], "edda", lost=True)
    await enrolled(made.side, "edda", key)
    return key


async def at_the_terminal(made: Binding, person: str, identity: SideKeys) -> int:
    async with door(made.side) as at:
        origin, _, _ = at.base.partition(PREFIX)
        client = Client(PLACE.origin, origin.removeprefix("http://"), at.tokens["admin"])
        chosen = make_parser().parse_args(["keys", "vouch", "north", f"--person={person}"])
        return await asyncio.to_thread(vouch, chosen, client, identity)


def test_a_lost_key_opens_nothing_and_ends_its_sessions_when_a_link_is_made_for_a_loss() -> None:
    """The finder of a key is quicker than its loser."""

    async def told(made: Binding) -> None:
        secret = await signed_in(made.side, made.keys["edda"])
        fresh = await enrolled_afresh(made)
        with pytest.raises(Refused, match=r"signed in"):
            people.who_by_session(made.node, secret)
        assert await code(signed_in(made.side, made.keys["edda"])) == "passkeys.refused"
        assert [one.name for one in passkeys.list_passkeys(made.node, made.side["admin"], "edda")] == ["grey key"]
        assert await signed_in(made.side, fresh)

    story(told)


def test_the_identity_lists_a_key_at_the_terminal_and_both_sides_and_any_checker_see_by_what_authority(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way back: nobody who binds signs anything, and nobody on the line can miss it."""

    async def told(made: Binding) -> None:
        fresh = await enrolled_afresh(made)
        assert await at_the_terminal(made, "edda", IDENTITY) == 0
        shown = capsys.readouterr().out
        digest = passkeys.list_passkeys(made.node, made.side["admin"], "edda")[0].digest
        assert all(word in shown for word in ("edda: Edda", PLACE.origin, digest))

        def theirs() -> Any:
            rows = channel_people(made.south.node, made.south["samira"], "leaders").theirs
            return next(one for one in rows if one.person == "edda")

        await until(lambda: theirs().keys_by == "identity")
        assert theirs().keys == (digest,)
        for side, who, ours in ((made.side, made.side["admin"], True), (made.south, made.south["samira"], False)):
            assert [(one.ours, one.name) for one in line.line_status(side.node, who).vouched] == [(ours, "Edda")]

        made.who["edda"] = people.who_by_session(made.node, await signed_in(made.side, fresh))
        made.keys["edda"] = fresh
        draft = await drafting.save_draft(made.node, made.who["tomas"], FLASH)
        sent = await made.sign("edda", drafting.begin_release(made.node, made.who["edda"], PLACE, draft.id))
        log = LogId.read(sent.ref.log)
        await until(lambda: made.node.store.signature(log, "co-ed", at_least=sent.ref.number + 1))
        path = tmp_path / "flash.parley"
        await messages.evidence(made.node, made.who["edda"], "leaders", sent.subject, path)
        report = check_file(path)
        words = "\n".join(report.lines)
        assert report.verdict == "proven", words
        assert "Their keys were listed by North's identity key, not by another person who binds" in words
        assert OTHER.main(str(path)) == 0
        record = tmp_path / "record.parley"
        await made.node.exports.record(record)
        assert "North's identity key listed the keys of edda" in "\n".join(check_file(record).lines)

    story(told)


def test_another_identity_or_words_that_changed_meanwhile_list_nothing() -> None:
    """A key of the wrong side, or a page an hour old, must not end in an entry that says what nobody meant."""

    async def told(made: Binding) -> None:
        admin = made.side["admin"]
        await enrolled_afresh(made)
        with pytest.raises(Refused, match="not the identity key of our card"):
            await at_the_terminal(made, "edda", SideKeys.from_seed(b"south-actions".ljust(32)))
        asked = vouching.to_vouch(made.node, admin, PLACE, "edda")
        wish = vouching.vouch(made.node, admin, PLACE, "edda", words=asked.words, signature="AAAA")
        assert await code(wish) == "vouched.signature"
        await people.enrol(made.node, admin, "edda", lost=True)
        await enrolled(made.side, "edda", Authenticator(PLACE.origin, "edda once more"))
        wish = vouching.vouch(made.node, admin, PLACE, "edda", words=asked.words, signature="AAAA")
        assert await code(wish) == "vouched.changed"
        assert await code(_asked(made, "tomas", made.who["tomas"])) == "people.right"

    story(told)


async def _asked(made: Binding, person: str, who: Any) -> object:
    return vouching.to_vouch(made.node, who, PLACE, person)
