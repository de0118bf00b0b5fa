"""`bundle`: one folder from which a machine without a network sets up a node. Made where there is a network.

Owns: what goes in (wheels named by the lock file with their hashes, our wheel, the pages, install.sh,
the unit, checksums).
Does not own: the release's signature; whoever carries the folder compares the checksum of SHA256SUMS.
Always true:
  1. A wheel whose hash is not in the lock file does not go in; install.sh asks for every hash again.
  2. An existing folder is not touched.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from argparse import Namespace
from importlib import resources
from pathlib import Path
from typing import Any, Final

import parley
from parley.cli.output import print_done
from parley.errors import Refused, Unavailable

_NAME: Final = "parley-line"
_TIMEOUT_S: Final = 900


def bundle(chosen: Namespace) -> int:
    """Make the folder."""
    out: Path = chosen.out
    if out.exists():
        raise Refused("bundle.exists", f"{out} is there already; choose another folder")
    root = Path(__file__).parents[3]
    if not (root / "uv.lock").exists():
        raise Refused("bundle.checkout", "a bundle is made from a checkout, whose uv.lock names every wheel and hash")
    work = out.with_name(out.name + ".new")
    shutil.rmtree(work, ignore_errors=True)
    (work / "wheels").mkdir(parents=True)
    try:
        with tempfile.TemporaryDirectory(prefix="parley-bundle-") as folder:
            python = _fresh_python(Path(folder))
            ours = chosen.wheel or _build(python, root, Path(folder))
            requirements = requirements_of(root / "uv.lock")
            (work / "requirements.txt").write_text("\n".join(requirements) + "\n", encoding="utf-8")
            _run(
                [python, "-m", "pip", "download", "--quiet", "--require-hashes", "--only-binary=:all:", "--no-deps",
                 "--dest", work / "wheels", "-r", work / "requirements.txt"],
                "the wheels could not be fetched; is the package index in reach?",
            )  # fmt: skip
            shutil.copy2(ours, work / "wheels")
        own = f"{_NAME}=={_version(ours)} --hash=sha256:{_sha256(work / 'wheels' / ours.name)}"
        with (work / "requirements.txt").open("a", encoding="utf-8") as lines:
            lines.write(own + "\n")
        for name in ("install.sh", "parley.service", "README.txt"):
            text = resources.files("parley.cli").joinpath("site", name).read_text(encoding="utf-8")
            (work / name).write_text(text.replace("@VERSION@", parley.__version__), encoding="utf-8")
        (work / "install.sh").chmod(0o755)
        shutil.copytree(root / "docs", work / "docs")  # where it is installed there is nothing to look things up in
        sums = write_sums(work)
        work.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    digest = _sha256(out / "SHA256SUMS")
    return print_done(
        chosen,
        {"bundle": str(out), "files": len(sums), "sha256sums": digest},
        f"{out}: {len(sums)} files. Read this aloud to whoever installs it:\n  {digest}  SHA256SUMS",
    )


def requirements_of(lock: Path) -> list[str]:
    """Give "name==version --hash=…" for everything our package needs, as the lock file has it."""
    packages: dict[str, dict[str, Any]] = {
        each["name"]: each for each in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    }
    lines: list[str] = []
    seen: set[str] = set()
    waiting: list[tuple[str, str]] = [
        (each["name"], each.get("marker", "")) for each in packages[_NAME].get("dependencies", [])
    ]
    while waiting:
        name, marker = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        package = packages[name]
        hashes = " ".join(f"--hash={wheel['hash']}" for wheel in package.get("wheels", []))
        if not hashes:
            raise Refused("bundle.no-wheel", f"{name} has no wheel in the lock file; it cannot go into a bundle")
        lines.append(f"{name}=={package['version']}" + (f" ; {marker}" if marker else "") + f" {hashes}")
        waiting += [(each["name"], each.get("marker", marker)) for each in package.get("dependencies", [])]
    return sorted(lines)


def write_sums(folder: Path) -> list[str]:
    """Write SHA256SUMS over every file of a folder, in the form `sha256sum -c` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}" for path in files]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def _fresh_python(folder: Path) -> Path:
    """Give a Python with pip of its own: the one we run in may have none."""
    try:
        venv.create(folder / "venv", with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        raise Unavailable("bundle.venv", "python3 cannot make an environment here; on Debian: python3-venv") from None
    return folder / "venv" / "bin" / "python"


def _build(python: Path, root: Path, folder: Path) -> Path:
    _run(
        [python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "own", root],
        "our own wheel could not be built",
    )
    return next((folder / "own").glob("*.whl"))


def _run(command: list[Any], otherwise: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [str(each) for each in command], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable("bundle.fetch", otherwise) from None
    if done.returncode != 0:
        print(done.stderr.strip(), file=sys.stderr)
        raise Unavailable("bundle.fetch", otherwise)


def _version(wheel: Path) -> str:
    return wheel.name.split("-")[1]


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
