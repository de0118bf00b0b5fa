"""Bytes of a receiver: whole lines in any pieces, and everything else counted and forgotten."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from pyais import encode_dict

from parley import limits
from parley.live import Ears

SBS = b"MSG,3,1,1,4CA2BF,1,2026/11/23,03:00:00.000,2026/11/23,03:00:00.000,,35000,,,54.5,11.2,,,0,0,0,0\r\n"


def ais(**more: object) -> bytes:
    told = {"type": 1, "mmsi": 244660000, "lat": 54.5, "lon": 11.25, "course": 90.0, "speed": 10.0} | more
    return b"".join(line.encode() + b"\r\n" for line in encode_dict(told, radio_channel="A", talker_id="AI"))


def test_a_position_is_read_however_the_bytes_are_cut() -> None:
    """TCP has no lines."""
    stream = ais() + ais(type=5, shipname="AURORA") + ais(type=18, mmsi=1)
    whole = Ears("ais").hear(stream)
    ears = Ears("ais")
    pieces = [report for at in range(len(stream)) for report in ears.hear(stream[at : at + 1])]
    assert pieces == whole
    assert [(report.id, report.lat, report.name) for report in whole] == [
        ("mmsi-244660000", 54.5, ""), ("mmsi-244660000", None, "AURORA"), ("mmsi-000000001", 54.5, ""),
    ]  # fmt: skip
    assert ears.wrong == 0


def test_an_aircraft_is_read_from_sbs() -> None:
    """The form of the receivers that are most in use."""
    [report] = Ears("sbs").hear(SBS)
    assert (report.id, report.kind, report.lat, report.height_m) == ("icao-4CA2BF", "aircraft", 54.5, 10668.0)


def test_a_ship_that_does_not_know_where_it_is_has_no_position() -> None:
    """91 and 181 degrees mean "not available": drawn, they would be a ship beyond the pole."""
    assert Ears("ais").hear(ais(lat=91.0, lon=181.0)) == []


def test_wrong_lines_are_counted_and_do_not_stop_the_next() -> None:
    """A checksum, a number, an id: each wrong once."""
    ears = Ears("ais")
    good = ais()
    assert len(ears.hear(good.replace(b"*", b"0*") + b"garbage\n\xff\xfe\n" + good)) == 1
    assert ears.wrong == 3
    sbs = Ears("sbs")
    wrong = [
        SBS.replace(b"54.5", b"inf"),
        SBS.replace(b"54.5", b"95"),
        SBS.replace(b"4CA2BF", b"<b>"),
        SBS.replace(b"11.2", b"1e309"),
    ]
    assert sbs.hear(b"".join(wrong)) == []
    assert sbs.wrong == 4


def test_a_line_without_end_costs_nothing_and_the_next_one_is_heard() -> None:
    """A megabyte without a line end, in one piece or in many."""
    ears = Ears("ais")
    for _ in range(64):
        assert ears.hear(b"!" * 16_384) == []
        assert len(ears._rest) <= limits.FEED_LINE_BYTES_MAX
    assert ears.hear(b"\n" + ais())
    assert ears.wrong == 1


def test_messages_that_never_become_whole_are_bounded() -> None:
    """First parts alone, with every sequence id."""
    first = ais(type=5, shipname="X").split(b"\r\n")[0]
    ears = Ears("ais")
    for number in range(10_000):
        body = first[1:].split(b"*")[0].split(b",")
        body[3] = str(number).encode()
        line = b",".join(body)
        total = 0
        for byte in line:
            total ^= byte
        ears.hear(b"!" + line + b"*%02X\n" % total)
    decoder = ears._read.__self__._decoder  # type: ignore[attr-defined]
    assert len(decoder._parts) <= limits.AIS_PARTS_HELD_MAX


@given(st.binary(max_size=400), st.sampled_from(["ais", "sbs"]), st.integers(0, 2**32))
def test_any_bytes_are_heard_without_an_error(data: bytes, form: str, seed: int) -> None:
    """Whatever comes: reports on the earth, or none. Also good lines with bytes changed."""
    dice = random.Random(seed)
    for stream in (data, _spoilt(ais() + SBS, dice)):
        ears = Ears(form)  # type: ignore[arg-type]
        for report in [*ears.hear(stream + b"\n"), *ears.hear_packet(stream)]:
            assert report.lat is None or -90 <= report.lat <= 90
            assert report.lon is None or -180 <= report.lon <= 180


def _spoilt(stream: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(stream)
    for _ in range(3):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)
