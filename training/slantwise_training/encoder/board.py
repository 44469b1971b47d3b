"""A training run as TensorBoard shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from slantwise_training.encoder.fit import Moment, Watch

__all__ = ["tensorboard"]


@contextmanager
def tensorboard(folder: Path) -> Iterator[Watch]:
    """Write loss, speed and dev scores of the moments of a run into a folder that TensorBoard reads.

    Raises:
        SlantwiseError: the package tensorboard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise SlantwiseError("the package tensorboard", "none", "run: pip install tensorboard") from None
    writer = SummaryWriter(str(folder))

    def watch(moment: Moment) -> None:
        values = {"train/loss": moment.loss, "train/sentences_per_second": moment.sentences_per_second}
        values |= {f"dev/{part}": score for part, score in (moment.scores or {}).items()}
        for name, value in values.items():
            writer.add_scalar(name, value, moment.step)

    try:
        yield watch
    finally:
        writer.close()
