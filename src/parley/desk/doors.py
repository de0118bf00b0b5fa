"""The desk's port, answered by the actions on a real node: what `reading` gives, and everything a person may do."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from parley.actions import (
    agreeing,
    calls,
    channels,
    direct,
    drafting,
    epochs,
    files,
    interpreting,
    line,
    messages,
    notify,
    people,
    realtime,
    record,
)
from parley.actions import recordings as recordings_of
from parley.actions.direct import Lifted
from parley.actions.notify_rows import StepRow
from parley.actions.ports import DeskPort, SinkPort
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.desk import rows, shown
from parley.desk.chart_doors import ChartDoors
from parley.desk.commitments_doors import CommitmentsDoors
from parley.desk.hints import follow
from parley.desk.incident_doors import Reporting
from parley.desk.noticing import Noticing
from parley.desk.picturing import Picturing
from parley.desk.port import Hint, LiftWish, Writing
from parley.desk.reading import asker
from parley.desk.readout_doors import PositionDoors
from parley.desk.signing import Signing
from parley.desk.stopping import Stopping
from parley.desk.talks_doors import TalksDoors
from parley.desk.texts_doors import TextsDoors
from parley.desk.track_doors import TrackDoors
from parley.errors import Refused
from parley.times import Moment, moment_text


class Doors(
    Signing, Stopping, Noticing, Picturing, ChartDoors, PositionDoors, TextsDoors, Reporting, TrackDoors, TalksDoors,
    CommitmentsDoors,
):  # fmt: skip
    """A node as the desk sees it and acts on it."""

    # --- channels

    async def propose_channel(self, who: shown.Person, channel: str, title: str, purpose: str) -> None:
        """Propose a channel."""
        await channels.propose_channel(self._node, asker(who), channel=channel, title=title, purpose=purpose)

    async def settle_channel(self, who: shown.Person, channel: str, act: str, reason: str, seen: str) -> None:
        """Agree, decline, withdraw, suspend or restore."""
        if act == "agree":
            await channels.agree_channel(self._node, asker(who), channel=channel, seen=seen)
        elif act == "decline":
            await channels.decline_channel(self._node, asker(who), channel=channel, reason=reason)
        elif act == "withdraw":
            await channels.withdraw_channel(self._node, asker(who), channel=channel, reason=reason)
        elif act == "suspend":
            await channels.suspend_channel(self._node, asker(who), channel=channel, reason=reason)
        else:
            await channels.restore_channel(self._node, asker(who), channel=channel)

    async def set_members(self, who: shown.Person, channel: str, persons: Sequence[str]) -> None:
        """Set our members."""
        await channels.set_members(self._node, asker(who), channel=channel, persons=tuple(persons))

    # --- messages

    async def write(self, who: shown.Person, writing: Writing, act: str) -> str:
        """Send, give to review or keep; gives a message's subject, or "draft:" and a draft's id."""
        words = Words(
            channel=writing.channel, text=writing.text, language=writing.language, precedence=writing.precedence,
            status=writing.status, title=writing.title, order=writing.order, answers=writing.answers,
            attachments=tuple(root for root, _ in writing.attachments),
        )  # fmt: skip
        if act == "send" and writing.precedence != "FLASH" and not writing.draft:
            return (await messages.send_message(self._node, asker(who), words)).subject
        draft = await drafting.save_draft(self._node, asker(who), words, draft=writing.draft or None)
        if act == "send" and writing.precedence != "FLASH":
            return (await drafting.release_draft(self._node, asker(who), draft.id)).subject
        if act != "draft":
            await drafting.submit_draft(self._node, asker(who), draft.id)
        return f"draft:{draft.id}"

    async def mark_shown(self, who: shown.Person, channel: str, subjects: Sequence[str]) -> None:
        """Say across the line that this desk shows these messages."""
        for subject in subjects:
            await messages.show_message(self._node, asker(who), channel, subject)

    async def settle_message(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        """Do one act about a message."""
        node, known, said = self._node, asker(who), {name: value.strip() for name, value in fields.items()}
        text, reason, language = said.get("text", ""), said.get("reason", ""), said.get("language", "")
        seen = said.get("seen", "")  # which words, or which read-back, the page showed
        if act == "acknowledge":
            await messages.acknowledge(node, known, channel, subject, note=said.get("note", ""), seen=seen)
        elif act == "read-back":
            await messages.read_back(node, known, channel, subject, text=text)
        elif act == "confirm":
            good = said.get("right") == "yes"
            await messages.confirm_read_back(node, known, channel, subject, good=good, text=text, seen=seen)
        elif act == "correct":
            await messages.correct(node, known, channel, subject, text=text, language=language, reason=reason)
        elif act == "cancel":
            if said.get("sure") != "yes":
                raise Refused("desk.unsure", "Say that you mean this message first. Nothing was cancelled.")
            await messages.cancel(node, known, channel, subject, reason=reason)
        else:
            grade = said.get("grade", "")
            await messages.translate(node, known, channel, subject, grade=grade, language=language, text=text)

    async def settle_draft(self, who: shown.Person, draft: str, act: str, note: str, seen: str) -> None:
        """Give to review, send back, release or discard a draft; `seen` says which words the page showed."""
        if act == "submit":
            await drafting.submit_draft(self._node, asker(who), draft, note=note)
        elif act == "approve":
            await drafting.review_draft(self._node, asker(who), draft, good=True, note=note, seen=seen)
        elif act == "return":
            await drafting.review_draft(self._node, asker(who), draft, good=False, note=note)
        elif act == "release":
            await drafting.release_draft(self._node, asker(who), draft, seen=seen)
        else:
            await drafting.discard_draft(self._node, asker(who), draft)

    async def propose_policy(self, who: shown.Person, persons: Sequence[str], after_s: int) -> None:
        """Propose who may release a FLASH alone."""
        await line.propose_release_policy(self._node, asker(who), persons=tuple(persons), after_s=after_s)

    async def agree_policy(self, who: shown.Person, seen: str) -> None:
        """Lay down, as the second person, who may release a FLASH alone."""
        await line.agree_release_policy(self._node, asker(who), seen=seen)

    async def evidence(self, who: shown.Person, channel: str, subject: str, path: Path) -> None:
        """Write the evidence of one message."""
        await messages.evidence(self._node, asker(who), channel, subject, path)

    async def export_record(self, who: shown.Person, path: Path) -> None:
        """Write the whole record."""
        await record.export_record(self._node, asker(who), path)

    async def export_fork(self, who: shown.Person, id: str, path: Path) -> None:
        """Write the proof that a log was signed twice."""
        await record.export_fork(self._node, asker(who), id, path)

    async def attach(self, who: shown.Person, name: str, media: str, content: AsyncIterable[bytes]) -> str:
        """Take a file in; gives its root."""
        return (await files.attach(self._node, asker(who), name=name, media=media, content=content)).root

    async def file(
        self, who: shown.Person, channel: str, subject: str, root: str
    ) -> tuple[shown.FileShown, AsyncIterator[bytes]]:
        """Give an attachment and its bytes."""
        row, chunks = await files.read_attachment(self._node, asker(who), channel, subject, root)
        return rows.file(row), chunks

    # --- calls

    async def settle_call(
        self, who: shown.Person, channel: str, subject: str, act: str, fields: dict[str, str]
    ) -> None:
        """Do one act about a call."""
        node, known, said = self._node, asker(who), {name: value.strip() for name, value in fields.items()}
        if act == "lift":
            await calls.lift(
                node, known, channel, precedence=said.get("precedence", ""), purpose=said.get("purpose", ""),
                session=said.get("session", ""), status=said.get("status", ""),
            )  # fmt: skip
        elif act == "decline":
            await calls.decline(node, known, channel, subject, reason=said.get("reason", ""))
        elif act == "later":
            minutes = said.get("minutes", "")
            wait_ms = int(minutes) * 60_000 if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else 0
            at = moment_text(Moment(node.moment() + wait_ms)) if wait_ms else ""
            await calls.put_off(node, known, channel, subject, at=at, reason=said.get("reason", ""))
        elif act == "statement":
            language = node.identity.ours.languages[0]
            await calls.leave_statement(node, known, channel, subject, text=said.get("text", ""), language=language)
        elif act.startswith(("recording-", "tone")):
            await self._record(known, channel, subject, act, said)
        elif act.partition("-")[2] in agreeing.ACTS:
            what, _, how = act.partition("-")
            await agreeing.settle(node, known, channel, subject, what, how, reason=said.get("reason", ""))
        elif act == "rings":
            await calls.rings(node, known, channel, subject)
        elif act == "clear":
            await calls.clear(node, known, channel, subject)
        else:
            doing = {"answer": calls.answer, "join": calls.join, "leave": calls.leave, "hang-up": calls.hang_up}[act]
            await doing(node, known, channel, subject)

    # --- escalation

    async def set_ladder(
        self, who: shown.Person, channel: str, kind: str, steps: Sequence[tuple[int, str, tuple[str, ...]]]
    ) -> None:
        """Set the steps for a kind of thing."""
        made = [StepRow(after_s=after_s, how=how, who=names) for after_s, how, names in steps]
        await notify.set_ladder(self._node, asker(who), channel=channel, kind=kind, steps=made)

    async def reset_ladder(self, who: shown.Person, channel: str, kind: str) -> None:
        """Go back to the built-in steps."""
        await notify.reset_ladder(self._node, asker(who), channel=channel, kind=kind)

    async def try_ladder(self, who: shown.Person, channel: str, kind: str) -> None:
        """Send a test to every target of a ladder."""
        notify.try_ladder(self._node, asker(who), channel=channel, kind=kind)

    async def set_target(self, who: shown.Person, name: str, url: str, hides_channel: bool) -> None:
        """Add or change a target."""
        await notify.set_target(self._node, asker(who), name=name, url=url, hides_channel=hides_channel)

    async def remove_target(self, who: shown.Person, name: str) -> None:
        """Remove a target."""
        await notify.remove_target(self._node, asker(who), name)

    async def try_target(self, who: shown.Person, name: str) -> None:
        """Send a test to a target."""
        notify.try_target(self._node, asker(who), name)

    # --- recordings

    async def _record(self, who: Who, channel: str, subject: str, act: str, said: dict[str, str]) -> None:
        node = self._node
        if act == "recording-decline":
            await recordings_of.decline(node, who, channel, subject, reason=said.get("reason", ""))
        elif act == "tone-heard":
            await recordings_of.hear_tone(node, who, channel, subject, heard=said.get("heard", ""))
        else:
            doing = {"recording-ask": recordings_of.ask, "recording-agree": recordings_of.agree,
                     "recording-stop": recordings_of.stop, "tone": recordings_of.send_tone}  # fmt: skip
            await doing[act](node, who, channel, subject)

    async def delete_recording(self, who: shown.Person, channel: str, subject: str, number: int) -> None:
        """Delete what our node keeps of one recording."""
        await recordings_of.delete(self._node, asker(who), channel, subject, number)

    def recordings(self, who: shown.Person, channel: str, subject: str) -> tuple[shown.RecordingShown, ...]:
        """Give the recordings of a call."""
        return tuple(recordings_of.recordings(self._node, asker(who), channel, subject))

    async def recorded_voices(
        self, who: shown.Person, channel: str, subject: str, number: int
    ) -> tuple[shown.VoiceShown, ...]:
        """Give the voices of one recording that our node keeps."""
        return tuple(await recordings_of.voices(self._node, asker(who), channel, subject, number))

    def recorded_sound(self, who: shown.Person, channel: str, subject: str, number: int, file: str) -> Path:
        """Give the file of one voice."""
        return recordings_of.sound(self._node, asker(who), channel, subject, number, file)

    def recorded_files(self, who: shown.Person, channel: str, subject: str, number: int) -> tuple[str, list[Path]]:
        """Give name and files of one recording."""
        return recordings_of.files(self._node, asker(who), channel, subject, number)

    def tones(self, who: shown.Person, channel: str) -> tuple[shown.ToneShown | None, shown.ToneShown | None]:
        """Give the last tone of ours heard there and of theirs heard here, within a shift."""
        return recordings_of.tones(self._node, asker(who), channel)

    # --- the line and the people

    async def set_watch(self, who: shown.Person, present: bool) -> None:
        """Go on watch or leave it."""
        await line.set_watch(self._node, asker(who), present=present)

    async def run_test(self, who: shown.Person) -> None:
        """Start a line test."""
        await line.run_test(self._node, asker(who))

    async def set_fallback(self, who: shown.Person, text: str) -> None:
        """State how to reach us when the line is down."""
        await line.set_fallback(self._node, asker(who), text=text)

    async def confirm_fallback(self, who: shown.Person, seen: str) -> None:
        """Confirm the other side's statement."""
        await line.confirm_fallback(self._node, asker(who), seen=seen)

    async def end_log(self, who: shown.Person, log: str) -> None:
        """Say how far we hold a frozen log of theirs, and agree to its next epoch."""
        await epochs.end_log(self._node, asker(who), log)

    async def renew_log(self, who: shown.Person, log: str) -> None:
        """Go on in the next epoch of a log of ours."""
        await epochs.renew_log(self._node, asker(who), log)

    async def add_person(self, who: shown.Person, fields: dict[str, str], roles: Sequence[str]) -> None:
        """Add somebody of our side."""
        if not roles:
            raise Refused("desk.roles", "Choose at least one role. Nobody was added.")
        spoken = tuple(tag for tag in fields.get("languages", "").replace(",", " ").split() if tag)
        form = people.PersonForm(
            person=fields.get("person", "").strip(), name=fields.get("name", "").strip(), role=roles[0],
            roles=tuple(roles[1:]), office=fields.get("office", "").strip(),
            address=fields.get("address", "").strip(), languages=spoken,
        )  # fmt: skip
        await people.add_person(self._node, asker(who), form)

    async def sign_in_link(self, who: shown.Person, person: str) -> str:
        """Make a one-time link; gives its path at this desk."""
        return (await people.enrol(self._node, asker(who), person)).path

    async def disable(self, who: shown.Person, person: str) -> None:
        """Close an account."""
        await people.disable(self._node, asker(who), person)

    # --- now

    def sit_down(self, who: shown.Person, sink: SinkPort) -> DeskPort:
        """Open a desk."""
        return direct.sit_down(self._node, asker(who), sink)

    def get_up(self, desk: DeskPort) -> None:
        """Close a desk."""
        direct.get_up(self._node, desk)

    def stay(self, who: shown.Person, desk: DeskPort) -> bool:
        """Take it off watch of what its person may read no more."""
        return direct.stay(self._node, asker(who), desk)

    def beat(self, desk: DeskPort) -> None:
        """Note that its page is alive."""
        direct.beat(self._node, desk)

    def watch(self, who: shown.Person, desk: DeskPort, channels: Sequence[str]) -> None:
        """Be on watch of these channels."""
        direct.watch(self._node, asker(who), desk, channels)

    def lift(self, who: shown.Person, desk: DeskPort, wish: LiftWish, status: str) -> Lifted:
        """Let a desk be heard."""
        return direct.lift(
            self._node, asker(who), desk, wish.channel, session=wish.session, precedence=wish.precedence,
            language=wish.language, status=status,
        )  # fmt: skip

    def speak(self, desk: DeskPort, data: bytes) -> None:
        """Pass on sound."""
        direct.speak(self._node, desk, data)

    async def rings(self, who: shown.Person, desk: DeskPort, channel: str, session: str, subject: str) -> None:
        """Note that a page rings."""
        await direct.rings(self._node, asker(who), desk, channel, session, subject)

    async def ringing(self, who: shown.Person, desk: DeskPort, keys: Sequence[str]) -> None:
        """Note that a page rings for what it was told of."""
        await direct.ringing(self._node, asker(who), desk, keys)

    def plays(self, who: shown.Person, channel: str, session: str, stream: int) -> None:
        """Note that a page plays a voice."""
        direct.plays(self._node, asker(who), channel, session, stream)

    def plain(self, who: shown.Person, channel: str, session: str) -> None:
        """Note that a page has no decoder."""
        direct.plain(self._node, asker(who), channel, session)

    def follow(self, who: shown.Person, desk: DeskPort, channel: str) -> None:
        """Show what is written in a channel's calls."""
        realtime.follow(self._node, asker(who), desk, channel)

    def interpret(
        self, who: shown.Person, desk: DeskPort, channel: str, session: str, source: str, target: str, via: str
    ) -> None:
        """Go to the microphone of a language."""
        interpreting.take(self._node, asker(who), desk, channel, session, source, target, via)

    def stop_interpreting(self, who: shown.Person, desk: DeskPort, channel: str, session: str) -> None:
        """Leave the microphone."""
        interpreting.leave(self._node, asker(who), desk, channel, session)

    def ask_talkers(self, who: shown.Person, desk: DeskPort, channel: str, session: str, what: str) -> None:
        """Ask those who talk for a pause or a repeat."""
        interpreting.ask(self._node, asker(who), desk, channel, session, what)

    def hand_turn(self, who: shown.Person, channel: str, session: str, to: str) -> None:
        """Pass our turn on."""
        agreeing.hand_turn(self._node, asker(who), channel, session, to)

    def say_aside(self, who: shown.Person, channel: str, session: str, what: str, text: str) -> None:
        """Say a word to the interpreters of our own side."""
        interpreting.say_aside(self._node, asker(who), channel, session, what, text)

    def write_text(
        self, who: shown.Person, desk: DeskPort, channel: str, session: str, text: str, finish: bool
    ) -> Awaitable[None] | None:
        """Have this text in the line being written."""
        return realtime.write(self._node, asker(who), desk, channel, session, text, finish=finish)

    async def hang_up(self, who: shown.Person, channel: str, subject: str) -> None:
        """End a call."""
        await calls.hang_up(self._node, asker(who), channel, subject)

    def hints(self, secret: Callable[[], str]) -> AbstractAsyncContextManager[AsyncIterator[Hint]]:
        """Follow what changes for as long as the session lasts."""
        return follow(self._node, lambda: people.who_by_session(self._node, secret()))
