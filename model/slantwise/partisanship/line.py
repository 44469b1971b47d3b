"""The experimental line under a summary, and its place in the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slantwise.partisanship.features import words_of
from slantwise.partisanship.head import ArticleHead
from slantwise.score import ArticleScore

__all__ = ["QUESTION", "line", "with_reading"]

QUESTION = "hyperpartisan"
_EXPERIMENTAL = "experimental"


def with_reading(score: ArticleScore, head: ArticleHead) -> ArticleScore:
    """The score with `summary["experimental"]["hyperpartisan"]`: p, and how often such an answer is right.

    An article with fewer words than the head asks for is given back as it is.

    Args:
        score: a score of the head's model, of all targets it found by itself, quotations in their own voices.
        head: the model's head.
    """
    if words_of(score) < head.fewest_words:
        return score
    told = {"p": round(head.p(score), 4), **head.measured.to_json()}
    return replace(score, summary={**score.summary, _EXPERIMENTAL: {QUESTION: told}})


def line(summary: Mapping[str, Any]) -> str | None:
    """What to tell readers, plain text that is not escaped; None where the summary has no such reading."""
    told = summary.get(_EXPERIMENTAL, {}).get(QUESTION)
    if told is None:
        return None
    p, accuracy, low, high = (float(told[name]) for name in ("p", "accuracy", "low", "high"))
    reads = "reads like" if p >= 0.5 else "does not read like"
    right = f"{accuracy:.0%} of {told['of']} test articles [{low:.0%}, {high:.0%}] ({told['data']})"
    return (
        f"Experimental: {reads} a hyperpartisan article, p = {p:.2f}; right for {right}. "
        "A guess from style and wording, blind to what is true: judge no article or outlet by it."
    )
