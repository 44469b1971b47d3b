"""Scores go out whole or not at all, in every format."""

import csv
import errno
import gzip
import io
import json
from pathlib import Path

import pytest
import zstandard

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.formats import open_scores, score_to_json
from slantwise.formats.flat import ARTICLE_COLUMNS, SENTENCE_COLUMNS, CellKind, Level, flat_rows
from slantwise.labels import HedgeKind, Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import (
    ArticleScore,
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    ModelName,
    SentenceScore,
    Source,
    StanceScore,
    Target,
    TextSpan,
    WordingScore,
)


def toy(article: str = "toy", text: str = "Aides said the reckless tax may fail 🙂.") -> ArticleScore:
    """Two sentences: one in a source's voice with something of everything, one plain one in the author's."""
    cue = Cue(28, 31, "may", HedgeKind.EPISTEMIC, "a1")
    word = LoadedWord(15, 23, "reckless", "a1")
    stance = StanceScore(24, 27, "tax", "t1", StanceLabel.AGAINST, 0.70001, "a1")
    first = SentenceScore(
        0,
        len(text),
        text,
        0,
        SentenceKind.BODY,
        "a1",
        HedgingScore(Hedging.HEDGED, 0.98765, (cue,)),
        WordingScore(Wording.LOADED, 0.8, (word,)),
        (stance,),
    )
    second = SentenceScore(
        len(text) + 1,
        len(text) + 10,
        "It rains.",
        1,
        SentenceKind.BODY,
        "author",
        HedgingScore(Hedging.ASSERTED, 0.01),
        WordingScore(Wording.UNSURE, 0.5),
    )
    source = Source(0, 5, "Aides", SourceKind.ANONYMOUS)
    attribution = Attribution(
        "a1", source, TextSpan(6, 10, "said"), (TextSpan(11, 36, text[11:36]),), Quotation.INDIRECT, 0.93
    )
    model = ModelName("default", "ab" * 32)
    return ArticleScore(article, model, (first, second), (attribution,), (Target("t1", "the tax", (), 1),), {"n": 2})


def written(path: Path, *scores: ArticleScore, **options: object) -> bytes:
    with open_scores(path, **options) as writer:
        for score in scores:
            writer.write(score)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().decompressobj().decompress(data) if path.suffix == ".zst" else data


@pytest.mark.parametrize("name", ["o.jsonl", "o.JSONL", "o.jsonl.gz", "o.jsonl.zst", "o.ndjson", "2026.01.02.jsonl"])
def test_jsonl_is_one_score_a_line(tmp_path, name):
    lines = written(tmp_path / name, toy("a"), toy("b")).decode().splitlines()
    assert [json.loads(line) for line in lines] == [score_to_json(toy("a")), score_to_json(toy("b"))]
    assert "🙂" in lines[0]


@pytest.mark.parametrize("scores", [[], [toy("a")], [toy("a"), toy("b"), toy("c")]])
def test_json_is_one_array(tmp_path, scores):
    data = written(tmp_path / "o.json", *scores)
    assert json.loads(data) == [score_to_json(score) for score in scores]
    assert data.endswith(b"]\n")


@pytest.mark.parametrize("name", ["o.csv", "o.csv.gz", "o.csv.zst"])
def test_csv_has_a_row_a_sentence(tmp_path, name):
    rows = list(csv.DictReader(io.StringIO(written(tmp_path / name, toy("a"), toy("b")).decode(), newline="")))
    assert [row["article"] for row in rows] == ["a", "a", "b", "b"]
    assert list(rows[0]) == [column.name for column in SENTENCE_COLUMNS]
    said, plain = rows[0], rows[1]
    assert said | {"model_sha256": ""} == {
        "article": "a",
        "index": "0",
        "start": "0",
        "end": "39",
        "kind": "body",
        "text": "Aides said the reckless tax may fail 🙂.",
        "voice": "a1",
        "source": "Aides",
        "source_kind": "anonymous",
        "quotation": "indirect",
        "hedging": "hedged",
        "hedging_p": "0.9877",
        "hedge_cues": '["may"]',
        "hedge_kinds": '["epistemic"]',
        "hedge_voices": '["a1"]',
        "wording": "loaded",
        "wording_p": "0.8",
        "loaded_words": '["reckless"]',
        "loaded_voices": '["a1"]',
        "stance_targets": '["the tax"]',
        "stance_labels": '["against"]',
        "stance_p": "[0.7]",
        "stance_holders": '["a1"]',
        "model": "default",
        "model_sha256": "",
    }
    assert (plain["voice"], plain["source"], plain["hedge_cues"]) == ("author", "", "[]")


def test_parquet_has_the_same_rows_with_lists(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    written(tmp_path / "o.parquet", toy("a"), toy("b"))
    table = parquet.read_table(tmp_path / "o.parquet")
    assert table.to_pylist() == flat_rows(toy("a"), Level.SENTENCE) + flat_rows(toy("b"), Level.SENTENCE)
    kinds = {CellKind.TEXT: "string", CellKind.WHOLE: "int64", CellKind.NUMBER: "double"}
    for column in SENTENCE_COLUMNS:
        assert str(table.schema.field(column.name).type).startswith(kinds.get(column.kind, "list<"))


def test_parquet_keeps_one_group_of_rows_in_memory(tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("slantwise.formats.scores.GROUP_ROWS", 4)
    written(tmp_path / "o.parquet", *(toy(str(i)) for i in range(5)))
    file = parquet.ParquetFile(tmp_path / "o.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [4, 4, 2]
    file.close()


def test_parquet_without_a_score_has_its_columns(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    written(tmp_path / "o.parquet")
    assert parquet.read_schema(tmp_path / "o.parquet").names == [column.name for column in SENTENCE_COLUMNS]


@pytest.mark.parametrize("level", ["article", Level.ARTICLE])
def test_one_row_an_article(tmp_path, level):
    data = written(tmp_path / "o.csv", toy("a"), toy("b"), level=level).decode()
    first, second = csv.DictReader(io.StringIO(data))
    assert (first["article"], second["article"]) == ("a", "b")
    counts = {name: int(value) for name, value in first.items() if value.isdigit() and value != "0"}
    assert counts == {
        "sentences": 2,
        "author_sentences": 1,
        "hedged": 1,
        "loaded": 1,
        "wording_unsure": 1,
        "hedge_cues": 1,
        "loaded_words": 1,
        "attributions": 1,
        "indirect": 1,
        "anonymous": 1,
        "targets": 1,
        "against": 1,
    }
    assert json.loads(first["summary"]) == {"n": 2}


@pytest.mark.parametrize("level", list(Level))
def test_rows_have_the_documented_columns_each_explained(level):
    assert level.columns == (ARTICLE_COLUMNS if level is Level.ARTICLE else SENTENCE_COLUMNS)
    for row in flat_rows(toy(), level):
        assert list(row) == [column.name for column in level.columns]
    assert all(column.meaning for column in level.columns)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_csv_cells_are_never_formulas(tmp_path, start):
    text = f"{start} said the reckless tax may fail."
    data = written(tmp_path / "o.csv", toy(start, text)).decode()
    row = next(csv.DictReader(io.StringIO(data, newline="")))
    assert row["text"] == f"'{text}"
    assert row["article"] == f"'{start}"


def test_other_csv_cells_are_left_alone(tmp_path):
    data = written(tmp_path / "o.csv", toy(text="'Aides' = said, -1 \"x\"\nfa\ril\r\n")).decode()
    row = next(csv.DictReader(io.StringIO(data, newline="")))
    assert row["text"] == "'Aides' = said, -1 \"x\"\nfa\ril\r\n"


@pytest.mark.parametrize("name", ["o.jsonl", "o.json", "o.csv", "o.parquet", "o.jsonl.gz", "o.csv.zst"])
def test_an_exception_in_the_middle_leaves_the_old_file(tmp_path, name):
    path = tmp_path / name
    path.write_text("old")

    def stop_in_the_middle():
        with open_scores(path) as writer:
            writer.write(toy())
            assert path.read_text() == "old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_in_the_middle()
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == [name]
    path.unlink()
    with pytest.raises(KeyboardInterrupt):
        stop_in_the_middle_of_nothing(path)
    assert list(tmp_path.iterdir()) == []


def stop_in_the_middle_of_nothing(path: Path) -> None:
    with open_scores(path) as writer:
        writer.write(toy())
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("o.xlsx", "o.xlsx"),
        ("o", "o"),
        ("o.json.gz", "o.json.gz"),
        ("o.parquet.zst", "o.parquet.zst"),
        ("no/o.jsonl", "no such folder"),
        ("folder.csv", "a folder"),
    ],
)
def test_outputs_that_cannot_be(tmp_path, monkeypatch, name, found):
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    with pytest.raises(AskedWrong) as caught, open_scores(name):
        pytest.fail("no work may begin")
    assert caught.value.found == found
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_an_unknown_level(tmp_path):
    with pytest.raises(AskedWrong, match="sentence, article"), open_scores(tmp_path / "o.csv", level="word"):
        pytest.fail("no work may begin")


def test_a_full_disk_is_one_clear_error(tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    def work():
        with open_scores(tmp_path / "o.jsonl") as writer:
            monkeypatch.setattr("slantwise.formats.scores.json_line", full)
            writer.write(toy())

    with pytest.raises(SlantwiseError) as caught:
        work()
    assert caught.value.found == "No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_the_callers_own_errors_pass_through(tmp_path):
    def work():
        with open_scores(tmp_path / "o.jsonl"):
            raise FileNotFoundError("an input")

    with pytest.raises(FileNotFoundError):
        work()


def test_a_score_with_nan_is_refused(tmp_path):
    score = ArticleScore("bad", ModelName("m", "s"), (), (), (), {"share": float("nan")})
    for name in ("o.jsonl", "o.json"):
        with pytest.raises(SlantwiseError, match="the score of bad"), open_scores(tmp_path / name) as writer:
            writer.write(score)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["-", None])
def test_standard_output_is_jsonl_line_by_line(path, monkeypatch):
    raw = io.BytesIO()
    with open_scores(path, stdout=io.BufferedWriter(raw)) as writer:
        writer.write(toy())
        assert json.loads(raw.getvalue()) == score_to_json(toy())  # there before the end
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO()))
    with open_scores(path) as writer:
        writer.write(toy())


def test_a_closed_pipe_is_the_callers_to_handle():
    class Closed(io.BytesIO):
        def write(self, _data):
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError), open_scores("-", stdout=Closed()) as writer:
        writer.write(toy())
