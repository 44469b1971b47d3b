"""One shard: articles in, one output file out. The same bytes whoever scores it, whenever and after whatever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from slantwise.article import Article
from slantwise.batch.records import Failure, ShardRecord, Tally
from slantwise.batch.shards import Shard
from slantwise.errors import SlantwiseError
from slantwise.files import atomic_path
from slantwise.formats.articles import ArticleSource, BadArticle
from slantwise.formats.flat import Level
from slantwise.formats.inputs import InputFile
from slantwise.formats.scores import open_scores
from slantwise.memory import SentenceMemory
from slantwise.score import ArticleScore
from slantwise.scorer import Scorer

__all__ = ["probe_shard", "score_shard", "score_windows"]

_WINDOW_ARTICLES, _WINDOW_CHARACTERS = 64, 60_000
_Item: TypeAlias = tuple[str, Article | BadArticle | Failure]
"""Where an article is, and the article, or why there is none."""


def score_shard(
    source: ArticleSource,
    shard: Shard,
    destination: Path,
    scorer: Scorer,
    *,
    failures: Path,
    level: Level = Level.SENTENCE,
    memory: SentenceMemory | None = None,
    poison: Mapping[int, str] | None = None,
    report: Callable[[Tally], None] = lambda _: None,
) -> ShardRecord:
    """Score one shard into one file, which is whole or absent; so is the file of its failures.

    A bounded window of articles is in memory. The bytes of both files depend on the shard, the model and the options
    alone, never on the memory, or on what was scored before.

    Args:
        source: the inputs.
        shard: which of them.
        destination: the output; its suffix chooses the format.
        scorer: what scores.
        failures: the articles that have no score, one line of JSONL each.
        level: what a row of a flat format stands for.
        memory: sentences that were read before.
        poison: articles to pass over, by their place in the shard, with the reason.
        report: told the counts of every window as it is done.

    Raises:
        SlantwiseError: a file cannot be written.

    """
    memory = SentenceMemory() if memory is None else memory
    total = Tally()
    items = _without_poison(shard.read(source), poison or {})
    with atomic_path(failures) as part:
        with part.open("wb") as quarantine, open_scores(destination, level=level) as writer:
            for results, tally in score_windows(items, scorer, memory):
                for result in results:
                    if isinstance(result, Failure):
                        quarantine.write(result.line())
                    else:
                        writer.write(result)
                total += tally
                report(tally)
    return ShardRecord(shard.number, total, destination.stat().st_size, failures.stat().st_size)


def score_windows(
    items: Iterable[_Item], scorer: Scorer, memory: SentenceMemory, *, most: int = _WINDOW_ARTICLES
) -> Iterator[tuple[list[ArticleScore | Failure], Tally]]:
    """Score articles in windows of at most so many, in order; an article that fails does not touch its neighbours."""
    for window in _windows(items, most):
        met = memory.met
        articles = [item for _, item in window if isinstance(item, Article)]
        scores = iter(_score(articles, scorer, memory))
        results: list[ArticleScore | Failure] = []
        for origin, item in window:
            if isinstance(item, BadArticle):
                results.append(Failure(item.id, item.origin, str(item.error)))
            elif isinstance(item, Failure):
                results.append(item)
            else:
                score = next(scores)
                results.append(score if isinstance(score, ArticleScore) else Failure(item.id, origin, _reason(score)))
        done = [len(result.sentences) for result in results if isinstance(result, ArticleScore)]
        failed = len(results) - len(done)
        yield results, Tally(len(results), len(done), failed, sum(done), memory.met - met)


def probe_shard(source: ArticleSource, shard: Shard, scorer: Scorer, start: int) -> Iterator[int]:
    """Score the articles of a shard one by one and throw the scores away, to see which of them ends the process.

    Yields the place of every article before it is scored: going on scores it.

    Args:
        source: the inputs.
        shard: which of them.
        scorer: what scores.
        start: the place in the shard of the first article to try.

    """
    for place, (_, item) in enumerate(shard.read(source)):
        if place >= start and isinstance(item, Article):
            yield place
            _score([item], scorer, SentenceMemory())


def _without_poison(
    items: Iterable[tuple[InputFile, Article | BadArticle]], poison: Mapping[int, str]
) -> Iterator[_Item]:
    for place, (file, item) in enumerate(items):
        if place in poison:
            yield file.origin, Failure(item.id, file.origin, poison[place])
        else:
            yield file.origin, item


def _windows(items: Iterable[_Item], most: int) -> Iterator[list[_Item]]:
    window: list[_Item] = []
    room = _WINDOW_CHARACTERS
    for item in items:
        window.append(item)
        room -= len(item[1].text) if isinstance(item[1], Article) else 0
        if len(window) == most or room <= 0:
            yield window
            window, room = [], _WINDOW_CHARACTERS
    if window:
        yield window


def _score(articles: Sequence[Article], scorer: Scorer, memory: SentenceMemory) -> list[ArticleScore | Exception]:
    """Each article's score, or what went wrong with it alone.

    Any error is kept: among millions of articles one that meets a fault of ours is to be named, not to end the run.
    """
    bad = [_unwritable(article) for article in articles]
    good = [article for article, error in zip(articles, bad, strict=True) if error is None]
    try:
        scores: Iterator[ArticleScore | Exception] = iter(scorer.score_together(good, memory))
    except Exception:
        scores = iter([_score_one(article, scorer, memory) for article in good])
    return [next(scores) if error is None else error for error in bad]


def _score_one(article: Article, scorer: Scorer, memory: SentenceMemory) -> ArticleScore | Exception:
    try:
        return scorer.score_together([article], memory)[0]
    except Exception as error:
        return error


def _unwritable(article: Article) -> SlantwiseError | None:
    """A file name need not be Unicode text; an id has to be."""
    try:
        article.id.encode()
    except UnicodeEncodeError:
        return SlantwiseError("an article id in Unicode", ascii(article.id), "rename the file, or give it an id column")
    return None


def _reason(error: object) -> str:
    if isinstance(error, SlantwiseError):
        return str(error)
    return f"expected a score; found {type(error).__name__}: {error}; report it to slantwise's authors with the article"
