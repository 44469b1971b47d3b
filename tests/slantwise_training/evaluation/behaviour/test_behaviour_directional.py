"""Directional tests pass a model that does as they ask, and fail one that does not."""

from keyword_model import KeywordBackend, keyword_model

from slantwise.labels import Quotation, SourceKind, SpanLabel, Task
from slantwise.model_folder import Model
from slantwise.reading import FoundSpan
from slantwise.score import ModelName
from slantwise_training.evaluation.behaviour.directional import directional_tests
from slantwise_training.evaluation.behaviour.suites import load_directional

TABLES = load_directional()
LOADED = (
    *{word for words in TABLES.wording["loaded"].values() for word in words},
    "disgusting", "clown", "greedy", "hysterical", "mob", "spineless", "insane", "humiliated", "disgraced", "tycoon",
    "trashed", "rampaged", "butchered", "ranted", "humiliating", "so-called", "hordes",
)  # fmt: skip
HEDGES = (
    "possible", "appears", "unclear", "likely", "thought", "perhaps", "reportedly", "allegedly", "seems", "examining",
    "may", "might", "could", "believed", "probably", "suspected",
)  # fmt: skip


def outcomes(model):
    return {(test.test, test.lens, test.expected): test for test in directional_tests(model)}


def of(found, test, expected=""):
    (only,) = [t for (name, _, wanted), t in found.items() if name == test and wanted.startswith(expected)]
    return only


def test_a_model_that_knows_the_words_passes():
    praise = ("brilliant", "loved", "wisdom", "excellent", "superb", "never failed")
    blame = ("corrupt", "despised", "ruined", "dishonest", "terrible", "not", "danger")
    found = outcomes(keyword_model(hedges=HEDGES, loaded=LOADED, praise=praise, blame=blame))
    assert of(found, "hedge added").passed.value == 1
    assert of(found, "hedge added").passed.of == 12 * 10 + 8
    assert of(found, "words added that are no hedge").passed.value == 1
    assert of(found, "loaded word added", "becomes").passed.value == 1
    assert of(found, "loaded word added", "the word is marked").passed.of == 64
    assert of(found, "plain word added").passed.value == 1
    assert {t.passed.value for t in found.values() if t.test == "negated"} == {1}
    moved = of(found, "praise or blame added")
    assert [case.texts[0] for case in moved.failures] == ["Maria Lindt is a danger to the country."]


def test_a_model_that_knows_nothing_fails_and_what_was_loaded_before_proves_nothing():
    found = outcomes(keyword_model(loaded=("Monday",)))
    assert of(found, "hedge added").passed.count == 0
    added = of(found, "loaded word added", "becomes")
    assert added.passed.count == 0
    assert added.set_aside == 8  # the frame that has a Monday in it, with each word
    assert added.variants[0][1].value == 0
    assert len(added.failures) == 3


class Quoting(KeywordBackend):
    """Finds attributions too: what follows or precedes the one cue, and the words beside it as the source."""

    span_labels = frozenset(SpanLabel)

    def read(self, sentences):
        return [self._attributed(reading) for reading in super().read(sentences)]

    def _attributed(self, reading):
        at = reading.text.find(" said ")
        if at < 0:
            return reading
        spans = (
            FoundSpan(SpanLabel.SOURCE, 0, at, SourceKind.NAMED, 0.9),
            FoundSpan(SpanLabel.CUE, at + 1, at + 5, None, 0.9),
            FoundSpan(SpanLabel.CONTENT, at + 6, len(reading.text) - 1, Quotation.INDIRECT, 0.9),
        )
        return type(reading)(reading.text, reading.tasks, (*reading.spans, *spans))


def test_attribution_is_judged_by_whose_count_a_statement_enters():
    model = Model(Quoting(loaded=LOADED, hedges=HEDGES), ModelName("quoting", "0" * 64), {})
    found = [t for t in directional_tests(model) if t.test == "wrapped in an attribution" and t.lens == "wording"]
    kept, cleared = found
    assert kept.expected == "still loaded in the source's voice"
    said = dict(kept.variants)["{Source} said that {s}."]
    assert said.value == 1
    assert dict(cleared.variants)["{Source} said that {s}."].value == 1
    (own,) = [t for t in directional_tests(model) if t.expected == "loaded in the author's voice"]
    assert own.passed.count >= 4


def test_a_lens_without_an_answer_is_not_tested():
    class Wording(KeywordBackend):
        has_stance = False

        @property
        def decisions(self):
            return {task: decision for task, decision in super().decisions.items() if task is Task.WORDING}

        def read(self, sentences):
            readings = super().read(sentences)
            return [type(r)(r.text, {Task.WORDING: r.tasks[Task.WORDING]}, r.spans) for r in readings]

    found = directional_tests(Model(Wording(), ModelName("wording", "0" * 64), {}))
    assert {test.lens for test in found} == {"wording"}
