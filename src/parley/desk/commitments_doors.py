"""The part of the desk's port that is about commitments, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parley.actions import commitment_export, commitment_sources, commitments
from parley.desk import shown
from parley.desk.entering import Entering
from parley.desk.reading import asker
from parley.desk.shown.commitments import CommitmentRow, CommitmentWhole, RegisterRow, SourceForm


class CommitmentsDoors(Entering):
    """Commitments as the desk sees them and acts on them."""

    def commitments(self, who: shown.Person, which: str, channel: str, first: int) -> RegisterRow:
        """Give a page of the register."""
        return commitments.register(self._node, asker(who), which=which, channel=channel, first=first)

    def commitment_reminders(self, who: shown.Person) -> tuple[CommitmentRow, ...]:
        """Give what wants our side; nothing for somebody who may not read."""
        return tuple(commitments.reminders(self._node, asker(who))) if "read" in who.rights else ()

    def citable_commitments(self, who: shown.Person) -> tuple[CommitmentRow, ...]:
        """Give the commitments in force, to cite one."""
        return tuple(commitments.citable(self._node, asker(who)))

    def commitment(self, who: shown.Person, channel: str, subject: str) -> CommitmentWhole:
        """Give one commitment."""
        return commitments.commitment(self._node, asker(who), channel, subject)

    def commitments_csv(self, who: shown.Person, which: str, channel: str) -> bytes:
        """Give the register for a spreadsheet; the mark at its start tells one that it is UTF-8."""
        return commitment_export.register_csv(self._node, asker(who), which=which, channel=channel).encode("utf-8-sig")

    def commitment_source(self, who: shown.Person, channel: str, source: str, part: str) -> SourceForm:
        """Give the paragraphs that words may be taken from."""
        return commitment_sources.source_form(self._node, asker(who), channel, source, part)

    async def make_commitment(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        """Propose or promise one; gives its subject."""
        said = {name: value.strip() for name, value in fields.items()}
        ours, theirs = self._node.identity.ours.side, self._node.identity.theirs.side
        sides = {"ours": [ours], "alone": [ours], "theirs": [theirs], "both": [ours, theirs]}
        sent = await commitments.make(
            self._node, asker(who), said.get("channel", ""), alone=said.get("who") == "alone",
            who_promised=sides.get(said.get("who", ""), []), what=said.get("what", ""), due=said.get("due", ""),
            seen=said.get("seen", ""), source=said.get("source", ""), part=said.get("part", ""),
            words=said.get("words", ""), status=said.get("status", ""),
        )  # fmt: skip
        return sent.subject

    async def settle_commitment(
        self,
        who: shown.Person,
        channel: str,
        subject: str,
        act: str,
        fields: Mapping[str, str],
        files: Sequence[str],
    ) -> None:
        """Do one act about a commitment; evidence is typed a line each, or brought as files."""
        about = (self._node, asker(who), channel, subject)
        if act != "view":
            await commitments.answer(*about, act, reason=fields.get("reason", ""))
            return
        lines = {name: [one.strip() for one in fields.get(name, "").split("\n") if one.strip()]
                 for name in ("evidence", "entries")}  # fmt: skip
        await commitments.see(
            *about, state=fields.get("state", ""), as_of=fields.get("as_of", ""), note=fields.get("note", ""),
            evidence=[(one, "") for one in lines["evidence"]], entries=lines["entries"], files=files,
        )  # fmt: skip
