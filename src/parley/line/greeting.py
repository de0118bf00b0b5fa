"""Where we stand: what is said when a link comes up and when the peer asks, and how often it may ask.

Owns: STANDING, our newest signatures over every log, the bounds on questions that cost us reads and sends.
Does not own: what follows from the peer's standing (core.py), runs (sending.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from parley import limits
from parley.line import frames
from parley.line.events import Effect, Send
from parley.line.frames import Cosigned, Head, Standing
from parley.line.ledger import Ledger
from parley.link.lanes import Lane
from parley.times import Instant

_SIGNATURES_A_FRAME = 16  # about 53 kB of ML-DSA signatures
_ANSWERS_BURST, _ANSWER_EVERY_S = 3.0, 5.0
_SLACK_S = 0.01  # so that rounding never wakes us just before


def signature_frames(cosigned: list[Cosigned], sealed: list[Head]) -> Iterator[bytes]:
    """Give signatures a few a frame: ML-DSA signatures are large, and a header has 64 KiB."""
    for first in range(0, len(cosigned), _SIGNATURES_A_FRAME):
        yield frames.write_cosigned(cosigned[first : first + _SIGNATURES_A_FRAME])
    for first in range(0, len(sealed), _SIGNATURES_A_FRAME):
        yield frames.write_sealed(sealed[first : first + _SIGNATURES_A_FRAME])


class Greeting:
    """What we say of ourselves on a link."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._questions: dict[str, tuple[float, Instant]] = {}  # link -> tokens left, when
        self._answers: dict[str, tuple[float, Instant]] = {}
        self._owed: set[str] = set()  # links that asked too soon: answered when the bound allows

    def link_down(self, link: str) -> None:
        """Begin anew with a link that comes up again."""
        self._questions.pop(link, None)
        self._answers.pop(link, None)
        self._owed.discard(link)

    def sparing(self, link: str, heads: tuple[Head, ...]) -> list[Effect]:
        """Answer a standing on a thin link: our cosignatures over just the logs whose heads it names.

        A thin standing names the heads that its sender has no cosignature over; at most limits.QUESTIONS_RATE a second.
        """
        asked = {head.log for head in heads}
        cosigned, _ = self.newest_signatures()
        rows = [row for row in cosigned if row.suite == 1 and row.log in asked]
        return [Send(link, Lane.URGENT, frame) for frame in signature_frames(rows, [])]

    def answer(self, link: str, now: Instant) -> list[Effect]:
        """Send all our newest signatures again, now or when that may be: they are large, and a peer may ask often.

        Never not at all: a peer that restarts again and again must have them once it stays.
        """
        tokens, at = self._answers.get(link, (_ANSWERS_BURST, now))
        tokens = min(_ANSWERS_BURST, tokens + (now - at) / _ANSWER_EVERY_S)
        if tokens < 1:
            self._answers[link] = (tokens, now)
            self._owed.add(link)
            return []
        self._answers[link] = (tokens - 1, now)
        self._owed.discard(link)
        return self.signatures(link)

    def tick(self, now: Instant) -> list[Effect]:
        """Give the answers that are owed and may go out now."""
        due = self.wake_at()
        if due is None or now < due:
            return []
        return [effect for link in sorted(self._owed) for effect in self.answer(link, now)]

    def wake_at(self) -> Instant | None:
        """Say when an answer that is owed may go out."""
        allowed = [
            Instant(at + (1 - tokens) * _ANSWER_EVERY_S + _SLACK_S)
            for tokens, at in (self._answers[link] for link in self._owed)
        ]
        return min(allowed, default=None)

    def may_ask(self, link: str, now: Instant) -> bool:
        """Bound what a small frame of theirs may cost us in reads, proofs and sends."""
        tokens, at = self._questions.get(link, (limits.QUESTIONS_BURST, now))
        tokens = min(limits.QUESTIONS_BURST, tokens + (now - at) * limits.QUESTIONS_RATE)
        self._questions[link] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1

    def standing(self, *, thin: bool = False) -> bytes:
        """Give the frame that says how far we hold their logs, and our own newest heads.

        `thin` names only those heads that they have not cosigned as far as we know: 170 bytes each.
        """
        ledger = self._ledger
        speaking = [ours for ours in ledger.speaking() if not thin or ours.held < ours.durable]
        heads = sorted((ours.head for ours in speaking if ours.head is not None), key=lambda head: head.log)
        held = sorted((log, theirs.durable) for log, theirs in ledger.theirs.items() if theirs.durable)
        return frames.write_standing(Standing(held=tuple(held), heads=tuple(heads[-frames.HEADS_MAX :])))

    def newest_signatures(self) -> tuple[list[Cosigned], list[Head]]:
        """Give our newest cosignatures over their logs, of both suites, and our newest ML-DSA signatures over ours."""
        store, cosigned, sealed = self._ledger.store, [], []
        for log, theirs in sorted(self._ledger.theirs.items()):
            for kind, suite in (("co-ed", 1), ("co-pq", 2)):
                row = store.newest_signature(log, kind)  # type: ignore[arg-type]
                if row is not None and row.size <= theirs.durable:
                    cosigned.append(
                        Cosigned(
                            log=log, size=row.size, root=row.root, at_s=row.at_s, suite=suite, signature=row.signature
                        )
                    )
        for log in sorted(ours.log for ours in self._ledger.speaking()):
            row = store.newest_signature(log, "own-pq")
            if row is not None and log not in self._ledger.stale_seals:
                sealed.append(Head(log=log, size=row.size, root=row.root, signature=row.signature))
        return cosigned, sealed

    def frames(self) -> Iterator[bytes]:
        """Give the frames of our newest signatures over every log."""
        return signature_frames(*self.newest_signatures())

    def signatures(self, link: str) -> list[Effect]:
        """Send our newest signatures over every log: what tells of delivery urgently, what is large behind it."""
        cosigned, sealed = self.newest_signatures()
        first = signature_frames([row for row in cosigned if row.suite == 1], [])
        later = signature_frames([row for row in cosigned if row.suite != 1], sealed)
        return [
            *(Send(link, Lane.URGENT, frame) for frame in first),
            *(Send(link, Lane.ORDINARY, frame) for frame in later),
        ]
