"""How far the two annotators of the seed articles agree: `python benchmarks/seed_agreement.py`.

Prints the Markdown tables of `seeds/README.md`: agreement, and the counts of the adjudicated labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from slantwise.labelled import read_labelled
from slantwise.labels import SPAN_VALUES, TASK_LABELS, LinkLabel, SpanLabel
from slantwise_training.annotation.agreement import agreement

DATA = Path(__file__).parents[1] / "data" / "seeds"
LENSES = {
    "hedging": ("task hedging", "task vagueness", "span hedge", "span hedge kind"),
    "wording": ("task wording", "span loaded"),
    "attribution": (
        *("span source", "span source kind", "span cue", "span content", "span content kind"),
        *("link cue-of", "link content-of", "link via"),
    ),
    "stance": ("stance", "link holder"),
}
MEASURES = {"raw": "raw", "kappa": "kappa", "exact F1": "exact F1", "overlap F1": "overlap F1", "F1": "exact F1"}
"""Measures of the comparison and their columns; a link's F1 counts as exact."""


def agreement_table() -> Iterator[str]:
    """Yield the lines of the agreement table: a row for each subject of each lens."""
    compared = agreement(*(read_labelled(DATA / f"annotator-{name}.jsonl") for name in "ab"))
    columns = list(dict.fromkeys(MEASURES.values()))
    rows = [row for row in compared.as_table() if row.measure in MEASURES]
    yield f"| lens | what | n | {' | '.join(columns)} |"
    yield "|---|---|" + "---:|" * (len(columns) + 1)
    for lens, subjects in LENSES.items():
        for subject in subjects:
            found = [row for row in rows if row.subject == subject]
            cells = {MEASURES[row.measure]: f"{row.value:.3f}" for row in found}
            yield f"| {lens} | {subject} | {found[0].n} | {' | '.join(cells.get(name, '') for name in columns)} |"


def count_table() -> Iterator[str]:
    """Yield the lines of the table of adjudicated labels; kinds in the order of `slantwise.labels`."""
    records = list(read_labelled(DATA / "gold.jsonl"))
    yield "| what | count | of these |"
    yield "|---|---:|---|"
    for task, names in TASK_LABELS.items():
        labels = Counter(record.labels[task] for record in records if task in record.labels)
        if labels:
            yield f"| sentences: {task} | {labels.total()} | {_kinds(labels, names)} |"
    for label in SpanLabel:
        spans = [span for record in records for span in record.spans if span.label is label]
        if spans:
            values = Counter(str(span.value) for span in spans)
            kinds = [str(kind) for kind in SPAN_VALUES[label] or ()]
            yield f"| spans: {label} | {len(spans)} | {_kinds(values, kinds)} |"
    links = Counter(str(link.label) for record in records for link in record.links)
    yield f"| links | {links.total()} | {_kinds(links, [str(label) for label in LinkLabel])} |"
    yield f"| stances on targets that the sentence does not name | {sum(len(each.stances) for each in records)} |  |"


def _kinds(counts: Counter[str], names: Iterable[str]) -> str:
    return ", ".join(f"{name} {counts[name]}" for name in names if counts[name])


def main() -> None:
    """Print the tables."""
    print(*agreement_table(), "", *count_table(), sep="\n")


if __name__ == "__main__":
    main()
