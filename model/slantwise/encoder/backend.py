"""The encoder family as a backend: an ONNX network and a tokenizer in, readings out."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from slantwise.encoder.alignment import NO_WORD, Aligned
from slantwise.encoder.calibration import Calibration, Line
from slantwise.encoder.decode import Layer
from slantwise.encoder.session import Outputs, Session
from slantwise.encoder.tokenizer_file import read_tokenizer
from slantwise.encoder.views import STANCES, columns_of_view, views_of
from slantwise.encoder.windows import Window, windows_of
from slantwise.labels import TASK_LABELS, SpanLabel, Task
from slantwise.linear.classify import View, view_of
from slantwise.linear.logistic import sigmoid, softmax
from slantwise.linear.words import Word, split_words
from slantwise.reading import Decision, FoundSpan, Reading, TargetMention

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["FILES", "EncoderBackend", "Raw"]

_NETWORK, _TOKENIZER = FILES = "model.onnx", "tokenizer.json"
"""The files of a model folder that this family reads, beside the JSON of every family."""
_Name = TypeVar("_Name", bound=str)
_NO_WORDS, _SURE = -1e3, 1e3
_MOST_TOKENS = 8192
"""The memory of a window grows with its square; the longest encoders read this many."""
_ABOUT_THE_WHOLE = frozenset({Task.HYPERPARTISAN, Task.LEANING})
"""Tasks that windows answer by their mean; in the others one window with the mark is enough."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What the network says of one sentence, its windows put together; kept as `Reading.state`.

    Args:
        words: the sentence's words.
        tasks: logits, shape (task columns,).
        tags: each word's logits at its first sub-token, shape (words, tag columns); a word without one is surely "O".
        spans: the characters of each sub-token of the sentence, shape (tokens, 2).
        stance: logits of against, neutral, favor at each, for each view, shape (tokens, stance columns).
        second: their mean over the second segment, shape (stance columns,); 0 without one.
    """

    words: Sequence[Word]
    tasks: NDArray[np.float32]
    tags: NDArray[np.float32]
    spans: NDArray[np.int32]
    stance: NDArray[np.float32]
    second: NDArray[np.float32]

    def stance_at(self, start: int, end: int) -> NDArray[np.float32] | None:
        """The mean of the sub-tokens that share a character with a stretch, (columns,); None where there are none."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        return np.asarray(self.stance[inside].mean(axis=0), dtype=np.float32) if inside.any() else None


@dataclass(frozen=True, slots=True)
class EncoderBackend:
    """One encoder pass a sentence answers all tasks, all layers and all targets that it mentions.

    Args:
        session: the network.
        tokenizer: what cuts sentences into its sub-tokens.
        tasks: in the order of the network's columns; two labels are one logit, of the second label.
        layers: in the order of the network's columns.
        max_tokens: the most sub-tokens the network reads at once; a longer sentence is read in windows.
        views: those that have stance columns of their own, in the network's order; any other reads the first one's.
            Without any the model has no stance.
        calibration: what was fitted on dev.
    """

    family: ClassVar[str] = "encoder"

    session: Session
    tokenizer: Tokenizer
    tasks: tuple[Task, ...]
    layers: Mapping[str, Layer]
    max_tokens: int
    views: tuple[View, ...]
    calibration: Calibration
    _columns: Mapping[Task, slice] = field(init=False, repr=False, compare=False)
    _tags: Mapping[str, slice] = field(init=False, repr=False, compare=False)
    _outside: NDArray[np.float32] = field(init=False, repr=False, compare=False)
    """The logits (tag columns,) of a word that cannot be in any span."""

    def __post_init__(self) -> None:
        tags = [tag for layer in self.layers.values() for tag in layer.tags]
        outside = np.array([_SURE if tag == "O" else 0.0 for tag in tags], dtype=np.float32)
        object.__setattr__(self, "_columns", _slices({task: _width(task) for task in self.tasks}))
        object.__setattr__(self, "_tags", _slices({name: len(layer.tags) for name, layer in self.layers.items()}))
        object.__setattr__(self, "_outside", outside)

    @property
    def decisions(self) -> Mapping[Task, Decision]:
        """How to decide each task; one that was not calibrated, at one half."""
        answered = (*self.tasks, *self.calibration.inferred)
        return {task: self.calibration.decisions.get(task, Decision()) for task in answered}

    @property
    def has_stance(self) -> bool:
        """Whether stance was trained."""
        return bool(self.views)

    @property
    def stance_margin(self) -> float:
        """The margin between the two best stances below which the stance is unsure."""
        return self.calibration.stance_margin

    @property
    def span_labels(self) -> frozenset[SpanLabel]:
        """The span labels that some layer finds."""
        return frozenset(label for layer in self.layers.values() for label, _ in layer.kinds.values())

    def read(self, sentences: Sequence[str]) -> list[Reading]:
        """Read each sentence by itself; one that is longer than `max_tokens` in windows, none of it left out."""
        if not sentences:
            return []
        raws = self.raw([(sentence, "") for sentence in sentences])
        spans: list[list[FoundSpan]] = [[] for _ in sentences]
        tags, lengths = np.concatenate([raw.tags for raw in raws]), [len(raw.tags) for raw in raws]
        for name, layer in self.layers.items():
            calibration, by = self.calibration.spans.get(name, {}), self.calibration.raised.get(name, {})
            every = layer.runs_in(layer.raised(tags[:, self._tags[name]], by), lengths)
            for found, raw, runs in zip(spans, raws, every, strict=True):
                if runs:
                    found += layer.spans(raw.words, runs, calibration)
        return [
            Reading(text, tasks, tuple(sorted(found, key=lambda span: (span.start, span.end))), raw)
            for text, raw, found, tasks in zip(sentences, raws, spans, self._probabilities(raws), strict=True)
        ]

    def stance(self, mentions: Sequence[TargetMention]) -> NDArray[np.float32]:
        """Probabilities of against, neutral, favor, shape (mentions, 3); all neutral where stance was not trained.

        The author's stance towards a mention is in the reading already. A holder's, and one towards a topic that is
        not mentioned, take one more pass, with the holder or the topic as second segment.
        """
        found = np.tile(np.array([0, 1, 0], dtype=np.float32), (len(mentions), 1))
        if not self.views:
            return found
        asked = [_asked(mention) for mention in mentions]
        kept = {(m.reading.text, ""): m.reading.state for m in mentions if isinstance(m.reading.state, Raw)}
        missing = list(dict.fromkeys(pair for pair in asked if pair not in kept))
        known = kept | dict(zip(missing, self.raw(missing), strict=True))
        for i, (mention, pair) in enumerate(zip(mentions, asked, strict=True)):
            raw = known[pair]
            assert isinstance(raw, Raw)
            view = view_of(mention)
            logits = self.stance_logits(raw, mention.start, mention.end, view)
            if logits is not None:
                found[i] = softmax(logits * self.calibration.stances.get(view, Line()).slope)
        return found

    def raw(self, pairs: Sequence[tuple[str, str]]) -> list[Raw]:
        """What the network says of each sentence with its second segment ("" for none), before any calibration."""
        cut = windows_of(self.tokenizer, pairs, self.max_tokens)
        outputs = iter(self.session.run([window.aligned for windows in cut for window in windows]))
        return [
            self._joined(text, windows, [next(outputs) for _ in windows])
            for (text, _), windows in zip(pairs, cut, strict=True)
        ]

    def task_logits(self, raw: Raw) -> dict[Task, NDArray[np.float32]]:
        """A sentence's logits by task: one for two labels, else one per label."""
        return {task: raw.tasks[columns] for task, columns in self._columns.items()}

    def tag_logits(self, raw: Raw) -> dict[str, NDArray[np.float32]]:
        """A sentence's logits by layer, shape (words, tags)."""
        return {name: raw.tags[:, columns] for name, columns in self._tags.items()}

    def stance_logits(self, raw: Raw, start: int, end: int, view: View) -> NDArray[np.float32] | None:
        """The logits of against, neutral, favor towards a stretch, or to the second segment where it is empty.

        None where no sub-token has a character of it. A holder's are its own columns and a share of the author's: the
        pairs of entities that its own learn from (DSE) are mostly neutral, the people whom an article quotes are not.
        """
        logits = raw.second if start == end else raw.stance_at(start, end)
        if logits is None:
            return None
        own = logits[columns_of_view(self.views, view)]
        if view is not View.HELD or view not in self.views:
            return own
        return own + np.float32(self.calibration.author_share) * logits[:STANCES]

    def evidence(self, raw: Raw, layer: str) -> NDArray[np.float32]:
        """By how much the likeliest tag of any word beats "O" there, shape (1,): how likely there is a span."""
        emissions = raw.tags[:, self._tags[layer]]
        if not len(emissions):
            return np.array([_NO_WORDS], dtype=np.float32)
        return np.asarray((emissions[:, 1:].max(axis=1) - emissions[:, 0]).max(keepdims=True), dtype=np.float32)

    def calibrated(self, calibration: Calibration) -> EncoderBackend:
        """The same network with another calibration."""
        return replace(self, calibration=calibration)

    def save(self, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write the network and the tokenizer; give what `config.json` and `calibration.json` must hold besides."""
        shutil.copyfile(self.session.path, folder / _NETWORK)
        self.tokenizer.save(str(folder / _TOKENIZER))
        layers = [{"name": name, "tags": list(layer.tags)} for name, layer in self.layers.items()]
        config = {"tasks": [str(task) for task in self.tasks], "layers": layers, "stance": bool(self.views)}
        views = [str(view) for view in self.views]
        return {**config, "views": views, "max_tokens": self.max_tokens}, self.calibration.written()

    @classmethod
    def load(
        cls, folder: Path, config: Mapping[str, Any], calibration: Mapping[str, Any] | None = None
    ) -> EncoderBackend:
        """Read a saved model; `config` and `calibration` are the folder's JSON files. Without the latter: raw logits.

        Raises:
            SlantwiseError: the network or the tokenizer is unusable.
            KeyError, TypeError, ValueError: `config` or `calibration` is.
        """
        tasks = tuple(Task(name) for name in config["tasks"])
        layers = {str(layer["name"]): Layer.of(layer["tags"]) for layer in config["layers"]}
        if len(set(tasks)) < len(tasks) or len(layers) < len(config["layers"]):
            raise ValueError("a task or layer twice")
        max_tokens, has_stance = config["max_tokens"], config["stance"]
        if type(max_tokens) is not int or not 8 <= max_tokens <= _MOST_TOKENS:
            raise ValueError(f"max_tokens of 8 to {_MOST_TOKENS} expected, not {max_tokens!r}")
        if not isinstance(has_stance, bool):
            raise TypeError(f"stance true or false expected, not {has_stance!r}")
        fitted = Calibration() if calibration is None else Calibration.read(calibration)
        if unknown := (set(fitted.inferred.values()) | set(fitted.raised) | set(fitted.spans)) - set(layers):
            raise ValueError(f"a calibration of {min(unknown)!r}, which is no layer of the model")
        views = views_of(config) if has_stance else ()
        tags = sum(len(layer.tags) for layer in layers.values())
        network = Session(folder / _NETWORK, (sum(map(_width, tasks)), tags, STANCES * max(len(views), 1)))
        return cls(network, read_tokenizer(folder / _TOKENIZER), tasks, layers, max_tokens, views, fitted)

    def _probabilities(self, raws: Sequence[Raw]) -> list[dict[Task, NDArray[np.float32]]]:
        """Each sentence's probabilities, by task."""
        tasks = np.stack([raw.tasks for raw in raws])
        logits_of = {task: tasks[:, columns] for task, columns in self._columns.items()} | {
            task: np.stack([self.evidence(raw, layer) for raw in raws])
            for task, layer in self.calibration.inferred.items()
        }
        found: list[dict[Task, NDArray[np.float32]]] = [{} for _ in raws]
        for task, logits in logits_of.items():
            line = self.calibration.tasks.get(task, Line())
            fitted = logits * np.float32(line.slope) + np.float32(line.shift)
            several = fitted.shape[1] > 1
            p = softmax(fitted) if several else np.concatenate((sigmoid(-fitted), sigmoid(fitted)), axis=1)
            for each, row in zip(found, np.asarray(p, dtype=np.float32), strict=True):
                # a copy, so that a kept reading does not keep its whole batch
                each[task] = row.copy()
        return found

    def _joined(self, text: str, windows: Sequence[Window], outputs: Sequence[Outputs]) -> Raw:
        """Put a sentence's windows together: each word and sub-token as the window says that it belongs to."""
        if len(windows) == 1:
            return self._of_one(windows[0].aligned, outputs[0])
        words = split_words(text)
        numbers = {word.start: i for i, word in enumerate(words)}
        tags = np.tile(self._outside, (len(words), 1))
        spans: list[tuple[int, int]] = []
        stance, seconds = [], []
        for window, out in zip(windows, outputs, strict=True):
            aligned, shift, mine = window.aligned, window.start, window.own
            begins = [word.start + shift for word in aligned.words]
            at = [
                (numbers[begin], token)
                for begin, token in zip(begins, aligned.first, strict=True)
                if token != NO_WORD and begin in numbers and begin in mine
            ]
            if at:
                rows, tokens = zip(*at, strict=True)
                tags[list(rows)] = out.tags[list(tokens)]
            second = aligned.second
            own = [
                i
                for i, (start, end) in enumerate(aligned.spans)
                if end > start and start + shift in mine and i not in second
            ]
            spans += [(aligned.spans[i][0] + shift, aligned.spans[i][1] + shift) for i in own]
            stance.append(out.stance[own])
            seconds.append(out.stance[second.start : second.stop])
        places = np.array(spans, dtype=np.int32).reshape(-1, 2)
        tasks = self._joined_tasks([out.tasks for out in outputs])
        return Raw(words, tasks, tags, places, np.concatenate(stance), _mean(np.concatenate(seconds)))

    def _of_one(self, aligned: Aligned, out: Outputs) -> Raw:
        """A sentence that fits into one window, as most do."""
        first = np.array(aligned.first, dtype=np.intp)
        known = first != NO_WORD
        tags = np.tile(self._outside, (len(first), 1))
        tags[known] = out.tags[first[known]]
        spans = np.array(aligned.spans, dtype=np.int32).reshape(-1, 2)
        own = spans[:, 1] > spans[:, 0]
        second = slice(aligned.second.start, aligned.second.stop)
        own[second] = False
        return Raw(aligned.words, out.tasks, tags, spans[own], out.stance[own], _mean(out.stance[second]))

    def _joined_tasks(self, outputs: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        every = np.stack(outputs)
        joined: NDArray[np.float32] = every.mean(axis=0)
        for task, columns in self._columns.items():
            if task not in _ABOUT_THE_WHOLE:
                joined[columns] = every[:, columns].max(axis=0)
        return joined


def _asked(mention: TargetMention) -> tuple[str, str]:
    """The sentence, and the second segment that the stance is asked with, as in training."""
    view = view_of(mention)
    if view is View.TOPIC:
        return mention.reading.text, mention.name
    return mention.reading.text, mention.reading.text[slice(*mention.holder)] if mention.holder else ""


def _mean(stance: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of some tokens' logits, 0 without any."""
    return np.asarray(stance.mean(axis=0) if len(stance) else np.zeros(stance.shape[1]), dtype=np.float32)


def _width(task: Task) -> int:
    labels = len(TASK_LABELS[task])
    return 1 if labels == 2 else labels


def _slices(widths: Mapping[_Name, int]) -> dict[_Name, slice]:
    """Columns of these widths, one after another."""
    found, at = {}, 0
    for name, width in widths.items():
        found[name] = slice(at, at + width)
        at += width
    return found
