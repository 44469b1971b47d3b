"""`slantwise compare`: what may be compared, in which forms, and what is refused."""

import json

import pytest
from html_tree import tree

ARTICLE = (
    "Shameful vote closes bridge\n\n"
    "Anna Berg said the plan may fail. The brutal winter closed the road to Port Ellery.\n"
)
OTHER = "Bridge opens\n\nThe finance ministry said the bridge will open in June. A heroic effort saved Port Ellery.\n"


@pytest.fixture
def files(tmp_path):
    for name, text in (("a", ARTICLE), ("b", OTHER)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    rows = [("Harbour Times", ARTICLE), ("Elm Post", OTHER), ("Harbour Times", OTHER), (None, OTHER)]
    (tmp_path / "archive.jsonl").write_text(
        "".join(json.dumps({"text": text, "outlet": outlet, "section": "news"}) + "\n" for outlet, text in rows)
    )
    return tmp_path


@pytest.fixture
def compare(slantwise, tiny_model):
    return lambda *arguments: slantwise("compare", *arguments, "--model", tiny_model)


def shares(ran):
    assert ran.code in (0, 3), ran
    return {row["measure"]: row for row in json.loads(ran.out)["shares"]}


def test_two_articles(compare, files):
    ran = compare(files / "a.txt", files / "b.txt")
    assert (ran.code, ran.err) == (0, "")
    for part in ("a.txt", "b.txt", "author’s sentences, loaded", "Port Ellery", "B - A [95 %]", "Newcombe's"):
        assert part in ran.out
    found = shares(compare(files / "a.txt", files / "b.txt", "--json"))
    loaded = found["author.loaded"]
    assert loaded["difference"] == pytest.approx(loaded["b"]["share"] - loaded["a"]["share"], abs=1e-4)
    assert loaded["method"] == "newcombe"


def test_a_folder_and_a_glob(compare, files):
    (files / "one").mkdir()
    for name in "ab":
        (files / f"{name}.txt").rename(files / "one" / f"{name}.txt")
    ran = compare(files / "one", str(files / "one" / "[a]*"), "--json")
    found = json.loads(ran.out)
    assert (found["a"]["articles"], found["b"]["articles"]) == (2, 1)
    assert (found["a"]["name"], found["b"]["name"]) == ("one", "[a]*")


def test_two_outlets_of_one_archive(compare, files):
    found = json.loads(compare(files / "archive.jsonl", "--by", "outlet", "--json").out)
    assert [(found[side]["name"], found[side]["articles"]) for side in "ab"] == [("Harbour Times", 2), ("Elm Post", 1)]
    turned = json.loads(compare(files / "archive.jsonl", "Elm Post", "Harbour Times", "--by", "outlet", "--json").out)
    assert (turned["a"], turned["b"]) == (found["b"], found["a"])


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--by", "section"], ["two sections", "news (4)"]),
        (["Harbour Times", "Sea Post", "--by", "outlet"], ["'Sea Post'", "Harbour Times (2), Elm Post (1)"]),
        (["Harbour Times", "Harbour Times", "--by", "outlet"], ["two outlets"]),
        (["Harbour Times", "--by", "outlet"], ["2 words"]),
        ([], ["two inputs", "--by outlet"]),
    ],
)
def test_what_are_no_two_sides(compare, files, words, parts):
    compare(files / "archive.jsonl", *words).refused(2, *parts)


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".json"])
def test_scores_are_not_scored_again(compare, slantwise, tiny_model, files, suffix):
    for name in "ab":
        out = files / f"{name}{suffix}"
        assert slantwise("score", files / f"{name}.txt", "--model", tiny_model, "-o", out).code == 0
    scored = slantwise("compare", files / f"a{suffix}", files / f"b{suffix}", "--json")
    fresh = compare(files / "a.txt", files / "b.txt", "--json")
    assert shares(scored) == shares(fresh)
    slantwise("compare", files / f"a{suffix}", files / f"b{suffix}", "--quotes-as-author").refused(2, "leave --model")
    # one side scored by another model than the other
    ran = slantwise("compare", files / f"a{suffix}", files / "b.txt", "--json")
    assert (ran.code, len(ran.lines)) == (0, 1)
    assert "different models" in ran.err


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (lambda row: row["sentences"][0].update(start="x"), "sentences[0].start"),
        (lambda row: row.update(summary={}), "summary"),
        (lambda row: row["summary"]["voices"].update(author=3), "summary"),
    ],
)
def test_a_score_that_is_none_is_named(slantwise, tiny_model, files, spoil, field):
    out = files / "scores.jsonl"
    assert slantwise("score", files / "a.txt", files / "b.txt", "--model", tiny_model, "-o", out).code == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    spoil(rows[1])
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    slantwise("compare", out, out).refused(1, "scores.jsonl:2", f"field {field}")


def test_a_topic_is_asked_of_both_sides(compare, files):
    found = json.loads(compare(files / "a.txt", files / "b.txt", "--topic", "the toll", "--json").out)
    assert "the toll" in {row["target"] for row in found["stance"]}


def test_a_bad_article_does_not_stop_the_others(compare, files):
    with (files / "archive.jsonl").open("a") as stream:
        stream.write('{"text": 3, "outlet": "Elm Post"}\n')
    ran = compare(files / "archive.jsonl", files / "a.txt", "--json")
    assert ran.code == 3
    assert json.loads(ran.out)["a"]["articles"] == 4
    assert "archive.jsonl:5" in ran.lines[0]
    assert ran.lines[-1] == "1 articles could not be read"


def test_nothing_to_compare(compare, files):
    (files / "c.jsonl").write_text('{"text": 3}\n')
    ran = compare(files / "a.txt", files / "c.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert "expected articles in c.jsonl" in ran.lines[-1]
    compare(files / "a.txt", "-").refused(2, "write standard input to a file")
    compare(files / "a.txt", files / "none.txt").refused(2, "check the path")


def test_the_page(compare, files):
    out = files / "out.html"
    assert compare(files / "a.txt", files / "b.txt", "--html", out).code == 0
    page = tree(out.read_text("utf-8"))
    assert page.one("h1").words == "Comparison of a.txt and b.txt"
    assert list(page.all("script")) == []
    assert compare(files / "a.txt", files / "b.txt", "--html", files / "no" / "out.html").code == 2


def test_control_characters_cannot_steer_the_terminal(compare, files):
    text = "The brutal \x1b[2J winter closed the old road to Port Ellery, and nobody could leave the town. " * 4
    (files / "x\x1b[31m.txt").write_text(text, encoding="utf-8")
    ran = compare(files / "x\x1b[31m.txt", files / "b.txt")
    assert ran.code == 0
    assert "\x1b" not in ran.out
