"""Jobs and evaluations invented for tests of benchmarks/reproduce.py."""

from reproduction.job import Figure, Job, Kind, Outcome, Table

from slantwise.score import ModelName
from slantwise_training.evaluation.result import Answer, Evaluation, LabelMeasure


def a_job(**more):
    """A job on Szeged's test split; its floors are TF-IDF's."""
    given = {"name": "job", "table": Table.HEDGING, "kind": Kind.TRAINED, "corpus": "szeged_wiki", "split": "test"}
    given |= {"system": "ours", "metrics": ("f1",), "run": None, "reads": ("szeged_wiki",), "settings": "c 4"}
    return Job(**{**given, "measure": "hedging", "floors": "TF-IDF", **more})


def evaluation(*gold_and_found, p=(), measure="hedging"):
    """An evaluation of two labels, a document to each answer; `p` are the probabilities of "hedged", if any."""
    answers = [
        Answer(f"s{i}", f"d{i}", gold, found, (1 - p[i], p[i]) if p else ())
        for i, (gold, found) in enumerate(gold_and_found)
    ]
    measures = {measure: LabelMeasure(measure, ("asserted", "hedged"), tuple(answers), 10)}
    return Evaluation(ModelName("toy", ""), "szeged_wiki", "test", len(answers), len(answers), measures)


def figure(value):
    """A figure of five, with an interval of a tenth on each side."""
    return Figure(value, value - 0.1, value + 0.1, 5)


def outcome(**values):
    """An outcome of such figures."""
    return Outcome({metric: figure(value) for metric, value in values.items()}, {})
