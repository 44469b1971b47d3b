"""Kinds of sources: `python benchmarks/source_kinds.py --from FOLDER [--model FOLDER]`.

Prints how far the two annotators of `data/source_kinds/` agree, how often our rules give the labelled kind, and what
they take for what. The rules were not tuned on these sources; the model only finds the names in their articles.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from slantwise.labels import SourceKind
from slantwise.model_folder import load_model
from slantwise.summary import share
from slantwise_training.annotation.agreement import Confusion
from slantwise_training.evaluation.source_kinds import confusion, judge_kinds, read_labelled_kinds
from slantwise_training.examples import Library
from slantwise_training.recipe import Selection

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "data" / "source_kinds" / "polnear-dev.jsonl"


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="root", type=Path, required=True, help="folder of corpora")
    parser.add_argument("--model", type=Path, default=ROOT / "model" / "slantwise" / "default")
    asked = parser.parse_args()
    labels = read_labelled_kinds(LABELS)
    counts = Counter((label.a, label.b) for label in labels)
    both = Confusion(tuple(SourceKind), tuple(tuple(counts[a, b] for b in SourceKind) for a in SourceKind))
    print(f"{both.n} sources; annotators agree on {both.raw:.3f}, kappa {both.kappa:.3f}")
    records = Library(asked.root).records([Selection.parse("polnear:dev")])
    judged = judge_kinds(labels, records, load_model(asked.model).backend)
    right = share(sum(each.right for each in judged), len(judged))
    print(f"rules right: {right['share']:.3f} [{right['low']:.3f}, {right['high']:.3f}]\n")
    found_as = confusion(judged)
    print(f"| labelled | {' | '.join(SourceKind)} |")
    print("|---|" + "---:|" * len(SourceKind))
    for kind in SourceKind:
        print(f"| {kind} | {' | '.join(str(found_as.get((kind, found), 0)) for found in SourceKind)} |")


if __name__ == "__main__":
    main()
