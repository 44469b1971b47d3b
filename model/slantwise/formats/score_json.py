"""A score as JSON, schema `slantwise-score/1`: probabilities to four digits, keys in the documented order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slantwise.errors import BadSpan
from slantwise.fields import integer, items, keyed, number, shown, string, word
from slantwise.labels import HedgeKind, Hedging, Quotation, SentenceKind, SourceKind, StanceLabel, Wording
from slantwise.score import (
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

__all__ = ["SCHEMA", "rounded", "score_from_json", "score_to_json"]

SCHEMA = "slantwise-score/1"
_SPAN = ("start", "end", "text")


def score_to_json(score: ArticleScore) -> dict[str, Any]:
    """A score as a JSON object. A stance's `between` is there only where it is unsure; other absent values are null."""
    return {
        "schema": SCHEMA,
        "article": score.article,
        "model": {"name": score.model.name, "sha256": score.model.sha256},
        "sentences": [_sentence_to_json(sentence) for sentence in score.sentences],
        "attributions": [_attribution_to_json(attribution) for attribution in score.attributions],
        "targets": [
            {"id": target.id, "name": target.name, "aliases": list(target.aliases), "mentions": target.mentions}
            for target in score.targets
        ],
        "summary": score.summary,
    }


def score_from_json(value: object) -> ArticleScore:
    """The score that a JSON object of schema `slantwise-score/1` holds.

    Raises:
        BadSpan: it holds none; `field` is the path of the offending field, as in `sentences[2].hedging.p`.

    """
    row = keyed(value, "", ("schema", "article", "model", "sentences", "attributions", "targets", "summary"))
    if row["schema"] != SCHEMA:
        raise BadSpan("schema", repr(SCHEMA), shown(row["schema"]))
    model = keyed(row["model"], "model", ("name", "sha256"))
    return ArticleScore(
        article=string(row["article"], "article"),
        model=ModelName(string(model["name"], "model.name"), string(model["sha256"], "model.sha256")),
        sentences=tuple(_sentence(each, field) for field, each in _each(row, "sentences")),
        attributions=tuple(_attribution(each, field) for field, each in _each(row, "attributions")),
        targets=tuple(_target(each, field) for field, each in _each(row, "targets")),
        summary=keyed(row["summary"], "summary", optional=None),
    )


def rounded(p: float) -> float:
    """A probability as files hold it: four digits, a plain float."""
    return round(float(p), 4)


def _span_to_json(span: TextSpan) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _sentence_to_json(sentence: SentenceScore) -> dict[str, Any]:
    hedging, wording = sentence.hedging, sentence.wording
    cues = [{**_span_to_json(cue), "kind": str(cue.kind), "voice": cue.voice} for cue in hedging.cues]
    words = [{**_span_to_json(each), "voice": each.voice} for each in wording.words]
    return {
        "index": sentence.index,
        "start": sentence.start,
        "end": sentence.end,
        "kind": str(sentence.kind),
        "text": sentence.text,
        "voice": sentence.voice,
        "hedging": {"label": str(hedging.label), "p": rounded(hedging.p), "cues": cues},
        "wording": {"label": str(wording.label), "p": rounded(wording.p), "words": words},
        "stance": [_stance_to_json(stance) for stance in sentence.stance],
    }


def _stance_to_json(stance: StanceScore) -> dict[str, Any]:
    between = {} if stance.between is None else {"between": [str(label) for label in stance.between]}
    return {
        "target": stance.target,
        **_span_to_json(stance),
        "label": str(stance.label),
        "p": rounded(stance.p),
        **between,
        "holder": stance.holder,
    }


def _attribution_to_json(attribution: Attribution) -> dict[str, Any]:
    source, cue = attribution.source, attribution.cue
    named = source and {**_span_to_json(source), "kind": str(source.kind), "entity": source.entity}
    return {
        "id": attribution.id,
        "source": named,
        "cue": cue and _span_to_json(cue),
        "content": [_span_to_json(span) for span in attribution.content],
        "quotation": str(attribution.quotation),
        "via": attribution.via,
        "p": rounded(attribution.p),
    }


def _each(row: Mapping[str, Any], name: str, field: str = "") -> list[tuple[str, Any]]:
    path = f"{field}.{name}" if field else name
    return [(f"{path}[{i}]", each) for i, each in enumerate(items(row[name], path))]


def _place(row: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The three fields of every span."""
    start, end = integer(row["start"], f"{field}.start"), integer(row["end"], f"{field}.end")
    text = string(row["text"], f"{field}.text")
    if end - start != len(text):
        raise BadSpan(f"{field}.text", f"{end - start} characters, as from {start} to {end}", str(len(text)))
    return {"start": start, "end": end, "text": text}


def _p(row: Mapping[str, Any], field: str) -> float:
    p = number(row["p"], f"{field}.p")
    if not 0 <= p <= 1:
        raise BadSpan(f"{field}.p", "a probability", shown(row["p"]))
    return p


def _maybe(value: object, field: str) -> str | None:
    return None if value is None else string(value, field)


def _sentence(value: object, field: str) -> SentenceScore:
    row = keyed(value, field, ("index", *_SPAN, "kind", "voice", "hedging", "wording", "stance"))
    return SentenceScore(
        **_place(row, field),
        index=integer(row["index"], f"{field}.index"),
        kind=word(row["kind"], SentenceKind, f"{field}.kind"),
        voice=string(row["voice"], f"{field}.voice"),
        hedging=_hedging(row["hedging"], f"{field}.hedging"),
        wording=_wording(row["wording"], f"{field}.wording"),
        stance=tuple(_stance(each, path) for path, each in _each(row, "stance", field)),
    )


def _hedging(value: object, field: str) -> HedgingScore:
    row = keyed(value, field, ("label", "p", "cues"))
    cues = tuple(_cue(each, path) for path, each in _each(row, "cues", field))
    return HedgingScore(word(row["label"], Hedging, f"{field}.label"), _p(row, field), cues)


def _cue(value: object, field: str) -> Cue:
    row = keyed(value, field, (*_SPAN, "kind", "voice"))
    kind = word(row["kind"], HedgeKind, f"{field}.kind")
    return Cue(**_place(row, field), kind=kind, voice=string(row["voice"], f"{field}.voice"))


def _wording(value: object, field: str) -> WordingScore:
    row = keyed(value, field, ("label", "p", "words"))
    words = tuple(_loaded(each, path) for path, each in _each(row, "words", field))
    return WordingScore(word(row["label"], Wording, f"{field}.label"), _p(row, field), words)


def _loaded(value: object, field: str) -> LoadedWord:
    row = keyed(value, field, (*_SPAN, "voice"))
    return LoadedWord(**_place(row, field), voice=string(row["voice"], f"{field}.voice"))


def _stance(value: object, field: str) -> StanceScore:
    row = keyed(value, field, ("target", *_SPAN, "label", "p", "holder"), ("between",))
    label = word(row["label"], StanceLabel, f"{field}.label")
    return StanceScore(
        **_place(row, field),
        target=string(row["target"], f"{field}.target"),
        label=label,
        p=_p(row, field),
        holder=string(row["holder"], f"{field}.holder"),
        between=_between(row, label, f"{field}.between"),
    )


def _between(row: Mapping[str, Any], label: StanceLabel, field: str) -> tuple[StanceLabel, StanceLabel] | None:
    """The two best labels of an unsure stance."""
    if "between" not in row:
        if label is StanceLabel.UNSURE:
            raise BadSpan(field, "the two best labels of an unsure stance", "no such field")
        return None
    both = items(row["between"], field)
    if label is not StanceLabel.UNSURE or len(both) != 2:
        raise BadSpan(field, "two labels, on an unsure stance only", shown(row["between"]))
    best, second = (word(each, StanceLabel, f"{field}[{i}]") for i, each in enumerate(both))
    if best is second or StanceLabel.UNSURE in (best, second):
        raise BadSpan(field, "two of against, neutral and favor", shown(row["between"]))
    return best, second


def _attribution(value: object, field: str) -> Attribution:
    row = keyed(value, field, ("id", "source", "cue", "content", "quotation", "via", "p"))
    return Attribution(
        id=string(row["id"], f"{field}.id"),
        source=None if row["source"] is None else _source(row["source"], f"{field}.source"),
        cue=None if row["cue"] is None else _text_span(row["cue"], f"{field}.cue"),
        content=tuple(_text_span(each, path) for path, each in _each(row, "content", field)),
        quotation=word(row["quotation"], Quotation, f"{field}.quotation"),
        p=_p(row, field),
        via=_maybe(row["via"], f"{field}.via"),
    )


def _text_span(value: object, field: str) -> TextSpan:
    return TextSpan(**_place(keyed(value, field, _SPAN), field))


def _source(value: object, field: str) -> Source:
    row = keyed(value, field, (*_SPAN, "kind", "entity"))
    kind = word(row["kind"], SourceKind, f"{field}.kind")
    return Source(**_place(row, field), kind=kind, entity=_maybe(row["entity"], f"{field}.entity"))


def _target(value: object, field: str) -> Target:
    row = keyed(value, field, ("id", "name", "aliases", "mentions"))
    return Target(
        id=string(row["id"], f"{field}.id"),
        name=string(row["name"], f"{field}.name"),
        aliases=tuple(string(each, path) for path, each in _each(row, "aliases", field)),
        mentions=integer(row["mentions"], f"{field}.mentions"),
    )
