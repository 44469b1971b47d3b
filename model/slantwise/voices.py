"""Who speaks where: attributions over a whole article, and the voice of every character."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from slantwise.article import Article, Sentence
from slantwise.labels import Quotation, SentenceKind, SourceKind, SpanLabel
from slantwise.quotes import Quote, find_quotes
from slantwise.reading import FoundSpan, Reading
from slantwise.score import AUTHOR, Attribution, Source, TextSpan
from slantwise.sources import kind_of_source

__all__ = ["Voices", "find_voices"]

_CITING = re.compile(r"\b(?:citing|cited|cites|quoting|quoted|quotes)\b", re.I)
_HE_OR_SHE = re.compile(r"(?:he|she)\b\W*$", re.I)
_REACH = 2
"""A pronoun's speaker, or that of a quotation that fills a sentence, is looked for this many sentences away."""
_LAST_SPEAKER = 12
_NOBODY_NAMED = 0.5
"""The confidence in a quotation that nobody is named for."""


@dataclass(frozen=True, slots=True)
class Voices:
    """An article's attributions in text order, and who holds each character.

    Args:
        attributions: in text order.
        owners: per character of the article, 0 for the author or 1 + the index of an attribution.
    """

    attributions: tuple[Attribution, ...]
    owners: NDArray[np.int32]

    def at(self, start: int, end: int) -> str:
        """The voice that holds most of these characters: `AUTHOR` or an attribution's id."""
        counts = np.bincount(self.owners[start:end], minlength=1)
        owner = int(counts.argmax())
        return self.attributions[owner - 1].id if owner else AUTHOR

    def source_of(self, voice: str) -> Source | None:
        """The source behind a voice; None for the author and for quotations nobody is named for."""
        return None if voice == AUTHOR else self.attributions[int(voice[1:]) - 1].source


@dataclass(slots=True)
class _Draft:
    """An attribution in the making; offsets into the article."""

    sentence: int
    source: FoundSpan | None
    cue: FoundSpan | None
    contents: list[tuple[int, int]]
    p: float
    speaker: _Draft | None = None
    via: _Draft | None = None


def find_voices(
    article: Article, sentences: Sequence[Sentence], readings: Sequence[Reading], *, quotes_as_author: bool = False
) -> Voices:
    """Resolve the attributions of an article from what the model found in its sentences and from its quotation marks.

    Args:
        article: the article.
        sentences: its sentences.
        readings: the model's reading of each sentence.
        quotes_as_author: report attributions, but give every character to the author.
    """
    drafts = [draft for s, r in zip(sentences, readings, strict=True) for draft in _in_sentence(s, r)]
    quotes = [quote for quote in find_quotes(article.text) if not quote.scare]
    drafts = _give_quotes(drafts, quotes, sentences)
    _chain(article, drafts)
    _resolve_pronouns(article, drafts)
    drafts = [d for d in drafts if d.contents or d.via is not None]
    drafts.sort(key=lambda d: min([c[0] for c in d.contents] + [s.start for s in (d.source, d.cue) if s]))
    names = {id(draft): f"a{i}" for i, draft in enumerate(drafts, 1)}
    finished = tuple(_finish(article, d, names, quotes) for d in drafts)
    owners = np.zeros(len(article.text), dtype=np.int32)
    if not quotes_as_author:
        contents = [(c.end - c.start, c, i) for i, a in enumerate(finished, 1) for c in a.content]
        # the smallest is painted last: where contents lie inside each other, the innermost speaks
        for _, content, i in sorted(contents, key=lambda item: -item[0]):
            owners[content.start : content.end] = i
    return Voices(finished, owners)


def _in_sentence(sentence: Sentence, reading: Reading) -> list[_Draft]:
    """Gather a sentence's source, cue and content spans around its cues, each span with its nearest cue."""
    if sentence.kind in (SentenceKind.BYLINE, SentenceKind.DATELINE):
        return []
    spans = {label: [_moved(s, sentence.start) for s in reading.spans_of(label)] for label in _PARTS}
    cues, sources, contents = (spans[label] for label in _PARTS)
    if not cues:
        return []
    drafts = [_Draft(sentence.index, None, cue, [], cue.p) for cue in cues]
    for source in sources:
        draft = min(drafts, key=lambda d: (d.source is not None, _gap(source, d.cue)))
        if draft.source is None:
            draft.source = source
    for content in contents:
        draft = min(drafts, key=lambda d: (_gap(content, d.cue), d.source is None))
        draft.contents.append((content.start, content.end))
        draft.p = min(draft.p, content.p)
    return drafts


_PARTS = (SpanLabel.CUE, SpanLabel.SOURCE, SpanLabel.CONTENT)


def _give_quotes(drafts: Sequence[_Draft], quotes: Sequence[Quote], sentences: Sequence[Sentence]) -> list[_Draft]:
    """Every quotation belongs to somebody.

    To the attribution whose content it overlaps or that stands in its sentences; else to the one just before or just
    after in the same paragraph; else, where it fills its paragraph, to the last speaker; else to nobody named.
    """
    by_sentence: defaultdict[int, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        by_sentence[draft.sentence].append(draft)
    starts = [s.start for s in sentences]
    for quote in quotes:
        first = max(0, bisect_right(starts, quote.start) - 1)
        within = range(first, max(first + 1, bisect_right(starts, quote.end - 1)))
        owner = _owner(quote, within, by_sentence, sentences)
        if owner is None:
            owner = _Draft(first, None, None, [], _NOBODY_NAMED)
            by_sentence[first].append(owner)
        _extend(owner, quote)
    return [draft for row in by_sentence.values() for draft in row]


def _extend(owner: _Draft, quote: Quote) -> None:
    """Make a quotation part of an attribution's content."""
    touching = [c for c in owner.contents if c[0] <= quote.end and c[1] >= quote.start]
    whole = (min([quote.start, *(c[0] for c in touching)]), max([quote.end, *(c[1] for c in touching)]))
    # a content that the model stretched over its own cue or source is cut back to the quotation
    if any(whole[0] < a.end and whole[1] > a.start for a in (owner.cue, owner.source) if a):
        whole = (quote.start, quote.end)
    owner.contents = sorted([*(c for c in owner.contents if c not in touching), whole])


def _owner(
    quote: Quote, within: range, drafts: Mapping[int, list[_Draft]], sentences: Sequence[Sentence]
) -> _Draft | None:
    def outside(indexes: range) -> list[_Draft]:
        found = (d for i in indexes if i in drafts for d in drafts[i] if d.cue)
        return [d for d in found if d.cue and not (quote.start <= d.cue.start and d.cue.end <= quote.end)]

    here = outside(within)
    overlapping = [d for d in here if any(a < quote.end and b > quote.start for a, b in d.contents)]
    if here:
        return min(overlapping or here, key=lambda d: (d.source is None, _gap(quote, d.cue)))
    first = within[0]
    paragraph = sentences[first].paragraph
    around = range(max(0, first - _REACH), min(len(sentences), within[-1] + _REACH + 1))
    same = [d for d in outside(around) if sentences[d.sentence].paragraph == paragraph]
    if same:
        # the one before wins a tie: "No," he said. "Never."
        return min(same, key=lambda d: (abs(d.sentence - first), d.sentence > first))
    if not _fills_paragraph(quote, within, sentences):
        return None
    earlier = [d for i in range(max(0, first - _LAST_SPEAKER), first) for d in drafts.get(i, ()) if d.contents]
    return earlier[-1] if earlier and sentences[earlier[-1].sentence].paragraph == paragraph - 1 else None


def _fills_paragraph(quote: Quote, within: range, sentences: Sequence[Sentence]) -> bool:
    first, last = sentences[within[0]], sentences[within[-1]]
    alone_before = within[0] == 0 or sentences[within[0] - 1].paragraph != first.paragraph
    alone_after = within[-1] + 1 >= len(sentences) or sentences[within[-1] + 1].paragraph != last.paragraph
    return alone_before and alone_after and quote.start == first.start and quote.end >= last.end - 1


def _chain(article: Article, drafts: Sequence[_Draft]) -> None:
    """Chains of outlets: "A reported, citing B" and "A cited B as saying" reach the author through A."""
    for _, group in groupby(sorted(drafts, key=lambda d: d.sentence), key=lambda d: d.sentence):
        cued = [d for d in group if d.cue and d.source]
        for draft in cued:
            others = [d for d in cued if d is not draft and d.contents]
            if draft.cue is None or draft.source is None or not others:
                continue
            if not _CITING.search(article.text[draft.cue.start : draft.cue.end]):
                continue
            nearest = min(others, key=lambda d: _gap(draft.cue, d.cue))
            if draft.source.start >= draft.cue.start and nearest.cue and nearest.cue.start < draft.cue.start:
                # "A reported C, citing B": B said C, A passed it on
                draft.via, draft.contents = nearest, draft.contents or list(nearest.contents)
            elif nearest.via is None and draft.via is None:
                nearest.via = draft


def _resolve_pronouns(article: Article, drafts: Sequence[_Draft]) -> None:
    """He or she who speaks right after a named person is that person."""
    ordered = sorted((d for d in drafts if d.source), key=lambda d: (d.sentence, d.source.start if d.source else 0))
    for before, draft in pairwise(ordered):
        if draft.source is None or before.source is None or draft.sentence - before.sentence > _REACH:
            continue
        if _HE_OR_SHE.match(article.text[draft.source.start : draft.source.end]):
            named = before.speaker or before
            surface = article.text[named.source.start : named.source.end] if named.source else ""
            if kind_of_source(surface) is SourceKind.NAMED:
                draft.speaker = named


def _finish(article: Article, draft: _Draft, names: dict[int, str], quotes: Sequence[Quote]) -> Attribution:
    contents = tuple(_span(article, a, b) for a, b in draft.contents)
    source = None
    if draft.source:
        text = article.text[draft.source.start : draft.source.end]
        speaker = draft.speaker.source if draft.speaker else None
        entity = article.text[speaker.start : speaker.end] if speaker else None
        source = Source(draft.source.start, draft.source.end, text, kind_of_source(text), entity)
    cue = _span(article, draft.cue.start, draft.cue.end) if draft.cue else None
    via = names.get(id(draft.via)) if draft.via else None
    return Attribution(names[id(draft)], source, cue, contents, _quotation(contents, quotes), draft.p, via)


def _quotation(contents: Sequence[TextSpan], quotes: Sequence[Quote]) -> Quotation:
    """Direct when nine tenths of the content stand in quotation marks, indirect when none does."""
    total = sum(c.end - c.start for c in contents)
    quoted = sum(max(0, min(c.end, q.end) - max(c.start, q.start)) for c in contents for q in quotes)
    if quoted == 0:
        return Quotation.INDIRECT
    return Quotation.DIRECT if quoted >= 0.9 * total else Quotation.MIXED


def _moved(span: FoundSpan, by: int) -> FoundSpan:
    return replace(span, start=span.start + by, end=span.end + by)


def _span(article: Article, start: int, end: int) -> TextSpan:
    return TextSpan(start, end, article.text[start:end])


def _gap(a: FoundSpan | Quote | None, b: FoundSpan | None) -> int:
    """Characters between two spans; 0 where they touch or overlap."""
    return max(0, a.start - b.end, b.start - a.end) if a and b else 1 << 30
