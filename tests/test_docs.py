"""Docs that fail when they lie: codes, commands, routes, kinds, events, settings, bounds, examples have their words."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.reference import PACKAGE, PAGES, ROOT, calls, commands, entry_kinds, error_codes, trees

ERRORS: Final = ("ParleyError", "OurMistake", "PeerError", "Unavailable", "Refused", "need", "refuse")
# What has the form of an error code and is none: names of files, modules, settings, persons of the demo and simulation.
NOT_CODES: Final = re.compile(
    r"(parley|aiohttp|route|private|fold)\..*|[a-z]\..*|.*\.(html|toml|key|json|db|card|carry|txt|ics|geojson|xml|parley|css|js|py|local|pem|sh|lock|typ)"
)
PAGES_WRITTEN: Final = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")]
    if path.is_file()
)


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def codes_told() -> set[str]:
    return set(re.findall(r"^\| `([a-z0-9.-]+)` \|", text("docs/errors.md"), re.MULTILINE))


def codes_raised() -> set[str]:
    """Give the codes that stand as the first argument where an error is made."""
    return {
        node.args[0].value
        for name in ERRORS
        for _, node in calls(name)
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    } | {
        node.args[1].value
        for _, node in calls("need")
        if len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)
    }


def test_every_error_code_has_its_words() -> None:
    """An operator at night looks up the code; it must be there."""
    catalogue = set(json.loads((PACKAGE / "desk/strings/en.json").read_text("utf-8")))
    shaped = {
        code
        for code, files in error_codes().items()
        if not NOT_CODES.fullmatch(code)
        and code not in catalogue
        and not all(file.startswith("sim/") for file in files)
    }
    raised = {code for code in codes_raised() if "." in code}
    assert sorted((shaped | raised) - codes_told()) == []


def test_no_error_code_is_told_that_is_gone() -> None:
    """A code that nothing raises makes a reader look for a fault that cannot be."""
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert [code for code in sorted(codes_told()) if f'"{code}"' not in source] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_from_the_program_is_the_programs(page: str) -> None:
    """`python -m tests.reference` writes these pages again after a command, route or kind has changed."""
    assert text(page) == PAGES[page]()


def test_every_kind_of_entry_is_explained_in_a_format_page() -> None:
    """Another implementation must be able to write each kind from the pages alone."""
    pages = "\n".join(
        path.read_text("utf-8") for path in (ROOT / "docs/protocol").glob("*.md") if path.name != "kinds.md"
    )
    assert [kind for kind in entry_kinds() if f"`{kind}`" not in pages] == []


def test_every_event_is_told() -> None:
    """Programs build on events; one that is not written down will be changed without a thought."""
    page = text("docs/events.md")
    kinds = {
        keyword.value.value
        for path, call in calls("Event")
        if path.startswith("node/")
        for keyword in call.keywords
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant)
    }
    assert kinds
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in page] == []


def test_every_setting_is_told() -> None:
    """A site writes its dozen lines from this page; an unknown one stops the start."""
    from parley.node.config import _SETTINGS

    page = text("docs/operating/settings.md")
    assert [name for name in sorted(_SETTINGS) if f"`{name}`" not in page] == []


def test_every_bound_has_its_reason() -> None:
    """A number without a reason is changed by the next person in a hurry."""
    lines = (PACKAGE / "limits.py").read_text("utf-8").splitlines()
    reason = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#") or "  # " in line:
            reason = True
        elif not line.strip():
            reason = False
        if re.match(r"[A-Z_0-9]+: Final", line):
            assert reason, f"limits.py:{number}: say why above it"


def test_every_dependency_has_its_reason() -> None:
    """Each package is somebody else's power over the node."""
    import tomllib

    project = tomllib.loads(text("pyproject.toml"))
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    page = text("docs/dependencies.md").lower()
    assert [name for name in (re.split(r"[<>=\[]", item)[0] for item in named) if name not in page] == []
    locked = {package["name"]: package["version"] for package in tomllib.loads(text("uv.lock"))["package"]}
    for item in project["project"]["dependencies"]:
        name = re.split(r"[<>=\[]", item)[0]
        assert f"{name} {locked[name]}" in page, f"docs/dependencies.md names another version of {name}"


@pytest.mark.parametrize("path", PAGES_WRITTEN, ids=shown)
def test_a_link_between_pages_leads_somewhere(path: Path) -> None:
    """A dead link in the page about restoring is found at the worst hour."""
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), f"{shown(path)}: {target}"


def examples() -> list[tuple[str, str]]:
    """Give each command line shown as an example: `$ ./run …` or `$ parley …`, with its page."""
    found = []
    for path in PAGES_WRITTEN:
        for line in re.findall(r"^\s*(?:\$|#) ((?:\./run|parley) .*)$", path.read_text("utf-8"), re.MULTILINE):
            found.append((shown(path), line))
    return found


@pytest.mark.parametrize(("page", "line"), examples())
def test_an_example_can_be_typed(page: str, line: str) -> None:
    """The command exists and takes the options shown; whole stories are played by tests of their own rooms."""
    words = shlex.split(line, comments=True)
    assert len(words) >= 2, f"{page}: {line}"
    name, arguments = words[1], words[2:]
    if name in {"test", "bench"} and words[0] == "./run":
        return
    assert name in commands(), f"{page}: there is no command {name}"
    options = {option for action in commands()[name]._actions for option in action.option_strings}
    for word in arguments:
        if word.startswith("--"):
            assert word.split("=")[0] in options, f"{page}: {name} has no {word}"


def played() -> list[tuple[str, list[str]]]:
    """Give the commands of each page's blocks marked `sh play`, in order: one story a page."""
    stories = []
    for path in PAGES_WRITTEN:
        blocks = re.findall(r"^```sh play\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        if blocks:
            stories.append((shown(path), re.findall(r"^\$ parley (.*)$", "".join(blocks), re.MULTILINE)))
    return stories


@pytest.mark.parametrize(("page", "story"), played(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_story_can_be_played_as_written(page: str, story: list[str], tmp_path: Path) -> None:
    """Somebody founding a line follows the page word by word, with the other side listening."""
    assert story
    for line in story:
        done = subprocess.run(
            [sys.executable, "-m", "parley.cli", *shlex.split(line)],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, f"{page}: {line}: {done.stderr}"


def scripts() -> list[tuple[str, str]]:
    """Give each block marked `python run`, with its page."""
    return [
        (shown(path), code)
        for path in PAGES_WRITTEN
        for code in re.findall(r"^```python run\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ]


@pytest.mark.parametrize(("page", "code"), scripts())
def test_a_python_example_runs(page: str, code: str, tmp_path: Path) -> None:
    """An example that fails teaches the wrong thing."""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{page}: {done.stderr}"


def test_nothing_of_a_developers_machine_is_in_the_tree() -> None:
    """A path or a private index in a lock file breaks the first start everywhere else."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    hosts = {"pypi.org", "files.pythonhosted.org"}
    assert set(re.findall(r"https?://([^/\"]+)", text("uv.lock"))) <= hosts
    private = re.compile(r"/(?:home|root|Users|[v-x]ork)/[a-z]+/|file:///[a-z]+/(?!\*)")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".lock", ".txt", ".sh", ".json", ""} and path.is_file():
            hit = private.search(path.read_text("utf-8", errors="replace"))
            assert hit is None or path == Path(__file__), f"{name}: {hit and hit.group()}"


@pytest.mark.parametrize("path", sorted((ROOT / "changelog.d").glob("*.md")), ids=shown)
def test_a_changelog_note_has_its_form(path: Path) -> None:
    """Notes are put together by a program and read by people who did not write the change."""
    if path.name == "README.md":
        return
    kinds = "security|added|changed|fixed|removed|format"
    assert re.fullmatch(rf"[a-z0-9-]+\.({kinds})\.md", path.name), path.name
    words = path.read_text("utf-8").strip()
    assert words.endswith(".") and len(words) <= 600, f"{path.name}: one or two sentences"


def test_every_room_says_why_it_is_so() -> None:
    """Each room's DESIGN.md has its purpose, what is always true, and what was refused."""
    rooms = {path.split("/")[0] for path in trees() if "/" in path}
    assert [room for room in sorted(rooms) if not (PACKAGE / room / "DESIGN.md").exists()] == []


def test_every_test_that_the_security_page_names_is_there() -> None:
    """A table of attacks whose tests were renamed or dropped promises what nobody shows."""
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", text("docs/security.md")))
    defined = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named
    assert sorted(named - defined) == []
