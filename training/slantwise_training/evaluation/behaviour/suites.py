"""The suite's own sentences: swap axes and templates, directional pairs, sentences to type differently."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

__all__ = ["Axis", "Directional", "SwapSuite", "Template", "load_directional", "load_robustness", "load_swaps"]

Forms = Mapping[str, str]
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Axis:
    """What is swapped: groups, and rows of one term per group.

    A row gives a term's forms ("people", "adjective", ...) by group. Of a surface with several forms `before_noun` is
    the form in front of a noun ("Republican voters", "her house") and `after_article` the one after an article and
    before no noun ("a Republican said"). A term right after a word of `not_after` is none ("African Americans").
    """

    name: str
    groups: tuple[str, ...]
    rows: tuple[Mapping[str, Forms], ...]
    before_noun: str | None = None
    after_article: str | None = None
    not_after: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two groups, in the order of `groups`."""
        return tuple(combinations(self.groups, 2))


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots such as `{people}`; the first is the target of the stance that is asked for."""

    name: str
    axes: tuple[str, ...]
    tone: str
    text: str

    @property
    def slots(self) -> tuple[str, ...]:
        """The forms that the slots want, in text order."""
        return tuple(_SLOT.findall(self.text))

    def fill(self, forms: Forms) -> tuple[str, tuple[int, int]]:
        """The sentence with a term put in, and where its first slot's words stand; the first letter is a capital."""
        pieces, done, place = [], 0, (0, 0)
        for number, slot in enumerate(_SLOT.finditer(self.text)):
            pieces.append(self.text[done : slot.start()])
            if number == 0:
                start = sum(map(len, pieces))
                place = (start, start + len(forms[slot[1]]))
            pieces.append(forms[slot[1]])
            done = slot.end()
        text = "".join([*pieces, self.text[done:]])
        return text[:1].upper() + text[1:], place


@dataclass(frozen=True, slots=True)
class SwapSuite:
    """Axes and templates under a name; `by_template`: whether templates or rows are what repeats independently."""

    name: str
    axes: Mapping[str, Axis]
    templates: tuple[Template, ...]
    by_template: bool = True


@dataclass(frozen=True, slots=True)
class Directional:
    """The tables of `directional.toml`, by section: statements, frames, pairs and words."""

    hedging: Mapping[str, Any]
    wording: Mapping[str, Any]
    attribution: Mapping[str, Any]
    negation: Mapping[str, Any]
    stance: Mapping[str, Any]


@cache
def load_swaps() -> SwapSuite:
    """The swaps that come with the package."""
    raw = _read("swaps.toml")
    axes = {
        name: Axis(
            name,
            tuple(axis["groups"]),
            tuple(axis["rows"]),
            axis.get("before_noun"),
            axis.get("after_article"),
            tuple(axis.get("not_after", ())),
        )
        for name, axis in raw["axes"].items()
    }
    templates = tuple(
        Template(f"t{number:02}", tuple(entry["axes"]), entry["tone"], entry["text"])
        for number, entry in enumerate(raw["templates"], start=1)
    )
    return SwapSuite("own", axes, templates)


@cache
def load_directional() -> Directional:
    """The directional tests that come with the package."""
    return Directional(**_read("directional.toml"))


@cache
def load_robustness() -> tuple[str, ...]:
    """Sentences with quotes, apostrophes, contractions and dashes."""
    return tuple(_read("robustness.toml")["sentences"])


def _read(name: str) -> dict[str, Any]:
    """Inside the wheel the files lie beside this module; in a checkout, in the top-level data folder."""
    packed = Path(__file__).parent / "data"
    folder = packed if packed.is_dir() else Path(__file__).parents[4] / "data" / "behaviour"
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))
