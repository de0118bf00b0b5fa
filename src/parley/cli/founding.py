"""`init`, `card`, `found`: a side, its card, and the line that two cards make.

Owns: the steps at the terminal, and what they write into the data folder.
Does not own: what a card states (identity/), what the record says of the founding (node/).
Always true:
  1. Nothing is pinned before the twelve words were compared: typed in, or confirmed by a person at a terminal.
  2. A data folder holds one line; a second founding in it changes nothing and says why.
"""

from __future__ import annotations

import datetime
import getpass
import os
import secrets
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from parley.cli.client import write_secret
from parley.cli.output import print_done, print_json, safe
from parley.cli.reading import read_bytes, read_text
from parley.cli.writing import new_file
from parley.errors import PeerError, Refused
from parley.identity import (
    Card,
    SideKeys,
    card_code,
    card_picture,
    card_picture_for_terminal,
    check_introduction,
    line_id,
    line_words,
    read_card,
    words,
)
from parley.node.config import (
    Config,
    RouteSetting,
    address_text,
    read_address,
    read_config,
    read_host,
    write_config,
)
from parley.times import Moment, moment_text

CARD_BYTES_MAX: Final = 65_536
_PASSPHRASE_BYTES_MAX: Final = 4_096  # its first line counts; a file of keys given by mistake is longer
_QUESTION: Final = "Do these twelve words match what the other side reads aloud from its own card? Type YES: "


def init(chosen: Namespace) -> int:
    """Make a side in a data folder that is empty or not there yet."""
    folder: Path = chosen.dir
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("init.not-empty", f"{folder} is not an empty folder; nothing was written")
    config = _config(chosen)
    domain = chosen.domain or f"{config.side}.example"
    try:
        check_introduction(side=config.side, name=config.name, domain=domain, languages=config.languages)
    except PeerError as fault:
        raise Refused("init.value", f"{fault.sentence}; nothing was written") from None
    passphrase = read_passphrase(chosen, ask=chosen.protect, twice=True, what="the keys")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    keys = SideKeys.generate()
    card = keys.card(
        side=config.side,
        name=config.name,
        domain=domain,
        languages=config.languages,
        nonce=secrets.token_bytes(16),
        made=moment_text(Moment(time.time_ns() // 1_000_000)),
    )
    keys.save(config.keys, passphrase)
    if chosen.host:
        _authority(config, chosen.host)
    config.own_card.write_bytes(card.to_bytes())
    write_secret(folder / "administrator", chosen.administrator + "\n")
    write_config(config)
    if chosen.json:
        print_json(
            {"side": config.side, "data": str(folder), "card": str(config.own_card), "words": words(card.digest)}
        )
        return 0
    print(f"{config.name} is ready in {folder}.")
    print(f"Its card: {config.own_card}")
    print(f"Its words: {' '.join(words(card.digest))}")
    print(f"Hand the card over, then: parley found {folder} THEIR-CARD")
    if passphrase is None:
        print("The keys lie there without a passphrase, readable by this user only.")
    return 0


def certificate(chosen: Namespace) -> int:
    """Renew the desk's certificate, or make its authority afterwards; the node takes it at its next start."""
    from parley.transports.authority import AUTHORITY, CERTIFICATE, CERTIFICATE_KEY, renew_certificate

    config = read_config(chosen.dir)
    if chosen.host:
        if not read_host(chosen.host):
            raise Refused("config.value", f"--host: expected a host name without port or path, got {chosen.host!r}")
        _authority(config, chosen.host)
        settings = {
            "origin": f"https://{address_text(chosen.host, config.desk[1])}",
            "certificate": f"keys/{CERTIFICATE}",
            "certificate_key": f"keys/{CERTIFICATE_KEY}",
        }
        if chosen.json:
            print_json({"authority": str(config.keys / AUTHORITY), "host": chosen.host, "settings": settings})
        else:
            print(f"In {chosen.dir / 'config.toml'} these lines belong, in place of the old; and `desk` is an address")
            print("that the other machines reach. Then start the node again.")
            for name, value in settings.items():
                print(f'{name} = "{value}"')
        return 0
    host = urlsplit(config.origin).hostname
    if not host or config.certificate is None:
        raise Refused("desk.authority", "the settings name no https origin and certificate of a private authority")
    ends = renew_certificate(config.keys, host, datetime.datetime.now(datetime.UTC))
    return print_done(
        chosen,
        {"certificate": str(config.certificate), "host": host, "ends": f"{ends:%Y-%m-%d}"},
        f"The desk's certificate for {host} now ends {ends:%Y-%m-%d}. Start the node again to use it.",
    )


def _authority(config: Config, host: str) -> None:
    from parley.transports.authority import AUTHORITY, make_authority

    make_authority(config.keys, host, config.name, datetime.datetime.now(datetime.UTC))
    print(
        f"Browsers on other machines have to trust {config.keys / AUTHORITY}: it can vouch for {host} and nothing else."
        " Passkeys will belong to that name, so do not change it later.",
        file=sys.stderr,
    )


def card(chosen: Namespace) -> int:
    """Show our card: the one in force."""
    config = read_config(chosen.dir)
    ours = own_card_in_force(config)
    if chosen.out is not None:
        _write_new(chosen.out, ours.to_bytes())
    if chosen.line is not None:
        from parley.node.opening import read_cards
        from parley.node.succession import read_later, write_line_cards

        _write_new(chosen.line, write_line_cards(read_cards(config), read_later(config.cards)))
    if chosen.svg is not None:
        _write_new(chosen.svg, card_picture(ours.party.side, ours.digest).encode())
    if chosen.json:
        print_json(
            {
                "side": ours.party.side,
                "name": ours.party.name,
                "digest": ours.digest.hex(),
                "words": words(ours.digest),
                "code": card_code(ours.party.side, ours.digest),
                "file": str(chosen.out or config.own_card),
            }
        )
        return 0
    print(f"The card of {safe(ours.party.name)} ({ours.party.side}): {chosen.out or config.own_card}")
    print(card_picture_for_terminal(ours.party.side, ours.digest))
    print(" ".join(words(ours.digest)))
    return 0


def found(chosen: Namespace) -> int:
    """Pin the other side's card, once its words were compared."""
    config = read_config(chosen.dir)
    ours = own_card(config)
    theirs = read_card_file(chosen.card)
    if theirs.digest == ours.digest:
        raise Refused("founding.own-card", "this is our own card; the other side's is needed")
    line = line_id(ours, theirs)
    if config.peer_card.exists():
        there = read_card_file(config.peer_card)
        if there.digest == theirs.digest:
            raise Refused("founding.again", f"the line with {there.party.side} is founded already; nothing to do")
        raise Refused(
            "founding.second-line",
            f"this node already has a line, with {there.party.side}. One side has one line with another; new keys are"
            " announced over it. Nothing was changed.",
        )
    compare(chosen, config, theirs)
    from parley.node.opening import begin_anchor  # the whole node; only this command needs it

    begin_anchor(config, line)
    write_secret(config.peer_card, theirs.to_bytes().decode("utf-8"))
    if chosen.json:
        print_json({"line": line, "line_words": line_words(line), "ours": ours.party.side, "theirs": theirs.party.side})
        return 0
    print(
        f"Pinned: {safe(theirs.party.name)} ({theirs.party.side}). The line exists once they have pinned our card too."
    )
    print(f"Line {line}: {' '.join(line_words(line))} (the same at both ends)")
    return 0


def compare(chosen: Namespace, config: Config, theirs: Card) -> None:
    """Let a person compare the twelve words of a card; raises Refused `founding.…` unless they match."""
    whose = f"card of {safe(theirs.party.name)} ({theirs.party.side}), {safe(theirs.party.domain)}"
    words_match(chosen, config, tuple(words(theirs.digest)), whose)


def words_match(chosen: Namespace, config: Config, expected: tuple[str, ...], whose: str) -> None:
    """Let a person compare twelve words; raises Refused `founding.…` unless they match."""
    if chosen.words is not None:
        spoken = tuple(chosen.words.lower().split())
        if len(spoken) != len(expected):
            raise Refused(
                "founding.words",
                f"expected {len(expected)} words, got {len(spoken)}: have them read once more. Nothing was pinned.",
            )
        if spoken != expected:
            raise Refused(
                "founding.words",
                "the words do not match this card: it is not the card they read from. Nothing was pinned.",
            )
        return
    if chosen.yes_i_compared:
        if config.status == "actual":
            raise Refused(
                "founding.compare",
                "--yes-i-compared is for exercise and test only; compare the words and give them by --words",
            )
        return
    if not sys.stdin.isatty():
        raise Refused("founding.compare", "nobody is at the terminal to compare; give the words by --words")
    print(f"The {whose}:")
    for at in range(0, len(expected), 4):
        print("   " + "  ".join(f"{at + each + 1:2d} {word:<12}" for each, word in enumerate(expected[at : at + 4])))
    if input(_QUESTION).strip() != "YES":
        raise Refused("founding.words", "not confirmed; nothing was pinned")


def own_card(config: Config) -> Card:
    """Read our own card; raises Refused `founding.no-card`."""
    if not config.own_card.exists():
        raise Refused("founding.no-card", f"{config.own_card} is missing; restore it from the backup of the keys")
    return read_card_file(config.own_card)


def own_card_in_force(config: Config) -> Card:
    """Read the newest card of ours that is in force."""
    from parley.node.succession import read_later

    ours = own_card(config)
    later = [one.card for one in read_later(config.cards) if one.card.party.side == ours.party.side]
    return later[-1] if later else ours


def read_passphrase(chosen: Namespace, *, ask: bool, twice: bool = False, what: str) -> str | None:
    """Give the passphrase from a file, the environment's file, or the terminal; None where none is wanted."""
    path = chosen.passphrase_file or os.environ.get("PARLEY_PASSPHRASE_FILE")
    if path:
        lines = read_text(Path(path), _PASSPHRASE_BYTES_MAX).splitlines()
        if not lines or not lines[0]:
            raise Refused("cli.passphrase", f"the first line of {path} is empty")
        return lines[0]
    if not ask:
        return None
    if not sys.stdin.isatty():
        raise Refused("cli.passphrase", f"a passphrase is needed for {what}: give --passphrase-file")
    first = getpass.getpass(f"Passphrase of {what}: ")
    if twice and getpass.getpass("Once more: ") != first:
        raise Refused("cli.passphrase", "the two differ; nothing was written")
    return first


def _config(chosen: Namespace) -> Config:
    routes = []
    for each in chosen.route or []:
        name, equals, address = each.partition("=")
        if not equals:
            raise Refused("config.value", f"--route: expected NAME=HOST:PORT, got {each!r}")
        host, port = read_address(address, "route")
        routes.append(RouteSetting(name=name, host=host, port=port))
    desk = read_address(chosen.desk, "desk")
    origin, pem, key = chosen.origin, None, None
    if chosen.host:
        if not read_host(chosen.host):
            raise Refused("config.value", f"--host: expected a host name without port or path, got {chosen.host!r}")
        origin = origin or f"https://{address_text(chosen.host, desk[1])}"
        pem, key = Path("keys/desk.pem"), Path("keys/desk.key")
    anchor = Path(chosen.anchor) if chosen.anchor else Path("..") / f"{chosen.dir.resolve().name}.anchor"
    return Config(
        data=chosen.dir,
        side=chosen.side,
        name=chosen.name,
        languages=tuple(chosen.language or ("en",)),
        status=chosen.status,
        illustration=chosen.illustration,
        listen=tuple(read_address(each, "listen") for each in chosen.listen or ("0.0.0.0:7800",)),
        routes=tuple(routes),
        desk=desk,
        origin=origin,
        anchor=anchor,
        certificate=pem,
        certificate_key=key,
    )


def read_card_file(path: Path) -> Card:
    """Read a card from a file; raises Refused `cli.unreadable`, or PeerError `founding.card`."""
    data = read_bytes(path, CARD_BYTES_MAX)
    try:
        return read_card(data)
    except PeerError as wrong:
        raise PeerError("founding.card", f"{path} is not a card that can be trusted: {wrong.sentence}") from None


def _write_new(path: Path, data: bytes) -> None:
    with new_file(path) as out:
        out.write(data)
