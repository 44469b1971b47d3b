"""White space and tokenisation are undone without losing a span."""

import pytest

from slantwise_training.corpora.rewriting import detokenise, squeeze


def surface(rewriting, text, part):
    start = text.index(part)
    return rewriting.text[slice(*rewriting.move(start, start + len(part)))]


def test_squeeze_leaves_one_space_and_moves_spans():
    text = "  The mill  may \u00a0 close  on\tFriday . "
    squeezed = squeeze(text)
    assert squeezed.text == "The mill may close on Friday ."
    assert surface(squeezed, text, "may") == "may"
    assert surface(squeezed, text, "may \u00a0 close") == "may close"


def test_move_drops_white_space_at_the_span_edges():
    text = "It  may  rain"
    squeezed = squeeze(text)
    assert surface(squeezed, text, "  may  ") == "may"


@pytest.mark.parametrize(
    ("tokens", "plain"),
    [
        ("The dam -LRB- built in 1931 -RRB- held , barely .", "The dam (built in 1931) held, barely."),
        ("`` Not yet , '' she said .", '"Not yet," she said.'),
        ("The song ` Red Kite' was n't Ada 's .", "The song 'Red Kite' wasn't Ada's."),
        ("A ( large .50 calibre ) gun", "A (large .50 calibre) gun"),
        ("About 5 % left ; why ?", "About 5% left; why?"),
        ('He called it "fine" (twice).', 'He called it "fine" (twice).'),
        ("the boys' clubs and the 'old' dock", "the boys' clubs and the 'old' dock"),
        (" ", ""),
    ],
)
def test_detokenise(tokens, plain):
    assert detokenise(tokens).text == plain
    assert detokenise(plain).text == plain


def test_detokenise_moves_spans():
    text = "`` It -LRB- may -RRB- possibly  rain , '' he said ."
    plain = detokenise(text)
    assert len(plain.offsets) == len(text) + 1
    assert [surface(plain, text, word) for word in ("may", "possibly  rain", "he said")] == [
        "may",
        "possibly rain",
        "he said",
    ]
