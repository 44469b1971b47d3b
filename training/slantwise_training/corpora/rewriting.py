"""Clean a sentence's text and carry span offsets along."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Rewriting", "detokenise", "squeeze"]

_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_SYMBOLS = re.compile(r"-[LR][RSC]B-|``\s*|\s*''|`\s*")
_SPACING = re.compile(r"(?<=[(\[{])\s+|\s+(?=[)\]},;:!?%]|\.(?!\w)|n't\b|'(?:s|d|m|ll|re|ve)\b)")
_WHITE_SPACE = re.compile(r"\A\s+|\s+\Z|[^\S ]\s*|\s{2,}")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A rewritten text. `offsets[i]` is where the old offset `i` went; it is one longer than the old text."""

    text: str
    offsets: Sequence[int]

    def move(self, start: int, end: int) -> tuple[int, int]:
        """Where the stretch start..end of the old text lies in the new one, without white space at its edges."""
        first, last = self.offsets[start], self.offsets[end]
        while first < last and self.text[first].isspace():
            first += 1
        while last > first and self.text[last - 1].isspace():
            last -= 1
        return first, last


def squeeze(text: str) -> Rewriting:
    """One space for each run of white space, none at the edges."""
    return _rewrite(text, _WHITE_SPACE, lambda found: " " if 0 < found.start() and found.end() < len(text) else "")


def detokenise(text: str) -> Rewriting:
    """Undo Penn Treebank tokenisation: bracket names, quote marks, spaces before punctuation and clitics.

    Already clean text stays as it is, but for white space before punctuation and doubled quote marks. A closing quote
    that the tokeniser attached to the wrong word cannot be told and stays there.
    """
    symbols = _rewrite(text, _SYMBOLS, _symbol)
    spacing = _rewrite(symbols.text, _SPACING, lambda found: "")
    squeezed = squeeze(spacing.text)
    if squeezed.text == text:
        return squeezed
    return Rewriting(squeezed.text, [squeezed.offsets[spacing.offsets[offset]] for offset in symbols.offsets])


def _symbol(found: re.Match[str]) -> str:
    symbol = found.group().strip()
    return _BRACKETS.get(symbol) or ("'" if symbol == "`" else '"')


def _rewrite(text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Rewriting:
    """Replace each match; the offset a match starts at goes to its replacement's start, those inside it to its end."""
    parts: list[str] = []
    offsets: list[int] = []
    here = length = 0
    for found in pattern.finditer(text):
        new = replace(found)
        parts += [text[here : found.start()], new]
        kept = found.start() - here
        offsets += range(length, length + kept + 1)
        length += kept + len(new)
        offsets += [length] * (found.end() - found.start() - 1)
        here = found.end()
    offsets += range(length, length + len(text) - here + 1)
    return Rewriting("".join((*parts, text[here:])), offsets)
