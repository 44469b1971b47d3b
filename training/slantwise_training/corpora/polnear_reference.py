"""Committed predictions of others on PolNeAR's test split, to be scored beside ours with one and the same metric.

Van Timmeren (master's thesis, Groningen, https://arts.studenttheses.ub.rug.nl/31157/; MIT licence) committed the
output of a fine-tuned BERT (the script says distilbert-base-cased, two epochs) and of a CRF, one `token<TAB>tag` line
per token and a blank line between sentences. The tokens are those of `tokens_test.jsonl`, with brackets and quote
marks rewritten (`-LRB-`); they are aligned by count, sentence by sentence, to the records of `polnear.read`. His own
printed numbers (BERT F1 .828, CRF .636) merge adjacent spans and drop cues that are no verbs: not comparable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from slantwise.errors import AskedWrong, BadRow
from slantwise.labels import SpanLabel
from slantwise.reading import FoundSpan
from slantwise_training.corpora.polnear import documents

__all__ = ["SYSTEMS", "Prediction", "predictions"]

SYSTEMS = {"BERT": "test_pred_bert.txt", "CRF": "test_pred_crf.txt"}
"""The systems by the file that holds their tags."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One test sentence as a system tagged it.

    `id` and `text` are those of the `polnear` record; `tokens` are offsets into `text` and `tags` go with them: `O`, or
    `B-` or `I-` before `SOURCE`, `CUE` or `CONTENT`. `spans` are the tags decoded, with a probability of 1.
    """

    id: str
    text: str
    tokens: tuple[tuple[int, int], ...]
    tags: tuple[str, ...]
    spans: tuple[FoundSpan, ...]


def predictions(folder: Path, system: str) -> Iterator[Prediction]:
    """Yield the system's predictions in the order of the test records.

    Args:
        folder: the folder of the corpus `polnear`.
        system: a name of `SYSTEMS`.

    Raises:
        AskedWrong: no such system.
        BadRow: the sentences or their lengths do not match the token file's.

    """
    if system not in SYSTEMS:
        raise AskedWrong(f"a system ({', '.join(SYSTEMS)})", repr(system), "name one of these")
    path = folder / "rvt_reference" / SYSTEMS[system]
    tagged = _tagged(path)
    for document in documents(folder, "test"):
        for index, sentence in enumerate(document.sentences):
            line, tags = next(tagged, (0, ()))
            if len(tags) != len(sentence):
                raise BadRow(path, line, "tag", f"{len(sentence)} tokens of {document.id}#{index}", f"{len(tags)}")
            begin, end = sentence[0][0], sentence[-1][1]
            tokens = tuple((first - begin, last - begin) for first, last in sentence)
            yield Prediction(f"{document.id}#{index}", document.text[begin:end], tokens, tags, _spans(tokens, tags))


def _tagged(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The tags of each sentence, and the line it begins on."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    for blank, group in groupby(lines, key=lambda line: not line[1].strip()):
        if not blank:
            rows = list(group)
            yield rows[0][0], tuple(line.rpartition("\t")[2] for _, line in rows)


def _spans(tokens: Sequence[tuple[int, int]], tags: Sequence[str]) -> tuple[FoundSpan, ...]:
    """Decode the tags; an `I-` after another label, or after none, begins a span."""
    spans: list[FoundSpan] = []
    before = "O"
    for (start, end), tag in zip(tokens, tags, strict=True):
        prefix, _, label = tag.partition("-")
        if tag != "O":
            goes_on = prefix == "I" and before.endswith(label) and before != "O"
            if goes_on:
                start = spans.pop().start
            spans.append(FoundSpan(SpanLabel(label.lower()), start, end, None, 1.0))
        before = tag
    return tuple(spans)
