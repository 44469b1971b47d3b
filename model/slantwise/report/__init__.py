"""Scored articles as pages to read: one self-contained HTML file each, without a network request."""

from slantwise.report.page import article_report

__all__ = ["article_report"]
