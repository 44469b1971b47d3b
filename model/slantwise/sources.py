"""What a source is called by: a name, an institution, the media, nobody in particular, a pronoun."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from slantwise.labels import MentionKind, SourceKind

__all__ = ["KnownNames", "head_of", "is_source_like", "kind_of_source", "known_names", "outlets_in"]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What an article tells of the names in it: a name alone does not say whether it is a person's.

    Args:
        outlets: names that the article itself calls a newspaper or an agency.
        bodies: names of organisations and places.
        people: words of personal names.
    """

    outlets: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


_NOTHING = KnownNames()

_PRONOUN = re.compile(
    r"(?:i|we|you|he|she|they|it|who|him|her|them|us|me|one|himself|herself|themselves|his|their|its|my|our)\W*$", re.I
)
_HIDDEN = re.compile(
    r"\b(?:unnamed|unidentified|anonym\w+|undisclosed|insiders?|sources?"
    r"|(?:not|never) (?:to )?(?:be )?(?:named|identified|quoted)|declined to be|condition (?:of|that)"
    r"|did not want to (?:be|give)|(?:not|n't) authori[sz]ed)\b",
    re.I,
)
_IN_THE_KNOW = re.compile(
    r"\b(?:person|people|those|someone|somebody|officials?|aides?|executives?|bankers?|diplomats?|one|some|others)\b.{0,30}?"
    r"\b(?:familiar|close to|briefed|knowledge|aware|involved|inside)\b",
    re.I,
)
_MEDIA_NOUN = re.compile(
    r"\b(?:newspapers?|daily|dailies|weekly|magazine|tabloid|broadcaster|news agency|state agency|newswire|news site"
    r"|website"
    r"|outlets?|television|radio|media|press agency|reporters?|journalists?|correspondents?|paper|network|channel)\b",
    re.I,
)
_MEDIA_NAME = re.compile(
    r"\b(?:AFP|A\.F\.P\.|Agence France-Presse|AP|Associated Press|Reuters|BBC|CNN|NBC|CBS|ABC|MSNBC|NPR|PBS"
    r"|Fox News"
    r"|TASS|RIA Novosti|Interfax|Xinhua|UPI|DPA|dpa|EFE|ANSA|Kyodo|Yonhap|Bloomberg|Axios|Politico|POLITICO|BuzzFeed"
    r"|Breitbart|Al[- ]Jazeera|Al Arabiya|Le Monde|Der Spiegel|El País|Haaretz|USA Today|HuffPost|Newsweek|Vox"
    r"|(?:[A-Z][\w'’-]+ )+(?:Times|Post|Herald|Tribune|Gazette|Guardian|Telegraph|Courier|Observer|Chronicle|Examiner"
    r"|Globe|News|Journal|Mail|Mirror|Express|Standard|Star|Press|TV|Television|Radio|Daily|Weekly|Review|Monitor)"
    r"|[Tt]he (?:[A-Z][\w'’-]+ )*(?:Times|Post|Herald|Tribune|Gazette|Guardian|Telegraph|Courier|Observer|Chronicle"
    r"|Examiner|Globe|Journal|Mail|Mirror|Sun|Independent|Economist|Atlantic))\b(?!['’]s? [a-z])"
)
_REPORTER = re.compile(r"(?:reporter|journalist|correspondent)s?", re.I)
_BODY = (
    r"(?:ministry|ministries|governments?|administration|department|police|court|party|committee|commission|council"
    r"|agency|bureau|office|army|military|navy|forces?|coastguard|guard|union|association|federation|league|club|board|banks?|fund"
    r"|company|companies|corporation|corp|inc|ltd|plc|group|firms?|university|institute|institution|cent(?:re|er)|school"
    r"|hospital|church|parliament|senate|congress|house|cabinet|kremlin|pentagon|embassy|campaign|nations|authority|authorities|opposition|regime|organi[sz]ation"
    r"|foundation|charity|coalition|alliance|movement|state|city|county|republicans|democrats|prosecution|defen[cs]e"
    r"|leadership|security council|securities|airline|retailer|manufacturer|operator)"
)
_DOCUMENT = (
    r"(?:reports?|study|studies|survey|polls?|statements?|documents?|lawsuit|filings?|transcript|memos?|letter|indictment"
    r"|affidavit|data|figures|press release|complaint|ruling|records|testimony)"
)
_BODY_HEAD = re.compile(rf"\b(?:{_BODY}|{_DOCUMENT})\.?$", re.I)
_BODY_INSIDE = re.compile(rf"\b(?:{_BODY}|{_DOCUMENT})\b", re.I)
_SPOKES = re.compile(r"\bspokes(?:man|woman|person|people|men|women)\b", re.I)
_OFFICERS = re.compile(
    r"(?:officials|police|prosecutors|authorities|investigators|detectives|officers|regulators|inspectors|engineers"
    r"|firefighters|troops|republicans|democrats|conservatives|whips|chiefs)$",
    re.I,
)
_COUNTED = re.compile(
    r"^(?:an?|one|another|two|three|four|five|six|seven|eight|nine|ten|\d+|some|several|many|most|other|others|few"
    r"|a few|senior|top|both|multiple|numerous|various)\b",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:minister|president|premier|secretary|senator|governor|mayor|chief|director|general|spokes\w+|chair\w*|judge"
    r"|leader|professor|lawyer|attorney|king|queen|pope|ambassador|commissioner|sheriff|coach|captain|founder|ceo|chancellor"
    r"|councillor|lawmaker|congress(?:man|woman)|prosecutor|speaker|envoy|bishop|archbishop|cardinal|candidate|author"
    r"|opponent|rival|husband|wife|widow|predecessor|successor|challenger)\b",
    re.I,
)
_ITSELF = re.compile(r" (?:itself|himself|herself|themselves)$")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTICLES = frozenset("de van von al bin ibn der den la da di du".split())
_AGENTS = re.compile(r"[A-Z][a-z]*(?:ers|ors|ists|ents|ants|ians|ees|eers|ives|ics|men|women|sts|rts|ates|gers)")
_OPENERS = frozenset("a an the this that these those one some several many his her their its our my".split())
_CUT = re.compile(
    r",|;|\(|\s(?:who|which|that|whose|in|at|of|with|from|for|on|by|near|close|familiar|briefed|speaking|inside|involved"
    r"|named|called|identified|as|to|quoted|cited|read|seen)\s"
)
_STATES = re.compile(
    r"(?:moscow|washington|beijing|london|paris|berlin|kyiv|kiev|tehran|jerusalem|ankara|brussels|riyadh|damascus|cairo"
    r"|russia|america|china|britain|france|germany|ukraine|iran|israel|turkey|syria|egypt|india|pakistan|japan"
    r"|the u\.?s\.?"
    r"|u\.s\.|us|uk|u\.k\.|eu|the eu|nato|the un|u\.n\.)$",
    re.I,
)
_ACRONYM = re.compile(r"(?:the )?[A-Z][A-Z.&]+\.?$")
_OUTLET_AFTER = re.compile(
    r"\b(?:newspaper|daily|weekly|news agency|state agency|agency|broadcaster|tabloid|magazine|news site|channel)\s+"
    r"(?P<name>[A-Z][\w'’-]*(?: [A-Z0-9][\w'’-]*){0,3})"
)
_LONGEST_WORD = 100
"""Characters: each letter of a longer word could begin another search of the whole word."""
_REST = rf"[\w'’-]{{1,{_LONGEST_WORD}}}"
_OUTLET_BEFORE = re.compile(
    rf"(?P<name>[A-Z]{_REST}(?: [A-Z]{_REST}){{0,3}}),? (?:an? |the )?(?:[\w-]{{1,{_LONGEST_WORD}}} ){{0,2}}"
    r"(?:newspaper|daily|weekly|news agency|broadcaster|tabloid|magazine|news site)\b"
)
_COMPANY = re.compile(
    rf"\b(?P<name>[A-Z]{_REST})(?: (?:& )?[A-Z]{_REST}){{0,3}},?"
    r" (?:Inc|Ltd|Corp|PLC|plc|AG|AS|SA|GmbH|LLC|Co|Limited)\b"
)
_LONGEST_NAME = 4
_NO_OUTLET = re.compile(
    r"\w+(?:ian|ish|ese|ean)$|(?:French|Dutch|German|Greek|Israeli|Iraqi|Saudi|Swiss|Thai|Czech|American|Mexican|Arabic)$"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$|(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)$"
)


@lru_cache(maxsize=4096)
def kind_of_source(text: str, known: KnownNames = _NOTHING) -> SourceKind:
    """Tell the kind of a source from its words, the first that fits of docs/annotation-guidelines.md, section 3.

    The order matters: "an unnamed source in the ministry" is anonymous though a ministry is named, "the respected
    business daily" is media, "the defence ministry" an institution, "Deputy Minister Ann Lee" named by her name, "the
    minister" by her office, "Ann Lee's office" an institution again.

    Args:
        text: the source's words.
        known: what the article tells of the names in it.
    """
    text = text.strip(' \t\n,.;:"“”')
    if _PRONOUN.match(text):
        return SourceKind.PRONOUN
    noun, head = _noun_of(text), head_of(text)
    # "Parents from the estate": what a lone word goes on to is seldom said of a surname
    named = _is_person(noun, head, known, len(noun) < len(text) and text[len(noun)] == " ") or _apposed_name(text)
    if _REPORTER.fullmatch(head):
        return SourceKind.MEDIA if not named else SourceKind.NAMED
    if not named and (_HIDDEN.search(text) or _IN_THE_KNOW.search(text)):
        return SourceKind.ANONYMOUS
    if _is_media(noun, known) and not _ROLE.search(noun):
        return SourceKind.MEDIA
    if _SPOKES.search(noun) and not named:
        return SourceKind.INSTITUTION
    if named or (_ROLE.search(head) and not _COUNTED.match(noun) and not head.endswith("s")):
        return SourceKind.NAMED
    if _BODY_HEAD.search(head) or (_OFFICERS.search(head) and not _COUNTED.match(noun)) or _is_body(noun, known):
        return SourceKind.INSTITUTION
    if head.islower() or _is_plural(head) or _COUNTED.fullmatch(head):
        return SourceKind.ANONYMOUS
    return SourceKind.INSTITUTION if head[:1].isupper() else SourceKind.ANONYMOUS


def is_source_like(text: str, known: KnownNames = _NOTHING) -> bool:
    """Whether words that are cited name somebody who can speak, a body, an outlet or a document: not "the cost"."""
    noun = _noun_of(text)
    head = head_of(text)
    return bool(
        _HIDDEN.search(text)
        or _IN_THE_KNOW.search(text)
        or _is_media(noun, known)
        or _BODY_HEAD.search(head)
        or _OFFICERS.search(head)
        or _ROLE.search(head)
        or _SPOKES.search(noun)
        or _PEOPLE.search(head)
        or (_is_person(noun, head, known, False) and " " in noun)
    )


_PEOPLE = re.compile(
    r"(?:person|people|man|woman|men|women|witness(?:es)?|residents?|experts?|analysts?|aides?|diplomats?|advis[eo]rs?"
    r"|economists?|scientists?|researchers?|officials?|lawyers?|doctors?|colleagues?|friends?|relatives|activists?"
    r"|executives?|bankers?|traders?|insiders?|critics?|supporters?|lawmakers?)$",
    re.I,
)


def known_names(text: str, mentions: Iterable[tuple[str, MentionKind]] = ()) -> KnownNames:
    """What an article tells of the names in it.

    By its words ("the business newspaper Vedomosti", "Tal Energy Inc."), and by the mentions that the model found in
    it, given as surface and kind: the kind that a name has most often counts.
    """
    counts: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for surface, kind in mentions:
        name = _POSSESSIVE.sub("", surface.strip()).strip()
        if name and kind in (MentionKind.PERSON, MentionKind.ORGANISATION, MentionKind.PLACE, MentionKind.GROUP):
            counts[name][kind is MentionKind.PERSON] += 1
    surnames = {name.split()[-1] for name, count in counts.items() if count[True] > count[False] and " " in name}
    persons = {n for n, c in counts.items() if c[True] > c[False] or (c[True] and n in surnames)}
    people = {word for name in persons for word in name.split()}
    bodies = counts.keys() - persons
    companies = {m["name"] for m in _COMPANY.finditer(text)}
    return KnownNames(frozenset(_outlets(text)), frozenset(bodies | companies), frozenset(people - companies))


def _outlets(text: str) -> Iterator[str]:
    for match in (m for pattern in (_OUTLET_AFTER, _OUTLET_BEFORE) for m in pattern.finditer(text)):
        words = [word for word in match["name"].split() if word not in ("The", "A", "An")]
        while words and _NO_OUTLET.match(words[0]):
            words = words[1:]
        if words and not _BODY_HEAD.match(words[-1]):
            yield " ".join(words)


def outlets_in(text: str, known: KnownNames) -> frozenset[str]:
    """The known outlets that a source's words name; "Vedomosti's editor" names none, he is no outlet."""
    words = [word.strip('.,;:()"“”') for word in text.split()]
    runs = (" ".join(words[i : i + n]) for i in range(len(words)) for n in range(1, _LONGEST_NAME + 1))
    return known.outlets.intersection(runs)


def head_of(text: str) -> str:
    """The head noun of a source's words: "source" of "an unnamed source in the ministry"."""
    words = _noun_of(text).split()
    return words[-1].strip("\"'“”‘’.,") if words else ""


def _noun_of(text: str) -> str:
    """A source's words up to what qualifies them."""
    text = text.strip(' \t\n"“”‘')
    cut = _CUT.search(text, 1)
    noun = text[: cut.start()].strip() if cut else text
    return _ITSELF.sub("", noun)


def _is_media(noun: str, known: KnownNames) -> bool:
    if _MEDIA_NAME.search(noun):
        return True
    if known.outlets and outlets_in(noun, known):
        return True
    return bool(_MEDIA_NOUN.search(noun)) and not _PEOPLE.search(noun)


def _is_body(noun: str, known: KnownNames) -> bool:
    bare = re.sub(r"^(?:the|an?) ", "", noun, flags=re.I)
    return bare in known.bodies or bool(_ACRONYM.match(noun) or _STATES.match(noun))


def _is_plural(head: str) -> bool:
    """Whether a capital at the beginning of a sentence is all that makes a common noun look like a name."""
    return bool(_PEOPLE.search(head) or _OFFICERS.search(head) or _AGENTS.fullmatch(head))


def _is_person(noun: str, head: str, known: KnownNames, noun_is_cut: bool) -> bool:
    """Whether a noun phrase ends in a personal name: capitals at its end that are no body's, and not after "the"."""
    words = noun.split()
    if not words or not head[:1].isupper() or _BODY_HEAD.search(head) or _is_body(noun, known):
        return False
    names = _names_at_end(words)
    if not names or _ROLE.fullmatch(names[0]) or any(_BODY_HEAD.fullmatch(word) for word in names[:2]):
        return False
    if len(names) == 1 and head in known.bodies:
        return False
    if names[0].strip("'’s") in known.people or names[0] in known.people:
        return True
    if len(names) == 1 and len(words) == 1 and (_is_plural(head) or noun_is_cut):
        return False
    return not (words[0].lower() == "the" and len(names) == len(words) - 1 and not _ROLE.search(noun))


def _names_at_end(words: Sequence[str]) -> list[str]:
    """The capitalised words that a noun phrase ends in, last first, up to a possessive."""
    names: list[str] = []
    for word in reversed(words):
        if (not word[:1].isupper() and word.lower() not in _PARTICLES) or (names and _POSSESSIVE.search(word)):
            break
        names.append(word)
    return [word for word in names if word.lower() not in _OPENERS]


def _apposed_name(text: str) -> bool:
    """Whether a name follows in apposition: "the FAM's spokesman, Idris Vale"."""
    match = re.search(r", ((?:[A-Z][\w.'’-]+\s?){2,5})(?:,|$)", text)
    return bool(match) and not _BODY_INSIDE.search(match[1] if match else "")
