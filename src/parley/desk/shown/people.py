"""Who is at the desk, who belongs to either side, what cannot wait, and what was typed."""

from __future__ import annotations

from msgspec import Struct, field

from parley.desk.shown.binding import ListingShown


class Sides(Struct, frozen=True, kw_only=True):
    """Who is at each end, by id and by name."""

    ours: str
    our_name: str
    theirs: str
    their_name: str
    line: str
    line_words: str = ""
    our_languages: tuple[str, ...] = ()
    their_languages: tuple[str, ...] = ()
    illustration: bool = False  # an example after public sources: every page and every paper says so


class Person(Struct, frozen=True, kw_only=True):
    """Who sits at this desk, and what they may do (the action checks again)."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    rights: frozenset[str] = frozenset()  # as actions/rights.py names them
    key: object = None  # what the actions know this person by; no page reads it


class Session(Struct, frozen=True, kw_only=True):
    """A sign-in that was accepted: the secret goes into a cookie and nowhere else."""

    secret: str
    lasts_s: int


class MemberShown(Struct, frozen=True, kw_only=True):
    """Somebody of either side."""

    id: str
    name: str
    office: str = ""
    roles: tuple[str, ...] = ()
    side: str = ""
    ours: bool = True
    account: str = ""  # ours only: "" none · invited · active · disabled
    listed: bool = True
    last_seen: str | None = None
    languages: tuple[str, ...] = ()
    address: str = ""  # the form of address their side asks for
    keys_by: str = ""  # by what authority the roster lists their passkeys: side · person · identity
    listing: ListingShown | None = None  # ours only, for who may see to it: their passkeys in the roster
    legal: bool | None = None  # ours only, for an administrator: whether their name by law is kept here


class PolicyShown(Struct, frozen=True, kw_only=True):
    """Who may release a FLASH alone when nobody answers: as laid down, or as proposed to a second person."""

    persons: tuple[str, ...]  # ids
    after_s: int
    by: tuple[str, ...]  # who laid it down, or who proposes it
    unsigned: bool = False  # laid down before our side listed passkeys, so only our node states it

    @property
    def seen(self) -> str:
        """Name what a page showed of it, as `line.agree_release_policy` takes it."""
        return " ".join((str(self.after_s), *self.persons))


class Typed(Struct, frozen=True, kw_only=True):
    """What a person typed into a form, kept so that a refusal loses nothing."""

    values: dict[str, str] = field(default_factory=dict)
    code: str = ""
    sentence: str = ""
    attachments: tuple[str, ...] = ()  # "root|name" of files already taken in

    def get(self, name: str, otherwise: str = "") -> str:
        """Give what was typed into one field."""
        return self.values.get(name, otherwise)


class AlertShown(Struct, frozen=True, kw_only=True):
    """Something that must be seen on every screen: text, place, and since when."""

    key: str  # call · flash · immediate · overdue · unanswered · release · read-only · …: the catalogue's alert.<key>
    channel: str = ""
    title: str = ""
    person: str = ""  # who calls
    path: str = ""
    at: str | None = None
    due: str | None = None
    urgent: bool = False
    more: int = 0  # so many others of its kind wait in its channel
    precedence: str = ""  # of a call: it rings by that
    act: str = ""  # what a button beside it does at once: a path to post to
    press: str = ""  # the key of that button
