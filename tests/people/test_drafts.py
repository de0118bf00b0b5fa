"""From the first word to release: two persons for a FLASH, compared as persons."""

from __future__ import annotations

import pytest

from parley.errors import Refused
from parley.people import Alone, Draft, drafts, rights_of
from parley.storage.memory import MemoryStore
from parley.times import Moment

NOW = Moment(1_790_000_000_000)
MAY = rights_of(("duty-officer",))
FLASH = Draft(
    id="d1", channel="leaders", text="Stop.", language="en", precedence="FLASH", status="actual", title="", order=False,
    answers="", attachments=(), drafted_by="ann", changed_at=int(NOW),
)  # fmt: skip


def code(wish: object, *given: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        wish(*given, **named)  # type: ignore[operator]
    return refused.value.code


def test_the_same_person_twice_is_one_person_from_however_many_desks() -> None:
    """Two sessions of one tired officer are not two officers."""
    submitted = drafts.submit(FLASH, "", NOW)
    assert code(drafts.release, submitted, "ann", MAY, None, NOW) == "messages.second-person"
    assert code(drafts.review, submitted, "ann", good=True) == "drafts.own"
    released = drafts.release(submitted, "bob", MAY, None, NOW)
    assert released.state == drafts.RELEASING
    assert not drafts.is_alone(released, "bob")


def test_who_changes_the_words_becomes_their_drafter() -> None:
    """Else the second person could write the words and release them under the first one's name."""
    reviewed = drafts.review(drafts.submit(FLASH, "", NOW), "bob", good=True)
    assert reviewed.reviewed_by == ("bob",)
    changed = drafts.change(reviewed, FLASH, "bob", NOW)
    assert (changed.drafted_by, changed.reviewed_by, changed.state) == ("bob", (), drafts.DRAFT)
    assert code(drafts.release, changed, "bob", MAY, None, NOW) == "messages.second-person"
    assert drafts.release(changed, "ann", MAY, None, NOW).state == drafts.RELEASING


def test_raising_the_precedence_at_release_raises_the_rule() -> None:
    """A ROUTINE draft released as FLASH by its drafter would slip past the second person."""
    quiet = drafts.change(FLASH, Draft(**{**_fields(FLASH), "precedence": "ROUTINE"}), "ann", NOW)
    assert drafts.release(quiet, "ann", MAY, None, NOW).precedence == "ROUTINE"
    assert code(drafts.release, quiet, "ann", MAY, None, NOW, precedence="FLASH") == "messages.second-person"
    assert drafts.release(FLASH, "ann", MAY, None, NOW, precedence="PRIORITY").precedence == "PRIORITY"


def test_a_policy_lets_one_person_release_alone_after_its_time() -> None:
    """When nobody answers within the time laid down, a warning must still get out, and say that one released it."""
    policy = Alone(persons=("ann",), after_s=60)
    submitted = drafts.submit(FLASH, "", NOW)
    assert code(drafts.release, FLASH, "ann", MAY, policy, Moment(NOW + 61_000)) == "messages.second-person"
    assert code(drafts.release, submitted, "ann", MAY, policy, Moment(NOW + 59_999)) == "messages.second-person"
    released = drafts.release(submitted, "ann", MAY, policy, Moment(NOW + 60_000))
    assert drafts.is_alone(released, "ann")
    other = Alone(persons=("bob",), after_s=0)
    assert code(drafts.release, submitted, "ann", MAY, other, Moment(NOW + 60_000)) == "messages.second-person"


def test_only_who_may_release_releases() -> None:
    """An interpreter drafts; a recorder reads; neither speaks for the side."""
    for role in ("interpreter", "recorder", "auditor", "administrator"):
        assert code(drafts.release, FLASH, "bob", rights_of((role,)), None, NOW) == "people.right"


def test_a_release_that_was_begun_is_not_begun_again() -> None:
    """After a crash between the entry and the clean-up, a second release would send the words twice."""
    begun = drafts.release(FLASH, "bob", MAY, None, NOW)
    assert code(drafts.release, begun, "bob", MAY, None, NOW) == "drafts.state"
    assert drafts.change(begun, FLASH, "ann", NOW).state == drafts.DRAFT


@pytest.mark.parametrize("state", [drafts.DRAFT, drafts.REVIEW, drafts.RETURNED, drafts.APPROVED, drafts.RELEASING])
@pytest.mark.parametrize("act", ["change", "submit", "approve", "return", "release", "discard"])
def test_every_move_is_in_the_table_or_refused(state: str, act: str) -> None:
    """The table is the whole workflow: a state with an unexpected move would be a way around it."""
    draft = Draft(**{**_fields(FLASH), "state": state})
    allowed = {
        "change": True, "discard": True, "submit": state in ("draft", "returned"),
        "approve": state in ("review", "approved"), "return": state in ("review", "approved"),
        "release": state in ("draft", "review", "approved"),
    }[act]  # fmt: skip
    if allowed:
        drafts.move(draft, act)
    else:
        assert code(drafts.move, draft, act) == "drafts.state"


def test_drafts_are_kept_and_listed_the_last_changed_first() -> None:
    """A returned draft must be found again after a restart."""
    store = MemoryStore()
    later = Draft(**{**_fields(FLASH), "id": "d2", "changed_at": int(NOW) + 1})
    store.commit([drafts.row(FLASH), drafts.row(later)])
    assert [draft.id for draft in drafts.every(store)] == ["d2", "d1"]
    store.commit([drafts.gone("d2")])
    assert drafts.find(store, "d1") == FLASH
    assert code(drafts.find, store, "d2") == "drafts.unknown"


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__struct_fields__}
