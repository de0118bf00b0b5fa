"""Figures of tracks: the closest approach against an independent library, its band against the truth, and import.

Pairs are shared out over the machine's cores; each figure is of all of them. What is measured on less than the issue
of it asks for says so in its row.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from benchmarks.rows import Row, failed, limit_row

PAIRS: Final = 10_000
_SHARE: Final = 250  # pairs a task
_POSTGIS_MOMENTS: Final = (
    20  # over the time both cover, and as many close by: four million distances would take an hour
)
_FILE_BYTES: Final = 128 * 1024 * 1024
_WHOLE_BYTES: Final = 1024 * 1024 * 1024
SCALES: Final = ((1e5, "100 km", 1.0, "m"), (1e6, "1,000 km", 0.1, "%"))


def rows(only: list[str]) -> Iterator[Row]:
    """Give the rows of this file that are wanted."""
    for name, give in (("error band", _band), ("ais import", _ais), ("closest approach", _approach)):
        if not only or any(word in name for word in only):
            try:
                yield from give()
            except Exception as error:  # a row that could not be measured is said so, and the others go on
                yield failed(name, None, f"{type(error).__name__}: {error}"[:200], ok=None)


def _shared_out(work: Callable[[int], list], count: int) -> list:
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [one for part in pool.map(work, range(count // _SHARE)) for one in part]


# --- the closest approach ---------------------------------------------------------------------------------------------


def _near(number: int) -> list[tuple[float, float, float]]:
    """Give (scale, ours, theirs) of some pairs; theirs is found by looking often, with geographiclib."""
    from tests.tracks.test_approach import by_search, crossing

    from parley.tracks import closest

    dice, found = random.Random(number), []
    for turn in range(_SHARE):
        scale = SCALES[turn % len(SCALES)][0]
        a, b = crossing(dice, scale)
        found.append((scale, closest(a, b).distance_m, by_search(a, b)))
    return found


def _approach() -> Iterator[Row]:
    found = _shared_out(_near, PAIRS)
    for scale, name, limit, unit in SCALES:
        apart = [(abs(ours - theirs), theirs) for at, ours, theirs in found if at == scale]
        worst = max(off if unit == "m" else 100 * off / max(theirs, 1.0) for off, theirs in apart)
        why = f"worst of {len(apart)} random pairs, against geographiclib"
        yield limit_row(f"closest approach at {name}", worst, limit, unit, why=why)
    yield from _by_postgis()


def _by_postgis() -> Iterator[Row]:
    """Where PARLEY_POSTGIS names a database: at the moment we name, and whether it is closer at any other."""
    from tests.tracks import postgis

    if not os.environ.get(postgis.NAMED):
        yield failed("closest approach by PostGIS", None, f"{postgis.NAMED} names no database with PostGIS", ok=None)
        return
    found = _shared_out(_against_postgis, PAIRS)
    for scale, name, limit, unit in SCALES:
        apart = [(off, theirs) for at, off, theirs in found if at == scale]
        worst = max(off if unit == "m" else 100 * off / max(theirs, 1.0) for off, theirs in apart)
        why = f"worst of {len(apart)} random pairs, each looked at in {2 * _POSTGIS_MOMENTS + 3} moments"
        yield limit_row(f"closest approach by PostGIS at {name}", worst, limit, unit, why=why)


def _against_postgis(number: int) -> list[tuple[float, float, float]]:
    """Give (scale, how far off, theirs) of some pairs."""
    from tests.tracks import postgis
    from tests.tracks.test_approach import crossing

    from parley.tracks import closest

    dice = random.Random(number)
    scales = [SCALES[turn % len(SCALES)][0] for turn in range(_SHARE)]
    pairs = [crossing(dice, scale) for scale in scales]
    ours = [closest(a, b) for a, b in pairs]
    theirs = postgis.compared(pairs, ours, _POSTGIS_MOMENTS)
    return [
        (scale, max(abs(at - one.horizontal_m), one.horizontal_m - least), least)
        for scale, one, (at, least) in zip(scales, ours, theirs, strict=True)
    ]


# --- the band ---------------------------------------------------------------------------------------------------------


_CORRELATED: Final = 0.5  # the part of the variance that all fixes of a track share


def _bands(task: tuple[int, int, float]) -> list[tuple[bool, float, float]]:
    from tests.tracks.noisy import CLASSES, measure

    return measure(CLASSES[task[0]], _SHARE, seed=task[1], shared=task[2])


def _band() -> Iterator[Row]:
    from tests.tracks.noisy import CLASSES, judged

    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for at, of in enumerate(CLASSES):
            tasks = [(at, number, 0.0) for number in range(PAIRS // _SHARE)]
            found = judged([one for part in pool.map(_bands, tasks) for one in part])
            ratio = found.width / found.true_width
            yield Row(
                row=f"error band holds the truth, {of.name}", measured=round(found.held, 2), floor=None, limit=94.0,
                unit="%", ok=94.0 <= found.held <= 98.0, why=f"94 to 98 of {PAIRS} noisy pairs",
            )  # fmt: skip
            why = f"median {found.width:.1f} m, true {found.true_width:.1f} m"
            yield limit_row(f"error band width, {of.name}", ratio, 1.3, "x the true 95 % interval", why=why)
        for at, of in enumerate(CLASSES):
            tasks = [(at, number, _CORRELATED) for number in range(PAIRS // _SHARE // 10)]
            found = judged([one for part in pool.map(_bands, tasks) for one in part])
            yield Row(
                row=f"error band holds the truth, {of.name}, correlated", measured=round(found.held, 2), floor=None,
                limit=90.0, unit="%", ok=found.held >= 90.0,
                why=f"{PAIRS // 10} pairs; half of the variance is shared; width {found.width / found.true_width:.2f}",
            )  # fmt: skip


# --- import -----------------------------------------------------------------------------------------------------------


def _ais() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mast.nmea"
        lines = _write(path)
        runs = [_child(path, part) for part in (1, 4)]
    (_, _, little, _), (took, used, most, kept) = runs
    why = (
        f"{lines} sentences of 300 ships, {_FILE_BYTES >> 20} MiB; the tracks of two are kept;"
        f" {lines / used:.0f} a second of processor time"
    )
    yield limit_row("ais import", lines / took, 20_000.0, "sentences/s", least=True, why=why)
    grown = most - little
    why = (
        f"a quarter of the file took {little:.0f} MiB, all of it {most:.0f} MiB, {kept} fixes kept; a 1 GB file was not"
        f" written: it would take {took * _WHOLE_BYTES / _FILE_BYTES:.0f} s at this pace (extrapolated)"
    )
    yield limit_row("ais import memory growth", grown, 16.0, "MiB", why=why)


def _write(path: Path) -> int:
    """Write a log in which 300 ships report in turn; gives how many sentences it has."""
    from pyais import encode_dict

    dice, made = random.Random(4), []
    for number in range(3_000):
        said = {
            "type": dice.choice([1, 1, 1, 3, 18]), "mmsi": 211_000_000 + number % 300, "lat": dice.uniform(54, 55),
            "lon": dice.uniform(18, 20), "course": dice.uniform(0, 359), "speed": dice.uniform(0, 20),
        }  # fmt: skip
        made.append(encode_dict(said, talker_id="AI")[0].encode())
    count = size = 0
    with path.open("wb") as file:
        while size < _FILE_BYTES:
            second = 1_700_000_000 + count // 100
            size += file.write(b"".join(b"%d %s\r\n" % (second + at // 100, line) for at, line in enumerate(made)))
            count += len(made)
    return count


def _child(path: Path, quarters: int) -> tuple[float, float, float, int]:
    """Read a part of the file in a process of its own; gives seconds, those of processor time, MiB, fixes kept."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.military_tracks", str(path), str(path.stat().st_size * quarters // 4)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    took, used, most, kept = ran.stdout.split()
    return float(took), float(used), float(most), int(kept)


def _read(path: Path, size: int) -> None:
    from parley.tracks.collecting import Given
    from parley.tracks.reading import read_tracks

    def pieces() -> Iterator[bytes]:
        left = size
        with path.open("rb") as file:
            while left > 0 and (piece := file.read(min(left, 262_144))):
                left -= len(piece)
                yield piece

    since = 1_700_000_000_000
    given = Given(only={"211000001", "211000002"}, since_ms=since, until_ms=since + 600_000)
    began, used = time.perf_counter(), time.process_time()
    read = read_tracks(pieces(), given)
    took, used = time.perf_counter() - began, time.process_time() - used
    kept = sum(len(track.fixes) for track in read.tracks)
    print(took, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, kept)


if __name__ == "__main__":
    _read(Path(sys.argv[1]), int(sys.argv[2]))
