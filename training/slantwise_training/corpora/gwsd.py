"""Global Warming Stance Dataset (Luo et al., Findings of EMNLP 2020): does a news sentence say it is a serious concern?

One record per sentence with one stance towards `TARGET`, which no sentence mentions: favor (agrees), neutral, against
(disagrees), the most probable of the three by the authors' model over eight raters. The rating is of what the
sentence says, whoever says it; most are quoted clauses. Split `test`: `in_held_out_test`; all others `train`.

Traps: 250 rows without probabilities are the raters' screening questions and are left out. 8 sentences stand twice,
all in train. Test has 200 rows: plus or minus 6 points.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, StanceLabel
from slantwise.records import Document, LabelledSentence, Stance
from slantwise_training.corpora.manifest import Corpus

__all__ = ["TARGET", "read"]

TARGET = "global warming is a serious concern"
STANCES = {"disagree": StanceLabel.AGAINST, "neutral": StanceLabel.NEUTRAL, "agree": StanceLabel.FAVOR}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per rated sentence.

    Raises:
        BadRow: a probability that is no number, or a split mark other than True and False.

    """
    path = folder / "GWSD.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        for row in rows:
            if not any(row[answer] for answer in STANCES):
                continue
            yield LabelledSentence(
                id=f"gwsd-{row['guid']}",
                doc=Document(f"gwsd-{row['guid']}"),
                index=0,
                text=row["sentence"],
                lenses=(Lens.STANCE,),
                stances=(Stance(TARGET, _stance(path, rows.line_num, row)),),
                split=_split(path, rows.line_num, row["in_held_out_test"]),
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _stance(path: Path, line: int, row: dict[str, str]) -> StanceLabel:
    try:
        return STANCES[max(STANCES, key=lambda answer: float(row[answer]))]
    except ValueError as error:
        raise BadRow(path, line, ", ".join(STANCES), "three probabilities", str(error)) from None


def _split(path: Path, line: int, held_out: str) -> str:
    if held_out not in {"True", "False"}:
        raise BadRow(path, line, "in_held_out_test", "True or False", repr(held_out))
    return "test" if held_out == "True" else "train"
