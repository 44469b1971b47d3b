"""Every command explains itself: in its help, and in docs/commands.md with every option it has."""

import re
from functools import cache

import pytest
import typer
from command_line import REPOSITORY

from slantwise.cli import app
from slantwise.formats.inputs import Format
from slantwise_training.annotation import FORMATS

ROOT = typer.main.get_command(app)


def commands(command=ROOT, path="slantwise"):
    """Every command and group with its path."""
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, f"{path} {name}")


COMMANDS = dict(commands())
NAMED = [path for path in COMMANDS if path != "slantwise"]


@cache
def sections():
    """The text below each heading of the page, up to the next one."""
    parts = re.split(r"^#+ (.+)$", (REPOSITORY / "docs" / "commands.md").read_text("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_walk_finds_the_commands():
    assert {"slantwise read", "slantwise score", "slantwise data fetch"} <= COMMANDS.keys()


@pytest.mark.parametrize("path", COMMANDS)
def test_help(slantwise, path):
    ran = slantwise(*path.split()[1:], "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"Usage: {path} [OPTIONS]" in " ".join(ran.out.split())
    command = COMMANDS[path]
    assert command.help
    assert " ".join(command.help.split())[:40] in " ".join(ran.out.split())
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{path}: {parameter.name} has no help"
        for option in (name for name in parameter.opts if name.startswith("--")):
            assert option in ran.out


@pytest.mark.parametrize("path", NAMED)
def test_command_has_a_section(path):
    assert path in sections()
    if not hasattr(COMMANDS[path], "commands"):
        assert f"$ {path} " in sections()[path], "an example"


@pytest.mark.parametrize("path", COMMANDS)
def test_options_are_in_the_section(path):
    text = sections()["Commands" if path == "slantwise" else path]
    options = {name for parameter in COMMANDS[path].params for name in parameter.opts if name.startswith("--")}
    missing = {option for option in options - {"--help"} if not re.search(rf"`(?:slantwise )?{option}\b", text)}
    assert not missing


def test_sections_are_of_commands_that_exist():
    assert set(sections()) - {"Commands"} == set(NAMED)


def test_words_of_the_page():
    convert, score = sections()["slantwise data convert"], sections()["slantwise score"]
    assert all(f"`{name}`" in convert for name in FORMATS)
    assert all(f"`{each}`" in score for each in Format if each is not Format.PARQUET)


def test_options_of_examples_exist():
    """An example with an option that a command does not have would be asked wrong."""
    for path in NAMED:
        known = {name for parameter in COMMANDS[path].params for name in parameter.opts}
        for example in re.findall(rf"\$ {path} ([^|\n]*)", sections()[path]):
            used = {word for word in example.split() if re.match(r"--?[a-z]", word)}
            assert used <= known, example
