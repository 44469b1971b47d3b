"""Articles made to break a reader: a seeded generator, and hypothesis strategies over the same pieces."""

from collections.abc import Callable, Iterator
from random import Random

from hypothesis import strategies as st

WHO = (
    "Ann Lee",
    "the minister",
    "Bo Dun, 44, a miller,",
    "AFN",
    "an unnamed source in the ministry",
    "he",
    "They",
    "I",
)
SAID = ("said", "told reporters", "was quoted by AFN as saying", "denied", "accused Tarn of", "went on", "cited")
WHAT = ("the vile plan may fail", "that it rains in Tarn", "Norland backs the ruinous tax", "Lopo's men won't go")
CLOSERS = {'"': '"', "“": "”", "«": "»", "'": "'", "‘": "’", "„": "“", "``": "''", "「": "」"}
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
BREAKS = ("\n", "\r\n", "\r", "\n\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\t", "\xa0", "\u3000")
MARKS = ".,;:!?…\"'“”‘’«»()[]{}<>-–—/\\|*_#~^`@&%$€£+=§¶†•"
PICTURES = (
    "👩🏽\u200d🚀",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🇳🇴",
    "❤\ufe0f",
    "e\u0301",
    "𝔘",
)
OTHER_SCRIPTS = ("قال الوزير إن الخطة قد تفشل.", "„Так”, сказал он.", "「雨だ」と彼は言った。", "השר אמר כי ירד גשם.")
HOSTILE = (
    "<script>alert(1)</script>",
    "</style>",
    '" onload="x()',
    "{{ 7*7 }}",
    "<!--",
    "&lt;b&gt;&#60;",
    "]]>",
    "javascript:x",
)


def sentence(random: Random) -> str:
    """One sentence of news, with its attribution in one of many shapes."""
    who, said, what, mark = (random.choice(each) for each in (WHO, SAID, WHAT, [*CLOSERS]))
    shape = random.randrange(8)
    quoted = f"{mark}{what}{CLOSERS[mark]}"
    return (
        f"{who} {said} {what}.", f"{quoted}, {who} {said}.", f"{what}, according to {who}.", f"{who}: {quoted}",
        f"{what}, {said} {who}, citing AFN.", f"{mark}{what}", f"{who}, who {said}, {said}: {quoted}.", f"{what}.",
    )[shape]  # fmt: skip


def story(random: Random, sentences: int = 6) -> str:
    """Some such sentences, in paragraphs."""
    return "".join(sentence(random) + random.choice((" ", "\n", "\n\n")) for _ in range(sentences))


def _sprinkled(random: Random, text: str, extra: str, share: float = 0.1) -> str:
    return "".join(c + (random.choice(extra) if random.random() < share else "") for c in text)


def _nested(random: Random) -> str:
    marks = random.choices([*CLOSERS], k=random.randrange(2, 40))
    opened = "".join(f"{mark}{random.choice(WHAT)} " for mark in marks)
    return opened + " ".join(CLOSERS[mark] for mark in reversed(marks)) + f" {random.choice(WHO)} said."


def _unbalanced(random: Random) -> str:
    words = story(random).split(" ")
    return " ".join(random.choice(('"', "“", "”", "'", "«", "")) + word for word in words)


def _chain(random: Random) -> str:
    return " ".join(f"{random.choice(WHO)} {random.choice(SAID)} that" for _ in range(40)) + " it rains."


def _table(random: Random) -> str:
    edge = random.choice(("|", "\t", ";", " | "))
    rows = [edge.join(random.choice((*WHO, *SAID, "1,234.5", "", "—")) for _ in range(6)) for _ in range(12)]
    return "\n".join([rows[0], edge.join(["---"] * 6), *rows[1:]])


def _code(random: Random) -> str:
    lines = [f"    if x[{n}] != '{random.choice(WHAT)}': return \"{random.choice(WHO)} said\"  # {n}" for n in range(8)]
    return "```python\ndef f(x):\n" + "\n".join(lines) + "\n```\n" + story(random, 2)


def _links(random: Random) -> str:
    links = (f"https://example.org/{random.randrange(10**6)}?q='said'&x=\"y\"#{word}" for word in WHO)
    return " ".join(f"{link} {random.choice(WHAT)} a.b@c.example" for link in links)


def _turns(random: Random) -> str:
    names = ("Q:", "A:", "Q.", "A :", "LEE:", "DUN:", '"LEE:', "Minister:")
    return "\n".join(f"{random.choice(names)} {sentence(random)}" for _ in range(14))


def _combining(random: Random) -> str:
    return _sprinkled(random, story(random, 3), "".join(map(chr, range(0x300, 0x36F))), 0.9)


RECIPES: dict[str, Callable[[Random], str]] = {
    "nested quotes": _nested,
    "unbalanced quotes": _unbalanced,
    "zero-width": lambda random: _sprinkled(random, story(random), INVISIBLE),
    "direction controls": lambda random: _sprinkled(random, story(random), DIRECTIONS),
    "capitals": lambda random: story(random).upper(),
    "small letters": lambda random: story(random).lower(),
    "tables": _table,
    "links": _links,
    "code": _code,
    "emoji": lambda random: " ".join(word + random.choice(PICTURES) for word in story(random).split()),
    "other scripts": lambda random: "\n".join(random.choice((*OTHER_SCRIPTS, sentence(random))) for _ in range(8)),
    "control characters": lambda random: _sprinkled(random, story(random), "".join(map(chr, range(32))) + "\x7f\x9f"),
    "combining marks": _combining,
    "punctuation alone": lambda random: "".join(random.choices(MARKS + " \n", k=400)),
    "breaks": lambda random: "".join(sentence(random) + random.choice(BREAKS) for _ in range(12)),
    "hostile markup": lambda random: " ".join(word + random.choice(HOSTILE) for word in story(random, 3).split()),
    "lone surrogates": lambda random: _sprinkled(random, story(random), "\ud800\udfff\udc00", 0.05),
    "chains of sources": _chain,
    "turns": _turns,
    "apostrophes": lambda random: story(random).replace(" ", random.choice(("' ", " '", "’ ", "'s ", " '90s "))),
}


def adversarial_articles(count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield `count` articles as name and text: each recipe in turn, the same for the same seed."""
    names = [*RECIPES]
    for number in range(count):
        name = names[number % len(names)]
        yield f"{name} {number // len(names)}", RECIPES[name](Random(f"{seed}/{number}"))


def adversarial_texts() -> st.SearchStrategy[str]:
    """Texts of the same pieces, put together by hypothesis, which shrinks what fails."""
    pieces = st.sampled_from(
        [*WHO, *SAID, *WHAT, *CLOSERS, *CLOSERS.values(), *BREAKS, *INVISIBLE, *DIRECTIONS, *PICTURES, *OTHER_SCRIPTS,
         *HOSTILE, " ", " ", ", ", ". ", ": ", "?", "!", "according to", " that ", "Q: ", "A: ", "\x00", "\ud800", "—"]
    )  # fmt: skip
    return st.lists(pieces | st.text(max_size=8), max_size=60).map("".join)
