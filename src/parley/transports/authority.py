"""A small private authority for the desk's address, where a site has no certificate of its own.

Owns: one authority that may vouch for one host name only, and the desk's certificate under it.
Does not own: links between nodes; those pin keys and trust no authority at all.
Always true:
  1. The authority's name constraint holds it to the desk's host: a stolen key cannot vouch for any other site.
  2. Key files are written with mode 0600; only a renewal that was asked for writes over what is there.
Source: RFC 5280 sections 4.2.1.10 (name constraints) and 4.2.1.6; browsers do not take Ed25519 here, so P-256.
"""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from parley.errors import Refused, Unavailable

AUTHORITY: Final = "desk-authority.pem"
AUTHORITY_KEY: Final = "desk-authority.key"
CERTIFICATE: Final = "desk.pem"
CERTIFICATE_KEY: Final = "desk.key"
# Some systems refuse certificates under authorities of one's own that last longer than 825 days.
_DESK_DAYS: Final = 820
_AUTHORITY_DAYS: Final = 3_650


def make_authority(folder: Path, host: str, name: str, now: datetime.datetime) -> None:
    """Make the authority for one host, and its first certificate; raises Refused `desk.authority` if one is there."""
    if (folder / AUTHORITY).exists():
        raise Refused("desk.authority", f"{folder / AUTHORITY} is there already; renew its certificate instead")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Parley desk of {name}"[:64])])
    made = (
        _begin(subject, subject, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(
            x509.NameConstraints(permitted_subtrees=[_constraint(host)], excluded_subtrees=None), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / AUTHORITY_KEY, _private(key))
    _write(folder / AUTHORITY, made.public_bytes(serialization.Encoding.PEM))
    renew_certificate(folder, host, now)


def renew_certificate(folder: Path, host: str, now: datetime.datetime) -> datetime.datetime:
    """Make a new key and certificate for the desk; gives its end. Browsers that trust the authority notice nothing."""
    try:
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    except FileNotFoundError as missing:  # the key is to be kept elsewhere between two renewals
        gone = missing.filename
        raise Refused("desk.authority", f"{gone} is not there: bring it back for as long as this takes") from None
    except (OSError, ValueError):
        raise Refused("desk.authority", f"there is no authority in {folder} that can be used") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused("desk.authority", f"the key of the authority in {folder} is of another kind")
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host[:64])])
    made = (
        _begin(subject, authority.subject, own.public_key(), now, _DESK_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(host)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / CERTIFICATE_KEY, _private(own))
    _write(folder / CERTIFICATE, made.public_bytes(serialization.Encoding.PEM))
    return made.not_valid_after_utc


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime.datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # a desk whose clock is behind must get in
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=sign, crl_sign=sign, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _constraint(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(host))
    except ValueError:
        return x509.DNSName(host)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as failed:
        raise Unavailable("desk.authority", f"{path} cannot be written: {failed.strerror}") from None
