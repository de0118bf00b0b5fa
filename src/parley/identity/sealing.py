"""Closing things: to a side's sealing key (HPKE), or under a passphrase (Argon2id and AES-256-GCM).

Owns: the two sealed forms and their strict opening.
Does not own: what is inside, where files lie (keyfiles.py, storage/backup.py, line's carried files).
Always true:
  1. Opening gives exactly the bytes that were sealed, for the purpose they were sealed for, or raises.
  2. A wrong passphrase and a damaged file look the same: the words say both.
  3. A cut or reordered sealed stream never opens as a shorter one: each piece is numbered and the last is marked.
Read first: docs/protocol/cards.md, "Sealing".
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from parley.errors import PeerError, Refused, ensure

SEAL_PUBLIC_BYTES: Final = 1184 + 32  # ML-KEM-768, then X25519
SEAL_PRIVATE_BYTES: Final = 64 + 32
SALT_BYTES: Final = 16
PIECE_BYTES: Final = 1_048_576  # of a sealed stream: few enough tags, little enough memory
PASSPHRASE_CHARS_MIN: Final = 8

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MAGIC: Final = b"parley-sealed/1\n"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_PREFIX_BYTES: Final = 7  # of the nonce; then a 4-byte piece number and the mark of the last


def seal_public(private: bytes) -> bytes:
    """Give the public sealing key of a private one."""
    key = _private(private)
    return key[0].public_key().public_bytes_raw() + key[1].public_key().public_bytes_raw()


def generate_seal_key() -> bytes:
    """Make a private sealing key from the system's randomness."""
    return MLKEM768PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()


def seal_to(public: bytes, data: bytes, *, purpose: str = "carry") -> bytes:
    """Seal data so that only the holder of the private key opens it, for this purpose only; 1,136 bytes longer.

    Raises: PeerError `identity.key` if their key cannot be used.
    """
    if len(public) != SEAL_PUBLIC_BYTES:
        raise PeerError("identity.key", f"expected a sealing key of {SEAL_PUBLIC_BYTES} bytes, got {len(public)}")
    try:
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:1184]), X25519PublicKey.from_public_bytes(public[1184:])
        )
        return _SUITE.encrypt(data, key, _info(purpose))
    except ValueError:
        raise PeerError("identity.key", "the sealing key cannot be used") from None


def open_sealed(private: bytes, sealed: bytes, *, purpose: str = "carry") -> bytes:
    """Open what was sealed to us; raises PeerError `identity.sealed` if it was not, or not for this purpose."""
    try:
        return _SUITE.decrypt(sealed, MLKEM768X25519PrivateKey(*_private(private)), _info(purpose))
    except (InvalidTag, ValueError):
        raise PeerError("identity.sealed", "not sealed to our key for this purpose, or damaged") from None


def passphrase_key(passphrase: str, salt: bytes) -> bytes:
    """Give 32 bytes from a passphrase, at a cost of 64 MiB and about 0.15 s (RFC 9106, second recommended choice)."""
    kdf = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65_536)
    return kdf.derive(passphrase.encode())


def check_passphrase(passphrase: str) -> None:
    """Raise Refused `identity.passphrase` for one that guards nothing."""
    if len(passphrase) < PASSPHRASE_CHARS_MIN:
        raise Refused("identity.passphrase", f"a passphrase needs at least {PASSPHRASE_CHARS_MIN} characters")


def seal_stream(pieces: Iterable[bytes], passphrase: str, *, purpose: str = "backup") -> Iterator[bytes]:
    """Seal a stream of any length under a passphrase, in constant memory; joined, the output is one sealed file."""
    check_passphrase(passphrase)
    salt, prefix = os.urandom(SALT_BYTES), os.urandom(_PREFIX_BYTES)
    cipher = AESGCM(passphrase_key(passphrase, salt))
    yield _MAGIC + salt + prefix
    buffer, number = bytearray(), 0
    for piece in pieces:
        buffer += piece
        while len(buffer) > PIECE_BYTES:
            yield _seal_piece(cipher, prefix, number, bytes(buffer[:PIECE_BYTES]), last=False, purpose=purpose)
            del buffer[:PIECE_BYTES]
            number += 1
    yield _seal_piece(cipher, prefix, number, bytes(buffer), last=True, purpose=purpose)


def open_stream(pieces: Iterable[bytes], passphrase: str, *, purpose: str = "backup") -> Iterator[bytes]:
    """Open a sealed stream piece by piece; what was given out before an error must be thrown away by the caller.

    Raises: Refused `identity.passphrase` (wrong passphrase, or damaged), PeerError `identity.sealed` (no such file).
    """
    source, buffer = iter(pieces), bytearray()
    head = len(_MAGIC) + SALT_BYTES + _PREFIX_BYTES
    _fill(buffer, source, head)
    if len(buffer) < head or not buffer.startswith(_MAGIC):
        raise PeerError("identity.sealed", "not a file that Parley sealed under a passphrase")
    salt = bytes(buffer[len(_MAGIC) : len(_MAGIC) + SALT_BYTES])
    prefix = bytes(buffer[len(_MAGIC) + SALT_BYTES : head])
    del buffer[:head]
    cipher = AESGCM(passphrase_key(passphrase, salt))
    size, number = PIECE_BYTES + _TAG_BYTES, 0
    while True:
        _fill(buffer, source, size + 1)  # one byte more tells whether this piece is the last
        last = len(buffer) <= size
        try:
            yield cipher.decrypt(_nonce(prefix, number, last), bytes(buffer[:size]), purpose.encode())
        except InvalidTag:
            raise Refused("identity.passphrase", "the passphrase is wrong, or the sealed file is damaged") from None
        del buffer[:size]
        number += 1
        if last:
            return


def seal_backup(data: bytes, passphrase: str) -> bytes:
    """Seal a small backup (keys) in one go."""
    return b"".join(seal_stream((data,), passphrase))


def open_backup(sealed: bytes, passphrase: str) -> bytes:
    """Open what `seal_backup` gave; raises as `open_stream`."""
    return b"".join(open_stream((sealed,), passphrase))


def _private(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    ensure(len(private) == SEAL_PRIVATE_BYTES, f"a private sealing key must have {SEAL_PRIVATE_BYTES} bytes")
    return MLKEM768PrivateKey.from_seed_bytes(private[:64]), X25519PrivateKey.from_private_bytes(private[64:])


def _info(purpose: str) -> bytes:
    return b"parley/v1/seal/" + purpose.encode()


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes((last,))


def _seal_piece(cipher: AESGCM, prefix: bytes, number: int, piece: bytes, *, last: bool, purpose: str) -> bytes:
    return cipher.encrypt(_nonce(prefix, number, last), piece, purpose.encode())


def _fill(buffer: bytearray, source: Iterator[bytes], size: int) -> None:
    while len(buffer) < size:
        piece = next(source, None)
        if piece is None:
            return
        buffer += piece
