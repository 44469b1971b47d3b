"""What a source is called by: a name, an institution, the media, nobody in particular, a pronoun."""

from __future__ import annotations

import re

from slantwise.labels import SourceKind

__all__ = ["kind_of_source"]

_PRONOUN = re.compile(r"(?:i|we|you|he|she|they|it|who|him|her|them|us|me|one|himself|herself|themselves)\b\W*$", re.I)
_ANONYMOUS = re.compile(
    r"\b(?:unnamed|unidentified|anonym\w+|undisclosed|insiders?|sources?|(?:person|people|those|someone|some|others"
    r"|many|few|one|several)\b.*\b(?:familiar|close|briefed|knowledge|aware|involved|inside)"
    r"|not (?:be )?(?:named|identified|authori[sz]ed)|declined to be|condition of)\b",
    re.I,
)
_VAGUE = re.compile(
    r"(?:(?:a|an|one|another|two|three|four|five|six|some|several|many|most|other|others|few|senior|top|local|foreign"
    r"|former|government|military|security|defen[cs]e|intelligence|diplomatic|western|u\.?s\.?|american|british|russian"
    r"|administration|campaign|party|white|house|police|law|enforcement)\s+)*"
    r"(?:officials?|aides?|diplomats?|advis[eo]rs?|analysts?|experts?|critics?|supporters?|opponents?|observers?"
    r"|witnesses|witness|residents?|people|lawmakers?|activists?|scientists|researchers|economists|others|some|many"
    r"|investigators|prosecutors|spokes(?:man|woman|person)|person|man|woman|neighbou?rs?|colleagues?|friends?)\W*$",
    re.I,
)
_MEDIA = re.compile(
    r"\b(?:AFP|AP|Reuters|BBC|CNN|NBC|CBS|ABC|MSNBC|NPR|TASS|Xinhua|UPI|dpa|Bloomberg|Axios|Politico"
    r"|[Nn]ewspaper|[Dd]aily|[Ww]eekly|[Mm]agazine|[Tt]abloid|[Bb]roadcaster|[Nn]ews [Aa]gency|[Nn]ewswire|[Jj]ournal"
    r"|Times|Post|Herald|Tribune|Gazette|Guardian|Telegraph|Courier|Observer|Chronicle|Examiner|Globe|News|Press|TV"
    r"|[Tt]elevision|[Rr]adio|[Mm]edia|[Rr]eporters?|[Jj]ournalists?|[Oo]utlets?|[Ww]ire)\b"
)
_INSTITUTION = re.compile(
    r"\b(?:ministry|ministries|government|administration|department|police|court|party|committee|commission|council"
    r"|agency|bureau|office|army|military|navy|force|forces|union|association|federation|league|club|board|bank|fund"
    r"|company|corporation|corp|inc|ltd|plc|group|firm|university|institute|institution|centre|center|school|hospital"
    r"|church|parliament|senate|congress|house|cabinet|kremlin|pentagon|white house|embassy|campaign|report|study"
    r"|survey|poll|statement|document|documents|lawsuit|filing|nations|authority|authorities|opposition|regime"
    r"|organi[sz]ation|foundation|charity|coalition|alliance|movement|state|city|county|republicans|democrats"
    r"|prosecution|defen[cs]e|team|staff|officials of)\b",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:minister|president|secretary|senator|governor|mayor|chief|director|general|spokes\w+|chair\w*|judge|leader"
    r"|professor|analyst|economist|lawyer|king|queen|pope|ambassador|commissioner|sheriff|coach|founder|ceo)\b",
    re.I,
)
_NAME = re.compile(r"\b[A-Z][\w'’-]+")
_OPENERS = frozenset("a an the this that these those one some several many".split())


def kind_of_source(text: str) -> SourceKind:
    """Tell the kind of a source from its words alone.

    The order matters: "an unnamed source in the ministry" is anonymous though a ministry is named, "the respected
    business daily" is media, "the defence ministry" an institution, "Deputy Minister Ann Lee" named by her name.
    """
    text = text.strip()
    if _PRONOUN.match(text):
        return SourceKind.PRONOUN
    if _ANONYMOUS.search(text) or _VAGUE.match(text):
        return SourceKind.ANONYMOUS
    names = [w for i, w in enumerate(_NAME.findall(text)) if i or w.lower() not in _OPENERS]
    if _MEDIA.search(text) and not _ROLE.search(text) and len(names) <= 5:
        return SourceKind.MEDIA
    personal = [w for w in names if not _INSTITUTION.fullmatch(w) and not _ROLE.fullmatch(w)]
    if _INSTITUTION.search(text) and not (_ROLE.search(text) and personal):
        return SourceKind.INSTITUTION
    if personal:
        return SourceKind.NAMED
    if _ROLE.search(text) and text.split()[0].lower() in ("the", "his", "her", "their", "its"):
        return SourceKind.NAMED
    return SourceKind.INSTITUTION if names else SourceKind.ANONYMOUS
