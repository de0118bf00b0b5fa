"""The second judge's reading of docs/protocol/binding.md: whether a person's passkey signed exactly this entry."""

# fmt: off
# ruff: noqa: E701
import base64
import json

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from forms import NAMES, PRIME, SMALL_ORDER, NotProven, b64, hexes, log_name, need, sha, whole

MEMBERS = {"authenticator", "client", "key", "listing", "nonce", "signature"}

def before(log, number, e):
    """Whether entry `e` had entry `number` of `log` in its past."""
    return number < (e["number"] if log == e["log"] else e["past"].get(log, [0])[0])
def lists(other, log, number, e):
    """Whether the roster entry `other` is about the person of `e`, and in its past."""
    right = (other["kind"], other["side"], other["channel"]) == ("roster.listed", e["side"], "line")
    return right and other["body"].get("person") == e["person"] and before(log, number, e)
def host(text):
    parts = text.split(".")
    return len(text) <= 100 and all(p and set(p) <= set(NAMES + "-") and "-" not in (p[0], p[-1]) for p in parts)
def read_key(text):
    data = b64(text)
    need(len(data) <= 600, "a key too long")
    try: key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm): raise NotProven("no public key") from None
    need(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == data, "not the one form of a key")
    if isinstance(key, EllipticCurvePublicKey): need(isinstance(key.curve, SECP256R1), "another curve")
    elif isinstance(key, RSAPublicKey):
        need(2048 <= key.key_size <= 4096 and key.public_numbers().e == 65537, "an RSA key out of bounds")
    else: need(isinstance(key, Ed25519PublicKey), "another kind of key")
    return key
def passkeys(p):
    need(type(p) is dict and p.keys() == {"relying_party", "origins", "keys"}, "not passkeys")
    party, origins, keys = p["relying_party"], p["origins"], p["keys"]
    need(type(party) is str and host(party) and type(origins) is type(keys) is list, "not passkeys")
    need(0 < len(origins) < 5 and 0 < len(keys) < 9 and all(type(x) is str for x in origins + keys), "not passkeys")
    need(origins == sorted(set(origins)) and len(set(keys)) == len(keys), "twice, or out of order")
    for origin in origins:
        scheme, _, rest = origin.partition("://")
        name, colon, port = rest.partition(":")
        need(scheme in ("http", "https") and host(name) and f".{name}".endswith(f".{party}"), "an origin")
        right = port.isascii() and port.isdigit() and len(port) < 6 and port[0] != "0"
        need(len(origin) <= 120 and (not colon or right), "an origin")
    return party, origins, [read_key(text) for text in keys]
def person_signed(e, find):
    """True, or raises NotProven; `find` gives the roster entry with this log, number and id."""
    a = e["body"]["assertion"]
    need(type(a) is dict and a.keys() == MEMBERS and hexes(a["nonce"], 32) and whole(a["key"]), "not an assertion")
    named = a["listing"]
    need(type(named) is list and len(named) == 3 and log_name(named[0]) and whole(named[1]), "a roster entry's name")
    need(hexes(named[2], 64), "a roster entry's id")
    need(all(type(a[x]) is str for x in ("authenticator", "client", "signature")), "not an assertion")
    head, client, signature = (b64(a[x]) for x in ("authenticator", "client", "signature"))
    need(len(head) == 37 and len(client) <= 1024 and len(signature) <= 512, "too long or too short")
    other = find(tuple(named))
    need(other is not None and lists(other, named[0], named[1], e), "no such roster entry in its past")
    party, origins, keys = passkeys(other["body"].get("passkeys"))
    need(a["key"] < len(keys), "no such key")
    def dump(value): return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    body = {name: value for name, value in e["body"].items() if name != "assertion"}
    shown = dump({"body": body, "precedence": e["precedence"], "refs": e["refs"], "status": e["status"]})
    room = e["subject"].split("/")[0]
    opens = e["subject"] == f"{room}/{e['side']}/{e['epoch']}/{e['number']}"
    act = {name: e[name] for name in ("channel", "kind", "line", "person", "side")}
    act |= {"nonce": a["nonce"], "shown": sha(b"parley/v1/shown\n" + shown).hex()}
    act["subject"] = room if opens else e["subject"]
    challenge = base64.urlsafe_b64encode(sha(b"parley/v1/act\n" + dump(act))).rstrip(b"=")
    start = b'{"type":"webauthn.get","challenge":"%s","origin":' % challenge
    starts = [start + b'"%s"' % origin.encode() for origin in origins]
    rest = [client[len(begun) :] for begun in starts if client.startswith(begun)]
    need(rest, "made for another act, or at another address")
    end = rest[0].removeprefix(b',"crossOrigin":false')
    need(end == b"}" or (end[:2] == b',"' and end[-1:] == b"}" and b"crossOrigin" not in end), "inside another site")
    need(head[:32] == sha(party.encode()), "another relying party")
    need(head[32] & 0x05 == 0x05 and not head[32] & 0xE2 and head[32] & 0x18 != 0x10, "user not verified, or odd flags")
    message, key = head + sha(client), keys[a["key"]]
    try:
        if isinstance(key, EllipticCurvePublicKey): key.verify(signature, message, ECDSA(SHA256()))
        elif isinstance(key, RSAPublicKey): key.verify(signature, message, PKCS1v15(), SHA256())
        else:
            need(int.from_bytes(key.public_bytes_raw(), "little") % 2**255 < PRIME, "a weak key")
            need(int.from_bytes(key.public_bytes_raw(), "little") % 2**255 not in SMALL_ORDER, "a weak key")
            key.verify(signature, message)
    except InvalidSignature: raise NotProven("the signature does not fit the key") from None
    return True
