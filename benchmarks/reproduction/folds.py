"""Jobs that train and test fold by fold, on corpora without a test split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from reproduction.job import Bench, Job, Kind, Table, selections
from reproduction.own_train import describe, hedge_recipe, label_recipe, layer_recipe, parts_of
from slantwise.labels import SpanLabel, Task
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, OutletBackend
from slantwise_training.evaluation.protocols import (
    Fold,
    folds_by_document,
    leave_one_outlet_out,
    pooled,
    story_of,
    stratified_folds,
)
from slantwise_training.evaluation.result import Evaluation
from slantwise_training.examples import Library
from slantwise_training.linear import train_linear
from slantwise_training.recipe import Recipe, Selection

__all__ = ["PROTOCOLS", "fold_jobs", "pooled"]

Records = Sequence[LabelledSentence]
Protocol = Callable[[Records], Iterable[Fold]]
Fit = Callable[[Bench, Records], Backend]

PROTOCOLS: dict[str, Protocol] = {
    "stratified 5-fold": lambda records: stratified_folds(records, Task.WORDING),
    "one outlet left out": leave_one_outlet_out,
    "5-fold by document": folds_by_document,
    "10-fold by story": lambda records: folds_by_document(records, 10, group=story_of),
}


def fold_jobs() -> Iterator[Job]:
    """Yield every job that is run in folds, floors among them."""
    yield from _babe()
    yield from _basil()
    yield from _factbank()


def _babe() -> Iterator[Job]:
    on, all_words = "babe_sg2:all", "token_f1:loaded span_exact_f1:loaded"
    recipe = label_recipe(Task.WORDING, on, min_count=3)
    floors = "^TF-IDF.*stratified"
    yield _job(Table.WORDING, on, "stratified 5-fold", "macro_f1", recipe, "wording", floors=floors)
    left_out = "one outlet left out"
    floors = "leave one outlet out"
    yield _job(Table.WORDING, on, left_out, "macro_f1", recipe, "wording", floors=floors, published=None)
    # chosen in folds over mbic: token F1 .400, with min_count 3 .388
    words = layer_recipe("loaded", on, min_count=1)
    yield _job(Table.WORDING, on, "5-fold by document", all_words, words, floors="word look-up", published=None)
    fit = _fitted(lambda: OutletBackend())
    floors = "outlet look-up"
    yield _floor(Table.WORDING, on, "stratified 5-fold", "macro_f1", fit, "outlet look-up", "wording", floors)
    fit = _fitted(lambda: LexiconBackend(SpanLabel.LOADED, threshold=0.3, least=1))
    floors = "word look-up"
    yield _floor(Table.WORDING, on, "5-fold by document", all_words, fit, "look-up of words, least 1", "", floors)


def _basil() -> Iterator[Job]:
    for task, metrics in ((Task.WORDING, "f1:wording mcc:wording"), (Task.INFORMATIONAL, "f1:informational")):
        recipe = label_recipe(task, "basil:all", min_count=3, metric="f1")
        by, rows = "10-fold by story", "by story"
        yield _job(Table.WORDING, "basil:all", by, metrics, recipe, floors=rows, published=rows)


def _factbank() -> Iterator[Job]:
    on, by_document, wiki = "szeged_factbank:test", "5-fold by document", "szeged_wiki:train"
    hedge, measure, table = "f1 span_exact_f1:hedge", "hedging", Table.HEDGING
    for train in (on, f"{on} {wiki}"):
        # the floors had szeged_wiki too
        fair = train != on
        yield _job(table, on, by_document, hedge, hedge_recipe(train), measure, floors="5-fold", fair=fair)
        recipe = label_recipe(Task.HEDGING, train, c=64, metric="f1")
        yield _job(table, on, by_document, "f1", recipe, measure, floors="TF-IDF.*5-fold", fair=fair)
    fit = _fitted(lambda: LexiconBackend(SpanLabel.HEDGE), wiki)
    yield _floor(table, on, by_document, hedge, fit, "cue lexicon, with szeged_wiki", measure, "lexicon.*5-fold")


def _run(bench: Bench, on: str, protocol: str, fit: Fit) -> Evaluation:
    records = bench.library.records(selections(on))
    parts = []
    for fold in PROTOCOLS[protocol](records):
        backend = fit(bench, [records[i] for i in fold.train])
        parts.append(evaluate(backend, [records[i] for i in fold.test]))
    return pooled(parts)


def _trained(recipe: Recipe, on: str) -> Fit:
    """Train a recipe with the fold's records in the place of the whole set's."""

    def fit(bench: Bench, train: Records) -> Backend:
        others = {s: bench.library.records((s,)) for s in _reads(recipe)}
        library = Library(bench.library.root, _read={**others, selections(on)[0]: list(train)})
        return train_linear(recipe, bench.library.root, library=library)[0]

    return fit


def _fitted(make: Callable[[], LexiconBackend | OutletBackend], also: str = "") -> Fit:
    return lambda bench, train: make().fit([*bench.library.records(selections(also)), *train])


def _reads(recipe: Recipe) -> list[Selection]:
    return [s for part in parts_of(recipe) for s in part.train]


def _job(
    table: Table, on: str, protocol: str, metrics: str, recipe: Recipe, measure: str = "", *, floors: str,
    published: str | None = "", fair: bool = True,
) -> Job:
    corpus, _, split = on.partition(":")
    reads = tuple(sorted({s.corpus for s in _reads(recipe)}))
    what = "+".join(recipe.layers or recipe.tasks)
    others = [each for each in reads if each != corpus]
    words = [describe(recipe), *(f"with {other}" for other in others), protocol]
    return Job(
        name=f"folds-{corpus}-{what}-{protocol.replace(' ', '-')}" + "".join(f"-{other}" for other in others),
        table=table,
        kind=Kind.FOLDS,
        corpus=corpus,
        split=split,
        system=", ".join(words),
        metrics=tuple(metrics.split()),
        run=lambda bench: _run(bench, on, protocol, _trained(recipe, on)),
        reads=reads,
        settings=f"{recipe!r} {on} {protocol}",
        measure=measure,
        floors=floors,
        published=published,
        fair=fair,
    )


def _floor(
    table: Table, on: str, protocol: str, metrics: str, fit: Fit, system: str, measure: str, floors: str
) -> Job:
    corpus, _, split = on.partition(":")
    return Job(
        name=f"floor-{corpus}-{system.replace(',', '').replace(' ', '-')}",
        table=table,
        kind=Kind.FLOOR,
        corpus=corpus,
        split=split,
        system=f"{system}, {protocol}",
        metrics=tuple(metrics.split()),
        run=lambda bench: _run(bench, on, protocol, fit),
        reads=(corpus, "szeged_wiki") if "szeged" in corpus else (corpus,),
        settings=f"{system} {on} {protocol}",
        measure=measure,
        floors=floors,
        published=None,
    )
