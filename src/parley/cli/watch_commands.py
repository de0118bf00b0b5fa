"""The commands about the watch, and about who is told of what waits."""

from __future__ import annotations

from parley.cli.command import command, data


def add_watch(commands: object) -> None:
    """Add `watch`."""
    watch = command(
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
    data(watch, person=True)


def add_notify(commands: object) -> None:
    """Add `notify`."""
    words = "Say who is told of what waits, after how long; list, change and test it."
    notify = command(commands, "notify", "notifying:notify", words)
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
    data(notify, person=True)
