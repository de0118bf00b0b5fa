"""A file's paragraphs put into a text: all read first, then each as a part of its own, in one language of our side.

Owns: rights, the order of the parts. Does not own: reading a file (text_paper.py), what a part may be (negotiating.py).
"""

from __future__ import annotations

import asyncio

from parley.actions.negotiated import text_view
from parley.actions.negotiating import add_unit
from parley.actions.ports import NodePort
from parley.actions.text_reading import lines_of
from parley.actions.who import Who, need_in
from parley.errors import Refused


async def put_in(node: NodePort, who: Who, channel: str, subject: str, *, name: str, data: bytes, tag: str) -> int:
    """Put each paragraph of a .docx, .html or .txt file in, at the end; what stands under an article goes under it.

    Returns: How many parts were put in.
    Raises: Refused `texts.file`, `texts.language` (not one that our side answers for): nothing was put in.
        Unavailable: those before it are in the text.
    """
    need_in(node, who, "release", channel)
    view = text_view(node, channel, subject)
    if not view.frame.may_write(node.identity.ours.side, tag):
        raise Refused("texts.language", "a file is put in in a language of this text that our side answers for")
    found = await asyncio.to_thread(lines_of, name, data, tag)
    if not found:
        raise Refused("texts.file", "there is no paragraph in this file")
    under = ""
    for level, words in found:
        above = "" if level == "article" else under
        sent = await add_unit(node, who, channel, subject, level=level, words={tag: words}, under=above)
        if level == "article":
            _, side, epoch = sent.ref.log.split("/")
            under = f"{side}/{epoch}/{sent.ref.number}"
    return len(found)
