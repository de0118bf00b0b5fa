"""The commands of an operating page, typed as they stand there, in a folder and a HOME of their own.

Always true: what is typed is the page's own line; a test names its beginning and may only exchange places and words
that every site has for itself. `end` fails while a command of the page was not typed, so a page cannot grow a lie.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from parley.cli.client import Client
from parley.errors import ParleyError

ROOT: Final = Path(__file__).parents[2]
PASSPHRASE: Final = "a long and quiet sentence"
_WAIT_S: Final = 60.0  # a step takes a second or two on a free machine; CI's may be shared
_LOOK_S: Final = 0.05


class Story:
    """One page being followed."""

    def __init__(self, page: str, folder: Path) -> None:
        self.folder = folder
        self.text = (ROOT / "docs" / "operating" / page).read_text("utf-8")
        self._left = re.findall(r"^\s*\$ (.+)$", self.text, re.MULTILINE)
        self._exchange: dict[str, str] = {}
        self.sources: dict[str, Path] = {}  # of data folders that another release runs
        self._nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._page = page
        for name in ("home", "etc", "stick"):
            (folder / name).mkdir()
        self.word = folder / "etc" / "passphrase"
        self.word.write_text(PASSPHRASE + "\n")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "PYTHON"))},
            "HOME": str(folder / "home"),
        }

    def exchange(self, theirs: str, ours: str) -> None:
        """Put something of this machine in the place of the page's example, in every later line."""
        self._exchange[theirs] = ours

    def ours(self, text: str) -> str:
        """Give a text of the page with the examples exchanged."""
        for old, new in self._exchange.items():
            text = text.replace(old, new)
        return text

    def type(self, begins: str, *, code: int = 0, either: tuple[int, ...] = ()) -> str:
        """Type the page's next command, which must begin so; give its output (errors with it)."""
        return self.run(self._next(begins), code=code, either=either)

    def run(self, line: str, *, code: int = 0, either: tuple[int, ...] = ()) -> str:
        """Run any command line in the story's folder."""
        words = shlex.split(self.ours(line), comments=True)
        environment = self.environment
        if words[0] == "parley":
            environment = environment | {"PYTHONPATH": self._source(words)}
            if words[1] in {"backup", "restore"} and "--passphrase-file" not in words:
                environment = environment | {"PARLEY_PASSPHRASE_FILE": str(self.word)}  # instead of asking a person
            words = [sys.executable, "-m", "parley.cli", *words[1:]]
        done = subprocess.run(
            words, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, timeout=300, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert done.returncode in (either or (code,)), f"{self._page}: {line}: {done.returncode}: {done.stdout}"
        return done.stdout

    def start(self, begins: str) -> str:
        """Type the page's next command, which runs on; give the line it says when it is ready."""
        return self.launch(self._next(begins))

    def launch(self, line: str) -> str:
        """Start a node with any command line and wait for its first words."""
        words = shlex.split(self.ours(line), comments=True)
        return self._launch(words[2], [sys.executable, "-m", "parley.cli", *words[1:]], PYTHONPATH=self._source(words))

    def instead_of(self, begins: str, words: list[str]) -> str:
        """Pass over the page's next command, which is not ours to try here, and start a node with these words."""
        self._next(begins)
        return self._launch("node", words)

    def _launch(self, name: str, words: list[str], **environment: str) -> str:
        with (self.folder / f"{name}.log").open("ab") as log:
            node = subprocess.Popen(
                words, cwd=self.folder, env=self.environment | environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self._nodes[name] = node
        assert node.stdout is not None
        said = select.select([node.stdout], [], [], _WAIT_S)[0] and node.stdout.readline().decode()
        assert said, f"{name}: {(self.folder / f'{name}.log').read_text()}"
        return said

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        """Stop a node; by SIGKILL, as a machine dies."""
        node = self._nodes.pop(name)
        node.send_signal(number)
        node.wait(_WAIT_S)
        if node.stdout is not None:
            node.stdout.close()

    def lose(self, name: str) -> None:
        """Lose a machine: the node dies, the data folder and the second place are gone."""
        self.stop(name, signal.SIGKILL)
        shutil.rmtree(self.folder / name)
        shutil.rmtree(self.folder / f"{name}.anchor")

    def node(self, name: str, person: str = "") -> Client:
        """Give a way to ask a running node, as a person or as the operator."""
        return Client.at(self.folder / name, person)

    def line_is_up(self, *names: str) -> None:
        """Wait until nodes are joined and may sign."""
        for name in names:
            wait(lambda name=name: _ready(self.node(name)), f"{name} did not come up")  # type: ignore[misc]

    def end(self) -> None:
        """Fail if the page has a command that was not typed."""
        assert self._left == [], f"{self._page}: never typed"

    def close(self) -> None:
        """End every node of the story, whatever happened."""
        for node in self._nodes.values():
            with contextlib.suppress(ProcessLookupError):
                node.kill()
            node.wait()
            if node.stdout is not None:
                node.stdout.close()

    def _source(self, words: list[str]) -> str:
        """Give the program by which to run a command: this one, unless the data folder it names has another."""
        return str(next((self.sources[word] for word in words if word in self.sources), ROOT / "src"))

    def _next(self, begins: str) -> str:
        assert self._left, f"{self._page}: no command is left; expected {begins}"
        line = self._left.pop(0)
        assert line.startswith(begins), f"{self._page}: expected {begins}, the page says {line}"
        return line


def wait(true: Callable[[], bool], otherwise: str) -> None:
    """Look until it is so; a node that does not answer yet is not so."""
    end = time.monotonic() + _WAIT_S
    while True:
        with contextlib.suppress(ParleyError):
            if true():
                return
        assert time.monotonic() < end, otherwise
        time.sleep(_LOOK_S)


def _ready(client: Client) -> bool:
    row = client.get("/line")
    return bool(row["up"]) and row["signing"] == "ok"


def free_port() -> int:
    """Give a port that is free on loopback."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


_GIVEN: Final[set[int]] = set()  # a port is given once: nodes of one story start at different times


def two_sides(story: Story) -> None:
    """Make north and south, found their line, run both, and open the channel `leaders` between edda and samira."""
    links = {"north": free_port(), "south": free_port()}
    for name, other in (("north", "south"), ("south", "north")):
        story.run(
            f"parley init {name} --side {name} --name {name.title()} --status exercise --desk 127.0.0.1:{free_port()}"
            f" --listen 127.0.0.1:{links[name]} --route fibre=127.0.0.1:{links[other]}"
        )
    for name, other in (("north", "south"), ("south", "north")):
        story.run(f"parley found {name} {other}/own.card --yes-i-compared")
    for name in links:
        story.launch(f"parley run {name}")
    story.line_is_up("north", "south")
    for name, person in (("north", "edda"), ("south", "samira")):
        admit(story, name, person)
    story.node("north", "edda").post("/channels", channel="leaders", title="Leaders", purpose="")
    wait(lambda: bool(story.node("south").get("/channels")), "the proposal did not arrive")
    story.node("south", "samira").post("/channels/leaders/agree")
    wait(lambda: story.node("north").get("/channels")[0]["state"] == "agreed", "the channel did not open")


def admit(story: Story, name: str, person: str) -> None:
    """Give a person an account and a token at a side."""
    client = story.node(name)
    client.post("/people", person=person, name=person.title(), role="duty-officer")
    made = client.post(f"/people/{person}/tokens", scopes=["all"], days=1)
    file = story.folder / name / "tokens" / person
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(made["token"])


def texts(story: Story, name: str, person: str) -> list[str]:
    """Give what stands in the channel, oldest first."""
    page: Any = story.node(name, person).get("/channels/leaders/messages", count=200)
    return [row["text"] for row in page["messages"]]


def say(story: Story, name: str, person: str, text: str) -> None:
    """Say something in the channel."""
    story.node(name, person).post("/channels/leaders/messages", text=text, language="en")


def own_epochs(story: Story, name: str, person: str) -> int:
    """Give how many epochs the side's log in the channel has, as both sides hold it."""
    rows: Any = story.node(name, person).get("/record")
    return sum(row["log"].startswith(f"leaders/{name}/") for row in rows)
