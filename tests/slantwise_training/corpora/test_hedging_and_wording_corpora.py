"""The corpora of hedging, wording and article-level labels, read whole: counts against the manifest and the papers."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from slantwise_training.corpora import find_corpus, read_corpus
from slantwise_training.corpora.manifest import Weights

pytestmark = pytest.mark.corpus

NAMES = (
    "szeged_wiki",
    "szeged_bio",
    "szeged_factbank",
    "conll2010_wiki",
    "conll2010_bio",
    "babe_v2",
    "babe_sg1",
    "babe_sg2",
    "anno_lexical",
    "mbic",
    "basil",
    "ptc",
    "checkthat_subjectivity",
    "hyperpartisan",
    "article_bias",
)

# From the papers, the repositories' own descriptions and counts made without the readers.
PRINTED_SPLITS = {
    "szeged_wiki": {"train": 15588, "test": 5160},
    "szeged_bio": {"train": 15264 - 2, "test": 4211},  # two blank sentences
    "szeged_factbank": {"test": 3129},
    "conll2010_wiki": {"train": 10056 - 528, "train_pattern": 528, "test": 9633},
    "conll2010_bio": {"train": 11871, "test": 5001},
    "babe_v2": {"train": 3021, "test": 1000},
    "babe_sg1": {"all": 1700 - 154},  # no agreement
    "babe_sg2": {"all": 3674 - 1},  # no agreement
    "anno_lexical": {"train": 33831, "dev": 7249, "test": 7250},
    "mbic": {"all": 1700 - 149},  # no agreement
    "basil": {"all": 7984 - 7, "headline": 3},  # blank sentences
    "ptc": {"train": 14263 - 7, "dev": 2034 - 1, "test": 4042 - 2},  # lines of a byte order mark
    "checkthat_subjectivity": {"train": 830, "dev": 462, "dev_test": 484, "test": 300},
    "hyperpartisan": {"train": 645, "test": 628},
    "article_bias": {"train": 26590, "dev": 2356, "test": 1300, "unused": 7308},
}
PRINTED_CLASSES = {
    "szeged_wiki": {"hedged": 2606, "hedge:epistemic": 1771, "hedge:doxastic": 909, "hedge:conditional": 491}
    | {"hedge:investigative": 94},
    "szeged_bio": {"hedged": 4190},
    "szeged_factbank": {"hedged": 554, "hedge:epistemic": 305, "hedge:doxastic": 201, "hedge:conditional": 178}
    | {"hedge:investigative": 36},
    "conll2010_wiki": {"vague": 2365 + 2234},
    "conll2010_bio": {"hedged": 2101 + 789, "span:hedge": 1030},
    "babe_v2": {"loaded": 1687 + 559, "plain": 1334 + 441},
    "babe_sg1": {"loaded": 746, "plain": 800},
    "babe_sg2": {"loaded": 1810, "plain": 1863},
    "mbic": {"loaded": 1018, "plain": 533},
    "basil": {"loaded": 451, "slanted": 1219, "span:loaded": 480},
    "checkthat_subjectivity": {"subjective": 298 + 240 + 122 + 85},
    "hyperpartisan": {"hyperpartisan": 238 + 314, "mainstream": 407 + 314},
    "article_bias": {"left": 13005, "centre": 10815, "right": 13734},
}

SHARED_DOCUMENTS = {
    "conll2010_wiki": {("train", "train_pattern")},  # one training set, split by terms
    "basil": {("all", "headline")},  # a headline and its body
}


@dataclass
class Summary:
    splits: Counter[str] = field(default_factory=Counter)
    classes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    documents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ids: set[str] = field(default_factory=set)
    outlets: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    faults: list[str] = field(default_factory=list)
    lenses: set[str] = field(default_factory=set)
    sources: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    surfaces: Counter[str] = field(default_factory=Counter)
    wikipedia: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@cache
def summary(name: str, root: Path) -> Summary:
    found = Summary()
    for record in read_corpus(name, root):
        found.splits[record.split] += 1
        counts = found.classes[record.split]
        counts.update(record.labels.values())
        counts.update(f"{s.label}:{s.value}" if s.value else f"span:{s.label}" for s in record.spans)
        counts.update(f"stance:{stance.value}" for stance in record.stances)
        found.documents[record.doc.id].add(record.split)
        found.ids.add(record.id)
        found.outlets[record.split].add(record.doc.outlet)
        found.lenses.update(record.lenses)
        found.sources[record.corpus].add(record.licence)
        found.surfaces.update(span.text.lower() for span in record.spans)
        if record.doc.id.startswith("wikipedia-"):
            found.wikipedia[record.doc.id].append("".join(record.text.split()))
        if not record.text or record.text != record.text.strip():
            found.faults.append(f"{record.id}: white space at the text's edges")
        if any(span.text != span.text.strip() for span in record.spans):
            found.faults.append(f"{record.id}: white space at a span's edges")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_records_match_the_manifest(name, corpora_root):
    corpus, found = find_corpus(name), summary(name, corpora_root)
    assert dict(found.splits) == corpus.splits
    assert {split: dict(counts) for split, counts in found.classes.items()} == corpus.classes
    assert found.lenses == set(corpus.lenses)
    assert found.sources == {name: {corpus.licence}}
    assert len(found.ids) == sum(found.splits.values())
    assert found.faults == []


@pytest.mark.parametrize("name", NAMES)
def test_manifest_matches_what_was_printed(name):
    corpus = find_corpus(name)
    assert corpus.splits == PRINTED_SPLITS[name]
    total: Counter[str] = Counter()
    for counts in corpus.classes.values():
        total.update(counts)
    printed = PRINTED_CLASSES.get(name, {})
    assert {label: total[label] for label in printed} == printed


@pytest.mark.parametrize("name", NAMES)
def test_no_document_is_in_two_splits(name, corpora_root):
    allowed = SHARED_DOCUMENTS.get(name, set())
    shared = {tuple(sorted(s)) for s in summary(name, corpora_root).documents.values() if len(s) > 1}
    assert shared == allowed


@pytest.mark.parametrize("name", NAMES)
def test_small_files_have_their_checksums(name, corpora_root):
    corpus = find_corpus(name)
    folder = corpora_root / corpus.folder
    assert corpus.files
    assert all((folder / file.path).is_file() for file in corpus.files)
    for file in sorted(corpus.files, key=lambda file: (folder / file.path).stat().st_size)[:5]:
        assert hashlib.sha256((folder / file.path).read_bytes()).hexdigest() == file.sha256, file.path


@pytest.mark.parametrize("name", NAMES)
def test_addresses_are_pinned(name):
    corpus = find_corpus(name)
    assert corpus.url is None or corpus.url.startswith(
        f"https://raw.githubusercontent.com/{corpus.repository}/{corpus.commit}/"
    )
    assert all(file.url is None or file.url.startswith(corpus.url) for file in corpus.files)


def test_text_under_terms_of_its_own_does_not_train_shipped_weights():
    closed = {"szeged_factbank", "babe_sg1", "babe_sg2", "checkthat_subjectivity"}
    assert {name for name in NAMES if find_corpus(name).weights is Weights.NO} == closed
    assert {name for name in NAMES if find_corpus(name).weights is Weights.OPEN} == {"basil", "ptc"}


def test_wikipedia_articles_have_the_same_ids_in_both_corpora(corpora_root):
    """By the ids alone, no CoNLL test article need be in Szeged's training data."""
    szeged, conll = (summary(name, corpora_root) for name in ("szeged_wiki", "conll2010_wiki"))
    same = [text in szeged.wikipedia[name] for name, texts in conll.wikipedia.items() for text in texts]
    assert len(same) == 19689 - 676
    assert all(same)
    tested = {name for name in conll.wikipedia if conll.documents[name] == {"test"}}
    assert len(tested) == 2345


def test_hyperpartisan_outlets_of_train_and_test_differ(corpora_root):
    outlets = summary("hyperpartisan", corpora_root).outlets
    assert not outlets["train"] & outlets["test"]
    assert None not in outlets["train"] | outlets["test"]


def test_biomedical_cues_are_the_words_that_were_tagged(corpora_root):
    cues = summary("conll2010_bio", corpora_root).surfaces
    assert cues.most_common(1)[0][0] == "may"
    assert {word for word, _ in cues.most_common(10)} >= {"may", "can", "or", "suggesting"}
