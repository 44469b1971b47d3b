"""BASIL: 100 events told by Fox News, the New York Times and HuffPost, with spans of lexical and informational bias.

Fan et al. (2019), second release. A span has a target, a polarity towards it, and, where it is in quotes, a speaker.
One record per body sentence (7,977; 7 more are blank), split "all"; group by `doc.story`. The document id is the
file's name (four articles share a `uuid`). Lexical spans are `loaded`
spans and make the sentence loaded; informational spans make it slanted and, as they are not in the words, leave no
span. Every span, of either kind, gives a stance towards its target; the holder is the speaker, else the author. Targets
and speakers are names as the annotators keyed them ("Donald Trump", "Democratic lawmakers"); "other pro", "other anti"
and "other neutral" are speakers who are not main entities. 722 of 1,726 spans are in quotes; a `loaded` span itself
cannot say so. The indirect targets (209 spans) and the article-level stances are not read.

Headlines were not annotated like sentences: only three have a span. These three are the split "headline", with nothing
exhaustive in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.corpora.manifest import Corpus
from slantwise_training.corpora.rewriting import squeeze

__all__ = ["BasilArticle", "BasilSpan", "articles", "read"]

OUTLETS = {"fox": "fox-news", "nyt": "new-york-times", "hpo": "huffpost"}
POLARITIES = {"pos": StanceLabel.FAVOR, "neg": StanceLabel.AGAINST}
BIASES = ("lex", "inf")
HEADLINE = "title"


@dataclass(frozen=True, slots=True)
class BasilSpan:
    """A span of either kind of bias in its article; `speaker` is who is quoted, None where nobody is."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class BasilArticle:
    """A whole article: its title, then its paragraphs with a blank line between, sentences joined by a space."""

    id: str
    text: str
    spans: tuple[BasilSpan, ...]


def articles(folder: Path) -> Iterator[BasilArticle]:
    """Yield the articles as texts, with all their spans: `read` leaves the informational ones without a place.

    Raises:
        BadRow: as `read` does.

    """
    for path in sorted((folder / "articles").glob("*/*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        notes_path = folder / "annotations" / path.parent.name / f"{path.stem}_ann.json"
        notes = json.loads(notes_path.read_text(encoding="utf-8"))["phrase-level-annotations"]
        texts, starts, text = {HEADLINE: article["title"]}, {HEADLINE: 0}, str(article["title"])
        for paragraph in article["body-paragraphs"]:
            for order, sentence in enumerate(paragraph):
                text += " " if order else "\n\n"
                place = f"p{len(texts) - 1}"
                texts[place], starts[place] = sentence, len(text)
                text += sentence
        spans = []
        for line, note in enumerate(notes, start=1):
            _check(note, texts, notes_path, line)
            start = starts[note["id"]]
            speaker = note.get("speaker", "").replace("_", " ").strip()
            spans.append(BasilSpan(start + note["start"], start + note["end"], speaker or None))
        yield BasilArticle(path.stem, text, tuple(spans))


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the sentences article by article, an annotated headline before its body.

    Raises:
        BadRow: an annotation of an unknown kind, of a sentence that is not there, or not at its offsets.

    """
    for path in sorted((folder / "articles").glob("*/*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        notes_path = folder / "annotations" / path.parent.name / f"{path.stem}_ann.json"
        notes = json.loads(notes_path.read_text(encoding="utf-8"))["phrase-level-annotations"]
        body = [sentence for paragraph in article["body-paragraphs"] for sentence in paragraph]
        texts = {HEADLINE: article["title"]} | {f"p{place}": text for place, text in enumerate(body)}
        marked: dict[str, list[dict[str, Any]]] = {place: [] for place in texts}
        for line, note in enumerate(notes, start=1):
            _check(note, texts, notes_path, line)
            marked[note["id"]].append(note)
        doc = Document(
            id=path.stem,
            outlet=OUTLETS[article["source"].lower()],
            published=article["date"],
            story=article["triplet-uuid"],
        )
        for place, text in texts.items():
            if text.strip() and (marked[place] or place != HEADLINE):
                yield _sentence(corpus, doc, place, text, marked[place])


def _check(note: dict[str, Any], texts: dict[str, str], path: Path, line: int) -> None:
    text = texts.get(note["id"])
    if text is None:
        raise BadRow(path, line, "id", "a sentence of the article", repr(note["id"]))
    if text[note["start"] : note["end"]] != note["txt"]:
        raise BadRow(path, line, "txt", "the text at start and end", repr(note["txt"][:60]))
    if note["bias"] not in BIASES or note["polarity"] not in POLARITIES:
        raise BadRow(path, line, "bias or polarity", "lex or inf; pos or neg", f"{note['bias']}, {note['polarity']}")


def _sentence(corpus: Corpus, doc: Document, place: str, text: str, notes: list[dict[str, Any]]) -> LabelledSentence:
    is_headline = place == HEADLINE
    rewritten = squeeze(text)
    stretches = sorted({rewritten.move(note["start"], note["end"]) for note in notes if note["bias"] == "lex"})
    stances = dict.fromkeys(_stance(note) for note in notes)
    return LabelledSentence(
        id=f"{doc.id}#{place}",
        doc=doc,
        index=0 if is_headline else int(place[1:]),
        text=rewritten.text,
        lenses=(Lens.WORDING, Lens.STANCE) if stances else (Lens.WORDING,),
        labels={
            Task.WORDING: "loaded" if stretches else "plain",
            Task.INFORMATIONAL: "slanted" if any(note["bias"] == "inf" for note in notes) else "neutral",
        },
        spans=tuple(
            Span(f"{place}-l{order}", SpanLabel.LOADED, start, end, rewritten.text[start:end])
            for order, (start, end) in enumerate(stretches, start=1)
        ),
        stances=tuple(stances),
        exhaustive=() if is_headline else (SpanLabel.LOADED,),
        split="headline" if is_headline else "all",
        corpus=corpus.name,
        licence=corpus.licence,
    )


def _stance(note: dict[str, Any]) -> Stance:
    target, speaker = (note.get(key, "").replace("_", " ").strip() for key in ("target", "speaker"))
    return Stance(target, POLARITIES[note["polarity"]], holder_name=speaker or None)
