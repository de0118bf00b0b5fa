"""Attachments: taking a file in before it is sent, and reading one back, chunk by chunk.

Owns: rights and the stream. Does not own: chunks on disk (storage/), pulling them from the peer (line/).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from parley.actions.ports import NodePort
from parley.actions.rows import AttachmentRow
from parley.actions.who import Who


async def attach(node: NodePort, who: Who, *, name: str, media: str, content: AsyncIterable[bytes]) -> AttachmentRow:
    """Take a file in, in constant memory; its root then goes into a draft."""
    raise NotImplementedError


async def read_attachment(
    node: NodePort, who: Who, channel: str, subject: str, root: str
) -> tuple[AttachmentRow, AsyncIterator[bytes]]:
    """Give an attachment of a message the person may read; every chunk is checked against the root again."""
    raise NotImplementedError
