"""The strict check of passkeys: whatever an authenticator or a browser gets wrong opens nothing."""

from __future__ import annotations

import pytest
from tests.authenticator import Authenticator

from parley.errors import PeerError
from parley.identity import Assertion, verify_assertion
from parley.identity.passkeys import read_credential, unb64url

ORIGIN = "http://north.localhost:8001"
CHALLENGE = bytes(range(32))


def check(key: Authenticator, **wrong: object) -> int:
    head, client, signature = key.parts(CHALLENGE, **wrong)
    given = Assertion(authenticator=head, client=client, signature=signature)
    return verify_assertion(key.public, given, relying_party=key.rp, origins=(ORIGIN,), challenge=CHALLENGE)


@pytest.mark.parametrize("kind", ["es256", "eddsa", "rs256"])
def test_each_algorithm_that_authenticators_use_is_verified(kind: str) -> None:
    """Security keys, phones and Windows Hello each have their own; a person must not be left without a way in."""
    assert check(Authenticator(ORIGIN, kind=kind)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"origin": "http://south.localhost:8001"}, "passkeys.client"),
        ({"origin": "http://north.localhost:80011"}, "passkeys.client"),
        ({"kind": "webauthn.create"}, "passkeys.client"),
        ({"end": ',"crossOrigin":true}'}, "passkeys.client"),
        ({"end": ',"crossOrigin":false,"crossOrigin":true}'}, "passkeys.client"),
        ({"end": ',"crossOrigin":false'}, "passkeys.client"),
        ({"rp": "south.localhost"}, "passkeys.relying-party"),
        ({"flags": 0x01}, "passkeys.unverified"),
        ({"flags": 0x04}, "passkeys.unverified"),
        ({"flags": 0x15}, "passkeys.form"),
        ({"flags": 0x45}, "passkeys.form"),
        ({"flags": 0x07}, "passkeys.form"),
    ],
)
def test_an_assertion_for_anything_else_is_refused(wrong: dict[str, object], code: str) -> None:
    """Another address, another act, a frame of another site, an unverified user: each with a good signature."""
    with pytest.raises(PeerError) as refused:
        check(Authenticator(ORIGIN), **wrong)
    assert refused.value.code == code


@pytest.mark.parametrize("end", ["}", ',"crossOrigin":false}', ',"crossOrigin":false,"other":"x"}'])
def test_what_browsers_may_write_after_the_origin_is_taken(end: str) -> None:
    """Some leave `crossOrigin` out, some add members of their own (WebAuthn 5.8.1)."""
    assert check(Authenticator(ORIGIN), end=end) == 1


def test_another_challenge_another_key_and_changed_bytes_are_refused() -> None:
    """The signature is over exactly this act, by exactly this key."""
    key, other = Authenticator(ORIGIN), Authenticator(ORIGIN, "other")
    head, client, signature = key.parts(CHALLENGE)
    good = Assertion(authenticator=head, client=client, signature=signature)
    given = {"relying_party": key.rp, "origins": (ORIGIN,)}
    assert verify_assertion(key.public, good, challenge=CHALLENGE, **given) == 1
    for public, assertion, challenge, code in (
        (key.public, good, bytes(32), "passkeys.client"),
        (other.public, good, CHALLENGE, "passkeys.signature"),
        (key.public, Assertion(authenticator=head[:36] + b"\x09", client=client, signature=signature), CHALLENGE,
         "passkeys.signature"),
        (key.public, Assertion(authenticator=head, client=client, signature=b""), CHALLENGE, "passkeys.signature"),
        (key.public, Assertion(authenticator=head + b"x", client=client, signature=signature), CHALLENGE,
         "passkeys.form"),
        (key.public + b"\x00", good, CHALLENGE, "passkeys.key"),
        (Authenticator(ORIGIN, kind="p384").public, good, CHALLENGE, "passkeys.key"),
    ):  # fmt: skip
        with pytest.raises(PeerError) as refused:
            verify_assertion(public, assertion, challenge=challenge, **given)
        assert refused.value.code == code


def test_a_credential_is_read_only_where_both_name_the_same_one() -> None:
    """An id that the authenticator did not make could collide with another person's."""
    key = Authenticator(ORIGIN)
    import json

    made = {name: unb64url(text, max_bytes=2048) for name, text in json.loads(key.create(CHALLENGE)).items()}
    fields = {"authenticator": made["authenticator"], "client": made["client"], "public_key": made["key"],
              "relying_party": key.rp, "origin": ORIGIN, "challenge": CHALLENGE}  # fmt: skip
    assert read_credential(id=key.id, **fields).public_key == key.public  # type: ignore[arg-type]
    with pytest.raises(PeerError, match=r"passkeys\.form"):
        read_credential(id=b"another", **fields)  # type: ignore[arg-type]
    with pytest.raises(PeerError, match=r"passkeys\.client"):
        read_credential(id=key.id, **fields | {"origin": "https://elsewhere.example"})  # type: ignore[arg-type]
