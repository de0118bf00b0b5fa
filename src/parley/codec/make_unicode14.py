"""Write `unicode14.py` from a Python whose `unicodedata` is Unicode 14.0 (CPython 3.11).

Run once, by hand: `python -m parley.codec.make_unicode14 > src/parley/codec/unicode14.py`. Python 3.12 and later carry
newer tables, on which two nodes could disagree about one character; so the table is pinned here and not asked of the
running Python. `tests/codec/test_text.py` compares the two wherever the tests run on Unicode 14.0.
Source: UnicodeData.txt, version 14.0.0 (general category, field 2).
"""

from __future__ import annotations

import sys
import textwrap
import unicodedata

# Not assigned (noncharacters are among them), surrogates, private use: the last mean something only by private accord.
LEFT_OUT = frozenset({"Cn", "Cs", "Co"})


def assigned_ranges() -> list[tuple[int, int]]:
    """Give the assigned code points of this Python as inclusive ranges, in order."""
    ranges: list[tuple[int, int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)) in LEFT_OUT:
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return ranges


def module_text() -> str:
    """Give the text of `unicode14.py`."""
    if unicodedata.unidata_version != "14.0.0":
        raise SystemExit(f"needs a Python with Unicode 14.0.0; this one has {unicodedata.unidata_version}")
    words = " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in assigned_ranges())
    lines = "\n".join(f"    {line}" for line in textwrap.wrap(words, 112, break_on_hyphens=False))
    return (
        '"""The code points assigned in Unicode 14.0, without surrogates and private use; made by make_unicode14.py."""'
        "\n\nfrom __future__ import annotations\n\nfrom typing import Final\n\n"
        f'ASSIGNED: Final = """\n{lines}\n"""\n'
    )


if __name__ == "__main__":
    sys.stdout.write(module_text())
