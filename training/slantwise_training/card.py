"""The model card: what a model was trained on, under which licences, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from slantwise_training.corpora import find_corpus
from slantwise_training.corpora.manifest import Weights
from slantwise_training.recipe import Recipe

__all__ = ["model_card", "trained_on"]

_TERMS = {
    Weights.YES: "the licence allows training",
    Weights.OPEN: "no licence stated; posted publicly for research",
    Weights.NO: "research and evaluation only: do not ship weights trained on it",
}
_TERMS_OF = {str(weights): terms for weights, terms in _TERMS.items()} | {"own": "a file of the trainer's own"}
_OWN = "as its rows say"
_FAMILY = {
    "linear": (
        "A slantwise model of the linear family: TF-IDF and logistic regression for the labels of sentences, an",
        "averaged structured perceptron for spans. It reads English news, sentence by sentence.",
    ),
    "encoder": (
        "A slantwise model of the encoder family: one transformer encoder with a head per question, span layer and for",
        "stance. It reads English news, sentence by sentence.",
    ),
}
_LIMIT = {
    "linear": (
        "- It is a baseline: it sees words and their order in a window, not meaning. Irony, negation at a distance and",
        "  world knowledge are beyond it.",
    ),
    "encoder": (
        "- It reads each sentence alone: what a neighbouring sentence settles is beyond it, as is much of irony and of",
        "  world knowledge.",
        "- Loaded words are the least certain: annotators of its corpora agree on few of them; it misses about half.",
        "- Kinds of hedges that training shows seldom (conditional, investigative) are found seldom.",
        "- Stance towards a target comes from the sentence that names it, not from an argument over several.",
    ),
}


def trained_on(used: dict[str, int]) -> list[dict[str, object]]:
    """Per corpus split: its records in training, its licence, and whether weights trained on it may ship."""
    rows: list[dict[str, object]] = []
    for selection, records in used.items():
        if selection.endswith(".jsonl"):
            rows.append({"split": Path(selection).name, "records": records, "licence": _OWN, "weights": "own"})
            continue
        corpus = find_corpus(selection.partition(":")[0])
        rows.append(
            {"split": selection, "records": records, "licence": corpus.licence, "weights": str(corpus.weights)}
        )
    return rows


def model_card(
    recipe: Recipe,
    used: dict[str, int],
    dropped: dict[str, int],
    scores: Mapping[str, float] | None = None,
    weights: str = "",
) -> str:
    """The README.md of a model folder.

    Args:
        recipe: what was trained.
        used: records per selection.
        dropped: records left out per selection.
        scores: per part, its plain score on dev, as training chose the weights by.
        weights: which seeds' they are, where there were several.
    """
    lines = [
        f"# {recipe.name}",
        "",
        *_FAMILY[recipe.family],
        "",
        f"Parts: {', '.join([*map(str, recipe.tasks), *recipe.layers, *(['stance'] if recipe.stance else [])])}.",
        *([f"Its weights are {weights}."] if weights else []),
        "Its numbers, with intervals and the commands that made them, are in docs/results.md of the project.",
        "",
        "## Trained on",
        "",
        "| corpus and split | records | left out (held-out text or document) | licence | terms |",
        "|---|---:|---:|---|---|",
    ]
    for selection, row in zip(used, trained_on(used), strict=True):
        terms = _TERMS_OF[str(row["weights"])]
        split, left_out = row["split"], dropped.get(selection, 0)
        lines.append(f"| {split} | {row['records']} | {left_out} | {row['licence']} | {terms} |")
    if scores:
        lines += [
            "",
            "## On dev",
            "",
            "What training chose the weights by, before calibration and int8: F1 or macro-F1 of tasks, exact spans of",
            "layers (kinds included), macro-F1 of stance.",
            "",
            "| part | score |",
            "|---|---:|",
            *(f"| {part} | {score:.3f} |" for part, score in scores.items()),
        ]
    lines += [
        "",
        "## Limits",
        "",
        *_LIMIT[recipe.family],
        "- Its training text is English and mostly from the United States, 1989 to 2022.",
        "- A label is not a verdict on a writer. Read the sentences that it marks before drawing conclusions.",
        "",
    ]
    return "\n".join(lines)
