"""Swaps inside real sentences: a labelled set's own sentences with another group's term in the place of one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from slantwise.labels import MentionKind, SpanLabel
from slantwise.reading import Backend
from slantwise.records import LabelledSentence, Span
from slantwise_training.evaluation.behaviour.answers import Question, ask
from slantwise_training.evaluation.behaviour.suites import Axis
from slantwise_training.evaluation.behaviour.swaps import Compared
from slantwise_training.evaluation.evaluate import document_of

__all__ = ["LONGEST", "Swapper", "swap_in_records"]

LONGEST = 1000
"""Longer texts are articles, not sentences."""
NAME = "name"
"""The axis whose terms are put in for any person's full name."""

_FULL_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
_NAME_BEFORE = re.compile(r"[A-Z][a-z]+ $")
_NAME_AFTER = re.compile(r" [A-Z][a-z]+")
_VOWELS = frozenset("AEIOaeio")
_NEXT_WORD = re.compile(r"[ -]([A-Za-z]+)")
_DETERMINER = re.compile(r"\b(?:an?|the|one|another|every|each|this|that|any|no|fellow) $", re.IGNORECASE)
_ARTICLE = re.compile(r"\b[Aa]n? $")
_NO_NOUNS = frozenset(
    "a about after again all an and are as at be because been before but by can could did do does for from had has "
    "have if in into is it may might not of off on or out over said say says so than that the then they this to up "
    "was were when which while who whom whose will with would "
    "came gave lost made told took voted wants went won".split()
)
"""A form before a noun is not followed by one of these."""


@dataclass(frozen=True)
class Swapper:
    """Finds an axis's terms in sentences, as whole words, and puts another group's in their place."""

    axis: Axis

    @cached_property
    def _terms(self) -> Mapping[str, tuple[str, tuple[tuple[int, str], ...]]]:
        """By surface: its group, and the rows and forms it can be; surfaces of two groups are of none."""
        found: dict[str, tuple[str, list[tuple[int, str]]]] = {}
        strange = set()
        for number, row in enumerate(self.axis.rows):
            for group, forms in row.items():
                for form, surface in forms.items():
                    for written in {surface, surface[:1].upper() + surface[1:]}:
                        known, places = found.setdefault(written, (group, []))
                        places.append((number, form))
                        if known != group:
                            strange.add(written)
        return {surface: (group, tuple(at)) for surface, (group, at) in found.items() if surface not in strange}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._terms, key=len, reverse=True)
        before = "".join(rf"(?<!\b{word} )" for word in self.axis.not_after)
        return re.compile(rf"(?<![\w-]){before}(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def group(self, text: str) -> str | None:
        """The one group whose terms a sentence has; None where it has none, or several groups'."""
        groups = {self._terms[match[0]][0] for match in self._pattern.finditer(text)}
        return groups.pop() if len(groups) == 1 else None

    def swap(self, text: str, group: str) -> tuple[str, tuple[int, int]] | None:
        """The sentence with a group's terms, and where the first stands; None where a term has no counterpart."""
        pieces: list[str] = []
        done, place = 0, (0, 0)
        for match in self._pattern.finditer(text):
            term = self._counterpart(match[0], text[: match.start()], text[match.end() :], group)
            if term is None:
                return None
            before = text[done : match.start()]
            if term != match[0]:
                before = _with_article(before, term)
            if not done:
                place = (len(before), len(before) + len(term))
            pieces += before, term
            done = match.end()
        return ("".join([*pieces, text[done:]]), place) if pieces else None

    def _counterpart(self, surface: str, before: str, after: str, group: str) -> str | None:
        places = self._terms[surface][1]
        options = {form: self.axis.rows[number][group].get(form) for number, form in reversed(places)}
        term = options[self._form(list(options), before, after)]
        if term is None:
            return None
        # a name keeps its capital; any other word takes the case of what it stands for
        return term[:1].upper() + term[1:] if surface[:1].isupper() else term

    def _form(self, forms: Sequence[str], before: str, after: str) -> str:
        """Which of its forms a surface has here: "a Republican", but "Republican voters" and "they are Republican"."""
        attribute, noun = self.axis.before_noun, self.axis.after_article
        if attribute is None or attribute not in forms or len(forms) == 1:
            return forms[0]
        if _stands_before_noun(after):
            return attribute
        if noun is not None and noun in forms:
            return noun if _DETERMINER.search(before) else attribute
        return next(form for form in forms if form != attribute)


def swap_in_records(
    backend: Backend, records: Sequence[LabelledSentence], axis: Axis, *, sample: int = 200, seed: int = 0
) -> tuple[list[Compared], Counter[str]]:
    """Swap an axis's terms in the sentences that have one group's, and compare what is said before and after.

    Of a person's full name, marked in the record, nobody knows the group; there the names of two groups are compared.

    Args:
        backend: the model.
        records: sentences of any corpus; their labels are not looked at.
        axis: what to swap.
        sample: at most so many sentences, drawn at random.
        seed: of the draw.

    Returns:
        The comparisons, and how many sentences were there by why they were left out.

    """
    named = axis.name == NAME
    left_out: Counter[str] = Counter()
    found = list(_named(records, axis) if named else _termed(records, axis, left_out))
    if len(found) > sample:
        left_out["beyond the sample"] += len(found) - sample
        kept = np.sort(np.random.default_rng(seed).choice(len(found), sample, replace=False))
        found = [found[at] for at in kept]
    asked = [question for _, questions in found for question in questions.values()]
    answers = iter(ask(backend, asked))
    compared: list[Compared] = []
    for cluster, questions in found:
        said = {group: next(answers) for group in questions}
        own = next(iter(questions))
        for first, second in axis.pairs:
            if {first, second} <= questions.keys() and (named or own in (first, second)):
                both = questions[first], questions[second]
                compared.append(
                    Compared(
                        axis.name,
                        (first, second),
                        cluster,
                        (_term(both[0]), _term(both[1])),
                        (both[0].text, both[1].text),
                        (said[first], said[second]),
                    )
                )
    return compared, left_out


_Found = tuple[Hashable, dict[str, Question]]
"""A sentence's document, and the sentence with each group's term; first the one it had."""


def _termed(records: Sequence[LabelledSentence], axis: Axis, left_out: Counter[str]) -> Iterator[_Found]:
    swapper = Swapper(axis)
    seen: set[str] = set()
    for record in records:
        group = swapper.group(record.text)
        if group is None or record.text in seen:
            continue
        seen.add(record.text)
        if len(record.text) > LONGEST:
            left_out["too long"] += 1
            continue
        questions: dict[str, Question] = {}
        for other in (group, *(g for g in axis.groups if g != group)):
            swapped = swapper.swap(record.text, other)
            if swapped is not None:
                # what it had stays as it was written
                text, place = swapped
                questions[other] = Question(text, place)
        if len(questions) > 1 and group in questions and questions[group].text == record.text:
            yield document_of(record), questions
        else:
            left_out["no counterpart"] += 1


def _named(records: Sequence[LabelledSentence], axis: Axis) -> Iterator[_Found]:
    """Sentences with a person's full name marked, each with one row's names; rows take turns."""
    seen: set[str] = set()
    for record in records:
        names = [s for s in record.spans if _is_person(s.label, s.value) and _is_whole_name(record.text, s)]
        if not names or record.text in seen or len(record.text) > LONGEST:
            continue
        row = axis.rows[len(seen) % len(axis.rows)]
        seen.add(record.text)
        name = min(names, key=lambda span: span.start)
        questions = {}
        for group in axis.groups:
            term = row[group]["person"]
            text = record.text[: name.start] + record.text[name.start :].replace(name.text, term)
            questions[group] = Question(text, (name.start, name.start + len(term)))
        yield document_of(record), questions


def _term(question: Question) -> str:
    assert question.target is not None
    return question.text[slice(*question.target)].casefold()


def _is_person(label: SpanLabel, value: object) -> bool:
    return label is SpanLabel.TARGET or (label is SpanLabel.MENTION and value is MentionKind.PERSON)


def _is_whole_name(text: str, span: Span) -> bool:
    """First name and surname, without a third name on either side."""
    beside = _NAME_BEFORE.search(text[: span.start]) or _NAME_AFTER.match(text[span.end :])
    return _FULL_NAME.fullmatch(span.text) is not None and beside is None


def _with_article(before: str, term: str) -> str:
    """What stands before a term, with the indefinite article that the term wants."""
    match = _ARTICLE.search(before)
    if match is None:
        return before
    return before[: match.start() + 1] + ("n " if term[:1] in _VOWELS else " ")


def _stands_before_noun(after: str) -> bool:
    match = _NEXT_WORD.match(after)
    return match is not None and match[1].lower() not in _NO_NOUNS
