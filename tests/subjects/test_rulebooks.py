"""The rule book: a document is adopted to the letter, and an adoption is final."""

from __future__ import annotations

import copy

import pytest
from tests.subjects.pair import Node, meet, pair, refusal

from parley.errors import PeerError
from parley.record.names import Ref
from parley.subjects import KINDS, Fact
from parley.subjects.crossed import crossed
from parley.subjects.rulebooks import RulebookView
from parley.subjects.rulebooks import facts as said

BOTH = {"en": "Keep clear.", "ar": "ابتعدوا."}
DOCUMENT = {
    "id": "sea-air", "version": 1, "title": BOTH, "note": BOTH,
    "articles": [{"number": "6", "title": BOTH, "text": BOTH, "lead_hours": {"live-firing": 72}}],
    "signals": [{"code": "KC1", "phrase": BOTH, "question": BOTH, "cancel": BOTH}],
}  # fmt: skip


def proposed() -> tuple[Node, Node, str, Ref]:
    north, south = pair()
    ref = north.say(said.propose(DOCUMENT), "ann")
    meet(north, south)
    return north, south, f"rulebook/north/0/{ref.number}", ref


def view(node: Node, subject: str) -> RulebookView:
    found = node.book.view("line", subject)
    assert isinstance(found, RulebookView)
    return found


def acts(subject: str, ref: Ref) -> dict[str, Fact]:
    return {
        "adopted": said.adopt(subject, ref),
        "declined": said.decline(subject, ref, "Too short."),
        "withdrawn": said.withdraw(subject, ref, "A slip."),
        "ended": said.end(subject, ref, "We leave it."),
    }


def test_one_side_proposes_and_the_other_adopts() -> None:
    """Nobody is held to a text they have not adopted, and nobody adopts their own."""
    north, south, subject, ref = proposed()
    assert refusal(north, acts(subject, ref)["adopted"], "ann") == "rulebook.side"
    assert refusal(south, acts(subject, ref)["withdrawn"], "lin") == "rulebook.side"
    assert refusal(south, acts(subject, ref)["ended"], "lin") == "rulebook.state"
    south.say(acts(subject, ref)["adopted"], "lin")
    meet(north, south)
    found = view(north, subject)
    assert (found.state, found.settled_by, found.settled_side) == ("adopted", "lin", "south")
    assert found == view(south, subject)
    article, signal = found.article("6"), found.signal("KC1")
    assert article is not None and article.lead_hours == {"live-firing": 72}
    assert signal is not None and signal.question["ar"] == "ابتعدوا."


@pytest.mark.parametrize("over", ["adopted", "declined", "withdrawn"])
@pytest.mark.parametrize("then", ["adopted", "declined", "withdrawn", "ended"])
def test_what_is_settled_stays_settled(over: str, then: str) -> None:
    """After an adoption only an end follows; after a decline or a withdrawal, nothing."""
    north, south, subject, ref = proposed()
    (north if over == "withdrawn" else south).say(acts(subject, ref)[over], "ann" if over == "withdrawn" else "lin")
    meet(north, south)
    node, person = (north, "ann") if then == "withdrawn" else (south, "lin")
    if (over, then) == ("adopted", "ended"):
        north.say(acts(subject, ref)["ended"], "ann")
        assert view(north, subject).state == "ended"
        return
    assert refusal(node, acts(subject, ref)[then], person) == "rulebook.state"


@pytest.mark.parametrize(("theirs", "word"), [("adopted", "agreed-stands"), ("declined", "both-stand")])
def test_a_withdrawal_that_crossed_the_answer(theirs: str, word: str) -> None:
    """Final stays final: who adopted must not find the text gone because a word was on its way."""
    north, south, subject, ref = proposed()
    north.say(acts(subject, ref)["withdrawn"], "ann")
    south.say(acts(subject, ref)[theirs], "lin")
    meet(north, south)
    assert view(north, subject) == view(south, subject)
    assert view(north, subject).state == ("adopted" if theirs == "adopted" else "withdrawn")
    assert crossed(f"rulebook.{theirs}", "rulebook.withdrawn").word == word  # type: ignore[union-attr]


def test_two_ends_that_crossed_end_it_once() -> None:
    """Both left: it is ended, and the record has both reasons."""
    north, south, subject, ref = proposed()
    south.say(acts(subject, ref)["adopted"], "lin")
    meet(north, south)
    north.say(acts(subject, ref)["ended"], "ann")
    south.say(acts(subject, ref)["ended"], "lin")
    meet(north, south)
    cut = north.book.cut()
    assert {book.digest(cut) for book in (north.book, south.book, north.afresh(), south.afresh())} == {
        north.book.digest(cut)
    }
    assert view(north, subject).state == "ended"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("id",), "Sea"), (("version",), 0), (("title",), {}), (("title",), {"EN": "x"}), (("title", "en"), ""),
        (("articles", 0, "text"), {"en": "Only one."}), (("articles", 0, "lead_hours"), {"launch": -1}),
        (("articles", 0, "lead_hours"), {"launch": True}), (("articles", 0, "lead_hours"), {"A B": 1}),
        (("signals", 0, "code"), "kc1"), (("signals", 0, "cancel"), "Off."), (("extra",), 1), (("note",), None),
    ],
)  # fmt: skip
def test_a_document_of_another_form_is_refused(path: tuple[str | int, ...], value: object) -> None:
    """Every text stands in every language of the document: a phrase that one side cannot read is no signal."""
    body = copy.deepcopy(DOCUMENT)
    place: object = body
    for part in path[:-1]:
        place = place[part]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    with pytest.raises(PeerError):
        KINDS["rulebook.proposed"].check(body)  # type: ignore[arg-type]


def test_a_number_or_a_code_stands_once() -> None:
    """A citation and a signal must name one thing."""
    for name in ("articles", "signals"):
        body = copy.deepcopy(DOCUMENT)
        body[name] = [*body[name], body[name][0]]  # type: ignore[misc, index]
        with pytest.raises(PeerError, match="once"):
            KINDS["rulebook.proposed"].check(body)  # type: ignore[arg-type]
