"""The labelling configuration of a Label Studio project, made from the labels, so that annotators can start."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from slantwise.labels import TASK_LABELS, Lens, LinkLabel, SpanLabel, Task
from slantwise_training.annotation.words import SPAN_WORDS, implied_lenses

__all__ = ["label_studio_config"]

_COLOURS: dict[SpanLabel, str] = {
    SpanLabel.SOURCE: "#1f6fb4",
    SpanLabel.CUE: "#5aa5d8",
    SpanLabel.CONTENT: "#a9cfec",
    SpanLabel.HEDGE: "#e08e0b",
    SpanLabel.LOADED: "#c23b3b",
    SpanLabel.TARGET: "#7b4fa3",
    SpanLabel.MENTION: "#7f8c8d",
    SpanLabel.EVENT: "#3a8f5c",
}


_EXHAUSTIVE = (SpanLabel.SOURCE, SpanLabel.CUE, SpanLabel.CONTENT, SpanLabel.HEDGE, SpanLabel.LOADED)


def label_studio_config(
    labels: Sequence[SpanLabel] = tuple(SpanLabel),
    tasks: Sequence[Task] = tuple(Task),
    exhaustive: Sequence[SpanLabel] = _EXHAUSTIVE,
) -> str:
    """The configuration as XML, to be pasted into a project's labelling interface.

    What annotators are expected to look at is ticked beforehand: the exhaustive labels, and the lenses of these, of
    targets and of the tasks. They untick what they left out.

    Args:
        labels: the span labels to offer.
        tasks: the questions to ask of the whole sentence.
        exhaustive: the labels to be marked wherever they occur; by default as in docs/annotation-guidelines.md.

    """
    view = Xml.Element("View")
    spans = Xml.SubElement(view, "Labels", name="span", toName="text", choice="single")
    for label in labels:
        for each in SPAN_WORDS[label]:
            Xml.SubElement(spans, "Label", value=each, background=_COLOURS[label])
    Xml.SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    relations = Xml.SubElement(view, "Relations")
    for link in LinkLabel:
        Xml.SubElement(relations, "Relation", value=str(link))
    for task in tasks:
        _choices(view, str(task), TASK_LABELS[task], "single", ())
    everywhere = [label for label in exhaustive if label in labels]
    lenses = implied_lenses({*everywhere, SpanLabel.TARGET} & set(labels), tasks)
    _choices(view, "lenses", tuple(Lens), "multiple", lenses)
    _choices(view, "exhaustive", tuple(SpanLabel), "multiple", everywhere)
    _text_area(view, "annotator", "Your name", per_region=False)
    _text_area(view, "entity", "Who or what this is, by a name used in the whole document", per_region=True)
    if SpanLabel.EVENT in labels:
        Xml.SubElement(
            view, "Number", name="number", toName="text", perRegion="true", whenTagName="span", whenLabelValue="event",
            min="-3", max="3", step="0.5",
        )  # fmt: skip
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode") + "\n"


def _choices(view: Xml.Element, name: str, words: Sequence[str], choice: str, ticked: Sequence[str]) -> None:
    Xml.SubElement(view, "Header", value=name, size="5")
    group = Xml.SubElement(view, "Choices", name=name, toName="text", choice=choice, showInline="true")
    for each in words:
        attributes = {"value": str(each), **({"selected": "true"} if each in ticked else {})}
        Xml.SubElement(group, "Choice", attributes)


def _text_area(view: Xml.Element, name: str, hint: str, *, per_region: bool) -> None:
    attributes = {"name": name, "toName": "text", "placeholder": hint, "maxSubmissions": "1", "editable": "true"}
    Xml.SubElement(view, "TextArea", {**attributes, **({"perRegion": "true"} if per_region else {})})
