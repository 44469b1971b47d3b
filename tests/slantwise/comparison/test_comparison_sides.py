"""What sides add up to, and which rows two sides have together."""

from copy import deepcopy
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from scored_articles import WIRE, scored

from slantwise.comparison import Measure, Side, compare, comparison_to_json
from slantwise.comparison.differences import Method
from slantwise.formats import schema
from slantwise.labels import SourceKind, StanceLabel
from slantwise.score import AUTHOR, ModelName, Target


def side(name, *made):
    whole = Side(name)
    for each in made:
        whole.add(each.score)
    return whole


def about(text, *stances, said=(), names=()):
    """An article with stances of the author or of an attribution; `names` are (name, alias) of its targets."""
    made = scored(text, said=said, hedges=(), loaded=(), stances=stances)
    targets = tuple(replace(t, aliases=tuple(a for n, a in names if n == t.name)) for t in made.score.targets)
    return replace(made, score=replace(made.score, targets=targets))


def test_one_article_has_its_summarys_shares():
    made = scored()
    found = side("wire", made)
    summary = made.score.summary
    assert (found.articles, found.sentences, found.words) == (1, summary["sentences"], summary["words"])
    shares = {row.key: row.a for row in compare(found, found).shares}
    for measure, row in {
        Measure.AUTHOR_HEDGED: summary["voices"]["author"]["hedged"],
        Measure.SOURCES_LOADED: summary["voices"]["sources"]["loaded"],
        Measure.ATTRIBUTED: summary["attributed"],
        Measure.ANONYMOUS: summary["anonymous"],
    }.items():
        assert (shares[measure].count, shares[measure].of) == (row["count"], row["of"])


def test_a_side_with_itself_differs_in_nothing():
    found = side("wire", scored(), scored("Rain fell.\n\nOmar Diaz rose."))
    comparison = compare(found, found)
    rows = (comparison.words, *comparison.shares, *comparison.kinds, *comparison.stances)
    assert {row.difference.value for row in rows} <= {0, None}
    assert not any(row.difference.is_clear for row in rows)
    assert comparison.only == ((), ())
    assert comparison.is_of_one_model


def test_kinds_are_shares_of_all_attributions():
    rows = {row.key: row for row in compare(side("a", scored()), side("b", scored(said=()))).kinds}
    assert {key: (row.a.count, row.a.of) for key, row in rows.items()} == {
        kind: (1, 4) for kind in SourceKind if kind is not SourceKind.INSTITUTION
    }
    assert rows["named"].b.share is None


def test_targets_are_shared_by_name_whatever_the_case_or_article():
    a = side("a", about("The Harbour Board won.", ("The Harbour Board", StanceLabel.FAVOR, AUTHOR)))
    b = side("b", about("A harbour board fell.", ("harbour board", StanceLabel.AGAINST, AUTHOR)))
    (row,) = compare(a, b).stances
    assert (row.target, row.holder) == ("harbour board", AUTHOR)
    assert (row.a.mean, row.b.mean, row.difference.value) == (1, -1, -2)
    assert row.difference.method is Method.NONE


def test_an_alias_of_one_target_alone_is_that_target():
    full = about("Anna Berg won.", ("Anna Berg", StanceLabel.FAVOR, AUTHOR), names=(("Anna Berg", "Berg"),))
    short = about("Berg fell.", ("Berg", StanceLabel.AGAINST, AUTHOR))
    (row,) = compare(side("a", full), side("b", short)).stances
    assert row.target in ("Anna Berg", "Berg")
    other = about("Omar Berg won.", ("Omar Berg", StanceLabel.FAVOR, AUTHOR), names=(("Omar Berg", "Berg"),))
    apart = compare(side("a", full, other), side("b", short))
    assert apart.stances == ()
    assert [name for name, _ in apart.only[1]] == ["Berg"]


def test_holders_are_the_author_all_sources_and_those_both_name():
    def spoken(who, kind, label):
        said = (("a1", who, kind, "said", ("the tax is high",), None, None),)
        return about(f"{who} said the tax is high.", ("tax", label, "a1"), said=said)

    diaz = spoken("Omar Diaz", SourceKind.NAMED, StanceLabel.AGAINST)
    nobody = spoken("An official", SourceKind.ANONYMOUS, StanceLabel.FAVOR)
    berg = spoken("Anna Berg", SourceKind.NAMED, StanceLabel.FAVOR)
    rows = compare(side("a", diaz, nobody), side("b", diaz, berg)).stances
    assert [(row.holder, row.is_named) for row in rows] == [("sources", False), ("Omar Diaz", True)]
    assert (rows[0].a.mean, rows[0].a.articles, rows[1].a.articles) == (0, 2, 1)
    assert [row.holder for row in compare(side("a", nobody), side("b", nobody)).stances] == ["sources"]


def test_unsure_stances_are_counted_and_left_out_of_means():
    made = about("Berg won. Berg2 fell.", ("Berg", StanceLabel.UNSURE, AUTHOR), ("Berg2", StanceLabel.FAVOR, AUTHOR))
    summary = made.score.summary
    summary["stance"] = [{**row, "name": "Berg"} for row in summary["stance"]]
    (row,) = compare(side("a", made), side("b", made)).stances
    assert (row.unsure, row.a.favor, row.a.mean) == ((1, 1), 1, 1)


def test_the_strongest_of_many_articles_are_the_most_probable():
    def hedged(p, name):
        made = scored("Rain may fall.", said=(), hedges=(("may", "epistemic", AUTHOR),), stances=(), id=name)
        made.score.summary["strongest"]["hedged"][0]["p"] = p
        return made

    found = side("many", *(hedged(p, f"n{i}") for i, p in enumerate((0.5, 0.9, 0.7, 0.9, 0.6))))
    (lens, rows), *rest = found.strongest().items()
    assert (lens, rest) == ("hedged", [])
    assert [(s.p, s.article, s.text) for s in rows] == [(p, n, "Rain may fall.") for p, n in ((0.9, "n1"), (0.9, "n3"), (0.7, "n2"))]  # fmt: skip  # noqa: E501


def test_bylines_lead_nothing():
    made = scored(
        "Vote\n\nBy Reckless Renn\n\nRain fell.", said=(), hedges=(), stances=(), loaded=(("Reckless", AUTHOR),)
    )
    assert "loaded" not in side("a", made).strongest()


def test_two_models_are_told():
    made = scored()
    other = replace(made, score=replace(made.score, model=ModelName("other", "1" * 64)))
    assert not compare(side("a", made), side("b", other)).is_of_one_model


def test_json_has_every_row_and_says_how_it_was_made():
    found = comparison_to_json(compare(side("a", scored()), side("b", scored(WIRE * 2))))
    assert (found["schema"], found["a"]["name"], found["b"]["articles"]) == ("slantwise-comparison/1", "a", 1)
    assert [row["measure"] for row in found["shares"]] == ["sources.words", *Measure]
    methods = set(Method)
    for row in (*found["shares"], *found["sources"], *found["stance"]):
        assert row["method"] in methods
        assert (row["low"] is None) == (row["high"] is None)
    assert found["shares"][1]["difference"] == pytest.approx(
        found["shares"][1]["b"]["share"] - found["shares"][1]["a"]["share"], abs=1e-4
    )


def test_targets_of_a_side_alone_come_by_mentions():
    made = scored("Berg and Diaz.", said=(), stances=())
    targets = (Target("t1", "Berg", (), 2), Target("t2", "Diaz", (), 5))
    made = replace(made, score=replace(made.score, targets=targets))
    assert compare(side("a", made), side("b", scored(stances=()))).only == ((("Diaz", 5), ("Berg", 2)), ())


def test_json_fits_its_schema():
    found = comparison_to_json(compare(side("a", scored()), side("b", scored(WIRE * 2))))
    Draft202012Validator.check_schema(schema("comparison"))
    Draft202012Validator(schema("comparison")).validate(found)
    assert schema("comparison")["$defs"]["share"]["properties"]["method"]["enum"] == list(Method)
    for place in ([], ["a"], ["shares", 0], ["shares", 0, "a"], ["stance", 0], ["stance", 0, "b"]):
        changed = deepcopy(found)
        part = changed
        for step in place:
            part = part[step]
        part["more"] = 1
        assert not Draft202012Validator(schema("comparison")).is_valid(changed), place
