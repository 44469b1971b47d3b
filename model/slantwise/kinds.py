"""What part each line of an article plays: headline, byline, caption, dateline or body.

Newsrooms lay articles out alike: a headline, perhaps a standfirst, the byline, picture lines, then paragraphs, with
sub-headings and more picture lines between them. A line is read by its shape and by its neighbours. In doubt a line is
body, so that nothing the author says is set aside by mistake. The rules are listed in docs/segmentation.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from slantwise.labels import SentenceKind

__all__ = ["dateline_end", "line_kinds"]

_CLOSERS = "\"'”’»)]"
_STOPS = ".!?…。！？"
_OPENING = "\"'“‘"
_LONGEST = 300
"""Characters; a longer line is body whatever it looks like."""
_HEAD_LINES = 12
"""The head of an article never reaches further than this."""

_AGENCY = (
    r"(?:Reuters|A\.?F\.?P|Agence France-Presse|(?:The )?Associated Press|AP|A\.P\.|dpa|DPA|EFE|ANSA|TASS|Xinhua|UPI"
    r"|PTI|ANI|IANS|Kyodo|Yonhap|Bloomberg|CNN|BBC|NPR|PA Media|PA|Press Association|Interfax|Anadolu|WAM|CP|AAP|NNA)"
)
_PICTURES = (
    r"(?:Flash ?90|Getty(?: Images)?|Shutterstock|iStock(?:photo)?|Alamy|EPA(?:-EFE)?|Corbis|Zuma(?: Press)?"
    r"|Sipa(?: USA)?|(?:AP|AFP|Reuters|File) Photo|Wikimedia Commons|Creative Commons|Wikipedia|Unsplash|Pixabay"
    r"|Handout)"
)
_CREDIT_WORD = (
    r"(?:file )?(?:photo|photograph|image|picture|pic|illustration|graphic|video|screenshot|cartoon|caption)s?"
)
_CREDIT_LINE = re.compile(
    rf"[(\[]?(?:{_CREDIT_WORD}(?: credits?| source)?\s?(?::|/|\||©|by (?=(?-i:[A-Z]))|courtesy\b|via\b)|credits?\s?:|©"
    rf"|courtesy(?: of|:)|{_PICTURES}(?!\w)|(?:{_AGENCY}|{_PICTURES})\s?(?:/|via\b|photos?\b|images?\b)"
    r"|(?:handout|file)(?: photo)?[)\]]?$)",
    re.IGNORECASE,
)
_CREDIT_INSIDE = re.compile(
    r"(?:\s|^)[(\[]?(?:photo|photograph|image|pic|picture|illustration)s?(?: credit| by)?: ?[A-Z@/]"
    rf"|[(\[](?:{_PICTURES}|{_AGENCY}/|file\b)[^)\]]{{0,80}}[)\]]$|\s/ (?:{_AGENCY}|{_PICTURES})$",
    re.IGNORECASE,
)
_AGENCY_ONLY = re.compile(rf"[(\[—–-]?\s?{_AGENCY}(?:(?:,| and|/| &)\s?{_AGENCY}){{0,3}}[)\],]?$")
_STAFF = re.compile(
    r"(?:[—–-] )?(?:(?:news )?agencies|(?:news|web|online) desk|(?:our )?(?:foreign |special |own )?correspondent"
    r"|editorial board|(?:[\w'’.]+ ){0,3}staff(?: (?:writers?|reporters?|and (?:news )?agencies|report))?)[.,]?$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:[—–-] )?(?:(?:(?:written|reported|posted|words|story|text|compiled|photos and text|exclusive|analysis|comment)"
    r" )?by|live(?: blog| coverage)? (?:by|with)):?\s+(?=\S)",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:media |press )?(?:contacts?|enquiries|inquiries):\s+(?=\S)", re.IGNORECASE)
_DESK_CREDIT = re.compile(r"[(\[]?(?:additional )?(?:reporting|writing|editing) by (?-i:[A-Z])", re.IGNORECASE)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})(?:,? \d{{4}})?"
_DAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thur?s?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?"
_TIME = r"\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: ?(?:[A-Z]{2,4}|[A-Z][a-z]+ time))?"
_STAMP = re.compile(
    r"(?:(?:first |last )?(?:published|updated|posted|modified)(?: (?:on|at))?:? ?)?"
    rf"(?:{_TIME}[,|]? (?:on )?)?(?:{_DAY},? )?"
    rf"(?:{_DATE}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
    rf"(?:(?:,| at| \||T| [—–-])? ?{_TIME})?\.?$",
    re.IGNORECASE,
)

_CLOCK = re.compile(
    r"(?:(?:first |last )?(?:published|updated|posted|modified)(?: at)?:? ?)?"
    r"\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?$",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"(?:for immediate release|(?:under )?embargo(?:ed)? (?:until|till|to)\b.{0,60})[.:]?$", re.IGNORECASE
)

_PLACE_CAPS = r"[^\W\d_a-z][^\W\d_a-z.'’-]{1,24}(?: [^\W\d_a-z][^\W\d_a-z.'’-]{0,24}){0,3}"
_PLACE = r"[^\W\d_a-z][\w.'’-]{1,24}(?: [\w.'’-]{1,24}){0,3}"
_REGION = r"(?:[,/] ?[^\W\d_a-z][\w.'’-]{0,24}(?: [^\W\d_a-z][\w.'’-]{0,24}){0,2}){1,3}"
_DASHES = r"(?:--|[-–—―:])"
_SIGNED = rf"(?:\((?:{_AGENCY})(?:[/,] ?[\w .]{{2,30}})?\)|/{_AGENCY}/\.?)"
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:{_REGION})?,? ?(?:{_DATE},? ?)?{_SIGNED}\s*{_DASHES}?"
    rf"|{_PLACE}(?:{_REGION})?,? {_DATE}(?: \([\w ./]{{2,30}}\))?\s*{_DASHES}|{_SIGNED}\s*{_DASHES}?)(?=\s|[\"“‘(A-Z])"
)
_BARE_DATELINE = re.compile(rf"(?P<place>{_PLACE_CAPS})(?:{_REGION})?\s*(?:--|[–—―]|(?<=\s)-|:)(?=\s)")
_WORD = re.compile(r"\w")
_NOT_PLACES = frozenset(
    "BREAKING UPDATE UPDATED EXCLUSIVE WATCH LIVE OPINION ANALYSIS EDITORIAL VIDEO LISTEN READ MORE NOTE".split()
)

_SMALL_WORDS = frozenset(
    "a al an and as at bin but by da das de del der di dos du el en for from ibn if in into la le nor of off on or over"
    " per the to up van von vs with".split()
)
_FURNITURE = frozenset(
    "advertisement analysis breaking comments exclusive follow live more news opinion photos read related share story"
    " subscribe results update updated video watch why how what when who the this that".split()
)
_PARTICLES = frozenset("al bin ibn da das de del della der di dos du el la le van von ten ter y".split())
_ROLE = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|journalist|columnist|bureau|contributor|staff|chief|news|times|post"
    r"|agency|desk|magazine|analyst|producer)\b",
    re.IGNORECASE,
)


def line_kinds(lines: Sequence[str]) -> list[SentenceKind]:
    """The kind of each line of one article.

    Args:
        lines: the article's non-empty lines in order, without outer white space. A line that opens with a dateline is
            body here; `dateline_end` finds where the dateline ends.

    """
    return _Layout(lines).kinds()


def dateline_end(line: str, opening: bool) -> int:
    """How many characters of a body line are its dateline, `PARIS (AFP) -` say; 0 where it has none.

    Args:
        line: a body line without leading white space.
        opening: whether it is the article's first body line after the headline: there alone a place in capitals before
            a dash or colon is enough, with no agency and no date.

    """
    match = _DATELINE.match(line[:_LONGEST])
    if match is None and opening:
        match = _BARE_DATELINE.match(line[:_LONGEST])
        if match and (set(match["place"].split()) & _NOT_PLACES or (":" in match[0] and len(match["place"]) < 4)):
            match = None
    if match is None or not _WORD.search(line, match.end()):
        return 0
    return match.end()


class _Layout:
    """One article's lines, with what is known of each by its shape alone."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [line if len(line) <= _LONGEST else "" for line in lines]
        self.words = [line.split() for line in self.lines]
        self.stopped = [_has_stop(line) for line in self.lines]
        self.prose = [
            not line
            or len(words) >= 25
            or (stop and len(words) >= 8)
            or bool(_DATELINE.match(line) and len(words) >= 8)
            for line, words, stop in zip(self.lines, self.words, self.stopped, strict=True)
        ]
        self.pictures = self._picture_lines()
        self.head = self._head_length()

    def kinds(self) -> list[SentenceKind]:
        """Decide line by line; a byline once found makes later bare names picture lines."""
        kinds: list[SentenceKind] = []
        seen: set[SentenceKind] = set()
        for at in range(len(self.lines)):
            kind = self._kind(at, kinds[-1] if kinds else None, seen)
            kinds.append(kind)
            seen.add(kind)
        return kinds

    def _kind(self, at: int, above: SentenceKind | None, seen: set[SentenceKind]) -> SentenceKind:
        line = self.lines[at]
        if not line:
            return SentenceKind.BODY
        if _STAMP.match(line) or _CLOCK.match(line) or _RELEASE.match(line):
            return SentenceKind.DATELINE
        if _is_signed_byline(line):
            return SentenceKind.BYLINE
        opened, in_head = SentenceKind.HEADLINE in seen, at < self.head
        if above is SentenceKind.HEADLINE and _same(line, self.lines[at - 1]):
            return SentenceKind.HEADLINE
        if in_head and not opened and not self.pictures[at] and self._is_headline(at):
            return SentenceKind.HEADLINE
        if in_head and opened and self._is_byline(at, SentenceKind.BYLINE in seen):
            return SentenceKind.BYLINE
        if self.pictures[at]:
            return SentenceKind.CAPTION
        if _AGENCY_ONLY.match(line):
            return SentenceKind.CAPTION if SentenceKind.BYLINE in seen else SentenceKind.BYLINE
        if in_head and opened and not self.stopped[at]:
            return self._head_line(at, above)
        return SentenceKind.HEADLINE if self._is_subheading(at, above) else SentenceKind.BODY

    def _head_length(self) -> int:
        """The number of lines before two paragraphs in a row, which begin the story proper."""
        for at in range(min(len(self.lines), _HEAD_LINES)):
            following = self.prose[at + 1 : at + 2]
            if at and self.prose[at] and (following in ([True], []) or self.prose[at - 1]):
                return at
        return min(len(self.lines), _HEAD_LINES)

    def _picture_lines(self) -> list[bool]:
        """Credits, lines (not paragraphs) repeated under each other, and the short lines above a credit."""
        count = len(self.lines)
        found = [bool(line) and len(self.words[at]) <= 60 and _is_credit(line) for at, line in enumerate(self.lines)]
        credits = [picture and bool(_CREDIT_LINE.match(line)) for picture, line in zip(found, self.lines, strict=True)]
        for at in range(1, count - 1):
            if self.lines[at] and not self.prose[at] and _same(self.lines[at], self.lines[at + 1]):
                found[at] = found[at + 1] = True
        for at in range(1, count - 1):
            line = self.lines[at]
            if line and credits[at + 1] and not line.endswith(",") and line[0] not in _OPENING:
                found[at] = found[at] or len(self.words[at]) <= (12 if self.stopped[at] else 30)
        return found

    def _is_headline(self, at: int) -> bool:
        line, words = self.lines[at], self.words[at]
        if len(words) > 25 or line.endswith((",", ":", ";")) or dateline_end(line, opening=False):
            return False
        if len(self.lines) == 1:
            return len(words) >= 2 and not self.stopped[at] and _is_titled(words)
        ends_plainly = line.rstrip(_CLOSERS).endswith((".", "…")) and not line.endswith(("...", "…"))
        return not ends_plainly or (len(words) > 2 and _is_titled(words))

    def _is_byline(self, at: int, signed: bool) -> bool:
        """`Jane Doe,` and its like: names that nothing but their place in the head marks as a byline."""
        line, words = self.lines[at], self.words[at]
        if self.stopped[at] or len(words) > 14:
            return False
        if line.endswith((",", "|")):
            return _is_names(line.rstrip(",| "))
        if self.pictures[at] or signed:
            return False
        name, comma, rest = line.replace(" | ", ", ").partition(", ")
        if comma and _is_names(name):
            return bool(_ROLE.search(rest) or _STAMP.match(rest) or _AGENCY_ONLY.match(rest))
        return _are_names_in_places(line) and not any(self.pictures[at + 1 : at + 2])

    def _head_line(self, at: int, above: SentenceKind | None) -> SentenceKind:
        """A line of the head without a stop: a deck right under the headline, else a picture line if short."""
        words = self.words[at]
        if above is SentenceKind.HEADLINE and 4 <= len(words) <= 15:
            return SentenceKind.HEADLINE
        if len(words) <= 6 and _is_titled(words) and not self.lines[at].endswith((":", ";")):
            return SentenceKind.CAPTION
        return SentenceKind.BODY

    def _is_subheading(self, at: int, above: SentenceKind | None) -> bool:
        """A short line without a stop between two paragraphs, in title case, in capitals, or of six words at most."""
        line, words = self.lines[at], self.words[at]
        follows = above is SentenceKind.CAPTION or (
            above is SentenceKind.BODY and (self.prose[at - 1] or _is_furniture(self.words[at - 1]))
        )
        leads = any(self.prose[at + 1 : at + 2] + self.pictures[at + 1 : at + 2])
        if not follows or not leads or len(words) > 10:
            return False
        if line[-1] in ",:;-–—" or not (line[0].isupper() or line[0] in _OPENING or line[0].isdecimal()):
            return False
        if line.rstrip(_CLOSERS)[-1:] in set(_STOPS):
            return line.endswith("?") and len(words) > 2 and _is_titled(words)
        return not _is_furniture(words) and (len(words) <= 6 or _is_titled(words))


def _has_stop(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.rstrip(_CLOSERS)[-1:] in set(_STOPS)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _is_credit(line: str) -> bool:
    """Whether a line credits a picture: `Photo: Reuters`, `Flash 90`, `A mural in Quito. (AP Photo/Ana Ruiz)`."""
    if _CREDIT_INSIDE.search(line):
        return True
    return bool(_CREDIT_LINE.match(line)) and len(line.split()) <= 15


def _is_signed_byline(line: str) -> bool:
    """Whether a line says by itself that it is a byline: `By Jane Doe`, `Reporting by ...`, `Staff and agencies`."""
    if len(line.split()) > 20:
        return False
    if _STAFF.match(line) or _DESK_CREDIT.match(line) or _CONTACT.match(line):
        return True
    by = _BY.match(line)
    if by is None:
        return False
    name = re.split(r",| \||/| in | for | [—–-] |\(| and | & ", line[by.end() :], maxsplit=1)[0]
    return not _has_stop(line) and (_is_names(name) or bool(_AGENCY_ONLY.match(name) or _STAFF.match(name)))


def _is_names(text: str) -> bool:
    """Whether a text is one or more personal names of two to five words each, nothing else."""
    return all(_is_name(part.split()) for part in re.split(r",? and |, | & ", text.strip()))


def _are_names_in_places(text: str) -> bool:
    """Whether a text is personal names, each alone or `in Paris`, and nothing else."""
    parts = [part.partition(" in ") for part in re.split(r",? and |, | & ", text.strip())]
    return all(_is_names(name) and (not link or (place.istitle() and len(place) < 30)) for name, link, place in parts)


def _is_name(words: list[str]) -> bool:
    proper = [word for word in words if word.lower() not in _PARTICLES]
    if not 2 <= len(proper) <= 4 or len(words) > 5 or any(word.lower() in _FURNITURE for word in words):
        return False
    return all(
        word[0].isupper() and word.replace(".", "").replace("'", "").replace("’", "").replace("-", "").isalpha()
        for word in proper
    )


def _is_titled(words: list[str]) -> bool:
    """Whether most of the longer words begin with a capital, and not only the first."""
    weighty = [word.lstrip("\"'“‘([") for word in words]
    weighty = [word for word in weighty if word[:1].isalpha() and word.lower() not in _SMALL_WORDS]
    capitals = sum(word[0].isupper() for word in weighty)
    return bool(weighty) and capitals >= 0.7 * len(weighty) and (len(weighty) == 1 or capitals > 1)


def _is_furniture(words: list[str]) -> bool:
    """Whether a line is the site speaking: `Read more`, `Share this story`, `Advertisement`."""
    return words[0].lower().strip(":") in {
        "advertisement",
        "read",
        "share",
        "related",
        "subscribe",
        "follow",
        "watch",
        "click",
        "see",
    }
