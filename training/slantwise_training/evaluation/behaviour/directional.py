"""One change whose effect is known: a hedge makes hedged, a loaded word loaded, an attribution hands both to a source.

Each test says what it expects; a case whose starting sentence is not as it should be (hedged before any hedge was
added) proves nothing and is set aside, counted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from slantwise.article import Article
from slantwise.labels import Task
from slantwise.model_folder import Model
from slantwise.reading import Backend
from slantwise.scorer import Scorer
from slantwise_training.evaluation.behaviour.answers import STANCE, Answer, Question, ask
from slantwise_training.evaluation.behaviour.shares import Share, share_of
from slantwise_training.evaluation.behaviour.suites import load_directional

__all__ = ["Case", "Expectation", "directional_tests"]

Change: TypeAlias = tuple[str, str, str, str]
"""Variant, cluster, the sentence before and after."""

LEAST_MOVE = 0.1
"""How far a stance must move in the right direction, of 2."""
_EXAMPLES = 3
_HEDGED, _LOADED = "hedged", "loaded"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence before and after its change; `passed` is None where the first sentence was not fit to start from.

    `variant` is the frame or word that was added; `cluster` what the sentence was made from.
    """

    variant: str
    cluster: Hashable
    texts: tuple[str, str]
    said: tuple[str, str]
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """A test's outcome: the share of cases that did as expected, of all and by variant, and some that did not."""

    test: str
    lens: str
    expected: str
    passed: Share
    set_aside: int
    variants: tuple[tuple[str, Share], ...]
    failures: tuple[Case, ...]

    def to_json(self) -> dict[str, Any]:
        """The test's JSON object."""
        return {
            "test": self.test,
            "lens": self.lens,
            "expected": self.expected,
            "passed": self.passed.to_json(),
            "set_aside": self.set_aside,
            "variants": [{"variant": name, "passed": share.to_json()} for name, share in self.variants],
            "failures": [
                {"variant": case.variant, "texts": list(case.texts), "said": list(case.said)} for case in self.failures
            ],
        }


def directional_tests(model: Model, *, seed: int = 0) -> list[Expectation]:
    """Run every directional test whose lens the model answers; attribution goes through the whole `Scorer`."""
    backend, tests = model.backend, []
    if Task.HEDGING in backend.decisions:
        tests += [_hedge_added(backend, seed), _hedge_controls(backend, seed)]
    if Task.WORDING in backend.decisions:
        tests += [*_loaded_added(backend, seed), _loaded_controls(backend, seed)]
    tests += [_negated(backend, lens, seed) for lens in ("hedging", "wording") if Task(lens) in backend.decisions]
    tests += _stance_moved(backend, seed)
    if {Task.HEDGING, Task.WORDING} <= backend.decisions.keys():
        tests += _attributed(model, seed)
    return tests


def _hedge_added(backend: Backend, seed: int) -> Expectation:
    table = load_directional().hedging
    changes = [(frame, s, s, _framed(frame, s)) for s in table["statements"] for frame in table["frames"]]
    changes += [("a modal or hedging verb", before, before, after) for before, after in table["pairs"]]
    cases = _label_cases(backend, "hedging", changes, "asserted", lambda label: label == _HEDGED)
    return _expectation("hedge added", "hedging", "becomes hedged", cases, seed)


def _hedge_controls(backend: Backend, seed: int) -> Expectation:
    table = load_directional().hedging
    changes = [(frame, s, s, _framed(frame, s)) for s in table["statements"] for frame in table["controls"]]
    cases = _label_cases(backend, "hedging", changes, "asserted", lambda label: label != _HEDGED)
    return _expectation("words added that are no hedge", "hedging", "stays asserted", cases, seed)


def _loaded_added(backend: Backend, seed: int) -> Iterator[Expectation]:
    table = load_directional().wording
    changes = [
        (word, frame, frame.replace("{w} ", ""), frame.replace("{w}", word))
        for frame, kind in zip(table["frames"], table["kinds"], strict=True)
        for word in table["loaded"][kind]
    ]
    changes += [("reworded", before, before, after) for before, after in table["pairs"]]
    cases = _label_cases(backend, "wording", changes, "plain", lambda label: label == _LOADED)
    yield _expectation("loaded word added", "wording", "becomes loaded", cases, seed)
    cases = _cases(backend, "wording", changes, lambda old, new: new.numbers["wording"] > old.numbers["wording"])
    yield _expectation("loaded word added", "wording", "is more probably loaded", cases, seed)
    inserted = [change for change in changes if "{w}" in change[1]]
    yield _expectation("loaded word added", "wording", "the word is marked", _marked(backend, inserted), seed)


def _loaded_controls(backend: Backend, seed: int) -> Expectation:
    table = load_directional().wording
    changes = [
        (word, frame, frame.replace("{w} ", ""), frame.replace("{w}", word))
        for frame, kind in zip(table["frames"], table["kinds"], strict=True)
        for word in table["controls"][kind]
    ]
    cases = _label_cases(backend, "wording", changes, "plain", lambda label: label != _LOADED)
    return _expectation("plain word added", "wording", "stays plain", cases, seed)


def _negated(backend: Backend, lens: str, seed: int) -> Expectation:
    changes = [("negation", before, before, after) for before, after in load_directional().negation["pairs"]]
    calm = "asserted" if lens == "hedging" else "plain"
    cases = _label_cases(backend, lens, changes, calm, lambda label: label == calm)
    return _expectation("negated", lens, f"stays {calm}", cases, seed)


def _stance_moved(backend: Backend, seed: int) -> Iterator[Expectation]:
    table = load_directional().stance
    place = (0, len(table["target"]))
    pairs = [(Question(before, place), Question(after, place), way) for before, after, way in table["pairs"]]
    answers = ask(backend, [question for before, after, _ in pairs for question in (before, after)])
    if not any(STANCE in answer.labels for answer in answers):
        return
    cases = []
    for (before, after, way), old, new in zip(pairs, answers[::2], answers[1::2], strict=True):
        assert before.text.startswith(table["target"])
        assert after.text.startswith(table["target"])
        moved = (new.numbers[STANCE] - old.numbers[STANCE]) * (1 if way == "up" else -1)
        said = tuple(f"{a.labels[STANCE]} {a.numbers[STANCE]:+.2f}" for a in (old, new))
        variant = "praise" if way == "up" else "blame"
        cases.append(Case(variant, before.text, (before.text, after.text), (said[0], said[1]), moved >= LEAST_MOVE))
    yield _expectation("praise or blame added", STANCE, f"moves that way by {LEAST_MOVE} of 2", cases, seed)


def _attributed(model: Model, seed: int) -> Iterator[Expectation]:
    """Statements alone and as a source's words: whose count of hedged and loaded sentences do they enter?"""
    table, scorer = load_directional().attribution, Scorer(model)
    for lens in (_LOADED, _HEDGED):
        cleared, kept = [], []
        for number, statement in enumerate(table[lens]):
            alone = f"{statement}."
            author, _ = _voices(scorer, alone, lens)
            for at, frame in enumerate(table["frames"]):
                wrapped = _framed(frame, alone, table["sources"][(number + at) % len(table["sources"])])
                after = _voices(scorer, wrapped, lens)
                said = (f"author {author}", "author {}, sources {}".format(*after))
                # what is nobody's any more was not found, and says nothing of whose it is
                cleared.append(_case(frame, statement, alone, wrapped, said, after[0] == 0, author > 0 and any(after)))
                kept.append(_case(frame, statement, alone, wrapped, said, after[1] > 0, author > 0))
        name = "wording" if lens == _LOADED else "hedging"
        yield _expectation("wrapped in an attribution", name, f"still {lens} in the source's voice", kept, seed)
        yield _expectation("wrapped in an attribution", name, f"if {lens}, then not in the author's", cleared, seed)
    found, alone_his = [], []
    for sentence in table["own"]:
        author, sources = _voices(scorer, sentence, _LOADED)
        said = ("", f"author {author}, sources {sources}")
        found.append(_case("author", sentence, "", sentence, said, author > 0, True))
        alone_his.append(_case("author", sentence, "", sentence, said, sources == 0, author + sources > 0))
    yield _expectation("author loaded, source plain", "wording", "loaded in the author's voice", found, seed)
    yield _expectation("author loaded, source plain", "wording", "if loaded, then not in the source's", alone_his, seed)


def _case(variant: str, cluster: str, before: str, after: str, said: tuple[str, str], passed: bool, fit: bool) -> Case:
    return Case(variant, cluster, (before, after), said, passed if fit else None)


def _voices(scorer: Scorer, text: str, lens: str) -> tuple[int, int]:
    """How many sentences are hedged (or loaded) in the author's voice, and in all sources' together."""
    voices = scorer.score(Article("case", text)).summary["voices"]
    return voices["author"][lens]["count"], voices["sources"][lens]["count"]


def _label_cases(
    backend: Backend, lens: str, changes: Sequence[Change], start: str, is_right: Callable[[str], bool]
) -> list[Case]:
    """Cases whose first sentence must be labelled `start`."""

    def passed(old: Answer, new: Answer) -> bool | None:
        return is_right(new.labels[lens]) if old.labels[lens] == start else None

    return _cases(backend, lens, changes, passed)


def _cases(
    backend: Backend, lens: str, changes: Sequence[Change], passed: Callable[[Answer, Answer], bool | None]
) -> list[Case]:
    answers = ask(backend, [Question(text) for _, _, before, after in changes for text in (before, after)])
    return [
        Case(variant, cluster, (before, after), (_said(old, lens), _said(new, lens)), passed(old, new))
        for (variant, cluster, before, after), old, new in zip(changes, answers[::2], answers[1::2], strict=True)
    ]


def _expectation(test: str, lens: str, expected: str, cases: Sequence[Case], seed: int) -> Expectation:
    fit = [case for case in cases if case.passed is not None]
    variants = list(dict.fromkeys(case.variant for case in fit))
    by_variant = [(variant, _share([case for case in fit if case.variant == variant], seed)) for variant in variants]
    by_variant.sort(key=lambda row: row[1].value or 0.0)
    failures = tuple([case for case in fit if not case.passed][:_EXAMPLES])
    return Expectation(test, lens, expected, _share(fit, seed), len(cases) - len(fit), tuple(by_variant), failures)


def _share(cases: Iterable[Case], seed: int) -> Share:
    return share_of(((case.cluster, bool(case.passed)) for case in cases), seed=seed)


def _said(answer: Answer, lens: str) -> str:
    return f"{answer.labels[lens]} {answer.numbers[lens]:.2f}"


def _marked(backend: Backend, changes: Sequence[Change]) -> list[Case]:
    cases = []
    for (word, frame, before, after), answer in zip(
        changes, ask(backend, [Question(after) for *_, after in changes]), strict=True
    ):
        start = frame.index("{w}")
        hit = any(first < start + len(word) and start < last for first, last in answer.marked)
        cases.append(Case(word, frame, (before, after), ("", "marked" if hit else "not marked"), hit))
    return cases


def _framed(frame: str, statement: str, source: str = "") -> str:
    """Put a statement into a frame, as its beginning or inside, and a source."""
    bare = statement.removesuffix(".")
    inside = bare[:1].lower() + bare[1:]
    text = frame.replace("{S}", bare).replace("{s}", inside)
    return text.replace("{Source}", source[:1].upper() + source[1:]).replace("{source}", source)
