"""Topics that an article does not name, asked of an encoder: the second segment is the question."""

from slantwise.article import Article
from slantwise.model_folder import load_model
from slantwise.scorer import Scorer
from slantwise.targets import WantedTarget

TEXT = "The new plan will open the port.\n\nAnna Berg said the disgraceful plan may open the port."


def stances(folder, *topics):
    scored = Scorer(load_model(folder), topics=[WantedTarget(t) for t in topics]).score(Article("toy", TEXT))
    names = {target.id: target.name for target in scored.targets}
    return {(s.index, names[x.target]): x for s in scored.sentences for x in s.stance if not x.text}


def test_each_sentence_is_asked_about_each_topic(model_folder):
    found = stances(model_folder, "tax", "open port")
    assert set(found) == {(index, topic) for index in (0, 1) for topic in ("tax", "open port")}
    assert all(x.start == x.end and 0 < x.p <= 1 for x in found.values())


def test_a_topics_answer_does_not_depend_on_the_others(model_folder):
    both, alone = stances(model_folder, "tax", "open port"), stances(model_folder, "open port")
    assert [alone[i, "open port"].p for i in (0, 1)] == [both[i, "open port"].p for i in (0, 1)]
    assert both[0, "tax"].p != both[0, "open port"].p
