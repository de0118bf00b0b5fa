"""The year's summary on paper: the same words and counts as the page, set by typst into a PDF.

Owns: the layout. Does not own: the counts (actions/incident_year.py).
Always true: nothing that somebody wrote becomes markup: every value goes in as data, beside the template.
Fonts: what typst brings (Latin, Cyrillic, Greek) and the Noto fonts of this machine where they are installed. Where a
script has none, the paper says so in its first line and in English.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from parley.actions.incident_year import Year
from parley.actions.typesetting import set_pdf
from parley.desk.paper import mark
from parley.desk.shown import Sides
from parley.desk.words import Words

_FONTS: Final = {"ar": "Noto Sans Arabic", "zh": "Noto Sans CJK SC"}
_FILES: Final = {"ar": ("NotoSansArabic", "NotoNaskhArabic"), "zh": ("NotoSansCJK", "NotoSansSC", "NotoSerifCJK")}
_FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_TEMPLATE: Final = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 20mm, numbering: "1 / 1",
  header: if d.mark != "" [#strong(d.mark)])
#set text(size: 10pt, lang: d.language, dir: if d.rtl { rtl } else { ltr }, font: d.fonts)
#set document(title: d.title)
#set table(stroke: 0.4pt + gray, inset: 5pt)
= #d.title
#text(fill: luma(80))[#d.made]
#if d.missing != "" [#block(stroke: 1pt, inset: 6pt)[#text(lang: "en", dir: ltr)[#d.missing]]]
#for part in d.parts [
  == #part.title
  #if part.rows.len() == 0 [#d.none] else [
    #table(
      columns: part.widths.map(w => w * 1fr),
      table.header(..part.head.map(h => strong(h))),
      ..part.rows.flatten().map(cell => [#cell])
    )
  ]
  #if part.bars.len() > 0 [
    #grid(columns: part.bars.len() * (1fr,), align: bottom, gutter: 3pt,
      ..part.bars.map(bar => stack(spacing: 2pt,
        rect(width: 100%, height: bar.at(1) * 28mm, fill: luma(180), stroke: 0.4pt),
        text(size: 7pt)[#bar.at(0)])))
  ]
]
"""


def has_font(language: str) -> bool:
    """Say whether a script can be set on this machine."""
    names = _FILES.get(language)
    return names is None or any(
        name.startswith(names) for folder in _FONT_FOLDERS if folder.is_dir() for name in _names(folder)
    )


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("Noto*")]


def own_way(text: str) -> str:
    """Set what somebody wrote apart, line by line, so that it runs its own way in a page that runs the other."""
    return "\n".join(f"\u2068{line}\u2069" if line else "" for line in text.split("\n"))


def year(told: Year, sides: Sides, words: Words, now: str) -> bytes:
    """Give the PDF of a year's summary in one language."""
    data = json.dumps(data_of(told, sides, words, now), ensure_ascii=False)
    return set_pdf(_TEMPLATE.encode(), inputs={"data": data})


def data_of(told: Year, sides: Sides, words: Words, now: str) -> dict[str, object]:
    """Give all that is set, as the template reads it."""

    def t(key: str, **fields: object) -> str:
        return words.plain(key, **fields)

    us, them = sides.our_name, sides.their_name
    missing = "" if has_font(words.language) else "This machine has no font for the language of this paper."
    months = [[f"{told.year:04d}-{n:02d}", str(ours), str(theirs)] for n, (ours, theirs) in enumerate(told.months, 1)]
    most = told.most or 1
    parts = [
        _part(t("incident.year.months"), [t("incident.year.month"), us, them], months,
              bars=[[row[0][5:], (int(row[1]) + int(row[2])) / most] for row in months]),
        _part(t("incident.year.trend"), [t("incident.year.year"), t("incident.year.count")],
              [[str(one), str(count)] for one, count in told.years]),
        _part(t("incident.statements"), [t("incident.col.state"), t("incident.year.count")],
              [[t(f"incident.stand.{name}"), str(count)] for name, count in told.stands]),
        _part(t("incident.col.state"), [t("incident.col.state"), t("incident.year.count")],
              [[t(f"incident.state.{name}"), str(count)] for name, count in told.states]
              + [[t("incident.signed-both"), str(told.signed)]]),
        _part(t("incident.year.answered"), ["", t("incident.year.in-time"), t("incident.year.late"),
              t("incident.year.not-yet")],
              [[t(f"incident.clock.{what}"), *map(str, rest)] for what, *rest in told.answered]),
        _part(t("incident.label.article"), [t("incident.label.article"), us, them],
              [[name, str(ours), str(theirs)] for name, ours, theirs in told.articles]),
        _part(t("place.incidents"), [t("incident.label.time"), t("incident.col.by"), t("incident.label.what"),
              t("incident.col.state")],
              [[own_way(row.time[:16].replace("T", " ") + "Z"), us if row.ours else them, own_way(row.what[:300]),
                t(f"incident.state.{row.state}")] for row in told.rows], widths=(2, 2, 6, 2)),
    ]  # fmt: skip
    font = _FONTS.get(words.language)
    return {
        "language": words.language, "rtl": words.dir == "rtl", "missing": missing, "none": t("incident.year.none"),
        "fonts": [*([font] if font and not missing else []), "Libertinus Serif", *_FONTS.values()],
        "title": t("incident.year.title", year=f"{told.year:04d}", us=us, them=them), "parts": parts,
        "mark": mark(told.status, sides, words),
        "made": t("incident.year.made", at=now[:16].replace("T", " ") + "Z", us=us),
    }  # fmt: skip


def _part(
    title: str, head: list[str], rows: list[list[str]], *, bars: list[list[object]] | None = None,
    widths: tuple[int, ...] = (),
) -> dict[str, object]:  # fmt: skip
    return {"title": title, "head": head, "rows": rows, "bars": bars or [], "widths": widths or [1] * len(head)}
