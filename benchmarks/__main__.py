"""`./run bench GROUP [--json] [ROW…]`: measure, print one row a figure, say which fall short."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys

GROUPS = ("line", "call", "talks", "military")


def main() -> int:
    """Run a group; exit 0 if every row holds, 1 if one falls short or could not be measured."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Figures beside the floor of this machine.")
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument(
        "only", nargs="*", metavar="ROW", help="measure these only, such as: message sustained idle; or: lift ring cut"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    chosen = parser.parse_args()
    group = importlib.import_module(f"benchmarks.{chosen.group}")
    good = True
    for row in group.rows(chosen.only):
        good = good and row.ok is True
        if chosen.json:
            print(json.dumps(dataclasses.asdict(row)), flush=True)
            continue
        word = {True: "pass", False: "FALLS SHORT", None: "not measured"}[row.ok]
        measured = "-" if row.measured is None else f"{row.measured:g} {row.unit}"
        beside = f" (floor {row.floor:g})" if row.floor is not None else ""
        limit = "" if row.limit is None else f", limit {row.limit:g}"
        print(f"{word:12} {row.row}: {measured}{beside}{limit}{'. ' + row.why if row.why else ''}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
