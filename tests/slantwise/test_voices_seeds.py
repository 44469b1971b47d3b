"""Voices on the seed articles, from the spans that were labelled by hand: how the links agree with the gold."""

import json
from collections import defaultdict

import pytest
from repository import REPOSITORY

from slantwise.article import Article, Sentence
from slantwise.labels import SentenceKind, SpanLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.voices import find_voices

PARTS = ("source", "cue", "content")


def rows(name):
    found = defaultdict(list)
    with (REPOSITORY / "data" / "seeds" / name).open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found[row["doc"] if isinstance(row["doc"], str) else row["doc"]["id"]].append(row)
    return found


def sentences_of(text, given):
    sentences, paragraph, end = [], 0, 0
    for row in given:
        paragraph += "\n" in text[end : row["start"]]
        end = row["end"]
        kind = SentenceKind(row["kind"])
        sentences.append(Sentence(row["index"], row["start"], end, kind, row["text"], paragraph))
    return sentences


@pytest.fixture(scope="module")
def agreement():
    """Characters whose speaker is the gold's, all characters; resolved references that are the gold's entity, all."""
    counts = {"right": 0, "all": 0, "same": 0, "resolved": 0}
    gold, given = rows("gold.jsonl"), rows("sentences.jsonl")
    for name, labelled in gold.items():
        text = (REPOSITORY / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
        sentences = sentences_of(text, given[name])
        readings, places, entities, contents, tails = [], {}, {}, [], {}
        for sentence, row in zip(sentences, labelled, strict=True):
            spans = [s for s in row["spans"] if s["label"] in PARTS]
            found = sorted(
                (FoundSpan(SpanLabel(s["label"]), s["start"], s["end"], None, 0.9) for s in spans), key=_order
            )
            readings.append(Reading(sentence.text, {}, tuple(found)))
            tails |= {link["head"]: link["tail"] for link in row["links"] if link["label"] == "content-of"}
            for span in spans:
                place = (sentence.start + span["start"], sentence.start + span["end"])
                places[span["id"]] = place if span["label"] == "source" else None
                if span["label"] == "content":
                    contents.append((place, span["id"]))
                elif span["label"] == "source":
                    entities[place] = span.get("entity")
        speaker = [None] * len(text)
        for (start, end), span in sorted(contents, key=lambda row: row[0][0] - row[0][1]):
            speaker[start:end] = [places.get(tails.get(span)) or "nobody"] * (end - start)
        voices = find_voices(Article(name, text), sentences, readings)
        sources = [None, *((a.source and (a.source.start, a.source.end)) or "nobody" for a in voices.attributions)]
        for sentence in sentences:
            for at in range(sentence.start, sentence.end):
                counts["all"] += 1
                counts["right"] += sources[voices.owners[at]] == speaker[at]
        by_id = {a.id: (a.source.start, a.source.end) for a in voices.attributions if a.source}
        for pronoun, named in voices.speakers.items():
            one, other = entities.get(by_id[pronoun]), entities.get(by_id[named])
            if one and other:
                counts["resolved"] += 1
                counts["same"] += one == other
    return counts


def _order(span):
    return span.start, span.end


def test_characters_have_the_golds_speaker(agreement):
    assert agreement["right"] / agreement["all"] > 0.98


def test_resolved_references_are_the_golds_entities(agreement):
    assert agreement["resolved"] > 40
    assert agreement["same"] == agreement["resolved"]
