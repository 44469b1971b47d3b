"""Scored articles as pages to read: one self-contained HTML file each, without a network request."""

from slantwise.report.comparison import comparison_report
from slantwise.report.page import article_policy, article_report

__all__ = ["article_policy", "article_report", "comparison_report"]
