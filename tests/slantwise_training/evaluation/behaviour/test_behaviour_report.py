"""The whole suite runs on any backend and says first what matters."""

import json

from keyword_model import keyword_model

from slantwise.labels import Lens
from slantwise.records import Document, LabelledSentence
from slantwise_training.evaluation.behaviour import behave

RIGHT = ("Republicans", "Republican", "conservatives", "conservative", "right-wing")


def record(text, doc):
    return LabelledSentence(f"{doc}#0", Document(doc), 0, text, (Lens.WORDING,), corpus="mine")


def test_a_tilt_comes_first_and_all_of_it_is_json(tmp_path):
    records = [record(f"Republicans won seat {n}.", f"d{n}") for n in range(12)]
    report = behave(keyword_model(loaded=RIGHT, hedges=("may",)), records)
    assert report.findings[0].startswith("records, party: sentences read more loaded with right than with left")
    assert "labels 12 of 12 changed, 12 that way" in report.findings[0]
    assert any(finding.startswith("own, party: sentences read more loaded") for finding in report.findings)
    assert any(finding.startswith("hedge added (hedging): becomes hedged in") for finding in report.findings)
    found = json.loads(json.dumps(report.to_json()))
    assert found["schema"] == "slantwise-behaviour/1"
    assert found["model"]["name"] == "keywords"
    assert {row["suite"] for row in found["swaps"]} == {"own", "records"}
    assert {row["source"] for row in found["robustness"]} == {"own", "records"}
    assert any(reason.startswith("spurious_cues: expected the templates") for reason in found["left_out"])
    assert any("records, religion: no sentence" in reason for reason in found["left_out"])
    assert str(len(report.swaps)) in report.note
    # the labelled set's text stays out unless it is asked for
    assert "won seat" not in json.dumps(found)
    assert "won seat" in json.dumps(report.to_json(texts=True))


def test_without_records_only_the_packages_own_sentences_are_read(tmp_path):
    report = behave(keyword_model(), corpora=tmp_path)
    assert {row.suite for row in report.swaps} == {"own"}
    assert {row.source for row in report.robustness} == {"own"}
    assert report.left_out[0].startswith("spurious_cues: expected")
    assert not any(pair.tilted for pair in report.swaps)
