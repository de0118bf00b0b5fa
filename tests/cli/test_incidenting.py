"""`parley incidents`: what rings is listed, and files go forward with what is stated of them, from two terminals."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.actions.pair import talking, until
from tests.api.test_api import door
from tests.cli.terminals import folder, two_terminals, typed
from tests.codec.test_jpeg import exif, with_parts

from parley.actions import incident_ringing
from parley.subjects.incidents import IncidentView


def test_a_report_rings_at_the_terminal_and_files_say_when_whence_and_how_exact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who sits at a terminal must hear of a report as a desk does, and say of a file what the desk's form asks."""
    photo, tracks = tmp_path / "deck.jpg", tmp_path / "north.csv"
    photo.write_bytes(with_parts(exif()))
    broken, packed = tmp_path / "bow.mp4", tmp_path / "log.pdf"
    broken.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\1\0moov")
    packed.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Author(Name Person)>>\nendobj\ntrailer<</Encrypt 8 0 R/Info 1 0 R>>")
    tracks.write_text("time,lat,lon\n2026-11-23T09:14:30Z,54.5,18.2\n")

    async def story() -> None:
        async with two_terminals(tmp_path, capsys) as (_, south, terminals):

            async def run(person: str, *words: str) -> tuple[int, str]:
                return await terminals.run(person, "incidents", *words)

            at = ("--channel", "leaders")
            said = (await run("edda", "report", *at, "--what", "A pass.", "--place", "54.5 18.2", "--json"))[1]
            subject = json.loads(said)["subject"]

            def view() -> IncidentView | None:
                found = south.node.book.view("leaders", subject)
                return found if isinstance(found, IncidentView) else None

            await until(lambda: incident_ringing.unseen_reports(south.node, south["samira"]))
            code, said = await run("samira", "unseen")
            assert code == 0 and subject in said and "leaders" in said
            assert (await run("samira", "seen", subject, *at))[0] == 0
            assert subject not in (await run("samira", "unseen"))[1]

            stated = ("--source", "Own receiver", "--taken", "2026-11-23 09:14")
            errors = ("--error", "position_m=25", "--error", "clock_s=0.5")
            code, said = await run("edda", "evidence", subject, *at, "--attach", str(tracks), *stated, *errors)
            assert code == 0, said
            code, said = await run("edda", "evidence", subject, *at, "--attach", str(photo))
            assert code == 0 and "taken out of the copy" in said and "place 54" in said, said
            for hides in (broken, packed):  # it is said, and nothing crosses before a person decides
                code, said = await run("edda", "evidence", subject, *at, "--attach", str(hides))
                assert code == 1 and "cli.hidden" in said and hides.name in said, said
                code, said = await run("edda", "evidence", subject, *at, "--attach", str(hides), "--as-it-is")
                assert code == 0 and "crosses as it is" in said, said
            await until(lambda: (found := view()) and len(found.evidence) == 4)
            found = view()
            assert found is not None
            file, picture, *_ = found.evidence
            assert (file.source, file.taken) == ("Own receiver", "2026-11-23T09:14:00.000Z")
            assert dict(file.errors) == {"position_m": "25.0", "clock_s": "0.5"}
            assert picture.size == len(with_parts())  # where it was taken stays on this side
            code, said = await run("edda", "check", "--what", "A pass.", "--place", "54.5 18.2")
            assert code == 0 and "of 1350 bytes" in said and "{" not in said
            code, said = await run("samira", "year")  # without a year, the one that it is
            assert code == 0 and "{" not in said, said
            for part in ("Incidents of 2", "-12", "by them", "open", "account", "not yet", subject):
                assert part in said, part
            year = said.split()[2][:4]
            assert json.loads((await run("samira", "year", year, "--json"))[1])["year"] == int(year)
            for wrong in ("26", "next/../all"):
                code, said = await run("samira", "year", wrong)
                assert code == 2 and "four digits" in said, said
            code, said = await run("edda", "evidence", subject, *at, "--attach", str(tracks), "--error", "near")
            assert code == 2 and "position_m=25" in said
            code, said = await run("edda", "evidence", subject, *at, "--attach", str(tracks), "--error", "x=1")
            assert code == 1 and "incidents.form" in said

    asyncio.run(story())


def test_names_of_places_are_loaded_listed_and_taken_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Our chart, our names: by whoever keeps the node, for whoever reads it."""
    file = tmp_path / "names.geojson"
    feature = {
        "type": "Feature",
        "properties": {"name": "Fehmarnsund"},
        "geometry": {"type": "Point", "coordinates": [11, 54]},
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))

    async def story() -> None:
        async with talking() as (north, _), door(north) as here:
            data = folder(tmp_path / "n", here.base, here.tokens)

            async def run(person: str, *words: str) -> tuple[int, str]:
                return await typed(capsys, data, person, "places", *words)

            code, said = await run("admin", str(file))
            assert (code, "1 names are on our charts" in said) == (0, True), said
            assert "Fehmarnsund" in (await run("edda"))[1]
            file.write_text("{")
            code, said = await run("admin", str(file))
            assert (code, "line 1: this is not JSON" in said) == (1, True)
            assert (await run("admin", "--clear"))[0] == 0 and "Fehmarnsund" not in (await run("edda"))[1]

    asyncio.run(story())
