"""The format pages against the program: every kind of entry is explained with every field that its body may have."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType

import pytest
from tests.reference import ROOT

import parley.subjects
from parley.subjects.kinds import Kind

PAGES = {
    path.name: path.read_text("utf-8") for path in (ROOT / "docs/protocol").glob("*.md") if path.name != "kinds.md"
}
_LINK = re.compile(r"\]\(([a-z-]+\.md)\)")


def kinds() -> dict[str, Kind]:
    """Give the row of every kind, from all tables of the subjects."""
    found = {}
    for module in pkgutil.walk_packages(parley.subjects.__path__, "parley.subjects."):
        for value in vars(importlib.import_module(module.name)).values():
            rows = value if isinstance(value, tuple) else ()
            found |= {row.name: row for row in rows if isinstance(row, Kind)}
    return found


def fields(check: Callable[..., object], seen: set[object]) -> Iterator[str]:
    """Give the names that a body's reader asks its `Reader` for, through the functions it calls."""
    if not isinstance(check, FunctionType) or check in seen or not check.__module__.startswith("parley.subjects"):
        return
    seen.add(check)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(check)))):
        if not isinstance(node, ast.Call):
            continue
        called, first = node.func, node.args[0] if node.args else None
        if isinstance(called, ast.Attribute) and isinstance(first, ast.Constant) and isinstance(first.value, str):
            if re.fullmatch(r"[a-z][a-z_]*", first.value):
                yield first.value
        elif isinstance(called, ast.Name) and called.id in check.__globals__:
            yield from fields(check.__globals__[called.id], seen)
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            module = check.__globals__.get(called.value.id)
            if inspect.ismodule(module):
                yield from fields(getattr(module, called.attr, len), seen)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_is_explained_with_every_field_of_its_body(name: str) -> None:
    """Another implementation must be able to write and read each entry from the pages alone."""
    pages = [text for text in PAGES.values() if f"`{name}`" in text]
    assert pages, f"no page of docs/protocol explains {name}"
    words = "\n".join([*pages, *(PAGES[link] for page in pages for link in _LINK.findall(page) if link in PAGES)])
    missing = {field for field in fields(kinds()[name].check, set()) if not re.search(rf"\b{field}\b", words)}
    assert missing == set()


def test_the_check_of_the_pages_finds_fields() -> None:
    """A check that reads nothing out of the program would always pass."""
    assert {"text", "language", "due", "order"} <= set(fields(kinds()["message.sent"].check, set()))
    assert {"links", "round_trip_us"} <= set(fields(kinds()["line.test"].check, set()))
    assert len(kinds()) > 150
