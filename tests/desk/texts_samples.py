"""Negotiated texts as samples: one with an article in brackets in two languages, for pages drawn without a node."""

from __future__ import annotations

from collections.abc import Mapping

from parley.actions.rows import RefRow
from parley.desk import shown
from parley.desk.shown.texts import (
    AlternativeRow,
    CleanRow,
    ColumnRow,
    DifferenceRow,
    FallbackRow,
    MomentRow,
    SaidRow,
    SignatureRow,
    TextRow,
    UnitRow,
    WholeRow,
)
from parley.errors import Refused
from parley.subjects.texts import Bracket, Option, Piece

AT = "2026-11-23T03:01:00.000Z"
SUBJECT = "text/north/0/40"
DIGEST = "5e" * 32


def ref(number: int) -> RefRow:
    return RefRow(log="ai-talks/north/0", number=number, id="ab" * 32)


def bracket(base: str, ours: str, theirs: str, inner: tuple[Piece, ...] = ()) -> Bracket:
    def option(name: str, side: str, words: str, **more: bool) -> Option:
        content: tuple[Piece, ...] = (words, *inner) if words else ()
        flags = {"base": False, "missing": False} | more
        return Option(alternative=name, side=side, state="open", content=content, **flags)  # type: ignore[arg-type]

    return Bracket(
        options=(
            option("north/0/41", "north", base, base=True), option("north/0/43", "north", ours),
            option("south/0/9", "south", theirs, missing=not theirs),
        )
    )  # fmt: skip


def said(text: str, *, ours: bool = True, grade: str = "") -> SaidRow:
    return SaidRow(
        ours=ours, person_name="D. Marsh" if ours else "蓝巍", at=AT, text=text, language="en", grade=grade,
        stands=True, ref=ref(50),
    )  # fmt: skip


def alternative(
    number: int, *, ours: bool, state: str = "open", words: Mapping[str, str], **more: object
) -> AlternativeRow:
    fields: dict[str, object] = {"missing": (), "may": frozenset()} | more
    return AlternativeRow(
        name=f"{'north' if ours else 'south'}/0/{40 + number}", number=number, ours=ours,
        person_name="D. Marsh" if ours else "蓝巍", at=AT,
        reason="A crisis lasts hours, not days." if number > 1 else "",
        state=state, base=0 if number == 1 else 1, words=tuple(words.items()), ref=ref(40 + number), **fields,
    )  # type: ignore[arg-type]  # fmt: skip


def units() -> tuple[UnitRow, ...]:
    inner = Bracket(options=(
        Option(alternative="south/0/9", side="south", base=True, state="open", missing=False, content=("五",)),
        Option(alternative="south/0/12", side="south", base=False, state="open", missing=False, content=("三",)),
    ))  # fmt: skip
    first = UnitRow(
        name="north/0/41", number="1", level="article", depth=0, status="bracketed", final=False, gone=False, ours=True,
        brackets=2, elsewhere=1, crossed=0, digest="", ref=ref(41), agreements=(), asked=(), concordant_ours=False,
        concordant_theirs=False, comments=(said("Why days?", ours=False),), notes=(said("We can live with five."),),
        columns=(
            ColumnRow(tag="en", ours=True, missing=False, content=(
                "Each side notifies the other of a serious incident with an AI system within ",
                bracket("ten days", "five days", ""), ".")),
            ColumnRow(tag="zh", ours=False, missing=False, content=(
                "任何一方应在", bracket("十日", "", "天", (inner,)), "内通知另一方。")),
        ),
        alternatives=(
            alternative(1, ours=True, state="accepted", words={"en": "Each side notifies the other within ten days."},
                        may=frozenset(("propose",))),
            alternative(3, ours=True, words={"en": "five days"}, missing=("zh",),
                        may=frozenset(("withdraw", "propose"))),
            alternative(9, ours=False, words={"zh": "五天"}, missing=("en",), may=frozenset(("accept", "render"))),
        ),
        may=frozenset(("move", "add", "comment")),
    )  # fmt: skip
    second = UnitRow(
        name="north/0/44", number="1.1", level="paragraph", depth=1, status="agreed", final=True, gone=False, ours=True,
        brackets=0, elsewhere=0, crossed=1, digest=DIGEST, ref=ref(44), asked=(said("New facts.", ours=False),),
        agreements=(said("", grade="agreed"), said("", ours=False, grade="ad-referendum")), concordant_ours=True,
        concordant_theirs=False, comments=(), notes=(),
        columns=(
            ColumnRow(tag="en", ours=True, missing=False, content=("The notice names the system.",)),
            ColumnRow(tag="zh", ours=False, missing=True, content=()),
        ),
        alternatives=(alternative(1, ours=True, state="accepted", words={"en": "The notice names the system."}),),
        may=frozenset(("reopen", "concordant", "agree", "take-back")),
    )  # fmt: skip
    return first, second


def row(status: str = "actual", signed: str = "") -> TextRow:
    return TextRow(
        subject=SUBJECT, channel="ai-talks", title="Understanding on notice of incidents", form="text", status=status,
        at=AT,
        languages=(("en", "north"), ("zh", "south")), units=2, brackets=2, ours_open=1, theirs_open=2, agreed=1,
        signed=signed,
    )  # fmt: skip


class TextsSamples:
    """The part of the port about negotiated texts, over samples."""

    imported: tuple[str, bytes, str] | None = None
    moved: Mapping[str, str] | None = None

    def negotiated_texts(self, who: shown.Person) -> tuple[TextRow, ...]:
        return (row(), row("exercise", DIGEST))

    def negotiated(self, who: shown.Person, channel: str, subject: str, first: int, then: str) -> WholeRow:
        if subject != SUBJECT:
            raise Refused("texts.unknown", "there is no such text")
        may = frozenset() if then else frozenset(("note", "comment", "change", "sign", "fallback", "take-signature"))
        return WholeRow(
            row=row(), digest=DIGEST, units=units(), first=0, count=2, then=then, unready=0, unmarked=2, must_sign=True,
            headings=(("north/0/41", "1", "article"), ("north/0/44", "1.1", "paragraph")), comments=(said("General."),),
            signatures=(SignatureRow(
                grade="initialled", ours=False, person_name="蓝巍", at=AT, digest=DIGEST, office="Director",
                powers="Note 14 of 3 November", bound=True, stands=True, current=False, ref=ref(60)),),
            fallbacks=(FallbackRow(digest=DIGEST, ours=False, at=AT, agreed=False, reason="", ref=ref(59)),),
            notes=(said("Ask the capital."),), may=may,
        )  # fmt: skip

    def negotiated_clean(self, who: shown.Person, channel: str, subject: str) -> tuple[CleanRow, ...]:
        words = (("en", "The notice names the system."), ("zh", "通报应指明系统。"))
        return (
            CleanRow(number="1", level="article", depth=0, columns=()),
            CleanRow(number="1.1", level="paragraph", depth=1, columns=words),
        )

    def text_terms(self, who: shown.Person, channel: str, subject: str, unit: str) -> tuple[tuple[str, str], ...]:
        return (("incident", "事件"), ("notify", "通知"))

    def text_moments(self, who: shown.Person, channel: str, subject: str) -> tuple[MomentRow, ...]:
        return (MomentRow(ref=ref(43), at=AT, kind="text.proposed", person_name="D. Marsh", ours=True),)

    def text_changes(
        self, who: shown.Person, channel: str, subject: str, before: str, after: str
    ) -> tuple[DifferenceRow, ...]:
        runs = (("=", "within "), ("-", "ten"), ("+", "five"), ("=", " days"))
        return (
            DifferenceRow(
                name="north/0/41", number="1", level="article", before="clean", after="bracketed", moved=True,
                columns=(("en", runs), ("zh", (("+", "五日"),))),
            ),
        )  # fmt: skip

    async def open_negotiated(self, who: shown.Person, fields: Mapping[str, str]) -> str:
        return SUBJECT

    async def settle_negotiated(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: Mapping[str, str]
    ) -> None:
        if act == "move":
            self.moved = dict(fields)
        if fields.get("words") == "refused":
            raise Refused("texts.same", "these are the words as they stand; nothing was proposed")

    async def import_negotiated(
        self, who: shown.Person, channel: str, subject: str, name: str, data: bytes, tag: str
    ) -> int:
        if name.endswith(".zip"):
            raise Refused("texts.file", "this is no file that can be read")
        self.imported = (name, data, tag)
        return 1

    async def text_copy(self, who: shown.Person, channel: str, subject: str, form: str) -> bytes:
        return b"words"

    async def sign_negotiated(
        self, who: shown.Person, origin: str, channel: str, subject: str, fields: Mapping[str, str]
    ) -> shown.AskedShown | None:
        return None
