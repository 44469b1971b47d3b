"""What the rows of a comparison are called, in the terminal and on the page."""

from __future__ import annotations

from slantwise.comparison.comparison import Comparison, StanceRow
from slantwise.comparison.differences import Method
from slantwise.comparison.sides import SOURCES, Measure
from slantwise.score import AUTHOR

__all__ = ["LENSES", "holder_name", "measure_name", "method_note", "signed"]

LENSES = {"hedged": "hedged", "loaded": "loaded", "against": "against", "favor": "for"}
_MEASURES = {
    "sources.words": "words that are a source’s",
    Measure.AUTHOR_HEDGED: "author’s sentences, hedged",
    Measure.AUTHOR_LOADED: "author’s sentences, loaded",
    Measure.SOURCES_HEDGED: "sources’ sentences, hedged",
    Measure.SOURCES_LOADED: "sources’ sentences, loaded",
    Measure.ATTRIBUTED: "sentences with a source’s words",
    Measure.ANONYMOUS: "attributions to somebody unnamed",
}
_HOLDERS = {AUTHOR: "the author", SOURCES: "all sources"}
_NOTES = {
    Method.NEWCOMBE: "shares: Newcombe's interval of their difference, over sentences",
    Method.NEWCOMBE_ARTICLES: (
        "shares: Newcombe's interval, widened by how much articles of a side differ from one another"
    ),
    Method.BOOTSTRAP_ARTICLES: "means and word shares: bootstrap of whole articles",
    Method.BOOTSTRAP_STANCES: "means with one article on a side: bootstrap of its stances",
}


def measure_name(key: str) -> str:
    """What a share is called."""
    return _MEASURES[key]


def holder_name(row: StanceRow) -> str:
    """What a holder is called."""
    return row.holder if row.is_named else _HOLDERS[row.holder]


def signed(number: float | None) -> str:
    """A mean stance or a difference of two, with its sign."""
    if number is None:
        return "-"
    return f"{number:+.2f}" if round(number, 2) else "0"


def method_note(comparison: Comparison) -> str:
    """How the intervals were made, and how to read them."""
    used = {row.difference.method for row in (comparison.words, *comparison.shares, *comparison.kinds)}
    used |= {row.difference.method for row in comparison.stances}
    if Method.NEWCOMBE_ARTICLES in used:
        used.discard(Method.NEWCOMBE)
    methods = "; ".join(note for method, note in _NOTES.items() if method in used)
    return (
        f"95 % intervals: {methods or 'none'}. A star: the interval leaves out 0; of twenty rows without a difference "
        "one gets it by chance. No interval: one article's words, or stances that are all the same, say nothing of how "
        "far chance reaches. An interval knows nothing of the model's errors."
    )
