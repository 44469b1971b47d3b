"""A model folder of the encoder family."""

import pytest
from tiny_export import save_tiny_encoder

from slantwise.encoder import Calibration, EncoderBackend, Line
from slantwise.labels import Task
from slantwise.linear.classify import View
from slantwise.model_folder import save_model
from slantwise.reading import Decision

CALIBRATION = Calibration(
    tasks={Task.VAGUENESS: Line(2.0, -0.5), Task.LEANING: Line(0.5), Task.HEDGING: Line(1.5, 0.25)},
    decisions={Task.VAGUENESS: Decision(0.4, 0.05), Task.HEDGING: Decision(0.6, 0.0)},
    inferred={Task.HEDGING: "hedge"},
    raised={"hedge": {"hedge:epistemic": 0.75}},
    spans={"hedge": {"hedge:epistemic": Line(0.5, 1.0)}},
    stances={View.MENTION: Line(1.5), View.TOPIC: Line(0.5)},
    stance_margin=0.125,
    author_share=0.5,
)


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """An uncalibrated int8 backend."""
    folder = tmp_path_factory.mktemp("exported")
    _, settings = save_tiny_encoder(folder)
    return EncoderBackend.load(folder, settings)


@pytest.fixture(scope="session")
def model_folder(exported, tmp_path_factory):
    """The same, calibrated, as a model folder. Not to be altered."""
    folder = tmp_path_factory.mktemp("models") / "tiny-encoder"
    save_model(folder, exported.calibrated(CALIBRATION), "tiny-encoder", 'name = "tiny"\n', "# tiny\n", {})
    return folder
