"""Passkeys: the strict check of what an authenticator signed, for signing in and for acts that bind.

Owns: reading authenticator data and client data, keys of the three algorithms, the check of one assertion.
Does not own: which key belongs to whom (people/, subjects/), what a challenge stands for (record/acts.py, actions/).
Always true:
  1. A check raises; it never answers False.
  2. User verification is always required: a stolen key alone opens nothing.
  3. Client data is compared byte by byte with what a browser must write, and never parsed, so that two programs
     cannot read it in two ways (WebAuthn level 3, section 5.8.1.2, "limited verification algorithm").
Source: W3C Web Authentication level 3, sections 5.8.1, 6.1, 7.1, 7.2; RFC 9053 for the algorithms.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from parley import limits
from parley.errors import PeerError
from parley.identity.keys import verify

ES256: Final = -7  # IANA "COSE Algorithms"
EDDSA: Final = -8
RS256: Final = -257  # what Windows Hello makes on machines with an older TPM
_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP, _CREDENTIAL, _EXTENSIONS = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
_UNKNOWN_FLAGS: Final = 0x22  # reserved for future use
_HEAD_BYTES: Final = 37  # hash of the relying party, flags, counter
_RSA_BITS: Final = range(2048, 4097)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key an authenticator has just made. `backed_up`: it may live on several devices."""

    id: bytes
    public_key: bytes  # DER SubjectPublicKeyInfo
    backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What an authenticator and a browser give for one act: three pieces of bytes, each as it came."""

    authenticator: bytes
    client: bytes
    signature: bytes


def b64url(data: bytes) -> str:
    """Give bytes as browsers write them (RFC 4648 section 5, without padding)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64url(text: str, *, max_bytes: int) -> bytes:
    """Read what `b64url` gives; raises PeerError `passkeys.form` on another form or too many bytes."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= 2 * max_bytes + 4 else b""
    except ValueError:
        data = b""
    if not data or len(data) > max_bytes or b64url(data) != text:
        raise PeerError("passkeys.form", f"expected 1 to {max_bytes} bytes in base64url without padding")
    return data


def read_credential(
    *,
    id: bytes,
    authenticator: bytes,
    client: bytes,
    public_key: bytes,
    relying_party: str,
    origin: str,
    challenge: bytes,
) -> Credential:
    """Give the credential a browser has just had made; attestation is not asked for and not looked at.

    Raises: PeerError `passkeys.…`: not what was asked for here, unverified user, or a key of another kind.
    """
    _check_client(client, "create", challenge, (origin,))
    flags = _check_head(authenticator, relying_party, need=_CREDENTIAL)
    rest = authenticator[_HEAD_BYTES + 16 :]  # 16 bytes name the model, which nobody vouches for
    size = int.from_bytes(rest[:2], "big")
    if not 1 <= size <= limits.CREDENTIAL_BYTES_MAX or rest[2 : 2 + size] != id or len(rest) <= 2 + size:
        raise PeerError("passkeys.form", "the authenticator data names another credential than the browser")
    check_key(public_key)
    return Credential(id=id, public_key=public_key, backed_up=bool(flags & _BACKED_UP))


def verify_assertion(
    public_key: bytes, assertion: Assertion, *, relying_party: str, origins: Collection[str], challenge: bytes
) -> int:
    """Check one assertion by a key over a challenge, made at one of these origins; give the signature counter.

    Raises: PeerError `passkeys.form`, `passkeys.client`, `passkeys.relying-party`, `passkeys.unverified`,
    `passkeys.key`, `passkeys.signature`.
    """
    _check_client(assertion.client, "get", challenge, origins)
    _check_head(assertion.authenticator, relying_party, need=0)
    signed = assertion.authenticator + hashlib.sha256(assertion.client).digest()
    key = _key(public_key)
    try:
        if isinstance(key, EllipticCurvePublicKey):
            key.verify(assertion.signature, signed, ECDSA(SHA256()))
        elif isinstance(key, RSAPublicKey):
            key.verify(assertion.signature, signed, PKCS1v15(), SHA256())
        else:
            verify(key.public_bytes_raw(), signed, assertion.signature, what="assertion")
    except (InvalidSignature, PeerError):
        raise PeerError("passkeys.signature", "the signature does not fit the key and what was signed") from None
    return int.from_bytes(assertion.authenticator[33:37], "big")


def check_key(public_key: bytes) -> int:
    """Give the algorithm of a public key; raises PeerError `passkeys.key` unless it is one we can check."""
    key = _key(public_key)
    return ES256 if isinstance(key, EllipticCurvePublicKey) else RS256 if isinstance(key, RSAPublicKey) else EDDSA


# Persons who may bind both sides, with a handful of keys each.
@lru_cache(maxsize=512)
def _key(public_key: bytes) -> EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey:
    if len(public_key) > limits.PASSKEY_BYTES_MAX:
        raise PeerError("passkeys.key", f"a public key has at most {limits.PASSKEY_BYTES_MAX} bytes")
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise PeerError("passkeys.key", "these bytes are no public key") from None
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public_key:
        raise PeerError("passkeys.key", "the public key is not in its one byte form")
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, RSAPublicKey) and key.key_size in _RSA_BITS and key.public_numbers().e == 65537:
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise PeerError("passkeys.key", "expected a key for ES256, EdDSA or RS256 of 2048 to 4096 bits")


def _check_client(client: bytes, kind: str, challenge: bytes, origins: Collection[str]) -> None:
    """Raise unless the browser says: this act, this challenge, one of these origins, not inside another site."""
    if len(client) > limits.CLIENT_DATA_BYTES_MAX:
        raise PeerError("passkeys.form", f"client data has at most {limits.CLIENT_DATA_BYTES_MAX} bytes")
    begun = f'{{"type":"webauthn.{kind}","challenge":"{b64url(challenge)}","origin":'.encode("ascii")
    if not client.startswith(begun):
        raise PeerError("passkeys.client", "it was made for another act or another challenge")
    for origin in origins:
        rest = client.removeprefix(begun + f'"{origin}"'.encode())
        if len(rest) < len(client):
            break
    else:
        raise PeerError("passkeys.client", "it was made at another address than this desk's")
    rest = rest.removeprefix(b',"crossOrigin":false')  # some browsers leave it out
    if rest != b"}" and not (rest.startswith(b',"') and rest.endswith(b"}") and b"crossOrigin" not in rest):
        raise PeerError("passkeys.client", "it was made inside a page of another site, or is malformed")


def _check_head(data: bytes, relying_party: str, *, need: int) -> int:
    """Give the flags of authenticator data, once its head is right."""
    if not _HEAD_BYTES <= len(data) <= limits.AUTHENTICATOR_BYTES_MAX:
        raise PeerError("passkeys.form", f"authenticator data has {_HEAD_BYTES} bytes or more, got {len(data)}")
    if data[:32] != hashlib.sha256(relying_party.encode("ascii")).digest():
        raise PeerError("passkeys.relying-party", f"the key answers for another name than {relying_party}")
    flags = data[32]
    if flags & _UNKNOWN_FLAGS or (flags & _BACKED_UP and not flags & _ELIGIBLE) or flags & _CREDENTIAL != need:
        raise PeerError("passkeys.form", "the flags of the authenticator data contradict each other")
    if not flags & (_EXTENSIONS | _CREDENTIAL) and len(data) != _HEAD_BYTES:
        raise PeerError("passkeys.form", "authenticator data goes on beyond its end")
    if not flags & _PRESENT or not flags & _VERIFIED:
        raise PeerError("passkeys.unverified", "the authenticator did not verify who uses it (PIN, finger or face)")
    return flags
