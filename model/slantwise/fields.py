"""Typed access to the fields of a JSON object: each check names the field, what was expected and what was found.

Files of other tools are read with these too, so that every bad row is refused in the same words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, TypeVar

from slantwise.errors import AskedWrong, BadRow, BadSpan, SlantwiseError

__all__ = [
    "OnBad",
    "boolean",
    "integer",
    "items",
    "json_line",
    "json_value",
    "keyed",
    "number",
    "read_rows",
    "shown",
    "string",
    "word",
]

Word = TypeVar("Word", bound=StrEnum)
Row = TypeVar("Row")
OnBad: TypeAlias = Callable[[BadRow], None]
"""Called with each bad row in lenient reading; the caller counts them."""

_LONGEST = 60
"""Found values are shown up to this many characters."""


def keyed(
    value: object, field: str, required: Collection[str] = (), optional: Collection[str] | None = ()
) -> dict[str, Any]:
    """The value as a JSON object with all required keys and no unknown ones (`optional=None`: any others).

    Raises:
        BadSpan: it is no object, a key is missing, or a key is unknown.

    """
    if not isinstance(value, dict):
        _refuse(field or "(row)", "an object", value)
    for name in required:
        if name not in value:
            raise BadSpan(_below(field, name), "a value", "nothing")
    if optional is not None:
        for name in value:
            if name not in required and name not in optional:
                known = ", ".join((*required, *optional))
                raise BadSpan(_below(field, name), f"no field but: {known}", f"an unknown field {name!r}")
    return value


def items(value: object, field: str) -> list[Any]:
    """The value as a JSON array.

    Raises:
        BadSpan: it is none.

    """
    if not isinstance(value, list):
        _refuse(field, "an array", value)
    return value


def string(value: object, field: str) -> str:
    """The value as a string that UTF-8 can hold.

    Raises:
        BadSpan: it is no string, or holds half of a surrogate pair.

    """
    if not isinstance(value, str):
        _refuse(field, "a string", value)
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise BadSpan(field, "Unicode text", "half of a surrogate pair")
    return value


def integer(value: object, field: str) -> int:
    """The value as a whole number, not negative.

    Raises:
        BadSpan: it is none (true and 1.0 are not).

    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        _refuse(field, "a whole number from 0", value)
    return value


def number(value: object, field: str) -> float:
    """The value as a number.

    Raises:
        BadSpan: it is none (true is not), or too large for one.

    """
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e300:
        _refuse(field, "a number", value)
    return float(value)


def boolean(value: object, field: str) -> bool:
    """The value as true or false.

    Raises:
        BadSpan: it is neither.

    """
    if not isinstance(value, bool):
        _refuse(field, "true or false", value)
    return value


def word(value: object, kind: type[Word], field: str) -> Word:
    """The value as a member of an Enum.

    Raises:
        BadSpan: it is not one of the Enum's words; the message lists them.

    """
    try:
        return kind(string(value, field))
    except ValueError as error:
        if isinstance(error, BadSpan):
            raise
        raise BadSpan(field, f"one of: {', '.join(kind)}", shown(value)) from None


def json_value(raw: str | bytes) -> object:
    """Parse JSON text; more strictly than `json.loads`: UTF-8, no NaN, no infinity, no key twice.

    Raises:
        BadSpan: it is not JSON; the field is `(row)`.

    """
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8")
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadSpan("(row)", "UTF-8 text", f"byte {error.object[error.start]:#04x} at {error.start}") from None
    except json.JSONDecodeError as error:
        raise BadSpan("(row)", "JSON", f"{error.msg} at character {error.pos}") from None
    except RecursionError:
        raise BadSpan("(row)", "JSON", "values nested too deeply") from None
    except BadSpan:
        raise
    except ValueError:  # Python converts no more digits than this, as it takes the square of their time
        raise BadSpan("(row)", "JSON", "a number of thousands of digits") from None


def read_rows(path: Path, parse: Callable[[object, int], Row], on_bad: OnBad | None = None) -> Iterator[Row]:
    """Parse each line of a JSONL file; blank lines are no rows.

    Args:
        path: the file; UTF-8, with or without a byte order mark. Only a line feed ends a line.
        parse: makes a row of a line's JSON value and number, and raises BadSpan where it cannot.
        on_bad: called with each bad row, which is then passed over; None raises it.

    Raises:
        AskedWrong: there is no such file.
        BadRow: a line is no row, and `on_bad` is None.

    """
    try:
        lines = path.open("rb")
    except OSError as error:
        raise AskedWrong(f"a readable file {path}", error.strerror or type(error).__name__, "check the path") from None
    with lines:
        for line, raw in enumerate(lines, start=1):
            if line == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if not raw.strip():
                continue
            try:
                row = parse(json_value(raw), line)
            except BadSpan as error:
                bad = BadRow(path, line, error.field, error.expected, error.found)
                if on_bad is None:
                    raise bad from None
                on_bad(bad)
                continue
            yield row


def json_line(row: dict[str, Any], name: str) -> bytes:
    """One line of JSONL in UTF-8; `name` says whose row it is where it cannot be written.

    Raises:
        SlantwiseError: the row holds half of a surrogate pair, NaN or an infinity.

    """
    try:
        return json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"
    except ValueError as error:
        raise SlantwiseError("Unicode text and finite numbers", f"{error} in {name}", "correct the record") from None


def shown(value: object) -> str:
    """A JSON value as an error shows it: in ASCII, cut where it is long."""
    text = ascii(value) if isinstance(value, str) else json.dumps(value, default=repr)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def _below(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _refuse(field: str, expected: str, value: object) -> NoReturn:
    raise BadSpan(field, expected, shown(value))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadSpan(twice, "each field once", f"the field {twice!r} twice")
    return whole


def _no_constant(name: str) -> NoReturn:
    raise BadSpan("(row)", "JSON numbers", name)
