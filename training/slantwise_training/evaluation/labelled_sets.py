"""What a model is evaluated on: splits of corpora, and files of labelled sentences in any annotation format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from slantwise.errors import AskedWrong, SlantwiseError
from slantwise.files import sha256_of
from slantwise.records import LabelledSentence
from slantwise_training.annotation import FORMATS
from slantwise_training.corpora import Corpus, find_corpus, load_manifest, read_corpus
from slantwise_training.evaluation.evaluate import document_of

__all__ = ["ALL", "LabelledSet", "format_of", "named_sets", "read_file", "sample", "splits_to_test"]

ALL = "all"
"""Every test split of every corpus that is on disk."""
_SUFFIXES = {".json": "label-studio", ".parquet": "hub"}
_TELLING = {"slantwise": ("schema", "lenses"), "doccano": ("entities",), "prodigy": ("tokens", "answer", "_task_hash")}
"""Fields that tell the JSONL formats apart."""


@dataclass(frozen=True)
class LabelledSet:
    """A named set of labelled sentences, read when asked for.

    `corpus` is the manifest's entry, None for a file. `sha256` pins what is read: of the file, or of the list of
    checksums that pins the corpus. `optional`: asked for by `all`, so that it may be passed over.
    """

    name: str
    source: str
    read: Callable[[], list[LabelledSentence]]
    sha256: str
    corpus: Corpus | None = None
    optional: bool = False


def named_sets(on: str, root: Callable[[], Path], file_format: str | None = None) -> Iterator[LabelledSet]:
    """The sets behind the names of `--on`, with commas between them.

    A name is `all`, a corpus (its test splits, one by one; all splits where none is for testing), `corpus:split`,
    `corpus:split+split` (one set of both), or a file.

    Args:
        on: the names.
        root: gives the folder of corpora; called when a corpus is named.
        file_format: a name of `annotation.FORMATS` for the files; None tells it from the file.

    Raises:
        AskedWrong: no such corpus, split, file or format.

    """
    for name in (part.strip() for part in on.split(",")):
        if name == ALL:
            folder = root()
            for corpus in load_manifest().values():
                if (folder / corpus.folder).is_dir():
                    for split in splits_to_test(corpus):
                        yield replace(_of_corpus(corpus, split, folder), optional=True)
        elif Path(name).suffix or Path(name).is_dir():
            yield _of_file(Path(name), file_format)
        else:
            corpus = find_corpus(name.partition(":")[0])
            split = name.partition(":")[2]
            wanted = [split] if split else _single(corpus)
            yield from (_of_corpus(corpus, each, root()) for each in wanted)


def splits_to_test(corpus: Corpus) -> list[str]:
    """The test sets of a corpus: those that numbers are printed on, split by split and joined, then any others."""
    single = {split for split in corpus.splits if _is_test(split)}
    printed = dict.fromkeys(row.split for row in (*corpus.published, *corpus.floor))
    named = [split for split in printed if set(split.split("+")) <= single]
    covered = {part for split in named for part in split.split("+")}
    return named + [split for split in corpus.splits if split in single - covered]


def sample(records: Sequence[LabelledSentence], limit: int, seed: int = 0) -> list[LabelledSentence]:
    """At most `limit` records of whole documents, drawn by a seed; at least one document.

    Raises:
        AskedWrong: `limit` is below 1.

    """
    if limit < 1:
        raise AskedWrong("a limit of at least one sentence", str(limit), "ask for 500")
    members: dict[str, list[int]] = {}
    for at, record in enumerate(records):
        members.setdefault(document_of(record), []).append(at)
    names = list(members)
    kept: list[int] = []
    for at in np.random.default_rng(seed).permutation(len(names)):
        rows = members[names[at]]
        if not kept or len(kept) + len(rows) <= limit:
            kept += rows
    return [records[at] for at in sorted(kept)]


def format_of(path: Path) -> str:
    """The annotation format of a file, by its suffix and, for JSONL, the fields of its first row.

    Raises:
        AskedWrong: no such file, or no known format.

    """
    if not path.is_file():
        raise AskedWrong(f"a file of labelled sentences {path}", _instead_of_a_file(path), "check the path")
    if path.suffix in _SUFFIXES:
        return _SUFFIXES[path.suffix]
    do = "name its format by --format, or convert it: see `slantwise data convert --help`"
    if path.suffix != ".jsonl":
        raise AskedWrong("a file that ends in .jsonl, .json or .parquet", repr(path.name), do)
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        first = next((line for line in lines if line.strip()), "")
    try:
        row = json.loads(first) if first else {"schema": None}
    except ValueError:
        row = {"schema": None}  # the reader says what is wrong, with its line
    fields = set(row) if isinstance(row, dict) else set()
    for name, telling in _TELLING.items():
        if fields & set(telling):
            return name
    found = f"a row with the fields {', '.join(sorted(fields))}" if fields else "a row that is no object with fields"
    raise AskedWrong(f"labelled sentences (slantwise, doccano or Prodigy JSONL) in {path.name}", found, do)


def read_file(path: Path, file_format: str | None = None) -> list[LabelledSentence]:
    """All records of a file of labelled sentences.

    Raises:
        AskedWrong: no such file or format.
        BadRow: a row cannot be read.
        SlantwiseError: there is no row, or none has a label.

    """
    name = _checked_format(path, file_format)
    records = list(FORMATS[name].read(path, None))
    if not records:
        found = "none" if path.stat().st_size else "an empty file"
        raise SlantwiseError(f"labelled sentences in {path.name}", found, "export them again")
    if not any(_is_labelled(record) for record in records):
        found = f"{len(records)} sentences without a label, span or stance"
        raise SlantwiseError(f"labels in {path.name}", found, "label them first, or name another --format")
    return records


def _of_file(path: Path, file_format: str | None) -> LabelledSet:
    title = FORMATS[_checked_format(path, file_format)].title
    return LabelledSet(path.name, f"{path.name} ({title})", lambda: read_file(path, file_format), sha256_of(path))


def _checked_format(path: Path, file_format: str | None) -> str:
    name = format_of(path) if file_format is None else file_format
    if name not in FORMATS:
        raise AskedWrong(f"a format of: {', '.join(FORMATS)}", repr(name), "name one of these")
    if not path.is_file():
        raise AskedWrong(f"a file of labelled sentences {path}", _instead_of_a_file(path), "check the path")
    return name


def _instead_of_a_file(path: Path) -> str:
    return "a folder" if path.is_dir() else "no such file"


def _of_corpus(corpus: Corpus, split: str, root: Path) -> LabelledSet:
    parts = tuple(split.split("+"))
    for part in parts:
        if part not in corpus.splits:
            raise AskedWrong(f"a split of {corpus.name} ({', '.join(corpus.splits)})", repr(part), "name one of these")
    pinned = "".join(f"{file.sha256}  {file.path}\n" for file in corpus.files)
    source = f"{corpus.repository} at {corpus.commit[:12]}; {corpus.licence}"

    def read() -> list[LabelledSentence]:
        return list(read_corpus(corpus.name, root, parts))

    return LabelledSet(f"{corpus.name}:{split}", source, read, sha256(pinned.encode()).hexdigest(), corpus)


def _single(corpus: Corpus) -> Iterable[str]:
    return [split for split in corpus.splits if _is_test(split)] or list(corpus.splits)


def _is_test(split: str) -> bool:
    return "test" in split or "eval" in split


def _is_labelled(record: LabelledSentence) -> bool:
    return bool(record.labels or record.exhaustive or record.stances or any(span.value for span in record.spans))
