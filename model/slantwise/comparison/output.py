"""A comparison as JSON, schema `slantwise-comparison/1`: shares and means to four digits."""

from __future__ import annotations

from typing import Any

from slantwise.comparison.comparison import Comparison, ShareRow, StanceRow
from slantwise.comparison.differences import Difference, Mean, Proportion
from slantwise.comparison.sides import Side

__all__ = ["SCHEMA", "comparison_to_json"]

SCHEMA = "slantwise-comparison/1"


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison as a JSON object: `a` and `b` are the sides, every `difference` is B less A.

    A difference's `method` says how its interval was made; where there is too little for one, `low` and `high` are
    null. `design` is the factor by which articles that differ widen the variance of a share.
    """
    return {
        "schema": SCHEMA,
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "shares": [_share(row) for row in (comparison.words, *comparison.shares)],
        "sources": [_share(row) for row in comparison.kinds],
        "stance": [_stance(row) for row in comparison.stances],
        "only": {
            name: [{"name": target, "mentions": count} for target, count in rows]
            for name, rows in zip("ab", comparison.only, strict=True)
        },
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "articles": side.articles,
        "sentences": side.sentences,
        "words": side.words,
        "models": [{"name": model.name, "sha256": model.sha256, "articles": n} for model, n in side.models.items()],
        "strongest": {
            lens: [
                {"article": s.article, "index": s.index, "p": s.p, "text": s.text, "reasons": list(s.reasons)}
                for s in rows
            ]
            for lens, rows in side.strongest().items()
        },
    }


def _share(row: ShareRow) -> dict[str, Any]:
    return {"measure": row.key, "a": _proportion(row.a), "b": _proportion(row.b), **_difference(row.difference)}


def _proportion(share: Proportion) -> dict[str, Any]:
    return {
        "count": share.count,
        "of": share.of,
        "share": _rounded(share.share),
        "low": _rounded(share.low),
        "high": _rounded(share.high),
        "design": round(share.design, 2),
    }


def _stance(row: StanceRow) -> dict[str, Any]:
    return {
        "target": row.target,
        "holder": row.holder,
        "named": row.is_named,
        "a": _mean(row.a, row.unsure[0]),
        "b": _mean(row.b, row.unsure[1]),
        **_difference(row.difference),
    }


def _mean(mean: Mean, unsure: int) -> dict[str, Any]:
    counts = {"against": mean.against, "neutral": mean.neutral, "favor": mean.favor, "unsure": unsure}
    numbers = {"mean": _rounded(mean.mean), "low": _rounded(mean.low), "high": _rounded(mean.high)}
    return {"articles": mean.articles, **counts, **numbers}


def _difference(difference: Difference) -> dict[str, Any]:
    low, high = _rounded(difference.low), _rounded(difference.high)
    return {"difference": _rounded(difference.value), "low": low, "high": high, "method": str(difference.method)}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
