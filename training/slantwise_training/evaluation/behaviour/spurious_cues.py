"""The swap templates of "Beyond the Surface" (Horych et al., 2025) as a suite, read from the corpora folder.

github.com/Media-Bias-Group/beyond-the-surface at 39cd7cb, `data/templates/spurious_cues_templates.xlsx`, MIT. The first
sheet has four sentences for each of seven categories, two biased and two neutral; each other sheet has a category's
terms, a column a group, rows side by side. Four sentences are too few to resample: rows are the clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from slantwise.errors import AskedWrong
from slantwise_training.corpora.spreadsheet import read_rows, sheet_names
from slantwise_training.evaluation.behaviour.suites import Axis, SwapSuite, Template

__all__ = ["NAME", "load_spurious_cues"]

NAME = "spurious_cues"
_FILE = Path(NAME) / "data" / "templates" / "spurious_cues_templates.xlsx"
_TONES = {
    "Sentence biased 1": "loaded",
    "Sentence biased 2": "loaded",
    "Sentence neutral 1": "plain",
    "Sentence neutral 2": "plain",
}
_FORM = "term"


def load_spurious_cues(root: Path) -> SwapSuite:
    """Read the templates.

    Args:
        root: the folder of corpora.

    Raises:
        AskedWrong: the file is not there.

    """
    path = root / _FILE
    if not path.is_file():
        raise AskedWrong(f"the templates of {NAME}", f"no {_FILE.as_posix()} in the corpora folder", f"add {NAME}")
    templates, axes = [], {}
    sheets = sheet_names(path)
    for row in filter(None, read_rows(path)):
        category = row["Category"]
        for column, tone in _TONES.items():
            text = " ".join(row[column].replace(f"[{category}]", f"{{{_FORM}}}").split())
            templates.append(Template(f"{category} {column}", (category,), tone, text))
        if category in sheets:
            axes[category] = _axis(category, list(filter(None, read_rows(path, sheets.index(category) + 1))))
    return SwapSuite(NAME, axes, tuple(templates), by_template=False)


def _axis(category: str, rows: Sequence[dict[str, str]]) -> Axis:
    """Columns as groups; a row counts where every group has a term."""
    groups = tuple(rows[0])
    whole = [row for row in rows if all(row.get(group, "").strip() for group in groups)]
    return Axis(category, groups, tuple({group: {_FORM: row[group].strip()} for group in groups} for row in whole))
