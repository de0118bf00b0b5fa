"""Notifications that leave the desk: each in a process of its own, tried again while its reason lasts.

Owns: the queue, the processes and their time, tries, the last results (space `private.notified`).
Does not own: the words (people/notices.py), who is told when (people/escalation.py), the library (notify_child.py).
Always true:
  1. What is sent is a Notice; its address goes to the process by standard input and is in no log, error or result.
  2. Nothing here makes the node wait or fail: a process that takes too long is ended, a failure is a result.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from parley import limits
from parley.errors import Refused
from parley.people import kept, ladders
from parley.people.notices import Notice
from parley.storage.port import StoreReads, ValueRow
from parley.times import Instant, Moment

SPACE: Final = "private.notified"
SENDS_S: Final = 30.0  # a service that has not answered by then is busy or gone
AGAIN_S: Final = (5.0, 15.0, 60.0, 300.0)  # then every five minutes
_AT_ONCE: Final = Instant(0.0)
_TRIAL_TRIES: Final = 1  # who presses the button wants to know now
_log = logging.getLogger("parley.notify")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How one notification went; `reason` is scrubbed of every part of the address."""

    at: int
    target: str
    kind: str
    channel: str
    trial: bool
    ok: bool
    tries: int
    reason: str = ""


_results: Final = msgspec.json.Decoder(Result)


def results(store: StoreReads) -> list[Result]:
    """Give the kept results, newest first."""
    return [result for _, result in kept.every(store, SPACE, _results)][::-1]


@dataclass(slots=True)
class Sending:
    """One notification on its way to one target."""

    target: str
    notice: Notice
    kind: str
    channel: str
    trial: bool
    still: Callable[[], bool]  # whether its reason lasts
    tries: int = 0
    since: int = 0  # when it was taken up
    not_before: Instant = _AT_ONCE


class Office(Protocol):
    """What this part asks of the node."""

    @property
    def store(self) -> StoreReads: ...
    def now(self) -> Instant: ...
    def moment(self) -> Moment: ...
    def keep_soon(self, rows: Sequence[ValueRow]) -> None: ...
    def tell(self, kind: str, fields: Mapping[str, str | int | bool | None]) -> None: ...


class Notifier:
    """Sends, tries again, keeps what came of it."""

    def __init__(self, node: Office) -> None:
        self._node = node
        self.pauses_s: Sequence[float] = AGAIN_S  # after each failure in turn, then always the last
        self._queue: list[Sending] = []
        self._trying: list[Sending] = []
        self._some = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._sent: deque[Instant] = deque()
        self._numbers = 0
        self.failing: dict[str, Result] = {}  # targets whose last notification failed

    def start(self) -> None:
        """Begin; what failed last before a restart is shown again."""
        for result in reversed(results(self._node.store)):
            self._mark(result)
        self._tasks = [
            asyncio.create_task(self._work(), name=f"notifications {n}") for n in range(limits.NOTIFIERS_MAX)
        ]

    async def stop(self) -> None:
        """End; a process under way is ended with it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def under_way(self) -> list[Sending]:
        """Give what is being tried now or waits for its first try; of what failed before the results tell."""
        return [*self._trying, *(one for one in self._queue if not one.tries)]

    def send(self, sending: Sending) -> None:
        """Take a notification up; one too many is a failed one, said as such."""
        now = self._node.now()
        while self._sent and now - self._sent[0] >= 3600:
            self._sent.popleft()
        if len(self._queue) >= limits.NOTIFICATIONS_WAITING_MAX or len(self._sent) >= limits.NOTIFICATIONS_HOURLY:
            words = f"held back: more than {limits.NOTIFICATIONS_HOURLY} an hour, or too many wait"
            self._note(sending, False, words)
            return
        self._sent.append(now)
        sending.since = int(self._node.moment())
        self._queue.append(sending)
        self._some.set()

    async def _work(self) -> None:
        while True:
            sending = await self._next()
            if sending.tries and not sending.still():
                continue  # answered meanwhile: a second try would call somebody for nothing
            sending.tries += 1
            self._trying.append(sending)
            try:
                ok, reason = await self._try(sending)
            finally:
                self._trying.remove(sending)
            self._note(sending, ok, reason)
            if not ok and not (sending.trial and sending.tries >= _TRIAL_TRIES) and sending.still():
                pause = self.pauses_s[min(sending.tries, len(self.pauses_s)) - 1]
                sending.not_before = Instant(self._node.now() + pause)
                self._queue.append(sending)
                self._some.set()

    async def _next(self) -> Sending:
        while True:
            now = self._node.now()
            due = [one for one in self._queue if one.not_before <= now]
            if due:
                self._queue.remove(due[0])
                return due[0]
            self._some.clear()
            first = min((one.not_before for one in self._queue), default=None)
            with suppress(TimeoutError):  # not wait_for: in Python 3.11 it may swallow the end of this task
                async with asyncio.timeout(None if first is None else first - now):
                    await self._some.wait()

    async def _try(self, sending: Sending) -> tuple[bool, str]:
        try:
            url = ladders.target(self._node.store, sending.target).url
        except Refused as gone:
            return False, gone.sentence
        wish = json.dumps({"url": url, "title": sending.notice.title, "body": sending.notice.body}).encode()
        ok, reason = await in_a_process(wish, SENDS_S)
        return ok, ladders.scrub(reason, url)

    def _note(self, sending: Sending, ok: bool, reason: str) -> None:
        node = self._node
        result = Result(
            at=int(node.moment()), target=sending.target, kind=sending.kind, channel=sending.channel,
            trial=sending.trial, ok=ok, tries=sending.tries, reason=reason,
        )  # fmt: skip
        self._mark(result)
        self._numbers += 1
        rows = [ValueRow(SPACE, f"{result.at:015}|{self._numbers:06}", kept.write(result))]
        known = [key for key, _ in kept.every(node.store, SPACE, _results)]
        rows += [ValueRow(SPACE, key, None) for key in known[: max(0, len(known) - limits.NOTIFICATIONS_KEPT)]]
        node.keep_soon(rows)
        _log.log(logging.INFO if ok else logging.WARNING, "notification to %s: %s", sending.target, reason or "taken")
        node.tell("notify", {"target": sending.target, "ok": ok})

    def _mark(self, result: Result) -> None:
        if result.ok:
            self.failing.pop(result.target, None)
        else:
            self.failing[result.target] = result


async def in_a_process(wish: bytes, limit_s: float) -> tuple[bool, str]:
    """Hand one wish to a process; give whether the service took it, and why not. It never outlives the call."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "parley.node.notify_child", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment,
        )  # fmt: skip
    except OSError as failed:
        return False, f"its process could not be started: {failed.strerror}"
    try:
        async with asyncio.timeout(limit_s):
            said, _ = await process.communicate(wish)
        answer = json.loads(said)
        return bool(answer["ok"]), str(answer["reason"])
    except TimeoutError:
        return False, f"no answer within {limit_s:g} s"
    except (ValueError, KeyError, TypeError):
        return False, "its process ended without a word"
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
