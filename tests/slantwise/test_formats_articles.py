"""Articles come in from every format, one at a time, and a bad one does not stop the rest."""

import csv
import gzip
import io
import json
import pickle
import sys
from pathlib import Path

import pytest
import zstandard

from slantwise.article import Article
from slantwise.errors import AskedWrong, BadRow, EmptyArticle, SlantwiseError
from slantwise.formats import BadArticle, open_articles

ROWS = [
    {
        "id": "w1",
        "title": "Bridge shut",
        "text": 'The “old” bridge 🙂 fell.\nNobody, "they" say, was hurt.',
        "outlet": "Herald",
    },
    {"id": "w2", "title": "", "text": "It may rain.", "outlet": ""},
]
EXPECTED = [
    Article("w1", 'Bridge shut\nThe “old” bridge 🙂 fell.\nNobody, "they" say, was hurt.', outlet="Herald"),
    Article("w2", "It may rain."),
]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def as_jsonl(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, object]], **options: object) -> bytes:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), file, **options)
    return file.getvalue()


def write(name: str, data: bytes | str) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def attempts(*inputs: str, **options: object) -> list[Article | BadArticle]:
    return list(open_articles(inputs, **options).attempts())


def only_error(*inputs: str, **options: object) -> SlantwiseError:
    (item,) = attempts(*inputs, **options)
    assert isinstance(item, BadArticle)
    with pytest.raises(type(item.error)):
        list(open_articles(inputs, **options))
    return item.error


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.jsonl", as_jsonl(ROWS)),
        ("t.csv", as_csv(ROWS)),
        ("t.tsv", as_csv(ROWS, "\t")),
        ("t.parquet", as_parquet(ROWS)),
    ],
)
def test_tables(name, data, suffix, pack):
    assert list(open_articles([write(name + suffix, pack(data))])) == EXPECTED


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)])
@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", "\ufeffOne 🙂.\r\nTwo.\n", "One 🙂.\r\nTwo.\n"),
        ("a.md", "---\nkey: 1\n---\n# One\n\n*Two* [words](u).\n", "\n\n\nOne\n\nTwo words."),
    ],
)
def test_single_articles(name, data, text, suffix, pack):
    assert list(open_articles([write(name + suffix, pack(data.encode()))])) == [Article("a", text)]


def test_a_web_page():
    pytest.importorskip("trafilatura")
    words = "".join(f"<p>Paragraph {i}, in which the café owner said much the same again.</p>" for i in range(3))
    page = f'<html><head><meta charset="windows-1252"></head><body>{words}</body></html>'
    (article,) = open_articles([write("a.html.gz", gzip.compress(page.encode("windows-1252")))])
    assert article.id == "a"
    assert article.text.splitlines()[1] == "Paragraph 1, in which the café owner said much the same again."


def test_web_pages_without_the_extra_fail_before_any_work(monkeypatch):
    monkeypatch.setattr("slantwise.formats.markup.find_spec", lambda _name: None)
    write("n/a.txt", "Words.")
    write("n/b.html", "<p>Words.</p>")
    with pytest.raises(SlantwiseError) as caught:
        open_articles(["n"])
    assert caught.value.do == "run: pip install 'slantwise[web]'"


def test_a_folder_of_everything():
    write("n/a.txt", "Words.")
    write("n/b.md", "# Words")
    write("n/c.jsonl", as_jsonl([{"text": "One."}, {"text": "Two."}]))
    write("n/a.csv", "text\nThree.\n")
    ids = [article.id for article in open_articles(["n"])]
    assert ids == ["a.csv#1", "a.txt", "b", "c#1", "c#2"]


def test_windows_1252_and_utf16():
    path = write("a.txt", "café “x”".encode("windows-1252"))
    error = only_error(path)
    assert error.found == "byte 0xe9 at byte offset 3"
    assert "--encoding NAME" in error.do
    assert list(open_articles([path], encoding="windows-1252")) == [Article("a", "café “x”")]
    assert list(open_articles([write("b.txt", "café".encode("utf-16"))])) == [Article("b", "café")]
    table = write("t.csv", "text\ncafé\nword\n".encode("windows-1252"))
    bad, good = attempts(table)
    assert isinstance(bad, BadArticle)
    assert (bad.origin, bad.error.found) == ("t.csv:2", "byte 0xe9 at byte offset 8")
    assert good == Article("t#2", "word")
    assert [a.text for a in open_articles([table], encoding="windows-1252")] == ["café", "word"]
    assert [a.text for a in open_articles([write("u.csv", "text\ncafé\n".encode("utf-16"))])] == ["café"]
    assert [a.text for a in open_articles([write("u.jsonl", '{"text":"café"}\n'.encode("utf-16"))])] == ["café"]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("data", ["", " \n\t\u00a0\n", "\ufeff"])
def test_an_empty_article_is_an_error_of_its_own(name, data):
    error = only_error(write(name, data))
    assert isinstance(error, EmptyArticle)
    assert (error.origin, error.found, error.exit_code) == (name, "nothing but white space", 1)


def test_markdown_of_comments_alone_is_empty():
    assert isinstance(only_error(write("a.md", "<!-- nothing here -->\n")), EmptyArticle)


def test_binary_files_are_refused():
    error = only_error(write("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
    assert error.expected == "text in a.txt"
    assert error.found.startswith("a NUL ")
    assert error.do
    assert only_error(write("t.csv", b"PK\x03\x04\x14\x00\x06\x00")).found == "a ZIP archive or an Office document"


def test_standard_input_is_one_article_or_a_table(monkeypatch):
    assert list(open_articles(["-"], stdin=io.BytesIO(b"Words.\n"))) == [Article("stdin", "Words.\n")]
    rows = io.BytesIO(b'{"text":"One."}\n{"text":"Two.","id":7}\n')
    assert list(open_articles(["-"], stdin_format="jsonl", stdin=rows)) == [
        Article("stdin#1", "One."),
        Article("7", "Two."),
    ]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"# Piped")))
    assert list(open_articles(["-"], stdin_format="md")) == [Article("stdin", "Piped")]


def test_a_wrong_column_on_standard_input_is_asked_wrong_even_in_a_batch():
    source = open_articles(["-"], stdin_format="jsonl", stdin=io.BytesIO(b'{"body":"One."}\n'))
    with pytest.raises(AskedWrong, match="the columns body"):
        list(source.attempts())


def test_articles_are_read_as_they_are_asked_for():
    class Pipe(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            self.given += 1
            line = b'{"text":"Words."}\n'
            buffer[: len(line)] = line
            return len(line)

    pipe = Pipe()
    articles = iter(open_articles(["-"], stdin_format="jsonl", stdin=io.BufferedReader(pipe)))
    assert [next(articles).id for _ in range(3)] == ["stdin#1", "stdin#2", "stdin#3"]
    assert pipe.given < 10  # the pipe never ends: reading ahead would not either


def test_files_are_opened_one_after_the_other():
    paths = [write(f"{name}.txt", name) for name in "abc"]
    articles = iter(open_articles(paths))
    assert next(articles).text == "a"
    Path("b.txt").write_text("changed")
    assert next(articles).text == "changed"


def test_a_source_reads_again_and_crosses_processes():
    source = open_articles([write("t.jsonl", as_jsonl(ROWS))])
    assert list(source) == list(source) == list(pickle.loads(pickle.dumps(source))) == EXPECTED


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "t.parquet"])
def test_a_range_of_rows(name):
    rows = [{"text": f"Row {i}."} for i in range(1, 11)]
    data = {"t.jsonl": as_jsonl, "t.csv": as_csv, "t.parquet": lambda r: as_parquet(r, row_group_size=3)}[name](rows)
    source = open_articles([write(name, data)])
    found = list(source.read(source.files[0], range(5, 9)))
    assert found == [Article(f"t#{i}", f"Row {i}.") for i in range(5, 9)]
    assert len(list(source.read(source.files[0], range(10, 100)))) == 1
    assert list(source.read(source.files[0], range(11, 100))) == []


def test_bad_jsonl_rows_are_named_and_the_others_kept():
    lines = [
        b'{"text":"One."}',
        b'{"text":',
        b"",
        b"[1]",
        b'{"id":"x"}',
        b'{"text":5}',
        b'{"text":"\\ud800"}',
        b'{"text":"a\\u0000b"}',
        b'{"text":"Fine.","outlet":["a"]}',
        b'{"text":"Caf\xe9"}',
        b'{"text":" "}',
        b'{"text":' + b"[" * 100_000,
        b'{"text":"n","id":' + b"9" * 5000 + b"}",
        b'{"text":"Last.","published":"2026-01-02","section":"news"}',
    ]
    items = attempts(write("t.jsonl", b"\n".join(lines)))
    good = [item for item in items if isinstance(item, Article)]
    assert good == [Article("t#1", "One."), Article("t#14", "Last.", published="2026-01-02", section="news")]
    bad = {item.origin: item.error for item in items if isinstance(item, BadArticle)}
    fields = {origin: (e.line, e.field, e.found) for origin, e in bad.items() if isinstance(e, BadRow)}
    assert fields.pop("t.jsonl:12")[:2] == (12, "row")
    assert fields.pop("t.jsonl:13")[:2] == (13, "row")
    assert fields == {
        "t.jsonl:2": (2, "row", "Expecting value at column 9"),
        "t.jsonl:4": (4, "row", "a list"),
        "t.jsonl:5": (5, "text", "no such field"),
        "t.jsonl:6": (6, "text", "a number"),
        "t.jsonl:7": (7, "text", "a lone surrogate at offset 0"),
        "t.jsonl:8": (8, "text", "a NUL character at offset 1"),
        "t.jsonl:9": (9, "outlet", "a list"),
    }
    assert bad["t.jsonl:10"].found == f"byte 0xe9 at byte offset {len(b' '.join(lines[:9])) + 1 + 12}"
    assert isinstance(bad["t.jsonl:11"], EmptyArticle)
    assert all(error.exit_code == 1 and error.do for error in bad.values())
    assert next(item.id for item in items if isinstance(item, BadArticle)) == "t#2"


def test_the_first_bad_row_ends_a_strict_reading():
    articles = iter(open_articles([write("t.jsonl", '{"text":"One."}\n{"text":\n{"text":"Three."}\n')]))
    assert next(articles).text == "One."
    with pytest.raises(BadRow) as caught:
        next(articles)
    assert (caught.value.path, caught.value.line, caught.value.field) == ("t.jsonl", 2, "row")


def test_bad_csv_rows_are_named_and_the_others_kept():
    data = b'text,section\n"two\nlines",a\n"open" quote,b\nshort\nx,y,z\n\na\x00b,c\n,d\nlast,e\n'
    items = attempts(write("t.csv", data))
    assert [item for item in items if isinstance(item, Article)] == [
        Article("t#1", "two\nlines", section="a"),
        Article("t#7", "last", section="e"),
    ]
    bad = {item.origin: (item.id, item.error.found) for item in items if isinstance(item, BadArticle)}
    assert bad == {
        "t.csv:4": ("t#2", "',' expected after '\"'"),
        "t.csv:5": ("t#3", "1"),
        "t.csv:6": ("t#4", "3"),
        "t.csv:8": ("t#5", "a NUL character at offset 1"),
        "t.csv:9": ("t#6", "nothing but white space"),
    }


def test_a_quote_that_never_closes_is_told():
    first, second = attempts(write("t.csv", 'text\nfine\n"open\nand on\n'))
    assert first == Article("t#1", "fine")
    assert isinstance(second, BadArticle)
    assert (second.origin, second.error.found) == ("t.csv:3", "unexpected end of data")


def test_a_cell_longer_than_csvs_own_limit():
    (article,) = open_articles([write("t.csv", "text\n" + "word " * 100_000 + "\n")])
    assert len(article.text) == 500_000


@pytest.mark.parametrize(
    ("name", "data"),
    [("t.csv", "body,when\nx,y\n"), ("t.jsonl", '\n{"body":"x","when":"y"}\n'), ("t.parquet", None)],
)
def test_an_unknown_column_is_asked_wrong_before_any_work(name, data):
    path = write(name, as_parquet([{"body": "x", "when": "y"}]) if data is None else data)
    with pytest.raises(AskedWrong) as caught:
        open_articles([path])
    assert caught.value.expected == f"a column 'text' in {name}"
    assert caught.value.found == "the columns body, when"
    assert caught.value.do == "name one of them with --text-column"
    assert caught.value.exit_code == 2
    for option in ("id_column", "title_column"):
        with pytest.raises(AskedWrong, match=f"'no' .*--{option.replace('_', '-')}"):
            open_articles([path], text_column="body", **{option: "no"})
    assert [a.text for a in open_articles([path], text_column="body")] == ["x"]


def test_columns_by_name():
    row = {"key": 12, "id": "no", "headline": "Big\n news", "title": "no", "body": "Words."}
    path = write("t.jsonl", as_jsonl([row]))
    (article,) = open_articles([path], text_column="body", id_column="key", title_column="headline")
    assert article == Article("12", "Big news\nWords.")
    (article,) = open_articles([path], text_column="body", id_column="", title_column="")
    assert article == Article("t#1", "Words.")


def test_a_title_that_the_text_starts_with_is_not_repeated():
    (article,) = open_articles([write("t.jsonl", as_jsonl([{"title": "Big news", "text": "\nBig news\nWords."}]))])
    assert article.text == "\nBig news\nWords."


def test_a_row_without_the_id_that_was_asked_for_is_bad():
    error = only_error(write("t.csv", "text,key\nWords.,\n"), id_column="key")
    assert isinstance(error, BadRow)
    assert (error.line, error.field) == (2, "key")


def test_parquet_dates_numbers_and_holes():
    import datetime

    rows = [
        {"id": 1.0, "text": "One.", "published": datetime.date(2026, 1, 2), "extra": b"\0"},
        {"id": None, "text": None, "published": None, "extra": b"\0"},
        {"id": 2.5, "text": "Three.", "published": datetime.date(2026, 1, 3), "extra": b"\0"},
    ]
    one, two, three = attempts(write("t.parquet", as_parquet(rows)))
    assert one == Article("1", "One.", published="2026-01-02")
    assert isinstance(two, BadArticle)
    assert isinstance(two.error, EmptyArticle)
    assert three == Article("2.5", "Three.", published="2026-01-03")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("t.parquet", b"PAR1 no more than that", "a whole Parquet file at t.parquet"),
        ("t.parquet.gz", b"no gzip", "a whole .gz file at t.parquet.gz"),
        ("t.csv", b"", "a header in t.csv"),
        ("t.csv", b'"text\n', "a header in t.csv"),
        ("t.csv", b"text,text\na,b\n", "a header of different names in t.csv"),
        ("t.csv", b"t\xe9xt\na\n", "UTF-8 text in t.csv"),
        ("t.jsonl.gz", gzip.compress(b'{"text":"One."}\n' * 9)[:-9], "a whole .gz file at t.jsonl.gz"),
        ("a.txt.zst", zstandard.compress(b"Words.")[:-2], "a whole .zst file at a.txt.zst"),
    ],
)
def test_broken_files_are_reported_in_their_turn(name, data, expected):
    items = attempts(write(name, data), write("z.txt", "Words."))
    errors = [item.error for item in items if isinstance(item, BadArticle)]
    assert [error.expected for error in errors] == [expected]
    assert items[-1] == Article("z", "Words.")


def test_parquet_cannot_be_piped_and_other_wrong_requests():
    with pytest.raises(AskedWrong, match="name the Parquet file"):
        list(open_articles(["-"], stdin_format="parquet", stdin=io.BytesIO(b"")))
    with pytest.raises(AskedWrong, match="a format of standard input"):
        open_articles(["-"], stdin_format="docx")
    with pytest.raises(AskedWrong, match="text encoding"):
        open_articles(["-"], encoding="klingon")
    with pytest.raises(AskedWrong) as caught:
        open_articles(["no.txt"])
    assert caught.value.exit_code == 2


def test_a_table_without_rows_has_no_articles():
    assert attempts(write("t.jsonl", ""), write("u.csv", "text\n")) == []
