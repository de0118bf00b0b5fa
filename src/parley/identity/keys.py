"""Pairs of signing keys: Ed25519 for now, ML-DSA-44 for when Ed25519 falls.

Owns: making, keeping and using one pair; the strict check of one signature.
Does not own: what a signature means (record/notes.py, identity/cards.py).
Always true:
  1. A check raises; it never answers False. There is no flag that skips it.
  2. An Ed25519 key of small order is refused: under such a key anybody's signature fits, so its owner could
     later deny every word (RFC 8032 section 5.1.7 leaves this check to the caller).
  3. ML-DSA signatures carry fresh randomness from the library (FIPS 204, hedged): the same message signed twice
     gives two signatures, both good. Nothing may depend on their bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from parley.errors import OurMistake, PeerError, ensure

ED_PUBLIC_BYTES: Final = 32
ED_SIGNATURE_BYTES: Final = 64
PQ_PUBLIC_BYTES: Final = 1312  # FIPS 204 table 2, ML-DSA-44
PQ_SIGNATURE_BYTES: Final = 2420
SEED_BYTES: Final = 32
PAIR_BYTES: Final = 64

_PRIME: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _PRIME) % _PRIME


@dataclass(frozen=True, slots=True)
class PublicPair:
    """The public halves of one pair: Ed25519 (32 bytes) and ML-DSA-44 (1312 bytes), raw."""

    ed: bytes
    pq: bytes


class SigningPair:
    """One Ed25519 and one ML-DSA-44 private key that always belong to the same duty (identity, log or cosign)."""

    __slots__ = ("_ed", "_pq", "_seeds", "public")

    def __init__(self, ed_seed: bytes, pq_seed: bytes) -> None:
        ensure(len(ed_seed) == SEED_BYTES and len(pq_seed) == SEED_BYTES, "a signing seed must have 32 bytes")
        self._seeds = ed_seed + pq_seed
        self._ed = Ed25519PrivateKey.from_private_bytes(ed_seed)
        self._pq = MLDSA44PrivateKey.from_seed_bytes(pq_seed)
        self.public = PublicPair(
            ed=self._ed.public_key().public_bytes_raw(), pq=self._pq.public_key().public_bytes_raw()
        )

    def __repr__(self) -> str:
        return f"SigningPair(ed={self.public.ed.hex()[:16]}…)"  # never the seeds

    @classmethod
    def generate(cls) -> SigningPair:
        """Make a new pair from the system's randomness; for the shell, never called by a core."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw(), MLDSA44PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningPair:
        """Make the pair that `seed` (32 bytes) stands for, always the same one: for simulation and tests."""
        ensure(len(seed) == SEED_BYTES, "a seed must have 32 bytes")
        return cls(
            hashlib.sha256(b"parley/v1/seed/ed25519\n" + seed).digest(),
            hashlib.sha256(b"parley/v1/seed/ml-dsa-44\n" + seed).digest(),
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> SigningPair:
        """Read what `to_bytes` gave; raises OurMistake on any other length."""
        ensure(len(data) == PAIR_BYTES, f"a signing pair must have {PAIR_BYTES} bytes")
        return cls(data[:SEED_BYTES], data[SEED_BYTES:])

    def to_bytes(self) -> bytes:
        """Give both private seeds, 64 bytes. Secret: only key files and sealed backups may hold them."""
        return self._seeds

    def sign(self, message: bytes) -> bytes:
        """Give the Ed25519 signature, 64 bytes."""
        return self._ed.sign(message)

    def sign_pq(self, message: bytes) -> bytes:
        """Give an ML-DSA-44 signature with empty context, 2420 bytes."""
        return self._pq.sign(message)


def verify(public_ed: bytes, message: bytes, signature: bytes, *, what: str) -> None:
    """Check one Ed25519 signature; raises PeerError `identity.signature` that names `what` was signed."""
    if len(signature) != ED_SIGNATURE_BYTES:
        raise PeerError(
            "identity.signature", f"{what}: expected an Ed25519 signature of 64 bytes, got {len(signature)}"
        )
    key = _ed_key(public_ed)
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise PeerError("identity.signature", f"{what}: the Ed25519 signature does not fit key and bytes") from None


def verify_pq(public_pq: bytes, message: bytes, signature: bytes, *, what: str) -> None:
    """Check one ML-DSA-44 signature; raises PeerError `identity.signature` that names `what` was signed."""
    if len(signature) != PQ_SIGNATURE_BYTES:
        raise PeerError(
            "identity.signature", f"{what}: expected an ML-DSA-44 signature of 2420 bytes, got {len(signature)}"
        )
    key = _pq_key(public_pq)
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise PeerError("identity.signature", f"{what}: the ML-DSA-44 signature does not fit key and bytes") from None


def check_public_pair(pair: PublicPair, *, what: str) -> None:
    """Raise PeerError `identity.key` unless both keys can be used at all."""
    try:
        _ed_key(pair.ed)
        _pq_key(pair.pq)
    except PeerError as fault:
        raise PeerError("identity.key", f"{what}: {fault.sentence}") from None


# A line has two sides with a handful of keys each; 256 leaves room for years of replaced keys in one exported record.
@lru_cache(maxsize=256)
def _ed_key(public: bytes) -> Ed25519PublicKey:
    if len(public) != ED_PUBLIC_BYTES:
        raise PeerError("identity.key", f"expected an Ed25519 key of 32 bytes, got {len(public)}")
    _refuse_weak(public)
    try:
        return Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise PeerError("identity.key", "these 32 bytes are no Ed25519 key") from None


@lru_cache(maxsize=256)
def _pq_key(public: bytes) -> MLDSA44PublicKey:
    if len(public) != PQ_PUBLIC_BYTES:
        raise PeerError("identity.key", f"expected an ML-DSA-44 key of 1312 bytes, got {len(public)}")
    try:
        return MLDSA44PublicKey.from_public_bytes(public)
    except ValueError:
        raise PeerError("identity.key", "these 1312 bytes are no ML-DSA-44 key") from None


def _refuse_weak(public: bytes) -> None:
    """Refuse an Ed25519 point that is not on the curve, not in its one byte form, or of small order."""
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if y >= _PRIME:
        raise PeerError("identity.key", "the Ed25519 key is not in its one byte form")
    # x**2 from y (RFC 8032 section 5.1.3); multiplying by 8 then means doubling three times.
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _PRIME) % _PRIME
    x = pow(x2, (_PRIME + 3) // 8, _PRIME)
    if (x * x - x2) % _PRIME:
        x = x * pow(2, (_PRIME - 1) // 4, _PRIME) % _PRIME
    if (x * x - x2) % _PRIME:
        raise PeerError("identity.key", "the Ed25519 key is not a point of the curve")
    for _ in range(3):
        x, y = _double(x, y)
    if x == 0 and y == 1:
        raise PeerError("identity.key", "the Ed25519 key has small order: any signature would fit it")


def _double(x: int, y: int) -> tuple[int, int]:
    """Give the point added to itself (RFC 8032 section 5.1.4, in affine form)."""
    t = _D * x * x * y * y % _PRIME
    if (1 + t) % _PRIME == 0 or (1 - t) % _PRIME == 0:
        raise OurMistake("bug.ensure", "the addition law of Ed25519 is complete, yet a denominator was zero")
    return (
        2 * x * y * pow(1 + t, -1, _PRIME) % _PRIME,
        (y * y + x * x) * pow(1 - t, -1, _PRIME) % _PRIME,
    )
