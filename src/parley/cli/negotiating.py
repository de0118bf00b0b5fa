"""`text`: list negotiated texts, show one with its brackets, and do whatever is done about one at a desk."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from parley import limits
from parley.actions.text_reading import lines_of
from parley.cli.client import Client, subject_path
from parley.cli.output import print_done, print_json, print_table
from parley.cli.reading import read_bytes
from parley.cli.text_commands import SETTLE
from parley.cli.text_showing import show_changes, show_moments, show_text
from parley.errors import Refused


def text(chosen: Namespace) -> int:
    """List the texts of a channel, show or open one, or do the next thing about one."""
    client, act = Client.of(chosen), chosen.act
    at = f"/channels/{quote(chosen.channel, safe='')}/texts"
    if act == "list":
        return _list(chosen, client.get(at))
    if act == "open":
        languages = dict.fromkeys(chosen.ours, True) | dict.fromkeys(chosen.theirs, False)
        sent = client.post(at, title=chosen.title, form=chosen.form, languages=languages, status=chosen.status)
        return _done(chosen, sent, sent["subject"])
    path = f"{at}/{subject_path('text', chosen.subject)}"
    if act in ("show", "moments", "compare"):
        return _look(client, chosen, path)
    if act == "import":
        return _put_in(client, chosen, path)
    if act == "copy":
        return _copy(client, chosen, path)
    if act == "move" or act in ("propose", "render", *SETTLE):
        _needed(chosen, "part")
    return _done(chosen, _say(client, chosen, path), f"{chosen.subject}: {act}")


def _say(client: Client, chosen: Namespace, path: str) -> Any:
    """Send one act about the text or a part of it."""
    act, part = chosen.act, chosen.part
    if act == "add":
        _needed(chosen, "language", "words")
        return client.post(
            f"{path}/units", level=chosen.level, words={chosen.language: chosen.words}, under=chosen.under,
            after=chosen.after, reason=chosen.reason,
        )  # fmt: skip
    if act in ("propose", "render"):
        _needed(chosen, "language")
        return client.post(
            f"{path}/{act}", unit=part, alternative=_alternative(client, chosen, path), tag=chosen.language,
            words=chosen.words, reason=chosen.reason, also=not chosen.alone,
        )  # fmt: skip
    if act in SETTLE:
        which = _alternative(client, chosen, path) if act in ("accept", "withdraw") else ""
        told = {"unit": part, "act": act, "alternative": which, "digest": chosen.digest, "reason": chosen.reason}
        return client.post(f"{path}/settle", **told)
    if act == "move":
        return client.post(f"{path}/move", unit=part, under=chosen.under, after=chosen.after)
    if act in ("comment", "note"):
        _needed(chosen, "text")
        return client.post(f"{path}/{act}s", unit=part, text=chosen.text)
    if act == "fallback":
        return client.post(f"{path}/fallback")
    if act == "agree-fallback":
        return client.post(f"{path}/fallback/agree", digest=chosen.digest)
    if act == "sign":
        _needed(chosen, "digest", "office", "powers")  # the digest is of what was read: nobody signs what stands now
        return client.post(
            f"{path}/sign", grade=chosen.grade, digest=chosen.digest, office=chosen.office, powers=chosen.powers
        )
    return client.post(f"{path}/take-back")


def _needed(chosen: Namespace, *names: str) -> None:
    for name in names:
        if not getattr(chosen, name):
            raise Refused("cli.usage", f"text {chosen.act}: --{name} is needed")


def _alternative(client: Client, chosen: Namespace, path: str) -> str:
    """Give the name of the alternative that was named by its number in the part."""
    units = client.get(f"{path}?count=4096")["units"]
    known = [one["name"] for unit in units if unit["name"] == chosen.part for one in unit["alternatives"]]
    number = chosen.alternative or 1
    if not 1 <= number <= len(known):
        raise Refused("cli.usage", f'text {chosen.act}: the part "{chosen.part}" has no alternative {number}')
    return str(known[number - 1])


def _look(client: Client, chosen: Namespace, path: str) -> int:
    asked = {
        "show": f"{path}?" + urlencode({"count": 4096, "then": chosen.then}), "moments": f"{path}/moments",
        "compare": f"{path}/compare?" + urlencode({"before": chosen.before, "after": chosen.after}),
    }[chosen.act]  # fmt: skip
    found = client.get(asked)
    if chosen.json:
        print_json(found)
    elif chosen.act == "show":
        show_text(found)
    elif chosen.act == "moments":
        show_moments(found)
    else:
        show_changes(found)
    return 0


def _copy(client: Client, chosen: Namespace, path: str) -> int:
    if chosen.out is None:
        raise Refused("cli.usage", "text copy: --out is needed; its ending says the form")
    size = client.download(f"{path}/copy.{chosen.out.suffix.removeprefix('.') or 'txt'}", chosen.out)
    answer = {"file": str(chosen.out), "bytes": size}
    print_json(answer) if chosen.json else print(f"{chosen.out}: {size} bytes")
    return 0


def _put_in(client: Client, chosen: Namespace, path: str) -> int:
    """Put each paragraph of a file in, in the language named; nothing is sent before the whole file is read."""
    if chosen.file is None or not chosen.language:
        raise Refused("cli.usage", "text import: --file and --language are needed")
    data = read_bytes(chosen.file, limits.TEXT_FILE_BYTES_MAX)
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


def _done(chosen: Namespace, sent: Any, what: str) -> int:
    return print_done(chosen, sent, f"{what} is on our disk since {sent['at']}." if sent else f"{what} is kept here.")


def _list(chosen: Namespace, rows: list[dict[str, Any]]) -> int:
    if chosen.json:
        print_json(rows)
        return 0
    print_table(
        ("text", "title", "parts", "brackets", "ours open", "theirs open", "agreed", "signed"),
        ((r["subject"], r["title"][:40], str(r["units"]), str(r["brackets"]), str(r["ours_open"]),
          str(r["theirs_open"]), str(r["agreed"]), "yes" if r["signed"] else "-") for r in rows),
    )  # fmt: skip
    return 0
