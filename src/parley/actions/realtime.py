"""Real-time text, as a person has it: follow what is written in a channel's calls, write, finish a line.

Who writes into a call that goes on has joined it, as who speaks has. Where both sides agreed, a finished line is kept.

Owns: rights. Does not own: sending and healing (node/texting.py), the socket (desk/pages/direct.py).
"""

from __future__ import annotations

from collections.abc import Awaitable

from parley import limits
from parley.actions import agreeing, calls
from parley.actions.ports import DeskPort, NodePort
from parley.actions.who import Who, need_in
from parley.codec.text import make_text
from parley.errors import Refused


def follow(node: NodePort, who: Who, desk: DeskPort, channel: str) -> None:
    """Tell this desk what is written in this channel's calls, from their beginning on; of one channel at a time.

    Raises: Refused `people.right`, `people.member`, `channels.unknown`.
    """
    need_in(node, who, "read", channel)
    node.desks.follow(desk, channel)
    node.interpreting.tell_so_far(desk, channel)
    node.turns.tell_so_far(desk, channel)
    node.texting.tell_so_far(desk, channel, [view.session for view in node.calling.open_in(channel)])


def write(
    node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, text: str, *, finish: bool = False
) -> Awaitable[None] | None:
    """Have this text in the person's line, seen at the other side at once; `finish` ends the line.

    Gives what is still to be written in the record, if anything: await it; it raises what the record refused.

    Raises: Refused `people.right`, `people.member`, `voice.turn` and `calls.full` (as for voice), `codec.text`,
        `calls.text` (too long).
    """
    need_in(node, who, "call", channel)
    made = make_text(text).replace("\n", " ")
    if len(made) > limits.TEXT_CHARS_MAX:
        raise Refused("calls.text", f"a line has at most {limits.TEXT_CHARS_MAX} characters; finish it and go on")
    view = next((one for one in node.calling.open_in(channel) if one.session == session), None)
    if view is not None:
        calls.need_room(node, who, view)
    node.texting.write(desk, channel, session, made, finish=finish)
    if view is None or view.state != "active" or not made:
        return None
    there = (node.identity.ours.side, who.person) in view.there
    if there and not (finish and agreeing.keeps_text(view)):
        return None

    async def record() -> None:
        if not there:
            try:
                await calls.join(node, who, channel, view.subject)
            except Refused as refused:
                if refused.code != "calls.again":  # the character before this one is joining already
                    raise
        if finish:
            await agreeing.keep_line(node, who, view, made)

    return record()
