"""Numbers of ships and aircraft: good and bad ones, as the standards give them."""

from __future__ import annotations

import pytest

from parley.tracks.ids import icao_fault, imo_fault, mmsi_fault, mmsi_kind


@pytest.mark.parametrize(
    "number, kind",
    [
        ("477553000", "ship"), ("003669945", "coast-station"), ("023200000", "group"), ("111232501", "search-aircraft"),
        ("970012345", "search-transmitter"), ("992351000", "aid-to-navigation"), ("982351000", "craft"),
        ("823500000", "handheld"), ("100000000", None), ("200000000", None), ("776000000", None), ("47755300", None),
    ],
)  # fmt: skip
def test_an_mmsi_says_what_it_belongs_to(number: str, kind: str | None) -> None:
    """A ship's report with a buoy's number is worth a flag."""
    assert mmsi_kind(number) == kind


@pytest.mark.parametrize(
    "fault, got",
    [
        (mmsi_fault("477553000"), None), (mmsi_fault("١٢٣٤٥٦٧٨٩"), "digits"), (mmsi_fault("999999999"), "country"),
        (imo_fault("9074729"), None), (imo_fault("9074728"), "check-digit"), (imo_fault("0000000"), "check-digit"),
        (imo_fault("907472"), "digits"), (icao_fault("4CA1FA"), None), (icao_fault("4ca1fa"), "digits"),
        (icao_fault("000000"), "reserved"), (icao_fault("FFFFFF"), "reserved"), (icao_fault("4CA1F"), "digits"),
    ],
)  # fmt: skip
def test_a_fault_of_a_number_is_named(fault: str | None, got: str | None) -> None:
    """A mistyped digit is told while the officer still has the page open."""
    assert fault == got
