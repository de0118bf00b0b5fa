"""One side's keeper: a process that has read the program once, forks a node for every start, and kills it.

    {"do": "start", …}                                     →  {"pid": 71}
    {"do": "kill", "more": 3, "within_s": 1, "share": 0.4} →  {"signal": 9, "inside": true, "commits": 88}
    {"do": "wait"}                                         →  {"signal": 0, "code": 0, …}

Being the parent it knows whether its child died of the signal, and being a process of its own it is not kept from
killing in the middle of a commit by anything that the harness does meanwhile.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kills import client
from tests.kills.marks import Marks

Order = Callable[[dict[str, Any]], dict[str, Any]]


class Keeper:
    """Starts one node after the other."""

    def __init__(self, commands: socket.socket, control: socket.socket) -> None:
        self._commands = commands
        self._control = control
        self._child = 0
        self._marks: Marks | None = None

    def serve(self) -> None:
        """Carry out commands until the harness lets go."""
        while message := self._commands.recv(65_536):
            wish = json.loads(message)
            orders: dict[str, Order] = {"start": self._start, "kill": self._kill, "wait": self._wait}
            answer = orders[wish["do"]](wish)
            self._commands.send(json.dumps(answer).encode())
        if self._child:
            os.kill(self._child, signal.SIGKILL)

    def _start(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert not self._child, "the last node still lives"
        if self._marks is not None:
            self._marks.close()
        self._marks = Marks()
        self._child = os.fork()
        if not self._child:
            self._live(wish)  # does not come back
        return {"pid": self._child}

    def _live(self, wish: dict[str, Any]) -> None:
        code = 70
        try:
            self._commands.close()
            printed = os.open(wish["printed"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(printed, 1)
            os.dup2(printed, 2)
            assert self._marks is not None
            code = client.live(Path(wish["data"]), self._control, self._marks, wish)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _kill(self, wish: dict[str, Any]) -> dict[str, Any]:
        assert self._marks is not None
        if wish["more"]:
            self._marks.wait_for(wish["more"], wish["within_s"])
            self._marks.pause(wish["share"])
        else:
            time.sleep(wish["within_s"])
        os.kill(self._child, signal.SIGKILL)
        return self._wait(wish)

    def _wait(self, _: dict[str, Any]) -> dict[str, Any]:
        assert self._marks is not None
        status = os.waitpid(self._child, 0)[1]
        self._child = 0
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
        return {
            "signal": ended_by, "code": code, "inside": self._marks.under_way, "commits": self._marks.commits,
        }  # fmt: skip


if __name__ == "__main__":
    gc.freeze()  # what the forks share stays shared
    Keeper(*(socket.socket(fileno=int(number)) for number in sys.argv[1:3])).serve()
