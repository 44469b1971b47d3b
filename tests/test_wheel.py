"""A wheel holds all that scoring and training need, outside any checkout."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from repository import REPOSITORY


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The wheel's contents as pip lays them out, away from the checkout; dependencies are the test environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; print(build_wheel(__import__('sys').argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(folder / made.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(unpacked, *arguments, cwd):
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_weights_schemas_manifest_and_recipes(unpacked):
    assert (unpacked / "slantwise" / "py.typed").is_file()
    assert (unpacked / "slantwise" / "default" / "config.json").is_file()
    assert (unpacked / "slantwise" / "default" / "model.onnx").is_file()
    assert (unpacked / "slantwise" / "default" / "tokenizer.json").is_file()
    assert (unpacked / "slantwise" / "schemas" / "score.schema.json").is_file()
    assert (unpacked / "slantwise_training" / "corpora" / "data" / "corpora.toml").is_file()
    assert (unpacked / "slantwise_training" / "corpora" / "data" / "checksums" / "newsmtsc.sha256").is_file()
    assert (unpacked / "slantwise_training" / "recipes" / "linear.toml").is_file()
    assert (unpacked / "slantwise_training" / "evaluation" / "behaviour" / "data" / "swaps.toml").is_file()


def test_an_installed_wheel_scores_an_article(unpacked, tmp_path):
    (tmp_path / "a.txt").write_text("Mayor sues council\n\nThe mayor may appeal, a clerk said.\n", encoding="utf-8")
    done = run(unpacked, "-m", "slantwise", "read", "a.txt", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["article"] == "a"


def test_an_installed_wheel_finds_its_own_package_and_manifest(unpacked, tmp_path):
    code = "import slantwise, slantwise_training.corpora as c; print(slantwise.__file__, len(c.load_manifest()))"
    done = run(unpacked, "-c", code, cwd=tmp_path)
    assert done.stdout.startswith(str(unpacked)), done.stderr
    assert int(done.stdout.split()[-1]) > 30
