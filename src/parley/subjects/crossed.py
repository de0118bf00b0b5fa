"""What comes of two acts that crossed: neither author had seen the other's.

Owns: the stated result of every pair of kinds that can meet in one subject, and of the line channel's facts with what
is said elsewhere. Data and words; the folds carry it out, and tests/subjects/test_crossed.py crosses every pair.
Both acts of a crossed pair are always valid: each is judged by its own past. The result says what holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.subjects.commitments import crossed as commitments
from parley.subjects.incidents import crossed as incidents
from parley.subjects.notices.crossed import PAIRS as NOTICES
from parley.subjects.readouts import crossed as readouts
from parley.subjects.rulebooks.crossed import PAIRS as RULEBOOKS
from parley.subjects.talks import crossed as talks
from parley.subjects.texts import crossed as texts


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one pair: a word for tests and programs, a sentence for people."""

    word: str
    sentence: str


BOTH: Final = Result("both-stand", "Both stand; the order is for show.")
ALONE: Final = Result(
    "one-writer", "One side alone writes both, in one log, so they do not cross; across epochs the later place counts."
)
EARLIER_TEXT: Final = Result(
    "earlier-text", "Both stand; what was said is of the text its author had seen, and the new text waits anew."
)
CANCELLED: Final = Result(
    "cancelled", "Both stand as facts; the message is cancelled, and what crossed it asks for nothing more."
)
NAMED: Final = Result("named-only", "The answer holds for the one entry it names, and for no other.")
AGREED: Final = Result("agreed-stands", "The agreement is final; the other act is crossed, not in force.")
SUSPENDED: Final = Result("suspended-stands", "The suspension stays in force; only one that was seen can be lifted.")
PROPOSALS: Final = Result("both-open", "Both proposals are open; either side may agree to the other's.")
FIRST: Final = Result("one-opens", "Both agreements are valid and open one channel; the title is the first's.")
SET: Final = Result("own-side", "Each side sets its own part; neither touches the other's.")
HIGHEST: Final = Result("highest", "The highest version agreed to counts; a lower one that crossed it does not.")
LATEST: Final = Result("latest-named", "A confirmation holds for what it names; a later statement waits for its own.")
MISSED: Final = Result(
    "missed", "Both stand: somebody answered while the caller gave up. The two did not meet; the call is missed."
)
OTHERS_WORD: Final = Result("called-side", "Both stand; the call is as the called side said: declined, or put off.")
EACH_ASKED: Final = Result("each-asked", "Each side has asked: that is a yes of both, and one recording runs.")
NOT_BOTH: Final = Result(
    "stop-wins", "Both stand as facts; it never ran for both sides, and whoever had begun keeps nothing of it."
)
EARLIER_WORDS: Final = Result(
    "earlier-words", "Both stand; what was said is of the earlier words, and the words now in force wait for it anew."
)
WITHDRAWN: Final = Result("withdrawn", "Both stand as facts; the stop is withdrawn, and waits for nothing more.")
LATE: Final = Result(
    "late",
    "Both stand: somebody pressed the key, and it was not heard in time. The roll-call is late.",
)
ITS_PAST: Final = Result("own-past", "What was said stands: it was allowed by its own past. What follows is refused.")

_FOLLOWS: Final = (
    "message.shown",
    "message.acknowledged",
    "message.corrected",
    "message.cancelled",
    "message.translated",
    "message.read-back",
    "message.confirmed",
    "message.not-confirmed",
    "file.held",
)
_READER: Final = frozenset(("message.shown", "message.acknowledged", "message.read-back", "file.held"))
_AUTHOR: Final = frozenset(("message.corrected", "message.cancelled", "message.confirmed", "message.not-confirmed"))


_RECORDING: Final = (
    "call.recording-asked",
    "call.recording-agreed",
    "call.recording-declined",
    "call.recording-stopped",
    "call.recording-kept",
)


_AGREED: Final = tuple(
    f"call.{what}-{act}" for what in ("text", "turns") for act in ("asked", "agreed", "declined", "stopped")
)


def _messages() -> dict[tuple[str, str], Result]:
    found: dict[tuple[str, str], Result] = {}
    for number, first in enumerate(_FOLLOWS):
        for second in _FOLLOWS[number:]:
            pair = {first, second}
            if pair <= _READER or pair <= _AUTHOR:
                result = ALONE
            elif "message.cancelled" in pair:
                result = CANCELLED
            elif "message.corrected" in pair and pair & {
                "message.acknowledged",
                "message.read-back",
                "message.translated",
            }:
                result = EARLIER_TEXT
            elif "message.read-back" in pair and pair & {"message.confirmed", "message.not-confirmed"}:
                result = NAMED
            else:
                result = BOTH
            found[first, second] = result
    return found


def _calls() -> dict[tuple[str, str], Result]:
    """Pairs about one call. Its opening is in every past; `called` are the called side's words, `ended` either's."""
    called = ("call.ringing", "call.answered", "call.declined", "call.later")
    either: tuple[str, ...] = (
        "call.joined",
        "call.left",
        "call.ended",
        "call.heard",
        *_RECORDING,
        "call.tone",
        "call.tone-heard",
    )
    either = (*either, *_AGREED, "call.text-said")
    found: dict[tuple[str, str], Result] = {}
    for number, first in enumerate(called):
        found.update({(first, second): ALONE for second in called[number:]})
        found.update({(first, second): BOTH for second in (*either, "call.statement")})
    found["call.answered", "call.ended"] = MISSED
    found["call.declined", "call.ended"] = found["call.later", "call.ended"] = OTHERS_WORD
    for number, first in enumerate(either):
        found.update({(first, second): BOTH for second in either[number:]})
        found[first, "call.statement"] = BOTH
    found["call.statement", "call.statement"] = ALONE
    for what in ("recording", "text", "turns"):
        found[f"call.{what}-asked", f"call.{what}-asked"] = EACH_ASKED
        for first, second in (("agreed", "agreed"), ("agreed", "declined"), ("declined", "declined")):
            found[f"call.{what}-{first}", f"call.{what}-{second}"] = ALONE
        for started in (f"call.{what}-asked", f"call.{what}-agreed"):
            found["call.ended", started] = NOT_BOTH
        found[f"call.{what}-agreed", f"call.{what}-stopped"] = NOT_BOTH
    return found


def _stops() -> dict[tuple[str, str], Result]:
    """Pairs about one stop. Its raising is in every past; `called` are the words of the side that is called to stop."""
    called = tuple(f"stop.{name}" for name in ("ringing", "taken", "read-back", "reached", "effected", "not-possible"))
    raising = ("stop.confirmed", "stop.corrected", "stop.withdrawn")
    found: dict[tuple[str, str], Result] = {}
    for number, first in enumerate(called):
        found.update({(first, second): ALONE for second in called[number:]})
        earlier = first in ("stop.read-back", "stop.effected", "stop.not-possible")
        found[first, "stop.confirmed"] = NAMED if first == "stop.read-back" else BOTH
        found[first, "stop.corrected"] = EARLIER_WORDS if earlier else BOTH
        found[first, "stop.withdrawn"] = WITHDRAWN
    for number, first in enumerate(raising):
        found.update({(first, second): ALONE for second in raising[number:]})
    return found


def _worded(pairs: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Result]:
    """Give the results of a subject's own table, which names them by their words."""
    results = {one.word: one for one in (BOTH, ALONE, NAMED, AGREED)}
    return {pair: results[word] for pair, word in pairs.items()}


def _told(pairs: Mapping[tuple[str, str], str], words: Mapping[str, str]) -> dict[tuple[str, str], Result]:
    """Give the results of a subject's own table: by the words above, or by words of its own."""
    known = {one.word: one for one in (BOTH, ALONE, NAMED, AGREED, PROPOSALS, SET)}
    known |= {word: Result(word, sentence) for word, sentence in words.items()}
    return {pair: known[word] for pair, word in pairs.items()}


_CHANNEL: Final[dict[tuple[str, str], Result]] = {
    ("proposed", "proposed"): PROPOSALS,
    ("proposed", "agreed"): AGREED,
    ("proposed", "declined"): PROPOSALS,
    ("proposed", "suspended"): AGREED,
    ("proposed", "restore-proposed"): AGREED,
    ("proposed", "restored"): AGREED,
    ("proposed", "members"): BOTH,
    **{(kind, "withdrawn"): BOTH for kind in ("proposed", "declined", "members")},
    ("agreed", "withdrawn"): AGREED,
    ("agreed", "agreed"): FIRST,
    ("agreed", "declined"): AGREED,
    ("agreed", "suspended"): SUSPENDED,
    ("agreed", "restore-proposed"): SUSPENDED,
    ("agreed", "restored"): AGREED,
    ("agreed", "members"): BOTH,
    ("declined", "declined"): BOTH,
    ("declined", "suspended"): AGREED,
    ("declined", "restore-proposed"): AGREED,
    ("declined", "restored"): AGREED,
    ("declined", "members"): BOTH,
    ("withdrawn", "withdrawn"): BOTH,
    **{("withdrawn", kind): AGREED for kind in ("suspended", "restore-proposed", "restored")},
    ("suspended", "suspended"): SUSPENDED,
    ("suspended", "restore-proposed"): SUSPENDED,
    ("suspended", "restored"): SUSPENDED,
    ("suspended", "members"): BOTH,
    ("restore-proposed", "restore-proposed"): PROPOSALS,
    ("restore-proposed", "restored"): NAMED,
    ("restore-proposed", "members"): BOTH,
    ("restored", "restored"): NAMED,
    ("restored", "members"): BOTH,
    ("members", "members"): SET,
}

_LINE: Final[dict[tuple[str, str], Result]] = {
    ("roster.listed", "roster.listed"): ALONE,
    ("roster.listed", "roster.removed"): ALONE,
    ("roster.removed", "roster.removed"): ALONE,
    ("rules.proposed", "rules.proposed"): PROPOSALS,
    ("rules.proposed", "rules.agreed"): HIGHEST,
    ("rules.agreed", "rules.agreed"): HIGHEST,
    ("line.test", "line.test"): BOTH,
    ("line.test", "line.tested"): BOTH,
    ("line.tested", "line.tested"): ALONE,
    ("line.gap", "line.gap"): BOTH,
    ("fallback.stated", "fallback.stated"): ALONE,
    ("fallback.stated", "fallback.confirmed"): LATEST,
    ("fallback.confirmed", "fallback.confirmed"): ALONE,
    ("release.policy", "release.policy"): ALONE,
    ("keys.replaced", "keys.replaced"): ALONE,
    ("keys.replaced", "keys.confirmed"): LATEST,
    ("keys.confirmed", "keys.confirmed"): ALONE,
    ("line.continued", "line.continued"): ALONE,
    ("log.ended", "log.ended"): ALONE,
    ("log.opened", "log.opened"): ALONE,
    ("watch.handed-over", "watch.handed-over"): ALONE,
    ("watch.handed-over", "watch.left"): ALONE,
    ("watch.left", "watch.left"): ALONE,
    ("roll.answered", "roll.answered"): ALONE,
    ("roll.answered", "roll.unanswered"): LATE,
    ("roll.unanswered", "roll.unanswered"): ALONE,
}

ACROSS: Final[dict[str, Result]] = {
    "channel.suspended": ITS_PAST,
    "channel.restored": ITS_PAST,
    "channel.members": ITS_PAST,
    "roster.listed": ITS_PAST,
    "roster.removed": ITS_PAST,
    "release.policy": ITS_PAST,
    "rules.agreed": ITS_PAST,
}
"""A fact of the line channel (key) that crossed an act in another subject that depends on it."""

_BY_WORD: Final = {one.word: one for one in (BOTH, ALONE)}
CROSSED: Final[dict[tuple[str, str], Result]] = {
    **_messages(),
    **_calls(),
    **_stops(),
    ("call.placed", "call.placed"): BOTH,
    ("incident.reported", "incident.reported"): BOTH,
    ("message.sent", "message.sent"): BOTH,
    ("watch.taken", "watch.taken"): SET,
    ("roll.asked", "roll.asked"): BOTH,
    **{(f"channel.{one}", f"channel.{other}"): result for (one, other), result in _CHANNEL.items()},
    **_LINE,
    **{pair: {one.word: one for one in (BOTH, ALONE, SET, NAMED)}[word] for pair, word in readouts.words().items()},
    **_worded(NOTICES),
    **_worded(RULEBOOKS),
    **{pair: _BY_WORD.get(word) or Result(word, incidents.WORDS[word]) for pair, word in incidents.CROSSED.items()},
    **{pair: BOTH if word == "both-stand" else Result(word, texts.WORDS[word]) for pair, word in texts.CROSSED.items()},
    **_told(talks.PAIRS, talks.WORDS),
    **_told(commitments.PAIRS, commitments.WORDS),
}


def crossed(one: str, other: str) -> Result | None:
    """Give the result of two crossed acts about one subject, in either order; None if they never meet in one."""
    return CROSSED.get((one, other)) or CROSSED.get((other, one))
