"""What a search found, and the register of positions, as a page shows them."""

from __future__ import annotations

from parley.actions.position_rows import FoundRow as FoundShown
from parley.actions.position_rows import RegisterTopic as RegisterShown

__all__ = ["FoundShown", "RegisterShown"]
