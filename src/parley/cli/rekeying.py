"""`keys`: replacing our keys while the record goes on, and confirming theirs.

Owns: the steps at the terminal: making new node keys under the offline identity, announcing, comparing, confirming.
Does not own: putting keys in force (node/succession.py); new cards after a loss (refounding.py).
Always true: the new keys are whole on disk before anything is announced.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from parley.cli.client import Client, write_secret
from parley.cli.founding import own_card_in_force, read_passphrase, words_match
from parley.cli.output import print_done, print_json
from parley.cli.running import keys_are_protected
from parley.cli.vouching import vouch
from parley.codec import b64
from parley.errors import PeerError, Refused, Unavailable
from parley.identity import Card, SideKeys, read_card, words
from parley.node.config import Config, read_config
from parley.node.succession import NEXT_CARD
from parley.subjects.standing.keys import proof_message
from parley.times import Moment, moment_text


def keys(chosen: Namespace) -> int:
    """Show, replace or confirm keys; the node runs meanwhile."""
    config = read_config(chosen.dir)
    client = Client.at(chosen.dir)
    if chosen.act == "show":
        return _show(chosen, config, client)
    if chosen.act == "vouch":
        if not chosen.person:
            raise Refused("cli.usage", "keys vouch: whose passkeys? Give --person PERSON")
        passphrase = read_passphrase(chosen, ask=keys_are_protected(config), what="the keys")
        return vouch(chosen, client, with_identity(chosen, config, passphrase))
    if chosen.act == "confirm":
        return _confirm(chosen, config, client)
    return _replace(chosen, config, client)


def _show(chosen: Namespace, config: Config, client: Client) -> int:
    state = client.get("/keys")
    if chosen.json:
        print_json(state)
        return 0
    for each in (state["ours"], state["theirs"]):
        print(f"{each['side']}: card made {each['made']}, keys replaced {each['replaced']} times")
        print(f"  {' '.join(each['words'])}")
        if each["announced_at"]:
            print(f"  announced {each['announced_at']}, not confirmed yet:")
            print(f"  {' '.join(each['announced_words'])}")
        if each is state["ours"] and _announced_and_lost(config, each):
            print("  its keys are not on this machine: nobody may confirm it; announce anew: parley keys replace")
    return 0


def _replace(chosen: Namespace, config: Config, client: Client) -> int:
    state = client.get("/keys")
    anew = _announced_and_lost(config, state["ours"])
    if state["ours"]["announced_at"] and not anew:
        raise Refused(
            "keys.waiting", "a card of ours was announced and the other side has not confirmed it yet; nothing was done"
        )
    passphrase = read_passphrase(chosen, ask=keys_are_protected(config), what="the keys")
    held = with_identity(chosen, config, passphrase)
    assert held.identity is not None
    fresh = replace(SideKeys.generate(), identity=held.identity)
    card = card_of(fresh, own_card_in_force(config))
    prepare(config, fresh.without_identity(), card, passphrase)
    heads: dict[str, int] = state["heads"]
    message = proof_message(state_line(client), card.digest.hex(), heads)
    proof = held.identity.sign(message) + held.identity.sign_pq(message)
    done = client.post("/keys/announce", card=b64(card.to_bytes()), heads=heads, proof=b64(proof))
    spoken = words(card.digest)
    if chosen.json:
        print_json({"digest": card.digest.hex(), "words": spoken, "at": done["at"]})
        return 0
    print(f"Announced at {done['at']}. The words of our new card, to be read aloud to the other side's operator:")
    print(f"  {' '.join(spoken)}")
    print("Once they confirm it, both nodes go on with it by themselves; until then the old keys stay in force.")
    if anew:
        print("It takes the place of the card announced before, whose keys are not on this machine.")
    return 0


def _announced_and_lost(config: Config, ours: dict[str, Any]) -> bool:
    """Say whether the keys of a card that we announced are not here: the folder is older, or from another machine.

    A confirmation of that card would leave our node without keys, so it is to be announced anew.
    """
    if not ours["announced_at"]:
        return False
    try:
        waiting = read_card((config.keys / "next" / NEXT_CARD).read_bytes())
    except (OSError, PeerError):
        return True
    return waiting.digest.hex() != str(ours["announced_digest"])


def with_identity(chosen: Namespace, config: Config, passphrase: str | None) -> SideKeys:
    """Give our keys with the identity: the one in `--identity`, if that was given, and no other.

    Raises: Refused `identity.offline`, `keys.identity`, and as `SideKeys.load` does. Nothing was written.
    """
    named: Path | None = chosen.identity
    held = SideKeys.load(config.keys, passphrase)
    if named is not None:  # also where a key lies here: an operator who brings a medium means what is on it
        from parley.identity import keyfiles

        held = replace(held, identity=keyfiles.load_identity(named, passphrase))
    if held.identity is None:
        raise Refused("identity.offline", "this needs the identity key: bring it back, or give --identity DIR")
    if held.identity.public != own_card_in_force(config).party.identity:
        where = named or config.keys
        raise Refused("keys.identity", f"identity.key in {where} is not that of our card in force; nothing was done")
    return held


def card_of(fresh: SideKeys, before: Card) -> Card:
    """Give the card of new keys for the same side."""
    party = before.party
    return fresh.card(
        side=party.side, name=party.name, domain=party.domain, languages=party.languages,
        nonce=secrets.token_bytes(16), made=moment_text(Moment(time.time_ns() // 1_000_000)),
    )  # fmt: skip


def prepare(config: Config, fresh: SideKeys, card: Card, passphrase: str | None) -> None:
    """Write new keys beside those in force; what was prepared and never announced is replaced."""
    folder = config.keys / "next"
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
    except OSError as failed:
        raise Unavailable(
            "identity.keys-write",
            f"keys were prepared before, in {folder}, and cannot be cleared away: {failed.strerror}; nothing was made",
        ) from None
    fresh.save(folder, passphrase)
    write_secret(folder / NEXT_CARD, card.to_bytes().decode("utf-8"))


def state_line(client: Client) -> str:
    """Give the id of the line that the running node belongs to."""
    return str(client.get("/line")["line"])


def _confirm(chosen: Namespace, config: Config, client: Client) -> int:
    theirs: dict[str, Any] = client.get("/keys")["theirs"]
    if not theirs["announced_at"]:
        raise Refused("keys.none", f"{theirs['side']} has announced no card that waits to be confirmed")
    words_match(chosen, config, tuple(theirs["announced_words"]), f"new card of {theirs['side']}")
    done = client.post("/keys/confirm", digest=theirs["announced_digest"])
    return print_done(
        chosen,
        done,
        f"Confirmed at {done['at']}. Our node goes on with their new keys; theirs follows when it hears it.",
    )
