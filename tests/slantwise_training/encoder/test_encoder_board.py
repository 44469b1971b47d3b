"""What TensorBoard is told of a run."""

import sys
from types import ModuleType

import pytest

from slantwise.errors import SlantwiseError
from slantwise_training.encoder.board import tensorboard
from slantwise_training.encoder.fit import Moment


def test_losses_and_dev_scores_are_written(monkeypatch, tmp_path):
    written, closed = [], []

    class Writer:
        def __init__(self, folder):
            assert folder == str(tmp_path)

        def add_scalar(self, name, value, step):
            written.append((name, value, step))

        def close(self):
            closed.append(True)

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = Writer
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    with tensorboard(tmp_path) as watch:
        watch(Moment(20, 100, 0.5, 80.0))
        watch(Moment(50, 100, 0.4, 81.0, {"stance": 0.7}))
        assert not closed
    assert written == [
        ("train/loss", 0.5, 20),
        ("train/sentences_per_second", 80.0, 20),
        ("train/loss", 0.4, 50),
        ("train/sentences_per_second", 81.0, 50),
        ("dev/stance", 0.7, 50),
    ]
    assert closed == [True]


def test_without_the_package(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(SlantwiseError, match="pip install tensorboard"), tensorboard(tmp_path):
        pass
