"""Incidents for tests: a full report, and two nodes with one of everything that can be said about an incident."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.subjects.pair import Node, meet, pair

from parley.codec import JsonValue
from parley.record.names import Ref
from parley.subjects import Fact
from parley.subjects.incidents import IncidentView, Report, Unit, saying
from parley.subjects.incidents.report import Closest, Signal, Told
from parley.subjects.places import position

VIDEO: Final[dict[str, JsonValue]] = {
    "root": "cd" * 32, "size": 70_000, "media": "video/mp4", "name": "bridge.mp4",
    "taken": "2026-09-21T08:59:50.000Z", "source": "Bridge camera, port side",
}  # fmt: skip
PHOTO: Final[dict[str, JsonValue]] = {"root": "ef" * 32, "size": 9_000, "media": "image/jpeg", "name": "deck.jpg"}


def plain(what: str = "An aircraft of theirs passed very near.") -> Report:
    """Give a report of what must be said, and nothing else."""
    return Report(
        time=Told(value="2026-09-21T09:00:00.000Z", nature="o"), place=position(54.5, 18.25), place_nature="o",
        what=what, language="en", told={},
    )  # fmt: skip


def full() -> Report:
    """Give a first report with every field as an officer would fill it in."""

    def told(nature: str = "o", **fields: str) -> dict[str, Told]:
        return {name: Told(value=value, nature=nature) for name, value in fields.items()}

    ours = told(kind="frigate", name="Resolute", no="F 231", mmsi="211234560", imo="9074729", crs="271.5", spd="14.2")
    theirs = told(kind="fighter, two seats", no="24 red", icao="3c4b26") | told("e", crs="95.0", spd="420.0", alt="60")
    return Report(
        time=Told(value="2026-11-23T09:14:30.000Z", nature="o"), place=position(54.512333, 18.254167),
        place_nature="o", language="en",
        what="A fighter of the other side came from ahead, passed our bow from starboard to port, turned "
        "and passed again along our port side with its wing towards the bridge. Our helicopter was on deck with its "
        "rotor turning and could not take off. We kept course and speed.",
        units=(Unit(side="north", told=ours), Unit(side="south", told=theirs)),
        told=told(
            wx="Visibility 10 NM, sea state 3, wind 240 12 kn", act="Replenishment under way, signals shown",
            dmg="None", inj="None",
        ),
        signals=(
            Signal(side="north", text="121.5 MHz: keep clear of my ship", answer="", nature="o"),
            Signal(side="north", text="Five short blasts", answer="Rocked its wings", nature="o"),
        ),
        closest=Closest(
            metres="45.0", vertical="20", at="2026-11-23T09:14:42.000Z", how="Navigation radar and video", nature="e"
        ),
        document="INCSEA", article="IV", asks="Say who flew it, and keep 500 m away while we replenish",
    )  # fmt: skip


def say(node: Node, fact: Fact, **changes: object) -> Ref:
    """Say it as the first person of the node's side, or the node."""
    by = "" if fact.kind == "incident.held" else {"north": "ann", "south": "lin"}[node.us]
    return node.say(fact, by, **{"precedence": precedence(fact), **changes})


def precedence(fact: Fact) -> str:
    return "FLASH" if fact.kind == "incident.reported" else ""


def incident(node: Node, subject: str, channel: str = "leaders") -> IncidentView:
    view = node.book.view(channel, subject)
    assert isinstance(view, IncidentView)
    return view


def reported(channel: str = "leaders", told: Report | None = None) -> tuple[Node, Node, str]:
    """North reports an incident, and South holds it."""
    north, south = pair()
    ref = say(north, saying.report(channel, told or plain(), attachments=[VIDEO]))
    meet(north, south)
    return north, south, f"incident/north/0/{ref.number}"


def words(node: Node, subject: str, number: str) -> tuple[Ref, dict[str, JsonValue]]:
    """Give a statement as a frozen list names it."""
    one = next(one for one in incident(node, subject).statements if one.number == number)
    return one.said.ref, {"number": number, "text": one.said.text, "language": one.said.language}


def agree(north: Node, south: Node, subject: str, text: str = "The pass was at 09:14.") -> str:
    """North states a sentence, South agrees; give its number."""
    ref = say(north, saying.state("leaders", subject, text, "en"))
    meet(north, south)
    say(south, saying.stand("leaders", subject, ref, "agreed"))
    meet(north, south)
    return f"north-{len([one for one in incident(north, subject).statements if one.said.side == 'north'])}"


def busy(*, closed: bool) -> tuple[Node, Node, str]:
    """Give an incident about which each side said one of everything that can be answered."""
    north, south, subject = reported()
    about = ("leaders", subject)
    agree(north, south, subject)
    agree(north, south, subject, "The aircraft carried no weapons.")
    for node in (north, south):
        say(node, saying.ask(*about, "Who flew it?", "en"))
        say(node, saying.ask_meeting(*about, "Let us meet at the yearly consultation."))
        say(node, saying.state(*about, "It was day.", "en"))
        say(node, saying.propose_join(*about, "line", "incident/south/0/9"))
        say(node, saying.propose_closing(*about, "Both crews were told."))
    say(south, saying.add_evidence(*about, [PHOTO]))
    meet(north, south)
    for node, own, other in ((north, VIDEO, PHOTO), (south, PHOTO, VIDEO)):
        say(node, saying.propose_offset(*about, str(own["root"]), str(other["root"]), 1_250))
    say(north, saying.freeze(*about, [words(north, subject, "north-1")]))
    if closed:
        say(south, saying.close_alone(*about, "Nothing is left to say."))
    meet(north, south)
    return north, south, subject


def one_of_each(node: Node, subject: str) -> dict[str, Callable[[], Fact]]:
    """Give one of each kind that this node might say about a busy incident, allowed or not."""
    about, view = ("leaders", subject), incident(node, subject)

    def theirs(refs: list[Ref]) -> Ref:
        return next(ref for ref in refs if ref.log.side != node.us)

    own = [one.said.ref for one in view.statements if one.said.side == node.us]
    frozen = view.lists[0]
    facts: list[JsonValue] = [{"number": f.number, "text": f.text, "language": f.language} for f in frozen.facts]
    queries = {meets: [one.asked.ref for one in view.queries if one.meeting is meets] for meets in (True, False)}
    stated = [one.said.ref for one in view.statements]
    files = ["cd" * 32, "ef" * 32]
    return {
        "account": lambda: saying.account(*about, plain("We flew past at a safe distance."), stage="full"),
        "no-knowledge": lambda: saying.no_knowledge(*about),
        "evidence": lambda: saying.add_evidence(*about, [{**PHOTO, "root": "aa" * 32}]),
        "join-proposed": lambda: saying.propose_join(*about, "line", "incident/south/0/3"),
        "offset-proposed": lambda: saying.propose_offset(*about, *files[:: 1 if node.us == "north" else -1], -40),
        "offset-agreed": lambda: saying.agree_offset(*about, theirs([one.proposed.ref for one in view.offsets])),
        "joined": lambda: saying.join(*about, theirs([one.proposed.ref for one in view.joins])),
        "asked": lambda: saying.ask(*about, "How high?", "en"),
        "answered": lambda: saying.answer(*about, theirs(queries[False]), "A crew of ours.", "en"),
        "meeting-asked": lambda: saying.ask_meeting(*about, "Soon."),
        "meeting-answered": lambda: saying.answer_meeting(*about, theirs(queries[True]), accepted=True, text="May."),
        "stated": lambda: saying.state(*about, "The sea was calm.", "en"),
        "unstated": lambda: saying.unstate(*about, own[0]),
        "stood": lambda: saying.stand(*about, theirs(stated), "disputed", "It was not."),
        "frozen": lambda: saying.freeze(*about, [words(node, subject, "north-2")]),
        "signed": lambda: saying.sign(*about, frozen.ref, facts),
        "close-proposed": lambda: saying.propose_closing(*about, "Done."),
        "closed": lambda: saying.close(*about, theirs([one.ref for one in view.proposals])),
        "closed-alone": lambda: saying.close_alone(*about, "We are done."),
        "reopened": lambda: saying.reopen(*about, "A video came to light."),
        "held": lambda: saying.hold_file(*about, "cd" * 32 if node.us == "south" else "ef" * 32),
    }
