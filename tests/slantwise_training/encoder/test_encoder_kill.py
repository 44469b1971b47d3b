"""A training process killed with SIGKILL, at moments nobody chose, ends with the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from repository import REPOSITORY
from tiny_encoder import tiny_base, toy_records

from slantwise.labelled import write_labelled

RECIPE = """
name = "toy"
family = "encoder"
[encoder]
base = "{base}"
epochs = 16
batch = 4
max_tokens = 32
dropout = 0.1
precision = "fp32"
evaluations = 1
patience = 100
checkpoint_every = 3
[tasks.leaning]
train = ["{data}"]
"""
PROGRAM = """
import sys, time
from pathlib import Path
import torch
from slantwise_training.encoder.network import save_network
from slantwise_training.encoder.train import train_encoder
from slantwise_training.recipe_file import load_recipe
torch.set_num_threads(1)
recipe, state = Path(sys.argv[1]), Path(sys.argv[2])
# slow enough to be killed in the middle
watch = lambda moment: time.sleep(0.1)
trained = train_encoder(load_recipe(recipe), recipe.parent, state, watch=watch)
save_network(state / "network", trained.network, trained.shape, trained.tokenizer)
"""
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")


def start(recipe, state):
    paths = os.pathsep.join(str(REPOSITORY / name) for name in ("model", "training"))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(recipe), str(state)], env=environment)


def steps_logged(state):
    log = state / "log.jsonl"
    # the last line may be half written
    lines = log.read_text(encoding="utf-8").splitlines()[:-1] if log.is_file() else []
    return max((json.loads(line)["step"] for line in lines), default=0)


def test_killed_twice_and_the_same_bytes(tmp_path):
    base = tiny_base(tmp_path / "bert")
    write_labelled(tmp_path / "data.jsonl", toy_records())
    recipe = tmp_path / "toy.toml"
    recipe.write_text(RECIPE.format(base=base, data=tmp_path / "data.jsonl"), encoding="utf-8")
    whole = start(recipe, tmp_path / "whole")
    for wanted in (20, 60):
        killed = start(recipe, tmp_path / "killed")
        deadline = time.monotonic() + 120
        while steps_logged(tmp_path / "killed") < wanted and killed.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL, "it ended before it could be killed"
        assert list((tmp_path / "killed").glob("step-*")), "no checkpoint was kept"
    assert start(recipe, tmp_path / "killed").wait(timeout=240) == 0
    assert whole.wait(timeout=240) == 0
    one, other = ((tmp_path / name / "network" / "network.safetensors").read_bytes() for name in ("whole", "killed"))
    assert one == other
