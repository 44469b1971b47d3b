"""Markdown and HTML as the plain text that a score's offsets point into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from typing import TYPE_CHECKING

from slantwise.errors import SlantwiseError

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["Page", "declared_encoding", "markdown_text", "need_web", "read_page"]

_YAML_KEY = re.compile(r"[\w-]+\s*:(\s|$)")
_TOML_KEY = re.compile(r"[\w.\"-]+\s*=|\[")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_OPENING = re.compile(r"<(?:!--|!\[CDATA\[|[!?/]|(?P<name>[a-zA-Z][^\s/>]{0,100}))")
_CLOSERS = {"<!--": "-->", "<![CDATA[": "]]>"}
_RAW = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style")}
"""Elements whose inside is no text, and what ends them."""
_STEP = re.compile(r">|=\s*[\"']")
_LONG_NUMBER = re.compile("&#(?:[0-9]{1000,}|[xX][0-9a-fA-F]{1000,});?")
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
        elif token.type in {"fence", "code_block"} and token.content:
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


def _tagless(html: str) -> str:
    """What is between tags, with the line ends alone of scripts, styles and comments.

    Linear in the length, whatever is left open; the library's parser takes the square, and raises on "<![<![".
    """
    parts: list[str] = []
    at, never = 0, set[str]()
    while found := _OPENING.search(html, at):
        parts.append(_unescaped(html[at : found.start()]))
        closer = _CLOSERS.get(found.group(), ">")
        end = -1 if closer in never else _end_of(html, found, closer)
        if end < 0:
            # left open: so are all later ones, and the words are words
            never.add(closer)
            parts.append(found.group())
            at = found.end()
            continue
        at = end
        if found.group() == "<!--":
            parts.append("\n" * html.count("\n", found.end(), end))
        elif closing := _RAW.get(found.group("name").lower() if found.group("name") else ""):
            last = closing.search(html, end)
            at = last.end() if last else len(html)
            parts.append("\n" * html.count("\n", end, at))
    parts.append(_unescaped(html[at:]))
    return "".join(parts)


def _end_of(html: str, opening: re.Match[str], closer: str) -> int:
    """Where a tag, comment or declaration ends, or -1; a mark in a quoted attribute does not end its tag."""
    at = opening.end()
    if not opening.group("name"):
        found = html.find(closer, at)
        return found + len(closer) if found >= 0 else -1
    while (step := _STEP.search(html, at)) and step.group() != ">":
        close = html.find(step.group()[-1], step.end())
        at = close + 1 if close >= 0 else step.end()
    return step.end() if step else -1


def _unescaped(text: str) -> str:
    """Character references as what they stand for; Python refuses numbers of thousands of digits."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text
