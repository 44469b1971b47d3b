"""Articles with scores made by hand: spans are named by their surface, so no model is needed."""

from dataclasses import dataclass

from slantwise.article import Article
from slantwise.labels import HedgeKind, Hedging, Quotation, SourceKind, StanceLabel, Wording
from slantwise.score import (
    AUTHOR,
    ArticleScore,
    Attribution,
    Cue,
    HedgingScore,
    LoadedWord,
    ModelName,
    SentenceScore,
    Source,
    StanceScore,
    Target,
    TextSpan,
    WordingScore,
)
from slantwise.segment import segment
from slantwise.summary import summarise

WIRE = (
    "Port closes after blast\n\n"
    "By Ada Renn\n\n"
    "ELMSTADT, Jan 3 (Meridian) - Rain fell over the harbour. "
    "An unnamed official told the Harbour Post that the reckless plan may fail.\n\n"
    "“This is a disastrous tax,” Omar Diaz told reporters. “It could ruin us.” He added that Anna Berg had lied.\n"
)
SAID = (
    ("a1", "the Harbour Post", SourceKind.MEDIA, None, (), None, "t9"),
    ("a2", "An unnamed official", SourceKind.ANONYMOUS, "told", ("that the reckless plan may fail",), "a1", None),
    (
        "a3",
        "Omar Diaz",
        SourceKind.NAMED,
        "told reporters",
        ("“This is a disastrous tax,”", "“It could ruin us.”"),
        None,
        "t1",
    ),
    ("a4", "He", SourceKind.PRONOUN, "added", ("that Anna Berg had lied",), None, "t1"),
)
HEDGES = (("may", HedgeKind.EPISTEMIC, "a2"), ("could", HedgeKind.EPISTEMIC, "a3"))
LOADED = (("reckless", "a2"), ("disastrous", "a3"))
STANCES = (
    ("reckless plan", StanceLabel.AGAINST, "a2"),
    ("Anna Berg", StanceLabel.AGAINST, "a4"),
    ("Omar Diaz", StanceLabel.NEUTRAL, AUTHOR),
    ("harbour", StanceLabel.UNSURE, AUTHOR),
)


@dataclass(frozen=True)
class Scored:
    """An article and its score."""

    article: Article
    score: ArticleScore


def scored(text=WIRE, *, said=SAID, hedges=HEDGES, loaded=LOADED, stances=STANCES, **about):
    """Score a text by hand. Each span is the first place with its surface; one that is not there is left out."""

    def place(surface):
        at = text.find(surface) if surface else -1
        return None if at < 0 else (at, at + len(surface), surface)

    attributions = []
    for name, source, kind, cue, contents, via, entity in said:
        attributions.append(
            Attribution(
                name,
                Source(*place(source), kind, entity) if place(source) else None,
                TextSpan(*place(cue)) if place(cue) else None,
                tuple(TextSpan(*place(c)) for c in contents if place(c)),
                Quotation.MIXED,
                0.8,
                via,
            )
        )
    named = dict.fromkeys(surface for surface, _, _ in stances if place(surface))
    targets = tuple(Target(f"t{i}", name, (), 1) for i, name in enumerate(named, 1))
    ids = {target.name: target.id for target in targets}
    sentences = []
    for s in segment(text):
        cues = [Cue(*place(c), k, v) for c, k, v in hedges if place(c) and s.start <= place(c)[0] < s.end]
        words = [LoadedWord(*place(w), v) for w, v in loaded if place(w) and s.start <= place(w)[0] < s.end]
        sides = [_stance(place(t), ids[t], *r) for t, *r in stances if place(t) and s.start <= place(t)[0] < s.end]
        sentences.append(
            SentenceScore(
                s.start,
                s.end,
                s.text,
                s.index,
                s.kind,
                _holder(s, attributions),
                HedgingScore(Hedging.HEDGED if cues else Hedging.ASSERTED, 0.9 if cues else 0.1, tuple(cues)),
                WordingScore(Wording.LOADED if words else Wording.PLAIN, 0.8 if words else 0.2, tuple(words)),
                tuple(sides),
            )
        )
    spoken = [{s.voice: len(s.text.split())} for s in sentences]
    summary = summarise(sentences, attributions, targets, spoken)
    model = ModelName("toy", "0" * 64)
    article = Article(about.pop("id", "toy"), text, **about)
    return Scored(article, ArticleScore(article.id, model, tuple(sentences), tuple(attributions), targets, summary))


def _stance(place, target, label, holder):
    between = (StanceLabel.NEUTRAL, StanceLabel.AGAINST) if label is StanceLabel.UNSURE else None
    return StanceScore(*place, target, label, 0.7, holder, between)


def _holder(sentence, attributions):
    for attribution in attributions:
        for c in attribution.content:
            if sentence.start <= c.start and 2 * (min(c.end, sentence.end) - c.start) > len(sentence.text):
                return attribution.id
    return AUTHOR
