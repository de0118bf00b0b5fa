"""Imports go one way, and the cores stay plain: read from the source, so that a wrong import fails before review.

The order of the rooms, from the top: cli, demo → sim → desk, api → actions → node → storage, transports, line →
people, subjects → storage.port → record, link → identity → codec → errors, limits, times. docs/design.md, "Map",
gives the reasons.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from tests import reference

SOURCE: Final = Path(__file__).parents[1] / "src"
PACKAGE: Final = SOURCE / "parley"
# The height of each room; an import must go down, or stay in its own room.
RANKS: Final = {
    "errors": 0, "limits": 0, "times": 0,
    "codec": 1, "land": 1,
    "identity": 2, "statements": 2, "tracks": 2,
    "record": 3, "link": 3, "live": 3,
    "storage.port": 4,  # rows and the Protocol alone: data that the rooms above and the disk agree on
    "people": 5, "subjects": 5,
    "line": 6, "storage": 6, "transports": 6,
    "node": 7,
    "actions": 8,
    "desk": 9, "api": 9,
    "sim": 10,
    "cli": 11, "demo": 11,  # they start everything else
}  # fmt: skip
# errors is beneath its two neighbours; limits needs nothing.
WITHIN_A_RANK: Final = {("times", "errors")}
CORES: Final = frozenset(
    {"codec", "identity", "land", "live", "record", "link", "line", "subjects", "people", "statements", "tracks"}
)
# Doors to the world that no core may open (promise 11). Files are read and written by storage, transports and doors;
# identity keeps key files, and record's evidence streams through open files handed to it.
WORLD: Final = frozenset(
    {"socket", "ssl", "asyncio", "select", "threading", "subprocess", "multiprocessing", "sqlite3", "apsw"}
    | {"time", "random", "uuid", "aiohttp", "jinja2"}
)
CLOCKS_AND_DICE: Final = frozenset(
    {("os", "urandom"), ("os", "getrandom"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
)
# Where identity makes what must not be guessed: keys, nonces, salts. Nothing of it runs in a replayed world.
KEY_FILES: Final = "identity/keyfiles.py"
MAKERS: Final = ("generate", "new_", "make_", "fresh", "seal", "save", "wrap", "lock")


def room_of(module: str) -> str | None:
    """Give the room of a module of ours ("parley.storage.port" is a room of its own), None for the package itself."""
    parts = module.split(".")
    if parts[0] != "parley" or len(parts) == 1:
        return None
    return "storage.port" if parts[1:3] == ["storage", "port"] else parts[1]


@cache
def trees() -> dict[Path, ast.Module]:
    return {PACKAGE / name: tree for name, tree in reference.trees().items()}


def module_of(path: Path) -> str:
    parts = list(path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """Give every module that a file imports, wherever in it, with the line."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    package = module_of(path).split(".") if path.name == "__init__.py" else module_of(path).split(".")[:-1]
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module.split(".") if node.module else [])])
            # `from parley import limits` and `from parley.storage import port` import modules
            yield from ((f"{origin}.{alias.name}" if is_module(origin, alias.name) else origin, node.lineno)
                        for alias in node.names)  # fmt: skip


@cache
def is_module(package: str, name: str) -> bool:
    folder = SOURCE / Path(*package.split("."))
    return (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists()


# What the line channel lays down (rosters, channels, rules' version): the one thing a rule of any subject may read.
LINE_SUBJECT: Final = "standing"
FILES: Final = sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_imports_go_one_way(path: Path) -> None:
    """A record that knew of links, or a rule that knew of the web, could not be judged or replayed alone."""
    own = room_of(module_of(path))
    if own is None or path.name == "__main__.py":
        return
    assert own in RANKS, f"a new room, {own}: give it a place in RANKS and in docs/design.md"
    for module, line in imports(path):
        other = room_of(module)
        if other is None or other == own or (own, other) in WITHIN_A_RANK:
            continue
        if own == "storage.port" and other == "storage":
            continue
        assert other in RANKS, f"{shown(path)}:{line} imports an unknown room {module}"
        if own == "storage" and other == "storage.port":
            continue
        assert RANKS[other] < RANKS[own], f"{shown(path)}:{line}: {own} must not import {other}"


@pytest.mark.parametrize("path", [p for p in FILES if (room_of(module_of(p)) or "") in CORES], ids=shown)
def test_a_core_opens_no_door_to_the_world(path: Path) -> None:
    """Promise 11: with a clock, dice or I/O of its own a core could not be replayed from a seed."""
    for module, line in imports(path):
        assert module.split(".")[0] not in WORLD, f"{shown(path)}:{line}: a core imports {module}"
    own = room_of(module_of(path))
    allowed = maker_lines(trees()[path], everywhere=shown(path) == KEY_FILES) if own == "identity" else set()
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.Attribute):
            base = node.value
            name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
            if (name, node.attr) in CLOCKS_AND_DICE or name == "secrets":
                assert node.lineno in allowed, f"{shown(path)}:{node.lineno}: a core uses {name}.{node.attr}"
    if own != "identity":
        names = {module.split(".")[0] for module, _ in imports(path)}
        assert "secrets" not in names, f"{shown(path)}: a core imports secrets"


def maker_lines(tree: ast.Module, *, everywhere: bool) -> set[int]:
    """Give the lines of functions that make keys, nonces or salts."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (everywhere or any(word in node.name for word in MAKERS)):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_only_identity_and_transports_touch_cryptography(path: Path) -> None:
    """One place to look when a primitive must change, and nowhere a second, weaker check."""
    own = room_of(module_of(path))
    for module, line in imports(path):
        top = module.split(".")[0]
        if top == "cryptography":
            assert own in {"identity", "transports"}, f"{shown(path)}:{line} imports {module}"
        if top == "OpenSSL":
            assert own == "transports", f"{shown(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", [p for p in FILES if shown(p).startswith("subjects/")], ids=shown)
def test_subjects_do_not_import_one_another(path: Path) -> None:
    """They refer by entry id; what joins two of them is put together in actions/. The book joins them all."""
    parts = path.relative_to(PACKAGE / "subjects").parts
    if len(parts) == 1:
        return
    for module, line in imports(path):
        if module.startswith("parley.subjects."):
            other = module.split(".")[2]
            folder = (PACKAGE / "subjects" / other).is_dir()
            fine = not folder or other in {parts[0], LINE_SUBJECT}
            assert fine, f"{shown(path)}:{line}: {parts[0]} imports {other}"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_module_opens_with_its_words_and_stays_small(path: Path) -> None:
    """A reader of the other side must see at once what a file owns; near 500 lines look for a seam."""
    tree = trees()[path]
    if tree.body:
        assert ast.get_docstring(tree), f"{shown(path)} opens without a docstring"
    assert len(path.read_text("utf-8").splitlines()) <= 520, f"{shown(path)} is too long to be read in one go"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_no_error_is_swallowed_whole(path: Path) -> None:
    """Promise 10: `except Exception` with nothing but a pass or a log line hides a failed check."""
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{shown(path)}:{node.lineno}: a bare except"
            broad = isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            empty = all(isinstance(part, ast.Pass | ast.Continue) for part in node.body)
            assert not (broad and empty), f"{shown(path)}:{node.lineno}: every error is swallowed"
