"""Sentences of an article: exact offsets on any text, and boundaries no worse than measured."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from slantwise.boundaries import sentence_starts
from slantwise.labels import SentenceKind
from slantwise.segment import segment

TRICKY = Path(__file__).parent / "data" / "tricky_lines.tsv"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
KNOWN_MISSES = {
    "The march began in Washington, D.C. Police lined the route.",
    "The virus is not hepatitis C. Doctors were relieved.",
}

AWKWARD = st.sampled_from(
    [
        *"aZ .!?…\"'“”‘’()[]«»-—:;,\n\r\t\0\x1c\x85\xa0\u200b\u200e\u202e\u2028\ufeff\ud800\udfff1é😀א。",
        *[
            "\r\n",
            " Mr. ",
            "U.S. ",
            "...",
            " p.m. ",
            "No. ",
            "a) ",
            "1. ",
            "👩‍👩‍👧",
            "e\u0301",
            '."',
            "(Reuters) -",
            "PARIS -",
        ],
    ]
)
texts = st.one_of(st.text(max_size=200), st.lists(AWKWARD, max_size=60).map("".join))


def read_tricky() -> list[tuple[str, list[str]]]:
    rows = [row for row in TRICKY.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#")]
    marked = [row.partition("\t")[2].replace("‖ ", "‖") for row in rows]
    return [(line.replace("‖", ""), [piece.strip() for piece in line.split("‖")]) for line in marked]


def split(line: str) -> list[str]:
    starts = sentence_starts(line)
    return [line[start:end].strip() for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]


def test_tricky_lines_are_enough() -> None:
    assert len(read_tricky()) >= 120


@pytest.mark.parametrize(
    ("line", "sentences"), read_tricky(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_tricky_line(line: str, sentences: list[str]) -> None:
    if line in KNOWN_MISSES:
        assert split(line) == [line]
    else:
        assert split(line) == sentences


@settings(max_examples=400, deadline=None)
@given(texts)
@example("a\xa0B. It was so.")
@example("\ud800. It was so.")
@example("\0. \0")
@example("PARIS (AFP) - \u200b")
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    sentences = segment(text)
    at, paragraph = 0, 0
    for index, sentence in enumerate(sentences):
        assert sentence.index == index
        assert at <= sentence.start < sentence.end <= len(text)
        assert not text[at : sentence.start].strip()
        assert sentence.text == text[sentence.start : sentence.end] == sentence.text.strip()
        assert len(sentence.text.splitlines()) == 1
        assert sentence.paragraph in (paragraph, paragraph + 1)
        at, paragraph = sentence.end, sentence.paragraph
    assert not text[at:].strip()


@pytest.mark.parametrize("text", ["", " ", "\r\n \n\t", "\xa0\u2003\u2028"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert segment(text) == ()


def test_offsets_count_code_points_over_line_ends_of_every_sort() -> None:
    head = "\ufeffHarbour Talks Fail\r\n\r\n\xa0The envoy 😀 left."
    text = head + "\u2003Nobody \u202eknew\u202c why.\x85«Il est parti.» She sighed.\r"
    found = [(s.paragraph, s.text) for s in segment(text)]
    assert found == [
        (0, "\ufeffHarbour Talks Fail"),
        (1, "The envoy 😀 left."),
        (1, "Nobody \u202eknew\u202c why."),
        (2, "«Il est parti.»"),
        (2, "She sighed."),
    ]


def test_a_stop_inside_quotes_keeps_its_closing_mark() -> None:
    line = "He said: \"It is over.\" “It is.” (It was.) 'So be it.' She left."
    assert split(line) == ['He said: "It is over."', "“It is.”", "(It was.)", "'So be it.'", "She left."]


def test_a_mark_after_a_space_opens_the_next_sentence() -> None:
    assert split('The mayor denied it. "Never," he said.') == ["The mayor denied it.", '"Never," he said.']
    assert split("The mayor denied it. ''Never,'' he said.") == ["The mayor denied it.", "''Never,'' he said."]


def test_a_spoken_question_stays_with_its_speaker() -> None:
    assert split('"Who signed it?" Minister Lena Holt asked.') == ['"Who signed it?" Minister Lena Holt asked.']
    assert split('"Who signed it?" The minister sat down.') == ['"Who signed it?"', "The minister sat down."]


@pytest.mark.parametrize("length", [5_000, 100_000])
def test_a_long_sentence_is_one_sentence(length: int) -> None:
    text = ("and the ministry said nothing " * (length // 30 + 1))[:length].strip()
    assert [(s.start, s.end) for s in segment(text)] == [(0, len(text))]


@pytest.mark.parametrize("pattern", ["word ", "He went. ", '." ', "(a.) B ", "aa.Bb ", "“It. ", "\xa0B.", "(", "a\n"])
def test_time_is_linear(pattern: str) -> None:
    seconds = []
    for length in (20_000, 200_000):
        text = pattern * (length // len(pattern))
        started = time.process_time()
        segment(text)
        seconds.append(time.process_time() - started)
    # Ten times the text; quadratic code would need a hundred times as long.
    assert seconds[1] < 40 * seconds[0] + 0.5


def test_the_seed_article_reads_as_its_editors_meant() -> None:
    files = sorted(SEEDS.glob("000_*.txt"))
    if not files:
        pytest.skip("the seed article is not here: put it in ../shared/seeds")
    sentences = segment(files[0].read_text(encoding="utf-8"))
    kinds = [sentence.kind for sentence in sentences]
    head = [SentenceKind.HEADLINE, SentenceKind.BODY, SentenceKind.BYLINE, *[SentenceKind.CAPTION] * 3]
    assert kinds == head + [SentenceKind.BODY] * 14
    assert len(sentences) == 20
    assert sentences[11].paragraph == sentences[12].paragraph == sentences[10].paragraph + 1
