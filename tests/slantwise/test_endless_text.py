"""Texts that took the square of their time, or more, once: a worker must never be lost to one article."""

import re
import time

import numpy as np
import pytest

from slantwise.article import Article
from slantwise.formats import score_to_json
from slantwise.formats.flat import Level, flat_rows
from slantwise.formats.markup import markdown_text
from slantwise.labels import MentionKind, SpanLabel, Task
from slantwise.model_folder import Model
from slantwise.reading import Decision, FoundSpan, Reading
from slantwise.score import ModelName
from slantwise.scorer import Scorer

TIMES = 8
NAMES = re.compile(r"[A-Z][\w.]*(?: [A-Z][\w.]*)*")
CUES = re.compile(r"said")


class Finder:
    """A backend that takes capitals for people, and "said" for a cue whose source is the word before it."""

    stance_margin = 0.1
    has_stance = True
    span_labels = frozenset({SpanLabel.MENTION, SpanLabel.CUE, SpanLabel.SOURCE})

    @property
    def decisions(self):
        return {Task.HEDGING: Decision(), Task.WORDING: Decision()}

    def read(self, sentences):
        return [self._read(text) for text in sentences]

    def stance(self, mentions):
        return np.tile(np.array([0, 1, 0], dtype=np.float32), (len(mentions), 1))

    def _read(self, text):
        spans = [FoundSpan(SpanLabel.MENTION, *m.span(), MentionKind.PERSON, 0.9) for m in NAMES.finditer(text)]
        for m in CUES.finditer(text):
            spans.append(FoundSpan(SpanLabel.CUE, *m.span(), None, 0.9))
            if source := text[max(0, m.start() - 9) : m.start()].strip():
                spans.append(FoundSpan(SpanLabel.SOURCE, m.start() - 1 - len(source), m.start() - 1, None, 0.9))
        tasks = {task: np.array([0.9, 0.1], dtype=np.float32) for task in (Task.HEDGING, Task.WORDING)}
        return Reading(text, tasks, tuple(sorted(spans, key=lambda span: (span.start, span.end))))


def seconds(work, text):
    """Processor time, so that a busy machine does not matter; the better of two."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        work(text)
        taken.append(time.process_time() - started)
    return min(taken)


def check_is_linear(work, text, length):
    short = (text * (length // len(text) + 1))[:length]
    assert seconds(work, short * TIMES) < 3 * TIMES * seconds(work, short) + 0.2


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("“it is so big a thing” ", 12_000),
        ("``", 12_000),
        ("A", 6_000),
        ("A-", 3_000),
        ("Mr. ", 6_000),
        ("has been ", 1_500),
        ("said, ", 6_000),
    ],
)
def test_one_endless_sentence(text, length):
    scorer = Scorer(Model(Finder(), ModelName("finder", "0" * 64), {}))
    check_is_linear(lambda text: scorer.score(Article("x", f"Anna Berg said as it {text}")), text, length)


def test_many_speakers_in_rows():
    scorer = Scorer(Model(Finder(), ModelName("finder", "0" * 64), {}))

    def rows(text):
        score = scorer.score(Article("x", text))
        score_to_json(score)
        return [row for level in Level for row in flat_rows(score, level)]

    check_is_linear(rows, "Bo Berg said it. Al Lee said no.\n", 6_000)


@pytest.mark.parametrize("text", ["<a ", "<a/", "<!--", "<?", "</", "<a b='", "<div ", "<![CDATA[", "&#1", "<a b=\"'>"])
def test_markup_that_is_left_open(text):
    check_is_linear(lambda text: markdown_text(f"<div>\n{text}"), text, 2_500)
