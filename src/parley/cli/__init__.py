"""The terminal: `parley COMMAND`. Words for people, `--json` for programs, one exit code for each kind of end.

Exit codes: 0 done or proven · 1 refused, or not proven · 2 wrong usage, or unreadable · 3 a node, link or disk failed.
Each command's module is imported only when it runs, so `parley check` starts without a web server in memory.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from parley.errors import OurMistake, ParleyError, PeerError, Refused, Unavailable

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 3
# Refused, and yet no answer to what was asked: what was typed cannot be a command (argparse ends with the same code for
# what it sees by itself), or what it names, settings and keys among it, cannot be read as what it must be.
_USAGE_CODES: Final = frozenset((
    "cli.data", "cli.passphrase", "cli.subject", "cli.unreadable", "cli.usage",
    "config.anchor", "config.certificate", "config.form", "config.missing", "config.missing-setting",
    "config.plain-desk", "config.unknown", "config.value",
    "identity.keys-form", "init.value", "keys.file",
))  # fmt: skip


def exit_code(error: ParleyError) -> int:
    """Give the exit code for an error: whose fault it is decides."""
    if isinstance(error, Refused):
        return USAGE if error.code in _USAGE_CODES else REFUSED
    if isinstance(error, PeerError):
        return USAGE  # a file or an answer that cannot be read as what it claims to be
    if isinstance(error, Unavailable):
        return UNAVAILABLE
    return 70  # EX_SOFTWARE of sysexits.h: our own mistake


def _of_a_file(failed: OSError) -> Unavailable:
    """Give the words for a file that the machine does not let us have; the commands say more where they can."""
    where = "the output or a connection" if failed.filename is None else failed.filename
    return Unavailable("cli.file", f"{where}: {failed.strerror or failed}; nothing more was done")


def _say_of_a_file(failed: OSError, *, as_json: bool) -> None:
    from parley.cli.output import print_error

    try:
        sys.stdout.flush()
        print_error(_of_a_file(failed), as_json=as_json)
    except OSError:  # nothing takes our own output: what is left of it goes, or the end would fail on it again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print_error(_of_a_file(failed), as_json=False)


def _check_utf8(given: Sequence[str]) -> None:
    """Names and words go on to the node, into files and onto the screen: they are text from here on."""
    for number, word in enumerate(given, 1):
        try:
            word.encode()
        except UnicodeEncodeError:
            raise Refused(
                "cli.usage",
                f"word {number} of the command is not in UTF-8, which names of files, too, have to be",
            ) from None


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)  # as shells say it; what is half done is cleared away on the way out


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a command that is told to end, or whose terminal goes, clear away what it has half done."""
    before = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        with suppress(ValueError):  # signals belong to the first thread
            if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` goes on
                before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    from parley.cli.owner import handed_over
    from parley.cli.parser import make_parser

    given = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no letters for a text shows their numbers
            stream.reconfigure(errors="backslashreplace")
    try:
        _check_utf8(given)
        chosen = make_parser().parse_args(given)
        module, _, name = chosen.run.partition(":")
        with _ended_in_order(), handed_over(chosen):
            code: int = getattr(importlib.import_module(module), name)(chosen)
        sys.stdout.flush()
        return code
    except ParleyError as error:
        from parley.cli.output import print_error

        print_error(error, as_json="--json" in given)
        if isinstance(error, OurMistake) and os.environ.get("PARLEY_TRACE"):
            raise
        return exit_code(error)
    except BrokenPipeError:
        # The reader of our output has gone (`parley read | head`): nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as failed:
        if os.environ.get("PARLEY_TRACE"):
            raise
        _say_of_a_file(failed, as_json="--json" in given)
        return UNAVAILABLE
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells say it
