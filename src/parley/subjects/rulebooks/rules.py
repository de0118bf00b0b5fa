"""When a fact about a document of the rule book is allowed; raises Refused.

Always true: an adoption is final (DESIGN 3, "Final stays final"): a withdrawal that had not seen it changes nothing,
and one that has is refused.
"""

from __future__ import annotations

from typing import cast

from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.rulebooks.view import RulebookView


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the document as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    if kind == "rulebook.proposed":
        need(not entry.refs, "rulebook.names-one", "a proposal names no other entry")
        return
    need(isinstance(view, RulebookView), "rulebook.unknown", "the proposal it speaks of is not in its past")
    book = cast(RulebookView, view)
    need(entry.refs == (book.ref,), "rulebook.names-one", "it must name the proposal, and nothing else")
    need(entry.status == book.status, "rulebook.status", f"the document is {book.status}, so its facts must be")
    ours = entry.side == book.side
    if kind == "rulebook.ended":
        need(book.state == "adopted", "rulebook.state", f"the document is {book.state}: only an adopted one can end")
        return
    if kind == "rulebook.withdrawn":
        need(ours, "rulebook.side", "only the side that proposed it can withdraw it")
    else:
        need(not ours, "rulebook.side", "a side cannot adopt or decline its own proposal")
    need(book.state == "proposed", "rulebook.state", f"the document was {book.state} before")
