"""An article, and the sentences it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from slantwise.labels import SentenceKind

__all__ = ["Article", "Sentence"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. All offsets in a score count Unicode code points of `text`, which is never altered."""

    id: str
    text: str
    outlet: str | None = None
    published: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of an article's text, `text == article.text[start:end]`; `index` counts from 0.

    `paragraph` counts the article's non-empty lines from 0.
    """

    index: int
    start: int
    end: int
    kind: SentenceKind
    text: str
    paragraph: int

    @property
    def says_something(self) -> bool:
        """Bylines and datelines name people and places, commit to nothing and judge nobody."""
        return self.kind not in (SentenceKind.BYLINE, SentenceKind.DATELINE)
