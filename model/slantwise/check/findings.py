"""From an article's score to what the rules find in it; nothing is printed, read or decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from slantwise.check.rules import Rule, Whole, find_rule
from slantwise.check.thresholds import Threshold
from slantwise.labels import HedgeKind, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.plain_text import plain
from slantwise.score import AUTHOR, ArticleScore, Attribution, SentenceScore, Source, StanceScore, TextSpan

__all__ = ["Finding", "Found", "find"]

_FURNITURE = (SentenceKind.BYLINE, SentenceKind.DATELINE)
_LOADED_SENTENCE = "SLW102"
_SIDES = {StanceLabel.AGAINST: "SLW401", StanceLabel.FAVOR: "SLW402"}
_STACKED = 2
_FEWEST_ATTRIBUTIONS = 2
_LONGEST_SHOWN = 60
_ARTICLES = ("the ", "a ", "an ")
_ROUNDING = 1e-6
"""Single precision holds a probability to less."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found: where, in which words, and what to say of it.

    `start` and `end` count code points of the article's text. `unit` names the sentence (`s4`), attribution (`a3`),
    source (`12-24`) or article that it counts for in a share: two findings in one sentence are one sentence.
    """

    rule: Rule
    start: int
    end: int
    text: str
    message: str
    unit: str


@dataclass(frozen=True, slots=True)
class Found:
    """All findings of an article in text order, and the units that shares are taken of."""

    findings: tuple[Finding, ...]
    wholes: dict[Whole, frozenset[str]] = field(default_factory=dict)

    def share(self, rule: Rule, findings: tuple[Finding, ...]) -> tuple[int, int]:
        """How many units of the rule's whole these findings of it touch, and how many there are."""
        touched = frozenset(f.unit for f in findings)
        return len(touched), len(self.wholes[rule.whole] | touched)


def find(score: ArticleScore, thresholds: Mapping[str, Threshold] | None = None) -> Found:
    """Apply every rule to a score.

    Args:
        score: of a `StrictBackend` where there are thresholds: it holds no probability of a single word.
        thresholds: from which probability on rules fire, by code. Without one the model's own label decides.

    """
    findings = [
        *_in_sentences(score, thresholds or {}),
        *_paraphrases(score),
        *_sources(score),
        *_sourceless(score),
        *_single_source(score),
    ]
    # one source may be cited for several things: the same words need not be told twice
    unique = {(f.start, f.end, f.rule.code): f for f in reversed(findings)}
    return Found(tuple(unique[key] for key in sorted(unique)), _wholes(score))


def _wholes(score: ArticleScore) -> dict[Whole, frozenset[str]]:
    own = [s for s in score.sentences if s.voice == AUTHOR and s.kind not in _FURNITURE]
    named = [_unit_of(a.source) for a in score.attributions if a.source]
    indirect = [a.id for a in score.attributions if a.quotation is Quotation.INDIRECT]
    quoted = [a.id for a in score.attributions if a.quotation is not Quotation.INDIRECT]
    return {
        Whole.SENTENCES: frozenset(_unit(s) for s in own),
        Whole.SOURCES: frozenset(named),
        Whole.QUOTATIONS: frozenset(quoted),
        Whole.INDIRECT: frozenset(indirect),
        Whole.ARTICLE: frozenset({"article"}),
    }


def _in_sentences(score: ArticleScore, thresholds: Mapping[str, Threshold]) -> Iterator[Finding]:
    """Wording, hedging and stance of the author's."""
    targets = {t.id: t.name for t in score.targets}
    for sentence in score.sentences:
        if sentence.kind in _FURNITURE:
            continue
        yield from _wording(sentence, thresholds)
        yield from _hedging(sentence)
        for stance in sentence.stance:
            label = _side(stance, thresholds)
            if stance.holder != AUTHOR or label is None:
                continue
            against = label is StanceLabel.AGAINST
            side, name = ("against", "author-against") if against else ("in favour of", "author-favor")
            target = targets.get(stance.target, stance.text)
            # a topic that the sentence does not name has no place of its own
            place = stance if stance.end > stance.start else sentence
            message = f"the author's stance {side} {_shown(target)} (p {stance.p:.2f})"
            yield _finding(name, place, message, _unit(sentence))


def _side(stance: StanceScore, thresholds: Mapping[str, Threshold]) -> StanceLabel | None:
    """The side that a stance takes; None where it takes none, or not surely enough."""
    likeliest = stance.between[0] if stance.between else stance.label
    if likeliest not in _SIDES:
        return None
    threshold = thresholds.get(_SIDES[likeliest])
    if threshold is None:
        return likeliest if stance.label is likeliest else None
    return likeliest if threshold.p is not None and stance.p >= threshold.p - _ROUNDING else None


def _wording(sentence: SentenceScore, thresholds: Mapping[str, Threshold]) -> Iterator[Finding]:
    for word in sentence.wording.words:
        if word.voice == AUTHOR:
            yield _finding("loaded", word, f"loaded word {_shown(word.text)} in the author's voice", _unit(sentence))
    threshold = thresholds.get(_LOADED_SENTENCE)
    loaded = sentence.wording.label is Wording.LOADED
    if threshold is not None:
        loaded = threshold.p is not None and sentence.wording.p >= threshold.p - _ROUNDING
    if loaded and sentence.voice == AUTHOR:
        message = f"loaded sentence in the author's voice (p {sentence.wording.p:.2f})"
        yield _finding("loaded-sentence", sentence, message, _unit(sentence))


def _hedging(sentence: SentenceScore) -> Iterator[Finding]:
    own = [cue for cue in sentence.hedging.cues if cue.voice == AUTHOR]
    for cue in own:
        if cue.kind is HedgeKind.VAGUE:
            message = f"vague wording {_shown(cue.text)} in the author's voice"
            yield _finding("vague", cue, message, _unit(sentence))
        else:
            message = f"hedge cue {_shown(cue.text)} ({cue.kind}) in the author's voice"
            yield _finding("hedge", cue, message, _unit(sentence))
    stacked = sorted((c for c in own if c.kind is not HedgeKind.VAGUE), key=lambda c: c.start)
    if len(stacked) >= _STACKED:
        cues = ", ".join(_shown(c.text) for c in stacked)
        message = f"{len(stacked)} hedge cues in one sentence of the author's: {cues}"
        yield _finding("stacked-hedges", sentence, message, _unit(sentence))


def _paraphrases(score: ArticleScore) -> Iterator[Finding]:
    indirect = {a.id: a for a in score.attributions if a.quotation is Quotation.INDIRECT}
    for sentence in score.sentences:
        for word in sentence.wording.words:
            if word.voice in indirect:
                speaker = _speaker(indirect[word.voice])
                message = f"loaded word {_shown(word.text)} in a paraphrase of {speaker}"
                yield _finding("loaded-paraphrase", word, message, word.voice)


def _sources(score: ArticleScore) -> Iterator[Finding]:
    by_id = {a.id: a for a in score.attributions}
    for each in score.attributions:
        if each.source is None:
            continue
        if each.source.kind is SourceKind.ANONYMOUS:
            yield _finding(
                "anonymous", each.source, f"anonymous source {_shown(each.source.text)}", _unit_of(each.source)
            )
        if each.via in by_id:
            message = f"second-hand source {_shown(each.source.text)}, through {_speaker(by_id[each.via])}"
            yield _finding("second-hand", each.source, message, _unit_of(each.source))


def _sourceless(score: ArticleScore) -> Iterator[Finding]:
    for each in score.attributions:
        if each.source is not None:
            continue
        if each.quotation is not Quotation.INDIRECT and each.content:
            message = f"quotation that nobody is named for: {_shown(each.content[0].text)}"
            yield _finding("unattributed-quote", each.content[0], message, each.id)
        elif each.quotation is Quotation.INDIRECT and each.cue:
            yield _finding("agentless", each.cue, f"{_shown(each.cue.text)}, and not by whom", each.id)


def _single_source(score: ArticleScore) -> Iterator[Finding]:
    """An attribution that others came through counts only for its own words; pronouns without a name add nobody."""
    conduits = {a.via for a in score.attributions}
    origins = [a.source for a in score.attributions if a.source and (a.content or a.id not in conduits)]
    speakers: dict[str, TextSpan] = {}
    for source in origins:
        if source.entity or source.kind is not SourceKind.PRONOUN:
            speakers.setdefault(source.entity or _bare(source.text), source)
    if len(origins) >= _FEWEST_ATTRIBUTIONS and len(speakers) == 1:
        (first,) = speakers.values()
        message = f"all {len(origins)} attributions lead to one source, {_shown(first.text)}"
        yield _finding("single-source", first, message, "article")


def _finding(name: str, place: TextSpan, message: str, unit: str) -> Finding:
    return Finding(find_rule(name), place.start, place.end, place.text, message, unit)


def _unit(sentence: SentenceScore) -> str:
    return f"s{sentence.index}"


def _unit_of(source: Source) -> str:
    """A source that is cited for several things at one place is one."""
    return f"{source.start}-{source.end}"


def _speaker(attribution: Attribution) -> str:
    return _shown(attribution.source.text) if attribution.source else "nobody who is named"


def _bare(name: str) -> str:
    """A name without case, article and spacing, to compare by."""
    bare = " ".join(name.lower().split())
    return next((bare.removeprefix(a) for a in _ARTICLES if bare.startswith(a)), bare)


def _shown(text: str) -> str:
    """Words of the article as messages quote them: unable to steer a terminal, on one line, not all of a long one."""
    line = " ".join(plain(text).split())
    return f'"{line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"}"'
