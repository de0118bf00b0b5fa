"""The demo from outside: two real processes, every step seen, and what it leaves behind can be verified by anybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PARLEY = (sys.executable, "-m", "parley.cli")


def check(file: Path, folder: Path) -> tuple[int, str]:
    """Verify a file from a folder with no Parley data."""
    done = subprocess.run(
        [*PARLEY, "check", str(file)],
        cwd=folder,
        env=os.environ | {"HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


@pytest.mark.processes
def test_the_demo_verifies_all_it_did_and_a_flipped_byte_in_its_evidence_is_refused(tmp_path: Path) -> None:
    """The first thing a newcomer runs; others rely on its exit code and on what it leaves in DIR."""
    out, empty = tmp_path / "out", tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [*PARLEY, "demo", "--script", "--json", "--out", str(out)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert len(told["steps"]) >= 15
    assert (out / "north" / "record.db").exists()
    assert (out / "south" / "record.db").exists()
    evidence = out / "evidence.parley"
    code, words = check(evidence, empty)
    assert (code, "EXERCISE" in words.upper()) == (0, True)

    data = evidence.read_bytes()
    for place in (len(data) // 3, len(data) // 2, len(data) - 100):
        forged = tmp_path / "forged.parley"
        forged.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        code, words = check(forged, empty)
        assert code in (1, 2)
        assert words.strip()

    again = subprocess.run([*PARLEY, "demo", "--script", "--out", str(out)], capture_output=True, text=True)
    assert (again.returncode, "demo.out" in again.stderr) == (1, True)  # nothing of an earlier demo is overwritten
