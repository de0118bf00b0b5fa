"""Incidents as samples, for pages that are drawn without a node; mixed into the samples' port."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from pathlib import Path

from tests.replacing import replace

from parley.actions.evidence_copies import TakenIn
from parley.actions.incident_evidence import Put
from parley.actions.incident_rows import (
    AccountRow,
    CheckedReport,
    ClosingRow,
    EvidenceRow,
    FlagRow,
    IncidentClock,
    IncidentRow,
    IncidentSaid,
    IncidentWhole,
    JoinRow,
    ListRow,
    OffsetRow,
    QueryRow,
    SignalRow,
    SignedRow,
    StatementRow,
    ToldRow,
    UnitRow,
)
from parley.actions.incident_year import Year
from parley.actions.rows import AttachmentRow
from parley.desk import shown
from parley.desk.incident_typed import form_of
from parley.errors import Refused

AT = "2026-11-22T09:14:30.000Z"
MAY = ("account", "no-knowledge", "propose-join", "ask", "ask-meeting", "state", "freeze", "evidence",
       "propose-closing", "close-alone", "reopen", "propose-offset")  # fmt: skip


def said(text: str, *, ours: bool = True, number: int = 1) -> IncidentSaid:
    name = "D. Marsh" if ours else "蓝巍 (Wei Lan)"
    return IncidentSaid(
        at=AT, ours=ours, name=name, office="Duty officer", text=text, language="en" if ours else "zh",
        entry=f"duty/{'north' if ours else 'south'}/0|{number}",
    )  # fmt: skip


def account(*, ours: bool) -> AccountRow:
    def told(**fields: str) -> tuple[ToldRow, ...]:
        return tuple(ToldRow(name=name, value=value, nature="observed") for name, value in fields.items())

    return AccountRow(
        ours=ours, name="D. Marsh" if ours else "蓝巍 (Wei Lan)", office="Duty officer", at=AT,
        stage="full" if ours else "first", time=AT, time_nature="observed", latitude="54.512333",
        longitude="18.254167" if ours else "18.26", place_nature="observed",
        what="An aircraft passed our bow at mast height." if ours else "我方飞机在三百米外正常通过。",
        language="en" if ours else "zh",
        units=(
            UnitRow(whose="ours" if ours else "theirs", side="north", told=told(type="frigate", name="Resolute")),
            UnitRow(whose="theirs" if ours else "ours", side="south", told=told(type="fighter", speed="420.0")),
            UnitRow(whose="theirs" if ours else "ours", side="south", told=told(type="tanker", imo="9074728")),
        ),
        told=told(weather="Visibility 10 NM"), signals=(
            SignalRow(whose="ours", by="North", text="Five short blasts", answer="", nature="observed"),
        ),
        closest="45.0" if ours else "300.0", closest_vertical="20", closest_at=AT, closest_how="Radar",
        closest_nature="estimated", document="INCSEA", article="IV", 
        cited="" if ours else "Sea and air, IV: Keep clear", asks="Say who flew it",
        flags=() if ours else (
            FlagRow(code="faster-than-sound", value="420.0", field="speed", unit=1),
            FlagRow(code="on-land", value="54.512333, 18.26", field="place"),
        ),
        entry=f"duty/{'north' if ours else 'south'}/0|40",
    )  # fmt: skip


def row(**more: object) -> IncidentRow:
    plain = IncidentRow(
        subject="incident/north/0/40", channel="duty", about="", ours=True, name="D. Marsh", office="Duty officer",
        status="actual", at=AT, time=AT, latitude="54.512333", longitude="18.254167",
        what="An aircraft passed our bow at mast height.", language="en", state="open", closed_by_us=False,
        on_their_disk=AT, them="account", silent_s=None, waits=("stand", "sign"), overdue=False, overdue_by_us=False,
        agreed=1, disputed=1, unanswered=1, signed_at=None,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def clock(what: str, *, ours: bool, overdue: bool = False, done: bool = False) -> IncidentClock:
    due = "2026-12-07T09:14:30.000Z" if not overdue else AT
    return IncidentClock(
        what=what, ours=ours, due=due, left_s=-60 if overdue else 86_400, done_at=AT if done else None, overdue=overdue
    )


def whole(**more: object) -> IncidentWhole:
    """Give an incident with one of everything."""
    photo = AttachmentRow(
        root="ab" * 32, size=90_000, media="image/jpeg", name="deck.jpg", here_bytes=90_000, here=True, there=None
    )
    video = replace(photo, root="cd" * 32, media="video/mp4", name="bridge.mp4")
    coming = replace(photo, root="ef" * 32, here=False, here_bytes=10_000, name="coming.jpg")
    frozen = ListRow(
        ours=False, name="蓝巍 (Wei Lan)", at=AT, facts=(("north-1", "The pass was at 09:14.", "en"),),
        digest="0f" * 32, signatures=(SignedRow(ours=False, name="蓝巍 (Wei Lan)", at=AT, passkey=True),),
        signed=False, changed=False, ours_signed=False, entry="duty/south/0|60",
    )  # fmt: skip
    evidence = [
        EvidenceRow(ours=ours, name="D. Marsh", at=AT, file=file, taken=AT, source="Bridge camera")
        for ours, file in ((True, photo), (True, video), (False, replace(video, root="ce" * 32)), (False, coming))
    ]
    stands = ("agreed", "disputed", "law-disputed", "unanswered")
    plain = IncidentWhole(
        row=row(), accounts=(account(ours=False), account(ours=True)),
        no_knowledge=said("We are looking into it.", ours=False),
        clocks=(clock("account", ours=True, done=True), clock("account", ours=False, overdue=True)),
        evidence=tuple(evidence),
        offsets=tuple(
            OffsetRow(
                ours="cd" * 32, theirs="ce" * 32, our_file="bridge.mp4", their_file="bridge.mp4", ms=ms,
                proposed=said("", ours=ours, number=80 + ms), agreed=said("") if agreed else None, holds=agreed,
            )
            for ms, ours, agreed in ((1_250, False, True), (-40, False, False), (80, True, False))
        ),
        joins=tuple(
            JoinRow(
                state=state, ours=False, channel="duty", other="incident/south/0/9", entry="duty/south/0|70",
                what="A ship of theirs steered at our aircraft.", minutes=6, metres=2570,
            )
            for state in ("suggested", "proposed", "proposed-there", "joined")
        ),
        queries=(
            QueryRow(
                asked=said("At which height?", ours=False), meeting=False, answer=None, accepted=None,
                clock=clock("answer", ours=True),
            ),
            QueryRow(
                asked=said("Let us meet.", ours=False, number=2), meeting=True, answer=None, accepted=None,
                clock=clock("meeting", ours=True, overdue=True),
            ),
            QueryRow(
                asked=said("Who flew it?"), meeting=False, answer=said("A crew of ours.", ours=False), accepted=None,
                clock=clock("answer", ours=False, done=True),
            ),
        ),
        statements=(
            *(
                StatementRow(
                    number=f"{'north' if ours else 'south'}-{n}",
                    said=said("The pass was at 09:14.", ours=ours, number=n),
                    stand=stand, stood=None if stand == "unanswered" else said("Noted.", ours=not ours), withdrawn=None,
                )
                for ours in (True, False)
                for n, stand in enumerate(stands, 1)
            ),
            StatementRow(
                number="north-9", said=said("A slip.", number=9), stand="unanswered", stood=None,
                withdrawn=said("A slip."),
            ),
        ),
        lists=(frozen, replace(frozen, signed=True, changed=True, ours_signed=True)),
        proposals=(said("Crews were told.", ours=False),),
        closings=(ClosingRow(said=said("Nothing is left to say."), joint=False, lifted=said("A video.", ours=False)),),
        may=frozenset(MAY),
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


class IncidentSamples:
    """The part of the samples' port that is about incidents."""

    def incidents(self, who: shown.Person, which: str) -> tuple[IncidentRow, ...]:
        silent = row(subject="incident/north/0/41", them="silent", silent_s=90, overdue=True, waits=())
        late = row(ours=False, waits=("account",), overdue=True, overdue_by_us=True, state="closed")
        return tuple(one for one in (row(), silent, late) if one.waits or which != "waits")

    def incident(self, who: shown.Person, channel: str, subject: str) -> IncidentWhole:
        if subject != "incident/north/0/40" or channel != "duty":
            raise Refused("incidents.unknown", "there is no such incident")
        return whole()

    async def clear_report(self, who: shown.Person, channel: str, subject: str) -> None:
        self.cleared = (channel, subject)

    def last_unit(self, who: shown.Person) -> UnitRow | None:
        return account(ours=True).units[0]

    def signs(self, who: shown.Person) -> bool:
        return True

    def incident_year(self, who: shown.Person, year: int) -> Year:
        return Year(
            year=year, status="exercise", rows=(row(),),
            months=tuple((n % 3, n % 2) for n in range(12)), years=((2025, 4), (2026, 17)),
            states=(("open", 3), ("closed-by-one", 1), ("closed", 13)),
            stands=(("agreed", 40), ("disputed", 7), ("law-disputed", 2), ("unanswered", 5)),
            articles=(("INCSEA IV", 9, 4),),
            answered=(("account", 20, 3, 2), ("answer", 8, 0, 1), ("meeting", 1, 0, 0)),
            signed=11,
        )  # fmt: skip

    def check_incident(self, who: shown.Person, fields: Mapping[str, str]) -> CheckedReport:
        form_of(fields)
        wrong = FlagRow(code="imo-check-digit", value=fields.get("u0.imo", ""), field="imo", unit=0)
        return CheckedReport(flags=(wrong,) if fields.get("u0.imo") else (), bytes=640, bytes_max=1350)

    async def report_incident(self, who: shown.Person, fields: Mapping[str, str]) -> tuple[str, str]:
        if not fields.get("place"):
            raise Refused("incidents.form", "where: expected 54.5123 18.2541, got ''")
        return "duty", "incident/north/0/40"

    async def settle_incident(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str], several: Sequence[str]
    ) -> None:
        if act in ("stand", "answer") and not fields.get("entry"):
            raise Refused("incidents.names-one", "what it names is not here")

    async def put_evidence(
        self, who: shown.Person, channel: str, subject: str, evidence: Sequence[Put], note: str
    ) -> None:
        if any(one.errors.get("position_m", "").startswith("about") for one in evidence):
            raise Refused("incidents.form", "position_m: expected a number from 0 to 100000, got 'about 25'")
        self.put = tuple(evidence)

    async def take_evidence(self, who: shown.Person, name: str, media: str, content: AsyncIterable[bytes]) -> TakenIn:
        async for _ in content:
            if name == "torn.jpg":  # as a picture that is too large: the rest of it is never asked for
                raise Refused("incidents.picture", "torn.jpg: it ends before the end of the picture")
        found = (("place", "54.50000, 18.25000"), ("device", "Camera X"), ("bytes", "240"))
        return TakenIn(
            root="ab" * 32, clean="cd" * 32, name=name, media=media, found=found, read=True, taken="2026-11-22 09:14:30"
        )

    async def evidence_again(self, who: shown.Person, root: str) -> TakenIn:
        found = (("place", "54.50000, 18.25000"),) if root == "ab" * 32 else ()
        name, media = ("deck.jpg", "image/jpeg") if found else ("north.csv", "text/csv")
        clean = "cd" * 32 if found else root
        return TakenIn(root=root, clean=clean, name=name, media=media, found=found, read=bool(found), taken="")

    async def incident_file(
        self, who: shown.Person, channel: str, subject: str, root: str, first: int = 0
    ) -> tuple[shown.FileShown, AsyncIterator[bytes]]:
        async def bytes_of() -> AsyncIterator[bytes]:
            yield b"\xff\xd8picture"

        media = "image/svg+xml" if root == "ef" * 32 else "image/jpeg"
        return shown.FileShown(root=root, name="deck.jpg", media=media, size=9, held=9), bytes_of()

    async def incident_evidence(self, who: shown.Person, channel: str, subject: str, path: Path) -> None:
        path.write_bytes(b"parley-evidence/1 bundle\n")

    def ask_signing(
        self, who: shown.Person, origin: str, channel: str, subject: str, entry: str
    ) -> shown.AskedShown:  # fmt: skip
        raise Refused("binding.no-key", "the roster lists no passkey for you")
