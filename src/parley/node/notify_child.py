"""One notification, in a process of its own: reads what to send from standard input, says how it went, ends.

Owns: the one place that knows the library `apprise`. It blocks, and brings a hundred services' code with it; none of
that is ever loaded into the node. The address comes by standard input, so that it stands in no list of processes.
"""

from __future__ import annotations

import json
import logging
import sys


class _Words(logging.Handler):
    """Keeps what the library complains of: it says in no other way why a notification failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def main() -> int:
    """Send one notification; the answer is one JSON object."""
    wish = json.load(sys.stdin)
    words = _Words()
    logging.getLogger().handlers = [words]
    try:
        import apprise
    except ImportError:
        return _say(False, "the library apprise is not installed")
    asset = apprise.AppriseAsset(
        app_id="Parley", app_desc="Parley", app_url="", async_mode=False, secure_logging=True, storage_mode="memory"
    )
    ways = apprise.Apprise(asset=asset)
    if not ways.add(wish["url"]):
        return _say(False, "the library does not know such an address, or a part of it is missing")
    done = ways.notify(title=wish["title"], body=wish["body"], notify_type="warning", body_format="text")
    return _say(bool(done), "" if done else words.said[-1] if words.said else "the service did not take it")


def _say(ok: bool, reason: str) -> int:
    json.dump({"ok": ok, "reason": reason}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
