"""Compare sentence splitters on news: `python benchmarks/segmentation.py --corpora FOLDER [--splits dev|test]`.

Prints two Markdown tables. Boundaries are sentence starts inside a line (line ends are given to every splitter); spans
are whole sentences. `+ rules` adds the rule layer of `slantwise.boundaries` to the same splitter. PolNeAR's reference
is the automatic segmentation of CoreNLP that the corpus was annotated on, cut at line ends; GUM and BASIL are gold.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from slantwise import boundaries
from slantwise.boundaries import sentence_starts
from slantwise.labels import SentenceKind
from slantwise.segment import segment

TRICKY = Path(__file__).parents[1] / "tests" / "slantwise" / "data" / "tricky_lines.tsv"
WORD = re.compile(r"\w")
Span = tuple[int, int]
Splitter = Callable[[str], list[Span]]


@dataclass(frozen=True)
class Line:
    """A line of text and its reference sentences as spans without outer white space."""

    text: str
    spans: tuple[Span, ...]


@dataclass
class Counts:
    """Agreement counts; they add over lines."""

    hit: int = 0
    gold: int = 0
    found: int = 0

    def add(self, gold: set[Span] | set[int], found: set[Span] | set[int]) -> None:
        """Count one line."""
        self.hit += len(gold & found)
        self.gold += len(gold)
        self.found += len(found)

    @property
    def f1(self) -> float:
        """F1, or 1 when there is nothing to find and nothing was found."""
        return 2 * self.hit / (self.gold + self.found) if self.gold + self.found else 1.0

    def __str__(self) -> str:
        p = self.hit / self.found if self.found else 1.0
        r = self.hit / self.gold if self.gold else 1.0
        return f"{self.f1:.3f} ({p:.2f}/{r:.2f})"


# Splitters: each as line -> spans in code points. -----------------------------------------------------------------


def _located(line: str, pieces: list[str]) -> list[Span]:
    """Where the pieces lie in the line, whatever was done to white space; ValueError when other text changed."""
    visible = [at for at, character in enumerate(line) if not character.isspace()]
    if [line[at] for at in visible] != list("".join("".join(pieces).split())):
        raise ValueError(line)
    spans, at = [], 0
    for length in filter(None, (len("".join(piece.split())) for piece in pieces)):
        spans.append((visible[at], visible[at + length - 1] + 1))
        at += length
    return spans


def _blingfire(line: str) -> list[Span]:
    blingfire = import_module("blingfire")
    return list(blingfire.text_to_sentences_and_offsets(line)[1])


@cache
def _made(module: str, name: str, *options: tuple[str, object]) -> ModuleType:
    """An object of a splitter's class, made once; typed as a module is, by its attributes alone."""
    made: ModuleType = getattr(import_module(module), name)(**dict(options))
    return made


def _sentence_splitter(line: str) -> list[Span]:
    return _located(line, _made("sentence_splitter", "SentenceSplitter", ("language", "en")).split(line))


def _syntok(line: str) -> list[Span]:
    spans = []
    for paragraph in import_module("syntok.segmenter").analyze(line):
        for tokens in paragraph:
            spans.append((tokens[0].offset, tokens[-1].offset + len(tokens[-1].value)))
    return spans


def _sentencex(line: str) -> list[Span]:
    found = import_module("sentencex").get_sentence_boundaries("en", line)
    return [(b["start_index"], b["end_index"]) for b in found]


def _pysbd(line: str) -> list[Span]:
    segmenter = _made("pysbd", "Segmenter", ("language", "en"), ("clean", False), ("char_span", True))
    return [(s.start, s.end) for s in segmenter.segment(line)]


SPLITTERS: dict[str, Splitter] = {
    "blingfire": _blingfire,
    "sentence-splitter": _sentence_splitter,
    "syntok": _syntok,
    "sentencex": _sentencex,
    "pysbd": _pysbd,
}


# Reference text. --------------------------------------------------------------------------------------------------


def read_tricky() -> Iterator[Line]:
    """Our own hard lines; `‖` marks a sentence end."""
    for row in TRICKY.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            sentences = row.partition("\t")[2].replace("‖ ", "‖").split("‖")
            starts = [sum(map(len, sentences[:i])) for i in range(len(sentences))]
            yield Line("".join(sentences), tuple(_trimmed("".join(sentences), starts)))


def read_gum(root: Path) -> Iterator[Line]:
    """GUM news documents: one line per paragraph."""
    for document in gum_documents(root):
        for _, sentences in document:
            yield _line(sentences)


def gum_documents(root: Path) -> Iterator[list[tuple[str, list[str]]]]:
    """Yield each GUM news document as paragraphs: the layout block's name, and the sentences."""
    for path in sorted((root / "entities" / "gum" / "dep").glob("GUM_news_*.conllu")):
        paragraphs: list[tuple[str, list[str]]] = []
        fresh, block = True, ""
        for row in path.read_text(encoding="utf-8").splitlines():
            if row.startswith("# newpar_block = "):
                block = row.removeprefix("# newpar_block = ")
            elif row.startswith("# newpar"):
                fresh, block = True, ""
            elif row.startswith("# text = "):
                if fresh:
                    paragraphs.append((block, []))
                fresh = False
                paragraphs[-1][1].append(row.removeprefix("# text = "))
        yield paragraphs


def read_basil(root: Path) -> Iterator[Line]:
    """BASIL articles: one line per body paragraph, all outlets."""
    for path in sorted((root / "basil" / "articles").rglob("*.json")):
        for paragraph in json.loads(path.read_text(encoding="utf-8"))["body-paragraphs"]:
            sentences = [s for s in (" ".join(s.split()) for s in paragraph) if s]
            if sentences:
                yield _line(sentences)


def read_polnear(root: Path, split: str) -> Iterator[Line]:
    """PolNeAR documents of one split, line by line."""
    for row in (root / "polnear" / f"tokens_{split}.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(row)
        path = root / "polnear" / "data" / split / "text" / f"{document['id']}.txt"
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        starts = sorted(s[0] for s in document["sents"])
        at = 0
        for line in text.splitlines(keepends=True):
            cuts = [s - at for s in starts if at <= s < at + len(line)]
            yield Line(line, tuple(_trimmed(line, [0, *cuts])))
            at += len(line)


def _line(sentences: list[str]) -> Line:
    starts, at = [], 0
    for sentence in sentences:
        starts.append(at)
        at += len(sentence) + 1
    text = " ".join(sentences)
    return Line(text, tuple(_trimmed(text, starts)))


def _trimmed(text: str, starts: list[int]) -> Iterator[Span]:
    cuts = sorted({0, *starts})
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        piece = text[start:end]
        if piece.strip():
            start += len(piece) - len(piece.lstrip())
            yield start, start + len(piece.strip())


# Measuring. -------------------------------------------------------------------------------------------------------


@dataclass
class Result:
    """What one splitter did on one set of lines."""

    boundaries: Counts
    spans: Counts
    inexact: int
    """Lines where the splitter raised, or its own offsets lose, repeat or misplace a character."""
    seconds: float
    characters: int


def measure(splitter: Splitter, lines: list[Line], rules: bool) -> Result:
    """Score one splitter, by itself or under the rule layer."""
    result = Result(Counts(), Counts(), 0, 0.0, 0)
    splitter("Warm up. Then measure.")
    for line in lines:
        started = time.perf_counter()
        starts, found = _starts(splitter, line.text, rules)
        result.seconds += time.perf_counter() - started
        result.characters += len(line.text)
        result.inexact += not _exact(line.text, found)
        spans = set(_trimmed(line.text, starts))
        result.spans.add(set(line.spans), spans)
        result.boundaries.add(_inner(line.text, set(line.spans)), _inner(line.text, spans))
    return result


def _starts(splitter: Splitter, text: str, rules: bool) -> tuple[list[int], list[Span]]:
    """The sentence starts, and the spans they were taken from. A splitter that raises has found nothing."""
    try:
        if rules:
            own = None if splitter is _sentencex else lambda plain: [start for start, _ in splitter(plain)]
            starts = sentence_starts(text, own)
            return starts, list(_trimmed(text, starts))
        found = splitter(text)
    except (ValueError, IndexError):
        found = []
    return [start for start, _ in found], found


def _inner(text: str, spans: set[Span]) -> set[int]:
    """Boundaries inside a line, each at the first letter or digit after it, so that quote marks do not count."""
    words = (WORD.search(text, start) for start, _ in sorted(spans)[1:])
    return {word.start() for word in words if word}


def _exact(text: str, spans: list[Span]) -> bool:
    """Whether the spans are in order, in range, and cover every character that is not white space."""
    at = 0
    for start, end in spans:
        if not at <= start < end <= len(text) or text[at:start].strip():
            return False
        at = end
    return not text[at:].strip()


def report(sets: dict[str, list[Line]]) -> Iterator[str]:
    """Yield the two tables row by row."""
    counts = ", ".join(
        f"{name} {len(lines):,} lines / {sum(len(x.spans) for x in lines):,} sentences" for name, lines in sets.items()
    )
    yield f"Lines: {counts}."
    head = ["splitter", *(f"{name}: boundaries (P/R), spans" for name in sets), "inexact lines", "Mchar/s"]
    yield f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}"
    for name, splitter in SPLITTERS.items():
        for rules in (False, True):
            results = [measure(splitter, lines, rules) for lines in sets.values()]
            cells = [f"{r.boundaries}, {r.spans.f1:.3f}" for r in results]
            speed = sum(r.characters for r in results) / sum(r.seconds for r in results) / 1e6
            inexact = sum(r.inexact for r in results)
            yield f"| {name}{' + rules' * rules} | {' | '.join(cells)} | {inexact} | {speed:.2f} |"


def ablation(sets: dict[str, list[Line]]) -> Iterator[str]:
    """Yield a table of what the rules are worth, each left out in turn."""
    never = re.compile("(?!)")
    asides, abbreviations = {"_ASIDE_END": never}, {"_is_abbreviation": lambda *_, **__: False}
    variants: dict[str, dict[str, object]] = {
        "all rules": {},
        "without sentences in brackets": asides,
        "without speaker after a quoted question": {"_SPEAKER": never},
        "without abbreviations": abbreviations,
        "quotation marks blanked, no rules": asides | {"_is_wrong": lambda *_: False},
    }
    yield f"| rules | {' | '.join(f'{name}: boundaries, spans' for name in sets)} |\n|{'---|' * (len(sets) + 1)}"
    for name, changes in variants.items():
        with ExitStack() as stack:
            for attribute, value in changes.items():
                stack.enter_context(patch.object(boundaries, attribute, value))
            results = [measure(_sentencex, lines, rules=True) for lines in sets.values()]
        yield f"| {name} | {' | '.join(f'{r.boundaries.f1:.3f}, {r.spans.f1:.3f}' for r in results)} |"


def kinds(root: Path) -> Iterator[str]:
    """Yield a table of GUM's layout blocks against the kinds of our sentences, first sentence of each paragraph."""
    counts: Counter[tuple[str, SentenceKind]] = Counter()
    for document in gum_documents(root):
        first = {s.paragraph: s.kind for s in reversed(segment("\n".join(" ".join(text) for _, text in document)))}
        for paragraph, (block, _) in enumerate(document):
            name = "caption" if "figure" in block else "head" if block.startswith("head") else "paragraph"
            counts[name, first[paragraph]] += 1
    yield f"| GUM block | {' | '.join(SentenceKind)} |\n|{'---|' * (len(SentenceKind) + 1)}"
    for name in ("head", "caption", "paragraph"):
        yield f"| {name} | {' | '.join(str(counts[name, kind]) for kind in SentenceKind)} |"


def main() -> None:
    """Read the options, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="the folder of public corpora")
    parser.add_argument("--polnear", choices=["dev", "test"], default="dev", help="PolNeAR split")
    parser.add_argument("--ablate", action="store_true", help="leave out one rule at a time, on sentencex")
    parser.add_argument("--errors", metavar="SET:SPLITTER", help="list the boundaries that differ, with the rules on")
    parser.add_argument("--kinds", action="store_true", help="compare sentence kinds with GUM's layout instead")
    options = parser.parse_args()
    if options.kinds:
        print(*kinds(options.corpora), sep="\n")
        return
    sets = {
        "tricky": list(read_tricky()),
        "GUM news": list(read_gum(options.corpora)),
        f"PolNeAR {options.polnear}": list(read_polnear(options.corpora, options.polnear)),
        "BASIL": list(read_basil(options.corpora)),
    }
    if options.errors:
        name, _, splitter = options.errors.partition(":")
        print(*errors(SPLITTERS[splitter], sets[name]), sep="\n")
    elif options.ablate:
        print(*ablation(sets), sep="\n")
    else:
        print(*report(sets), sep="\n")


def errors(splitter: Splitter, lines: list[Line]) -> Iterator[str]:
    """Yield each missed and each wrong boundary, with the text around it."""
    for line in lines:
        starts, _ = _starts(splitter, line.text, rules=True)
        found, gold = _inner(line.text, set(_trimmed(line.text, starts))), _inner(line.text, set(line.spans))
        for at in sorted(found ^ gold):
            kind = "missed" if at in gold else "wrong "
            yield f"{kind} {line.text[max(0, at - 60) : at]!r} | {line.text[at : at + 40]!r}"


if __name__ == "__main__":
    main()
