"""Everything there is to say of a model on one labelled set: measured, put beside floors and people, and put in words.

A study is a JSON object, `section`, and the errors to read, which hold text and stay out of the JSON. A report is made
of studies; what other modules measure of the same model or set joins a section under a name of its own (`behaviour`,
`comparison`, `protocol`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import AskedWrong
from slantwise.model_folder import Model
from slantwise.records import LabelledSentence
from slantwise_training.corpora import read_corpus
from slantwise_training.evaluation.advice import advice_on
from slantwise_training.evaluation.baselines import TARGET_ALONE, Floor, TargetBackend, beside, floors_of
from slantwise_training.evaluation.ceiling import PRINTED, Human, Votes, corpus_votes, humans_of, votes_of
from slantwise_training.evaluation.committed import compare_with_committed
from slantwise_training.evaluation.compare import ModelComparison, compare_evaluations
from slantwise_training.evaluation.evaluate import answers_any, evaluate
from slantwise_training.evaluation.folded import FOLDS
from slantwise_training.evaluation.labelled_sets import LabelledSet, sample
from slantwise_training.evaluation.published import Beside, compare_with_manifest
from slantwise_training.evaluation.reliability import curves_of
from slantwise_training.evaluation.result import STANCE, Evaluation, SpanMeasure
from slantwise_training.evaluation.slices import SliceTable, main_metric, slice_measure
from slantwise_training.evaluation.thresholds import threshold_tables
from slantwise_training.evaluation.training_overlap import TrainedOn, is_telling, overlap_with
from slantwise_training.evaluation.verdict import verdict_on
from slantwise_training.evaluation.worst import WorstError, span_errors, worst_errors
from slantwise_training.examples import normalised

__all__ = ["Setting", "Study", "study"]

_GOLD = "gold"


@dataclass(frozen=True)
class Setting:
    """What all studies of one run share.

    `root` is the folder of corpora, None where there is none: floors, people and overlap are then left out. `people`
    are votes of further annotators' files, `other` is a model to compare with, `protocol` the name of one to run too.
    """

    model: Model
    trained: TrainedOn
    root: Path | None = None
    people: tuple[Votes, ...] = ()
    other: Model | None = None
    protocol: str | None = None
    command: str | None = None
    limit: int | None = None
    resamples: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class Study:
    """A model on one set: the evaluation, its section of the result file, and the errors to read by measure.

    `records` is what was evaluated, `published` the manifest's numbers with ours.
    """

    evaluation: Evaluation
    section: dict[str, Any]
    errors: dict[str, list[WorstError]]
    records: tuple[LabelledSentence, ...] = ()
    published: tuple[Beside, ...] = ()


def study(labelled: LabelledSet, setting: Setting, progress: Callable[[str], None] = lambda _: None) -> Study:
    """Evaluate a model on a set, and find out what the numbers mean.

    Args:
        labelled: the set.
        setting: the model and what is shared.
        progress: told what is done.

    Raises:
        BadRow: a row of the set cannot be read.
        SlantwiseError: the set is empty, or has no label that the model answers.

    """
    progress(f"{labelled.name}: reading")
    whole = labelled.read()
    records, votes, notes = _one_gold(whole, labelled)
    if setting.limit is not None and len(records) > setting.limit:
        records = sample(records, setting.limit, setting.seed)
        notes.append(
            f"a sample of {len(records):,} of {len(whole):,} sentences, whole documents drawn with seed "
            f"{setting.seed}; printed numbers are of the whole split"
        )
    progress(f"{labelled.name}: {len(records):,} sentences")
    # a set that the model answers nothing of is told apart before it is read at length
    answered = answers_any(setting.model.backend, records)
    evaluation = _evaluated(setting.model, records if answered else records[:1], setting)
    votes += setting.people
    if labelled.corpus is not None and setting.root is not None:
        votes += corpus_votes(labelled.corpus.name, setting.root)
    floors = _floors(labelled, records, evaluation, setting)
    notes += _repeated(records)
    if not floors:
        few = f"to train them in {FOLDS} folds takes {FOLDS} documents"
        notes.append(f"no floors beside: {few if evaluation.documents < FOLDS else 'this set teaches them nothing'}")
    elif without := evaluation.measures.keys() - {floor.measure for floor in floors}:
        names = ", ".join(name for name in evaluation.measures if name in without)
        notes.append(f"{names}: no floor beside, since none of the simple methods learns it here")
    if not any(record.doc.outlet for record in records):
        notes.append("no outlet look-up beside: no sentence of this set names its outlet")
    printed = () if labelled.corpus is None else compare_with_manifest(evaluation, labelled.corpus)
    humans = humans_of(evaluation, votes)
    known = {name: setting.trained.known(name) for name in evaluation.measures}
    slices = {name: slice_measure(measure, known[name]) for name, measure in evaluation.measures.items()}
    overlaps = overlap_with(setting.trained, records, evaluation)
    seen = {name: overlap.sentences / overlap.of for overlap in overlaps for name in overlap.measures}
    for overlap in overlaps:
        if overlap.sentences:
            share = overlap.sentences / overlap.of
            notes.append(
                f"{', '.join(overlap.measures)}: {overlap.sentences:,} of {overlap.of:,} evaluated sentences "
                f"({share:.1%}) are in the model's training data ({overlap.part}); the numbers flatter it"
            )
    notes += [setting.trained.missing] if setting.trained.missing else []
    section = evaluation.to_json() | {
        "set": labelled.name,
        "data": {"source": labelled.source, "sha256": labelled.sha256},
        "main_metrics": {name: main_metric(measure) for name, measure in evaluation.measures.items()},
        "verdict": verdict_on(evaluation, floors, printed, humans, slices, seen),
        "floors": [floor.to_json() for floor in floors],
        "published": [_printed_json(row) for row in printed],
        "people": _people_json(labelled, humans),
        "thresholds": threshold_tables(evaluation),
        "curves": curves_of(evaluation),
        "slices": {name: table.to_json() for name, table in slices.items()},
        "span_errors": {
            name: span_errors(measure).to_json()
            for name, measure in evaluation.measures.items()
            if isinstance(measure, SpanMeasure)
        },
        "targets": _targets_json(floors, slices),
        "comparison": [found.to_json() for found in _comparisons(evaluation, labelled, records, setting)],
        "protocol": _protocol(records, setting, progress),
        "training": {"overlap": [overlap.to_json() for overlap in overlaps], "missing": setting.trained.missing},
        "advice": advice_on(evaluation),
    }
    section["warnings"] = [*notes, *section["warnings"]]
    errors = {name: worst_errors(measure, votes) for name, measure in evaluation.measures.items()}
    section["worst"] = {name: [error.to_json() for error in rows] for name, rows in errors.items()}
    return Study(evaluation, section, errors, tuple(records), tuple(printed))


def _repeated(records: Sequence[LabelledSentence]) -> list[str]:
    """What is in the set several times: rows that are the same, and sentences that are labelled two ways."""
    rows: Counter[tuple[object, ...]] = Counter()
    labels: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        if not is_telling(record.text):
            continue
        text = normalised(record.text)
        spans = frozenset((span.label, span.start, span.end, span.value) for span in record.spans)
        rows[text, frozenset(record.labels.items()), spans, record.stances] += 1
        for task, label in record.labels.items():
            labels[text, task].add(label)
    lines = []
    if again := rows.total() - len(rows):
        lines.append(f"{again:,} of {len(records):,} rows repeat another one, so that intervals are too narrow")
    if torn := sum(len(each) > 1 for each in labels.values()):
        sentences = "1 sentence is" if torn == 1 else f"{torn:,} sentences are"
        lines.append(f"{sentences} labelled two ways: no model can be right about both")
    return lines


def _evaluated(model: Model, records: Sequence[LabelledSentence], setting: Setting) -> Evaluation:
    name, command = model.name, setting.command
    return evaluate(model.backend, records, model=name, command=command, resamples=setting.resamples, seed=setting.seed)


def _comparisons(
    evaluation: Evaluation, labelled: LabelledSet, records: Sequence[LabelledSentence], setting: Setting
) -> list[ModelComparison]:
    """The other model that was asked for, then systems whose predictions are public."""
    found = []
    if setting.other is not None:
        found.append(compare_evaluations(evaluation, _evaluated(setting.other, records, setting)))
    if labelled.corpus is not None and setting.root is not None:
        found += compare_with_committed(evaluation, records, setting.root)
    return found


def _protocol(
    records: Sequence[LabelledSentence], setting: Setting, progress: Callable[[str], None]
) -> dict[str, Any] | None:
    if setting.protocol is None:
        return None
    from slantwise_training.evaluation.protocol_report import Protocol, run_protocol

    if setting.protocol not in set(Protocol):
        raise AskedWrong(f"a protocol of: {', '.join(Protocol)}", repr(setting.protocol), "name one of these")
    found = run_protocol(
        Protocol(setting.protocol),
        setting.model,
        records,
        root=setting.root,
        resamples=setting.resamples,
        seed=setting.seed,
        progress=progress,
    )
    return found.to_json()


def _one_gold(
    records: Sequence[LabelledSentence], labelled: LabelledSet
) -> tuple[list[LabelledSentence], list[Votes], list[str]]:
    """Of a file that several people labelled: the gold rows, the others' votes, and what to mind."""
    if labelled.corpus is not None:
        return list(records), [], []
    people = list(dict.fromkeys(record.annotator for record in records))
    if len(people) < 2:
        return list(records), [], []
    if _GOLD not in people:
        line = f"{len(people)} annotators ({', '.join(people)}): each row counts as gold, so agreement is the ceiling"
        return list(records), [], [line]
    votes = [votes_of((r for r in records if r.annotator == who), who) for who in people if who != _GOLD]
    return [record for record in records if record.annotator == _GOLD], votes, []


def _floors(
    labelled: LabelledSet, records: list[LabelledSentence], evaluation: Evaluation, setting: Setting
) -> tuple[Floor, ...]:
    """Floors from the corpus's own training split, or in folds and, of stance, from the model's training."""
    corpus, root = labelled.corpus, setting.root
    train = None
    if corpus is not None and root is not None and "train" in corpus.splits:
        if "train" not in {record.split for record in records}:
            train = list(read_corpus(corpus.name, root, ("train",)))
    floors = floors_of(train, records, evaluation)
    if STANCE in evaluation.measures and train is None and (stances := setting.trained.stance_records):
        alone = evaluate(TargetBackend().fit(stances), records, resamples=setting.resamples, seed=setting.seed)
        floors = (*floors, *beside(evaluation, alone, f"{TARGET_ALONE}, from the model's training"))
    return floors


def _printed_json(row: Beside) -> dict[str, Any]:
    ours = None if row.ours is None else asdict(row.ours)
    return {"kind": row.kind, **asdict(row.theirs), "ours": ours, "why": row.why}


def _people_json(labelled: LabelledSet, humans: Sequence[Human]) -> list[dict[str, Any]]:
    rows = [human.to_json() for human in humans]
    if labelled.corpus is not None and labelled.corpus.name in PRINTED:
        measure, metric, value, source = PRINTED[labelled.corpus.name]
        rows.append({"who": source, "measure": measure, "metric": metric, "printed": value})
    return rows


def _targets_json(floors: Sequence[Floor], slices: dict[str, SliceTable]) -> dict[str, Any] | None:
    """Stance beside what names alone are worth, and on targets that training had or had not."""
    alone = next((floor for floor in floors if floor.system.startswith(TARGET_ALONE) and floor.measure == STANCE), None)
    rows = [each.to_json() for each in slices[STANCE].slices if each.kind == "target seen"] if STANCE in slices else []
    if alone is None and not rows:
        return None
    return {"target_alone": alone and alone.to_json(), "seen": rows}
