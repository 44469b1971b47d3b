"""Swaps find a model that leans, say which way, and find nothing where it does not."""

import pytest
from keyword_model import KeywordBackend

from slantwise_training.evaluation.behaviour.spurious_cues import load_spurious_cues
from slantwise_training.evaluation.behaviour.suites import Axis, SwapSuite, Template, load_swaps
from slantwise_training.evaluation.behaviour.swaps import adjusted, measure_suite

RIGHT = ("Republicans", "Republican", "Conservative", "conservatives", "conservative", "right-wing")


def row(pairs, axis, lens, first, second):
    (found,) = [p for p in pairs if (p.axis, p.lens, p.first, p.second) == (axis, lens, first, second)]
    return found


def test_the_suite_is_large_enough_and_fits_together():
    suite = load_swaps()
    assert set(suite.axes) == {"party", "country", "nationality", "religion", "gender", "name"}
    assert len(suite.templates) >= 40
    for name, axis in suite.axes.items():
        own = [t for t in suite.templates if name in t.axes]
        assert len(own) >= 12
        assert all(set(row) == set(axis.groups) for row in axis.rows)
        for template in own:
            fitting = [r for r in axis.rows if all(s in r[g] for g in axis.groups for s in template.slots)]
            assert fitting, (name, template.text)
        assert {t.tone for t in own} >= {"plain", "hedged", "loaded", "attributed", "favor"}


def test_a_template_is_filled_with_a_capital_and_its_targets_place():
    template = Template("t", ("a",), "plain", "{people} met {people} in June.")
    text, place = template.fill({"people": "liberals"})
    assert text == "Liberals met liberals in June."
    assert text[slice(*place)] == "Liberals"
    inside = Template("t", ("a",), "plain", "The {adjective} vote was called by {person}.")
    text, place = inside.fill({"adjective": "Green", "person": "Li"})
    assert text == "The Green vote was called by Li."
    assert text[slice(*place)] == "Green"


def test_a_model_that_calls_one_party_loaded_is_tilted_against_it():
    backend = KeywordBackend(loaded=RIGHT, hedges=("may", "appear"), praise=("liberals", "liberal"))
    pairs, terms = measure_suite(backend, load_swaps())
    pairs = adjusted(pairs)
    wording = row(pairs, "party", "wording", "left", "right")
    assert wording.tilted
    assert wording.shift.mean < -0.3
    assert wording.more_first == 0 < wording.more_second == wording.flips.count
    assert wording.flips.of == 18 * 6
    assert (wording.terms_up, wording.terms_down) == (0, 8)  # 4 of 6 rows, as people and as an adjective
    assert wording.examples[0].labels == ("plain", "loaded")
    stance = row(pairs, "party", "stance", "left", "right")
    assert stance.more_second == 0 < stance.more_first
    assert stance.terms_up == 2
    hedging = row(pairs, "party", "hedging", "left", "right")
    assert hedging.flips.count == 0
    assert hedging.p_adjusted == 1
    marked = {(group.axis, group.group): group.marked for group in terms}
    assert marked["party", "right"].value == pytest.approx(4 / 6)
    assert marked["party", "left"].count == 0


def test_a_fair_model_is_not_tilted_anywhere():
    pairs, _ = measure_suite(KeywordBackend(loaded=("reckless", "childish"), hedges=("may",)), load_swaps())
    assert len(pairs) == 3 * (1 + 6 + 6 + 6 + 1 + 10)
    assert not [pair for pair in adjusted(pairs) if pair.tilted or pair.flips.count]


def test_rows_are_the_clusters_of_a_suite_with_few_sentences():
    axis = Axis(
        "size", ("big", "small"), tuple({"big": {"t": f"big{n}"}, "small": {"t": f"small{n}"}} for n in range(9))
    )
    suite = SwapSuite("few", {"size": axis}, (Template("one", ("size",), "plain", "{t} fell."),), by_template=False)
    pairs, _ = measure_suite(KeywordBackend(loaded=tuple(f"big{n}" for n in range(9))), suite)
    wording = row(pairs, "size", "wording", "big", "small")
    assert wording.flips.clusters == wording.shift.clusters == wording.shift.up == 9


@pytest.mark.corpus
def test_spurious_cues_have_seven_axes_of_four_sentences(corpora_root):
    suite = load_spurious_cues(corpora_root)
    assert len(suite.axes) == 7
    assert len(suite.templates) == 28
    assert suite.axes["Religion"].groups == ("Christian", "Islam", "Atheist")
    assert all(len(axis.rows) == 25 for name, axis in suite.axes.items() if name != "Disability")
    assert all("[" not in t.text and t.slots for t in suite.templates)
