"""Where settings are found, what they may say, and which of several wishes wins."""

from pathlib import Path

import pytest
from repository import REPOSITORY

from slantwise.check.rules import RULES
from slantwise.check.settings import SettingsFile, find_settings, layer_of, read_settings, ruling
from slantwise.errors import AskedWrong

ON = frozenset({"SLW101", "SLW201", "SLW301"})
NOTHING = layer_of(None, (), ())


@pytest.fixture
def settings(tmp_path):
    """Write a settings file and read it."""

    def write(text, name="slantwise.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return write


def names(result):
    return [rule.name for rule in result.rules]


def limits(result):
    return [str(limit) for limit in result.limits]


def test_without_wishes_the_rules_on_by_themselves_are_on():
    result = ruling(ON, SettingsFile(), None, NOTHING)
    assert (result.section, names(result), limits(result)) == ("news", ["loaded", "hedge", "anonymous"], [])


def test_opinion_tolerates_loaded_words_and_sides():
    everything = {rule.code for rule in RULES}
    result = ruling(everything, SettingsFile(), None, NOTHING, "opinion")
    off = {rule.name for rule in RULES} - set(names(result))
    assert off == {"loaded", "loaded-sentence", "author-against", "author-favor"}


def test_layers_outrank_those_before(settings):
    base = settings('[check]\nselect = ["SLW1"]\nignore = ["SLW103"]\nfail-on = ["loaded>=2", "anonymous>=50%"]\n')
    result = ruling(ON, base, None, NOTHING)
    assert names(result) == ["loaded", "loaded-sentence", "anonymous"]
    assert limits(result) == ["loaded>=2", "anonymous>=50%"]
    # a rule that is off has no limit any more
    assert limits(ruling(ON, base, None, NOTHING, "opinion")) == ["anonymous>=50%"]
    assert limits(ruling(ON, base, None, layer_of(["loaded"], (), ()))) == ["loaded>=2"]
    assert names(ruling(ON, base, None, layer_of(None, ["all"], ()))) == []
    # what is asked for on the command line is on whatever the section tolerates
    asked = ruling(ON, base, None, layer_of(None, (), ["loaded>5"]), "opinion")
    assert ("loaded" in names(asked), limits(asked)) == (True, ["anonymous>=50%", "loaded>5"])


def test_a_later_limit_replaces_one_of_the_same_kind_and_side(settings):
    base = settings('[check]\nfail-on = ["loaded>=2", "loaded>=50%", "loaded<1"]\n')
    assert limits(ruling(ON, base, None, layer_of(None, (), ["SLW101>9"]))) == ["loaded>=50%", "loaded<1", "loaded>9"]


def test_two_limits_of_one_place_both_hold():
    assert limits(ruling(ON, SettingsFile(), None, layer_of(None, (), ["loaded>=5", "loaded>=2"]))) == [
        "loaded>=5",
        "loaded>=2",
    ]


def test_sections_by_pattern_by_name_and_by_default(settings, tmp_path):
    found = settings(
        '[check]\nsection = "wire"\n[check.sections.opinion]\nfiles = ["opinion/*", "*-column.md"]\n'
        '[check.sections.wire]\nfail-on = ["second-hand>=75%"]\n'
    )
    for path, section in [
        ("opinion/a.md", "opinion"), ("opinion/deep/a.md", "opinion"), ("x/my-column.md", "opinion"), ("a.md", "wire"),
    ]:  # fmt: skip
        assert ruling(ON, found, tmp_path / path, NOTHING).section == section
    assert ruling(ON, found, None, NOTHING).section == "wire"
    assert limits(ruling(ON, found, tmp_path / "a.md", NOTHING)) == ["second-hand>=75%"]
    assert ruling(ON, found, tmp_path / "opinion" / "a.md", NOTHING, "news").section == "news"


def test_a_users_opinion_keeps_tolerating_unless_it_says_otherwise(settings):
    more = settings('[check.sections.opinion]\nfail-on = ["anonymous>=1"]\n')
    assert "loaded" not in names(ruling(ON, more, None, NOTHING, "opinion"))
    strict = settings('[check.sections.opinion]\nignore = ["hedge"]\n')
    assert names(ruling(ON, strict, None, NOTHING, "opinion")) == ["loaded", "anonymous"]
    limited = settings('[check.sections.opinion]\nfail-on = ["loaded>=9"]\n')
    assert limits(ruling(ON, limited, None, NOTHING, "opinion")) == ["loaded>=9"]
    chosen = settings('[check.sections.opinion]\nselect = ["loaded"]\n')
    assert names(ruling(ON, chosen, None, NOTHING, "opinion")) == ["loaded"]


def test_the_nearest_file_upwards_counts(tmp_path):
    inner = tmp_path / "news" / "today"
    inner.mkdir(parents=True)
    (tmp_path / "slantwise.toml").write_text('[check]\nfail-on = ["hedge>=1"]\n')
    assert find_settings.__wrapped__(inner).path == tmp_path / "slantwise.toml"
    (tmp_path / "news" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert find_settings.__wrapped__(inner).path == tmp_path / "slantwise.toml"
    (tmp_path / "news" / "pyproject.toml").write_text('[tool.slantwise.check]\nignore = ["hedge"]\n')
    assert find_settings.__wrapped__(inner).path == tmp_path / "news" / "pyproject.toml"
    (tmp_path / "news" / "slantwise.toml").write_text("")
    assert find_settings.__wrapped__(inner).path == tmp_path / "news" / "slantwise.toml"


def test_pyproject_has_its_tables_under_tool(settings):
    found = settings('[tool.other]\nx = 1\n[tool.slantwise.check]\nfail-on = ["hedge>=1"]\n', "pyproject.toml")
    assert [str(limit) for limit in found.base.limits] == ["hedge>=1"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[chek]\n", ("a known key", "'chek'", "the nearest, check")),
        ("[check]\nselct = []\n", ("a known key in check", "'selct'", "the nearest, select")),
        ('[check]\nfail_on = ["loaded>=2"]\n', ("'fail_on'", "the nearest, fail-on")),
        ("[check.sections.opinion]\nfile = []\n", ("section opinion", "'file'", "the nearest, files")),
        ('[check]\nselect = "SLW1"\n', ("a list of strings as select",)),
        ("[check]\nignore = [1]\n", ("a list of strings as ignore",)),
        ('[check]\nignore = ["lodaed"]\n', ("'lodaed'", "the nearest, loaded", "slantwise.toml")),
        ('[check]\nfail-on = ["loaded>>2"]\n', ("a limit such as", "slantwise.toml")),
        ('[check]\nsection = "opinon"\n', ("'opinon'", "the nearest, opinion")),
        ("[check]\nsection = 3\n", ("a section's name",)),
        ("check = 1\n", ("a table",)),
        ("[check]\nsections = []\n", ("a table",)),
        ('[check]\nignore = ["SLW1"]\nfail-on = ["loaded>=1"]\n', ("ignored or limited", "loaded and loaded>=1")),
        ("[check\n", ("TOML in",)),
        ("x = '\udcff'", ("TOML in",)),
    ],
)
def test_slips_are_told(tmp_path, text, parts):
    path = tmp_path / "slantwise.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(AskedWrong) as error:
        read_settings(path)
    assert all(part in str(error.value) for part in parts), str(error.value)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(AskedWrong, match="no such file"):
        read_settings(tmp_path / "nothing.toml")


def test_the_example_of_the_page_is_sound(settings):
    page = (REPOSITORY / "docs" / "check.md").read_text("utf-8")
    found = settings(page.split("```toml\n")[1].split("```")[0])
    assert set(found.sections) == {"opinion", "wire"}
    folder = found.path.parent
    assert ruling(ON, found, folder / "opinion" / "a.txt", NOTHING).section == "opinion"
    assert limits(ruling(ON, found, folder / "a.txt", NOTHING)) == ["loaded>=2", "anonymous>=50%"]


def test_a_file_elsewhere_is_named_whole(settings):
    found = settings('[check.sections.opinion]\nfiles = ["opinion/*"]\n')
    assert found.section_of(Path("/elsewhere/opinion/a.md")) == "news"
