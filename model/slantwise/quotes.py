"""Quoted stretches of an article: which characters stand between quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Quote", "find_quotes"]

_DOUBLE = re.compile(r'["“”„«»]')
_CLOSES = {"“": "”“", "„": "“”", "«": "»", "»": "«", '"': '"', "”": "”"}
_SINGLE = re.compile(r"(?<![\w‘'])[‘'](?=[^\W\d])[^\n‘]*?(?<=[\w.,!?…])[’'](?!\w)")
_SCARE_WORDS = 2
_END = re.compile(r"[.,!?…]\W*$")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch, its marks included.

    `scare` tells one or two quoted words that no comma or full stop ends: the author's distance, not a quotation.
    """

    start: int
    end: int
    scare: bool


def find_quotes(text: str) -> tuple[Quote, ...]:
    """The quotations of a text in order, outermost only.

    A quotation ends at its closing mark; one that is still open where its paragraph ends goes on in the next paragraph
    if that one begins with an opening mark (the printers' rule for long quotations); if not, it ends with its own.
    Single marks count where they stand like quotation marks ('no comment', not '90s or the ministers' houses).
    """
    doubles = [span for paragraph in re.finditer(r"[^\n]+", text) for span in _in_paragraph(text, paragraph.span())]
    quotes = [Quote(a, b, _is_scare(text[a + 1 : b - 1])) for a, b in doubles]
    taken = iter([*doubles, (len(text), len(text))])
    current = next(taken)
    for match in _SINGLE.finditer(text):
        while current[1] <= match.start():
            current = next(taken, (len(text) + 1, len(text) + 1))
        if match.end() <= current[0]:
            quotes.append(Quote(match.start(), match.end(), _is_scare(match.group()[1:-1])))
    return tuple(sorted(quotes, key=lambda q: q.start))


def _in_paragraph(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    found, opened, mark = [], -1, ""
    for match in _DOUBLE.finditer(text, *span):
        at = match.start()
        if opened >= 0:
            if match.group() in _CLOSES[mark] and not (match.group() == '"' and _opens(text, at)):
                found.append((opened, at + 1))
                opened = -1
        elif match.group() == "”" or (match.group() == '"' and not _opens(text, at) and not _starts_line(text, at)):
            continue  # a closing mark without its opening: an inch sign or a slip
        else:
            opened, mark = at, match.group()
    if opened >= 0:
        found.append((opened, span[1]))
    return found


def _opens(text: str, at: int) -> bool:
    """Whether a straight mark stands like an opening one: space or a bracket before it, none after it."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "([{—–-‘'") and not after.isspace()


def _starts_line(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _is_scare(inside: str) -> bool:
    return len(inside.split()) <= _SCARE_WORDS and not _END.search(inside)
