"""Who is said to have said it, by the words beside a quotation: "...," X said; X said: "..."."""

from __future__ import annotations

import re

from slantwise.drafts import Draft, Place

__all__ = ["find_reporting"]

_VERB = (
    r"(?:(?:has|had|have|also|then|later|once|recently|previously|just|is|was|were|did not|told) )*"
    r"(?:sa(?:id|ys?)|tells?|told|add(?:ed|s)|ask(?:ed|s)|repl(?:ied|ies)|answer(?:ed|s)|wr(?:ote|ites|itten)|tweet(?:ed|s)"
    r"|post(?:ed|s)|insist(?:ed|s)|argu(?:ed|es)|warn(?:ed|s)|not(?:ed|es)|explain(?:ed|s)|claim(?:ed|s)|stat(?:ed|es)"
    r"|continu(?:ed|es)|went on|goes on|recall(?:ed|s)|declar(?:ed|es)|announc(?:ed|es)|admit(?:ted|s)|confirm(?:ed|s)"
    r"|shout(?:ed|s)|conclud(?:ed|es)|remark(?:ed|s)|respond(?:ed|s)|blast(?:ed|s)|whisper(?:ed|s)|joke[ds]?|quip(?:ped|s)"
    r"|observ(?:ed|es)|point(?:ed|s) out|urg(?:ed|es)|vow(?:ed|s)|pledg(?:ed|es)|complain(?:ed|s)|predict(?:ed|s)"
    r"|testif(?:ied|ies)|boast(?:ed|s)|fum(?:ed|es)|cr(?:ied|ies)|agree[ds]?|comment(?:ed|s)|stress(?:ed|es))"
)
_NAME = r"(?:(?:[A-Z][\w.'’&-]*|al-[A-Z]\w+|v[ao]n|d[aeiou]|del?la|bin|ibn|of|the|for)\s){0,6}[A-Z][\w'’-]+"
_NOUN = r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Hh]er|[Hh]is|[Tt]heir|[Ii]ts)\s(?:[\w'’-]+\s){0,4}?[\w'’-]+"
_WHO = rf"(?:[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e|{_NOUN}|{_NAME})"
_AFTER = re.compile(rf"[\s,;—–-]*(?:(?P<a>{_WHO}) (?P<c>{_VERB})\b|(?P<d>{_VERB}) (?P<b>{_WHO}))")
_BEFORE = re.compile(
    rf"(?P<a>{_WHO})(?:, [^,:;]{{2,60}},)? (?P<c>{_VERB})\b[^.!?;]{{0,50}}[,:]\s*$|^(?P<b>{_NAME})(?P<d>:)\s*$"
)
_SIGNED = re.compile(rf"\s*(?P<d>[―—–]|--)\s?(?P<b>{_NAME})(?:,[^.!?\"“”]{{1,80}})?\.?\s*$")
"""A quotation that its speaker's name ends: "...." - Ann Lee, a nurse."""
_FAR = 240


def find_reporting(text: str, around: Place, quote: Place) -> Draft | None:
    """The attribution that the words right after or right before a quotation spell out; None where they do not.

    Args:
        text: the article's.
        around: the part of the article to look in.
        quote: the quotation.
    """
    limit = min(around.end, quote.end + _FAR)
    after = _AFTER.match(text, quote.end, limit) or _SIGNED.match(text, quote.end, limit)
    match = after or _BEFORE.search(text[max(around.start, quote.start - _FAR) : quote.start])
    if match is None:
        return None
    by = 0 if after else max(around.start, quote.start - _FAR)
    who, cue = ("a", "c") if "a" in match.groupdict() and match["a"] else ("b", "d")
    source, told = (Place(*(at + by for at in match.span(name))) for name in (who, cue))
    return Draft(-1, source, told)
