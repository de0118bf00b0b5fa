"""The incidents' pages over samples: nothing typed is lost, nothing of a file can run, the year is set on paper."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping

import pytest
from aiohttp import FormData
from tests.desk.browsing import browsing, plain
from tests.desk.incident_samples import IncidentSamples, account, whole
from tests.desk.sample import NOW
from tests.desk.track_samples import tracks
from tests.replacing import replace

from parley.actions.commitment_rows import CitingRow
from parley.actions.incident_forms import ToldForm
from parley.actions.incident_rows import FlagRow, ToldRow, UnseenRow
from parley.desk import incident_paper, incident_sheet, incident_typed, shown
from parley.desk.incident_alerts import incident_alerts
from parley.desk.words import LANGUAGES, Words

AT = "/incidents/duty/north/0/40"


def test_a_report_that_cannot_be_read_keeps_every_word() -> None:
    """At three in the morning nobody types it twice."""

    async def story() -> None:
        async with browsing() as browser:
            status, text, _ = await browser.post("/incidents/new", {"what": "Passed our bow", "u0.name": "Resolute"})
            assert status == 422
            assert "Passed our bow" in text and 'value="Resolute"' in text
            status, _, headers = await browser.post("/incidents/new", {"what": "Passed our bow", "place": "54 18"})
            assert (status, headers["Location"]) == (303, AT)

    asyncio.run(story())


def test_the_first_page_says_how_many_incidents_wait() -> None:
    """*Nothing waits for us* stood there while an account was due that somebody had merely seen."""

    async def story() -> None:
        async with browsing() as browser:
            page = await browser.get("/")
            tile = page.partition('id="home-incidents-head"')[2].partition("</section>")[0]
            assert 'href="/incidents?which=waits"' in tile
            told = tile.replace("<bdi>", "").replace("</bdi>", "")
            assert "2 wait for us" in told and "1 overdue" in told

    asyncio.run(story())


def test_a_unit_is_added_and_a_report_checked_without_script_and_nothing_typed_is_lost() -> None:
    """Three ships of theirs, one button each; and a slip in a number is seen before it crosses."""

    async def story() -> None:
        async with browsing() as browser:
            typed = {"what": "Passed our bow", "place": "54 18", "u0.imo": "9074728", "u1.name": "Dart"}
            _, text, _ = await browser.post("/incidents/new", typed | {"act": "unit"})
            assert 'name="u2.side"' in text and 'name="u3.side"' not in text
            assert 'value="Dart"' in text and "Passed our bow" in text
            _, text, _ = await browser.post("/incidents/new", typed | {"u2.side": "other", "act": "unit"})
            assert 'name="u3.side"' in text and re.search(r'<option value="other" selected>', text)
            status, text, _ = await browser.post("/incidents/new", typed | {"act": "check"})
            assert status == 200 and "640" in text
            assert 'aria-describedby="fl-u0-imo"' in text and "The check digit of the IMO number is wrong" in plain(
                text
            )
            status, text, _ = await browser.post(AT + "/account", {"what": "We kept away.", "act": "unit"})
            assert status == 200 and 'name="u2.side"' in text and "We kept away." in text
            _, text, _ = await browser.post("/incidents/new", typed | {"s0.text": "Horn", "act": "signal"})
            assert 'name="s1.text"' in text and 'value="Horn"' in text and 'name="u2.side"' not in text

    asyncio.run(story())


def test_a_form_gives_the_report_its_units_in_order_and_an_account_of_ours_is_typed_again_whole() -> None:
    """An account that lost a ship when it was changed would be a lie that nobody told."""
    fields = {
        "what": "x",
        "place": "0 0",
        "u1.name": "Dart",
        "u2.side": "other",
        "u2.name": "Ferry",
        "u3.name": "Lance",
    }
    made = incident_typed.form_of(fields)
    assert [(one.side, one.told["name"].value) for one in made.units] == [
        ("theirs", "Dart"), ("", "Ferry"), ("theirs", "Lance"),
    ]  # fmt: skip
    flag = FlagRow(code="imo-check-digit", value="1", field="imo", unit=1)
    assert list(incident_typed.beside((flag,), fields)) == ["u2.imo"]
    mine = replace(account(ours=True), place_nature="estimated", closest_nature="simulated")
    again = incident_typed.typed_again(mine)
    assert (again["place_nature"], again["closest_nature"], again["s0.text"]) == (
        "estimated", "simulated", "Five short blasts",
    )  # fmt: skip
    told = incident_typed.form_of(
        again | {"s1.side": "theirs", "s1.text": "Rocked its wings", "weather_nature": "declared"}
    )
    assert [(one.side, one.text) for one in told.signals] == [
        ("ours", "Five short blasts"), ("theirs", "Rocked its wings"),
    ]  # fmt: skip
    assert (told.place_nature, told.told["weather"].nature) == ("estimated", "declared")
    assert (again["u1.type"], again["u2.side"], again["u2.imo"]) == ("fighter", "theirs", "9074728")


def test_each_field_of_a_report_has_a_nature_of_its_own_and_keeps_it_when_it_is_typed_again() -> None:
    """A weather that was observed and an injury that was only declared are not one kind of knowledge."""
    natures = {"weather": "observed", "activity": "estimated", "damage": "declared", "injury": "simulated"}
    of_unit = {"name": "declared", "mmsi": "estimated", "course": "observed", "speed": "estimated"}
    fields = {"what": "x", "place": "0 0", "u0.mmsi": "211234560", "u0.course": "90", "u0.speed": "12", "u0.name": "A"}
    fields |= dict.fromkeys(natures, "said") | {f"{name}_nature": told for name, told in natures.items()}
    fields |= {f"u0.{name}_nature": told for name, told in of_unit.items()}

    made = incident_typed.form_of(fields)
    assert {name: one.nature for name, one in made.told.items()} == natures
    assert {name: one.nature for name, one in made.units[0].told.items()} == of_unit

    def rows(told: Mapping[str, ToldForm]) -> tuple[ToldRow, ...]:
        return tuple(ToldRow(name=name, value=one.value, nature=one.nature) for name, one in told.items())

    unit = replace(account(ours=True).units[0], told=rows(made.units[0].told))
    again = incident_typed.form_of(
        incident_typed.typed_again(replace(account(ours=True), told=rows(made.told), units=(unit,)))
    )
    assert (again.told, again.units[0].told) == (made.told, made.units[0].told)

    async def story() -> None:
        async with browsing() as browser:
            _, text, _ = await browser.post("/incidents/new", fields | {"act": "unit"})
            for name, told in {**natures, **{f"u0.{name}": told for name, told in of_unit.items()}}.items():
                chosen = re.search(rf'<select[^>]* name="{re.escape(name)}_nature">.*?</select>', text, re.DOTALL)
                assert chosen is not None and f'<option value="{told}" selected>' in chosen[0], name

    asyncio.run(story())


def test_a_report_of_theirs_stands_on_every_page_until_somebody_presses_seen() -> None:
    """It is urgent to screen readers too, and clearing it leads back to where one was."""
    unseen = UnseenRow(
        channel="duty", subject="incident/south/0/9", name="W. Lan", at=NOW, status="actual", ahead=False
    )
    (alert,) = incident_alerts([unseen], {"duty": "Duty"})
    assert (alert.urgent, alert.precedence, alert.path) == (True, "FLASH", "/incidents/duty/south/0/9")
    (early,) = incident_alerts([replace(unseen, ahead=True)], {})
    assert early.path == "/incidents"

    async def story() -> None:
        async with browsing() as browser:
            status, _, headers = await browser.post(alert.act, {"back": "/line"})
            assert (status, headers["Location"]) == (303, "/line")
            assert browser.samples.cleared == ("duty", "incident/south/0/9")
            assert 'data-incident="' in await browser.get("/line")

    asyncio.run(story())


def test_the_offset_of_two_videos_is_chosen_proposed_and_agreed_without_script() -> None:
    """Which frame shows the pass is half of every dispute; both desks must play the same."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT)
            assert f'data-holds data-ours="{"cd" * 32}" data-theirs="{"ce" * 32}" data-ms="1250"' in text
            assert text.count(f'action="{AT}/agree-offset"') == 1  # of theirs, and not agreed before
            assert f'action="{AT}/propose-offset"' in text and f'<option value="{"ce" * 32}">' in text
            fields = {"ours": "cd" * 32, "theirs": "ce" * 32, "seconds": "0.08", "after": "#evidence"}
            status, _, headers = await browser.post(AT + "/propose-offset", fields)
            assert (status, headers["Location"]) == (303, AT + "#evidence")

    asyncio.run(story())


def test_both_accounts_stand_in_one_table_with_what_differs_marked() -> None:
    """A screen reader has the same frame as the eye: a row a thing, a column a side."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT)
            assert text.count('class="differs"') >= 2
            assert "An aircraft passed our bow at mast height." in text and "我方飞机在三百米外正常通过。" in text
            words = plain(text)
            assert words.count("A speed is above that of sound") == 2  # beside the field, and below the table
            assert re.search("Unit of North 2 ?: IMO number", words) and "Sea and air, IV: Keep clear" in words
            assert "Look at it and sign" in words
            assert "18.254167" in await browser.get(AT + "/chart")

    asyncio.run(story())


def test_what_is_hidden_in_a_file_is_shown_before_anything_crosses_and_left_out_unless_kept() -> None:
    """Where our people stood is theirs to tell."""

    async def story() -> None:
        async with browsing() as browser:
            form = FormData()
            form.add_field("files", b"\xff\xd8", filename="deck.jpg", content_type="image/jpeg")
            status, text, _ = await browser.post(AT + "/evidence", form)
            assert status == 200
            assert "54.50000, 18.25000" in text and "Camera X" in text
            fields = {"root0": "ab" * 32, "clean0": "cd" * 32, "taken0": "2026-11-22 09:14:30", "source0": "Deck"}
            await browser.post(AT + "/evidence/put", fields)
            assert [one.root for one in browser.samples.put] == ["cd" * 32]
            await browser.post(AT + "/evidence/put", fields | {"keep0": "yes"})
            assert [one.root for one in browser.samples.put] == ["ab" * 32]

    asyncio.run(story())


def test_a_file_that_cannot_be_read_is_named_and_the_others_stay() -> None:
    """One torn picture among sixteen must not send an officer back to choose fifteen good ones again."""

    async def story() -> None:
        async with browsing() as browser:
            form = FormData()
            for name in ("before.jpg", "torn.jpg", "after.jpg"):
                form.add_field("files", b"\xff\xd8" + bytes(200_000), filename=name, content_type="image/jpeg")
            status, text, _ = await browser.post(AT + "/evidence", form)
            assert status == 422
            assert re.findall(r"<legend><bdi[^>]*>([^<]*)", text) == ["before.jpg", "after.jpg"]
            note = plain(text[text.index("not taken in:") :].split("</div>")[0])
            assert "torn.jpg" in note and "could not be read to its end" in note
            assert "The others stay chosen" in note and "before.jpg" not in note

            alone = FormData()
            alone.add_field("files", b"\xff\xd8", filename="torn.jpg", content_type="image/jpeg")
            status, text, _ = await browser.post(AT + "/evidence", alone)
            assert status == 422 and "torn.jpg" in text and 'id="e-files"' in text  # it asks for files again

    asyncio.run(story())


def test_a_wrong_figure_beside_a_file_loses_neither_the_files_nor_a_word() -> None:
    """Sixteen files chosen again at sea, over a link of 2,400 bit/s of patience."""

    async def story() -> None:
        async with browsing() as browser:
            typed = {
                "root0": "ab" * 32, "clean0": "cd" * 32, "keep0": "yes", "taken0": "09:14", "source0": "Deck",
                "root1": "ee" * 32, "clean1": "ee" * 32, "position_m1": "about 25", "note": "Two files",
            }  # fmt: skip
            status, text, _ = await browser.post(AT + "/evidence/put", typed)
            assert status == 422 and "about 25" in plain(text)
            for name in ("root0", "clean0", "taken0", "source0", "root1", "position_m1", "note"):
                assert re.search(rf'name="{name}"[^>]* value="{re.escape(typed[name])}"', text), name
            assert 'name="keep0" value="yes" checked' in text and "54.50000, 18.25000" in text
            status, _, _ = await browser.post(AT + "/evidence/put", typed | {"position_m1": "25"})
            assert status == 303 and [one.root for one in browser.samples.put] == ["ab" * 32, "ee" * 32]

    asyncio.run(story())


def test_a_file_of_theirs_is_shown_as_a_picture_or_saved_and_never_run() -> None:
    """A drawing in SVG can hold a script; it would run as our desk."""

    async def story() -> None:
        async with browsing() as browser:
            _, _, photo = await browser.ask("GET", f"{AT}/files/{'ab' * 32}")
            _, _, drawing = await browser.ask("GET", f"{AT}/files/{'ef' * 32}")
            assert photo["Content-Type"] == "image/jpeg"
            assert drawing["Content-Type"] == "application/octet-stream"
            assert drawing["Content-Disposition"].startswith("attachment")
            assert drawing["X-Content-Type-Options"] == "nosniff"

    asyncio.run(story())


def test_an_incident_is_taken_away_as_paper_and_as_evidence() -> None:
    """What is brought to a meeting, and what convinces somebody who has neither node."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(AT)
            assert f'{AT}/fr.pdf"' in text and f'{AT}/evidence.parley"' in text
            _, _, headers = await browser.ask("GET", AT + "/en.pdf")
            assert headers["Content-Type"] == "application/pdf"
            _, text, headers = await browser.ask("GET", AT + "/evidence.parley")
            assert headers["Content-Disposition"] == 'attachment; filename="incident-north-0-40.parley"'
            assert text.startswith("parley-evidence/1 bundle")
            status, _, _ = await browser.ask("GET", AT + "/xx.pdf")
            assert status == 404

    asyncio.run(story())


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_the_sheet_of_an_incident_has_both_accounts_stands_and_signatures(language: str) -> None:
    """Typst sets what the data say; so the data are looked at, and that they are set. A moment keeps its order in
    Arabic: 2026-11-27 was set as 27-11-2026."""
    sides = shown.Sides(ours="north", our_name="North", theirs="south", their_name="South", line="0" * 32)
    words = Words(language)
    cited = CitingRow(channel="ai-talks", subject="commitment/north/0/50", path="", what="Name points of contact")
    figure = tracks().figures[0]
    data = incident_sheet.data_of(whole(cites=(cited,)), tracks(), sides, words, NOW)
    told = json.dumps(data, ensure_ascii=False)
    for part in (
        "mast height",
        "我方飞机",
        words.plain("incident.stand.law-disputed"),
        "0f" * 32,
        "Noted.",
        "420.0",
        "1.250",
        "Name points of contact (ai-talks commitment/north/0/50)",
        words.plain("incident.tracks.apart"),
        words.plain("incident.tracks.range", low=figure.low_m, high=figure.high_m),
        words.plain(f"incident.tracks.geometry.{figure.geometry}"),
        figure.first.source,
        "line 40: expected a later time",
        incident_paper.own_way(figure.at[:19].replace("T", " ") + "Z"),
    ):
        assert part in told, part
    assert incident_sheet.sheet(whole(), tracks(), sides, words, NOW).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("year", "linked"), [("0000", ["0001"]), ("0001", ["0000", "0002"]), ("2026", ["2025", "2027"]), ("9999", ["9998"])]
)
def test_the_page_of_a_year_leads_to_years_there_are(year: str, linked: list[str]) -> None:
    """A report may state any time; the page before the first year and after the last led to no page."""

    async def story() -> None:
        async with browsing() as browser:
            text = await browser.get(f"/incidents/year/{year}")
            assert re.findall(r'href="/incidents/year/([^"/]*)">([^<]*)<', text) == [(one, one) for one in linked]
            assert f"Incidents of {year}" in plain(text)

    asyncio.run(story())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_year_is_set_on_paper_in_every_language(language: str) -> None:
    """Both sides bring the same counts to the yearly consultation, each in its own language."""
    told = IncidentSamples().incident_year(None, 2026)  # type: ignore[arg-type]
    sides = shown.Sides(ours="north", our_name="North", theirs="south", their_name="South", line="0" * 32)
    assert incident_paper.data_of(told, sides, Words(language), NOW)["mark"] == Words(language).plain(
        "status.line.exercise"
    )
    paper = incident_paper.year(told, sides, Words(language), NOW)
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 5_000
