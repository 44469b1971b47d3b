"""Silver stances: targets in unlabelled news, labelled by networks that learned stance alone.

A network that answers every question at once overfits the few thousand targets that people labelled before it has
learned the rest; what several specialists agree on in fresh sentences takes it further (pseudo-labels after Lee, 2013;
several teachers distilled into one student after Hinton et al., 2015).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from slantwise.labels import Lens, SpanLabel, StanceLabel
from slantwise.model_folder import load_model
from slantwise.reading import Backend, TargetMention
from slantwise.records import LabelledSentence, Span
from slantwise.segment import segment
from slantwise_training.examples import Library, normalised
from slantwise_training.recipe import SHIPPED, SilverRecipe

__all__ = ["SILVER", "silver_stances"]

SILVER = "silver"
"""The annotator of such records."""
_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_ARTICLES = 40
_PER_ARTICLE = 4
"""Sentences of one article: many articles say more than many sentences."""
_LETTERS = range(40, 351)
_TOLD = 1000


def silver_stances(
    recipe: SilverRecipe,
    library: Library,
    unseen: Collection[str],
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> list[LabelledSentence]:
    """Label what sentences of news mention: people, organisations and places, and actors where the finder marks them.

    A stance is what the mean of the teachers' probabilities holds likeliest; a target of which they are not sure is
    left unlabelled. A sentence counts for the stance of its surest target, and each stance has a third of the
    sentences, so that the many that take no side do not drown the others; where the texts run out first, there are
    fewer.

    Args:
        recipe: texts, teachers, how many and how sure.
        library: where the texts are.
        unseen: texts, `normalised`, that must not be among them.
        seed: draws articles and sentences.
        progress: told now and then how many there are.

    Raises:
        SlantwiseError: a teacher or the finder of mentions is no usable model.
        AskedWrong: a corpus is not there.
    """
    finder = load_model(None if recipe.mentions == SHIPPED else Path(recipe.mentions)).backend
    teachers = [load_model(Path(teacher)).backend for teacher in recipe.teachers]
    wanted = recipe.size // len(_STANCES)
    kept: dict[str, LabelledSentence] = {}
    counts: Counter[StanceLabel] = Counter()
    told = 0
    for sentences in _drawn(library.records(recipe.texts), np.random.default_rng([seed, 2])):
        fresh = [each for each in sentences if each.text not in kept and normalised(each.text) not in unseen]
        for record, surest in _labelled(fresh, finder, teachers, recipe.sure):
            if counts[surest] < wanted and record.text not in kept:
                kept[record.text] = record
                counts[surest] += 1
        if len(kept) // _TOLD > told:
            told = len(kept) // _TOLD
            progress(f"silver stances: {len(kept):,} of {recipe.size:,}")
        if all(counts[stance] >= wanted for stance in _STANCES):
            break
    return list(kept.values())


def _drawn(articles: Sequence[LabelledSentence], rng: np.random.Generator) -> Iterator[list[LabelledSentence]]:
    """Sentences of a few articles at a time, each a record without labels."""
    order = rng.permutation(len(articles))
    for at in range(0, len(order), _ARTICLES):
        found = []
        for article in (articles[i] for i in order[at : at + _ARTICLES]):
            # the end of a text that was cut is no sentence
            whole = [each for each in segment(article.text)[:-1] if len(each.text) in _LETTERS]
            for i in sorted(rng.permutation(len(whole))[:_PER_ARTICLE]):
                place = f"{article.id}/{whole[i].index}"
                found.append(_unlabelled(article, place, whole[i].index, whole[i].text))
        yield found


def _unlabelled(article: LabelledSentence, name: str, index: int, text: str) -> LabelledSentence:
    return LabelledSentence(
        name,
        article.doc,
        index,
        text,
        (Lens.STANCE,),
        annotator=SILVER,
        split=article.split,
        corpus=article.corpus,
        licence=article.licence,
    )


def _labelled(
    sentences: Sequence[LabelledSentence], finder: Backend, teachers: Sequence[Backend], sure: float
) -> Iterator[tuple[LabelledSentence, StanceLabel]]:
    """Those sentences in which the teachers are sure of a target, each with the stance of the surest one."""
    texts = [sentence.text for sentence in sentences]
    places = [
        [(span.start, span.end) for span in reading.spans_of(SpanLabel.MENTION)] for reading in finder.read(texts)
    ]
    named = [i for i, each in enumerate(places) if each]
    if not named:
        return
    means = iter(np.mean([_stances(teacher, texts, places, named) for teacher in teachers], axis=0))
    for i in named:
        sure_ones: list[tuple[float, StanceLabel, Span]] = []
        for (start, end), p in zip(places[i], means, strict=False):
            if p.max() >= sure:
                stance = _STANCES[int(p.argmax())]
                span = Span(f"s{len(sure_ones)}", SpanLabel.TARGET, start, end, texts[i][start:end], stance)
                sure_ones.append((float(p.max()), stance, span))
        if sure_ones:
            _, surest, _ = max(sure_ones, key=lambda each: each[0])
            yield replace(sentences[i], spans=tuple(span for _, _, span in sure_ones)), surest


def _stances(
    teacher: Backend, texts: Sequence[str], places: Sequence[Sequence[tuple[int, int]]], named: Sequence[int]
) -> NDArray[np.float32]:
    """A teacher's probabilities of each place in the sentences that have some, shape (places, 3)."""
    readings = teacher.read([texts[i] for i in named])
    mentions = [
        TargetMention(reading, start, end, reading.text[start:end])
        for i, reading in zip(named, readings, strict=True)
        for start, end in places[i]
    ]
    return teacher.stance(mentions)
