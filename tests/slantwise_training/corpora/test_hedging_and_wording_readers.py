"""The traps of the hedging, wording and article-level corpora, on made-up files."""

import json
import lzma

import pytest

from slantwise.errors import BadRow
from slantwise.labels import HedgeKind, SpanLabel, StanceLabel, Task
from slantwise_training.corpora import find_corpus, read_corpus
from slantwise_training.corpora.article_bias import read as read_article_bias


def read(name, root):
    return list(read_corpus(name, root))


def write_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


# Szeged


def factbank(text, *cues, sid="S1.1"):
    return {"doc": "wire.txt", "doc_no": 3, "sid": sid, "text": text, "cues": list(cues)}


def test_factbank_spaces_do_not_give_the_cue_away(tmp_path):
    text = "Rain  may  fall , if  asked ."
    cues = (["epistemic", 6, 9, "possible"], ["condition", 18, 20])
    write_lines(tmp_path / "szeged" / "factbank.jsonl", [factbank(text, *cues), factbank("Rain fell.", sid="S1.2")])
    hedged, asserted = read("szeged_factbank", tmp_path)
    assert hedged.text == "Rain may fall, if asked."
    assert [(s.text, s.value) for s in hedged.spans] == [("may", HedgeKind.EPISTEMIC), ("if", HedgeKind.CONDITIONAL)]
    assert (hedged.split, hedged.labels) == ("test", {Task.HEDGING: "hedged"})
    assert (asserted.index, asserted.labels, asserted.spans) == (1, {Task.HEDGING: "asserted"}, ())
    assert hedged.exhaustive == asserted.exhaustive == (SpanLabel.HEDGE,)


def test_szeged_with_an_unknown_kind_is_a_bad_row(tmp_path):
    write_lines(tmp_path / "szeged" / "factbank.jsonl", [factbank("Hm.", ["weasel", 0, 2])])
    with pytest.raises(BadRow, match=r"factbank\.jsonl:1, field cues"):
        read("szeged_factbank", tmp_path)


def test_szeged_leaves_out_blank_sentences_and_keeps_the_places_of_the_others(tmp_path):
    rows = [{"doc": "a", "doc_no": 9, "sid": f"S1.{n}", "split": "train", "text": t, "cues": []} for n, t in
            enumerate(["One.", "\u00a0", "Three."])]  # fmt: skip
    write_lines(tmp_path / "szeged" / "bio.jsonl", rows)
    assert [(r.text, r.index, r.doc.id) for r in read("szeged_bio", tmp_path)] == [
        ("One.", 0, "szeged_bio-a"),
        ("Three.", 2, "szeged_bio-a"),
    ]


# CoNLL-2010


def weasel(text, label, number, src="mud"):
    return {"text": text, "label": label, "doc_no": number, "szeged_cues": None, "src": src}


def test_conll_and_szeged_name_an_article_alike(tmp_path):
    row = {"doc": "Mill_7", "doc_no": 2500, "sid": "S1.1", "split": "train", "text": "Mill", "cues": []}
    write_lines(tmp_path / "szeged" / "wiki.jsonl", [row])
    rows = [weasel("Mill", 0, 2500, "title"), weasel("Many say so .", 1, 2500, "pattern"), weasel("It shut .", 0, None)]
    write_lines(tmp_path / "conll2010" / "wiki_train.jsonl", rows)
    write_lines(tmp_path / "conll2010" / "wiki_eval.jsonl", [weasel("History", 0, 3407), weasel("Some say .", 1, 12)])
    (szeged,) = read("szeged_wiki", tmp_path)
    title, pattern, unknown, mistaken, test = read("conll2010_wiki", tmp_path)
    assert szeged.doc.id == title.doc.id == pattern.doc.id == "wikipedia-2500"
    assert [r.split for r in (title, pattern, unknown, mistaken, test)] == [
        "train",
        "train_pattern",
        "train",
        "test",
        "test",
    ]
    assert unknown.doc.id == unknown.id
    assert mistaken.doc.id == mistaken.id
    assert pattern.labels == {Task.VAGUENESS: "vague"}
    assert test.text == "Some say."


TAGS = """Abstract\tNN\tO

Cells\tNNS\tO
-LRB-\t-LRB-\tO
may\tMD\tB
be\tVB\tO
-RRB-\t-RRB-\tO
raise\tVB\tB
the\tDT\tI
possibility\tNN\tI
or\tCC\tB
.\t.\tO

"""


def write_bio(root, rows, tags=TAGS):
    write_lines(root / "conll2010" / "bio_train.jsonl", [{"text": "Cells grow .", "label": 0}])
    write_lines(root / "conll2010" / "bio_eval.jsonl", rows)
    write(root / "conll2010" / "bio" / "bioscope_eval_tokens.txt", tags)


def test_biomedical_cues_are_found_by_text_in_any_order(tmp_path):
    text = "Cells ( may be ) raise the possibility or."
    write_bio(tmp_path, [{"text": text, "label": 1}, {"text": "Abstract.", "label": 0}])
    train, hedged, title = read("conll2010_bio", tmp_path)
    assert hedged.text == "Cells (may be) raise the possibility or."
    assert [s.text for s in hedged.spans] == ["may", "raise the possibility", "or"]
    assert {s.value for s in hedged.spans} == {None}
    assert (title.spans, title.labels) == ((), {Task.HEDGING: "asserted"})
    assert (train.exhaustive, hedged.exhaustive) == ((), (SpanLabel.HEDGE,))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "Mice may be .", "label": 1}, "a sentence of bio/bioscope_eval_tokens.txt"),
        ({"text": "Abstract .", "label": 1}, "a tagged cue in hedged sentences only"),
        ({"text": "Abstract .", "label": 2}, "0 or 1"),
    ],
)
def test_biomedical_rows_that_contradict_their_tags_are_bad(tmp_path, row, message):
    write_bio(tmp_path, [row])
    with pytest.raises(BadRow, match=message):
        read("conll2010_bio", tmp_path)


# BABE


def test_babe_with_byte_order_mark_and_semicolons(tmp_path):
    csv = (
        "\ufefftext;news_link;outlet;topic;type;label_bias;label_opinion;biased_words\n"
        '"A ""brazen"" plan; or two.";http://x.test/1;Fox News;tax;right;Biased;;[\'brazen\']\n'
        "A plan.;http://x.test/1;Fox News;tax;right;No agreement;;[]\n"
        "A second plan.;;The Daily Beast;tax;;Non-biased;;[]\n"
    )
    write(tmp_path / "babe" / "data" / "final_labels_SG1.csv", csv)
    first, second = read("babe_sg1", tmp_path)
    assert first.text == 'A "brazen" plan; or two.'
    assert (first.doc.id, first.doc.outlet, first.doc.section) == ("http://x.test/1", "fox-news", "tax")
    assert [s.text for s in first.spans] == ["brazen"]
    assert (second.doc.id, second.doc.outlet, second.labels) == (second.id, "daily-beast", {Task.WORDING: "plain"})


def test_babe_v2_test_has_no_words_and_no_outlet(tmp_path):
    head = "text,outlet,label,topic,news_link,biased_words\n"
    folder = tmp_path / "babe_v2" / "evaluation"
    write(folder / "babe_train_dev_annomatic.csv", head + "A brazen plan,Huffpost,1,tax,http://x.test/1,['brazen']\n")
    write(folder / "babe_test_annomatic.csv", "text,label,babe\nA plan,0,1\n")
    train, test = read("babe_v2", tmp_path)
    assert (train.split, train.doc.outlet, train.exhaustive) == ("train", "huffpost", (SpanLabel.LOADED,))
    assert (test.split, test.doc.outlet, test.exhaustive) == ("test", None, ())
    assert test.labels == {Task.WORDING: "plain"}


# BASIL


def note(place, start, end, txt, bias="lex", polarity="neg", target="Jo_Reed", speaker=""):
    return {"id": place, "start": start, "end": end, "txt": txt, "bias": bias} | {
        "polarity": polarity,
        "target": target,
        "speaker": speaker,
        "quote": "yes" if speaker else "no",
        "aim": "dir",
    }


def write_basil(root, notes):
    article = {
        "source": "NYT",
        "title": "Reed stumbles",
        "date": "2015-02-03",
        "uuid": "u",
        "triplet-uuid": "t",
        "body-paragraphs": [["Reed  meekly agreed.", " "], ["“A sham,” said Poe."]],
    }
    write(root / "basil" / "articles" / "2015" / "t_2.json", json.dumps(article))
    notes_text = json.dumps({"phrase-level-annotations": notes})
    write(root / "basil" / "annotations" / "2015" / "t_2_ann.json", notes_text)


def test_basil_spans_stances_and_headline(tmp_path):
    inside = note("p2", 0, 9, "“A sham,”", "inf", "neg", speaker="Al_Poe")
    notes = [note("title", 5, 13, "stumbles"), note("p0", 6, 12, "meekly", polarity="pos"), inside, inside]
    write_basil(tmp_path, notes)
    headline, plain, quote = read("basil", tmp_path)
    assert (headline.split, headline.exhaustive, headline.spans[0].text) == ("headline", (), "stumbles")
    assert (plain.text, [s.text for s in plain.spans]) == ("Reed meekly agreed.", ["meekly"])
    assert plain.labels == {Task.WORDING: "loaded", Task.INFORMATIONAL: "neutral"}
    assert (plain.stances[0].value, plain.stances[0].holder_name) == (StanceLabel.FAVOR, None)
    assert quote.labels == {Task.WORDING: "plain", Task.INFORMATIONAL: "slanted"}
    assert [(s.target, s.value, s.holder_name) for s in quote.stances] == [("Jo Reed", StanceLabel.AGAINST, "Al Poe")]
    assert (quote.index, quote.spans, quote.exhaustive) == (2, (), (SpanLabel.LOADED,))
    assert (quote.doc.outlet, quote.doc.story, quote.doc.id) == ("new-york-times", "t", "t_2")


@pytest.mark.parametrize(
    "wrong",
    [note("p9", 0, 4, "Reed"), note("p0", 0, 4, "Poes"), note("p0", 0, 4, "Reed", bias="tone")],
)
def test_basil_annotations_that_fit_no_sentence_are_bad(tmp_path, wrong):
    write_basil(tmp_path, [wrong])
    with pytest.raises(BadRow, match=r"t_2_ann\.json:1"):
        read("basil", tmp_path)


# PTC


def write_ptc(root, text, labels, number="77"):
    folder = root / "ptc" / "protechn_corpus_eval" / "train"
    write(folder / f"article{number}.txt", text)
    write(folder / f"article{number}.labels.tsv", "".join(f"{number}\t{t}\t{s}\t{e}\n" for t, s, e in labels))


def test_ptc_offsets_count_the_byte_order_mark_and_line_ends(tmp_path):
    text = "\ufeffA raging mob\n\n\ufeff\nThey wept.\nThey howled. \n"
    whole = text.index("wept"), text.index(" \n")
    labels = [
        ("Loaded_Language", text.index("raging"), text.index(" mob")),
        ("Loaded_Language", *whole),
        ("Doubt", 1, 5),
    ]
    write_ptc(tmp_path, text, labels)
    title, wept, howled = read("ptc", tmp_path)
    assert (title.text, [s.text for s in title.spans], title.index) == ("A raging mob", ["raging"], 0)
    assert (wept.index, [s.text for s in wept.spans]) == (3, ["wept."])
    assert (howled.text, [s.text for s in howled.spans]) == ("They howled.", ["They howled."])
    assert title.labels == {Task.WORDING: "loaded"}


def test_ptc_line_without_loaded_language_is_plain(tmp_path):
    write_ptc(tmp_path, "Calm words.\n", [("Slogans", 0, 4)])
    (line,) = read("ptc", tmp_path)
    assert (line.labels, line.spans, line.exhaustive) == ({Task.WORDING: "plain"}, (), (SpanLabel.LOADED,))


@pytest.mark.parametrize("labels", [[("Loaded_Language", 8, 99)], [("Loaded_Language", "x", 4)]])
def test_ptc_span_outside_its_article_is_a_bad_row(tmp_path, labels):
    write_ptc(tmp_path, "Calm words.\n", labels)
    with pytest.raises(BadRow, match=r"article77\.labels\.tsv:1"):
        read("ptc", tmp_path)


def test_ptc_known_span_past_the_end_is_left_out(tmp_path):
    write_ptc(tmp_path, "Calm words.\n", [("Loaded_Language", 4187, 4225)], number="776368676")
    (line,) = read("ptc", tmp_path)
    assert line.spans == ()


# CheckThat!, hyperpartisan, article bias


def test_checkthat_fields_are_unquoted_in_either_column_order(tmp_path):
    folder = tmp_path / "checkthat_subjectivity" / "data" / "english"
    for name in ("train_en", "dev_en", "dev_test_en"):
        write(folder / f"{name}.tsv", f'sentence_id\tsentence\tlabel\n{name}\t"""So,"" he said."\tOBJ\n')
    write(folder / "test_en_labeled.tsv", "sentence\tlabel\tsentence_id\nWhat a day!\tSUBJ\tx\n")
    *others, test = read("checkthat_subjectivity", tmp_path)
    assert {r.text for r in others} == {'"So," he said.'}
    assert [r.split for r in others] == ["train", "dev", "dev_test"]
    assert (test.text, test.labels, test.lenses) == ("What a day!", {Task.SUBJECTIVITY: "subjective"}, ())


def write_hyperpartisan(root, truth='hyperpartisan="true"'):
    folder = root / "hyperpartisan" / "datasets"
    for name in ("training-byarticle-20181122", "test-byarticle-20181207"):
        write(
            folder / f"articles-{name}.xml",
            '<articles><article id="1" published-at="2017-01-02" title="Ham &amp; eggs">\nAbove <q>it</q> all '
            '<p>Reed &amp;amp; <a href="#">Poe</a> won.</p>\n<p> </p><p>Twice.</p></article></articles>',
        )
        url = "http://www.daily.test/x"
        write(folder / f"ground-truth-{name}.xml", f'<articles><article id="1" {truth} url="{url}"/></articles>')


def test_hyperpartisan_text_is_unescaped_and_has_its_headline(tmp_path):
    write_hyperpartisan(tmp_path)
    train, test = read("hyperpartisan", tmp_path)
    assert train.text == "Ham & eggs\n\nAbove it all\nReed & Poe won.\nTwice."
    assert (train.doc.outlet, train.doc.published) == ("daily.test", "2017-01-02")
    assert (train.split, test.split, test.labels) == ("train", "test", {Task.HYPERPARTISAN: "hyperpartisan"})


def test_hyperpartisan_without_a_label_is_a_bad_row(tmp_path):
    write_hyperpartisan(tmp_path, truth="")
    with pytest.raises(BadRow, match="true or false for 1"):
        read("hyperpartisan", tmp_path)


def article(**changes):
    row = {"ID": "a", "split_media": "valid", "bias": 1, "source": "Daily", "topic": "tax", "date": "2017-09-12"}
    return json.dumps(row | {"text": "Reed won.\n"} | changes) + "\n"


def test_article_bias_is_read_as_a_stream(tmp_path):
    path = tmp_path / "abp_all_first1200chars.jsonl.xz"
    path.write_bytes(lzma.compress((article() + "not JSON\n").encode()))
    stream = iter(read_article_bias(tmp_path, find_corpus("article_bias")))
    first = next(stream)
    assert (first.text, first.split, first.labels) == ("Reed won.", "dev", {Task.LEANING: "centre"})
    assert (first.doc.published, first.doc.outlet) == ("2017-09-12", "Daily")
    with pytest.raises(json.JSONDecodeError):
        next(stream)


def test_article_bias_dates_and_splits(tmp_path):
    path = tmp_path / "article_bias" / "abp_all_first1200chars.jsonl.xz"
    path.parent.mkdir()
    path.write_bytes(lzma.compress((article(date="7/23/17") + article(split_media=None, date="")).encode()))
    odd, unused = read("article_bias", tmp_path)
    assert (odd.doc.published, unused.doc.published, unused.split) == (None, None, "unused")


@pytest.mark.parametrize("changes", [{"bias": 3}, {"split_media": "new"}])
def test_article_bias_with_unknown_values_is_a_bad_row(tmp_path, changes):
    path = tmp_path / "abp_all_first1200chars.jsonl.xz"
    path.write_bytes(lzma.compress(article(**changes).encode()))
    with pytest.raises(BadRow, match=r"first1200chars\.jsonl\.xz:1"):
        list(read_article_bias(tmp_path, find_corpus("article_bias")))


def test_anno_lexical(tmp_path):
    import pyarrow.parquet

    folder = tmp_path / "anno_lexical" / "annomatic-dataset" / "data" / "training"
    folder.mkdir(parents=True)
    for split in ("train", "dev", "test"):
        row = {"text": "A brazen plan. ", "source_name": "the-post", "label": 1, "sentence_id": f"id-{split}"}
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), folder / f"anno-lexical-{split}.parquet")
    records = read("anno_lexical", tmp_path)
    assert [(r.split, r.text, r.doc.outlet) for r in records] == [
        (split, "A brazen plan.", "post") for split in ("train", "dev", "test")
    ]
    assert {r.labels[Task.WORDING] for r in records} == {"loaded"}
    assert {r.exhaustive for r in records} == {()}
