"""The head that answers for whole articles: a logistic regression, stored beside the one model that it was fitted for.

`hyperpartisan.json` holds the weights of the features, what was measured, and the model's sha256; `hyperpartisan.npz`
the weights of the words, under a sha256 in the former. `benchmarks/article_head.py` writes both.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from slantwise.errors import SlantwiseError
from slantwise.fields import integer, string
from slantwise.files import atomic_path, read_settings, sha256_of, write_json
from slantwise.linear.arrays import of_single_precision, read_arrays
from slantwise.linear.classify import Classifier
from slantwise.linear.logistic import sigmoid
from slantwise.linear.table import WeightTable
from slantwise.partisanship.features import FEATURES, article_features, article_words
from slantwise.plain_text import plain
from slantwise.score import ArticleScore, ModelName
from slantwise.summary import share

__all__ = ["FILE_NAME", "WORDS_NAME", "ArticleHead", "Measured", "NoHead", "find_head", "write_head"]

SCHEMA = "slantwise-article-head/1"
FILE_NAME = "hyperpartisan.json"
WORDS_NAME = "hyperpartisan.npz"
_FURTHEST = 4.0
"""Standard deviations beyond which a feature counts no more: an odd article is no sure one."""
_UNSOUND = (
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
)
_MOST = 10**9
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """How often the answers are right: `right` of `of` articles that the head was not fitted on."""

    right: int
    of: int
    data: str

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.of <= _MOST or not self.of:
            raise ValueError(f"{self.right} right of {self.of} articles")

    def to_json(self) -> dict[str, Any]:
        """The share with its 95 % interval (Wilson, 1927), the number of articles, and which they are."""
        row = share(self.right, self.of)
        return {"accuracy": row["share"], "low": row["low"], "high": row["high"], "of": self.of, "data": self.data}


@dataclass(frozen=True, slots=True)
class NoHead:
    """Why a model has no head that can be used; `is_foreign` where there is one, of another model."""

    reason: str
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """A logistic regression over an article's features and its author's words.

    Args:
        means, scales: standardise the features, shape (features,).
        weights: of the standardised features, shape (features,).
        words: the intercept, and the weights of the TF-IDF of word n-grams.
        longest: the longest n-gram.
        fewest_words: shorter articles are not asked about.
        measured: how often it is right.

    Raises:
        ValueError: the arrays are not one finite number a feature, or a scale is not positive.
    """

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    weights: NDArray[np.float64]
    words: Classifier
    longest: int
    fewest_words: int
    measured: Measured

    def __post_init__(self) -> None:
        for array in (self.means, self.scales, self.weights):
            if array.shape != (len(FEATURES),) or not np.isfinite(array).all():
                raise ValueError(f"not a finite number for each of {len(FEATURES)} features")
        if not (self.scales > 0).all() or self.words.intercepts.shape != (1,) or self.longest < 1:
            raise ValueError("scales, n-grams or columns of words that are none")

    def p(self, score: ArticleScore) -> float:
        """The probability that an article is hyperpartisan, were one in two so."""
        return self.p_of(article_features(score), article_words(score, self.longest))

    def p_of(self, features: NDArray[np.float64], words: NDArray[np.uint32]) -> float:
        """The same, of an article's features and the hashes of its words."""
        logit = standardised(features, self.means, self.scales) @ self.weights + self.words.logits([words])[0, 0]
        return float(sigmoid(np.array([logit]))[0])


def standardised(
    features: NDArray[np.float64], means: NDArray[np.float64], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Features as the head weighs them: by their distance from the mean in standard deviations, up to a limit."""
    return np.clip((features - means) / scales, -_FURTHEST, _FURTHEST)


def find_head(folder: Path, model: ModelName) -> ArticleHead | NoHead:
    """The head beside a model, or why there is none for it.

    Args:
        folder: the model folder.
        model: the model's name and hash; a head that was fitted for another hash is not used.

    Raises:
        SlantwiseError: the files are not what the script writes, or were altered.
    """
    path = folder / FILE_NAME
    if not os.path.isfile(path):
        return NoHead(f"no {FILE_NAME} in {folder}")
    whole = read_settings(path)
    try:
        if whole["schema"] != SCHEMA:
            raise ValueError(f"schema {whole['schema']!r}")
        fitted_for = str(whole["model"]["sha256"])
        if fitted_for != model.sha256:
            other = plain(fitted_for[:12])
            reason = f"{path} was fitted for another model (sha256 {other}, not {model.sha256[:12]})"
            return NoHead(reason, is_foreign=True)
        return _head(folder, whole)
    except _UNSOUND as error:
        found = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        raise SlantwiseError(f"an article head in {path}", found, "run benchmarks/article_head.py") from error


def write_head(folder: Path, model: ModelName, head: ArticleHead, about: Mapping[str, Any]) -> Path:
    """Write a model's head beside it; returns where.

    Args:
        folder: the model folder.
        model: the model whose scores the head was fitted on.
        head: the head.
        about: further keys of the file: settings, folds, data.
    """
    packed = head.words.table.packed("words")
    intercept = head.words.intercepts
    with atomic_path(folder / WORDS_NAME) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, intercept=intercept, **packed)
    columns = zip(FEATURES, head.means.tolist(), head.scales.tolist(), head.weights.tolist(), strict=True)
    write_json(
        folder / FILE_NAME,
        {
            "schema": SCHEMA,
            "model": {"name": model.name, "sha256": model.sha256},
            "measured": {"right": head.measured.right, **head.measured.to_json()},
            "fewest_words": head.fewest_words,
            "words": {"file": WORDS_NAME, "sha256": sha256_of(folder / WORDS_NAME), "longest": head.longest},
            "features": [{"name": name, "mean": m, "scale": s, "weight": w} for name, m, s, w in columns],
            **about,
        },
    )
    return folder / FILE_NAME


def _head(folder: Path, whole: Mapping[str, Any]) -> ArticleHead:
    rows, words, measured = whole["features"], whole["words"], whole["measured"]
    if [row["name"] for row in rows] != list(FEATURES):
        raise ValueError("features of another version")
    if not os.path.isfile(folder / WORDS_NAME):
        raise ValueError(f"no {WORDS_NAME} beside it")
    arrays = read_arrays(folder / WORDS_NAME, string(words["sha256"], "words.sha256"))
    intercept = of_single_precision(arrays, "intercept")
    one, none = np.ones(1, np.float32), np.zeros(1, np.float32)
    means, scales, weights = (
        np.array([_number(row[key]) for row in rows], np.float64) for key in ("mean", "scale", "weight")
    )
    return ArticleHead(
        means,
        scales,
        weights,
        Classifier(WeightTable.unpacked(arrays, "words"), intercept, one, none),
        integer(words["longest"], "words.longest"),
        integer(whole["fewest_words"], "fewest_words"),
        Measured(
            integer(measured["right"], "measured.right"),
            integer(measured["of"], "measured.of"),
            plain(string(measured["data"], "measured.data"))[:_LONGEST],
        ),
    )


def _number(value: object) -> float:
    """A finite number as JSON holds it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > _MOST:
        raise ValueError(f"{value!r} where a number of at most {_MOST:g} belongs")
    return float(value)
