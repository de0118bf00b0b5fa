"""One incident on paper: both accounts, statements with their stands, agreed facts with who signed them, both figures.

Owns: the layout. Does not own: what is told (actions/incident_showing.py), the rows of both accounts (shown/).
Always true: nothing that somebody wrote becomes markup: every value goes in as data, beside the template. What is not
actual is marked on every page, and a script this machine cannot set is named in the first line, in English.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from parley.actions.incident_rows import IncidentSaid, ListRow, QueryRow, StatementRow
from parley.actions.track_rows import FigureRow, FileProblemRow, TrackFlagRow, TrackRow, TracksRow
from parley.actions.typesetting import set_pdf
from parley.desk.incident_paper import has_font, own_way
from parley.desk.paper import mark
from parley.desk.shown import Sides
from parley.desk.shown.incidents import AccountRow, Cell, CompareRow, IncidentWhole, compare
from parley.desk.words import LANGUAGES, Words

_FONTS: Final = ("Libertinus Serif", "Noto Sans Arabic", "Noto Sans CJK SC")
_TEMPLATE: Final = """
#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", flipped: true, margin: 15mm, numbering: "1 / 1",
  header: if d.mark != "" [#strong(d.mark)],
  footer: context [#text(size: 7pt)[#d.made #h(1fr) #counter(page).display("1 / 1", both: true)]])
#set text(size: 9pt, lang: d.language, dir: if d.rtl { rtl } else { ltr }, font: d.fonts)
#set document(title: d.title)
#set table(stroke: 0.4pt + gray, inset: 4pt)
= #d.title
#if d.missing != "" [#block(stroke: 1pt, inset: 6pt)[#text(lang: "en", dir: ltr)[#d.missing]]]
#for line in d.lead [#line \\ ]
#for part in d.parts.filter(part => part.rows.len() + part.lines.len() > 0) [
  == #part.title
  #for line in part.lines [#line \\ ]
  #if part.rows.len() > 0 [
    #table(
      columns: part.widths.map(w => w * 1fr),
      table.header(..part.head.map(h => strong(h))),
      ..part.rows.flatten().map(cell => [#cell])
    )
  ]
]
"""


def sheet(told: IncidentWhole, tracks: TracksRow, sides: Sides, words: Words, now: str) -> bytes:
    """Give the PDF of one incident in one language; what people wrote stays in theirs."""
    data = json.dumps(data_of(told, tracks, sides, words, now), ensure_ascii=False)
    return set_pdf(_TEMPLATE.encode(), inputs={"data": data})


def data_of(told: IncidentWhole, tracks: TracksRow, sides: Sides, words: Words, now: str) -> dict[str, object]:
    """Give all that is set, as the template reads it."""
    return _Sheet(sides, words).data(told, tracks, now)


class _Sheet:
    """The words of one sheet."""

    def __init__(self, sides: Sides, words: Words) -> None:
        self._sides, self._words = sides, words
        self._t = words.plain

    def data(self, told: IncidentWhole, tracks: TracksRow, now: str) -> dict[str, object]:
        """Give what the template sets."""
        t, row = self._t, told.row
        used = {self._words.language, row.language, *(one.language for one in told.accounts)}
        tags = {one.partition("-")[0] for one in used}
        lacking = sorted(tag for tag in tags if tag in LANGUAGES and not has_font(tag))
        return {
            "language": self._words.language, "rtl": self._words.dir == "rtl", "fonts": _FONTS,
            "mark": mark(row.status, self._sides, self._words),
            "missing": f"This machine has no font for: {', '.join(lacking)}." if lacking else "",
            "title": f"{t('incident.title')} {_at(row.time)}",
            "made": t("incident.year.made", at=_at(now), us=self._sides.our_name) + f" · {row.channel} {row.subject}",
            "lead": [t(f"incident.state.{row.state}"), *self._cited(told), *self._silence(told)],
            "parts": self._parts(told, tracks),
        }  # fmt: skip

    def _parts(self, told: IncidentWhole, tracks: TracksRow) -> list[dict[str, object]]:
        t = self._t
        mine, theirs = told.latest
        heads = [t("incident.col.thing"), self._account(mine, ours=True), self._account(theirs, ours=False)]
        return [
            _part(t("incident.both"), heads, map(self._compared, compare(mine, theirs)), widths=(2, 5, 5)),
            _part(
                t("incident.statements"),
                [t("incident.col.number"), t("incident.col.sentence"), t("incident.col.stand")],
                map(self._statement, told.statements), widths=(2, 6, 4),
            ),
            *(self._list(one) for one in told.lists),
            _part(
                t("incident.queries"), [t("incident.question"), t("incident.answer")],
                map(self._query, told.queries), widths=(6, 6),
            ),
            _part(
                t("incident.evidence"), [t("incident.files"), t("incident.source"), "SHA-256 (Merkle)"],
                ([f"{one.file.name}\n{self._by(one.ours)}, {one.name}, {_at(one.at)}",
                  f"{one.source or '–'}\n{_at(one.taken) if one.taken else '–'}", one.file.root]
                 for one in told.evidence), widths=(4, 4, 6), lines=self._offsets(told),
            ),
            self._tracks(tracks),
            _part(t("incident.closing"), [], [], lines=self._closing(told)),
        ]  # fmt: skip

    def _by(self, ours: bool) -> str:
        return self._sides.our_name if ours else self._sides.their_name

    def _said(self, one: IncidentSaid | None) -> str:
        return "" if one is None else own_way(f"{self._by(one.ours)}, {one.name}, {_at(one.at)}")

    def _cited(self, told: IncidentWhole) -> list[str]:
        """Name the commitments that it cites, in words and as the record names them."""
        name = self._t("commitment.cite")
        return [own_way(f"{name}: {one.what or '–'} ({one.channel} {one.subject})") for one in told.cites]

    def _silence(self, told: IncidentWhole) -> list[str]:
        found = []
        if told.row.them == "silent":
            found.append(self._t("incident.silent", them=self._sides.their_name))
        if told.no_knowledge:
            words = f"{self._t('incident.them.no-knowledge')}: {told.no_knowledge.text or '–'}"
            found.append(f"{words} ({self._said(told.no_knowledge)})")
        return found

    def _account(self, one: AccountRow | None, *, ours: bool) -> str:
        if one is None:
            return self._by(ours)
        return f"{self._by(ours)} · {self._t(f'incident.stage.{one.stage}')}\n{one.name}, {_at(one.at)}"

    def _compared(self, row: CompareRow) -> list[str]:
        t, sides = self._t, self._sides
        what = t(f"incident.label.{row.label}")
        if row.whose:
            unit = t(f"incident.unit.{row.whose}", us=sides.our_name, them=sides.their_name)
            what = f"{unit}{f' {row.unit + 1}' if row.unit else ''}: {what}"
        if row.differs:
            what += f"\n≠ {t('incident.differs')}"
        return [what, self._cell(row.ours), self._cell(row.theirs)]

    def _cell(self, cell: Cell) -> str:
        if not cell.text:
            return "–"
        nature = f" ({self._t(f'incident.nature.{cell.nature}')})" if cell.nature else ""
        flags = "".join(f"\n! {self._t(f'incident.flag.{one.code}')} {one.value}" for one in cell.flags)
        return f"{own_way(cell.text)}{nature}{flags}"

    def _statement(self, one: StatementRow) -> list[str]:
        stand = self._t(f"incident.stand.{one.stand}")
        if one.withdrawn:
            stand = f"{self._t('incident.taken-back')}\n{self._said(one.withdrawn)}"
        elif one.stood:
            stand += f"\n{self._said(one.stood)}" + (f"\n{own_way(one.stood.text)}" if one.stood.text else "")
        return [one.number, f"{own_way(one.said.text)}\n{self._said(one.said)}", stand]

    def _list(self, one: ListRow) -> dict[str, object]:
        t = self._t
        lines = [t("incident.list-signed" if one.signed else "incident.list-open")]
        if one.changed:
            lines.append(t("incident.list-changed"))
        for signed in one.signatures:
            how = "binding.signed" if signed.passkey else "binding.stated-act"
            words = t(how, side=self._by(signed.ours), name=signed.name)
            lines.append(f"{self._by(signed.ours)}: {signed.name}, {_at(signed.at)} ({words})")
        lines.append(f"{t('incident.digest')} {one.digest}")
        rows = ([number, own_way(text)] for number, text, _ in one.facts)
        heads = [t("incident.col.number"), t("incident.col.sentence")]
        return _part(t("incident.facts"), heads, rows, widths=(1, 6), lines=lines)

    def _query(self, one: QueryRow) -> list[str]:
        t = self._t
        asked = (
            f"{t('incident.meeting') + ': ' if one.meeting else ''}{own_way(one.asked.text)}\n{self._said(one.asked)}"
        )
        if one.answer is None:
            return [asked, f"{t('incident.due')} {_at(one.clock.due)}"]
        word = t("incident.accepted" if one.accepted else "incident.declined") + ". " if one.meeting else ""
        return [asked, f"{word}{own_way(one.answer.text)}\n{self._said(one.answer)}"]

    def _tracks(self, tracks: TracksRow) -> dict[str, object]:
        """Give each closest approach in a column of its own, with its sources; and what is flagged of a track."""
        t, figures = self._t, tracks.figures
        rows: list[tuple[str, Callable[[FigureRow], str]]] = [
            ("distance", lambda one: t("incident.tracks.metres", metres=one.distance_m)),
            ("band", lambda one: t("incident.tracks.range", low=one.low_m, high=one.high_m)),
            ("horizontal", lambda one: t("incident.tracks.metres", metres=one.horizontal_m)),
            ("vertical", self._height),
            ("when", lambda one: _at(one.at)),
            ("meeting", lambda one: t(f"incident.tracks.geometry.{one.geometry}")),
            ("first", lambda one: self._track(one.first)),
            ("second", lambda one: self._track(one.second)),
            ("notes", lambda one: "\n".join(t(f"incident.tracks.note.{note}") for note in one.notes) or "–"),
        ]
        lines = [] if tracks.overlap is None else [t(f"incident.tracks.{'overlap' if tracks.overlap else 'apart'}")]
        lines += [
            f"! {self._by(one.ours)}, {own_way(one.name)}: {self._flag(flag)}"
            for one in tracks.tracks
            for flag in one.flags
        ]
        lines += [
            f"! {self._by(one.ours)}, {own_way(one.file)}: {self._problem(one)} {own_way(one.sentence)}"
            for one in tracks.problems
        ]
        heads = [t("incident.col.thing"), *(self._whose(one) for one in figures)]
        table = [[t(f"incident.tracks.{name}"), *map(give, figures)] for name, give in rows] if figures else []
        return _part(t("incident.tracks"), heads, table, widths=(2,) + (3,) * len(figures), lines=lines)

    def _whose(self, one: FigureRow) -> str:
        if one.whose == "both":
            return self._t("incident.tracks.both")
        return self._t("incident.tracks.by", side=self._by(one.whose == "ours"))

    def _flag(self, one: TrackFlagRow) -> str:
        return f"{self._t(f'incident.tracks.flag.{one.code}')} {own_way(one.value)}"

    def _problem(self, one: FileProblemRow) -> str:
        if one.left_out:
            return self._t("incident.tracks.left-out", count=one.left_out)
        return self._t("incident.tracks.unreadable" if one.file else "incident.tracks.no-figure")

    def _height(self, one: FigureRow) -> str:
        if one.vertical_m is None:
            return "–"
        return self._t(f"incident.tracks.{'above' if one.vertical_m >= 0 else 'below'}", metres=abs(one.vertical_m))

    def _track(self, one: TrackRow) -> str:
        t, source = self._t, own_way(one.source) or self._t("incident.tracks.source-none")
        stated = f"incident.tracks.{'assumed' if one.assumed else 'stated'}"
        errors = t(stated, position=f"{one.position_m:g}", clock=f"{one.clock_s:g}")
        if one.vertical_m is not None:
            errors += f"; {t('incident.tracks.height', metres=f'{one.vertical_m:g}')}"
        return f"{own_way(one.name)}\n{self._by(one.ours)} · {source} · {errors}"

    def _offsets(self, told: IncidentWhole) -> list[str]:
        t, us, them = self._t, self._sides.our_name, self._sides.their_name
        return [
            f"{one.our_file} · {one.their_file}: {t('incident.offset-is', us=us, them=them, seconds=one.seconds)} "
            f"({t('incident.stand.agreed')})"
            for one in told.offsets
            if one.holds
        ]

    def _closing(self, told: IncidentWhole) -> list[str]:
        t, found = self._t, []
        for one in told.closings:
            jointly = t("incident.closed-jointly")
            how = jointly if one.joint else t("incident.closed-by", side=self._by(one.said.ours))
            found.append(f"{how}: {one.said.text or '–'} ({self._said(one.said)})")
            if one.lifted:
                found.append(f"{t('incident.reopened')}: {one.lifted.text} ({self._said(one.lifted)})")
        return found


def _at(moment: str) -> str:
    """Give a moment that keeps its order in a line that runs from right to left; else the year would come last."""
    return own_way(moment[:19].replace("T", " ") + "Z")


def _part(
    title: str, head: list[str], rows: Iterable[list[str]], *, widths: tuple[int, ...] = (), lines: Iterable[str] = ()
) -> dict[str, object]:  # fmt: skip
    return {"title": title, "head": head, "rows": list(rows), "widths": widths, "lines": list(lines)}
