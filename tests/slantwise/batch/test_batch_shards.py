"""Inputs are cut alike each time, wholly, once each, and shared out among jobs."""

import gzip

import pytest
from batch_runs import source_of, texts, write_rows

from slantwise.batch.shards import Job, parse_job, plan_shards
from slantwise.errors import AskedWrong
from slantwise.formats.articles import BadArticle


def read_all(source, shards):
    items = [item for shard in shards for _, item in shard.read(source)]
    return [str(item.error) if isinstance(item, BadArticle) else item for item in items]


def whole(source):
    return [str(item.error) if isinstance(item, BadArticle) else item for item in source.attempts()]


@pytest.fixture
def archive(tmp_path):
    """Tables and single articles, mixed; one damaged, one empty."""
    for i in range(20):
        (tmp_path / f"c{i:02d}.txt").write_text(f"Article {i}.")
    write_rows(tmp_path / "b.jsonl", texts(200))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress((tmp_path / "b.jsonl").read_bytes()))
    (tmp_path / "d.csv").write_text("text\n" + "Rain fell.\n" * 130)
    (tmp_path / "e.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Rain."}\n' * 300)[:-9])
    (tmp_path / "f.jsonl").write_text("")
    (tmp_path / "g.txt").write_text("Last.")
    return tmp_path


def test_shards_are_the_whole_once(archive):
    source = source_of(archive)
    shards = plan_shards(source)
    assert read_all(source, shards) == whole(source)
    assert plan_shards(source) == shards
    assert [shard.number for shard in shards] == list(range(len(shards)))
    names = [source.files[shard.first].path.name for shard in shards]
    assert {name: names.count(name) for name in names} == {
        "a.jsonl.gz": 4,
        "b.jsonl": 4,
        "c00.txt": 1,
        "c08.txt": 1,
        "c16.txt": 1,
        "d.csv": 3,
        "e.jsonl.gz": 1,
        "g.txt": 1,
    }
    assert sum(shard.articles for shard in shards) == 200 + 200 + 20 + 130 + 1 + 1


def test_shards_grow_with_the_input(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Rain."}\n' * 20_000)
    shards = plan_shards(source_of(path))
    assert {shard.articles for shard in shards[:-1]} == {512}
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"text": "Rain."}\n' * 80_000, 1))
    # each shard reads the packed file from its start: there are never many
    assert len(plan_shards(source_of(packed))) == 40


@pytest.mark.parametrize("of", [1, 2, 3, 7, 40])
def test_jobs_share_the_shards(archive, of):
    shards = plan_shards(source_of(archive))
    shares = [[s.number for s in shards if Job(i, of).takes(s)] for i in range(1, of + 1)]
    assert sorted(number for share in shares for number in share) == [s.number for s in shards]
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_job_is_read_and_shown():
    assert parse_job("3/10") == Job(3, 10)
    assert str(Job(3, 10)) == "3/10"


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "-1/3", "1/0", "1/2/3", "a/b", "1 / 2", "٣/٤٤"])
def test_what_is_no_job_is_refused(text):
    with pytest.raises(AskedWrong, match="a shard I/N"):
        parse_job(text)
