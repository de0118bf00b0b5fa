"""The other facts of the line channel: rosters, rules, tests, gaps, keys, fallback, release policy, new epochs.

Owns: their bodies, strictly read, and builders. Does not own: when one is allowed (rules.py).
Read first: docs/protocol/views.md, "The line channel".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from parley import limits
from parley.codec import JsonValue
from parley.codec.fields import Reader
from parley.codec.text import check_person
from parley.errors import PeerError
from parley.record import vouching
from parley.record.binding import Passkeys, read_passkeys, read_signed
from parley.record.names import LOG_FORM, LogId, Ref
from parley.subjects.alike import empty
from parley.subjects.kinds import Body, Fact, Kind

ROLES: Final = ("principal", "duty-officer", "delegate", "interpreter", "recorder", "auditor", "administrator")
AGREED: Final = "agreed"  # the reason of an epoch that the operators of both sides agreed to
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_LINK: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")


def _listed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.person("person")
    reader.text("name", max_chars=limits.TITLE_CHARS_MAX)
    reader.text("office", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    reader.text("address", max_chars=limits.TITLE_CHARS_MAX, min_chars=0)
    for language in reader.texts("languages", max_items=limits.LANGUAGES_MAX, max_chars=35):
        if not _LANGUAGE.fullmatch(language):
            raise PeerError("codec.field", "$.body.languages: expected language tags like en or zh-Hans")
    role = reader.choice("role", ROLES)
    reader.boolean("binds")
    if reader.has("roles"):
        more = reader.texts("roles", min_items=1, max_items=len(ROLES) - 1, max_chars=limits.PERSON_ID_CHARS_MAX)
        if len({role, *more}) != len(more) + 1 or not set(more) <= set(ROLES):
            raise PeerError("codec.field", f"$.body.roles: expected further roles, each once, of {', '.join(ROLES)}")
    if reader.has("legal"):
        reader.hex("legal", 32)
    if reader.has("passkeys"):
        read_passkeys(reader.take("passkeys"))
    if reader.has(vouching.MEMBER):
        vouching.read_vouched(reader.take(vouching.MEMBER))
    _signed(reader)
    reader.done()


def _removed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.person("person")
    _signed(reader)
    reader.done()


def _signed(reader: Reader) -> None:
    if reader.has("assertion"):
        read_signed(reader.take("assertion"))


def _version(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.integer("version", 1, 1_000_000)
    reader.done()


def _heads(value: JsonValue, where: str) -> None:
    if not isinstance(value, dict) or len(value) > limits.TEST_LOGS_MAX:
        raise PeerError("codec.field", f"{where}: expected an object of at most {limits.TEST_LOGS_MAX} logs")
    for name, size in value.items():
        if not LOG_FORM.fullmatch(name) or type(size) is not int or size < 1:
            raise PeerError("codec.field", f"{where}: expected names of logs, each with a size from 1")


def _test(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("nonce", 16)
    reader.hex("digest", 32)
    _heads(reader.take("cut"), "$.body.cut")
    if reader.has("clock_offset_ms"):
        reader.integer("clock_offset_ms", -limits.INTEGER_MAX)
    if reader.has("links"):
        for link in reader.objects("links", max_items=limits.TEST_LINKS_MAX):
            link.match("name", _LINK, "a link's name")
            link.integer("round_trip_us")
            link.text("group", max_chars=48, min_chars=0)
            link.done()
    reader.done()


def _tested(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("nonce", 16)
    reader.text("digest", max_chars=64, min_chars=0)
    reader.boolean("same")
    reader.done()
    if body["digest"] != "" and not re.fullmatch(r"[0-9a-f]{64}", str(body["digest"])):
        raise PeerError("codec.field", "$.body.digest: expected 32 bytes in lower-case hex, or nothing")


def _gap(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.match("link", _LINK, "a link's name, or line")
    reader.moment("from")
    reader.moment("to")
    reader.text("cause", max_chars=limits.NOTE_CHARS_MAX, min_chars=0)
    reader.done()


def _fallback(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.text("text", max_chars=limits.MESSAGE_CHARS_MAX)
    reader.done()


def _policy(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.integer("after_s", 0, 86_400)
    for name, least, most in (("persons", 0, limits.PERSONS_MAX), ("laid_down_by", 2, limits.RELEASERS_MAX)):
        found = reader.texts(name, max_items=most, max_chars=limits.PERSON_ID_CHARS_MAX, min_items=least)
        for person in found:
            check_person(person)
        if list(found) != sorted(set(found)):
            raise PeerError("codec.field", f"$.body.{name}: expected each person once, sorted")
    _signed(reader)
    reader.done()


def _keys_replaced(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.data("card", max_bytes=limits.CARD_BYTES_MAX)
    reader.hex("digest", 32)
    reader.data("proof", max_bytes=limits.NOTE_BYTES_MAX)
    _heads(reader.take("heads"), "$.body.heads")
    reader.done()


def _keys_confirmed(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.hex("digest", 32)
    reader.done()


def _continued(body: Body) -> None:
    reader = Reader(body, "$.body")
    cards = reader.texts("cards", max_items=2, min_items=2, max_chars=64)
    heads = reader.take("heads")
    reader.done()
    if not all(re.fullmatch(r"[0-9a-f]{64}", card) for card in cards):
        raise PeerError("codec.field", "$.body.cards: expected two digests of 64 hex digits")
    if not isinstance(heads, dict) or len(heads) > limits.TEST_LOGS_MAX:
        raise PeerError("codec.field", f"$.body.heads: expected an object of at most {limits.TEST_LOGS_MAX} logs")
    for name, head in heads.items():
        size, root = head if isinstance(head, list) and len(head) == 2 else (0, "")
        if not LOG_FORM.fullmatch(name) or type(size) is not int or size < 1:
            raise PeerError("codec.field", "$.body.heads: expected names of logs, each with a size from 1 and a root")
        if not isinstance(root, str) or not re.fullmatch(r"[0-9a-f]{64}", root):
            raise PeerError("codec.field", "$.body.heads: expected each root as 64 hex digits")


def _opened(body: Body) -> None:
    reader = Reader(body, "$.body")
    previous = reader.list("previous", max_items=3, min_items=3)
    reader.text("reason", max_chars=limits.NOTE_CHARS_MAX)
    reader.done()
    log, size, root = previous
    if not isinstance(log, str) or not LOG_FORM.fullmatch(log) or type(size) is not int or size < 0:
        raise PeerError("codec.field", "$.body.previous: expected the log before, its size and root")
    if not isinstance(root, str) or not re.fullmatch(r"[0-9a-f]{64}", root):
        raise PeerError("codec.field", "$.body.previous[2]: expected a root of 64 hex digits")


def _ended(body: Body) -> None:
    reader = Reader(body, "$.body")
    reader.match("log", LOG_FORM, "the name of a log")
    reader.integer("size", 0, limits.INTEGER_MAX)
    reader.hex("root", 32)
    reader.done()


def ended_subject(log: LogId) -> str:
    """Give the subject under which the other side says that a log goes no further."""
    return f"ended/{log.side}/{log.channel}/{log.epoch}"


def _ended_of(_side: str, body: Body) -> str:
    return ended_subject(LogId.read(str(body["log"])))


def _person_subject(side: str, body: Body) -> str:
    return f"roster/{side}/{body['person']}"


KINDS: Final = (
    Kind("roster.listed", "roster", True, "either", _listed, _person_subject, standing=True),
    Kind("roster.removed", "roster", True, "either", _removed, _person_subject, standing=True),
    Kind("rules.proposed", "rules", True, "person", _version, lambda _s, _b: "rules/line", standing=True),
    Kind("rules.agreed", "rules", True, "person", _version, lambda _s, _b: "rules/line", standing=True),
    Kind("line.test", "test", True, "either", _test, opens=True),
    Kind("line.tested", "test", True, "node", _tested),
    Kind("line.gap", "gap", True, "node", _gap, opens=True),
    Kind("fallback.stated", "fallback", True, "person", _fallback, lambda s, _b: f"fallback/{s}", standing=True),
    Kind("fallback.confirmed", "fallback", True, "person", empty, standing=True),
    Kind("release.policy", "release", True, "person", _policy, lambda s, _b: f"release/{s}", standing=True),
    Kind("keys.replaced", "keys", True, "either", _keys_replaced, lambda s, _b: f"keys/{s}", standing=True),
    Kind("keys.confirmed", "keys", True, "either", _keys_confirmed, standing=True),
    Kind("line.continued", "continued", True, "node", _continued, lambda s, _b: f"continued/{s}", standing=True),
    Kind("log.ended", "ended", True, "either", _ended, _ended_of, standing=True),
    Kind("log.opened", "log", None, "either", _opened, opens=True),
)


def list_person(
    side: str,
    person: str,
    *,
    name: str,
    role: str,
    roles: Sequence[str] = (),
    office: str = "",
    address: str = "",
    languages: Sequence[str] = (),
    binds: bool = False,
    passkeys: Passkeys | None = None,
    legal: str = "",
    instead: Ref | None = None,
) -> Fact:
    """List somebody on our roster, or change how they are listed.

    `roles` are further ones beside `role`, `address` is the agreed form of address, `legal` the commitment to a legal
    name (record/legal.py) or "".
    `instead` names the roster entry it replaces, where the side's identity is to sign it.
    """
    body: dict[str, JsonValue] = {
        "person": person,
        "name": name,
        "office": office,
        "address": address,
        "languages": list(languages),
        "role": role,
        "binds": binds,
    }
    if roles:
        body["roles"] = list(roles)
    if legal:
        body["legal"] = legal
    if passkeys is not None:
        body["passkeys"] = passkeys.value()
    refs = () if instead is None else (instead,)
    return Fact(channel="line", kind="roster.listed", subject=f"roster/{side}/{person}", body=body, refs=refs)


def remove_person(side: str, person: str) -> Fact:
    """Take somebody off our roster."""
    return Fact(channel="line", kind="roster.removed", subject=f"roster/{side}/{person}", body={"person": person})


def propose_rules(version: int) -> Fact:
    """Propose a later version of the rules."""
    return Fact(channel="line", kind="rules.proposed", subject="rules/line", body={"version": version})


def agree_rules(version: int, proposal: Ref) -> Fact:
    """Agree to the other side's proposal; entries after it are written and judged by that version."""
    return Fact(channel="line", kind="rules.agreed", subject="rules/line", body={"version": version}, refs=(proposal,))


def test_line(
    nonce: str,
    cut: Mapping[LogId, int],
    digest: str,
    *,
    clock_offset_ms: int | None = None,
    links: Sequence[tuple[str, int, str]] = (),
) -> Fact:
    """Start a line test: our digest at a cut (`Book.digest`), and each link's round trip in µs and group."""
    body: dict[str, JsonValue] = {
        "nonce": nonce,
        "cut": {log.text: size for log, size in cut.items()},
        "digest": digest,
    }
    if clock_offset_ms is not None:
        body["clock_offset_ms"] = clock_offset_ms
    if links:
        body["links"] = [{"name": name, "round_trip_us": trip, "group": group} for name, trip, group in links]
    return Fact(channel="line", kind="line.test", subject=None, body=body)


def answer_test(subject: str, nonce: str, theirs: str, ours: str) -> Fact:
    """Answer a line test with our digest at the same cut; `ours` is "" if we could not fold that cut."""
    body: dict[str, JsonValue] = {"nonce": nonce, "digest": ours, "same": ours == theirs}
    return Fact(channel="line", kind="line.tested", subject=subject, body=body)


def note_gap(link: str, since: str, until: str, cause: str) -> Fact:
    """Record a time without a link, or without the `line`, as this side saw it."""
    body: dict[str, JsonValue] = {"link": link, "from": since, "to": until, "cause": cause}
    return Fact(channel="line", kind="line.gap", subject=None, body=body)


def state_fallback(side: str, text: str) -> Fact:
    """State how to reach us when the line is down."""
    return Fact(channel="line", kind="fallback.stated", subject=f"fallback/{side}", body={"text": text})


def confirm_fallback(side: str, statement: Ref) -> Fact:
    """Confirm that the statement of `side`, the other one, was tried and is right."""
    return Fact(channel="line", kind="fallback.confirmed", subject=f"fallback/{side}", body={}, refs=(statement,))


def lay_down_release(side: str, *, persons: Sequence[str], after_s: int, laid_down_by: Sequence[str]) -> Fact:
    """Lay down who of our side may release a FLASH alone after so many seconds; two persons lay it down."""
    body: dict[str, JsonValue] = {
        "persons": [*sorted(set(persons))],
        "after_s": after_s,
        "laid_down_by": [*sorted(set(laid_down_by))],
    }
    return Fact(channel="line", kind="release.policy", subject=f"release/{side}", body=body)


def replace_keys(side: str, *, card: str, digest: str, heads: Mapping[LogId, int], proof: str) -> Fact:
    """Announce our new card (base64), with the size of every log under the old keys and the identity's proof."""
    body: dict[str, JsonValue] = {
        "card": card,
        "digest": digest,
        "heads": {log.text: size for log, size in heads.items()},
        "proof": proof,
    }
    return Fact(channel="line", kind="keys.replaced", subject=f"keys/{side}", body=body)


def confirm_keys(side: str, digest: str, announcement: Ref) -> Fact:
    """Confirm the new card of `side`, the other one, after its words were compared."""
    body: dict[str, JsonValue] = {"digest": digest}
    return Fact(channel="line", kind="keys.confirmed", subject=f"keys/{side}", body=body, refs=(announcement,))


def end_log(log: LogId, size: int, root: str) -> Fact:
    """Say how far we hold a log of the other side that it signed twice, and agree to its next epoch."""
    body: dict[str, JsonValue] = {"log": log.text, "size": size, "root": root}
    return Fact(channel="line", kind="log.ended", subject=ended_subject(log), body=body)


def continue_line(side: str, cards: Sequence[str], heads: Mapping[LogId, tuple[int, str]]) -> Fact:
    """Say that the line goes on under cards compared face to face: both in force, and every head we hold."""
    body: dict[str, JsonValue] = {
        "cards": [*sorted(cards)],
        "heads": {log.text: [size, root] for log, (size, root) in heads.items()},
    }
    return Fact(channel="line", kind="line.continued", subject=f"continued/{side}", body=body)
