"""The summary of a year's incidents for the yearly consultation, from the record.

Owns: the counts. Does not own: words and layout (desk/, desk/year_paper.py).
Always true: both sides' nodes count the same, because both fold the same record; only names of "ours" are exchanged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from parley.actions import incident_beside as beside
from parley.actions.incident_rows import IncidentRow
from parley.actions.incident_showing import list_row, told_twice
from parley.actions.incidents import views
from parley.actions.ports import NodePort
from parley.actions.who import Who, need
from parley.node.reported import Pairs
from parley.subjects.incidents import IncidentView
from parley.times import read_moment


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """One year: incidents of the line's own status only, so that no exercise is counted among real ones.

    Months and years are by the time of the first report's event, in UTC.
    """

    year: int
    status: str  # actual, or what all of this line is: exercise, test
    rows: tuple[IncidentRow, ...]
    months: tuple[tuple[int, int], ...]  # January first: reported by us, by them
    years: tuple[tuple[int, int], ...]  # every year there is, and its count: the trend
    states: tuple[tuple[str, int], ...]  # open, closed-by-one, closed
    stands: tuple[tuple[str, int], ...]  # agreed, disputed, law-disputed, unanswered
    articles: tuple[tuple[str, int, int], ...]  # named by us, by them
    answered: tuple[tuple[str, int, int, int], ...]  # account, answer, meeting: in time, late, not yet
    signed: int

    @property
    def most(self) -> int:
        """Give the greatest month, for bars."""
        return max((ours + theirs for ours, theirs in self.months), default=0)


def year_of(node: NodePort, who: Who, year: int) -> Year:
    """Give the summary of one year, over the channels this person may read."""
    need(who, "read")
    us, them = node.identity.ours.side, node.identity.theirs.side
    actual = [view for view in views(node, who) if view.status == node.default_status]
    chosen = [view for view in actual if _when(view)[:4] == f"{year:04d}"]
    stands = Counter(one.stand for view in chosen for one in view.statements if one.withdrawn is None)
    articles: Counter[tuple[str, bool]] = Counter()
    for view in chosen:
        named = {(one.report.document, one.report.article, one.side == us) for one in view.accounts}
        articles.update((f"{document} {article}".strip(), ours) for document, article, ours in named if article)
    months = [[0, 0] for _ in range(12)]
    for view in chosen:
        months[int(_when(view)[5:7]) - 1][view.side != us] += 1
    together = told_twice(node)
    rows = sorted((list_row(node, view, together) for view in chosen), key=lambda row: row.time)
    return Year(
        year=year, status=node.default_status, rows=tuple(rows),
        months=tuple((ours, theirs) for ours, theirs in months),
        years=tuple(sorted(Counter(int(_when(view)[:4]) for view in actual).items())),
        states=tuple((name, sum(row.state == name for row in rows)) for name in ("open", "closed-by-one", "closed")),
        stands=tuple((name, stands[name]) for name in ("agreed", "disputed", "law-disputed", "unanswered")),
        articles=tuple(
            (name, articles[name, True], articles[name, False]) for name in sorted({name for name, _ in articles})
        ),
        answered=_answered(chosen, us, them, together), signed=sum(row.signed_at is not None for row in rows),
    )  # fmt: skip


def _when(view: IncidentView) -> str:
    return view.accounts[0].report.time.value


def _answered(
    chosen: list[IncidentView], us: str, them: str, together: Pairs
) -> tuple[tuple[str, int, int, int], ...]:  # fmt: skip
    counts: dict[str, list[int]] = {what: [0, 0, 0] for what in ("account", "answer", "meeting")}
    for view in chosen:
        for clock in beside.clocks(view, us, them, twice=(view.channel, view.subject) in together):
            late = bool(clock.done_at) and read_moment(clock.done_at) > read_moment(clock.due)
            counts[clock.what][2 if not clock.done_at else 1 if late else 0] += 1
    return tuple((what, *found) for what, found in counts.items())  # type: ignore[misc]
