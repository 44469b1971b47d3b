"""A section on a model's evaluation for its card, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slantwise_training.evaluation.verdict import metric_words

__all__ = ["card_section"]

_ESCAPED = str.maketrans({char: f"\\{char}" for char in "\\`*_[]|#"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def card_section(result: Mapping[str, Any]) -> str:
    """The section of a whole run: a table of the main metrics, a paragraph a test set, and how it was made.

    It holds no sentence of any corpus. What files name (models, outlets, annotators) is escaped.

    Args:
        result: the object that `slantwise evaluate --json` prints.

    """
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    yield "## Evaluation"
    yield ""
    yield _plain(result["summary"])
    yield ""
    yield "| test set | measure | metric | value | 95 % interval | n | best floor | best printed |"
    yield "|---|---|---|---:|---|---:|---|---|"
    for section in result["evaluations"]:
        for name, metric in section["main_metrics"].items():
            yield _row(section, name, metric)
    for section in result["evaluations"]:
        yield ""
        yield f"### {_plain(section['set'])}"
        yield ""
        for line in section["verdict"].splitlines():
            yield from (_plain(line), "")
        yield from (f"- {_plain(line)}" for line in (*section["warnings"], *section["advice"]))
    yield ""
    yield "### How it was measured"
    yield ""
    if result["command"]:
        yield f"- `{result['command'].replace('`', '')}`"
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    bootstrap = result["bootstrap"]
    yield f"- model sha256 `{result['model']['sha256']}`, {versions}, {result['made']}"
    yield f"- intervals: bootstrap over documents, {bootstrap['resamples']} resamples, seed {bootstrap['seed']}"
    for section in result["evaluations"]:
        data = section["data"]
        yield f"- {_plain(section['set'])}: {_plain(data['source'])}, sha256 `{data['sha256']}`"


def _row(section: Mapping[str, Any], name: str, metric: str) -> str:
    measure = section["measures"][name]
    main = measure["metrics"][metric]
    floors = [(row["value"], row["system"]) for row in section["floors"] if row["measure"] == name]
    printed: list[tuple[float, str]] = []
    for row in section["published"]:
        if row["ours"] == main and row["metric"].partition(":")[0] == metric:
            (floors if row["kind"] == "floor" else printed).append((row["value"], row["system"]))
    cells = (
        section["set"],
        name,
        metric_words(metric),
        f"{main['value']:.3f}",
        f"{main['low']:.3f} to {main['high']:.3f}",
        f"{measure['n']:,}",
        _best(floors),
        _best(printed),
    )
    return "| " + " | ".join(map(_plain, cells)) + " |"


def _best(rows: list[tuple[float, str]]) -> str:
    return f"{max(rows)[0]:.3f} ({max(rows)[1]})" if rows else "–"


def _plain(text: str) -> str:
    """Text on one line that Markdown takes as it stands."""
    return " ".join(text.split()).translate(_ESCAPED)
