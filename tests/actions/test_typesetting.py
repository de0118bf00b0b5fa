"""Fonts are looked for once, and again when they change: a page is the same bytes either way."""

from __future__ import annotations

from pathlib import Path

import typst

from parley.actions.typesetting import fonts, set_pdf

# Without a date, as a text is: else it holds the second in which it was set.
PAGE = b'#set document(date: none)\n#set text(font: "Libertinus Serif")\nEach side tells the other.'


def test_a_page_set_with_fonts_that_were_kept_is_the_same_page() -> None:
    """`check` sets a signed text again and compares every byte."""
    afresh = typst.compile(PAGE, format="pdf")
    assert set_pdf(PAGE) == set_pdf({"main.typ": PAGE}) == afresh


def test_fonts_are_looked_for_again_only_when_their_folders_change(tmp_path: Path) -> None:
    """Each look reads every font file; and who was told to install one must not have to start the node again."""
    folders = (str(tmp_path), str(tmp_path / "not-there"))
    found = fonts(folders)
    assert fonts(folders) is found
    (tmp_path / "noto").mkdir()
    again = fonts(folders)
    assert again is not found
    (tmp_path / "noto" / "NotoSans.ttf").write_bytes(b"")
    assert fonts(folders) is not again
