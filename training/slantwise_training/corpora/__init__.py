"""Public corpora as labelled sentences. One short file per corpus; the manifest says the rest."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from slantwise.errors import AskedWrong
from slantwise.records import LabelledSentence
from slantwise_training.corpora.manifest import Corpus, find_corpus, load_manifest

__all__ = ["Corpus", "find_corpus", "load_manifest", "read_corpus"]


def read_corpus(name: str, root: Path, splits: tuple[str, ...] | None = None) -> Iterator[LabelledSentence]:
    """Yield a corpus's labelled sentences, of all splits or of the named ones.

    Args:
        name: a name of the manifest.
        root: the folder that holds the corpora, each in the folder the manifest gives.
        splits: the splits to keep; None keeps all.

    Raises:
        AskedWrong: no such corpus or split, or the corpus is not in `root`.

    """
    corpus = find_corpus(name)
    folder = root / corpus.folder
    if not folder.is_dir():
        raise AskedWrong(f"the corpus {name} in {folder}", "no such folder", f"run `slantwise data fetch {name}`")
    for split in splits or ():
        if split not in corpus.splits:
            raise AskedWrong(f"a split of {name} ({', '.join(corpus.splits)})", repr(split), "name one of these")
    reader = import_module(f"slantwise_training.corpora.{corpus.reader}")
    for record in reader.read(folder, corpus):
        if splits is None or record.split in splits:
            yield record
