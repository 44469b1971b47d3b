"""Typing that changes no meaning: quotes, case, spacing, typing errors, contractions. What is said should stay."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from slantwise.reading import Backend
from slantwise_training.evaluation.behaviour.answers import LARGEST, Answer, Question, ask
from slantwise_training.evaluation.behaviour.shares import Share, Shift, share_of, shift_of
from slantwise_training.evaluation.behaviour.swaps import RANKS, Example

__all__ = ["CHANGES", "Robustness", "measure_robustness"]

_EXAMPLES = 2
_SHORT = {
    "do not": "don't",
    "does not": "doesn't",
    "did not": "didn't",
    "is not": "isn't",
    "are not": "aren't",
    "was not": "wasn't",
    "were not": "weren't",
    "has not": "hasn't",
    "have not": "haven't",
    "had not": "hadn't",
    "will not": "won't",
    "would not": "wouldn't",
    "could not": "couldn't",
    "should not": "shouldn't",
    "cannot": "can't",
    "they are": "they're",
    "we are": "we're",
    "it is": "it's",
    "i am": "I'm",
    "we will": "we'll",
    "who have": "who've",
    "we have": "we've",
}
_LONG = {short.lower(): long for long, short in _SHORT.items()}
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_WORD = re.compile(r"[A-Za-z]{5,}")


@dataclass(frozen=True, slots=True)
class Robustness:
    """One change under one lens: sentences it touched, the share with another label, and where the number went.

    `source` says whose sentences: the package's own or the labelled set's. `up` and `down` count changed labels by
    direction (towards hedged, loaded, attributed). `shift` is the number after less before, over documents.
    """

    source: str
    change: str
    lens: str
    changed: Share
    up: int
    down: int
    shift: Shift
    examples: tuple[Example, ...]

    def to_json(self) -> dict[str, Any]:
        """The row's JSON object."""
        return {
            "source": self.source,
            "change": self.change,
            "lens": self.lens,
            "changed": self.changed.to_json(),
            "up": self.up,
            "down": self.down,
            "shift": self.shift.to_json(),
            "examples": [example.to_json() for example in self.examples],
        }


def measure_robustness(
    backend: Backend, source: str, sentences: Sequence[tuple[Hashable, str]], *, seed: int = 0
) -> list[Robustness]:
    """Change every sentence in every way, and count what is said otherwise of the changed one.

    Args:
        backend: the model.
        source: whose sentences they are.
        sentences: each with its cluster (document).
        seed: of typing errors and intervals.

    """
    rows = []
    texts = [text for _, text in sentences]
    as_is = dict(zip(texts, ask(backend, [Question(text) for text in texts], attribution=True), strict=True))
    for name, change in CHANGES.items():
        pairs = [(cluster, text, change(text, seed)) for cluster, text in sentences]
        pairs = [(cluster, text, changed) for cluster, text, changed in pairs if changed != text]
        if pairs:
            after = ask(backend, [Question(changed) for _, _, changed in pairs], attribution=True)
            rows += _rows(source, name, pairs, [as_is[text] for _, text, _ in pairs], after, seed)
    return rows


def _rows(
    source: str,
    name: str,
    pairs: Sequence[tuple[Hashable, str, str]],
    before: Sequence[Answer],
    after: Sequence[Answer],
    seed: int,
) -> list[Robustness]:
    rows = []
    for lens in before[0].labels:
        labels = [(old.labels[lens], new.labels[lens]) for old, new in zip(before, after, strict=True)]
        gaps = [new.numbers[lens] - old.numbers[lens] for old, new in zip(before, after, strict=True)]
        by_cluster: dict[Hashable, list[float]] = defaultdict(list)
        for (cluster, _, _), gap in zip(pairs, gaps, strict=True):
            by_cluster[cluster].append(gap)
        other = [at for at, (old, new) in enumerate(labels) if old != new]
        up = sum(RANKS[labels[at][1]] > RANKS[labels[at][0]] for at in other)
        widest = sorted(other, key=lambda at: -abs(gaps[at]))[:_EXAMPLES]
        examples = [
            Example(pairs[at][1:], labels[at], (before[at].numbers[lens], after[at].numbers[lens])) for at in widest
        ]
        changed = share_of(((pairs[at][0], old != new) for at, (old, new) in enumerate(labels)), seed=seed)
        shift = shift_of(by_cluster, LARGEST[lens])
        rows.append(Robustness(source, name, lens, changed, up, len(other) - up, shift, tuple(examples)))
    return rows


def _curly(text: str, _: int) -> str:
    text = re.sub(r'(^|[\s(\[–-])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[“–-])'(?=\w)", r"\1‘", text).replace("'", "’")


def _straight(text: str, _: int) -> str:
    return text.translate(str.maketrans("“”„‘’‚", "\"\"\"'''"))


def _contract(text: str, _: int) -> str:
    return _replace(text, _SHORT)


def _expand(text: str, _: int) -> str:
    return _replace(text.replace("’", "'"), _LONG) if "'" in text or "’" in text else text


def _typos(count: int) -> Callable[[str, int], str]:
    def change(text: str, seed: int) -> str:
        """Exchange two neighbouring inner letters in some long words, drawn from the text and the seed."""
        rng = np.random.default_rng([seed, crc32(text.encode())])
        words = list(_WORD.finditer(text))
        if len(words) < count:
            return text
        letters = list(text)
        for at in rng.choice(len(words), count, replace=False):
            first = words[at].start() + 1 + int(rng.integers(0, len(words[at][0]) - 3))
            letters[first], letters[first + 1] = letters[first + 1], letters[first]
        return "".join(letters)

    return change


def _replace(text: str, table: dict[str, str]) -> str:
    pattern = rf"\b(?:{'|'.join(map(re.escape, table))})\b"

    def other(match: re.Match[str]) -> str:
        found = table[match[0].lower()]
        return found[:1].upper() + found[1:] if match[0][:1].isupper() else found

    return re.sub(pattern, other, text, flags=re.IGNORECASE)


CHANGES: dict[str, Callable[[str, int], str]] = {
    "curly quotes": _curly,
    "straight quotes": _straight,
    "trailing white space": lambda text, _: f"{text} \n",
    "leading white space": lambda text, _: f"  {text}",
    "double spaces": lambda text, _: _SPACE.sub("  ", text),
    "no-break spaces": lambda text, _: _SPACE.sub("\u00a0", text),
    "no full stop": lambda text, _: text.removesuffix("."),
    "upper case": lambda text, _: text.upper(),
    "lower case": lambda text, _: text.lower(),
    "title case": lambda text, _: re.sub(r"(?<!['’\w])[a-z]", lambda match: match[0].upper(), text),
    "contracted": _contract,
    "written out": _expand,
    "one typing error": _typos(1),
    "three typing errors": _typos(3),
}
"""What may be typed otherwise; a change that does not touch a sentence gives it back as it is."""
