"""`text`: list negotiated texts, show one with its brackets, put a file's paragraphs in."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from parley.actions.text_reading import lines_of
from parley.cli.client import Client, subject_path
from parley.cli.output import print_json, print_table, safe
from parley.errors import Refused


def text(chosen: Namespace) -> int:
    """List the texts of a channel, show one, open one, or put a file in."""
    client = Client.of(chosen)
    at = f"/channels/{quote(chosen.channel, safe='')}/texts"
    if chosen.act == "list":
        return _list(chosen, client.get(at))
    if chosen.act == "open":
        sent = client.post(at, title=chosen.title)
        print_json(sent) if chosen.json else print(f"{sent['subject']} is on our disk since {sent['at']}.")
        return 0
    path = f"{at}/{subject_path('text', chosen.subject)}"
    if chosen.act == "show":
        whole = client.get(path + "?count=4096")
        if chosen.json:
            print_json(whole)
        else:
            _show(whole)
        return 0
    return _put_in(client, chosen, path)


def _put_in(client: Client, chosen: Namespace, path: str) -> int:
    """Put each paragraph of a file in, in the language named; nothing is sent before the whole file is read."""
    if chosen.file is None or not chosen.language:
        raise Refused("cli.usage", "text import: --file and --language are needed")
    try:
        data = Path(chosen.file).read_bytes()
    except OSError as fault:
        raise Refused("cli.file", f"{chosen.file}: {fault.strerror}") from None
    under = ""
    found = lines_of(Path(chosen.file).name, data, chosen.language)
    for level, words in found:
        sent = client.post(
            path + "/units", level=level, words={chosen.language: words}, under="" if level == "article" else under
        )
        if level == "article":
            under = f"{sent['ref']['log'].split('/')[1]}/{sent['ref']['log'].split('/')[2]}/{sent['ref']['number']}"
    print_json({"parts": len(found)}) if chosen.json else print(f"{len(found)} parts are in the text.")
    return 0


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("text", "title", "parts", "brackets", "ours open", "theirs open", "agreed", "signed"),
        ((r["subject"], safe(r["title"][:40]), str(r["units"]), str(r["brackets"]), str(r["ours_open"]),
          str(r["theirs_open"]), str(r["agreed"]), "yes" if r["signed"] else "-") for r in rows),
    )  # fmt: skip
    return 0


def _show(whole: dict[str, Any]) -> None:
    print(safe(f"{whole['row']['title']} · {whole['row']['subject']} · {whole['digest']}"))
    for unit in whole["units"]:
        print(safe(f"{'  ' * unit['depth']}{unit['number'] or '-'} ({unit['level']}, {unit['status']})"))
        for column in unit["columns"]:
            print(safe(f"{'  ' * unit['depth']}  {column['tag']}: {_written(column['content'])}"))


def _written(content: list[Any]) -> str:
    said = ""
    for piece in content:
        if isinstance(piece, str):
            said += piece
            continue
        options = (
            ("" if one["base"] else f"{one['side']}: ") + (_written(one["content"]) or "…") for one in piece["options"]
        )
        said += f"[{' / '.join(options)}]"
    return said
