"""One-time links, sessions and tokens: what proves who somebody is, and for how long.

Owns: the space `private.keys`; each key lies under the SHA-256 of its secret and nothing else of the secret is kept.
Does not own: randomness and time (handed in), cookies and headers (desk/, api/).
Always true:
  1. What was shown once cannot be shown again.
  2. A link is spent in the same commit that makes the session: of two who use it, one gets in.
  3. A key of a closed account opens nothing, whatever its own state.
  4. A session ends at its absolute limit, and earlier when nobody used it for the idle limit.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

import msgspec

from parley.errors import Refused, ensure
from parley.people import accounts, kept
from parley.people.accounts import Account
from parley.people.kept import Values
from parley.people.rights import RIGHTS, rights_of
from parley.storage.port import ValueRow
from parley.times import Moment

SPACE: Final = "private.keys"
LINK, SESSION, TOKEN = "link", "session", "token"
SECRET_BYTES: Final = 32  # twice what OWASP ASVS 5.0 asks of session tokens (7.2.3)
LINK_MINUTES_MAX: Final = 24 * 60  # longer than a day, a link is a password in a mailbox
SESSION_MS: Final = 12 * 3_600_000  # one watch of eight hours and its hand-over
IDLE_MS: Final = 2 * 3_600_000  # a watch is quiet for hours, yet a desk nobody touches is no desk on watch
TOUCH_MS: Final = 60_000  # the last use is written at most this often
TOKEN_DAYS_MAX: Final = 366
_WORDS: Final = {
    LINK: ("people.link", "this link is not known here, or was used, or is too old; ask for a new one"),
    SESSION: ("people.session", "you are not signed in here, or no longer"),
    TOKEN: ("people.token", "this token is not known here, or no longer good"),
}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """A link, a session or a token."""

    kind: str
    id: str  # shown in lists and logs; says nothing of the secret
    person: str
    made_at: int
    ends_at: int | None
    used_at: int = 0
    scopes: tuple[str, ...] | None = None  # None: all that the person's roles give
    desk: str = ""
    csrf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A key just made: its secret, to be shown once, and the rows that keep it."""

    secret: str
    key: Key
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """Who stands behind a secret, and `rows` to store when convenient (the time of last use)."""

    account: Account
    key: Key
    name: str  # what the key is kept under; hand it to `end`
    rows: tuple[ValueRow, ...]

    @property
    def rights(self) -> frozenset[str]:
        """Everything this person may do, this way."""
        return rights_of(self.account.roles, self.key.scopes)


_decoder: Final = msgspec.json.Decoder(Key)


def name_of(secret: str) -> str:
    """Give the name a secret's key is kept under. 256 random bits need no slow hash and no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find(values: Values, secret: str) -> Key | None:
    """Give the key of a secret, or None."""
    data = values.value(SPACE, name_of(secret))
    return None if data is None else kept.read(_decoder, data)


def of_person(values: Values, person: str) -> list[tuple[str, Key]]:
    """Give the keys of one person, with the names they are kept under."""
    return [(name, key) for name, key in kept.every(values, SPACE, _decoder) if key.person == person]


def end(name: str) -> ValueRow:
    """Give the row that ends a key."""
    return ValueRow(SPACE, name, None)


def make_link(account: Account, random: bytes, now: Moment, *, minutes: int = 30) -> Made:
    """Make a link that signs the person in once, within so many minutes."""
    accounts.check_open(account)
    if not 1 <= minutes <= LINK_MINUTES_MAX:
        raise Refused("people.minutes", f"a link lasts 1 to {LINK_MINUTES_MAX} minutes")
    return _make(LINK, account.person, random, now, now + minutes * 60_000)


def sign_in(values: Values, secret: str, random: bytes, now: Moment, *, desk: str = "") -> Made:
    """Trade a link for a session; the rows spend the link, make the session and note the sign-in, in one commit.

    Args:
        random: 64 bytes; 32 for the session, 32 for the word that guards its forms.
    Raises: Refused `people.link`, `people.disabled`.
    """
    proven = prove(values, secret, LINK, now)
    made = open_session(proven.account, random, now, desk=desk)
    return Made(secret=made.secret, key=made.key, rows=(end(proven.name), *made.rows))


def open_session(account: Account, random: bytes, now: Moment, *, desk: str = "") -> Made:
    """Make a session for somebody whose proof the caller holds; `random` as for `sign_in`.

    Raises: Refused `people.disabled`.
    """
    accounts.check_open(account)
    form = urlsafe_b64encode(random[SECRET_BYTES:]).rstrip(b"=").decode()
    made = _make(SESSION, account.person, random[:SECRET_BYTES], now, now + SESSION_MS, desk=desk, csrf=form)
    seen = msgspec.structs.replace(account, state=accounts.ACTIVE, seen_at=int(now))
    return Made(secret=made.secret, key=made.key, rows=(*made.rows, accounts.row(seen)))


def make_token(account: Account, random: bytes, now: Moment, *, scopes: tuple[str, ...], days: int | None = 90) -> Made:
    """Make a token that lets a program act for the person; scopes are rights, or "all" for all of the person's.

    Raises: Refused `people.scope`, `people.days`, `people.disabled`.
    """
    accounts.check_open(account)
    unknown = sorted(set(scopes) - {*RIGHTS, "all"})
    if unknown or not scopes:
        raise Refused("people.scope", f"expected scopes among all, {', '.join(RIGHTS)}; got {', '.join(unknown)[:80]}")
    if days is not None and not 1 <= days <= TOKEN_DAYS_MAX:
        raise Refused("people.days", f"a token lasts 1 to {TOKEN_DAYS_MAX} days, or has no end")
    wanted = rights_of(account.roles) if "all" in scopes else rights_of(account.roles, scopes)
    ends = None if days is None else now + days * 86_400_000
    return _make(TOKEN, account.person, random, now, ends, scopes=tuple(sorted(wanted)))


def prove(values: Values, secret: str, kind: str, now: Moment) -> Proven:
    """Give who stands behind a secret of this kind.

    Raises: Refused `people.link`, `people.session`, `people.token`: unknown, of another kind, ended, idle too long, or
    the account is closed; the answer does not say which.
    """
    code, words = _WORDS[kind]
    key = find(values, secret)
    if key is None or key.kind != kind or (key.ends_at is not None and now >= key.ends_at):
        raise Refused(code, words)
    if kind == SESSION and now - max(key.used_at, key.made_at) >= IDLE_MS:
        raise Refused(code, words)
    account = accounts.find(values, key.person)
    if account is None or account.state == accounts.DISABLED:
        raise Refused(code, words)
    name = name_of(secret)
    rows: tuple[ValueRow, ...] = ()
    if kind != LINK and now - key.used_at >= TOUCH_MS:
        rows = (_row(name, msgspec.structs.replace(key, used_at=int(now))),)
    return Proven(account=account, key=key, name=name, rows=rows)


def sessions(values: Values, person: str, now: Moment) -> list[tuple[str, Key]]:
    """Give the open sessions of one person with the names they are kept under, newest first."""
    found = [(name, key) for name, key in of_person(values, person) if key.kind == SESSION and not _is_over(key, now)]
    return sorted(found, key=lambda one: -one[1].made_at)


def end_all(values: Values, person: str) -> list[ValueRow]:
    """Give the rows that end every key of a person: for closing an account, or a lost desk."""
    return [end(name) for name, _ in of_person(values, person)]


def sweep(values: Values, now: Moment) -> list[ValueRow]:
    """Give the rows that remove keys past their end, so that they do not pile up."""
    return [end(name) for name, key in kept.every(values, SPACE, _decoder) if _is_over(key, now)]


def _is_over(key: Key, now: Moment) -> bool:
    idle = key.kind == SESSION and now - max(key.used_at, key.made_at) >= IDLE_MS
    return idle or (key.ends_at is not None and now >= key.ends_at)


def _make(
    kind: str,
    person: str,
    random: bytes,
    now: Moment,
    ends_at: int | None,
    *,
    scopes: tuple[str, ...] | None = None,
    desk: str = "",
    csrf: str = "",
) -> Made:
    ensure(len(random) == SECRET_BYTES, f"a secret is made of {SECRET_BYTES} random bytes")
    secret = f"parley-{kind}-{urlsafe_b64encode(random).rstrip(b'=').decode()}"
    name = name_of(secret)
    key = Key(
        kind=kind, id=name[:12], person=person, made_at=int(now), ends_at=ends_at, used_at=int(now), scopes=scopes,
        desk=desk, csrf=csrf,
    )  # fmt: skip
    return Made(secret=secret, key=key, rows=(_row(name, key),))


def _row(name: str, key: Key) -> ValueRow:
    return ValueRow(SPACE, name, kept.write(key))
