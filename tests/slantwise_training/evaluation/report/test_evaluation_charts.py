"""Drawings stay inside their frame and say in words what they show."""

import re

from evaluated_toys import toy_study

from slantwise_training.evaluation.report.charts import (
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    abstention,
    precision_recall,
    reliability,
    scaled,
)


def points(plot):
    for line in plot.lines:
        for x, y in re.findall(r"([\d.]+) ([\d.]+)", line.d):
            yield float(x), float(y)
    for x, y, _ in plot.dots:
        yield x, y


def test_everything_drawn_is_inside_the_frame():
    curves = toy_study(30).section["curves"]["wording"]
    plots = [
        reliability(curves["calibration"]),
        precision_recall(curves["precision_recall"]),
        abstention(curves["abstention"]),
    ]
    for plot in plots:
        drawn = list(points(plot))
        assert drawn
        assert all(LEFT <= x <= LEFT + WIDTH and TOP <= y <= TOP + HEIGHT for x, y in drawn)
    assert plots[0].note.startswith("ECE 0.")
    assert plots[1].note.startswith("Average precision: loaded 0.")
    assert "the least possible" in plots[2].note


def test_several_labels_are_named_beside_their_lines():
    curves = toy_study(30).section["curves"]["stance"]["precision_recall"]
    named = [line.label for line in precision_recall(curves).lines if line.label]
    assert named == ["against", "neutral", "favor"]


def test_a_perfect_model_and_no_answers_can_be_drawn():
    nothing = {"value": 0.0, "low": 0.0, "high": 0.0}
    rates = {"best_aurc": 0.0, "error_rate": 0.0, "error_rate_at_80": 0.0}
    curve = rates | {"aurc": nothing, "coverage": [1.0], "risk": [0.0]}
    assert abstention(curve).y_ticks[-1][1] == "0.05"
    assert reliability({"bins": [], "ece": nothing, "brier": nothing}).dots == ()


def test_shares_are_percentages_inside_the_scale():
    assert (scaled(0.123456), scaled(-0.2), scaled(1.5)) == (12.35, 0.0, 100.0)
