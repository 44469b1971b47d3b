"""Fetching from a local server: whole files or none, resumed, with errors that say what to do."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from slantwise.errors import AskedWrong
from slantwise_training.acquire.fetch import FetchedWrong, fetch
from slantwise_training.acquire.status import Presence, corpus_status
from slantwise_training.corpora.manifest import Corpus, CorpusFile, Weights

FILES = {"a.txt": b"alpha\n", "sub folder/b.txt": b"beta\n" * 9000, "c.txt": b""}
UPSTREAM = "https://raw.example.org/owner/repo/0123/"


class Server(ThreadingHTTPServer):
    """Serves `pages` and remembers what it was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {}
        self.asked = []
        self.cut = set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        page = self.server.pages.get(self.path)
        if page is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page[: len(page) // 2] if self.path in self.server.cut else page)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server()
    server.pages = {f"/owner/repo/0123/{path.replace(' ', '%20')}": content for path, content in FILES.items()}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def corpus_of(files):
    return Corpus(
        name="toy",
        title="Toy",
        reader="toy",
        folder="deep/toy",
        repository="owner/repo",
        commit="0123",
        licence="CC0",
        weights=Weights.YES,
        lenses=(),
        files=tuple(files),
    )


@pytest.fixture
def toy(monkeypatch):
    """Put a corpus of the three files, or others, into the manifest."""

    def install(prepared=()):
        files = []
        for path, content in FILES.items():
            url = None if path in prepared else UPSTREAM + path.replace(" ", "%20")
            files.append(CorpusFile(path, hashlib.sha256(content).hexdigest(), url))
        corpus = corpus_of(files)
        for module in ("fetch", "status"):
            monkeypatch.setattr(f"slantwise_training.acquire.{module}.find_corpus", lambda name: corpus)
        return corpus

    return install


def on_disk(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_fetch_brings_everything_and_reports(server, toy, tmp_path):
    toy()
    seen = []
    report = fetch("toy", tmp_path, base_url=server.url + "/", progress=seen.append)
    folder = tmp_path / "deep" / "toy"
    assert {path: (folder / path).read_bytes() for path in on_disk(folder)} == FILES
    assert (report.fetched, report.kept) == (tuple(FILES), ())
    assert report.bytes == sum(len(content) for content in FILES.values())
    assert [(p.path, p.done, p.total) for p in seen] == [(path, n, 3) for n, path in enumerate(FILES, 1)]
    assert corpus_status("toy", tmp_path).presence is Presence.COMPLETE


def test_fetch_resumes(server, toy, tmp_path):
    toy()
    last = list(server.pages)[-1]
    page = server.pages.pop(last)
    with pytest.raises(FetchedWrong, match="404"):
        fetch("toy", tmp_path, base_url=server.url)
    assert on_disk(tmp_path / "deep" / "toy") == ["a.txt", "sub folder/b.txt"]
    server.pages[last] = page
    server.asked.clear()
    report = fetch("toy", tmp_path, base_url=server.url)
    assert server.asked == [last]
    assert report.kept == ("a.txt", "sub folder/b.txt")


def test_fetch_replaces_an_altered_file(server, toy, tmp_path):
    toy()
    fetch("toy", tmp_path, base_url=server.url)
    altered = tmp_path / "deep" / "toy" / "a.txt"
    altered.write_bytes(b"changed")
    report = fetch("toy", tmp_path, base_url=server.url)
    assert report.fetched == ("a.txt",)
    assert altered.read_bytes() == FILES["a.txt"]


def test_corrupted_file_never_appears(server, toy, tmp_path):
    corpus = toy()
    server.pages["/owner/repo/0123/a.txt"] = b"wrong\n"
    with pytest.raises(FetchedWrong) as caught:
        fetch("toy", tmp_path, base_url=server.url)
    assert on_disk(tmp_path) == []
    assert corpus.files[0].sha256 in caught.value.expected
    assert hashlib.sha256(b"wrong\n").hexdigest() in caught.value.found
    assert "--from" in caught.value.do
    assert caught.value.exit_code == 1


def test_corrupted_download_leaves_the_old_file(server, toy, tmp_path):
    toy()
    old = tmp_path / "deep" / "toy" / "a.txt"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"mine")
    server.pages["/owner/repo/0123/a.txt"] = b"wrong\n"
    with pytest.raises(FetchedWrong):
        fetch("toy", tmp_path, base_url=server.url)
    assert on_disk(tmp_path / "deep" / "toy") == ["a.txt"]
    assert old.read_bytes() == b"mine"


def test_answer_that_is_cut_short(server, toy, tmp_path):
    toy()
    server.cut.add("/owner/repo/0123/sub%20folder/b.txt")
    with pytest.raises(FetchedWrong):
        fetch("toy", tmp_path, base_url=server.url)
    assert on_disk(tmp_path / "deep" / "toy") == ["a.txt"]


def test_not_found_names_the_address(server, toy, tmp_path):
    toy()
    server.pages.clear()
    with pytest.raises(FetchedWrong, match=r"/owner/repo/0123/a\.txt; found the answer 404 Not Found"):
        fetch("toy", tmp_path, base_url=server.url)
    assert on_disk(tmp_path) == []


def test_connection_refused(toy, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    toy()
    closed = Server()
    closed.server_close()
    with pytest.raises(FetchedWrong, match="check the network"):
        fetch("toy", tmp_path, base_url=closed.url)
    assert on_disk(tmp_path) == []


def test_prepared_files_are_refused_before_anything_is_asked_for(server, toy, tmp_path):
    toy(prepared=("c.txt",))
    with pytest.raises(AskedWrong, match=r"c\.txt.*--from"):
        fetch("toy", tmp_path, base_url=server.url)
    assert server.asked == []


def test_prepared_files_that_are_there_are_kept(server, toy, tmp_path):
    toy(prepared=("c.txt",))
    (tmp_path / "deep" / "toy").mkdir(parents=True)
    (tmp_path / "deep" / "toy" / "c.txt").write_bytes(FILES["c.txt"])
    report = fetch("toy", tmp_path, base_url=server.url)
    assert report.kept == ("c.txt",)


def test_pinned_address_is_asked_for_without_a_mirror(toy, tmp_path, monkeypatch):
    toy()
    asked = []

    def answer(url, path):
        asked.append(url)
        path.write_bytes(FILES["sub folder/b.txt" if "b.txt" in url else url.rpartition("/")[2]])

    monkeypatch.setattr("slantwise_training.acquire.fetch._download", answer)
    fetch("toy", tmp_path)
    assert asked == [UPSTREAM + path.replace(" ", "%20") for path in FILES]


def test_unknown_corpus_is_asked_wrong(tmp_path):
    with pytest.raises(AskedWrong, match="slantwise data list"):
        fetch("no_such_corpus", tmp_path)
