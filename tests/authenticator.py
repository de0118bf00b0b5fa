"""An authenticator in a few lines: makes keys and signs as a security key behind a browser would."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """One credential at one desk; every part of what it says can be made wrong."""

    def __init__(self, origin: str, name: str = "key", *, kind: str = "es256", counts: bool = True) -> None:
        self.origin = origin
        self.rp = origin.split("//")[1].split(":")[0]
        self.id = hashlib.sha256(name.encode()).digest()
        self.count = 0
        self.counts = counts
        self.key = {
            "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
            "eddsa": ed25519.Ed25519PrivateKey.generate,
            "rs256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        }[kind]()

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def create(self, challenge: str | bytes, **wrong: object) -> str:
        """Answer navigator.credentials.create."""
        head = self._head(0x45, **wrong)
        cred = b"\x00" * 16 + len(self.id).to_bytes(2, "big") + self.id + b"\xa5cose"
        client = self._client("webauthn.create", challenge, **wrong)
        return json.dumps(
            {"id": b64url(self.id), "client": b64url(client), "authenticator": b64url(head + cred),
             "key": b64url(self.public)}
        )  # fmt: skip

    def parts(self, challenge: str | bytes, **wrong: object) -> tuple[bytes, bytes, bytes]:
        """Give authenticator data, client data and signature."""
        if self.counts:
            self.count += 1
        head = self._head(0x05, **wrong)
        client = self._client("webauthn.get", challenge, **wrong)
        signed = head + hashlib.sha256(client).digest()
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        elif isinstance(self.key, rsa.RSAPrivateKey):
            signature = self.key.sign(signed, padding.PKCS1v15(), SHA256())
        else:
            signature = self.key.sign(signed)
        return head, client, signature

    def get(self, challenge: str | bytes, **wrong: object) -> str:
        """Answer navigator.credentials.get, as a page hands it on."""
        head, client, signature = self.parts(challenge, **wrong)
        return json.dumps(
            {"id": b64url(self.id), "client": b64url(client), "authenticator": b64url(head),
             "signature": b64url(signature)}
        )  # fmt: skip

    def _head(self, usual: int, /, **wrong: object) -> bytes:
        rp = str(wrong.get("rp", self.rp))
        flags = int(wrong.get("flags", usual))  # type: ignore[call-overload]
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, usual: str, challenge: str | bytes, /, **wrong: object) -> bytes:
        text = challenge if isinstance(challenge, str) else b64url(challenge)
        kind, origin = str(wrong.get("kind", usual)), str(wrong.get("origin", self.origin))
        end = str(wrong.get("end", ',"crossOrigin":false}'))
        return f'{{"type":"{kind}","challenge":"{text}","origin":"{origin}"{end}'.encode()


def unb64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
