"""Both sides over all links: authoring, replication, precedence, catching up, healing. Sans-I/O."""

from parley.line.core import LineCore
from parley.line.events import (
    AheadArrived,
    Authored,
    CloseLink,
    Commit,
    Effect,
    Event,
    Failed,
    Fault,
    Folded,
    Held,
    Other,
    Received,
    Restart,
    SaveAnchor,
    Send,
    Signing,
    Tell,
    Wish,
)
from parley.line.roots import BookReader, Roots

__all__ = [
    "AheadArrived",
    "Authored",
    "BookReader",
    "CloseLink",
    "Commit",
    "Effect",
    "Event",
    "Failed",
    "Fault",
    "Folded",
    "Held",
    "LineCore",
    "Other",
    "Received",
    "Restart",
    "Roots",
    "SaveAnchor",
    "Send",
    "Signing",
    "Tell",
    "Wish",
]
