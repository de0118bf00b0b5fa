"""The comparison of a meeting's accounts on paper: what the page has, set by typst into a PDF.

Owns: the layout. Does not own: what people confirmed (actions/comparing.py).
Always true: nothing that somebody wrote becomes markup: every value goes in as data beside the template.
What is not actual is marked on every page.
"""

from __future__ import annotations

import json
from typing import Final

from parley.actions.typesetting import set_pdf
from parley.desk.paper import mark
from parley.desk.shown import Sides
from parley.desk.shown.readouts import CompareShown
from parley.desk.words import Words

_FONTS: Final = ("Libertinus Serif", "Noto Sans CJK SC", "Noto Sans Arabic")
_TEMPLATE: Final = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1 / 1",
  header: if d.mark != "" [#strong(d.mark)])
#set text(size: 9pt, lang: d.language, dir: if d.rtl { rtl } else { ltr }, font: d.fonts)
#set document(title: d.title)
#set table(stroke: 0.4pt + gray, inset: 4pt)
= #d.title
#for topic in d.topics [
  == #topic.name
  #table(
    columns: (1fr,) + d.sources.map(_ => 3fr),
    table.header(..((d.verdict,) + d.sources).map(h => strong(h))),
    ..topic.rows.flatten().map(cell => [#cell])
  )
]
"""


def comparison(told: CompareShown, sides: Sides, words: Words) -> bytes:
    """Give the PDF of a comparison in the language of the desk; statements stay in their own."""
    data = json.dumps(_data(told, sides, words), ensure_ascii=False)
    return set_pdf(_TEMPLATE.encode(), inputs={"data": data})


def _data(told: CompareShown, sides: Sides, words: Words) -> dict[str, object]:
    names = {one.id: one.name for one in told.sources}
    topics = []
    for topic in told.topics:
        rows = []
        for pair in topic.rows:
            cells = [
                "\n".join(
                    f"{one.statement.who or names[source.id]} {one.statement.verb}: “{one.words}” ({one.place})"
                    for one in pair.cells
                    if one.source == source.id
                )
                or words.plain("compare.nothing")
                for source in told.sources
            ]
            told_by = [words.plain(f"compare.report-{pair.report}")] if pair.report else []
            rows.append(["\n".join([words.plain(f"compare.{pair.verdict}"), *told_by]), *cells])
        topics.append({"name": topic.topic or words.plain("compare.no-topic"), "rows": rows})
    return {
        "language": words.language, "rtl": words.dir == "rtl", "fonts": _FONTS, "topics": topics,
        "title": f"{words.plain('readout.compare')}: {told.readout.title}, {told.readout.date}",
        "mark": mark(told.readout.status, sides, words),
        "verdict": words.plain("compare.verdict"), "sources": [one.name for one in told.sources],
    }  # fmt: skip
