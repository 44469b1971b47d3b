"""Each change types a sentence as its name says, and is counted where an answer changes with it."""

import pytest
from keyword_model import KeywordBackend

from slantwise_training.evaluation.behaviour.robustness import CHANGES, measure_robustness


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("curly quotes", '"It\'s \'new\'," he said ("so").', "“It’s ‘new’,” he said (“so”)."),
        ("straight quotes", "“It’s ‘new’,” he said.", "\"It's 'new',\" he said."),
        ("trailing white space", "It rained.", "It rained. \n"),
        ("leading white space", "It rained.", "  It rained."),
        ("double spaces", "It rained a lot.", "It  rained  a  lot."),
        ("no-break spaces", "It rained.", "It\u00a0rained."),
        ("no full stop", "It rained.", "It rained"),
        ("upper case", "It rained.", "IT RAINED."),
        ("lower case", "It rained.", "it rained."),
        ("title case", "It rained in O'Hare's yard.", "It Rained In O'Hare's Yard."),
        ("contracted", "It is true; they did not pay. Who have won?", "It's true; they didn't pay. Who've won?"),
        ("written out", "It's true; they didn’t pay, can't.", "It is true; they did not pay, cannot."),
    ],
)
def test_changes_are_what_they_are_called(change, before, after):
    assert CHANGES[change](before, 0) == after
    assert CHANGES[change]("", 0) in ("", " \n", "  ")


@pytest.mark.parametrize(("change", "count"), [("one typing error", 1), ("three typing errors", 3)])
def test_typing_errors_exchange_inner_neighbours_and_repeat_by_seed(change, count):
    text = "Nobody expected several hundred visitors before breakfast."
    typed = CHANGES[change](text, 7)
    words = [(a, b) for a, b in zip(text.split(), typed.split(), strict=True) if a != b]
    assert 1 <= len(words) <= count  # two equal letters may change places
    for a, b in words:
        assert sorted(a) == sorted(b)
        assert (a[0], a[-1]) == (b[0], b[-1])
    assert CHANGES[change](text, 7) == typed
    assert any(CHANGES[change](text, seed) != typed for seed in range(5))
    assert CHANGES[change]("So it is.", 0) == "So it is."


def test_a_model_that_looks_at_case_is_told_from_one_that_does_not():
    sentences = [(f"d{n // 2}", f"The brutal plan number {n} may fail.") for n in range(10)]
    blind = measure_robustness(KeywordBackend(loaded=("brutal",), hedges=("may",)), "own", sentences)
    assert not [row for row in blind if row.changed.count and "case" in row.change]
    careful = measure_robustness(KeywordBackend(loaded=("brutal",), hedges=("may",), case=True), "own", sentences)
    (upper,) = [row for row in careful if (row.change, row.lens) == ("upper case", "wording")]
    assert (upper.changed.count, upper.changed.of, upper.changed.clusters) == (10, 10, 5)
    assert (upper.up, upper.down) == (0, 10)
    assert upper.shift.mean == pytest.approx(-0.8)
    assert upper.examples[0].labels == ("loaded", "plain")
    assert not [row for row in careful if row.change == "curly quotes"]  # nothing to change
