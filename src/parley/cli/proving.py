"""`simulate` and `bench`: whole worlds from seeds, and figures beside their floor."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from parley.cli.output import Progress, print_json
from parley.errors import Refused, Unavailable


def simulate(chosen: Namespace) -> int:
    """Run seeds; exit 0 only if every promise held (and, in a full batch, everything was met)."""
    from parley.sim import explain
    from parley.sim import simulate as many

    if chosen.seed is not None:
        result = explain(chosen.seed)
        if chosen.json:
            print_json({"seed": result.seed, "ok": result.held, "promise": result.promise, "sentence": result.sentence})
        else:
            if chosen.explain:
                print("\n".join(result.story))
            words = "every promise held" if result.held else f"promise {result.promise} broke: {result.sentence}"
            print(f"seed {result.seed}: {words}; entries told safe: {sum(result.authored.values())}")
        return 0 if result.held else 1
    if chosen.explain:
        raise Refused("cli.usage", "--explain tells one story: give --seed K with it")
    seeds = chosen.seeds if chosen.seeds is not None else 100
    if seeds < 1:
        raise Refused("cli.usage", "--seeds: expected at least 1")
    done = 0

    def told(_: object) -> None:
        nonlocal done
        done += 1
        bar.to(done)

    with Progress("Worlds", seeds, on=not chosen.json) as bar:
        report = many(seeds, told=told)
    if chosen.json:
        print_json(report.as_json())
    else:
        print("\n".join(report.lines()))
    return 0 if report.ok else 1


def bench(chosen: Namespace) -> int:
    """Run the benchmarks of a checkout; they are not part of an installation."""
    root = Path(__file__).parents[3]
    if not (root / "benchmarks" / "__main__.py").exists() or importlib.util.find_spec("parley") is None:
        raise Unavailable("cli.bench", "the benchmarks are in the checkout, not in an installation: ./run bench there")
    command = [sys.executable, "-m", "benchmarks", chosen.group, *(["--json"] if chosen.json else [])]
    return subprocess.run(command, cwd=root, check=False).returncode  # noqa: S603 - our own program
