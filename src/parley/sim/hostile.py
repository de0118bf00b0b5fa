"""A peer that lies: south runs the real program with its keys, and what leaves it is changed on the way out.

Owns: the kinds of lie.
Does not own: what an honest node has to do about them (checkers.py, rest.py).
Always true:
  1. A liar has its own keys and nobody else's: what it signs is signed, what it forges of north is not.
  2. Lies end with the trouble, so that the healing shows whether anything stuck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from parley.errors import PeerError
from parley.line import Effect, Send, frames
from parley.link import Lane
from parley.sim import badspeech
from parley.sim.broken import FORKING
from parley.sim.copied import speak_at
from parley.sim.dice import Dice

if TYPE_CHECKING:
    from parley.sim.node import SimNode
    from parley.sim.world import World

LIAR: Final = "south"
Lie = Callable[["World", "SimNode"], None]


def _met(world: World, what: str) -> None:
    world.meter.met("lie", what)


def garbage(world: World, node: SimNode) -> None:
    """Frames with flipped bits, cut short, lengthened, of unknown type, or of pure noise."""
    dice = Dice(world.seed, "garbage")

    def change(effects: list[Effect]) -> list[Effect]:
        told: list[Effect] = []
        for effect in effects:
            if isinstance(effect, Send) and dice.chance(0.15):
                told.append(Send(effect.link, effect.lane, _spoilt(dice, effect.frame)))
                _met(world, "garbage")
                if dice.chance(0.5):
                    told.append(effect)
            else:
                told.append(effect)
        return told

    node.change = change


def _spoilt(dice: Dice, frame: bytes) -> bytes:
    way = dice.randrange(5)
    if way == 0:
        # Beyond its head a frame holds ML-DSA signatures, which no seed makes the same twice: what is left of a frame
        # must not hang on them, or the world could not be had again (promise 11). The top bit spoils any of its text.
        at, bit = dice.randrange(len(frame)), dice.randrange(8)
        return frame[:at] + bytes((frame[at] ^ (1 << bit if at < 3 else 0x80),)) + frame[at + 1 :]
    if way == 1:
        return frame[: dice.randrange(len(frame))]
    if way == 2:
        return frame + dice.randbytes(dice.randint(1, 40))
    if way == 3:
        return bytes((dice.randint(0x10, 0xFF),)) + frame[1:]
    return bytes((dice.randint(0x10, 0x1F),)) + dice.randbytes(dice.randint(0, 200))


def replay(world: World, node: SimNode) -> None:
    """Every frame ever sent may come again, at any time, by any link."""
    dice, kept = Dice(world.seed, "replay"), list[bytes]()

    def change(effects: list[Effect]) -> list[Effect]:
        told: list[Effect] = []
        for effect in effects:
            told.append(effect)
            if not isinstance(effect, Send):
                continue
            if len(kept) < 500:
                kept.append(effect.frame)
            while dice.chance(0.3):
                told.append(Send(effect.link, effect.lane, dice.choice(kept)))
                _met(world, "replay")
        return told

    node.change = change


def flood(world: World, node: SimNode) -> None:
    """The same frames dozens of times, on the urgent lane too: FLASH must still pass."""
    dice = Dice(world.seed, "flood")

    def change(effects: list[Effect]) -> list[Effect]:
        told: list[Effect] = []
        for effect in effects:
            told.append(effect)
            if isinstance(effect, Send) and dice.chance(0.1):
                told += [Send(effect.link, Lane.URGENT, effect.frame)] * 30
                _met(world, "flood")
        return told

    node.change = change


def sizes(world: World, node: SimNode) -> None:
    """Claims about how much it holds, and heads, that are too large or too small."""
    dice = Dice(world.seed, "sizes")

    def change(effects: list[Effect]) -> list[Effect]:
        return [
            Send(effect.link, effect.lane, _wrong_size(world, dice, effect.frame))
            if isinstance(effect, Send) and dice.chance(0.25)
            else effect
            for effect in effects
        ]

    node.change = change


def _wrong_size(world: World, dice: Dice, frame: bytes) -> bytes:
    try:
        kind, reader, blob = frames.open_frame(frame)
        if kind is frames.Kind.PROGRESS:
            log, held, again = frames.read_progress(reader)
            _met(world, "wrong progress")
            return frames.write_progress(log, max(0, held + dice.randint(-50, 50)), again=not again)
        if kind is frames.Kind.STANDING:
            standing = frames.read_standing(reader)
            held_rows = tuple((log, max(0, size + dice.randint(-50, 50))) for log, size in standing.held)
            _met(world, "wrong standing")
            return frames.write_standing(frames.Standing(held=held_rows, heads=standing.heads))
        if kind is frames.Kind.RUN:
            run = frames.read_run(reader, blob)
            head = frames.Head(
                log=run.head.log,
                size=max(0, run.head.size + dice.randint(-3, 3)),
                root=run.head.root,
                signature=run.head.signature,
            )
            first = max(0, run.first + dice.randint(-2, 2))
            _met(world, "wrong run")
            return frames.write_run(frames.Run(head=head, first=first, proof=run.proof, leaves=run.leaves))
    except PeerError:
        return frame
    return frame


def tail(world: World, node: SimNode) -> None:
    """Answers about the other side's tail that leave out or shorten what it holds, properly signed."""
    dice = Dice(world.seed, "tail")

    def change(effects: list[Effect]) -> list[Effect]:
        return [_short_tail(world, node, dice, effect) for effect in effects]

    node.change = change


def _short_tail(world: World, node: SimNode, dice: Dice, effect: Effect) -> Effect:
    from parley.line.tail import tail_message

    if not isinstance(effect, Send) or effect.frame[0] != frames.Kind.TAIL_ANSWER or node.core is None:
        return effect
    _, reader, _ = frames.open_frame(effect.frame)
    answer = frames.read_tail_answer(reader)
    kept: list[frames.Head] = []
    for head in answer.heads:
        rows = node.store.signatures(head.log, "own-ed", 0, 1000)
        older = [row for row in rows if row.size < head.size]
        if dice.chance(0.4):
            continue
        if older and dice.chance(0.6):
            row = dice.choice(older)
            head = frames.Head(log=head.log, size=row.size, root=row.root, signature=row.signature)
        kept.append(head)
    heads = tuple(kept)
    signature = node.keys.cosign.sign(tail_message(node.keys.identity.line, answer.nonce, heads))
    _met(world, "short tail")
    lie = frames.TailAnswer(nonce=answer.nonce, heads=heads, signature=signature)
    return Send(effect.link, effect.lane, frames.write_tail_answer(lie))


def forge(world: World, node: SimNode) -> None:
    """Entries that are not the ones it signed: a leaf changed on its way out, under the signed head of the true one."""
    dice = Dice(world.seed, "forge")

    def change(effects: list[Effect]) -> list[Effect]:
        return [
            Send(effect.link, effect.lane, _forged(world, dice, effect.frame))
            if isinstance(effect, Send) and dice.chance(0.1)
            else effect
            for effect in effects
        ]

    node.change = change


def _forged(world: World, dice: Dice, frame: bytes) -> bytes:
    kind, reader, blob = frames.open_frame(frame)
    if kind is frames.Kind.RUN:
        run = frames.read_run(reader, blob)
        leaves = list(run.leaves)
        leaves[dice.randrange(len(leaves))] = b'{"forged":true}'
        _met(world, "forged run")
        return frames.write_run(replace(run, leaves=tuple(leaves)))
    if kind is frames.Kind.AHEAD:
        _met(world, "forged ahead")
        return frames.write_ahead(replace(frames.read_ahead(reader, blob), leaf=b'{"forged":true}'))
    if kind is frames.Kind.COSIGNED:
        _met(world, "forged cosignature")
        rows = frames.read_cosigned(reader)
        if dice.chance(0.3):
            _met(world, "cosignature over its own log")
            rows = [replace(row, log=row.log._replace(side=LIAR)) for row in rows]
        return frames.write_cosigned([replace(row, root=dice.randbytes(32)) for row in rows])
    if kind is frames.Kind.RECEIPT:
        _met(world, "forged receipt")
        return frames.write_receipt(replace(frames.read_receipt(reader), id=dice.randbytes(32)))
    return frame


def speech(world: World, node: SimNode) -> None:
    """Leaves that are properly signed and make no sense: the line must pass them by (promise 7)."""
    dice = Dice(world.seed, "speech")

    def speak() -> None:
        if world.healing:
            return
        if badspeech.speak(world, node, dice):
            _met(world, "bad speech")
        world.schedule.after(dice.expovariate(0.8), speak)

    world.schedule.at(2.0, speak)


def fork(world: World, node: SimNode) -> None:
    """It puts back an old disk, signs on as if nothing had happened, and so signs two histories."""
    dice = Dice(world.seed, "fork")
    node.build = FORKING
    world.schedule.at(dice.uniform(5.0, 15.0), lambda: node.backups.append(node.disk.backup()))

    def go_back() -> None:
        world.crash(node, "to fork its own history", back=False)
        node.disk.restore(node.backups[0], copied=True)
        node.forks = True
        _met(world, "fork")
        world.watcher.after_restore()
        world.tell(f"{node.side} goes back in its own history and signs on")
        world.schedule.after(0.3, lambda: world.start(node))

    world.schedule.at(dice.uniform(18.0, 40.0), go_back)


def copied(world: World, node: SimNode) -> None:
    """A copy of its machine signs another end of a log: the true one goes on, and both operators with it."""
    dice = Dice(world.seed, "copied")
    speak_at(world, node, dice.choice(("leaders", "military", "talks", "line")), dice.uniform(8.0, 25.0))


LIES: Final[dict[str, Lie]] = {
    "copied": copied,
    "flood": flood,
    "forge": forge,
    "fork": fork,
    "garbage": garbage,
    "replay": replay,
    "sizes": sizes,
    "speech": speech,
    "tail": tail,
}


def lie_of(name: str | None) -> Lie | None:
    """Give a lie by its name; None for an honest world."""
    return None if name is None else LIES[name]
