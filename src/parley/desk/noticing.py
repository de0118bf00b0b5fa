"""The part of the desk's port that is about notices and the rule book, answered by the actions on a real node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Final

from parley.actions import movements, notice_files, notices, rulebooks, signals
from parley.actions.notice_words import NoticeWords
from parley.desk.reading import Reading, asker
from parley.desk.shown import Person
from parley.desk.shown.notices import (
    ArticleShown,
    CheckedShown,
    MovementShown,
    NoticeShown,
    NoticesShown,
    RulebookShown,
    SignalShown,
)

_WORDS: Final = tuple(one.name for one in fields_of(NoticeWords))


class Noticing(Reading):
    """Notices, articles and signals as the desk sees them and acts on them."""

    def notices(self, who: Person, since: str, until: str) -> NoticesShown:
        """Give the notices of some days."""
        return notices.notices(self._node, asker(who), since=since, until=until)

    def notice(self, who: Person, channel: str, subject: str) -> NoticeShown:
        """Give one notice."""
        return notices.notice(self._node, asker(who), channel, subject)

    def check_notice(self, who: Person, channel: str, fields: Mapping[str, str]) -> CheckedShown:
        """Say how a notice would stand."""
        return notices.check(self._node, asker(who), channel, _words(fields))

    async def give_notice(self, who: Person, channel: str, fields: Mapping[str, str]) -> str:
        """Give notice; gives its subject."""
        return (await notices.give(self._node, asker(who), channel, _words(fields))).subject

    async def settle_notice(self, who: Person, channel: str, subject: str, act: str, fields: Mapping[str, str]) -> None:
        """Say the next thing about a notice."""
        node, known, reason, seen = self._node, asker(who), fields.get("reason", ""), fields.get("seen", "")
        if act == "amend":
            await notices.amend(node, known, channel, subject, _words(fields), reason=reason, seen=seen)
        elif act == "extend":
            await notices.extend(node, known, channel, subject, until=fields.get("until", ""), reason=reason, seen=seen)
        elif act == "cancel":
            await notices.cancel(node, known, channel, subject, reason=reason, seen=seen)
        elif act == "end":
            await notices.end(node, known, channel, subject, ended=fields.get("ended", ""), note=reason, seen=seen)
        else:
            await notices.acknowledge(node, known, channel, subject, note=reason, seen=seen)

    async def notice_calendar(self, who: Person) -> bytes:
        """Give the calendar."""
        return await notice_files.calendar(self._node, asker(who))

    def notice_geojson(self, who: Person, since: str, until: str) -> str:
        """Give the notices of some days as GeoJSON."""
        return json.dumps(notice_files.geojson_of(self._node, asker(who), since=since, until=until))

    def notice_cap(self, who: Person, channel: str, subject: str) -> str:
        """Give one notice as CAP 1.2."""
        return notice_files.cap_of(self._node, asker(who), channel, subject)

    def read_cap(self, who: Person, text: str) -> dict[str, str]:
        """Give what a form would hold that was filled from a CAP message."""
        return notice_files.read_cap(asker(who), text)

    def movements(self, who: Person) -> Sequence[MovementShown]:
        """Give our own movements."""
        return movements.movements(self._node, asker(who))

    async def settle_movement(self, who: Person, act: str, fields: Mapping[str, str]) -> None:
        """Keep a movement of ours, or take one out."""
        if act == "drop":
            await movements.drop(self._node, asker(who), fields.get("id", ""))
        else:
            told = {name: fields.get(name, "") for name in ("title", "since", "until", "area", "low", "high")}
            await movements.plan(self._node, asker(who), **told)

    def articles(self, who: Person) -> Sequence[ArticleShown]:
        """Give the articles in force."""
        return rulebooks.articles(self._node, asker(who))

    def rulebooks(self, who: Person) -> Sequence[RulebookShown]:
        """Give the documents."""
        return rulebooks.documents(self._node, asker(who))

    def rulebook(self, who: Person, subject: str) -> RulebookShown:
        """Give one document."""
        return rulebooks.document(self._node, asker(who), subject)

    def rulebook_example(self, who: Person, name: str) -> str:
        """Give a document that comes with the program."""
        return rulebooks.example(asker(who), name)

    async def propose_rulebook(self, who: Person, document: str, status: str) -> str:
        """Propose a document; gives its subject."""
        return (await rulebooks.propose(self._node, asker(who), document, status=status)).subject

    async def settle_rulebook(self, who: Person, subject: str, act: str, reason: str) -> None:
        """Adopt, decline, withdraw or end a document."""
        if act == "adopt":
            await rulebooks.adopt(self._node, asker(who), subject)
        else:
            doing = {"decline": rulebooks.decline, "withdraw": rulebooks.withdraw, "end": rulebooks.end}[act]
            await doing(self._node, asker(who), subject, reason=reason)

    def signals(self, who: Person) -> Sequence[SignalShown]:
        """Give the signals in force."""
        return signals.signals(self._node, asker(who))

    async def send_signal(self, who: Person, channel: str, fields: Mapping[str, str]) -> str:
        """Send a signal; gives the message's subject."""
        sent = await signals.send_signal(
            self._node, asker(who), channel, fields.get("code", ""), precedence=fields.get("precedence", "PRIORITY"),
            status=fields.get("status", ""),
        )  # fmt: skip
        return sent.subject


def _words(fields: Mapping[str, str]) -> NoticeWords:
    told = {name: fields.get(name, "") for name in _WORDS}
    if fields.get("other", "").strip():  # a free kind
        told["what"] = fields["other"].strip()
    return NoticeWords(**told)
