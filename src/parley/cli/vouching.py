"""`keys vouch`: list a person's passkeys by the side's offline identity, when nobody is left who binds.

Owns: showing what is signed, and signing it. Does not own: its words (actions/vouching.py), when it is allowed.
Always true: 1. What is signed is what was printed: the printed words are read out of the bytes that are signed.
"""

from __future__ import annotations

import hashlib
import json
from argparse import Namespace
from typing import Any
from urllib.parse import quote

from parley.cli.client import Client
from parley.cli.output import print_done, safe
from parley.codec import b64, unb64
from parley.errors import Refused
from parley.identity import SideKeys, read_card
from parley.record.vouching import sign_vouched


def vouch(chosen: Namespace, client: Client, held: SideKeys) -> int:
    """Sign with the identity that the node lists this person's passkeys, and have it written."""
    path = f"/people/{quote(chosen.person, safe='')}/vouched"
    asked: dict[str, Any] = client.get(path, origin=client.desk)
    assert held.identity is not None
    if read_card(unb64(asked["card"])).party.identity != held.identity.public:
        raise Refused("keys.identity", "this is not the identity key of our card; nothing was signed")
    words: dict[str, Any] = json.loads(asked["words"])
    body = words["body"]
    if (words["subject"], body["person"]) != (f"roster/{words['side']}/{chosen.person}", chosen.person):
        raise Refused("keys.vouch-other", "the node gave words about somebody else; nothing was signed")
    if not chosen.json:
        print(f"The identity of {safe(words['side'])} signs, for both sides to see, that these passkeys are of")
        print(f"  {safe(body['person'])}: {safe(body['name'])}, {safe(body['office'] or body['role'])}")
        print(f"  at {safe(' '.join(body['passkeys']['origins']))}")
        for key in body["passkeys"]["keys"]:
            print(f"  key {hashlib.sha256(unb64(key)).hexdigest()}")
    signature = sign_vouched(asked["words"].encode(), held.identity)
    done = client.post(path, origin=client.desk, words=asked["words"], signature=b64(signature))
    return print_done(
        chosen,
        done,
        f"Listed at {done['at']}. Put the identity key away again, and have a second person listed by this one.",
    )
