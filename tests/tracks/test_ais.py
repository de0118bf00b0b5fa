"""AIS sentences against pyais's own encoder and decoder, and against what a hostile antenna sends."""

from __future__ import annotations

import random

import pytest
from pyais import decode, encode_dict

from parley.errors import PeerError
from parley.tracks.ais import AisDecoder

AT = 1_700_000_000_000
GOOD = b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"


def test_what_is_read_is_what_an_independent_decoder_reads() -> None:
    """Our few lines are quick; they must not be a second opinion."""
    dice, decoder = random.Random(2), AisDecoder()
    for number in range(200):
        kind = dice.choice([1, 2, 3, 9, 18, 19, 27, 5, 24])
        said = {
            "msg_type": kind, "mmsi": dice.randrange(201_000_000, 775_999_999), "partno": 0,
            "lat": dice.uniform(-90, 90), "lon": dice.uniform(-180, 180), "course": dice.uniform(0, 359),
            "speed": dice.uniform(0, 60), "alt": dice.randrange(4000), "shipname": f"SHIP {number}",
        }  # fmt: skip
        parts = encode_dict(said, talker_id="AI", sentence_type="VDM")
        seen = [each for part in parts for each in decoder.feed(part.encode(), heard_ms=AT)]
        theirs = decode(*parts)
        assert seen and all(each.id == f"{theirs.mmsi:09d}" for each in seen)
        for each in seen:
            if each.fix:
                assert abs(each.fix.lat - theirs.lat) < 2e-6 and abs(each.fix.lon - theirs.lon) < 2e-6
                assert abs((each.fix.course or 0) - theirs.course) < 0.06
                assert abs((each.fix.speed_mps or 0) * 3600 / 1852 - theirs.speed) < 0.06
        if kind in (5, 19, 24):
            assert any(each.name == f"SHIP {number}" for each in seen)


@pytest.mark.parametrize(
    "line", [b"1700000000 " + GOOD, GOOD + b",r003669945,1700000000", b"2023-11-14T22:13:20Z " + GOOD]
)
def test_the_time_a_log_writes_is_taken(line: bytes) -> None:
    """A position report carries no date; the receiver's log does."""
    (seen,) = AisDecoder().feed(line)
    assert seen.fix and seen.fix.at_ms == AT


@pytest.mark.parametrize(
    "line, code",
    [
        (GOOD, "tracks.time"),
        (GOOD[:-1] + b"D", "tracks.checksum"),
        (b"MSG,3", "tracks.sentence"),
        (b"!AIVDM,1,1,,B,*00", "tracks.sentence"),
        (b"!" + b"A" * 5_000_000, "tracks.sentence"),
        (b"\xff\xfe!\x00*", "tracks.sentence"),
        (b"-5 " + GOOD, "tracks.time"),
        (b"9999999999999 " + GOOD, "tracks.time"),
    ],
)
def test_a_bad_sentence_is_refused_and_the_next_is_read(line: bytes, code: str) -> None:
    """One damaged sentence must neither stop a watch nor move a ship."""
    decoder = AisDecoder()
    with pytest.raises(PeerError) as refused:
        decoder.feed(line)
    assert refused.value.code == code and len(refused.value.sentence) < 300
    assert len(decoder.feed(GOOD, heard_ms=AT)) == 1
