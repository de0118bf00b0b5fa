"""Every text colour is legible on every surface it stands on, by the numbers of WCAG 2.2."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("parley.desk").joinpath("static", "tokens.css").read_text("utf-8")
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
NIGHT_CSS = files("parley.desk").joinpath("static", "night.css").read_text("utf-8")
NIGHT = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", NIGHT_CSS))
TOKENS = {name: (light, dark, NIGHT[name]) for name, light, dark in PAIR.findall(CSS)}
SURFACES = ("paper", "sheet", "sunk")
TEXTS = ("ink", "ink-2", "accent", "good", "care", "bad")
WASHES = (("care", "care-wash"), ("bad", "bad-wash"), ("exercise", "exercise-wash"), ("test", "test-wash"))


def brightness(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((brightness(first), brightness(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_is_legible_at_three_in_the_morning(theme: int) -> None:
    """WCAG 2.2 1.4.6 asks for 7:1; the desk is read by tired eyes on dim screens."""
    pairs = [(text, surface) for text in TEXTS for surface in SURFACES] + list(WASHES)
    weak = {
        (text, surface): round(contrast(TOKENS[text][theme], TOKENS[surface][theme]), 2)
        for text, surface in pairs
        if contrast(TOKENS[text][theme], TOKENS[surface][theme]) < 7
    }
    assert weak == {}
    # white on FLASH red is large and bold: 4.5:1 (1.4.6 for large text)
    assert contrast("#ffffff", TOKENS["flash"][theme]) >= 4.5
    assert contrast(TOKENS["on-accent"][theme], TOKENS["accent"][theme]) >= 7


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_what_marks_a_control_can_be_seen(theme: int) -> None:
    """WCAG 2.2 1.4.11 and 2.4.13: the edge of a field and the ring of the focus, 3:1."""
    for mark in ("rule-strong", "focus"):
        for surface in SURFACES:
            assert contrast(TOKENS[mark][theme], TOKENS[surface][theme]) >= 3, (mark, surface)


def test_no_rule_names_a_left_or_a_right() -> None:
    """Arabic turns the page around; only logical sides turn with it."""
    for entry in files("parley.desk").joinpath("static").iterdir():
        if entry.name.endswith(".css"):
            text = re.sub(r"/\*.*?\*/", "", entry.read_text("utf-8"), flags=re.DOTALL)
            found = re.findall(r"[{;]\s*((?:margin|padding|border)-(?:left|right)|left|right|float)\s*:", text)
            assert found == [], entry.name


def test_night_is_red_on_black_and_legible() -> None:
    """Green and blue light end night sight within a second; red at 4.5:1 is as legible as red can be (pure: 5.25:1)."""
    assert {name: value for name, value in NIGHT.items() if not re.fullmatch("#[0-9a-f]{2}0000", value)} == {}
    outside = re.sub(r"^.*\.pane > .*$", "", NIGHT_CSS, flags=re.MULTILINE)  # what is in a pane is seen through red
    assert re.findall(r"#[0-9a-f]{3,8}\b", outside.replace("0000;", "")) == []
    pairs = [(text, surface) for text in TEXTS for surface in SURFACES]
    pairs += [*WASHES, ("on-flash", "flash"), ("on-accent", "accent")]
    weak = {pair: round(contrast(NIGHT[pair[0]], NIGHT[pair[1]]), 2) for pair in pairs
            if contrast(NIGHT[pair[0]], NIGHT[pair[1]]) < 4.5}  # fmt: skip
    assert weak == {}
    assert all(contrast(NIGHT[mark], NIGHT[surface]) >= 3 for mark in ("rule-strong", "focus") for surface in SURFACES)
