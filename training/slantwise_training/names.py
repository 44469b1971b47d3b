"""Where a name begins and ends: GUM, MEANTIME and re3d mark noun phrases, CoNLL-2003 and its kin the bare name."""

from __future__ import annotations

import re

from slantwise.records import Span

__all__ = ["bare_name"]

_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)")
_FIRST_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)\s*(?:['’]s|['’])$")


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
