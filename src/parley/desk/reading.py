"""What the desk reads, from the actions on a real node. Nothing is decided here: every right is in the action."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from parley.actions import (
    binding,
    calls,
    channels,
    drafting,
    epochs,
    legal_names,
    line,
    messages,
    notify,
    people,
    record,
)
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.desk import rows, shown
from parley.desk.alerts import alerts_of
from parley.errors import Refused
from parley.identity import line_words
from parley.times import moment_text, read_moment

# What another side hears of where a message was shown: this door, not which machine or browser stood behind it.
DESK: Final = "desk"
THREAD_COUNT: Final = 30


def asker(person: shown.Person) -> Who:
    if not isinstance(person.key, Who):
        raise Refused("people.session", "you are not signed in here, or no longer")
    return person.key


class Reading:
    """What a desk reads of its node."""

    def __init__(self, node: NodePort) -> None:
        self._node: Final = node
        ours, theirs, name = node.identity.ours, node.identity.theirs, node.identity.line
        self.sides = shown.Sides(
            ours=ours.side, our_name=ours.name, theirs=theirs.side, their_name=theirs.name, line=name,
            line_words=" ".join(line_words(name)), our_languages=tuple(ours.languages),
            their_languages=tuple(theirs.languages), illustration=node.illustration,
        )  # fmt: skip

    @property
    def mode(self) -> str:
        """What this whole node is for."""
        return self._node.default_status

    def now(self) -> str:
        """Give the node's calendar time."""
        return moment_text(self._node.moment())

    # --- signing in

    async def redeem(self, token: str) -> shown.Session:
        """Spend a one-time link."""
        session = await people.sign_in(self._node, token, desk=DESK)
        lasts_s = (read_moment(session.expires_at) - self._node.moment()) // 1000
        return shown.Session(secret=session.token, lasts_s=lasts_s)

    def person(self, secret: str) -> shown.Person | None:
        """Give who is behind a session, or None."""
        if not secret:
            return None
        try:
            who = people.who_by_session(self._node, secret)
        except Refused:
            return None
        name = people.person_name(self._node, self.sides.ours, who.person)[0]
        return shown.Person(id=who.person, name=name, roles=who.roles, rights=who.rights, key=who)

    async def sign_out(self, secret: str) -> None:
        """End a session, if there is one."""
        person = self.person(secret)
        if person is not None:
            await people.sign_out(self._node, asker(person))

    # --- reading

    def line(self, who: shown.Person, whole: bool = False) -> shown.LineShown:
        """Give the state of the line; `whole` adds tests, gaps and faults."""
        known = asker(who)
        row = line.line_status(self._node, known)
        test = row.last_test
        return shown.LineShown(
            up=row.up,
            since=row.down_since,
            links=tuple(rows.link(one) for one in row.links),
            last_test=rows.test(test, self._name(test.by, test.ours)) if test else None,
            our_watch=bool(row.ours.watch),
            their_watch=row.theirs.watch,
            their_watch_at=row.theirs.watch_since,
            their_watch_handed_at=row.theirs.watch_handed_over,
            signing=row.signing,
            signing_reason=row.signing_reason,
            clock_offset_ms=row.clock_offset_ms,
            put_off=row.put_off,
            fallback=row.fallback,
            fallback_ours=row.fallback_ours,
            fallback_id=row.fallback_id,
            fallback_confirmed_at=row.fallback_confirmed_at,
            vouched=tuple((one.ours, one.name, one.at) for one in row.vouched),
            tests=tuple(rows.test(one, self._name(one.by, one.ours)) for one in line.tests(self._node, known))
            if whole
            else (),
            gaps=tuple(
                shown.GapShown(
                    link=one.link, since=one.since, until=one.until or None, cause=one.cause, side=self._side(one.side)
                )
                for one in line.gaps(self._node, known)
            )
            if whole
            else (),
            faults=tuple(
                shown.FaultShown(at=one.at, code=one.code, sentence=one.sentence, link=one.link)
                for one in line.faults(self._node, known)
            )
            if whole
            else (),
        )

    def _side(self, side: str) -> str:
        return self.sides.our_name if side == self.sides.ours else self.sides.their_name

    def _name(self, person: str, ours: bool) -> str:
        side = self.sides.ours if ours else self.sides.theirs
        return people.person_name(self._node, side, person)[0] if person else self._side(side)

    def channels(self, who: shown.Person) -> tuple[shown.ChannelShown, ...]:
        """Give every channel."""
        return tuple(rows.channel(one, self.sides.ours) for one in channels.list_channels(self._node, asker(who)))

    def alerts(self, who: shown.Person) -> tuple[shown.AlertShown, ...]:
        """Give what cannot wait, the most urgent first."""
        waiting = [rows.message(one) for one in messages.waiting(self._node, asker(who))]
        known = asker(who)
        trouble = shown.TroubleShown(
            silent=tuple(notify.silent_desks(self._node, known)),
            failing=tuple(notify.failing_targets(self._node, known)) if "line" in who.rights else (),
        )
        now = self._calls_now(who)
        return tuple(alerts_of(self.line(who), self.channels(who), waiting, self.drafts(who), now, trouble))

    def escalation(self, who: shown.Person) -> shown.EscalationShown:
        """Give who is told of what waits, and how it went."""
        return notify.escalation(self._node, asker(who))

    def _calls_now(self, who: shown.Person) -> tuple[shown.CallShown, ...]:
        return tuple(calls.calls_now(self._node, asker(who)))

    def thread(self, who: shown.Person, channel: str, before: str) -> shown.ThreadShown:
        """Give a page of a thread, newest first."""
        page = messages.thread(self._node, asker(who), channel, before=before, count=THREAD_COUNT)
        return shown.ThreadShown(
            messages=tuple(rows.message(one) for one in reversed(page.messages)), older=page.before
        )

    def message(self, who: shown.Person, channel: str, subject: str) -> shown.MessageShown:
        """Give one message with its history."""
        return rows.message(messages.message(self._node, asker(who), channel, subject))

    def drafts(self, who: shown.Person) -> tuple[shown.DraftShown, ...]:
        """Give the drafts this person may see."""
        titles = {one.id: one.title for one in self.channels(who)}
        return tuple(
            rows.draft(one, titles.get(one.channel, one.channel))
            for one in drafting.list_drafts(self._node, asker(who))
        )

    def calls(self, who: shown.Person, channel: str) -> tuple[shown.CallShown, ...]:
        """Give the latest calls of a channel, newest first."""
        return tuple(calls.calls(self._node, asker(who), channel))

    def release_policy(self, who: shown.Person) -> tuple[shown.PolicyShown | None, shown.PolicyShown | None]:
        """Give who may release a FLASH alone: as laid down, and as proposed."""
        known = asker(who)
        held, proposed = line.release_policy(self._node, known), line.proposed_release_policy(self._node, known)
        return (
            shown.PolicyShown(
                persons=held.persons,
                after_s=held.after_s,
                by=held.laid_down_by,
                unsigned=line.release_policy_unsigned(self._node, known),
            )
            if held
            else None,
            shown.PolicyShown(persons=proposed.persons, after_s=proposed.after_s, by=(proposed.by,))
            if proposed
            else None,
        )

    def logs(self, who: shown.Person) -> tuple[shown.LogShown, ...]:
        """Give every log."""
        return tuple(rows.log(one) for one in record.logs(self._node, asker(who)))

    def beside_the_logs(self, who: shown.Person) -> tuple[tuple[shown.ForkShown, ...], tuple[shown.LostShown, ...]]:
        """Give what the record holds beside its logs: what was signed twice, what was found too late."""
        known = asker(who)
        forks, lost = record.forks(self._node, known), record.lost_entries(self._node, known)
        return tuple(map(rows.fork, forks)), tuple(map(rows.lost, lost))

    def frozen(self, who: shown.Person) -> tuple[shown.FrozenShown, ...]:
        """Give the logs that a fork has frozen; nothing to those who cannot do anything about them."""
        return tuple(map(rows.frozen, epochs.frozen_logs(self._node, asker(who)))) if "people" in who.rights else ()

    def entries(self, who: shown.Person, log: str, first: int, count: int) -> tuple[shown.EntryShown, ...]:
        """Give a stretch of a log."""
        return tuple(rows.entry(one) for one in record.entries(self._node, asker(who), log, first=first, count=count))

    def entry(self, who: shown.Person, log: str, number: int) -> shown.EntryShown:
        """Give one entry with its proof."""
        return rows.detail(record.entry(self._node, asker(who), log, number))

    def members(self, who: shown.Person) -> tuple[shown.MemberShown, ...]:
        """Give both sides' people, and for who may see to it how ours stand in the roster with their passkeys."""
        known, found = asker(who), []
        for one in people.list_people(self._node, known):
            told = rows.member(one)
            if one.ours and one.listed and {"people", "release"} & known.rights:
                row = binding.listing_of(self._node, known, one.id)
                listing = shown.ListingShown(
                    listed=row.listed, enrolled=row.enrolled, same=row.same, signs=row.signs, may=row.may
                )
                told = replace(told, listing=listing)
            if one.ours and "people" in known.rights:
                kept = legal_names.keeps_legal_name(self._node, known, one.id)
                told = replace(told, legal=kept if kept or one.listed else None)
            found.append(told)
        return tuple(found)
