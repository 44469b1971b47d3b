"""When a test set is too small to conclude: what its intervals can and cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure
from slantwise_training.evaluation.slices import main_metric

__all__ = ["SHARP", "WIDE", "advice_on", "half_width", "unit_of"]

WIDE = 0.05
"""An interval wider than plus or minus this is worth a word."""
SHARP = 0.03
"""The half-width that the advice is for: published systems lie about that far apart."""
_FEWEST = 30


def advice_on(evaluation: Evaluation) -> list[str]:
    """One line for every measure that is known too vaguely to compare by; none for a set that is large enough."""
    return [line for measure in evaluation.measures.values() for line in _lines(measure)]


def half_width(measure: Measure) -> float:
    """Half the 95 % interval of the main metric."""
    found = measure.intervals[main_metric(measure)]
    return (found.high - found.low) / 2


def unit_of(measure: Measure) -> str:
    """What a measure counts: stances are taken of targets, everything else is of sentences."""
    return "targets" if measure.name == "stance" else "pairs" if measure.name == "directed" else "sentences"


def _lines(measure: Measure) -> Iterator[str]:
    width, unit = half_width(measure), unit_of(measure)
    if isinstance(measure, LabelMeasure):
        least = int(min(measure.counts.support))
        rarest = measure.labels[int(measure.counts.support.argmin())]
        if 0 < least < _FEWEST:
            yield f"{measure.name}: only {least} gold {rarest}; what is said of that label is little more than anecdote"
    if measure.n < _FEWEST:
        yield f"{measure.name}: {measure.n} {unit} are too few to conclude anything; label at least a few hundred"
    elif width > WIDE:
        needed = _rounded(measure.n * (width / SHARP) ** 2)
        yield (
            f"{measure.name}: known to within ±{width:.2f} only; do not read anything into smaller differences. "
            f"About {needed:,} {unit} like these would bring that to ±{SHARP:.2f}"
        )


def _rounded(n: float) -> int:
    """To one digit after the first: nobody knows such a number better."""
    size = 10 ** max(len(str(int(n))) - 2, 0)
    return int(round(n / size) * size)
