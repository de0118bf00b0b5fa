"""Attachments: taking a file in before it is sent, and reading one back, chunk by chunk.

Owns: rights, the name and type a file was handed in with (`private.files`, until it is sent), the stream.
Does not own: chunks on disk (storage/), pulling them from the peer (line/).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

import msgspec

from parley import limits
from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.who import Who, need, need_in
from parley.codec import JsonValue
from parley.codec.text import make_text
from parley.errors import Refused
from parley.node.files import HANDED_FILES
from parley.storage import ValueRow
from parley.subjects.messages import MessageView

_MEDIA: Final = re.compile(r"[a-z0-9][a-z0-9.+-]{0,63}/[a-z0-9][a-z0-9.+-]{0,63}")
_UNKNOWN: Final = "application/octet-stream"


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """A file as somebody of ours handed it in."""

    name: str
    media: str
    size: int


_handed = msgspec.json.Decoder(Handed)


async def attach(node: NodePort, who: Who, *, name: str, media: str, content: AsyncIterable[bytes]) -> AttachmentRow:
    """Take a file in, in constant memory; its root then goes into a draft."""
    need(who, "draft")
    shown = make_text(name).replace("/", "_").replace("\n", " ").strip()[: limits.TITLE_CHARS_MAX]
    kind = media.split(";")[0].strip().lower()
    root, size = await node.attach(content)
    handed = Handed(name=shown or "file", media=kind if _MEDIA.fullmatch(kind) else _UNKNOWN, size=size)
    await node.keep([ValueRow(HANDED_FILES, root, msgspec.json.encode(handed))])
    return file_row(node, root)


async def read_attachment(
    node: NodePort, who: Who, channel: str, subject: str, root: str
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give an attachment of a message the person may read; every chunk is checked against the root again."""
    need_in(node, who, "read", channel)
    view = node.book.view(channel, subject)
    named = None
    if isinstance(view, MessageView):
        named = next((each for each in view.attachments if each.root == root), None)
    if named is None:
        raise Refused("files.unknown", "this message names no such file")
    here = node.attachment_held(root)
    check_here(here, named.size)
    row = AttachmentRow(
        root=root, size=named.size, media=named.media, name=named.name, here_bytes=here, here=True, there=None
    )
    return row, node.read_attachment(root)


def check_here(here: int, size: int) -> None:
    """Raise Refused `files.not-here` unless a file is here, or `files.size` if it is not as long as its entry says."""
    if here > size:
        raise Refused("files.size", f"{size} bytes are said of a file that has {here}: it is not given out")
    if here < size:
        raise Refused("files.not-here", f"{here} of {size} bytes are here; the rest is still coming")


def file_facts(node: NodePort, root: str) -> dict[str, JsonValue]:
    """Give what an entry says of a file of ours; raises Refused `files.unknown`."""
    handed = _find(node, root)
    return {"root": root, "size": handed.size, "media": handed.media, "name": handed.name}


def file_row(node: NodePort, root: str) -> AttachmentRow:
    """Give the row of a file that was handed in and not sent yet."""
    handed = _find(node, root)
    return AttachmentRow(
        root=root,
        size=handed.size,
        media=handed.media,
        name=handed.name,
        here_bytes=handed.size,
        here=True,
        there=None,
    )


def _find(node: NodePort, root: str) -> Handed:
    raw = node.store.value(HANDED_FILES, root)
    if raw is None:
        raise Refused("files.unknown", "no file with this root was handed in here; attach it first")
    return _handed.decode(raw)
