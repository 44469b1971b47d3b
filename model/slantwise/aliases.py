"""The names that one person, body or place goes by: what a name is filed under, and what it can be looked up by.

Precision comes first: each rule here is one that hardly ever joins two that are not the same, and a look-up that two
entities answer joins neither (see `slantwise.targets`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from slantwise.countries import country_of
from slantwise.labels import MentionKind

__all__ = ["abbreviates", "aliases_of", "key_of", "look_ups", "plain_name", "titles_before", "without_possessive"]

_POSSESSIVE = re.compile(r"['’]s?$")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)
_TITLE_WORD = (
    r"(?:mr|mrs|ms|miss|dr|sir|dame|lord|lady|president|premier|prime|vice|deputy|foreign|interior|home|defen[cs]e"
    r"|finance|transport|energy|health|education|justice|state|minister|senator|sen|representative|rep"
    r"|congress(?:man|woman)|governor|gov|mayor|general|gen|lieutenant|lt|colonel|col|captain|capt|major|maj|judge"
    r"|justice|professor|prof|king|queen|prince|princess|pope|chancellor|secretary|chairman|chairwoman|chair|chief"
    r"|executive|councillor|coach|director|former|ex|then|acting)"
)
_TITLE = re.compile(rf"^(?:the|an?|{_TITLE_WORD})\.?[\s-]+", re.I)
_OWNED_TITLE = re.compile(rf"^(?:(?P<owner>[^\W\d_][\w.'’]*)\s+)+?(?={_TITLE_WORD}\.?\s+\S)", re.I)
"""What stands before a title inside a name: "Russia's Deputy Minister Ann Lee", "US President Bo Dun"."""
_TITLES_BEFORE = re.compile(rf"(?:(?:{_TITLE_WORD})\.?\s+)+$", re.I)
_TITLES_INSIDE = re.compile(rf"(?:\S+\s+){{0,3}}?(?P<titles>(?:{_TITLE_WORD}\.?\s+)+)(?=\S)", re.I)
_OFFICE = re.compile(
    r"(?:president|premier|minister|senator|governor|mayor|general|judge|king|queen|prince|princess|pope|chancellor"
    r"|secretary|chairman|chairwoman|director|coach|executive)$"
)
_AFTER_NAME = re.compile(r",\s+(?:the|an?|who|which|one|its|his|her|\d+)\s.*$|\s*\(.*$", re.S)
_PARTICLE = re.compile(r"^(?:al|el|bin|ibn|de|van|von|der|la|da)[\s-]+", re.I)
_INITIAL = re.compile(r"[a-z]\.?$")
_NATIONALITY = re.compile(r"\w+(?:ian|ish|ese|ean)$|(?:french|dutch|german|greek|israeli|iraqi|saudi|swiss|american)$")
_COMPANY = re.compile(
    r",?\s+(?:inc|ltd|corp|plc|ag|as|sa|s\.a|gmbh|llc|co|n\.v|limited|corporation|company|group)\.?,?$", re.I
)
_SHORT_WORDS = frozenset({"us", "un", "uk", "gb", "eu"})
"""Other names of countries that are no names in small letters."""
_BRACKETED = re.compile(r"\(([A-Z][A-Z.&]+)\)?")
_PLACE = re.compile(r"(?P<name>[^,]+?)(?:, [^,]+| city| county| province| state)$")
_SMALL_WORDS = frozenset("of the and for in at on to by with de del la le du des van von der und et y & a an".split())
_TRADE = frozenset(
    "computer computers airways airlines air motors motor industries energy capital holdings media systems bank records"
    " technologies steel oil gas pharmaceuticals electronics foods stores brothers entertainment aerospace commercial"
    " international communications networks software semiconductor telecom wireless insurance financial securities"
    " partners laboratories".split()
)
"""Words after which a company's first word alone may stand for it, though it has more of them."""
_BODY_HEADS = frozenset(
    "church university ministry party commission court council bank force army navy union association foundation"
    " institute committee department agency parliament senate board company corporation federation league club college"
    " academy bureau authority museum society organisation organization hospital fund school".split()
)
_NO_FIRST_WORD = frozenset(
    "national united international new royal american first central bank university north south east west european"
    " federal general state world supreme".split()
)


def without_possessive(surface: str) -> str:
    """A name as it is said without anything of its own: "Lopo" of "Lopo's"."""
    return _POSSESSIVE.sub("", surface).rstrip()


@lru_cache(maxsize=4096)
def plain_name(surface: str, kind: MentionKind) -> str:
    """A name without its article, titles, descriptions and company suffix, in small letters."""
    stripped = _AFTER_NAME.sub("", " ".join(surface.split())) or surface
    stripped = without_possessive(stripped)
    if kind in (MentionKind.PERSON, MentionKind.ORGANISATION):
        stripped = _without_description(stripped)
    if kind is MentionKind.PERSON:
        owned = _OWNED_TITLE.match(stripped)
        if owned and all(_is_owner(word) for word in owned.group().split()):
            stripped = stripped[owned.end() :]
    strip = _TITLE if kind is MentionKind.PERSON else _ARTICLE
    while (shorter := strip.sub("", stripped)) != stripped and shorter:
        stripped = shorter
    if kind is MentionKind.ORGANISATION:
        stripped = _COMPANY.sub("", stripped) or stripped
    return stripped.casefold().replace("’", "'") or surface.casefold()


def key_of(surface: str, kind: MentionKind) -> str:
    """What a name is filed under: two mentions of one key are of one entity."""
    plain = plain_name(surface, kind)
    if kind is MentionKind.PERSON:
        return plain
    bare = plain.replace(".", "") if re.fullmatch(r"(?:\w\.)+\w?", plain) else plain
    is_word = kind is MentionKind.GROUP or bare not in _SHORT_WORDS or _ARTICLE.sub("", surface).isupper()
    return (country_of(bare) if is_word else None) or bare.replace("-", " ")


def look_ups(surface: str, kind: MentionKind) -> Iterator[str]:
    """Yield what a name is looked up by among the aliases of longer ones, the surest first."""
    key = key_of(surface, kind)
    if kind is MentionKind.PERSON:
        yield f"person {key}"
        return
    short = _ARTICLE.sub("", surface)
    if " " not in key and short.isupper() and len(short) > 1:
        yield "acronym " + short.replace(".", "")
    if key in _BODY_HEADS and (surface[:1].isupper() or _ARTICLE.match(surface)):
        yield f"head {key}"
    yield f"body {key}" if kind is MentionKind.ORGANISATION else f"place {key}"
    if " " in key and (_ARTICLE.match(surface) or key.count(" ") > 1):
        yield f"end {key}"


def aliases_of(surface: str, kind: MentionKind) -> set[str]:
    """What a full name can be looked up by."""
    key = key_of(surface, kind)
    words = key.split()
    if kind is MentionKind.PERSON:
        return set(_of_person(words)) | {f"person {title}" for title in titles_before(surface)}
    if len(words) < 2 or "and" in words:
        return set()
    capitals = [word for word in re.split(r"[\s-]+", _ARTICLE.sub("", surface)) if word]
    aliases = {"acronym " + "".join(word[0] for word in capitals if word[0].isupper())}
    aliases.add("acronym " + "".join(word[0].upper() for word in words if word not in ("the", "and", "&")))
    aliases.add("acronym " + "".join(word[0].upper() for word in words if word not in _SMALL_WORDS))
    aliases |= {f"acronym {short}" for short in _BRACKETED.findall(surface)}
    if kind is MentionKind.PLACE and (place := _PLACE.match(key)) and country_of(place["name"]) is None:
        aliases.add(f"place {place['name']}")
    aliases |= {f"end {' '.join(words[cut:])}" for cut in range(1, len(words) - 1)}
    if kind is MentionKind.ORGANISATION:
        aliases |= set(_of_body(words, is_company=bool(_COMPANY.search(surface))))
    return aliases


def abbreviates(short: str, name: str) -> bool:
    """Whether a name in brackets can be short for the one before it: its letters stand there in this order."""
    letters = re.sub(r"[^A-Za-z]", "", short)
    if not 2 <= len(letters) <= 8 or not letters[-2:].isupper():
        return False
    rest = iter(name.casefold())
    return name[:1].casefold() == letters[0].casefold() and all(letter in rest for letter in letters.casefold())


def titles_before(text: str) -> list[str]:
    """The offices that the beginning of a name, or the words right before it, tell: "home secretary", "secretary"."""
    found = _TITLES_BEFORE.search(text) if text.endswith(" ") else None
    if found is None:
        match = _TITLES_INSIDE.match(text)
        told = match["titles"] if match else ""
    else:
        told = found.group()
    words = [word.strip(".").casefold() for word in told.split()]
    while words and not _OFFICE.match(words[-1]):
        words.pop()
    while words and words[0] in ("former", "ex", "then", "acting", "the"):
        words.pop(0)
    return list(dict.fromkeys((" ".join(words), words[-1]))) if words else []


def _of_person(words: list[str]) -> Iterator[str]:
    if len(words) < 2 or not {"and", "&", "from", "of"}.isdisjoint(words):
        return
    for word in (words[0], words[-1], _PARTICLE.sub("", words[-1])):
        yield f"person {word}"
    if len(words) > 2:
        yield f"person {' '.join(words[-2:])}"
        if all(_INITIAL.match(word) for word in words[1:-1]):
            yield f"person {words[0]} {words[-1]}"


def _of_body(words: list[str], *, is_company: bool) -> Iterator[str]:
    first = words[0]
    is_plain = first not in _NO_FIRST_WORD and first not in _BODY_HEADS and country_of(first) is None
    if is_plain and (is_company or words[1] in _TRADE or (len(words) == 2 and words[1] not in _BODY_HEADS)):
        yield f"body {first}"
    if len(words) == 2 and _NATIONALITY.match(first):
        yield f"body {words[1]}"
    if "of" not in words:
        for cut in range(2, len(words)):
            yield f"body {' '.join(words[:cut])}"
    head = words[words.index("of") - 1] if "of" in words[1:] else words[-1]
    if head in _BODY_HEADS:
        yield f"head {head}"


def _without_description(name: str) -> str:
    """A name without the common nouns before it: "Aer Tarn" of "the national airline Aer Tarn"."""
    words = name.split()
    cut = 0
    for at, word in enumerate(words[:-1]):
        if word.islower() and word not in _SMALL_WORDS and words[at + 1][:1].isupper():
            cut = at + 1
    return " ".join(words[cut:])


def _is_owner(word: str) -> bool:
    """Whether a word before a title tells whose title it is: a country, its people, "US" or "Tarn's"."""
    bare = word.casefold().rstrip(".")
    return bool(_POSSESSIVE.search(word)) or word.isupper() or word.islower() or country_of(bare) is not None
