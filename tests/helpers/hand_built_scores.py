"""Scores written by hand, in terms of the words of an article."""

from dataclasses import dataclass, field, replace

from slantwise.labels import (
    HedgeKind,
    Hedging,
    Quotation,
    SentenceKind,
    SourceKind,
    StanceLabel,
    Wording,
)
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


@dataclass
class HandBuilt:
    """Collects what an article's score holds; every span is named by its words, the first in the text."""

    text: str
    sentences: list = field(default_factory=list)
    attributions: list = field(default_factory=list)
    targets: list = field(default_factory=list)

    def span(self, surface):
        start = self.text.index(surface)
        return start, start + len(surface), surface

    def sentence(self, surface, voice=AUTHOR, kind=SentenceKind.BODY, wording=Wording.PLAIN):
        score = SentenceScore(
            *self.span(surface),
            index=len(self.sentences),
            kind=kind,
            voice=voice,
            hedging=HedgingScore(Hedging.ASSERTED, 0.1),
            wording=WordingScore(wording, 0.875),
        )
        self.sentences.append(score)
        return self

    def cue(self, surface, voice=AUTHOR, kind=HedgeKind.EPISTEMIC):
        last = self.sentences[-1]
        cues = (*last.hedging.cues, Cue(*self.span(surface), kind, voice))
        self.sentences[-1] = replace(last, hedging=HedgingScore(Hedging.HEDGED, 0.9, cues))
        return self

    def loaded(self, surface, voice=AUTHOR):
        last = self.sentences[-1]
        words = (*last.wording.words, LoadedWord(*self.span(surface), voice))
        self.sentences[-1] = replace(last, wording=replace(last.wording, words=words))
        return self

    def stance(self, surface, label=StanceLabel.AGAINST, holder=AUTHOR, name=None):
        last = self.sentences[-1]
        target = Target(f"t{len(self.targets) + 1}", name or surface, (), 1)
        self.targets.append(target)
        place = self.span(surface) if surface in self.text else (last.start, last.start, "")
        stance = StanceScore(*place, target=target.id, label=label, p=0.875, holder=holder)
        self.sentences[-1] = replace(last, stance=(*last.stance, stance))
        return self

    def attribution(
        self, source=None, kind=SourceKind.NAMED, cue=None, content=None, quotation=Quotation.INDIRECT, via=None,
        entity=None,
    ):  # fmt: skip
        self.attributions.append(
            Attribution(
                f"a{len(self.attributions) + 1}",
                Source(*self.span(source), kind, entity) if source else None,
                TextSpan(*self.span(cue)) if cue else None,
                (TextSpan(*self.span(content)),) if content else (),
                quotation,
                0.9,
                via,
            )
        )
        return self

    def score(self):
        model = ModelName("hand", "0" * 64)
        return ArticleScore("hand", model, tuple(self.sentences), tuple(self.attributions), tuple(self.targets), {})
