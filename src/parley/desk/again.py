"""Gives back what was typed: after a refusal the very form that was sent stands on the page as it was filled in.

Owns: finding that form on the drawn page, by its address and its hidden fields; its texts and choices; its folds.
Does not own: what was typed (frame.py). A page may hold back what is never drawn again, as an address with a password.
Always true:
  1. Only what `typed` holds is drawn, and it is escaped.
  2. No box is ticked: a tick says that a person means it, and they say so anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from html import escape, unescape
from typing import Final

_FORM: Final = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_FIELD: Final = re.compile(r"<(?P<kind>textarea|select|input)\b(?P<said>[^>]*)>", re.DOTALL)
_WHOLE: Final = re.compile(
    r"<(textarea)\b([^>]*)>.*?</textarea>|<(select)\b([^>]*)>(.*?)</select>|<(input)\b([^>]*)>", re.DOTALL
)
_ATTRIBUTE: Final = re.compile(r'([a-z-]+)="([^"]*)"')
_VALUE: Final = re.compile(r'\s+value="[^"]*"')
_OPTION: Final = re.compile(r'<option value="([^"]*)"([^>]*)>')
_FOLD: Final = re.compile(r"<details\b([^>]*)>|</details>")
_TYPED: Final = ("", "text", "number", "date", "time", "datetime-local")


def fill_again(page: str, path: str, typed: Mapping[str, str]) -> str:
    """Give the page with the form that was sent to `path` filled in as it was; the page itself if it has none."""
    for form in _FORM.finditer(page):
        said = _attributes(form[1])
        if said.get("method") != "post" or said.get("action", "").partition("?")[0] != path:
            continue
        fields = [(found["kind"], _attributes(found["said"])) for found in _FIELD.finditer(form[2])]
        # What the page showed is another by now, and is why it was refused: the form is the same.
        hidden = [one for _, one in fields if one.get("type") == "hidden" and one.get("name") != "seen"]
        if any(typed.get(one.get("name", ""), "") != one.get("value", "") for one in hidden):
            continue  # the same act about something else
        names = Counter(one.get("name", "") for _, one in fields)
        once = {name: value for name, value in typed.items() if names[name] == 1}
        filled = _WHOLE.sub(partial(_field, typed=once), form[2])
        start, end = form.span(2)
        return _unfold(page[: form.start()]) + page[form.start() : start] + filled + page[end:]
    return page


def _attributes(said: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(said)}


def _field(found: re.Match[str], typed: Mapping[str, str]) -> str:
    """Give one field as it was filled in, or as it is where nothing was typed into it."""
    area, area_said, choice, choice_said, options, _, said = found.groups()
    known = _attributes(area_said or choice_said or said or "")
    if known.get("name", "") not in typed:
        return found[0]
    value = typed[known["name"]]
    if area:  # a browser takes the first end of line of a textarea away (HTML standard)
        gone = "\n" if value.startswith("\n") else ""
        return f"<textarea{area_said} data-again>{gone}{escape(value, quote=False)}</textarea>"
    if choice:
        return f"<select{choice_said}>{_OPTION.sub(lambda one: _option(one, value), options)}</select>"
    if known.get("type", "") not in _TYPED:
        return found[0]
    return f'<input{_VALUE.sub("", said)} value="{escape(value)}" data-again>'


def _option(one: re.Match[str], value: str) -> str:
    rest = one[2].replace(" selected", "")
    return f'<option value="{one[1]}"{rest}{" selected" if unescape(one[1]) == value else ""}>'


def _unfold(before: str) -> str:
    """Open every fold that is still open-ended where the form begins."""
    folds: list[re.Match[str]] = []
    for found in _FOLD.finditer(before):
        if found[0].startswith("</"):
            folds.pop()
        else:
            folds.append(found)
    for fold in reversed(folds):
        if not re.search(r"\sopen\b", fold[1]):
            before = f"{before[: fold.end() - 1]} open{before[fold.end() - 1 :]}"
    return before
