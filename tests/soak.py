"""`./run soak desk --hours 8`: leave a desk on watch alone for hours, take its network away twice, then call it.

Says how it stands every ten minutes and prints at the end what was found; exit 0 if the desk was on watch whenever its
page could run, came back in time and rang.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.browser.nights import BACK_S, Night, keep_watch


def tell(how: str) -> None:
    """Say how the night stands, at once: whoever stops it early keeps what was seen."""
    print(f"{time.strftime('%H:%MZ', time.gmtime())} {how}", file=sys.stderr, flush=True)


def main() -> int:
    """Play one night of the length that was asked for."""
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__)
    parser.add_argument("what", choices=["desk"])
    parser.add_argument("--hours", type=float, default=8.0)
    chosen = parser.parse_args()
    if not 0.01 <= chosen.hours <= 72:
        parser.error("--hours: expected 0.01 to 72")
    # Three parts: out of sight, frozen, out of sight. Shorter than ten minutes a browser slows nothing by itself.
    night = Night(away_s=chosen.hours * 3600 / 3, slow=chosen.hours < 0.5, tell=tell)
    try:
        with tempfile.TemporaryDirectory(prefix="parley-soak-") as folder:
            asyncio.run(keep_watch(night, Path(folder)))
    except TimeoutError:
        print(f"FAILED: within {BACK_S:g} s the desk did not come back on watch, or did not ring.")
    node_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    heap = ", ".join(f"{each:.1f} MiB" for each in night.heap_mib)
    slowed = "the test" if night.slow else "the browser"
    print(f"hours                     {chosen.hours:g}; the page was {night.seen}, its timers slowed by {slowed}")
    print(f"looks, and not on watch   {night.looks}, {night.off_watch}; {night.held_up} with the machine held up")
    print(f"back on watch after       {', '.join(f'{each:.1f} s' for each in night.back_s)}")
    print(f"called, and ringing after {night.rang_s:.2f} s ({', '.join(night.sounded)})")
    print(f"heap of the page          {heap}; both nodes {node_mib:.0f} MiB")
    return 0 if night.rang_s and not night.off_watch and "call-FLASH" in night.sounded else 1


if __name__ == "__main__":
    sys.exit(main())
