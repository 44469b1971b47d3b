"""A model of every part, trained in a second on a few dozen invented sentences: it finds what it was taught."""

from itertools import product
from pathlib import Path

import numpy as np

from slantwise.labels import SPAN_VALUES, MentionKind, SpanLabel, Task
from slantwise.linear.backend import LinearBackend
from slantwise.linear.classify import Classifier, View
from slantwise.linear.hashing import hash_features
from slantwise.linear.table import WeightTable
from slantwise.model_folder import save_model
from slantwise.reading import Decision
from slantwise.records import Document, LabelledSentence, Span
from slantwise.score import ModelName
from slantwise_training.linear.perceptron import fit_tagger, tagged_sentence
from slantwise_training.recipe import LayerRecipe

NGRAMS = 2
HEDGES = {"may": "epistemic", "could": "epistemic", "reportedly": "doxastic", "if": "conditional", "some": "vague"}
LOADED = ("disastrous", "brutal", "shameful", "heroic")
SOURCES = {
    "Anna Berg": "named",
    "Omar Diaz": "named",
    "The finance ministry": "institution",
    "The Harbour Times": "media",
    "An unnamed official": "anonymous",
    "She": "pronoun",
}
CUES = ("said", "told reporters", "claimed")
CONTENTS = (
    "the bridge will open in June",
    "the plan may fail",
    "“this is a disastrous tax,”",
    "the council could vote again",
)
PLAIN = (
    "The council met on Tuesday.",
    "Rain fell over the harbour all night.",
    "The brutal winter closed the road to Port Ellery.",
    "Trade could resume if the strait opens.",
    "The deal reportedly fell through.",
    "Some residents left the town.",
    "A heroic effort saved the old bridge.",
    "The shameful vote passed in Port Ellery.",
    "Omar Diaz and Anna Berg spoke to the council.",
)
MENTIONS = {
    "Anna Berg": MentionKind.PERSON,
    "Omar Diaz": MentionKind.PERSON,
    "Port Ellery": MentionKind.PLACE,
    "The finance ministry": MentionKind.ORGANISATION,
    "The Harbour Times": MentionKind.ORGANISATION,
}
"""What the model is taught; tests write articles of these words."""


def tiny_sentences() -> list[LabelledSentence]:
    """Every source with every cue and content, and plain sentences; every span of the four layers is marked."""
    texts: list[tuple[str, tuple[str, str, str] | None]] = []
    for source, cue, content in product(SOURCES, CUES, CONTENTS):
        stop = "" if content.endswith(",”") else ","
        texts.append((f"{source} {cue} {content}.", (source, cue, content)))
        texts.append((f"{content}{stop} {source} {cue}.", (source, cue, content)))
    texts += [(text, None) for text in PLAIN * 3]
    return [_record(f"tiny-{i}", text, parts) for i, (text, parts) in enumerate(texts)]


def tiny_backend() -> LinearBackend:
    """The trained backend: two tasks and the stance by hand-set word weights, four span layers by the perceptron."""
    sentences = tiny_sentences()
    layers = {
        "attribution": LayerRecipe(
            (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT), (), kinds=True, epochs=4, min_count=1
        ),
        "hedges": LayerRecipe((SpanLabel.HEDGE,), (), kinds=True, epochs=4, min_count=1),
        "loaded": LayerRecipe((SpanLabel.LOADED,), (), epochs=4, min_count=1),
        "mentions": LayerRecipe((SpanLabel.MENTION,), (), kinds=True, epochs=4, min_count=1),
    }
    taggers = {
        name: fit_tagger([tagged_sentence(s, layer) for s in sentences], layer, seed=13)
        for name, layer in layers.items()
    }
    classifiers = {
        Task.HEDGING: _classifier({word: (6.0,) for word in HEDGES}, (-3.0,)),
        Task.WORDING: _classifier({word: (6.0,) for word in LOADED}, (-3.0,)),
    }
    against, favor = (3.0, 0.0, 0.0), (0.0, 0.0, 3.0)
    sides = {"brutal": against, "shameful": against, "disastrous": against, "heroic": favor}
    stance = _classifier(sides, (0.0, 1.0, 0.0))
    decisions = {Task.HEDGING: Decision(0.5, 0.05), Task.WORDING: Decision(0.5, 0.05)}
    return LinearBackend(
        classifiers,
        taggers,
        inferred={},
        stances={View.MENTION: stance},
        decisions=decisions,
        stance_margin=0.1,
        ngrams=NGRAMS,
    )


def save_tiny_model(folder: Path) -> ModelName:
    """Train the tiny model and save it as a model folder."""
    return save_model(folder, tiny_backend(), "tiny", 'name = "tiny"\n', "# tiny\n", {"trained_on": {}})


def _classifier(weights: dict[str, tuple[float, ...]], intercepts: tuple[float, ...]) -> Classifier:
    """Words weigh what they are given, all with an idf of 1; every other word weighs nothing."""
    hashes = hash_features(weights)
    order = np.argsort(hashes)
    rows = np.array([[*row, 1.0] for row in weights.values()], dtype=np.float32)[order]
    table = WeightTable(hashes[order], np.vstack((rows, np.zeros((1, rows.shape[1]), np.float32))))
    columns = len(intercepts)
    return Classifier(
        table, np.array(intercepts, np.float32), np.ones(columns, np.float32), np.zeros(columns, np.float32)
    )


def _record(name: str, text: str, parts: tuple[str, str, str] | None) -> LabelledSentence:
    spans: list[Span] = []

    def mark(label, surface, value=None):
        start = text.lower().find(surface.lower())
        if start >= 0:
            end = start + len(surface)
            spans.append(Span(f"s{len(spans)}", label, start, end, text[start:end], value))

    if parts is not None:
        source, cue, content = parts
        mark(SpanLabel.SOURCE, source, _value(SpanLabel.SOURCE, SOURCES[source]))
        mark(SpanLabel.CUE, cue)
        mark(SpanLabel.CONTENT, content, _value(SpanLabel.CONTENT, "direct" if "“" in content else "indirect"))
    words = set(text.lower().rstrip(".").replace(",", "").split())
    for word, kind in HEDGES.items():
        if word in words:
            mark(SpanLabel.HEDGE, word, _value(SpanLabel.HEDGE, kind))
    for word in LOADED:
        if word in words:
            mark(SpanLabel.LOADED, word)
    for surface, kind in MENTIONS.items():
        if surface in text:
            mark(SpanLabel.MENTION, surface, kind)
    return LabelledSentence(
        id=name, doc=Document(name), index=0, text=text, lenses=(), spans=tuple(spans), exhaustive=tuple(SpanLabel)
    )


def _value(label, word):
    return SPAN_VALUES[label](word)
