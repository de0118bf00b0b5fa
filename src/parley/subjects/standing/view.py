"""The standing views of the line channel: one person, the rules, a test, a gap, a fallback, a release policy, keys.

Owns: these views and their folds. One side alone writes each roster entry, policy and statement, so the later entry of
that side counts; what the other side confirms holds for the entry it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from parley.record.binding import Passkeys, is_signed, read_passkeys
from parley.record.names import Ref
from parley.record.vouching import is_vouched
from parley.subjects.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person as their side lists them; `listed` is False once they are taken off the roster."""

    side: str
    person: str
    listed: bool
    name: str
    office: str
    address: str
    languages: tuple[str, ...]
    role: str
    roles: tuple[str, ...]  # all of them, `role` first
    binds: bool
    passkeys: Passkeys | None
    legal: str  # the commitment to their legal name, or ""
    keys_by: str  # by what authority the keys are listed: "" none | "side" its node's word | "person" | "identity"
    keys_signed_by: str  # the person who signed them
    since: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The version both agreed to, and what is proposed beyond it: (side, version, entry)."""

    version: int
    proposals: tuple[tuple[str, int, Ref], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestView:
    """One line test; `same` is None until the other side answers."""

    subject: str
    side: str
    person: str
    at: str
    nonce: str
    cut: Mapping[str, int]
    digest: str
    clock_offset_ms: int | None
    links: tuple[tuple[str, int, str], ...]
    answered_at: str
    answer_digest: str
    same: bool | None
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """A time without a link or without the line, as one side saw it."""

    subject: str
    side: str
    link: str
    since: str
    until: str
    cause: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackView:
    """How to reach a side when the line is down; `confirmed_at` by the other side, of these very words."""

    side: str
    text: str
    person: str
    at: str
    confirmed_at: str
    confirmed_by: str
    ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """Who of a side may release a FLASH alone when nobody answers within `after_s`."""

    side: str
    persons: tuple[str, ...]
    after_s: int
    laid_down_by: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysView:
    """The last announced card of a side, and whether the other side confirmed it.

    `earlier`: the announcements before it that were confirmed, the oldest first.
    """

    side: str
    card: str
    digest: str
    heads: Mapping[str, int]
    proof: str
    at: str
    confirmed_at: str
    confirmed_by: str
    ref: Ref
    earlier: tuple[KeysView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedView:
    """How far the other side holds a log whose author signed two histories; it agrees to the next epoch."""

    subject: str
    log: str
    size: int
    root: str
    side: str
    person: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedView:
    """A new epoch of a log, and the last head its author knew of the one before."""

    subject: str
    side: str
    previous: tuple[str, int, str]
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuedView:
    """That a side goes on with the line under cards that were compared face to face after keys were lost."""

    side: str
    cards: tuple[str, ...]  # digests of both cards in force, sorted
    at: str


def fold_person(acts: tuple[Act, ...]) -> PersonView | None:
    """The later entry of the person's side counts; a removed person keeps the name they had."""
    last = next((act for act in reversed(acts) if act.entry.kind == "roster.listed"), None)
    if last is None:
        return None
    body = last.entry.body
    keys_by, keys_signed_by = _authority(acts)
    return PersonView(
        side=last.entry.side,
        person=cast(str, body["person"]),
        listed=acts[-1].entry.kind == "roster.listed",
        name=cast(str, body["name"]),
        office=cast(str, body["office"]),
        address=cast(str, body["address"]),
        languages=tuple(cast("list[str]", body["languages"])),
        role=cast(str, body["role"]),
        roles=(cast(str, body["role"]), *cast("list[str]", body.get("roles", []))),
        binds=body["binds"] is True,
        passkeys=read_passkeys(body["passkeys"]) if "passkeys" in body else None,
        legal=cast(str, body.get("legal", "")),
        keys_by=keys_by,
        keys_signed_by=keys_signed_by,
        since=acts[-1].entry.at,
        ref=acts[-1].ref,
    )


def _authority(acts: tuple[Act, ...]) -> tuple[str, str]:
    """Say by what the keys now listed came there: the first entry since which they have stood unchanged."""
    listed = acts[-1].entry.body.get("passkeys")
    if listed is None:
        return "", ""
    first = acts[-1].entry
    for act in reversed(acts):
        if act.entry.body.get("passkeys") != listed:
            break
        first = act.entry
    if is_vouched(first):
        return "identity", ""
    return ("person", first.person) if is_signed(first) else ("side", "")


def fold_rules(acts: tuple[Act, ...]) -> RulesView:
    """The highest version agreed to counts; agreements never go back."""
    proposals = [act for act in acts if act.entry.kind == "rules.proposed"]
    agreed = [act for act in acts if act.entry.kind == "rules.agreed"]
    version = max((cast(int, act.entry.body["version"]) for act in agreed), default=1)
    waiting = [(act.entry.side, cast(int, act.entry.body["version"]), act.ref) for act in proposals]
    return RulesView(version=version, proposals=tuple(one for one in waiting if one[1] > version))


def fold_test(acts: tuple[Act, ...]) -> TestView | None:
    """A test and its first answer."""
    if not acts or acts[0].entry.kind != "line.test":
        return None
    entry = acts[0].entry
    answer = next((act.entry for act in acts if act.entry.kind == "line.tested"), None)
    links = cast("list[dict[str, object]]", entry.body.get("links", []))
    return TestView(
        subject=entry.subject,
        side=entry.side,
        person=entry.person,
        at=entry.at,
        nonce=cast(str, entry.body["nonce"]),
        cut=cast("dict[str, int]", entry.body["cut"]),
        digest=cast(str, entry.body["digest"]),
        clock_offset_ms=cast("int | None", entry.body.get("clock_offset_ms")),
        links=tuple(
            (cast(str, link["name"]), cast(int, link["round_trip_us"]), cast(str, link["group"])) for link in links
        ),
        answered_at=answer.at if answer else "",
        answer_digest=cast(str, answer.body["digest"]) if answer else "",
        same=cast(bool, answer.body["same"]) if answer else None,
        ref=acts[0].ref,
    )


def fold_gap(acts: tuple[Act, ...]) -> GapView | None:
    """One entry, one gap."""
    if not acts:
        return None
    entry = acts[0].entry
    return GapView(
        subject=entry.subject,
        side=entry.side,
        link=cast(str, entry.body["link"]),
        since=cast(str, entry.body["from"]),
        until=cast(str, entry.body["to"]),
        cause=cast(str, entry.body["cause"]),
        at=entry.at,
    )


def fold_fallback(acts: tuple[Act, ...]) -> FallbackView | None:
    """The later statement counts; a confirmation of an earlier one does not carry over to it."""
    last = next((act for act in reversed(acts) if act.entry.kind == "fallback.stated"), None)
    if last is None:
        return None
    confirmed = [act for act in acts if act.entry.kind == "fallback.confirmed" and act.names(last)]
    return FallbackView(
        side=last.entry.side,
        text=cast(str, last.entry.body["text"]),
        person=last.entry.person,
        at=last.entry.at,
        confirmed_at=confirmed[-1].entry.at if confirmed else "",
        confirmed_by=confirmed[-1].entry.person if confirmed else "",
        ref=last.ref,
    )


def fold_release(acts: tuple[Act, ...]) -> ReleaseView | None:
    """The later policy of the side counts."""
    if not acts:
        return None
    entry = acts[-1].entry
    return ReleaseView(
        side=entry.side,
        persons=tuple(cast("list[str]", entry.body["persons"])),
        after_s=cast(int, entry.body["after_s"]),
        laid_down_by=tuple(cast("list[str]", entry.body["laid_down_by"])),
        at=entry.at,
    )


def fold_keys(acts: tuple[Act, ...]) -> KeysView | None:
    """The later announcement counts once confirmed; a confirmation holds for the card it names."""
    announced = [_keys(act, acts) for act in acts if act.entry.kind == "keys.replaced"]
    if not announced:
        return None
    return replace(announced[-1], earlier=tuple(one for one in announced[:-1] if one.confirmed_at))


def _keys(announcement: Act, acts: tuple[Act, ...]) -> KeysView:
    body = announcement.entry.body
    confirmed = next((a for a in acts if a.entry.kind == "keys.confirmed" and a.names(announcement)), None)
    return KeysView(
        side=announcement.entry.side,
        card=cast(str, body["card"]),
        digest=cast(str, body["digest"]),
        heads=cast("dict[str, int]", body["heads"]),
        proof=cast(str, body["proof"]),
        at=announcement.entry.at,
        confirmed_at=confirmed.entry.at if confirmed else "",
        confirmed_by=confirmed.entry.person if confirmed else "",
        ref=announcement.ref,
    )


def fold_ended(acts: tuple[Act, ...]) -> EndedView | None:
    """The first statement counts: what was held when the log was frozen grows no more."""
    if not acts:
        return None
    entry = acts[0].entry
    return EndedView(
        subject=entry.subject,
        log=cast(str, entry.body["log"]),
        size=cast(int, entry.body["size"]),
        root=cast(str, entry.body["root"]),
        side=entry.side,
        person=entry.person,
        at=entry.at,
    )


def fold_opened(acts: tuple[Act, ...]) -> OpenedView | None:
    """One entry, one new epoch."""
    if not acts:
        return None
    entry = acts[0].entry
    log, size, root = cast("tuple[str, int, str]", tuple(cast("list[object]", entry.body["previous"])))
    return OpenedView(
        subject=entry.subject,
        side=entry.side,
        previous=(log, size, root),
        reason=cast(str, entry.body["reason"]),
        at=entry.at,
    )


def fold_continued(acts: tuple[Act, ...]) -> ContinuedView | None:
    """The later statement of the side counts."""
    if not acts:
        return None
    entry = acts[-1].entry
    return ContinuedView(side=entry.side, cards=tuple(cast("list[str]", entry.body["cards"])), at=entry.at)
