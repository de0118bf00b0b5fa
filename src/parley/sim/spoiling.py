"""How one rule that matters is broken in a running core: by exchanging one method of one part.

Owns: the ways. Does not own: which builds use them, and in which trouble each shows (broken.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from parley import limits
from parley.actions import legal_names, people
from parley.actions.ports import NodePort
from parley.actions.who import Who
from parley.errors import PeerError, Refused, Unavailable
from parley.line import Effect, LineCore, Send, Wish, frames
from parley.line.states import OurLog
from parley.link import Lane
from parley.people import legal
from parley.people.kept import Values
from parley.record import leaf_hash, read_entry
from parley.record.legal import Disclosure, make_disclosure
from parley.record.names import LogId
from parley.storage import EntryRow, SignatureRow, ValueRow
from parley.subjects.acts import Cut
from parley.times import Instant, Moment

if TYPE_CHECKING:
    from parley.sim.node import SimNode


@contextmanager
def _replaced(kind: object, name: str, value: Any) -> Iterator[None]:
    """Replace a method of a class, or a function of a module, for the length of one world."""
    kept = getattr(kind, name)
    setattr(kind, name, value)
    try:
        yield
    finally:
        setattr(kind, name, kept)


def _set(part: object, name: str, value: Any) -> None:
    """Replace one method of one object; a part with slots gets a subclass of its own."""
    try:
        setattr(part, name, value)
    except AttributeError:
        kind = type(part)
        part.__class__ = type(
            kind.__name__, (kind,), {"__slots__": (), name: lambda _self, *args, **kw: value(*args, **kw)}
        )


# --- our own logs -----------------------------------------------------------------------------------------------


def never_waits(core: LineCore, node: SimNode) -> None:
    """Sign whatever the store says, without asking anybody."""
    tail = core._tail
    _set(tail, "start", lambda anchor: tail._set("ok", "it does not ask"))
    _set(tail, "answered", lambda link, answer, now: [])


def keeps_its_log(core: LineCore, node: SimNode) -> None:
    """Believe the peer's answer about our tail, and continue the old log from there."""
    tail = core._tail

    def healed() -> list[Effect]:
        core.ledger.renew = set()
        return tail._set("ok", "it continues where the other side says it stopped")

    _set(tail, "_healed", healed)


# --- the disk ---------------------------------------------------------------------------------------------------


def shrugs_at_a_failed_commit(core: LineCore, node: SimNode) -> None:
    """Go on after a failed commit as if it had landed."""

    def failed(batch: int, error: Unavailable, now: Instant) -> list[Effect]:
        return core.stored(batch, now, node.clock())

    _set(core, "store_failed", failed)


def says_before_stored(core: LineCore, node: SimNode) -> None:
    """Offer an entry to the peer in the same breath as to the disk."""
    author = core.author

    def at_once(wish: Wish, now: Instant, clock: Moment) -> list[Effect]:
        effects = author(wish, now, clock)
        batch = core._under_way
        if batch is None or not core.links:
            return effects
        for part in batch.ours.values():
            if part.head is not None:
                run = frames.Run(head=part.head, first=part.first, proof=(), leaves=tuple(part.leaves))
                effects.append(Send(core.links[0], Lane.ORDINARY, frames.write_run(run)))
        return effects

    _set(core, "author", at_once)


def receipt_without_a_copy(core: LineCore, node: SimNode) -> None:
    """Sign a receipt for an urgent entry that came ahead, and keep it in memory only."""
    intake = core._intake
    ahead = intake.ahead

    def forgetful(link: str, arrived: frames.Ahead) -> Any:
        answer = ahead(link, arrived)
        rows = core.ledger.open.rows
        rows[:] = [row for row in rows if not (isinstance(row, ValueRow) and row.space == "ahead" and row.value)]
        return answer

    _set(intake, "ahead", forgetful)


# --- taking in --------------------------------------------------------------------------------------------------


def _takes_anything(core: LineCore, *, repeats: bool) -> None:
    """Take in runs without comparing roots; with `repeats`, also those that were taken in before."""
    intake, ledger = core._intake, core.ledger
    run_of = intake.run

    def run(link: str, run: frames.Run) -> list[Effect]:
        state = intake.their_log(run.head.log)
        held = state.frontier.size
        again = run.first + len(run.leaves) <= held
        if run.first > held or (again and not repeats) or (repeats and not again):
            return run_of(link, run)
        leaves = run.leaves if repeats else run.leaves[held - run.first :]
        hashes = [leaf_hash(leaf) for leaf in leaves]
        intake._begin(state)
        ledger.roots.grow(state.log, state.frontier, hashes)
        for offset, (leaf, identity) in enumerate(zip(leaves, hashes, strict=True)):
            ledger.open.rows.append(EntryRow(state.log, held + offset, identity, leaf))
            ledger.book.take(state.log, held + offset, leaf, identity)
        state.frontier.extend(hashes)
        size = state.frontier.size
        state.exact = replace(run.head, size=size)
        ledger.open.rows.append(SignatureRow(state.log, "own-ed", size, run.head.root, 0, run.head.signature))
        ledger.open.theirs[state.log] = size
        ledger.open.lazy = False
        ledger.take_fold()
        return []

    _set(intake, "run", run)


def skips_the_root(core: LineCore, node: SimNode) -> None:
    """Store what comes without checking that it hashes into the signed root."""
    _takes_anything(core, repeats=False)


def takes_a_repeat_for_new(core: LineCore, node: SimNode) -> None:
    """Append a run that was held already."""
    _takes_anything(core, repeats=True)


@contextmanager
def resumes_one_too_far() -> Iterator[None]:
    """After a cut, leave out the first entry that the peer lacks."""
    rewind = OurLog.rewind

    def skipping(ours: OurLog, held: int) -> None:
        rewind(ours, held)
        ours.cursor = min(held + 1, ours.durable)

    with _replaced(OurLog, "rewind", skipping):
        yield


@contextmanager
def commits_before_it_keeps() -> Iterator[None]:
    """Write a name by law down only once the other side holds the digest of it."""
    kept: dict[str, Disclosure] = {}

    def find(values: Values, person: str, commitment: str = "") -> Disclosure | None:
        return kept.get(person)

    async def commit(node: NodePort, who: Who, person: str, name: str, *, draw: Callable[[int], bytes]) -> None:
        ours = node.identity.ours.side
        kept[person] = make_disclosure(line=node.identity.line, side=ours, person=person, name=name, salt=draw(32))
        await people.publish_person(node, who, person)
        await node.keep(legal.rows(person, kept[person]))

    with _replaced(legal, "find", find), _replaced(legal_names, "commit_legal_name", commit):
        yield


@contextmanager
def forgets_a_name_too_soon() -> Iterator[None]:
    """Let a name written anew take the place of the one before at once."""
    rows = legal.rows
    with _replaced(legal, "rows", lambda person, disclosure, before=None: rows(person, disclosure)):
        yield


def tells_what_is_private(core: LineCore, node: SimNode) -> None:
    """List somebody with their name by law in place of the digest of it."""
    author = core.author

    def authored(wish: Wish, now: Instant, at: Moment) -> list[Effect]:
        told = legal.find(node.store, str(wish.body.get("person", ""))) if wish.kind == "roster.listed" else None
        return author(wish if told is None else wish._replace(body={**wish.body, "office": told.name}), now, at)

    _set(core, "author", authored)


def jams_on_an_unreadable_leaf(core: LineCore, node: SimNode) -> None:
    """Refuse a run because of what a leaf says."""
    intake = core._intake
    run_of = intake.run

    def run(link: str, run: frames.Run) -> list[Effect]:
        for leaf in run.leaves:
            read_entry(leaf)
        return run_of(link, run)

    _set(intake, "run", run)


def cosigns_by_a_clock_that_runs_back(core: LineCore, node: SimNode) -> None:
    """State in each cosignature whatever the calendar says now."""
    ledger = core.ledger
    seal = ledger.seal_batch

    def forgetful(clock: Moment) -> Any:
        for theirs in ledger.theirs.values():
            theirs.cosigned_at_s = 0
        return seal(clock)

    _set(ledger, "seal_batch", forgetful)


# --- the views --------------------------------------------------------------------------------------------------


class _Everything(Mapping[LogId, int]):
    """A past that holds all of every log."""

    def __getitem__(self, log: LogId) -> int:
        return limits.INTEGER_MAX

    def get(self, log: LogId, default: object = None) -> int:
        return limits.INTEGER_MAX

    def __iter__(self) -> Iterator[LogId]:
        return iter(())

    def __len__(self) -> int:
        return 0


def judges_by_today(core: LineCore, node: SimNode) -> None:
    """Judge an act by the view as it is here now, not by the act's own past."""
    shelf = core.ledger.book._shelf  # type: ignore[attr-defined]
    standing = shelf.standing
    _set(shelf, "standing", lambda cut: standing(Cut(_Everything())))

    def view_for(act: Any) -> object:
        topic = shelf.topic(act.entry.channel, act.entry.subject)
        return None if topic is None else topic.view()

    _set(shelf, "view_for", view_for)


def believes_a_backdated_past(core: LineCore, node: SimNode) -> None:
    """Let an entry forget what its author had seen before."""
    pasts = core.ledger.book._pasts  # type: ignore[attr-defined]
    check = pasts.check

    def trusting(track: Any, number: int, entry: Any) -> None:
        track.past, track.past_map, track.past_turn = (), {}, 0
        check(track, number, entry)

    _set(pasts, "check", trusting)
    _set(pasts, "_check_closed", lambda *_: None)


def takes_any_signature(core: LineCore, node: SimNode) -> None:
    """Let an act that binds stand, whoever signed it and for whatever words."""
    book = core.ledger.book
    rule = book._rule  # type: ignore[attr-defined]

    def lenient(act: Any, kind: Any, track: Any) -> None:
        try:
            rule(act, kind, track)
        except Refused as refused:
            if not refused.code.startswith(("passkeys.", "binding.")):
                raise

    _set(book, "_rule", lenient)


def counts_a_nonce_twice(core: LineCore, node: SimNode) -> None:
    """Let an assertion that counted count again."""
    _set(core.ledger.book.nonces, "counted", lambda act, nonce: False)  # type: ignore[attr-defined]


def takes_newer_rules_for_its_own(core: LineCore, node: SimNode) -> None:
    """Judge an entry of a later version by the rules of this one."""
    book = core.ledger.book
    take = book.take

    def lenient(log: Any, number: int, leaf: bytes, id: bytes, entry: Any = None) -> None:
        try:
            found = entry or read_entry(leaf)
        except PeerError:
            take(log, number, leaf, id)
            return
        take(log, number, leaf, id, replace(found, rules=1) if found.rules > 1 else found)

    _set(book, "take", lenient)


# --- urgency ----------------------------------------------------------------------------------------------------


def urgent_by_one_link(core: LineCore, node: SimNode) -> None:
    """Send FLASH by the best link only, as everything else."""
    sending = core._sending
    for name in ("everywhere", "fitting"):
        _set(sending, name, lambda frame, but=(): [Send(link, Lane.ORDINARY, frame) for link in sending.links[:1]])
