"""What this machine can do bare: the fsyncs, signatures and round trips under Parley's figures, without Parley.

Two processes, nothing of ours imported: `os.write` + `fdatasync`, a bare SQLite commit (apsw, WAL, synchronous=FULL),
Ed25519, and pyOpenSSL TLS 1.3 (X25519MLKEM768, mutual) over a blocking socket on loopback. The `line` floor is the
whole chain in one measurement, as a message of 500 bytes must at least go:

    North: sign, commit with fsync → TLS → South: verify, commit with fsync, sign → TLS → North: verify

SQLite is taken as it comes: its write-ahead log grows to the thousandth page and begins again. Parley's own writes over
ground laid beforehand (storage/DESIGN.md), so a commit of its may take less than the bare one, above all in the tail.

The benchmark runner starts a `Floor` once, and takes samples from it in turn with those of the product, so that both
meet the same neighbours on the machine:

    with Floor(folder) as floor:
        floor.line(200)      # 200 durations in seconds

`python -m benchmarks.floor [--json] [--count N]` prints all of them.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

import apsw
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

BODY_BYTES: Final = 500
GROUP: Final = "X25519MLKEM768"
# What a message costs on the wire beside its body: a checkpoint's root and signature; back: size, root, signature.
SIGNATURE_BYTES: Final = 64
_ECHO, _LINE, _END = b"e", b"l", b"q"
_TURN: Final = 10


@dataclass(frozen=True)
class Spread:
    """Durations in one line."""

    count: int
    p50_s: float
    p99_s: float
    worst_s: float


def spread(durations: list[float]) -> Spread:
    """Give median, 99th percentile and worst."""
    ordered = sorted(durations)
    last = len(ordered) - 1
    return Spread(len(ordered), ordered[last // 2], ordered[min(last, int(len(ordered) * 0.99))], ordered[last])


def timed(count: int, work: Callable[[], object]) -> list[float]:
    """Give how long each of `count` calls took."""
    durations = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        durations.append(time.perf_counter() - begun)
    return durations


class Disk:
    """The two barest ways to have 500 bytes safe."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / "append", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._db = apsw.Connection(str(folder / "bare.db"))
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE IF NOT EXISTS record(number INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT")
        self._db.execute("CREATE TABLE IF NOT EXISTS head(number INTEGER PRIMARY KEY, signature BLOB NOT NULL) STRICT")

    def append(self, body: bytes) -> None:
        """Append and fdatasync."""
        if os.write(self._file, body) != len(body):
            raise OSError("the disk took only a part")
        os.fdatasync(self._file)

    def commit(self, body: bytes, signature: bytes) -> None:
        """One synced transaction: an entry, and the signature over the head."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("INSERT INTO record(leaf) VALUES(?)", (body,))
        self._db.execute("INSERT INTO head(signature) VALUES(?)", (signature,))
        self._db.execute("COMMIT")

    def close(self) -> None:
        os.close(self._file)
        self._db.close()


class Wire:
    """Framed messages over blocking TLS: one `send` and at least one `recv` system call each way."""

    def __init__(self, sock: socket.socket, context: SSL.Context, *, server: bool) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tls = SSL.Connection(context, sock)
        (self._tls.set_accept_state if server else self._tls.set_connect_state)()
        self._tls.do_handshake()
        group = self._tls.get_group_name()
        if group != GROUP:
            raise RuntimeError(f"expected {GROUP}, got {group}")
        self._sock = sock
        self._held = b""

    def send(self, message: bytes) -> None:
        self._tls.sendall(struct.pack(">I", len(message)) + message)

    def receive(self) -> bytes:
        while len(self._held) < 4 or len(self._held) < 4 + struct.unpack(">I", self._held[:4])[0]:
            self._held += self._tls.recv(65_536)
        end = 4 + int(struct.unpack(">I", self._held[:4])[0])
        message, self._held = self._held[4:end], self._held[end:]
        return message

    def close(self) -> None:
        with contextlib.suppress(SSL.Error):
            self._tls.shutdown()
        self._sock.close()


def context() -> SSL.Context:
    """Mutual TLS 1.3 with a fresh key; who the other is does not matter to a stop-watch, that it is verified does."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "floor")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, None)
    )
    made = SSL.Context(SSL.TLS_METHOD)
    made.set_min_proto_version(SSL.TLS1_3_VERSION)
    made.set_options(SSL.OP_NO_TICKET)
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    made.use_certificate(certificate)
    made.use_privatekey(key)
    made.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    return made


class Floor:
    """North in this process, South in a child of its own, joined by one TLS connection; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = Ed25519PrivateKey.generate()
        self._south_key = Ed25519PrivateKey.generate()
        self._south_public = self._south_key.public_key()
        self._body = os.urandom(BODY_BYTES)

    def __enter__(self) -> Floor:
        self._folder.mkdir(parents=True, exist_ok=True)
        listening = socket.create_server(("127.0.0.1", 0))
        self._child = os.fork()
        if self._child == 0:
            _be_south(listening, self._folder / "south", self._south_key, self._key)
        sock = socket.create_connection(listening.getsockname())
        listening.close()
        self._wire = Wire(sock, context(), server=False)
        self._disk = Disk(self._folder / "north")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(SSL.Error, OSError):
            self._wire.send(_END)
        self._wire.close()
        self._disk.close()
        os.waitpid(self._child, 0)

    def append(self, count: int) -> list[float]:
        """500 bytes appended to a file, with fdatasync."""
        return timed(count, lambda: self._disk.append(self._body))

    def commit(self, count: int) -> list[float]:
        """500 bytes and a signature in one synced SQLite transaction."""
        return timed(count, lambda: self._disk.commit(self._body, bytes(SIGNATURE_BYTES)))

    def sign(self, count: int) -> list[float]:
        """One Ed25519 signature over a checkpoint's size of text."""
        message = self._body[:120]
        return timed(count, lambda: self._key.sign(message))

    def verify(self, count: int) -> list[float]:
        """One Ed25519 verification."""
        message = self._body[:120]
        signature = self._south_key.sign(message)
        return timed(count, lambda: self._south_public.verify(signature, message))

    def round_trip(self, count: int) -> list[float]:
        """500 bytes there and a signature's size back, over TLS, nothing else."""
        message = _ECHO + self._body

        def once() -> None:
            self._wire.send(message)
            self._wire.receive()

        return timed(count, once)

    def line(self, count: int) -> list[float]:
        """The whole chain: two commits, two signatures, two verifications, one round trip, one after the other."""
        return timed(count, self.line_once)

    def line_once(self) -> None:
        """One message, bare."""
        head = hashlib.sha256(self._body).digest()
        signature = self._key.sign(head)
        self._disk.commit(self._body, signature)
        self._wire.send(_LINE + signature + self._body)
        self._south_public.verify(self._wire.receive(), head)


def _be_south(listening: socket.socket, folder: Path, key: Ed25519PrivateKey, north: Ed25519PrivateKey) -> None:
    """The child: answer until told to end. Never returns."""
    status = 1
    try:
        sock, _ = listening.accept()
        listening.close()
        wire, disk, public = Wire(sock, context(), server=True), Disk(folder), north.public_key()
        short = bytes(SIGNATURE_BYTES)
        while True:
            message = wire.receive()
            what = message[:1]
            if what == _END:
                break
            if what == _ECHO:
                wire.send(short)
                continue
            signature, body = message[1 : 1 + SIGNATURE_BYTES], message[1 + SIGNATURE_BYTES :]
            head = hashlib.sha256(body).digest()
            public.verify(signature, head)
            answer = key.sign(head)  # made before the commit that holds it, sent after
            disk.commit(body, answer)
            wire.send(answer)
        disk.close()
        status = 0
    except (SSL.Error, OSError) as error:
        print(f"floor: the other process ended: {error!r}", file=sys.stderr)
    finally:
        os._exit(status)


def measure(folder: Path, *, count: int) -> Iterator[tuple[str, Spread]]:
    """Give each floor by name, from one pair of processes.

    All are taken in turn, a few at a time: a disk that serves others changes its pace by a factor of ten within a
    minute, and floors from different minutes must not be added up or compared.
    """
    with Floor(folder) as floor:
        floors: dict[str, Callable[[int], list[float]]] = {
            "append + fdatasync": floor.append,
            "sqlite commit": floor.commit,
            "ed25519 sign": floor.sign,
            "ed25519 verify": floor.verify,
            "tls round trip": floor.round_trip,
            "line": floor.line,
        }
        durations: dict[str, list[float]] = {name: [] for name in floors}
        floor.line(_TURN)  # warm
        for _ in range(max(1, count // _TURN)):
            for name, take in floors.items():
                durations[name] += take(_TURN)
        for name, found in durations.items():
            yield name, spread(found)


def main(arguments: list[str] | None = None) -> int:
    """Print every floor of this machine."""
    parser = argparse.ArgumentParser(description="What this machine can do bare.")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--dir", type=Path, help="where to write; a disk, not a tmpfs (default: the current folder)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix=".floor-", dir=chosen.dir or Path.cwd()) as folder:
        for name, found in measure(Path(folder), count=chosen.count):
            if chosen.json:
                row = {"row": f"floor: {name}", "p50_ms": found.p50_s * 1e3, "p99_ms": found.p99_s * 1e3}
                print(json.dumps({**row, "worst_ms": found.worst_s * 1e3, "count": found.count}))
            else:
                print(f"{name:20} p50 {found.p50_s * 1e3:7.3f} ms   p99 {found.p99_s * 1e3:7.3f} ms   n {found.count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
