"""The rule book: articles and signals that both sides adopt, as versioned documents in the line channel."""

from parley.subjects.rulebooks.view import Article, RulebookView, Signal

__all__ = ["Article", "RulebookView", "Signal"]
