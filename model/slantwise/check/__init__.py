"""Named rules over an article's score, and limits on what they find: the linter face of slantwise."""

from slantwise.check.findings import Finding, find
from slantwise.check.limits import parse_limit
from slantwise.check.report import Report, check_score
from slantwise.check.rules import RULES, find_rule

__all__ = ["RULES", "Finding", "Report", "check_score", "find", "find_rule", "parse_limit"]
