"""Search over the whole record, in every language of the line, as far as the person may read it.

Always true:
  1. Only channels that the person may read are asked for; what is private to a side is in no index.
  2. What is shown is read from the record itself: the index only says where to look.
"""

from __future__ import annotations

from typing import Final

from parley.actions.entry_pages import page_of
from parley.actions.people import person_name
from parley.actions.ports import NodePort
from parley.actions.position_rows import FoundRow
from parley.actions.who import Who, need, readable
from parley.errors import Refused
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.statements.terms import excerpt, terms, texts_of, wanted

QUERY_CHARS_MAX: Final = 200
COUNT_MAX: Final = 200


def search(
    node: NodePort, who: Who, query: str, *, side: str = "", since: str = "", until: str = "", count: int = 50
) -> list[FoundRow]:
    """Give the newest entries that have every word of the query; `since` and `until` are days or moments.

    Raises: Refused `people.right`, `search.query` for nothing to look for or too much of it.
    """
    need(who, "read")
    asked = wanted(query[: QUERY_CHARS_MAX + 1])
    if not asked or len(query) > QUERY_CHARS_MAX or len(asked) > 16:
        raise Refused("search.query", f"a search has 1 to 16 words, and at most {QUERY_CHARS_MAX} characters")
    rooms = readable(node, who)
    docs = node.finding.index.find(
        asked, rooms, side=side, since=since, until=until + "~" if until else "", count=max(1, min(count, COUNT_MAX))
    )
    found = []
    for doc in docs:
        entry = read_entry(node.store.leaves(LogId.read(doc.log), doc.number, 1)[0])
        party = node.identity.ours if doc.side == node.identity.ours.side else node.identity.theirs
        texts = texts_of(entry.body)
        words = set(terms(query).body) | set(terms(query).signs)
        best = max(texts, key=lambda text: len(words & {*terms(text).body, *terms(text).signs}), default="")
        found.append(
            FoundRow(
                log=doc.log, number=doc.number, channel=doc.channel, side=doc.side, side_name=party.name,
                ours=party is node.identity.ours, at=doc.at, kind=doc.kind, subject=doc.subject, status=entry.status,
                person_name=person_name(node, doc.side, entry.person)[0] if entry.person else "",
                excerpt=excerpt(best, query), language=str(entry.body.get("language") or ""),
                path=page_of(doc.channel, doc.subject),
            )
        )  # fmt: skip
    return found
