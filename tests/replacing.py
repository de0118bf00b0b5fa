"""A changed copy of what a test holds: rows of the actions are structs, facts and views are dataclasses."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import msgspec

Held = TypeVar("Held")


def replace(held: Held, **fields: Any) -> Held:
    """Give a copy with other values in some fields."""
    if isinstance(held, msgspec.Struct):
        return msgspec.structs.replace(held, **fields)  # type: ignore[return-value]
    return dataclasses.replace(held, **fields)  # type: ignore[type-var]
