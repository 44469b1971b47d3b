"""What must hold for any bytes at all: functions of bytes that raise where something is wrong, by target name.

`tests/fuzz/fuzz.py` looks for bytes that break them; `tests/fuzz/test_fuzz_corpus.py` keeps those that once did.
"""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np

from slantwise.article import Article
from slantwise.errors import BadRow, SlantwiseError
from slantwise.formats import BadArticle, open_articles, score_from_json, score_to_json
from slantwise.formats.rows import FIRST, Columns
from slantwise.formats.tables import table_places
from slantwise.labelled import read_labelled, record_from_json, record_to_json
from slantwise.labels import SPAN_VALUES, SpanLabel, StanceLabel, Task
from slantwise.linear.words import split_words
from slantwise.model_folder import Model
from slantwise.quotes import find_quotes
from slantwise.reading import Decision, FoundSpan, Reading
from slantwise.score import ModelName
from slantwise.scorer import Scorer
from slantwise.segment import segment

LONGEST = 2000
SUFFIXES = ("txt", "md", "html", "jsonl", "csv", "tsv", "parquet")
ENCODINGS = (None, None, None, "utf-16", "utf-16-le", "utf-32", "latin-1", "shift_jis", "utf-7", "cp037")
ODD = (
    None, True, False, 0, -1, 1, 3, 7, 10**30, 1.5, 1e300, "", "a", "gold", "hedge:epistemic", "source", "event",
    "accept", "unsure", "\ud800", "\0", "😀", [], {}, [[]], [None], {"": None}, "hedging:hedged", "0.1",
)  # fmt: skip
"""What a field is replaced with."""

_SOURCES = ("Anna Berg", "he", "an unnamed official", "The Harbour Times", "the ministry")


def read_articles(data: bytes) -> None:
    """Any file is read or refused in words; a table gives the same articles whole and in parts."""
    head, body = (data + b"\0\0\0")[:3], data[3:]
    suffix, encoding = SUFFIXES[head[0] % len(SUFFIXES)], ENCODINGS[head[2] % len(ENCODINGS)]
    packing = head[1] % 5
    name = f"x.{suffix}{('', '.gz', '.zst', '.gz', '.zst')[packing]}"
    if packing == 3:
        body = gzip.compress(body, 1, mtime=0)
    elif packing == 4:
        import zstandard

        body = zstandard.ZstdCompressor(level=1).compress(body)
    path = _file(name, body)
    try:
        source = open_articles([str(path)], encoding=encoding, longest=LONGEST)
    except SlantwiseError as error:
        _check_words(error)
        return
    whole = list(source.attempts())
    for each in whole:
        if isinstance(each, BadArticle):
            assert isinstance(each.error, SlantwiseError)
            _check_words(each.error)
        else:
            assert each.id
            assert each.text.strip()
            assert "\0" not in each.text
            (each.id + each.text).encode()
    # a damaged file ends where it is damaged: in each of its parts
    is_whole = not any(isinstance(each, BadArticle) and each.id == source.files[0].name for each in whole)
    if source.files[0].format.is_table and is_whole:
        _check_parts(source, encoding, whole)


def _check_parts(source, encoding, whole) -> None:
    try:
        places, stop = table_places(source.files[0], encoding, Columns(), LONGEST, 2, 8)
    except SlantwiseError:
        return
    starts = [place.row for place in places]
    assert starts == sorted(set(starts))
    parts = []
    for place, end in zip(places, [*starts, stop][1:], strict=True):
        parts += source.read(source.files[0], range(place.row, end), place if place.row > 1 else FIRST)
    told = [each if isinstance(each, Article) else (each.id, str(each.error)) for each in parts]
    assert told == [each if isinstance(each, Article) else (each.id, str(each.error)) for each in whole]


def read_labels(data: bytes) -> None:
    """A row of labelled sentences is sound or a `BadRow`; what was read is written and read back the same."""
    path = _file("x.jsonl", _rows(data, _labelled_row()))
    bad: list[BadRow] = []
    for record in read_labelled(path, bad.append):
        _check_record(record)
        assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record
    for each in bad:
        _check_words(each)


def read_annotations(data: bytes) -> None:
    """So with the files of annotation tools."""
    from labelled_sentences import wire_sentence

    from slantwise_training.annotation import FORMATS

    name = ("label-studio", "doccano", "prodigy")[data[0] % 3] if data else "doccano"
    form = FORMATS[name]
    model = _file("model" + form.suffix, b"")
    form.write(model, [wire_sentence()])
    written = json.loads(model.read_bytes())
    rows = _rows(data[1:], written[0] if isinstance(written, list) else written)
    if name == "label-studio" and not data[1:2] == b"\xff":
        rows = b"[" + b",".join(rows.splitlines()) + b"]"
    path = _file("x" + form.suffix, rows)
    bad: list[BadRow] = []
    try:
        records = list(form.read(path, bad.append))
    except BadRow as error:
        bad.append(error)
        records = []
    for each in bad:
        _check_words(each)
    for record in records:
        _check_record(record)
    again = _file("again" + form.suffix, b"")
    form.write(again, records)
    assert list(form.read(again, None)) == records


def score_article(data: bytes) -> None:
    """Sentences, quotations and voices of any text, whatever a model says of it: offsets that slice, sound voices."""
    seed, quotes_as_author = int.from_bytes(data[:2], "little"), data[2:3] == b"\1"
    text = data[3:].decode("utf-8", "surrogateescape")
    quotes = find_quotes(text)
    for quote in quotes:
        assert 0 <= quote.start < quote.end <= len(text)
    assert all(before.end <= after.start for before, after in pairwise(quotes))
    at = 0
    for i, sentence in enumerate(segment(text)):
        assert sentence.index == i
        assert text[sentence.start : sentence.end] == sentence.text
        assert not text[at : sentence.start].strip()
        assert sentence.text.strip() == sentence.text != ""
        at = sentence.end
    assert not text[at:].strip()
    model = Model(AnySpans(seed), ModelName("any", "0" * 64), {})
    score = Scorer(model, quotes_as_author=quotes_as_author).score(Article("x", text))
    _check_score(text, score)
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert score_to_json(score_from_json(score_to_json(score))) == score_to_json(score)


class AnySpans:
    """A backend that finds any spans anywhere, the same for the same seed and sentence; probabilities are in range."""

    stance_margin = 0.1
    has_stance = True
    span_labels = frozenset(SpanLabel)

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.decisions = {Task.HEDGING: Decision(0.5, 0.1), Task.WORDING: Decision()}

    def read(self, sentences):
        return [self._read(text) for text in sentences]

    def stance(self, mentions):
        rows = [Random(f"{self.seed}/{m.name!r}/{m.start}").choices((1, 2, 7), k=3) for m in mentions]
        table = np.array(rows, dtype=np.float32).reshape(-1, 3)
        return table / table.sum(axis=1, keepdims=True)

    def _read(self, text):
        random = Random(self.seed ^ crc32(text.encode("utf-8", "surrogatepass")))
        words = split_words(text)
        spans = []
        for label in (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT, SpanLabel.HEDGE, SpanLabel.MENTION):
            for _ in range(random.randrange(3) if words else 0):
                first = random.randrange(len(words))
                last = min(first + int(random.expovariate(0.3)), len(words) - 1)
                kind = SPAN_VALUES[label]
                values = [None, *(v for v in kind if v is not StanceLabel.UNSURE)] if kind else [None]
                place = words[first].start, words[last].end
                spans.append(FoundSpan(label, *place, random.choice(values), random.random()))
        p = np.array([random.random()] * 2, dtype=np.float32)
        tasks = {Task.HEDGING: np.array([1 - p[0], p[0]]), Task.WORDING: np.array([p[1], 1 - p[1]])}
        return Reading(text, tasks, tuple(sorted(spans, key=lambda s: (s.start, s.end))))


def spoiled(value, data: bytes):
    """A JSON value with some of its nodes replaced, removed or doubled, as the bytes say; four bytes a change."""
    for at in range(0, len(data) - 3, 4):
        which, what, how = data[at] | data[at + 1] << 8, data[at + 2], data[at + 3]
        nodes = list(_nodes(value))
        if not nodes:
            return value
        holder, key = nodes[which % len(nodes)]
        if what % 4 == 0:
            holder[key] = ODD[how % len(ODD)]
        elif what % 4 == 1:
            other, name = nodes[how % len(nodes)]
            holder[key] = json.loads(json.dumps(other[name]))
        elif what % 4 == 2:
            del holder[key]
        elif isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(holder[key])))
        elif isinstance(holder[key], int):
            holder[key] += how - 128
        elif isinstance(holder[key], str):
            holder[key] = holder[key][how % 8 :]
    return value


def _nodes(value):
    keyed = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, inner in keyed:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _nodes(inner)


def _rows(data: bytes, row) -> bytes:
    """Lines of JSON: the bytes as they are where they start with 255, else a sound row spoiled by them."""
    if data[:1] == b"\xff":
        return data[1:]
    return json.dumps(spoiled(row, data)).encode("utf-8", "surrogatepass") + b"\n"


def _labelled_row():
    from labelled_sentences import wire_sentence

    return record_to_json(wire_sentence())


def _check_words(error: SlantwiseError) -> None:
    assert all((error.expected, error.found, error.do))
    assert len(str(error)) < 5000, "a message that nobody reads"


def _check_record(record) -> None:
    ids = [span.id for span in record.spans]
    assert len(set(ids)) == len(ids)
    assert all(record.text[span.start : span.end] == span.text != "" for span in record.spans)
    assert all(link.head in ids for link in record.links)


def _check_score(text, score) -> None:
    spans = [*score.sentences]
    for s in score.sentences:
        spans += (*s.hedging.cues, *s.wording.words, *s.stance)
    for a in score.attributions:
        spans += (each for each in (a.source, a.cue, *a.content) if each is not None)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
    ids = [a.id for a in score.attributions]
    voices = {"author", *ids}
    assert len(voices) == len(ids) + 1
    assert all(a.via is None or a.via in set(ids) - {a.id} for a in score.attributions)
    via = {a.id: a.via for a in score.attributions}
    for each in ids:
        steps, here = 0, each
        while (here := via[here]) is not None:
            steps += 1
            assert steps <= len(ids), "a chain of sources that leads back to itself"
    for s in score.sentences:
        assert {s.voice, *(c.voice for c in s.hedging.cues), *(w.voice for w in s.wording.words)} <= voices
        assert {x.holder for x in s.stance} <= voices
    targets = {t.id for t in score.targets}
    assert {x.target for s in score.sentences for x in s.stance} <= targets


_FOLDER: list[tempfile.TemporaryDirectory] = []


def _file(name: str, data: bytes) -> Path:
    """A file in a folder of this process's own, in memory where there is such a place."""
    if not _FOLDER:
        memory = "/dev/shm"
        _FOLDER.append(tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None))
    path = Path(_FOLDER[0].name) / name
    path.write_bytes(data)
    return path


TARGETS: dict[str, Callable[[bytes], None]] = {
    "articles": read_articles,
    "labels": read_labels,
    "annotations": read_annotations,
    "voices": score_article,
}


def seeds(target: str) -> list[bytes]:
    """Sound inputs to start from."""
    if target == "voices":
        quoted = 'By Anna Berg\n“The plan may fail,” he said. “It will.”\nPORT ELLERY (AFN) - The ministry said "no".\n'
        turns = "Q: Why?\nA: I said 'no comment' — “he told me «yes».\n“And more.”\nAccording to Mr. Diaz, rain."
        return [b"\1\0\0" + quoted.encode(), b"\7\1\1" + turns.encode()] + [
            bytes([i, 0, 0]) + f"{who} said that {other} told reporters it rains. {who} added: “Yes.”".encode()
            for i, (who, other) in enumerate(pairwise(_SOURCES))
        ]
    if target != "articles":
        return [bytes([i]) + bytes(range(n, 4 * n + n)) for i in range(3) for n in (0, 1, 2, 4, 8)]
    rows = [{"id": f"r{i}", "text": f"Rain fell, he said {i}.", "title": "Rain", "outlet": "T"} for i in range(5)]
    csv = 'id,text,title\n1,"a ""b"",\nc",T\n2,d,\n\n3,e,"x"\n'
    bodies = {
        "txt": "A headline\n\n“Rain,” he said.\n",
        "md": "---\ntitle: x\n---\n# Rain\n\nHe *said* [so](x) `y`\n\n| a | b |\n|---|---|\n| 1 | <b>2</b> |\n",
        "html": f"<html><head><title>Rain</title><meta charset=utf-8></head><body><article><p>{'Rain fell. ' * 30}",
        "jsonl": "\n".join(json.dumps(row) for row in rows) + "\n\n{}\n",
        "csv": csv,
        "tsv": csv.replace(",", "\t"),
    }
    made = [
        bytes([SUFFIXES.index(name), packing, 0]) + body.encode()
        for name, body in bodies.items()
        for packing in (0, 3, 4)
    ]
    packed = [b"\3\1\0" + gzip.compress(bodies["jsonl"].encode(), mtime=0)]
    return [*made, *packed, b"\4\0\3" + csv.encode("utf-16"), bytes([6, 0, 0]) + _parquet(rows)]


def _parquet(rows) -> bytes:
    import pyarrow as pa
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(pa.Table.from_pylist(rows), out, compression="none")
    return out.getvalue()
