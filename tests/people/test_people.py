"""Accounts, links, sessions, tokens: who somebody is, and for how long."""

from __future__ import annotations

import itertools

import pytest

from parley.errors import OurMistake, Refused
from parley.people import Account, accounts, keys, rights
from parley.storage.memory import MemoryStore
from parley.storage.port import ValueRow
from parley.times import Moment

NOW = Moment(1_790_000_000_000)
HOUR = 3_600_000
_bytes = (bytes([number]) * 32 for number in itertools.cycle(range(1, 256)))


def side(**roles: str) -> MemoryStore:
    """Give a store with one account a person."""
    store = MemoryStore()
    for person, role in roles.items():
        store.commit([accounts.row(accounts.admit(None, person=person, name=person, roles=(role,), now=NOW))])
    return store


def signed_in(store: MemoryStore, person: str, now: Moment = NOW) -> str:
    """Sign a person in by a link; give the session's secret."""
    link = keys.make_link(accounts.get(store, person), next(_bytes), now)
    store.commit(link.rows)
    session = keys.sign_in(store, link.secret, next(_bytes) + next(_bytes), now, desk="watch")
    store.commit(session.rows)
    return session.secret


def code(wish: object, *given: object, **named: object) -> str:
    """Give the code with which something is refused."""
    with pytest.raises(Refused) as refused:
        wish(*given, **named)  # type: ignore[operator]
    return refused.value.code


def test_a_link_signs_in_once() -> None:
    """A link lies in a mailbox for ever; used twice it would be a password."""
    store = side(ann="duty-officer")
    link = keys.make_link(accounts.get(store, "ann"), next(_bytes), NOW)
    store.commit(link.rows)
    first = keys.sign_in(store, link.secret, next(_bytes) + next(_bytes), NOW)
    store.commit(first.rows)

    assert code(keys.sign_in, store, link.secret, next(_bytes) * 2, NOW) == "people.link"
    assert keys.prove(store, first.secret, keys.SESSION, NOW).account.state == "active"


def test_a_link_ends_after_its_minutes() -> None:
    """A forgotten link must not open the desk next week."""
    store = side(ann="duty-officer")
    link = keys.make_link(accounts.get(store, "ann"), next(_bytes), NOW, minutes=30)
    store.commit(link.rows)
    keys.prove(store, link.secret, keys.LINK, Moment(NOW + 30 * 60_000 - 1))
    assert code(keys.sign_in, store, link.secret, next(_bytes) * 2, Moment(NOW + 30 * 60_000)) == "people.link"
    assert code(keys.make_link, accounts.get(store, "ann"), next(_bytes), NOW, minutes=0) == "people.minutes"


def test_a_session_ends_when_idle_and_at_its_absolute_limit() -> None:
    """A desk left behind closes; a desk in use closes at the end of the watch."""
    store = side(ann="duty-officer")
    secret = signed_in(store, "ann")
    assert code(keys.prove, store, secret, keys.SESSION, Moment(NOW + 2 * HOUR)) == "people.session"
    for passed in range(HOUR, 12 * HOUR, HOUR):
        store.commit(keys.prove(store, secret, keys.SESSION, Moment(NOW + passed)).rows)
    assert code(keys.prove, store, secret, keys.SESSION, Moment(NOW + 12 * HOUR)) == "people.session"
    assert len(keys.sweep(store, Moment(NOW + 12 * HOUR))) == 1


def test_the_last_use_is_written_at_most_once_a_minute() -> None:
    """A desk asks many times a second; each write would cost a commit."""
    store = side(ann="duty-officer")
    secret = signed_in(store, "ann")
    assert keys.prove(store, secret, keys.SESSION, Moment(NOW + 59_999)).rows == ()
    assert len(keys.prove(store, secret, keys.SESSION, Moment(NOW + 60_000)).rows) == 1


def test_only_the_hash_of_a_secret_is_kept() -> None:
    """A stolen backup must not sign anybody in."""
    store = side(ann="duty-officer")
    secret = signed_in(store, "ann")
    kept = b"".join(name.encode() + data for name, data in store.values(keys.SPACE))
    assert secret.encode() not in kept
    assert secret.rpartition("-")[2].encode() not in kept


def test_a_secret_of_one_kind_is_no_secret_of_another() -> None:
    """A token in a header must not become a session with all of a person's rights."""
    store = side(ann="duty-officer")
    secret = signed_in(store, "ann")
    assert code(keys.prove, store, secret, keys.TOKEN, NOW) == "people.token"
    assert code(keys.prove, store, secret, keys.LINK, NOW) == "people.link"
    assert code(keys.prove, store, "nonsense", keys.SESSION, NOW) == "people.session"


def test_a_token_has_at_most_the_rights_of_its_person() -> None:
    """A scope is a promise to do less, never a grant."""
    store = side(ian="interpreter")
    token = keys.make_token(accounts.get(store, "ian"), next(_bytes), NOW, scopes=("read", "release"))
    store.commit(token.rows)
    assert keys.prove(store, token.secret, keys.TOKEN, NOW).rights == {"read"}
    assert code(keys.make_token, accounts.get(store, "ian"), next(_bytes), NOW, scopes=("root",)) == "people.scope"
    assert code(keys.make_token, accounts.get(store, "ian"), next(_bytes), NOW, scopes=()) == "people.scope"
    late = Moment(NOW + 90 * 86_400_000)
    assert code(keys.prove, store, token.secret, keys.TOKEN, late) == "people.token"


def test_closing_an_account_ends_every_key_at_once() -> None:
    """OWASP ASVS 7.4.2: who leaves is out, at every desk and in every program."""
    store = side(ann="duty-officer", eve="administrator")
    session = signed_in(store, "ann")
    token = keys.make_token(accounts.get(store, "ann"), next(_bytes), NOW, scopes=("read",))
    store.commit(token.rows)
    closed = accounts.close(accounts.get(store, "ann"), "eve")
    store.commit([accounts.row(closed)])

    assert code(keys.prove, store, session, keys.SESSION, NOW) == "people.session"  # even before its keys are ended
    store.commit(keys.end_all(store, "ann"))
    assert keys.of_person(store, "ann") == []
    assert code(keys.make_link, closed, next(_bytes), NOW) == "people.disabled"
    assert code(accounts.close, accounts.get(store, "eve"), "eve") == "people.self"


def test_an_account_is_checked_before_it_is_kept() -> None:
    """A made-up role would have no rights and look as if it had."""
    assert code(accounts.admit, None, person="Ann", name="Ann", roles=("recorder",), now=NOW) == "people.id"
    assert code(accounts.admit, None, person="ann", name=" ", roles=("recorder",), now=NOW) == "people.name"
    assert code(accounts.admit, None, person="ann", name="Ann", roles=("king",), now=NOW) == "people.role"
    assert code(accounts.admit, None, person="ann", name="Ann", roles=(), now=NOW) == "people.role"
    assert code(accounts.get, MemoryStore(), "ann") == "people.person.unknown"


def test_a_changed_account_keeps_its_state() -> None:
    """Correcting a name must not reopen a closed account."""
    closed = Account(person="ann", name="Ann", roles=("recorder",), state="disabled", made_at=5, seen_at=7)
    changed = accounts.admit(closed, person="ann", name="Anne", roles=("recorder",), now=NOW)
    assert (changed.state, changed.made_at, changed.seen_at, changed.name) == ("disabled", 5, 7, "Anne")


def test_a_private_value_of_another_form_is_never_taken_for_an_account() -> None:
    """A damaged account could otherwise read as one with other rights."""
    store = MemoryStore()
    store.commit([ValueRow(accounts.SPACE, "ann", b'{"person":1}')])
    with pytest.raises(OurMistake):
        accounts.find(store, "ann")


def test_no_role_has_every_right_and_the_administrator_cannot_read() -> None:
    """Two hands: who gives out accounts does not speak, who speaks does not give out accounts."""
    assert set(rights.ROLES) == {
        "principal", "duty-officer", "delegate", "interpreter", "recorder", "auditor", "administrator",
    }  # fmt: skip
    for role, given in rights.ROLES.items():
        assert given < set(rights.RIGHTS), role
        assert not {"people", "release"} <= given, role
    assert not rights.may(("administrator",), "read")
    assert code(rights.need, ("auditor",), "release") == "people.right"
    assert code(rights.need, ("duty-officer",), "release", ("read",)) == "people.scope"
    rights.need(("auditor", "duty-officer"), "release")
