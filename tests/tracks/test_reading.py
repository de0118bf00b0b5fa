"""Files of tracks: each form read, and each attacked."""

from __future__ import annotations

import csv
import json
import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from pyais import encode_dict

from parley import limits
from parley.errors import ParleyError, PeerError, Refused
from parley.tracks import Fix, Track
from parley.tracks.collecting import Given
from parley.tracks.jsonlines import line_of
from parley.tracks.reading import read_tracks
from parley.tracks.writing import written

CSV = """# source: Radar of the frigate
# position_m: 25
# clock_s: 0.5
time,mmsi,name,lat,lon,cog,sog
2026-11-23T10:00:00Z,211234560,AURORA,54.5,179.999,90,10
2026-11-23T10:01:00.5Z,211234560,AURORA,54.5,-179.999,90,10
"""
GPX = """<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>AURORA</name><src>Plotter</src><trkseg>
<trkpt lat="54.5" lon="11.2"><ele>3.5</ele><time>2026-11-23T10:00:00Z</time></trkpt>
<trkpt lat="54.6" lon="11.2"><time>2026-11-23T10:01:00Z</time></trkpt>
</trkseg></trk></gpx>
"""
GEOJSON = """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"LineString",
"coordinates":[[11.2,54.5,300],[11.3,54.5,310]]},"properties":{"icao":"4CA2BF","name":"RAVEN","position_m":50,
"source":"ADS-B","times":[1700000000000,"2023-11-14T22:13:30Z"]}}]}"""
SBS = "MSG,3,1,1,4CA2BF,1,2026/11/23,10:00:0%d.000,2026/11/23,10:00:00.000,,35000,,,54.5,11.2,,,0,0,0,0\n"


def ais(second: int, lat: float = 54.5, mmsi: int = 211234560) -> str:
    (line,) = encode_dict({"type": 1, "mmsi": mmsi, "lat": lat, "lon": 11.2, "speed": 10.0, "course": 9.0})
    return f"{1_700_000_000 + second} {line}\n"


def pieces(text: str | bytes, size: int = 700) -> Iterator[bytes]:
    data = text.encode() if isinstance(text, str) else text
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.mark.parametrize(
    "form, text, kind, ids, source, position_m",
    [
        ("csv", CSV, "surface", {"mmsi": "211234560"}, "Radar of the frigate", 25.0),
        ("gpx", GPX, "surface", {}, "Plotter", 10.0),
        ("geojson", GEOJSON, "aircraft", {"icao": "4CA2BF"}, "ADS-B", 50.0),
        ("sbs", SBS % 0 + SBS % 1, "aircraft", {"icao": "4CA2BF"}, "", 10.0),
        ("ais", ais(0) + ais(2), "surface", {"mmsi": "211234560"}, "", 10.0),
    ],
)
def test_each_form_is_known_by_its_bytes_however_they_come(
    form: str, text: str, kind: str, ids: dict[str, str], source: str, position_m: float
) -> None:
    """A file's name is what somebody called it; a socket or a disk cuts where it likes."""
    for size in (1, 4096):
        read = read_tracks(pieces(text, size))
        (track,) = read.tracks
        assert (read.form, track.kind, track.ids, track.source) == (form, kind, ids, source)
        assert (track.error.position_m, len(track.fixes), read.left_out) == (position_m, 2, 0)
        assert track.assumed is (position_m == 10.0)


def test_what_the_caller_states_goes_before_what_the_file_states() -> None:
    """The officer who was there knows the radar better than the plotter's default."""
    given = Given(name="Frigate", kind="other", source="Log", errors={"position_m": 80.0, "clock_s": 3.0})
    (track,) = read_tracks(pieces(CSV), given).tracks
    assert (track.name, track.kind, track.source) == ("Frigate", "other", "Log")
    assert (track.error.position_m, track.error.clock_s, track.assumed) == (80.0, 3.0, False)


@pytest.mark.parametrize(
    "text, code, place",
    [
        (CSV.replace("54.5,179", "95,179"), "tracks.field", "line 5"),
        (CSV.replace("10:01", "09:59"), "tracks.order", "line 6"),
        (CSV.replace("10:01:00.5", "10:00:00"), "tracks.order", "line 6"),
        (CSV.replace("10:00:00Z", "10:00:00"), "tracks.time", "line 5"),
        (CSV.replace("54.5,-", "nan,-"), "tracks.field", "line 6"),
        (CSV.replace("54.5,-", "1e1,-"), "tracks.field", "line 6"),
        (CSV.replace("54.5,-", "٥٤,-"), "tracks.field", "line 6"),
        (CSV.replace("AURORA,54.5,-", '"AURORA,54.5,-'), "tracks.csv", "line 6"),
        (CSV + "1,2\n", "tracks.csv", "line 7"),
        (CSV + "x" * 100_000, "tracks.csv", "line 7"),
        (CSV.replace("position_m: 25", "position_m: -1"), "tracks.error", "line 2"),
        (CSV.replace("sog", "speed_kn,lat"), "tracks.csv", "line 4"),
        (GPX.replace('lat="54.6"', ""), "tracks.xml", "line 4"),
        (GPX.replace("10:01", "10:00"), "tracks.order", "line 4"),
        (GPX.replace("</trkseg>", ""), "tracks.xml", "line 5"),
        (GPX.replace("<time>2026-11-23T10:01:00Z</time>", ""), "tracks.time", "line 4"),
        (GEOJSON.replace("[11.3,54.5,310]", "[11.3,true]"), "tracks.geojson", "[0].geometry.coordinates[1]"),
        (GEOJSON.replace("54.5,310", "91,310"), "tracks.field", "[0].geometry.coordinates[1]"),
        (GEOJSON.replace(',"2023-11-14T22:13:30Z"', ""), "tracks.geojson", "$.features[0]"),
        (GEOJSON.replace("1700000000000", "1700000090000"), "tracks.order", "[0].geometry.coordinates[1]"),
        (GEOJSON.replace('"position_m":50', '"position_m":NaN'), "tracks.geojson", "line 2"),
        (GEOJSON[:-3], "tracks.geojson", "line 1"),
        ("{" + '"a":{' * 100_000, "tracks.geojson", "line 1"),
        ("PK\x03\x04 a zip", "tracks.form", "line 1"),
        ("", "tracks.form", "line 1"),
        ("time,lat,lon\n", "tracks.empty", "at least one fix"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_place(text: str, code: str, place: str) -> None:
    """Half of a track looks like a whole one."""
    with pytest.raises(PeerError) as refused:
        read_tracks(pieces(text))
    assert refused.value.code == code and place in refused.value.sentence, refused.value.sentence
    assert len(refused.value.sentence) < 400


BILLION = '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///hostname">]>'


@pytest.mark.parametrize(
    "text",
    [
        GPX.replace("<gpx", BILLION + "<gpx").replace("AURORA", "&b;"),
        GPX.replace("<gpx", OUTSIDE + "<gpx").replace("AURORA", "&a;"),
        GPX.replace("<gpx", '<!DOCTYPE gpx SYSTEM "http://127.0.0.1:9/x.dtd"><gpx'),
        "<gpx>" + "<a>" * 100_000,
        "<gpx><trkpt lat='" + "1" * 400_000 + "'/></gpx>",
        "<gpx><trk><name>" + "A" * 100_000 + "</name></trk></gpx>",
        "<html><trkpt lat='1' lon='1'/></html>",
        "\x00<gpx>",
        "<" + "a" * 300_000,
    ],
)
def test_xml_that_would_blow_up_or_reach_out_is_refused(text: str) -> None:
    """Track files come from plotters, mail and the other side."""
    with pytest.raises(PeerError) as refused:
        read_tracks(pieces(text, 65_536))
    assert refused.value.code in ("tracks.xml", "tracks.form")


@pytest.mark.parametrize(
    "change", [("coordinates", 1, "east"), ("times", 1, "later"), ("times", 0, True), ("position_m", "near")]
)
def test_a_wrong_place_in_geojson_is_named_by_its_line(change: tuple[Any, ...]) -> None:
    """Who opens the file in an editor looks for a line; a path into ten thousand positions is no help."""
    value: Any = {
        "type": "FeatureCollection", "features": [{
            "type": "Feature",
            "properties": {
                "": "a name that is empty", "times": "given twice: the last one counts", "name": 'a "} [1, : name',
                "position_m": 25, "times2": None, "TIMES": ["2023-11-14T22:13:20Z", "2023-11-14T22:13:30Z"],
            },
            "geometry": {"type": "LineString", "coordinates": [[11.2, 54.5], [11.3, 54.6]]},
        }],
    }  # fmt: skip
    *way, wrong = change
    part: Any = value["features"][0]["geometry" if "coordinates" in way else "properties"]
    way = ["TIMES" if step == "times" else step for step in way]
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = wrong
    text = json.dumps(value, indent=1).replace("TIMES", "times")
    with pytest.raises(PeerError) as refused:
        read_tracks(pieces(text))
    at = refused.value.fields["line"]
    assert isinstance(at, int) and refused.value.sentence.startswith(f"line {at}, $.features[0].")
    assert json.dumps(wrong) in text.splitlines()[at - 1], text.splitlines()[at - 1]


def test_geojson_of_a_million_vertices_is_refused_soon() -> None:
    """By its size, or, where the vertices are short, by their number."""
    long = '{"type":"Feature","geometry":{"type":"LineString","coordinates":[' + "[11.123456,54.123456]," * 1_000_000
    with pytest.raises(Refused) as refused:
        read_tracks(pieces(long, 65_536))
    assert refused.value.code == "tracks.too-much"
    many = ",".join(["[1,2]"] * 1_000_000)
    short = f'{{"type":"Feature","geometry":{{"type":"LineString","coordinates":[{many}]}},"properties":{{}}}}'
    with pytest.raises(PeerError) as wrong:
        read_tracks(pieces(short, 65_536))
    assert wrong.value.code == "tracks.geojson" and "1000000 positions" in wrong.value.sentence
    assert line_of(b"\n\n" + short.encode(), "$") == 3  # and without a walk through all of them


def test_what_stands_beside_the_wrong_value_does_not_shift_its_line() -> None:
    """Brackets within words, lists within lists, a name given twice: the line is that of the value that counts."""
    text = b'{"a": [[1, {"]": "}[\\""}], []],\n "b": {"a": 1},\n "c": [1,\n {"x": [[2]]},\n 3],\n "c": [0,\n {"x": 4}]}'
    assert [line_of(text, path) for path in ("$", "$.a", "$.b.a", "$.c[1].x", "$.c[2]")] == [1, 1, 2, 7, 5]


def test_in_the_log_of_a_receiver_a_wrong_line_is_left_out_and_told() -> None:
    """One damaged sentence in a day's log must not lose the day; nor may it be lost in silence."""
    text = ais(0) + "garbage\n" + ais(2) + ais(2) + ais(1) + ais(2, lat=55.0) + "!" * 9_000 + "\n" + ais(4)
    read = read_tracks(pieces(text))
    assert [fix.at_ms - 1_700_000_000_000 for fix in read.tracks[0].fixes] == [0, 2_000, 4_000]
    assert (read.left_out, read.repeats) == (4, 1)
    assert [fault.split(":")[0] for fault in read.faults] == ["line 2", "line 5", "line 6", "line 7"]


def test_a_long_log_takes_no_more_memory_than_a_short_one_and_says_how_far_it_is() -> None:
    """A receiver's log of a week is a gigabyte."""
    hour = (ais(0, mmsi=211000001) + "".join(ais(second, mmsi=211234560) for second in range(30))).encode()

    def repeated(times: int) -> int:
        told: list[int] = []
        given = Given(only={"211000001"}, progress=told.append)
        tracemalloc.start()
        read = read_tracks((hour for _ in range(times)), given)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(read.tracks) == 1 and told[-1] == times * len(hour) and told == sorted(told)
        return most

    repeated(1)
    assert repeated(40) < repeated(4) + 100_000


def test_too_much_of_a_file_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strait's day is too much to keep; two ships of it are not."""
    monkeypatch.setattr(limits, "TRACK_FILE_FIXES_MAX", 10)
    text = "".join(ais(second, mmsi=211000000 + second % 2) for second in range(40))
    with pytest.raises(Refused) as refused:
        read_tracks(pieces(text))
    assert refused.value.code == "tracks.too-much" and "211000001" in refused.value.sentence
    window = Given(only={"211000001"}, since_ms=1_700_000_010_000, until_ms=1_700_000_014_000)
    assert [len(track.fixes) for track in read_tracks(pieces(text), window).tracks] == [2]


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", '"=1', "a,b;c", "|x", "%0A"]
)
def test_what_is_written_is_read_again_and_no_spreadsheet_runs_it(name: str) -> None:
    """A ship may call itself what it likes; its name ends in somebody's spreadsheet."""
    fixes = (Fix(1_700_000_000_000, 54.5, -179.5, 12.0, 10.0, 3.0), Fix(1_700_000_001_500, 54.5, 179.5))
    track = Track(name=name, kind="surface", ids={"mmsi": "211234560"}, source=name, fixes=fixes)
    text = b"".join(written([track])).decode()
    for row in list(csv.reader(text.splitlines()))[1:]:
        assert all(cell[:1] not in set("=+-@|%\t\r") for cell in (*row[:4], row[-1]))
    (again,) = read_tracks(pieces(text)).tracks
    assert again.fixes == fixes and again.ids == track.ids and again.kind == "surface"


def test_any_bytes_are_read_or_refused() -> None:
    """Nothing but an error of ours, whatever comes."""
    dice = random.Random(5)
    for text in (CSV, GPX, GEOJSON, SBS % 0, ais(0) + ais(2)):
        for _ in range(120):
            data = bytearray(text.encode())
            for _ in range(dice.randrange(1, 4)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                read = read_tracks(pieces(bytes(data)))
            except ParleyError as refused:
                assert refused.code.startswith("tracks.")
            else:
                assert all(-90 <= fix.lat <= 90 for track in read.tracks for fix in track.fixes)


def test_each_track_keeps_its_own_source() -> None:
    """A kept moment has what a mast and a roof heard; the second was shown as heard by the first."""
    csv = (
        "time,id,lat,lon,source\n2026-11-23T10:00:00Z,mmsi-211234560,54.5,18.2,mast\n"
        "2026-11-23T10:00:00Z,icao-4CA2BF,54.6,18.2,roof\n2026-11-23T10:00:09Z,icao-4CA2BF,54.6,18.3,\n"
    )
    assert [one.source for one in read_tracks(pieces(csv)).tracks] == ["mast", "roof"]
    assert [one.source for one in read_tracks(pieces(csv), Given(source="log")).tracks] == ["log", "log"]
    line = '{"type":"Feature","properties":{"id":"%s","source":"%s","times":[1700000000000]},' + (
        '"geometry":{"type":"LineString","coordinates":[[11.2,54.5]]}}'
    )
    both = '{"type":"FeatureCollection","features":[' + line % ("a", "mast") + "," + line % ("b", "roof") + "]}"
    assert [one.source for one in read_tracks(pieces(both)).tracks] == ["mast", "roof"]
