"""The algebra of brackets: what overlaps stands in one bracket; what is typed becomes the change that leads to it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.record.names import LogId, Ref
from parley.subjects.texts import Alternative, Change
from parley.subjects.texts.algebra import Laid, State, covers, groups, overlaps, plain_words
from parley.subjects.texts.editing import edit, shown_words
from parley.subjects.texts.positions import between

REF = Ref(LogId("leaders", "north", 0), 1, "00" * 32)
SHORT = st.text("ab ", max_size=8)


def alternative(name: str, base: str, start: int, end: int, words: str, state: State = "accepted") -> Alternative:
    return Alternative(
        name=name, base=base, side="north", person="", at="", reason="", renders=(), state=state, accepted_by="",
        changes={"en": Change(start=start, end=end, words=words)}, accepted_at="", ref=REF,
    )  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(
    st.text("ab ", min_size=1, max_size=10),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), SHORT), max_size=6),
)
def test_typed_words_stand_once_their_change_is_accepted(first: str, edits: list[tuple[int, int, str]]) -> None:
    """Whoever types the words as they should be must get exactly these, whatever was accepted before."""
    found = {"r": alternative("r", "", 0, 0, first)}
    for number, (start, size, words) in enumerate(edits):
        now = shown_words(found, "r", "en")
        typed = now[: start % (len(now) + 1)] + words + now[start % (len(now) + 1) + size :]
        if typed == now:
            continue
        made = edit(found, "r", "en", typed)
        one = alternative(f"n{number}", made.base, made.change.start, made.change.end, made.change.words)
        rivals = [each for each in found.values() if each.alive and overlaps(each, one)]
        assert all(covers(one, each) for each in rivals)
        found |= {each.name: replace(each, state="lapsed") for each in rivals} | {one.name: one}
        assert shown_words(found, "r", "en") == typed
        assert plain_words(Laid(found, "r")["en"]) == typed


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6))
def test_a_bracket_holds_all_that_overlaps_and_nothing_else(ranges: list[tuple[int, int]]) -> None:
    """Crossed proposals for the same words are two alternatives, and never one that overwrites the other."""
    found = [alternative(f"n{n}", "r", min(r), max(r), "w", "open") for n, r in enumerate(ranges)]
    together = {one.name: {one.name} for one in found}
    for one in found:
        for other in found:
            if overlaps(one, other):
                whole = together[one.name] | together[other.name]
                together.update(dict.fromkeys(whole, whole))
    assert {frozenset(one.name for one in group) for group in groups(found)} == {
        frozenset(whole) for whole in together.values()
    }


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 4), st.sampled_from(("accepted", "open"))),
        max_size=5,
    )
)
def test_whether_there_is_a_bracket_is_known_before_the_words_are_laid_out(
    told: list[tuple[int, int, int, State]],
) -> None:
    """Each act is judged by it; laid out each time, 250 changes of one long article took six seconds."""
    found = {"r": alternative("r", "", 0, 0, "abcd")}
    for number, (base, one, other, state) in enumerate(told):
        name = list(found)[base % len(found)]
        made = alternative(f"n{number}", name, min(one, other), max(one, other), "wxyz", state)
        found[made.name] = made
    laid = Laid(found, "r")

    assert laid.bracketed == (plain_words(laid["en"]) is None)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=60))
def test_there_is_always_room_between_two_positions(steps: list[int]) -> None:
    """An article must go in anywhere, and two that were put in at once must not stand at one position."""
    found: list[str] = []
    for number in steps:
        at = number % (len(found) + 1)
        made = between(found[at - 1] if at else "", found[at] if at < len(found) else "", "k")
        found.insert(at, made)
    assert found == sorted(set(found))
