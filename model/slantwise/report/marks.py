"""What is marked in an article's text, each mark with its reasons."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from slantwise.labels import Hedging, Lens, StanceLabel, Wording
from slantwise.report.cast import Cast
from slantwise.report.wording import percent, printable
from slantwise.score import ArticleScore, Attribution, Cue, SentenceScore, StanceScore, TextSpan

__all__ = ["Mark", "Reason", "labels_of", "marks_of"]

_SIDES = {
    StanceLabel.FAVOR: "for",
    StanceLabel.AGAINST: "against",
    StanceLabel.NEUTRAL: "neutral",
    StanceLabel.UNSURE: "unsure",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation; `is_text` says that the value comes from the article."""

    term: str
    value: str
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of the article: its lens, style, what it is, and why.

    `style` is one of hedge, loaded, source, cue, favor, against, neutral and unsure.
    """

    id: str
    start: int
    end: int
    text: str
    lens: Lens
    style: str
    what: str
    reasons: tuple[Reason, ...]


def marks_of(score: ArticleScore, cast: Cast) -> dict[int, list[Mark]]:
    """The marks of an article by the index of the sentence they start in, in text order."""
    sentences = score.sentences
    starts = [s.start for s in sentences]
    found: defaultdict[int, list[tuple[TextSpan, Lens, str, str, tuple[Reason, ...]]]] = defaultdict(list)
    for at, sentence in enumerate(sentences):
        found[at] += _own(sentence, score, cast)
    for attribution in score.attributions:
        for row in _attributed(attribution, cast):
            found[max(0, bisect_right(starts, row[0].start) - 1)].append(row)
    marks: dict[int, list[Mark]] = {}
    for at, rows in found.items():
        rows.sort(key=lambda row: (row[0].start, -row[0].end))
        marks[at] = [
            # a topic that is not named has no words of its own: its first reason is its name
            Mark(
                f"w{at + 1}-{n}",
                span.start,
                span.end,
                printable(span.text) or reasons[0].value,
                lens,
                style,
                what,
                reasons,
            )
            for n, (span, lens, style, what, reasons) in enumerate(rows, 1)
        ]
    return marks


def labels_of(sentence: SentenceScore) -> tuple[Reason, Reason]:
    """The sentence's hedging and wording with the probability of the label that is given."""
    hedging, wording = sentence.hedging, sentence.wording
    return (
        Reason("hedging", _label(hedging.label, hedging.label is Hedging.UNSURE, hedging.p, Hedging.HEDGED)),
        Reason("wording", _label(wording.label, wording.label is Wording.UNSURE, wording.p, Wording.LOADED)),
    )


def _label(label: str, is_unsure: bool, p: float, positive: str) -> str:
    if is_unsure:
        return f"unsure; {positive} {percent(p)}"
    return f"{label}, {percent(p if label == positive else 1 - p)}"


def _own(
    sentence: SentenceScore, score: ArticleScore, cast: Cast
) -> Iterator[tuple[TextSpan, Lens, str, str, tuple[Reason, ...]]]:
    hedging, wording = labels_of(sentence)
    for cue in sentence.hedging.cues:
        reasons = (Reason("voice", cast.of(cue.voice).name, True), Reason("sentence", hedging.value))
        yield cue, Lens.HEDGING, "hedge", f"hedge cue, {cue.kind}", (*reasons, *_chain(cue, cast))
    for word in sentence.wording.words:
        reasons = (Reason("voice", cast.of(word.voice).name, True), Reason("sentence", wording.value))
        yield word, Lens.WORDING, "loaded", "loaded word", reasons
    names = {target.id: target.name for target in score.targets}
    for stance in sentence.stance:
        side = _SIDES[stance.label]
        what = f"target, {side}" if stance.text else f"topic, not named, {side}"
        yield stance, Lens.STANCE, str(stance.label), what, _stance(stance, names, cast)


def _chain(cue: Cue, cast: Cast) -> tuple[Reason, ...]:
    chain = cast.chain(cue.voice)
    return (Reason("chain", " → ".join((*chain, "the author")), True),) if len(chain) > 1 else ()


def _stance(stance: StanceScore, names: dict[str, str], cast: Cast) -> tuple[Reason, ...]:
    given = f"{_SIDES[stance.label]}, {percent(stance.p)}"
    if stance.between is not None:
        first, second = stance.between
        given = f"unsure: {_SIDES[first]} ({percent(stance.p)}) or {_SIDES[second]}"
    return (
        Reason("target", printable(names.get(stance.target, stance.target)), True),
        Reason("stance", given),
        Reason("holder", cast.of(stance.holder).name, True),
    )


def _attributed(attribution: Attribution, cast: Cast) -> Iterator[tuple[TextSpan, Lens, str, str, tuple[Reason, ...]]]:
    chain = cast.chain(attribution.id)
    shared: tuple[Reason, ...] = (Reason("attribution", f"{attribution.quotation}, {percent(attribution.p)}"),)
    if len(chain) > 1:
        shared = (*shared, Reason("chain", " → ".join((*chain, "the author")), True))
    source, cue = attribution.source, attribution.cue
    if source is not None:
        said = (Reason("cue", printable(cue.text), True),) if cue else ()
        speaker = cast.of(attribution.id).name
        same = () if speaker == printable(source.text) else (Reason("speaker", speaker, True),)
        yield source, Lens.ATTRIBUTION, "source", f"source, {source.kind}", (*same, *said, *shared)
    if cue is not None:
        named = Reason("source", chain[0], True)
        yield cue, Lens.ATTRIBUTION, "cue", "attribution cue", (named, *shared)
