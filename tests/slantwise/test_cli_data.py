"""`slantwise data`: list, fetch (from a server of our own), check and convert."""

import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType

import pytest
from labelled_sentences import earlier_sentence, wire_sentence
from tiny_model import tiny_sentences

from slantwise.labelled import read_labelled, write_labelled
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora import load_manifest
from slantwise_training.corpora.manifest import Corpus, CorpusFile, Weights

UPSTREAM = "https://raw.example.org/"
LONG = "The minister said on Monday that the harbour would open again before winter."
FILES = {
    "alpha": {"train.jsonl": b"alpha\n", "deep/test.jsonl": b"beta\n" * 9000},
    "beta": {"train.jsonl": b"gamma\n"},
    "made": {"train.jsonl": b"delta\n"},
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        page = self.server.pages.get(self.path)
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Length", str(len(page or b"")))
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    """Serves every corpus's files, and remembers what it was asked for."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.pages = {f"/{corpus}/{path}": page for corpus, files in FILES.items() for path, page in files.items()}
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def toys(monkeypatch):
    """A manifest of three toy corpora; `made` was prepared from others and has no address."""

    def corpus(name):
        files = tuple(
            CorpusFile(path, hashlib.sha256(page).hexdigest(), None if name == "made" else f"{UPSTREAM}{name}/{path}")
            for path, page in FILES[name].items()
        )
        return Corpus(
            name=name,
            title=f"Toy {name}",
            reader="toy",
            folder=f"toys/{name}",
            repository="owner/repo",
            commit="0123",
            licence="CC0-1.0",
            weights=Weights.YES,
            lenses=("wording",),
            splits={"train": 2, "test": 1},
            files=files,
        )

    manifest = {name: corpus(name) for name in FILES}
    for module in ("slantwise_training.corpora.manifest", "slantwise_training.corpora"):
        monkeypatch.setattr(f"{module}.load_manifest", lambda: manifest)
    reader = ModuleType("toy")
    reader.read = lambda folder, _: read_labelled(folder / "train.jsonl")
    monkeypatch.setitem(sys.modules, "slantwise_training.corpora.toy", reader)
    return manifest


def on_disk(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def record(name, text, corpus, split="train", label="plain", doc=None):
    return LabelledSentence(
        id=name, doc=Document(doc or name), index=0, text=text, lenses=(), labels={"wording": label}, corpus=corpus,
        split=split,
    )  # fmt: skip


def test_list_fits_and_names_every_corpus_without_any_on_disk(slantwise):
    ran = slantwise("data", "list")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 120
    rows = {line.split()[0]: line for line in lines if line[:1].isalpha()}
    assert rows.keys() >= load_manifest().keys()
    assert rows["babe_v2"].split()[1:4] == ["MIT", "yes", "wording"]
    assert "train 3,021, test 1,000" in rows["babe_v2"]
    assert all(row.rstrip().endswith("absent") for name, row in rows.items() if name in load_manifest())


def test_list_as_json(slantwise, tmp_path):
    found = json.loads(slantwise("data", "list", "--json", "--from", tmp_path).out)
    assert [corpus["name"] for corpus in found] == list(load_manifest())
    (babe,) = [corpus for corpus in found if corpus["name"] == "babe_v2"]
    assert babe["splits"] == {"train": 3021, "test": 1000}
    assert (babe["licence"], babe["ships"], babe["lenses"]) == ("MIT", "yes", ["wording"])
    assert babe["on_disk"]["presence"] == "absent"
    assert babe["on_disk"]["folder"] == str(tmp_path / "babe_v2")


def test_list_tells_what_is_on_disk(slantwise, toys, tmp_path):
    (tmp_path / "toys" / "alpha").mkdir(parents=True)
    (tmp_path / "toys" / "alpha" / "train.jsonl").write_bytes(b"not it")
    ran = slantwise("data", "list", "alpha", "--from", tmp_path)
    assert "missing 1 of 2 files" in " ".join(ran.out.split())
    assert "beta" not in ran.out
    ran = slantwise("data", "list", "alpha", "--from", tmp_path, "--verify")
    assert "altered 1, missing 1 of 2" in " ".join(ran.out.split())


def test_list_of_an_unknown_corpus(slantwise):
    slantwise("data", "list", "babe_v9").refused(2, "a corpus of the manifest", "'babe_v9'", "slantwise data list")


def test_fetch(slantwise, toys, server, tmp_path):
    ran = slantwise("data", "fetch", "alpha", "--into", tmp_path, "--mirror", server.url)
    assert (ran.code, ran.out) == (0, "")
    assert ran.lines == [f"alpha: 2 files fetched (0.0 MB), in {tmp_path / 'toys' / 'alpha'}"]
    assert on_disk(tmp_path / "toys" / "alpha") == FILES["alpha"]
    again = slantwise("data", "fetch", "alpha", "--into", tmp_path, "--mirror", server.url)
    assert "0 files fetched (0.0 MB), 2 there already" in again.err
    assert len(server.asked) == 2


def test_fetch_has_a_bar_on_a_terminal_only(slantwise, toys, server, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = slantwise("data", "fetch", "alpha", "--into", tmp_path, "--mirror", server.url)
    assert (ran.code, ran.out) == (0, "")
    assert "\x1b[" in ran.err
    assert "━" in ran.err
    assert ran.lines[-1].endswith(f"alpha: 2 files fetched (0.0 MB), in {tmp_path / 'toys' / 'alpha'}")


def test_fetch_goes_where_the_other_commands_look(slantwise, toys, server, tmp_path):
    assert slantwise("data", "fetch", "beta", "--mirror", server.url).code == 0
    assert on_disk(tmp_path / "home") == {"slantwise/corpora/toys/beta/train.jsonl": FILES["beta"]["train.jsonl"]}
    assert json.loads(slantwise("data", "list", "beta", "--json").out)[0]["on_disk"]["presence"] == "complete"


def test_fetch_passes_over_what_was_prepared(slantwise, toys, server, tmp_path):
    ran = slantwise("data", "fetch", "--all", "--into", tmp_path, "--mirror", server.url)
    assert ran.code == 3
    assert ran.lines[2].startswith("slantwise: made: expected files of made that have an address; found ")
    assert ran.lines[3] == f"2 of 3 corpora are in {tmp_path}"
    assert set(on_disk(tmp_path)) == {"toys/alpha/train.jsonl", "toys/alpha/deep/test.jsonl", "toys/beta/train.jsonl"}


def test_fetch_of_nothing_that_can_be_had(slantwise, toys, server, tmp_path):
    ran = slantwise("data", "fetch", "made", "--into", tmp_path, "--mirror", server.url)
    assert (ran.code, ran.out, len(ran.lines)) == (1, "", 1)
    assert "prepared from others: train.jsonl" in ran.err
    assert (server.asked, on_disk(tmp_path)) == ([], {})


def test_corrupted_download_leaves_nothing(slantwise, toys, server, tmp_path):
    server.pages["/beta/train.jsonl"] = b"tampered with"
    ran = slantwise("data", "fetch", "beta", "--into", tmp_path, "--mirror", server.url)
    assert (ran.code, ran.out, len(ran.lines)) == (1, "", 1)
    assert f"expected sha256 {toys['beta'].files[0].sha256}" in ran.err
    assert hashlib.sha256(b"tampered with").hexdigest() in ran.err
    assert "fetch again" in ran.err
    assert on_disk(tmp_path) == {}


def test_one_failure_does_not_stop_the_others(slantwise, toys, server, tmp_path):
    del server.pages["/alpha/train.jsonl"]
    ran = slantwise("data", "fetch", "alpha", "beta", "--into", tmp_path, "--mirror", server.url)
    assert ran.code == 3
    assert "alpha: expected the file" in ran.lines[0]
    assert "404" in ran.lines[0]
    assert set(on_disk(tmp_path)) == {"toys/beta/train.jsonl"}


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("fetch",), ("names of corpora, or --all", "slantwise data list")),
        (("fetch", "alpha", "nope"), ("a corpus of the manifest (alpha, beta, made)", "'nope'")),
        (("fetch", "alpha", "--all"), ("names of corpora or --all; found both", "leave one out")),
        (("check",), ("a folder of corpora at",)),
    ],
)
def test_asked_wrong(slantwise, toys, server, tmp_path, arguments, parts):
    mirror = ("--mirror", server.url) if arguments[0] == "fetch" else ()
    slantwise("data", *arguments, *mirror).refused(2, *parts)
    assert (server.asked, on_disk(tmp_path)) == ([], {})


def test_fetch_into_a_file(slantwise, toys, server, tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    ran = slantwise("data", "fetch", "beta", "--into", tmp_path / "file", "--mirror", server.url)
    assert (ran.code, len(ran.lines)) == (1, 1)
    assert f"beta: expected to write in {tmp_path / 'file'}" in ran.err
    assert on_disk(tmp_path) == {"file": b"mine"}


@pytest.fixture
def checked(toys, tmp_path):
    """Two toy corpora with a planted twin, a shared document and a text labelled two ways."""
    records = {
        "alpha": [
            record("a1", LONG, "alpha", doc="d"),
            record("a2", "Quite another sentence with no twin.", "alpha"),
            record("a3", LONG.replace("Monday", "Tuesday"), "alpha", "test", doc="d"),
        ],
        "beta": [record("b1", LONG.upper(), "beta", label="loaded")],
    }
    for name, rows in records.items():
        (tmp_path / "toys" / name / "deep").mkdir(parents=True)
        write_labelled(tmp_path / "toys" / name / "train.jsonl", rows)
    (tmp_path / "toys" / "alpha" / "deep" / "test.jsonl").touch()
    return tmp_path


def test_check(slantwise, checked):
    ran = slantwise("data", "check", "alpha", "beta", "--from", checked)
    assert (ran.code, ran.lines) == (0, ["reading alpha ...", "reading beta ..."])
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["alpha/train", "beta/train", "1", "(1)", "of", "2", "1", "(1)", "of", "1"] in rows
    assert ["alpha/train", "alpha/test", "1", "(0)", "of", "2", "1", "(0)", "of", "1"] in rows
    assert ["alpha/train", "alpha/test", "1", "1", "1"] in rows
    assert ["wording", "alpha", "beta", "1", "1", "100.0%"] in rows


def test_check_as_json(slantwise, checked):
    found = json.loads(slantwise("data", "check", "alpha", "beta", "--json", "--from", checked).out)
    assert found["records"] == {"alpha/train": 2, "alpha/test": 1, "beta/train": 1}
    assert {(each["left"], each["right"], each["right_exact"]) for each in found["overlaps"]} >= {
        ("alpha/train", "beta/train", 1),
        ("alpha/train", "alpha/test", 0),
    }
    (shared,) = found["documents"]
    assert (shared["left"], shared["right"], shared["examples"]) == ("alpha/train", "alpha/test", ["d"])
    (noise,) = found["noise"]
    assert (noise["left"], noise["right"], noise["shared"], noise["different"]) == ("alpha", "beta", 1, 1)
    assert noise["examples"][0]["right"] == {"corpus": "beta", "id": "b1", "label": "loaded"}


def test_check_of_all_passes_over_what_is_absent(slantwise, checked):
    ran = slantwise("data", "check", "--all", "--json", "--from", checked)
    assert ran.lines[0] == f"not whole in {checked}, passed over: made"
    assert "beta/train" in json.loads(ran.out)["records"]


def test_check_finds_nothing(slantwise, checked):
    ran = slantwise("data", "check", "beta", "--from", checked)
    assert ran.out.splitlines() == [
        "No text is on two sides.",
        "No document is on two sides.",
        "No text has a label twice.",
    ]


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    write_labelled(path, [earlier_sentence(), wire_sentence()])
    return path


def test_convert_there_and_back(slantwise, gold, tmp_path):
    tasks, back = tmp_path / "tasks.json", tmp_path / "back.jsonl"
    ran = slantwise("data", "convert", gold, tasks, "--source-format", "slantwise")
    assert (ran.code, ran.out) == (0, "")
    assert ran.lines == ["records 2, documents 1, unlabelled 0, labels 2, spans 8, links 4, stances 2"]
    assert slantwise("data", "convert", tasks, back, "--destination-format", "slantwise").code == 0
    assert list(read_labelled(back)) == list(read_labelled(gold))


def test_convert_names_the_annotator(slantwise, gold, tmp_path):
    back = tmp_path / "back.jsonl"
    formats = ("--source-format", "slantwise", "--destination-format", "slantwise")
    assert slantwise("data", "convert", gold, back, *formats, "--annotator", "ann").code == 0
    assert {each.annotator for each in read_labelled(back)} == {"ann"}


def test_convert_passes_over_bad_rows(slantwise, gold, tmp_path):
    with gold.open("a", encoding="utf-8") as file:
        file.write('{"schema": "slantwise/1", "id": 5}\n{"cut\n')
    tasks = tmp_path / "tasks.json"
    ran = slantwise("data", "convert", gold, tasks, "--source-format", "slantwise")
    assert (ran.code, ran.out) == (3, "")
    assert ran.lines[0].startswith(f"slantwise: expected a value at {gold}:3, field doc; found nothing")
    assert ran.lines[1].startswith(f"slantwise: expected JSON at {gold}:4, field (row)")
    assert ran.lines[2].startswith("records 2, ")
    assert ran.lines[2].endswith("; bad rows 2")
    assert len(json.loads(tasks.read_text("utf-8"))) == 2


def test_convert_from_the_wrong_format_writes_nothing(slantwise, gold, tmp_path):
    write_labelled(gold, tiny_sentences()[:30])
    ran = slantwise("data", "convert", gold, tmp_path / "tasks.json", "--source-format", "doccano")
    assert (ran.code, len(ran.lines)) == (1, 21)
    assert ran.lines[-1].startswith(
        f"slantwise: expected a doccano row in {gold}; found none among 30; name the format"
    )
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["gold.jsonl"]


@pytest.mark.parametrize(
    ("options", "destination", "parts"),
    [
        ((), "tasks.json", ("the format of", "slantwise, doccano, prodigy", "--source-format")),
        (("--source-format", "slantwise"), "out.jsonl", ("the format of", "--destination-format")),
        (("--source-format", "slantwise"), "out.csv", ("a suffix of none", "--destination-format")),
        (("--source-format", "brat"), "tasks.json", ("--source-format of: slantwise", "'brat'")),
        (("--source-format", "slantwise"), "missing/tasks.json", ("no such folder",)),
    ],
)
def test_convert_asked_wrong(slantwise, gold, tmp_path, options, destination, parts):
    slantwise("data", "convert", gold, tmp_path / destination, *options).refused(2, *parts)
    assert [path.name for path in tmp_path.iterdir()] == ["gold.jsonl"]


def test_convert_of_a_missing_file(slantwise, tmp_path):
    missing = tmp_path / "missing.json"
    ran = slantwise("data", "convert", missing, tmp_path / "out.jsonl", "--destination-format", "doccano")
    ran.refused(2, f"a readable file {missing}", "check the path")
