"""Loaded words that a corpus lists beside its sentence, found in the sentence again; shared by BABE and MBIC.

The lists hold single words as annotators marked them, without offsets. A word is marked wherever it stands as a whole
word, whatever its case and quote marks. A word that is not in its sentence (a misspelling, as a rule) is left out.
The marking is exhaustive when a list is there, all of it was found, and it is not empty in a sentence labelled loaded:
an empty list there says that annotators agreed on the sentence and on no word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from slantwise.errors import BadRow
from slantwise.labels import Lens, SpanLabel, Task
from slantwise.records import Document, LabelledSentence, Span
from slantwise_training.corpora.manifest import Corpus

__all__ = ["find_words", "outlet_slug", "parse_words", "wording_sentence"]

_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def outlet_slug(name: str | None) -> str | None:
    """One spelling per outlet over all corpora: "The Daily Beast" and "daily-beast" are "daily-beast"."""
    slug = re.sub(r"[^a-z0-9]+", "-", (name or "").lower()).strip("-")
    return slug.removeprefix("the-") or None


def parse_words(field: str | None, path: Path, line: int) -> tuple[str, ...] | None:
    """The words of a field like `['regime', 'slammed']`; None where it is blank: nobody looked.

    Raises:
        BadRow: the field is no list of strings.

    """
    if not field:
        return None
    try:
        words = ast.literal_eval(field)
    except (SyntaxError, ValueError):
        words = None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadRow(path, line, "biased words", "a list of strings", repr(field[:60]))
    return tuple(words)


def find_words(text: str, words: Iterable[str]) -> tuple[list[tuple[int, int]], list[str]]:
    """Where the words stand in the text, in its order and none inside another; and the words that are not there."""
    straight = text.translate(_STRAIGHT)
    stretches: set[tuple[int, int]] = set()
    missing: list[str] = []
    for word in words:
        bare = word.translate(_STRAIGHT).strip("\"' ")
        found = re.finditer(rf"(?<!\w){re.escape(bare)}(?!\w)", straight, re.IGNORECASE) if bare else ()
        places = {match.span() for match in found}
        stretches |= places
        if not places:
            missing.append(word)
    outer = [s for s in stretches if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in stretches)]
    return sorted(outer), missing


def wording_sentence(
    corpus: Corpus, doc: Document, row: int, text: str, is_loaded: bool, words: tuple[str, ...] | None, split: str
) -> LabelledSentence:
    """A sentence with its label and its loaded words; `row` counts the file's rows from 0. White space is squeezed."""
    text = " ".join(text.split())
    stretches, missing = find_words(text, words or ())
    is_complete = words is not None and not missing and bool(words or not is_loaded)
    name = f"{corpus.name}-{split}-{row}"
    return LabelledSentence(
        id=name,
        doc=doc if doc.id else Document(name, doc.outlet, doc.published, doc.section, doc.story),
        index=row,
        text=text,
        lenses=(Lens.WORDING,),
        labels={Task.WORDING: "loaded" if is_loaded else "plain"},
        spans=tuple(_spans(text, row, stretches)),
        exhaustive=(SpanLabel.LOADED,) if is_complete else (),
        split=split,
        corpus=corpus.name,
        licence=corpus.licence,
    )


def _spans(text: str, row: int, stretches: list[tuple[int, int]]) -> Iterator[Span]:
    for order, (start, end) in enumerate(stretches, start=1):
        yield Span(f"{row}-l{order}", SpanLabel.LOADED, start, end, text[start:end])
