"""Scores as flat rows, one a sentence or one an article: `SENTENCE_COLUMNS` and `ARTICLE_COLUMNS` say what is where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from slantwise.formats.score_json import rounded
from slantwise.labels import Hedging, Quotation, SourceKind, StanceLabel, Wording
from slantwise.score import AUTHOR, ArticleScore, Attribution, SentenceScore

__all__ = ["ARTICLE_COLUMNS", "SENTENCE_COLUMNS", "CellKind", "Column", "FlatRow", "Level", "flat_rows"]

FlatRow: TypeAlias = dict[str, str | int | float | list[str] | list[float] | None]


class Level(StrEnum):
    """What one flat row stands for."""

    SENTENCE = "sentence"
    ARTICLE = "article"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of such a row."""
        return SENTENCE_COLUMNS if self is Level.SENTENCE else ARTICLE_COLUMNS


class CellKind(StrEnum):
    """What a column holds. Lists are lists in Parquet and JSON arrays in CSV."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    TEXTS = "list of texts"
    NUMBERS = "list of numbers"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds and what that means."""

    name: str
    kind: CellKind
    meaning: str


SENTENCE_COLUMNS = (
    Column("article", CellKind.TEXT, "the article's id"),
    Column("index", CellKind.WHOLE, "the sentence's place in the article, from 0"),
    Column("start", CellKind.WHOLE, "where it starts in the article's text, in code points"),
    Column("end", CellKind.WHOLE, "where it ends, exclusive"),
    Column("kind", CellKind.TEXT, "headline, byline, caption, dateline or body"),
    Column("text", CellKind.TEXT, "the sentence"),
    Column("voice", CellKind.TEXT, "who holds most of its characters: author, or an attribution's id"),
    Column("source", CellKind.TEXT, "the words that name that attribution's source; empty for the author"),
    Column("source_kind", CellKind.TEXT, "named, institution, media, anonymous or pronoun; empty for the author"),
    Column("quotation", CellKind.TEXT, "direct, indirect or mixed; empty for the author"),
    Column("hedging", CellKind.TEXT, "asserted, hedged or unsure"),
    Column("hedging_p", CellKind.NUMBER, "the probability of hedged"),
    Column("hedge_cues", CellKind.TEXTS, "the hedge cues, in text order"),
    Column("hedge_kinds", CellKind.TEXTS, "the kind of each of hedge_cues"),
    Column("hedge_voices", CellKind.TEXTS, "the voice of each of hedge_cues"),
    Column("wording", CellKind.TEXT, "plain, loaded or unsure"),
    Column("wording_p", CellKind.NUMBER, "the probability of loaded"),
    Column("loaded_words", CellKind.TEXTS, "the loaded words, in text order"),
    Column("loaded_voices", CellKind.TEXTS, "the voice of each of loaded_words"),
    Column("stance_targets", CellKind.TEXTS, "the name of the target of each stance"),
    Column("stance_labels", CellKind.TEXTS, "each stance: against, neutral, favor or unsure"),
    Column("stance_p", CellKind.NUMBERS, "the probability of each stance's best label"),
    Column("stance_holders", CellKind.TEXTS, "whose each stance is: author, or an attribution's id"),
    Column("model", CellKind.TEXT, "the model's name"),
    Column("model_sha256", CellKind.TEXT, "the sha256 over the model's files"),
)

ARTICLE_COLUMNS = (
    Column("article", CellKind.TEXT, "the article's id"),
    Column("sentences", CellKind.WHOLE, "sentences of any kind"),
    Column("author_sentences", CellKind.WHOLE, "of these, in the author's voice"),
    Column("hedged", CellKind.WHOLE, "sentences labelled hedged"),
    Column("author_hedged", CellKind.WHOLE, "of these, in the author's voice"),
    Column("hedging_unsure", CellKind.WHOLE, "sentences whose hedging is too close to call"),
    Column("loaded", CellKind.WHOLE, "sentences labelled loaded"),
    Column("author_loaded", CellKind.WHOLE, "of these, in the author's voice"),
    Column("wording_unsure", CellKind.WHOLE, "sentences whose wording is too close to call"),
    Column("hedge_cues", CellKind.WHOLE, "hedge cues"),
    Column("author_hedge_cues", CellKind.WHOLE, "of these, in the author's voice"),
    Column("loaded_words", CellKind.WHOLE, "loaded words or phrases"),
    Column("author_loaded_words", CellKind.WHOLE, "of these, in the author's voice"),
    Column("attributions", CellKind.WHOLE, "attributions"),
    *(Column(each, CellKind.WHOLE, f"of these, in {each} quotation") for each in Quotation),
    Column("anonymous", CellKind.WHOLE, "attributions to an anonymous source"),
    Column("targets", CellKind.WHOLE, "targets"),
    *(Column(each, CellKind.WHOLE, f"mentions of targets with the stance {each}") for each in StanceLabel),
    *(Column(f"author_{each}", CellKind.WHOLE, f"of {each}, those the author holds") for each in StanceLabel),
    Column("summary", CellKind.TEXT, "the summary, as a JSON object"),
    Column("model", CellKind.TEXT, "the model's name"),
    Column("model_sha256", CellKind.TEXT, "the sha256 over the model's files"),
)


def flat_rows(score: ArticleScore, level: Level) -> list[FlatRow]:
    """A score's rows at a level, each with the keys of `level.columns` in their order."""
    if level is Level.ARTICLE:
        return [_article_row(score)]
    voices = {each.id: each for each in score.attributions}
    names = {target.id: target.name for target in score.targets}
    return [_sentence_row(score, sentence, voices.get(sentence.voice), names) for sentence in score.sentences]


def _sentence_row(
    score: ArticleScore, sentence: SentenceScore, speaker: Attribution | None, names: Mapping[str, str]
) -> FlatRow:
    source = speaker.source if speaker is not None else None
    cues, words, stances = sentence.hedging.cues, sentence.wording.words, sentence.stance
    return {
        "article": score.article,
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "kind": str(sentence.kind),
        "text": sentence.text,
        "voice": sentence.voice,
        "source": source.text if source is not None else None,
        "source_kind": str(source.kind) if source is not None else None,
        "quotation": str(speaker.quotation) if speaker is not None else None,
        "hedging": str(sentence.hedging.label),
        "hedging_p": rounded(sentence.hedging.p),
        "hedge_cues": [cue.text for cue in cues],
        "hedge_kinds": [str(cue.kind) for cue in cues],
        "hedge_voices": [cue.voice for cue in cues],
        "wording": str(sentence.wording.label),
        "wording_p": rounded(sentence.wording.p),
        "loaded_words": [word.text for word in words],
        "loaded_voices": [word.voice for word in words],
        "stance_targets": [names.get(stance.target, stance.target) for stance in stances],
        "stance_labels": [str(stance.label) for stance in stances],
        "stance_p": [rounded(stance.p) for stance in stances],
        "stance_holders": [stance.holder for stance in stances],
        "model": score.model.name,
        "model_sha256": score.model.sha256,
    }


def _article_row(score: ArticleScore) -> FlatRow:
    sentences = score.sentences
    own = [sentence for sentence in sentences if sentence.voice == AUTHOR]
    hedging = Counter(sentence.hedging.label for sentence in sentences)
    wording = Counter(sentence.wording.label for sentence in sentences)
    cues = [cue.voice for sentence in sentences for cue in sentence.hedging.cues]
    words = [word.voice for sentence in sentences for word in sentence.wording.words]
    quotations = Counter(each.quotation for each in score.attributions)
    sources = Counter(each.source.kind for each in score.attributions if each.source is not None)
    stances = [stance for sentence in sentences for stance in sentence.stance]
    all_stances = Counter(stance.label for stance in stances)
    own_stances = Counter(stance.label for stance in stances if stance.holder == AUTHOR)
    return {
        "article": score.article,
        "sentences": len(sentences),
        "author_sentences": len(own),
        "hedged": hedging[Hedging.HEDGED],
        "author_hedged": sum(sentence.hedging.label is Hedging.HEDGED for sentence in own),
        "hedging_unsure": hedging[Hedging.UNSURE],
        "loaded": wording[Wording.LOADED],
        "author_loaded": sum(sentence.wording.label is Wording.LOADED for sentence in own),
        "wording_unsure": wording[Wording.UNSURE],
        "hedge_cues": len(cues),
        "author_hedge_cues": cues.count(AUTHOR),
        "loaded_words": len(words),
        "author_loaded_words": words.count(AUTHOR),
        "attributions": len(score.attributions),
        **{str(each): quotations[each] for each in Quotation},
        "anonymous": sources[SourceKind.ANONYMOUS],
        "targets": len(score.targets),
        **{str(each): all_stances[each] for each in StanceLabel},
        **{f"author_{each}": own_stances[each] for each in StanceLabel},
        "summary": json.dumps(score.summary, ensure_ascii=False, allow_nan=False),
        "model": score.model.name,
        "model_sha256": score.model.sha256,
    }
