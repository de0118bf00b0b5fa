"""The register of positions: by topic, what each side has said, when and where, in order of time, with what changed.

Owns: putting together confirmed statements of readouts, press reports with their source, and what our people noted in
messages, minutes and other entries. Does not own: how statements are confirmed (comparing.py), search (searching.py).
Always true: nothing stands here that no person confirmed or noted.
"""

from __future__ import annotations

import secrets
from typing import Final

from msgspec.structs import replace

from parley import limits
from parley.actions.comparing import place_of, sources_of
from parley.actions.ports import NodePort
from parley.actions.position_rows import PositionRow, RegisterTopic
from parley.actions.readouts import readouts
from parley.actions.who import Who, may_read, need, need_in
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.people import positions as kept
from parley.record.entry import read_entry
from parley.record.names import LogId
from parley.statements.differing import differ
from parley.statements.terms import fold, texts_of

_NOTES_MAX: Final = 5_000  # a register of five thousand positions is a book


def register(node: NodePort, who: Who, *, topic: str = "") -> tuple[RegisterTopic, ...]:
    """Give every topic, or those that have these words in their name."""
    need(who, "read")
    rows = [*_of_readouts(node, who), *_of_notes(node, who)]
    wanted = fold(topic).split()
    topics: dict[str, list[PositionRow]] = {}
    for row in rows:
        if all(word in fold(row.topic) for word in wanted):
            topics.setdefault(fold(row.topic), []).append(row)
    return tuple(
        RegisterTopic(topic=found[0].topic, rows=_with_changes(sorted(found, key=lambda row: (row.at, row.path))))
        for _, found in sorted(topics.items())
    )


async def note(
    node: NodePort, who: Who, log: str, number: int, *, topic: str, words: str = ""
) -> None:  # fmt: skip
    """Note words of an entry as its side's position on a topic; without words, its longest text."""
    name = _log(node, who, log)
    leaf = node.store.leaves(name, number, 1) if 0 <= number < node.store.size(name) else []
    if not leaf:
        raise Refused("positions.unknown", "there is no such entry")
    texts = texts_of(read_entry(leaf[0]).body)
    said, under = make_text(words).strip() or max(texts, key=len, default=""), make_text(topic).strip()
    if not under or not any(said and said in text for text in texts):
        raise Refused("positions.words", "a position has a topic, and words that stand in the entry")
    if len(kept.every(node.store)) >= _NOTES_MAX:
        raise Refused("positions.full", f"at most {_NOTES_MAX} notes; take some back")
    noted = kept.Noted(
        topic=under[: limits.STATEMENT_PART_CHARS_MAX], channel=name.channel, log=name.text, number=number,
        words=said[: limits.NOTE_CHARS_MAX], by=who.person,
    )  # fmt: skip
    await node.keep([kept.row(secrets.token_hex(8), noted)])


async def take_back(node: NodePort, who: Who, name: str) -> None:
    """Take a note of ours out of the register."""
    need(who, "draft")
    held = dict(kept.every(node.store)).get(name)
    if held is None or not may_read(node, who, held.channel):
        raise Refused("positions.unknown", "there is no such note")
    await node.keep([kept.row(name, None)])


# --- inside -----------------------------------------------------------------------------------------------------------


def _log(node: NodePort, who: Who, log: str) -> LogId:
    need(who, "draft")
    try:
        name = LogId.read(log)
    except PeerError:
        raise Refused("positions.unknown", "there is no such entry") from None
    need_in(node, who, "draft", name.channel)
    return name


def _of_readouts(node: NodePort, who: Who) -> list[PositionRow]:
    found = []
    for row in readouts(node, who):
        sides = {one.side: one for one in row.accounts}
        for source in sources_of(node, row):
            account = sides.get(source.id)
            contested = {each.place for each in account.statements if each.contests} if account else set()
            for one in source.statements:
                if one.topic:
                    found.append(
                        PositionRow(
                            topic=one.topic, at=row.date, side_name=source.name, ours=source.kind == "ours",
                            who=one.who or source.name, words=source.text[one.words_start : one.words_end],
                            language=source.language, origin="press" if source.kind == "press" else "readout",
                            title=row.title, channel=row.channel, contested=place_of(one) in contested,
                            path=f"/readouts/{row.channel}/{row.subject.partition('/')[2]}"
                            f"/words/{source.id}#p-{place_of(one)}",
                            status=row.status, changed=(),
                        )
                    )  # fmt: skip
    return found


def _of_notes(node: NodePort, who: Who) -> list[PositionRow]:
    found = []
    for name, one in kept.every(node.store):
        if not may_read(node, who, one.channel):
            continue
        log = LogId.read(one.log)
        entry = read_entry(node.store.leaves(log, one.number, 1)[0])
        ours = log.side == node.identity.ours.side
        party = node.identity.ours if ours else node.identity.theirs
        found.append(
            PositionRow(
                topic=one.topic, at=entry.at, side_name=party.name, ours=ours, who=party.name, words=one.words,
                language=str(entry.body.get("language") or ""), origin="note", title=entry.kind, channel=one.channel,
                path=f"/record/{one.log}/{one.number}", contested=False, status=entry.status, changed=(), note=name,
            )
        )  # fmt: skip
    return found


def _with_changes(rows: list[PositionRow]) -> tuple[PositionRow, ...]:
    """Mark in each what stands there and not in what the same side said before, or the other way round."""
    before: dict[str, PositionRow] = {}
    found = []
    for row in rows:
        last = before.get(row.side_name)
        if last is not None and row.origin != "press":
            same = last.language[:2] == row.language[:2]
            row = replace(row, changed=differ(last.words, row.words, same_language=same))
        before[row.side_name] = row
        found.append(row)
    return tuple(found)
