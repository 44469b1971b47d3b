"""Fit and measure a model's article head: `python benchmarks/article_head.py --from CORPORA [--model FOLDER]`.

Reads the articles of SemEval-2019 task 4 (by article) with the model on all cores, chooses the head's settings in folds
over train, fits it on all of train, measures it once on test, and writes `hyperpartisan.json` and `hyperpartisan.npz`
into the model folder (the shipped model's without --model). What the model read is kept in runs/article_head, under the
model's sha256 and the code's: another model, or other code, reads anew.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article
from slantwise.files import atomic_path, sha256_of
from slantwise.model_folder import DEFAULT_MODEL, load_model, model_name
from slantwise.partisanship import Measured, write_head
from slantwise.partisanship.features import FEATURES, article_features, article_words
from slantwise.score import ModelName
from slantwise.scorer import Scorer
from slantwise.summary import share
from slantwise_training.article_head import (
    CORPUS,
    LONGEST,
    ArticleTable,
    Hits,
    LabelledArticle,
    Settings,
    choose,
    cross_validate,
    fit_head,
    hits,
    labelled_articles,
)
from slantwise_training.corpora import find_corpus

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "runs" / "article_head"
DATA_NAME = "SemEval-2019 task 4, by article"
OTHER_SEED = 1
"""Folds that chose nothing: how much the best of several settings flatters itself."""
_scorers: list[Scorer] = []


class Row(NamedTuple):
    """One article as numbers."""

    features: NDArray[np.float64]
    words: NDArray[np.uint32]


def start(folder: str) -> None:
    """Load the model in a worker."""
    _scorers.append(Scorer(load_model(folder)))


def read(article: Article) -> Row:
    """Score an article in a worker; its score is turned into numbers there."""
    score = _scorers[0].score(article)
    return Row(article_features(score), article_words(score, LONGEST))


def rows(articles: Sequence[LabelledArticle], folder: Path, workers: int) -> Iterator[Row]:
    """Read articles on several cores, in their order."""
    # the longest would else be the last one that all wait for
    order = sorted(range(len(articles)), key=lambda i: -len(articles[i].article.text))
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=start, initargs=(str(folder),)) as pool:
        found = dict(zip(order, pool.map(read, (articles[i].article for i in order), chunksize=4), strict=True))
    yield from (found[i] for i in range(len(articles)))


def table(split: str, root: Path, folder: Path, model: ModelName, workers: int) -> ArticleTable:
    """A split as numbers: from the cache, or read now."""
    articles = list(labelled_articles(root, split))
    digest = sha256(f"{model.sha256} {code()}".encode())
    for each in articles:
        digest.update(f"{each.article.id}\n{each.article.text}\n".encode())
    path = CACHE / f"{split}-{digest.hexdigest()[:24]}.npz"
    if not path.is_file():
        found = list(rows(articles, folder, workers))
        CACHE.mkdir(parents=True, exist_ok=True)
        sizes = [len(row.words) for row in found]
        words = np.concatenate([row.words for row in found])
        with atomic_path(path) as part, part.open("wb") as file:
            np.savez_compressed(file, features=np.stack([row.features for row in found]), words=words, sizes=sizes)
    with np.load(path, allow_pickle=False) as arrays:
        cuts = np.cumsum(arrays["sizes"])[:-1]
        features, split_words = arrays["features"], np.split(arrays["words"], cuts)
    labels = np.array([each.is_hyperpartisan for each in articles], dtype=np.intp)
    return ArticleTable(features, split_words, labels, [each.group for each in articles])


def code() -> str:
    """One hash of the code that an article's numbers depend on."""
    package = ROOT / "model" / "slantwise"
    beside = {"batch", "check", "cli", "comparison", "formats", "report", "serve"}
    after = {package / "partisanship" / name for name in ("head.py", "line.py")}
    files = sorted(p for p in {*package.rglob("*.py")} - after if p.relative_to(package).parts[0] not in beside)
    return sha256("".join(sha256_of(path) for path in files).encode()).hexdigest()


def shown(found: Hits) -> str:
    """Hits as a line."""
    row = share(found.right + found.right_others, found.of + found.others)
    return (
        f"accuracy {row['share']:.3f} [{row['low']:.3f}, {row['high']:.3f}] ({row['count']} of {row['of']}), balanced "
        f"{found.balanced:.3f}, recall of hyperpartisan {found.right / found.of:.3f}, of others "
        f"{found.right_others / found.others:.3f}"
    )


def named(settings: Settings) -> str:
    """Settings as a line."""
    words = "features alone" if settings.min_count is None else f"with words in {settings.min_count} or more articles"
    return f"c {settings.c:g}, reach {settings.reach:g}, {words}"


def main() -> None:
    """Fit, measure, write and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="root", type=Path, required=True, help="the folder of corpora")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="the model folder, to read with and write to")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folds-only", action="store_true", help="leave test alone and write nothing")
    asked = parser.parse_args()
    model, began = model_name(asked.model), time.perf_counter()
    print(f"model {model.name}, sha256 {model.sha256}")
    train = table("train", asked.root, asked.model, model, asked.workers)
    print(f"train: {len(train.labels)} articles of {len(set(train.groups))} outlets, {len(FEATURES)} features")
    tried = choose(train)
    for settings, found in tried:
        print(f"  {named(settings)}: {shown(found)}")
    best, in_folds = tried[0]
    other = cross_validate(train, best, OTHER_SEED)
    print(f"chosen: {named(best)}; in other folds {shown(other)}")
    if asked.folds_only:
        return
    head = fit_head(train, best)
    test = table("test", asked.root, asked.model, model, asked.workers)
    found = hits(head, test)
    measured = Measured(found.right + found.right_others, found.of + found.others, f"{DATA_NAME}, test")
    about = {
        "corpus": {"name": CORPUS, "licence": find_corpus(CORPUS).licence, "train": len(train.labels)},
        "settings": asdict(best),
        "test": {"balanced": round(found.balanced, 4), **asdict(found)},
        "folds": {"balanced": round(in_folds.balanced, 4), **asdict(in_folds)},
        "other_folds": {"balanced": round(other.balanced, 4), **asdict(other)},
    }
    path = write_head(asked.model, model, replace(head, measured=measured), about)
    print(f"test: {shown(found)}")
    strongest = np.argsort(-np.abs(head.weights))[:12]
    names = list(FEATURES)
    print("strongest features: " + ", ".join(f"{names[i]} {head.weights[i]:+.2f}" for i in strongest))
    print(f"wrote {path} after {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
