"""Limits on what the rules find: `loaded>=2`, `anonymous>=50%`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from slantwise.check.findings import Finding, Found
from slantwise.check.rules import Rule, find_rule
from slantwise.errors import AskedWrong

__all__ = ["Limit", "Measured", "measure", "parse_limit"]

_LIMIT = re.compile(
    r"\s*(?P<rule>[A-Za-z][\w-]*)\s*(?P<sign>>=|<=|==|=|>|<)\s*(?P<number>\d{1,9}(?:\.\d{1,9})?)\s*(?P<percent>%)?\s*",
    re.ASCII,
)
_SIGNS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
}
_GRAMMAR = "a limit such as 'loaded>=2' or 'anonymous>=50%'"


@dataclass(frozen=True, slots=True)
class Limit:
    """Fail where the number of a rule's findings, or their share in per cent, compares so with a number."""

    rule: Rule
    sign: str
    number: Fraction
    is_share: bool

    def __str__(self) -> str:
        number = format(Decimal(self.number.numerator) / Decimal(self.number.denominator), "f")
        return f"{self.rule.name}{self.sign}{number}{'%' if self.is_share else ''}"


@dataclass(frozen=True, slots=True)
class Measured:
    """A limit held against an article: `count` findings, or of a share the units with findings; `of` all units."""

    limit: Limit
    count: int
    of: int
    over: bool

    @property
    def message(self) -> str:
        """What was found, in words."""
        if self.limit.is_share:
            share = f" ({self.count / self.of:.0%})" if self.of else ""
            return f"limit {self.limit}: {self.count} of {self.of} {self.limit.rule.whole}{share}"
        return f"limit {self.limit}: {self.count} found"


def parse_limit(text: str) -> Limit:
    """Read a limit: a rule's name or code, one of >= > <= < ==, a number, and % for a share.

    Raises:
        AskedWrong: it is none, or the rule is unknown (names the nearest).

    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise AskedWrong(_GRAMMAR, repr(text), "write RULE, one of >= > <= < ==, and a number or a percentage")
    number, is_share = Fraction(match["number"]), match["percent"] is not None
    if is_share and number > 100:
        raise AskedWrong("a share of at most 100%", repr(text), "name a share that can be reached")
    if not is_share and number.denominator != 1:
        raise AskedWrong("a whole number of findings, or a share with %", repr(text), "write one of these")
    return Limit(find_rule(match["rule"]), "==" if match["sign"] == "=" else match["sign"], number, is_share)


def measure(limit: Limit, found: Found, findings: tuple[Finding, ...]) -> Measured:
    """Hold a limit against an article.

    Args:
        limit: the limit.
        found: everything found in the article.
        findings: the findings that count (none that a comment lets pass).

    """
    own = tuple(f for f in findings if f.rule == limit.rule)
    touched, of = found.share(limit.rule, own)
    if not limit.is_share:
        return Measured(limit, len(own), of, _SIGNS[limit.sign](Fraction(len(own)), limit.number))
    # no whole, no share: an article without a quotation is over no share of its quotations
    over = of > 0 and _SIGNS[limit.sign](Fraction(100 * touched, of), limit.number)
    return Measured(limit, touched, of, over)
