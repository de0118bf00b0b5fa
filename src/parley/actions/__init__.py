"""What a person may do, one function each, with the check of rights inside. Desk, API and terminal all come here."""

from __future__ import annotations

from parley.actions.who import Who

__all__ = ["Who"]
