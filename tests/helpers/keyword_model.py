"""A backend whose every answer follows from words it is given: what a test expects of it can be read off."""

import re

import numpy as np

from slantwise.labels import HedgeKind, SpanLabel, Task
from slantwise.model_folder import Model
from slantwise.reading import Decision, FoundSpan, Reading
from slantwise.score import ModelName


class KeywordBackend:
    """Hedged by any of `hedges`, loaded by any of `loaded`, in favour by `praise` and against by `blame`.

    Words are found in lower case text unless `case` is true. Loaded words are marked; so are hedges.
    """

    stance_margin = 0.0
    has_stance = True
    span_labels = frozenset({SpanLabel.HEDGE, SpanLabel.LOADED})

    def __init__(self, hedges=(), loaded=(), praise=(), blame=(), case=False):
        self.words = {"hedged": hedges, "loaded": loaded, "favor": praise, "against": blame}
        self.case = case
        self.read_texts = []

    @property
    def decisions(self):
        return {Task.HEDGING: Decision(), Task.WORDING: Decision()}

    def read(self, sentences):
        self.read_texts += sentences
        return [self._read(text) for text in sentences]

    def stance(self, mentions):
        rows = []
        for mention in mentions:
            favor, against = (bool(self._places(label, mention.reading.text)) for label in ("favor", "against"))
            rows.append((0.8 * against + 0.1, 0.1, 0.8 * favor + 0.1))
        table = np.array(rows, dtype=np.float32)
        return table / table.sum(axis=1, keepdims=True)

    def _read(self, text):
        hedged, loaded = self._places("hedged", text), self._places("loaded", text)
        tasks = {
            task: np.array([0.1, 0.9] if found else [0.9, 0.1], dtype=np.float32)
            for task, found in ((Task.HEDGING, hedged), (Task.WORDING, loaded))
        }
        spans = [FoundSpan(SpanLabel.HEDGE, *place, HedgeKind.EPISTEMIC, 0.9) for place in hedged]
        spans += [FoundSpan(SpanLabel.LOADED, *place, None, 0.9) for place in loaded]
        return Reading(text, tasks, tuple(spans))

    def _places(self, label, text):
        words = self.words[label]
        if not words:
            return []
        pattern = rf"\b(?:{'|'.join(map(re.escape, words))})\b"
        return [m.span() for m in re.finditer(pattern, text, flags=0 if self.case else re.IGNORECASE)]


def keyword_model(**words):
    return Model(KeywordBackend(**words), ModelName("keywords", "0" * 64), {})
