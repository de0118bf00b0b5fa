"""What a simulated person says about keeping the text of a call, or talking in turns; often what the rules refuse."""

from __future__ import annotations

from collections.abc import Mapping

from parley.record import Ref
from parley.sim.dice import Dice
from parley.subjects.calls import agreed_facts as agreed
from parley.subjects.kinds import Fact

ASKED: Mapping[str, agreed.What] = {f"call.{what}-asked": what for what in agreed.WHAT}


def agreed_act(dice: Dice, channel: str, subject: str, asked: Mapping[agreed.What, Ref]) -> Fact:
    """Give one fact; `asked` is the last asking of each kind that this side has heard of."""
    what = dice.choice(agreed.WHAT)
    facts = [agreed.ask(channel, subject, what)]
    ref = asked.get(what)
    if ref is not None:
        facts += [
            agreed.agree(channel, subject, what, ref),
            agreed.agree(channel, subject, what, ref),
            agreed.decline(channel, subject, what, ref, "not now"),
            agreed.stop(channel, subject, what, ref),
        ]
    if "text" in asked:
        facts += [agreed.say(channel, subject, asked["text"], "Stop the ship.")] * 2
    return dice.choice(facts)
