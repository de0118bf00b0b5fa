"""Real-time text: what one side writes is what the other reads, whatever is lost, doubled or late on the way."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley import limits
from parley.codec import Reader
from parley.codec.text import make_text
from parley.errors import PeerError, Refused
from parley.line.realtime import Edit, Line, Pen, Sheet, Whole, Writer, edit_between, read_edit, read_whole

WRITER = Writer("leaders", "5e" * 16, "e.marlow", 7)


def take(sheet: Sheet, sent: Edit | Whole) -> list[Line]:
    """Hand a signal over as it comes off the line."""
    fields = Reader({**WRITER.fields(), **sent.fields()})
    if isinstance(sent, Whole):
        writer, whole = read_whole(fields)
        assert (writer, whole) == (WRITER, sent)
        return sheet.take_whole(whole) or []
    writer, edit = read_edit(fields)
    assert (writer, edit) == (WRITER, sent)
    sheet.take_edit(edit)
    return []


# A keyboard from the right, an input method's words, emoji of several code points, marks that combine.
LINES = ["Stop the ship.", "أوقفوا السفينة فورًا", "请立即停船。", "👩‍🚒🇬🇧 é ệ", "שלום, 17 buoy"]


@pytest.mark.parametrize("line", LINES)
def test_every_character_is_read_as_it_is_written_and_as_it_is_taken_back(line: str) -> None:
    """EN 301 549, 6.2: the reader sees the words grow; backspace and a change in the middle are seen as well."""
    pen, sheet = Pen(), Sheet()
    states = [line[:end] for end in range(len(line) + 1)] + [line[:-2] + "!", line[0] + line[2:], ""]
    for state in states:
        text = make_text(state)
        pen.write(text)
        assert take(sheet, pen.edit()) == []
        assert sheet.text == text
    pen.write(make_text(line))
    pen.finish()
    assert take(sheet, pen.edit()) == [Line(0, make_text(line))]
    assert (sheet.line, sheet.text) == (1, "")


def test_a_lost_edit_heals_with_the_next_one_and_a_lost_state_with_the_next_state() -> None:
    """An edit stands upon the last whole state, never upon the edit before it."""
    pen, sheet = Pen(), Sheet()
    for text in ("Sto", "Stop", "Stop t"):
        pen.write(text)
        sent = pen.edit()
        if text != "Stop":
            take(sheet, sent)
    assert sheet.text == "Stop t"
    pen.whole()  # lost
    pen.write("Stop th")
    take(sheet, pen.edit())
    assert sheet.text == "Stop t"
    take(sheet, pen.whole())
    assert sheet.text == "Stop th"


def test_what_comes_late_or_twice_changes_nothing() -> None:
    """By a slow link an older text must not come back over a newer one."""
    pen, sheet = Pen(), Sheet()
    sent = []
    for text in ("a", "ab", "abc"):
        pen.write(text)
        sent.append(pen.edit())
    pen.finish()
    sent.append(pen.edit())
    for each in sent:
        take(sheet, each)
    for each in sent:
        assert take(sheet, each) == []
    assert (sheet.line, sheet.text, sheet.edit) == (1, "", 4)


def test_lines_finished_while_nothing_passed_come_with_the_next_state_and_more_are_marked_as_lost() -> None:
    """A reader who does not know that something is missing reads another meaning."""
    pen, sheet = Pen(), Sheet()
    take(sheet, pen.whole())
    for number in range(3):
        pen.write(f"line {number}")
        pen.finish()
        pen.edit()  # lost
    assert take(sheet, pen.whole()) == [Line(0, "line 0"), Line(1, "line 1"), Line(2, "line 2")]
    for number in range(3, 9):
        pen.write(f"line {number}")
        pen.finish()
    assert take(sheet, pen.edit()) == [Line(4, None), *(Line(number, f"line {number}") for number in range(5, 9))]


def test_a_desk_that_reads_later_begins_with_what_is_told_and_misses_nothing_it_could_have() -> None:
    """Who joins in the middle is not shown a gap: nothing was written to them before."""
    pen, sheet = Pen(), Sheet()
    for number in range(6):
        pen.write(f"line {number}")
        pen.finish()
    assert [line.number for line in take(sheet, pen.edit())] == [2, 3, 4, 5]


WHOLE = {**WRITER.fields(), "edit": 3, "line": 1, "text": "Stop", "before": ["Go"]}
EDIT = {**WRITER.fields(), "edit": 4, "base": 3, "keep": 4, "text": "!", "tail": 0}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * (limits.TEXT_CHARS_MAX + 1)}, {"text": "two\nlines"}, {"text": None}, {"edit": 0}, {"line": -1},
        {"before": ["a", "b"]}, {"before": ["a\nb"]}, {"before": [""]}, {"before": "a"}, {"more": 1},
        {"session": "5e"}, {"stream": 2**32}, {"person": "E M"},
    ],
)  # fmt: skip
def test_a_state_of_another_form_is_the_peers_fault(change: dict[str, object]) -> None:
    """Strict reading; the bounds are of the format."""
    read_whole(Reader(WHOLE))
    with pytest.raises(PeerError):
        read_whole(Reader(WHOLE | change))


@pytest.mark.parametrize("change", [{"base": 4}, {"keep": 501}, {"text": "a\n"}, {"tail": -1}, {"more": 1}])
def test_an_edit_of_another_form_is_the_peers_fault(change: dict[str, object]) -> None:
    """As for states."""
    read_edit(Reader(EDIT))
    with pytest.raises(PeerError):
        read_edit(Reader(EDIT | change))


def test_what_an_edit_makes_is_judged_not_only_what_it_brings() -> None:
    """Two good texts may make a bad one: too long, a mark that should have combined, more kept than there is."""
    sheet = Sheet()
    sheet.take_whole(Whole(3, 0, "q", ()))
    assert sheet.take_edit(Edit(4, 3, 1, "\u0301", 0))  # there is no such letter in one code point
    for text, edit in (
        ("e", Edit(4, 3, 1, "\u0301", 0)), ("Stop", Edit(4, 3, 3, "", 2)),
        ("x" * 300, Edit(4, 3, 300, "y" * 201, 0)), ("a", Edit(4, 3, 1, "\u2067", 0)),
    ):  # fmt: skip
        sheet = Sheet()
        sheet.take_whole(Whole(3, 0, text, ()))
        with pytest.raises(PeerError):
            sheet.take_edit(edit)
        assert sheet.text == text
    sheet = Sheet()
    sheet.take_whole(Whole(3, 2, "", ()))
    with pytest.raises(PeerError):
        sheet.take_whole(Whole(4, 1, "", ()))


TYPED = st.text(st.sampled_from("ab e\u0301\u0627\u0644中👩‍🚒\u0323"), max_size=30)


@given(st.lists(st.tuples(TYPED, st.sampled_from(("write", "finish", "whole")), st.sampled_from("kddlx")), max_size=40))
def test_after_any_loss_the_next_whole_state_makes_both_the_same(story: list[tuple[str, str, str]]) -> None:
    """k: comes; d: doubled; l: late by one; x: lost. Nothing that was shown as finished was written otherwise."""
    pen, sheet = Pen(), Sheet()
    written: dict[int, str] = {}
    late: list[Edit | Whole] = []
    for typed, act, fate in story:
        pen.write(unicodedata.normalize("NFC", typed))
        if act == "finish" and pen.text:
            written[pen.line] = pen.text
            pen.finish()
        sent = pen.whole() if act == "whole" else pen.edit()
        now = [sent] * {"k": 1, "d": 2}.get(fate, 0) + late
        late = [sent] if fate == "l" else []
        for each in now:
            for line in take(sheet, each):
                assert line.text is None or written[line.number] == line.text
    take(sheet, pen.whole())
    assert (sheet.line, sheet.text) == (pen.line, pen.text)


def test_half_a_pair_of_isolates_never_goes_alone() -> None:
    """Our own node must not send what theirs closes the link for: an edit whose words are no text goes whole."""
    pen, sheet = Pen(), Sheet()
    for text in ("\u2067a\u2069", "\u2067b\u2069\u2067a\u2069"):
        pen.write(make_text(text))
        sent = pen.edit()
        assert isinstance(sent, Whole)
        take(sheet, sent)
        assert sheet.text == text


@given(TYPED, TYPED)
def test_an_edit_between_any_two_texts_makes_the_second(first: str, second: str) -> None:
    """However they differ; what is kept at both ends never overlaps."""
    first, second = (unicodedata.normalize("NFC", each) for each in (first, second))
    sheet = Sheet()
    base = Whole(1, 0, first, ())
    sheet.take_whole(base)
    edit = edit_between(base, second, 2)
    assert edit.keep + edit.tail <= min(len(first), len(second))
    assert sheet.take_edit(edit) and sheet.text == second


@given(st.dictionaries(st.sampled_from([*WHOLE, *EDIT]), st.one_of(st.text(), st.integers(), st.lists(st.text()))))
def test_any_fields_give_a_value_or_the_peers_fault(change: dict[str, object]) -> None:
    """Promise of the reader, and of what it is handed to: no other exception."""
    for base, reader in ((WHOLE, read_whole), (EDIT, read_edit)):
        sheet = Sheet()
        sheet.take_whole(Whole(3, 1, "Stop", ()))
        try:
            _, read = reader(Reader({**base, **{key: change[key] for key in change if key in base}}))
            if isinstance(read, Whole):
                sheet.take_whole(read)
            else:
                sheet.take_edit(read)
        except PeerError:
            pass
        assert len(sheet.text) <= limits.TEXT_CHARS_MAX


def test_a_text_that_may_not_be_signed_may_not_be_shown_either() -> None:
    """One rule for text on the line; our own node says so to its person."""
    with pytest.raises(Refused):
        make_text("a\u202eb")
