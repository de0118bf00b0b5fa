"""`python -m tests.kills`: histories as long as one likes, from a printed seed."""

from __future__ import annotations

import argparse
import random
import sys

from tests.kills.story import run


def main() -> int:
    """Run one history; exit code 1 if a promise did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--limit", type=float, default=3600.0, help="stop killing after so many seconds")
    parser.add_argument("--files", type=float, default=0.0, help="share of the messages that carry a file")
    parser.add_argument("--broken", default="", help="break North on purpose, see breaks.py")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", file=sys.stderr)
    outcome = run(seed=chosen.seed, kills=chosen.kills, limit_s=chosen.limit, files=chosen.files, broken=chosen.broken)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
