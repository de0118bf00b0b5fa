"""The search for a seed that catches each broken build, and the table of what was found.

Owns: how long to search, the row a catch makes in docs/track-record.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parley.sim.broken import BROKEN
from parley.sim.build import Build
from parley.sim.run import run_seed

SEEDS_MAX = 60
BEGIN = "<!-- broken builds: begin -->"
END = "<!-- broken builds: end -->"


@dataclass(frozen=True, kw_only=True)
class Catch:
    """One broken build and the first seed that caught it; None if none of SEEDS_MAX did."""

    build: Build
    seed: int | None
    promise: int | None
    sentence: str


def hunt(build: Build, *, first: int = 1, seeds_max: int = SEEDS_MAX) -> Catch:
    """Find the first seed, from `first` on, in which a broken build breaks a promise."""
    for seed in range(first, first + seeds_max):
        result = run_seed(seed, build=build)
        if not result.held:
            return Catch(build=build, seed=seed, promise=result.promise, sentence=result.sentence)
    return Catch(build=build, seed=None, promise=None, sentence="not caught")


def table(catches: list[Catch]) -> Iterator[str]:
    """Give the rows of the table in docs/track-record.md."""
    yield ""
    yield "| broken build | what it does | seed | promise | what the checker said |"
    yield "|---|---|---|---|---|"
    for catch in catches:
        seed = "none" if catch.seed is None else str(catch.seed)
        said = catch.sentence.replace("|", "/")
        said = said if len(said) <= 160 else said[:159] + "…"
        yield f"| `{catch.build.name}` | {catch.build.story} | {seed} | {catch.promise} | {said} |"
    yield ""


def rewrite(text: str, rows: list[str]) -> str:
    """Put the rows between the two marks of docs/track-record.md."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join((before + BEGIN, *rows, END)) + after


def main() -> None:
    """Search anew and rewrite the table: `python -m parley.sim.hunt docs/track-record.md`."""
    page = Path(sys.argv[1])
    catches = [hunt(build) for build in BROKEN]
    page.write_text(rewrite(page.read_text("utf-8"), list(table(catches))), "utf-8")


if __name__ == "__main__":
    main()
