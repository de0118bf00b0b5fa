"""Notices and the rule book, as a page shows them: the same plain facts that the actions give."""

from __future__ import annotations

from parley.actions.notice_rows import CheckedRow as CheckedShown
from parley.actions.notice_rows import LeadRow, NoticeFormRow, OverlapRow
from parley.actions.notice_rows import MovementRow as MovementShown
from parley.actions.notice_rows import NoticeRow as NoticeShown
from parley.actions.notice_rows import NoticesRow as NoticesShown
from parley.actions.rows import RefRow
from parley.actions.rulebook_rows import ArticleRow as ArticleShown
from parley.actions.rulebook_rows import ArticleTextRow
from parley.actions.rulebook_rows import RulebookRow as RulebookShown
from parley.actions.rulebook_rows import SignalRow as SignalShown

__all__ = [
    "ArticleShown",
    "ArticleTextRow",
    "CheckedShown",
    "LeadRow",
    "MovementShown",
    "NoticeFormRow",
    "NoticeShown",
    "NoticesShown",
    "OverlapRow",
    "RefRow",
    "RulebookShown",
    "SignalShown",
]
