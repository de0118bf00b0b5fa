"""Record, views' index and private values on disk: one port, two stores, one contract suite.

The public names are the port's. A store is imported by its own module (`parley.storage.sqlite`,
`parley.storage.memory`), so that naming a row does not load a database.
"""

from parley.storage.port import (
    SIGNATURE_KINDS,
    VERDICTS,
    EntryRow,
    FoldRow,
    LogHashes,
    Row,
    SignatureRow,
    Store,
    StoreIdentity,
    StoreReads,
    ValueRow,
)

__all__ = [
    "SIGNATURE_KINDS",
    "VERDICTS",
    "EntryRow",
    "FoldRow",
    "LogHashes",
    "Row",
    "SignatureRow",
    "Store",
    "StoreIdentity",
    "StoreReads",
    "ValueRow",
]
