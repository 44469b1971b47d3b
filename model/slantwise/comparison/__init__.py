"""Two articles, outlets or folders side by side: the summary's rows of each, and the differences with intervals."""

from slantwise.comparison.comparison import Comparison, ShareRow, StanceRow, compare
from slantwise.comparison.inputs import outlets_of, read_articles, read_scores
from slantwise.comparison.output import comparison_to_json
from slantwise.comparison.sides import Measure, Side, Strong

__all__ = [
    "Comparison",
    "Measure",
    "ShareRow",
    "Side",
    "StanceRow",
    "Strong",
    "compare",
    "comparison_to_json",
    "outlets_of",
    "read_articles",
    "read_scores",
]
