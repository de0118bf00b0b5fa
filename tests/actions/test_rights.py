"""Every action asks for its right, and asks before it does anything."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from tests.actions.pair import pair, talking, until

import parley.actions
from parley.actions import channels, events, line, people, record
from parley.actions.people import PersonForm
from parley.actions.who import Who, need
from parley.errors import Refused
from parley.node.events import Event

ASKS = {"need", "need_in", "_found", "may_read", "list_people", "_draft_row", "_need", "_need_own", "_view", "_about"}
ROOMS = ("binding", "channels", "drafting", "files", "line", "messages", "notify", "people", "record", "stops")
ROOMS += (
    "incidents",
    "bodies",
    "calendars",
    "meetings",
    "meeting_prep",
    "meeting_day",
    "meeting_minutes",
    "meeting_showing",
)
ASKS |= {
    "view_at",
    "meeting_view",
    "say_on_the_day",
    "_recorder",
}  # each asks for the right it is given, or for a recorder's
# Proof of who somebody is comes before there is anybody to have a right; signing out needs none.
OPEN = {"sign_in", "sign_out", "who_by_session", "who_by_token", "open_terminal", "roster", "answer"}
# A fact that is signed was made by an action that asked; here it is asked for a passkey, and the action asks again.
OPEN |= {"begin", "complete", "must_sign"}
OPEN |= {"say"}  # about an incident: it takes a view, which `view_at` gives to who has the right


def test_every_action_asks_for_a_right() -> None:
    """A page or route that forgets a check must not matter: the check is inside. Read from the source itself."""
    for room in ROOMS:
        source = Path(parley.actions.__file__).with_name(f"{room}.py").read_text("utf-8")
        for made in ast.parse(source).body:
            if not isinstance(made, (ast.FunctionDef, ast.AsyncFunctionDef)) or made.name.startswith("_"):
                continue
            takes_who = any(argument.arg == "who" for argument in made.args.args)
            called = {
                each.func.id
                for each in ast.walk(made)
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
            }
            helper = not takes_who and made.name not in OPEN
            assert helper or made.name in OPEN or called & ASKS or "rights" in ast.dump(made), f"{room}.{made.name}"


# Takes a person and comes to no check of a right, each for its reason.
UNASKED = {
    ("agreeing", "keep_line"),  # takes a view, which realtime.write gives to who may write in that call
    ("binding", "begin"), ("binding", "complete"),  # of an act that was asked for; done, it asks again
    ("calls", "need_room"), ("sending", "speaker"), ("sending", "write"),  # parts of actions
    ("incidents", "say"),  # takes a view, which `view_at` gives to who has the right
    ("passkeys", "again_challenge"),  # of their own keys
    ("people", "sign_out"),  # ends their own session
    ("watch_showing", "note_row"),  # a row of what was found by who may read it
}  # fmt: skip
CHECKS = {("who", "need"), ("who", "need_in"), ("who", "may_read")}


def test_no_action_of_any_room_takes_a_person_and_asks_nothing() -> None:
    """The list above names rooms, and a new one could be forgotten: this reads them all, through what calls what."""
    made: dict[tuple[str, str], ast.AST] = {}
    named: dict[str, dict[str, tuple[str, str]]] = {}
    for file in Path(parley.actions.__file__).parent.glob("*.py"):
        read = ast.parse(file.read_text("utf-8"))
        made |= {
            (file.stem, each.name): each
            for each in read.body
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        named[file.stem] = {
            name.asname or name.name: (each.module.removeprefix("parley.actions").strip("."), name.name)
            for each in ast.walk(read)
            if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("parley.actions")
            for name in each.names
        }

    def calls_of(room: str, function: ast.AST) -> set[tuple[str, str]]:
        found = set()
        for each in ast.walk(function):
            if isinstance(each, ast.Attribute) and each.attr == "rights":
                found.add(("who", "need"))
            elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                found.add(named[room].get(each.func.id, (room, each.func.id)))
            elif (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Attribute)
                and isinstance(each.func.value, ast.Name)
            ):
                found.add((named[room].get(each.func.value.id, ("", ""))[1], each.func.attr))
        return found

    calls = {which: calls_of(which[0], function) for which, function in made.items()}
    asks = set(CHECKS)
    while more := {which for which, called in calls.items() if called & asks} - asks:
        asks |= more
    public = {
        which for which, function in made.items() if not which[1].startswith("_")
        for each in function.args.args  # type: ignore[attr-defined]
        if each.arg == "who" and each.annotation is not None and "Who" in ast.unparse(each.annotation)
    }  # fmt: skip
    assert len(public) > 200
    assert public - asks == UNASKED


def test_a_scope_takes_rights_away_and_never_gives_any() -> None:
    """A token for reading must not send, and a scope the person lacks gives nothing."""
    reader = Who(person="edda", roles=("duty-officer",), via="token", scopes=("read", "people"))
    need(reader, "read")
    with pytest.raises(Refused, match=r"people\.scope"):
        need(reader, "release")
    with pytest.raises(Refused, match=r"people\.right"):
        need(reader, "people")


@pytest.mark.parametrize("role", ["interpreter", "recorder", "auditor", "administrator"])
def test_only_who_speaks_for_the_side_can_propose_a_channel(role: str) -> None:
    """Whoever keeps machines, books or translations does not bind the side."""

    async def story() -> None:
        async with pair() as (north, _):
            who = Who(person="x", roles=(role,), via="session")
            with pytest.raises(Refused, match=r"people\.right"):
                await channels.propose_channel(north.node, who, channel="leaders", title="Leaders")
            assert channels.list_channels(north.node, north["admin"]) == []

    asyncio.run(story())


def test_a_link_signs_in_once_even_if_used_twice_at_once() -> None:
    """A link that was seen on its way must be of no use to the second one who has it."""

    async def story() -> None:
        async with pair(status="exercise") as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            link = await people.enrol(north.node, north["admin"], "edda")
            ends = await asyncio.gather(
                *(people.sign_in(north.node, link.token) for _ in range(3)), return_exceptions=True
            )
            sessions = [end for end in ends if not isinstance(end, BaseException)]
            assert len(sessions) == 1
            who = people.who_by_session(north.node, sessions[0].token)
            assert (who.person, who.roles) == ("edda", ("duty-officer",))
            await people.sign_out(north.node, who)
            with pytest.raises(Refused, match=r"people\.session"):
                people.who_by_session(north.node, sessions[0].token)

    asyncio.run(story())


def test_a_closed_account_ends_every_session_and_token() -> None:
    """Somebody who leaves at noon must not read at one minute past."""

    async def story() -> None:
        async with pair(status="exercise") as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            token = await people.issue_token(north.node, north["admin"], "edda", scopes=("read",))
            link = await people.enrol(north.node, north["admin"], "edda")
            session = await people.sign_in(north.node, link.token)
            assert people.who_by_token(north.node, token.token).scopes == ("read",)
            await people.disable(north.node, north["admin"], "edda")
            with pytest.raises(Refused, match=r"people\.session"):
                people.who_by_session(north.node, session.token)
            with pytest.raises(Refused, match=r"people\.token"):
                people.who_by_token(north.node, token.token)
            with pytest.raises(Refused, match=r"people\.self"):
                await people.disable(north.node, north["admin"], "admin")

    asyncio.run(story())


def test_no_secret_lies_in_the_store() -> None:
    """A stolen backup must not sign anybody in."""

    async def story() -> None:
        async with pair() as (north, _):
            await north.add("edda", "Edda", "duty-officer")
            token = await people.issue_token(north.node, north["admin"], "edda", scopes=("all",))
            terminal = await people.open_terminal(north.node)
            kept = b"".join(
                value for space in ("private.keys", "private.terminal") for _, value in north.node.store.values(space)
            )
            assert token.token.encode() not in kept
            assert terminal is not None
            assert terminal.encode() not in kept

    asyncio.run(story())


def test_the_roster_names_our_people_at_the_other_side_and_accounts_stay_here() -> None:
    """The other side reads names, offices and roles; who has an account, and in what state, is none of its business."""

    async def story() -> None:
        async with pair() as (north, south):
            await people.add_person(
                north.node,
                north["admin"],
                PersonForm(person="edda", name="Edda", role="duty-officer", roles=("auditor",), office="Line Room"),
            )
            await north.add("quiet", "Quiet", "recorder", listed=False)
            await until(lambda: south.node.book.line_view().person("north", "edda"))
            rows = {row.id: row for row in people.list_people(south.node, south["admin"]) if row.side == "north"}
            assert set(rows) == {"edda"}
            assert (rows["edda"].office, rows["edda"].roles, rows["edda"].account) == (
                "Line Room", ("duty-officer", "auditor"), "",
            )  # fmt: skip

    asyncio.run(story())


def test_a_channel_is_opened_suspended_and_restored_by_both_and_declined_with_a_reason() -> None:
    """DESIGN 5: proposed by one, agreed by the other; either may suspend; restored by agreement."""

    async def story() -> None:
        async with talking() as (north, south):
            edda, samira = north["edda"], south["samira"]
            with pytest.raises(Refused, match=r"channels\.nothing-to-agree"):
                await channels.agree_channel(north.node, edda, channel="leaders")
            await channels.propose_channel(north.node, edda, channel="fish", title="Fisheries")
            await until(lambda: south.node.book.channel("fish"))
            shown = channels.channel(south.node, samira, "fish").proposal
            await channels.withdraw_channel(north.node, edda, channel="fish", reason="Another title.")
            await channels.propose_channel(north.node, edda, channel="fish", title="Fleets")
            await until(lambda: channels.channel(south.node, samira, "fish").title == "Fleets")
            with pytest.raises(Refused, match=r"channels\.changed"):  # proposed otherwise while a finger was on its way
                await channels.agree_channel(south.node, samira, channel="fish", seen=shown)
            fresh = channels.channel(south.node, samira, "fish").proposal
            await channels.agree_channel(south.node, samira, channel="fish", seen=fresh)

            await channels.suspend_channel(south.node, samira, channel="leaders", reason="Not now.")
            await until(lambda: channels.channel(north.node, edda, "leaders").state == "suspended")
            assert channels.channel(north.node, edda, "leaders").reason == "Not now."
            assert not channels.channel(north.node, edda, "leaders").may_write
            await channels.restore_channel(north.node, edda, channel="leaders")
            await until(lambda: channels.channel(south.node, samira, "leaders").may_answer)
            await channels.restore_channel(south.node, samira, channel="leaders")
            await until(lambda: channels.channel(north.node, edda, "leaders").state == "agreed")

            await channels.propose_channel(south.node, samira, channel="talks", title="Talks")
            await until(lambda: north.node.book.channel("talks"))
            await channels.decline_channel(north.node, edda, channel="talks", reason="Later.")
            await until(lambda: channels.channel(south.node, samira, "talks").state == "declined")
            with pytest.raises(Refused, match=r"channels\.id"):
                await channels.propose_channel(south.node, samira, channel="Bad Name", title="x")
            with pytest.raises(Refused, match=r"channels\.unknown"):
                channels.channel(south.node, samira, "nowhere")

    asyncio.run(story())


def test_an_event_of_a_channel_reaches_only_who_may_read_it() -> None:
    """A stream that stays open for hours is asked again at each event."""

    async def story() -> None:
        async with talking() as (north, _):
            event = Event(kind="entry", channel="leaders", subject="message/north/0/0")
            hidden = Event(kind="draft", fields={"channel": "leaders", "precedence": "FLASH"})
            assert events.for_person(north.node, north["edda"], event) is not None
            for each in (event, hidden):
                assert events.for_person(north.node, north["admin"], each) is None
            assert events.for_person(north.node, north["admin"], Event(kind="link")) is not None

    asyncio.run(story())


def test_the_state_of_the_line_and_the_record_are_shown_with_their_proofs() -> None:
    """Any entry can be followed from the page to the signature that holds it."""

    async def story() -> None:
        async with talking() as (north, south):
            edda = north["edda"]
            shown = line.line_status(north.node, edda)
            assert shown.up
            assert shown.links[0].post_quantum
            assert (shown.ours.id, shown.theirs.id, len(shown.words)) == ("north", "south", 12)
            await until(lambda: all(each.cosigned == each.size for each in record.logs(north.node, edda)))
            logs = {each.log: each for each in record.logs(north.node, edda)}
            log = logs["line/north/0"]
            lines = record.entries(north.node, edda, log.log, count=1_000)
            assert len(lines) == log.size
            assert {each.verdict for each in lines} == {"valid"}
            detail = record.entry(north.node, edda, log.log, 0)
            assert detail.root
            assert {each.kind for each in detail.signatures} >= {"own-ed", "co-ed"}
            for wrong in ("nonsense", "leaders/west/0"):
                with pytest.raises(Refused, match=r"record\.unknown"):
                    record.entries(north.node, edda, wrong)

            await line.set_fallback(north.node, edda, text="Call 0100.")
            await until(lambda: line.line_status(south.node, south["samira"]).fallback == "Call 0100.")
            tried = line.line_status(south.node, south["samira"]).fallback_id
            await line.set_fallback(north.node, edda, text="Call 0200.")
            await until(lambda: line.line_status(south.node, south["samira"]).fallback == "Call 0200.")
            with pytest.raises(Refused, match=r"line\.fallback\.changed"):  # stated anew while a finger was on its way
                await line.confirm_fallback(south.node, south["samira"], seen=tried)
            fresh = line.line_status(south.node, south["samira"]).fallback_id
            await line.confirm_fallback(south.node, south["samira"], seen=fresh)
            await until(lambda: north.node.book.line_view().fallbacks["north"].confirmed_at)

    asyncio.run(story())
