"""Reports as text, JSON, workflow commands, SARIF and JUnit XML, with words and paths that try to break out of each."""

import json
import os
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hand_built_scores import HandBuilt
from jsonschema import Draft202012Validator

from slantwise.check.ignores import Ignores, read_ignores
from slantwise.check.limits import parse_limit
from slantwise.check.output_github import as_github
from slantwise.check.output_json import as_json
from slantwise.check.output_junit import as_junit
from slantwise.check.output_sarif import as_sarif
from slantwise.check.output_text import as_text
from slantwise.check.places import Places
from slantwise.check.precision import PrecisionTable, RulePrecision
from slantwise.check.report import Report, Unread, check_score
from slantwise.check.rules import RULES
from slantwise.check.settings import Ruling
from slantwise.check.thresholds import Threshold
from slantwise.formats import schema
from slantwise.formats.inputs import Format
from slantwise.labels import SourceKind
from slantwise.score import ModelName

TEXT = "Head\n\n😀 A raging tax may\npass, an aide said."
SENTENCE = "😀 A raging tax may\npass, an aide said."
PRECISION = PrecisionTable({"SLW201": RulePrecision(71, 100), "SLW301": RulePrecision(1, 2)}, "toys")
MODEL = ModelName("tiny", "ab" * 32)
HOSTILE = 'a\x1b[2J"<&>\n::error::x\u202e%0A\x00,b:c\ufffe.txt'


def checked(path="news/a b.txt", limits=(), text=TEXT, ignores=None, rules=RULES):
    built = HandBuilt(text).sentence("Head").sentence(SENTENCE).loaded("raging").cue("may")
    built.stance("tax", name="tax,\n::error:: %").attribution("an aide", SourceKind.ANONYMOUS, cue="said")
    ruling = Ruling("news", tuple(rules), tuple(map(parse_limit, limits)))
    return check_score(path, built.score(), ruling, Places(text, text, Format.TEXT), ignores or Ignores())


def report(*files, unread=()):
    return Report(MODEL, PRECISION, tuple(files), tuple(unread))


def test_text_lines():
    lines = as_text(report(checked(limits=["loaded>=1", "anonymous>=50%", "hedge>=2"]))).splitlines()
    assert lines == [
        'news/a b.txt:3:5: SLW101 loaded word "raging" in the author\'s voice [precision unmeasured]',
        'news/a b.txt:3:12: SLW401 the author\'s stance against "tax, ::error:: %" (p 0.88) [precision unmeasured]',
        'news/a b.txt:3:16: SLW201 hedge cue "may" (epistemic) in the author\'s voice [precision 0.71]',
        'news/a b.txt:4:7: SLW301 anonymous source "an aide" [precision unmeasured]',
        "news/a b.txt:1:1: SLW101 over the limit loaded>=1: 1 found",
        "news/a b.txt:1:1: SLW301 over the limit anonymous>=50%: 1 of 1 sources cited (100%)",
    ]


def test_text_of_hostile_paths_is_one_line_each():
    out = as_text(report(checked(HOSTILE), checked("\udcff.txt")))
    assert len(out.splitlines()) == 8
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\udcff]", out)


def test_nothing_found_is_no_line():
    assert as_text(report(checked(rules=()))) == as_github(report(checked(rules=()))) == ""


def test_rules_that_are_off_and_findings_let_pass_are_not_told():
    only = checked(rules=RULES[:1], limits=["loaded>=1"])
    assert [f.finding.rule.code for f in only.findings] == ["SLW101"]
    ignores = read_ignores(TEXT.replace("Head\n", "#slantwise: ignore[loaded]\n"), Format.TEXT, "a")
    passing = checked(ignores=ignores, limits=["loaded>=1"])
    assert (passing.passed, passing.over) == (1, ())
    assert "SLW101" not in as_text(report(passing))


@pytest.mark.parametrize(
    ("limits", "unread", "empty", "code"),
    [
        ((), 0, False, 0),
        (("loaded>=2",), 0, False, 0),
        (("loaded>=1",), 0, False, 1),
        ((), 1, False, 3),
        (("loaded>=1",), 1, False, 1),
        ((), 1, True, 1),
    ],
)
def test_exit_codes(limits, unread, empty, code):
    files = () if empty else (checked(), checked(limits=limits))
    assert report(*files, unread=[Unread("x", "y")] * unread).exit_code == code


def test_json():
    whole = json.loads(as_json(report(checked(limits=["hedge>=2"]), unread=[Unread("x", "y")])))
    assert (whole["schema"], whole["model"]) == ("slantwise-check/1", {"name": "tiny", "sha256": MODEL.sha256})
    (file,) = whole["files"]
    for finding in file["findings"]:
        assert TEXT[finding["start"] : finding["end"]] == finding["text"]
    hedge = file["findings"][2]
    assert {key: hedge[key] for key in ("code", "name", "severity", "line", "column", "end_line", "end_column")} == {
        "code": "SLW201", "name": "hedge", "severity": "note", "line": 3, "column": 16, "end_line": 3, "end_column": 19,
    }  # fmt: skip
    assert hedge["precision"] == {"value": 0.71, "low": 0.6146, "high": 0.7899, "right": 71, "found": 100}
    assert file["findings"][3]["precision"] is None
    assert file["limits"] == [{"limit": "hedge>=2", "code": "SLW201", "count": 1, "of": 2, "over": False}]
    assert whole["unread"] == [{"path": "x", "message": "y"}]


def test_json_fits_its_schema():
    threshold = Threshold("loaded words", "gold.jsonl", 0.9, 0.6, 0.92, 0.8, 0.97, 0.5, 30)
    strict = replace(PRECISION, thresholds={"SLW101": threshold})
    plain = report(checked(HOSTILE, limits=["hedge>=2", "anonymous>=50%"]), unread=[Unread("x", "y")])
    valid = Draft202012Validator(schema("check"))
    valid.check_schema(schema("check"))
    for each in (plain, replace(plain, precision=strict)):
        valid.validate(json.loads(as_json(each)))
    whole = json.loads(as_json(replace(plain, precision=strict)))
    kinds = [set(finding["precision"] or ()) for finding in whole["files"][0]["findings"]]
    assert kinds[0] > kinds[2] > kinds[3] == set()
    for part in (whole, whole["files"][0], *whole["files"][0]["findings"], whole["files"][0]["limits"][0]):
        part["more"] = 1
        assert not valid.is_valid(whole)
        del part["more"]
    assert valid.is_valid(whole)


def test_json_is_ascii_and_gives_paths_back():
    out = as_json(report(checked(HOSTILE), checked("\udcff.txt")))
    assert out.isascii()
    assert "\x1b" not in out
    assert [file["path"] for file in json.loads(out)["files"]] == [HOSTILE, "\udcff.txt"]


def unescape_github(line):
    """Read a workflow command as the runner does."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    properties = dict(part.split("=", 1) for part in match[2].split(","))

    def data(text):
        return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    for name, value in properties.items():
        properties[name] = data(value.replace("%3A", ":").replace("%2C", ","))
    return match[1], properties, data(match[3])


def test_github_commands():
    out = as_github(report(checked(limits=["loaded>=1"]), unread=[Unread("b.txt", "no\nwhy")]))
    commands = [unescape_github(line) for line in out.splitlines()]
    assert [command[0] for command in commands] == ["warning", "warning", "notice", "notice", "error", "error"]
    assert commands[0][1] == {
        "file": "news/a b.txt", "line": "3", "endLine": "3", "col": "5", "endColumn": "11", "title": "SLW101 loaded",
    }  # fmt: skip
    assert commands[2][2] == 'hedge cue "may" (epistemic) in the author\'s voice [precision 0.71]'
    assert commands[4][1] == {"file": "news/a b.txt", "title": "SLW101 over the limit loaded>=1"}
    assert commands[5] == ("error", {"file": "b.txt", "title": "not read"}, "no\nwhy")


def test_github_escapes_what_would_start_another_command():
    out = as_github(report(checked(HOSTILE)))
    assert len(out.splitlines()) == 4
    for line in out.split("\n")[:-1]:
        assert unescape_github(line)[1]["file"] == HOSTILE
    assert '"tax, ::error:: %"' in unescape_github(out.split("\n")[1])[2]
    assert as_github(report(checked("\udcff.txt"))).encode()


def test_github_gives_no_columns_over_two_lines():
    file = checked()
    place = replace(file.findings[0].place, end_line=4)
    file = replace(file, findings=(replace(file.findings[0], place=place),))
    assert unescape_github(as_github(report(file)).strip())[1].keys() == {"file", "line", "endLine", "title"}


def sarif(*files, unread=(), folder=None):
    (run,) = json.loads(as_sarif(report(*files, unread=unread), folder))["runs"]
    return run


def test_sarif_has_what_the_standard_requires():
    out = as_sarif(report(checked(limits=["loaded>=1"]), unread=[Unread("b.txt", "no")]))
    log = json.loads(out)
    assert out.isascii()
    assert (log["version"], log["$schema"][-23:]) == ("2.1.0", "sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], run["columnKind"]) == ("slantwise", "unicodeCodePoints")
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in RULES]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"].startswith(rule["id"])
        assert re.fullmatch(r"[A-Z][A-Za-z]+", rule["name"])
        assert rule["defaultConfiguration"]["level"] in {"note", "warning"}
    enabled = {rule["id"] for rule in driver["rules"] if rule["defaultConfiguration"]["enabled"]}
    assert enabled == {"SLW201"}
    assert driver["rules"][3]["properties"]["precision"] == "medium"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"note", "warning", "error"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "no"


def test_sarif_regions_count_code_points():
    result = sarif(checked())["results"][0]
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 11,
    }  # fmt: skip


def test_sarif_tells_a_limit_as_an_error():
    *findings, limit = sarif(checked(limits=["loaded>=1", "loaded>=2"]))["results"]
    assert {result["level"] for result in findings} == {"note", "warning"}
    assert (limit["ruleId"], limit["level"]) == ("SLW101", "error")
    assert limit["message"]["text"] == "over the limit loaded>=1: 1 found"


def test_sarif_addresses_are_relative_and_escaped(tmp_path):
    inside, outside = tmp_path / "root" / "a b#é.txt", tmp_path / "other.txt"
    run = sarif(checked(str(inside)), checked(str(outside)), folder=tmp_path / "root")
    addresses = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in run["results"]]
    assert addresses[0] == {"uri": "a%20b%23%C3%A9.txt", "uriBaseId": "%SRCROOT%"}
    assert addresses[-1] == {"uri": f"file://{outside}"}
    assert "originalUriBaseIds" not in run
    odd = sarif(checked(os.path.join(tmp_path, "\udcff.txt")), folder=tmp_path)
    assert odd["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF.txt"


def fingerprints(file):
    return {(f.finding.rule.code, f.finding.text): f.fingerprint for f in file.findings}


def test_fingerprints_stay_when_lines_above_change():
    assert fingerprints(checked()) == fingerprints(checked(text="New line.\n" + TEXT))
    assert len(set(fingerprints(checked()).values())) == 4
    changed = TEXT.replace("pass,", "fail,")
    built = HandBuilt(changed).sentence(SENTENCE.replace("pass,", "fail,")).loaded("raging")
    other = check_score("a", built.score(), Ruling("news", RULES, ()), Places(changed, changed, Format.TEXT), Ignores())
    assert fingerprints(other)["SLW101", "raging"] != fingerprints(checked())["SLW101", "raging"]


def test_fingerprints_tell_the_same_sentence_apart():
    text = "May. May."
    built = HandBuilt(text).sentence("May. May.").cue("May")
    first = built.sentences[0].hedging.cues[0]
    second = replace(first, start=5, end=8)
    hedging = replace(built.sentences[0].hedging, cues=(first, second))
    built.sentences[0] = replace(built.sentences[0], hedging=hedging)
    ruling = Ruling("news", RULES, ())
    file = check_score("a", built.score(), ruling, Places(text, text, Format.TEXT), Ignores())
    assert len({f.fingerprint for f in file.findings}) == len(file.findings) == 3


def test_junit():
    limits = ["loaded>=1", "hedge>=2"]
    root = ElementTree.fromstring(as_junit(report(checked(limits=limits), checked(), unread=[Unread("b.txt", "no")])))
    assert (root.tag, root.attrib) == (
        "testsuites", {"name": "slantwise", "tests": "4", "failures": "1", "errors": "1"},
    )  # fmt: skip
    first, second, unread = root
    assert first.attrib == {"name": "news/a b.txt", "tests": "2", "failures": "1", "errors": "0"}
    assert [case.get("name") for case in first.iter("testcase")] == limits
    (failure,) = first.iter("failure")
    assert (failure.get("type"), failure.get("message")) == ("SLW101", "over the limit loaded>=1: 1 found")
    assert "SLW201 hedge cue" in first.find("system-out").text
    assert [case.get("name") for case in second.iter("testcase")] == ["findings"]
    assert not list(second.iter("failure"))
    assert unread.find("testcase/error").get("message") == "no"


def test_junit_of_hostile_words_is_xml():
    files = (checked(HOSTILE, limits=["loaded>=1"]), checked("\udcff.txt"))
    out = as_junit(report(*files, unread=[Unread(HOSTILE, HOSTILE)]))
    root = ElementTree.fromstring(out.encode("utf-8"))
    assert root[0].get("name") == HOSTILE.translate(dict.fromkeys((0x1B, 0, 0x202E, 0xFFFE), "�"))
    assert len(list(root.iter("testcase"))) == 3
