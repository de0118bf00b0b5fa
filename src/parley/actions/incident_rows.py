"""What the actions hand out about incidents: plain frozen facts, under the rules of rows.py."""

from __future__ import annotations

from msgspec import Struct

from parley.actions.commitment_rows import CitingRow
from parley.actions.rows import AttachmentRow


class IncidentSaid(Struct, frozen=True, kw_only=True):
    """Something said: when, by whom, in which words."""

    at: str
    ours: bool
    name: str
    office: str
    text: str
    language: str
    entry: str  # its place: "leaders/north/0|12"


class ToldRow(Struct, frozen=True, kw_only=True):
    """One thing said, with its nature: observed, declared, estimated or simulated."""

    name: str
    value: str
    nature: str


class UnitRow(Struct, frozen=True, kw_only=True):
    """A unit; `whose` is ours, theirs or other, as this side sees it."""

    whose: str
    side: str
    told: tuple[ToldRow, ...]

    def of(self, name: str) -> str:
        """Give one value; "" where it was not said."""
        return next((one.value for one in self.told if one.name == name), "")


class SignalRow(Struct, frozen=True, kw_only=True):
    """A signal, and what was answered; `by` is the name of the side that made it, "" for somebody else."""

    whose: str
    by: str
    text: str
    answer: str
    nature: str


class FlagRow(Struct, frozen=True, kw_only=True):
    """Something about an account that cannot be, or is unlikely; nothing is refused for it."""

    code: str
    value: str
    field: str  # it stands beside: time, place, closest, mmsi, imo, icao, speed
    unit: int | None = None  # whose field it is, by its place among the units


class CheckedReport(Struct, frozen=True, kw_only=True):
    """A report as it would cross: what to doubt in it, and how much of a thin link it takes."""

    flags: tuple[FlagRow, ...]
    bytes: int
    bytes_max: int


class AccountRow(Struct, frozen=True, kw_only=True):
    """One side's account. Numbers are texts in their one form, as the entry has them."""

    ours: bool
    name: str
    office: str
    at: str
    stage: str
    time: str
    time_nature: str
    latitude: str
    longitude: str
    place_nature: str
    what: str
    language: str
    units: tuple[UnitRow, ...]
    told: tuple[ToldRow, ...]
    signals: tuple[SignalRow, ...]
    closest: str
    closest_vertical: str
    closest_at: str
    closest_how: str
    closest_nature: str
    document: str
    article: str
    cited: str  # the article in words, where it is one of a document that both sides adopted
    asks: str
    flags: tuple[FlagRow, ...]
    entry: str
    of: str = ""  # the other report it comes from, where two were joined
    commitment: str = ""  # that it cites, as a pick-list names it


class IncidentClock(Struct, frozen=True, kw_only=True):
    """Something that is due: account, answer or meeting; by which side, by when, whether it was done."""

    what: str
    ours: bool
    due: str
    left_s: int
    done_at: str | None
    overdue: bool


class EvidenceRow(Struct, frozen=True, kw_only=True):
    """A file that one side put forward."""

    ours: bool
    name: str  # the person
    at: str
    file: AttachmentRow
    taken: str
    source: str

    @property
    def show(self) -> str:
        """Give how a page shows it: image, video, audio or file."""
        first = self.file.media.partition("/")[0]
        return first if first in ("image", "video", "audio") and self.file.media != "image/svg+xml" else "file"


class OffsetRow(Struct, frozen=True, kw_only=True):
    """How a file of ours and one of theirs lie on one clock: moment t of ours is t + ms of theirs."""

    ours: str  # the roots, and the names of both files
    theirs: str
    our_file: str
    their_file: str
    ms: int
    proposed: IncidentSaid
    agreed: IncidentSaid | None
    holds: bool  # the one agreed last for these two files

    @property
    def seconds(self) -> str:
        """Give it in seconds, as it is typed."""
        return f"{self.ms / 1000:.3f}"


class QueryRow(Struct, frozen=True, kw_only=True):
    """A question, or the asking for a meeting, with its answer or its clock."""

    asked: IncidentSaid
    meeting: bool
    answer: IncidentSaid | None
    accepted: bool | None
    clock: IncidentClock


class StatementRow(Struct, frozen=True, kw_only=True):
    """One numbered sentence and the other side's stand."""

    number: str
    said: IncidentSaid
    stand: str
    stood: IncidentSaid | None
    withdrawn: IncidentSaid | None


class ListRow(Struct, frozen=True, kw_only=True):
    """A frozen list of facts, with who signed it."""

    ours: bool
    name: str
    at: str
    facts: tuple[tuple[str, str, str], ...]  # number, text, language
    digest: str
    signatures: tuple[SignedRow, ...]
    signed: bool
    changed: bool
    ours_signed: bool
    entry: str


class SignedRow(Struct, frozen=True, kw_only=True):
    """One side's signature of a list."""

    ours: bool
    name: str
    at: str
    passkey: bool


class JoinRow(Struct, frozen=True, kw_only=True):
    """Another report of the same event: proposed, joined, or only suggested by time and place (`state`)."""

    state: str  # suggested | proposed | joined
    ours: bool
    channel: str
    other: str
    entry: str
    what: str  # of the other report, where this person may read it
    minutes: int | None  # between the two
    metres: int | None


class ClosingRow(Struct, frozen=True, kw_only=True):
    """A closing, and the reopening that lifted it."""

    said: IncidentSaid
    joint: bool
    lifted: IncidentSaid | None


class IncidentRow(Struct, frozen=True, kw_only=True):
    """One incident in a list."""

    subject: str
    channel: str
    about: str
    ours: bool
    name: str
    office: str
    status: str
    at: str
    time: str
    latitude: str
    longitude: str
    what: str
    language: str
    state: str  # open | closed-by-one | closed
    closed_by_us: bool
    on_their_disk: str | None
    them: str  # what the other side said: account | no-knowledge | silent
    silent_s: int | None  # for how long it has been silent
    waits: tuple[str, ...]  # for us: account, answer, meeting, stand, sign, join, close
    overdue: bool  # by us or by them
    overdue_by_us: bool
    agreed: int  # statements by stand
    disputed: int
    unanswered: int
    signed_at: str | None


class UnseenRow(Struct, frozen=True, kw_only=True):
    """A first report of theirs that nobody here has seen: it rings. `ahead`: earlier entries are still coming."""

    channel: str
    subject: str
    name: str
    at: str
    status: str
    ahead: bool


class IncidentWhole(Struct, frozen=True, kw_only=True):
    """One incident with all that was said about it, as a page shows it now."""

    row: IncidentRow
    accounts: tuple[AccountRow, ...]
    no_knowledge: IncidentSaid | None
    clocks: tuple[IncidentClock, ...]
    evidence: tuple[EvidenceRow, ...]
    offsets: tuple[OffsetRow, ...]
    joins: tuple[JoinRow, ...]
    queries: tuple[QueryRow, ...]
    statements: tuple[StatementRow, ...]
    lists: tuple[ListRow, ...]
    proposals: tuple[IncidentSaid, ...]
    closings: tuple[ClosingRow, ...]
    may: frozenset[str] = frozenset()
    cites: tuple[CitingRow, ...] = ()  # commitments

    @property
    def latest(self) -> tuple[AccountRow | None, AccountRow | None]:
        """Give the latest account of ours and of theirs."""
        ours = [one for one in self.accounts if one.ours]
        theirs = [one for one in self.accounts if not one.ours]
        return (ours[-1] if ours else None, theirs[-1] if theirs else None)
