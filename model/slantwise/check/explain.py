"""What a rule is for, in words, with its measured precision: `slantwise check --explain CODE`."""

from __future__ import annotations

from slantwise.check.precision import FEWEST, PrecisionTable
from slantwise.check.rules import Rule
from slantwise.check.thresholds import Threshold

__all__ = ["explain"]


def explain(rule: Rule, precision: PrecisionTable) -> str:
    """The rule's page: what it finds, why it may matter, when it is fine, how often it is right, how to limit it."""
    return "\n\n".join(
        [
            f"{rule.code} {rule.name}: {rule.title} ({rule.severity})",
            f"Finds: {rule.finds}",
            f"May matter: {rule.matters}",
            f"Fine: {rule.fine}",
            f"Precision: {_precision(rule, precision)}",
            f"Limits: {rule.name}>=1 counts findings, {rule.name}>=50% takes their share of the {rule.whole}.",
        ]
    )


def _precision(rule: Rule, precision: PrecisionTable) -> str:
    threshold = precision.thresholds.get(rule.code)
    if threshold is not None:
        return _threshold(threshold)
    counts = precision.rules.get(rule.code)
    if counts is None:
        return "unmeasured for this model. Off unless it is selected or has a limit."
    recall = f"{counts.missed} of the annotators' were missed"
    if not counts.is_measured:
        seen = f"{counts.right} of {counts.found} findings were right on {precision.data}, {recall}"
        return f"unmeasured ({seen}; {FEWEST} are needed). Off unless it is selected or has a limit."
    low, high = counts.interval
    share = f"{counts.value:.2f}, 95 % interval {low:.2f} to {high:.2f}"
    off = "" if rule.code in precision.trusted else " Off unless it is selected or has a limit."
    return f"{share} ({counts.right} of {counts.found} findings on {precision.data}; {recall}).{off}"


def _threshold(threshold: Threshold) -> str:
    if threshold.p is None:
        return f"{threshold.label}. Off."
    share = f"{threshold.precision:.2f}, 95 % interval {threshold.low:.2f} to {threshold.high:.2f}"
    of = f"{threshold.what} from p {threshold.p:.3f} on, {threshold.found} found on {threshold.data}"
    return f"{share} ({of}; recall {threshold.recall:.2f}; {threshold.wanted:g} was asked for)."
