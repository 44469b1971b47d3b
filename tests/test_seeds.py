"""The seed articles' adjudicated labels: complete, sound, and described in the README as they are."""

import json
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from slantwise.labelled import check_documents, read_labelled
from slantwise.labels import HedgeKind, Lens, LinkLabel, SpanLabel, Task

REPOSITORY = Path(__file__).parents[1]
SEEDS = REPOSITORY / "seeds"
DATA = REPOSITORY / "data" / "seeds"
ENDS = {
    LinkLabel.CUE_OF: (SpanLabel.CUE, {SpanLabel.SOURCE}),
    LinkLabel.CONTENT_OF: (SpanLabel.CONTENT, {SpanLabel.SOURCE, SpanLabel.CUE}),
    LinkLabel.VIA: (SpanLabel.SOURCE, {SpanLabel.SOURCE}),
}


@pytest.fixture(scope="module")
def gold():
    return list(read_labelled(DATA / "gold.jsonl"))


@pytest.fixture(scope="module")
def sentences():
    lines = (DATA / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def tables():
    spec = spec_from_file_location("seed_agreement", REPOSITORY / "benchmarks" / "seed_agreement.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_gold_has_every_sentence_of_every_article_in_order(gold, sentences):
    found = [(record.doc.id, record.index, record.text) for record in gold]
    assert found == [(each["doc"], each["index"], each["text"]) for each in sentences]
    assert {record.doc.id for record in gold} == {path.stem for path in SEEDS.glob("*.txt")}


def test_sentences_slice_out_of_their_articles_and_leave_only_white_space(sentences):
    for path in SEEDS.glob("*.txt"):
        article = path.read_bytes().decode("utf-8")
        mine = [each for each in sentences if each["doc"] == path.stem]
        assert [article[each["start"] : each["end"]] for each in mine] == [each["text"] for each in mine]
        ends = [0, *(each["end"] for each in mine)]
        starts = [*(each["start"] for each in mine), len(article)]
        assert all(not article[end:start].strip() for end, start in zip(ends, starts, strict=True)), path.name


def test_documents_check(gold):
    assert check_documents(gold) == []


def test_every_record_says_what_it_is(gold):
    for record in gold:
        assert record.id == f"{record.doc.id}#{record.index}"
        assert (record.annotator, record.split, record.corpus) == ("gold", "all", "seeds")
        assert record.licence == "Apache-2.0"
        assert record.lenses == (Lens.HEDGING, Lens.WORDING, Lens.ATTRIBUTION, Lens.STANCE)
        assert [span.id for span in record.spans] == [f"{record.index}.s{n + 1}" for n in range(len(record.spans))]


def test_sentence_labels_follow_from_the_spans(gold):
    for record in gold:
        kinds = {span.value for span in record.spans_of(SpanLabel.HEDGE)}
        assert record.labels[Task.HEDGING] == ("hedged" if kinds - {HedgeKind.VAGUE} else "asserted"), record.id
        assert record.labels[Task.VAGUENESS] == ("vague" if HedgeKind.VAGUE in kinds else "precise"), record.id
        assert record.labels[Task.WORDING] == ("loaded" if record.spans_of(SpanLabel.LOADED) else "plain"), record.id


def test_no_label_covers_the_same_words_twice_but_targets(gold):
    for record in gold:
        places = Counter((span.label, span.start, span.end) for span in record.spans)
        assert [place for place, n in places.items() if n > 1 and place[0] is not SpanLabel.TARGET] == [], record.id


def test_links_join_the_spans_they_may(gold):
    spans = {(record.doc.id, span.id): span.label for record in gold for span in record.spans}
    for record in gold:
        for link in record.links:
            head, tail = spans[record.doc.id, link.head], spans[record.doc.id, link.tail]
            if link.label is LinkLabel.HOLDER:
                assert head in {SpanLabel.TARGET, SpanLabel.LOADED}, record.id
                assert tail is SpanLabel.SOURCE, record.id
            else:
                expected, tails = ENDS[link.label]
                assert head is expected, record.id
                assert tail in tails, record.id


def test_every_content_has_one_origin_and_no_chain_runs_in_a_circle(gold):
    via = {}
    for record in gold:
        origins = Counter(link.head for link in record.links if link.label is LinkLabel.CONTENT_OF)
        assert origins == Counter(span.id for span in record.spans_of(SpanLabel.CONTENT)), record.id
        via |= {
            (record.doc.id, link.head): (record.doc.id, link.tail)
            for link in record.links
            if link.label is LinkLabel.VIA
        }
    for source in via:
        seen = set()
        while source in via:
            assert source not in seen
            seen.add(source)
            source = via[source]


@pytest.mark.parametrize("name", ["agreement_table", "count_table"])
def test_the_readme_holds_the_tables_that_the_script_prints(tables, name):
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert "\n\n" + "\n".join(getattr(tables, name)()) + "\n\n" in readme
