"""How often the rules of `slantwise check` are right: `python benchmarks/rule_precision.py [MODEL]`.

The seed articles' gold labels are turned into scores, as if a model had never been wrong, and the same rules find what
they find in them. A finding of the model's is right where a gold finding of the same rule overlaps it. The counts go
into `precision.json` of the model folder (the shipped model's without an argument), and are printed as a table.
Gold stances towards targets that the sentence does not name are left out: they have no place that could overlap.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from slantwise.article import Article
from slantwise.check.findings import Finding, find
from slantwise.check.precision import PrecisionTable, RulePrecision, write_precision
from slantwise.check.rules import RULES
from slantwise.files import sha256_of
from slantwise.labelled import read_labelled
from slantwise.labels import (
    HedgeKind,
    Hedging,
    LinkLabel,
    Quotation,
    SentenceKind,
    SourceKind,
    SpanLabel,
    StanceLabel,
    Task,
    Wording,
)
from slantwise.model_folder import DEFAULT_MODEL, load_model
from slantwise.records import LabelledSentence, Span
from slantwise.score import (
    AUTHOR,
    ArticleScore,
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    ModelName,
    SentenceScore,
    Source,
    StanceScore,
    TextSpan,
    WordingScore,
)
from slantwise.scorer import Scorer

ROOT = Path(__file__).parents[1]
GOLD, PLACES = ROOT / "data" / "seeds" / "gold.jsonl", ROOT / "data" / "seeds" / "sentences.jsonl"
DATA_NAME = "the 12 seed articles"


class GoldArticle:
    """One article's gold labels, with offsets into the article."""

    def __init__(self, records: Sequence[LabelledSentence], places: Mapping[int, tuple[int, SentenceKind]]) -> None:
        self.records, self.places = records, places
        self.spans = {span.id: self._moved(span, record) for record in records for span in record.spans}
        self.links: defaultdict[LinkLabel, dict[str, str]] = defaultdict(dict)
        for link in (link for record in records for link in record.links):
            self.links[link.label][link.head] = link.tail
        self.attributions = tuple(sorted(self._attributions(), key=_opening))
        contents = [(c, a.id) for a in self.attributions for c in a.content]
        self.contents = sorted(contents, key=lambda row: row[0].end - row[0].start)

    def score(self) -> ArticleScore:
        """The labels as a score."""
        sentences = tuple(map(self._sentence, self.records))
        name = self.records[0].doc.id
        return ArticleScore(name, ModelName("gold", ""), sentences, self.attributions, (), {})

    def _moved(self, span: Span, record: LabelledSentence) -> Span:
        start = self.places[record.index][0]
        return replace(span, start=start + span.start, end=start + span.end)

    def _attributions(self) -> Iterator[Attribution]:
        """One for each source, and for each cue without one."""
        for span in self.spans.values():
            has_source = span.label is SpanLabel.SOURCE
            if not has_source and (span.label is not SpanLabel.CUE or span.id in self.links[LinkLabel.CUE_OF]):
                continue
            cues = [self.spans[h] for h, t in self.links[LinkLabel.CUE_OF].items() if t == span.id]
            content = [self.spans[h] for h, t in self.links[LinkLabel.CONTENT_OF].items() if t == span.id]
            kind = span.value if isinstance(span.value, SourceKind) else SourceKind.ANONYMOUS
            source = Source(span.start, span.end, span.text, kind, span.entity) if has_source else None
            cue = _text(cues[0]) if cues else None if has_source else _text(span)
            values = {c.value for c in content if isinstance(c.value, Quotation)}
            quotation = Quotation.INDIRECT if not values else values.pop() if len(values) == 1 else Quotation.MIXED
            via = self.links[LinkLabel.VIA].get(span.id)
            yield Attribution(span.id, source, cue, tuple(map(_text, content)), quotation, 1.0, via)

    def _voice(self, start: int) -> str:
        return next((voice for content, voice in self.contents if content.start <= start < content.end), AUTHOR)

    def _sentence(self, record: LabelledSentence) -> SentenceScore:
        start, kind = self.places[record.index]
        voices = Counter(self._voice(i) for i in range(start, start + len(record.text)))
        spans: defaultdict[SpanLabel, list[Span]] = defaultdict(list)
        for span in record.spans:
            spans[span.label].append(self.spans[span.id])
        cues = [
            Cue(s.start, s.end, s.text, s.value, self._voice(s.start))
            for s in spans[SpanLabel.HEDGE]
            if isinstance(s.value, HedgeKind)
        ]
        words = [LoadedWord(s.start, s.end, s.text, self._holder(s)) for s in spans[SpanLabel.LOADED]]
        stances = [
            StanceScore(s.start, s.end, s.text, s.entity or s.text, s.value, 1.0, self._holder(s))
            for s in spans[SpanLabel.TARGET]
            if isinstance(s.value, StanceLabel)
        ]
        return SentenceScore(
            start,
            start + len(record.text),
            record.text,
            record.index,
            kind,
            voices.most_common(1)[0][0],
            HedgingScore(Hedging(record.labels[Task.HEDGING]), 1.0, tuple(cues)),
            WordingScore(Wording(record.labels[Task.WORDING]), 1.0, tuple(words)),
            tuple(stances),
        )

    def _holder(self, span: Span) -> str:
        return self.links[LinkLabel.HOLDER].get(span.id, AUTHOR)


def gold_scores() -> dict[str, ArticleScore]:
    """The gold labels of every seed article as a score, by the article's name."""
    places: defaultdict[str, dict[int, tuple[int, SentenceKind]]] = defaultdict(dict)
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        places[row["doc"]][row["index"]] = (row["start"], SentenceKind(row["kind"]))
    records: defaultdict[str, list[LabelledSentence]] = defaultdict(list)
    for record in read_labelled(GOLD):
        records[record.doc.id].append(record)
    return {name: GoldArticle(each, places[name]).score() for name, each in records.items()}


def compare(found: Sequence[Finding], gold: Sequence[Finding]) -> dict[str, RulePrecision]:
    """Count, rule by rule, the findings that a gold finding of the rule overlaps, and the gold ones that none does."""
    counts = {}
    for rule in RULES:
        mine, theirs = ([f for f in each if f.rule == rule] for each in (found, gold))
        right = sum(any(_overlap(f, other) for other in theirs) for f in mine)
        missed = sum(not any(_overlap(f, other) for other in mine) for f in theirs)
        counts[rule.code] = RulePrecision(right, len(mine), missed)
    return counts


def measure(scorer: Scorer) -> dict[str, RulePrecision]:
    """The rules' counts over all seed articles, by code."""
    totals = {rule.code: RulePrecision(0, 0) for rule in RULES}
    for name, gold in gold_scores().items():
        text = (ROOT / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
        for code, row in compare(find(scorer.score(Article(name, text))).findings, find(gold).findings).items():
            total = totals[code]
            totals[code] = RulePrecision(total.right + row.right, total.found + row.found, total.missed + row.missed)
    return totals


def table(rules: Mapping[str, RulePrecision]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    measured = PrecisionTable(rules)
    yield "| rule | name | findings | right | precision [95 %] | missed |"
    yield "|---|---|---:|---:|---|---:|"
    for rule in RULES:
        row = rules[rule.code]
        low, high = row.interval if row.is_measured else (0.0, 0.0)
        shown = f"{row.value:.2f} [{low:.2f}, {high:.2f}]" if measured.of(rule.code) else "unmeasured"
        yield f"| {rule.code} | {rule.name} | {row.found} | {row.right} | {shown} | {row.missed} |"


def _overlap(one: Finding, other: Finding) -> bool:
    """The article as a whole is one place."""
    return max(one.start, other.start) < min(one.end, other.end) or one.unit == other.unit == "article"


def _text(span: Span) -> TextSpan:
    return TextSpan(span.start, span.end, span.text)


def _opening(attribution: Attribution) -> int:
    return min(part.start for part in (attribution.source, attribution.cue, *attribution.content) if part is not None)


def main() -> None:
    """Measure, write and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_MODEL
    model = load_model(folder)
    rules = measure(Scorer(model))
    data = {"name": DATA_NAME, "sha256": sha256_of(GOLD), "articles": len(gold_scores())}
    write_precision(folder, {"name": model.name.name, "sha256": model.name.sha256}, data, rules)
    print(*table(rules), sep="\n")


if __name__ == "__main__":
    main()
