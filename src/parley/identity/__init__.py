"""Keys, cards, signatures: who speaks for a side. The only room that imports a crypto library (transports/ has TLS).

Reasons: DESIGN.md beside this file.
"""

from parley.identity.cards import (
    Card,
    Former,
    LineIdentity,
    Party,
    check_introduction,
    line_id,
    line_of,
    read_card,
    sign_card,
)
from parley.identity.keys import PublicPair, SigningPair, verify, verify_pq
from parley.identity.passkeys import (
    Assertion,
    Credential,
    b64url,
    check_key,
    read_credential,
    unb64url,
    verify_assertion,
)
from parley.identity.sealing import (
    open_backup,
    open_sealed,
    open_stream,
    seal_backup,
    seal_public,
    seal_stream,
    seal_to,
)
from parley.identity.sidekeys import SideKeys, spki_digest
from parley.identity.words import card_code, card_picture, card_picture_for_terminal, line_words, words

__all__ = [
    "Assertion",
    "Card",
    "Credential",
    "Former",
    "LineIdentity",
    "Party",
    "PublicPair",
    "SideKeys",
    "SigningPair",
    "b64url",
    "card_code",
    "card_picture",
    "card_picture_for_terminal",
    "check_introduction",
    "check_key",
    "line_id",
    "line_of",
    "line_words",
    "open_backup",
    "open_sealed",
    "open_stream",
    "read_card",
    "read_credential",
    "seal_backup",
    "seal_public",
    "seal_stream",
    "seal_to",
    "sign_card",
    "spki_digest",
    "unb64url",
    "verify",
    "verify_assertion",
    "verify_pq",
    "words",
]
