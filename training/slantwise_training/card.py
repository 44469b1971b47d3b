"""The model card: what a model was trained on, under which licences, and what it must not be used for."""

from __future__ import annotations

from slantwise_training.corpora import find_corpus
from slantwise_training.corpora.manifest import Weights
from slantwise_training.recipe import Recipe

__all__ = ["model_card", "trained_on"]

_TERMS = {
    Weights.YES: "the licence allows training",
    Weights.OPEN: "no licence stated; posted publicly for research",
    Weights.NO: "research and evaluation only: do not ship weights trained on it",
}


def trained_on(used: dict[str, int]) -> list[dict[str, object]]:
    """Per corpus split: its records in training, its licence, and whether weights trained on it may ship."""
    rows = []
    for selection, records in used.items():
        corpus = find_corpus(selection.partition(":")[0])
        rows.append(
            {"split": selection, "records": records, "licence": corpus.licence, "weights": str(corpus.weights)}
        )
    return rows


def model_card(recipe: Recipe, used: dict[str, int], dropped: dict[str, int]) -> str:
    """The README.md of a model folder."""
    lines = [
        f"# {recipe.name}",
        "",
        "A slantwise model of the linear family: TF-IDF and logistic regression for the labels of sentences, an",
        "averaged structured perceptron for spans. It reads English news, sentence by sentence.",
        "",
        f"Parts: {', '.join([*map(str, recipe.tasks), *recipe.layers, *(['stance'] if recipe.stance else [])])}.",
        "Its numbers, with intervals and the commands that made them, are in docs/results.md of the project.",
        "",
        "## Trained on",
        "",
        "| corpus and split | records | left out (held-out text or document) | licence | terms |",
        "|---|---:|---:|---|---|",
    ]
    for selection, records in used.items():
        corpus = find_corpus(selection.partition(":")[0])
        left_out = dropped.get(selection, 0)
        lines.append(f"| {selection} | {records} | {left_out} | {corpus.licence} | {_TERMS[corpus.weights]} |")
    lines += [
        "",
        "## Limits",
        "",
        "- It is a baseline: it sees words and their order in a window, not meaning. Irony, negation at a distance and",
        "  world knowledge are beyond it.",
        "- Its training text is English and mostly from the United States, 1989 to 2022.",
        "- A label is not a verdict on a writer. Read the sentences that it marks before drawing conclusions.",
        "",
    ]
    return "\n".join(lines)
