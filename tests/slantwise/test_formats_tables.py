"""A table read in parts holds what it holds as a whole, and no line or packed file fills the memory."""

import gzip
import json
import tracemalloc
from itertools import pairwise

import pytest
import zstandard

from slantwise.formats.articles import BadArticle, open_articles
from slantwise.formats.compression import Compression, open_bytes
from slantwise.formats.rows import Columns
from slantwise.formats.tables import table_places

LONGEST = 2000
JSONL = [
    '{"text": "One é."}',
    "",
    '{"text": "Two.", "id": "b"}',
    "not JSON",
    '{"body": "no text"}',
    '{"text": "' + "x" * 3000 + '"}',
    '{"text": "Seven 😀."}',
    '{"text": " "}',
    '{"text": "Nine."}',
]
CSV = [
    "text,id",
    "One é.,a",
    '"Two,\nin two lines.",b',
    "",
    "three,cells,here",
    '"' + "x" * 3000 + '",d',
    '"Four ""quoted"" 😀.",e',
    "Five.,",
    " ,g",
    "Six.,h",
]


def write(folder, name, lines, end="\n"):
    data = end.join(lines).encode()
    path = folder / name
    if name.endswith(".gz"):
        data = gzip.compress(data)
    elif name.endswith(".zst"):
        data = zstandard.compress(data)
    elif name.startswith("wide"):
        data = data.decode().encode("utf-16")
    elif name.startswith("marked"):
        data = b"\xef\xbb\xbf" + data
    path.write_bytes(data)
    return path


def shown(found):
    return [
        (item.origin, str(item.error)) if isinstance(item, BadArticle) else (item.id, item.text, item.outlet)
        for item in found
    ]


@pytest.mark.parametrize("every", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "name", ["t.jsonl", "marked.jsonl", "t.jsonl.gz", "t.jsonl.zst", "t.csv", "marked.csv", "t.csv.gz", "wide.csv"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_parts_of_a_table_are_the_whole(tmp_path, name, every, end):
    lines = JSONL if "jsonl" in name else [line for line in CSV if "wide" not in name or len(line) < 1000]
    source = open_articles([str(write(tmp_path, name, lines, end))], longest=LONGEST)
    (file,) = source.files
    places, stop = table_places(file, None, Columns(), LONGEST, every, 100)
    assert len(places) == -(-(stop - 1) // every)
    assert all((place.offset is None) == (file.compression is not None or "wide" in name) for place in places)
    parts = []
    for place, (first, after) in zip(places, pairwise([*(p.row for p in places), stop]), strict=True):
        parts += shown(source.read(file, range(first, after), place))
    assert parts == shown(source.attempts())
    assert len(parts) == len(lines) - (1 if "jsonl" in name else 2)


def test_parts_of_parquet_are_the_whole(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"text": [f"Sentence {i}." for i in range(100)]}), path, row_group_size=30)
    source = open_articles([str(path)])
    (file,) = source.files
    places, stop = table_places(file, None, Columns(), LONGEST, 4, 8)
    assert ([place.row for place in places], stop) == ([1, 17, 33, 49, 65, 81, 97], 101)
    parts = [shown(source.read(file, range(p.row, min(p.row + 16, stop)), p)) for p in places]
    assert [row for part in parts for row in part] == shown(source)
    assert [len(part) for part in parts] == [16] * 6 + [4]


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv"])
def test_a_line_that_is_too_long_is_one_bad_row(tmp_path, name):
    source = open_articles([str(write(tmp_path, name, JSONL if name == "t.jsonl" else CSV))], longest=LONGEST)
    bad = [item for item in source.attempts() if isinstance(item, BadArticle) and "of at most" in str(item.error)]
    (one,) = bad
    line = 6 if name == "t.jsonl" else 7
    assert str(one.error).startswith(f"expected a line of at most 0.002 MB at {source.files[0].origin}:{line}; found a")
    assert "--longest" in one.error.do


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ['{"text": "' + "x" * 90_000 + '"}', "y" * 3000])
def test_parts_name_a_first_line_that_is_too_long(tmp_path, first, end):
    source = open_articles([str(write(tmp_path, "t.jsonl", [first, JSONL[0], JSONL[2]], end))], longest=LONGEST)
    (file,) = source.files
    places, _ = table_places(file, None, Columns(), LONGEST, 2, 100)
    third = len(first) + len(JSONL[0].encode()) + 2 * len(end)
    assert [(place.row, place.offset) for place in places] == [(1, 0), (3, third)]
    bad, one, two = [*source.read(file, range(1, 3), places[0]), *source.read(file, range(3, 4), places[1])]
    assert "of at most 0.002 MB" in str(bad.error)
    assert (one.text, two.text) == ("One é.", "Two.")


def test_a_file_that_is_too_long_is_a_bad_article(tmp_path):
    path = write(tmp_path, "t.txt", ["x" * 3000])
    (bad,) = open_articles([str(path)], longest=LONGEST).attempts()
    assert str(bad.error).startswith(f"expected an article of at most 0.002 MB at {path}; found a longer one; split it")
    (good,) = open_articles([str(path)], longest=3000).attempts()
    assert len(good.text) == 3000


def test_a_cell_of_parquet_that_is_too_long_is_a_bad_row(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"text": ["Short.", "x" * 3000, "Last."]}), path)
    _, bad, last = open_articles([str(path)], longest=LONGEST).attempts()
    assert f"of at most 0.002 MB at {path}:2" in str(bad.error)
    assert last.text == "Last."


@pytest.mark.parametrize("name", ["bomb.jsonl", "bomb.jsonl.gz", "bomb.jsonl.zst", "bomb.txt.zst", "bomb.txt.gz"])
def test_a_single_line_of_any_length_takes_little_memory(tmp_path, name):
    size = 60_000_000
    path = tmp_path / name
    data = b'{"text": "' + b" " * size
    if name.endswith("l"):
        path.write_bytes(data)
    else:
        path.write_bytes(gzip.compress(data, 1) if name.endswith("gz") else zstandard.compress(data))
        assert path.stat().st_size < size / 200
    del data
    tracemalloc.start()
    (bad,) = open_articles([str(path)], longest=LONGEST).attempts()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "of at most 0.002 MB" in str(bad.error)
    assert peak < 35_000_000


@pytest.mark.parametrize("compression", list(Compression))
def test_unpacking_gives_a_little_at_a_time(tmp_path, compression):
    data = bytes(100_000_000)
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(data, 1) if compression is Compression.GZIP else zstandard.compress(data))
    del data
    tracemalloc.start()
    with open_bytes(path, compression) as stream:
        assert stream.read(10) == bytes(10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


def test_packed_parquet_that_is_a_bomb_is_refused(tmp_path):
    path = tmp_path / "t.parquet.zst"
    path.write_bytes(zstandard.compress(bytes(50_000_000)))
    (bad,) = open_articles([str(path)]).attempts()
    assert f"a Parquet file in {path}" in str(bad.error)
    assert "100 times" in str(bad.error)


def test_many_bad_rows_before_a_good_one(tmp_path):
    path = write(tmp_path, "t.jsonl", ["no"] * 1500 + [json.dumps({"text": "Good."})])
    items = list(open_articles([str(path)]).attempts())
    assert len(items) == 1501
    assert items[-1].text == "Good."


@pytest.mark.parametrize(("most", "every"), [(100, 1), (50, 2), (49, 4), (10, 16), (1, 128)])
def test_runs_grow_until_they_are_few_enough(tmp_path, most, every):
    path = write(tmp_path, "t.jsonl", ['{"text": "Rain."}'] * 100)
    (file,) = open_articles([str(path)]).files
    places, stop = table_places(file, None, Columns(), LONGEST, 1, most)
    assert ([place.row for place in places], stop) == (list(range(1, 101, every)), 101)
    assert len(places) <= most


def test_parquet_whose_footer_tells_fewer_rows_than_it_holds_is_refused_not_cut(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pyarrow.table({"text": ["Rain fell."] * 300}), path)
    whole = path.read_bytes()
    # 300 and 299 as zigzag varints; the first is the footer's own count, which comes before its groups'
    data = whole[: -8 - int.from_bytes(whole[-8:-4], "little")]
    footer = whole[len(data) :].replace(b"\xd8\x04", b"\xd6\x04", 1)
    path.write_bytes(data + footer)
    (bad,) = open_articles([str(path)]).attempts()
    assert "footer tells 299 rows, and its groups 300" in str(bad.error)
