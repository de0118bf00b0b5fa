"""Terms offered to whoever works on a part of a text: pairs of our and of shared glossaries that stand in it.

Owns: finding them. Does not own: our own glossaries (people/preparations.py), which never cross the line, and
those that both sides keep (body_terms.py).
Always true: nobody is offered a term of a glossary that they may not see.
"""

from __future__ import annotations

from parley import limits
from parley.actions.body_terms import pairs_of_channel
from parley.actions.negotiated import text_view, unit_view
from parley.actions.ports import NodePort
from parley.actions.who import Who, need_in
from parley.people import preparations
from parley.subjects.texts.editing import shown_words


def terms_for(node: NodePort, who: Who, channel: str, subject: str, unit: str) -> tuple[tuple[str, str], ...]:
    """Give the pairs of words for a part, the word that stands in it first; each once, in the order of the words."""
    need_in(node, who, "read", channel)
    found = unit_view(text_view(node, channel, subject), unit)
    words = [
        shown_words(found.alternatives, name, tag).casefold()
        for name, one in found.alternatives.items() for tag in one.changes if one.alive
    ]  # fmt: skip
    known = list(pairs_of_channel(node, channel))
    for prepared in preparations.of_channel(node.store, channel):
        if preparations.may_see(prepared, who.rights):
            known += prepared.terms
    pairs = {pair for one, other in known for pair in ((one, other), (other, one)) if _stands(pair[0], words)}
    return tuple(sorted(pairs))[: limits.TEXT_TERMS_OFFERED]


def _stands(word: str, words: list[str]) -> bool:
    return any(word.casefold() in one for one in words)
