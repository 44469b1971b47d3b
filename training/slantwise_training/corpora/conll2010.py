"""CoNLL-2010 shared task 1: sentences that hold weasel words (Wikipedia) or hedges (biomedical).

Farkas et al. (2010). Two questions: `conll2010_wiki` is vagueness ("some say", "widely"; Szeged's cues find it with an
F1 of .38 only), `conll2010_bio` is hedging as Szeged has it. The official evaluation sets are "test"; titles, certain
by definition, count in the official score. Of the 11,111 official Wikipedia training sentences 10,056 are here, 528 of
them from a copy whose terms are personal use: they are the split "train_pattern" and must not train weights that ship.
Biomedical training is the abstracts alone, without the nine papers of the official set.

Wikipedia documents are numbered as in `szeged_wiki`, where the number was looked up by the sentence's text. 676 rows
have none (595 train, 72 train_pattern, 9 test, of which two held a number of a training article because their text,
a section title, is in several): each is a document of its own. Biomedical rows have no documents, and most of them
(train 11,715 of 11,871, test 4,988 of 5,001) are sentences of `szeged_bio` too: compare by text before training on one
and testing on the other. All text is partly tokenised and is detokenised here.

The biomedical test set has its cues, without a kind, in a file of tagged tokens. Its sentences come in another order
and are matched by their text; all 5,001 match and agree with the sentence labels.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from slantwise.errors import BadRow
from slantwise.labels import TASK_LABELS, Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.rewriting import detokenise

__all__ = ["read"]

FILES = {"train": "train", "eval": "test"}
TAGGED = "bio/bioscope_eval_tokens.txt"
MISTAKEN = {("test", 3407)}
"""Document numbers that are wrong: the text is in several articles, and this one is of the other split."""

Token: TypeAlias = tuple[str, str]
"""A word and its B, I or O."""


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the Wikipedia or the biomedical part, train then test. `index` is the row's place in its file.

    Raises:
        BadRow: a label other than 0 and 1, or a biomedical test sentence that differs from its tagged tokens.

    """
    part = corpus.name.removeprefix("conll2010_")
    task = Task.VAGUENESS if part == "wiki" else Task.HEDGING
    tagged = _tagged_sentences(folder / TAGGED) if part == "bio" else {}
    for file, split in FILES.items():
        path = folder / f"{part}_{file}.jsonl"
        has_cues = (part, file) == ("bio", "eval")
        with path.open(encoding="utf-8") as lines:
            for index, line in enumerate(lines):
                row = json.loads(line)
                if row["label"] not in (0, 1):
                    raise BadRow(path, index + 1, "label", "0 or 1", repr(row["label"]))
                text = detokenise(row["text"]).text
                spans = tuple(_cues(text, tagged, bool(row["label"]), path, index + 1)) if has_cues else ()
                yield LabelledSentence(
                    id=f"{corpus.name}-{file}-{index}",
                    doc=Document(_document(row, split) or f"{corpus.name}-{file}-{index}"),
                    index=index,
                    text=text,
                    lenses=(Lens.HEDGING,),
                    labels={task: TASK_LABELS[task][row["label"]]},
                    spans=spans,
                    exhaustive=(SpanLabel.HEDGE,) if has_cues else (),
                    split=f"{split}_pattern" if row.get("src") == "pattern" else split,
                    corpus=corpus.name,
                    licence=corpus.licence,
                )


def _document(row: dict[str, Any], split: str) -> str | None:
    number = row.get("doc_no")
    return None if number is None or (split, number) in MISTAKEN else f"wikipedia-{number}"


def _tagged_sentences(path: Path) -> dict[str, list[list[Token]]]:
    """The tagged sentences by their text without white space, each list in file order."""
    sentences: defaultdict[str, list[list[Token]]] = defaultdict(list)
    clean: dict[str, str] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line]
        clean |= {row[0]: detokenise(row[0]).text for row in rows if row[0] not in clean}
        tokens = [(clean[row[0]], row[-1]) for row in rows]
        if tokens:
            sentences[_key("".join(word for word, _ in tokens))].append(tokens)
    return sentences


def _cues(text: str, tagged: dict[str, list[list[Token]]], is_hedged: bool, path: Path, number: int) -> Iterator[Span]:
    waiting = tagged.get(_key(text))
    if not waiting:
        raise BadRow(path, number, "text", f"a sentence of {TAGGED}", repr(text[:60]))
    tokens = waiting.pop(0)
    if any(tag != "O" for _, tag in tokens) is not is_hedged:
        raise BadRow(path, number, "label", "a tagged cue in hedged sentences only", repr(text[:60]))
    for order, (first, last) in enumerate(_stretches(tokens), start=1):
        start, end = _offsets(text, first, last)
        yield Span(f"h{order}", SpanLabel.HEDGE, start, end, text[start:end])


def _stretches(tokens: list[Token]) -> list[tuple[int, int]]:
    """The cues as stretches of the sentence's characters other than white space."""
    stretches: list[tuple[int, int]] = []
    here = 0
    for word, tag in tokens:
        there = here + len(_key(word, keep_stop=True))
        if tag == "I" and stretches and stretches[-1][1] == here:
            stretches[-1] = (stretches[-1][0], there)
        elif tag != "O":
            stretches.append((here, there))
        here = there
    return stretches


def _offsets(text: str, first: int, last: int) -> tuple[int, int]:
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return places[first], places[last - 1] + 1


def _key(text: str, keep_stop: bool = False) -> str:
    """The text without white space; the two files differ in whether a title ends with a full stop."""
    key = "".join(text.split())
    return key if keep_stop else key.rstrip(".")
