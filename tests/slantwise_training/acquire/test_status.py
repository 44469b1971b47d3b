"""What is on disk, in a word."""

import hashlib

import pytest

from slantwise.errors import AskedWrong
from slantwise_training.acquire.status import Presence, corpus_status
from slantwise_training.corpora.manifest import Corpus, CorpusFile, Weights

FILES = {"a.txt": b"alpha", "b/c.txt": b"gamma!", "d.txt": b""}


@pytest.fixture
def root(tmp_path, monkeypatch):
    files = tuple(CorpusFile(path, hashlib.sha256(content).hexdigest(), None) for path, content in FILES.items())
    corpus = Corpus("toy", "Toy", "toy", "toy", "o/r", "0", "CC0", Weights.YES, (), files=files)
    monkeypatch.setattr("slantwise_training.acquire.status.find_corpus", lambda name: corpus)
    for path, content in FILES.items():
        here = tmp_path / "toy" / path
        here.parent.mkdir(parents=True, exist_ok=True)
        here.write_bytes(content)
    return tmp_path


def test_complete(root):
    status = corpus_status("toy", root)
    assert (status.presence, status.summary, status.bytes, status.files) == (Presence.COMPLETE, "complete", 11, 3)


def test_missing(root):
    (root / "toy" / "b" / "c.txt").unlink()
    status = corpus_status("toy", root)
    assert (status.presence, status.missing, status.bytes) == (Presence.INCOMPLETE, ("b/c.txt",), 5)
    assert status.summary == "missing 1 of 3 files"


def test_altered_and_missing(root):
    (root / "toy" / "a.txt").write_bytes(b"other")
    (root / "toy" / "d.txt").unlink()
    status = corpus_status("toy", root)
    assert (status.presence, status.altered) == (Presence.ALTERED, ("a.txt",))
    assert status.summary == "altered 1, missing 1 of 3 files"


def test_without_verifying_an_altered_file_is_not_seen(root):
    (root / "toy" / "a.txt").write_bytes(b"other")
    status = corpus_status("toy", root, verify=False)
    assert (status.presence, status.verified) == (Presence.COMPLETE, False)


def test_absent(root):
    status = corpus_status("toy", root / "elsewhere")
    assert (status.presence, status.summary, status.bytes) == (Presence.ABSENT, "absent", 0)


def test_unknown_corpus(tmp_path):
    with pytest.raises(AskedWrong, match="slantwise data list"):
        corpus_status("no_such_corpus", tmp_path)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["gap", "wikigold", "re3d", "crossner"])
def test_corpora_here_are_complete(corpora_root, name):
    assert corpus_status(name, corpora_root).presence is Presence.COMPLETE
