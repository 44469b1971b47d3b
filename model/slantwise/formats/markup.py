"""Markdown and HTML as the plain text that a score's offsets point into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.util import find_spec
from typing import TYPE_CHECKING

from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["Page", "declared_encoding", "markdown_text", "need_web", "read_page"]

_YAML_KEY = re.compile(r"[\w-]+\s*:(\s|$)")
_TOML_KEY = re.compile(r"[\w.\"-]+\s*=|\[")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "ascii", "us-ascii"})


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a web page: its text, headline first, and what the page says of itself."""

    text: str
    outlet: str | None
    published: str | None


def markdown_text(source: str) -> str:
    """The plain text of Markdown (CommonMark, tables, strike-through).

    Front matter, marks, link targets, comments and tags go; the words of links, code and images' descriptions stay.
    A paragraph is one line, as it would be on a page, and stands in the line where its source starts: line numbers of
    the text are line numbers of the file. Cells of a table row are separated by tabs.
    """
    from markdown_it import MarkdownIt

    source = _without_front_matter(re.sub(r"\r\n?", "\n", source))
    lines = [""] * (source.count("\n") + 1)
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source):
        if token.map is None:
            continue
        if token.type == "inline":
            _place(lines, token.map[0], _inline_text(token.children or ()))
        elif token.type == "html_block":
            _place(lines, token.map[0], _tagless(token.content))
        elif token.type in {"fence", "code_block"}:
            _place(lines, token.map[0] + (token.type == "fence"), token.content)
    return "\n".join(lines).rstrip("\n")


def declared_encoding(page: bytes) -> str | None:
    """The encoding that a page's `<meta>` declares. Browsers read Latin-1 as windows-1252, and so do we."""
    match = _CHARSET.search(page[:4096])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    if name in _LATIN_1:
        return "windows-1252"
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        # Unknown; or UTF-16, which a page cannot declare in the ASCII letters that were just matched.
        return None
    return name


def need_web(origin: str) -> None:
    """Check that HTML can be read, without loading what reads it.

    Raises:
        SlantwiseError: the `web` extra is not installed.

    """
    if find_spec("trafilatura") is None:
        raise _web_missing(origin)


def read_page(html: str, origin: str) -> Page:
    """Extract a page's article: no menus, adverts or comments. Its title becomes the first line if it is not already.

    Raises:
        SlantwiseError: the `web` extra is not installed, or the page holds no article.

    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise _web_missing(origin) from error
    # An XML declaration's encoding is out of date once the page is text, and lxml refuses it.
    found = bare_extraction(re.sub(r"^\s*<\?xml[^>]*\?>", "", html), with_metadata=True, include_comments=False)
    text = (found.text or "").strip() if found is not None else ""
    if not text:
        raise SlantwiseError(f"an article in the page {origin}", "none", "save the article's text as .txt")
    title = " ".join((found.title or "").split())
    if title and not text.startswith(title):
        text = f"{title}\n{text}"
    return Page(text, found.sitename or None, found.date or None)


def _web_missing(origin: str) -> SlantwiseError:
    return SlantwiseError(
        f"trafilatura, to read the web page {origin}", "it is not installed", "run: pip install 'slantwise[web]'"
    )


def _without_front_matter(source: str) -> str:
    """Blank the lines of YAML (`---`) or TOML (`+++`) front matter; a text that opens with a rule has none."""
    lines = source.split("\n")
    fence = lines[0].rstrip()
    key = {"---": _YAML_KEY, "+++": _TOML_KEY}.get(fence)
    if key is None:
        return source
    ends = {"---", "..."} if fence == "---" else {"+++"}
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ends), None)
    inside = [line for line in lines[1:end] if line.strip() and not line.lstrip().startswith("#")]
    if end is None or (inside and not key.match(inside[0])):
        return source
    return "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _place(lines: list[str], row: int, text: str) -> None:
    for i, line in enumerate(text.rstrip("\n").split("\n"), row):
        lines[i] = f"{lines[i]}\t{line}" if lines[i] else line


def _inline_text(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak":
            parts.append("\n")
        elif token.type == "image":
            parts.append(_inline_text(token.children or ()).replace("\n", " "))
        elif token.type == "html_inline":
            parts.append(" " if token.content.lower().startswith("<br") else "")
        else:
            parts.append(token.content.replace("\n", " "))
    return "".join(parts)


class _Words(HTMLParser):
    """Collects what is between tags, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        self.parts.append("\n" * data.count("\n") if self._inside else data)

    def handle_comment(self, data: str) -> None:
        self.parts.append("\n" * data.count("\n"))


def _tagless(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.parts)
