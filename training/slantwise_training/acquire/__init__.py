"""Corpora onto this machine: `fetch.fetch` downloads them; what is on disk, and what is wrong with it, is said here."""

from slantwise_training.acquire.check import CorporaCheck, check_corpora
from slantwise_training.acquire.status import CorpusStatus, Presence, corpus_status

__all__ = ["CorporaCheck", "CorpusStatus", "Presence", "check_corpora", "corpus_status"]
