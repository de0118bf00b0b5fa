"""Rules about texts: agreed words stay, what crossed stands side by side, and a signature is over one text alone."""

from __future__ import annotations

import pytest
from tests.authenticator import Authenticator
from tests.signing import passkeys, sign
from tests.subjects.pair import Node, meet, refusal
from tests.subjects.text_living import CHANNEL, opened, text_of

from parley.record.names import Ref
from parley.subjects.standing import facts as standing
from parley.subjects.texts import Change, saying
from parley.subjects.texts.algebra import Bracket
from parley.subjects.texts.content import digest_of_lines, lines, ordered, text_digest

TAGS = ("en",)


def article(
    north: Node, south: Node, subject: str, words: str = "Within ten days.", position: str = "V"
) -> tuple[str, Ref]:
    """Add an article at North that South accepts."""
    ref = north.say(
        saying.add(CHANNEL, subject, level="article", parent="", position=position, words={"en": words}), "ann"
    )
    meet(north, south)
    south.say(saying.accept(CHANNEL, subject, f"north/0/{ref.number}", ref), "lin")
    meet(north, south)
    return f"north/0/{ref.number}", ref


def both(tags: tuple[tuple[str, str], ...] = (("en", "north"),)) -> tuple[Node, Node, str]:
    north, south, _ = opened(both=False)
    ref = north.say(saying.open_text(CHANNEL, title="T", languages=tags), "ann")
    meet(north, south)
    return north, south, f"text/north/0/{ref.number}"


def test_crossed_words_for_the_same_place_stand_in_one_bracket() -> None:
    """Neither side's network decides whose words are seen."""
    north, south, subject = both((("en", "north"), ("zh", "south")))
    ref = north.say(
        saying.add(
            CHANNEL, subject, level="article", parent="", position="V", words={"en": "In ten days."}, renders=["zh"]
        ),
        "ann",
    )
    unit = f"north/0/{ref.number}"
    meet(north, south)
    south.say(saying.render(CHANNEL, subject, unit, ref, "zh", Change(start=0, end=0, words="十日内。")), "lin")
    meet(north, south)
    north.say(saying.propose(CHANNEL, subject, unit, ref, {"en": Change(start=3, end=6, words="two")}), "ann")
    south.say(saying.propose(CHANNEL, subject, unit, ref, {"zh": Change(start=0, end=1, words="三")}), "lin")
    meet(north, south)
    for node in (north, south):
        content = text_of(node, subject).units[unit].content
        assert [type(piece) for piece in content["en"]] == [str, Bracket, str]
        assert [type(piece) for piece in content["zh"]] == [Bracket, str]


def test_agreed_words_stand_against_what_crossed_and_open_only_by_both() -> None:
    """Final stays final: a proposal on its way when the other side agreed does not undo the agreement."""
    north, south, subject = both()
    unit, ref = article(north, south, subject)
    digest = text_of(north, subject).units[unit].digest
    south.say(saying.agree(CHANNEL, subject, unit, digest, "agreed"), "lin")
    meet(north, south)
    change = {"en": Change(start=7, end=10, words="two")}
    again = north.say(saying.propose(CHANNEL, subject, unit, ref, change), "ann")
    assert again
    view = text_of(north, subject).units[unit]
    assert view.status == "bracketed"
    north.say(saying.withdraw(CHANNEL, subject, unit, again), "ann")
    agreed = north.say(saying.agree(CHANNEL, subject, unit, digest, "agreed"), "ann")
    meet(north, south)
    assert text_of(south, subject).units[unit].status == "agreed"
    assert refusal(north, saying.propose(CHANNEL, subject, unit, ref, change), "ann") == "texts.final"
    assert refusal(north, saying.withdraw_agreement(CHANNEL, subject, unit, agreed), "ann") == "texts.final"
    asked = north.say(saying.ask_reopen(CHANNEL, subject, unit, agreed), "ann")
    assert refusal(north, saying.reopen(CHANNEL, subject, unit, asked), "ann") == "texts.side"
    meet(north, south)
    south.say(saying.reopen(CHANNEL, subject, unit, asked), "lin")
    meet(north, south)
    assert text_of(north, subject).units[unit].status == "clean"


def test_moves_that_crossed_show_one_place_and_name_the_other() -> None:
    """Both sides see the same order, and that it is not settled."""
    north, south, subject = both()
    unit, _ = article(north, south, subject, position="V")
    article(north, south, subject, "Second.", "W")
    north.say(saying.move(CHANNEL, subject, unit, parent="", position="X"), "ann")
    south.say(saying.move(CHANNEL, subject, unit, parent="", position="Y"), "lin")
    meet(north, south)
    orders = [[(one.unit.name, one.number) for one in ordered(text_of(node, subject))] for node in (north, south)]
    assert orders[0] == orders[1]
    assert len(text_of(north, subject).units[unit].elsewhere) == 1


def signing(subject: str, digest: str, tags: tuple[str, ...] = TAGS, grade: str = "signed") -> object:
    return saying.sign(
        CHANNEL, subject, f"text.{grade}", digest=digest, languages=tags, office="Envoy", powers="Note 7"
    )


@pytest.mark.parametrize("attack", ["changed", "other-text", "swapped", "bracketed", "again"])
def test_a_signature_that_is_not_over_this_very_text_is_refused(attack: str) -> None:
    """Changed by one character, taken from another text, with a language swapped, or said twice: nothing is signed."""
    north, south, subject = both()
    _, ref = article(north, south, subject)
    unit = f"north/0/{ref.number}"
    digest = text_digest(text_of(north, subject))
    fact, code = signing(subject, digest), "texts.digest"
    if attack == "changed":
        proposed = north.say(
            saying.propose(CHANNEL, subject, unit, ref, {"en": Change(start=15, end=16, words="!")}), "ann"
        )
        meet(north, south)
        south.say(saying.accept(CHANNEL, subject, unit, proposed), "lin")
        meet(north, south)
    elif attack == "other-text":
        other = north.say(saying.open_text(CHANNEL, title="U", languages=[("en", "north")]), "ann")
        meet(north, south)
        article(north, south, f"text/north/0/{other.number}")
        fact = signing(f"text/north/0/{other.number}", digest)
    elif attack == "swapped":
        fact, code = signing(subject, digest, ("zh",)), "texts.languages"
    elif attack == "bracketed":
        north.say(saying.propose(CHANNEL, subject, unit, ref, {"en": Change(start=0, end=6, words="In")}), "ann")
        fact, code = signing(subject, text_digest(text_of(north, subject))), "texts.bracketed"
    else:
        north.say(fact, "ann")
        code = "texts.again"
    assert refusal(north, fact, "ann") == code


def test_the_digest_names_each_language_version_at_its_place() -> None:
    """Two articles with their Chinese exchanged, or their two languages, are another text than the one signed."""
    north, south, subject = both((("en", "north"), ("zh", "south")))
    for number, (english, chinese) in enumerate((("In ten days.", "十日内。"), ("In five days.", "五日内。"))):
        ref = north.say(
            saying.add(CHANNEL, subject, level="article", parent="", position=f"V{number}V", words={"en": english},
                       renders=["zh"]), "ann",
        )  # fmt: skip
        unit = f"north/0/{ref.number}"
        meet(north, south)
        south.say(saying.render(CHANNEL, subject, unit, ref, "zh", Change(start=0, end=0, words=chinese)), "lin")
        south.say(saying.accept(CHANNEL, subject, unit, ref), "lin")
        meet(north, south)
    view, tags = text_of(north, subject), ("en", "zh")
    head, first, second = lines(view)
    chinese_exchanged = [
        first.replace("十日".encode(), "五日".encode()),
        second.replace("五日".encode(), "十日".encode()),
    ]
    languages_exchanged = [
        line.replace(b'"en":', b'"x":').replace(b'"zh":', b'"en":').replace(b'"x":', b'"zh":')
        for line in (first, second)
    ]
    for swapped in (chinese_exchanged, languages_exchanged):
        digest = digest_of_lines([head, *swapped])
        assert digest != text_digest(view)
        assert refusal(north, signing(subject, digest, tags), "ann") == "texts.digest"
        lying = north.put(north.draft(signing(subject, digest, tags), "ann"))
        meet(north, south)
        assert south.verdict(lying) == ("not-valid", "texts.digest")
    north.say(signing(subject, text_digest(view), tags), "ann")


def test_a_text_both_signed_changes_no_more_and_one_that_one_signed_not_by_that_side() -> None:
    """Whoever has signed must not find other words under the signature."""
    north, south, subject = both()
    unit, ref = article(north, south, subject)
    digest = text_digest(text_of(north, subject))
    change = saying.propose(CHANNEL, subject, unit, ref, {"en": Change(start=0, end=6, words="In")})
    signature = north.say(signing(subject, digest), "ann")
    assert refusal(north, change, "ann") == "texts.own-signature"
    meet(north, south)
    south.say(signing(subject, digest), "lin")
    north.say(saying.withdraw_signature(CHANNEL, subject, signature), "ann")  # crossed: it does nothing
    meet(north, south)
    assert text_of(north, subject).frame.signed == text_of(south, subject).frame.signed == digest
    assert refusal(north, change, "ann") == "texts.signed"


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("none", ""), ("unsigned", "binding.missing"), ("another person", "passkeys.signature"),
        ("another text's assertion", "passkeys.client"), ("replay", "binding.again"),
        ("one character", "passkeys.client"),
    ],
)  # fmt: skip
def test_a_passkey_signs_one_text_for_one_person_once(attack: str, code: str) -> None:
    """Once a side lists passkeys, only its person's own key over this very act makes a signature."""
    north, south, subject = both()
    article(north, south, subject)
    key, other = Authenticator("https://desk.north.example", "ann"), Authenticator("https://desk.north.example", "bob")
    listed = standing.list_person(
        "north", "ann", name="Ann", role="delegate", binds=True, passkeys=passkeys(key)
    )  # fmt: skip
    listing = north.say(listed, "ann")
    digest = text_digest(text_of(north, subject))
    entry = north.draft(signing(subject, digest), "ann")
    if attack == "none":
        entry = sign(entry, key, listing)
    elif attack == "another person":
        entry = sign(entry, other, listing)
    elif attack == "another text's assertion":
        entry = sign(entry, key, listing, over=north.draft(signing("text/north/0/77", digest), "ann"))
    elif attack == "one character":
        entry = sign(entry, key, listing, over=north.draft(signing(subject, "0" + digest[1:]), "ann"))
    elif attack == "replay":
        north.put(sign(north.draft(signing(subject, digest, grade="initialled"), "ann"), key, listing, nonce="ab" * 16))
        entry = sign(north.draft(signing(subject, digest), "ann"), key, listing, nonce="ab" * 16)
    ref = north.put(entry)
    meet(north, south)
    said = {north.verdict(ref), south.verdict(ref)}
    assert said == {("not-valid", code) if code else ("valid", "")}
