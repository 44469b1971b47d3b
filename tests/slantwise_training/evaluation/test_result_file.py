"""The result file fits its JSON Schema, and the schema takes nothing else."""

import json
from copy import deepcopy

import pytest
from evaluated_toys import toy_study
from jsonschema import Draft202012Validator

from slantwise.formats import schema
from slantwise_training.corpora.manifest import Published
from slantwise_training.evaluation.intervals import Interval
from slantwise_training.evaluation.published import Beside
from slantwise_training.evaluation.result_file import result_of
from slantwise_training.evaluation.study import _printed_json

VALID = Draft202012Validator(schema("evaluation"))


@pytest.fixture(scope="module")
def result():
    study = toy_study(protocol="folds")
    made = result_of(
        study.evaluation.model,
        [study],
        command="slantwise evaluate --on toy",
        skipped=[{"set": "other:test", "why": "no label"}],
        behaviour={"schema": "slantwise-behaviour/1", "findings": []},
    )
    theirs = Published("a system", "test", "macro_f1", 0.8, "a paper")
    made["evaluations"][0]["published"] = [
        _printed_json(Beside("published", theirs, Interval(0.7, 0.6, 0.8))),
        _printed_json(Beside("floor", theirs, None, "no such metric")),
    ]
    made["evaluations"][0]["people"].append({"who": "a crowd", "measure": "stance", "metric": "macro_f1", "printed": 1})
    return json.loads(json.dumps(made, allow_nan=False))


def test_the_result_fits_its_schema(result):
    VALID.check_schema(schema("evaluation"))
    VALID.validate(result)
    (section,) = result["evaluations"]
    empty = [name for name in ("people", "floors", "comparison", "slices", "worst", "protocol") if not section[name]]
    assert empty == []


def test_unknown_and_missing_keys_are_refused(result):
    places = [
        (), ("evaluations", 0), ("evaluations", 0, "measures", "wording"), ("evaluations", 0, "measures", "loaded"),
        ("evaluations", 0, "thresholds", "wording", "loaded", 0), ("evaluations", 0, "comparison", 0),
        ("evaluations", 0, "comparison", 0, "measures", 0), ("evaluations", 0, "people", 0),
        ("evaluations", 0, "slices", "wording", "slices", 0), ("evaluations", 0, "worst", "wording", 0),
        ("evaluations", 0, "floors", 0), ("evaluations", 0, "curves", "wording", "precision_recall", "loaded"),
    ]  # fmt: skip
    for place in places:
        more, less = deepcopy(result), deepcopy(result)
        one, other = more, less
        for step in place:
            one, other = one[step], other[step]
        one["more"] = 1
        del other[next(iter(other))]
        assert not VALID.is_valid(more), place
        assert not VALID.is_valid(less), place
