"""The rules of `slantwise check`: what each finds, why it may matter and when it is fine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from slantwise.errors import AskedWrong

__all__ = ["RULES", "Rule", "Severity", "Whole", "find_rule", "find_rules", "nearest"]

EVERY_RULE = "all"
_SHORTEST_PREFIX = len("SLW1")


class Severity(StrEnum):
    """How loud a finding is. Neither changes the exit code: limits do."""

    NOTE = "note"
    """A thing to know."""
    WARNING = "warning"
    """A thing that many house styles ask to be looked at again."""


class Whole(StrEnum):
    """What a share of a rule's findings is a share of; the value is what messages call it."""

    SENTENCES = "sentences of the author's"
    """Also a sentence that is mostly a source's, where it holds a finding. Bylines and datelines are left out."""
    SOURCES = "sources cited"
    """Each place where a source is cited, however often the source is."""
    QUOTATIONS = "direct quotations"
    INDIRECT = "indirect attributions"
    ARTICLE = "articles"
    """All of it or nothing: the rule judges the article as a whole."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule.

    Args:
        code: `SLW` and three digits; the first digit is the lens (1 wording, 2 hedging, 3 attribution, 4 stance).
        name: what limits and settings may call it too.
        title: a few words.
        severity: how loud its findings are.
        whole: what its share is taken of.
        finds: what it finds.
        matters: why that may matter.
        fine: when it is fine.

    """

    code: str
    name: str
    title: str
    severity: Severity
    whole: Whole
    finds: str
    matters: str
    fine: str


RULES: tuple[Rule, ...] = (
    Rule(
        "SLW101",
        "loaded",
        "loaded word in the author's voice",
        Severity.WARNING,
        Whole.SENTENCES,
        "A word that judges where a plain one would give the same facts, outside every source's words. Words between "
        "scare quotes count as the author's.",
        "Readers take the judgement for reporting. A plainer word lets the facts do the work.",
        "In opinion, and where the word is the established name of the thing.",
    ),
    Rule(
        "SLW102",
        "loaded-sentence",
        "loaded sentence in the author's voice",
        Severity.NOTE,
        Whole.SENTENCES,
        "A sentence of the author's whose choice of words leans as a whole, whether or not single words stand out.",
        "Slant often sits in the turn of a sentence: irony, contrast, what is put first.",
        "In opinion, and where the facts themselves are strong: a massacre is not called loaded for being one.",
    ),
    Rule(
        "SLW103",
        "loaded-paraphrase",
        "loaded word in a paraphrase",
        Severity.NOTE,
        Whole.INDIRECT,
        "A loaded word in indirect speech: a source's view in words that no quotation marks give to the source.",
        "The reader cannot tell whether the word is the source's or the author's. A short quotation would.",
        "Where the source used the word and the sentence makes that plain.",
    ),
    Rule(
        "SLW201",
        "hedge",
        "hedge cue in the author's voice",
        Severity.NOTE,
        Whole.SENTENCES,
        "A word by which the author holds back: may, appears to (epistemic); allegedly, is thought to (doxastic); if, "
        "would (conditional); whether, under investigation (investigative).",
        "It marks what the newsroom does not know. Hedges that pile up often hide that nobody knows.",
        "Mostly: honest doubt should be said, and said once.",
    ),
    Rule(
        "SLW202",
        "vague",
        "vague wording in the author's voice",
        Severity.WARNING,
        Whole.SENTENCES,
        "Agreement or authority with nobody behind it: some say, critics, widely seen as.",
        "The reader cannot check it, and it lends weight to what may be one person's view.",
        "Where the sentences around it say who.",
    ),
    Rule(
        "SLW203",
        "stacked-hedges",
        "several hedge cues in one sentence of the author's",
        Severity.NOTE,
        Whole.SENTENCES,
        "A sentence with two or more hedge cues in the author's voice (vague wording not counted).",
        "Doubt upon doubt leaves the reader with no claim at all: may possibly have appeared to.",
        "Where the sentence holds two claims, each with its own doubt, or a condition and what follows from it.",
    ),
    Rule(
        "SLW301",
        "anonymous",
        "anonymous source",
        Severity.NOTE,
        Whole.SOURCES,
        "An attribution to somebody without a name: an official, a person familiar with the talks, neighbours.",
        "The reader cannot weigh who speaks. Many house styles ask for the reason, and for a second source.",
        "Where the name would endanger somebody, and the article says why it is withheld.",
    ),
    Rule(
        "SLW302",
        "unattributed-quote",
        "quotation that nobody is named for",
        Severity.WARNING,
        Whole.QUOTATIONS,
        "Words between quotation marks without a source in sight.",
        "A quotation needs a speaker; after a few paragraphs the reader has lost the last one.",
        "For titles, mottoes, and words quoted again that were attributed before.",
    ),
    Rule(
        "SLW303",
        "single-source",
        "article with a single source",
        Severity.NOTE,
        Whole.ARTICLE,
        "At least two attributions, and all of them lead to one and the same source. Who only passes words on (an "
        "agency citing an official) is not counted as another.",
        "Nobody else confirms, adds or objects.",
        "In interviews, short bulletins and reports of a single speech.",
    ),
    Rule(
        "SLW304",
        "second-hand",
        "second-hand source",
        Severity.NOTE,
        Whole.SOURCES,
        "A source that reached the author through another: a daily citing an official, a speaker quoting a speaker.",
        "Each step may lose or add something. The first source is worth asking, or the chain worth saying.",
        "Where the chain is the news, or cannot be shortened and is told in full, as it is here.",
    ),
    Rule(
        "SLW305",
        "agentless",
        "statement with nobody who states it",
        Severity.NOTE,
        Whole.INDIRECT,
        "Something is said, told or announced, and the sentence does not say by whom: it was announced that.",
        "The passive hides the source more quietly than 'an unnamed official' does.",
        "Where the speaker is plain from the sentence before.",
    ),
    Rule(
        "SLW401",
        "author-against",
        "author's stance against a target",
        Severity.WARNING,
        Whole.SENTENCES,
        "A sentence that takes a side against somebody or something, with no source that holds it.",
        "In news, sides belong to sources. One that nobody is named for is read as the newsroom's.",
        "In opinion. Bad news about the target alone is not a stance: then the finding is a mistake.",
    ),
    Rule(
        "SLW402",
        "author-favor",
        "author's stance in favour of a target",
        Severity.WARNING,
        Whole.SENTENCES,
        "A sentence that takes a side for somebody or something, with no source that holds it.",
        "As for the stance against; praise slips through more easily, from press releases above all.",
        "In opinion. Good news about the target alone is not a stance: then the finding is a mistake.",
    ),
)
"""Every rule, in the order of the codes."""

_BY_WORD = {word.lower(): rule for rule in RULES for word in (rule.code, rule.name)}


def find_rule(word: str) -> Rule:
    """The rule of a code or a name, in any case.

    Raises:
        AskedWrong: there is none; names the nearest.

    """
    rule = _BY_WORD.get(word.strip().lower())
    if rule is None:
        known = [word for rule in RULES for word in (rule.code, rule.name)]
        raise AskedWrong("the code or name of a rule", repr(word), nearest(word, known))
    return rule


def find_rules(word: str) -> tuple[Rule, ...]:
    """The rules that a code, a name, the beginning of codes (`SLW1`) or `all` stands for, in order of their codes.

    Raises:
        AskedWrong: it stands for none; names the nearest.

    """
    start = word.strip().upper()
    if start.lower() == EVERY_RULE:
        return RULES
    if len(start) >= _SHORTEST_PREFIX and any(rule.code.startswith(start) for rule in RULES):
        return tuple(rule for rule in RULES if rule.code.startswith(start))
    return (find_rule(word),)


def nearest(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown word, as an imperative: the known word nearest to it, or all of them."""
    names = {each.lower(): each for each in known}
    close = get_close_matches(word.strip().lower(), names, n=1, cutoff=0.6)
    return f"use the nearest, {names[close[0]]}" if close else f"use one of: {', '.join(names.values())}"
