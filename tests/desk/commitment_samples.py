"""Commitments as samples, for pages that are drawn without a node; mixed into the samples' port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.replacing import replace

from parley.actions.rows import RefRow
from parley.desk import shown
from parley.desk.shown.commitments import (
    CitedRow,
    CommitmentRow,
    CommitmentWhole,
    EntryLink,
    Passage,
    RegisterRow,
    SourceForm,
    SourceRow,
    ViewRow,
)
from parley.errors import Refused

AT, DUE = "2026-11-20T09:00:00.000Z", "2026-11-21T23:59:59.000Z"
FILTERS = ("open", "answer", "due", "overdue", "disputed", "kept", "all")


def ref(number: int) -> RefRow:
    return RefRow(log="ai-talks/north/0", number=number, id="ab" * 32)


def commitment(number: int, **more: object) -> CommitmentRow:
    fields: dict[str, object] = {
        "subject": f"commitment/north/0/{number}", "channel": "ai-talks", "status": "actual", "at": AT, "ours": True,
        "who": (("North", True), ("South", False)), "what": "Name points of contact for incidents with AI systems.",
        "due": DUE, "state": "agreed", "source": "text", "our_view": "not-kept", "our_view_at": DUE,
        "their_view": "kept", "their_view_at": DUE, "disputed": True, "kept": False, "over": False, "clock": "overdue",
        "waits": "",
    }  # fmt: skip
    return CommitmentRow(**(fields | more))  # type: ignore[arg-type]


def commitments() -> tuple[CommitmentRow, ...]:
    plain = {"disputed": False, "clock": "", "our_view": "", "our_view_at": "", "their_view": "", "their_view_at": ""}
    return (
        commitment(50),
        commitment(51, **plain | {"clock": "due", "waits": "view", "due": "2026-11-25T23:59:59.000Z"},
                   what="نقدّم قائمة نقاط الاتصال قبل نهاية الشهر.", who=(("South", False),), ours=False),
        commitment(52, **plain, state="proposed", waits="answer", ours=False, due="", what="双方每季度会晤一次。"),
        commitment(53, **plain, state="promised", status="exercise", source="free", who=(("North", True),)),
    )  # fmt: skip


def viewed(*, ours: bool, state: str) -> ViewRow:
    return ViewRow(
        ours=ours, person_name="D. Marsh" if ours else "蓝巍", at=AT, state=state, as_of=DUE,
        note="No list came." if ours else "名单已于十八日送达。",
        evidence=(
            ("The list, two pages", "5e" * 32, "/channels/duty/message/south/0/31/files/" + "5e" * 32),
            ("A photo", "6f" * 32, ""), ("Their word", "", ""),
        ),
        entries=(EntryLink(ref=ref(12), path="/channels/duty/message/south/0/31"), EntryLink(ref=ref(13), path="")),
        ref=ref(60),
    )  # fmt: skip


def whole() -> CommitmentWhole:
    ours, theirs = viewed(ours=True, state="not-kept"), viewed(ours=False, state="kept")
    return CommitmentWhole(
        row=commitment(50), seen="Both lists are in the record.", proposed_by="D. Marsh", answered_at=AT,
        answered_by="蓝巍", reason="", ours=ours, theirs=theirs,
        source=SourceRow(
            kind="text", place="1.2 [en] 1-48", words="The sides name points of contact", digest="5e" * 32,
            path="/texts/ai-talks/north/0/40#u-north-0-41:~:text=The%20sides", ref=ref(41), stands="changed",
        ),
        history=(theirs, ours, viewed(ours=True, state="under-way")),
        cited=(CitedRow(kind="incident", title="An aircraft passed our bow.", at=AT, ours=True,
                        path="/incidents/duty/north/0/40"),),
        ref=ref(50), may=frozenset(("view", "agree", "decline", "withdraw")),
    )  # fmt: skip


class CommitmentSamples:
    """Commitments over samples."""

    refuse: Refused | None
    said: list[tuple[str, object]]

    def commitments(self, who: shown.Person, which: str, channel: str, first: int) -> RegisterRow:
        rows = commitments()
        return RegisterRow(rows=rows, first=first, count=1200, counts=tuple((name, 4) for name in FILTERS))

    def commitment_reminders(self, who: shown.Person) -> tuple[CommitmentRow, ...]:
        return tuple(row for row in commitments() if row.waits)

    def citable_commitments(self, who: shown.Person) -> tuple[CommitmentRow, ...]:
        return commitments()

    def commitment(self, who: shown.Person, channel: str, subject: str) -> CommitmentWhole:
        found = whole()
        if subject.endswith("/53"):
            free = replace(found.source, kind="free", place="", words="", ref=None, path="", stands="")
            return replace(found, row=commitments()[3], source=free, ours=None, theirs=None, history=(), cited=())
        return found

    def commitments_csv(self, who: shown.Person, which: str, channel: str) -> bytes:
        return b"status\r\n"

    def commitment_source(self, who: shown.Person, channel: str, source: str, part: str) -> SourceForm:
        return SourceForm(
            channel=channel, source=source, kind="text", title="AI incidents",
            passages=(
                Passage(part="north/0/41 en", place="1", language="en", text="Each side names a point of contact."),
                Passage(part="north/0/41 zh", place="1", language="zh", text="双方各指定一个联络点。"),
            ),
        )  # fmt: skip

    async def make_commitment(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        return self._did("make-commitment", dict(fields), "commitment/north/0/50")

    async def settle_commitment(
        self,
        who: shown.Person,
        channel: str,
        subject: str,
        act: str,
        fields: Mapping[str, str],
        files: Sequence[str],
    ) -> None:
        self._did(f"commitment-{act}", dict(fields) | ({"files": (*files,)} if files else {}), "")

    def _did(self, what: str, fields: object, answer: str) -> str:
        if self.refuse is not None:
            raise self.refuse
        self.said.append((what, fields))
        return answer
