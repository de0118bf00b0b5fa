"""All private keys of one side, and the certificate its links show.

Owns: making them, the self-signed TLS certificate, the party they stand for.
Does not own: their files (keyfiles.py), using the certificate (transports/).
Always true:
  1. The identity may be absent: it is kept offline, and a running node needs it for nothing.
  2. The certificate says nothing that is trusted; links pin its public key. It names no time of its own making, so
     that the same seed gives the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from parley.errors import Refused, ensure
from parley.identity.cards import Card, Party, sign_card
from parley.identity.keys import SEED_BYTES, SigningPair
from parley.identity.sealing import SEAL_PRIVATE_BYTES, generate_seal_key, seal_public

# RFC 5280 section 4.1.2.5: 99991231235959Z says "no end"; pinned keys end by an entry in the record, not by a date.
_NOT_BEFORE: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_NOT_AFTER: Final = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
_SUBJECT: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "parley link")])


@dataclass(frozen=True, slots=True, repr=False)
class SideKeys:
    """The private keys of a side. `tls` is PEM: an Ed25519 key and its self-signed certificate."""

    identity: SigningPair | None
    log: SigningPair
    cosign: SigningPair
    tls: bytes
    seal: bytes

    def __repr__(self) -> str:
        return "SideKeys(…)"  # never a key, not even by accident in a log

    @classmethod
    def generate(cls) -> SideKeys:
        """Make all keys from the system's randomness."""
        return cls(
            identity=SigningPair.generate(),
            log=SigningPair.generate(),
            cosign=SigningPair.generate(),
            tls=tls_pem(Ed25519PrivateKey.generate()),
            seal=generate_seal_key(),
        )

    @classmethod
    def from_seed(cls, seed: bytes) -> SideKeys:
        """Make the keys that a seed stands for, always the same: for simulation and tests only."""

        def part(name: bytes) -> bytes:
            return hashlib.sha256(b"parley/v1/seed/" + name + b"\n" + seed).digest()

        return cls(
            identity=SigningPair.from_seed(part(b"identity")),
            log=SigningPair.from_seed(part(b"log")),
            cosign=SigningPair.from_seed(part(b"cosign")),
            tls=tls_pem(Ed25519PrivateKey.from_private_bytes(part(b"tls"))),
            seal=b"".join(part(b"seal-%d" % number) for number in range(SEAL_PRIVATE_BYTES // SEED_BYTES)),
        )

    @property
    def tls_spki(self) -> bytes:
        """The SHA-256 of the TLS public key, by which the other side's links pin ours."""
        return spki_digest(self.tls)

    def without_identity(self) -> SideKeys:
        """Give the keys that a running node holds."""
        return replace(self, identity=None)

    def party(self, *, side: str, name: str, domain: str, languages: tuple[str, ...], nonce: bytes, made: str) -> Party:
        """Give what the card of these keys states; raises Refused `identity.offline` without the identity."""
        return Party(
            side=side,
            name=name,
            domain=domain,
            languages=languages,
            identity=self._identity().public,
            log=self.log.public,
            cosign=self.cosign.public,
            tls_spki=self.tls_spki,
            seal=seal_public(self.seal),
            nonce=nonce,
            made=made,
        )

    def card(self, *, side: str, name: str, domain: str, languages: tuple[str, ...], nonce: bytes, made: str) -> Card:
        """Make and sign the side's card; raises Refused `identity.offline` without the identity."""
        party = self.party(side=side, name=name, domain=domain, languages=languages, nonce=nonce, made=made)
        return sign_card(party, self._identity())

    def check_party(self, party: Party) -> None:
        """Raise Refused `identity.keys` unless the public keys of `party` are those of these private keys."""
        theirs = (party.log, party.cosign, party.tls_spki, party.seal)
        if theirs != (self.log.public, self.cosign.public, self.tls_spki, seal_public(self.seal)):
            raise Refused("identity.keys", "the key files do not belong to our own card; check the keys folder")

    def save(self, folder: Path, passphrase: str | None) -> None:
        """Write the key files (keyfiles.py)."""
        from parley.identity import keyfiles

        keyfiles.save(self, folder, passphrase)

    @classmethod
    def load(cls, folder: Path, passphrase: str | None) -> SideKeys:
        """Read the key files (keyfiles.py)."""
        from parley.identity import keyfiles

        return keyfiles.load(folder, passphrase)

    def _identity(self) -> SigningPair:
        if self.identity is None:
            raise Refused("identity.offline", "this needs the identity key, which is kept offline; bring identity.key")
        return self.identity


def tls_pem(key: Ed25519PrivateKey) -> bytes:
    """Give a key and its self-signed certificate as PEM."""
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_SUBJECT)
        .issuer_name(_SUBJECT)
        .public_key(public)
        .serial_number(int.from_bytes(hashlib.sha256(public.public_bytes_raw()).digest()[:15], "big") + 1)
        .not_valid_before(_NOT_BEFORE)
        .not_valid_after(_NOT_AFTER)
        .sign(key, None)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def spki_digest(pem: bytes) -> bytes:
    """Give the SHA-256 of the public key (SubjectPublicKeyInfo, DER) of the certificate in `pem`."""
    start = pem.find(b"-----BEGIN CERTIFICATE-----")
    ensure(start >= 0, "the TLS file holds no certificate")
    key = x509.load_pem_x509_certificate(pem[start:]).public_key()
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest()
