"""Accounts of one meeting side by side: suggestions, what a person confirmed of them, pairs, and the comparison.

Owns: rights, our private board, confirming our own readout's statements in the record.
Does not own: how statements are found (statements/), the form of an export (comparison_export.py).
Always true:
  1. A suggestion is given to who asks and kept nowhere; what a person accepts, changes or draws is kept on our board.
  2. The comparison counts and exports only what people confirmed: theirs from the record, the rest from our board.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from itertools import combinations
from typing import Final

import msgspec

from parley import limits
from parley.actions.body_terms import pairs_of_channel
from parley.actions.comparing_rows import CellRow, CompareRow, PairRow, SourceRow, SuggestionRow, TopicRow
from parley.actions.ports import NodePort
from parley.actions.readout_rows import ReadoutRow
from parley.actions.readouts import readout, readout_view
from parley.actions.rows import Sent
from parley.actions.sending import write
from parley.actions.who import Who
from parley.codec.text import make_text
from parley.errors import Refused
from parley.people import readouts as kept
from parley.people.readouts import Link
from parley.statements import Statement
from parley.statements.cutting import sentences
from parley.statements.differing import differ
from parley.statements.likeness import offer_topic, pair, topics_of
from parley.subjects.readouts import facts as said

_OTHER: Final = ""  # the topic of what was put under none


async def mark(
    node: NodePort, who: Who, channel: str, subject: str, source: str, statement: Statement, *, instead: str = ""
) -> None:
    """Confirm a statement of an account: a suggestion accepted or changed, or one drawn (`instead` of another)."""
    sources = _sources(node, who, "draft", channel, subject)
    text = _source(sources, source).text
    if not 0 <= statement.start <= statement.words_start < statement.words_end <= statement.end <= len(text):
        raise Refused("readouts.place", "the words do not lie within the text")
    made = replace(
        statement, who=_part(statement.who), whom=_part(statement.whom), verb=_part(statement.verb),
        through=_part(statement.through), topic=_part(statement.topic),
    )  # fmt: skip
    board = kept.board(node.store, channel, subject)
    gone = {place_of(made), instead}
    rest = [one for one in board.marks.get(source, ()) if place_of(one) not in gone]
    if len(rest) >= limits.STATEMENTS_MAX:
        raise Refused("readouts.full", f"at most {limits.STATEMENTS_MAX} statements of one account")
    marks = tuple(sorted((*rest, made), key=lambda one: one.words_start))
    await _keep(node, channel, subject, msgspec.structs.replace(board, marks=board.marks | {source: marks}))


def drawn(
    node: NodePort, who: Who, channel: str, subject: str, source: str, statement: Statement, words: str, at: int = -1
) -> Statement:  # fmt: skip
    """Give a statement at the place of these words in an account, nearest to `at`; its sentence is found around them.

    Raises: Refused `readouts.words` if the account does not have them: nothing is ever quoted that is not there.
    """
    text = _source(_sources(node, who, "draft", channel, subject), source).text
    wanted = make_text(words).strip()
    places = [] if not wanted else [match.start() for match in re.finditer(re.escape(wanted), text)]
    if not places:
        raise Refused("readouts.words", "these words do not stand in the account: copy them from it")
    start = min(places, key=lambda place: abs(place - at)) if at >= 0 else places[0]
    end = start + len(wanted)
    around = [one for one in sentences(text) if one.start < end and start < one.end]
    return replace(
        statement, words_start=start, words_end=end, start=min([start, *(one.start for one in around)]),
        end=max([end, *(one.end for one in around)]),
    )  # fmt: skip


async def unmark(node: NodePort, who: Who, channel: str, subject: str, source: str, place: str) -> None:
    """Take a statement off our board, with its pairs."""
    readout_view(node, who, "draft", channel, subject)
    board = kept.board(node.store, channel, subject)
    rest = tuple(one for one in board.marks.get(source, ()) if place_of(one) != place)
    name = f"{source}:{place}"
    links = tuple(one for one in board.links if name not in (one.first, one.second))
    changed = msgspec.structs.replace(board, marks=board.marks | {source: rest}, links=links)
    await _keep(node, channel, subject, changed)


async def link(node: NodePort, who: Who, channel: str, subject: str, first: str, second: str, verdict: str) -> None:
    """Lay two confirmed statements side by side: said the "same", "different"ly, or "apart" to take it back."""
    if verdict not in ("same", "different", "apart"):
        raise Refused("readouts.verdict", "two statements say the same, differ, or are apart")
    sources = _sources(node, who, "draft", channel, subject)
    names = {f"{source.id}:{place_of(one)}" for source in sources for one in source.statements}
    if first not in names or second not in names or first.rpartition(":")[0] == second.rpartition(":")[0]:
        raise Refused("readouts.pair", "a pair is two confirmed statements of two accounts")
    board = kept.board(node.store, channel, subject)
    rest = tuple(one for one in board.links if {one.first, one.second} != {first, second})
    made = () if verdict == "apart" else (Link(first=first, second=second, verdict=verdict),)
    if len(rest) >= 4 * limits.STATEMENTS_MAX:
        raise Refused("readouts.full", "too many pairs in one comparison")
    await _keep(node, channel, subject, msgspec.structs.replace(board, links=(*rest, *made)))


async def keep_report(
    node: NodePort, who: Who, channel: str, subject: str, *, source: str, date: str, text: str, address: str = "",
    language: str = "",
) -> None:  # fmt: skip
    """Lay a press report on our own board; it does not cross the line."""
    readout_view(node, who, "draft", channel, subject)
    board = kept.board(node.store, channel, subject)
    words = make_text(text).strip()
    if not words or len(words) > limits.READOUT_CHARS_MAX or not source.strip():
        raise Refused("readouts.long", f"a report has a source, and 1 to {limits.READOUT_CHARS_MAX} characters")
    if len(board.reports) >= limits.PRESS_REPORTS_MAX:
        raise Refused("readouts.full", "as many reports as one comparison holds")
    made = kept.Report(
        id=f"own-{secrets.token_hex(4)}", source=make_text(source).strip()[: limits.TITLE_CHARS_MAX], date=date[:10],
        address=make_text(address).strip()[:500], language=language or node.identity.ours.languages[0], text=words,
    )  # fmt: skip
    await _keep(node, channel, subject, msgspec.structs.replace(board, reports=(*board.reports, made)))


async def confirm(node: NodePort, who: Who, channel: str, subject: str) -> Sent:
    """Confirm our own readout's statements, as they stand on our board, in the record that both hold."""
    view = readout_view(node, who, "release", channel, subject)
    us = node.identity.ours.side
    ours, marks = view.account(us), kept.board(node.store, channel, subject).marks.get(us, ())
    if ours is None or ours.opened is None:
        raise Refused("readouts.not-opened", "only an opened readout has statements")
    if not marks:
        raise Refused("readouts.none", "no statement of our readout is confirmed here yet")
    return await write(node, who, said.confirm(channel, subject, ours.opened, marks), status=view.status)


def suggestions(node: NodePort, who: Who, channel: str, subject: str, source: str) -> tuple[SuggestionRow, ...]:
    """Give what may be statements of one account and is not confirmed: for the person who looks, kept nowhere."""
    from parley.statements.picking import pick  # brings the patterns of two languages

    row = readout(node, who, channel, subject)
    sources = sources_of(node, row)
    found = _source(sources, source)
    topics = _named(node, row)
    confirmed: dict[str, list[str]] = {}
    for each in sources:
        for held in each.statements:
            if held.topic:
                confirmed.setdefault(held.topic, []).append(each.text[held.words_start : held.words_end])
    made = []
    for one in pick(found.text, found.language, found.statements):
        words = found.text[one.statement.words_start : one.statement.words_end]
        offered = offer_topic(words, topics, confirmed)
        topic = offered.topic if offered else ""
        made.append(
            SuggestionRow(
                place=place_of(one.statement), statement=replace(one.statement, topic=topic), words=words,
                level=one.level, ground=one.ground, topic_level=offered.level if offered else "",
                topic_ground=offered.ground if offered else "",
            )
        )  # fmt: skip
    return tuple(made)


def compare(node: NodePort, who: Who, channel: str, subject: str) -> CompareRow:
    """Give the comparison: by topic, what is said by several, by one only, or differently; and pairs that may be."""
    row = readout(node, who, channel, subject)
    sources = sources_of(node, row)
    links = kept.board(node.store, channel, subject).links if row.draft is not None else ()
    cells = {
        f"{source.id}:{place_of(one)}": CellRow(
            name=f"{source.id}:{place_of(one)}", source=source.id, place=place_of(one), statement=one,
            words=source.text[one.words_start : one.words_end], language=source.language,
        )
        for source in sources
        for one in source.statements
    }  # fmt: skip
    held = [one for one in links if one.first in cells and one.second in cells]
    sides = {one.id for one in sources if one.kind != "press"}
    topics: dict[str, list[PairRow]] = {}
    beside: dict[str, set[str]] = {}  # by statement: the accounts that somebody laid beside it
    for group in _groups(list(cells), held):
        made = _row([cells[name] for name in group], [one for one in held if one.first in group], sides)
        topic = next((one.statement.topic for one in made.cells if one.statement.topic), _OTHER)
        topics.setdefault(topic, []).append(made)
        accounts = {one.source for one in made.cells}
        beside |= dict.fromkeys(group, accounts)
    rows = tuple(TopicRow(topic=name, rows=tuple(topics[name])) for name in sorted(topics, key=lambda t: (not t, t)))
    offered = topics_of([cell.words for cell in cells.values()])
    return CompareRow(
        readout=row, sources=sources, topics=rows, maybe=_maybe(sources, list(cells.values()), beside),
        offered=tuple(dict.fromkeys((*_named(node, row), *(t for t in topics if t), *offered))),
    )  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------------


def _part(text: str) -> str:
    return make_text(text).strip()[: limits.STATEMENT_PART_CHARS_MAX]


def place_of(one: Statement) -> str:
    """Give a statement's name within its account."""
    return f"{one.words_start}-{one.words_end}"


async def _keep(node: NodePort, channel: str, subject: str, board: kept.Board) -> None:
    await node.keep([kept.board_row(channel, subject, board)])
    node.tell("draft", {"channel": channel})


def _named(node: NodePort, row: ReadoutRow) -> tuple[str, ...]:
    """Give the topics that have a name already: items of the agenda, and terms of the glossary that both sides keep.

    A term is named in both its languages, so that it is found in either side's account. Our own glossaries stay out:
    a topic that somebody confirms crosses the line.
    """
    terms = [f"{one} / {other}" for one, other in pairs_of_channel(node, row.channel)]
    return (*row.facts.items, *(one for one in terms if len(one) <= limits.STATEMENT_PART_CHARS_MAX))


def _sources(node: NodePort, who: Who, right: str, channel: str, subject: str) -> tuple[SourceRow, ...]:
    readout_view(node, who, right, channel, subject)
    return sources_of(node, readout(node, who, channel, subject))


def _source(sources: tuple[SourceRow, ...], id: str) -> SourceRow:
    found = next((one for one in sources if one.id == id), None)
    if found is None:
        raise Refused("readouts.source", "there is no such account to read here")
    return found


def sources_of(node: NodePort, row: ReadoutRow) -> tuple[SourceRow, ...]:
    """Give every account that is open to read, with the statements that people confirmed of it."""
    board = kept.board(node.store, row.channel, row.subject) if row.draft is not None else kept.Board()
    found = []
    for one in row.accounts:
        if one.text:
            confirmed = tuple(each.statement for each in one.statements)
            marks = board.marks.get(one.side, ())
            chosen = marks if one.ours and marks else confirmed or marks
            found.append(
                SourceRow(
                    id=one.side, name=one.side_name, kind="ours" if one.ours else "theirs", language=one.language,
                    text=one.text, statements=chosen, in_record=bool(confirmed) and chosen == confirmed,
                )
            )  # fmt: skip
    for report in row.press:
        found.append(
            SourceRow(
                id=report.id, name=report.source, kind="press", language=report.language, text=report.text,
                statements=board.marks.get(report.id, ()), in_record=False,
            )
        )  # fmt: skip
    return tuple(found)


def _groups(names: list[str], links: list[Link]) -> list[list[str]]:
    """Put linked statements together, in the order of the names."""
    group = {name: name for name in names}

    def head(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for one in links:
        first, second = head(one.first), head(one.second)
        group[max(first, second, key=names.index)] = min(first, second, key=names.index)
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(head(name), []).append(name)
    return list(found.values())


def _row(members: list[CellRow], links: list[Link], sides: set[str]) -> PairRow:
    """Give what was laid together: how the two sides stand, and how a report beside them has it."""
    cells = {one.name: one for one in members}
    paired = [(cells[one.first], cells[one.second], one.verdict) for one in links]
    own = [verdict for first, second, verdict in paired if {first.source, second.source} <= sides]
    told = [verdict for first, second, verdict in paired if len({first.source, second.source} & sides) == 1]
    both = own or [verdict for *_, verdict in paired]  # two sides may be joined by a report between them
    count = len({one.source for one in members} & sides)
    verdict = "press" if not count else "one" if count == 1 else "different" if "different" in both else "same"
    return PairRow(
        verdict=verdict, report="different" if "different" in told else "same" if told else "", cells=tuple(members),
        differs=_differs(members), links=tuple(paired),
    )  # fmt: skip


def _differs(cells: list[CellRow]) -> tuple[tuple[str, str, str], ...]:
    if len(cells) < 2:
        return ()
    one, other = cells[0], cells[1]
    return differ(one.words, other.words, same_language=one.language[:2] == other.language[:2])


def _maybe(
    sources: tuple[SourceRow, ...], cells: list[CellRow], beside: dict[str, set[str]]
) -> tuple[tuple[CellRow, CellRow, str, str], ...]:
    """Propose pairs between the two readouts, and of a report with either, that no person has made yet."""
    found = []
    for one, other in combinations(sources, 2):
        if one.kind == other.kind == "press":
            continue
        first = [cell for cell in cells if cell.source == one.id and other.id not in beside[cell.name]]
        second = [cell for cell in cells if cell.source == other.id and one.id not in beside[cell.name]]
        told = [[(cell.words, cell.statement.topic) for cell in each] for each in (first, second)]
        found += [(first[each.first], second[each.second], each.level, each.ground) for each in pair(*told)]
    return tuple(found)
