"""What a request asks for: an article, targets and topics, from JSON, plain text or a form."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePath
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from slantwise.article import Article
from slantwise.errors import BadSpan, EmptyArticle, SlantwiseError
from slantwise.fields import boolean, items, json_value, keyed, shown, string
from slantwise.formats import open_articles
from slantwise.formats.inputs import format_of
from slantwise.serve.limits import Limits
from slantwise.serve.refusals import Refusal
from slantwise.targets import WantedTarget, parse_target

__all__ = ["Asked", "asked_by_form", "asked_by_json", "body_of"]

_ABOUT = ("id", "outlet", "published", "section")
_KEYS = ("targets", "topics", "quotes_as_author", *_ABOUT)
_FIELDS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """An article to score, and how."""

    article: Article
    targets: tuple[WantedTarget, ...] = ()
    topics: tuple[WantedTarget, ...] = ()
    quotes_as_author: bool = False


@dataclass(frozen=True, slots=True)
class _Upload:
    name: str
    data: bytes


async def body_of(request: Request, limits: Limits) -> bytes:
    """The body of a request, in memory.

    Raises:
        Refusal: it is larger (413) or slower (408) than the limits allow.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limits.max_bytes:
        raise _too_large(limits, f"{int(declared)} bytes")
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                size += len(part)
                if size > limits.max_bytes:
                    raise _too_large(limits, "more")
                parts.append(part)
    except TimeoutError:
        found = f"part of it after {limits.seconds:g} s"
        raise Refusal(408, "a whole body", found, "send it faster") from None
    return b"".join(parts)


def asked_by_json(body: bytes, content_type: str, limits: Limits) -> Asked:
    """What a request to `/v1/score` asks for: a JSON object or string, or plain text in UTF-8.

    Raises:
        Refusal: another content type (415), or a body that is not as it says (400, 422).
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        try:
            return Asked(_article(body.decode("utf-8"), {}))
        except UnicodeDecodeError as error:
            raise Refusal(400, "text in UTF-8", f"another byte at {error.start}", "encode it so") from None
    if kind != "application/json":
        do = "send JSON, and say so in Content-Type"
        raise Refusal(415, "application/json or text/plain", shown(kind or None), do)
    try:
        return _asked(json_value(body), limits)
    except BadSpan as error:
        raise Refusal(400, f"{error.expected} at {error.field}", error.found, "see /openapi.json") from None
    except ValueError as error:
        # a number of thousands of digits
        raise Refusal(400, "JSON", str(error), "see /openapi.json") from None


async def asked_by_form(body: bytes, headers: Headers, limits: Limits) -> Asked:
    """What the page's form asks for: text that was pasted, or a file that was uploaded.

    Raises:
        Refusal: it is no such form (400, 415), or has no article (422).
        SlantwiseError: the file cannot be read as an article.
    """
    fields = await _form(body, headers)
    lines = [line.strip() for line in str(fields.get("targets") or "").splitlines() if line.strip()]
    targets = _wanted(lines, "targets", limits)
    quotes = bool(fields.get("quotes_as_author"))
    upload = fields.get("file")
    if isinstance(upload, _Upload) and upload.name:
        return Asked(_uploaded(upload), targets, (), quotes)
    # browsers end the lines of a form with both characters, whatever was pasted
    text = str(fields.get("text") or "").replace("\r\n", "\n")
    return Asked(_article(text, {"id": "pasted"}), targets, (), quotes)


def _asked(value: object, limits: Limits) -> Asked:
    if isinstance(value, str):
        value = {"text": value}
    row = keyed(value, "", ("text",), _KEYS)
    about = {name: string(row[name], name) for name in _ABOUT if row.get(name) is not None}
    targets, topics = (_wanted(items(row.get(key, []), key), key, limits) for key in ("targets", "topics"))
    quotes = boolean(row.get("quotes_as_author", False), "quotes_as_author")
    return Asked(_article(string(row["text"], "text"), about), targets, topics, quotes)


def _wanted(given: Sequence[object], field: str, limits: Limits) -> tuple[WantedTarget, ...]:
    if len(given) > limits.names:
        raise Refusal(400, f"at most {limits.names} {field}", str(len(given)), "ask for fewer at a time")
    return tuple(parse_target(string(each, f"{field}[{i}]")) for i, each in enumerate(given))


def _article(text: str, about: Mapping[str, str]) -> Article:
    if "\0" in text:
        found = f"a NUL character at offset {text.index(chr(0))}"
        raise Refusal(422, "text", found, "remove it")
    if not text.strip():
        raise EmptyArticle("text")
    return Article(
        about.get("id") or "article", text, about.get("outlet"), about.get("published"), about.get("section")
    )


def _uploaded(upload: _Upload) -> Article:
    """The article in an uploaded file, whose name tells its format and nothing else: no file is opened."""
    name = PurePath(upload.name.replace("\\", "/")).name
    format_, compression, stem = format_of(Path(name))
    if format_ is None or format_.is_table or compression is not None:
        raise Refusal(415, "a .txt, .md or .html file", shown(name), "save it as one of these, or paste its text")
    try:
        article = next(iter(open_articles(["-"], stdin_format=format_, stdin=BytesIO(upload.data))))
    except SlantwiseError as error:
        raise Refusal(422, error.expected.replace("stdin", name), error.found, error.do) from error
    return replace(article, id=stem or "uploaded")


async def _form(body: bytes, headers: Headers) -> dict[str, _Upload | str]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS))
        except ValueError as error:
            raise Refusal(400, "a form", str(error), "use the page's own form") from error
    if kind != "multipart/form-data":
        raise Refusal(415, "a form", shown(kind or None), "use the page's own form")
    try:
        parser = _InMemory(headers, _once(body), max_files=1, max_fields=_FIELDS, max_part_size=len(body) + 1)
        form = await parser.parse()
    except MultiPartException as error:
        raise Refusal(400, "a form", error.message, "use the page's own form") from error
    try:
        return {
            name: value if isinstance(value, str) else _Upload(value.filename or "", await value.read())
            for name, value in form.items()
        }
    finally:
        await form.close()


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
    yield b""


class _InMemory(MultiPartParser):
    """A form whose files never touch the disk: the body is in memory already, and bounded."""

    spool_max_size = 1 << 40


def _too_large(limits: Limits, found: str) -> Refusal:
    do = "send less, or start the server with a larger --max-bytes"
    return Refusal(413, f"a body of at most {limits.max_bytes} bytes", found, do)
