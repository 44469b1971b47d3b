"""What a mention is called by, for the corpora that mark names, common nouns and pronouns alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from slantwise.labels import MentionKind

__all__ = ["Form", "form_of", "kind_of"]

_PRONOUNS = frozenset(
    "i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers"
    " herself it its itself they them their theirs themselves who whom whose which that this these those one".split()
)
_HEAD_ENDS = frozenset(
    "of in for at on to from by with near between against under over and or , ( who which that".split()
)


class Form(StrEnum):
    """How a mention refers."""

    NAMED = "named"
    NOMINAL = "nominal"
    PRONOUN = "pronoun"


def kind_of(named: MentionKind, form: Form) -> MentionKind:
    """The mention kind of an entity of the kind `named`, referred to in this form.

    A common noun for a person or an organisation is an actor, for anything else `other`.
    """
    if form is Form.PRONOUN:
        return MentionKind.PRONOUN
    if form is Form.NAMED:
        return named
    return MentionKind.ACTOR if named in (MentionKind.PERSON, MentionKind.ORGANISATION) else MentionKind.OTHER


def form_of(words: Sequence[str], lower_words: Collection[str] = (), *, first: bool = False) -> Form:
    """Guess the form from the words alone, for corpora without parts of speech.

    The head is taken to be the last word before a preposition: a capital there makes a name ("the Kurdish YPG", not
    "Iraqi troops").

    Args:
        words: the mention's words.
        lower_words: words seen in lower case in the document.
        first: the mention opens its sentence, where a capital says nothing if the word is in `lower_words`.

    """
    if len(words) == 1 and words[0].lower() in _PRONOUNS:
        return Form.PRONOUN
    head = 0
    while head + 1 < len(words) and words[head + 1].lower() not in _HEAD_ENDS:
        head += 1
    while head > 0 and not words[head][:1].isalnum():
        head -= 1
    word = words[head]
    if first and head == 0 and word.lower() in lower_words:
        return Form.NOMINAL
    return Form.NAMED if any(character.isupper() for character in word) else Form.NOMINAL
