"""`slantwise export`: a trained encoder as a model folder of another precision."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from slantwise.cli.options import CorporaFolder, corpora_folder, need_training, talk

__all__ = ["export"]


class _Precision(StrEnum):
    """As `slantwise_training.export.Precision`, which needs the training extra; a test holds them together."""

    INT8 = "int8"
    INT8_FULL = "int8-full"
    FP32 = "fp32"


def export(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="A trained encoder's folder.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The new model folder; MODEL itself without it.")
    ] = None,
    precision: Annotated[_Precision, typer.Option("--precision", help="What it computes in.")] = _Precision.INT8,
    corpora: CorporaFolder = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was measured, as JSON, in place of a table.")] = False,
) -> None:
    """Export a trained encoder to ONNX: int8 or fp32, compared with torch, calibrated anew."""
    need_training("torch", "transformers", "onnx")
    import json
    from dataclasses import asdict

    from rich.console import Console
    from rich.table import Table

    from slantwise_training.export import PARITY, Precision
    from slantwise_training.export_model import export_model

    folder = output or model
    _, report = export_model(
        model, corpora_folder(corpora), folder, Precision(precision), lambda part: talk(f"{part} ...")
    )
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), **asdict(report)}, indent=2))
        return
    table = Table("measured", title=f"{report.precision} in {folder}", title_justify="left")
    table.add_column("", justify="right")
    table.add_row("size of model.onnx", f"{report.megabytes:.1f} MB")
    table.add_row(f"float network, ONNX against torch (at most {PARITY})", f"{report.parity:.1g}")
    for name, drift in report.drift.items():
        table.add_row(f"drift of {name} from fp32, in standard deviations", f"{drift:.3f}")
    table.add_row("sentences a second and core", f"{report.sentences:.0f}")
    table.add_row("the same in fp32", f"{report.sentences_fp32:.0f}")
    Console(stderr=True).print(table)
    typer.echo(folder)
