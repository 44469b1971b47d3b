"""The drawings of the report as lines and points of a small coordinate system, which the template draws as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slantwise_training.evaluation.reliability import ece_by_chance

__all__ = ["HEIGHT", "LEFT", "TOP", "WIDTH", "Line", "Plot", "abstention", "precision_recall", "reliability", "scaled"]

LEFT, TOP, WIDTH, HEIGHT = 34.0, 8.0, 196.0, 150.0
"""Where the plotting area lies in a drawing of 240 by 196."""


@dataclass(frozen=True, slots=True)
class Line:
    """A path with the class that styles it; `label` stands at its end."""

    d: str
    style: str
    label: str = ""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with two axes. `dots` are (x, y, radius); ticks are (position, text); `note` says it in words."""

    title: str
    across: str
    up: str
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    dots: tuple[tuple[float, float, float], ...] = ()
    note: str = ""


def scaled(value: float) -> float:
    """A number from 0 to 1 as a percentage of the width, kept inside it."""
    return round(100 * min(max(value, 0.0), 1.0), 2)


def reliability(calibration: Mapping[str, Any]) -> Plot:
    """How often an answer given with probability p is right; the area of a dot grows with its answers."""
    bins = calibration["bins"]
    largest = max((each["n"] for each in bins), default=1)
    points = [(each["mean_p"], each["share_right"]) for each in bins]
    dots = tuple(
        (*_at(x, y), round(1.5 + 4.5 * (each["n"] / largest) ** 0.5, 2))
        for (x, y), each in zip(points, bins, strict=True)
    )
    ece, brier = calibration["ece"], calibration["brier"]
    return Plot(
        "Calibration",
        "probability given",
        "share right",
        _ticks(0, _x),
        _ticks(1, _y),
        (Line(_path([(0, 0), (1, 1)]), "reference"), Line(_path(points), "curve")),
        dots,
        f"ECE {_three(ece)}, {ece_by_chance(bins):.3f} by chance if calibrated; Brier {_three(brier)}.",
    )


def precision_recall(curves: Mapping[str, Mapping[str, Any]], at: float | None = None) -> Plot:
    """Precision against recall, a line a label; several labels are told apart by their names."""
    lines = []
    for number, (label, curve) in enumerate(curves.items()):
        points = list(zip(curve["recall"], curve["precision"], strict=True))
        x, y = _at(*points[-1]) if points else (0.0, 0.0)
        lines.append(Line(_path(points), f"curve c{number % 5}", label if len(curves) > 1 else "", x, y))
    bases = [curve["prevalence"] for curve in curves.values() if curve["prevalence"] is not None]
    if len(bases) == 1:
        lines.insert(0, Line(_path([(0, bases[0]), (1, bases[0])]), "reference"))
    areas = "; ".join(f"{label} {_three(curve['average_precision'])}" for label, curve in curves.items())
    note = f"Average precision: {areas}."
    return Plot("Precision and recall", "recall", "precision", _ticks(0, _x), _ticks(1, _y), tuple(lines), (), note)


def abstention(curve: Mapping[str, Any]) -> Plot:
    """The share of wrong answers among the surest ones, from few to all."""
    top = max(0.05, *curve["risk"]) if curve["risk"] else 0.05
    points = [(x, y / top) for x, y in zip(curve["coverage"], curve["risk"], strict=True)]
    error = curve["error_rate"] / top
    lines = (Line(_path([(0, error), (1, error)]), "reference"), Line(_path(points), "curve"))
    ticks = tuple((_y(share), f"{share * top:.2f}") for share in (0, 0.5, 1))
    note = (
        f"Wrong: {curve['error_rate']:.3f} of all, {curve['error_rate_at_80']:.3f} of the surest 80 %. "
        f"Area {_three(curve['aurc'])}; the least possible at this error rate is {curve['best_aurc']:.3f}."
    )
    return Plot("Abstaining", "share answered, surest first", "share wrong", _ticks(0, _x), ticks, lines, (), note)


def _ticks(axis: int, place: Any) -> tuple[tuple[float, str], ...]:  # noqa: ANN401 - one of the two scales below
    shown = (0, 0.5, 1) if axis == 0 else (0, 0.25, 0.5, 0.75, 1)
    return tuple((place(value), f"{value:g}") for value in shown)


def _x(value: float) -> float:
    return round(LEFT + WIDTH * min(max(value, 0.0), 1.0), 2)


def _y(value: float) -> float:
    return round(TOP + HEIGHT * (1 - min(max(value, 0.0), 1.0)), 2)


def _at(x: float, y: float) -> tuple[float, float]:
    return _x(x), _y(y)


def _path(points: Iterable[tuple[float, float]]) -> str:
    """The points joined by straight lines; nothing for less than two."""
    placed: Sequence[tuple[float, float]] = [_at(x, y) for x, y in points]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in placed) if len(placed) > 1 else ""


def _three(found: Mapping[str, float]) -> str:
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
