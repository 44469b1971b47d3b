"""A shard is scored to the same bytes alone and in company, and a bad article does not touch its neighbours."""

import json

import pytest
from batch_runs import source_of, texts, write_rows

from slantwise.article import Article
from slantwise.batch.records import Failure, ShardRecord, Tally
from slantwise.batch.scoring import probe_shard, score_shard, score_windows
from slantwise.batch.shards import Shard, plan_shards
from slantwise.errors import BadSpan
from slantwise.memory import SentenceMemory
from slantwise.model_folder import load_model
from slantwise.scorer import Scorer


@pytest.fixture(scope="module")
def scorer(tiny_model):
    return Scorer(load_model(tiny_model))


@pytest.fixture
def articles():
    return [Article(f"a{i}", text) for i, text in enumerate(texts(40))]


def test_together_is_as_alone(scorer, articles):
    alone = [scorer.score(article) for article in articles]
    assert scorer.score_together(articles) == alone
    memory = SentenceMemory()
    remembered = [scorer.score_together(articles[i : i + 7], memory) for i in range(0, 40, 7)]
    assert [score for window in remembered for score in window] == alone
    # three sentences of six and a number in each
    assert (memory.asked, memory.met) == (160, 160 - 40 - 6)


def test_a_full_memory_forgets_what_was_met_longest_ago(scorer):
    memory = SentenceMemory(room=2)
    for text in ("One.", "Two.", "One.", "Three.", "One.", "Two."):
        scorer.score_together([Article("a", text)], memory)
    assert (memory.asked, memory.met) == (6, 2)
    scorer.score_together([Article("a", "x" * 2000)], memory)
    scorer.score_together([Article("a", "x" * 2000)], memory)
    assert memory.met == 2


class Recording:
    """Passes on to a scorer, and keeps the sizes of its windows."""

    def __init__(self, scorer, fails=()):
        self.windows, self._scorer, self._fails = [], scorer, fails

    def score_together(self, articles, memory=None):
        self.windows.append([article.id for article in articles])
        if any(article.id in self._fails for article in articles):
            raise ZeroDivisionError("a fault of ours")
        return self._scorer.score_together(articles, memory)


def test_an_article_that_fails_is_named_and_its_neighbours_are_scored(scorer, articles):
    items = [("file", article) for article in articles[:9]]
    recording = Recording(scorer, fails={"a4"})
    ((results, tally),) = score_windows(items, recording, SentenceMemory())
    assert [r.article for r in results] == [f"a{i}" for i in range(9)]
    (failure,) = [r for r in results if isinstance(r, Failure)]
    assert failure.reason.startswith("expected a score; found ZeroDivisionError: a fault of ours; ")
    assert (tally.articles, tally.scored, tally.failed, tally.sentences) == (9, 8, 1, 32)
    good = [r for r in results if not isinstance(r, Failure)]
    assert good == [scorer.score(article) for article in articles[:9] if article.id != "a4"]


def test_windows_are_bounded(scorer):
    articles = [Article(f"a{i}", "Rain fell. " * (6000 if i == 2 else 1)) for i in range(150)]
    recording = Recording(scorer)
    for _ in score_windows([("file", a) for a in articles], recording, SentenceMemory()):
        pass
    assert [len(window) for window in recording.windows] == [3, 64, 64, 19]


def test_an_id_that_is_no_text_fails_alone(scorer):
    items = [("file", Article(id, "Rain fell.")) for id in ("one", "tw\udcff", "three")]
    ((results, _),) = score_windows(items, scorer, SentenceMemory())
    assert [r.article for r in results if not isinstance(r, Failure)] == ["one", "three"]
    assert "'tw\\udcff'" in results[1].reason
    assert json.loads(results[1].line())["article"] == "tw\udcff"


def test_a_shard_is_two_files_and_a_record(tmp_path, scorer):
    rows = [texts(1)[0], b"not JSON", " ", texts(2)[1], "Poison."]
    source = source_of(write_rows(tmp_path / "in.jsonl", rows))
    (shard,) = plan_shards(source)
    out, failures, told = tmp_path / "out.jsonl", tmp_path / "failures.jsonl", []
    record = score_shard(source, shard, out, scorer, failures=failures, poison={4: "it kills"}, report=told.append)
    assert [json.loads(line)["article"] for line in out.read_text("utf-8").splitlines()] == ["in#1", "in#4"]
    failed = [json.loads(line) for line in failures.read_text("utf-8").splitlines()]
    assert [each["article"] for each in failed] == ["in#2", "in#3", "in#5"]
    assert [each["origin"].rpartition("in.jsonl")[2] for each in failed] == [":2", ":3", ""]
    assert failed[2]["reason"] == "it kills"
    assert "field row" in failed[0]["reason"]
    tally = Tally(articles=5, scored=2, failed=3, sentences=8, repeated=4)
    assert record == ShardRecord(0, tally, out.stat().st_size, failures.stat().st_size)
    assert sum(told, Tally()) == tally
    assert ShardRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


@pytest.mark.parametrize("value", [None, [], {}, {"shard": "1"}])
def test_a_record_that_is_none_is_refused(value):
    with pytest.raises(BadSpan):
        ShardRecord.from_json(value)


def test_a_shard_that_cannot_be_written_leaves_nothing(tmp_path, scorer, monkeypatch):
    source = source_of(write_rows(tmp_path / "in.jsonl", texts(3)))
    (shard,) = plan_shards(source)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("slantwise.formats.scores.json_line", full)
    with pytest.raises(Exception, match="No space left"):
        score_shard(source, shard, tmp_path / "out.jsonl", scorer, failures=tmp_path / "failures.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_probing_tells_the_place_of_each_article(tmp_path, scorer):
    rows = [texts(1)[0], b"not JSON", " ", texts(2)[1]]
    source = source_of(write_rows(tmp_path / "in.jsonl", rows))
    shard = Shard(0, 0, 1, 4)
    assert [*probe_shard(source, shard, scorer, 0), *probe_shard(source, shard, scorer, 1)] == [0, 3, 3]


def test_tallies_add_up():
    one = Tally(5, 3, 2, 30, 6)
    assert one + one - one == one
    assert Tally() - one + one == Tally()
