"""The digest of a sealed readout: which bytes it is over.

Owns: the one form of what is hashed. Does not own: who makes the salt (actions/), when it is opened (node/readouts.py).
Always true: the digest names line, channel, subject and side, so a seal copied by the other side opens nothing there.
Read first: docs/protocol/readouts.md, "The seal". Vector: tests/vectors/readouts.json.
"""

from __future__ import annotations

import hashlib
from typing import Final

from parley.codec import encode

SALT_BYTES: Final = 32
_MARK: Final = b"parley/v1/readout\n"


def sealed_bytes(
    *, line: str, channel: str, subject: str, side: str, language: str, salt: str, text: str
) -> bytes:  # fmt: skip
    """Give what is hashed: the mark, then the canonical form of all that a seal commits to."""
    told = {
        "channel": channel, "language": language, "line": line, "salt": salt, "side": side, "subject": subject,
        "text": text,
    }  # fmt: skip
    return _MARK + encode(told)


def digest_of(*, line: str, channel: str, subject: str, side: str, language: str, salt: str, text: str) -> str:
    """Give the digest of a seal as 64 hex digits; `salt` is 64 hex digits."""
    return hashlib.sha256(
        sealed_bytes(
            line=line, channel=channel, subject=subject, side=side, language=language, salt=salt, text=text
        )
    ).hexdigest()  # fmt: skip
