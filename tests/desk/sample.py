"""A desk's port over values in memory: for drawing every page without a node, and for tests of the pages alone.

It keeps the shape of the real thing (a refusal raises Refused and changes nothing) and none of its rules.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

from tests.desk.chart_samples import ChartSamples
from tests.desk.commitment_samples import CommitmentSamples
from tests.desk.incident_samples import IncidentSamples
from tests.desk.notice_samples import NoticeSamples
from tests.desk.readout_samples import ReadoutSamples
from tests.desk.talks_samples import TalksSamples
from tests.desk.texts_samples import TextsSamples
from tests.desk.track_samples import TrackSamples
from tests.replacing import replace

from parley.actions.call_rows import PersonGone
from parley.actions.notify_rows import LadderRow, NotifiedRow, SilentRow, StepRow, TargetRow, UnderWayRow, WaitingRow
from parley.actions.ports import DeskPort, SinkPort
from parley.actions.recording_rows import KeptRow
from parley.desk import shown
from parley.desk.alerts import alerts_of
from parley.desk.port import Hint, Writing
from parley.desk.watch_alerts import watch_alerts
from parley.errors import Refused
from parley.times import Moment, moment_text, read_moment

NOW = "2026-11-23T03:12:44.000Z"


def ago(seconds: float) -> str:
    """Give a moment that many seconds before NOW."""
    return moment_text(Moment(int(read_moment(NOW) - seconds * 1000)))


def facts(*times: float | None, by: str = "") -> tuple[shown.FactShown, ...]:
    """Give the four facts, each so many seconds ago or not yet."""
    keys = ("author-disk", "other-disk", "shown", "acknowledged")
    return tuple(
        shown.FactShown(key=key, at=None if at is None else ago(at), by=by if key == "acknowledged" and at else "")
        for key, at in zip(keys, times, strict=True)
    )


def message(number: int, **more: object) -> shown.MessageShown:
    """Give a message in the channel `duty`; `more` says what is particular about it."""
    ours = bool(more.get("ours", True))
    side = "north" if ours else "south"
    plain: dict[str, object] = {
        "subject": f"message/{side}/0/{number}",
        "channel": "duty",
        "side": side,
        "ours": ours,
        "person": "d.marsh" if ours else "w.lan",
        "person_name": "D. Marsh" if ours else "蓝巍 (Wei Lan)",
        "at": ago(3600 - number),
        "precedence": "ROUTINE",
        "status": "actual",
        "language": "en" if ours else "zh",
        "text": "Our survey ship Aurora leaves Cape Hann at 06:00Z and keeps north of 54° 20′ N until Thursday.",
        "facts": facts(3590, 3589.4, 3500, 3300, by="Wei Lan" if ours else "D. Marsh"),
        "log": f"duty/{side}/0",
        "number": number,
        "id": "9f2c" * 16,
        "may": frozenset({"answer", "correct", "cancel", "translate"} if ours else {"answer", "translate"}),
        "history": (
            shown.StepShown(
                at=ago(3600),
                side=side,
                person="D. Marsh",
                kind="message.sent",
                log=f"duty/{side}/0",
                number=number,
                id="9f2c" * 16,
            ),
            shown.StepShown(
                at=ago(3500),
                side="south",
                person="",
                kind="message.shown",
                log="duty/south/0",
                number=7,
                id="11aa" * 16,
            ),
        ),
    }
    return shown.MessageShown(**(plain | more))  # type: ignore[arg-type]


def messages() -> list[shown.MessageShown]:
    """Give a night's traffic, newest first, with one of every state a message can be in."""
    return [
        message(
            31,
            ours=False,
            precedence="FLASH",
            at=ago(95),
            due=ago(-505),
            waits=True,
            language="zh",
            text="我方 217 号渔政船报告：在北纬 54°18′、东经 11°02′ 附近与贵方一艘船只相距不足 300 米。"
            "请立即命令该船停车，并说明其意图。",
            facts=facts(95, 94.8, 61, None),
            may=frozenset({"acknowledge", "answer", "translate"}),
            translations=(
                shown.TranslationShown(
                    grade="sight",
                    language="en",
                    at=ago(40),
                    by="A. Rahimi",
                    text="Our fishery vessel 217 reports: near 54°18′ N 11°02′ E, less than 300 metres from "
                    "one of your ships. Order it to stop engines at once and state its intention.",
                ),
            ),
        ),
        message(
            18,
            precedence="IMMEDIATE",
            at=ago(250),
            due=ago(-1550),
            waits=True,
            not_had_since=ago(250),
            facts=facts(250, None, None, None),
            text="We have your 217 on radar and hold Aurora at two knots on 310. Answer follows.",
            released_by=("D. Marsh",),
        ),
        message(
            17,
            status="exercise",
            precedence="PRIORITY",
            at=ago(1800),
            due=ago(-9000),
            waits=True,
            text="EXERCISE. Assume that both satellite links are lost. Confirm which land route you hold.",
            facts=facts(1800, 1799, 1790, None),
        ),
        message(
            30,
            ours=False,
            precedence="PRIORITY",
            at=ago(12_000),
            due=ago(1200),
            overdue=True,
            waits=True,
            language="ar",
            person="s.karim",
            person_name="سلمى كريم",
            title="جدول الاتصالات الأسبوعي",
            text="نقترح نقل المكالمة الأسبوعية من الثلاثاء إلى الأربعاء عند الساعة 09:00 بالتوقيت العالمي، "
            "ابتداءً من الأسبوع القادم.\nيرجى تأكيد رقم الغرفة 4-B.",
            facts=facts(12_000, 11_999, 9000, None),
            may=frozenset({"acknowledge", "answer", "translate"}),
            files=(
                shown.FileShown(
                    root="ab" * 32, name="جدول-2027.pdf", media="application/pdf", size=184_320, held=184_320
                ),
            ),
        ),
        message(
            16,
            at=ago(20_000),
            order="read-back",
            read_back="You ask us to keep all craft south of 54° 10′ until 06:00Z.",
            text="Keep all your craft south of 54° 10′ N until 06:00Z.",
            may=frozenset({"confirm", "answer", "correct", "cancel"}),
            facts=facts(20_000, 19_999, 19_900, 19_800, by="Wei Lan"),
            state="in-force",
        ),
        message(
            15,
            at=ago(90_000),
            state="cancelled",
            state_note="Sent for the wrong day.",
            text="The weekly call is on Monday.",
            may=frozenset({"answer"}),
        ),
        message(
            14,
            at=ago(91_000),
            corrected_text="The survey ends on Friday.",
            corrected_at=ago(90_500),
            state="corrected",
            state_note="Weather.",
            text="The survey ends on Thursday.",
        ),
    ]


def call(channel: str, *, state: str = "ringing", waits: str = "") -> shown.CallShown:
    """Give a call of the other side's."""
    return shown.CallShown(
        subject="call/south/0/41", channel=channel, session="5e" * 16, ours=False, person="w.lan",
        person_name="蓝巍 (Wei Lan)", office="值班室", purpose="浮标 17", language="zh", precedence="FLASH",
        status="exercise", at="2026-11-23T03:11:50.000Z", state=state, on_their_disk="2026-11-23T03:11:50.100Z",
        rings_at="2026-11-23T03:11:50.300Z", desks=3, silent=False,
        taken_by="", taken_office="", taken_at=None, reason="", later_at=None,
        statement="", statement_language="", there=(), ended_at=None, ended_by="", end_reason="", heard=(),
        they_hear=None, we_hear="2026-11-23T03:11:52.000Z", waits=waits,
        may=frozenset(("answer", "decline", "later")) if state == "ringing" else frozenset(),
        agreements=tuple(
            shown.AgreementShown(
                what=what, state=now, ours=False, asked_by="蓝巍", agreed_by="D. Marsh", reason="", since=ago(40),
                may=frozenset(("ask", "agree", "decline", "stop")),
            )
            for what, now in (("text", "running"), ("turns", "asked"))
        ),
        kept=(shown.KeptLine(ours=True, name="D. Marsh", at=ago(30), text="Stop <b>now</b>."),),
    )  # fmt: skip


ESCALATION = shown.EscalationShown(
    ladders=(
        *(
            LadderRow(
                kind=kind, channel="", built_in=True,
                steps=(StepRow(after_s=0, how="watch"), StepRow(after_s=15, how="desks")),
            )
            for kind in ("call", "message", "draft", "stop", "stop-decision", "line", "roll-call", "incident")
        ),
        LadderRow(
            kind="call", channel="duty", built_in=False, by="d.marsh", at=ago(90_000),
            steps=(
                StepRow(after_s=0, how="watch"),
                StepRow(after_s=15, how="persons", who=("j.cole", "d.marsh")),
                StepRow(after_s=45, how="notify", who=("duty-sms", "duty-mail")),
            ),
        ),
    ),
    targets=(
        TargetRow(
            name="duty-mail", service="mailto", masked="mailto://…", hides_channel=True, by="j.cole", at=ago(90_000),
            used=True, tried_at=ago(600), ok=True, reason="",
        ),
        TargetRow(
            name="duty-sms", service="d7sms", masked="d7sms://…", hides_channel=False, by="j.cole", at=ago(90_000),
            used=True, tried_at=ago(40), ok=False, reason="Failed to send D7 Networks SMS: Unauthorized, error=401.",
        ),
    ),
    results=(
        NotifiedRow(
            at=ago(600), target="duty-mail", kind="", channel="", trial=True, ok=True, tries=1, reason="",
        ),
        NotifiedRow(
            at=ago(40), target="duty-sms", kind="call", channel="duty", trial=False, ok=False, tries=2,
            reason="Failed to send D7 Networks SMS: Unauthorized, error=401.",
        ),
    ),
    waiting=(
        WaitingRow(
            kind="call", channel="duty", precedence="FLASH", status="exercise", since=ago(54), steps_taken=2, steps=3,
            desks=1,
        ),
        WaitingRow(
            kind="line", channel="", precedence="", status="actual", since=ago(54), steps_taken=1, steps=2, desks=0,
        ),
    ),
    silent=(SilentRow(person="j.cole", name="J. Cole", channel="duty", kind="call", since=ago(50)),),
    under_way=(UnderWayRow(since=ago(4), target="duty-mail", kind="", channel="", trial=True),),
)  # fmt: skip


def recorded_call(channel: str) -> shown.CallShown:
    """Give a call that goes on and is recorded, and in which a tone of theirs waits for an answer."""
    runs = replace(recorded()[1], state="running", stopped_at=None, stop_reason="", kept=())
    waits = replace(tone(), ours=False, heard="", heard_by="", heard_at=None)
    may = frozenset(("hang-up", "recording-stop", "tone", "tone-heard"))
    gone = (PersonGone(name="J. Cole", ours=True, at=ago(60)),)
    live = call(channel, state="active")
    return replace(live, recordings=(recorded()[0], runs), tones=(tone(), waits), may=may, gone=gone)


def recorded() -> tuple[shown.RecordingShown, ...]:
    """Give a recording that was declined and one that both sides kept."""
    plain = {"ours": True, "asked_by": "D. Marsh", "asked_at": ago(300)}
    nobody = {"stopped_by": "", "stopped_ours": False, "stopped_at": None, "stop_reason": ""}
    return (
        shown.RecordingShown(
            number=1, state="declined", agreed_by="", agreed_at=None, reason="现在不行。", kept=(),
            **plain, **nobody,  # type: ignore[arg-type]
        ),
        shown.RecordingShown(
            number=2, state="stopped", agreed_by="蓝巍 (Wei Lan)", agreed_at=ago(200), reason="", stopped_by="",
            stopped_ours=False, stopped_at=ago(20), stop_reason="full",
            kept=tuple(
                KeptRow(ours=ours, at=ago(10), root="9f2c" * 16, frames=9_000 - missed, missed=missed, voices=2)
                for ours, missed in ((True, 0), (False, 12))
            ), **plain,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


def tone() -> shown.ToneShown:
    """Give a tone of ours that was heard."""
    return shown.ToneShown(ours=True, by="D. Marsh", at=ago(900), heard="well", heard_by="蓝巍", heard_at=ago(880))


class Samples(
    ChartSamples, NoticeSamples, ReadoutSamples, TextsSamples, IncidentSamples, TrackSamples,
    TalksSamples, CommitmentSamples,
):  # fmt: skip
    """The port over samples."""

    binds = False  # our side lists passkeys, so that acts that bind need one

    def __init__(self) -> None:
        self.sides = shown.Sides(
            ours="north",
            our_name="North",
            theirs="south",
            their_name="South",
            line="7d1f0c8ab2e94c5590f1d6ae31b5c204",
            line_words="anchor lemon orbit castle",
            our_languages=("en", "ar"),
            their_languages=("zh", "en"),
        )
        self.mode = "actual"
        self.said: list[tuple[str, object]] = []
        self.thread_now = messages()
        self.queues: set[asyncio.Queue[Hint]] = set()
        self.sessions = {"sample-session": "d.marsh"}
        self.rights = frozenset(
            {
                "state",
                "read",
                "draft",
                "release",
                "acknowledge",
                "translate",
                "stop",
                "call",
                "channels",
                "line",
                "record",
                "people",
            }
        )
        self.refuse: Refused | None = None
        self.line_now = shown.LineShown(
            up=True,
            since=ago(86_000),
            links=(
                shown.LinkShown(
                    name="sea-cable",
                    up=True,
                    heard_age_s=0.4,
                    rtt_ms=21.3,
                    group="X25519MLKEM768",
                    since=ago(86_000),
                    route="south.example:7400",
                ),
                shown.LinkShown(
                    name="satellite",
                    up=False,
                    heard_age_s=252.0,
                    rtt_ms=612.0,
                    group="X25519MLKEM768",
                    since=ago(252),
                    route="203.0.113.9:7400",
                    trouble="no answer within 2 s",
                    bits_s=9_600,
                ),
            ),
            last_test=shown.TestShown(at=ago(764), same=True, digest="c4" * 32, by="", answered_at=ago(763)),
            our_watch=True,
            their_watch=True,
            their_watch_at=ago(1300),
            clock_offset_ms=-38,
            fallback="South duty office: +00 555 0117 · HF 6215 kHz · Embassy of Vell, night bell",
            tests=(
                shown.TestShown(at=ago(764), same=True, digest="c4" * 32, answered_at=ago(763)),
                shown.TestShown(at=ago(4364), same=None, digest="a1" * 32, by="D. Marsh"),
            ),
            gaps=(
                shown.GapShown(link="satellite", since=ago(252), until=None, cause="silent for 3 s", side="North"),
                shown.GapShown(
                    link="line", since=ago(99_000), until=ago(98_000), cause="both links silent", side="South"
                ),
            ),
            faults=(
                shown.FaultShown(
                    at=ago(50_000),
                    code="link.oversize",
                    link="satellite",
                    sentence="A frame of 9,000,000 bytes was announced; "
                    "at most 1,114,112 are allowed. The link was closed.",
                ),
            ),
        )
        self.stops_open: tuple[shown.StopShown, ...] = ()
        from tests.desk.watch_samples import watches  # only here: it counts from this page's moment

        self.watches_now = watches()
        self.calls_now: tuple[shown.CallShown, ...] = (
            call("duty"),
            replace(call("leaders", state="unanswered", waits="missed"), recordings=recorded()),
            recorded_call("ai-talks"),
        )
        self.channels_now = (
            shown.ChannelShown(
                id="duty",
                title="Duty officers",
                purpose="Ship and aircraft encounters, day and night",
                state="open",
                waiting=2,
                overdue=1,
                last_at=ago(95),
                members_ours=("d.marsh",),
                members_theirs=("w.lan", "s.karim"),
            ),
            shown.ChannelShown(id="leaders", title="Leaders", purpose="", state="open", last_at=ago(400_000)),
            shown.ChannelShown(
                id="ai-talks",
                title="محادثات الذكاء الاصطناعي",
                purpose="Standing talks",
                state="proposed-by-them",
                waiting=0,
            ),
            shown.ChannelShown(
                id="fisheries",
                title="Fisheries",
                state="suspended",
                reason="Under review in our ministry.",
                last_at=ago(900_000),
            ),
        )
        self.drafts_now = [
            shown.DraftShown(
                id="d7",
                channel="duty",
                channel_title="Duty officers",
                precedence="FLASH",
                status="actual",
                language="en",
                title="",
                state="in-review",
                drafted_by="j.cole",
                drafted_by_name="J. Cole",
                at=ago(33),
                words=14,
                needs_second=True,
                may_release=True,
                text="Aurora has stopped engines. She lies at 54°18.2′ N 11°02.9′ E. No intention to close your 217.",
            ),
            shown.DraftShown(
                id="d6",
                channel="duty",
                channel_title="Duty officers",
                precedence="ROUTINE",
                status="exercise",
                language="en",
                title="Exercise plan",
                state="draft",
                drafted_by="d.marsh",
                drafted_by_name="D. Marsh",
                at=ago(5000),
                words=4,
                may_release=True,
                text="EXERCISE. Plan for tomorrow.",
            ),
        ]

    def now(self) -> str:
        return NOW

    def _note(self, act: str, *values: object) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.said.append((act, values))

    async def redeem(self, token: str) -> shown.Session:
        if token != "good-link":
            raise Refused(
                "people.link", "This one-time link was used or has ended. Ask your administrator for a new one."
            )
        self._note("redeem", token)
        return shown.Session(secret="sample-session", lasts_s=3600)

    def person(self, secret: str) -> shown.Person | None:
        found = self.sessions.get(secret)
        return (
            shown.Person(id=found, name="D. Marsh", roles=("duty-officer", "administrator"), rights=self.rights)
            if found
            else None
        )

    async def sign_out(self, secret: str) -> None:
        self.sessions.pop(secret, None)

    def line(self, who: shown.Person, whole: bool = False) -> shown.LineShown:
        return self.line_now

    def channels(self, who: shown.Person) -> tuple[shown.ChannelShown, ...]:
        return self.channels_now

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        waiting = [one for one in self.thread_now if one.waits_for_us]
        trouble = shown.TroubleShown(silent=ESCALATION.silent, failing=ESCALATION.results[1:])
        found = alerts_of(self.line_now, self.channels_now, waiting, self.drafts(who), self.calls_now, trouble)
        found += watch_alerts(self.watches_now)
        return tuple(sorted(found, key=lambda one: (not one.urgent, one.key != "roll-asked")))

    def watches(self, who: shown.Person) -> tuple[shown.WatchShown, ...]:
        return self.watches_now

    def notes_read(self, who: shown.Person, channel: str) -> tuple[shown.NoteOfWatchShown, ...]:
        return tuple(
            replace(one, id="n0", read=(("D. Marsh", ago(100)),)) for one in self.watches_now[0].notes[:1] if channel
        )

    def channel_people(self, who: shown.Person, channel: str) -> shown.ChannelPeopleShown:
        from tests.desk.watch_samples import channel_people

        return channel_people(channel)

    def waiting(self, who: shown.Person) -> tuple[shown.MessageShown, ...]:
        return tuple(one for one in self.thread_now if one.waits_for_us)

    def open_calls(self, who: shown.Person) -> tuple[shown.CallShown, ...]:
        return self.calls_now

    async def settle_watch(
        self, who: shown.Person, channel: str, act: str, fields: Mapping[str, str], several: Sequence[str]
    ) -> None:
        self._note(f"watch {act}", channel, tuple(several))

    async def settle_roll(self, who: shown.Person, subject: str, act: str) -> None:
        self._note(f"roll {act}", subject)

    def escalation(self, who: shown.Person) -> shown.EscalationShown:
        return ESCALATION

    async def set_target(self, who: shown.Person, name: str, url: str, hides_channel: bool) -> None:
        raise Refused("notify.url", "expected an address like mailto://user:password@host?to=…, on one line")

    async def try_target(self, who: shown.Person, name: str) -> None:
        self._note("try-target", name)

    def thread(self, who: shown.Person, channel: str, before: str) -> shown.ThreadShown:
        return shown.ThreadShown(
            messages=tuple(self.thread_now) if channel == "duty" else (),
            older="x" if channel == "duty" and not before else "",
        )

    def message(self, who: shown.Person, channel: str, subject: str) -> shown.MessageShown:
        for one in self.thread_now:
            if one.subject == subject:
                return one
        raise Refused("messages.unknown", "There is no such message.")

    def drafts(self, who: shown.Person) -> tuple[shown.DraftShown, ...]:
        return tuple(self.drafts_now)

    def logs(self, who: shown.Person) -> tuple[shown.LogShown, ...]:
        return (
            shown.LogShown(
                log="duty/north/0",
                channel="duty",
                side="north",
                epoch=0,
                size=130,
                root="5e" * 32,
                ours=True,
                cosigned_size=129,
                cosigned_at=ago(251),
                pq_size=128,
            ),
            shown.LogShown(
                log="duty/south/0",
                channel="duty",
                side="south",
                epoch=0,
                size=88,
                root="77" * 32,
                ours=False,
                cosigned_size=88,
                cosigned_at=ago(60),
                pq_size=88,
            ),
        )

    def entries(self, who: shown.Person, log: str, first: int, count: int) -> tuple[shown.EntryShown, ...]:
        return tuple(
            shown.EntryShown(
                log=log,
                number=n,
                id=f"{n:02x}" * 32,
                kind="message.sent" if n % 3 else "message.acknowledged",
                at=ago(9000 - n),
                person="D. Marsh",
                subject=f"message/north/0/{n}",
                verdict="not-valid" if n == first + 2 else "valid",
                reason="the message was already cancelled" if n == first + 2 else "",
                status="exercise" if n == first + 4 else "actual",
                precedence="PRIORITY",
            )
            for n in range(first, min(first + count, first + 12))
        )

    def entry(self, who: shown.Person, log: str, number: int) -> shown.EntryShown:
        return shown.EntryShown(
            log=log,
            number=number,
            id="9f" * 32,
            kind="message.sent",
            at=ago(9000),
            person="D. Marsh",
            subject="message/north/0/12",
            leaf='{"at":"2026-11-23T00:42:44.000Z","body":{"text":"<script>alert(1)</script>"}}',
            proof=("aa" * 32, "bb" * 32),
            signatures=(("own-ed", 130, None), ("co-ed", 130, ago(8999))),
            proof_size=130,
            root="5e" * 32,
            cosigned_at=ago(8999),
            pq=True,
        )

    def members(self, who: shown.Person) -> tuple[shown.MemberShown, ...]:
        return (
            shown.MemberShown(
                id="d.marsh",
                name="D. Marsh",
                office="Duty officer, Operations",
                roles=("duty-officer", "administrator"),
                account="active",
                last_seen=ago(5),
                languages=("en",),
                listing=shown.ListingShown(listed=1, enrolled=2, same=False, signs=False, may=True),
                legal=True,
            ),
            shown.MemberShown(
                legal=False,
                id="j.cole",
                name="J. Cole",
                office="Duty officer",
                account="invited",
                roles=("duty-officer",),
                languages=("en", "ar"),
            ),
            shown.MemberShown(
                id="w.lan",
                name="蓝巍 (Wei Lan)",
                office="值班室",
                roles=("duty-officer",),
                ours=False,
                side="south",
                languages=("zh", "en"),
            ),
        )

    async def propose_channel(self, who: shown.Person, channel: str, title: str, purpose: str) -> None:
        self._note("propose", channel, title, purpose)
        self.channels_now += (shown.ChannelShown(id=channel, title=title, state="proposed-by-us"),)

    async def settle_channel(self, who: shown.Person, channel: str, act: str, reason: str, seen: str) -> None:
        self._note(act, channel, reason)

    async def set_members(self, who: shown.Person, channel: str, persons: Sequence[str]) -> None:
        self._note("members", channel, tuple(persons))

    async def write(self, who: shown.Person, writing: Writing, act: str) -> str:
        self._note(act, writing)
        if act != "send" or writing.precedence == "FLASH":
            return "draft:d7"
        number = max(one.number for one in self.thread_now) + 1
        self.thread_now.insert(
            0,
            message(
                number,
                channel=writing.channel,
                text=writing.text,
                title=writing.title,
                precedence=writing.precedence,
                status=writing.status,
                language=writing.language,
                at=NOW,
                facts=facts(0, None, None, None),
                not_had_since=NOW,
            ),
        )
        self.tell(Hint(topic="channel", channel=writing.channel))
        return self.thread_now[0].subject

    async def mark_shown(self, who: shown.Person, channel: str, subjects: Sequence[str]) -> None:
        self._note("shown", channel, tuple(subjects))

    async def settle_message(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        self._note(act, subject, fields)
        for at, one in enumerate(self.thread_now):
            if one.subject == subject and act == "acknowledge":
                done = (*one.facts[:3], shown.FactShown(key="acknowledged", at=NOW, by=who.name))
                self.thread_now[at] = replace(one, facts=done, may=one.may - {"acknowledge"}, waits=False, due=None)
        self.tell(Hint(topic="channel", channel=channel))

    async def settle_draft(self, who: shown.Person, draft: str, act: str, note: str, seen: str) -> None:
        if act in ("release", "approve") and seen != next(one.at for one in self.drafts_now if one.id == draft):
            raise Refused("drafts.changed", "the words were changed")
        self._note(act, draft, note)
        self.drafts_now = [one for one in self.drafts_now if one.id != draft]

    async def evidence(self, who: shown.Person, channel: str, subject: str, path: Path) -> None:
        path.write_bytes(b"sample evidence")

    def beside_the_logs(self, who: shown.Person) -> tuple[tuple[shown.ForkShown, ...], tuple[shown.LostShown, ...]]:
        return (
            (
                shown.ForkShown(id="0123456789abcdef", log="duty/south/0", number=41, provable=True,
                                reason="two histories of size 41 are signed"),
                shown.ForkShown(id="fedcba9876543210", log="leaders/south/0", number=7, provable=False,
                                reason="entry 7 came ahead as another entry than its log now holds"),
            ),
            (
                shown.LostShown(log="duty/north/0", number=88, ours=True, at="2026-11-23T02:10:00.000Z",
                                person="e.holm", kind="message.sent", precedence="FLASH", text="Stop the launch."),
                shown.LostShown(log="duty/north/0", number=89, ours=True),
            ),
        )  # fmt: skip

    def frozen(self, who: shown.Person) -> tuple[shown.FrozenShown, ...]:
        if "people" not in who.rights:
            return ()
        return (
            shown.FrozenShown(log="duty/south/0", ours=False, size=41, step="end"),
            shown.FrozenShown(log="leaders/south/0", ours=False, size=7, ended_at="2026-11-23T02:10:00.000Z"),
            shown.FrozenShown(log="duty/north/0", ours=True, size=12, ended_at="2026-11-23T02:11:00.000Z",
                              step="renew"),
            shown.FrozenShown(log="talks/north/0", ours=True, size=3, ended_at="2026-11-23T02:11:00.000Z",
                              next="talks/north/1795428004"),
        )  # fmt: skip

    async def end_log(self, who: shown.Person, log: str) -> None:
        self._note("end-log", log)

    async def renew_log(self, who: shown.Person, log: str) -> None:
        self._note("renew-log", log)

    async def export_fork(self, who: shown.Person, id: str, path: Path) -> None:
        path.write_bytes(b"sample fork")

    async def export_record(self, who: shown.Person, path: Path) -> None:
        path.write_bytes(b"sample record")

    async def attach(self, who: shown.Person, name: str, media: str, content: AsyncIterable[bytes]) -> str:
        size = 0
        async for chunk in content:
            size += len(chunk)
        self._note("attach", name, media, size)
        return "cd" * 32

    async def file(
        self, who: shown.Person, channel: str, subject: str, root: str
    ) -> tuple[shown.FileShown, AsyncIterator[bytes]]:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"<script>alert(1)</script>"

        return shown.FileShown(root=root, name="جدول <x>.html", media="text/html", size=25, held=25), chunks()

    async def set_watch(self, who: shown.Person, present: bool) -> None:
        self._note("watch", present)

    async def run_test(self, who: shown.Person) -> None:
        self._note("test")

    def calls(self, who: shown.Person, channel: str) -> tuple[shown.CallShown, ...]:
        return tuple(one for one in self.calls_now if one.channel == channel)

    async def settle_call(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        self._note(act, channel, subject, fields)

    async def delete_recording(self, who: shown.Person, channel: str, subject: str, number: int) -> None:
        self._note("delete-recording", channel, subject, number)

    def recordings(self, who: shown.Person, channel: str, subject: str) -> tuple[shown.RecordingShown, ...]:
        return recorded() if channel == "leaders" else ()

    async def recorded_voices(
        self, who: shown.Person, channel: str, subject: str, number: int
    ) -> tuple[shown.VoiceShown, ...]:
        plain = {"language": "", "codec": "opus", "starts_ms": 1_200, "frames": 310}
        ours = shown.VoiceShown(file="north-00000007.opus", ours=True, name="D. Marsh", office="Duty", **plain)  # type: ignore[arg-type]
        theirs = shown.VoiceShown(file="south-00000008.opus", ours=False, name="蓝巍", office="值班室", **plain)  # type: ignore[arg-type]
        return (ours, theirs) if number > 1 else ()

    def recorded_sound(self, who: shown.Person, channel: str, subject: str, number: int, file: str) -> Path:
        raise Refused("recording.unknown", "a sample has no sound")

    def recorded_files(self, who: shown.Person, channel: str, subject: str, number: int) -> tuple[str, list[Path]]:
        return "sample", []

    def tones(self, who: shown.Person, channel: str) -> tuple[shown.ToneShown | None, shown.ToneShown | None]:
        return (tone(), None)

    def stops_now(self, who: shown.Person) -> tuple[shown.StopShown, ...]:
        return self.stops_open if "read" in who.rights else ()

    def stops(self, who: shown.Person, drills: bool) -> tuple[shown.StopShown, ...]:
        return tuple(one for one in self.stops_open if (one.status != "actual") is drills)

    def stop(self, who: shown.Person, channel: str, subject: str) -> shown.StopShown:
        for one in self.stops_open:
            if (one.channel, one.subject) == (channel, subject):
                return one
        raise Refused("stops.unknown", "there is no such stop")

    async def raise_stop(self, who: shown.Person, fields: dict[str, str]) -> tuple[str, str]:
        self._note("raise", "line", "", fields)
        return "line", "stop/north/0/9"

    async def settle_stop(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        self._note(act, channel, subject, fields)

    def release_policy(self, who: shown.Person) -> tuple[shown.PolicyShown | None, shown.PolicyShown | None]:
        held = shown.PolicyShown(persons=("w.marlow",), after_s=600, by=("a.brandt", "w.marlow"), unsigned=True)
        return held, shown.PolicyShown(persons=("a.brandt",), after_s=300, by=("a.brandt",))

    async def propose_policy(self, who: shown.Person, persons: Sequence[str], after_s: int) -> None:
        self._note("policy", tuple(persons), after_s)

    async def agree_policy(self, who: shown.Person, seen: str) -> None:
        self._note("agree-policy", seen)

    async def set_fallback(self, who: shown.Person, text: str) -> None:
        self._note("fallback", text)

    async def confirm_fallback(self, who: shown.Person, seen: str) -> None:
        self._note("confirm-fallback")

    async def add_person(self, who: shown.Person, fields: dict[str, str], roles: Sequence[str]) -> None:
        self._note("add", fields, tuple(roles))

    async def sign_in_link(self, who: shown.Person, person: str) -> str:
        self._note("link", person)
        return "/sign-in/good-link"

    async def disable(self, who: shown.Person, person: str) -> None:
        self._note("disable", person)

    async def commit_legal_name(self, who: shown.Person, person: str, name: str) -> None:
        self._note("legal-name", person, name)

    def legal_name(self, who: shown.Person, person: str) -> str:
        self._note("disclose", person)
        return '{"format":"parley-legal-name/1"}'

    async def forget_legal_name(self, who: shown.Person, person: str) -> None:
        self._note("forget-name", person)

    # passkeys

    def link_signs_in(self, token: str) -> bool:
        if token != "good-link":
            raise Refused("people.link", "this link is not known here, or was used, or is too old")
        return True

    def sign_in_challenge(self, origin: str) -> Mapping[str, object]:
        return {"challenge": "AAAA", "rp": "north.localhost"}

    async def sign_in(self, origin: str, given: str, instead: str) -> shown.Session:
        if given != "good":
            raise Refused("passkeys.refused", "this passkey opens nothing here")
        self._note("sign-in", instead)
        return shown.Session(secret="sample-session", lasts_s=43_200)

    def enrol_challenge(self, origin: str, token: str, who: shown.Person | None) -> Mapping[str, object]:
        return {"challenge": "AAAA", "rp": "north.localhost", "held": []}

    async def enrol(self, origin: str, form: Mapping[str, str], who: shown.Person | None) -> None:
        self._note("enrol", form.get("name"))

    # acts that bind

    def _asked(self, kind: str, words: Mapping[str, object]) -> shown.AskedShown:
        return shown.AskedShown(
            nonce="ab" * 16, kind=kind, words="{}", act="{}", challenge="AAAA", relying_party="north.localhost",
            credentials="AAAA", until=ago(-300), language="en",
            precedence="FLASH" if kind == "message.sent" else "",
            rows=(
                *(
                    shown.SignedRow(place=f"words.body.{name}", value=str(value), prose=name in ("text", "note"))
                    for name, value in words.items()
                ),
                shown.SignedRow(place="words.refs.0.2", value="5e" * 32),
                shown.SignedRow(place="act.nonce", value="ab" * 16),
                shown.SignedRow(place="act.odd", value="null"),
            ),
        )  # fmt: skip

    def ask_release(self, who: shown.Person, origin: str, draft: str) -> shown.AskedShown:
        self._note("ask-release", draft)
        return self._asked(
            "message.sent", {"text": "Vessel 4471 has stopped.", "due": ago(-600), "released_by.0": "d.marsh"}
        )

    def ask_acknowledge(
        self, who: shown.Person, origin: str, channel: str, subject: str, note: str
    ) -> shown.AskedShown:
        self._note("ask-acknowledge", subject, note)
        return self._asked("message.acknowledged", {"note": note})

    def ask_listing(self, who: shown.Person, origin: str, person: str, take_off: bool) -> shown.AskedShown:
        self._note("ask-listing", person, take_off)
        return self._asked("roster.listed", {"person": person, "binds": not take_off})

    def must_sign(self) -> bool:
        return self.binds

    def ask_policy(self, who: shown.Person, origin: str) -> shown.AskedShown:
        self._note("ask-policy")
        return self._asked("release.policy", {"persons": ["d.marsh"], "after_s": 600, "laid_down_by": ["y.mei"]})

    async def sign(self, who: shown.Person, origin: str, nonce: str, given: str) -> None:
        self._note("sign", nonce, given)

    def listing(self, who: shown.Person, person: str) -> shown.ListingShown:
        return shown.ListingShown(listed=1, enrolled=2, same=False, signs=person != "d.marsh", may=True)

    async def list_passkeys(self, who: shown.Person, origin: str, person: str, take_off: bool) -> None:
        self._note("list-passkeys", person, take_off)

    def access(self, who: shown.Person, person: str) -> shown.AccessShown:
        return shown.AccessShown(
            person=person,
            name="D. Marsh",
            passkeys=(
                shown.PasskeyShown(
                    id="0a" * 6, name="Security key, grey", made_at=ago(900_000), used_at=ago(4_000), digest="5e" * 32
                ),
                shown.PasskeyShown(
                    id="0b" * 6, name="مفتاح احتياطي", made_at=ago(90_000), backed_up=True, digest="a1" * 32
                ),
            ),
            sessions=(
                shown.SessionShown(
                    id="0c" * 6, door="desk", made_at=ago(4_000), used_at=NOW, ends_at=ago(-39_200), this=True
                ),
                shown.SessionShown(
                    id="0d" * 6, door="desk", made_at=ago(9_000), used_at=ago(600), ends_at=ago(-30_000)
                ),
            ),
            notes=(
                shown.NoteShown(at=ago(4_000), by="", deed="signed-in"),
                shown.NoteShown(at=ago(90_000), by="A. Berg", deed="link-made"),
            ),
        )

    def again_challenge(self, who: shown.Person, origin: str) -> dict[str, object]:
        return {"challenge": "", "rp": "", "held": []}

    async def remove_passkey(self, who: shown.Person, origin: str, person: str, passkey: str, proof: str) -> None:
        self._note("remove-passkey", person, passkey, proof)

    async def end_sessions(self, who: shown.Person, origin: str, person: str, session: str, proof: str) -> None:
        self._note("end-sessions", person, session, proof)

    def sit_down(self, who: shown.Person, sink: SinkPort) -> DeskPort:
        return SimpleNamespace(number=1, person=who.id, watches=frozenset(), sink=sink)

    def get_up(self, desk: DeskPort) -> None:
        self._note("get-up")

    def stay(self, who: shown.Person, desk: DeskPort) -> bool:
        return False

    def may_look(self, who: shown.Person, channel: str) -> bool:
        return True

    def look(self, who: shown.Person, channel: str, sink: SinkPort) -> DeskPort:
        return self.sit_down(who, sink)

    def left(self, desk: DeskPort) -> None:
        self._note("left")

    def show(self, who: shown.Person, desk: DeskPort, channel: str, session: str, sink: SinkPort) -> int:
        self._note("show", session)
        return 7

    def hide(self, desk: DeskPort) -> None:
        self._note("hide")

    def show_frame(self, desk: DeskPort, data: bytes) -> None:
        self._note("show-frame", len(data))

    def wants_whole(self, who: shown.Person, desk: DeskPort, channel: str, stream: int) -> None:
        self._note("wants-whole", stream)

    def beat(self, desk: DeskPort) -> None:
        pass

    def watch(self, who: shown.Person, desk: DeskPort, channels: Sequence[str]) -> None:
        self._note("watch", *channels)

    def follow(self, who: shown.Person, desk: object, channel: str) -> None:
        """A page on watch follows the text beside the voice; in samples nobody writes any."""

    def tell(self, hint: Hint) -> None:
        """Send a hint to every page that follows."""
        for queue in self.queues:
            queue.put_nowait(hint)

    @contextlib.asynccontextmanager
    async def hints(self, secret: Callable[[], str]) -> AsyncIterator[AsyncIterator[Hint]]:
        queue: asyncio.Queue[Hint] = asyncio.Queue(100)
        self.queues.add(queue)

        async def follow() -> AsyncIterator[Hint]:
            while True:
                hint = await queue.get()
                if self.person(secret()) is None:
                    return
                yield hint

        try:
            yield follow()
        finally:
            self.queues.discard(queue)
