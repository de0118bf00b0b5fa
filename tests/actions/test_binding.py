"""Acts that bind on a node: shown whole, signed by the person's own key, written once, and every shortcut refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.actions.pair import Side, later, talking, until
from tests.actions.test_passkeys import PLACE, code, enrolled, signed_in
from tests.authenticator import Authenticator
from tests.independent.test_agreement import OTHER
from tests.replacing import replace

from parley import limits
from parley.actions import binding, drafting, line, messages, people
from parley.actions.binding import Asked
from parley.actions.passkeys import Place
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.errors import ParleyError
from parley.record.check import check_file

FLASH = Words(channel="leaders", text="Pump 3 is stopped.", language="en", precedence="FLASH")


class Binding:
    """North, where Tomas and Edda bind with a key each, signed in at a desk."""

    def __init__(self, side: Side, south: Side) -> None:
        self.side, self.south, self.node = side, south, side.node
        self.keys = {name: Authenticator(PLACE.origin, name) for name in ("tomas", "edda")}
        self.who: dict[str, Who] = {}

    async def begin(self) -> None:
        for name, key in self.keys.items():
            await enrolled(self.side, name, key)
            self.who[name] = people.who_by_session(self.node, await signed_in(self.side, key))
        await binding.list_passkeys(self.node, self.side["admin"], PLACE, "tomas")
        asked = binding.begin_listing(self.node, self.who["tomas"], PLACE, "edda")
        await self.sign("tomas", asked)

    async def draft(self, by: str = "edda") -> str:
        return (await drafting.save_draft(self.node, self.who[by], FLASH)).id

    async def sign(self, name: str, asked: Asked, **wrong: object) -> Any:
        given = self.keys[name].get(asked.challenge, **wrong)
        return await binding.complete(self.node, self.who[name], PLACE, asked.nonce, given)

    def entry(self, sent: Any) -> Any:
        from parley.record.names import LogId

        return self.node.book.entry(LogId.read(sent.ref.log), sent.ref.number)

    def refused(self, wish: Callable[[], object]) -> str:
        with pytest.raises(ParleyError) as refused:
            wish()
        return refused.value.code


@asynccontextmanager
async def two_who_bind() -> AsyncIterator[Binding]:
    async with talking() as (north, south):
        made = Binding(north, south)
        await made.begin()
        yield made


def story(told: Callable[[Binding], Awaitable[None]]) -> None:
    async def run() -> None:
        async with two_who_bind() as made:
            await told(made)

    asyncio.run(run())


def test_a_flash_is_released_by_the_second_persons_passkey_and_the_other_side_verifies_it(tmp_path: Path) -> None:
    """The whole way: shown, signed, written, judged over there, acknowledged, exported, checked with no node."""

    async def told(made: Binding) -> None:
        asked = drafting.begin_release(made.node, made.who["tomas"], PLACE, await made.draft())
        assert json.loads(asked.words)["body"]["text"] == FLASH.text
        assert json.loads(asked.act)["person"] == "tomas"
        sent = await made.sign("tomas", asked)
        assert made.entry(sent).body["released_by"] == ["tomas"]
        await until(lambda: made.south.node.book.message("leaders", sent.subject))
        await messages.acknowledge(made.south.node, made.south["samira"], "leaders", sent.subject)  # South lists none
        await until(lambda: (made.node.book.message("leaders", sent.subject).state) == "acknowledged")  # type: ignore[union-attr]
        path = tmp_path / "flash.parley"
        log, number = _at(sent)
        await until(lambda: made.node.store.signature(log, "co-ed", at_least=number + 1))
        await messages.evidence(made.node, made.who["tomas"], "leaders", sent.subject, path)
        report = check_file(path)
        assert report.verdict == "proven", report.lines
        words = "\n".join(report.lines)
        assert "Signed with the key that North lists for Tomas" in words
        assert "South's node states that Samira acknowledged" in words
        assert list(drafting.list_drafts(made.node, made.who["edda"])) == []

    story(told)


def test_evidence_holds_the_roster_entries_that_a_signature_rests_on_one_behind_the_other(tmp_path: Path) -> None:
    """Edda's key was listed by an entry that Tomas signed, whose key was listed before: a checker needs all three."""

    async def told(made: Binding) -> None:
        asked = drafting.begin_release(made.node, made.who["edda"], PLACE, await made.draft("tomas"))
        sent = await made.sign("edda", asked)
        log, number = _at(sent)
        await until(lambda: made.node.store.signature(log, "co-ed", at_least=number + 1))
        path = tmp_path / "flash.parley"
        await messages.evidence(made.node, made.who["edda"], "leaders", sent.subject, path)
        report = check_file(path)
        words = "\n".join(report.lines)
        assert (report.verdict, report.entries) == ("proven", 3), words
        assert "Signed with the key that North lists for Edda" in words
        assert OTHER.main(str(path)) == 0
        record = tmp_path / "record.parley"
        await made.node.exports.record(record)
        assert "2 entries are signed with the key" in "\n".join(check_file(record).lines)
        assert OTHER.record(OTHER.File(record.read_bytes())) == 2

    story(told)


def _at(sent: Any) -> tuple[Any, int]:
    from parley.record.names import LogId

    return LogId.read(sent.ref.log), sent.ref.number


def test_without_the_passkey_a_flash_is_refused_with_the_reason_and_the_place_to_go() -> None:
    """A token has no finger. The program that tries must be told where a person does it."""

    async def told(made: Binding) -> None:
        draft = await made.draft()
        token = replace(made.who["tomas"], via="token")
        assert await code(drafting.release_draft(made.node, token, draft)) == "binding.missing"
        assert made.refused(lambda: drafting.begin_release(made.node, token, PLACE, draft)) == "binding.session"
        plain = await messages.send_message(made.node, token, replace(FLASH, precedence="ROUTINE"))
        assert plain.subject  # only acts that bind ask for it
        flash = await drafting.save_draft(made.south.node, made.south["samira"], FLASH)
        sent = await drafting.release_draft(made.south.node, made.south["rafael"], flash.id)
        await until(lambda: made.node.book.message("leaders", sent.subject))
        acknowledged = messages.acknowledge(made.node, token, "leaders", sent.subject)
        assert await code(acknowledged) == "binding.missing"
        asked = messages.begin_acknowledge(made.node, made.who["edda"], PLACE, "leaders", sent.subject, note="Seen.")
        await made.sign("edda", asked)
        await until(lambda: made.south.node.book.message("leaders", sent.subject).state == "acknowledged")  # type: ignore[union-attr]

    story(told)


def test_what_was_shown_is_what_is_signed_and_a_change_meanwhile_is_refused() -> None:
    """Between the page and the finger somebody may change the draft, or correct the message."""

    async def told(made: Binding) -> None:
        draft = await made.draft()
        asked = drafting.begin_release(made.node, made.who["tomas"], PLACE, draft)
        await drafting.save_draft(made.node, made.who["edda"], replace(FLASH, text="Pump 4 is stopped."), draft=draft)
        assert await code(made.sign("tomas", asked)) == "binding.changed"

        urgent = replace(FLASH, precedence="IMMEDIATE")
        sent = await messages.send_message(made.south.node, made.south["samira"], urgent)
        await until(lambda: made.node.book.message("leaders", sent.subject))
        asked = messages.begin_acknowledge(made.node, made.who["edda"], PLACE, "leaders", sent.subject)
        await messages.correct(
            made.south.node, made.south["samira"], "leaders", sent.subject, text="Pump 4.", language="en", reason="4"
        )
        await until(lambda: made.node.book.message("leaders", sent.subject).version == 1)  # type: ignore[union-attr]
        assert await code(made.sign("edda", asked)) == "binding.changed"

    story(told)


def test_every_shortcut_past_the_person_who_signs_is_refused() -> None:
    """One by one: another's key, an unverified user, another origin, a replay, a stale page, another session."""

    async def told(made: Binding) -> None:
        node, tomas, draft = made.node, made.who["tomas"], await made.draft()

        def asked() -> Asked:
            return drafting.begin_release(node, tomas, PLACE, draft)

        async def tried(
            one: Asked, key: str = "tomas", who: str = "tomas", place: Place = PLACE, **wrong: object
        ) -> str:
            given = made.keys[key].get(one.challenge, **wrong)
            return await code(binding.complete(node, made.who[who], place, one.nonce, given))

        assert await tried(asked(), key="edda") == "passkeys.other"
        assert await tried(asked(), who="edda") == "binding.late"  # her session never asked
        assert await tried(asked(), flags=0x01) == "passkeys.unverified"
        assert await tried(asked(), origin="https://evil.example") == "passkeys.client"
        assert await tried(asked(), rp="evil.example") == "passkeys.relying-party"
        assert await tried(asked(), place=Place("http://south.localhost:8002")) == "binding.late"
        first, second = asked(), asked()
        assert await tried(replace(second, challenge=first.challenge)) == "passkeys.client"
        assert await tried(second) == "binding.late"  # a failed try spends it too
        stale = asked()
        later(made.side, limits.SIGNING_MS + 1)
        assert await tried(stale) == "binding.late"
        good = asked()
        sent = await made.sign("tomas", good)
        assert sent.subject.startswith("message/north/")
        assert await tried(good) == "binding.done"  # a replay is told so, and writes nothing
        assert await tried(good, who="edda") == "binding.late"
        assert len(node.book.thread("leaders")) == 1

    story(told)


def test_nobody_releases_their_own_flash_with_a_second_session_or_a_second_key() -> None:
    """Persons are compared, not sessions: two windows of one person are still one person."""

    async def told(made: Binding) -> None:
        draft = await made.draft("tomas")
        again = people.who_by_session(made.node, await signed_in(made.side, made.keys["tomas"]))
        assert again.key != made.who["tomas"].key
        for who in (made.who["tomas"], again):
            wish = lambda who=who: drafting.begin_release(made.node, who, PLACE, draft)  # noqa: E731
            assert made.refused(wish) == "messages.second-person"

    story(told)


def test_who_may_bind_is_changed_by_another_who_binds() -> None:
    """The administrator lists the first; from then on no administrator, and nobody for themselves."""

    async def told(made: Binding) -> None:
        node, admin = made.node, made.side["admin"]
        await made.side.add("karl", "Karl", "duty-officer")
        await enrolled(made.side, "karl", Authenticator(PLACE.origin, "karl"))
        assert await code(binding.list_passkeys(node, admin, PLACE, "karl")) == "binding.other"
        assert made.refused(lambda: binding.begin_listing(node, admin, PLACE, "karl")) == "people.right"
        tomas = made.who["tomas"]
        assert made.refused(lambda: binding.begin_listing(node, tomas, PLACE, "tomas")) == "binding.other"
        row = binding.listing_of(node, tomas, "karl")
        assert (row.listed, row.enrolled, row.same, row.signs, row.may) == (0, 1, False, True, True)
        await made.sign("tomas", binding.begin_listing(node, tomas, PLACE, "karl"))
        row = binding.listing_of(node, tomas, "karl")
        assert (row.listed, row.same) == (1, True)
        await people.publish_person(node, admin, "karl")  # a new office: the keys stay, and nobody has to sign
        assert binding.listing_of(node, tomas, "karl").listed == 1
        assert await code(people.withdraw_person(node, admin, "karl")) == "binding.other"
        await made.sign("edda", binding.begin_listing(node, made.who["edda"], PLACE, "karl", take_off=True))
        assert binding.listing_of(node, tomas, "karl").listed == 0
        await people.withdraw_person(node, admin, "karl")

    story(told)


def test_what_waits_to_be_signed_is_bounded_and_one_person_pushes_out_only_their_own() -> None:
    """Pages opened without end must not fill a memory, nor take the page another person is reading."""

    async def told(made: Binding) -> None:
        mine = drafting.begin_release(made.node, made.who["tomas"], PLACE, await made.draft())
        other = await made.draft("tomas")
        for _ in range(limits.SIGNINGS_OF_ONE_MAX + 3):
            last = drafting.begin_release(made.node, made.who["edda"], PLACE, other)
        waiting = [one for one in binding._waiting.values() if one.who == made.who["edda"]]
        assert len(waiting) == limits.SIGNINGS_OF_ONE_MAX
        assert mine.nonce in binding._waiting and last.nonce in binding._waiting
        assert await made.sign("tomas", mine)

    story(told)


def test_a_disabled_person_signs_nothing_more_and_a_removed_key_neither() -> None:
    """Closed in the middle of a page: the passkey that was good a minute ago opens nothing."""

    async def told(made: Binding) -> None:
        draft = await made.draft()
        asked = drafting.begin_release(made.node, made.who["tomas"], PLACE, draft)
        await people.disable(made.node, made.side["admin"], "tomas")
        assert await code(made.sign("tomas", asked)) == "passkeys.refused"

    story(told)


def test_a_policy_laid_down_before_there_were_passkeys_is_named_until_it_is_signed_anew() -> None:
    """It stays in force on the word of our node alone, and nobody would think of it again."""

    async def told() -> None:
        async with talking() as (north, south):
            await line.propose_release_policy(north.node, north["edda"], persons=("edda",), after_s=120)
            await line.agree_release_policy(north.node, north["tomas"])
            assert not line.release_policy_unsigned(north.node, north["edda"])  # nobody here could have signed it
            made = Binding(north, south)
            await made.begin()
            tomas, edda = made.who["tomas"], made.who["edda"]
            assert line.release_policy_unsigned(made.node, edda)
            await line.propose_release_policy(made.node, edda, persons=("edda",), after_s=120)
            await made.sign("tomas", line.begin_agree_policy(made.node, tomas, PLACE))
            assert not line.release_policy_unsigned(made.node, edda)

    asyncio.run(told())


def test_who_releases_alone_is_signed_by_the_second_person_over_what_was_proposed() -> None:
    """The proposal is one person's, and may be changed while another reads it."""

    async def told(made: Binding) -> None:
        tomas, edda = made.who["tomas"], made.who["edda"]
        await line.propose_release_policy(made.node, edda, persons=("edda",), after_s=120)
        assert await code(line.agree_release_policy(made.node, tomas)) == "binding.missing"
        assert made.refused(lambda: line.begin_agree_policy(made.node, edda, PLACE)) == "release.second-person"
        asked = line.begin_agree_policy(made.node, tomas, PLACE)
        assert json.loads(asked.words)["body"] == {
            "after_s": 120,
            "laid_down_by": ["edda", "tomas"],
            "persons": ["edda"],
        }
        await line.propose_release_policy(made.node, edda, persons=("edda",), after_s=1)
        assert await code(made.sign("tomas", asked)) == "binding.changed"
        sent = await made.sign("tomas", line.begin_agree_policy(made.node, tomas, PLACE))
        assert made.entry(sent).body["assertion"]
        held = line.release_policy(made.node, tomas)
        assert held is not None and (held.persons, held.after_s) == (("edda",), 1)
        assert line.proposed_release_policy(made.node, tomas) is None

    story(told)
