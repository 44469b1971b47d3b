"""The rows and drawings of the report, made of a result's JSON: the template shows them and works nothing out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from slantwise.report.wording import printable
from slantwise_training.evaluation.report.charts import Plot, abstention, precision_recall, reliability, scaled
from slantwise_training.evaluation.verdict import metric_words
from slantwise_training.evaluation.worst import WorstError

__all__ = ["Compared", "ErrorView", "MeasureView", "Piece", "SetView", "SliceRow", "set_view"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A system on one metric: ours, a floor, a printed one or people; `at`, `low`, `high` are percentages."""

    kind: str
    name: str
    told: str
    at: float
    low: float | None
    high: float | None
    lead: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SliceRow:
    """A slice as its row of the table shows it; `mark` is "worse" or "better" where luck does not explain it."""

    name: str
    n: int
    positive: str
    told: str
    at: float
    low: float
    high: float
    difference: str
    p: str
    mark: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `style` is "", "gold", "found" or both, `title` names the labels."""

    text: str
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A wrong answer to read."""

    pieces: tuple[Piece, ...]
    gold: str
    given: str
    p: str
    about: str | None
    where: str
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """Everything on one measure of one set."""

    id: str
    name: str
    kind: str
    n: int
    metric: str
    value: str
    interval: str
    metrics: tuple[tuple[str, str, str], ...]
    compared: tuple[Compared, ...]
    thresholds: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]
    plots: tuple[Plot, ...]
    classes: Mapping[str, Mapping[str, Any]]
    confusion: Mapping[str, Any] | None
    unsure: Mapping[str, Any] | None
    kinds: Mapping[str, Mapping[str, Any]]
    span_errors: Mapping[str, int] | None
    slice_groups: tuple[tuple[str, tuple[SliceRow, ...]], ...]
    slice_note: str
    whole: float
    errors: tuple[ErrorView, ...]


@dataclass(frozen=True, slots=True)
class SetView:
    """One test set."""

    id: str
    name: str
    section: Mapping[str, Any]
    measures: tuple[MeasureView, ...]
    notes: tuple[str, ...]


def set_view(number: int, section: Mapping[str, Any], errors: Mapping[str, Sequence[WorstError]]) -> SetView:
    """One section of a result as the page shows it."""
    name = f"set-{number}"
    measures = tuple(
        _measure(f"{name}-{at}", section, measure, errors.get(measure, ()))
        for at, measure in enumerate(section["measures"])
    )
    return SetView(name, str(section["set"]), section, measures, (*section["warnings"], *section["advice"]))


def _measure(place: str, section: Mapping[str, Any], name: str, errors: Sequence[WorstError]) -> MeasureView:
    measure: Mapping[str, Any] = section["measures"][name]
    metric = section["main_metrics"][name]
    main = measure["metrics"][metric]
    table = section["slices"].get(name, {"slices": (), "note": ""})
    return MeasureView(
        id=place,
        name=name,
        kind=measure["kind"],
        n=measure["n"],
        metric=metric_words(metric),
        value=f"{main['value']:.3f}",
        interval=_ends(main, measure["documents"]),
        metrics=tuple(
            (metric_words(each), f"{found['value']:.3f}", _ends(found, measure["documents"]))
            for each, found in measure["metrics"].items()
            if not (each == "micro_f1" and measure["kind"] == "labels")
        ),
        compared=tuple(_compared(section, name, metric, main)),
        thresholds=tuple((label, tuple(rows)) for label, rows in section["thresholds"].get(name, {}).items()),
        plots=tuple(_plots(section["curves"].get(name))),
        classes=measure.get("classes", {}),
        confusion=measure.get("confusion"),
        unsure=measure.get("unsure"),
        kinds=measure.get("values", {}),
        span_errors=section["span_errors"].get(name),
        slice_groups=tuple(
            (kind, tuple(_slice(row, bool(measure.get("classes"))) for row in rows))
            for kind, rows in groupby(table["slices"], key=lambda row: str(row["kind"]))
        ),
        slice_note=table["note"],
        whole=scaled(main["value"]),
        errors=tuple(_error(each) for each in errors),
    )


def _compared(section: Mapping[str, Any], name: str, metric: str, main: Mapping[str, float]) -> Iterator[Compared]:
    """Ours first, then floors, printed systems and people on the same metric, each group with the best first."""
    at, low, high = (scaled(main[end]) for end in ("value", "low", "high"))
    yield Compared("ours", section["model"]["name"], f"{main['value']:.3f}", at, low, high)
    floors = [row for row in section["floors"] if row["measure"] == name and row["metric"] == metric]
    for row in sorted(floors, key=lambda row: -row["value"]):
        yield Compared(
            "floor",
            row["system"],
            f"{row['value']:.3f}",
            scaled(row["value"]),
            scaled(row["low"]),
            scaled(row["high"]),
            _lead(row["ahead"]),
        )
    printed = [row for row in section["published"] if row["ours"] == main and row["metric"].partition(":")[0] == metric]
    for row in sorted(printed, key=lambda row: (row["kind"] == "published", -row["value"])):
        gap = _signed(main["value"] - row["value"])
        kind = "floor" if row["kind"] == "floor" else "printed"
        yield Compared(kind, row["system"], f"{row['value']:.3f}", scaled(row["value"]), None, None, gap, row["source"])
    for row in section["people"]:
        if row["measure"] == name and row["metric"] == metric:
            yield _people(row, main)


def _people(row: Mapping[str, Any], main: Mapping[str, float]) -> Compared:
    if "printed" in row:
        gap = _signed(main["value"] - row["printed"])
        return Compared("people", row["who"], f"{row['printed']:.3f}", scaled(row["printed"]), None, None, gap)
    people = row["people"]
    note = f"{row['n']:,} votes, {row['documents']:,} documents; the model there: {row['model']['value']:.3f}"
    return Compared(
        "people",
        row["who"],
        f"{people['value']:.3f}",
        scaled(people["value"]),
        scaled(people["low"]),
        scaled(people["high"]),
        _lead(row["ahead"]),
        note,
    )


def _lead(ahead: Mapping[str, float]) -> str:
    return f"{_signed(ahead['value'])} ({_signed(ahead['low'])} to {_signed(ahead['high'])})"


def _signed(value: float) -> str:
    """With its sign, a true minus, and never -0.000."""
    return f"{round(value, 3) + 0.0:+.3f}".replace("-", "\N{MINUS SIGN}")


def _plots(curves: Mapping[str, Any] | None) -> Iterator[Plot]:
    if curves is None:
        return
    if curves["calibration"]:
        yield reliability(curves["calibration"])
    if curves["precision_recall"]:
        yield precision_recall(curves["precision_recall"])
    if curves["abstention"]:
        yield abstention(curves["abstention"])


def _slice(row: Mapping[str, Any], is_share: bool) -> SliceRow:
    positive = row["positive"]
    differs = row["p_holm"] is not None and row["p_holm"] < 0.05
    mark = ("worse" if row["difference"] < 0 else "better") if differs else ""
    return SliceRow(
        name=row["name"],
        n=row["n"],
        positive="" if positive is None else f"{positive:.0%}" if is_share else f"{positive:.2f}",
        told=f"{row['value']:.3f}",
        at=scaled(row["value"]),
        low=scaled(row["low"]),
        high=scaled(row["high"]),
        difference="" if row["difference"] is None else _signed(row["difference"]),
        p="too few" if row["p_holm"] is None else "< .001" if row["p_holm"] < 0.001 else f"{row['p_holm']:.3f}",
        mark=mark,
    )


def _error(error: WorstError) -> ErrorView:
    document = None if error.document.endswith(f"/{error.id}") else error.document
    where = " · ".join(part for part in (error.outlet, document, error.id) if part)
    p = f"{error.p:.2f}" if error.p else ""
    pieces = tuple(_pieces(error.text, error.gold_spans, error.found_spans))
    return ErrorView(pieces, error.gold, error.given, p, error.about, where, error.votes)


def _pieces(text: str, gold: Sequence[tuple[int, int, str]], found: Sequence[tuple[int, int, str]]) -> Iterator[Piece]:
    """The text cut wherever a span begins or ends, so that overlapping ones need no nesting."""
    shown = printable(text)
    edges = {0, len(text), *(at for span in (*gold, *found) for at in span[:2])}
    for start, end in pairwise(sorted(edges)):
        styles, titles = [], []
        for style, spans in (("gold", gold), ("found", found)):
            labels = [label for first, last, label in spans if first <= start and end <= last]
            if labels:
                styles.append(style)
                titles.append(f"{style}: {', '.join(labels)}")
        yield Piece(shown[start:end], " ".join(styles), "; ".join(titles))


def _ends(found: Mapping[str, float], documents: int) -> str:
    """Over one document nothing varies: that is no interval."""
    return "none" if documents == 1 else f"{found['low']:.3f} to {found['high']:.3f}"
