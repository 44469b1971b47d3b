"""From an article to its score: segment, read, find voices and targets, take stances, sum up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article, Sentence
from slantwise.labels import HedgeKind, Hedging, SentenceKind, SpanLabel, StanceLabel, Task, Wording
from slantwise.model_folder import Model, load_model
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention
from slantwise.score import (
    AUTHOR,
    ArticleScore,
    Cue,
    HedgingScore,
    LoadedWord,
    SentenceScore,
    StanceScore,
    WordingScore,
)
from slantwise.segment import segment
from slantwise.summary import summarise
from slantwise.targets import Mention, WantedTarget, find_targets, name_sources
from slantwise.voices import Voices, find_voices

__all__ = ["Scorer"]

_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_BATCH = 256
_NO_STATEMENT = frozenset({SentenceKind.BYLINE, SentenceKind.DATELINE})
"""Names, places and dates commit to nothing and judge nobody, whatever a model makes of their words."""
_CERTAINLY_NOT = np.array([1, 0], dtype=np.float32)
_SILENT = Reading("", {Task.HEDGING: _CERTAINLY_NOT, Task.WORDING: _CERTAINLY_NOT}, ())


class Scorer:
    """Scores articles with one model. Scoring an article never depends on the articles scored with it.

    Args:
        model: a loaded model; None loads the shipped one.
        targets: score stances towards these only; empty lets the model find its targets.
        quotes_as_author: score quotations as if the author had written them.
    """

    def __init__(
        self, model: Model | None = None, *, targets: Sequence[WantedTarget] = (), quotes_as_author: bool = False
    ) -> None:
        self.model = load_model() if model is None else model
        self.targets = tuple(targets)
        self.quotes_as_author = quotes_as_author

    def score(self, article: Article) -> ArticleScore:
        """Score one article."""
        backend = self.model.backend
        sentences = segment(article.text)
        readings: list[Reading] = []
        for at in range(0, len(sentences), _BATCH):
            readings += backend.read([s.text for s in sentences[at : at + _BATCH]])
        voices = find_voices(article, sentences, readings, quotes_as_author=self.quotes_as_author)
        targets, mentions = find_targets(sentences, readings, self.targets)
        attributions = name_sources(voices.attributions, sentences, mentions, voices.speakers)
        stances = self._stances(sentences, readings, mentions, voices)
        scored = tuple(
            self._sentence(s, r, voices, tuple(stances[s.index])) for s, r in zip(sentences, readings, strict=True)
        )
        spoken = [voices.words(s.start, s.text) for s in sentences]
        summary = summarise(scored, attributions, targets, spoken)
        return ArticleScore(article.id, self.model.name, scored, attributions, targets, summary)

    def score_all(self, articles: Iterable[Article]) -> Iterator[ArticleScore]:
        """Score articles one after another, holding one at a time."""
        return map(self.score, articles)

    def _sentence(
        self, sentence: Sentence, reading: Reading, voices: Voices, stances: tuple[StanceScore, ...]
    ) -> SentenceScore:
        if sentence.kind in _NO_STATEMENT:
            reading = _SILENT
        cues, words = [], []
        for span in reading.spans_of(SpanLabel.HEDGE):
            start, end, text, voice = self._placed(span, sentence, voices)
            kind = span.value if isinstance(span.value, HedgeKind) else HedgeKind.EPISTEMIC
            cues.append(Cue(start, end, text, kind, voice))
        for span in reading.spans_of(SpanLabel.LOADED):
            words.append(LoadedWord(*self._placed(span, sentence, voices)))
        hedged, p_hedged = self._label(Task.HEDGING, reading)
        loaded, p_loaded = self._label(Task.WORDING, reading)
        return SentenceScore(
            sentence.start,
            sentence.end,
            sentence.text,
            sentence.index,
            sentence.kind,
            voices.at(sentence.start, sentence.end),
            HedgingScore(Hedging(hedged), p_hedged, tuple(cues)),
            WordingScore(Wording(loaded), p_loaded, tuple(words)),
            stances,
        )

    def _label(self, task: Task, reading: Reading) -> tuple[str, float]:
        """The label a task's probabilities stand for, and the probability of its positive label."""
        p = reading.tasks.get(task)
        if p is None:
            return "unsure", 0.5
        decision = self.model.backend.decisions.get(task, Decision())
        return "unsure" if decision.is_unsure(p) else decision.label(task, p), float(p[1])

    def _placed(self, span: FoundSpan, sentence: Sentence, voices: Voices) -> tuple[int, int, str, str]:
        start, end = span.start + sentence.start, span.end + sentence.start
        return start, end, sentence.text[span.start : span.end], voices.at(start, end)

    def _stances(
        self, sentences: Sequence[Sentence], readings: Sequence[Reading], mentions: Sequence[Mention], voices: Voices
    ) -> dict[int, list[StanceScore]]:
        found: dict[int, list[StanceScore]] = defaultdict(list)
        for at in range(0, len(mentions), _BATCH):
            batch = mentions[at : at + _BATCH]
            holders = [self._holder(mention, sentences[mention.sentence], voices) for mention in batch]
            asked = [
                self._asked(m, sentences[m.sentence], readings[m.sentence], holder, voices)
                for m, holder in zip(batch, holders, strict=True)
            ]
            for mention, holder, p in zip(batch, holders, self.model.backend.stance(asked), strict=True):
                found[mention.sentence].append(self._stance(mention, sentences[mention.sentence], holder, p))
        return found

    def _holder(self, mention: Mention, sentence: Sentence, voices: Voices) -> str:
        """Whose stance it is: the innermost source's, or his whose cue judges it ("Ilves praised Maro")."""
        start, end = mention.start + sentence.start, mention.end + sentence.start
        holder = voices.at(start, end)
        return voices.judge_of(start, end) if holder == AUTHOR and not self.quotes_as_author else holder

    def _stance(self, mention: Mention, sentence: Sentence, holder: str, p: NDArray[np.float32]) -> StanceScore:
        second, first = (int(i) for i in np.argsort(p, kind="stable")[-2:])
        unsure = float(p[first] - p[second]) < self.model.backend.stance_margin
        return StanceScore(
            mention.start + sentence.start,
            mention.end + sentence.start,
            sentence.text[mention.start : mention.end],
            mention.target,
            StanceLabel.UNSURE if unsure else _STANCES[first],
            float(p[first]),
            holder,
            (_STANCES[first], _STANCES[second]) if unsure else None,
        )

    @staticmethod
    def _asked(mention: Mention, sentence: Sentence, reading: Reading, holder: str, voices: Voices) -> TargetMention:
        source = None if holder == AUTHOR else voices.source_of(holder)
        place = None
        if source and sentence.start <= source.start and source.end <= sentence.end:
            place = (source.start - sentence.start, source.end - sentence.start)
        name = sentence.text[mention.start : mention.end]
        return TargetMention(reading, mention.start, mention.end, name, place)
