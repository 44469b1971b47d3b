"""Token columns: spaces put back, offsets exact, tags as runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slantwise.errors import BadRow
from slantwise.labels import MentionKind
from slantwise_training.corpora.conll import TokenSpan, bio_spans, join, mention_spans, read_blocks


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("It 's Zed , is n't it ?", "It's Zed, isn't it?"),
        ("`` We won , '' she said .", '"We won," she said.'),
        ('" No " , he said : " yes " .', '"No", he said: "yes".'),
        ("Zed -LRB- a town -RRB- fell", "Zed (a town) fell"),
        ("the boys ' boat and ' the end '", "the boys' boat and 'the end'"),
        ("Zed ’ s “ plan ” ...", "Zed’s “plan”..."),
        ("he does n’t pay $ 5 or 10 %", "he doesn’t pay $5 or 10%"),
        ("and / or", "and/or"),
        ("one - two", "one - two"),
        ("/ at the edge /", "/ at the edge /"),
    ],
)
def test_join(tokens, text):
    assert join(tokens.split()).text == text


def test_join_closes_up_hyphens_when_the_tokeniser_split_them():
    assert join("a nine - month - old boy - ( Zed )".split(), hyphens=True).text == "a nine-month-old boy - (Zed)"


def test_join_of_nothing():
    assert join([]).text == ""


@given(
    st.lists(
        st.sampled_from(["Zed", "'s", '"', "``", "''", "'", "’", "(", ")", "-", "/", "$", ",", "n't", "a b", "😎"])
    )
)
def test_every_token_is_where_join_says(tokens):
    words = join(tokens, hyphens=True)
    plain = {"``": '"', "''": '"'}
    assert [words.text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == [plain.get(t, t) for t in tokens]
    assert words.text == words.text.strip()


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O B-A I-A O", [TokenSpan(1, 3, "A")]),
        ("B-A B-A", [TokenSpan(0, 1, "A"), TokenSpan(1, 2, "A")]),
        ("I-A I-A I-B", [TokenSpan(0, 2, "A"), TokenSpan(2, 3, "B")]),
        ("B-creative-work I-creative-work", [TokenSpan(0, 2, "creative-work")]),
        ("O O", []),
    ],
)
def test_bio_spans(tags, spans):
    assert bio_spans(tags.split()) == spans


def test_mention_spans_have_exact_offsets():
    words = join("The `` Zed '' Party".split())
    (span,) = mention_spans(words, [TokenSpan(1, 5, "ORG")], {"ORG": MentionKind.ORGANISATION})
    assert (span.start, span.end, span.text) == (4, 15, '"Zed" Party')


def test_read_blocks_numbers_lines_and_cuts_columns(tmp_path):
    path = tmp_path / "toy.conll"
    path.write_bytes(b"# note\r\na\tO\tx\r\n\r\n\r\nb c\tB-A\r\nd I-A\r\n")
    first, second = read_blocks(path, comment="#")
    assert (first.line, first.rows) == (2, (("a", "O"),))
    assert (second.line, second.rows) == (5, (("b c", "B-A"), ("d", "I-A")))


@pytest.mark.parametrize(("text", "field"), [("lonely\n", "columns"), ("a\tO\n \tB-A\n", "token")])
def test_read_blocks_bad_rows(tmp_path, text, field):
    path = tmp_path / "toy.conll"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRow) as caught:
        list(read_blocks(path))
    assert (caught.value.field, caught.value.line) == (field, text.count("\n"))
