"""The commands that found a line, and that go on with it under other keys."""

from __future__ import annotations

from pathlib import Path

from parley.cli.command import STATUSES, command, passphrase


def add_founding(commands: object) -> None:
    """Add `init`, `certificate`, `card` and `found`."""
    init = command(commands, "init", "founding:init", "Make a side: its keys, its settings, its data folder.")
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
    passphrase(init, "the keys")

    certificate = command(
        commands, "certificate", "founding:certificate", "Renew the desk's certificate under its private authority."
    )
    certificate.add_argument("dir", type=Path, metavar="DIR")
    certificate.add_argument("--host", default="", help="make the private authority, for a side that has none yet")

    card = command(commands, "card", "founding:card", "Show our card: file, QR and twelve words.")
    card.add_argument("dir", type=Path, metavar="DIR")
    card.add_argument("--out", type=Path, metavar="FILE", help="write the card to this file")
    card.add_argument("--svg", type=Path, metavar="FILE", help="write its QR as SVG")
    card.add_argument(
        "--line", type=Path, metavar="FILE", help="write every card of the line, for a side that lost all"
    )

    found = command(commands, "found", "founding:found", "Pin the other side's card after comparing its words.")
    found.add_argument("dir", type=Path, metavar="DIR")
    found.add_argument("card", type=Path, metavar="CARD")
    found.add_argument("--words", metavar="WORDS", help="the twelve words as the other side read them aloud")
    found.add_argument("--yes-i-compared", action="store_true", help="only for sides whose status is exercise or test")


def add_rekeying(commands: object) -> None:
    """Add `keys`, `lost` and `refound`."""
    keys = command(
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
    passphrase(keys, "the keys")

    lost = command(commands, "lost", "refounding:lost", "Make a new identity after keys were lost or stolen.")
    lost.add_argument("dir", type=Path, metavar="DIR", help="data folder of the node, which is stopped")
    lost.add_argument("--out", type=Path, metavar="FILE", help="write the new card here (default: DIR/new.card)")
    lost.add_argument("--protect", action="store_true", help="keep the new keys under a passphrase")
    passphrase(lost, "the keys")

    refound = command(commands, "refound", "refounding:refound", "Go on with the same line under cards compared anew.")
    refound.add_argument("dir", type=Path, metavar="DIR", help="data folder of the node, which is stopped")
    refound.add_argument("card", type=Path, metavar="CARD", help="the card that now speaks for the other side")
    refound.add_argument("--words", metavar="WORDS", help="the twelve words as the other side read them aloud")
    refound.add_argument(
        "--yes-i-compared", action="store_true", help="only for sides whose status is exercise or test"
    )
    refound.add_argument("--line", type=Path, metavar="FILE", help="on a new machine: the cards of the line")
