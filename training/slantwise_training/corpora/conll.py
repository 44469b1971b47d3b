"""Token columns as text: sentences with a space only where one was written, spans with exact offsets.

Shared by the corpora that come as one token a line. Tokenised text does not say where its spaces were; `join` puts
them back by rule, the same rule for every corpus, so that a model does not learn the tokeniser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import MentionKind, SpanLabel
from slantwise.records import Span

__all__ = ["Block", "TokenSpan", "Words", "bio_spans", "join", "mention_spans", "read_blocks"]

_SURFACES = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
}
_CLOSING = re.compile(r"[,.;:?!%)\]}”…]+|n['’]t|['’](?:s|re|ve|ll|d|m|t)", re.IGNORECASE)
_OPENING = frozenset("([{“‘$£€")
_CLITICS = frozenset(("s", "t", "re", "ve", "ll", "d", "m"))


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one sentence, split into columns; `line` is the first row's number in the file, from 1."""

    line: int
    rows: tuple[tuple[str, ...], ...]

    def column(self, index: int) -> tuple[str, ...]:
        """One column of every row."""
        return tuple(row[index] for row in self.rows)


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A labelled run of tokens, `end` exclusive."""

    first: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence put together from tokens; token i is `text[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def read_blocks(path: Path, columns: int = 2, separator: str = "\t", comment: str | None = None) -> Iterator[Block]:
    """Yield the blank-line separated sentences of a file of token columns.

    Spaces around a token are dropped; a row without its separator is split at spaces. A row whose token is empty (an
    emoji lost upstream) is passed over when its tag is O. Columns past `columns` are cut. Lines that begin with
    `comment` are passed over.

    Raises:
        BadRow: a row has fewer columns, or an empty token carries a tag.

    """
    rows: list[tuple[str, ...]] = []
    first = 1
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            row = line.rstrip("\r\n")
            if comment is not None and row.startswith(comment):
                continue
            if not row:
                if rows:
                    yield Block(first, tuple(rows))
                rows = []
                continue
            cells = row.split(separator) if separator in row else row.split()
            if len(cells) < columns:
                raise BadRow(path, number, "columns", f"{columns} columns", repr(row))
            token = cells[0].strip()
            if not rows:
                first = number
            if token:
                rows.append((token, *cells[1:columns]))
            elif cells[1] != "O":
                raise BadRow(path, number, "token", "a token where there is a tag", repr(row))
    if rows:
        yield Block(first, tuple(rows))


def bio_spans(tags: Sequence[str]) -> list[TokenSpan]:
    """Runs of BIO (or IO) tags. An I- that continues nothing of its kind begins a span, as in conlleval."""
    spans: list[TokenSpan] = []
    kind, first = "", 0
    for index, tag in enumerate((*tags, "O")):
        prefix, _, found = tag.partition("-")
        if kind and (prefix != "I" or found != kind):
            spans.append(TokenSpan(first, index, kind))
            kind = ""
        if found and not kind:
            kind, first = found, index
    return spans


def join(tokens: Sequence[str], *, hyphens: bool = False) -> Words:
    """Put a sentence together, with Penn Treebank brackets and quotes written plainly.

    Args:
        tokens: the sentence's tokens, none empty.
        hyphens: the tokeniser split at hyphens: close them up between letters or digits.

    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    open_quotes: set[str] = set()
    at = 0
    closed_up = True
    for index, token in enumerate(tokens):
        surface = _SURFACES.get(token, token)
        to_previous, to_next = _closes_up(tokens, index, open_quotes, hyphens)
        if not (closed_up or to_previous):
            parts.append(" ")
            at += 1
        starts.append(at)
        parts.append(surface)
        at += len(surface)
        ends.append(at)
        closed_up = to_next
    return Words("".join(parts), tuple(starts), tuple(ends))


def mention_spans(words: Words, spans: Sequence[TokenSpan], kinds: dict[str, MentionKind]) -> tuple[Span, ...]:
    """Token spans as MENTION spans of the joined sentence, with ids m1, m2, ...

    Raises:
        KeyError: a kind that `kinds` does not map.

    """
    made = []
    for number, span in enumerate(spans, 1):
        start, end = words.starts[span.first], words.ends[span.end - 1]
        made.append(Span(f"m{number}", SpanLabel.MENTION, start, end, words.text[start:end], kinds[span.kind]))
    return tuple(made)


def _closes_up(tokens: Sequence[str], index: int, open_quotes: set[str], hyphens: bool) -> tuple[bool, bool]:
    """Whether no space stands before and after a token; keeps track of the straight quotes that are open."""
    token = tokens[index]
    if token.isalnum():
        return False, False
    if token in ('"', "``", "''"):
        opening = token == "``" or (token == '"' and '"' not in open_quotes)
        (open_quotes.add if opening else open_quotes.discard)('"')
        return not opening, opening
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if token in ("'", "’"):
        return _apostrophe(tokens[index - 1] if index else "", token, following, open_quotes)
    surface = _SURFACES.get(token, token)
    if surface in _OPENING:
        return False, True
    if _CLOSING.fullmatch(surface):
        return True, False
    between = index > 0 and tokens[index - 1][-1].isalnum() and following[:1].isalnum()
    joins = between and (token == "/" or (hyphens and token == "-"))
    return joins, joins


def _apostrophe(previous: str, token: str, following: str, open_quotes: set[str]) -> tuple[bool, bool]:
    """A single quote by itself: a clitic's, a plural possessive's, or a quotation mark."""
    if following.lower() in _CLITICS:
        return True, True
    if token == "'" and token in open_quotes:
        open_quotes.discard(token)
        return True, False
    if token == "’" or previous[-1:] in ("s", "S"):
        return True, False
    open_quotes.add(token)
    return False, True
