"""Jobs over whole articles: voices from the text alone, and names and pronouns linked from gold mentions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import slantwise
from reproduction.job import Bench, Figure, Job, Kind, Outcome, Table, selections
from slantwise.labels import MentionKind
from slantwise.model_folder import Model
from slantwise.reading import Backend, Reading, TargetMention
from slantwise.scorer import Scorer
from slantwise_training.corpora import basil, find_corpus, polnear
from slantwise_training.evaluation.counts import Counts
from slantwise_training.evaluation.intervals import intervals
from slantwise_training.evaluation.linking import GoldDocument, PairCounts, compare_links, gold_documents
from slantwise_training.evaluation.pronouns import PronounCounts, compare_gap, compare_pronouns, gap_answers
from slantwise_training.evaluation.whole_articles import (
    CoverageCounts,
    QuotedCounts,
    basil_counts,
    polnear_counts,
)
from slantwise_training.pronouns import NAMES, NAMES_AND_NOUNS

__all__ = ["WithoutStance", "whole_article_jobs"]

NAMED = frozenset({MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.GROUP})
GUM = "gum:train gum:dev gum:test"


@dataclass(frozen=True)
class WithoutStance:
    """A backend that takes no stances: voices do not ask for them."""

    backend: Backend

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the backend has
        return getattr(self.backend, name)

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """What the backend reads."""
        return self.backend.read(sentences)

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """All neutral."""
        return np.tile(np.array([0, 1, 0], dtype=np.float32), (len(mentions), 1))


def whole_article_jobs(model: Model) -> Iterator[Job]:
    """Yield the jobs of voices, names and pronouns."""
    rules = _hash_of_rules()

    def job(
        name: str, on: str, run: Callable[[Bench], Outcome], metrics: str, system: str, n_of: str, floors: str = ""
    ) -> Job:
        corpus, _, split = on.partition(":")
        kind = Kind.SHIPPED if name == "voices" else Kind.RULES
        settings = f"{rules} {model.name.sha256}" if name == "voices" else rules
        return Job(
            name=f"{kind.name.lower()}-{corpus}-{split}-{name}",
            table=Table.WHOLE,
            kind=kind,
            corpus=corpus,
            split=split,
            system=system,
            metrics=tuple(metrics.split()),
            run=run,
            reads=(corpus,),
            settings=settings,
            published=None,
            n_of=n_of,
            floors=floors,
        )

    text_alone = "shipped model, from the text of the article"
    yield job("voices", "polnear:test", _polnear, " ".join(COVERAGE), text_alone, "characters of a source")
    yield job("voices", "basil:all", _basil, " ".join(QUOTED), text_alone, "spans")
    names = "alias_pair_f1{0} alias_pair_precision{0} alias_pair_recall{0}"
    given = "names given, linked by aliases"
    news = names.format(":news")
    yield job("names", "gum:all", lambda bench: _links(bench, GUM, ":news", NAMED), news, given, "pairs")
    yield job("names", "gum:test", lambda bench: _links(bench, "gum:test", ":news", NAMED), news, given, "pairs")
    on, nouns = "meantime_en:train", NAMED | {MentionKind.ACTOR}
    yield job("names", on, lambda bench: _links(bench, on, ":names", NAMED), names.format(":names"), given, "pairs")
    also = "names and nouns given, names linked by aliases"
    yield job("mentions", on, lambda bench: _links(bench, on, "", nouns), names.format(""), also, "pairs")
    for name, kinds, about in (
        ("pronouns", NAMES_AND_NOUNS, "persons' names and nouns"),
        ("names-alone", NAMES, "names"),
    ):
        metrics = "pronoun_accuracy:news sure_accuracy:news sure_coverage:news"
        system = f"he and she, {about} given; trained without GUM's news"
        floors = "score" if name == "pronouns" else "none"
        run = _gum_runner(kinds)
        yield job(name, "gum:all", run, metrics, system, "pronouns", floors=floors)
    metrics, system = "gap_f1 sure_accuracy sure_coverage", "names given; trained on GAP dev and on GUM without news"
    yield job("pronouns", "gap:test", _gap, metrics, system, "pronouns")


COVERAGE: Mapping[str, Callable[[CoverageCounts], float]] = {
    "voice_precision": lambda c: c.precision,
    "voice_recall": lambda c: c.recall,
    "voice_f1": lambda c: c.f1,
    "voice_f1:quoted": lambda c: c.quoted_f1,
    "voice_f1:unquoted": lambda c: c.unquoted_f1,
    "speaker_accuracy": lambda c: c.speaker_accuracy,
}
QUOTED: Mapping[str, Callable[[QuotedCounts], float]] = {
    "quoted_precision": lambda c: c.precision,
    "quoted_recall": lambda c: c.recall,
    "quoted_f1": lambda c: c.f1,
    "quoted_accuracy": lambda c: c.accuracy,
    "speaker_accuracy": lambda c: c.speaker_accuracy,
}


def _polnear(bench: Bench) -> Outcome:
    documents = polnear.documents(bench.library.root / find_corpus("polnear").folder, "test")
    counts = list(polnear_counts(_scorer(bench), documents))
    return _outcome(counts, COVERAGE, lambda each: sum(each.gold))


def _basil(bench: Bench) -> Outcome:
    articles = basil.articles(bench.library.root / find_corpus("basil").folder)
    counts = list(basil_counts(_scorer(bench), articles))
    return _outcome(counts, QUOTED, lambda each: each.spans)


def _scorer(bench: Bench) -> Scorer:
    return Scorer(Model(WithoutStance(bench.model.backend), bench.model.name, bench.model.config))


def _links(bench: Bench, on: str, of: str, kinds: Collection[MentionKind]) -> Outcome:
    metrics: dict[str, Callable[[PairCounts], float]] = {
        f"alias_pair_f1{of}": lambda c: c.f1,
        f"alias_pair_precision{of}": lambda c: c.precision,
        f"alias_pair_recall{of}": lambda c: c.recall,
    }
    counts = [compare_links(document, kinds) for document in _documents(bench, on)]
    return _outcome(counts, metrics, lambda each: each.gold)


def _gum_runner(kinds: Collection[MentionKind]) -> Callable[[Bench], Outcome]:
    def run(bench: Bench) -> Outcome:
        documents = list(_documents(bench, GUM))
        every = [compare_pronouns(document, kinds, accepted=0.0) for document in documents]
        sure = [compare_pronouns(document, kinds) for document in documents]
        return _pronouns(every, sure, {"pronoun_accuracy:news": lambda c: c.recall}, ":news")

    return run


def _gap(bench: Bench) -> Outcome:
    validation, test = (
        gap_answers(bench.library.records(selections(f"gap:{each}"))) for each in ("validation", "test")
    )

    def f1(accepted: float) -> float:
        return sum(compare_gap(validation, accepted), PronounCounts(0, 0, 0)).f1

    best = max((float(t) for t in np.arange(0.2, 0.7, 0.02)), key=f1)
    every, sure = compare_gap(test, best), compare_gap(test)
    return _pronouns(every, sure, {"gap_f1": lambda c: c.f1}, "")


def _pronouns(
    every: Sequence[PronounCounts],
    sure: Sequence[PronounCounts],
    of_every: Mapping[str, Callable[[PronounCounts], float]],
    of: str,
) -> Outcome:
    """The figures where every pronoun is answered, and of the answers that are sure enough to be shown."""
    of_sure: dict[str, Callable[[PronounCounts], float]] = {
        f"sure_accuracy{of}": lambda c: c.accuracy,
        f"sure_coverage{of}": lambda c: c.coverage,
    }
    figures = dict(_outcome(every, of_every, lambda each: each.gold).figures)
    return Outcome(figures | dict(_outcome(sure, of_sure, lambda each: each.gold).figures), {})


def _documents(bench: Bench, on: str) -> Iterator[GoldDocument]:
    records = bench.library.records(selections(on))
    return gold_documents(r for r in records if r.corpus != "gum" or r.doc.section == "news")


def _outcome(
    counts: Sequence[Any], metrics: Mapping[str, Callable[[Any], float]], n_of: Callable[[Any], int]
) -> Outcome:
    asked: Sequence[Counts] = counts
    n = sum(map(n_of, counts))
    found = intervals(asked, metrics)
    return Outcome({name: Figure(v.value, v.low, v.high, n) for name, v in found.items()}, {})


def _hash_of_rules() -> str:
    """A hash over the package's own files: its rules and its forest are in them."""
    folder = Path(slantwise.__file__).parent
    files = sorted(path for path in folder.glob("*") if path.suffix in (".py", ".npz"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
