"""Every bad input ends in one line that says what was expected, what was found and what to do, and in its exit code."""

import os

import pytest

ARTICLE = "Anna Berg said the plan may fail. The council met on Tuesday.\n"
GOOD, OTHER = '{"id": "one", "text": "Anna Berg said the plan may fail."}', '{"id": "two", "text": "Rain fell."}'


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def written(folder):
    """Every file below a folder, hidden ones too: nothing half-written may be among them."""
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


@pytest.mark.parametrize("command", ["read", "score"])
def test_missing_file(slantwise, tiny_model, tmp_path, command):
    missing = tmp_path / "missing.txt"
    slantwise(command, missing, "--model", tiny_model).refused(2, f"a file or folder at {missing}", "check the path")


@pytest.mark.parametrize("command", ["read", "score"])
def test_folder_without_articles(slantwise, tiny_model, tmp_path, command):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes.docx").write_bytes(b"PK")
    slantwise(command, tmp_path / "folder", "--model", tiny_model).refused(2, "articles in", ".txt", "found none")


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (bytes(range(256)) * 4, ("expected text in", "NUL", "looks binary")),
        (b"%PDF-1.7 ...", ("found a PDF file", "pdftotext")),
        ("Caf\u00e9 owners objected.".encode("latin-1"), ("UTF-8", "byte 0xe9 at byte offset 3", "--encoding")),
        (b" \n\t\n", ("an article with text", "nothing but white space")),
        (b"", ("an article with text", "nothing but white space")),
    ],
    ids=["binary", "pdf", "encoding", "blank", "empty"],
)
def test_article_that_cannot_be_read(slantwise, tiny_model, tmp_path, data, parts):
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    slantwise("read", path, "--model", tiny_model).refused(1, str(path), *parts)
    # score names the article and says that nothing is left, and leaves no file but the quarantine
    scored = slantwise("score", path, "--model", tiny_model, "--output", tmp_path / "scores.jsonl")
    assert (scored.code, scored.out, len(scored.lines)) == (1, "", 3)
    assert all(part in scored.lines[0] for part in parts)
    assert written(tmp_path) == ["article.txt", "scores.jsonl.quarantine.jsonl"]


def test_encoding_that_is_named_is_used(slantwise, tiny_model, tmp_path):
    path = tmp_path / "article.txt"
    path.write_bytes("Caf\u00e9 owners objected.".encode("latin-1"))
    ran = slantwise("read", path, "--model", tiny_model, "--encoding", "latin-1")
    assert (ran.code, ran.err) == (0, "")
    assert "Caf\u00e9 owners objected." in ran.out


def test_unknown_encoding(slantwise, tiny_model, article):
    slantwise("read", article, "--model", tiny_model, "--encoding", "klingon").refused(2, "'klingon'", "windows-1252")


def test_several_articles_to_read(slantwise, tiny_model, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{GOOD}\n{OTHER}\n", encoding="utf-8")
    slantwise("read", path, "--model", tiny_model).refused(2, "found several", "slantwise score")


def test_score_goes_on_after_bad_rows(slantwise, tiny_model, tmp_path):
    path = tmp_path / "rows.jsonl"
    bad = ['{"id": "x", "text": "Cut', '{"id": "y"}', '{"id": "z", "text": 5}', '{"id": "w", "text": " "}', "[]"]
    path.write_text("\n".join([GOOD, *bad, OTHER]) + "\n", encoding="utf-8")
    output = tmp_path / "scores.jsonl"
    ran = slantwise("score", path, "--model", tiny_model, "--output", output)
    assert (ran.code, ran.out) == (3, "")
    assert [line.split(";")[0] for line in ran.lines[:-2]] == [
        f"slantwise: expected a JSON object at {path}:2, field row",
        f"slantwise: expected text at {path}:3, field text",
        f"slantwise: expected text at {path}:4, field text",
        f"slantwise: expected an article with text at {path}:5",
        f"slantwise: expected a JSON object at {path}:6, field row",
    ]
    assert ran.lines[-2].endswith("scores.jsonl.quarantine.jsonl")
    assert ran.lines[-1].startswith("scored 2 articles, 5 failed: ")
    assert [line.split('"article": ')[1][:5] for line in output.read_text("utf-8").splitlines()] == ['"one"', '"two"']
    assert written(tmp_path) == ["rows.jsonl", "scores.jsonl", "scores.jsonl.quarantine.jsonl"]


def test_score_of_nothing_but_bad_rows_writes_nothing(slantwise, tiny_model, tmp_path):
    path, output = tmp_path / "rows.jsonl", tmp_path / "scores.csv"
    path.write_text("no\nneither\n", encoding="utf-8")
    output.write_text("what was here before", encoding="utf-8")
    ran = slantwise("score", path, "--model", tiny_model, "--output", output)
    assert (ran.code, len(ran.lines)) == (1, 4)
    assert "found 2 that cannot" in ran.lines[-1]
    assert output.read_text("utf-8") == "what was here before"


def test_score_of_an_empty_table(slantwise, tiny_model, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"")
    slantwise("score", path, "--model", tiny_model).refused(1, f"articles in {path}; found none")


def test_score_names_the_files_it_passes_over(slantwise, tiny_model, tmp_path, article):
    (tmp_path / "notes.docx").write_bytes(b"PK")
    ran = slantwise("score", tmp_path, "--model", tiny_model)
    assert ran.code == 0
    assert ran.lines == [f"passed over 1 files that are no articles by their suffix: {tmp_path / 'notes.docx'}"]
    assert len(ran.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ((), ("a column 'text'", "found the columns title, body", "--text-column")),
        (("--text-column", "story"), ("a column 'story'", "title, body", "--text-column")),
        (("--text-column", "body", "--id-column", "nr"), ("a column 'nr'", "title, body", "--id-column")),
    ],
)
def test_unknown_column(slantwise, tiny_model, tmp_path, options, parts):
    path = tmp_path / "table.csv"
    path.write_text("title,body\nRain,Rain fell.\n", encoding="utf-8")
    slantwise("score", path, "--model", tiny_model, *options).refused(2, str(path), *parts)


@pytest.mark.parametrize(
    ("name", "code", "parts"),
    [
        ("missing/scores.jsonl", 2, ("missing to write scores.jsonl", "no such folder", "create the folder first")),
        ("article.txt/scores.jsonl", 2, ("article.txt to write scores.jsonl", "a file there")),
        ("folder.jsonl", 2, ("a file to write", "folder.jsonl; found a folder")),
        ("scores.docx", 2, ("an output ending in", ".parquet", "scores.docx")),
        ("scores", 2, ("an output ending in",)),
    ],
)
def test_output_that_cannot_be_written(slantwise, tiny_model, tmp_path, article, name, code, parts):
    (tmp_path / "folder.jsonl").mkdir()
    slantwise("score", article, "--model", tiny_model, "--output", tmp_path / name).refused(code, *parts)
    assert written(tmp_path) == ["article.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_output_without_permission(slantwise, tiny_model, tmp_path, article):
    (tmp_path / "locked").mkdir(mode=0o500)
    output = tmp_path / "locked" / "scores.jsonl"
    slantwise("score", article, "--model", tiny_model, "--output", output).refused(1, str(output), "may write to")


@pytest.mark.parametrize("command", ["read", "score"])
def test_folder_that_is_no_model(slantwise, tmp_path, article, command):
    for model in (tmp_path, article, tmp_path / "missing"):
        slantwise(command, article, "--model", model).refused(2, f"a model folder at {model}", "config.json")
    assert written(tmp_path) == ["article.txt"]


def test_altered_model(slantwise, tiny_model, tmp_path, article):
    from shutil import copytree

    model = copytree(tiny_model, tmp_path / "model")
    with (model / "weights.npz").open("ab") as weights:
        weights.write(b"!")
    slantwise("read", article, "--model", model).refused(1, "weights.npz", "the file was altered")


@pytest.mark.parametrize("target", ["", "=Assad", "Name=a,,b"])
def test_target_without_a_name(slantwise, tiny_model, article, target):
    ran = slantwise("read", article, "--model", tiny_model, "--target", target)
    ran.refused(2, '"NAME=alias,alias"', repr(target))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--nonsense",), "no such option: --nonsense; see `slantwise --help`"),
        (("score", "--zzz"), "no such option: --zzz; see `slantwise score --help`"),
        (("nonsense",), "no such command 'nonsense'; see `slantwise --help`"),
        (("data", "nonsense"), "no such command 'nonsense'; see `slantwise data --help`"),
        (("read",), "missing argument 'FILE'; see `slantwise read --help`"),
        (("score",), "missing argument 'INPUT'; see `slantwise score --help`"),
    ],
)
def test_wrong_command_line(slantwise, arguments, line):
    ran = slantwise(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"slantwise: {line}\n")


def test_value_of_another_kind(slantwise, article):
    ran = slantwise("score", article, "--level", "word")
    assert (ran.code, ran.out, len(ran.lines)) == (2, "", 1)
    assert "'--level'" in ran.err
    assert "'sentence', 'article'" in ran.err


@pytest.mark.parametrize("group", [(), ("data",)])
def test_no_command_shows_help(slantwise, group):
    ran = slantwise(*group)
    assert (ran.code, ran.err) == (2, "")
    assert "Usage: slantwise" in ran.out


def test_debug_variable_shows_the_traceback(slantwise, tmp_path, monkeypatch):
    from slantwise.errors import AskedWrong

    monkeypatch.setenv("SLANTWISE_DEBUG", "1")
    with pytest.raises(AskedWrong, match="check the path"):
        slantwise("read", tmp_path / "missing.txt")


def test_unknown_error_keeps_its_traceback(slantwise, tiny_model, article, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("slantwise.scorer.segment", fail)
    with pytest.raises(ZeroDivisionError):
        slantwise("read", article, "--model", tiny_model)


def test_hostile_name_in_an_error_is_neutral(slantwise, tiny_model, tmp_path):
    path = tmp_path / "table.csv"
    # few enough control characters for the file to pass as text
    path.write_text(f"\x1b]0;owned\x07,{'b' * 300}\nRain,Rain fell.\n", encoding="utf-8")
    ran = slantwise("score", path, "--model", tiny_model).refused(2, "owned")
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err


def test_interrupt(slantwise, tiny_model, tmp_path, article, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("slantwise.scorer.segment", interrupt)
    ran = slantwise("score", article, "--model", tiny_model, "--output", tmp_path / "scores.jsonl")
    assert (ran.code, ran.out, ran.err) == (130, "", "")
    assert written(tmp_path) == ["article.txt"]


def test_disk_that_fills_up(slantwise, tiny_model, tmp_path, article, monkeypatch):
    import errno

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("slantwise.formats.scores.json_line", full)
    output = tmp_path / "scores.jsonl"
    ran = slantwise("score", article, "--model", tiny_model, "--output", output)
    ran.refused(1, str(output), "No space left on device", "make room")
    assert written(tmp_path) == ["article.txt"]
