"""Where a name begins and ends: GUM, MEANTIME and re3d mark noun phrases, CoNLL-2003 and its kin the bare name.

The same phrases around common nouns ("the rebels who hold the town") are cut to what the actor is called ("rebels").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from slantwise.labels import MentionKind
from slantwise.records import Span

__all__ = ["PHRASES", "actor_in_phrase", "bare_name", "name_in_phrase"]

PHRASES = frozenset({"gum", "meantime_en", "re3d"})
"""Corpora that mark the whole phrase around a name, apposition and relative clause included."""

_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)")
_FIRST_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)\s*(?:['’]s|['’])$")

_TOKEN = re.compile(r"['’]s\b|[^\W_](?:[\w&/]|(?!['’]s\b)[.'’-](?=\w))*\.?|[^\w\s]")
_OWNERS = frozenset(("'s", "’s", "'", "’"))
_PARTICLES = frozenset("de la le du des del della di da von van der den ad al az el y bin ibn".split())
_QUOTES = frozenset('"“”')
_LINKS = _PARTICLES | frozenset("of the and & for on upon - – —".split())
_OPENS_MODIFIER = frozenset(
    "in at from with by to near between against under over after before about around during since into through until"
    " who whom whose which that where when while like such as than born formerly including surrounding".split()
)
_PERSONS_END = frozenset("of and for".split())
_ENDS_ACTOR = _OPENS_MODIFIER | {"of", "for"}
_BEFORE_ACTOR = frozenset(
    "the a an this that these those my your his her its our their whose some any all both each every no either neither"
    " many much more most several few fewer less least other others another such certain only even just what which of"
    " at about around over up to half one two three four five six seven eight nine ten"
    " dozens hundreds thousands millions".split()
)
_NO_ACTOR = _BEFORE_ACTOR | _OPENS_MODIFIER | set("first second third last latter former them us you me it".split())
"""What a phrase is called by no more than: "the first to discover it", "both of them"."""

_Token = tuple[int, int, str]


def bare_name(span: Span) -> tuple[int, int]:
    """A name's bounds without an article before it and a possessive after it, as CoNLL-2003 has them.

    A capital stands for nothing where the sentence begins; elsewhere it makes the article a part of the name, as in The
    Hague. A sixth of GUM's names have an article; with both customs in training a tagger cannot know which is wanted.
    """
    article = (_ARTICLE if span.start else _FIRST_ARTICLE).match(span.text)
    start = article.end() if article else 0
    possessive = _POSSESSIVE.search(span.text, start)
    end = possessive.start() if possessive else len(span.text)
    return (span.start + start, span.start + end) if end > start else (span.start, span.end)


def name_in_phrase(span: Span) -> tuple[int, int]:
    """The bounds of the name in a phrase that is marked whole.

    "US carmaker Ford, which ..." is Ford, "Ann Berg of Harbour Watch" is Ann Berg, "Bank of Tarn in the north" is Bank
    of Tarn: the last run of capitalised words before the first modifier that follows one. A tenth of the names of GUM
    and MEANTIME are such phrases, some of them a whole line long; names inside are marked by themselves. A phrase
    without a capital stays as it is.
    """
    if span.value is MentionKind.ACTOR:
        return actor_in_phrase(span)
    start, end = bare_name(span)
    text = span.text[start - span.start : end - span.start]
    person = span.value is MentionKind.PERSON
    for segment in _segments(text, person):
        runs = list(_runs(segment, _PARTICLES if person else _LINKS))
        if runs:
            first, last = runs[-1][0], runs[-1][-1]
            after = [token for token in segment if token[0] >= last[1] and token[2] not in _OWNERS | _QUOTES]
            # "Tarn police" is an organisation, named as a whole; a person's name ends with its last capital
            stop = after[-1][1] if after and not person else last[1]
            return start + first[0], start + stop
    return start, end


def actor_in_phrase(span: Span) -> tuple[int, int]:
    """The bounds of what a common-noun actor is called in a phrase that is marked whole.

    "the rebels who hold the town" are rebels, "several of his aides" aides, "both of them" nobody: the words before the
    first modifier, without determiners, quantities and a possessive after them. Where nothing is left both bounds are
    where the phrase begins.
    """
    words: list[_Token] = []
    for match in _TOKEN.finditer(span.text):
        word = match.group().lower()
        links = word in _OWNERS or word in _QUOTES or word == "-"
        if words and (word in _ENDS_ACTOR or not (word[0].isalnum() or links)):
            break
        if words or not (links or word in _BEFORE_ACTOR or word[0].isdigit()):
            words.append((match.start(), match.end(), word))
    while words and not words[-1][2][0].isalnum():
        words.pop()
    if all(word in _NO_ACTOR for _, _, word in words):
        return span.start, span.start
    return span.start + words[0][0], span.start + words[-1][1]


def _segments(text: str, person: bool) -> list[list[_Token]]:
    """The words of a phrase, cut where punctuation or a word opens a modifier."""
    segments: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(text):
        word = match.group()
        links = word in _OWNERS or word in _QUOTES or (word in _LINKS and not person)
        cuts = word in _OPENS_MODIFIER or (person and word in _PERSONS_END)
        if cuts or not (word[0].isalnum() or links):
            segments.append([])
        else:
            segments[-1].append((match.start(), match.end(), word))
    return segments


def _runs(words: Sequence[_Token], links: frozenset[str]) -> Iterator[list[_Token]]:
    """Runs of capitalised words, with what links them."""
    run: list[_Token] = []
    between: list[_Token] = []
    for token in words:
        word = token[2]
        if _is_capitalised(word):
            # "al Qaeda": a particle may open a name, "of" may not
            opens = between if run or (between and between[-1][2] in _PARTICLES) else []
            run, between = [*run, *opens, token], []
        elif word in links or word in _QUOTES:
            between.append(token)
        else:
            if run:
                yield run
            run, between = [], []
    if run:
        yield run


def _is_capitalised(word: str) -> bool:
    return word[0].isdigit() or any(letter.isupper() for letter in word)
