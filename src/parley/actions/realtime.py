"""Real-time text, as a person has it: follow what is written in a channel's calls, write, finish a line.

Owns: rights. Does not own: sending and healing (node/texting.py), the socket (desk/pages/direct.py).
"""

from __future__ import annotations

from parley import limits
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
    node.texting.tell_so_far(desk, channel, [view.session for view in node.calling.open_in(channel)])


def write(
    node: NodePort, who: Who, desk: DeskPort, channel: str, session: str, text: str, *, finish: bool = False
) -> None:
    """Have this text in the person's line, seen at the other side at once; `finish` ends the line.

    Raises: Refused `people.right`, `people.member`, `voice.turn` (as for voice), `codec.text`, `calls.text` (too long).
    """
    need_in(node, who, "call", channel)
    made = make_text(text).replace("\n", " ")
    if len(made) > limits.TEXT_CHARS_MAX:
        raise Refused("calls.text", f"a line has at most {limits.TEXT_CHARS_MAX} characters; finish it and go on")
    node.texting.write(desk, channel, session, made, finish=finish)
