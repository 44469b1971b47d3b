"""The errors to read first: wrong answers that the model was surest of, with the spans behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slantwise.labels import SpanLabel
from slantwise.reading import FoundSpan
from slantwise.records import Span
from slantwise_training.evaluation.answers import Answer, Seen, SpanAnswer
from slantwise_training.evaluation.ceiling import Votes, votes_on
from slantwise_training.evaluation.result import ATTRIBUTION, STANCE, LabelMeasure, Measure, SpanMeasure

__all__ = ["SHOWN", "SpanErrors", "WorstError", "span_errors", "worst_errors"]

SHOWN = 20
"""Errors shown of each measure."""
_SPANS_BEHIND = {
    "hedging": (SpanLabel.HEDGE,),
    "vagueness": (SpanLabel.HEDGE,),
    "wording": (SpanLabel.LOADED,),
    ATTRIBUTION: (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT),
}
"""The spans that explain a sentence's label."""


@dataclass(frozen=True, slots=True)
class WorstError:
    """One wrong answer. `p` is the probability of what was given; 0 where spans were missed.

    `gold_spans` and `found_spans` are what to highlight, as (start, end, label).
    """

    id: str
    document: str
    outlet: str | None
    text: str
    gold: str
    given: str
    p: float
    about: str | None
    gold_spans: tuple[tuple[int, int, str], ...]
    found_spans: tuple[tuple[int, int, str], ...]
    votes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The error without the sentence: corpora's texts stay out of result files."""
        row = {name: getattr(self, name) for name in ("id", "document", "gold", "p", "votes")}
        row["given"] = self.given.partition(": ")[0]  # without the words of a false span
        spans = {"gold_spans": self.gold_spans, "found_spans": self.found_spans}
        return row | {name: [list(span) for span in value] for name, value in spans.items()}


@dataclass(frozen=True, slots=True)
class SpanErrors:
    """Gold and found spans of one label by what became of them.

    `right`: same bounds and kind; `other_kind`: same bounds; `bounds`: overlapping; `missed` and `invented`: neither.
    Found spans are counted but for `missed`; a gold span that several found ones touch is not missed.
    """

    right: int
    other_kind: int
    bounds: int
    invented: int
    missed: int

    def to_json(self) -> dict[str, int]:
        """The counts as a JSON object."""
        return {name: getattr(self, name) for name in ("right", "other_kind", "bounds", "invented", "missed")}


def worst_errors(measure: Measure, votes: Sequence[Votes] = (), shown: int = SHOWN) -> list[WorstError]:
    """The wrong answers of a measure, the surest first; of spans, false ones by probability, then missed ones."""
    if isinstance(measure, SpanMeasure):
        return list(_span_worst(measure, shown))
    return list(_label_worst(measure, votes, shown))


def span_errors(measure: SpanMeasure) -> SpanErrors:
    """What became of every span."""
    counts: Counter[str] = Counter()
    has_kinds = not measure.counts.has_bare_finds
    for answer in measure.answers:
        gold = {(span.start, span.end): span for span in answer.gold}
        for found in {(span.start, span.end): span for span in answer.found}.values():
            same = gold.get((found.start, found.end))
            if same is not None:
                kinds = has_kinds and same.value is not None and same.value is not found.value
                counts["other_kind" if kinds else "right"] += 1
            else:
                counts["bounds" if _touches(found, answer.gold) else "invented"] += 1
        counts["missed"] += sum(not _touches(span, answer.found) for span in gold.values())
    return SpanErrors(*(counts[name] for name in ("right", "other_kind", "bounds", "invented", "missed")))


def _label_worst(measure: LabelMeasure, votes: Sequence[Votes], shown: int) -> Iterator[WorstError]:
    place = {label: at for at, label in enumerate(measure.labels)}

    def surety(answer: Answer) -> float:
        return answer.p[place[answer.found]] - answer.p[place[answer.gold]] if answer.p else 0.0

    wrong = [answer for answer in measure.answers if not answer.right and answer.seen is not None]
    behind = _SPANS_BEHIND.get(measure.name, ())
    for answer in sorted(wrong, key=surety, reverse=True)[:shown]:
        assert answer.seen is not None
        record = answer.seen.record
        gold = _placed(span for label in behind for span in record.spans_of(label))
        about = None
        if answer.target is not None:
            about = answer.target if isinstance(answer.target, str) else answer.target.text
        if isinstance(answer.target, Span):
            gold = ((answer.target.start, answer.target.end, "target"),)
        yield _error(
            answer.seen,
            answer.document,
            answer.gold,
            answer.found,
            p=answer.p[place[answer.found]] if answer.p else 0.0,
            about=about if measure.name == STANCE else None,
            gold_spans=gold,
            found_spans=_placed(span for span in answer.seen.found if span.label in behind),
            votes=tuple(votes_on(answer, measure.name, votes)),
        )


def _span_worst(measure: SpanMeasure, shown: int) -> Iterator[WorstError]:
    false: list[tuple[float, SpanAnswer, FoundSpan]] = []
    missing: list[tuple[int, SpanAnswer]] = []
    for answer in measure.answers:
        bounds = {(span.start, span.end) for span in answer.gold}
        wrong = [span for span in answer.found if (span.start, span.end) not in bounds]
        if wrong:
            surest = max(wrong, key=lambda span: span.p)
            false.append((surest.p, answer, surest))
        elif missed := sum(not _touches(span, answer.found) for span in answer.gold):
            missing.append((missed, answer))
    for p, answer, span in sorted(false, key=lambda row: -row[0])[: shown - shown // 3]:
        given = "wrong bounds" if _touches(span, answer.gold) else "found, not gold"
        yield _of_spans(answer, _how_many(answer), f"{given}: {answer.text[span.start : span.end]}", p)
    for missed, answer in sorted(missing, key=lambda row: -row[0])[: shown // 3]:
        yield _of_spans(answer, _how_many(answer), f"missed {missed}", 0.0)


def _how_many(answer: SpanAnswer) -> str:
    n = len(answer.gold)
    return f"{n or 'no'} span{'' if n == 1 else 's'}"


def _of_spans(answer: SpanAnswer, gold: str, given: str, p: float) -> WorstError:
    spans = _placed(answer.gold), _placed(answer.found)
    return _error(
        answer.seen, answer.document, gold, given, p=p, about=None, gold_spans=spans[0], found_spans=spans[1], votes=()
    )


def _error(
    seen: Seen,
    document: str,
    gold: str,
    given: str,
    *,
    p: float,
    about: str | None,
    gold_spans: tuple[tuple[int, int, str], ...],
    found_spans: tuple[tuple[int, int, str], ...],
    votes: tuple[str, ...],
) -> WorstError:
    record = seen.record
    outlet = record.doc.outlet
    return WorstError(record.id, document, outlet, record.text, gold, given, p, about, gold_spans, found_spans, votes)


def _placed(spans: Iterable[Span | FoundSpan]) -> tuple[tuple[int, int, str], ...]:
    return tuple((span.start, span.end, str(span.value or span.label)) for span in spans)


def _touches(span: Span | FoundSpan, others: Iterable[Span | FoundSpan]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)
