"""An experiment: does a whole article read like a hyperpartisan one? Told only with how often that is right."""

from slantwise.partisanship.head import ArticleHead, Measured, NoHead, find_head, write_head
from slantwise.partisanship.line import QUESTION, line, with_reading

__all__ = ["QUESTION", "ArticleHead", "Measured", "NoHead", "find_head", "line", "with_reading", "write_head"]
