"""The part of the desk's port that is about readouts, answered by the actions on a real node."""

from __future__ import annotations

import json

from parley.actions import comparing, comparison_export, positions, readouts, searching
from parley.actions.passkeys import Place
from parley.desk import shown
from parley.desk.entering import Entering
from parley.desk.reading import asker
from parley.desk.shown.positions import FoundShown, RegisterShown
from parley.desk.shown.readouts import CompareShown, ReadoutShown, SuggestionShown
from parley.desk.signing import asked_shown
from parley.errors import Refused
from parley.statements import Statement
from parley.statements.parts import MANNERS, Manner


class ReadoutDoors(Entering):
    """Readouts as the desk sees them and acts on them."""

    def readouts(self, who: shown.Person) -> tuple[ReadoutShown, ...]:
        """Give the readouts of the latest meetings."""
        return tuple(readouts.readouts(self._node, asker(who)))

    def readout(self, who: shown.Person, channel: str, subject: str) -> ReadoutShown:
        """Give one meeting's."""
        return readouts.readout(self._node, asker(who), channel, subject)

    async def ask_readouts(self, who: shown.Person, channel: str, fields: dict[str, str]) -> str:
        """Ask for both; gives their subject. A browser's field gives a time to the minute, in UTC."""
        at = fields.get("open_at", "").strip()
        sent = await readouts.ask(
            self._node, asker(who), channel, title=fields.get("title", ""), date=fields.get("date", ""),
            meeting=fields.get("meeting", ""), open_at=f"{at}:00.000Z" if len(at) == 16 else at,
            status=fields.get("status", ""),
        )  # fmt: skip
        return sent.subject

    async def settle_readout(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        """Do the next thing about readouts or their comparison."""
        node, known, said = self._node, asker(who), {name: value.strip() for name, value in fields.items()}
        about = (node, known, channel, subject)
        if act == "draft":
            await readouts.save_draft(*about, text=said.get("text", ""), language=said.get("language", ""))
        elif act == "contest":
            number = _number(said.get("statement", ""))
            await readouts.contest(*about, statement=number, reason=said.get("reason", ""))
        elif act in ("press", "report"):
            doing_report = readouts.share_press if act == "press" else comparing.keep_report
            await doing_report(
                node, known, channel, subject, source=said.get("source", ""), date=said.get("date", ""),
                text=said.get("text", ""), address=said.get("address", ""), language=said.get("language", ""),
            )  # fmt: skip
        elif act == "mark":
            source, at = said.get("source", ""), said.get("at", "")
            place = _number(at) if at else -1
            made = comparing.drawn(*about, source, _statement(said), said.get("words", ""), place)
            await comparing.mark(*about, source, made, instead=said.get("instead", ""))
        elif act == "unmark":
            await comparing.unmark(*about, said.get("source", ""), said.get("place", ""))
        elif act == "link":
            await comparing.link(*about, said.get("first", ""), said.get("second", ""), said.get("verdict", ""))
        else:
            doing = {"agree-time": readouts.agree_time, "seal": readouts.seal, "confirm": comparing.confirm}[act]
            await doing(*about)

    def ask_seal(self, who: shown.Person, origin: str, channel: str, subject: str) -> shown.AskedShown:
        """Give what sealing our draft would sign."""
        return asked_shown(readouts.begin_seal(self._node, asker(who), Place(origin), channel, subject))

    def suggestions(
        self, who: shown.Person, channel: str, subject: str, source: str
    ) -> tuple[SuggestionShown, ...]:  # fmt: skip
        """Give what may be statements of one account."""
        return comparing.suggestions(self._node, asker(who), channel, subject, source)

    def comparison(self, who: shown.Person, channel: str, subject: str) -> CompareShown:
        """Give the accounts side by side."""
        return comparing.compare(self._node, asker(who), channel, subject)

    def comparison_file(self, who: shown.Person, channel: str, subject: str, form: str) -> bytes:
        """Give the confirmed comparison as CSV or JSON."""
        known = asker(who)
        if form == "csv":
            return comparison_export.comparison_csv(self._node, known, channel, subject).encode("utf-8-sig")
        rows = comparison_export.comparison_rows(self._node, known, channel, subject)
        return json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"


class PositionDoors(ReadoutDoors):
    """Search and the register of positions, beside the readouts."""

    def search(
        self, who: shown.Person, query: str, side: str, since: str, until: str
    ) -> tuple[FoundShown, ...]:  # fmt: skip
        """Give the newest entries that have every word."""
        return tuple(searching.search(self._node, asker(who), query, side=side, since=since, until=until))

    def register(self, who: shown.Person, topic: str) -> tuple[RegisterShown, ...]:
        """Give what each side has said, by topic."""
        return positions.register(self._node, asker(who), topic=topic)

    async def note_position(self, who: shown.Person, log: str, number: int, topic: str, words: str) -> None:
        """Note words of an entry under a topic."""
        await positions.note(self._node, asker(who), log, number, topic=topic, words=words)

    async def take_back_position(self, who: shown.Person, name: str) -> None:
        """Take a note of ours back."""
        await positions.take_back(self._node, asker(who), name)


def _statement(said: dict[str, str]) -> Statement:
    manner: Manner = next((one for one in MANNERS if one == said.get("manner")), "indirect")
    return Statement(
        start=0, end=1, words_start=0, words_end=1, who=said.get("who", ""), whom=said.get("whom", ""),
        verb=said.get("verb", ""), through=said.get("through", ""), manner=manner, topic=said.get("topic", ""),
    )  # fmt: skip


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused("desk.number", "A number is missing. Nothing was changed.")
    return int(text)
