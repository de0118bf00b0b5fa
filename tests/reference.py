"""Reference pages that are read out of the program, so that they cannot fall behind it.

`python -m tests.reference` writes them again; `tests/test_docs.py` fails when a page and the program differ.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "parley"
MADE: Final = "<!-- Made by `python -m tests.reference`; edit the program, not this page. -->"


def options_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Give each argument as it is typed, with its words."""
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        what = action.metavar if isinstance(action.metavar, str) else None
        if what is None:
            what = "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
        if not action.option_strings:
            shown = f"[{what}]" if action.nargs == "?" else what
        else:
            shown = action.option_strings[-1] + ("" if action.nargs == 0 else f" {what}")
        words = action.help or ""
        if action.default not in (None, "", [], False, argparse.SUPPRESS) and "default" not in words:
            words = f"{words} (default: {action.default})".strip()
        yield shown, words


def commands() -> dict[str, argparse.ArgumentParser]:
    """Give the parser of every command."""
    from parley.cli.parser import make_parser

    for action in make_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def cli_page() -> str:
    """Give docs/cli.md."""
    parts = [
        f"# Commands\n\n{MADE}\n\n"
        "Each is `./run COMMAND …` in a checkout and `parley COMMAND …` where Parley is installed. Exit codes: 0 done\n"
        "or proven, 1 refused or not proven, 2 wrong usage or unreadable, 3 a node, link or disk failed."
    ]
    for name, parser in commands().items():
        parts.append(f"## {name}\n\n{parser.description}\n")
        rows = [f"| `{shown.replace('|', chr(92) + '|')}` | {words} |" for shown, words in options_of(parser)]
        if rows:
            parts[-1] += "\n| argument | |\n|---|---|\n" + "\n".join(rows) + "\n"
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def api_page() -> str:
    """Give docs/api.md."""
    from parley.api.openapi import describe

    rows = [
        f"| {method.upper()} | `{path}` | {operation['summary']} |"
        for path, methods in describe()["paths"].items()
        for method, operation in methods.items()
    ]
    intro = (
        "Everything a desk can do, for programs of the same side. Routes begin with `/api/v1`; bodies are JSON;"
        " the whole\ndescription with every field is served at `/api/v1/openapi.json`. Send `Authorization: Bearer …`"
        " with a token\n(`parley people token`). An error is `{code, sentence, fields}`: [errors.md](errors.md)."
        " What happens, as it happens: [events.md](events.md)."
    )
    return f"# The API\n\n{MADE}\n\n{intro}\n\n| method | route | |\n|---|---|---|\n" + "\n".join(rows) + "\n"


@cache
def trees() -> dict[str, ast.Module]:
    """Give the syntax tree of each source file, by its path within the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in files}


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Give every call of a function or class of this name, with its file."""
    return _walked()[0].get(name, [])


@cache
def _walked() -> tuple[dict[str, list[tuple[str, ast.Call]]], dict[str, set[str]]]:
    """Give every call by the name that is called, and each text with the files it stands in; the source is large."""
    called: dict[str, list[tuple[str, ast.Call]]] = {}
    texts: dict[str, set[str]] = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                callee = node.func
                name = callee.id if isinstance(callee, ast.Name) else getattr(callee, "attr", "")
                called.setdefault(name, []).append((path, node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.setdefault(node.value, set()).add(path)
    return called, texts


def entry_kinds() -> dict[str, ast.Call]:
    """Give the row of each entry kind in the tables of the subjects."""
    return {
        node.args[0].value: node
        for path, node in calls("Kind")
        if path.startswith("subjects/") and node.args and isinstance(node.args[0], ast.Constant)
    }


def kinds_page() -> str:
    """Give docs/protocol/kinds.md."""
    where = {"True": "line channel", "False": "agreed channels", "None": "any channel"}
    rows = []
    for name, node in entry_kinds().items():
        room, line, by = (ast.unparse(arg).strip("'") for arg in node.args[1:4])
        rows.append(f"| `{name}` | {room} | {where.get(line, line)} | {'both' if by == 'either' else by} |")
    intro = (
        "Every kind of entry: the subject that folds it, the channels it may stand in, and who may be its author\n"
        "(`node`: `person` is empty). A kind that is not here is *newer than this node*: kept, signed for, passed by."
    )
    head = "| kind | subject | where | author |\n|---|---|---|---|\n"
    return f"# Kinds of entries\n\n{MADE}\n\n{intro}\n\n{head}" + "\n".join(rows) + "\n"


def error_codes() -> dict[str, set[str]]:
    """Give every text in the source that has the form of an error code, with the files it stands in.

    Codes are said in many ways (raised, given to a reader, kept in a table), so they are known by their form; what has
    the form and is no code is listed in test_docs.NOT_CODES or is a kind of entry.
    """
    kinds = entry_kinds()
    return {
        text: files
        for text, files in _walked()[1].items()
        if re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", text) and text not in kinds
    }


def words_page() -> str:
    """Give docs/desk/words.md."""
    from parley.desk.render import LANGUAGE_NAMES
    from parley.desk.terms import terms
    from parley.desk.words import LANGUAGES

    intro = (
        "The words that people act on: one table for the desk in every language, and what each means. The sentences\n"
        "of the desk use just these words; a test sees to it. The desk shows the same table under *Keys and words*.\n\n"
        "**Not yet checked by a native speaker** stands at every word that none has read and put their name to."
    )
    parts = [f"# Words that people act on\n\n{MADE}\n\n{intro}"]
    names = [LANGUAGE_NAMES[tag] for tag in LANGUAGES]
    rows = [f"| `{term.id}` | " + " | ".join(term.said[tag].word for tag in LANGUAGES) + " |" for term in terms()]
    parts.append(f"| term | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}\n" + "\n".join(rows))
    for tag, name in zip(LANGUAGES, names, strict=True):
        rows = [
            f"| {said.word} | {said.means} | {f'by {said.checked}' if said.checked else 'not yet'} |"
            for said in (term.said[tag] for term in terms())
        ]
        head = "| word | meaning | checked by a native speaker |\n|---|---|---|\n"
        parts.append(f"## {name}\n\n{head}" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "docs/cli.md": cli_page,
    "docs/api.md": api_page,
    "docs/protocol/kinds.md": kinds_page,
    "docs/desk/words.md": words_page,
}

if __name__ == "__main__":
    for page, make in PAGES.items():
        (ROOT / page).write_text(make(), "utf-8")
        print(page)
