"""From an article to its score, with a backend that finds what the test marks."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marked_article import FakeBackend, marked

from slantwise.article import Article
from slantwise.formats import schema, score_from_json, score_to_json
from slantwise.labels import StanceLabel, Task
from slantwise.model_folder import load_model
from slantwise.reading import Decision
from slantwise.scorer import Scorer
from slantwise.targets import WantedTarget

STORY = """Port of Tarn is shut

"The {w:vile} {o:Norland} {h:may} pay," {s:Minister {p:Ann Lee}} {u:said}. {s:She} {u:praised} {p:Bo Dun}.

The {w:brazen} {p:Lee} left {l:Tarn} by noon, and it rained on."""


def score(written=STORY, *, targets=(), topics=(), quotes_as_author=False, **given):
    article = marked(written)
    backend = FakeBackend(article, **given)
    scorer = Scorer(backend.model(), targets=targets, topics=topics, quotes_as_author=quotes_as_author)
    return scorer.score(Article("toy", article.text)), backend


def test_every_span_has_its_voice():
    scored, _ = score()
    by_text = {w.text: w.voice for s in scored.sentences for w in (*s.wording.words, *s.hedging.cues)}
    assert by_text == {"vile": "a1", "may": "a1", "brazen": "author"}
    assert [s.voice for s in scored.sentences] == ["author", "a1", "author", "author"]


def test_quotes_as_author():
    scored, _ = score(quotes_as_author=True)
    assert {s.voice for s in scored.sentences} == {"author"}
    assert {x.holder for s in scored.sentences for x in s.stance} == {"author"}
    assert scored.attributions[0].content


def test_entities_are_target_ids():
    scored, _ = score()
    names = {t.id: t.name for t in scored.targets}
    assert [names[a.source.entity] for a in scored.attributions] == ["Ann Lee", "Ann Lee"]


def test_holders_are_the_quoted_the_judging_and_the_author():
    scored, backend = score(stances={"Norland": (0.8, 0.1, 0.1), "Bo Dun": (0.0, 0.2, 0.8)})
    found = {x.text: (x.holder, x.label) for s in scored.sentences for x in s.stance}
    assert found["Norland"] == ("a1", StanceLabel.AGAINST)
    assert found["Bo Dun"] == ("a2", StanceLabel.FAVOR)
    assert found["Lee"] == found["Tarn"] == ("author", StanceLabel.NEUTRAL)
    holders = {m.name: m.holder and m.reading.text[slice(*m.holder)] for m in backend.asked}
    assert holders["Norland"] == "Minister Ann Lee"
    assert holders["Bo Dun"] == "She"
    assert holders["Tarn"] is None


def test_an_unsure_stance_is_between_the_two_best():
    scored, _ = score(stances={"Norland": (0.40, 0.15, 0.45), "Tarn": (0.2, 0.5, 0.3)}, stance_margin=0.1)
    found = {x.text: x for s in scored.sentences for x in s.stance}
    assert found["Norland"].label is StanceLabel.UNSURE
    assert found["Norland"].between == (StanceLabel.FAVOR, StanceLabel.AGAINST)
    assert found["Norland"].p == pytest.approx(0.45)
    assert (found["Tarn"].label, found["Tarn"].between) == (StanceLabel.NEUTRAL, None)


def test_labels_follow_thresholds_and_margins():
    tasks = {"vile": {Task.WORDING: 0.62, Task.HEDGING: 0.9}, "brazen": {Task.WORDING: 0.66}}
    scored, _ = score(tasks=tasks, decisions={Task.WORDING: Decision(0.6, 0.05)})
    labels = [(str(s.wording.label), str(s.hedging.label)) for s in scored.sentences]
    assert labels == [("plain", "asserted"), ("unsure", "hedged"), ("plain", "asserted"), ("loaded", "asserted")]


def test_bylines_and_datelines_state_nothing_whatever_the_model_finds():
    scored, _ = score("Port shut\n\nBy Ann {w:Vile}\n\nPARIS, Jan 3 (AFP) - It {h:may} rain on the {w:vile} port.\n")
    labels = {s.kind.value: (s.hedging.label, s.wording.label, len(s.wording.words)) for s in scored.sentences}
    assert labels["byline"] == labels["dateline"] == ("asserted", "plain", 0)
    assert labels["body"][2] == 1


def test_wanted_targets_alone():
    scored, _ = score(targets=[WantedTarget("Norland")])
    assert [(t.id, t.name, t.mentions) for t in scored.targets] == [("t1", "Norland", 1)]
    assert [x.text for s in scored.sentences for x in s.stance] == ["Norland"]
    assert [a.source.entity for a in scored.attributions] == [None, None]


UNNAMED = """{p:Bo Dun} met a {a:clerk}.

"The {a:Tarn rebels} are cannibals," {s:he} {u:said}. The {a:rebels} smiled at the {a:crowd}."""


def test_actors_are_targets_where_somebody_takes_a_side():
    given = {"Tarn rebels": (0.9, 0.1, 0.0), "crowd": (0.3, 0.4, 0.3), "clerk": (0.0, 0.9, 0.1)}
    scored, backend = score(UNNAMED, topics=[WantedTarget("peace")], stances=given)
    assert [(t.id, t.name, t.aliases) for t in scored.targets] == [
        ("t1", "Bo Dun", ()), ("t2", "peace", ()), ("t3", "Tarn rebels", ("rebels",)),
    ]
    found = {x.text: (x.target, x.holder, x.label) for s in scored.sentences for x in s.stance if x.target == "t3"}
    assert found == {"Tarn rebels": ("t3", "a1", "against"), "rebels": ("t3", "author", "neutral")}
    assert {m.reading.text[m.start : m.end] for m in backend.asked} >= set(given)
    assert "Tarn rebels" in {row["name"] for row in scored.summary["stance"]}
    value = json.loads(json.dumps(score_to_json(scored)))
    Draft202012Validator(schema("score")).validate(value)
    wanted, _ = score(UNNAMED, targets=[WantedTarget("Bo Dun")], stances=given)
    assert [t.name for t in wanted.targets] == ["Bo Dun"]


def test_the_summary_is_of_this_score():
    scored, _ = score(tasks={"vile": {Task.WORDING: 0.9}, "brazen": {Task.WORDING: 0.9}})
    summary = scored.summary
    assert summary["words"] == sum(len(s.text.split()) for s in scored.sentences)
    assert summary["voices"]["author"]["loaded"]["count"] == 1
    assert summary["voices"]["sources"]["loaded"]["count"] == 1
    assert [row["index"] for row in summary["strongest"]["loaded"]] == [1, 3]


def test_scores_are_the_same_alone_and_in_a_row():
    article = marked(STORY)
    scorer = Scorer(FakeBackend(article).model())
    one = scorer.score(Article("a", article.text))
    again, _ = list(scorer.score_all([Article("a", article.text)] * 2))
    assert one == again


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_score_that_fits_the_schema(text):
    text = text.replace("{", "").replace("}", "")
    scored, _ = score(text)
    value = json.loads(json.dumps(score_to_json(scored)))
    Draft202012Validator(schema("score")).validate(value)
    assert score_from_json(value).sentences == scored.sentences
    assert all(text[s.start : s.end] == s.text for s in scored.sentences)


TOPIC = WantedTarget("climate policy", ("noon",))


def test_a_topic_is_asked_of_every_sentence_that_says_something():
    written = STORY.replace("Port of Tarn", "By {p:Cy Orr}\n\nPort of Tarn")
    scored, backend = score(written, topics=[TOPIC], stances={"": (0.1, 0.2, 0.7)})
    (target,) = (t for t in scored.targets if t.name == "climate policy")
    assert (target.id, target.mentions, target.aliases) == (f"t{len(scored.targets)}", 1, ("noon",))
    asked = {s.index: [x for x in s.stance if x.target == target.id] for s in scored.sentences}
    kinds = {s.index: s.kind for s in scored.sentences}
    assert {index: len(found) for index, found in asked.items()} == {i: int(kinds[i] != "byline") for i in kinds}
    named = [x for found in asked.values() for x in found if x.text]
    assert [(x.text, x.label) for x in named] == [("noon", StanceLabel.NEUTRAL)]
    silent = [x for found in asked.values() for x in found if not x.text]
    assert {x.label for x in silent} == {StanceLabel.FAVOR}
    assert all(x.start == x.end == scored.sentences[i].start for i, found in asked.items() for x in found if not x.text)
    questions = [m for m in backend.asked if m.name == "climate policy"]
    assert len(questions) == len(silent)
    assert all(m.start == m.end == 0 for m in questions)


def test_a_topic_is_judged_by_the_sentences_main_voice():
    scored, backend = score(topics=[TOPIC])
    (name,) = (t.id for t in scored.targets if t.name == "climate policy")
    holders = [next(x.holder for x in s.stance if x.target == name) for s in scored.sentences]
    assert holders == [s.voice for s in scored.sentences] == ["author", "a1", "author", "author"]
    quoted = next(m for m in backend.asked if m.name == "climate policy" and "vile" in m.reading.text)
    assert quoted.reading.text[slice(*quoted.holder)] == "Minister Ann Lee"
    as_author, _ = score(topics=[TOPIC], quotes_as_author=True)
    assert {x.holder for s in as_author.sentences for x in s.stance} == {"author"}


def test_topics_are_summed_up_and_read_back():
    scored, _ = score(topics=[TOPIC], stances={"": (0.9, 0.1, 0.0)})
    rows = [row for row in scored.summary["stance"] if row["name"] == "climate policy"]
    assert sum(row["against"] + row["neutral"] for row in rows) == len(scored.sentences)
    assert "climate policy" in scored.summary["strongest"]["against"][0]["reasons"]
    value = json.loads(json.dumps(score_to_json(scored)))
    Draft202012Validator(schema("score")).validate(value)
    assert score_from_json(value).targets == scored.targets


def test_the_linear_family_answers_topics(tiny_model):
    text = "The brutal winter closed the road.\n\nThe council met on Tuesday."
    scored = Scorer(load_model(tiny_model), topics=[WantedTarget("tax")]).score(Article("toy", text))
    stances = [x for s in scored.sentences for x in s.stance if not x.text]
    assert [x.target for x in stances] == [scored.targets[-1].id] * 2
    assert {x.label for x in stances} <= set(StanceLabel)
