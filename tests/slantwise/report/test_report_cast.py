"""Who is one speaker, and through whom a voice came."""

from dataclasses import replace

from scored_articles import scored

from slantwise.labels import SourceKind
from slantwise.report.cast import AUTHOR_SPEAKER, TINTS, Cast
from slantwise.score import AUTHOR


def attributions(*rows):
    """Rows of source, kind and entity; the text is the sources one after another."""
    said = [(f"a{n}", source, kind, None, (), None, entity) for n, (source, kind, entity) in enumerate(rows, 1)]
    return scored(" ".join(source or "" for source, _, _ in rows), said=said, hedges=(), stances=()).score.attributions


def groups(*rows):
    cast = Cast(attributions(*rows))
    return [cast.of(f"a{n}").id for n in range(1, len(rows) + 1)]


def test_a_pronoun_with_its_entity_is_the_one_it_stands_for():
    assert groups(("Omar Diaz", SourceKind.NAMED, "t1"), ("He", SourceKind.PRONOUN, "t1")) == ["s1", "s1"]


def test_pronouns_and_the_unnamed_are_nobody_else():
    he, they = ("He", SourceKind.PRONOUN, None), ("officials", SourceKind.ANONYMOUS, None)
    assert groups(he, he, they, they, (None, SourceKind.NAMED, None)) == ["s1", "s2", "s3", "s4", "s5"]


def test_the_same_name_is_the_same_speaker():
    police = ("The police", SourceKind.INSTITUTION, None)
    assert groups(police, ("the police", SourceKind.INSTITUTION, None), ("The court", SourceKind.NAMED, None)) == [
        "s1",
        "s1",
        "s2",
    ]


def test_a_speaker_is_called_by_a_name_and_not_by_a_pronoun():
    cast = Cast(attributions(("She", SourceKind.PRONOUN, "t1"), ("Voss, who runs the port", SourceKind.NAMED, "t1")))
    assert (cast.of("a1").name, cast.of("a1").kind) == ("Voss", SourceKind.NAMED)
    assert Cast(attributions((None, SourceKind.NAMED, None))).of("a1").name == "nobody named"


def test_tints_go_round_and_the_author_has_none():
    cast = Cast(attributions(*((f"Person {chr(65 + n)}", SourceKind.NAMED, None) for n in range(TINTS + 1))))
    assert [speaker.tint for speaker in cast.speakers] == [*range(1, TINTS + 1), 1]
    assert cast.of(AUTHOR) is AUTHOR_SPEAKER
    assert AUTHOR_SPEAKER.tint == 0


def test_a_chain_ends_where_it_would_go_round():
    score = scored().score
    assert Cast(score.attributions).chain("a2") == ("An unnamed official", "the Harbour Post")
    assert Cast(score.attributions).chain(AUTHOR) == ()
    round_about = [replace(a, via="a2") if a.id == "a1" else a for a in score.attributions]
    assert Cast(round_about).chain("a2") == ("An unnamed official", "the Harbour Post")
