"""Who is told of what waits: steps and targets, a test button for each, what waits now and how the last tries went.

Works without script. What is typed into the field of an address is never drawn again, not even after a refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from parley import limits
from parley.desk import shown
from parley.desk.pages import frame
from parley.desk.port import Port
from parley.errors import PeerError, Refused, Unavailable

HOWS: Final = ("watch", "desks", "persons", "notify")
_ROWS_MORE: Final = 2  # empty rows after the steps there are


def routes() -> list[web.RouteDef]:
    """Give the routes of this page."""
    return [
        web.get("/escalation", show),
        web.get("/escalation/now", part),
        web.get("/escalation/targets", targets),
        web.post("/escalation/ladder/{act}", ladder),
        web.post("/escalation/target/{act}", target),
    ]


def _values(request: web.Request) -> dict[str, Any]:
    asker = frame.who(request)
    row = frame.desk(request).port.escalation(asker)
    members = [
        one for one in frame.desk(request).port.members(asker) if one.ours and one.account not in ("", "disabled")
    ]
    return frame.frame_values(request, "escalation") | {
        "escalation": row, "members": members, "hows": HOWS, "rows_more": _ROWS_MORE,
        "rows_max": limits.LADDER_STEPS_MAX,
    }  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the page."""
    return frame.page(request, "escalation.html", _values(request))


async def part(request: web.Request) -> web.Response:
    """Give what waits, the silent desks and the last results, as they are now."""
    return frame.page(request, "_escalation.html", _values(request))


async def targets(request: web.Request) -> web.Response:
    """Give the targets alone: a test that was pressed here says how it went beside its button."""
    return frame.page(request, "_escalation_targets.html", _values(request))


async def ladder(request: web.Request) -> web.StreamResponse:
    """Set, reset or test the steps of a kind."""
    form, act, port, asker = await frame.read_form(request), request.match_info["act"], *_at(request)
    channel, kind = form.get("channel"), form.get("kind")
    if act == "set":
        return await _done(request, form, lambda: port.set_ladder(asker, channel, kind, _steps(form)), kind)
    if act == "reset":
        return await _done(request, form, lambda: port.reset_ladder(asker, channel, kind), kind)
    if act == "test":
        return await _done(request, form, lambda: port.try_ladder(asker, channel, kind), "results")
    raise web.HTTPNotFound


async def target(request: web.Request) -> web.StreamResponse:
    """Add, remove or test a target."""
    form, act, port, asker = await frame.read_form(request), request.match_info["act"], *_at(request)
    name = form.get("name")
    if act == "set":
        hides = form.get("hides") == "yes"
        return await _done(request, form, lambda: port.set_target(asker, name, form.get("url"), hides), "targets")
    if act == "remove":
        return await _done(request, form, lambda: port.remove_target(asker, name), "targets")
    if act == "test":
        return await _done(request, form, lambda: port.try_target(asker, name), "results")
    raise web.HTTPNotFound


def _at(request: web.Request) -> tuple[Port, shown.Person]:
    return frame.desk(request).port, frame.who(request)


def _steps(form: frame.Form) -> list[tuple[int, str, tuple[str, ...]]]:
    """Read the rows of the form; one without its seconds was left empty or taken out."""
    steps = []
    for number in range(limits.LADDER_STEPS_MAX + _ROWS_MORE):
        seconds = form.get(f"after-{number}")
        if not seconds:
            continue
        if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 8):
            raise Refused("notify.step", f"row {number + 1}: expected seconds, got {seconds[:20]!r}")
        names = form.get(f"who-{number}").replace(",", " ").split()
        steps.append((int(seconds), form.get(f"how-{number}"), tuple(names)))
    return steps


async def _done(
    request: web.Request, form: frame.Form, wish: Callable[[], Awaitable[None]], place: str
) -> web.StreamResponse:
    try:
        await wish()
    except (Refused, Unavailable, PeerError) as error:
        kept = frame.Form([(name, value) for name, value in form.pairs if name != "url"])
        values = _values(request) | {"typed": frame.refusal(kept, error)}
        return frame.page(request, "escalation.html", values, frame.refused_status(error))
    raise web.HTTPSeeOther(f"/escalation#{place}")
