"""Hypothesis strategies for labelled sentences, and a pair of invented ones."""

from dataclasses import replace

from hypothesis import strategies as st

from slantwise.labels import SPAN_VALUES, TASK_LABELS, Lens, LinkLabel, SentenceKind, SpanLabel, StanceLabel, Task
from slantwise.records import Document, LabelledSentence, Link, Span, Stance

AWKWARD = [
    "😀",
    "👩🏽‍🚀",
    "𝔘",
    "𠀀",
    "e\u0301",
    "n\u0303\u0323",
    "שלום",
    "مرحبا",
    "\u202e",
    "\u2028",
    "\u0085",
    "\n",
    "\r\n",
    "\t",
    "\x00",
    "\ufeff",
    '"',
    "\\",
    "<b>",
    "“so-called”",
    "  ",
    " ",
    "may",
    "said",
]
"""Strings that counting in bytes, UTF-16 units, grapheme clusters or trimmed lines gets wrong."""

texts = st.lists(
    st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=4)), max_size=12
).map("".join)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
stances = st.sampled_from([StanceLabel.AGAINST, StanceLabel.NEUTRAL, StanceLabel.FAVOR])


@st.composite
def spans_of(draw, text):
    if not text:
        return ()
    ids = draw(st.lists(words, max_size=5, unique=True))
    return tuple(draw(_span(text, name)) for name in ids)


@st.composite
def _span(draw, text, name):
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    label = draw(st.sampled_from(SpanLabel))
    kind = SPAN_VALUES[label]
    values = [value for value in kind if value != "unsure"] if kind else []
    return Span(
        id=name,
        label=label,
        start=start,
        end=end,
        text=text[start:end],
        value=draw(st.sampled_from([None, *values])),
        entity=draw(st.none() | words),
        number=draw(st.floats(-3, 3)) if label is SpanLabel.EVENT else None,
    )


@st.composite
def labelled_sentences(draw):
    """Any valid record: ids of any characters, spans that overlap or coincide, links into other sentences."""
    text = draw(texts)
    spans = draw(spans_of(text))
    ids = st.sampled_from([span.id for span in spans]) if spans else st.nothing()
    links = st.builds(Link, st.sampled_from(LinkLabel), ids, ids | words)
    tasks = draw(st.lists(st.sampled_from(Task), unique=True))
    optional = st.none() | words
    return LabelledSentence(
        id=draw(words),
        doc=draw(st.builds(Document, words, optional, optional, optional, optional)),
        index=draw(st.integers(0, 10**6)),
        text=text,
        lenses=tuple(draw(st.lists(st.sampled_from(Lens), unique=True))),
        labels={task: draw(st.sampled_from(TASK_LABELS[task])) for task in tasks},
        spans=spans,
        links=tuple(draw(st.lists(links, max_size=4))),
        stances=tuple(draw(st.lists(st.builds(Stance, words, stances, optional, optional), max_size=2))),
        exhaustive=tuple(draw(st.lists(st.sampled_from(SpanLabel), unique=True))),
        annotator=draw(st.sampled_from(["gold", "ann", "Bo 😀", ""])),
        split=draw(words),
        corpus=draw(words),
        licence=draw(words),
        kind=draw(st.none() | st.sampled_from(SentenceKind)),
    )


@st.composite
def corpora(draw):
    """A few records in a row; sometimes the next is the same sentence by somebody else."""
    records = []
    for record in draw(st.lists(labelled_sentences(), max_size=3)):
        records.append(record)
        if draw(st.booleans()):
            records.append(replace(record, annotator=record.annotator + "2", labels={}, stances=()))
    return records


def wire_sentence(annotator="gold"):
    """An invented sentence that uses every part of a record; the emoji shifts what tools in UTF-16 count."""
    text = "😀 Officials reportedly said the disastrous carbon tax may fail."

    def span(name, label, surface, value=None, **more):
        start = text.index(surface)
        return Span(name, label, start, start + len(surface), surface, value, **more)

    kinds = SPAN_VALUES
    return LabelledSentence(
        id="wire-07#4",
        doc=Document("wire-07", "The Wire", "2026-01-02", "news", "carbon-tax"),
        index=4,
        text=text,
        lenses=(Lens.HEDGING, Lens.WORDING, Lens.ATTRIBUTION, Lens.STANCE),
        labels={Task.HEDGING: "hedged", Task.WORDING: "loaded"},
        spans=(
            span("s1", SpanLabel.SOURCE, "Officials", kinds[SpanLabel.SOURCE]("institution"), entity="officials"),
            span("s3", SpanLabel.CUE, "said"),
            span("s4", SpanLabel.CONTENT, "the disastrous carbon tax may fail", kinds[SpanLabel.CONTENT]("indirect")),
            span("s5", SpanLabel.LOADED, "disastrous"),
            span("s6", SpanLabel.TARGET, "carbon tax", StanceLabel.AGAINST),
            span("s7", SpanLabel.HEDGE, "may", kinds[SpanLabel.HEDGE]("epistemic")),
            span("s8", SpanLabel.EVENT, "fail", number=-1.5),
        ),
        links=(
            Link(LinkLabel.CUE_OF, "s3", "s1"),
            Link(LinkLabel.VIA, "s1", "s0"),
            Link(LinkLabel.CONTENT_OF, "s4", "s1"),
            Link(LinkLabel.HOLDER, "s6", "s1"),
        ),
        stances=(
            Stance("climate policy", StanceLabel.AGAINST, holder="s1"),
            Stance("coal", StanceLabel.FAVOR, holder_name="The minister"),
        ),
        exhaustive=(SpanLabel.HEDGE, SpanLabel.LOADED),
        annotator=annotator,
        split="train",
        corpus="wire",
        licence="CC0-1.0",
        kind=SentenceKind.CAPTION,
    )


def earlier_sentence(annotator="gold"):
    """The sentence before `wire_sentence`, which holds the span its `via` link points to."""
    text = "The Daily Bugle broke the story."
    return LabelledSentence(
        id="wire-07#3",
        doc=Document("wire-07", "The Wire", "2026-01-02", "news", "carbon-tax"),
        index=3,
        text=text,
        lenses=(Lens.ATTRIBUTION,),
        spans=(Span("s0", SpanLabel.SOURCE, 0, 15, "The Daily Bugle", SPAN_VALUES[SpanLabel.SOURCE]("media")),),
        annotator=annotator,
        corpus="wire",
        licence="CC0-1.0",
    )
