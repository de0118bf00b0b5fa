"""How the terminal reaches the running node: its API, over loopback, with a token from the data folder.

Owns: finding the node (run.json), the token (tokens/PERSON or api-token), turning answers back into errors of ours,
how far a file has gone, either way.
Always true: 1. A token file that others may read is not used; the words say how to mend it.
"""

from __future__ import annotations

import http.client
import json
import mimetypes
import os
import socket
import ssl
import stat
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import quote, urlsplit

from parley.cli.output import Progress
from parley.cli.writing import new_file
from parley.codec import check_person
from parley.errors import OurMistake, ParleyError, PeerError, Refused, Unavailable

_TIMEOUT_S: Final = 30
_FILE_TIMEOUT_S: Final = 3600  # before it answers, a node writes out or verifies the whole file; one that ends is seen
ADMINISTRATOR_TOKEN: Final = "api-token"  # noqa: S105 - a file's name


def data_folder(chosen: Namespace) -> Path:
    """Give the data folder the command is about."""
    folder: Path | None = chosen.data
    if folder is None and os.environ.get("PARLEY_DATA"):
        folder = Path(os.environ["PARLEY_DATA"])
    if folder is None:
        raise Refused("cli.data", "which node? Give --data DIR or set PARLEY_DATA")
    return folder


class Client:
    """One person's way to their node."""

    def __init__(
        self, origin: str, address: str, token: str, *, trusted: Path | None = None, bars: bool = False
    ) -> None:
        self._at = urlsplit(origin)  # what the desk is called; its certificate names this
        self._address = address  # where it is reached from this machine
        self._token = token
        self._trusted = trusted
        self._bars = bars

    @property
    def desk(self) -> str:
        """Give the desk's address as browsers know it."""
        return self._at.geturl()

    @classmethod
    def of(cls, chosen: Namespace) -> Client:
        """Make a client for the node and person that the command names."""
        folder = data_folder(chosen)
        person = chosen.speaker or os.environ.get("PARLEY_PERSON") or ""
        return cls.at(folder, person, bars=not getattr(chosen, "json", False))

    @classmethod
    def at(cls, folder: Path, person: str = "", *, bars: bool = False) -> Client:
        """Make a client for the node that runs in a data folder; with `bars` a terminal sees how far a file is."""
        try:
            ready = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            desk, address = str(ready["desk"]), str(ready["address"])
            trusted = Path(ready["certificate"]) if ready.get("certificate") else None
        except FileNotFoundError:
            if not folder.is_dir():
                raise Refused("cli.data", f"--data: {folder} is not there; give the node's data folder") from None
            raise Unavailable(
                "cli.not-running", f"no node runs in {folder}: start one with `parley run {folder}`"
            ) from None
        except OSError as failed:
            raise Refused(
                "cli.data",
                f"--data: {folder} is no data folder that this user may read: {failed.strerror}",
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unavailable(
                "cli.not-running", f"{folder / 'run.json'} is not what a node writes there; start it again"
            ) from None
        name = folder / "tokens" / person_id(person) if person else folder / ADMINISTRATOR_TOKEN
        return cls(desk, address, read_token(name, person), trusted=trusted, bars=bars)

    def get(self, path: str, **query: object) -> Any:
        """Ask for something."""
        return self._ask("GET", path + _query(query))

    def post(self, path: str, **body: object) -> Any:
        """Do something."""
        return self._ask("POST", path, json.dumps(body).encode())

    def put(self, path: str, **body: object) -> Any:
        """Set something."""
        return self._ask("PUT", path, json.dumps(body).encode())

    def delete(self, path: str) -> None:
        """End something."""
        self._ask("DELETE", path)

    def upload(self, path: str, file: Path, **query: object) -> Any:
        """Send a file as a raw body, in constant memory."""
        try:
            with file.open("rb") as source:
                size = file.stat().st_size
                with Progress(f"Handing in {file.name}", size, on=self._bars) as bar:
                    return self._ask(
                        "POST", path + _query(query), _Watched(source, file, size, bar), length=size, bar=bar
                    )
        except OSError as failed:
            raise Refused("cli.unreadable", f"{file} cannot be read: {failed.strerror}") from None

    def attach(self, file: Path) -> str:
        """Hand a file in, to be named in something said; gives its root."""
        if not file.is_file():
            raise Refused("cli.unreadable", f"{file} is not a file")
        media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return str(self.upload("/attachments", file, name=file.name, media=media)["root"])

    def download(self, path: str, to: Path) -> int:
        """Write an answer to a file that must not be there yet; give its size in bytes."""
        size = 0
        with (
            Progress(f"Writing {to.name}", 1, on=self._bars) as bar,
            self._answer("GET", path, None, None, timeout_s=_FILE_TIMEOUT_S, bar=bar) as answer,
        ):
            total = answer.length or 0
            with new_file(to) as out:
                for piece in _pieces(answer):
                    size += out.write(piece)
                    bar.to(size, total)
                if size < total:  # the library takes a connection that ends for the end of the file
                    raise Unavailable(
                        "cli.answer", f"the node went away after {size} of {total} bytes; nothing was left at {to}"
                    )
        return size

    def _ask(
        self, method: str, path: str, body: Any = None, length: int | None = None, bar: Progress | None = None
    ) -> Any:
        timeout_s = _TIMEOUT_S if length is None else _FILE_TIMEOUT_S
        with self._answer(method, path, body, length, timeout_s=timeout_s, bar=bar) as answer:
            raw = answer.read()
            return json.loads(raw) if raw else None

    @contextmanager
    def _answer(
        self, method: str, path: str, body: Any, length: int | None, *, timeout_s: float, bar: Progress | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        headers = {"Authorization": f"Bearer {self._token}"}
        if body is not None:
            headers["Content-Type"] = "application/json" if isinstance(body, bytes) else "application/octet-stream"
        if length is not None:
            headers["Content-Length"] = str(length)
        connection: http.client.HTTPConnection | None = None
        try:
            connection = self._connect(timeout_s)
            connection.request(method, "/api/v1" + path, body=body, headers=headers)
            with bar.others_work("the node works on it") if bar is not None else nullcontext():
                answer = connection.getresponse()
            if answer.status >= 400:
                raise _error(answer)
            yield answer
        except (OSError, http.client.HTTPException) as failed:
            raise Unavailable("cli.not-running", f"the node does not answer at {self._at.netloc}: {failed}") from None
        finally:
            if connection is not None:
                connection.close()

    def _connect(self, timeout_s: float) -> http.client.HTTPConnection:
        name, port = self._at.hostname or "127.0.0.1", self._at.port
        made: http.client.HTTPConnection
        if self._at.scheme == "https":
            context = ssl.create_default_context(cafile=str(self._trusted) if self._trusted else None)
            if self._trusted is not None:
                context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # this one certificate, whoever signed it
            made = http.client.HTTPSConnection(name, port, timeout=timeout_s, context=context)
        else:
            made = http.client.HTTPConnection(name, port, timeout=timeout_s)
        host, _, dialled = self._address.rpartition(":")
        made.sock = socket.create_connection((host.strip("[]"), int(dialled)), timeout=timeout_s)
        if isinstance(made, http.client.HTTPSConnection):
            made.sock = context.wrap_socket(made.sock, server_hostname=name)
        return made


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Give a file as it comes, up to where it ends or the node goes away."""
    try:
        while piece := answer.read(65_536):
            yield piece
    except (OSError, http.client.HTTPException):
        return  # the caller sees what is missing


class _Watched:
    """A file on its way out, as http.client reads it; a bar shows how much of it has gone.

    Where it cannot be read to its end, that is said here: further out a failure is the node's.
    """

    def __init__(self, source: BinaryIO, file: Path, size: int, bar: Progress) -> None:
        self._source, self._file, self._size, self._bar, self._done = source, file, size, bar, 0

    def read(self, size: int = -1) -> bytes:
        """Give the next piece; what was given before has gone."""
        self._bar.to(self._done)
        try:
            piece = self._source.read(size)
        except OSError as failed:
            raise self._cut_short(str(failed.strerror)) from None
        self._done += len(piece)
        if not piece and self._done < self._size:  # the node would wait for the rest
            raise self._cut_short(f"it ends after {self._done} of {self._size} bytes")
        if not piece:
            self._bar.to(self._done)
        return piece

    def _cut_short(self, why: str) -> Unavailable:
        return Unavailable("cli.file", f"{self._file} cannot be read to its end: {why}; nothing was taken in")


def person_id(text: str) -> str:
    """Give the text back if it can be a person's id, and so the name of a file; raises Refused `cli.usage`."""
    try:
        return check_person(text)
    except PeerError:
        raise Refused("cli.usage", f"--as: expected an id that `parley people` lists, got {text[:40]!r}") from None


def read_token(path: Path, person: str) -> str:
    """Read a token file, which only its owner may read."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        if person:
            raise Refused(
                "cli.token", f"no token for {person} here: `parley people token {person} --data {path.parent.parent}`"
            ) from None
        raise Unavailable("cli.not-running", f"{path} is not there; the node writes it when it starts") from None
    except (OSError, UnicodeDecodeError):
        raise Refused("cli.token", f"{path} cannot be read by this user") from None
    if stat.S_IMODE(mode) & 0o077:
        raise Refused("cli.token", f"{path} can be read by others; mend it with `chmod 600 {path}`")
    return text


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600, exist_ok=False)
    with fresh.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)


def subject_path(room: str, subject: str | None) -> str:
    """Give the part of an API's path that names a subject of a room; raises Refused `cli.subject`."""
    parts = (subject or "").split("/")
    if len(parts) != 4 or parts[0] != room or not (parts[2].isdigit() and parts[3].isdigit()):
        raise Refused("cli.subject", f'expected a subject such as {room}/south/0/4, got "{(subject or "")[:80]}"')
    return f"{quote(parts[1], safe='')}/{parts[2]}/{parts[3]}"


def message_path(channel: str, subject: str) -> str:
    """Give the API's path of a message, from its subject as people type it."""
    return f"/channels/{quote(channel, safe='')}/messages/{subject_path('message', subject)}"


def _query(fields: dict[str, object]) -> str:
    return "?" + "&".join(f"{key}={quote(str(value), safe='')}" for key, value in fields.items()) if fields else ""


def _error(answer: http.client.HTTPResponse) -> ParleyError:
    try:
        told = json.loads(answer.read())
        code, sentence = str(told["code"]), str(told["sentence"])
    except (ValueError, KeyError, TypeError):
        return Unavailable("cli.answer", f"the node answered with HTTP status {answer.status}")
    if answer.status == 503:
        return Unavailable(code, sentence)
    if answer.status >= 500:
        return OurMistake(code, sentence)
    return PeerError(code, sentence) if answer.status == 422 else Refused(code, sentence)
