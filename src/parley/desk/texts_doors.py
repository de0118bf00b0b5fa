"""The part of the desk's port that is about negotiated texts, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import Mapping

from parley.actions import negotiated, negotiating, text_copies, text_import, text_signing, text_terms
from parley.actions.binding import must_sign
from parley.actions.passkeys import Place
from parley.actions.who import Who, may_read
from parley.desk import shown
from parley.desk.entering import Entering
from parley.desk.reading import asker
from parley.desk.shown.texts import CleanRow, DifferenceRow, MomentRow, TextRow, WholeRow
from parley.desk.signing import asked_shown

_ALSO = "alone"  # a form's mark that a change concerns one language alone


class TextsDoors(Entering):
    """Negotiated texts as the desk sees them and works on them."""

    def negotiated_texts(self, who: shown.Person) -> tuple[TextRow, ...]:
        """Give the texts of every channel this person reads, the latest of each first."""
        node, known = self._node, asker(who)
        rooms = [room.id for room in node.book.line_view().channels if may_read(node, known, room.id)]
        return tuple(row for room in rooms for row in negotiated.texts(node, known, room))

    def negotiated(self, who: shown.Person, channel: str, subject: str, first: int, then: str) -> WholeRow:
        """Give a text with a run of its units."""
        return negotiated.text(self._node, asker(who), channel, subject, first=first, then=then)

    def negotiated_clean(self, who: shown.Person, channel: str, subject: str) -> tuple[CleanRow, ...]:
        """Give the whole text as it would be signed."""
        return tuple(negotiated.clean(self._node, asker(who), channel, subject))

    def text_terms(self, who: shown.Person, channel: str, subject: str, unit: str) -> tuple[tuple[str, str], ...]:
        """Give the terms of our glossaries that stand in a part."""
        return text_terms.terms_for(self._node, asker(who), channel, subject, unit)

    def text_moments(self, who: shown.Person, channel: str, subject: str) -> tuple[MomentRow, ...]:
        """Give the moments that can be compared."""
        return tuple(negotiated.moments(self._node, asker(who), channel, subject))

    def text_changes(
        self, who: shown.Person, channel: str, subject: str, before: str, after: str
    ) -> tuple[DifferenceRow, ...]:
        """Give what changed between two moments."""
        return tuple(negotiated.compare(self._node, asker(who), channel, subject, before=before, after=after))

    async def open_negotiated(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        """Open a text; gives its subject."""
        languages = [(tag.strip(), True) for tag in fields.get("ours", "").split()]
        languages += [(tag.strip(), False) for tag in fields.get("theirs", "").split()]
        sent = await negotiating.open_text(
            self._node, asker(who), fields.get("channel", ""), title=fields.get("title", ""), languages=languages,
            form=fields.get("form", "text"), status=fields.get("status", ""),
        )  # fmt: skip
        return sent.subject

    async def settle_negotiated(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str]
    ) -> None:
        """Do one act about a text."""
        node, known, unit = self._node, asker(who), fields.get("unit", "")
        text, reason = fields.get("text", ""), fields.get("reason", "")
        if act == "add":
            words = {name.removeprefix("words-"): said for name, said in fields.items() if name.startswith("words-")}
            await negotiating.add_unit(
                node, known, channel, subject, level=fields.get("level", ""), words=words, reason=reason,
                under=fields.get("under", ""), after=fields.get("after", ""),
            )  # fmt: skip
        elif act in ("propose", "render"):
            await self._words(known, channel, subject, act, fields)
        elif act in ("up", "down"):
            await negotiating.step(node, known, channel, subject, unit, act)
        elif act == "move":
            under, after = fields.get("under", ""), fields.get("after", "")
            await negotiating.move(node, known, channel, subject, unit, under=under, after=after)
        elif act == "comment":
            await negotiating.comment(node, known, channel, subject, unit, text=text)
        elif act == "note":
            await negotiating.note(node, known, channel, subject, unit, text=text)
        elif act == "fallback":
            await negotiating.propose_fallback(node, known, channel, subject, reason=reason)
        elif act == "fallback-agree":
            await negotiating.agree_fallback(node, known, channel, subject, fields.get("digest", ""))
        elif act == "take-signature":
            await text_signing.take_back(node, known, channel, subject, reason=reason)
        else:
            await negotiating.settle(
                node, known, channel, subject, unit, act, alternative=fields.get("alternative", ""),
                digest=fields.get("digest", ""), reason=reason,
            )  # fmt: skip

    async def _words(self, known: Who, channel: str, subject: str, act: str, fields: Mapping[str, str]) -> None:
        unit, one, tag = fields.get("unit", ""), fields.get("alternative", ""), fields.get("tag", "")
        words = fields.get("words", "")
        if act == "render":
            await negotiating.render(self._node, known, channel, subject, unit, one, tag=tag, words=words)
            return
        await negotiating.propose(
            self._node, known, channel, subject, unit, one, tag=tag, words=words, reason=fields.get("reason", ""),
            also=fields.get(_ALSO) != "yes",
        )  # fmt: skip

    async def import_negotiated(
        self, who: shown.Person, channel: str, subject: str, name: str, data: bytes, tag: str
    ) -> int:
        """Put a file's paragraphs into a text; gives how many."""
        return await text_import.put_in(self._node, asker(who), channel, subject, name=name, data=data, tag=tag)

    async def text_copy(self, who: shown.Person, channel: str, subject: str, form: str) -> bytes:
        """Give a text as a file."""
        return await text_copies.copy_of(self._node, asker(who), channel, subject, form)

    async def sign_negotiated(
        self, who: shown.Person, origin: str, channel: str, subject: str, fields: Mapping[str, str]
    ) -> shown.AskedShown | None:
        """Begin to sign with a passkey; where our side lists none, sign at once and give None."""
        node, known = self._node, asker(who)
        said = {name: fields.get(name, "") for name in ("digest", "office", "powers")}
        if must_sign(node):
            asked = text_signing.begin_sign(
                node, known, Place(origin), channel, subject, fields.get("grade", ""), **said
            )
            return asked_shown(asked)
        await text_signing.sign(node, known, channel, subject, fields.get("grade", ""), **said)
        return None
