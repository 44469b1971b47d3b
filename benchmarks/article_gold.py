"""What a model reads right and wrong in the shared seed article: `python benchmarks/article_gold.py [MODEL] [ARTICLE]`.

The article is not in the repository: its labels are, as offsets (`data/gold/shared-article.json`). ARTICLE is the text
file; without it, the one beside the checkout whose sha256 is the gold's. Without MODEL, the shipped model reads it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from slantwise.article import Article
from slantwise.model_folder import DEFAULT_MODEL, load_model
from slantwise.scorer import Scorer
from slantwise_training.evaluation.article_gold import Aspect, Check, check_score, read_article_gold, voice_share

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "data" / "gold" / "shared-article.json"
ARTICLES = ROOT.parent / "shared" / "seeds"
_SHOWN = 60


def main(arguments: list[str]) -> None:
    """Print every check by the line it is on, then the shares."""
    gold = read_article_gold(GOLD)
    model = load_model(Path(arguments[0]) if arguments else DEFAULT_MODEL)
    article = _article(Path(arguments[1]) if len(arguments) > 1 else next(iter(sorted(ARTICLES.glob("*.txt")))))
    score = Scorer(model).score(article)
    checks = check_score(gold, article, score)
    for row in gold.rows("sentences"):
        print(f"\n{row['kind']}: {article.text[row['start'] : row['end']]}")
        for check in (c for c in checks if row["start"] <= c.start < row["end"]):
            print("   ", _line(article, check))
    right, asked = Counter(c.aspect for c in checks if c.right), Counter(c.aspect for c in checks)
    print()
    for aspect in Aspect:
        print(f"{aspect}: {right[aspect]} of {asked[aspect]}")
    print(f"characters in the right voice: {voice_share(gold, article, score):.3f}")


def _article(path: Path) -> Article:
    return Article(path.stem, path.read_bytes().decode("utf-8"))


def _line(article: Article, check: Check) -> str:
    words = article.text[check.start : check.end]
    words = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    verdict = "right" if check.right else f"WRONG: {check.found}, not"
    return f"{verdict} {check.expected} ({check.aspect}) {words!r}"


if __name__ == "__main__":
    main(sys.argv[1:])
