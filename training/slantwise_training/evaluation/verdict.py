"""A paragraph on a test set, made of its numbers: against floors, printed numbers and people, and where it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slantwise_training.evaluation.advice import is_too_small, unit_of
from slantwise_training.evaluation.baselines import Floor
from slantwise_training.evaluation.ceiling import Human
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.published import Beside
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure, SpanMeasure
from slantwise_training.evaluation.slices import SliceTable, main_metric

__all__ = ["METRICS", "Printed", "metric_words", "of_measure", "summary_on", "verdict_on"]

Printed = Sequence[Beside]
METRICS = {
    "macro_f1": "macro F1",
    "f1": "F1",
    "mcc": "MCC",
    "accuracy": "accuracy",
    "micro_f1": "micro F1",
    "precision": "precision",
    "recall": "recall",
    "span_exact_f1": "exact-span F1",
    "span_exact_precision": "exact-span precision",
    "span_exact_recall": "exact-span recall",
    "token_f1": "token F1",
    "token_precision": "token precision",
    "token_recall": "token recall",
}
_TOO_SMALL = "This set is too small to conclude anything from."


def metric_words(metric: str) -> str:
    """A metric as it is read: "macro_f1" is "macro F1"."""
    name, _, of = metric.partition(":")
    return METRICS.get(name, name) + (f" ({of})" if of else "")


def verdict_on(
    evaluation: Evaluation,
    floors: Sequence[Floor] = (),
    printed: Printed = (),
    humans: Sequence[Human] = (),
    slices: Mapping[str, SliceTable] | None = None,
    seen: Mapping[str, float] | None = None,
) -> str:
    """A line on each measure, in order: a few sentences. What the set cannot tell is said, and no more of it.

    Args:
        evaluation: the measures.
        floors: of the same set.
        printed: the manifest's numbers beside ours.
        humans: people on the same questions.
        slices: by measure.
        seen: by measure, the share of the sentences that the model was trained on.

    """
    all_small = all(map(is_too_small, evaluation.measures.values()))
    lines = [_TOO_SMALL] if all_small else []
    for name, measure in evaluation.measures.items():
        sentences = [_opening(name, measure)]
        if is_too_small(measure):
            sentences += [] if all_small else ["That is too little to conclude anything from."]
        elif _has_choice(measure):
            if share := (seen or {}).get(name, 0.0):
                sentences.append(f"That flatters it: it was trained on {_percent(share)} of these sentences.")
            metric = main_metric(measure)
            rows = [row for row in printed if of_measure(row, measure)]
            sentences += _against_floors([floor for floor in floors if floor.measure == name], rows, metric)
            sentences += _against_print([row for row in rows if row.kind == "published"], metric)
            sentences += [_against_people(human) for human in humans if human.measure == name]
            if slices is not None and name in slices:
                sentences += _failing(slices[name])
        lines.append(" ".join(sentences))
    return "\n".join(lines)


def summary_on(sections: Sequence[Mapping[str, Any]]) -> str:
    """One paragraph on all sections of a report: how often the model is ahead of floors and printed systems."""
    places: Counter[str] = Counter()
    for section in sections:
        for name, metric in section["main_metrics"].items():
            places["measures"] += 1
            places[_against_the_best_floor(section, name, metric)] += 1
            places[_against_the_best_system(section, name, metric)] += 1
        places["small"] += section.get("verdict", "").startswith(_TOO_SMALL)
    sets = f"{len(sections)} test set{'' if len(sections) == 1 else 's'}"
    sentences = [f"{places['measures']} measure{'' if places['measures'] == 1 else 's'} on {sets}."]
    if places["small"]:
        which = "It" if len(sections) == 1 else f"{places['small']} of them"
        are = "is" if places["small"] == 1 else "are"
        sentences.append(f"{which} {are} too small to conclude anything from.")
    ahead, level, behind = places["ahead"], places["level"], places["behind"]
    if beside := ahead + level + behind:
        rest = [f"level with it on {level}"] * bool(level) + [f"behind it on {behind}"] * bool(behind)
        told = f" ({', '.join(rest)})" if rest else ""
        sentences.append(f"The model is ahead of the best floor on {ahead} of the {beside} that have one{told}.")
    if printed := places["reached"] + places["short"]:
        reached = places["reached"]
        sentences.append(
            f"It is above the best printed system, or level with it within its own interval, on {reached} of {printed}."
        )
    return " ".join(sentences)


def of_measure(row: Beside, measure: Measure) -> bool:
    """Whether a row of the manifest is about this measure: its number of ours is this measure's."""
    metric = row.theirs.metric.partition(":")[0]
    return row.ours is not None and row.ours == measure.intervals.get(metric)


def _against_the_best_floor(section: Mapping[str, Any], name: str, metric: str) -> str:
    """ahead, level or behind; of a floor measured before there is no paired interval, so ours alone must tell."""
    ours = section["measures"][name]["metrics"][metric]
    lead: list[tuple[float, float, float]] = [
        (row["value"], row["ahead"]["low"], row["ahead"]["high"]) for row in section["floors"] if row["measure"] == name
    ]
    for row in _of_manifest(section, ours, metric, "floor"):
        lead.append((row, ours["low"] - row, ours["high"] - row))
    if not lead:
        return "no floor"
    _, low, high = max(lead)
    return "ahead" if low > 0 else "behind" if high < 0 else "level"


def _against_the_best_system(section: Mapping[str, Any], name: str, metric: str) -> str:
    ours = section["measures"][name]["metrics"][metric]
    printed = _of_manifest(section, ours, metric, "published")
    return "nothing printed" if not printed else "reached" if max(printed) <= ours["high"] else "short"


def _of_manifest(section: Mapping[str, Any], ours: Mapping[str, float], metric: str, kind: str) -> list[float]:
    return [
        row["value"]
        for row in section["published"]
        if row["kind"] == kind and row["ours"] == ours and row["metric"].partition(":")[0] == metric
    ]


def _has_choice(measure: Measure) -> bool:
    """Whether there are two gold labels to tell apart, or gold spans to find."""
    if isinstance(measure, LabelMeasure):
        return len(measure.used) > 1
    return bool(measure.counts.exact[0] + measure.counts.exact[2])


def _opening(name: str, measure: Measure) -> str:
    metric = main_metric(measure)
    size = f"{measure.n:,} {unit_of(measure)}"
    if isinstance(measure, LabelMeasure) and not _has_choice(measure):
        (only,) = measure.used
        right = sum(answer.right for answer in measure.answers)
        return (
            f"{name.capitalize()}: every gold label is {only}, so this set cannot tell how well labels are told apart; "
            f"the model says {only} of {right:,} of {size}."
        )
    if isinstance(measure, SpanMeasure) and not _has_choice(measure):
        found = measure.counts.exact[1]
        false = f"{found:,}, all of them false," if found else "none"
        return f"{name.capitalize()}: no span is gold; the model found {false} in {size}."
    value = measure.intervals[metric]
    if len(measure.per_document) == 1:
        return f"{name.capitalize()}: {metric_words(metric)} is {value.value:.3f} on {size} of one document."
    return f"{name.capitalize()}: {metric_words(metric)} is {_of(value)} on {size}."


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{share:.0%}".replace("%", " %")


def _against_floors(floors: Sequence[Floor], rows: Printed, metric: str) -> Iterator[str]:
    if floors:
        best = max(floors, key=lambda floor: floor.value.value)
        lead, system = best.ahead, best.system
        low, high = sorted((abs(lead.low), abs(lead.high)))
        by = f"{abs(lead.value):.3f} ({low:.3f} to {high:.3f})"
        if lead.low > 0:
            yield f"It is ahead of every floor here, of the best ({system}, {best.value.value:.3f}) by {by}."
        elif lead.high < 0:
            yield f"It is behind a floor: {system} reaches {best.value.value:.3f}, {by} more."
        else:
            ends = f"{lead.low:+.3f} to {lead.high:+.3f}"
            yield f"It is not told apart from the best floor ({system}, {best.value.value:.3f}; {ends})."
    measured = [row for row in rows if row.kind == "floor" and row.theirs.metric.partition(":")[0] == metric]
    if measured:
        row = max(measured, key=lambda row: row.theirs.value)
        assert row.ours is not None
        yield f"A simple method measured before ({row.theirs.system}, {row.theirs.value:.3f}) is {_place(row)}."


def _against_print(rows: Printed, metric: str) -> Iterator[str]:
    same = [row for row in rows if row.theirs.metric.partition(":")[0] == metric] or list(rows)
    if same:
        row = max(same, key=lambda row: row.theirs.value)
        words = metric_words(row.theirs.metric.partition(":")[0])
        printed = f"{row.theirs.system}, {words} {row.theirs.value:.3f}"
        yield f"The best printed system ({printed}) is {_place(row)}."


def _place(row: Beside) -> str:
    """Where their number lies as seen from our interval."""
    assert row.ours is not None
    theirs, gap = row.theirs.value, abs(row.ours.value - row.theirs.value)
    if theirs > row.ours.high:
        return f"{gap:.3f} above it, outside its interval"
    if theirs < row.ours.low:
        return f"{gap:.3f} below it, outside its interval"
    return "level with it, inside its interval"


def _against_people(human: Human) -> str:
    people, model, lead = human.people.value, human.model.value, human.ahead
    verdict = "above" if lead.low > 0 else "below" if lead.high < 0 else "not told apart from"
    documents = "one document" if human.documents == 1 else f"{human.documents:,} documents"
    on = f"{human.who}; {human.n:,} votes on {documents}"
    return f"People reach {people:.3f} ({on}), where the model reaches {model:.3f}: {verdict} them."


def _failing(table: SliceTable) -> Iterator[str]:
    worse = [each for each in table.slices if each.differs and (each.difference or 0) < 0]
    if worse:
        worst = sorted(worse, key=lambda each: each.difference or 0)[:2]
        named = "; ".join(f"{each.kind}, {each.name} ({each.value:.3f}, n {each.n:,})" for each in worst)
        yield f"It does worse than elsewhere, beyond what {table.tested} comparisons allow for luck, by {named}."
    elif table.tested:
        slices = "slice" if table.tested == 1 else f"of {table.tested} slices"
        yield f"{'No' if table.tested == 1 else 'None'} {slices} is worse than the rest beyond luck."


def _of(found: Interval) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"
