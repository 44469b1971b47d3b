"""The terminal view of a scored article: the text with its spans, then who spoke and the summary."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slantwise.article import Article
from slantwise.cli.options import plain
from slantwise.cli.terminal import result_console
from slantwise.labels import Hedging, SentenceKind, StanceLabel, Wording
from slantwise.partisanship import line
from slantwise.score import AUTHOR, ArticleScore, Attribution, SentenceScore

__all__ = ["render", "show"]

_WIDTH = 100
_MARKS = {StanceLabel.FAVOR: "▲", StanceLabel.AGAINST: "▼", StanceLabel.NEUTRAL: "", StanceLabel.UNSURE: "?"}
_KIND_STYLES = {
    SentenceKind.HEADLINE: "bold",
    SentenceKind.BYLINE: "dim",
    SentenceKind.CAPTION: "dim italic",
    SentenceKind.DATELINE: "dim",
    SentenceKind.BODY: "",
}
_VOICE, _HEDGE, _LOADED = "cyan", "underline yellow", "bold red"
_SIDES = {StanceLabel.FAVOR: "green", StanceLabel.AGAINST: "magenta"}


def show(article: Article, score: ArticleScore) -> None:
    """Print the view to stdout, in colour on a terminal only."""
    result_console(_WIDTH).print(render(article, score))


def render(article: Article, score: ArticleScore) -> RenderableType:
    """The whole view. Control characters of the text are shown as �, so that an article cannot steer the terminal."""
    speakers = {a.id: a for a in score.attributions}
    parts: list[RenderableType] = [_legend(), Text()]
    parts.append(_lines(article, score, speakers))
    if score.attributions:
        parts += [Text(), Text("Who speaks", style="bold"), _speakers(score)]
    if any(row["against"] + row["favor"] for row in score.summary["stance"]):
        parts += [Text("Stance", style="bold"), _stances(score)]
    parts += [Text("Summary", style="bold"), _summary(score.summary)]
    return Group(*parts)


def _legend() -> Text:
    return Text.assemble(
        ("a source's voice", _VOICE), "   ", ("hedge cue", _HEDGE), "   ", ("loaded word", _LOADED), "   ",
        ("▲ for", _SIDES[StanceLabel.FAVOR]), " ", ("▼ against", _SIDES[StanceLabel.AGAINST]), "   ",
        ("H hedged  L loaded  h l unsure", "dim"),
    )  # fmt: skip


def _lines(article: Article, score: ArticleScore, speakers: dict[str, Attribution]) -> Table:
    """One row a sentence: its labels, whose voice, its text. A blank line stands between paragraphs."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), expand=False)
    table.add_column(width=2, no_wrap=True)
    table.add_column(width=4, no_wrap=True, style=_VOICE)
    table.add_column(ratio=1, overflow="fold")
    end = 0
    names = {target.id: target.name for target in score.targets}
    for sentence in score.sentences:
        if end and "\n" in article.text[end : sentence.start]:
            table.add_row()
        end = sentence.end
        voice = "" if sentence.voice == AUTHOR else sentence.voice
        table.add_row(_labels(sentence), voice, _sentence(article, sentence, speakers, names))
    return table


def _labels(sentence: SentenceScore) -> Text:
    hedging = {Hedging.HEDGED: ("H", "yellow"), Hedging.UNSURE: ("h", "dim"), Hedging.ASSERTED: (" ", "")}
    wording = {Wording.LOADED: ("L", "red"), Wording.UNSURE: ("l", "dim"), Wording.PLAIN: (" ", "")}
    return Text.assemble(hedging[sentence.hedging.label], wording[sentence.wording.label])


def _sentence(
    article: Article, sentence: SentenceScore, speakers: dict[str, Attribution], names: dict[str, str]
) -> Text:
    # one stand-in per character keeps the offsets right
    clean = plain(sentence.text).replace("\n", " ").replace("\t", " ")
    text = Text(clean, style=_KIND_STYLES[sentence.kind])
    for attribution in speakers.values():
        for content in attribution.content:
            if content.start < sentence.end and content.end > sentence.start:
                text.stylize(_VOICE, max(0, content.start - sentence.start), content.end - sentence.start)
    for cue in sentence.hedging.cues:
        text.stylize(_HEDGE, cue.start - sentence.start, cue.end - sentence.start)
    for word in sentence.wording.words:
        text.stylize(_LOADED, word.start - sentence.start, word.end - sentence.start)
    for stance in sorted(sentence.stance, key=lambda s: -s.end):
        if stance.label in _SIDES and not stance.text:
            text += Text(f" {_MARKS[stance.label]} {_clean(names[stance.target])}", style=_SIDES[stance.label])
        elif stance.label in _SIDES:
            at = stance.end - sentence.start
            text = text[:at] + Text(_MARKS[stance.label], style=_SIDES[stance.label]) + text[at:]
    return text


def _speakers(score: ArticleScore) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading in ("", "source", "kind", "says", "quotation", "via"):
        table.add_column(heading)
    names = {target.id: target.name for target in score.targets}
    for a in score.attributions:
        source = _clean(a.source.text) if a.source else "nobody named"
        if a.source and a.source.entity and names.get(a.source.entity) != a.source.text:
            source += f" = {_clean(names.get(a.source.entity, a.source.entity))}"
        kind = str(a.source.kind) if a.source else ""
        said = _clean(" … ".join(c.text for c in a.content))
        name, words = Text(_short(source, 30)), Text(_short(said, 36))
        table.add_row(Text(a.id, style=_VOICE), name, kind, words, a.quotation, a.via)
    return Padding(table, (0, 0, 0, 2))


def _stances(score: ArticleScore) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("target")
    table.add_column("holder")
    for heading in ("against", "neutral", "favor", "unsure"):
        table.add_column(heading, justify="right")
    table.add_column("mean [95 %]", justify="right")
    for row in score.summary["stance"]:
        if not row["against"] + row["favor"]:
            continue
        holder = "author" if row["holder"] == AUTHOR else f"{row['holder']} {_clean(row['holder_name'] or '')}"
        mean = "" if row["mean"] is None else f"{row['mean']:+.2f} [{row['low']:+.2f}, {row['high']:+.2f}]"
        counts = [str(row[name] or "") for name in ("against", "neutral", "favor", "unsure")]
        table.add_row(Text(_short(_clean(row["name"]), 28)), Text(_short(holder, 28)), *counts, mean)
    return Padding(table, (0, 0, 0, 2))


def _summary(summary: dict[str, Any]) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading in ("voice", "words", "sentences", "hedged", "loaded"):
        table.add_column(heading, justify="left" if heading == "voice" else "right")
    for name, voice in summary["voices"].items():
        hedged, loaded = _share(voice["hedged"]), _share(voice["loaded"])
        table.add_row(name, str(voice["words"]), str(voice["sentences"]), hedged, loaded)
    lines: list[RenderableType] = [table]
    lines.append(Text(f"Sentences in a source's voice: {_share(summary['attributed'])}"))
    lines.append(Text(f"Sources that are anonymous: {_share(summary['anonymous'])}"))
    if (guess := line(summary)) is not None:
        lines += [Text(), Text(_clean(guess), style="dim")]
    return Padding(Group(*lines), (0, 0, 0, 2))


def _share(share: dict[str, Any]) -> str:
    if share["share"] is None:
        return "-"
    return f"{share['count']} of {share['of']} ({share['share']:.0%} [{share['low']:.0%}, {share['high']:.0%}])"


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _clean(text: str) -> str:
    return " ".join(plain(text).split())
