"""Every key of the desk, in one table: the help page shows it and a test compares it with the templates.

`press` is what is pressed, parts set apart by a space: "g h" is g and then h. A `data-key` in a template is the whole
of `press`; a `data-go` is what follows "g". Keys act only while no text is being typed, and can be switched off
(WCAG 2.2, 2.1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One key and the catalogue's words for what it does."""

    press: str
    words: str


KEYS: Final = (
    Key("?", "keys.help"),
    Key("g h", "keys.home"),
    Key("g d", "keys.drafts"),
    Key("g l", "keys.line"),
    Key("g s", "keys.stops"),
    Key("g i", "keys.incidents"),
    Key("g c", "keys.chart"),
    Key("g k", "keys.live"),
    Key("g r", "keys.record"),
    Key("g p", "keys.people"),
    Key("g v", "keys.wall"),
    Key("g e", "keys.escalation"),
    Key("g w", "keys.watch"),
    Key("g n", "keys.notices"),
    Key("g b", "keys.rulebook"),
    Key("g m", "keys.talks"),
    Key("g a", "keys.commitments"),
    Key("d", "keys.signal"),
    Key("g 1…9", "keys.channel"),
    Key("Shift X", "keys.stop"),
    Key("Shift R", "keys.keep"),
    Key("f", "keys.alert"),
    Key("j", "keys.next"),
    Key("k", "keys.previous"),
    Key("Enter", "keys.open"),
    Key("a", "keys.acknowledge"),
    Key("w", "keys.answer"),
    Key("b", "keys.read-back"),
    Key("y", "keys.confirm"),
    Key("c", "keys.compose"),
    Key("Ctrl Enter", "keys.send"),
    Key("n", "keys.propose"),
    Key("t", "keys.test"),
    Key("e", "keys.export"),
    Key(",", "keys.frame-back"),
    Key(".", "keys.frame-on"),
    Key("o", "keys.older"),
    Key("i", "keys.later"),
    Key("u", "keys.up"),
    Key("l", "keys.lift"),
    Key("x", "keys.hang-up"),
    Key("m", "keys.text"),
    Key("z", "keys.turn"),
    Key("q", "keys.take"),
    Key("v", "keys.switch"),
    Key("p", "keys.pause"),
    Key("r", "keys.repeat"),
    Key("h", "keys.hand-over"),
    Key("0", "keys.roll"),
    Key("s", "keys.silence"),
    Key("F8", "keys.talk"),
    Key("Shift F8", "keys.latch"),
    Key("Esc", "keys.leave"),
)
