"""Legal names: a digest in the record, the name in a file handed over apart, and nothing once it is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.actions.pair import Side, talking, until
from tests.replacing import replace

from parley.actions import legal_names, messages, people
from parley.actions.wording import Words
from parley.errors import Refused, Unavailable
from parley.record.check import check_file
from parley.record.legal import read_disclosure

NAME = "Tomas Aurelio Brandt"


def story(told: Callable[[Side, Side], Awaitable[None]]) -> None:
    async def run() -> None:
        async with talking() as (north, south):
            await told(north, south)

    asyncio.run(run())


async def disclosed(side: Side, path: Path) -> Path:
    """Commit to a name, and write its disclosure to a file."""
    await legal_names.commit_legal_name(side.node, side["admin"], "tomas", NAME)
    path.write_text(legal_names.legal_name(side.node, side["admin"], "tomas").disclosure, encoding="utf-8")
    return path


async def spoken(side: Side, path: Path) -> Path:
    """Say something as Tomas, and export it."""
    words = Words(channel="leaders", text="We agree.", language="en", precedence="ROUTINE")
    sent = await messages.send_message(side.node, side["tomas"], words)
    await until(lambda: side.node.store.signature(_log(sent), "co-ed", at_least=sent.ref.number + 1))
    await messages.evidence(side.node, side["tomas"], "leaders", sent.subject, path)
    return path


def _log(sent: object) -> object:
    from parley.record.names import LogId

    return LogId.read(sent.ref.log)  # type: ignore[attr-defined]


def test_the_record_holds_a_digest_and_the_name_is_proven_by_a_file_apart(tmp_path: Path) -> None:
    """The record is for ever and at both sides; a name by law need not be (DESIGN 3)."""

    async def told(north: Side, south: Side) -> None:
        name = await disclosed(north, tmp_path / "tomas.json")
        bundle, record = await spoken(north, tmp_path / "said.parley"), tmp_path / "record.parley"
        await south.node.exports.record(record)
        for file in (bundle, record):
            report = check_file(file, names=[name])
            assert report.verdict == "proven", report.lines
            assert f"North states that the legal name of tomas is “{NAME}”" in "\n".join(report.lines)
            assert NAME not in "\n".join(check_file(file).lines)
        assert NAME.encode() not in record.read_bytes()

    story(told)


def test_a_disclosure_of_another_name_or_for_another_person_proves_nothing(tmp_path: Path) -> None:
    """Whoever hands over a file may have written it themselves."""

    async def told(north: Side, south: Side) -> None:
        name = await disclosed(north, tmp_path / "tomas.json")
        record = tmp_path / "record.parley"
        await south.node.exports.record(record)
        true = read_disclosure(name.read_bytes())
        for false in (
            replace(true, name="Edda Brandt"), replace(true, person="edda"), replace(true, side="south"),
            replace(true, line="0" * 32), replace(true, salt=bytes(32)),
        ):  # fmt: skip
            name.write_bytes(false.to_bytes())
            report = check_file(record, names=[name])
            assert (report.verdict, report.code) == ("not-proven", "evidence.legal-name"), false
        for broken in (b"", b"{}", true.to_bytes() + b"\n", b"[" * 5000):
            name.write_bytes(broken)
            assert check_file(record, names=[name]).verdict == "unreadable"

    story(told)


def test_a_forgotten_name_is_gone_from_our_disk_and_from_the_roster(tmp_path: Path) -> None:
    """Without the salt the digest in the older entry leads to nobody; what was handed out stays good."""

    async def told(north: Side, south: Side) -> None:
        name = await disclosed(north, tmp_path / "tomas.json")
        await legal_names.forget_legal_name(north.node, north["admin"], "tomas")
        with pytest.raises(Refused, match="no legal name"):
            legal_names.legal_name(north.node, north["admin"], "tomas")
        assert north.node.store.values("private.legal-names") == []
        view = north.node.book.view("line", "roster/north/tomas")
        assert view.legal == ""  # type: ignore[union-attr]
        record = tmp_path / "record.parley"
        await north.node.exports.record(record)
        assert check_file(record, names=[name]).verdict == "proven"

    story(told)


def test_nobody_comes_onto_the_roster_by_a_legal_name() -> None:
    """Who was kept off it, or has left, must not be told to the other side by an act about their name (promise 9)."""

    async def told(north: Side, _south: Side) -> None:
        await north.add("ines", "Ines", "interpreter", listed=False)
        with pytest.raises(Refused, match="not on the roster"):
            await legal_names.commit_legal_name(north.node, north["admin"], "ines", "Ines Mar")
        assert north.node.book.view("line", "roster/north/ines") is None
        await legal_names.commit_legal_name(north.node, north["admin"], "tomas", NAME)
        await people.withdraw_person(north.node, north["admin"], "tomas")
        await legal_names.forget_legal_name(north.node, north["admin"], "tomas")
        view = north.node.book.view("line", "roster/north/tomas")
        assert not view.listed  # type: ignore[union-attr]

    story(told)


def test_a_name_written_anew_takes_nothing_away_before_the_roster_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line may be unable to sign for an hour: until then the other side holds the digest of the name before."""

    async def told(north: Side, _south: Side) -> None:
        await legal_names.commit_legal_name(north.node, north["admin"], "tomas", NAME)

        async def fails(*_: object) -> None:
            raise Unavailable("line.signing", "not now")

        for name in ("T. A. Brandt", "Tomas Brandt"):
            with monkeypatch.context() as patched, pytest.raises(Unavailable):
                patched.setattr(legal_names, "publish_person", fails)
                await legal_names.commit_legal_name(north.node, north["admin"], "tomas", name)
            kept = legal_names.legal_name(north.node, north["admin"], "tomas")
            view = north.node.book.view("line", "roster/north/tomas")
            assert (kept.name, kept.commitment) == (NAME, view.legal)  # type: ignore[union-attr]

        await legal_names.commit_legal_name(north.node, north["admin"], "tomas", "Tomas Brandt")
        kept = legal_names.legal_name(north.node, north["admin"], "tomas")
        view = north.node.book.view("line", "roster/north/tomas")
        assert (kept.name, kept.commitment) == ("Tomas Brandt", view.legal)  # type: ignore[union-attr]
        assert [key for key, _ in north.node.store.values("private.legal-names")] == ["tomas"]

    story(told)


def test_a_commitment_stays_when_a_person_is_listed_anew_and_only_an_administrator_sees_the_name() -> None:
    """A new office must not quietly drop who somebody is by law."""

    async def told(north: Side, _south: Side) -> None:
        await legal_names.commit_legal_name(north.node, north["admin"], "tomas", NAME)
        await people.publish_person(north.node, north["admin"], "tomas")
        kept = legal_names.legal_name(north.node, north["admin"], "tomas")
        view = north.node.book.view("line", "roster/north/tomas")
        assert view.legal == kept.commitment  # type: ignore[union-attr]
        with pytest.raises(Refused):
            legal_names.legal_name(north.node, north["tomas"], "tomas")
        with pytest.raises(Refused, match="needs a name"):
            await legal_names.commit_legal_name(north.node, north["admin"], "tomas", " ")

    story(told)
