"""`lost` and `refound`: new cards face to face after keys were lost or stolen, and the same record goes on.

Owns: the steps at the terminal, while the node is stopped.
Does not own: planned replacement over the line (rekeying.py); what both sides then say in the record (node/node.py).
Always true:
  1. A card comes into force only after its words were compared.
  2. The line keeps its id: it is that of the two founding cards, which stay where they are.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from parley.cli.client import write_secret
from parley.cli.founding import compare, own_card, own_card_in_force, read_card_file, read_passphrase
from parley.cli.output import print_json, safe
from parley.cli.reading import read_bytes
from parley.cli.rekeying import card_of, prepare
from parley.cli.running import check_not_running, keys_are_protected
from parley.errors import PeerError, Refused
from parley.identity import Card, LineIdentity, SideKeys, line_words, words
from parley.node.config import Config, read_config
from parley.node.opening import read_cards
from parley.node.succession import (
    LINE_BYTES_MAX,
    NEXT_CARD,
    Later,
    read_later,
    read_line_cards,
    succeed,
    write_later,
)
from parley.storage.sqlite import SqliteStore


def lost(chosen: Namespace) -> int:
    """Make a new identity and new keys beside those that were lost or stolen."""
    config = read_config(chosen.dir)
    check_not_running(config)
    if chosen.out is not None and chosen.out.exists():
        raise Refused("cli.file", f"{chosen.out} is there already; nothing was made")
    passphrase = read_passphrase(chosen, ask=chosen.protect or keys_are_protected(config), twice=True, what="the keys")
    fresh, in_force, before = SideKeys.generate(), own_card_in_force(config), _prepared(config, False)
    card = card_of(fresh, in_force)
    prepare(config, fresh, card, passphrase)
    out: Path = chosen.out or config.data / "new.card"
    out.unlink(missing_ok=True)
    write_secret(out, card.to_bytes().decode("utf-8"))
    if chosen.json:
        print_json({"card": str(out), "digest": card.digest.hex(), "words": words(card.digest)})
        return 0
    print(f"A new card: {out}. Its words, to be read aloud face to face:")
    print(f"  {' '.join(words(card.digest))}")
    if before is not None and before.party != in_force.party:
        print("It takes the place of the new card made before: whoever was handed that one needs this one.")
    print(f"Hand it over, then both sides: parley refound {chosen.dir} THEIR-CARD")
    return 0


def refound(chosen: Namespace) -> int:
    """Put cards in force that were compared face to face: theirs, and ours if `lost` made one."""
    config = read_config(chosen.dir)
    check_not_running(config)
    if chosen.line:
        _take_line(config, chosen.line)
    founders = read_cards(config)
    later = read_later(config.cards)
    identity = succeed(LineIdentity.found(*founders), later)
    theirs = read_card_file(chosen.card)
    ours = _prepared(config, chosen.line is not None)
    fresh = _fresh(config, identity, theirs, ours)
    compare(chosen, config, theirs)
    succeed(identity, fresh)  # refused before anything is written, if it cannot be
    for one in fresh:
        write_later(config.cards, one)
    spoken = line_words(identity.line)
    if chosen.json:
        print_json({"line": identity.line, "line_words": spoken, "in_force": [one.card.party.side for one in fresh]})
        return 0
    for one in fresh:
        print(f"In force: the new card of {safe(one.card.party.name)} ({one.card.party.side}); its words at both ends:")
        print(f"  {' '.join(words(one.card.digest))}")
    print(f"The line is the same: {identity.line}: {' '.join(spoken)} (the same at both ends).")
    return 0


def _fresh(config: Config, identity: LineIdentity, theirs: Card, ours: Card | None) -> list[Later]:
    """Give what comes into force; raises Refused where nothing would, or a card is of the wrong side."""
    side = identity.theirs.side
    if theirs.party.side != side:
        raise Refused(
            "founding.second-line", f"this line is with {side}, the card is of {theirs.party.side}; nothing was changed"
        )
    held = _held(config)
    fresh = []
    if theirs.party != identity.theirs:
        heads = {log: size for log, size in held.items() if log.split("/")[1] == side}
        fresh.append(Later(card=theirs, heads=heads, how="compared"))
    if ours is not None and ours.party != identity.ours:
        heads = {log: size for log, size in held.items() if log.split("/")[1] == identity.ours.side}
        fresh.append(Later(card=ours, heads=heads, how="compared"))
    if not fresh:
        raise Refused("refound.nothing", "both cards are in force already; nothing was changed")
    return fresh


def _held(config: Config) -> dict[str, int]:
    """Give how many entries of each log lie here; a lost machine holds none."""
    if not config.record.exists():
        return {}
    store = SqliteStore(config.record)
    try:
        return {log.text: store.size(log) for log in store.logs() if store.size(log)}
    finally:
        store.close()


def _prepared(config: Config, new_machine: bool) -> Card | None:
    if new_machine:
        return read_card_file(config.data / "new.card")
    path = config.keys / "next" / NEXT_CARD
    return read_card_file(path) if path.exists() else None


def _take_line(config: Config, file: Path) -> None:
    """On a new machine: all cards of the line, as the other side holds them, make this the same line again."""
    if config.peer_card.exists():
        raise Refused("founding.again", "this data folder has its founding cards; --line is for a new machine")
    data = read_bytes(file, LINE_BYTES_MAX)
    try:
        founders, later = read_line_cards(data)
    except PeerError as fault:
        raise PeerError("founding.card", f"{file} does not hold the cards of a line: {fault.sentence}") from None
    fresh = own_card(config)
    sides = [card.party.side for card in founders]
    if fresh.party.side not in sides:
        raise Refused("founding.card", f"{file} is of a line between {' and '.join(sides)}, not of {fresh.party.side}")
    ours, theirs = founders if sides[0] == fresh.party.side else founders[::-1]
    succeed(LineIdentity.found(ours, theirs), later)
    write_secret(config.data / "new.card", fresh.to_bytes().decode("utf-8"))
    for one in later:
        write_later(config.cards, one)
    write_secret(config.own_card, ours.to_bytes().decode("utf-8"))
    write_secret(config.peer_card, theirs.to_bytes().decode("utf-8"))
