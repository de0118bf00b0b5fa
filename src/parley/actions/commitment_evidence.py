"""Files as evidence of what became of a commitment: sent in a message of its channel, named by the view.

Owns: that message, and the way from a view's file to the page that gives it.
Does not own: the view itself (commitments.py), how a file is taken in (files.py).
Always true: a file that a view of ours names is in a message before it, so that the other side's node fetches it.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.actions import messages
from parley.actions.commitment_sources import entry_path
from parley.actions.files import file_row
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.actions.wording import Words
from parley.subjects.commitments import CommitmentView, Viewed
from parley.subjects.messages import MessageView


async def send_files(
    node: NodePort, who: Who, view: CommitmentView, roots: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Send files that were handed in; gives them as evidence, and the message that holds them."""
    if not roots:
        return [], []
    named = [(file_row(node, root).name, root) for root in roots]
    words = Words(
        channel=view.channel, text=view.what, language=node.identity.ours.languages[0], status=view.status,
        attachments=tuple(roots),
    )  # fmt: skip
    sent = await messages.send_message(node, who, words)
    return named, [sent.subject]


def evidence_rows(node: NodePort, who: Who, one: Viewed) -> tuple[tuple[str, str, str], ...]:
    """Give a view's evidence as (words, root or "", where the file is given or "")."""
    return tuple((words, root, _path(node, who, one, root) if root else "") for words, root in one.evidence)


def _path(node: NodePort, who: Who, one: Viewed, root: str) -> str:
    for ref in one.entries:
        page = entry_path(node, who, ref)
        entry = node.book.entry(ref.log, ref.number) if page else None
        view = node.book.view(entry.channel, entry.subject) if entry is not None else None
        if isinstance(view, MessageView) and any(each.root == root for each in view.attachments):
            return f"{page}/files/{root}"
    return ""
