"""What is said: facts, rules and views of each subject, and the book that folds them. Reasons: DESIGN.md."""

from parley.subjects.book import Book
from parley.subjects.channels.view import ChannelView
from parley.subjects.digests import plain
from parley.subjects.indexes import CALLS_OF, CITED, NAMED_FILES
from parley.subjects.kinds import Fact
from parley.subjects.line_view import LineView
from parley.subjects.logs import BookReader
from parley.subjects.messages.view import MessageView
from parley.subjects.openings import OpenItem
from parley.subjects.table import KINDS, subject_for
from parley.subjects.threads import ThreadRow

__all__ = [
    "CALLS_OF",
    "CITED",
    "KINDS",
    "NAMED_FILES",
    "Book",
    "BookReader",
    "ChannelView",
    "Fact",
    "LineView",
    "MessageView",
    "OpenItem",
    "ThreadRow",
    "plain",
    "subject_for",
]
