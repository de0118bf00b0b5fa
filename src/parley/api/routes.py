"""Every route of the API in one table; the application and its description are both made from it.

Owns: method, path, body, answer. Does not own: rights and rules; those are inside the actions.
"""

from __future__ import annotations

from typing import Any, Final

from parley.actions import channels, epochs, keys, legal_names, line, messages, people, record, vouching
from parley.actions.line_rows import FaultRow, GapRow, KeysRow, LineRow, LinkRow, PolicyRow, TestRow
from parley.actions.passkeys import Place
from parley.actions.people_rows import ApiToken, LegalName, PersonRow, Session, SignInLink, VouchRow
from parley.actions.record_rows import EntryDetail, EntryLine, ForkRow, FrozenRow, LogRow, LostRow
from parley.actions.rows import ChannelRow, DraftRow, MessageRow, Sent, ThreadPage
from parley.api import bodies
from parley.api.call_routes import CALLS
from parley.api.commitment_routes import COMMITMENTS
from parley.api.incident_routes import INCIDENTS
from parley.api.meeting_routes import MEETINGS
from parley.api.notice_routes import NOTICES
from parley.api.notify_routes import NOTIFY
from parley.api.readout_routes import READOUTS
from parley.api.route import Call, Route
from parley.api.rulebook_routes import RULEBOOK
from parley.api.stop_routes import STOPS
from parley.api.talk_routes import BODIES
from parley.api.text_routes import TEXTS
from parley.api.track_routes import TRACKS
from parley.api.watch_routes import WATCHES


async def _sign_in(call: Call) -> Session:
    return await people.sign_in(call.node, call.body.token, desk="api")


async def _sign_out(call: Call) -> None:
    await people.sign_out(call.node, call.who)


async def _me(call: Call) -> dict[str, Any]:
    return {"person": call.who.person, "roles": call.who.roles, "via": call.who.via, "scopes": call.who.scopes}


async def _line(call: Call) -> LineRow:
    return line.line_status(call.node, call.who)


async def _links(call: Call) -> list[LinkRow]:
    return line.links(call.node, call.who)


async def _tests(call: Call) -> list[TestRow]:
    return line.tests(call.node, call.who, count=call.count("count", 24, 1_000))


async def _run_test(call: Call) -> Sent:
    return await line.run_test(call.node, call.who)


async def _gaps(call: Call) -> list[GapRow]:
    return line.gaps(call.node, call.who, count=call.count("count", 50, 1_000))


async def _forks(call: Call) -> list[ForkRow]:
    return record.forks(call.node, call.who)


async def _lost(call: Call) -> list[LostRow]:
    return record.lost_entries(call.node, call.who)


async def _faults(call: Call) -> list[FaultRow]:
    return line.faults(call.node, call.who, count=call.count("count", 50, 1_000))


async def _keys(call: Call) -> KeysRow:
    return keys.keys_state(call.node, call.who)


async def _announce_keys(call: Call) -> Sent:
    body = call.body
    return await keys.announce_keys(call.node, call.who, card=body.card, heads=body.heads, proof=body.proof)


async def _frozen(call: Call) -> list[FrozenRow]:
    return epochs.frozen_logs(call.node, call.who)


async def _end_log(call: Call) -> Sent:
    return await epochs.end_log(call.node, call.who, call.body.log)


async def _renew_log(call: Call) -> FrozenRow:
    return await epochs.renew_log(call.node, call.who, call.body.log)


async def _confirm_keys(call: Call) -> Sent:
    return await keys.confirm_keys(call.node, call.who, digest=call.body.digest)


async def _set_fallback(call: Call) -> Sent:
    return await line.set_fallback(call.node, call.who, text=call.body.text)


async def _confirm_fallback(call: Call) -> Sent:
    return await line.confirm_fallback(call.node, call.who)


async def _policy(call: Call) -> PolicyRow | None:
    return line.proposed_release_policy(call.node, call.who)


async def _propose_policy(call: Call) -> None:
    body: bodies.Policy = call.body
    await line.propose_release_policy(call.node, call.who, persons=tuple(body.persons), after_s=body.after_s)


async def _agree_policy(call: Call) -> Sent:
    return await line.agree_release_policy(call.node, call.who)


async def _watch(call: Call) -> None:
    await line.set_watch(call.node, call.who, present=call.body.present)


async def _channels(call: Call) -> list[ChannelRow]:
    return channels.list_channels(call.node, call.who)


async def _channel(call: Call) -> ChannelRow:
    return channels.channel(call.node, call.who, call.part("channel"))


async def _propose(call: Call) -> Sent:
    return await channels.propose_channel(
        call.node, call.who, channel=call.body.channel, title=call.body.title, purpose=call.body.purpose
    )


async def _agree(call: Call) -> Sent:
    return await channels.agree_channel(call.node, call.who, channel=call.part("channel"))


async def _decline(call: Call) -> Sent:
    return await channels.decline_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _withdraw_channel(call: Call) -> Sent:
    return await channels.withdraw_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _suspend(call: Call) -> Sent:
    return await channels.suspend_channel(call.node, call.who, channel=call.part("channel"), reason=call.body.reason)


async def _restore(call: Call) -> Sent:
    return await channels.restore_channel(call.node, call.who, channel=call.part("channel"))


async def _members(call: Call) -> Sent:
    return await channels.set_members(
        call.node, call.who, channel=call.part("channel"), persons=tuple(call.body.persons)
    )


async def _thread(call: Call) -> ThreadPage:
    return messages.thread(
        call.node, call.who, call.part("channel"), before=call.query("before"), count=call.count("count", 50, 200)
    )


def _words(call: Call, channel: str) -> messages.Words:
    body: bodies.Message = call.body
    return messages.Words(
        channel=channel,
        text=body.text,
        language=body.language,
        precedence=body.precedence,
        status=body.status,
        title=body.title,
        order=body.order,
        answers=body.answers,
        attachments=tuple(body.attachments),
    )


async def _send(call: Call) -> Sent:
    return await messages.send_message(call.node, call.who, _words(call, call.part("channel")))


async def _message(call: Call) -> MessageRow:
    return messages.message(call.node, call.who, call.part("channel"), call.subject)


async def _waiting(call: Call) -> list[MessageRow]:
    return messages.waiting(call.node, call.who)


async def _shown(call: Call) -> None:
    await messages.show_message(call.node, call.who, call.part("channel"), call.subject)


async def _acknowledge(call: Call) -> Sent:
    return await messages.acknowledge(call.node, call.who, call.part("channel"), call.subject, note=call.body.note)


async def _answer(call: Call) -> Sent:
    channel = call.part("channel")
    return await messages.answer(call.node, call.who, channel, call.subject, _words(call, channel))


async def _correct(call: Call) -> Sent:
    body: bodies.Correction = call.body
    return await messages.correct(
        call.node,
        call.who,
        call.part("channel"),
        call.subject,
        text=body.text,
        language=body.language,
        reason=body.reason,
    )


async def _cancel(call: Call) -> Sent:
    return await messages.cancel(call.node, call.who, call.part("channel"), call.subject, reason=call.body.reason)


async def _translate(call: Call) -> Sent:
    body: bodies.Translation = call.body
    return await messages.translate(
        call.node,
        call.who,
        call.part("channel"),
        call.subject,
        grade=body.grade,
        language=body.language,
        text=body.text,
    )


async def _read_back(call: Call) -> Sent:
    return await messages.read_back(call.node, call.who, call.part("channel"), call.subject, text=call.body.text)


async def _confirm(call: Call) -> Sent:
    return await messages.confirm_read_back(
        call.node, call.who, call.part("channel"), call.subject, good=call.body.good, text=call.body.text
    )


async def _drafts(call: Call) -> list[DraftRow]:
    return messages.list_drafts(call.node, call.who, channel=call.query("channel") or None)


async def _draft(call: Call) -> DraftRow:
    return messages.draft(call.node, call.who, call.part("draft"))


async def _new_draft(call: Call) -> DraftRow:
    return await messages.save_draft(call.node, call.who, _words(call, call.body.channel))


async def _change_draft(call: Call) -> DraftRow:
    return await messages.save_draft(call.node, call.who, _words(call, call.body.channel), draft=call.part("draft"))


async def _submit(call: Call) -> DraftRow:
    return await messages.submit_draft(call.node, call.who, call.part("draft"), note=call.body.note)


async def _review(call: Call) -> DraftRow:
    return await messages.review_draft(
        call.node, call.who, call.part("draft"), good=call.body.good, note=call.body.note
    )


async def _release(call: Call) -> Sent:
    return await messages.release_draft(
        call.node, call.who, call.part("draft"), precedence=call.body.precedence or None
    )


async def _discard(call: Call) -> None:
    await messages.discard_draft(call.node, call.who, call.part("draft"))


async def _people(call: Call) -> list[PersonRow]:
    return people.list_people(call.node, call.who)


async def _add_person(call: Call) -> PersonRow:
    body: bodies.Person = call.body
    form = people.PersonForm(
        person=body.person,
        name=body.name,
        role=body.role,
        roles=tuple(body.roles),
        office=body.office,
        address=body.address,
        languages=tuple(body.languages),
        binds=body.binds,
        listed=body.listed,
    )
    return await people.add_person(call.node, call.who, form)


async def _publish(call: Call) -> Sent:
    return await people.publish_person(call.node, call.who, call.part("person"))


async def _withdraw(call: Call) -> Sent:
    return await people.withdraw_person(call.node, call.who, call.part("person"))


async def _commit_legal(call: Call) -> Sent:
    return await legal_names.commit_legal_name(call.node, call.who, call.part("person"), call.body.name)


async def _legal(call: Call) -> LegalName:
    return legal_names.legal_name(call.node, call.who, call.part("person"))


async def _forget_legal(call: Call) -> None:
    await legal_names.forget_legal_name(call.node, call.who, call.part("person"))


async def _enrol(call: Call) -> SignInLink:
    return await people.enrol(call.node, call.who, call.part("person"), minutes=call.body.minutes, lost=call.body.lost)


async def _to_vouch(call: Call) -> VouchRow:
    return vouching.to_vouch(call.node, call.who, Place(call.query("origin")), call.part("person"))


async def _vouch(call: Call) -> Sent:
    body: bodies.Vouching = call.body
    return await vouching.vouch(
        call.node, call.who, Place(body.origin), call.part("person"), words=body.words, signature=body.signature
    )


async def _disable(call: Call) -> None:
    await people.disable(call.node, call.who, call.part("person"))


async def _token(call: Call) -> ApiToken:
    return await people.issue_token(
        call.node, call.who, call.part("person"), scopes=tuple(call.body.scopes), days=call.body.days
    )


async def _end_token(call: Call) -> None:
    await people.withdraw_token(call.node, call.who, call.part("token"))


async def _logs(call: Call) -> list[LogRow]:
    return record.logs(call.node, call.who)


def _log_name(call: Call) -> str:
    return f"{call.part('channel')}/{call.part('side')}/{call.part('epoch')}"


async def _entries(call: Call) -> list[EntryLine]:
    return record.entries(
        call.node,
        call.who,
        _log_name(call),
        first=call.count("first", 0, 2**53 - 1),
        count=call.count("count", 100, 1_000),
    )


async def _entry(call: Call) -> EntryDetail:
    return record.entry(call.node, call.who, _log_name(call), int(call.part("number")))


_MESSAGE = r"/channels/{channel}/messages/{side}/{epoch:\d{1,16}}/{number:\d{1,16}}"
_DRAFT = "/drafts/{draft}"
_ACKNOWLEDGE: Final = "Acknowledge it by name (a FLASH: at a desk, where our side lists passkeys)"
_RELEASE: Final = "Let it cross the line (a FLASH: at a desk, where our side lists passkeys)"
_LOG = r"/record/{channel}/{side}/{epoch:\d{1,16}}"
_VOUCHED: Final = "/people/{person}/vouched"
B = bodies

ROUTES: Final[tuple[Route, ...]] = (
    Route("POST", "/sign-in", "Trade a one-time link for a session", B.SignIn, Session, _sign_in, open=True),
    Route("POST", "/sign-out", "End this session", B.Nothing, None, _sign_out),
    Route("GET", "/me", "Who this token speaks for", None, dict[str, Any], _me),
    Route("GET", "/line", "State of the line", None, LineRow, _line),
    Route("GET", "/line/links", "Every link", None, list[LinkRow], _links),
    Route("GET", "/line/tests", "Latest line tests", None, list[TestRow], _tests),
    Route("POST", "/line/tests", "Test the line now", B.Nothing, Sent, _run_test, 201),
    Route("GET", "/line/gaps", "Times without the line, as each side saw them", None, list[GapRow], _gaps),
    Route("GET", "/record/forks", "Logs of which the other side signed two histories", None, list[ForkRow], _forks),
    Route("GET", "/record/lost", "Entries found after their author went on without them", None, list[LostRow], _lost),
    Route("GET", "/line/faults", "What peer, links and disk did wrong", None, list[FaultRow], _faults),
    Route(
        "GET",
        "/record/frozen",
        "Logs frozen by a fork, and what can be done",
        None,
        list[FrozenRow],
        _frozen,
    ),
    Route("POST", "/record/frozen/end", "Say how far we hold a frozen log of theirs", B.Log, Sent, _end_log, 201),
    Route("POST", "/record/frozen/renew", "Go on in the next epoch of our log", B.Log, FrozenRow, _renew_log, 201),
    Route("GET", "/keys", "Both sides' cards in force", None, KeysRow, _keys),
    Route("POST", "/keys/announce", "Announce our new card", B.KeysAnnouncement, Sent, _announce_keys, 201),
    Route("POST", "/keys/confirm", "Confirm their new card", B.KeysConfirmation, Sent, _confirm_keys, 201),
    Route("PUT", "/line/fallback", "State how to reach us when the line is down", B.Fallback, Sent, _set_fallback, 201),
    Route("POST", "/line/fallback/confirm", "Confirm their fallback", B.Nothing, Sent, _confirm_fallback, 201),
    Route("GET", "/line/release-policy", "The policy that waits for a second person", None, PolicyRow | None, _policy),
    Route("PUT", "/line/release-policy", "Propose who may release a FLASH alone", B.Policy, None, _propose_policy),
    Route("POST", "/line/release-policy/agree", "Agree, as another person", B.Nothing, Sent, _agree_policy, 201),
    Route("PUT", "/line/watch", "Go on watch or leave it", B.Watch, None, _watch),
    Route("GET", "/channels", "Channels and what waits in them", None, list[ChannelRow], _channels),
    Route("POST", "/channels", "Propose a channel", B.NewChannel, Sent, _propose, 201),
    Route("GET", "/channels/{channel}", "One channel", None, ChannelRow, _channel),
    Route("POST", "/channels/{channel}/agree", "Agree to a proposed channel", B.Nothing, Sent, _agree, 201),
    Route("POST", "/channels/{channel}/decline", "Decline a proposed channel", B.Reasoned, Sent, _decline, 201),
    Route(
        "POST", "/channels/{channel}/withdraw", "Take our own proposal back", B.Reasoned, Sent, _withdraw_channel, 201
    ),
    Route("POST", "/channels/{channel}/suspend", "Suspend a channel", B.Reasoned, Sent, _suspend, 201),
    Route("POST", "/channels/{channel}/restore", "Restore: propose it, or agree", B.Nothing, Sent, _restore, 201),
    Route("PUT", "/channels/{channel}/members", "Set our members", B.Members, Sent, _members, 201),
    Route("GET", "/channels/{channel}/messages", "A page of the thread", None, ThreadPage, _thread),
    Route("POST", "/channels/{channel}/messages", "Send a message (FLASH: use a draft)", B.Message, Sent, _send, 201),
    Route("GET", _MESSAGE, "One message", None, MessageRow, _message),
    Route("POST", _MESSAGE + "/shown", "Say that a desk shows it", B.Nothing, None, _shown),
    Route(
        "POST",
        _MESSAGE + "/acknowledge",
        _ACKNOWLEDGE,
        B.Noted,
        Sent,
        _acknowledge,
        201,
    ),
    Route("POST", _MESSAGE + "/answer", "Answer it", B.Message, Sent, _answer, 201),
    Route("POST", _MESSAGE + "/correct", "Correct our message", B.Correction, Sent, _correct, 201),
    Route("POST", _MESSAGE + "/cancel", "Cancel our message", B.Reasoned, Sent, _cancel, 201),
    Route("POST", _MESSAGE + "/translations", "Add a translation", B.Translation, Sent, _translate, 201),
    Route("POST", _MESSAGE + "/read-back", "Repeat their order", B.ReadBack, Sent, _read_back, 201),
    Route("POST", _MESSAGE + "/read-back/confirm", "Say whether it was right", B.ReadBackAnswer, Sent, _confirm, 201),
    *CALLS,
    *STOPS,
    *INCIDENTS,
    *TRACKS,
    *TEXTS,
    *BODIES,
    *COMMITMENTS,
    *MEETINGS,
    *WATCHES,
    *NOTICES,
    *RULEBOOK,
    *NOTIFY,
    *READOUTS,
    Route("GET", "/waiting", "Messages that wait for somebody here", None, list[MessageRow], _waiting),
    Route("GET", "/drafts", "Drafts", None, list[DraftRow], _drafts),
    Route("POST", "/drafts", "Keep a new draft", B.Draft, DraftRow, _new_draft, 201),
    Route("GET", _DRAFT, "One draft", None, DraftRow, _draft),
    Route("PUT", _DRAFT, "Change a draft", B.Draft, DraftRow, _change_draft),
    Route("DELETE", _DRAFT, "Discard a draft", None, None, _discard),
    Route("POST", _DRAFT + "/submit", "Put it up for review", B.Noted, DraftRow, _submit),
    Route("POST", _DRAFT + "/review", "Approve it or send it back", B.Review, DraftRow, _review),
    Route(
        "POST",
        _DRAFT + "/release",
        _RELEASE,
        B.Release,
        Sent,
        _release,
        201,
    ),
    Route("GET", "/people", "Both sides' people", None, list[PersonRow], _people),
    Route("POST", "/people", "Add somebody", B.Person, PersonRow, _add_person, 201),
    Route("POST", "/people/{person}/publish", "List somebody in the roster", B.Nothing, Sent, _publish, 201),
    Route("POST", "/people/{person}/withdraw", "Take somebody out of the roster", B.Nothing, Sent, _withdraw, 201),
    Route(
        "POST", "/people/{person}/legal-name", "Commit to a legal name in the roster", B.Legal, Sent, _commit_legal, 201
    ),
    Route("GET", "/people/{person}/legal-name", "A legal name of ours, with its disclosure", None, LegalName, _legal),
    Route("POST", "/people/{person}/forget-name", "Destroy a legal name and its salt", B.Nothing, None, _forget_legal),
    Route("POST", "/people/{person}/enrol", "Make a one-time sign-in link", B.Enrol, SignInLink, _enrol, 201),
    Route(
        "GET", "/people/{person}/vouched", "What our identity signs to list their passkeys", None, VouchRow, _to_vouch
    ),
    Route(
        "POST", "/people/{person}/vouched", "List their passkeys, signed by our identity", B.Vouching, Sent, _vouch, 201
    ),
    Route("POST", "/people/{person}/disable", "Close an account", B.Nothing, None, _disable),
    Route("POST", "/people/{person}/tokens", "Give a program a token", B.NewToken, ApiToken, _token, 201),
    Route("DELETE", "/tokens/{token}", "End a token", None, None, _end_token),
    Route("GET", "/record", "Every log", None, list[LogRow], _logs),
    Route("GET", _LOG, "A stretch of a log", None, list[EntryLine], _entries),
    Route("GET", _LOG + r"/{number:\d{1,16}}", "One entry with its proof", None, EntryDetail, _entry),
)
