"""Jobs of the shipped model on every test split that it answers something of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reproduction.job import Bench, Job, Kind, Table, selections
from reproduction.views import PLACES_PEOPLE_BODIES, bare_names, only_kinds, outermost, unseen
from slantwise.labels import MentionKind, SpanLabel
from slantwise.linear import LinearBackend
from slantwise.model_folder import DEFAULT_MODEL, Model
from slantwise.reading import Backend
from slantwise.records import LabelledSentence
from slantwise_training.corpora import find_corpus
from slantwise_training.evaluation.evaluate import evaluate
from slantwise_training.evaluation.result import ATTRIBUTION, DIRECTED, STANCE, Evaluation
from slantwise_training.recipe import LayerRecipe, Recipe, TaskRecipe
from slantwise_training.recipe_file import load_recipe

__all__ = ["ATTRIBUTION_METRICS", "shipped_jobs"]

View = Callable[[Bench, list[LabelledSentence]], list[LabelledSentence]]

ATTRIBUTION_METRICS = "f1 " + " ".join(
    f"{metric}:{label}" for metric in ("span_exact_f1", "token_f1") for label in ("source", "cue", "content")
)
_SPANS = "ece:source ece:cue ece:content"
"""Whether a sentence attributes anything has no probability of its own; its spans have."""
_DOMAINS = ("science", "music", "literature", "ai")


def shipped_jobs(model: Model, folder: Path = DEFAULT_MODEL) -> Iterator[Job]:
    """Yield every job of the shipped model.

    A row is zero-shot, and its floor not like for like, where the part that answers it saw no text of the corpus.

    Args:
        model: the model.
        folder: where it lies, for its recipe.
    """
    recipe = load_recipe(folder / "recipe.toml")

    def job(
        table: Table,
        on: str,
        metrics: str,
        measure: str = "",
        *,
        view: View | None = None,
        floors: str = "",
        published: str | None = "",
        fair: bool | None = None,
        about: str = "",
        n_of: str = "sentences",
        part: str = "",
    ) -> Job:
        corpus, _, split = on.partition(" ")[0].partition(":")
        reads = tuple(selection.corpus for selection in selections(on))
        zero_shot = not _trained_on(recipe, measure) & {*reads}
        extra = ("zero-shot",) * zero_shot + (about,) * bool(about)
        return Job(
            name=f"shipped-{corpus}-{split}" + f"-{measure}" * bool(measure) + f"-{part}" * bool(part),
            table=table,
            kind=Kind.SHIPPED,
            corpus=corpus,
            split=split,
            system=", ".join(("shipped model", *extra)),
            metrics=tuple(metrics.split()),
            run=_runner(on, view),
            reads=tuple(dict.fromkeys(reads)),
            settings=f"{model.name.sha256} {on} {about}",
            measure=measure,
            floors=floors,
            published=published,
            fair=not zero_shot if fair is None else fair,
            n_of=n_of,
        )

    hedge = "span_exact_f1:hedge token_f1:hedge"
    yield job(Table.HEDGING, "szeged_wiki:test", f"f1 accuracy {hedge} ece", "hedging")
    yield job(Table.HEDGING, "szeged_bio:test", f"f1 {hedge}", "hedging")
    yield job(Table.HEDGING, "szeged_factbank:test", f"f1 {hedge} ece", "hedging", floors="; zero-shot", fair=True)
    yield job(Table.HEDGING, "conll2010_wiki:test", "f1 ece", "vagueness", floors="TF-IDF")
    yield job(Table.HEDGING, "conll2010_bio:test", "f1", "hedging")
    yield job(Table.WORDING, "babe_v2:test", "f1 macro_f1 mcc ece", "wording")
    yield job(Table.WORDING, "anno_lexical:test", "macro_f1 ece", "wording")
    new = "sentences that no training text of the wording parts holds"
    words = "macro_f1:wording token_f1:loaded span_exact_f1:loaded"
    yield job(
        Table.WORDING, "babe_sg2:all", words, "loaded", view=_unseen, floors="word look-up", published=None, about=new
    )
    basil = "f1:wording mcc:wording token_f1:loaded"
    yield job(Table.WORDING, "basil:all", basil, "wording", floors="zero-shot", published="zero-shot", fair=True)
    yield job(Table.WORDING, "ptc:test", "f1 token_f1:loaded", "wording")
    yield job(Table.ATTRIBUTION, "polnear:test", f"{ATTRIBUTION_METRICS} {_SPANS}", "attribution", floors="TF-IDF")
    for split in ("test_rw", "test_mt"):
        yield job(Table.STANCE, f"newsmtsc:{split}", "macro_f1 accuracy ece", "stance", n_of="targets")
    yield job(Table.STANCE, "seesaw:test", "micro_f1", "stance", floors="TF-IDF", n_of="targets")
    # the shipped model's training is rid of the test sentences that DSE's train has, the floor's on both was not
    for split, fair in (("test+test_leaked", False), ("test", True)):
        yield job(Table.STANCE, f"dse:{split}", "micro_f1 macro_f1", "directed", floors="TF-IDF", fair=fair)
    yield job(Table.STANCE, "gwsd:test", "macro_f1 accuracy ece", "stance")
    three, names = "persons, organisations and places", "micro_f1 span_exact_f1:organisation"
    yield job(Table.MENTIONS, "worldwide:test", names, "mention", view=_three, floors="alone", about=three, fair=True)
    for split in ("test", *(f"{domain}-test" for domain in _DOMAINS)):
        yield job(Table.MENTIONS, f"crossner:{split}", "micro_f1", "mention", view=_three, about=three, published=None)
    yield job(Table.MENTIONS, "wnut17:test", "micro_f1", "mention", view=_three, about=three, published=None)
    bare, exact = "the name alone of a marked phrase", "span_exact_f1 micro_f1"
    for view, how, part in ((_bare, bare, ""), (_three, "phrases as they are marked", "phrases")):
        about = f"{three}, {how}"
        yield job(Table.MENTIONS, "gum:test", "micro_f1", "mention", view=view, about=about, part=part, published=None)
    of_news = f"{three} named in news, {bare}, of nested names the longest"
    # MEANTIME has no split: it tests a model that trained on none of it
    is_new = "meantime_en" not in _trained_on(recipe, "mention")
    for on, about, part in (
        ("gum:test", of_news if is_new else f"{of_news} (MEANTIME trained it)", "news"),
        ("meantime_en:train", of_news, ""),
        ("gum:test meantime_en:train", f"{of_news}, MEANTIME's too", "news-and-meantime"),
    )[: 3 if is_new else 1]:
        yield job(Table.MENTIONS, on, exact, "mention", view=_news, about=about, part=part, published=None)
    if any(MentionKind.ACTOR in layer.values for layer in recipe.layers.values()):
        called = "actors without a name, what they are called in a marked phrase, of nested ones the longest"
        exact = "span_exact_f1 token_f1"
        on, part = "gum:test", "actors"
        yield job(Table.MENTIONS, on, exact, "mention", view=_actors, about=called, part=part, published=None)
    yield job(Table.OTHER, "hyperpartisan:test", "accuracy macro_f1 ece", "hyperpartisan", n_of="articles")


def _runner(on: str, view: View | None) -> Callable[[Bench], Evaluation]:
    def run(bench: Bench) -> Evaluation:
        records = bench.library.records(selections(on))
        if view is not None:
            records = view(bench, records)
        return evaluate(_needed(bench.model.backend, records), records, model=bench.model.name)

    return run


def _needed(backend: Backend, records: Sequence[LabelledSentence]) -> Backend:
    """The backend without the parts that no record asks for: parts share nothing, so its answers are the same."""
    if not isinstance(backend, LinearBackend):
        return backend
    tasks = {task for record in records for task in record.labels}
    spans = {label for record in records for label in record.exhaustive}
    layers = {inferred.layer for task, inferred in backend.inferred.items() if task in tasks}
    for name, tagger in backend.taggers.items():
        if any(tag[2:].partition(":")[0] in spans for tag in tagger.tags):
            layers.add(name)
    return replace(
        backend,
        classifiers={task: model for task, model in backend.classifiers.items() if task in tasks},
        inferred={task: inferred for task, inferred in backend.inferred.items() if task in tasks},
        taggers={name: tagger for name, tagger in backend.taggers.items() if name in layers},
    )


def _trained_on(recipe: Recipe, measure: str) -> set[str]:
    """The corpora that the part behind a measure was trained on."""
    layer = "".join(part.layer for task, part in recipe.tasks.items() if task == measure)
    parts: list[TaskRecipe | LayerRecipe | None] = [part for task, part in recipe.tasks.items() if task == measure]
    parts += [recipe.stance] if measure in (STANCE, DIRECTED) else []
    wanted = SpanLabel.SOURCE if measure == ATTRIBUTION else measure
    parts += [part for name, part in recipe.layers.items() if name == layer or wanted in part.labels]
    return {selection.corpus for part in parts if part is not None for selection in part.train}


def _unseen(bench: Bench, records: list[LabelledSentence]) -> list[LabelledSentence]:
    """Sentences in no split of a wording corpus that the shipped model trained on."""
    splits = [str(row["split"]) for row in bench.model.config["trained_on"]]
    wording = [each for each in splits if "wording" in find_corpus(each.partition(":")[0]).lenses]
    return unseen(records, bench.library.records(selections(" ".join(wording))))


def _news(bench: Bench, records: list[LabelledSentence]) -> list[LabelledSentence]:
    """Names in GUM's news and in sentences of which MEANTIME marks every entity; bare, of nested ones the longest."""
    marked = [r for r in records if SpanLabel.MENTION in r.exhaustive]
    news = [r for r in marked if r.corpus != "gum" or r.doc.section == "news"]
    return _bare(bench, news)


def _bare(_: Bench, records: list[LabelledSentence]) -> list[LabelledSentence]:
    return outermost(bare_names(only_kinds(records, PLACES_PEOPLE_BODIES)))


def _three(_: Bench, records: list[LabelledSentence]) -> list[LabelledSentence]:
    return only_kinds(records, PLACES_PEOPLE_BODIES)


def _actors(_: Bench, records: list[LabelledSentence]) -> list[LabelledSentence]:
    return outermost(bare_names(only_kinds(records, (MentionKind.ACTOR,))))
