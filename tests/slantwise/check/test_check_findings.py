"""What each rule finds in scores written by hand, and what it leaves alone."""

import pytest
from hand_built_scores import HandBuilt

from slantwise.check.findings import find
from slantwise.check.rules import RULES, Whole, find_rule
from slantwise.labels import HedgeKind, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import AUTHOR

FIRST = "The raging mayor may perhaps sign."
SECOND = "Some say the deal collapsed, an aide told The Courier."
TEXT = f"Mayor signs\n{FIRST} {SECOND}"


def found(built):
    return [(f.rule.name, f.text) for f in find(built.score()).findings]


def test_a_score_without_marks_has_no_findings():
    assert found(HandBuilt(TEXT).sentence(FIRST).sentence(SECOND)) == []
    assert found(HandBuilt("")) == []


def test_loaded_words_of_the_author_alone():
    built = HandBuilt(TEXT).sentence(FIRST).loaded("raging").sentence(SECOND).loaded("collapsed", "a1")
    built.attribution("an aide", SourceKind.NAMED, content="the deal collapsed", quotation=Quotation.DIRECT)
    assert found(built) == [("loaded", "raging")]


def test_loaded_word_in_a_paraphrase_but_not_in_a_quotation():
    built = HandBuilt(TEXT).sentence(SECOND).loaded("collapsed", "a1")
    built.attribution("an aide", content="the deal collapsed")
    (finding,) = find(built.score()).findings
    assert (finding.rule.name, finding.unit) == ("loaded-paraphrase", "a1")
    assert finding.message == 'loaded word "collapsed" in a paraphrase of "an aide"'


def test_loaded_sentence_in_the_authors_voice_alone():
    built = HandBuilt(TEXT).sentence(FIRST, wording=Wording.LOADED).sentence(SECOND, "a1", wording=Wording.LOADED)
    assert found(built) == [("loaded-sentence", FIRST)]
    assert find(built.score()).findings[0].message == "loaded sentence in the author's voice (p 0.88)"
    assert found(HandBuilt(TEXT).sentence(FIRST, wording=Wording.UNSURE)) == []


def test_hedges_vague_words_and_stacks():
    built = HandBuilt(TEXT).sentence(FIRST).cue("may").cue("perhaps").sentence(SECOND).cue("Some", kind=HedgeKind.VAGUE)
    assert found(built) == [
        ("stacked-hedges", FIRST), ("hedge", "may"), ("hedge", "perhaps"), ("vague", "Some"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [HedgeKind.VAGUE, HedgeKind.EPISTEMIC])
def test_one_hedge_and_a_vague_or_quoted_one_are_no_stack(kind):
    voice = AUTHOR if kind is HedgeKind.VAGUE else "a1"
    built = HandBuilt(TEXT).sentence(FIRST).cue("may").cue("perhaps", voice, kind)
    assert "stacked-hedges" not in dict(found(built))


@pytest.mark.parametrize("kind", [SentenceKind.BYLINE, SentenceKind.DATELINE])
def test_bylines_and_datelines_are_left_out(kind):
    built = HandBuilt(TEXT).sentence(FIRST, kind=kind, wording=Wording.LOADED).loaded("raging").cue("may")
    assert found(built.stance("mayor")) == []
    assert find(built.score()).wholes[Whole.SENTENCES] == frozenset()


def test_headlines_are_looked_at():
    built = HandBuilt(TEXT).sentence("Mayor signs", kind=SentenceKind.HEADLINE).loaded("signs")
    assert found(built) == [("loaded", "signs")]


def test_sides_the_author_takes():
    built = HandBuilt(TEXT).sentence(FIRST).stance("mayor").stance("raging", StanceLabel.FAVOR)
    built.stance("sign", StanceLabel.NEUTRAL).stance("may", StanceLabel.UNSURE).stance("perhaps", holder="a1")
    assert found(built) == [("author-favor", "raging"), ("author-against", "mayor")]


def test_a_topic_without_a_mention_is_found_at_its_sentence():
    built = HandBuilt(TEXT).sentence(FIRST).stance("climate policy")
    (finding,) = find(built.score()).findings
    assert (finding.text, finding.start, finding.end) == (FIRST, 12, 12 + len(FIRST))
    assert finding.message == 'the author\'s stance against "climate policy" (p 0.88)'


def test_anonymous_and_second_hand_sources():
    built = HandBuilt(TEXT).sentence(SECOND)
    built.attribution("The Courier", SourceKind.MEDIA).attribution("an aide", SourceKind.ANONYMOUS, via="a1")
    built.attribution("Some", SourceKind.ANONYMOUS, via="a9")
    assert found(built) == [("anonymous", "Some"), ("anonymous", "an aide"), ("second-hand", "an aide")]
    assert find(built.score()).findings[2].message == 'second-hand source "an aide", through "The Courier"'


def test_a_source_cited_twice_at_one_place_is_told_once():
    built = HandBuilt(TEXT).sentence(SECOND)
    built.attribution("an aide", SourceKind.ANONYMOUS, cue="say").attribution("an aide", SourceKind.ANONYMOUS)
    result = find(built.score())
    assert [f.rule.name for f in result.findings] == ["anonymous", "single-source"]
    assert result.share(find_rule("anonymous"), result.findings[:1]) == (1, 1)


@pytest.mark.parametrize(
    ("quotation", "name"),
    [
        (Quotation.DIRECT, "unattributed-quote"),
        (Quotation.MIXED, "unattributed-quote"),
        (Quotation.INDIRECT, "agentless"),
    ],
)
def test_words_nobody_is_named_for(quotation, name):
    built = HandBuilt(TEXT).sentence(SECOND).attribution(cue="told", content="the deal", quotation=quotation)
    assert [f.rule.name for f in find(built.score()).findings] == [name]


def test_single_source_needs_two_attributions_that_lead_to_one():
    built = HandBuilt(TEXT).sentence(SECOND).attribution("an aide", content="deal")
    assert "single-source" not in dict(found(built))
    built.attribution("may", SourceKind.PRONOUN, content="sign")
    assert ("single-source", "an aide") in found(built)
    built.attribution("mayor", content="Mayor")
    assert "single-source" not in dict(found(built))


def test_who_only_passes_words_on_is_no_second_source():
    built = HandBuilt(TEXT).sentence(SECOND).attribution("The Courier", SourceKind.MEDIA)
    built.attribution("an aide", content="deal", via="a1")
    built.attribution("Some", content="collapsed", via="a1", entity="t1")
    assert "single-source" not in dict(found(built))
    built.attributions[2] = built.attributions[1]
    assert "single-source" in dict(found(built))
    built.attribution("mayor", SourceKind.PRONOUN, content="sign", entity="t7")
    assert "single-source" not in dict(found(built)), "a pronoun that is resolved names somebody"


def test_names_are_one_whatever_their_case_and_article():
    text = "The Aide left, he said. the aide  slept, she said."
    built = HandBuilt(text).attribution("The Aide", content="left").attribution("the aide", content="slept")
    assert "single-source" in dict(found(built))


def test_messages_are_one_short_line_that_cannot_steer_a_terminal():
    word = "ra\x1b]0;x\x07\u202eging\n" + "y" * 100
    built = HandBuilt(f"A {word} day.")
    built.sentence(f"A {word} day.").loaded(word)
    (finding,) = find(built.score()).findings
    assert finding.text == word
    assert finding.message.startswith('loaded word "ra�]0;x��ging yyy')
    assert finding.message.endswith("y…\" in the author's voice")
    assert len(finding.message) < 120


def test_shares_count_units_and_include_those_touched():
    built = HandBuilt(TEXT).sentence("Mayor signs").sentence(FIRST).loaded("raging").loaded("mayor")
    built.sentence(SECOND, "a1").loaded("Some")
    result = find(built.score())
    assert result.share(find_rule("loaded"), result.findings) == (2, 3)
    assert result.share(find_rule("loaded"), ()) == (0, 2)


def test_every_rule_is_found_in_something():
    built = HandBuilt(TEXT).sentence(FIRST, wording=Wording.LOADED).loaded("raging").cue("may").cue("perhaps")
    built.stance("mayor").stance("sign", StanceLabel.FAVOR)
    built.sentence(SECOND).cue("Some", kind=HedgeKind.VAGUE).loaded("collapsed", "a1")
    built.attribution("an aide", SourceKind.ANONYMOUS, content="the deal")
    built.attribution("an aide", content="deal", via="a1")
    built.attribution(content="say", quotation=Quotation.DIRECT).attribution(cue="told")
    assert {f.rule for f in find(built.score()).findings} == set(RULES)
