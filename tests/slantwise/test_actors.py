"""Actors without a name: which mentions are of one, and that those on whom nobody takes a side are left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked_article import marked, readings_of

from slantwise.actors import find_actors, sided
from slantwise.labels import MentionKind, SpanLabel, StanceLabel
from slantwise.reading import FoundSpan, Reading
from slantwise.score import AUTHOR, StanceScore
from slantwise.segment import segment
from slantwise.targets import find_targets


def found(written):
    article = readings_of(marked(written))
    actors, mentions = find_actors(*article, find_targets(*article)[1], 3)
    assert [t.mentions for t in actors] == [sum(m.target == t.id for m in mentions) for t in actors]
    assert [t.id for t in actors] == [f"t{i}" for i in range(4, 4 + len(actors))]
    return [(t.name, t.aliases, t.mentions) for t in actors]


@pytest.mark.parametrize(
    ("written", "actors"),
    [
        ("The {a:port police} came. {a:Port police} left.", [("port police", ("Port police",), 2)]),
        ("The {a:Tarn rebels} came. The {a:rebels} left.", [("Tarn rebels", ("rebels",), 2)]),
        # without an article before it nothing says that they are the same
        ("The {a:Tarn rebels} came, and {a:rebels} left.", [("Tarn rebels", (), 1), ("rebels", (), 1)]),
        (
            "The {a:Tarn rebels} met the {a:Lowen rebels}. The {a:rebels} left.",
            [("Tarn rebels", (), 1), ("Lowen rebels", (), 1), ("rebels", (), 1)],
        ),
        ("Her {a:aides} met his {a:aides}.", [("aides", (), 1), ("aides", (), 1)]),
        ("A {a:man} came. A {a:man} left. The {a:man} ran.", [("man", (), 1), ("man", (), 2)]),
        ("The {a:ministry's} men left the {a:ministry}.", [("ministry", (), 2)]),
        ("{a:Minister {p:Ann Lee}} met {o:{a:Harbour} Watch}.", []),
        ("{a:{p:Lee}'s friends} came.", [("Lee's friends", (), 1)]),
        (f"The {{a:{'very ' * 20}old}} men.", []),
    ],
)
def test_mentions_of_one_actor(written, actors):
    assert found(written) == actors


def test_a_byline_names_nobody():
    text = "Boats return\n\nBy Staff Reporter\n\nThe boats are back in port."
    sentences = segment(text)
    assert "byline" in [s.kind for s in sentences]
    readings = [Reading(s.text, {}, (FoundSpan(SpanLabel.MENTION, 0, 4, MentionKind.ACTOR, 0.9),)) for s in sentences]
    _, mentions = find_actors(sentences, readings, ())
    assert {sentences[m.sentence].kind for m in mentions}.isdisjoint({"byline"})
    assert len(mentions) == len(sentences) - 1


def stance(target, label):
    return StanceScore(0, 4, "they", target, label, 0.9, AUTHOR, None)


def test_those_on_whom_nobody_takes_a_side_are_left_out():
    article = readings_of(marked("The {a:crew} saw a {a:boss} and {a:people}."))
    actors, _ = find_actors(*article, (), 1)
    neutral, against, unsure = StanceLabel.NEUTRAL, StanceLabel.AGAINST, StanceLabel.UNSURE
    stances = {
        0: [stance("t1", neutral), stance("t2", neutral), stance("t3", against), stance("t4", unsure)],
        1: [stance("t3", neutral)],
    }
    kept, left = sided(actors, stances)
    # ids have no gaps, and a kept actor keeps its neutral stances too
    assert [(actor.id, actor.name) for actor in kept] == [("t2", "boss")]
    assert left == {0: [stance("t1", neutral), stance("t2", against)], 1: [stance("t2", neutral)]}
    assert sided((), stances) == ((), stances)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 90)), max_size=8), st.text(min_size=1, max_size=120))
def test_mentions_lie_in_the_text_of_their_sentence(places, text):
    sentences = segment(text)
    readings = [
        Reading(
            s.text,
            {},
            tuple(
                FoundSpan(SpanLabel.MENTION, start, min(start + size, len(s.text)), MentionKind.ACTOR, 0.9)
                for start, size in places
                if start < len(s.text)
            ),
        )
        for s in sentences
    ]
    actors, mentions = find_actors(sentences, readings, ())
    names = {actor.id: {actor.name, *actor.aliases} for actor in actors}
    for mention in mentions:
        assert sentences[mention.sentence].text[mention.start : mention.end] in names[mention.target]
