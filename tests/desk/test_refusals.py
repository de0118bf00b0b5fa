"""What a person at the desk is refused, or cannot have now, is said in the language of their desk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tests.reference import trees

from parley.desk.words import LANGUAGES, catalogue

# Rooms whose refusals can reach a desk; the rest is for the terminal, the API and the other node.
ROOMS: Final = ("actions", "people", "subjects", "desk", "line", "storage", "node")
# Codes of those rooms that only an operator's command, a program or the node's own start can meet.
NOT_AT_A_DESK: Final = (
    "config.", "carry.", "keys.", "founding.", "backup.", "node.anchor", "node.cards", "tests.", "rules.",
    "log.own", "log.opened", "log.shorter",
    "line.names-one", "line.own", "line.no-answer", "line.subject", "line.root", "storage.newer", "storage.foreign",
    "storage.fork", "storage.corrupt", "storage.gap", "subjects.cut", "desk.host", "desk.origin", "desk.cross-site",
    "people.token", "people.scope", "people.days", "channels.names-one", "messages.names-one", "roster.", "fallback.",
    "gaps.", "identity.", "attachments.root", "vouched.",
)  # fmt: skip


def raised() -> Iterator[str]:
    """Give every code that these rooms raise for a person."""
    for room in ROOMS:
        for tree in (tree for path, tree in trees().items() if path.startswith(f"{room}/")):
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                place = {"Refused": 0, "Unavailable": 0, "refuse": 0, "need": 1}.get(name)
                if place is None or len(node.args) <= place:
                    continue
                for each in ast.walk(node.args[place]):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value:
                        yield each.value


def test_every_refusal_that_can_reach_a_desk_has_its_words_in_every_language() -> None:
    """At three in the morning nobody should have to read the program's English to learn why it said no."""
    codes = {code for code in raised() if not code.startswith(NOT_AT_A_DESK)}
    assert len(codes) > 60  # the search still finds them
    codes |= {"codec.field", "codec.text", "codec.size"}  # a form's words, refused as the other side's would be
    missing = {language: sorted(code for code in codes if f"error.{code}" not in catalogue(language))
               for language in LANGUAGES}  # fmt: skip
    assert missing == {language: [] for language in LANGUAGES}
