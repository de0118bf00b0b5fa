"""Every error Parley raises on purpose, and whose fault it is.

    ParleyError
    ├── OurMistake    this program broke its own rule: fix the code
    ├── PeerError     the other side sent what the protocol forbids: keep the bytes, tell people, do not retry
    ├── Unavailable   a link, a disk or a service failed: try later, or by another link
    └── Refused       someone may not do this: say so, note it, change nothing

An error has a stable `code` ("record.parent"), `fields` for programs, and one sentence for people: where, what
happened, expected, got, what we did next. No secret and no message's content goes into either.
Callers test the class or the code, never the text.
"""

from __future__ import annotations


class ParleyError(Exception):
    """The root; never raised itself."""

    def __init__(self, code: str, sentence: str, **fields: str | int | None) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
        self.fields = fields


class OurMistake(ParleyError):
    """This program broke its own rule."""


class PeerError(ParleyError):
    """The other side (or a file that claims to come from it) sent what the protocol forbids."""


class Unavailable(ParleyError):
    """A link, a disk or a service failed; the same wish may succeed later."""


class Refused(ParleyError):
    """Somebody may not do this, or may not do it so; nothing was changed."""


def ensure(condition: object, sentence: str) -> None:
    """Stop this work if what only a bug could break is broken. Never stripped, unlike `assert`."""
    if not condition:
        raise OurMistake("bug.ensure", sentence)
