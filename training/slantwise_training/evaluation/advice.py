"""When a test set is too small to conclude: what its intervals can and cannot tell."""

from __future__ import annotations

from collections.abc import Iterator

from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, told
from slantwise_training.evaluation.slices import main_metric

__all__ = ["SHARP", "WIDE", "advice_on", "half_width", "is_too_small", "unit_of"]

WIDE = 0.05
"""An interval wider than plus or minus this is worth a word."""
SHARP = 0.03
"""The half-width that the advice is for: published systems lie about that far apart."""
_FEWEST, _FEWEST_DOCUMENTS = 30, 5


def advice_on(evaluation: Evaluation) -> list[str]:
    """One line for every measure that is known too vaguely to compare by; none for a set that is large enough."""
    return told(line for measure in evaluation.measures.values() for line in _lines(measure))


def is_too_small(measure: Measure) -> bool:
    """Whether there is too little of it to conclude anything from."""
    return measure.n < _FEWEST or len(measure.per_document) < _FEWEST_DOCUMENTS


def half_width(measure: Measure) -> float:
    """Half the 95 % interval of the main metric."""
    found = measure.intervals[main_metric(measure)]
    return (found.high - found.low) / 2


def unit_of(measure: Measure) -> str:
    """What a measure counts, as many as there are: stances are taken of targets, everything else is of sentences."""
    unit = "target" if measure.name == "stance" else "pair" if measure.name == "directed" else "sentence"
    return unit if measure.n == 1 else f"{unit}s"


def _lines(measure: Measure) -> Iterator[tuple[str, str]]:
    width, unit = half_width(measure), unit_of(measure)
    if isinstance(measure, LabelMeasure):
        least = int(min(measure.counts.support))
        rarest = measure.labels[int(measure.counts.support.argmin())]
        if 0 < least < _FEWEST:
            yield measure.name, f"only {least} gold {rarest}; what is said of that label is little more than anecdote"
    if measure.n < _FEWEST:
        are = "is" if measure.n == 1 else "are"
        yield measure.name, f"{measure.n} {unit} {are} too few to conclude anything; label at least a few hundred"
    elif width > WIDE:
        needed = _rounded(measure.n * (width / SHARP) ** 2)
        yield (
            measure.name,
            f"known to within ±{width:.2f} only; do not read anything into smaller differences. "
            f"About {needed:,} {unit} like these would bring that to ±{SHARP:.2f}",
        )


def _rounded(n: float) -> int:
    """To one digit after the first: nobody knows such a number better."""
    size = 10 ** max(len(str(int(n))) - 2, 0)
    return int(round(n / size) * size)
