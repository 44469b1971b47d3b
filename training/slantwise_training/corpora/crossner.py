"""CrossNER (Liu et al., 2021): names of five domains of Wikipedia, politics the one for news.

Politics is train, dev and test; the four other domains are splits of their own (`music-train`, ...). Traps: each
domain has its own types, mapped here to ours (what is neither person, organisation nor place is `other`);
nationalities are `misc`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slantwise.labels import Lens, MentionKind, SpanLabel
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.conll import bio_spans, join, mention_spans, read_blocks
from slantwise_training.corpora.manifest import Corpus

DOMAINS = ("politics", "science", "music", "literature", "ai")
_PERSONS = ("person", "politician", "researcher", "scientist", "musicalartist", "writer")
_ORGANISATIONS = ("organisation", "politicalparty", "university", "band")
_PLACES = ("country", "location")
_OTHERS = tuple(
    "academicjournal album algorithm astronomicalobject award book chemicalcompound chemicalelement conference"
    " discipline election enzyme event field literarygenre magazine metrics misc musicalinstrument musicgenre poem"
    " product programlang protein song task theory".split()
)
KINDS = {
    **dict.fromkeys(_PERSONS, MentionKind.PERSON),
    **dict.fromkeys(_ORGANISATIONS, MentionKind.ORGANISATION),
    **dict.fromkeys(_PLACES, MentionKind.PLACE),
    **dict.fromkeys(_OTHERS, MentionKind.OTHER),
}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield every sentence, politics first. The corpus does not say which sentences share an article."""
    for domain in DOMAINS:
        for part in ("train", "dev", "test"):
            split = part if domain == "politics" else f"{domain}-{part}"
            for index, block in enumerate(read_blocks(folder / "ner_data" / domain / f"{part}.txt")):
                name = f"{domain}-{part}-{index}"
                words = join(block.column(0))
                yield LabelledSentence(
                    id=name,
                    doc=Document(id=name, section=domain),
                    index=0,
                    text=words.text,
                    lenses=(Lens.MENTIONS,),
                    spans=mention_spans(words, bio_spans(block.column(1)), KINDS),
                    exhaustive=(SpanLabel.MENTION,),
                    split=split,
                    corpus=corpus.name,
                    licence=corpus.licence,
                )
