"""What a tokenizer file may hold to be loaded: parts whose work and output stay in proportion to the text."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.errors import SlantwiseError
from slantwise.plain_text import plain

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["encode", "read_tokenizer"]

_LONGEST_FILE = 100_000_000
_MOST_GROWTH = 64
"""How many times its length a text may grow before it is cut into pieces; known tokenizers stay at 4."""
_LONGEST_REPLACEMENT = 64
_MOST_SPECIAL = 16
_LONGEST_WORD = 1000
"""Characters of a word that WordPiece tries to cut: it takes the square of their time; longer ones are unknown."""
_LONGEST_PREFIX = 16
_DO = "copy the model folder again"
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_tokenizer(path: Path) -> Tokenizer:
    """Read a tokenizer that neither pads nor truncates.

    Raises:
        SlantwiseError: the file holds none, or one that makes much of little, that takes long, or that draws lots.
    """
    from tokenizers import Tokenizer

    if path.stat().st_size > _LONGEST_FILE:
        raise SlantwiseError(f"a tokenizer in {path}", f"more than {_LONGEST_FILE // 1_000_000} MB", _DO)
    try:
        tokenizer = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        reason = _unsound(tokenizer)
    except BaseException as error:
        raise _wrong(error, f"a tokenizer in {path}", _DO) from error
    if reason:
        raise SlantwiseError(f"a tokenizer in {path} that stays in proportion to its text", reason, _DO)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode(tokenizer: Tokenizer, texts: list[str] | list[str | tuple[str, str]]) -> list[Encoding]:
    """Cut texts, or pairs of them, into sub-tokens; offsets count code points of the text as it is.

    Raises:
        SlantwiseError: the tokenizer cannot: its parts do not belong together.
    """
    try:
        try:
            return tokenizer.encode_batch(texts)
        except TypeError:
            # half a surrogate pair is no text to it; what stands in is as long, so that offsets stay
            return tokenizer.encode_batch([_whole(text) for text in texts])
    except BaseException as error:
        raise _wrong(error, "a tokenizer that cuts any text", "get the model anew from a source you trust") from error


def _whole(text: str | tuple[str, str]) -> str | tuple[str, str]:
    """The text, or both, with U+FFFD for every surrogate."""
    if isinstance(text, str):
        return _SURROGATE.sub("\ufffd", text)
    return _SURROGATE.sub("\ufffd", text[0]), _SURROGATE.sub("\ufffd", text[1])


def _wrong(error: BaseException, expected: str, do: str) -> SlantwiseError:
    """The library raises plain Exception, and BaseException where its Rust panics; what is not its own goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return SlantwiseError(expected, plain(lines[0])[:200], do)


def _unsound(tokenizer: Tokenizer) -> str | None:
    """What is wrong with its parts, each in its own JSON: the vocabulary, which is long, need not be parsed again."""
    model = tokenizer.model
    if (getattr(model, "max_input_chars_per_word", 0) or 0) > _LONGEST_WORD:
        return f"words of more than {_LONGEST_WORD} characters"
    for name in ("continuing_subword_prefix", "end_of_word_suffix"):
        if len(getattr(model, name, "") or "") > _LONGEST_PREFIX:
            return f"a {name} of more than {_LONGEST_PREFIX} characters"
    if getattr(model, "dropout", None):
        return "one that leaves out merges at random"
    growth = 1
    for part in _parts(tokenizer.normalizer):
        growth *= _growth(part)
        if growth > _MOST_GROWTH:
            return f"replacements that make a text more than {_MOST_GROWTH} times as long"
    special = 0
    for part in _parts(tokenizer.post_processor):
        ids = {name: len(each["ids"]) for name, each in part.get("special_tokens", {}).items()}
        templates = (part.get("single", ()), part.get("pair", ()))
        special += max(sum(1 + ids.get(each.get("SpecialToken", {}).get("id"), 0) for each in t) for t in templates)
        if special > _MOST_SPECIAL:
            return f"more than {_MOST_SPECIAL} special tokens around a text"
    return None


def _parts(component: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the library's parts share no type
    """The settings of a component, or of those that it is a sequence of."""
    if component is None:
        return
    waiting = [json.loads(component.__getstate__())]
    while waiting:
        part = waiting.pop()
        inner = part.get("normalizers") or part.get("processors")
        if part["type"] == "Sequence":
            waiting += reversed(inner or [])
        else:
            yield part


def _growth(normalizer: dict[str, Any]) -> int:
    """How many times its length a text may have after this part; a part that adds much is as bad as one that grows."""
    kind = normalizer["type"]
    if kind == "Replace":
        size = len(normalizer["content"])
        if size > _LONGEST_REPLACEMENT:
            return _MOST_GROWTH + 1
        # an expression may match nothing, and does so before each character
        return 1 + size if "Regex" in normalizer["pattern"] else max(1, size)
    if kind == "Prepend":
        return 1 if len(normalizer["prepend"]) <= _LONGEST_PREFIX else _MOST_GROWTH + 1
    if kind == "Precompiled":
        data = b64decode(normalizer["precompiled_charsmap"])
        # a double array of so many bytes, then the replacements, each with a zero after it
        size = int.from_bytes(data[:4], "little")
        longest = max(map(len, data[4 + size :].split(b"\0")))
        return 1 if longest <= _LONGEST_REPLACEMENT else _MOST_GROWTH + 1
    return 1
