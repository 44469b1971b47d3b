"""The traps of the stance, attribution and factuality corpora, on toy files in their formats."""

import csv
import json
from typing import ClassVar

import pytest

from slantwise.errors import AskedWrong, BadRow
from slantwise.labels import LinkLabel, Quotation, SpanLabel, StanceLabel
from slantwise.records import Link
from slantwise_training.corpora import dse, event_factuality, finentity, gwsd, newsmtsc, polnear, seesaw, sentfin
from slantwise_training.corpora.bounds import trimmed, whole_words
from slantwise_training.corpora.brat import read_brat
from slantwise_training.corpora.manifest import Corpus, Weights
from slantwise_training.corpora.polnear_reference import predictions
from slantwise_training.corpora.quotation import quotation_of


def toy(name):
    return Corpus(name, "a toy", name, name, "nobody/nothing", "0" * 40, "CC0-1.0", Weights.YES, ("stance",))


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


def jsonl(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


class TestBounds:
    @pytest.mark.parametrize(
        ("mention", "left"),
        [
            ('" Orla', "Orla"),
            ("“Mayor Orla", "Mayor Orla"),
            ("[Ms. Orla]", "Ms. Orla"),
            ("Pyles'", "Pyles"),
            ("’” Orla", "Orla"),
            ("• Orla Reed --", "Orla Reed"),
            ("Sen. Poe (R-Ohio)", "Sen. Poe (R-Ohio)"),
            ("(Orla, who lost", "Orla, who lost"),
            ("’m", "’m"),
            ('"calm" Orla', '"calm" Orla'),
            ("Orla Jr.", "Orla Jr."),
            ('"', '"'),
        ],
    )
    def test_stray_marks_go_and_marks_in_pairs_stay(self, mention, left):
        text = f"so {mention} spoke"
        start, end = trimmed(text, 3, 3 + len(mention))
        assert text[start:end] == left

    @pytest.mark.parametrize(
        ("text", "cut", "word"),
        [
            ("Bostons mayor", (0, 6), "Bostons"),
            ("Poe’s vote", (0, 4), "Poe"),
            ("in Rome.", (3, 7), "Rome"),
            ("unRome", (2, 6), "unRome"),
        ],
    )
    def test_half_words_are_widened(self, text, cut, word):
        start, end = whole_words(text, *cut)
        assert text[start:end] == word


class TestQuotation:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("<“We won,”> she said", Quotation.DIRECT),
            ("“<We won>,” she said", Quotation.DIRECT),
            ('<"We won. "It is over."> ', Quotation.DIRECT),
            ("<“We won.\n\n“It is over.”>", Quotation.DIRECT),
            ("<''We won,''> she said", Quotation.DIRECT),
            ("<won the town, and lost the county.”> Then", Quotation.DIRECT),
            ("said <it was “a scandal”>.", Quotation.MIXED),
            ("calls <‘rigged’ vote>", Quotation.MIXED),
            ("said <the voters' choice isn't Poe's>", Quotation.INDIRECT),
            ("said <the voters’ choice isn’t Poe’s>", Quotation.INDIRECT),
        ],
    )
    def test_quote_marks_tell(self, text, expected):
        start, end = text.index("<"), text.index(">") - 1
        assert quotation_of(text.replace("<", "").replace(">", ""), [(start, end)]) is expected

    def test_all_stretches_count(self):
        text = "“We won,” he said, “and they lost.” That was all."
        assert quotation_of(text, [(0, 9), (19, 35)]) is Quotation.DIRECT
        assert quotation_of(text, [(0, 9), (36, 48)]) is Quotation.MIXED


class TestNewsmtsc:
    ROW: ClassVar = {
        "mention": "“Orla",
        "polarity": -1,
        "from": 0,
        "to": 5,
        "sentence": "“Orla lied.”",
        "id": "polusa_v1_12_-1_7_Orla_0_5",
    }

    def folder(self, tmp_path, **changes):
        files = dict.fromkeys(newsmtsc.FILES.values(), "")
        return write(tmp_path, {**files, "rw-hf/test.jsonl": jsonl({**self.ROW, **changes})})

    def test_the_id_gives_document_and_index(self, tmp_path):
        (record,) = newsmtsc.read(self.folder(tmp_path), toy("newsmtsc"))
        assert (record.doc.id, record.index, record.split) == ("polusa_12_-1", 7, "test_rw")
        (target,) = record.spans
        assert (target.text, target.start, target.value) == ("Orla", 1, StanceLabel.AGAINST)

    @pytest.mark.parametrize("changes", [{"from": 1}, {"polarity": 2}])
    def test_bad_rows_are_named(self, tmp_path, changes):
        with pytest.raises(BadRow, match=r"test\.jsonl:1"):
            list(newsmtsc.read(self.folder(tmp_path, **changes), toy("newsmtsc")))


class TestDse:
    TRAIN = "[Orla] thanked [Poe’]s aide.\tOrla\tPoe’\t1\n"
    TEST = '"He said ""no"" to [Rom]e and [Orla]."\tRom\tOrla\t4\n'

    def read(self, tmp_path, train=TRAIN, valid="", test=TEST):
        write(tmp_path, {"train.txt": train, "valid.txt": valid, "test.txt": test})
        return list(dse.read(tmp_path, toy("dse")))

    def test_brackets_go_and_spans_stay_in_place(self, tmp_path):
        train, test = self.read(tmp_path)
        assert train.text == "Orla thanked Poe’s aide."
        assert [(s.label, s.text) for s in train.spans_of(SpanLabel.TARGET)] == [
            (SpanLabel.TARGET, "Orla"),
            (SpanLabel.TARGET, "Poe"),
        ]
        assert test.text == 'He said "no" to Rome and Orla.'
        assert [span.text for span in test.spans_of(SpanLabel.SOURCE)] == ["Rome", "Orla"]

    def test_each_target_is_held_by_the_other(self, tmp_path):
        train, _ = self.read(tmp_path)
        values = {span.id: span.value for span in train.spans_of(SpanLabel.TARGET)}
        assert values == {"target-p": StanceLabel.NEUTRAL, "target-q": StanceLabel.FAVOR}
        assert Link(LinkLabel.HOLDER, "target-q", "source-p") in train.links

    @pytest.mark.parametrize("label", range(5))
    def test_the_class_comes_back(self, tmp_path, label):
        (record,) = self.read(tmp_path, train="", test=f"[Orla] met [Poe].\tOrla\tPoe\t{label}\n")
        assert dse.pair_class(record) == label

    def test_repeats_are_dropped_and_leaks_marked(self, tmp_path):
        again = "[orla]  thanked [Poe’]s aide.\torla\tPoe’\t1\n"
        records = self.read(
            tmp_path, train=self.TRAIN * 2, valid=self.TEST + "[A] met [B].\tA\tB\t0\n", test=self.TEST + again
        )
        assert [record.split for record in records] == ["train", "dev_leaked", "dev", "test", "test_leaked"]

    def test_a_stray_quote_mark_does_not_swallow_lines(self, tmp_path):
        records = self.read(tmp_path, train='"Well," [Orla] told [Poe].\tOrla\tPoe\t0\n' + self.TRAIN)
        assert records[0].text == '"Well," Orla told Poe.'
        assert len(records) == 3

    @pytest.mark.parametrize(
        "row", ["[Orla] met Poe.\tOrla\tPoe\t0\n", "[Orla] met [Poe].\tOrla\tPoe\t5\n", "[A] [B]\tA\tB\n"]
    )
    def test_bad_rows_are_named(self, tmp_path, row):
        with pytest.raises(BadRow, match=r"test\.txt:1"):
            self.read(tmp_path, test=row)


class TestFinance:
    def sentfin(self, tmp_path, title, decisions):
        with (tmp_path / "SEntFiN.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["S No.", "Title", "Decisions", "Words"], [1, title, decisions, 9]])
        (record,) = sentfin.read(tmp_path, toy("sentfin"))
        return [(span.text, span.start, span.value) for span in record.spans]

    def test_names_with_apostrophes(self, tmp_path):
        spans = self.sentfin(tmp_path, "Orla's Fund beats Reed", "{'Orla's Fund': 'positive', 'Reed': 'negative'}")
        assert spans == [("Orla's Fund", 0, StanceLabel.FAVOR), ("Reed", 18, StanceLabel.AGAINST)]

    def test_replaced_words_are_restored(self, tmp_path):
        assert self.sentfin(tmp_path, "Reed Holdings up", "{'Reed neutralings': 'positive'}")[0][0] == "Reed Holdings"

    def test_a_name_within_a_name_finds_its_own_place(self, tmp_path):
        spans = self.sentfin(tmp_path, "Reed Bank sues Reed", "{'Reed': 'neutral', 'Reed Bank': 'neutral'}")
        assert [(text, start) for text, start, _ in spans] == [("Reed Bank", 0), ("Reed", 15)]

    def test_a_name_that_is_not_there_is_a_bad_row(self, tmp_path):
        with pytest.raises(BadRow, match=r"SEntFiN\.csv:2"):
            self.sentfin(tmp_path, "Reed up", "{'Orla': 'neutral'}")

    def test_shifted_offsets_move_to_the_nearest_name(self, tmp_path):
        mark = {"start": 13, "end": 17, "value": "Reed", "tag": "Negative", "label": "Negative"}
        row = {"content": "Reed up, but Orla and Reed down", "annotations": [{**mark, "start": 18}]}
        write(tmp_path, {"FinEntity.json": json.dumps([row])})
        (record,) = finentity.read(tmp_path, toy("finentity"))
        assert [(span.start, span.text) for span in record.spans] == [(22, "Reed")]


class TestGwsd:
    HEAD = "sentence\tdisagree\tneutral\tagree\tguid\tin_held_out_test\n"

    def test_screening_rows_go_and_the_likeliest_answer_stays(self, tmp_path):
        rows = 'A hoax.\t\t\t\tg0\tFalse\n"It ""burns""."\t0.2\t0.1\t0.7\tg1\tTrue\nHm.\t.5\t.3\t.2\tg2\tFalse\n'
        one, two = gwsd.read(write(tmp_path, {"GWSD.tsv": self.HEAD + rows}), toy("gwsd"))
        assert (one.text, one.split, one.stances[0].value) == ('It "burns".', "test", StanceLabel.FAVOR)
        assert (two.split, two.stances[0].value) == ("train", StanceLabel.AGAINST)
        assert one.stances[0].target == gwsd.TARGET

    @pytest.mark.parametrize("row", ["Hm.\tx\t.3\t.2\tg2\tFalse\n", "Hm.\t.5\t.3\t.2\tg2\tno\n"])
    def test_bad_rows_are_named(self, tmp_path, row):
        with pytest.raises(BadRow, match=r"GWSD\.tsv:2"):
            list(gwsd.read(write(tmp_path, {"GWSD.tsv": self.HEAD + row}), toy("gwsd")))


class TestSeesaw:
    def read(self, tmp_path, *rows):
        info = {f"Meta info for article {n}": {"source": f"Paper {n}"} for n in range(3)}
        story = {"story_time": "2020-01-02", "story_topic": "trade", "Split": "valid", **info}
        files = {"meta/TRIPLET_007.json": json.dumps(story)}
        text = ["Before.", "", "Orla Reed and Orla Reed praised POE."]
        for n in range(3):
            name = f"TRIPLET_007_DOCUMENT_{n}.json"
            labelled = (
                {"2": [dict(zip(("subject", "sentiment", "object"), row, strict=True)) for row in rows]}
                if n == 1
                else {}
            )
            files[f"annotations/{name}"] = json.dumps({"sentence-level stances": labelled})
            files[f"articles/{name}"] = json.dumps({"text": [{"id": i, "text": t} for i, t in enumerate(text)]})
        return list(seesaw.read(write(tmp_path, files), toy("seesaw")))

    def test_names_in_the_sentence_become_linked_spans(self, tmp_path):
        (record,) = self.read(tmp_path, ("Orla Reed", "POS", "Poe"))
        assert (record.doc.outlet, record.doc.story, record.split, record.index) == ("Paper 1", "TRIPLET_007", "dev", 2)
        source, target = record.spans
        assert (source.text, source.start, target.text, target.value) == ("Orla Reed", 0, "POE", StanceLabel.FAVOR)
        assert record.links == (Link(LinkLabel.HOLDER, target.id, source.id),)
        assert record.stances == ()

    def test_names_elsewhere_become_stances(self, tmp_path):
        (record,) = self.read(
            tmp_path,
            ("Orla Reed", "NEG", "the tax"),
            ("Congress", "NEG", "Poe"),
            ("None", "POS", "the tax"),
            ("None", "POS", "Poe"),
            ("Not in the list", "NEG", "Poe"),
        )
        source = record.spans_of(SpanLabel.SOURCE)[0]
        assert [(s.target, s.holder, s.holder_name) for s in record.stances] == [
            ("the tax", source.id, None),
            ("Poe", None, "Congress"),
            ("the tax", None, None),
            ("Poe", None, seesaw.UNLISTED),
        ]
        assert [span.text for span in record.spans_of(SpanLabel.TARGET)] == ["POE"]
        assert record.links == ()

    def test_the_article_gives_context(self, tmp_path):
        self.read(tmp_path, ("Orla Reed", "NEG", "Poe"))
        assert list(seesaw.article(tmp_path, "TRIPLET_007_DOCUMENT_1")) == [0, 2]

    def test_a_third_sentiment_is_a_bad_row(self, tmp_path):
        with pytest.raises(BadRow, match="NEG or POS"):
            self.read(tmp_path, ("Orla Reed", "NEU", "Poe"))


class TestEventFactuality:
    def read(self, tmp_path, **changes):
        event = {"span1": [2, 3], "label": -2.5, "span_text": "fell", **changes}
        row = {"text": "Prices  never fell .", "targets": [event]}
        files = {f"glue_data/UW/{part}.jsonl": "" for part in ("train", "dev")}
        write(tmp_path, {**files, "glue_data/UW/test.jsonl": jsonl(row)})
        return list(event_factuality.read(tmp_path, toy("event_factuality")))

    def test_word_numbers_become_offsets(self, tmp_path):
        (record,) = self.read(tmp_path)
        assert (record.text, record.split) == ("Prices never fell .", "uw_test")
        assert [(s.text, s.start, s.number) for s in record.spans] == [("fell", 13, -2.5)]

    @pytest.mark.parametrize("changes", [{"span_text": "rose"}, {"label": 4}, {"span1": [9, 10], "span_text": ""}])
    def test_bad_rows_are_named(self, tmp_path, changes):
        with pytest.raises(BadRow, match=r"test\.jsonl:1"):
            self.read(tmp_path, **changes)


class TestBrat:
    def test_continued_lines_notes_and_late_spans(self, tmp_path):
        lines = [
            "T1\tSource 0 4\tOrla",
            "E1\tAttribution:T3 Content:T2 Content2:T1 Cue:T3",
            "T2\tContent 30 34;10 19;22 25\ta line",
            "The rest of it, which begins with a T",
            "T3\tCue 5 9\tsaid",
            "#1\tAnnotatorNotes T1\thm",
            "",
        ]
        brat = read_brat(write(tmp_path, {"a.ann": "\n".join(lines)}) / "a.ann")
        assert sorted(brat.spans) == ["T1", "T2", "T3"]
        assert brat.spans["T2"].pieces == ((10, 19), (22, 25), (30, 34))
        (relation,) = brat.relations
        assert relation.of("Content") == ("T2", "T1")
        assert relation.of("Source") == ()

    @pytest.mark.parametrize("line", ["T1\tCue 4\tx", "E1\tAttribution:T9"])
    def test_bad_lines_are_named(self, tmp_path, line):
        write(tmp_path, {"a.ann": "T0\tCue 0 1\tx\n" + line + "\n"})
        with pytest.raises(BadRow, match=r"a\.ann:2"):
            read_brat(tmp_path / "a.ann")


class TestPolnear:
    TEXT = "“We won,” Orla said.\r\n“It is over.” Many think Poe lost."
    NAME = "herald_2016-01-02_orla"

    def folder(self, tmp_path, tags=None):
        files = {f"tokens_{split}.jsonl": "" for split in ("train", "dev")}
        words = [
            ["“", "We", "won", ",", "”", "Orla", "said", "."],
            ["“", "It", "is", "over", ".", "”"],
            ["Many", "think", "Poe", "lost", "."],
        ]
        at, sents = 0, []
        for sentence in words:
            numbers, last = [], 0
            for word in sentence:
                start = self.TEXT.index(word, at)
                numbers += [start - last, len(word)]
                at = last = start + len(word)
            sents.append(numbers)
        annotations = [
            "T1\tContent 0 9;22 35\t“We won,” “It is over.”",
            "T2\tSource 10 14\tOrla",
            "T3\tCue 15 19\tsaid",
            "T4\tCue 41 46\tthink",
            "T5\tContent 47 55\tPoe lost",
            "T6\tAttribution 15 19\tsaid",
            "T7\tAttribution-no-source 41 46\tthink",
            "T8\tDiscuss 36 40\tMany",
            "E1\tAttribution:T6 Content:T1 Source:T2 Cue:T3",
            "E2\tAttribution-no-source:T7 Content:T5 Cue:T4",
        ]
        files |= {
            "tokens_test.jsonl": jsonl({"id": self.NAME, "sents": sents}),
            f"data/test/text/{self.NAME}.txt": self.TEXT,
            f"data/test/attributions/{self.NAME}_b2.ann": "T1\tCue 0 3\t“We\n",
            f"data/test/attributions/{self.NAME}_a1.ann": "\n".join(annotations) + "\n",
        }
        for system in ("test_pred_bert.txt", "test_pred_crf.txt"):
            files[f"rvt_reference/{system}"] = tags or ""
        return write(tmp_path, files)

    def test_stretches_become_spans_of_their_sentences(self, tmp_path):
        first, second, _ = polnear.read(self.folder(tmp_path), toy("polnear"))
        assert [(s.id, s.text, s.value) for s in first.spans_of(SpanLabel.CONTENT)] == [
            ("T1", "“We won,”", Quotation.DIRECT)
        ]
        assert [(s.id, s.text, s.start) for s in second.spans] == [("T1.2", "“It is over.”", 0)]
        assert second.links == (Link(LinkLabel.CONTENT_OF, "T1.2", "T2"),)
        assert Link(LinkLabel.CUE_OF, "T3", "T2") in first.links
        assert (first.doc.outlet, first.doc.published) == ("herald", "2016-01-02")

    def test_content_without_a_source_belongs_to_its_cue(self, tmp_path):
        *_, third = polnear.read(self.folder(tmp_path), toy("polnear"))
        assert [span.text for span in third.spans] == ["think", "Poe lost"]
        assert third.links == (Link(LinkLabel.CONTENT_OF, "T5", "T4"),)
        assert third.exhaustive == (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT)

    def test_further_annotators_read_the_same_sentences(self, tmp_path):
        folder = self.folder(tmp_path)
        assert {record.annotator for record in polnear.read(folder, toy("polnear"))} == {"gold"}
        path = folder / f"data/test/attributions/{self.NAME}_b2.ann"
        path.write_text("T1\tSource 10 14\tOrla\nT2\tCue 15 19\tsaid\nT3\tAttribution 15 19\tsaid\n"
                        "E1\tAttribution:T3 Source:T1 Cue:T2\n", encoding="utf-8")  # fmt: skip
        (folder / f"data/test/attributions/{self.NAME}_c3.ann").write_text("", encoding="utf-8")
        records = list(polnear.second_readings(folder, toy("polnear")))
        assert [(record.annotator, record.id[-1], len(record.spans)) for record in records] == [
            ("b2", "0", 2), ("b2", "1", 0), ("b2", "2", 0), ("c3", "0", 0), ("c3", "1", 0), ("c3", "2", 0),
        ]  # fmt: skip
        assert records[0].text == next(polnear.read(folder, toy("polnear"))).text
        assert [span.text for span in records[0].spans] == ["Orla", "said"]

    def test_a_span_over_a_sentence_end_is_cut_there(self, tmp_path):
        path = self.folder(tmp_path) / f"data/test/attributions/{self.NAME}_a1.ann"
        path.write_text(path.read_text(encoding="utf-8").replace("0 9;22 35", "0 35"), encoding="utf-8")
        first, second, _ = polnear.read(tmp_path, toy("polnear"))
        assert [span.text for span in first.spans_of(SpanLabel.CONTENT)] == ["“We won,” Orla said."]
        assert [(span.id, span.text) for span in second.spans] == [("T1.2", "“It is over.”")]

    def test_documents_keep_attributions_whole(self, tmp_path):
        (document,) = polnear.documents(self.folder(tmp_path), "test")
        quoted, unsourced = document.attributions
        assert quoted.contents[0].pieces == ((0, 9), (22, 35))
        assert unsourced.sources == ()
        assert document.text[slice(*document.sentences[1][1])] == "It"

    TAGS: ClassVar = [
        "O B-CONTENT I-CONTENT O O B-SOURCE B-CUE O",
        "O O O O O O",
        "I-SOURCE B-SOURCE I-CUE I-CONTENT I-CONTENT",
    ]

    def test_reference_tags_are_aligned_and_decoded(self, tmp_path):
        lines = "\n\n".join("\n".join(f"-LRB-\t{tag}" for tag in tags.split()) for tags in self.TAGS)
        first, second, third = predictions(self.folder(tmp_path, lines + "\n"), "BERT")
        assert [(s.label, first.text[s.start : s.end]) for s in first.spans] == [
            (SpanLabel.CONTENT, "We won"),
            (SpanLabel.SOURCE, "Orla"),
            (SpanLabel.CUE, "said"),
        ]
        assert (second.id, second.spans) == (f"{self.NAME}#1", ())
        assert [third.text[s.start : s.end] for s in third.spans] == ["Many", "think", "Poe", "lost."]

    def test_reference_tags_that_do_not_fit_are_refused(self, tmp_path):
        folder = self.folder(tmp_path, "x\tO\nx\tO\n")
        with pytest.raises(BadRow, match="8 tokens of"):
            list(predictions(folder, "CRF"))
        with pytest.raises(AskedWrong):
            next(predictions(folder, "GPT"))
