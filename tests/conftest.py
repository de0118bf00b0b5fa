"""The order of the tests, what each group may take, and the closing words.

Groups run from the cheapest to the dearest: plain and property tests, then the simulation, then the commands of the
operating pages with real processes, then real processes that are killed, then the browser. Each prints its time budget
before and the time it took after; a group over its budget is told, not failed: the machine may be shared. Tests marked
`long` run only with --long.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import hypothesis
import pytest

# Seconds on two cores. Together with the linters and a first set-up they leave room within CI's fifteen minutes.
BUDGETS_S: Final = {"unit and property": 180, "simulation": 120, "pages": 70, "kills": 90, "browser": 270}
GROUPS: Final = tuple(BUDGETS_S)
# Stores and browser profiles that are thrown away wait for no disk. No test loses power, so none needs one; who wants
# them on a disk, or wants to look at them after a failure, says `TMPDIR=/tmp ./run test`.
MEMORY: Final = Path("/dev/shm")

# No deadline for an example: the machine may be shared, and groups have budgets. A failure prints how to repeat it.
hypothesis.settings.register_profile("parley", deadline=None, print_blob=True, max_examples=60)
hypothesis.settings.register_profile("long", parent=hypothesis.settings.get_profile("parley"), max_examples=2_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests marked long, and more examples")


def pytest_configure(config: pytest.Config) -> None:
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        folder = tempfile.mkdtemp(prefix="parley-tests-", dir=MEMORY)
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # for the processes that tests start, and for us
        # Registered first, so done last: a browser that is killed leaves its folders behind, and here they cost memory.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    hypothesis.settings.load_profile("long" if config.getoption("--long") else "parley")
    config.pluginmanager.register(_Groups(config), "parley-groups")


def _has_room(folder: Path) -> bool:
    """Say whether what tests throw away fits there: some 200 MB at a time, and programs are started from there."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    disk = os.statvfs(folder)
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return not disk.f_flag & os.ST_NOEXEC and min(disk.f_bavail * disk.f_frsize, free) > 2 * 2**30


def group_of(item: pytest.Item) -> str:
    """Give the group a test runs in: by its marks first, then by its folder."""
    if item.get_closest_marker("browser"):
        return "browser"
    if item.get_closest_marker("processes"):
        return "kills" if "tests/kills/" in item.path.as_posix() else "pages"
    return "simulation" if "tests/simulation/" in item.path.as_posix() else "unit and property"


def chromium() -> str | None:
    """Give the path of the browser the tests use, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("PARLEY_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in set(left_out)]
    if chromium() is None:
        reason = os.environ.get("PARLEY_NO_BROWSER", "Chromium is missing")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))
    items.sort(key=lambda item: GROUPS.index(group_of(item)))  # stable: within a group the order stays


def pytest_collection_finish() -> None:
    """Look for reference cycles seldom, as a node does, and never among what stays: a third of the time went there."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class _Groups:
    """Prints a line when a group begins and when it ends, and the sum at the very end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._group: str | None = None
        self._begun = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if group_of(item) != self._group:
            self._end()
            self._group, self._begun = group_of(item), time.monotonic()
            self._print(f"{self._group}: budget {BUDGETS_S[self._group]} s")
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._end()
        if os.environ.get("PARLEY_CHECKS_FAILED") and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        stats = terminalreporter.stats
        failed = len(stats.get("failed", [])) + len(stats.get("error", []))
        checks = os.environ.get("PARLEY_CHECKS_FAILED")
        if checks:
            terminalreporter.write_line(f"Not in order before the tests began: {checks}")
        terminalreporter.write_line(f"{len(stats.get('passed', []))} passed, {failed} failed")

    def _end(self) -> None:
        if self._group is not None:
            took, budget = time.monotonic() - self._begun, BUDGETS_S[self._group]
            self._print(f"\n{self._group}: took {took:.0f} s of {budget} s{'' if took <= budget else ' (OVER)'}")
            self._group = None

    def _print(self, line: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(line)
