"""The key files of a side: five small files that nobody else may read, each under a passphrase if one is set.

Owns: their names, form, permissions, and clear words for what is wrong with them.
Does not own: the keys (sidekeys.py). Not a core: the shell calls it at start and at `parley init`.
Always true:
  1. A file is written whole or not at all, with mode 0600 from its first byte.
  2. A file that others may read is refused, not repaired: it may have been read already.
  3. `identity.key` may be missing (kept offline); the others may not.
Read first: docs/protocol/cards.md, "Key files".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley import limits
from parley.codec import Reader, b64, decode, encode, unb64
from parley.errors import OurMistake, ParleyError, PeerError, Refused, Unavailable
from parley.identity.keys import PAIR_BYTES, SigningPair
from parley.identity.sealing import SALT_BYTES, SEAL_PRIVATE_BYTES, check_passphrase, passphrase_key
from parley.identity.sidekeys import SideKeys, spki_digest

FORMAT: Final = "parley-key/1"
IDENTITY: Final = "identity.key"
NAMES: Final = (IDENTITY, "log.key", "cosign.key", "seal.key", "tls.key")
_NONCE_BYTES: Final = 12


def save(keys: SideKeys, folder: Path, passphrase: str | None) -> None:
    """Write all key files into `folder` (made with mode 0700).

    Raises:
        Refused: identity.passphrase (too short), identity.keys-exist (a key file is already there; nothing written).
        Unavailable: identity.keys-write; files of this call may remain.
    """
    if passphrase is not None:
        check_passphrase(passphrase)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = [name for name in NAMES if (folder / name).exists()]
        if there:
            raise Refused("identity.keys-exist", f"{folder} already holds {', '.join(there)}; nothing was written")
        salt = os.urandom(SALT_BYTES)
        cipher = None if passphrase is None else AESGCM(passphrase_key(passphrase, salt))
        for name, secret in _secrets(keys):
            _write(folder / name, _file(name, secret, salt, cipher))
        _sync_folder(folder)
    except OSError as fault:
        raise Unavailable("identity.keys-write", f"key files in {folder}: {fault.strerror}") from None


def load(folder: Path, passphrase: str | None) -> SideKeys:
    """Read all key files of `folder`; a missing identity.key gives keys without identity.

    Raises:
        Unavailable: identity.keys-missing, identity.keys-read.
        Refused: identity.keys-open (others may read a file), identity.keys-form (damaged, or not a key file),
            identity.passphrase (wrong, missing, or not needed).
    """
    ciphers: dict[bytes, AESGCM] = {}  # the slow derivation once a salt, so usually once
    found: dict[str, bytes] = {}
    for name in NAMES:
        path = folder / name
        data = _read(path)
        if data is None:
            if name == IDENTITY:
                continue
            raise Unavailable("identity.keys-missing", f"{path} is missing; restore it from a key backup")
        found[name] = _secret(path, data, passphrase, ciphers)
    try:
        return SideKeys(
            identity=SigningPair.from_bytes(found[IDENTITY]) if IDENTITY in found else None,
            log=SigningPair.from_bytes(found["log.key"]),
            cosign=SigningPair.from_bytes(found["cosign.key"]),
            tls=_tls(found["tls.key"]),
            seal=_sized(found["seal.key"], SEAL_PRIVATE_BYTES),
        )
    except (OurMistake, ValueError):
        raise Refused("identity.keys-form", f"a key file in {folder} does not hold the key its name says") from None


def load_identity(folder: Path, passphrase: str | None) -> SigningPair:
    """Read the identity key alone, from wherever it is kept offline. Raises as `load`, and for a missing file."""
    path = folder / IDENTITY
    data = _read(path)
    if data is None:
        raise Unavailable("identity.keys-missing", f"{path} is missing; bring the medium it is kept on")
    try:
        return SigningPair.from_bytes(_secret(path, data, passphrase, {}))
    except (OurMistake, ValueError):
        raise Refused("identity.keys-form", f"{path} does not hold the key its name says") from None


def pack(keys: SideKeys) -> bytes:
    """Give all keys as bytes for `seal_backup`; secret."""
    return encode({name: b64(secret) for name, secret in _secrets(keys)})


def unpack(data: bytes) -> SideKeys:
    """Read what `pack` gave; raises PeerError `identity.backup`."""
    try:
        packed = Reader(decode(data, bytes_max=limits.KEY_FILE_BYTES_MAX), code="identity.backup")
        keys = SideKeys(
            identity=SigningPair.from_bytes(packed.data(IDENTITY, PAIR_BYTES)) if packed.has(IDENTITY) else None,
            log=SigningPair.from_bytes(packed.data("log.key", PAIR_BYTES)),
            cosign=SigningPair.from_bytes(packed.data("cosign.key", PAIR_BYTES)),
            tls=_tls(packed.data("tls.key", max_bytes=limits.KEY_FILE_BYTES_MAX)),
            seal=packed.data("seal.key", SEAL_PRIVATE_BYTES),
        )
        packed.done()
    except (OurMistake, PeerError, ValueError):
        raise PeerError("identity.backup", "the backup opened, but does not hold a side's keys") from None
    return keys


def _secrets(keys: SideKeys) -> list[tuple[str, bytes]]:
    pairs = [("log.key", keys.log.to_bytes()), ("cosign.key", keys.cosign.to_bytes())]
    if keys.identity is not None:
        pairs.insert(0, (IDENTITY, keys.identity.to_bytes()))
    return [*pairs, ("seal.key", keys.seal), ("tls.key", keys.tls)]


def _file(name: str, secret: bytes, salt: bytes, cipher: AESGCM | None) -> bytes:
    if cipher is None:
        return encode({"format": FORMAT, "name": name, "secret": b64(secret)}) + b"\n"
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, secret, _bound(name))
    return encode({"format": FORMAT, "kdf": "argon2id", "name": name, "salt": b64(salt), "sealed": b64(sealed)}) + b"\n"


def _secret(path: Path, data: bytes, passphrase: str | None, ciphers: dict[bytes, AESGCM]) -> bytes:
    try:
        fields = Reader(decode(data.removesuffix(b"\n"), bytes_max=limits.KEY_FILE_BYTES_MAX))
        fields.choice("format", (FORMAT,))
        fields.choice("name", (path.name,))
        if fields.has("secret"):
            secret = unb64(fields.text("secret", max_chars=limits.KEY_FILE_BYTES_MAX))
            fields.done()
            return secret
        fields.choice("kdf", ("argon2id",))
        salt = fields.data("salt", SALT_BYTES)
        sealed = unb64(fields.text("sealed", max_chars=limits.KEY_FILE_BYTES_MAX))
        fields.done()
    except ParleyError as fault:
        raise Refused("identity.keys-form", f"{path} is damaged or no key file: {fault.sentence}") from None
    if passphrase is None:
        raise Refused("identity.passphrase", f"{path} is under a passphrase and none was given")
    if salt not in ciphers:
        ciphers[salt] = AESGCM(passphrase_key(passphrase, salt))
    try:
        return ciphers[salt].decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(path.name))
    except (InvalidTag, ValueError):
        raise Refused("identity.passphrase", f"the passphrase is wrong, or {path} is damaged") from None


def _bound(name: str) -> bytes:
    return b"parley/v1/key-file/" + name.encode()


def _tls(pem: bytes) -> bytes:
    spki_digest(pem)
    return pem


def _sized(secret: bytes, size: int) -> bytes:
    if len(secret) != size:
        raise ValueError("wrong size")
    return secret


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & 0o077:
                raise Refused(
                    "identity.keys-open", f"{path} can be read by others (mode {mode & 0o777:o}); replace these keys"
                )
            return file.read(limits.KEY_FILE_BYTES_MAX + 2)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise Unavailable("identity.keys-read", f"{path}: {fault.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
