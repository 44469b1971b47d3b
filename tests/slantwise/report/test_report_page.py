"""The page: whole, self-contained, readable without a script, and unmoved by what an article holds."""

import base64
import hashlib
import re
import time
from dataclasses import fields, is_dataclass, replace

import pytest
from html_tree import tree
from scored_articles import WIRE, scored

from slantwise.article import Article
from slantwise.labels import HedgeKind, SourceKind, StanceLabel
from slantwise.report import article_report
from slantwise.report.wording import printable
from slantwise.score import AUTHOR

HOSTILE = [
    "<script>window.pwned = 1</script>",
    "</script><script>window.pwned = 1</script>",
    "</style><style>body{display:none}</style>",
    "<img src=x onerror=window.pwned=1>",
    '" onmouseover="window.pwned=1" x=\'',
    "'><svg/onload=window.pwned=1>",
    "javascript:window.pwned=1",
    "{{ 7 * 7 }} {% raw %} {# no #}",
    "<!-- --> ]]> &lt;b&gt; &amp; &#60;",
    "\x00\x07\x1b[31m\x7f\x85",
    "\u202eright to left\u2066 isolated",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "\ud83d\ude00 lone \ud800 surrogate",
    "👩🏽\u200d🚀 e\u0301 n\u0303\u0323 𝔘",
    "@import url(//example.org/x); https://example.org/a.js",
    "a" * 3000,
]

HARMLESS = str.maketrans("<>&\"'{}!", "‹›+xx()x")


def page_of(made, **how):
    return article_report(made.article, made.score, **how)


@pytest.fixture(scope="module")
def wire():
    made = scored(outlet="The Wire", published="2026-01-03", section="news")
    return made, tree(page_of(made))


def sentence_texts(page):
    return [element.text for element in page.one("article").all("span", "s")]


def hostile_article(bad):
    """Every string of an article and its score holds the bad one; the shape is always the same."""
    text = f"Head {bad} line\n\nMinister {bad} Voss said the {bad} plan may {bad} fail.\n"
    said = (("a1", f"Minister {bad} Voss", SourceKind.NAMED, "said", (f"the {bad} plan may {bad} fail",), None, None),)
    return scored(
        text,
        said=said,
        hedges=((f"may {bad}", HedgeKind.EPISTEMIC, "a1"),),
        loaded=((f"{bad} plan", "a1"),),
        stances=((f"Minister {bad}", StanceLabel.AGAINST, "a1"),),
        **dict.fromkeys(("id", "outlet", "section", "published"), f"id {bad}"),
    )


def test_the_column_has_the_sentences_and_nothing_else(wire):
    made, page = wire
    assert sentence_texts(page) == [sentence.text for sentence in made.score.sentences]
    lines = [line for line in made.article.text.splitlines() if line]
    column = page.one("article").children
    assert [line.text for line in column if not isinstance(line, str)] == lines
    assert all(isinstance(line, str) is False or not line.strip() for line in column)


def test_marks_are_where_the_spans_are(wire):
    _, page = wire
    marks = [(m.text, " ".join(c for c in m.classes if not c.startswith(("p", "tint")))) for m in page.all("mark")]
    assert marks == [
        ("harbour", "unsure end"),
        ("An unnamed official", "source"),
        ("told", "cue"),
        ("the Harbour Post", "source"),
        ("reckless", "against loaded"),
        (" plan", "against end"),
        ("may", "hedge"),
        ("disastrous", "loaded"),
        ("Omar Diaz", "neutral source end"),
        ("told reporters", "cue"),
        ("could", "hedge"),
        ("He", "source"),
        ("added", "cue"),
        ("Anna Berg", "against end"),
    ]


def test_every_mark_has_its_reasons(wire):
    _, page = wire
    notes = {element.attributes["id"]: element for element in page.all("li") if "id" in element.attributes}
    for mark in page.all("mark"):
        for name in mark.attributes["aria-describedby"].split():
            assert mark.text.strip() in notes[name].text
    (may,) = (note for note in notes.values() if note.words.startswith("may hedge cue"))
    for part in ("epistemic", "An unnamed official", "the Harbour Post", "hedged, 90"):
        assert part in may.words
    (berg,) = (note for note in notes.values() if note.words.startswith("Anna Berg target"))
    assert "against, 70" in berg.words
    assert "holderOmar Diaz" in berg.words.replace(" ", "").replace("OmarDiaz", "Omar Diaz")


def test_ids_are_unique_and_references_lead_somewhere(wire):
    _, page = wire
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.all():
        href = element.attributes.get("href", "")
        assert not href or (href[0] == "#" and href[1:] in ids), href
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)


def test_voices_are_tinted_and_named_where_they_set_in(wire):
    _, page = wire
    who = [(e.attributes["data-who"], e.attributes.get("data-via")) for e in page.all("span", "who")]
    assert who == [("An unnamed official", "via the Harbour Post"), ("Omar Diaz", None)]
    voices = {p.text.strip(): p.attributes["data-v"] for p in page.one("article").all(cls="p")}
    assert voices["Rain fell over the"] == AUTHOR
    assert voices["disastrous"] == voices["could"] == voices["Anna Berg"]
    assert voices["may"] not in (AUTHOR, voices["could"])
    options = [(o.attributes["value"], o.text) for o in page.one("select").all("option")]
    assert options[1:] == [(voices["may"], "An unnamed official"), (voices["could"], "Omar Diaz")]


def test_quotes_as_author_tints_nothing():
    page = tree(page_of(scored(), quotes_as_author=True))
    assert {p.attributes["data-v"] for p in page.one("article").all(cls="p")} == {AUTHOR}
    assert list(page.all("span", "who")) == []
    assert "as if the author had written them" in page.one("footer").words


def test_the_strip_has_a_cell_a_sentence(wire):
    made, page = wire
    cells = list(page.one("ol", "strip").all("a"))
    assert [cell.attributes["href"] for cell in cells] == [f"#s{n}" for n in range(1, len(made.score.sentences) + 1)]
    assert cells[4].attributes["aria-label"] == "Sentence 5, the author, hedged and loaded"
    assert cells[3].attributes["aria-label"] == "Sentence 4, the author"
    assert cells[6].attributes["aria-label"] == "Sentence 7, Omar Diaz, hedged"


def test_tables_charts_and_colophon(wire):
    made, page = wire
    headings = [h.text for h in page.all("h2")]
    assert headings[0] == "Port closes after blast"
    assert headings[1:] == [
        "How to read this",
        "In numbers",
        "Where to look first",
        "Who speaks",
        "For or against whom",
        "Every reason",
    ]
    captions = [c.text for c in page.all("caption")]
    assert captions[:4] == [
        "Sentences that are hedged",
        "Sentences that are loaded",
        "Share of the words, by voice",
        "Attributions, by kind of source",
    ]
    rows = [" ".join(cell.words for cell in row.all() if cell.tag in ("th", "td")) for row in page.all("tr")]
    assert any(row.startswith("An unnamed official anonymous told") and "Post → the author" in row for row in rows)
    assert any(row.startswith("He = Omar Diaz pronoun added") for row in rows)
    assert any(row.startswith("reckless plan An unnamed official 1") for row in rows)
    assert made.score.model.sha256 in page.one("footer").text
    for about in ("The Wire", "2026-01-03", "news"):
        assert about in page.one("p", "meta").text


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(wire):
    _, page = wire
    head = [e for e in page.one("head").children if not isinstance(e, str)]
    assert head[0].attributes == {"charset": "utf-8"}
    policy = head[1].attributes
    assert policy["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
    hashed = {
        tag: "'sha256-" + base64.b64encode(hashlib.sha256(page.one(tag).text.encode()).digest()).decode() + "'"
        for tag in ("style", "script")
    }
    assert rules == {
        "default-src": "'none'",
        "style-src": hashed["style"],
        "script-src": hashed["script"],
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_is_loaded_and_nothing_is_inline(wire):
    made, page = wire
    text = page_of(made)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<link|innerHTML|eval\(|<iframe|<img", text)
    for element in page.all():
        assert not {name for name in element.attributes if name.startswith("on") or name in ("style", "src", "srcdoc")}


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_articles_stay_text(bad):
    made = hostile_article(bad)
    text = page_of(made)
    text.encode("utf-8")
    page = tree(text)
    assert "".join(sentence_texts(page)) == "".join(printable(s.text) for s in made.score.sentences)
    if "\x00" not in bad:
        # control characters end lines; nothing else changes the page's elements
        benign = tree(page_of(hostile_article(bad.translate(HARMLESS))))
        assert [e.tag for e in page.all()] == [e.tag for e in benign.all()]
        names = [sorted(e.attributes) for e in benign.all()]
        assert [sorted(e.attributes) for e in page.all()] == names
    for tag in ("style", "script"):
        assert page.one(tag).text == tree(page_of(scored())).one(tag).text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)


@pytest.mark.parametrize("text", ["", " \n\n ", "One word", "."])
def test_articles_with_hardly_a_text(text):
    page = tree(page_of(scored(text, said=(), hedges=(), loaded=(), stances=())))
    assert page.one("article").text.strip() == (text.strip() or "The article has no text.")


def test_every_line_finds_its_own_direction():
    made = scored("خبر عاجل\n\nقال المسؤول إن الخطة قد تفشل.\n\nRain fell.", said=(), hedges=(), loaded=(), stances=())
    lines = [e for e in tree(page_of(made)).one("article").all(cls="line")]
    assert [line.attributes["dir"] for line in lines] == ["auto"] * 3


def test_line_ends_of_any_kind_part_lines():
    made = scored("One fell.\r\nTwo fell.\u2028Three fell.  Four fell.", said=(), hedges=(), loaded=(), stances=())
    lines = [e.text for e in tree(page_of(made)).one("article").all(cls="line")]
    assert lines == ["One fell.", "Two fell.", "Three fell.  Four fell."]


def shifted(value, by):
    """The same part of a score further on in the text: spans move, and ids of attributions get the shift."""
    if isinstance(value, tuple):
        return tuple(shifted(each, by) for each in value)
    if not is_dataclass(value):
        return value
    moved = {f.name: shifted(getattr(value, f.name), by) for f in fields(value)}
    for name in {"id", "via", "voice", "holder"} & moved.keys():
        moved[name] = f"{moved[name]}+{by}" if moved[name] not in (None, AUTHOR) else moved[name]
    for name in {"start", "end"} & moved.keys():
        moved[name] += by
    return replace(value, **moved)


def test_a_long_article_takes_seconds():
    """150,000 characters with a mark every twenty; the time grows with the length."""
    once = scored()
    copies = [at * len(WIRE) for at in range(150_000 // len(WIRE))]
    sentences = tuple(shifted(s, at) for at in copies for s in once.score.sentences)
    said = tuple(shifted(a, at) for at in copies for a in once.score.attributions)
    score = replace(once.score, sentences=sentences, attributions=said)
    began = time.process_time()
    page = article_report(Article("long", WIRE * len(copies)), score)
    assert time.process_time() - began < 20
    assert page.count("<mark") == len(copies) * page_of(once).count("<mark")
    assert '<body class="long">' in page
    assert "<body>" in page_of(once)
    assert page.count('data-who="') == len(copies) * 2
