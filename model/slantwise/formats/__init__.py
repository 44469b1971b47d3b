"""Articles in, scores out: the file formats slantwise reads and writes."""

from slantwise.formats.articles import ArticleSource, BadArticle, open_articles

__all__ = ["ArticleSource", "BadArticle", "open_articles"]
