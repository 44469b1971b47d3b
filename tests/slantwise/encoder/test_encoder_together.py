"""An encoder gives articles the same scores together, alone and from memory, to the bit."""

from slantwise.article import Article
from slantwise.memory import SentenceMemory
from slantwise.model_folder import load_model
from slantwise.scorer import Scorer
from slantwise.targets import WantedTarget

PARTS = (
    "Anna Berg said the new plan may open the port.",
    "The plan.",
    "Omar Diaz said the heroic plan will open, too.",
)


def test_articles_are_scored_together_as_alone(model_folder):
    scorer = Scorer(load_model(model_folder), targets=[WantedTarget("plan"), WantedTarget("port")])
    articles = [Article(f"a{i}", " ".join((PARTS * 3)[i % 4 : 2 + i])) for i in range(9)]
    articles.append(Article("long", "the new plan " * 60))
    alone = [scorer.score(article) for article in articles]
    assert any(sentence.stance for score in alone for sentence in score.sentences)
    assert scorer.score_together(articles) == alone
    memory = SentenceMemory()
    again = [scorer.score_together(articles[i : i + 4], memory) for i in (8, 4, 0)]
    assert [*again[2], *again[1], *again[0]] == alone
    assert memory.met > 0
