"""Words, sub-tokens and characters agree, whatever is cut."""

import pytest
from hypothesis import given
from labelled_sentences import texts
from tiny_encoder import tiny_tokenizer

from slantwise.encoder.alignment import NO_WORD, align, case_of

TOKENIZER = tiny_tokenizer()


def tokens(aligned):
    return [TOKENIZER.id_to_token(i) for i in aligned.ids]


def test_labels_go_to_first_sub_tokens_and_offsets_give_the_characters_back():
    text = "Anna Berg said the disgraceful plan may open the port."
    aligned = align(TOKENIZER, [(text, "")], 32)[0]
    assert tokens(aligned)[5:9] == ["dis", "##gra", "##ceful", "plan"]
    for word, first in zip(aligned.words, aligned.first, strict=True):
        assert aligned.spans[first][0] == word.start
    assert [text[a:b] for a, b in aligned.spans if b > a] == text.replace("disgraceful", "dis gra ceful").replace(
        ".", " ."
    ).split()
    assert aligned.cut == 0


def test_clitics_are_words_of_their_own():
    aligned = align(TOKENIZER, [("Tom can't open.", "")], 32)[0]
    assert [w.text for w in aligned.words] == ["Tom", "ca", "n't", "open", "."]
    assert [tokens(aligned)[f] for f in aligned.first] == ["tom", "[UNK]", "'", "open", "."]


def test_a_target_has_all_its_sub_tokens_and_not_those_of_the_second_segment():
    text = "The disgraceful port"
    aligned = align(TOKENIZER, [(text, "disgraceful tax")], 32)[0]
    assert [tokens(aligned)[i] for i in aligned.tokens_of(4, 15)] == ["dis", "##gra", "##ceful"]
    assert [tokens(aligned)[i] for i in aligned.second] == ["dis", "##gra", "##ceful", "tax"]
    assert set(aligned.tokens_of(0, len(text))) & set(aligned.second) == set()


def test_what_does_not_fit_is_cut_from_the_end_and_counted():
    text = "the plan may open the port ."
    aligned = align(TOKENIZER, [(text, "")], 6)[0]
    assert tokens(aligned) == ["[CLS]", "the", "plan", "may", "open", "[SEP]"]
    assert aligned.cut == 3
    assert aligned.first == (1, 2, 3, 4, NO_WORD, NO_WORD, NO_WORD)
    assert aligned.tokens_of(text.index("port"), len(text)) == []


def test_the_second_segment_is_kept_where_the_sentence_is_cut():
    aligned = align(TOKENIZER, [("the plan may open the port", "tax")], 6)[0]
    assert tokens(aligned) == ["[CLS]", "the", "plan", "[SEP]", "tax", "[SEP]"]
    aligned = align(TOKENIZER, [("the plan", "tax tax tax tax tax tax")], 8)[0]
    assert tokens(aligned) == ["[CLS]", "the", "[SEP]", "tax", "tax", "tax", "tax", "[SEP]"]
    assert aligned.cut == 3


@given(texts)
def test_any_text_keeps_its_bounds(text):
    for limit in (8, 1000):
        aligned = align(TOKENIZER, [(text, "")], limit)[0]
        assert len(aligned.ids) == len(aligned.cases) == len(aligned.spans) <= limit
        used = [first for first in aligned.first if first != NO_WORD]
        assert used == sorted(set(used))
        for word, first in zip(aligned.words, aligned.first, strict=True):
            if first != NO_WORD:
                assert aligned.spans[first][0] < word.end
                assert aligned.spans[first][1] > word.start


@pytest.mark.parametrize(
    ("surface", "case"),
    [(",", 0), ("😀", 0), ("may", 1), ("n't", 1), ("Anna", 2), ("I", 2), ("U.S.", 3), ("McCain", 4), ("G7", 4)],
)
def test_case(surface, case):
    assert case_of(surface) == case


def test_sub_tokens_have_the_case_of_their_word():
    aligned = align(TOKENIZER, [("Disgraceful PORT, 7", "Tax")], 32)[0]
    assert tokens(aligned)[1:6] == ["dis", "##gra", "##ceful", "port", ","]
    assert aligned.cases == (0, 2, 2, 2, 3, 0, 4, 0, 0, 0)
