"""`check`: verify an exported file. Needs no node, no network, no data folder."""

from __future__ import annotations

import dataclasses
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from parley.cli.check_pdf import check_pdf, is_pdf
from parley.cli.output import Progress, print_json, report_rows
from parley.record.check import check_file


def check(chosen: Namespace) -> int:
    """Print what is proven and what is not; exit 0 proven, 1 not proven, 2 unreadable."""
    compared = {" ".join(each.lower().split()) for each in chosen.words}
    if is_pdf(chosen.file):
        report = check_pdf(chosen.file, line=chosen.line, text=chosen.text, names=chosen.name, compared=compared)
    else:
        with Progress(f"Checking {chosen.file.name}", _size(chosen.file), on=not chosen.json) as bar:
            report = check_file(
                chosen.file, line=chosen.line, recording=chosen.recording, names=chosen.name, compared=compared,
                progress=bar.to,
            )  # fmt: skip
    if chosen.json:
        print_json(dataclasses.asdict(report))
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        for line in report.lines:
            print("\n".join(report_rows(line, columns)))
    return report.exit_code


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # the check itself says what is wrong with the file
