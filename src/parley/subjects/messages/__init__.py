"""Messages: text with precedence, shown, acknowledged by name, answered, corrected, translated, read back."""

from parley.subjects.messages.facts import DUE_MS, GRADES, PRECEDENCES, due_for
from parley.subjects.messages.view import MessageView

__all__ = ["DUE_MS", "GRADES", "PRECEDENCES", "MessageView", "due_for"]
