"""Advance notice of exercises, launches, closures: amended, extended, cancelled, ended by reference."""

from parley.subjects.notices.view import Form, NoticeView

__all__ = ["Form", "NoticeView"]
