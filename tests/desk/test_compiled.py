"""Templates are compiled once, not at each start; a folder that cannot be written costs time, never a page."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment

from parley.desk import render
from parley.desk.render import Compiled, Renderer

NAMES = {"greeting.html": "Good morning, {{ who }}."}


class Counted(Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *given: Any, **named: Any) -> Any:
        self.compiled += 1
        return super().compile(*given, **named)


def environment(folder: Path, templates: dict[str, str] = NAMES) -> Counted:
    return Counted(loader=DictLoader(templates), bytecode_cache=Compiled(folder), autoescape=True)


def greeting(made: Environment) -> str:
    return made.get_template("greeting.html").render(who="North")


def test_a_template_is_compiled_once_for_all_starts(tmp_path: Path) -> None:
    first, second = environment(tmp_path / "kept"), environment(tmp_path / "kept")
    assert greeting(first) == greeting(second) == "Good morning, North."
    assert (first.compiled, second.compiled) == (1, 0)


def test_a_template_that_has_changed_is_compiled_again(tmp_path: Path) -> None:
    greeting(environment(tmp_path))
    changed = environment(tmp_path, {"greeting.html": "Good night, {{ who }}."})
    assert greeting(changed) == "Good night, North."
    assert changed.compiled == 1


def test_what_a_power_cut_left_of_it_is_compiled_again(tmp_path: Path) -> None:
    """It is renamed into place unsynced, so any beginning of it may be all that is there afterwards."""
    greeting(environment(tmp_path))
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for left in (*(whole[:size] for size in range(len(whole))), b"not what was compiled"):
        kept.write_bytes(left)
        again = environment(tmp_path)
        assert greeting(again) == "Good morning, North."
        assert again.compiled == 1


def test_where_nothing_can_be_kept_the_page_is_drawn_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands where the folder should be")
    made = environment(tmp_path / "taken")
    assert greeting(made) == "Good morning, North."
    assert made.compiled == 1


def test_pages_that_the_disk_keeps_are_not_held_in_memory_until_somebody_asks() -> None:
    """A node at whose desk nobody sits is small; what the first page needs is read then."""
    render._environment.cache_clear()
    desk = Renderer()
    asyncio.run(desk.get_ready())
    assert desk._environment.cache is not None
    assert len(desk._environment.cache) == 0
    desk._environment.get_template("signin.html")
    assert len(desk._environment.cache) > 0


def test_the_mark_of_what_is_kept_changes_with_any_page(tmp_path: Path) -> None:
    """A page of another version is never taken for compiled."""
    kept, pages = Compiled(tmp_path), ["a.html Good day.", "b.html Good night."]
    assert kept.mark(pages) == kept.mark(list(pages))
    assert kept.mark(pages) != kept.mark([pages[0], "b.html Good day."])
