"""One channel: its thread, the composer, and agreeing, suspending or restoring it."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.pages.uploads import read_with_files, takes_files
from parley.desk.port import Writing
from parley.errors import PeerError, Refused, Unavailable

ACTS: Final = ("agree", "decline", "withdraw", "suspend", "restore")


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/channels/{channel}", show),
        web.get("/channels/{channel}/thread", thread),
        web.post("/channels/{channel}/messages", write),
        web.post("/channels/{channel}/shown", mark_shown),
        web.post("/channels/{channel}/members", members),
        *(web.post(f"/channels/{{channel}}/{act}", settle) for act in ACTS),
    ]


def values(request: web.Request, channel: shown.ChannelShown, answers: str = "") -> dict[str, Any]:
    """Give what the page shows."""
    port, asker = frame.desk(request).port, frame.who(request)
    before = request.query.get("before", "")
    draft = next((one for one in port.drafts(asker) if one.id == request.query.get("draft")), None)
    rights = asker.rights
    return frame.frame_values(request, "channel", channel) | {
        "thread": port.thread(asker, channel.id, before),
        "before": before,
        "signals": port.signals(asker),
        "answers": answers or (draft.answers if draft else request.query.get("answers", "")),
        "typed": draft_typed(draft) if draft else None,
        "members": port.members(asker) if "channels" in rights and channel.id != "line" else (),
    }


def draft_typed(draft: shown.DraftShown) -> shown.Typed:
    """Give a draft's words as if they had just been typed, to be changed."""
    fields = ("precedence", "status", "language", "text", "title")
    values = {name: str(getattr(draft, name)) for name in fields} | {"draft": draft.id}
    return shown.Typed(
        values=values | ({"order": "1"} if draft.order else {}),
        attachments=tuple(f"{one.root}|{one.name}" for one in draft.files),
    )


async def show(request: web.Request) -> web.Response:
    """Show the channel."""
    channel = frame.find_channel(request, request.match_info["channel"])
    return frame.page(request, "channel.html", values(request, channel))


async def thread(request: web.Request) -> web.Response:
    """Give the thread alone, as it is now."""
    channel = frame.find_channel(request, request.match_info["channel"])
    return frame.page(request, "_thread.html", values(request, channel))


async def settle(request: web.Request) -> web.StreamResponse:
    """Agree, decline, withdraw, suspend or restore."""
    form, channel = await frame.read_form(request), request.match_info["channel"]
    act = request.path.rpartition("/")[2]
    try:
        port = frame.desk(request).port
        await port.settle_channel(frame.who(request), channel, act, form.get("reason"), form.get("seen"))
    except (Refused, Unavailable, PeerError) as error:
        return _again(request, channel, frame.refusal(form, error), frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{channel}")


async def members(request: web.Request) -> web.StreamResponse:
    """Set who of our side belongs here."""
    form, channel = await frame.read_form(request), request.match_info["channel"]
    try:
        await frame.desk(request).port.set_members(frame.who(request), channel, form.all("person"))
    except (Refused, Unavailable, PeerError) as error:
        return _again(request, channel, frame.refusal(form, error), frame.refused_status(error))
    raise web.HTTPSeeOther(f"/channels/{channel}")


def _again(request: web.Request, channel: str, typed: shown.Typed, status: int) -> web.Response:
    found = frame.find_channel(request, channel)
    return frame.page(request, "channel.html", values(request, found, typed.get("answers")) | {"typed": typed}, status)


async def mark_shown(request: web.Request) -> web.Response:
    """Note that these messages have been on this screen; the script sends it once they really were."""
    form = await frame.read_form(request)
    channel = frame.find_channel(request, request.match_info["channel"])
    await frame.desk(request).port.mark_shown(frame.who(request), channel.id, form.all("subject")[:200])
    return web.Response(status=204)


@takes_files
async def write(request: web.Request) -> web.StreamResponse:
    """Send, give to review or keep what was composed. A refusal shows the page again with everything typed."""
    channel = request.match_info["channel"]
    form = frame.Form([])
    try:
        form = await read_with_files(request)
        done = await frame.desk(request).port.write(frame.who(request), _writing(channel, form), form.get("act"))
    except (Refused, Unavailable, PeerError) as error:
        return _again(request, channel, frame.refusal(form, error), frame.refused_status(error))
    if done.startswith("draft:"):
        raise web.HTTPSeeOther(f"/drafts#d-{done[6:]}")
    raise web.HTTPSeeOther(f"/channels/{channel}#m-{done.replace('/', '-')}")


def _writing(channel: str, form: frame.Form) -> Writing:
    kept = (pair.partition("|")[::2] for pair in form.all("attachment"))
    return Writing(
        channel=channel,
        text=form.get("text"),
        language=form.get("language"),
        precedence=form.get("precedence", "ROUTINE"),
        status=form.get("status", "actual"),
        title=form.get("title"),
        answers=form.get("answers"),
        order=form.get("order") == "1",
        draft=form.get("draft"),
        attachments=tuple((root, name) for root, name in kept),
    )
