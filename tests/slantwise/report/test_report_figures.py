"""The numbers that charts and tables show."""

from collections import Counter

import pytest
from scored_articles import LOADED, scored

from slantwise.labels import StanceLabel
from slantwise.report.cast import Cast, VoiceMap
from slantwise.report.figures import (
    kind_bars,
    said_by,
    sides,
    strongest,
    voice_bars,
    whiskers,
    words_by_voice,
)
from slantwise.report.pieces import cut
from slantwise.report.wording import percent, printable, shortened
from slantwise.score import AUTHOR


@pytest.fixture
def wire():
    return scored()


def words_of(made):
    voices = VoiceMap(made.score.attributions)
    pieces = [tuple(cut(sentence, (), voices)) for sentence in made.score.sentences]
    return words_by_voice(made.article.text, pieces, made.score)


def test_words_belong_to_the_voice_that_holds_them(wire):
    words = words_of(wire)
    assert {voice: words[voice] for voice in ("a2", "a3", "a4")} == {"a2": 6, "a3": 9, "a4": 5}
    # the dash of the dateline is no word
    assert words.total() == len(wire.article.text.split()) - 1
    assert words[AUTHOR] == words.total() - 20


def test_bars_of_voices_put_a_speakers_attributions_together_and_add_to_the_whole(wire):
    bars = voice_bars(words_of(wire), Cast(wire.score.attributions))
    assert [(bar.label, bar.told.split(", ")[1]) for bar in bars[1:]] == [
        ("Omar Diaz", "14 words"),
        ("An unnamed official", "6 words"),
    ]
    assert sum(bar.width for bar in bars) == pytest.approx(100)


def test_many_voices_are_summed_up():
    said = [(f"a{n}", f"P{n:02}", "named", None, (f"w{n:02}",), None, None) for n in range(12)]
    made = scored(" ".join(f"P{n:02} w{n:02}" for n in range(12)), said=said, hedges=(), stances=())
    bars = voice_bars(words_of(made), Cast(made.score.attributions))
    assert [bars[0].label, bars[-1].label, bars[-1].told] == ["The author", "5 more", "21\u00a0%, 5 words"]
    assert voice_bars(Counter(), Cast(()))[0].told == "0\u00a0%, 0 words"


def test_whiskers_have_the_summarys_intervals(wire):
    author, sources = whiskers(wire.score.summary)["hedged"]
    share = wire.score.summary["voices"]["sources"]["hedged"]
    assert (sources.at, sources.low, sources.high) == tuple(100 * share[k] for k in ("share", "low", "high"))
    assert sources.told.startswith(f"{share['count']} of {share['of']}: ")
    assert author.label == "The author"
    nothing = scored("", said=()).score.summary
    assert (whiskers(nothing)["loaded"][0].at, whiskers(nothing)["loaded"][0].told) == (None, "no sentences")


def test_kinds_are_counted_and_the_longest_bar_is_full(wire):
    assert [(bar.label, bar.told, bar.width) for bar in kind_bars(wire.score)] == [
        ("named", "1", 100),
        ("media", "1", 100),
        ("anonymous", "1", 100),
        ("pronoun", "1", 100),
    ]


def test_who_speaks_has_chains_words_and_places(wire):
    rows = {row.id: row for row in said_by(wire.score, Cast(wire.score.attributions), words_of(wire))}
    assert (rows["a2"].chain, rows["a2"].words, rows["a2"].cue) == (("the Harbour Post",), 6, "told")
    assert wire.score.sentences[rows["a2"].sentence - 1].text.startswith("An unnamed official")
    assert (rows["a4"].source, rows["a4"].speaker.name) == ("He", "Omar Diaz")
    assert rows["a1"].quotation == ""


def test_sides_are_apart_from_neutral_rows_and_equal_stances_have_no_interval(wire):
    taken, untaken = sides(wire.score, Cast(wire.score.attributions))
    assert [(row.target, row.holder.name, row.mean, row.at) for row in taken] == [
        ("reckless plan", "An unnamed official", "−1.00", 0.0),
        ("Anna Berg", "Omar Diaz", "−1.00", 0.0),
    ]
    assert [(row.target, row.mean, row.at) for row in untaken] == [("Omar Diaz", "0", 50.0), ("harbour", "", None)]


def test_stances_that_differ_have_an_interval():
    made = scored("Berg rose. Berg2 fell.", said=(), hedges=(), stances=(("Berg", StanceLabel.FAVOR, AUTHOR),))
    row = made.score.summary["stance"][0] | {"neutral": 1, "mean": 0.5, "low": 0.0, "high": 1.0}
    made.score.summary["stance"][:] = [row]
    (side,), _ = sides(made.score, Cast(()))
    assert (side.mean, side.at, side.low, side.high) == ("+0.50 [0, +1.00]", 75.0, 50.0, 100.0)


def test_strongest_leaves_bylines_out():
    made = scored("Shameful vote\n\nBy Reckless Renn\n\nA reckless plan.", loaded=(*LOADED, ("Reckless", AUTHOR)))
    groups = {group.title: [text for _, text, _ in group.sentences] for group in strongest(made.score)}
    assert groups["Most loaded"] == ["A reckless plan."]


@pytest.mark.parametrize(
    ("p", "told"), [(0, "0 %"), (0.004, "below 1 %"), (0.125, "12 %"), (0.997, "above 99 %"), (1, "100 %")]
)
def test_percent(p, told):
    assert percent(p).replace("\u00a0", " ") == told


def test_printable_replaces_one_for_one_what_html_cannot_hold():
    text = "a\x00b\x1bc\rd\ud800e\ufffef\tg\nh\u200d\u202e😀"
    assert printable(text) == "a\ufffdb\ufffdc d\ufffde\ufffdf\tg\nh\u200d\u202e😀"


def test_names_are_shortened():
    assert shortened("Voss, who  runs\nthe port") == "Voss"
    assert shortened("Berg, Anna") == "Berg, Anna"
    assert shortened("x" * 60, 10) == "x" * 9 + "…"
