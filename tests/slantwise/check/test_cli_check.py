"""`slantwise check` as a user meets it."""

import json
import shutil
from xml.etree import ElementTree

import pytest
from repository import REPOSITORY

from slantwise.check.precision import RulePrecision, write_precision
from slantwise.check.rules import RULES
from slantwise.model_folder import model_name

ARTICLE = (
    "Town opens bridge\n\n"
    "The brutal winter closed the road to Port Ellery. Trade resumes if the strait opens.\n\n"
    "An unnamed official said the bridge will open in June.\n"
)
BAD = b"Caf\xe9 owners objected."


@pytest.fixture(scope="module")
def measured_model(tiny_model, tmp_path_factory):
    """The tiny model with a precision for two rules."""
    folder = shutil.copytree(tiny_model, tmp_path_factory.mktemp("models") / "measured")
    counts = {"SLW101": RulePrecision(30, 40), "SLW301": RulePrecision(3, 40)}
    write_precision(folder, {"name": "tiny", "sha256": model_name(folder).sha256}, {"name": "toys"}, counts)
    return folder


@pytest.fixture
def check(slantwise, measured_model, tmp_path, monkeypatch):
    """Run the command in a folder that holds article.txt."""
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments, **more):
        return slantwise("check", *arguments, "--model", measured_model, **more)

    return run


def codes(ran):
    return [line.split()[1] for line in ran.out.splitlines()]


def test_measured_rules_are_on_and_change_no_exit_code(check):
    ran = check("article.txt")
    assert ran.code == 0
    assert ran.out == (
        'article.txt:3:5: SLW101 loaded word "brutal" in the author\'s voice [precision 0.75]\n'
    )  # fmt: skip
    assert ran.lines == ["findings: 1 in 1 article"]


def test_selected_rules_are_told_whatever_is_known_of_them(check):
    ran = check("article.txt", "--select", "SLW2,anonymous", "--select", "loaded", "--ignore", "stacked-hedges")
    assert codes(ran) == ["SLW101", "SLW201", "SLW301"]
    assert 'article.txt:5:1: SLW301 anonymous source "An unnamed official" [precision 0.07]' in ran.out
    assert "[precision unmeasured]" in ran.out


def test_a_model_without_measurements_says_so(slantwise, tiny_model, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    ran = slantwise("check", path, "--model", tiny_model)
    assert (ran.code, ran.out) == (0, "")
    assert ran.lines[0].startswith("no rule is on: this model's are unmeasured")


@pytest.mark.parametrize(
    ("limits", "code", "over"),
    [
        (["loaded>=2"], 0, []),
        (["loaded>=1"], 1, ["loaded>=1"]),
        (["anonymous>=50%", "hedge>2"], 1, ["anonymous>=50%"]),
        (["SLW201>=1"], 1, ["hedge>=1"]),
    ],
)
def test_limits(check, limits, code, over):
    ran = check("article.txt", *(word for limit in limits for word in ("--fail-on", limit)))
    assert ran.code == code
    told = [line.split("over the limit ")[1].split(":")[0] for line in ran.out.splitlines() if "over the limit" in line]
    assert told == over


def test_opinion_tolerates_loaded_words(check):
    ran = check("article.txt", "--section", "opinion")
    assert (ran.code, ran.out) == (0, "")


def test_settings_are_found_above_each_article(check, tmp_path):
    for name in ("news", "views/deep"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "slantwise.toml").write_text('[check]\nfail-on = ["loaded>=1"]\n')
    (tmp_path / "views" / "pyproject.toml").write_text('[tool.slantwise.check]\nselect = ["anonymous"]\n')
    ran = check("news", "views")
    assert ran.code == 1
    assert codes(ran) == ["SLW101", "SLW101", "SLW301"]
    assert "views/deep/a.txt:5:1: SLW301" in ran.out
    assert check("views").code == 0
    assert check("views", "--config", "slantwise.toml").code == 1


def test_several_files_and_one_that_cannot_be_read(check, tmp_path):
    (tmp_path / "bad.txt").write_bytes(BAD)
    ran = check("bad.txt", "article.txt")
    assert ran.code == 3
    assert codes(ran) == ["SLW101"]
    assert ran.lines[0].startswith("slantwise: expected UTF-8 text in bad.txt")
    assert ran.lines[-1] == "findings: 1 in 1 article, 1 not read"
    assert check("bad.txt", "article.txt", "--fail-on", "loaded>=1").code == 1
    assert check("bad.txt").code == 1


def test_tables_are_refused_by_name_and_passed_over_in_folders(check, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"text": "Rain fell."}\n')
    check("rows.jsonl").refused(2, "a file with one article", "slantwise score")
    check("./rows.jsonl").refused(2, "a file with one article")
    ran = check(".")
    assert (ran.code, ran.lines[0]) == (0, "passed over 1 file: no article by its suffix")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ((), ("a file, a folder", "--explain")),
        (("missing.txt",), ("missing.txt", "check the path")),
        (("article.txt", "--select", "lodaed"), ("'lodaed'", "the nearest, loaded")),
        (("article.txt", "--ignore", "SLW999"), ("'SLW999'",)),
        (("article.txt", "--fail-on", "loaded"), ("a limit such as", "in the command line")),
        (("article.txt", "--fail-on", "lodaed>=1"), ("the nearest, loaded",)),
        (("article.txt", "--fail-on", "loaded>=1", "--ignore", "loaded"), ("ignored or limited",)),
        (("article.txt", "--section", "opinon"), ("'opinon'", "the nearest, opinion")),
        (("article.txt", "--config", "missing.toml"), ("a settings file",)),
        (("--explain", "anonimous"), ("the nearest, anonymous",)),
        (("-", "--stdin-filename", "rows.csv"), ("standard input", "'rows.csv'")),
        (("article.txt", "--encoding", "klingon"), ("'klingon'",)),
    ],
)
def test_asked_wrong(check, arguments, parts):
    check(*arguments).refused(2, *parts)


def test_slips_in_settings_are_told_before_anything_is_scored(check, tmp_path, monkeypatch):
    (tmp_path / "slantwise.toml").write_text("[chek]\n")
    monkeypatch.setattr("slantwise.scorer.segment", None)
    check("article.txt").refused(2, "'chek'", "the nearest, check")


def test_standard_input_and_its_name(check, tmp_path):
    text = "# Title\n\nThe **brutal** winter closed the road to Port Ellery.\n"
    ran = check("-", stdin=ARTICLE.encode())
    assert ran.out.startswith("stdin:3:5: SLW101")
    (tmp_path / "opinion").mkdir()
    (tmp_path / "slantwise.toml").write_text('[check.sections.opinion]\nfiles = ["opinion/*"]\n')
    named = check("-", "--stdin-filename", "news/draft.md", stdin=text.encode())
    assert named.out.startswith('news/draft.md:3:7: SLW101 loaded word "brutal"')
    assert check("-", "--stdin-filename", "opinion/draft.md", stdin=text.encode()).out == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Town\n\n#slantwise: ignore[loaded]\nThe brutal winter closed the road to Port Ellery.\n"),
        ("a.md", "Town\n\nThe brutal winter closed the road\nto Port Ellery. <!-- slantwise: ignore -->\n"),
    ],
)
def test_comments_let_findings_pass(check, tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    ran = check(name, "--fail-on", "loaded>=1")
    assert (ran.code, ran.out) == (0, "")
    assert ran.lines == ["findings: 0 in 1 article, 1 let pass by comments"]
    strict = check(name, "--fail-on", "loaded>=1", "--no-comments")
    assert strict.code == 1
    assert strict.out.startswith(f"{name}:{text[: text.index('brutal')].count(chr(10)) + 1}:5: SLW101")


def test_a_comment_in_plain_text_is_not_scored(check, tmp_path):
    (tmp_path / "a.txt").write_text("Town\n#slantwise: ignore[brutal]\nThe council met.\n", encoding="utf-8")
    ran = check("a.txt", "--fail-on", "loaded>=1")
    assert (ran.code, ran.out) == (0, "")
    assert "a.txt:2" in ran.lines[0]
    assert "found 'brutal'" in ran.lines[0]


def test_article_of_nothing_but_a_comment(check, tmp_path):
    (tmp_path / "a.txt").write_text("#slantwise: ignore-file\n")
    assert check("a.txt").code == 1


def test_html_is_told_by_its_own_lines(check, tmp_path):
    body = "<p>The council met on Tuesday and talked for hours about the old bridge.</p>\n" * 3
    page = f"<html><head><title>Town</title></head>\n<body><article><h1>Town</h1>\n{body}<p>The <b>brutal</b> winter closed the road to Port Ellery.</p>\n</article></body></html>"  # noqa: E501
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert check("a.html").out.startswith("a.html:6:11: SLW101")


def test_explain(check):
    ran = check("--explain", "SLW101")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("SLW101 loaded: loaded word in the author's voice (warning)\n\nFinds: ")
    assert "Precision: 0.75, 95 % interval 0.60 to 0.86 (30 of 40 findings on toys" in ran.out
    everything = check("--explain", "all").out
    assert all(f"{rule.code} {rule.name}: " in everything for rule in RULES)


@pytest.mark.parametrize("output", ["text", "json", "github", "sarif", "junit"])
def test_hostile_words_and_names_are_neutral(check, tmp_path, output):
    text = "The \x1b]0;x\x07brutal winter closed the road to Port Ellery\x9b31m. \u202eRain fell all night long.\n" * 4
    name = "a\x1b[2J,b%:c.txt"
    (tmp_path / "bad.txt").write_bytes(BAD)
    (tmp_path / name).write_text(text, encoding="utf-8")
    ran = check(name, "bad.txt", "--select", "all", "--fail-on", "loaded>=1", "--format", output)
    assert ran.code == 1
    assert not {"\x07", "\x9b", "\u202e"} & set(ran.out + ran.err)
    if output != "github":  # whose file names must be those of the repository
        assert "\x1b" not in ran.out + ran.err


def test_formats(check):
    arguments = ("article.txt", "--fail-on", "loaded>=1", "--format")
    assert json.loads(check(*arguments, "json").out)["files"][0]["limits"][0]["over"] is True
    (run,) = json.loads(check(*arguments, "sarif").out)["runs"]
    assert [result["level"] for result in run["results"]] == ["warning", "error"]
    assert ElementTree.fromstring(check(*arguments, "junit").out).get("failures") == "1"
    first, last = check(*arguments, "github").out.splitlines()
    assert first.startswith("::warning file=article.txt,line=3,")
    assert last.startswith("::error file=article.txt,title=SLW101")


def test_the_shipped_model_checks_a_seed(slantwise):
    ran = slantwise("check", REPOSITORY / "seeds" / "05-business.txt")
    assert ran.code == 0
    assert ran.out
    assert "unmeasured" not in ran.out


def test_the_hook_runs_this_command():
    hook = (REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")
    assert "\n  entry: slantwise check\n" in hook
    assert "\n  language: python\n" in hook
