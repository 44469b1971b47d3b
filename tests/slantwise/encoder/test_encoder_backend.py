"""The encoder backend: the same bits in any batch, windows that leave nothing out, spans and stances where they are."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest
from tiny_export import MAX_TOKENS, sentences

from slantwise.encoder import Calibration
from slantwise.encoder.windows import windows_of
from slantwise.labels import SpanLabel, Task
from slantwise.linear.classify import View
from slantwise.linear.words import split_words
from slantwise.model_folder import load_model
from slantwise.reading import Decision, Reading, TargetMention

LONG = " ".join(sentences(12)).replace(".", " ,") + "."
ODD = ["", " ", ".", "\u200b\u200b", "x" * 400, "😀 the mayor said", "The council\tmay not vote", "MAYOR OPENS ROAD 9"]


@pytest.fixture(scope="module")
def backend(model_folder):
    return load_model(model_folder).backend


def bits(reading):
    raw = reading.state
    arrays = [getattr(raw, field.name) for field in fields(raw) if field.name != "words"]
    return [each.tobytes() for each in (*arrays, *reading.tasks.values())], reading.spans


def test_a_reading_is_the_same_bits_alone_in_any_batch_and_in_any_order(backend):
    texts = [*sentences(), LONG, *ODD]
    together = [bits(reading) for reading in backend.read(texts)]
    assert [bits(backend.read([text])[0]) for text in texts] == together
    for seed in range(3):
        order = random.Random(seed).sample(range(len(texts)), len(texts) // (seed + 1))
        assert [bits(reading) for reading in backend.read([texts[i] for i in order])] == [together[i] for i in order]


def test_a_stance_is_the_same_bits_alone_and_in_any_batch(backend):
    texts = [text for text in [*sentences(20), LONG] if len(text) > 20]
    mentions = []
    for text, reading in zip(texts, backend.read(texts), strict=True):
        mentions.append(TargetMention(reading, 4, 9, text[4:9]))
        mentions.append(TargetMention(reading, 4, 9, text[4:9], holder=(10, 16)))
        mentions.append(TargetMention(reading, 0, 0, "the harbour tax"))
    together = backend.stance(mentions)
    assert together.shape == (len(mentions), 3)
    np.testing.assert_allclose(together.sum(axis=1), 1, rtol=1e-5)
    assert np.array_equal(np.concatenate([backend.stance([m]) for m in mentions]), together)
    # the author, a holder and a topic are three questions
    assert all(len({row.tobytes() for row in together[i : i + 3]}) == 3 for i in range(0, len(mentions), 3))


def test_a_holders_stance_is_its_own_columns_and_a_share_of_the_authors(backend):
    text = sentences()[3]
    (raw,) = backend.raw([(text, "the council")])
    columns = raw.stance_at(4, 9)
    assert columns.shape == (9,)
    for view, own in ((View.MENTION, columns[:3]), (View.HELD, columns[3:6] + np.float32(0.5) * columns[:3])):
        assert np.array_equal(backend.stance_logits(raw, 4, 9, view), own)
    assert np.array_equal(backend.stance_logits(raw, 0, 0, View.TOPIC), raw.second[6:])
    # as the first models with views, which do not say so
    plain = backend.calibrated(Calibration()).stance_logits(raw, 4, 9, View.HELD)
    assert np.array_equal(plain, columns[3:6] + columns[:3])
    older = replace(backend, views=(View.MENTION,))
    assert all(np.array_equal(older.stance_logits(raw, 4, 9, view), columns[:3]) for view in (View.MENTION, View.HELD))
    assert backend.stance_logits(raw, len(text) + 1, len(text) + 2, View.MENTION) is None


def test_a_mention_needs_no_second_pass_and_a_foreign_reading_one(backend, monkeypatch):
    text = sentences()[5]
    reading = backend.read([text])[0]
    mention = TargetMention(reading, 4, 9, text[4:9])
    foreign = TargetMention(Reading(text, {}, (), state="another family's"), 4, 9, text[4:9])
    expected = backend.stance([foreign])
    passes = []
    session = type(backend.session)
    run = session.run
    monkeypatch.setattr(session, "run", lambda self, windows: passes.append(windows) or run(self, windows))
    assert np.array_equal(backend.stance([mention]), expected)
    assert passes in ([], [[]])


def test_tasks_are_probabilities_in_the_order_of_their_labels(backend, exported):
    reading, plain = backend.read(sentences()[:1])[0], exported.read(sentences()[:1])[0]
    assert set(reading.tasks) == {Task.VAGUENESS, Task.WORDING, Task.LEANING, Task.HEDGING}
    for p in reading.tasks.values():
        assert p.dtype == np.float32
        assert p.sum() == pytest.approx(1)
    logit = plain.state.tasks[0]
    assert plain.tasks[Task.VAGUENESS][1] == pytest.approx(1 / (1 + np.exp(-logit)), rel=1e-5)
    assert reading.tasks[Task.VAGUENESS][1] == pytest.approx(1 / (1 + np.exp(-(2 * logit - 0.5))), rel=1e-5)
    # leaning is three columns, after the two of the others
    assert plain.tasks[Task.LEANING].argmax() == plain.state.tasks[2:].argmax()


def test_every_task_that_is_answered_can_be_decided(backend, exported):
    for each in (backend, exported):
        assert set(each.decisions) == set(each.read(["It may."])[0].tasks)
    assert backend.decisions[Task.VAGUENESS] == Decision(0.4, 0.05)
    assert exported.decisions[Task.VAGUENESS] == Decision()


def test_a_task_inferred_from_a_layer_follows_its_evidence(backend):
    readings = backend.read(sentences())
    p = [reading.tasks[Task.HEDGING][1] for reading in readings]
    evidence = np.concatenate([backend.evidence(reading.state, "hedge") for reading in readings])
    np.testing.assert_allclose(p, 1 / (1 + np.exp(-(1.5 * evidence + 0.25))), rtol=1e-5)
    assert backend.read([""])[0].tasks[Task.HEDGING][1] == 0


def test_spans_are_words_of_the_sentence(backend):
    assert backend.span_labels == {SpanLabel.HEDGE, SpanLabel.CONTENT, SpanLabel.CUE, SpanLabel.SOURCE}
    found = 0
    for text, reading in zip([*sentences(), LONG], backend.read([*sentences(), LONG]), strict=True):
        words = split_words(text)
        for span in reading.spans:
            assert span.start in {w.start for w in words}
            assert span.end in {w.end for w in words}
            assert 0 < span.p < 1
            found += 1
        assert list(reading.spans) == sorted(reading.spans, key=lambda s: (s.start, s.end))
    assert found > 20


@pytest.mark.parametrize("text", [LONG, LONG * 3, "zebra quokka " * 60, "x" * 5000, f"{ODD[7]} " * 40])
@pytest.mark.parametrize("second", ["", "the old harbour", "zebra " * 50])
def test_windows_hold_the_whole_sentence_and_share_it_out(backend, text, second):
    windows = windows_of(backend.tokenizer, [(text, second)], MAX_TOKENS)[0]
    assert len(windows) > 1 or text.startswith("xxx")
    assert [w.own.start for w in windows] == [0, *(w.own.stop for w in windows[:-1])]
    assert windows[-1].own.stop == len(text) + 1
    words = split_words(text)
    spoken = set()
    for window in windows:
        assert window.aligned.cut == 0
        assert len(window.aligned.ids) <= MAX_TOKENS
        assert bool(window.aligned.second) is bool(second)
        for word, first in zip(window.aligned.words, window.aligned.first, strict=True):
            if first >= 0 and word.start + window.start in window.own:
                spoken.add(word.start + window.start)
    assert spoken >= {word.start for word in words}


def test_a_sentence_that_fits_is_one_window(backend):
    text = "the mayor " * ((MAX_TOKENS - 2) // 2)
    assert len(windows_of(backend.tokenizer, [(text, "")], MAX_TOKENS)[0]) == 1
    assert len(windows_of(backend.tokenizer, [(text + "may", "")], MAX_TOKENS)[0]) > 1


def test_every_word_of_a_long_sentence_has_logits(backend):
    raw = backend.read([LONG * 3])[0].state
    assert len(raw.words) == len(split_words(LONG * 3))
    assert raw.tags.any(axis=1).all()
    assert np.array_equal(raw.spans, np.sort(raw.spans, axis=0))
    assert len(raw.spans) == len(raw.stance)


def test_a_task_about_any_part_of_a_long_sentence_takes_its_strongest_window(backend):
    windows = windows_of(backend.tokenizer, [(LONG, "")], MAX_TOKENS)[0]
    tasks = np.stack([out.tasks for out in backend.session.run([w.aligned for w in windows])])
    joined = backend.read([LONG])[0].state.tasks
    assert np.array_equal(joined[:2], tasks[:, :2].max(axis=0))
    np.testing.assert_allclose(joined[2:], tasks[:, 2:].mean(axis=0), rtol=1e-6)


def test_words_without_sub_tokens_are_no_spans(backend):
    reading = backend.read(["\u200b"])[0]
    assert reading.spans == ()
    assert backend.stance([TargetMention(reading, 0, 1, "\u200b")]).tolist() == [[0, 1, 0]]


def test_half_a_surrogate_pair_is_read_as_a_character_nobody_knows(backend):
    broken, whole = backend.read(["the tax may\udc00 rise .", "the tax may\ufffd rise ."])
    assert broken.spans == whole.spans
    assert broken.text[11] == "\udc00"
    for task, p in broken.tasks.items():
        assert p.tolist() == whole.tasks[task].tolist()
