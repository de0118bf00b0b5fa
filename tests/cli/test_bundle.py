"""The folder that installs a node without a network: what goes in, and what its checksums refuse."""

from __future__ import annotations

import re
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from parley.cli.bundle import requirements_of, write_sums

ROOT = Path(__file__).parents[2]
SITE = Path(str(resources.files("parley.cli") / "site"))


def test_everything_the_program_needs_is_named_with_its_hashes() -> None:
    """A wheel that was exchanged on its way must not be installed: pip asks for every hash."""
    lines = requirements_of(ROOT / "uv.lock")
    names = {line.split("==")[0] for line in lines}
    assert {"aiohttp", "apsw", "cryptography", "cffi", "jinja2", "msgspec", "pyopenssl", "segno", "yarl"} <= names
    assert not names & {"pytest", "mypy", "ruff", "parley-line"}
    for line in lines:
        assert re.fullmatch(r"[a-z0-9_.-]+==\S+( ; [^-].*?)?( --hash=sha256:[0-9a-f]{64})+", line), line


def test_the_installer_refuses_a_folder_that_is_not_as_it_was_made(tmp_path: Path) -> None:
    """The stick may have been in other hands."""
    for name in ("install.sh", "parley.service", "README.txt"):
        (tmp_path / name).write_text((SITE / name).read_text().replace("@VERSION@", "0"))
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").write_bytes(b"a")
    write_sums(tmp_path)
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True)
    (tmp_path / "wheels" / "a.whl").write_bytes(b"b")
    prefix = tmp_path / "opt"
    done = subprocess.run(
        ["sh", str(tmp_path / "install.sh"), "--no-system", "--prefix", str(prefix)], capture_output=True, text=True
    )
    assert done.returncode == 3
    assert "nothing was installed" in done.stderr
    assert not prefix.exists()


@pytest.mark.parametrize("name", ["install.sh"])
def test_the_scripts_are_plain_posix_shell(name: str) -> None:
    """The machine may have nothing but /bin/sh."""
    subprocess.run(["sh", "-n", str(SITE / name)], check=True)
    assert (SITE / name).read_text().startswith("#!/bin/sh\n")


def test_the_unit_runs_as_a_user_of_its_own_and_writes_nothing_but_its_data() -> None:
    """A node that was broken into must not reach the rest of the machine."""
    unit = (SITE / "parley.service").read_text()
    for line in ("User=parley", "ProtectSystem=strict", "ReadWritePaths=@DATA@", "NoNewPrivileges=yes", "UMask=0077"):
        assert line in unit.splitlines()
