"""What the user names becomes a list of files, in a fixed order, each once."""

import os

import pytest

from slantwise.errors import AskedWrong
from slantwise.formats.compression import Compression
from slantwise.formats.inputs import Format, find_inputs


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ["news/b.txt", "news/a.md", "news/2026/c.html", "news/2026/deep/d.txt", "news/.hidden/e.txt"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Words.")
    (tmp_path / "news" / ".f.txt").write_text("Hidden.")
    (tmp_path / "news" / "README.md").write_text("About these articles.")
    (tmp_path / "news" / "photo.png").write_text("")
    return tmp_path


def origins(*inputs: str) -> list[str]:
    return [file.origin for file in find_inputs(inputs).files]


def test_a_folder_is_read_in_name_order_without_hidden_files_and_readmes(folder):
    found = find_inputs(["news"])
    assert [file.origin for file in found.files] == [
        "news/2026/c.html",
        "news/2026/deep/d.txt",
        "news/a.md",
        "news/b.txt",
    ]
    assert [str(path) for path in found.skipped] == ["news/photo.png"]


def test_a_symlink_loop_ends(folder):
    (folder / "news" / "again").symlink_to(folder / "news")
    (folder / "news" / "2026" / "up").symlink_to("..")
    assert len(origins("news")) == 4
    assert len(origins("news/**/*.txt")) == 2


def test_a_linked_folder_is_followed_and_a_linked_file_read_once(folder):
    (folder / "more").mkdir()
    (folder / "more" / "linked").symlink_to(folder / "news" / "2026")
    assert origins("more") == ["more/linked/c.html", "more/linked/deep/d.txt"]
    (folder / "news" / "same.txt").symlink_to(folder / "news" / "b.txt")
    assert origins("news/b.txt", "news/same.txt", "news/b.txt") == ["news/b.txt"]
    assert origins("news/*.txt") == ["news/b.txt"]


def test_a_broken_link_in_a_folder_is_skipped_and_told(folder):
    (folder / "news" / "gone.txt").symlink_to("nowhere.txt")
    assert "news/gone.txt" in {str(path) for path in find_inputs(["news"]).skipped}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("news/*.txt", ["news/b.txt"]),
        ("news/*", ["news/a.md", "news/b.txt"]),
        ("**/*.txt", ["news/2026/deep/d.txt", "news/b.txt"]),
        ("news/**/[cd].*", ["news/2026/c.html", "news/2026/deep/d.txt"]),
        ("news/**", ["news/2026/c.html", "news/2026/deep/d.txt", "news/a.md", "news/b.txt"]),
        ("new?/**/deep/*.txt", ["news/2026/deep/d.txt"]),
    ],
)
def test_globs(folder, pattern, expected):
    assert origins(pattern) == expected


def test_a_file_with_a_globs_name_is_that_file(folder):
    (folder / "odd[1].txt").write_text("Words.")
    assert origins("odd[1].txt") == ["odd[1].txt"]


@pytest.mark.parametrize(
    ("name", "format_", "compression", "stem"),
    [
        ("a.txt", Format.TEXT, None, "a"),
        ("a.b.TXT", Format.TEXT, None, "a.b"),
        ("a.markdown", Format.MARKDOWN, None, "a"),
        ("a.htm.gz", Format.HTML, Compression.GZIP, "a"),
        ("a.ndjson.zst", Format.JSONL, Compression.ZSTD, "a"),
        ("a.Csv.GZ", Format.CSV, Compression.GZIP, "a"),
        ("a.tsv", Format.TSV, None, "a"),
        ("a.parquet", Format.PARQUET, None, "a"),
    ],
)
def test_formats_by_suffix(folder, name, format_, compression, stem):
    (folder / name).write_text("")
    (file,) = find_inputs([name]).files
    assert (file.format, file.compression, file.name) == (format_, compression, stem)


def test_names_that_clash_become_paths(folder):
    for name in ["x/one.txt", "y/one.txt", "y/two.txt"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("Words.")
    names = [file.name for file in find_inputs(["x", "y"]).files]
    assert names == ["x/one.txt", "y/one.txt", "two"]
    assert [file.name for file in find_inputs([str(folder / "x"), str(folder / "y")]).files] == names


def test_standard_input(folder):
    (file,) = find_inputs(["-"], Format.JSONL).files
    assert (file.path, file.name, file.format, file.origin) == (None, "stdin", Format.JSONL, "stdin")


@pytest.mark.parametrize(
    ("inputs", "expected", "found"),
    [
        ([], "a file, a folder, a glob or -", "nothing"),
        (["no.txt"], "a file or folder at no.txt", "none"),
        (["empty"], "articles in empty", "none"),
        (["news/*.csv"], "articles in news/*.csv", "none"),
        (["nowhere/**/*.txt"], "articles in nowhere/**/*.txt", "none"),
        (["*"], "articles in *", "none"),
        (["news/photo.png"], "a file ending in .txt", "news/photo.png"),
        (["-", "-"], "- once", "it twice"),
    ],
)
def test_what_cannot_be_asked(folder, inputs, expected, found):
    (folder / "empty").mkdir()
    (folder / "empty" / "photo.png").touch()
    with pytest.raises(AskedWrong) as caught:
        find_inputs(inputs)
    assert caught.value.expected.startswith(expected)
    assert caught.value.found == found
    assert caught.value.do
    assert caught.value.exit_code == 2


def test_a_pipe_with_a_files_name_is_refused(folder):
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(AskedWrong, match="pipe its text to `-`"):
        find_inputs(["pipe.txt"])
