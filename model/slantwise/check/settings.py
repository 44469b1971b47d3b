"""Which rules and limits hold for a file: rules on by themselves, the settings file, the section, the command line.

Each layer may `select` (these rules and no others), `ignore`, and `fail-on` (limits, which turn their rules on). A
later layer outranks an earlier one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from slantwise.check.limits import Limit, parse_limit
from slantwise.check.rules import RULES, Rule, find_rule, find_rules, nearest
from slantwise.errors import AskedWrong, SlantwiseError

__all__ = ["DEFAULT_SECTION", "Layer", "Ruling", "SettingsFile", "find_settings", "layer_of", "read_settings", "ruling"]

DEFAULT_SECTION = "news"
_OWN_FILE, _PROJECT_FILE = "slantwise.toml", "pyproject.toml"
_TOLERATED = ("loaded", "loaded-sentence", "author-against", "author-favor")
_LAYER_KEYS = ("select", "ignore", "fail-on")


@dataclass(frozen=True, slots=True)
class Layer:
    """One place's wishes. `select` of None leaves the rules as they were; `where` names the place in messages.

    Raises:
        AskedWrong: a rule is ignored and limited in the same place.

    """

    select: tuple[Rule, ...] | None = None
    ignore: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    where: str = "the command line"

    def __post_init__(self) -> None:
        for limit in self.limits:
            if limit.rule in self.ignore:
                found = f"ignore {limit.rule.name} and {limit}"
                raise AskedWrong(f"a rule ignored or limited in {self.where}", found, "leave one of them out")


_BUILT_IN: Mapping[str, Layer] = {
    "news": Layer(where="the section news"),
    "opinion": Layer(ignore=tuple(map(find_rule, _TOLERATED)), where="the section opinion"),
}


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file. `sections` are those it describes; `files` are each section's patterns, in the file's order."""

    path: Path | None = None
    base: Layer = field(default_factory=Layer)
    section: str = DEFAULT_SECTION
    sections: Mapping[str, Layer] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def section_of(self, path: Path | None) -> str:
        """The section of an article's file: the first whose pattern fits its path below the settings file's folder."""
        if path is not None and self.path is not None:
            below = _below(path, self.path.parent)
            for section, patterns in self.files.items():
                if any(fnmatchcase(below, pattern) for pattern in patterns):
                    return section
        return self.section

    def layer(self, section: str) -> Layer:
        """What holds in a section.

        Raises:
            AskedWrong: the section is unknown; names the nearest.

        """
        if section in self.sections:
            return self.sections[section]
        if section in _BUILT_IN:
            return _BUILT_IN[section]
        known = dict.fromkeys([*_BUILT_IN, *self.sections])
        raise AskedWrong("a section of the settings, or news or opinion", repr(section), nearest(section, known))


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules that are on for a file, and their limits; `barred` would be on, but may not."""

    section: str
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    barred: tuple[Rule, ...] = ()


def ruling(
    on_by_themselves: Collection[str],
    settings: SettingsFile,
    path: Path | None,
    command_line: Layer,
    section: str | None = None,
    barred: Collection[str] = (),
) -> Ruling:
    """What holds for one file.

    Args:
        on_by_themselves: the codes of rules.
        settings: the settings file.
        path: the article's file, None for standard input without a name.
        command_line: what the user asked for.
        section: the section the user named; None leaves it to the settings.
        barred: the codes of rules that are off whatever is asked for, and their limits with them.

    Raises:
        AskedWrong: the section is unknown.

    """
    name = settings.section_of(path) if section is None else section
    on = {*on_by_themselves, *barred}
    limits: list[Limit] = []
    for layer in (settings.base, settings.layer(name), command_line):
        if layer.select is not None:
            on = {rule.code for rule in layer.select}
        on |= {limit.rule.code for limit in layer.limits}
        on -= {rule.code for rule in layer.ignore}
        replaced = {_direction(limit) for limit in layer.limits}
        limits = [limit for limit in limits if limit.rule.code in on and _direction(limit) not in replaced]
        limits += layer.limits
    return Ruling(
        name,
        tuple(rule for rule in RULES if rule.code in on and rule.code not in barred),
        tuple(limit for limit in limits if limit.rule.code not in barred),
        tuple(rule for rule in RULES if rule.code in on and rule.code in barred),
    )


def layer_of(
    select: Sequence[str] | None, ignore: Sequence[str], fail_on: Sequence[str], where: str = "the command line"
) -> Layer:
    """A layer from words: codes, names, beginnings of codes and `all`; limits as in `parse_limit`.

    Raises:
        AskedWrong: a rule is unknown, a limit is none, or a rule is both ignored and limited.

    """
    try:
        chosen = None if select is None else _rules(select)
        limits = tuple(parse_limit(text) for text in fail_on)
        ignored = _rules(ignore)
    except AskedWrong as error:
        raise AskedWrong(f"{error.expected} in {where}", error.found, error.do) from error
    return Layer(chosen, ignored, limits, where)


@cache
def find_settings(folder: Path) -> SettingsFile:
    """The settings for a folder: of `slantwise.toml` or `pyproject.toml` with `[tool.slantwise]`, in it or upwards.

    The nearest folder counts, and in one folder `slantwise.toml`. Without any: no wishes.

    Args:
        folder: an absolute path.

    Raises:
        AskedWrong: the file has unknown keys, rules, limits or sections.
        SlantwiseError: it cannot be read.

    """
    for place in (folder, *folder.parents):
        if (place / _OWN_FILE).is_file():
            return read_settings(place / _OWN_FILE)
        project = place / _PROJECT_FILE
        if project.is_file() and "slantwise" in _tool(_toml(project)):
            return read_settings(project)
    return SettingsFile()


def read_settings(path: Path) -> SettingsFile:
    """Read one settings file: `[check]` of any TOML file, `[tool.slantwise.check]` of a pyproject.toml.

    Raises:
        AskedWrong: there is no such file; it has unknown keys, rules, limits or sections.
        SlantwiseError: it cannot be read.

    """
    if not path.is_file():
        raise AskedWrong(f"a settings file at {path}", "no such file", "check the path")
    whole: Mapping[str, Any] = _toml(path)
    if path.name == _PROJECT_FILE:
        whole = _table(_tool(whole).get("slantwise", {}), f"tool.slantwise of {path}")
    table = _table(_known(whole, ("check",), str(path)).get("check", {}), f"check of {path}")
    _known(table, (*_LAYER_KEYS, "section", "sections"), f"check of {path}")
    sections: dict[str, Layer] = {}
    files: dict[str, tuple[str, ...]] = {}
    for name, value in _table(table.get("sections", {}), f"check.sections of {path}").items():
        where = f"section {name} of {path}"
        section = _known(_table(value, where), (*_LAYER_KEYS, "files"), where)
        sections[name] = _layer(section, where, _BUILT_IN.get(name))
        files[name] = _words(section, "files", where) or ()
    chosen = table.get("section", DEFAULT_SECTION)
    if not isinstance(chosen, str):
        raise _wrong("a section's name", chosen, f"section of {path}")
    settings = SettingsFile(path, _layer(table, str(path)), chosen, sections, files)
    settings.layer(chosen)
    return settings


def _layer(table: Mapping[str, Any], where: str, built_in: Layer | None = None) -> Layer:
    """A table's layer; a section of the user's keeps what the built-in one ignores, unless it says what to ignore."""
    select, fail_on = _words(table, "select", where), _words(table, "fail-on", where)
    ignore = _words(table, "ignore", where)
    if ignore is None and built_in is not None:
        named = {limit.rule for limit in layer_of(None, (), fail_on or (), where).limits}
        named |= set(layer_of(select, (), (), where).select or ())
        ignore = tuple(rule.code for rule in built_in.ignore if rule not in named)
    return layer_of(select, ignore or (), fail_on or (), where)


def _direction(limit: Limit) -> tuple[str, bool, str]:
    """What a later layer's limit replaces: one on the same rule, of the same kind, from the same side."""
    return limit.rule.code, limit.is_share, limit.sign[0]


def _rules(words: Sequence[str]) -> tuple[Rule, ...]:
    chosen = {rule.code for word in words for rule in find_rules(word)}
    return tuple(rule for rule in RULES if rule.code in chosen)


def _words(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...] | None:
    value = table.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong("a list of strings", value, f"{key} of {where}")
    return tuple(value)


def _known(table: Mapping[str, Any], keys: Sequence[str], where: str) -> Mapping[str, Any]:
    for key in table:
        if key not in keys:
            raise AskedWrong(f"a known key in {where}", repr(key), nearest(key, keys))
    return table


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong("a table", value, where)
    return value


def _wrong(expected: str, value: object, where: str) -> AskedWrong:
    return AskedWrong(f"{expected} as {where}", repr(value)[:60], "see docs/check.md")


def _tool(project: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = project.get("tool", {})
    return tool if isinstance(tool, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise SlantwiseError(f"to read {path}", error.strerror or str(error), "check its permissions") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AskedWrong(f"TOML in {path}", str(error), "correct the file") from error


def _below(path: Path, folder: Path) -> str:
    """The path below the folder, with / between its parts; of a path elsewhere all of it."""
    path = path.absolute()
    folder = folder.absolute()
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
