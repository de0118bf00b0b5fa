"""The part of the desk's port that is about incidents, answered by the actions on a real node."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from pathlib import Path

from parley.actions import (
    evidence_copies,
    incident_copies,
    incident_evidence,
    incident_facts,
    incident_offsets,
    incident_ringing,
    incident_year,
    incidents,
)
from parley.actions.binding import must_sign
from parley.actions.evidence_copies import TakenIn
from parley.actions.incident_evidence import Put
from parley.actions.incident_rows import CheckedReport
from parley.actions.incident_year import Year
from parley.actions.passkeys import Place
from parley.desk import rows, shown
from parley.desk.entering import Entering
from parley.desk.incident_alerts import incident_alerts
from parley.desk.incident_typed import form_of
from parley.desk.reading import asker
from parley.desk.shown.incidents import IncidentRow, IncidentWhole, UnitRow
from parley.desk.signing import asked_shown


class Reporting(Entering):
    """Incidents as the desk sees them and acts on them."""

    def incidents(self, who: shown.Person, which: str) -> tuple[IncidentRow, ...]:
        """Give the incidents of a filter."""
        return tuple(incidents.incidents(self._node, asker(who), which=which))

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        """Give what cannot wait, the most urgent first; reports of theirs that nobody has seen are among it."""
        titles = {one.id: one.title for one in self.channels(who) if one.id != incidents.LINE}
        reports = incident_alerts(incident_ringing.unseen_reports(self._node, asker(who)), titles)
        return tuple(sorted([*super().alerts(who), *reports], key=lambda one: not one.urgent))

    async def clear_report(self, who: shown.Person, channel: str, subject: str) -> None:
        """Take a report off our desks."""
        await incident_ringing.clear_report(self._node, asker(who), channel, subject)

    def incident(self, who: shown.Person, channel: str, subject: str) -> IncidentWhole:
        """Give one incident."""
        return incidents.incident(self._node, asker(who), channel, subject)

    def last_unit(self, who: shown.Person) -> UnitRow | None:
        """Give the unit of ours in the latest report."""
        return incidents.last_unit(self._node, asker(who))

    def signs(self, who: shown.Person) -> bool:
        """Say whether signing asks for a passkey."""
        return must_sign(self._node)

    def incident_year(self, who: shown.Person, year: int) -> Year:
        """Give the summary of a year."""
        return incident_year.year_of(self._node, asker(who), year)

    def check_incident(self, who: shown.Person, fields: Mapping[str, str]) -> CheckedReport:
        """Give what to doubt in a first report that was not sent yet."""
        return incidents.check_report(self._node, asker(who), form_of(fields))

    async def report_incident(self, who: shown.Person, fields: Mapping[str, str]) -> tuple[str, str]:
        """Report an incident; gives the channel it stands in and its subject."""
        root = fields.get("tracks", "")  # of a moment that was kept at the live watch
        sent = await incidents.report_incident(
            self._node, asker(who), form_of(fields), channel=fields.get("channel") or incidents.LINE,
            status=fields.get("status", ""), evidence=[Put(root=root)] if root else [],
        )  # fmt: skip
        return sent.channel, sent.subject

    async def settle_incident(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str], several: Sequence[str]
    ) -> None:
        """Say the next thing about an incident."""
        node, known, at = self._node, asker(who), (channel, subject)
        text, entry, language = (fields.get(name, "") for name in ("text", "entry", "language"))
        match act:
            case "account":
                stage = fields.get("stage") or "full"
                await incidents.give_account(node, known, *at, form_of(fields), stage=stage)
            case "no-knowledge":
                await incidents.know_nothing(node, known, *at, text=text)
            case "propose-join":
                there, _, other = fields.get("other", "").partition("|")
                await incidents.propose_join(node, known, *at, other_channel=there, other=other)
            case "join":
                await incidents.join(node, known, *at, entry=entry)
            case "propose-offset":
                files = {name: fields.get(name, "") for name in ("ours", "theirs", "seconds")}
                await incident_offsets.propose_offset(node, known, *at, **files)
            case "agree-offset":
                await incident_offsets.agree_offset(node, known, *at, entry=entry)
            case "ask":
                await incidents.ask(node, known, *at, text=text, language=language)
            case "answer":
                await incidents.answer(node, known, *at, entry=entry, text=text, language=language)
            case "ask-meeting":
                await incidents.ask_meeting(node, known, *at, text=text)
            case "answer-meeting":
                accepted = fields.get("accepted") == "yes"
                await incidents.answer_meeting(node, known, *at, entry=entry, accepted=accepted, text=text)
            case "state":
                await incident_facts.state(node, known, *at, text=text, language=language)
            case "unstate":
                await incident_facts.unstate(node, known, *at, entry=entry, text=text)
            case "stand":
                await incident_facts.stand(node, known, *at, entry=entry, taken=fields.get("stand", ""), text=text)
            case "freeze":
                await incident_facts.freeze(node, known, *at, numbers=several)
            case "sign":
                await incident_facts.sign(node, known, *at, entry=entry)
            case "propose-closing":
                await incidents.propose_closing(node, known, *at, text=text)
            case "close":
                await incidents.close(node, known, *at, entry=entry)
            case "close-alone":
                await incidents.close_alone(node, known, *at, text=text)
            case _:
                await incidents.reopen(node, known, *at, text=text)

    async def put_evidence(
        self, who: shown.Person, channel: str, subject: str, evidence: Sequence[Put], note: str
    ) -> None:
        """Put files forward."""
        await incidents.add_evidence(self._node, asker(who), channel, subject, evidence=evidence, note=note)

    async def take_evidence(
        self, who: shown.Person, name: str, media: str, content: AsyncIterable[bytes]
    ) -> TakenIn:  # fmt: skip
        """Take a file in, and its copy without hidden data."""
        return await evidence_copies.take_in(self._node, asker(who), name=name, media=media, content=content)

    async def evidence_again(self, who: shown.Person, root: str) -> TakenIn:
        """Give a file that was taken in before."""
        return await evidence_copies.taken_again(self._node, asker(who), root)

    async def incident_file(
        self, who: shown.Person, channel: str, subject: str, root: str, first: int = 0
    ) -> tuple[shown.FileShown, AsyncIterator[bytes]]:
        """Give a file and its bytes from one of its chunks on."""
        row, chunks = await incident_evidence.read_evidence(self._node, asker(who), channel, subject, root, first)
        return rows.file(row), chunks

    async def incident_evidence(self, who: shown.Person, channel: str, subject: str, path: Path) -> None:
        """Write the evidence of one incident."""
        await incident_copies.evidence(self._node, asker(who), channel, subject, path)

    def ask_signing(
        self, who: shown.Person, origin: str, channel: str, subject: str, entry: str
    ) -> shown.AskedShown:  # fmt: skip
        """Give what signing a list would sign."""
        return asked_shown(
            incident_facts.begin_signing(self._node, asker(who), Place(origin), channel, subject, entry=entry)
        )
