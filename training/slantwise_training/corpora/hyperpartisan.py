"""SemEval-2019 task 4, by article: does a news article follow one party blindly?

Kiesel et al. (2019). One record per article: headline, blank line, then one paragraph a line; the outlet is its link's
host. No host is in both splits. The label is no lens of ours, so records list none. The XML holds HTML whose entities
are escaped once more.
"""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from slantwise.errors import BadRow
from slantwise.labels import Task
from slantwise.records import Document, LabelledSentence
from slantwise_training.corpora.manifest import Corpus

__all__ = ["read"]

FILES = {"train": "training-byarticle-20181122", "test": "test-byarticle-20181207"}
LABELS = {"false": "mainstream", "true": "hyperpartisan"}


def read(folder: Path, corpus: Corpus) -> Iterator[LabelledSentence]:
    """Yield the articles of train, then of test.

    Raises:
        BadRow: an article without a label, or a label other than true and false.

    """
    for split, name in FILES.items():
        truth_path = folder / "datasets" / f"ground-truth-{name}.xml"
        truth = {entry.get("id"): entry for entry in ET.parse(truth_path).getroot()}
        for number, article in enumerate(_articles(folder / "datasets" / f"articles-{name}.xml"), start=1):
            entry = truth.get(article.get("id"), ET.Element("none"))
            label = entry.get("hyperpartisan", "")
            if label not in LABELS:
                raise BadRow(truth_path, number, "hyperpartisan", f"true or false for {article.get('id')}", repr(label))
            outlet = urlsplit(entry.get("url", "")).netloc.removeprefix("www.") or None
            yield LabelledSentence(
                id=f"{corpus.name}-{article.get('id')}",
                doc=Document(f"{corpus.name}-{article.get('id')}", outlet, article.get("published-at")),
                index=0,
                text=_text(article),
                lenses=(),
                labels={Task.HYPERPARTISAN: LABELS[label]},
                split=split,
                corpus=corpus.name,
                licence=corpus.licence,
            )


def _articles(path: Path) -> Iterator[ET.Element]:
    for _, element in ET.iterparse(path):
        if element.tag == "article":
            yield element
            element.clear()


def _text(article: ET.Element) -> str:
    """Headline and paragraphs, in which text between paragraphs counts as one."""
    lines = [article.get("title", ""), "", article.text or ""]
    for part in article:
        if part.tag == "p":
            lines += ["".join(part.itertext()), part.tail or ""]
        else:
            lines[-1] += "".join(part.itertext()) + (part.tail or "")
    headline, *paragraphs = (" ".join(html.unescape(line).split()) for line in lines)
    return "\n".join((headline, "", *filter(None, paragraphs)))
