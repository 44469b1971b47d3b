"""SEESAW (Zhang et al., EMNLP 2022): which entity is for or against which, sentence by sentence, in context.

One record per sentence that holds a stance; stances are `favor` or `against`, there is no neutral class, and what is
not stated is not neutral. Source and target are canonical names. Where both stand in the sentence by that very name
(first occurrence, whatever the case), the stance is a target span with a holder link to a source span. Else it is a
`Stance`: `holder` is the source's span where the source alone stands there, otherwise `holder_name` is its name. The
source "None" (968) is nobody named: no holder, hence the author, as a target span where the target stands in the
sentence. "Not in the list" (1,331 sources, 561 targets) stays as that name, `UNLISTED`: somebody or something that
the annotators' list of main entities lacks, and not the author.

Split by story (three outlets a story): 127, 35 and 41 stories. Stances: 6,263, 2,436 and 1,920. `index` counts the
article's sentences, and `article` gives them all by index, for the context that the annotators had; sentences without
a stance are not yielded, since they are not known to be neutral. 9,740 stances have a single annotator; two
contradict another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, LinkLabel, SpanLabel, StanceLabel
from slantwise.records import Document, LabelledSentence, Link, Span, Stance
from slantwise_training.corpora.manifest import Corpus

__all__ = ["UNLISTED", "article", "read"]

UNLISTED = "Not in the list"
"""The name of a source or target that is somebody else than the article's listed entities."""
NOBODY = "None"
STANCES = {"NEG": StanceLabel.AGAINST, "POS": StanceLabel.FAVOR}
SPLITS = {"train": "train", "valid": "dev", "test": "test"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield one record per sentence that holds a stance, story by story.

    Raises:
        BadRow: a stance on a sentence the article lacks, or neither NEG nor POS.

    """
    for story_file in sorted((folder / "meta").glob("*.json")):
        story = json.loads(story_file.read_text(encoding="utf-8"))
        for order in range(3):
            name = f"{story_file.stem}_DOCUMENT_{order}"
            document = Document(
                name,
                outlet=story[f"Meta info for article {order}"]["source"],
                published=story["story_time"],
                section=story["story_topic"],
                story=story_file.stem,
            )
            yield from _records(folder, document, SPLITS[story["Split"]], corpus)


def article(folder: Path, document: str) -> dict[int, str]:
    """All sentences of an article by index, empty ones left out: the context of its labelled sentences."""
    raw = json.loads((folder / "articles" / f"{document}.json").read_text(encoding="utf-8"))
    return {row["id"]: row["text"] for row in raw["text"] if row["text"].strip()}


def _records(folder: Path, document: Document, split: str, corpus: Corpus) -> Iterator[LabelledSentence]:
    path = folder / "annotations" / f"{document.id}.json"
    sentences = article(folder, document.id)
    labelled = json.loads(path.read_text(encoding="utf-8"))["sentence-level stances"]
    for index, rows in sorted((int(index), rows) for index, rows in labelled.items()):
        if index not in sentences or any(row["sentiment"] not in STANCES for row in rows):
            raise BadRow(
                path, 1, "sentence-level stances", "NEG or POS on a sentence of the article", f"sentence {index}"
            )
        spans, links, stances = _stances(sentences[index], index, rows)
        yield LabelledSentence(
            id=f"{document.id}#{index}",
            doc=document,
            index=index,
            text=sentences[index],
            lenses=(Lens.STANCE,),
            spans=spans,
            links=links,
            stances=stances,
            split=split,
            corpus=corpus.name,
            licence=corpus.licence,
        )


def _stances(
    text: str, index: int, rows: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Span, ...], tuple[Link, ...], tuple[Stance, ...]]:
    """The sentence's stances: as linked spans where both names are there, as `Stance` where they are not."""
    sources: dict[str, Span] = {}
    targets, links, stances = [], [], []
    for order, row in enumerate(rows, 1):
        source, target, value = row["subject"], row["object"], STANCES[row["sentiment"]]
        place = _place(text, source)
        if place and source not in sources:
            name = f"{index}.s{len(sources) + 1}"
            sources[source] = Span(name, SpanLabel.SOURCE, *place, text[slice(*place)], entity=source)
        holder = sources.get(source)
        place = _place(text, target)
        if place and (holder or source == NOBODY):
            span = Span(f"{index}.t{order}", SpanLabel.TARGET, *place, text[slice(*place)], value, entity=target)
            targets.append(span)
            links.extend([Link(LinkLabel.HOLDER, span.id, holder.id)] if holder else [])
        else:
            unseen = None if holder or source == NOBODY else source
            stances.append(Stance(target, value, holder.id if holder else None, unseen))
    return (*sources.values(), *targets), tuple(links), tuple(stances)


def _place(text: str, name: str) -> tuple[int, int] | None:
    if name in {UNLISTED, NOBODY}:
        return None
    match = re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE)
    return match.span() if match else None
