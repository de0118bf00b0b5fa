"""What was typed stands on the page again after a refusal, in the form that was sent and in no other."""

from __future__ import annotations

from parley.desk.again import fill_again

PAGE = """<main>
<details class="fold"><summary>Read</summary></details>
<details class="fold" open><summary>A</summary><details class="act"><summary>B</summary>
<form method="post" action="/i/answer"><input type="hidden" name="entry" value="1">
<textarea name="text">old</textarea></form>
<form method="post" action="/i/answer" class="x"><input type="hidden" name="entry" value="2&amp;3">
<textarea id="t" name="text" required></textarea><input type="text" name="why" value="before" dir="auto">
<select name="grade"><option value="sight" selected>a</option><option value="rough">b</option></select>
<input type="password" name="url"><input type="checkbox" name="sure" value="yes">
<input type="text" name="who" value=""><input type="text" name="who" value=""></form></details></details>
<form method="post" action="/i/other"><textarea name="text"></textarea></form></main>"""
TYPED = {
    "entry": "2&3", "text": "\nOne <b>\n& two", "why": 'a "reason"', "grade": "rough", "url": "secret", "sure": "yes",
    "who": "w",
}  # fmt: skip


def test_the_form_that_was_sent_is_filled_in_again_and_its_folds_are_open() -> None:
    """Ten forms of the desk gave an empty field back for a text that took somebody ten minutes."""
    page = fill_again(PAGE, "/i/answer", TYPED)
    assert '<textarea id="t" name="text" required data-again>\n\nOne &lt;b&gt;\n&amp; two</textarea>' in page
    assert '<input type="text" name="why" dir="auto" value="a &quot;reason&quot;" data-again>' in page
    assert '<option value="sight">a</option><option value="rough" selected>b</option>' in page
    assert '<details class="fold"><summary>Read' in page and '<details class="act" open><summary>B' in page


def test_nothing_else_on_the_page_changes() -> None:
    """Another form's field, a tick that means something, a secret, a list of persons: none of it was typed there."""
    page = fill_again(PAGE, "/i/answer", TYPED)
    for same in (
        ">old</textarea>", '<input type="password" name="url">', '<input type="checkbox" name="sure" value="yes">',
        '<input type="text" name="who" value=""><input type="text" name="who" value="">',
        '<form method="post" action="/i/other"><textarea name="text"></textarea></form>',
    ):  # fmt: skip
        assert same in page
    assert fill_again(PAGE, "/i/none", TYPED) == PAGE
    assert fill_again(PAGE, "/i/answer", TYPED | {"entry": "4"}) == PAGE


def test_what_was_refused_since_the_page_showed_other_words_is_kept_beside_the_new_ones() -> None:
    """The hidden name of what was shown is another one by then, and must not be put back."""
    form = (
        '<form method="post" action="/n/{}"><input type="hidden" name="seen" value="{}"><input name="why" value="{}">'
    )
    page = fill_again(form.format("end", "new", "") + "</form>", "/n/end", {"seen": "old", "why": "Weather."})
    assert '<input type="hidden" name="seen" value="new">' in page and 'value="Weather."' in page
