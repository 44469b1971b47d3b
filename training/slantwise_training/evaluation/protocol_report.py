"""Train and test by a protocol: as published, in folds of whole articles, one outlet left out, or never trained on.

A published split tells how a model compares with printed numbers. It may share outlets, articles and whole sentences
between its sides; the other protocols do not, and every protocol takes near-duplicates out and says how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeAlias

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.labels import SpanLabel
from slantwise.model_folder import Model
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise.score import ModelName
from slantwise_training.acquire.check import SAME_DOCUMENT_NAMES
from slantwise_training.corpora import load_manifest, read_corpus
from slantwise_training.evaluation.baselines import TARGET_ALONE, TargetBackend, stance_targets
from slantwise_training.evaluation.compare import compare_evaluations
from slantwise_training.evaluation.duplicates import SIMILARITY, Twins
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.floors import LexiconBackend, MajorityBackend, OutletBackend
from slantwise_training.evaluation.linear_floor import fit_linear
from slantwise_training.evaluation.protocols import Fold, folds_by_document, leave_one_outlet_out, pooled, story_of
from slantwise_training.evaluation.result import Evaluation, LabelMeasure

__all__ = ["Protocol", "ProtocolReport", "SystemResult", "run_protocol"]

Records: TypeAlias = Sequence[LabelledSentence]
Fit: TypeAlias = Callable[[Records], Backend]

SCHEMA = "slantwise-protocol/1"
_LEXICONS = (SpanLabel.HEDGE, SpanLabel.LOADED, SpanLabel.CUE, SpanLabel.SOURCE)


class Protocol(StrEnum):
    """Which records train and which test."""

    PUBLISHED = "published"
    """The corpus's own test split. The model as it is; floors learn from the corpus's other splits."""
    FOLDS = "folds"
    """Five folds of whole articles (of whole stories, where the corpus tells them): everything is trained anew."""
    OUTLETS = "leave-outlet-out"
    """One outlet tests, the others train: everything is trained anew."""
    ZERO_SHOT = "zero-shot"
    """The model as it is, on a corpus that it was not trained on."""


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system under a protocol.

    `all` is on every test record; `clean` on those without a near-duplicate in training, None where nothing had to be
    taken out of the test. `parts` are the folds' own evaluations, by name.
    """

    name: str
    trained: str
    all: Evaluation
    clean: Evaluation | None
    parts: tuple[tuple[str, Evaluation], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The system's JSON object."""
        return {
            "system": self.name,
            "trained": self.trained,
            "records": self.all.records,
            "measures": _measures_json(self.all),
            "without_duplicates": self.clean
            and {"records": self.clean.records, "measures": _measures_json(self.clean)},
            "parts": [
                {"name": name, "records": part.records, "measures": _points_json(part)} for name, part in self.parts
            ],
        }


@dataclass(frozen=True, slots=True)
class Removed:
    """Near-duplicates across train and test: how many were taken out, `of` how many, and of which side.

    In folds, records are counted in every fold that takes them out.
    """

    side: str
    count: int
    of: int

    def to_json(self) -> dict[str, Any]:
        """The count's JSON object."""
        return {"side": self.side, "count": self.count, "of": self.of, "similarity": SIMILARITY}


@dataclass(frozen=True)
class ProtocolReport:
    """Systems side by side under one protocol; the first is what the floors are compared with.

    `skipped` counts test records in no fold (no outlet), `left_out` says which systems are missing, and why.
    """

    protocol: Protocol
    corpus: str
    split: str
    records: int
    folds: int
    removed: tuple[Removed, ...]
    systems: tuple[SystemResult, ...]
    skipped: int
    left_out: tuple[str, ...]

    @cached_property
    def verdicts(self) -> tuple[str, ...]:
        """What was taken out, and how the first system stands to every other, a sentence a measure."""
        taken = [
            f"{row.count} of {row.of} {row.side} records taken out: near-duplicates of the other side"
            for row in self.removed
        ]
        first, *others = (system.clean or system.all for system in self.systems)
        compared: list[str] = []
        for other in others:
            try:
                compared += compare_evaluations(first, other).verdicts
            except SlantwiseError:  # a lexicon of cues has no measure in common with a model of labels
                continue
        return (*taken, *compared)

    def to_json(self) -> dict[str, Any]:
        """One JSON object with schema `SCHEMA`."""
        return {
            "schema": SCHEMA,
            "protocol": str(self.protocol),
            "corpus": self.corpus,
            "split": self.split,
            "records": self.records,
            "folds": self.folds,
            "removed": [row.to_json() for row in self.removed],
            "skipped": self.skipped,
            "systems": [system.to_json() for system in self.systems],
            "verdicts": list(self.verdicts),
            "left_out": list(self.left_out),
        }


def run_protocol(
    protocol: Protocol,
    model: Model,
    records: Iterable[LabelledSentence],
    *,
    root: Path | None = None,
    k: int = 5,
    resamples: int = 1000,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> ProtocolReport:
    """Run a protocol on a labelled set, with the floors beside the model.

    Args:
        protocol: which.
        model: a loaded model. It is not trained anew; under `FOLDS` and `OUTLETS` it takes part where its weights have
            seen neither the corpus nor one that shares documents with it. The linear floor is there in any case.
        records: the labelled set; under `PUBLISHED` its test split.
        root: the folder of corpora, to train floors and to find what the model was trained on.
        k: folds, under `FOLDS`.
        resamples: bootstrap samples behind each interval.
        seed: of folds and bootstrap.
        progress: told what is trained or read next.

    Raises:
        AskedWrong: `ZERO_SHOT` on a corpus that the model was trained on; more folds than documents.
        SlantwiseError: no record, no outlets, or nothing that any system answers.

    """
    records = list(records)
    if not records:
        raise SlantwiseError("labelled sentences to evaluate on", "none", "check the corpus and split")
    run = _Run(model, records, root, resamples, seed, progress)
    if protocol is Protocol.FOLDS:
        return run.in_folds(protocol, list(folds_by_document(records, k, seed, group=story_of)))
    if protocol is Protocol.OUTLETS:
        return run.in_folds(protocol, list(leave_one_outlet_out(records)))
    if protocol is Protocol.ZERO_SHOT:
        return run.zero_shot()
    return run.published()


@dataclass(frozen=True)
class _Run:
    """What all protocols share."""

    model: Model
    records: list[LabelledSentence]
    root: Path | None
    resamples: int
    seed: int
    progress: Callable[[str], None]

    def in_folds(self, protocol: Protocol, folds: Sequence[Fold]) -> ProtocolReport:
        """Train every floor and the linear family anew in each fold, without what is nearly in the fold's test."""
        self.progress("near-duplicates")
        twins = Twins.of(self.records)
        taken, splits = 0, []
        for fold in folds:
            out = set(twins.rows_like(fold.train.tolist(), fold.test.tolist()))
            taken += len(out)
            train = [self.records[row] for row in fold.train if row not in out]
            splits.append((fold.name, train, [self.records[row] for row in fold.test]))
        systems: list[SystemResult] = []
        left_out: list[str] = []
        for name, fit in self._fits():
            self.progress(f"{name}, {len(folds)} folds")
            try:
                parts = [(part, self._evaluate(fit(train), test, name)) for part, train, test in splits]
            except SlantwiseError as error:
                left_out.append(f"{name}: {error}")
                continue
            systems.append(SystemResult(name, "anew in each fold", pooled([e for _, e in parts]), None, tuple(parts)))
        if seen := self._seen_corpora(related=True):
            left_out.append(f"{self.model.name.name}: its weights have seen the sentences of {', '.join(seen)}")
        else:
            self.progress(self.model.name.name)
            parts = [(part, self._evaluate(self.model.backend, test)) for part, _, test in splits]
            whole = pooled([evaluation for _, evaluation in parts])
            systems.insert(0, SystemResult(self.model.name.name, "as it is", whole, None, tuple(parts)))
        removed = (Removed("training", taken, sum(len(fold.train) for fold in folds)),)
        return self._report(protocol, removed, systems, left_out, folds)

    def published(self) -> ProtocolReport:
        """The model as it is and floors from the corpus's other splits; the test with and without near-duplicates."""
        train, left_out = self._other_splits()
        self.progress("near-duplicates")
        fresh = self._fresh(train)
        systems = [self._fixed(fresh)]
        for name, fit in self._fits() if train else ():
            self.progress(name)
            try:
                backend = fit(train)
                whole = self._evaluate(backend, self.records, name)
                clean = self._clean(backend, fresh, name)
                systems.append(SystemResult(name, "on the corpus's other splits", whole, clean))
            except SlantwiseError as error:
                left_out.append(f"{name}: {error}")
        removed = (Removed("test", len(self.records) - len(fresh), len(self.records)),) if train else ()
        return self._report(Protocol.PUBLISHED, removed, systems, left_out)

    def zero_shot(self) -> ProtocolReport:
        """The model as it is on a corpus it never saw, with and without sentences that it saw in another corpus."""
        if seen := self._seen_corpora():
            found = f"training on {', '.join(seen)}"
            raise AskedWrong(f"a corpus that {self.model.name.name} was not trained on", found, "name another corpus")
        train, left_out = self._model_training()
        self.progress("near-duplicates")
        fresh = self._fresh(train)
        removed = (Removed("test", len(self.records) - len(fresh), len(self.records)),) if train else ()
        systems = [self._fixed(fresh)]
        try:
            majority = MajorityBackend().fit(self.records)
            whole, clean = self._evaluate(majority, self.records, "majority"), self._clean(majority, fresh, "majority")
            systems.append(SystemResult("majority", "on the test's own labels", whole, clean))
        except SlantwiseError as error:
            left_out.append(f"majority: {error}")
        return self._report(Protocol.ZERO_SHOT, removed, systems, left_out)

    def _fits(self) -> Iterator[tuple[str, Fit]]:
        yield "linear floor", fit_linear
        yield "majority", lambda records: MajorityBackend().fit(records)
        if any(record.doc.outlet for record in self.records):
            yield "outlet look-up", lambda records: OutletBackend().fit(records)
        if any(stance_targets(record) for record in self.records):
            yield TARGET_ALONE, lambda records: TargetBackend().fit(records)
        for label in _LEXICONS:
            if any(label in record.exhaustive for record in self.records):
                yield f"{label} lexicon", partial(_fit_lexicon, label)

    def _evaluate(self, backend: Backend, records: Records, name: str = "") -> Evaluation:
        model = ModelName(name, "") if name else self.model.name
        return evaluate(backend, records, model=model, resamples=self.resamples, seed=self.seed)

    def _clean(self, backend: Backend, fresh: Records, name: str = "") -> Evaluation | None:
        return self._evaluate(backend, fresh, name) if fresh and len(fresh) < len(self.records) else None

    def _fixed(self, fresh: Records) -> SystemResult:
        self.progress(self.model.name.name)
        whole = self._evaluate(self.model.backend, self.records)
        return SystemResult(self.model.name.name, "as it is", whole, self._clean(self.model.backend, fresh))

    def _fresh(self, train: Records) -> list[LabelledSentence]:
        """The test records without a near-duplicate in training."""
        if not train:
            return self.records
        n = len(self.records)
        twins = Twins.of([*self.records, *train], [0] * n + [1] * len(train))
        known = set(twins.rows_like(range(n), range(n, n + len(train))))
        return [record for row, record in enumerate(self.records) if row not in known]

    def _seen_corpora(self, *, related: bool = False) -> list[str]:
        """The corpora that the model was trained on and the records are of, or are related to by shared documents."""
        trained = {row["split"].partition(":")[0] for row in self.model.config.get("trained_on", ())}
        own = {record.corpus for record in self.records}
        families = [family for family in SAME_DOCUMENT_NAMES if related and family & own]
        return sorted(trained & own.union(*families))

    def _other_splits(self) -> tuple[list[LabelledSentence], list[str]]:
        """The records of the corpus's splits that are not evaluated, and why there are none."""
        names = {record.corpus for record in self.records}
        corpus = load_manifest().get(next(iter(names))) if len(names) == 1 else None
        if corpus is None or self.root is None:
            return [], ["floors: no training split of this set is known, or no folder of corpora"]
        tested = {record.split for record in self.records}
        splits = tuple(s for s in corpus.splits if s not in tested and not _is_test(s))
        if not splits:
            return [], [f"floors: {corpus.name} has no split to train on; use --protocol {Protocol.FOLDS}"]
        self.progress(f"{corpus.name}:{'+'.join(splits)}")
        return list(read_corpus(corpus.name, self.root, splits)), []

    def _model_training(self) -> tuple[list[LabelledSentence], list[str]]:
        """Everything the model was trained on that is here, and what is not."""
        found: list[LabelledSentence] = []
        missing: list[str] = []
        for row in self.model.config.get("trained_on", ()):
            corpus, _, split = row["split"].partition(":")
            try:
                if self.root is None:
                    raise SlantwiseError("a folder of corpora", "none", "name it")
                self.progress(row["split"])
                found += read_corpus(corpus, self.root, (split,))
            except SlantwiseError as error:
                missing.append(f"near-duplicates in {row['split']} were not looked for: {error}")
        return found, missing

    def _report(
        self,
        protocol: Protocol,
        removed: tuple[Removed, ...],
        systems: Sequence[SystemResult],
        left_out: Sequence[str],
        folds: Sequence[Fold] = (),
    ) -> ProtocolReport:
        if not systems:
            raise SlantwiseError("a system that can be trained in folds", "; ".join(left_out), "name a larger set")
        whole = systems[0].all
        skipped = folds[0].left_out if folds else 0
        return ProtocolReport(
            protocol,
            whole.corpus,
            whole.split,
            len(self.records),
            len(folds),
            removed,
            tuple(systems),
            skipped,
            tuple(left_out),
        )


def _fit_lexicon(label: SpanLabel, records: Records) -> Backend:
    return LexiconBackend(label).fit(records)


def _is_test(split: str) -> bool:
    return "test" in split or "eval" in split


def _measures_json(evaluation: Evaluation) -> Mapping[str, Any]:
    return {
        name: {
            "n": measure.n,
            "documents": len(measure.per_document),
            "metrics": {
                metric: {"value": found.value, "low": found.low, "high": found.high}
                for metric, found in measure.intervals.items()
            },
        }
        for name, measure in evaluation.measures.items()
    }


def _points_json(evaluation: Evaluation) -> Mapping[str, Any]:
    """Values alone: a fold is too small for intervals to be read one by one."""
    found: dict[str, Any] = {}
    for name, measure in evaluation.measures.items():
        if isinstance(measure, LabelMeasure):
            values = {metric: value(measure.counts) for metric, value in measure.metrics.items()}
        else:
            values = {metric: value(measure.counts) for metric, value in measure.metrics.items()}
        found[name] = {"n": measure.n, **values}
    return found
