"""Advice where a set is too small to conclude."""

import numpy as np

from slantwise.labels import Lens, Task
from slantwise.reading import Decision, Reading
from slantwise.records import Document, LabelledSentence
from slantwise_training.evaluation.advice import advice_on, half_width
from slantwise_training.evaluation.evaluate import evaluate


class Coin:
    """Is wrong about every fifth sentence, by its number."""

    decisions = {Task.WORDING: Decision()}  # noqa: RUF012
    stance_margin = 0.0
    span_labels = frozenset()
    has_stance = False

    def read(self, sentences):
        rows = []
        for text in sentences:
            number = int(text.split()[-1])
            p = 0.9 if (number % 2 == 1) is (number % 5 > 0) else 0.1
            rows.append(Reading(text, {Task.WORDING: np.array([1 - p, p])}, ()))
        return rows


def evaluated(n, loaded=lambda n: n % 2):
    labels = ["loaded" if loaded(i) else "plain" for i in range(n)]
    records = [
        LabelledSentence(str(i), Document(f"d{i}"), 0, f"Sentence {i}", (Lens.WORDING,), {Task.WORDING: label})
        for i, label in enumerate(labels)
    ]
    return evaluate(Coin(), records, resamples=200)


def test_a_handful_concludes_nothing():
    (rare, few) = advice_on(evaluated(20))
    assert rare == "wording: only 10 gold plain; what is said of that label is little more than anecdote"
    assert few == "wording: 20 sentences are too few to conclude anything; label at least a few hundred"


def test_a_wide_interval_says_how_many_more():
    found = evaluated(100)
    (line,) = advice_on(found)
    width = half_width(found.measures["wording"])
    assert line.startswith(f"wording: known to within ±{width:.2f} only")
    needed = int(line.split("About ")[1].split()[0].replace(",", ""))
    assert 0.8 < needed / (100 * (width / 0.03) ** 2) < 1.2


def test_a_large_set_needs_no_advice():
    assert advice_on(evaluated(1500)) == []


def test_a_rare_label_is_named():
    assert any("only 15 gold loaded" in line for line in advice_on(evaluated(1500, lambda n: n % 100 == 1)))
