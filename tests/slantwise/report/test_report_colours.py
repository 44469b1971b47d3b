"""Colours that carry words or meaning have the contrast WCAG 2.2 AA asks for, by day and by night."""

import re
from functools import cache
from importlib.resources import files
from itertools import product

import pytest

TINTS = [f"t{n}" for n in range(1, 9)]
WORDS = ["ink", "quiet", "hedge", "loaded", "favor", "against"]
LINES = ["edge", "said", "focus", "hedge", "loaded", "favor", "against", *(f"b{n}" for n in range(1, 9))]


@cache
def palettes():
    """The variables of the light and the dark palette, as red, green and blue from 0 to 1."""
    sheet = files("slantwise.report").joinpath("templates", "article.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", sheet, re.S)
    read = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    assert read[0].keys() == read[1].keys()
    return [{name: [int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for name, c in part.items()} for part in read]


def contrast(one, other):
    """The contrast ratio of WCAG 2.2, from 1 to 21."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("night", [0, 1])
def test_words_can_be_read_on_paper_and_tints(night):
    palette = palettes()[night]
    pale = {
        (word, ground): contrast(palette[word], palette[ground])
        for word, ground in product(WORDS, ["paper", "raised", *TINTS])
    }
    assert {pair: ratio for pair, ratio in pale.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("night", [0, 1])
def test_lines_and_fields_can_be_seen_on_paper(night):
    palette = palettes()[night]
    pale = {line: contrast(palette[line], palette["paper"]) for line in LINES}
    assert {line: ratio for line, ratio in pale.items() if ratio < 3} == {}


def test_contrast_is_the_published_measure():
    assert contrast([0, 0, 0], [1, 1, 1]) == pytest.approx(21)
    assert contrast([0x77 / 255] * 3, [1, 1, 1]) == pytest.approx(4.48, abs=0.01)
