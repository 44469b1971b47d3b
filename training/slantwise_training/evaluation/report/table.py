"""An evaluation as a table for the terminal and as a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.files import write_json as write_value
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.published import Beside
from slantwise_training.evaluation.result import Evaluation, LabelMeasure, Measure

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from slantwise_training.evaluation.study import Study

__all__ = ["render", "render_published", "render_study", "write_json"]


def render(evaluation: Evaluation) -> Group:
    """A heading, the metrics of every measure with their intervals, and the warnings."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table("measure", "metric")
    for heading in ("value", "95 % interval", "n"):
        table.add_column(heading, justify="right")
    for name, measure in evaluation.measures.items():
        shown = [(metric, found) for metric, found in measure.intervals.items() if _is_shown(measure, metric)]
        for at, (metric, found) in enumerate(shown):
            first = (name, f"{measure.n:,}") if at == 0 else ("", "")
            ends = "none" if len(measure.per_document) == 1 else _ends(found)
            table.add_row(first[0], metric, f"{found.value:.3f}", ends, first[1])
        if isinstance(measure, LabelMeasure) and measure.calibration is not None:
            table.add_row("", "ece", f"{measure.calibration.ece:.3f}", "", "")
        table.add_section()
    where = f"{evaluation.corpus}, {evaluation.split}"
    documents = f"{evaluation.documents:,} documents, which the intervals resample"
    size = f"{evaluation.records:,} sentences of {'one document' if evaluation.documents == 1 else documents}"
    notes = [Text(f"note: {warning}") for warning in evaluation.warnings]
    return Group(Text(f"{evaluation.model.name} on {where}: {size}", style="bold"), table, *notes)


def render_study(study: Study) -> Group:
    """The evaluation, the manifest's numbers, what to mind, and the verdict."""
    from rich.console import Group
    from rich.text import Text

    section = study.section
    shown: list[Any] = [render(study.evaluation)]
    own = set(study.evaluation.warnings)
    shown += [Text(f"note: {line}") for line in (*section["warnings"], *section["advice"]) if line not in own]
    if study.published:
        shown.append(render_published(study.published))
    shown += [Text(line) for comparison in section["comparison"] for line in comparison["verdicts"]]
    return Group(*shown, Text(section["verdict"]), Text(""))


def render_published(rows: Sequence[Beside]) -> Table:
    """The manifest's numbers with ours beside them."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("system", "metric", title="The manifest's numbers and ours", title_justify="left")
    for heading in ("theirs", "ours", "95 % interval", "ahead"):
        table.add_column(heading, justify="right")
    for row in rows:
        system = row.theirs.system if row.kind == "published" else f"{row.theirs.system} (floor)"
        ours = ("-", "", "") if row.ours is None else (f"{row.ours.value:.3f}", _ends(row.ours), f"{row.ahead:+.3f}")
        table.add_row(escape(system), escape(row.theirs.metric), f"{row.theirs.value:.3f}", *ours)
    return table


def write_json(evaluation: Evaluation, path: Path | str) -> None:
    """Write the evaluation's JSON object; the file is whole or absent.

    Raises:
        AskedWrong: the folder does not exist, or the target is a folder.
        SlantwiseError: the target cannot be written.

    """
    write_value(path, evaluation.to_json())


def _ends(found: Interval) -> str:
    return f"{found.low:.3f} to {found.high:.3f}"


def _is_shown(measure: Measure, metric: str) -> bool:
    """Micro F1 of labels is accuracy again; of spans it is a number of its own."""
    return not (metric == "micro_f1" and isinstance(measure, LabelMeasure))
