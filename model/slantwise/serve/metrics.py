"""What a server has done, in Prometheus's text format (0.0.4)."""

from __future__ import annotations

from collections import Counter

from slantwise import __version__
from slantwise.score import ModelName

__all__ = ["Metrics"]

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counts, kept by the one thread that serves. Nothing of an article is in them."""

    def __init__(self, model: ModelName) -> None:
        self._model = model
        self._requests: Counter[tuple[str, int]] = Counter()
        self._articles = self._sentences = self._characters = 0
        self._seconds = 0.0
        self._buckets: Counter[float] = Counter()

    def answered(self, route: str, status: int) -> None:
        """Count one answer; `route` is one of the server's own paths, or "other"."""
        self._requests[route, status] += 1

    def scored(self, sentences: int, characters: int, seconds: float) -> None:
        """Count one scored article and the time it took, waiting included."""
        self._articles += 1
        self._sentences += sentences
        self._characters += characters
        self._seconds += seconds
        for bucket in _BUCKETS:
            self._buckets[bucket] += seconds <= bucket

    def text(self, pending: int) -> str:
        """All of it as text; `pending` is how many articles are being scored or wait."""
        model = f'version="{__version__}",model="{_escaped(self._model.name)}",sha256="{self._model.sha256}"'
        lines = [
            *_head("slantwise_info", "gauge", "The version and the model."),
            f"slantwise_info{{{model}}} 1",
            *_head("slantwise_requests_total", "counter", "Answers by route and status."),
            *(
                f'slantwise_requests_total{{route="{route}",status="{status}"}} {count}'
                for (route, status), count in sorted(self._requests.items())
            ),
            *_head("slantwise_articles_total", "counter", "Articles that were scored."),
            f"slantwise_articles_total {self._articles}",
            *_head("slantwise_sentences_total", "counter", "Sentences in them."),
            f"slantwise_sentences_total {self._sentences}",
            *_head("slantwise_characters_total", "counter", "Characters in them."),
            f"slantwise_characters_total {self._characters}",
            *_head("slantwise_pending", "gauge", "Articles that are being scored or wait."),
            f"slantwise_pending {pending}",
            *_head("slantwise_seconds", "histogram", "Seconds from asking to the score."),
            *(f'slantwise_seconds_bucket{{le="{bucket:g}"}} {self._buckets[bucket]}' for bucket in _BUCKETS),
            f'slantwise_seconds_bucket{{le="+Inf"}} {self._articles}',
            f"slantwise_seconds_sum {self._seconds:.6f}",
            f"slantwise_seconds_count {self._articles}",
        ]
        return "\n".join(lines) + "\n"


def _head(name: str, kind: str, told: str) -> tuple[str, str]:
    return f"# HELP {name} {told}", f"# TYPE {name} {kind}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
