"""What a person may see of the line and do to it: state, tests, gaps, fallback, links, faults, both rosters.

Owns: rights and rows. Does not own: links (transports/), what a test means (subjects/standing/).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from parley import limits
from parley.actions import binding
from parley.actions.binding import Asked
from parley.actions.line_rows import FaultRow, GapRow, LineRow, LinkRow, PolicyRow, SideRow, TestRow, VouchedRow
from parley.actions.passkeys import Place
from parley.actions.people import list_people
from parley.actions.people_rows import PersonRow
from parley.actions.ports import NodePort, WatchPort
from parley.actions.rows import RefRow, Sent
from parley.actions.sending import write
from parley.actions.who import Who, need
from parley.codec.text import make_text
from parley.errors import Refused
from parley.identity import Party, line_words
from parley.record.binding import is_signed
from parley.record.entry import read_entry
from parley.storage import ValueRow
from parley.subjects.kinds import Fact
from parley.subjects.standing import PersonView, ReleaseView, TestView
from parley.subjects.standing import facts as standing
from parley.times import Moment, moment_text, read_moment

TEST_EVERY_MS: Final = 3_600_000  # every hour, as the first direct line between two capitals has done since 1963
_SIGNING: Final = {"waiting": "waiting-for-peer", "healing": "waiting-for-peer"}


def line_status(node: NodePort, who: Who) -> LineRow:
    """Give the state of the line as the head of every page shows it."""
    need(who, "state")
    identity, status, view, now = node.identity, node.status(), node.book.line_view(), node.moment()
    us, them = identity.ours.side, identity.theirs.side
    newest = view.tests[-1] if view.tests else None
    fallback, own = view.fallbacks.get(them), view.fallbacks.get(us)
    watch = status.watch
    return LineRow(
        line=identity.line,
        words=tuple(line_words(identity.line)),
        ours=_side(node, identity.ours, status.our_watch),
        theirs=_side(node, identity.theirs, watch),
        up=status.line_up,
        down_since=None if status.line_up else status.down_since,
        links=tuple(_link(link) for link in status.links),
        signing=_SIGNING.get(status.signing, status.signing),
        signing_reason=status.signing_reason,
        second_place=status.second_place,
        last_test=None if newest is None else _test(newest, us),
        next_test_at=moment_text(Moment(read_moment(newest.at) + TEST_EVERY_MS)) if newest else None,
        gaps=tuple(gaps(node, who, count=5)),
        clock_offset_ms=status.clock_offset_ms,
        waiting=status.waiting,
        waiting_since=status.waiting_since,
        waiting_for_s=(now - read_moment(status.waiting_since)) // 1000 if status.waiting_since else None,
        put_off=status.put_off,
        fallback=fallback.text if fallback else "",
        fallback_id=fallback.ref.id if fallback else "",
        fallback_confirmed_at=(fallback.confirmed_at or None) if fallback else None,
        fallback_ours=own.text if own else "",
        rules=view.rules.version,
        faults=len(node.faults(1000)),
        mode=node.default_status,
        vouched=tuple(
            VouchedRow(ours=one.side == us, name=one.name, at=one.since)
            for one in view.persons
            if one.listed and one.keys_by == "identity" and now - read_moment(one.since) < limits.VOUCHED_SHOWN_MS
        ),
        now=moment_text(now),
    )


async def run_test(node: NodePort, who: Who) -> Sent:
    """Start a line test now; its answer comes as an event and in `tests`.

    Somebody who is not on the roster both sides hold, as the first administrator, starts it in the node's own name.
    """
    need(who, "line")
    view = node.book.view("line", f"roster/{node.identity.ours.side}/{who.person}")
    done = await node.line_test(who.person if isinstance(view, PersonView) and view.listed else "")
    return Sent(
        channel="line",
        subject=done.subject,
        ref=RefRow(log=done.log.text, number=done.number, id=done.id),
        at=done.at,
    )


def tests(node: NodePort, who: Who, *, count: int = 24) -> list[TestRow]:
    """Give the latest line tests of both sides, newest first."""
    need(who, "state")
    us = node.identity.ours.side
    return [_test(view, us) for view in reversed(node.book.line_view().tests[-count:] if count else ())]


def gaps(node: NodePort, who: Who, *, count: int = 50) -> list[GapRow]:
    """Give the recorded gaps of both sides, newest first."""
    need(who, "state")
    newest = node.book.line_view().gaps[-count:] if count else ()
    return [
        GapRow(
            side=view.side, link=view.link, since=view.since, until=view.until, cause=view.cause, subject=view.subject
        )
        for view in reversed(newest)
    ]


def faults(node: NodePort, who: Who, *, count: int = 50) -> list[FaultRow]:
    """Give what the peer, links and disk did that they must not, newest first."""
    need(who, "state")
    return [FaultRow(at=each.at, code=each.code, sentence=each.sentence, link=each.link) for each in node.faults(count)]


def links(node: NodePort, who: Who) -> list[LinkRow]:
    """Give every link with last heard, round trip and key exchange group."""
    need(who, "state")
    return [_link(link) for link in node.status().links]


async def set_fallback(node: NodePort, who: Who, *, text: str) -> Sent:
    """State how to reach us when the line is down."""
    need(who, "line")
    if not text.strip():
        raise Refused("line.fallback", "say how to reach this side when the line is down")
    return await write(node, who, standing.state_fallback(node.identity.ours.side, make_text(text)))


async def confirm_fallback(node: NodePort, who: Who, *, seen: str | None = None) -> Sent:
    """Confirm that the other side's stated fallback has been tried and is right.

    Args:
        seen: `LineRow.fallback_id` as the person was shown it; None where nobody was shown any.
    Raises: Refused `line.fallback.unknown`, `line.fallback.changed` if they state another one by now.
    """
    need(who, "line")
    them = node.identity.theirs.side
    stated = node.book.line_view().fallbacks.get(them)
    if stated is None:
        raise Refused("line.fallback.unknown", "the other side has not stated a fallback yet")
    if seen is not None and seen != stated.ref.id:
        raise Refused("line.fallback.changed", "the other side states another fallback by now; nothing was confirmed")
    return await write(node, who, standing.confirm_fallback(them, stated.ref))


async def propose_release_policy(node: NodePort, who: Who, *, persons: tuple[str, ...], after_s: int) -> None:
    """Propose who may release a FLASH alone when nobody answers within `after_s`; another person has to agree."""
    need(who, "release")
    if not persons or not 0 < after_s <= _AFTER_S_MAX:
        raise Refused("release.form", f"name at least one person, and a time from 1 to {_AFTER_S_MAX} seconds")
    proposal = PolicyRow(persons=tuple(sorted(set(persons))), after_s=after_s, by=who.person)
    await node.keep([ValueRow(*_POLICY, msgspec.json.encode(proposal))])


async def agree_release_policy(node: NodePort, who: Who, *, seen: str | None = None) -> Sent:
    """Agree to the proposed policy and lay it down in the record; persons are compared, as for a FLASH itself.

    Args:
        seen: Seconds and persons that were shown, with blanks between; None where nobody was shown any.
    Raises: Refused `drafts.changed` if it was proposed otherwise since, `binding.missing` where our side binds by
        passkey: then at a desk (`begin_agree_policy`).
    """
    need(who, "release")
    binding.refuse_unsigned(node, "laying down who may release a FLASH alone")
    fact, proposal = _policy_fact(node, who), proposed_release_policy(node, who)
    if seen is not None and (proposal is None or seen != " ".join((str(proposal.after_s), *proposal.persons))):
        raise Refused("drafts.changed", "the proposal was changed since you were shown it; nothing was sent")
    return await _lay_down(node, who, fact)


def begin_agree_policy(node: NodePort, who: Who, place: Place) -> Asked:
    """Begin to agree to the proposed policy: the second person's passkey signs exactly who, and after how long."""
    need(who, "release")

    async def lay_down(fact: Fact) -> Sent:
        words = {name: value for name, value in fact.body.items() if name != "assertion"}
        if words != _policy_fact(node, who).body:
            raise Refused("binding.changed", "the proposal was changed since this was shown; look at it afresh")
        return await _lay_down(node, who, fact)

    fact, status = _policy_fact(node, who), node.default_status
    return binding.begin(node, who, place, fact, lay_down, precedence="", status=status)


def _policy_fact(node: NodePort, who: Who) -> Fact:
    proposal = proposed_release_policy(node, who)
    if proposal is None:
        raise Refused("release.nothing-to-agree", "nobody here has proposed who may release a FLASH alone")
    if proposal.by == who.person:
        raise Refused("release.second-person", "the proposal is yours; another person has to agree to it")
    return standing.lay_down_release(
        node.identity.ours.side, persons=proposal.persons, after_s=proposal.after_s,
        laid_down_by=(proposal.by, who.person),
    )  # fmt: skip


async def _lay_down(node: NodePort, who: Who, fact: Fact) -> Sent:
    sent = await write(node, who, fact, status=node.default_status)
    await node.keep([ValueRow(*_POLICY, None)])
    return sent


def release_policy(node: NodePort, who: Who) -> ReleaseView | None:
    """Give the policy that our side laid down, if any."""
    need(who, "release")
    view = node.book.view("line", f"release/{node.identity.ours.side}")
    return view if isinstance(view, ReleaseView) else None


def release_policy_unsigned(node: NodePort, who: Who) -> bool:
    """Say whether the policy in force is our node's word alone, though our side binds by passkey by now."""
    need(who, "release")
    if release_policy(node, who) is None or not binding.must_sign(node):
        return False
    us = node.identity.ours.side
    rows = node.store.recent("line", ("release.policy",), before=None, count=_POLICIES_LOOKED_AT)
    row = next((one for one in rows if one.log.side == us and one.verdict == "valid"), None)
    return row is not None and not is_signed(read_entry(node.store.leaves(row.log, row.number, 1)[0]))


def proposed_release_policy(node: NodePort, who: Who) -> PolicyRow | None:
    """Give the policy that waits for a second person, if any."""
    need(who, "release")
    raw = node.store.value(*_POLICY)
    return None if raw is None else msgspec.json.decode(raw, type=PolicyRow)


_POLICIES_LOOKED_AT: Final = 50  # of both sides; each is laid down by two persons, so there are few
_POLICY: Final = ("private.policy", "release")
_AFTER_S_MAX: Final = 86_400  # beyond a day it is no longer an answer to a FLASH


async def set_watch(node: NodePort, who: Who, *, present: bool) -> None:
    """Go on watch or leave it; a signal, never recorded."""
    need(who, "acknowledge")
    node.set_watch(who.person, present)


def roster(node: NodePort, who: Who) -> list[PersonRow]:
    """Give both sides' rosters and our own accounts."""
    return list_people(node, who)


def _side(node: NodePort, party: Party, signal: WatchPort | None) -> SideRow:
    """Give a side. Whether somebody is there is what its node says now; since when, what the record says as well."""
    views = node.watches.of_side(party.side)
    held = [view for view in views if view.there]
    since, handed = "" if signal is None else signal.since, ""
    if signal is not None and signal.present and held:
        since = min(view.since for view in held)
        handed = max(view.handed_over_at for view in held)
    elif signal is not None and not signal.present and views and not held:
        since = max(view.ended_at for view in views)
    return SideRow(
        id=party.side,
        name=party.name,
        domain=party.domain,
        languages=tuple(party.languages),
        watch=None if signal is None else signal.present,
        watch_since=since or None,
        watch_handed_over=handed or None,
    )


def _test(view: TestView, us: str) -> TestRow:
    return TestRow(
        at=view.at,
        by=view.person,
        ours=view.side == us,
        answered_at=view.answered_at or None,
        same=view.same,
        digest=view.digest,
        subject=view.subject,
    )


def _link(link: Any) -> LinkRow:
    return LinkRow(
        name=link.name,
        up=link.up,
        since=moment_text(link.since) if link.since is not None else None,
        heard_age_s=link.heard_age_s,
        rtt_ms=link.rtt_ms,
        group=link.group,
        post_quantum="MLKEM" in link.group.upper(),
        lanes=tuple(lane.name.lower() for lane in link.lanes),
        route=link.route,
        bits_s=link.bits_s,
        last_error=link.last_error,
    )
