"""Signals of the rule book, as a person has them: the list, and one sent as a message.

Owns: which signal somebody means by a code as typed. Does not own: what makes a message a signal (rulebook_reading.py),
sending (messages.py).
"""

from __future__ import annotations

from parley.actions import messages
from parley.actions.ports import NodePort
from parley.actions.rows import Sent
from parley.actions.rulebook_reading import FORMS, in_force, phrase_of, signal_text
from parley.actions.rulebook_rows import SignalRow
from parley.actions.rulebooks import signal_rows
from parley.actions.who import Who, need, need_in
from parley.actions.wording import Words
from parley.errors import Refused


def signals(node: NodePort, who: Who) -> list[SignalRow]:
    """Give the signals of all documents in force."""
    need(who, "state")
    return [row for book in in_force(node) for row in signal_rows(book)]


async def send_signal(
    node: NodePort, who: Who, channel: str, code: str, *, precedence: str = "PRIORITY", status: str = ""
) -> Sent:
    """Send a signal as a message: `KC1` says it, `KC1?` asks, `KC1-` takes it back.

    It goes in the first of our languages that the document has; the other desk shows the phrase in its own.
    Raises: Refused `signals.unknown`; what `send_message` raises.
    """
    need_in(node, who, "release", channel)
    told = code.strip().upper()
    form = next((name for name, mark in FORMS.items() if mark and told.endswith(mark)), "phrase")
    told = told.removesuffix(FORMS[form]).strip()
    for book in in_force(node):
        signal = book.signal(told)
        if signal is not None:
            texts = phrase_of(signal, form)
            language = next((one for one in node.identity.ours.languages if one in texts), next(iter(texts)))
            words = Words(
                channel=channel, text=signal_text(signal, form, language), language=language, precedence=precedence,
                status=status,
            )  # fmt: skip
            return await messages.send_message(node, who, words)
    raise Refused("signals.unknown", f'no document in force has a signal "{told[:20]}"; the list shows them all')
