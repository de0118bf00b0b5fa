"""`parley message` and what `parley read` says of a message before its words, at nodes that really run."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.cli.terminals import two_terminals

from parley import limits
from parley.cli.messaging import print_message, worth_telling_again


def test_a_message_is_corrected_read_back_translated_and_cancelled_from_two_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has no browser must be able to take a wrong order back, and whoever reads it must see that it was."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            run, done, sees = terminals.run, terminals.done, terminals.sees
            subject = json.loads(await done("edda", "say leaders --order --json", "Stop pump 3."))["subject"]
            at = f"leaders {subject}"
            await sees("samira", "AN ORDER: to be read back\n  Stop pump 3.", "read leaders")
            for act, missing in (("read-back", "--text"), ("cancel", "--reason"), ("translate", "--text")):
                code, said = await run("samira", f"message {act} {at}")
                assert (code, f"{missing} is needed" in said) == (2, True)
            code, said = await run("samira", f"message cancel {at} --reason No")
            assert (code, "messages.side" in said) == (1, True)

            await done("samira", f"message read-back {at}", "--text", "Stop pump 4.")
            await sees("edda", "AN ORDER: read back, to be confirmed, by Samira", "read leaders")
            await done("edda", f"message wrong {at}", "--text", "Pump 3.")
            await sees("samira", "AN ORDER: read back wrongly", "read leaders")
            await done("samira", f"message read-back {at}", "--text", "Stop pump 3.")
            await sees("edda", "to be confirmed, by Samira", "read leaders")
            await done("edda", f"message confirm {at}")
            await sees("samira", "AN ORDER: read back and confirmed", "read leaders")

            await done("samira", f"message translate {at} --language ar --grade rough", "--text", "أوقفوا المضخة ٣.")
            await sees("edda", "[rough ar] أوقفوا المضخة ٣.", f"message show {at}")
            await done("edda", f"message correct {at}", "--text", "Stop pump 5.", "--reason", "Number")
            said = await sees("samira", "corrected", "read leaders")
            assert ": Number\n  AN ORDER: to be read back\n  Stop pump 5.\n" in said
            await done("edda", f"message cancel {at}", "--reason", "Overtaken")
            said = await sees("samira", "CANCELLED", f"message show {at}")
            assert said.index("by Edda: Overtaken\n") < said.index("  Stop pump 5.\n") < said.index("first words: Stop")
            assert "message.cancelled" in said
            await sees("samira", "CANCELLED", "read leaders")

    asyncio.run(story())


def test_what_waits_beyond_what_is_printed_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that ends without a word would be taken for all that waits."""
    monkeypatch.setattr(limits, "WAITING_SHOWN", 1)

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            for text in ("One.", "Two.", "Three."):
                await terminals.done("edda", "say leaders --wait 10", text)
            await terminals.sees("samira", "Three.", "read leaders")
            code, said = await terminals.run("samira", "read")
            assert (code, "One." in said, "Two." in said, "2 more wait for us" in said) == (0, True, False, True)

    asyncio.run(story())


def test_a_second_person_at_a_terminal_releases_the_words_that_were_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list shows sixty characters of a FLASH; what stands behind them went out unread."""

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, _, terminals):
            terminals.data["tomas"] = terminals.data["edda"]
            text = "Exercise begins. " * 6 + "Open fire."
            draft = json.loads(await terminals.done("edda", "say leaders --precedence FLASH --json", text))["id"]
            code, said = await terminals.run("tomas", f"drafts release {draft}")
            assert (code, f"parley drafts show {draft}" in said) == (2, True)
            assert "needs a second person" in await terminals.done("edda", f"drafts show {draft}")
            said = await terminals.done("tomas", f"drafts show {draft}")
            assert "FLASH · leaders · drafted by Edda" in said and "Open fire.\n" in said
            code, said = await terminals.run("tomas", f"drafts release {draft} --seen 2026-01-01T00:00:00.000Z")
            assert (code, "drafts.changed" in said) == (1, True)
            shown = (await terminals.done("tomas", f"drafts show {draft}")).rpartition("--seen ")[2].strip()
            assert "is on our disk" in await terminals.done("tomas", f"drafts release {draft} --seen {shown}")

    asyncio.run(story())


def test_what_does_not_count_or_came_early_is_said_before_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal a message that is not valid, or whose log is not whole, stood there like any other."""
    row = {
        "subject": "message/north/0/4", "side": "north", "person_name": "Edda", "precedence": "FLASH",
        "status": "exercise", "at": "2026-11-23T10:00:00.000Z", "due": "", "overdue": False, "title": "",
        "text": "Stop.", "state": "not-valid", "marks": ["not-valid", "a FLASH needs\x1b[2J a second person"],
        "ahead": True, "rang_as": "ROUTINE", "released_alone": True, "corrections": [], "readback": None,
        "answers": "message/south/0/1", "translations": [], "attachments": [], "ours": False, "waiting_for_s": None,
        "delivery": dict.fromkeys(("on_our_disk", "on_their_disk", "shown", "acknowledged")),
    }  # fmt: skip
    print_message(row)
    before, words, _ = capsys.readouterr().out.partition("  Stop.\n")
    assert words and "\x1b" not in before
    for said in ("NOT VALID, it counts for nothing", "EARLIER ENTRIES STILL COMING", "rang as ROUTINE",
                 "released by one person alone", "answers message/south/0/1"):  # fmt: skip
        assert said in before


def test_who_follows_a_channel_is_told_again_when_a_message_becomes_something_else() -> None:
    """A cancellation that came after the message was printed was never seen by whoever followed."""
    row = {"state": "open", "text": "Stop.", "readback": None, "translations": [], "marks": []}
    for change in (
        {"state": "cancelled"},
        {"text": "Go."},
        {"readback": {"state": "read-back", "text": "Stop."}},
        {"translations": [{}]},
        {"marks": ["crossed"]},
    ):
        assert worth_telling_again(row | change) != worth_telling_again(row)
    assert worth_telling_again(row | {"waiting_for_s": 4}) == worth_telling_again(row)
