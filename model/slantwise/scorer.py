"""From an article to its score: segment, read, find voices and targets, take stances, sum up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slantwise.actors import find_actors, sided
from slantwise.article import Article, Sentence
from slantwise.labels import HedgeKind, Hedging, SpanLabel, StanceLabel, Task, Wording
from slantwise.memory import SentenceMemory
from slantwise.mentions import Mention
from slantwise.model_folder import Model, load_model
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention
from slantwise.score import (
    AUTHOR,
    ArticleScore,
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    SentenceScore,
    StanceScore,
    Target,
    WordingScore,
)
from slantwise.segment import segment
from slantwise.stand_ins import find_pronouns, name_pronouns
from slantwise.summary import summarise
from slantwise.targets import WantedTarget, find_targets, find_topics, name_sources
from slantwise.voices import Voices, find_voices

__all__ = ["Scorer"]

_STANCES = (StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR)
_BATCH = 256
_BATCH_CHARACTERS = 100_000
_CERTAINLY_NOT = np.array([1, 0], dtype=np.float32)
_SILENT = Reading("", {Task.HEDGING: _CERTAINLY_NOT, Task.WORDING: _CERTAINLY_NOT}, ())


@dataclass(slots=True)
class _Draft:
    """An article on its way to a score; `stances` by sentence, in text order."""

    article: str
    sentences: tuple[Sentence, ...]
    readings: list[Reading]
    voices: Voices
    attributions: tuple[Attribution, ...]
    targets: tuple[Target, ...]
    mentions: Sequence[Mention]
    actors: tuple[Target, ...] = ()
    stances: dict[int, list[StanceScore]] = field(default_factory=lambda: defaultdict(list))


class Scorer:
    """Scores articles with one model. Scoring an article never depends on the articles scored with it.

    Args:
        model: a loaded model; None loads the shipped one.
        targets: score stances towards these only; empty lets the model find its targets.
        topics: score each sentence's stance towards these too, whether or not it names them (see `find_topics`).
        quotes_as_author: score quotations as if the author had written them.
    """

    def __init__(
        self,
        model: Model | None = None,
        *,
        targets: Sequence[WantedTarget] = (),
        topics: Sequence[WantedTarget] = (),
        quotes_as_author: bool = False,
    ) -> None:
        self.model = load_model() if model is None else model
        self.targets = tuple(targets)
        self.topics = tuple(topics)
        self.quotes_as_author = quotes_as_author

    def score(self, article: Article) -> ArticleScore:
        """Score one article."""
        return self.score_together((article,))[0]

    def score_all(self, articles: Iterable[Article]) -> Iterator[ArticleScore]:
        """Score articles one after another, holding one at a time."""
        return map(self.score, articles)

    def score_together(self, articles: Sequence[Article], memory: SentenceMemory | None = None) -> list[ArticleScore]:
        """Score several articles, reading their sentences in common batches of similar length.

        The scores are the same bits as each article's alone; it is faster, since short articles fill no batch. All
        readings are in memory at a time.

        Args:
            articles: what to score.
            memory: sentences read before; those read here are added.
        """
        cut = [segment(article.text) for article in articles]
        readings = self._read([sentence.text for sentences in cut for sentence in sentences], memory)
        drafts = [
            self._draft(article, sentences, [readings[sentence.text] for sentence in sentences])
            for article, sentences in zip(articles, cut, strict=True)
        ]
        self._take_stances(drafts)
        return [self._finished(draft) for draft in drafts]

    def _read(self, texts: Sequence[str], memory: SentenceMemory | None) -> dict[str, Reading]:
        """The reading of each different sentence."""
        different = dict.fromkeys(texts)
        found = memory.known(different) if memory else {}
        fresh: dict[str, Reading] = {}
        for batch in _batches(sorted((text for text in different if text not in found), key=len)):
            fresh |= zip(batch, self.model.backend.read(batch), strict=True)
        if memory:
            memory.asked += len(texts)
            memory.met += len(texts) - len(fresh)
            memory.keep(fresh)
        return found | fresh

    def _draft(self, article: Article, sentences: tuple[Sentence, ...], readings: list[Reading]) -> _Draft:
        voices = find_voices(article, sentences, readings, quotes_as_author=self.quotes_as_author)
        targets, mentions = find_targets(sentences, readings, self.targets)
        attributions = name_sources(voices.attributions, sentences, mentions, voices.speakers)
        named = find_targets(sentences, readings)[1] if self.targets else mentions
        pronouns = find_pronouns(article.text, sentences, named, mentions, attributions, voices.speakers)
        attributions = name_pronouns(attributions, sentences, pronouns)
        topics, asked = find_topics(sentences, self.topics, len(targets))
        # a user who names targets wants those alone
        actors, called = (
            ((), ()) if self.targets else find_actors(sentences, readings, mentions, len(targets) + len(topics))
        )
        whole = sorted((*mentions, *pronouns, *asked, *called), key=lambda m: (m.sentence, m.start, m.end))
        return _Draft(article.id, sentences, readings, voices, attributions, (*targets, *topics), whole, actors)

    def _finished(self, draft: _Draft) -> ArticleScore:
        decisions = self.model.backend.decisions
        actors, stances = sided(draft.actors, draft.stances)
        targets = (*draft.targets, *actors)
        scored = tuple(
            self._sentence(s, r, draft.voices, tuple(stances.get(s.index, ())), decisions)
            for s, r in zip(draft.sentences, draft.readings, strict=True)
        )
        spoken = [draft.voices.words(s.start, s.text) for s in draft.sentences]
        summary = summarise(scored, draft.attributions, targets, spoken)
        return ArticleScore(draft.article, self.model.name, scored, draft.attributions, targets, summary)

    def _sentence(
        self,
        sentence: Sentence,
        reading: Reading,
        voices: Voices,
        stances: tuple[StanceScore, ...],
        decisions: Mapping[Task, Decision],
    ) -> SentenceScore:
        if not sentence.says_something:
            reading = _SILENT
        cues, words = [], []
        for span in reading.spans_of(SpanLabel.HEDGE):
            start, end, text, voice = self._placed(span, sentence, voices)
            kind = span.value if isinstance(span.value, HedgeKind) else HedgeKind.EPISTEMIC
            cues.append(Cue(start, end, text, kind, voice))
        for span in reading.spans_of(SpanLabel.LOADED):
            words.append(LoadedWord(*self._placed(span, sentence, voices)))
        hedged, p_hedged = self._label(Task.HEDGING, reading, decisions)
        loaded, p_loaded = self._label(Task.WORDING, reading, decisions)
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

    @staticmethod
    def _label(task: Task, reading: Reading, decisions: Mapping[Task, Decision]) -> tuple[str, float]:
        """The label a task's probabilities stand for, and the probability of its positive label."""
        p = reading.tasks.get(task)
        if p is None:
            return "unsure", 0.5
        decision = decisions.get(task, Decision())
        return "unsure" if decision.is_unsure(p) else decision.label(task, p), float(p[1])

    def _placed(self, span: FoundSpan, sentence: Sentence, voices: Voices) -> tuple[int, int, str, str]:
        start, end = span.start + sentence.start, span.end + sentence.start
        return start, end, sentence.text[span.start : span.end], voices.at(start, end)

    def _take_stances(self, drafts: Sequence[_Draft]) -> None:
        """Take the stance of every mention, in batches over all articles."""
        asked = [(draft, mention) for draft in drafts for mention in draft.mentions]
        for at in range(0, len(asked), _BATCH):
            batch = asked[at : at + _BATCH]
            holders = [
                self._holder(mention, draft.sentences[mention.sentence], draft.voices) for draft, mention in batch
            ]
            wanted = [
                self._asked(m, draft.sentences[m.sentence], draft.readings[m.sentence], holder, draft.voices)
                for (draft, m), holder in zip(batch, holders, strict=True)
            ]
            for (draft, m), holder, p in zip(batch, holders, self.model.backend.stance(wanted), strict=True):
                draft.stances[m.sentence].append(self._stance(m, draft.sentences[m.sentence], holder, p))

    def _holder(self, mention: Mention, sentence: Sentence, voices: Voices) -> str:
        """Whose stance it is: the innermost source's, or his whose cue judges it ("Ilves praised Maro").

        Towards a topic that is not mentioned, it is that of the sentence's main voice.
        """
        if mention.topic is not None:
            return voices.at(sentence.start, sentence.end)
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
        name = sentence.text[mention.start : mention.end] if mention.topic is None else mention.topic
        return TargetMention(reading, mention.start, mention.end, name, place)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Cut texts into batches: so many at most, and so many characters unless one text alone has more."""
    batch: list[str] = []
    room = _BATCH_CHARACTERS
    for text in texts:
        if batch and (len(batch) == _BATCH or len(text) > room):
            yield batch
            batch, room = [], _BATCH_CHARACTERS
        batch.append(text)
        room -= len(text)
    if batch:
        yield batch
