"""ECB+ (Cybulska and Vossen, 2014): who takes part in the events of 982 short news texts, with coreference.

Documents of topics 1 to 35 are train, of eight of these dev, of 36 to 45 test; `story` is the topic (and, within it,
one of two similar events). `entity` is the chain's id, which also holds across documents; a mention without a chain
has none. Kinds by the words (see `mentions.form_of`). Traps: only event sentences are annotated, and there only who
takes part, so nothing is exhaustive; the files come as JSON lines made from the XML; three mentions are broken: the
last unbroken run is kept, and one that runs into the next sentence is left out; some texts open with their address in
pieces; a few tokens end in a tab.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.conll import Words, join
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.mentions import Form, form_of, kind_of

TYPES = {
    "HUMAN_PART_PER": MentionKind.PERSON,
    "HUMAN_PART_GENERIC": MentionKind.PERSON,
    "HUMAN_PART": MentionKind.PERSON,
    "HUMAN_PART_ORG": MentionKind.ORGANISATION,
    "HUMAN_PART_MET": MentionKind.ORGANISATION,
    "HUMAN_PART_GPE": MentionKind.PLACE,
    "HUMAN_PART_FAC": MentionKind.PLACE,
    "LOC_GEO": MentionKind.PLACE,
    "LOC_FAC": MentionKind.PLACE,
    "LOC_OTHER": MentionKind.PLACE,
    "HUMAN_PART_VEH": MentionKind.OTHER,
    "NON_HUMAN_PART": MentionKind.OTHER,
    "NON_HUMAN_PART_GENERIC": MentionKind.OTHER,
}
DEV_TOPICS = frozenset(("2", "5", "12", "18", "21", "23", "34", "35"))
FIRST_TEST_TOPIC = 36


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence, annotated or not."""
    path = folder / "ecbplus_entities.jsonl"
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise BadRow(path, number, "line", "a JSON object", str(error)) from error
            yield from _document(row, corpus)


def _document(row: Mapping[str, Any], corpus: Corpus) -> Iterator[LabelledSentence]:
    topic = row["topic"]
    doc = Document(id=row["doc"], story=f"{topic}{'ecbplus' if row['doc'].endswith('plus') else 'ecb'}")
    split = "test" if int(topic) >= FIRST_TEST_TOPIC else "dev" if topic in DEV_TOPICS else "train"
    lower_words = {token for tokens in row["sents"] for token in tokens if token.islower()}
    for index, tokens in enumerate(row["sents"]):
        words = _join([token.strip() for token in tokens])
        mentions = [mention for mention in row["mentions"] if mention["sent"] == index]
        yield LabelledSentence(
            id=f"{doc.id}#{index}",
            doc=doc,
            index=index,
            text=words.text,
            lenses=(Lens.MENTIONS,),
            spans=tuple(_spans(words, tokens, mentions, lower_words)),
            split=split,
            corpus=corpus.name,
            licence=corpus.licence,
        )


def _join(tokens: Sequence[str]) -> Words:
    """An address is put together without spaces, any other sentence as text."""
    if tokens[:2] not in (["http", ":"], ["https", ":"]):
        return join(tokens, hyphens=True)
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return Words("".join(tokens), tuple(starts[:-1]), tuple(starts[1:]))


def _spans(
    words: Words, tokens: Sequence[str], mentions: Sequence[Mapping[str, Any]], lower_words: set[str]
) -> Iterator[Span]:
    for number, mention in enumerate(mentions, 1):
        marked = mention["tok"]
        if marked != sorted(marked):
            continue
        last = first = marked[-1]
        while first - 1 in marked:
            first -= 1
        form = form_of(tokens[first : last + 1], lower_words, first=first == 0)
        if mention["tag"].endswith("GENERIC") and form is Form.NAMED:
            form = Form.NOMINAL
        kind = kind_of(TYPES[mention["tag"]], form)
        start, end = words.starts[first], words.ends[last]
        text = words.text[start:end]
        yield Span(f"m{number}", SpanLabel.MENTION, start, end, text, kind, mention.get("chain"))
