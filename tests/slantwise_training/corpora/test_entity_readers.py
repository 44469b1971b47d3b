"""The readers of entity corpora on small files made by hand: what each file holds comes out, what is broken is said."""

import json

import pytest

from slantwise.errors import AskedWrong, BadRow
from slantwise.labels import MentionKind
from slantwise_training.corpora import (
    btc,
    cameo_ner,
    crossner,
    ecbplus,
    find_corpus,
    gap,
    gum,
    meantime_en,
    re3d,
    wikigold,
    wnut17,
    worldwide,
)


def records_of(module, folder):
    return list(module.read(folder, find_corpus(module.__name__.rpartition(".")[2])))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def surfaces(record):
    return [(span.text, span.value) for span in record.spans]


@pytest.fixture
def one_article(monkeypatch):
    """Worldwide in the toy size of one article, in dev."""
    monkeypatch.setattr(worldwide, "ARTICLES", 1)
    monkeypatch.setattr(worldwide, "TRAIN", 0)


@pytest.mark.usefixtures("one_article")
def test_worldwide_drops_address_and_nested_column(tmp_path):
    rows = (
        "https://example.org/a\tO\n\n"
        "The\tO\nBank\tB-Organization\nof\tI-Organization\nZubrowka\tI-Organization\tB-Location\n"
        "paid\tO\n$\tB-Money\n5\tI-Money\n.\tO\n"
    )
    write(tmp_path / "processed_annotated" / "xx_daily_1.txt.tsv", rows)
    (record,) = records_of(worldwide, tmp_path)
    assert record.text == "The Bank of Zubrowka paid $5."
    assert surfaces(record) == [("Bank of Zubrowka", MentionKind.ORGANISATION), ("$5", MentionKind.OTHER)]
    assert (record.split, record.index, record.doc.outlet) == ("dev", 0, "xx_daily")


@pytest.mark.usefixtures("one_article")
def test_worldwide_keeps_a_first_sentence_that_the_address_sticks_to(tmp_path):
    rows = "https://example.org/1Police\tO\nmet\tO\nIlsa\tB-Person\n"
    write(tmp_path / "processed_annotated" / "a.txt.tsv", rows)
    (record,) = records_of(worldwide, tmp_path)
    assert surfaces(record) == [("Ilsa", MentionKind.PERSON)]


def test_worldwide_with_articles_missing_is_asked_wrong(tmp_path):
    write(tmp_path / "processed_annotated" / "a.txt.tsv", "met\tO\n")
    with pytest.raises(AskedWrong, match="slantwise data fetch worldwide"):
        records_of(worldwide, tmp_path)


def test_wikigold_counts_articles(tmp_path):
    rows = "Zed I-PER\nran O\n\n-DOCSTART- O\n\nBix I-ORG\nCo I-ORG\n"
    write(tmp_path / "CONLL-format" / "data" / "wikigold.conll.txt", rows)
    first, second = records_of(wikigold, tmp_path)
    assert (first.doc.id, second.doc.id) == ("wikigold-0", "wikigold-1")
    assert (first.index, second.index) == (0, 0)
    assert surfaces(second) == [("Bix Co", MentionKind.ORGANISATION)]


def test_crossner_politics_is_the_plain_split(tmp_path):
    for domain in crossner.DOMAINS:
        for part in ("train", "dev", "test"):
            write(tmp_path / "ner_data" / domain / f"{part}.txt", "Odo\tB-person\n\n")
    records = records_of(crossner, tmp_path)
    assert {r.split for r in records if r.doc.section == "politics"} == {"train", "dev", "test"}
    assert "music-train" in {r.split for r in records if r.doc.section == "music"}


def conllu(rows):
    return "\n".join("\t".join(row) for row in rows) + "\n\n"


def token(number, form, tag, head, misc):
    return (str(number), form, "_", tag, "_", "_", str(head), "_", "_", misc)


@pytest.fixture
def gum_folder(tmp_path):
    write(tmp_path / "splits.md", "# Splits\n\n## dev\n\n  * GUM_news_toy\n\n## train\n\n  * GUM_news_other\n")
    text = "Ada's gonna see the mayor of Zed, she said."
    header = f"# newdoc id = GUM_news_toy\n# meta::dateCreated = 2020-01-02\n# text = {text}\n"
    rows = [
        ("1-2", "Ada's", *["_"] * 8),
        token(1, "Ada", "PROPN", 3, "Entity=(1-person-new-cf1-1-coref)"),
        token(2, "'s", "AUX", 3, "_"),
        ("3-4", "gonna", *["_"] * 8),
        token(3, "gon", "VERB", 0, "_"),
        token(4, "na", "PART", 5, "_"),
        token(5, "see", "VERB", 3, "_"),
        ("5.1", "ghost", *["_"] * 8),
        token(6, "the", "DET", 7, "Entity=(2-person-new-cf2-2-sgl"),
        token(7, "mayor", "NOUN", 5, "_"),
        token(8, "of", "ADP", 9, "_"),
        token(9, "Zed", "PROPN", 7, "Entity=(3-place-new-cf3-1-sgl-Zed)2)|SpaceAfter=No"),
        token(10, ",", "PUNCT", 12, "_"),
        token(11, "she", "PRON", 12, "Entity=(1-person-giv:act-cf1-1-ana)"),
        token(12, "said", "VERB", 3, "SpaceAfter=No"),
        token(13, ".", "PUNCT", 3, "_"),
    ]
    write(tmp_path / "dep" / "GUM_news_toy.conllu", header + conllu(rows))
    return tmp_path


def test_gum_nested_brackets_contractions_and_forms(gum_folder):
    (record,) = records_of(gum, gum_folder)
    assert [(s.text, s.value, s.entity) for s in record.spans] == [
        ("Ada", MentionKind.PERSON, "1"),
        ("the mayor of Zed", MentionKind.ACTOR, "2"),
        ("Zed", MentionKind.PLACE, "3"),
        ("she", MentionKind.PRONOUN, "1"),
    ]
    assert (record.split, record.doc.section, record.doc.published) == ("dev", "news", "2020-01-02")


def test_gum_unclosed_mention_is_a_bad_row(gum_folder):
    path = gum_folder / "dep" / "GUM_news_toy.conllu"
    write(path, path.read_text(encoding="utf-8").replace(")2)|", ")|"))
    with pytest.raises(BadRow, match="every mention closed"):
        records_of(gum, gum_folder)


def test_gum_token_that_is_not_in_the_text_is_a_bad_row(gum_folder):
    path = gum_folder / "dep" / "GUM_news_toy.conllu"
    write(path, path.read_text(encoding="utf-8").replace("\tmayor\t", "\tmajor\t"))
    with pytest.raises(BadRow, match=r"toy\.conllu:13"):
        records_of(gum, gum_folder)


def test_meantime_keeps_the_piece_with_the_head_and_skips_unannotated_documents(tmp_path):
    data = tmp_path / "output_data" / "en"
    rows = ["#begin document (c/1); part 000"]
    rows += [f"c/1\t0\t{n}\t{word}\t-" for n, word in enumerate(("Zed", "'s", "old", "blue", "boat", "left"))]
    rows += ["", "#end document", "#begin document (c/2); part 000", "c/2\t0\t0\tNothing\t-", "", "#end document"]
    write(data / "meantime.conll", "\n".join(rows) + "\n")
    mention = {
        "conll_doc_key": "c/1",
        "sent_id": 0,
        "mention_full_type": "PRODUCT",
        "mention_ner": "O",
        "coref_chain": "x1",
        "mention_head": "boat",
        "mention_head_pos": "NOUN",
        "mention_head_id": 4,
        "tokens_number": [0, 1, 3, 4],
    }
    name = mention | {
        "mention_full_type": "ORGANIZATION",
        "mention_head": "Zed",
        "mention_head_id": 0,
        "tokens_number": [0],
    }
    write(data / "entities_mentions.json", json.dumps([mention, name]))
    (record,) = records_of(meantime_en, tmp_path)
    assert record.text == "Zed's old blue boat left"
    assert surfaces(record) == [("Zed", MentionKind.ORGANISATION), ("blue boat", MentionKind.OTHER)]


def test_ecbplus_broken_mentions_addresses_and_forms(tmp_path):
    row = {
        "doc": "36_1ecbplus",
        "topic": "36",
        "sents": [
            ["http", ":", "/", "/", "x", ".", "org"],
            ["Police", "saw", "Zed\t", "near", "his", "home"],
            ["The", "police", "left"],
        ],
        "mentions": [
            {"tag": "HUMAN_PART_ORG", "sent": 1, "tok": [0], "text": "Police", "chain": "c1"},
            {"tag": "HUMAN_PART_PER", "sent": 1, "tok": [2], "text": "Zed", "chain": "c2"},
            {"tag": "HUMAN_PART_PER", "sent": 1, "tok": [4], "text": "his", "chain": "c2"},
            {"tag": "LOC_FAC", "sent": 1, "tok": [3, 5], "text": "near home"},
            {"tag": "HUMAN_PART_PER", "sent": 1, "tok": [4, 5, 0], "text": "his home The"},
        ],
    }
    write(tmp_path / "ecbplus_entities.jsonl", json.dumps(row) + "\n")
    address, sentence, _ = records_of(ecbplus, tmp_path)
    assert address.text == "http://x.org"
    assert [(s.text, s.value, s.entity) for s in sentence.spans] == [
        ("Police", MentionKind.ACTOR, "c1"),
        ("Zed", MentionKind.PERSON, "c2"),
        ("his", MentionKind.PRONOUN, "c2"),
        ("home", MentionKind.OTHER, None),
    ]
    assert (sentence.split, sentence.doc.story, sentence.exhaustive) == ("test", "36ecbplus", ())


def test_ecbplus_broken_line_is_a_bad_row(tmp_path):
    write(tmp_path / "ecbplus_entities.jsonl", "{}x\n")
    with pytest.raises(BadRow, match=r"ecbplus_entities\.jsonl:1"):
        records_of(ecbplus, tmp_path)


def test_re3d_sentences_from_ids_and_one_entity_an_extent(tmp_path):
    text = "Zed's rebels fled. They met Ilsa Bo\nA spokesman in Zedland. End"
    entities = {
        "UK Government": [
            {"_id": "d1-0-0-3-Location", "begin": 0, "end": 3, "type": "Location", "confidence": 0.2},
            {"_id": "d1-0-0-3-Organisation", "begin": 0, "end": 3, "type": "Organisation", "confidence": 0.9},
            {"_id": "d1-0-6-12-Organisation", "begin": 6, "end": 12, "type": "Organisation", "confidence": 1},
            {"_id": "d1-0-8-12-Person", "begin": 8, "end": 12, "type": "Person", "confidence": 1},
            {"_id": "d1-1-9-28-Person", "begin": 28, "end": 47, "type": "Person", "confidence": 1},
            {"_id": "d1-1-4-5-Person", "begin": 23, "end": 24, "type": "Person", "confidence": 1},
        ]
    }
    for part in re3d.LICENCES:
        documents = [{"_id": "d1", "text": text}] if part == "UK Government" else []
        rows = [row | {"documentId": "d1"} for row in entities.get(part, [])]
        for name, lines in (("documents", documents), ("entities", rows)):
            content = "\ufeff" + "".join(json.dumps(line) + "\n" for line in lines)
            write(tmp_path / "original" / part / f"{name}.json", content)
    records = records_of(re3d, tmp_path)
    assert [r.text for r in records] == ["Zed's rebels fled.", "They met Ilsa Bo\nA spokesman in Zedland. End"]
    assert surfaces(records[0]) == [("Zed", MentionKind.ORGANISATION), ("rebels", MentionKind.ACTOR)]
    assert surfaces(records[1]) == [("Ilsa Bo\nA spokesman", MentionKind.ACTOR)]
    assert {r.licence for r in records} == {"OGL 3.0"}


GAP_HEADER = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL\n"


def gap_row(a, b, offset=19):
    text = 'Ada met "Bea" when she sang.'
    return f"toy-1\t{text}\tshe\t{offset}\tAda\t0\t{a}\tBea\t9\t{b}\thttp://en.wikipedia.org/wiki/Caf%C3%A9\n"


@pytest.mark.parametrize(("a", "b", "same"), [("TRUE", "FALSE", "A"), ("FALSE", "TRUE", "B"), ("FALSE", "FALSE", None)])
def test_gap_entity_joins_the_pronoun_to_its_name(tmp_path, a, b, same):
    for name in gap.FILES.values():
        write(tmp_path / name, GAP_HEADER + gap_row(a, b))
    record = records_of(gap, tmp_path)[0]
    entities = {span.id: span.entity for span in record.spans}
    assert [k for k in ("A", "B") if entities[k] == entities["Pronoun"]] == ([same] if same else [])
    assert record.doc.id == "Café"


@pytest.mark.parametrize(
    ("row", "match"),
    [(gap_row("TRUE", "TRUE"), "stands for one name"), (gap_row("TRUE", "FALSE", 18), "Pronoun-offset")],
)
def test_gap_bad_rows(tmp_path, row, match):
    for name in gap.FILES.values():
        write(tmp_path / name, GAP_HEADER + row)
    with pytest.raises(BadRow, match=match):
        records_of(gap, tmp_path)


def test_cameo_spans_that_begin_inside(tmp_path):
    for name in ("train", "test"):
        write(tmp_path / f"{name}.txt", "Zed I-S\ntroops I-S\nhit O\nBix B-T\nCo B-T\n")
    record = records_of(cameo_ner, tmp_path)[0]
    assert [s.text for s in record.spans] == ["Zed troops", "Bix", "Co"]


def test_tweets_keep_their_hashtags(tmp_path):
    for section in btc.SECTIONS:
        write(tmp_path / "CONLL-format" / "data" / f"{section}.conll", "#Zed\tB-LOC\nrocks\tO\n\tO\n😎 \tO\n")
    record = records_of(btc, tmp_path)[0]
    assert record.text == "#Zed rocks 😎"
    assert surfaces(record) == [("#Zed", MentionKind.PLACE)]


def test_wnut_groups_are_organisations(tmp_path):
    for name in wnut17.FILES.values():
        write(tmp_path / "CONLL-format" / "data" / name, "Zed\tB-group\nUnited\tI-group\n")
    assert surfaces(records_of(wnut17, tmp_path)[0]) == [("Zed United", MentionKind.ORGANISATION)]
