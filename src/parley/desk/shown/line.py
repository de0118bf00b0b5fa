"""The line and its channels, as a page shows them."""

from __future__ import annotations

from msgspec import Struct


class LinkShown(Struct, frozen=True, kw_only=True):
    """One link as its own node last saw it. `heard_age_s` is None when nothing was ever heard on it."""

    name: str
    up: bool
    heard_age_s: float | None = None
    rtt_ms: float | None = None
    group: str = ""
    since: str | None = None
    route: str = ""
    trouble: str = ""
    post_quantum: bool = True
    bits_s: int = 0  # what a thin link carries; 0 for any other


class TestShown(Struct, frozen=True, kw_only=True):
    """A line test: both nodes folded the same at a stated cut, or did not, or the other has not answered."""

    at: str
    same: bool | None
    digest: str = ""
    by: str = ""
    answered_at: str | None = None


class GapShown(Struct, frozen=True, kw_only=True):
    """A time in which the line or a link was silent, as one side wrote it down."""

    link: str
    since: str
    until: str | None
    cause: str
    side: str


class FaultShown(Struct, frozen=True, kw_only=True):
    """Something a peer, a link or a disk did that the protocol forbids; kept with its bytes."""

    at: str
    code: str
    sentence: str
    link: str = ""


class FrozenShown(Struct, frozen=True, kw_only=True):
    """A log frozen by a fork; `step`: what our operator can do now (end, renew), or ""."""

    log: str
    ours: bool
    size: int
    ended_at: str | None = None
    next: str = ""
    step: str = ""


class LineShown(Struct, frozen=True, kw_only=True):
    """The state of the line; on every screen."""

    up: bool
    links: tuple[LinkShown, ...] = ()
    since: str | None = None
    last_test: TestShown | None = None
    our_watch: bool = False
    their_watch: bool | None = None  # None: not known
    their_watch_at: str | None = None  # since when somebody is there, or nobody
    their_watch_handed_at: str | None = None
    signing: str = "ok"  # ok · waiting-for-peer · read-only
    signing_reason: str = ""
    clock_offset_ms: int | None = None
    put_off: int = 0  # logs over which our post-quantum signatures wait
    fallback: str = ""  # how to reach them
    fallback_id: str = ""  # of the entry that says so
    fallback_ours: str = ""
    fallback_confirmed_at: str | None = None
    tests: tuple[TestShown, ...] = ()
    gaps: tuple[GapShown, ...] = ()
    faults: tuple[FaultShown, ...] = ()
    vouched: tuple[tuple[bool, str, str], ...] = ()  # keys that a side's identity listed lately: ours?, whose, when

    @property
    def only_thin(self) -> bool:
        """Say whether all links that are up are thin: sound, picture and files wait then."""
        return self.up and all(link.bits_s for link in self.links if link.up)

    @property
    def links_up(self) -> int:
        """Give how many links are up."""
        return sum(link.up for link in self.links)


class ChannelShown(Struct, frozen=True, kw_only=True):
    """A room on the line and what waits in it."""

    id: str
    title: str
    state: str  # proposed-by-us · proposed-by-them · open · suspended · declined · restore-proposed-by-us / -by-them
    purpose: str = ""
    waiting: int = 0
    overdue: int = 0
    overdue_there: int = 0  # of these, how many wait for them
    last_at: str | None = None
    reason: str = ""
    members_ours: tuple[str, ...] = ()
    members_theirs: tuple[str, ...] = ()
    proposal: str = ""  # id of theirs that waits for us
    may_read: bool = True
    may_write: bool = True
