"""One TLS 1.3 connection whose other end must hold a pinned key: pyOpenSSL over memory, under an asyncio protocol.

Owns: the handshake, the judgement of key and group, bytes in and out, the reasons when it ends.
Does not own: frames, lanes, hello (link/), which connection belongs to what (host.py).
Always true:
  1. No byte goes up before the peer's key was compared with the pin, twice: in the handshake, so that the other side
     gets an alert, and after it, so that nothing hangs on a callback.
  2. No byte goes up unless the key exchange was X25519MLKEM768.
  3. Sessions are never resumed: every connection proves itself.
  4. `ended` is called exactly once, and nothing is called after it.
Read first: docs/protocol/link.md, "Below the frames". Why not the `ssl` module: DESIGN.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import hmac
import socket
import struct
from collections.abc import Callable
from typing import Any, Final, Protocol, cast

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from OpenSSL import SSL, crypto

from parley.errors import OurMistake

GROUP: Final = "X25519MLKEM768"
_READ_BYTES: Final = 65_536  # ciphertext taken from the kernel in one turn: bulk holds the loop for about 0.1 ms
_RECORD_BYTES: Final = 16_384  # the most one TLS record carries (RFC 8446 section 5.1)
_RECORD_OVERHEAD: Final = 32  # header 5, content type 1, tag 16, and some room
_SIOCOUTQNSD: Final = 0x894B  # bytes the kernel has not yet sent at all (linux/sockios.h)
_LINGER_S: Final = 1.0  # for a bye and an alert to leave; then the connection is dropped, read or not


class TlsOwner(Protocol):
    """Who is told."""

    def arrived(self, tls: TlsConnection, address: str) -> bool:
        """A connection was accepted; say whether to begin the handshake."""

    def secured(self, tls: TlsConnection) -> None:
        """Key and group are judged; bytes may go both ways."""

    def plain(self, tls: TlsConnection, data: bytes) -> None:
        """Bytes from the peer, at most one TLS record."""

    def drained(self, tls: TlsConnection) -> None:
        """The kernel takes bytes again."""

    def ended(self, tls: TlsConnection, code: str, words: str) -> None:
        """It is over; also when `close` was called."""


def spki_digest(certificate: x509.Certificate) -> bytes:
    """Give the pin of a certificate: SHA-256 over its public key in SubjectPublicKeyInfo form."""
    key = certificate.public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(key.public_bytes(serialization.Encoding.DER, form)).digest()


class TlsIdentity:
    """Our key and certificate, and the pins of the only other side there is: one, or two while its keys are being
    replaced. Validity dates are not read: the pin is
    the trust, and a node whose clock is wrong must still reach its peer."""

    def __init__(self, *, pem: bytes, pins: tuple[bytes, ...]) -> None:
        self.pins = pins  # the first is in force, the others end once it was seen
        # What a connection takes from the kernel is with OpenSSL before the next one reads: one place serves them all.
        self.incoming = memoryview(bytearray(_READ_BYTES))
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise OurMistake("link.key", "the TLS key of a node is an Ed25519 key")
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_3_VERSION)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.use_certificate(x509.load_pem_x509_certificate(pem))
        context.use_privatekey(key)
        context.check_privatekey()
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verify)
        self.context = context

    def knows(self, digest: bytes) -> bool:
        """Say whether this is a pinned key."""
        return any(hmac.compare_digest(digest, pin) for pin in self.pins)

    def _verify(self, connection: SSL.Connection, certificate: crypto.X509, _e: int, depth: int, _ok: int) -> bool:
        """Judge in the handshake, so that the other side hears an alert. The chain means nothing here, the key all."""
        tls: TlsConnection = connection.get_app_data()
        try:
            digest = spki_digest(certificate.to_cryptography())
        except Exception:  # any certificate may be handed to us; one that cannot be read is not the pinned one
            tls.misfit = "its certificate cannot be read"
            return False
        if depth == 0 and self.knows(digest):
            return True
        tls.misfit = "its key is not the pinned one"
        return False


class TlsConnection(asyncio.BufferedProtocol):
    """One connection, dialled or accepted. All calls on the loop's thread."""

    def __init__(self, identity: TlsIdentity, owner: TlsOwner, *, number: int, accepted: bool) -> None:
        self.number = number
        self.accepted = accepted
        self.group = ""
        self.peer_pin = b""  # which pinned key the peer has shown
        self.misfit = ""  # why the peer's key was refused
        self.blocked = True  # the kernel takes nothing more, or the handshake is not over
        self.bytes_in = 0
        self.bytes_out = 0
        self._identity = identity
        self._owner = owner
        self._ssl = SSL.Connection(identity.context, None)
        self._ssl.set_app_data(self)
        self._transport: asyncio.Transport | None = None
        self._socket: socket.socket | None = None
        self._secured = False
        self._over = False
        self._linger: asyncio.TimerHandle | None = None
        if accepted:
            self._ssl.set_accept_state()
        else:
            self._ssl.set_connect_state()

    # -- from asyncio --------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast(asyncio.Transport, transport)
        if self._over:  # given up while the dial was under way
            transport.abort()
            return
        transport.set_write_buffer_limits(high=0)  # what the kernel does not take at once pauses us
        self._socket = transport.get_extra_info("socket")
        self._option(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.limit_unsent(16_384)
        address = str((transport.get_extra_info("peername") or ("?",))[0])
        if self.accepted and not self._owner.arrived(self, address):
            self._over = True
            transport.abort()
            return
        if not self.accepted:
            self._turn(self._handshake)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._identity.incoming

    def buffer_updated(self, nbytes: int) -> None:
        if self._over:
            return
        self.bytes_in += nbytes
        self._ssl.bio_write(self._identity.incoming[:nbytes])
        self._turn(self._read if self._secured else self._handshake)

    def eof_received(self) -> bool:
        return False  # half-open connections mean nothing here: asyncio closes, connection_lost follows

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            words = f"the connection broke: {exc.strerror or exc}" if isinstance(exc, OSError) else str(exc)
        elif self._secured:
            words = "the other side closed the connection"
        else:
            words = "closed before TLS was done"
        self._end("link.lost", words)
        if self._linger is not None:  # the transport is gone: asyncio must not be asked to abort it
            self._linger.cancel()
        self._ssl.set_app_data(None)  # or the two would keep each other until some later garbage collection

    def pause_writing(self) -> None:
        self.blocked = True

    def resume_writing(self) -> None:
        self.blocked = not self._secured
        if self._secured:  # later: asyncio calls this from within its own writing, which another write may end
            asyncio.get_running_loop().call_soon(self._drained)

    def _drained(self) -> None:
        if not self._over and not self.blocked:
            self._owner.drained(self)

    # -- for the owner -------------------------------------------------------------------------------------------

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and hand to the kernel: one record for up to 16 KiB, one system call if the kernel has room."""
        if self._over or not self._secured:
            return
        try:
            self._ssl.sendall(data)  # `send` would stop after one record
        except SSL.Error as error:  # told later, never from inside a send: whoever sends is in the middle of something
            asyncio.get_running_loop().call_soon(self._end, *self._reason(error))
            return
        self._flush(len(data))

    def close(self) -> None:
        """Say goodbye in TLS's own way and close; `ended` is called before this returns."""
        if self._over:
            return
        with contextlib.suppress(SSL.Error):
            if self._secured:
                self._ssl.shutdown()
            self._flush(0)
        self._end("link.closed", "closed by us")

    def unsent_bytes(self) -> int:
        """Give what has left the lane but not this machine: ours, and what the kernel has not sent yet."""
        transport, sock = self._transport, self._socket
        if transport is None or sock is None or self._over or transport.is_closing():
            return 0
        waiting = transport.get_write_buffer_size()
        try:
            answer = fcntl.ioctl(sock.fileno(), _SIOCOUTQNSD, b"\0\0\0\0")
        except OSError:  # not Linux: the kernel's part is not known
            return waiting
        return waiting + int(struct.unpack("i", answer)[0])

    def limit_unsent(self, size_bytes: int) -> None:
        """Let the kernel hold at most about this much that it has not sent: what is chosen late is chosen fresh."""
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            self._option(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, size_bytes)

    # -- inside --------------------------------------------------------------------------------------------------

    def _option(self, level: int, option: int, value: int) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # a socket that is already dead tells so by itself
                self._socket.setsockopt(level, option, value)

    def _turn(self, work: Callable[[], None]) -> None:
        """Do one part of the work; whatever TLS finds wrong ends the connection with a reason."""
        try:
            work()
        except SSL.WantReadError:
            if not self._secured and not self._over:
                self._flush(0)
        except SSL.ZeroReturnError:
            self._end("link.lost", "the other side closed the connection")
        except SSL.Error as error:
            with contextlib.suppress(SSL.Error):
                self._flush(0)  # the alert that tells the other side why
            self._end(*self._reason(error))

    def _handshake(self) -> None:
        self._ssl.do_handshake()
        self._flush(0)
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        digest = None if certificate is None else spki_digest(certificate)
        if digest is None or not self._identity.knows(digest):
            self._end("link.pin", "its key is not the pinned one")
            return
        self.peer_pin = digest
        self.group = self._ssl.get_group_name() or "unknown"
        if self.group != GROUP:
            self._end("link.group", f"expected the key exchange {GROUP}, got {self.group}")
            return
        self._secured = True
        self.blocked = False
        self._owner.secured(self)
        self._read()

    def _read(self) -> None:
        receive, plain = self._ssl.recv, self._owner.plain
        while not self._over:
            plain(self, receive(_RECORD_BYTES))

    def _flush(self, plain_bytes: int) -> None:
        """Move ciphertext from OpenSSL's memory to the kernel; `plain_bytes` says how much to expect."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        room = plain_bytes + (plain_bytes // _RECORD_BYTES + 1) * _RECORD_OVERHEAD + 4_096
        while True:
            try:
                data = self._ssl.bio_read(room)
            except SSL.WantReadError:
                return
            self.bytes_out += len(data)
            transport.write(data)
            if len(data) < room:
                return  # OpenSSL gave all it had: no second call to hear "nothing"

    def _reason(self, error: SSL.Error) -> tuple[str, str]:
        if self.misfit:
            return "link.pin", self.misfit
        text = _openssl_words(error)
        if "alert" in text and ("unknown ca" in text or "certificate" in text):
            return "link.refused", "the other node does not accept our key"
        if self._secured:
            return "link.tls", f"TLS failed: {text}"
        return "link.tls", f"no TLS 1.3 handshake: {text}"

    def _end(self, code: str, words: str) -> None:
        if self._over:
            return
        self._over = True
        self.blocked = True
        transport = self._transport
        if transport is not None and not transport.is_closing():
            transport.close()
            if transport.get_write_buffer_size():
                self._linger = asyncio.get_running_loop().call_later(_LINGER_S, transport.abort)
        self._owner.ended(self, code, words)


def _openssl_words(error: SSL.Error) -> str:
    """Give OpenSSL's last reason, in its words, bounded: they may quote nothing of the peer's but alert names."""
    if isinstance(error, SSL.SysCallError):
        return "the connection ended in the middle"
    details: Any = error.args[0] if error.args else ()
    if isinstance(details, list) and details and isinstance(details[-1], tuple):
        return str(details[-1][-1]).lower()[:100]
    return "no reason given"
