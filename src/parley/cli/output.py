"""How the terminal speaks: aligned words for people, one JSON value for programs, errors on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
import unicodedata
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final, TextIO

from parley.errors import ParleyError


def print_json(value: Any) -> None:
    """Print one JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False, default=_plain))


def print_done(chosen: Namespace, answer: Any, words: str) -> int:
    """Say that it is done: the API's answer for a program, a sentence for people. Gives the exit code."""
    if chosen.json:
        print_json(answer)
    else:
        print(words)
    return 0


def print_whole(chosen: Namespace, row: Any, show: Callable[[Any], None]) -> int:
    """Show one thing: the API's answer for a program, by `show` for people. Gives the exit code."""
    if chosen.json:
        print_json(row)
    else:
        show(row)
    return 0


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def print_error(error: ParleyError, *, as_json: bool) -> None:
    """Say what went wrong: where, what, and what was done; never a stack."""
    if as_json:
        print_json({"code": error.code, "sentence": error.sentence, "fields": error.fields})
    print(f"parley: {bounded(error.sentence)} [{error.code}]", file=sys.stderr)


def say_aside(words: str) -> None:
    """Say what a person should know and a program does not read."""
    print(f"parley: {safe(words)}", file=sys.stderr)


_SENTENCE_MAX: Final = 1_000


def bounded(sentence: str) -> str:
    """Give what is said of a failure, made safe and cut: it repeats what was given, and that may be anything."""
    said = safe(sentence)
    return said if len(said) <= _SENTENCE_MAX else said[:_SENTENCE_MAX] + "…"


def safe(text: str) -> str:
    """Give text that cannot move the cursor, colour the screen or turn the line around.

    Controls and the bidirectional overrides become visible marks. The peer's words pass through here.
    """
    return "".join(
        character
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn") or character in _KEPT
        else f"<U+{ord(character):04X}>"
        for character in text
    )


# Newline and tab are ours to lay out; joiners and direction marks belong to the scripts that need them.
_KEPT = "\n\t\u200c\u200d\u200e\u200f"


def width(text: str) -> int:
    """Give how many columns a terminal needs for a text."""
    return sum(
        0 if unicodedata.combining(each) or each in _KEPT else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


_GOES_ON: Final = "      … "  # no line of a report begins so
_QUOTED: Final = "    | "  # what a side wrote, row by row
_COLUMNS_MIN: Final = 40


def report_rows(line: str, columns: int) -> Iterator[str]:
    """Give a line of a report as rows of a terminal of so many columns (0: as it is), each marked as going on.

    We break it and not the terminal: a side could pad its words until the rest stands where a line of ours begins.
    """
    lead = _QUOTED if line.startswith(_QUOTED) else _GOES_ON
    for number, row in enumerate(safe(line).replace("\t", "    ").split("\n")):
        rest = lead + row if number else row
        while columns and width(rest) > max(columns, _COLUMNS_MIN):
            at = len(lead)
            while width(rest[: at + 1]) <= max(columns, _COLUMNS_MIN):
                at += 1
            blank = rest.rfind(" ", len(lead) + 1, at + 1)
            yield rest[: blank if blank > 0 else at].rstrip()
            rest = lead + rest[blank if blank > 0 else at :].lstrip(" ")
        yield rest


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under a head, columns aligned."""
    lines = [[safe(str(cell)).replace("\n", " ") for cell in row] for row in rows]
    wide = [max([width(head[at]), *(width(line[at]) for line in lines)]) for at in range(len(head))]
    for line in [list(head), *lines]:
        cells = [cell + " " * (wide[at] - width(cell)) for at, cell in enumerate(line)]
        print("  ".join(cells).rstrip())


TELL_S = 1.0  # so often it is said that another program still works


class Progress:
    """A bar on standard error for long work; nothing where standard error is not a terminal, or `on` is False.

    As a context manager it leaves its line behind where the work fails, too: what is said of that stands on its own.
    """

    def __init__(self, what: str, total: int, *, stream: TextIO | None = None, on: bool = True) -> None:
        self._what, self._total = safe(what), total
        self._stream = stream or sys.stderr
        self._shown = -1
        self._on = on and self._stream.isatty()

    def __enter__(self) -> Progress:
        self.to(0)
        return self

    def __exit__(self, *failed: object) -> None:
        self.end()

    def to(self, done: int, total: int | None = None) -> None:
        """Say how much is done, and of how much if that was not known before."""
        self._total = self._total if total is None else total
        percent = min(100, done * 100 // max(self._total, 1))
        if self._on and percent != self._shown:
            self._shown = percent
            full = percent // 4
            drawn = f"\r{self._what} [{'#' * full}{'.' * (25 - full)}] {percent:3d} %"
            print(drawn, end="", file=self._stream, flush=True)

    @contextmanager
    def others_work(self, words: str) -> Iterator[None]:
        """Show each second since when another program has worked on it, which does not tell us how far it is."""
        done = Event()

        def tell() -> None:
            began = time.monotonic()
            while not done.wait(TELL_S):
                said = f"{self._what}: {words}, {span(time.monotonic() - began)}"
                print(f"\r{said:<{len(self._what) + 35}}", end="", file=self._stream, flush=True)
                self._shown = 101  # so that the bar comes back, whatever it showed

        teller = Thread(target=tell, daemon=True)
        if self._on:
            teller.start()
        try:
            yield
        finally:
            done.set()
            if self._on:
                teller.join()

    def end(self) -> None:
        """Leave the bar behind."""
        if self._on and self._shown >= 0:
            self._shown = -1
            print(file=self._stream)


def span(seconds: float) -> str:
    """Give a span as hh:mm:ss, as the desk writes it."""
    whole = int(abs(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


_CLOCKS_APART_MS_MAX: Final = 2_000  # what a receipt's whole seconds cannot show anyway


def clocks_apart(line: dict[str, Any]) -> str:
    """Give the words for two clocks that differ, from the API's answer on the line; empty while they agree."""
    ahead: int | None = line["clock_offset_ms"]
    if ahead is None or abs(ahead) < _CLOCKS_APART_MS_MAX:
        return ""
    way = f"{span(ahead / 1000)} {'ahead of' if ahead > 0 else 'behind'} ours"
    return f"{safe(line['theirs']['name'])}'s clock is {way}: one of the two is wrong, and due times and receipts by it"
