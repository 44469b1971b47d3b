"""The README's commands and examples do what it says."""

import re
import shlex

import pytest
from repository import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.M | re.S)
SHELL = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.startswith("slantwise ")]
PYTHON = [block for kind, block in BLOCKS if kind == "python"]


def test_the_two_setup_lines_use_the_constraints_and_pip_alone():
    setup = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(setup) == 2
    for line in setup:
        assert "pip install -q -c constraints.txt" in line
    assert "slantwise score seeds/" in setup[0]
    assert "pytest" in setup[1]


def test_ci_runs_the_readme_line():
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert "grep -m1 '^python3 -m venv .venv-test' README.md" in script


@pytest.mark.parametrize("line", SHELL)
def test_a_command_of_the_readme_runs(line, tmp_path, monkeypatch, capfd):
    from slantwise.cli.app import app

    (tmp_path / "seeds").symlink_to(REPOSITORY / "seeds")
    (tmp_path / "training").symlink_to(REPOSITORY / "training")
    (tmp_path / "data").symlink_to(REPOSITORY / "data")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line, comments=True)[1:]
    if "--from" in words or words[:2] == ["data", "fetch"]:
        pytest.skip("needs the corpora or the network; tested where they are")
    with pytest.raises(SystemExit) as end:
        app(words)
    assert end.value.code == 0
    assert "".join(capfd.readouterr())


@pytest.mark.parametrize("block", PYTHON)
def test_a_python_example_of_the_readme_runs(block, monkeypatch, capsys):
    monkeypatch.chdir(REPOSITORY)
    shown = re.findall(r"#> (.*)", block)
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out.split() == " ".join(shown).split()
