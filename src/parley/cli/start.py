"""`run`, from its first import: what a node that nobody uses keeps in memory.

Owns: how little that is. Does not own: the node and its doors (running.py).
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_AUTHORITIES: Final = "SSL_CERT_FILE"


def run(chosen: Namespace) -> int:
    """Run the node of a data folder until it is told to stop."""
    with _no_authorities():
        from parley.cli.running import run
    return run(chosen)


@contextmanager
def _no_authorities() -> Iterator[None]:
    """Let the web library find no certificate authorities as it is imported: 2 MB, for calls that no node makes.

    A process that this one starts, as for a notification, has the machine's own again.
    """
    before = os.environ.get(_AUTHORITIES)
    os.environ[_AUTHORITIES] = os.devnull
    try:
        yield
    finally:
        if before is None:
            del os.environ[_AUTHORITIES]
        else:
            os.environ[_AUTHORITIES] = before
