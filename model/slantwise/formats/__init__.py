"""Articles in, scores out: the file formats slantwise reads and writes."""

from slantwise.formats.articles import BadArticle, open_articles
from slantwise.formats.schemas import schema
from slantwise.formats.score_json import score_from_json, score_to_json
from slantwise.formats.scores import open_scores

__all__ = ["BadArticle", "open_articles", "open_scores", "schema", "score_from_json", "score_to_json"]
