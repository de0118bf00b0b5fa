"""Every command and option in one place; help, completion and docs/cli.md are read from here.

Owns: words of the command line. Does not own: what a command does (its module, named in `run`).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

import parley
from parley.cli import commitment_commands, readout_commands, talk_commands, track_commands

PRECEDENCES: Final = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")
STATUSES: Final = ("actual", "exercise", "test")
EXAMPLES: Final = ("filoli-2023",)
ROLES: Final = ("principal", "duty-officer", "delegate", "interpreter", "recorder", "auditor", "administrator")


# What may be said about an incident in words alone (cli/incidenting.py, api/incident_routes.py).
_INCIDENT_ACTS = (
    *(
        "no-knowledge",
        "ask",
        "answer",
        "ask-meeting",
        "answer-meeting",
        "state",
        "take-back",
        "stand",
        "freeze",
        "sign",
    ),
    *("propose-closing", "close", "close-alone", "reopen", "join", "propose-join", "propose-offset", "agree-offset"),
)


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of `parley`."""
    parser = argparse.ArgumentParser(
        prog="parley",
        description="A direct line between two sides that do not trust each other.",
        epilog="Exit codes: 0 done or proven, 1 refused or not proven, 2 usage or unreadable, 3 unavailable.",
    )
    parser.add_argument("--version", action="version", version=f"parley {parley.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_founding, _running, _talking, _organising, _notifying, _keeping, _proving):
        add(commands)
    return parser


class _Commands:
    """The subparsers object of argparse has no public name to annotate; this says what is used of it."""

    add_parser: Callable[..., argparse.ArgumentParser]


def _command(commands: object, name: str, run: str, words: str, *, json: bool = True) -> argparse.ArgumentParser:
    adder: _Commands = commands  # type: ignore[assignment]
    made = adder.add_parser(name, help=words, description=words)
    made.set_defaults(run=f"parley.cli.{run}")
    if json:
        made.add_argument("--json", action="store_true", help="answer as one JSON value")
    return made


def _data(command: argparse.ArgumentParser, *, person: bool = False) -> None:
    command.add_argument("--data", type=Path, metavar="DIR", help="data folder of the node (or PARLEY_DATA)")
    if person:
        command.add_argument("--as", dest="person", metavar="PERSON", help="speak as this person (or PARLEY_PERSON)")


def _passphrase(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--passphrase-file", type=Path, metavar="FILE", help=f"first line is the passphrase of {what}")


def _founding(commands: object) -> None:
    init = _command(commands, "init", "founding:init", "Make a side: its keys, its settings, its data folder.")
    init.add_argument("dir", type=Path, metavar="DIR")
    init.add_argument("--side", required=True, help='short id on the line: "north"')
    init.add_argument("--name", required=True, help='the name people read: "North"')
    init.add_argument("--domain", help="a DNS name the side controls; stands in the origin of its logs")
    init.add_argument("--language", action="append", metavar="TAG", help="language of the side; may be repeated")
    init.add_argument("--status", choices=STATUSES, default="actual", help="what entries here are marked with")
    init.add_argument("--illustration", action="store_true", help="every page says: an example after public sources")
    init.add_argument("--listen", action="append", metavar="HOST:PORT", help="for the other node; may be repeated")
    init.add_argument("--route", action="append", metavar="NAME=HOST:PORT", help="to the other node; may be repeated")
    init.add_argument("--desk", default="127.0.0.1:7880", metavar="HOST:PORT", help="for our own browsers")
    init.add_argument("--origin", default="", metavar="URL", help="the desk's address as browsers know it")
    init.add_argument(
        "--host",
        default="",
        help="host name of the desk for browsers on other machines: makes a private authority and a certificate for it",
    )
    init.add_argument("--anchor", default="", metavar="DIR", help="second place of the signed heads, on another disk")
    init.add_argument("--administrator", default="admin", metavar="PERSON", help="first account (default: admin)")
    init.add_argument("--protect", action="store_true", help="keep the keys under a passphrase")
    _passphrase(init, "the keys")

    certificate = _command(
        commands, "certificate", "founding:certificate", "Renew the desk's certificate under its private authority."
    )
    certificate.add_argument("dir", type=Path, metavar="DIR")
    certificate.add_argument("--host", default="", help="make the private authority, for a side that has none yet")

    card = _command(commands, "card", "founding:card", "Show our card: file, QR and twelve words.")
    card.add_argument("dir", type=Path, metavar="DIR")
    card.add_argument("--out", type=Path, metavar="FILE", help="write the card to this file")
    card.add_argument("--svg", type=Path, metavar="FILE", help="write its QR as SVG")
    card.add_argument(
        "--line", type=Path, metavar="FILE", help="write every card of the line, for a side that lost all"
    )

    found = _command(commands, "found", "founding:found", "Pin the other side's card after comparing its words.")
    found.add_argument("dir", type=Path, metavar="DIR")
    found.add_argument("card", type=Path, metavar="CARD")
    found.add_argument("--words", metavar="WORDS", help="the twelve words as the other side read them aloud")
    found.add_argument("--yes-i-compared", action="store_true", help="only for sides whose status is exercise or test")

    keys = _command(
        commands,
        "keys",
        "rekeying:keys",
        "Show, replace or confirm keys; list a person's passkeys by the identity.",
    )
    keys.add_argument("act", choices=("show", "replace", "confirm", "vouch"))
    keys.add_argument("dir", type=Path, metavar="DIR", help="data folder of the node that runs")
    keys.add_argument("--identity", type=Path, metavar="DIR", help="folder with identity.key, if it is kept elsewhere")
    keys.add_argument("--person", default="", metavar="PERSON", help="vouch: whose passkeys the identity lists")
    keys.add_argument("--words", metavar="WORDS", help="the twelve words as the other side read them aloud")
    keys.add_argument("--yes-i-compared", action="store_true", help="only for sides whose status is exercise or test")
    _passphrase(keys, "the keys")

    lost = _command(commands, "lost", "refounding:lost", "Make a new identity after keys were lost or stolen.")
    lost.add_argument("dir", type=Path, metavar="DIR", help="data folder of the node, which is stopped")
    lost.add_argument("--out", type=Path, metavar="FILE", help="write the new card here (default: DIR/new.card)")
    lost.add_argument("--protect", action="store_true", help="keep the new keys under a passphrase")
    _passphrase(lost, "the keys")

    refound = _command(commands, "refound", "refounding:refound", "Go on with the same line under cards compared anew.")
    refound.add_argument("dir", type=Path, metavar="DIR", help="data folder of the node, which is stopped")
    refound.add_argument("card", type=Path, metavar="CARD", help="the card that now speaks for the other side")
    refound.add_argument("--words", metavar="WORDS", help="the twelve words as the other side read them aloud")
    refound.add_argument(
        "--yes-i-compared", action="store_true", help="only for sides whose status is exercise or test"
    )
    refound.add_argument("--line", type=Path, metavar="FILE", help="on a new machine: the cards of the line")


def _running(commands: object) -> None:
    run = _command(commands, "run", "running:run", "Run the node with its desk and its API.")
    run.add_argument("dir", type=Path, metavar="DIR")
    run.add_argument("--log", choices=("error", "warning", "info", "debug"), default="info", help="how much to log")
    _passphrase(run, "the keys")
    status = _command(commands, "status", "talking:status", "Say how the line is.")
    _data(status, person=True)
    doctor = _command(commands, "doctor", "doctor:doctor", "Say what is wrong with this node, in words.")
    doctor.add_argument("dir", type=Path, metavar="DIR")
    demo = _command(commands, "demo", "demo:demo", "Start two sides on this machine and let them talk.")
    demo.add_argument("--script", action="store_true", help="play it without a browser, verify all, then stop")
    demo.add_argument("--call", action="store_true", help="with --script: two browsers call each other, and are timed")
    demo.add_argument("--out", type=Path, metavar="DIR", help="leave both data folders and the evidence here")
    demo.add_argument("--example", choices=EXAMPLES, help="load an example after public facts in place of the play")
    demo.add_argument("--no-browser", action="store_true", help="print the addresses, open nothing")


def _talking(commands: object) -> None:
    say = _command(commands, "say", "talking:say", "Send a message, or draft one that needs a second person.")
    say.add_argument("channel", metavar="CHANNEL")
    say.add_argument("text", metavar="TEXT", help='"-" reads standard input')
    say.add_argument("--precedence", choices=PRECEDENCES, default="ROUTINE")
    say.add_argument("--language", default="", metavar="TAG", help="default: the side's first language")
    say.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    say.add_argument("--title", default="")
    say.add_argument("--order", action="store_true", help="ask for a read-back")
    say.add_argument("--answers", default="", metavar="SUBJECT")
    say.add_argument("--attach", action="append", type=Path, default=[], metavar="FILE")
    say.add_argument("--draft", action="store_true", help="only keep it as a draft, for review and release")
    say.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait until it is on their disk")
    _data(say, person=True)
    read = _command(commands, "read", "talking:read", "Read a channel, or what waits for us.")
    read.add_argument("channel", nargs="?", metavar="CHANNEL", help="default: every message that waits for us")
    read.add_argument("--count", type=int, default=20)
    read.add_argument("--follow", action="store_true", help="go on as messages come")
    _data(read, person=True)
    ack = _command(commands, "ack", "talking:ack", "Acknowledge a message by name.")
    ack.add_argument("channel", metavar="CHANNEL")
    ack.add_argument("subject", metavar="SUBJECT", help="message/south/0/4, as `read` shows it")
    ack.add_argument("--note", default="")
    _data(ack, person=True)
    drafts = _command(commands, "drafts", "talking:drafts", "List drafts; submit, review, release or discard one.")
    drafts.add_argument(
        "act", nargs="?", choices=("list", "submit", "approve", "return", "release", "discard"), default="list"
    )
    drafts.add_argument("draft", nargs="?", metavar="DRAFT")
    drafts.add_argument("--note", default="")
    _data(drafts, person=True)
    _stopping(commands)
    _incidenting(commands)
    _conferring(commands)
    _negotiating(commands)
    _placing(commands)
    _noticing(commands)
    test = _command(commands, "test-line", "talking:test_line", "Test the line now and wait for the answer.")
    test.add_argument("--wait", type=float, default=10, metavar="SECONDS")
    _data(test, person=True)


def _conferring(commands: object) -> None:
    body = _command(commands, "body", "conferring:body", "List standing bodies, propose one, or say the next of one.")
    talk_commands.add_body_options(body)
    _data(body, person=True)
    meeting = _command(commands, "meeting", "meeting:meeting", "List meetings, ask for one, or say the next of one.")
    talk_commands.add_meeting_options(meeting)
    _data(meeting, person=True)


def _negotiating(commands: object) -> None:
    text = _command(commands, "text", "negotiating:text", "List or show negotiated texts, open one, put a file in.")
    text.add_argument("act", choices=("list", "show", "open", "import"))
    text.add_argument("subject", nargs="?", metavar="SUBJECT", help="text/south/0/4, as `list` shows it")
    text.add_argument("--channel", required=True)
    text.add_argument("--title", default="", help="of a text to open")
    text.add_argument("--file", type=Path, metavar="FILE", help=".txt or .docx, one part a paragraph")
    text.add_argument("--language", default="", metavar="TAG", help="the file's language, one our side answers for")
    _data(text, person=True)


def _stopping(commands: object) -> None:
    recording = _command(commands, "recording", "recording:recording", "List a call's recordings; delete our copy.")
    recording.add_argument("act", choices=("list", "delete"))
    recording.add_argument("subject", metavar="CALL", help="call/north/0/41, as the record names it")
    recording.add_argument("--channel", required=True, metavar="CHANNEL")
    recording.add_argument("--number", type=int, default=0, metavar="N", help="which of the call's recordings, from 1")
    recording.add_argument("--yes", action="store_true", help="delete: it cannot be had back")
    _data(recording, person=True)
    stop = _command(commands, "stop", "stopping:stop", "Raise an emergency stop, or say the next thing about one.")
    stop.add_argument(
        "act",
        choices=(
            *("raise", "list", "drills", "show", "take", "read-back", "confirm", "correct", "reach", "effect"),
            *("not-possible", "withdraw", "clear"),
        ),
    )
    stop.add_argument("subject", nargs="?", metavar="SUBJECT", help="stop/south/0/4, as `list` shows it")
    stop.add_argument("--what", default="", help="what must stop")
    stop.add_argument("--where", default="", help="where")
    stop.add_argument("--since", default="", metavar="MOMENT", help="since when, as 2026-11-23T10:00:00.000Z")
    stop.add_argument("--text", default="", help="the read-back, the reason, a note, or who decides")
    stop.add_argument("--channel", default="line", help="where it stands (default: line, every desk on watch)")
    stop.add_argument("--status", choices=STATUSES, default="", help="exercise for a drill; default: the node's own")
    _data(stop, person=True)


def _incidenting(commands: object) -> None:
    found = _command(
        commands, "incidents", "incidenting:incidents", "List incidents, report one, or say the next of one."
    )
    acts = ("list", "unseen", "show", "report", "check", "seen", "account", "evidence", "year", *_INCIDENT_ACTS)
    found.add_argument("act", choices=acts)
    found.add_argument("subject", nargs="?", metavar="SUBJECT", help="incident/south/0/4, as `list` shows it; a year")
    found.add_argument("--channel", default="line", help="where it stands (default: line)")
    found.add_argument("--which", choices=("open", "waits", "overdue", "all"), default="open", help="for list")
    found.add_argument("--what", default="", help="what happened")
    found.add_argument("--place", default="", help="54.6251 12.5172 or 54°37.5'N 012°31.0'E")
    found.add_argument("--time", default="", metavar="MOMENT", help="when, in UTC: 2026-11-23 09:14 (default: now)")
    found.add_argument("--commitment", default="", help="that it cites: CHANNEL commitment/SIDE/EPOCH/NUMBER")
    found.add_argument("--closest", default="", metavar="METRES", help="closest approach")
    found.add_argument("--file", type=Path, help="a report as JSON; see docs/api.md")
    found.add_argument("--attach", type=Path, action="append", metavar="FILE", help="evidence; may stand several times")
    found.add_argument("--source", default="", help="where the evidence comes from")
    found.add_argument("--taken", default="", metavar="MOMENT", help="when the evidence was taken, in UTC")
    found.add_argument(
        "--error", action="append", metavar="NAME=NUMBER",
        help="how exact a file of tracks is: position_m, vertical_m or clock_s; may stand several times",
    )  # fmt: skip
    found.add_argument("--keep-hidden", action="store_true", help="let place, device and time in a JPEG cross too")
    found.add_argument("--stage", choices=("first", "full"), default="full", help="for account")
    found.add_argument("--text", default="", help="the question, answer, sentence, reasons or note")
    found.add_argument("--entry", default="", help="what is answered, as `show` gives it: leaders/north/0|12")
    found.add_argument("--stand", choices=("agreed", "disputed", "law-disputed"), default="", help="for stand")
    found.add_argument("--other", default="", metavar="SUBJECT", help="the other report, for propose-join")
    found.add_argument(
        "--ours", default="", metavar="ROOT", help="of propose-offset: our file, as `show --json` gives it"
    )
    found.add_argument("--theirs", default="", metavar="ROOT", help="of propose-offset: their file")
    found.add_argument("--seconds", default="", help="of propose-offset: by which theirs is ahead of ours")
    found.add_argument("--accepted", action="store_true", help="for answer-meeting")
    found.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    _data(found, person=True)


def _placing(commands: object) -> None:
    found = _command(commands, "places", "placing:places", "Load names of places for our own charts, or list them.")
    found.add_argument("file", nargs="?", type=Path, metavar="FILE", help="GeoJSON: Points with a property name each")
    found.add_argument("--clear", action="store_true", help="take all names away")
    _data(found, person=True)


def _noticing(commands: object) -> None:
    notices = _command(commands, "notices", "noticing:notices", "List notices, give one, or say the next thing of one.")
    notices.add_argument(
        "act",
        choices=(
            *("list", "in-force", "show", "give", "check", "amend", "extend", "cancel", "end", "acknowledge"),
            *("calendar", "geojson", "cap"),
        ),
    )
    notices.add_argument("subject", nargs="?", metavar="SUBJECT", help="notice/south/0/4, as `list` shows it")
    notices.add_argument("--channel", default="military")
    notices.add_argument("--what", default="exercise", help="kind: exercise, live-firing, launch, closure, …")
    notices.add_argument("--title", default="")
    notices.add_argument("--since", default="", metavar="MOMENT", help="2026-11-23T10:00Z; for in-force, the moment")
    notices.add_argument("--until", default="", metavar="MOMENT")
    notices.add_argument("--area", default="", help="WITHIN 5 NM OF 54-30.0N 010-15.5E, a list of positions, GeoJSON")
    for name, words in (
        ("low", "300 m, 5000 ft, FL200, -50 m, SFC"), ("high", "likewise"), ("forces", "which, in words"),
        ("contact", "whom to ask"), ("book", "document/version/article, as `rulebook articles` shows it"),
        ("basis", "the legal basis in words"), ("text", "remarks"), ("reason", "why, or a note"),
        ("commitment", "that it cites: CHANNEL commitment/SIDE/EPOCH/NUMBER"),
    ):  # fmt: skip
        notices.add_argument(f"--{name}", default="", help=words)
    notices.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    notices.add_argument("--out", type=Path, metavar="FILE", help="for calendar, geojson and cap")
    _data(notices, person=True)
    book = _command(
        commands, "rulebook", "noticing:rulebook", "List documents and signals; propose, adopt or send one."
    )
    book.add_argument(
        "act",
        choices=(
            *("list", "show", "articles", "signals", "example", "propose", "adopt", "decline", "withdraw", "end"),
            "send",
        ),
    )
    book.add_argument("subject", nargs="?", metavar="SUBJECT", help="rulebook/south/0/4; a file, an example, a code")
    book.add_argument("--reason", default="")
    book.add_argument("--channel", default="military", help="for send")
    book.add_argument("--status", choices=STATUSES, default="", help="default: the node's own")
    _data(book, person=True)


def _organising(commands: object) -> None:
    channels = _command(commands, "channels", "organising:channels", "List channels, or change one.")
    channels.add_argument(
        "act",
        nargs="?",
        choices=("list", "propose", "agree", "decline", "withdraw", "suspend", "restore", "members"),
        default="list",
    )
    channels.add_argument("channel", nargs="?", metavar="CHANNEL")
    channels.add_argument("--title", default="")
    channels.add_argument("--purpose", default="")
    channels.add_argument("--reason", default="")
    channels.add_argument("--person", action="append", default=[], metavar="PERSON", help="for members")
    _data(channels, person=True)
    _watch(commands)
    readout = _command(commands, "readout", "readouts:readout", "Draft, seal and compare the readouts of a meeting.")
    readout_commands.add_options(readout)
    _data(readout, person=True)
    commitment = _command(
        commands, "commitment", "committing:commitment", "Promises: the register, new ones, our view."
    )
    commitment_commands.add_options(commitment)
    _data(commitment, person=True)
    search = _command(commands, "search", "readouts:search", "Search the whole record, in any language.")
    readout_commands.add_search_options(search)
    _data(search, person=True)
    people = _command(commands, "people", "organising:people", "List people; add, invite, or close an account.")
    people.add_argument(
        "act",
        nargs="?",
        choices=(
            "list",
            "add",
            "link",
            "token",
            "publish",
            "withdraw",
            "disable",
            "legal-name",
            "disclose",
            "forget-name",
        ),
        default="list",
    )
    people.add_argument("id", nargs="?", metavar="PERSON")
    people.add_argument("--name", default="", help="for add; for legal-name: the name by law")
    people.add_argument("--out", type=Path, metavar="FILE", help="with disclose: where the disclosure goes")
    people.add_argument("--channel", default="", metavar="CHANNEL", help="with list: both sides' people of a channel")
    people.add_argument("--role", action="append", choices=ROLES, help="default: duty-officer; may be repeated")
    people.add_argument("--office", default="")
    people.add_argument("--address", default="", help="form of address")
    people.add_argument("--language", action="append", default=[], metavar="TAG")
    people.add_argument("--private", action="store_true", help="do not list in the roster both sides hold")
    people.add_argument("--minutes", type=int, default=30, help="how long a link for a passkey stays good")
    people.add_argument("--lost", action="store_true", help="with link: remove all their passkeys first, end sessions")
    people.add_argument("--scope", action="append", default=[], help="what a token may do; may be repeated")
    people.add_argument("--days", type=int, default=90, help="how long a token stays good")
    _data(people, person=True)


def _watch(commands: object) -> None:
    watch = _command(
        commands, "watch", "watching:watch", "Who has the watch; take it, hand it over, plan shifts, call the roll."
    )
    watch.add_argument(
        "act",
        nargs="?",
        choices=("show", "take", "stay", "leave", "note", "read", "plan", "unplan", "roll", "answer", "every"),
        default="show",
    )
    watch.add_argument("channel", nargs="?", metavar="CHANNEL", help="default: every channel you belong to")
    watch.add_argument("--until", default="", metavar="MOMENT", help="for take and stay: 2026-11-23T14:00Z")
    watch.add_argument("--read", action="store_true", help="for take: in your name, every waiting note was read")
    watch.add_argument("--text", default="", help="for note: what the person coming on must know")
    watch.add_argument("--note", default="", metavar="ID", help="for read: the note that was read")
    watch.add_argument("--from", dest="since", default="", metavar="MOMENT", help="for plan: when the first begins")
    watch.add_argument("--person", action="append", default=[], metavar="PERSON", help="for plan: in turn; repeat it")
    watch.add_argument("--hours", type=int, default=8, help="for plan: of each shift")
    watch.add_argument("--times", type=int, default=1, help="for plan: rounds of all persons")
    watch.add_argument("--shift", default="", metavar="ID", help="for unplan")
    watch.add_argument("--wait", type=int, default=120, metavar="SECONDS", help="for roll: how long they have")
    watch.add_argument("--minutes", type=int, default=0, help="for every: between our roll-calls; 0 for never")
    _data(watch, person=True)


def _notifying(commands: object) -> None:
    words = "Say who is told of what waits, after how long; list, change and test it."
    notify = _command(commands, "notify", "notifying:notify", words)
    notify.add_argument(
        "act", nargs="?", choices=("list", "add", "remove", "test", "steps", "reset"), default="list"
    )  # fmt: skip
    notify.add_argument("name", nargs="?", metavar="NAME", help="a target, or a kind: call, message, draft, …")
    notify.add_argument("--address", metavar="FILE", help="file with a target's address; '-' reads standard input")
    notify.add_argument("--hide-channel", action="store_true", help="its notifications do not even name the channel")
    notify.add_argument("--channel", default="", help="only in this channel (default: all without own steps)")
    notify.add_argument(
        "--step", action="append", default=[], metavar='"SECONDS HOW [NAME …]"',
        help="one step; HOW is watch, desks, persons or notify; may be repeated",
    )  # fmt: skip
    notify.add_argument("--steps", action="store_true", help="test every target that the steps of a kind name")
    notify.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for how the test went")
    _data(notify, person=True)


def _keeping(commands: object) -> None:
    backup = _command(commands, "backup", "keeping:backup", "Write everything of this node to one sealed file.")
    backup.add_argument("dir", type=Path, metavar="DIR")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--keys-only", action="store_true", help="only the keys, settings and cards")
    _passphrase(backup, "the backup")
    restore = _command(commands, "restore", "keeping:restore", "Set up a data folder from a backup.")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("dir", type=Path, metavar="DIR")
    _passphrase(restore, "the backup")
    carry = _command(commands, "carry", "keeping:carry", "Carry the record by hand when no link is up.")
    carry.add_argument("act", choices=("out", "in"))
    carry.add_argument("file", type=Path, metavar="FILE")
    carry.add_argument("--whole", action="store_true", help="of out: everything, for a side that has lost its disk")
    _data(carry, person=True)
    bundle = _command(commands, "bundle", "bundle:bundle", "Make a folder that installs a node without a network.")
    bundle.add_argument("out", type=Path, metavar="DIR")
    bundle.add_argument("--wheel", type=Path, help="wheel of parley-line (default: build it from this checkout)")


def _proving(commands: object) -> None:
    export = _command(
        commands, "export", "keeping:export", "Write evidence of a message or an incident, or the whole record."
    )
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--channel", metavar="CHANNEL")
    export.add_argument("--subject", metavar="SUBJECT", help="without it: the whole record")
    export.add_argument("--fork", metavar="ID", help="the proof that a log was signed twice; IDs: parley forks")
    _data(export, person=True)
    forks = _command(commands, "forks", "keeping:forks", "List logs of which the other side signed two histories.")
    _data(forks, person=True)
    epochs = _command(
        commands,
        "epochs",
        "keeping:epochs",
        "List logs frozen by a fork, and go on with them.",
    )
    epochs.add_argument("act", nargs="?", default="list", choices=("list", "end", "renew"))
    epochs.add_argument("log", nargs="?", metavar="LOG", help="leaders/south/0, as `list` shows it")
    _data(epochs, person=True)
    check = _command(commands, "check", "checking:check", "Verify an exported file without any node.")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument(
        "--name", action="append", default=[], type=Path, metavar="FILE", help="a disclosed legal name; repeat it"
    )
    check.add_argument("--recording", type=Path, metavar="FILE", help="a recording to be judged by the record in FILE")
    check.add_argument("--text", action="store_true", help="of a signed text's PDF: print what was signed")
    check.add_argument("--line", metavar="ID", help="the line it must belong to (32 hex digits)")
    track_commands.add_options(_command(commands, "tracks", "track_commands:tracks", track_commands.WORDS))
    simulate = _command(commands, "simulate", "proving:simulate", "Run whole worlds from seeds and check promises.")
    simulate.add_argument("--seeds", type=int, metavar="N", help="run seeds 1 to N")
    simulate.add_argument("--seed", type=int, metavar="K", help="run one seed")
    simulate.add_argument("--explain", action="store_true", help="say what happened, step by step")
    bench = _command(commands, "bench", "proving:bench", "Measure, each figure beside its floor.")
    bench.add_argument("group", nargs="?", default="line")
    completion = _command(commands, "completion", "completion:completion", "Print completion for a shell.", json=False)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
