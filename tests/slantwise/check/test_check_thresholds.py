"""Thresholds out of an evaluation: what is read, what is refused, from where on rules fire."""

import json
from dataclasses import replace

import pytest
from altered_json import altered
from hand_built_scores import HandBuilt
from keyword_model import KeywordBackend
from tiny_model import LOADED, tiny_sentences

from slantwise.check.explain import explain
from slantwise.check.findings import find
from slantwise.check.ignores import Ignores
from slantwise.check.output_json import as_json
from slantwise.check.places import Places
from slantwise.check.precision import PrecisionTable, RulePrecision
from slantwise.check.report import Report, check_score
from slantwise.check.rules import find_rule
from slantwise.check.settings import Layer, SettingsFile, layer_of, ruling
from slantwise.check.thresholds import StrictBackend, Threshold, read_thresholds
from slantwise.errors import AskedWrong
from slantwise.formats.inputs import Format
from slantwise.labelled import write_labelled
from slantwise.labels import Lens, SpanLabel, StanceLabel, Task, Wording
from slantwise.model_folder import model_name
from slantwise.records import Document
from slantwise.score import ModelName

SHA256 = "ab" * 32


def point(wanted, p=0.6, precision=0.96):
    if p is None:
        empty = dict.fromkeys(("threshold", "precision", "precision_interval", "recall", "recall_interval"))
        return {"precision_wanted": wanted, "found": 0, **empty}
    return {
        "precision_wanted": wanted, "threshold": p, "found": 50, "precision": precision,
        "precision_interval": [0.9, 0.99], "recall": 0.4, "recall_interval": [0.3, 0.5],
    }  # fmt: skip


def points(*ps):
    return [point(wanted, p) for wanted, p in zip((0.8, 0.9, 0.95), ps, strict=True)]


def section(name="gold.jsonl", kinds=("epistemic",), **tables):
    values = {kind: {"exact": {"tp": 3, "fp": 1, "fn": 2}} for kind in kinds}
    return {"set": name, "measures": {"hedge": {"kind": "spans", "values": values}}, "thresholds": tables}


def whole(*sections, sha256=SHA256):
    model = {"name": "tiny", "sha256": sha256}
    return {"schema": "slantwise-evaluation-report/1", "model": model, "evaluations": list(sections)}


WORDS = {"loaded": {"loaded": points(0.3, 0.5, None)}}
STANCES = {"against": points(0.5, 0.7, None), "neutral": points(0.5, 0.6, None), "favor": points(0.6, 0.8, None)}


@pytest.fixture
def read(tmp_path):
    def reads(value, wanted=0.9):
        path = tmp_path / "evaluation.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return read_thresholds(path, SHA256, wanted)

    return reads


def test_every_rule_takes_the_row_of_what_it_rests_on(read):
    tables = {
        **WORDS,
        "wording": {"loaded": points(0.4, 0.55, 0.7)},
        "stance": STANCES,
        "cue": {"cue": points(0, 0, 0)},
    }
    found = read(whole(section(**tables)))
    assert {code: each.p for code, each in found.items()} == {
        "SLW101": 0.5, "SLW102": 0.55, "SLW103": 0.5, "SLW401": 0.7, "SLW402": 0.8,
    }  # fmt: skip
    assert found["SLW101"] == Threshold("loaded words", "gold.jsonl", 0.9, 0.5, 0.96, 0.9, 0.99, 0.4, 50)
    assert found["SLW101"].label == "precision 0.96 on gold.jsonl: loaded words from p 0.50 on"
    assert {code for code, each in read(whole(section(**tables)), 0.95).items() if each.p is None} == {
        "SLW101", "SLW103", "SLW401", "SLW402",
    }  # fmt: skip


def test_of_several_sets_the_first_that_has_a_table_counts(read):
    first, second = section("a", stance=STANCES), section("b", **WORDS, stance=STANCES)
    found = read(whole(first, second, section("c", **WORDS)))
    assert (found["SLW401"].data, found["SLW101"].data) == ("a", "b")


@pytest.mark.parametrize(
    ("kinds", "codes"),
    [
        (("epistemic", "vague"), {"SLW201", "SLW202", "SLW203"}),
        (("doxastic",), {"SLW201", "SLW203"}),
        (("vague",), {"SLW202"}),
        ((), {"SLW201", "SLW202", "SLW203"}),
    ],
)
def test_hedge_cues_count_for_the_kinds_that_the_set_marks(read, kinds, codes):
    assert read(whole(section(kinds=kinds, hedge={"hedge": points(0.1, 0.2, 0.3)}))).keys() == codes


def test_a_choice_between_two_stances_is_no_threshold_for_three(read):
    two = {label: STANCES[label] for label in ("against", "favor")}
    assert read(whole(section(stance=two, **WORDS))).keys() == {"SLW101", "SLW103"}


def changed(path, value):
    return altered(whole(section(**WORDS)), path, value)


ROW = ["evaluations", 0, "thresholds", "loaded", "loaded", 1]


@pytest.mark.parametrize(
    "value",
    [
        "", "no JSON", "[1]", "{}", '{"schema": NaN}', '{"schema": 1, "schema": 2}', "[" * 100_000, "9" * 9999,
        changed(["schema"], "slantwise-evaluation/1"), changed(["model"], None), changed(["model", "sha256"], 7),
        changed(["model", "sha256"], "cd" * 32), changed(["model", "sha256"], "\x1b[2J\n\n"),
        changed(["evaluations"], {}), changed(["evaluations"], []), changed(["evaluations", 0], "x"),
        changed(["evaluations", 0, "set"], None), changed(["evaluations", 0, "thresholds"], KeyError),
        changed(["evaluations", 0, "measures", "hedge"], []), changed(["evaluations", 0, "thresholds"], {"\x1b": {}}),
        changed(["evaluations", 0, "measures", "hedge", "values", "epistemic", "exact", "tp"], "3"),
        changed(["evaluations", 0, "thresholds", "loaded"], [1]), changed(ROW[:-1], {}), changed(ROW[:-1], []),
        changed(ROW, None), changed([*ROW, "precision_wanted"], "0.9"), changed([*ROW, "threshold"], 1.5),
        changed([*ROW, "threshold"], True), changed([*ROW, "threshold"], "\x1b[2J" * 99), changed([*ROW, "found"], 0),
        changed([*ROW, "precision"], 0.2), changed([*ROW, "precision"], None), changed([*ROW, "recall"], -1),
        changed([*ROW, "precision_interval"], []), changed([*ROW, "precision_interval"], [0, 1, 1]),
    ],
)  # fmt: skip
def test_what_is_no_evaluation_is_refused_in_one_line(read, value):
    with pytest.raises(AskedWrong) as caught:
        read(value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600
    assert "evaluation.json" in str(caught.value)


def test_refusals_say_what_to_do(read, tmp_path):
    for value, wanted, words in [
        (
            whole(section(**WORDS), sha256="cd" * 32),
            0.9,
            "the model abababababab.*one of 'cdcdcdcdcdcd'; evaluate this",
        ),
        (whole(section(cue={"cue": points(0, 0, 0)})), 0.9, "wording, hedge, stance in .*tables for cue; evaluate on"),
        (whole(section(**WORDS)), 0.85, r"\(0.8, 0.9, 0.95\); found 0.85"),
        (whole(section(**WORDS)), float("nan"), "found nan"),
        ({"schema": "slantwise-check/1"}, 0.9, "as schema in .*found 'slantwise-check/1'; write it anew"),
    ]:
        with pytest.raises(AskedWrong, match=words):
            read(value, wanted)
    with pytest.raises(AskedWrong, match="found none"):
        read_thresholds(tmp_path / "nothing.json", SHA256)


def test_a_sets_name_cannot_steer_a_terminal(read):
    found = read(whole(section("a\x1b[2J\nb" + "x" * 999, **WORDS)))
    assert found["SLW101"].label.isprintable()
    assert len(found["SLW101"].data) == 80


def threshold(p, what="toys"):
    return Threshold(what, "gold", 0.9, p, 0.92, 0.8, 0.97, 0.5, 30)


def test_words_below_their_threshold_are_not_found():
    backend = KeywordBackend(hedges=("may",), loaded=("vile",))  # every span has p .9
    texts = ["A vile plan may fail"]

    def labels(**least):
        strict = StrictBackend(backend, {code: threshold(p) for code, p in least.items()})
        return [str(span.label) for span in strict.read(texts)[0].spans]

    assert labels() == labels(SLW101=0.9, SLW201=0.9) == labels(SLW101=None, SLW202=0.99) == ["hedge", "loaded"]
    assert labels(SLW101=0.91) == ["hedge"]
    assert labels(SLW201=0.91) == ["loaded"]


def test_sentences_and_stances_are_found_from_their_threshold_on():
    text = "The raging mayor may sign. Voters hate it."
    built = HandBuilt(text).sentence("The raging mayor may sign.", wording=Wording.PLAIN)  # p .875
    built.stance("mayor")  # against, p .875
    built.sentence("Voters hate it.").stance("it", StanceLabel.UNSURE)
    last = built.sentences[-1]
    unsure = replace(last.stance[0], p=0.48, between=(StanceLabel.FAVOR, StanceLabel.NEUTRAL))
    built.sentences[-1] = replace(last, wording=replace(last.wording, p=0.3), stance=(unsure,))

    def names(**least):
        found = find(built.score(), {code: threshold(p) for code, p in least.items()})
        return sorted(each.rule.name for each in found.findings)

    assert names() == ["author-against"]
    assert names(SLW102=0.875) == ["author-against", "loaded-sentence"]
    assert names(SLW102=0.9, SLW401=0.9) == names(SLW102=None, SLW401=None) == []
    assert names(SLW401=0.875 + 1e-8, SLW402=0.48) == ["author-against", "author-favor"]


TABLE = PrecisionTable(
    {"SLW101": RulePrecision(8, 10), "SLW401": RulePrecision(9, 10), "SLW301": RulePrecision(7, 10)},
    "seeds",
    {"SLW101": threshold(0.6, "loaded words"), "SLW401": Threshold("stances against", "gold", 0.9)},
)


def test_a_threshold_outranks_what_was_measured_before():
    assert TABLE.trusted == {"SLW101", "SLW301"}
    assert TABLE.unreached == {"SLW401"}
    assert [TABLE.value(code) for code in ("SLW101", "SLW401", "SLW301", "SLW201")] == [0.92, None, 0.7, None]
    assert TABLE.label("SLW301") == "precision 0.70"
    assert TABLE.label("SLW401") == "no threshold for stances against reaches precision 0.9 on gold"
    told = explain(find_rule("loaded"), TABLE)
    assert "0.92, 95 % interval 0.80 to 0.97 (loaded words from p 0.600 on, 30 found on gold; recall 0.50" in told
    assert "reaches precision 0.9 on gold. Off." in explain(find_rule("author-against"), TABLE)


def test_a_rule_without_a_threshold_is_off_whatever_is_asked_for():
    asked = layer_of(["loaded", "author-against"], (), ["author-against<1"])
    found = ruling(TABLE.trusted, SettingsFile(), None, asked, None, TABLE.unreached)
    assert [rule.name for rule in found.rules] == ["loaded"]
    assert found.limits == ()
    assert [rule.name for rule in found.barred] == ["author-against"]
    assert ruling(TABLE.trusted, SettingsFile(), None, layer_of(["loaded"], (), ()), None, TABLE.unreached).barred == ()
    assert ruling((), SettingsFile(), None, Layer(), None, TABLE.unreached).barred == (find_rule("author-against"),)


@pytest.fixture
def evaluated(slantwise, tiny_model, tmp_path, monkeypatch):
    """An article in the working directory, and the tiny model evaluated on sentences labelled for wording alone."""
    (tmp_path / "a.txt").write_text("A brutal winter closed the road. It may end, Anna Berg said.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    records = [
        replace(
            each,
            id=f"t{i}",
            doc=Document(f"d{i // 4}"),
            lenses=(Lens.WORDING,),
            labels={Task.WORDING: "loaded" if any(word in each.text.lower() for word in LOADED) else "plain"},
            spans=each.spans_of(SpanLabel.LOADED),
            exhaustive=(SpanLabel.LOADED,),
        )
        for i, each in enumerate(tiny_sentences())
    ]
    write_labelled("labels.jsonl", records)
    assert slantwise("evaluate", tiny_model, "--on", "labels.jsonl", "-o", "evaluation.json", "--json").code == 0

    def check(*arguments):
        return slantwise("check", *arguments, "--model", tiny_model)

    return check


def test_what_evaluate_writes_is_what_check_reads(evaluated, tmp_path):
    ran = evaluated("a.txt", "--thresholds", "evaluation.json")
    assert (ran.code, [line.split()[1] for line in ran.out.splitlines()]) == (0, ["SLW102", "SLW101"])
    assert 'SLW101 loaded word "brutal" in the author\'s voice [precision 1.00 on labels.jsonl: loaded words' in ran.out
    assert "on labels.jsonl" in evaluated("--explain", "loaded", "--thresholds", "evaluation.json").out
    (found,) = json.loads(evaluated("a.txt", "--thresholds", "evaluation.json", "--format", "json").out)["files"]
    precision = found["findings"][1]["precision"]
    assert precision["right"] == precision["found"] >= 10
    assert (precision["of"], precision["on"]) == ("loaded words", "labels.jsonl")

    path = tmp_path / "evaluation.json"
    row = json.loads(path.read_text("utf-8"))
    row["evaluations"][0]["thresholds"]["loaded"]["loaded"] = points(0.1, None, None)
    path.write_text(json.dumps(row), encoding="utf-8")
    ran = evaluated("a.txt", "--thresholds", "evaluation.json", "--select", "loaded", "--fail-on", "loaded>=1")
    assert (ran.code, ran.out) == (0, "")
    assert ran.lines[0] == "off: SLW101 loaded: no threshold for loaded words reaches precision 0.9 on labels.jsonl"
    assert evaluated("a.txt", "--thresholds", "evaluation.json", "--precision", "0.8").out.count("SLW101") == 1

    row["model"]["sha256"] = "ef" * 32
    path.write_text(json.dumps(row), encoding="utf-8")
    evaluated("a.txt", "--thresholds", "evaluation.json").refused(
        2, "an evaluation of the model", "found one of 'efefefefefef'"
    )
    evaluated("a.txt", "--precision", "0.8").refused(2, "--thresholds beside --precision")


def test_the_thresholds_of_a_finding_in_json():
    built = HandBuilt("A raging tax.").sentence("A raging tax.").loaded("raging")
    found = ruling(TABLE.trusted, SettingsFile(), None, Layer(), None, TABLE.unreached)
    places = Places("A raging tax.", "A raging tax.", Format.TEXT)
    file = check_score("a.txt", built.score(), found, places, Ignores(), TABLE.thresholds)
    (finding,) = json.loads(as_json(Report(ModelName("tiny", SHA256), TABLE, (file,))))["files"][0]["findings"]
    assert finding["precision"] == {
        "value": 0.92, "low": 0.8, "high": 0.97, "right": 28, "found": 30,
        "threshold": 0.6, "of": "loaded words", "on": "gold",
    }  # fmt: skip


def test_the_shipped_models_hash_is_what_is_compared(tmp_path):
    path = tmp_path / "evaluation.json"
    path.write_text(json.dumps(whole(section(**WORDS), sha256=model_name().sha256)), encoding="utf-8")
    assert read_thresholds(path, model_name().sha256)["SLW101"].p == 0.5
