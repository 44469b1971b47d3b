"""Corpora onto this machine: `fetch.fetch` downloads them, here is what says what is on disk and checks it."""

from slantwise_training.acquire.status import CorpusStatus, Presence, corpus_status

__all__ = ["CorpusStatus", "Presence", "corpus_status"]
