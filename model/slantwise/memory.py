"""Sentences that were read before: syndicated copy, standing paragraphs and captions are read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from slantwise.reading import Reading

__all__ = ["SentenceMemory"]

_LONGEST = 1000


class SentenceMemory:
    """The readings of the sentences that were met last.

    A reading depends on its sentence alone, so that a score is the same with and without a memory.

    Args:
        room: the most sentences to keep. A reading takes about 10 KB; sentences over 1,000 characters are not kept.

    Attributes:
        asked: how many sentences were asked for.
        met: how many of these did not have to be read.
    """

    def __init__(self, room: int = 2048) -> None:
        self.asked = self.met = 0
        self._room = room
        self._kept: OrderedDict[str, Reading] = OrderedDict()

    def known(self, sentences: Iterable[str]) -> dict[str, Reading]:
        """Those of these sentences that are kept, with their readings; they are forgotten last."""
        found = {}
        for sentence in sentences:
            reading = self._kept.get(sentence)
            if reading is not None:
                self._kept.move_to_end(sentence)
                found[sentence] = reading
        return found

    def keep(self, readings: Mapping[str, Reading]) -> None:
        """Keep readings; of more than there is room for, the last."""
        for sentence, reading in readings.items():
            if len(sentence) <= _LONGEST:
                self._kept[sentence] = reading
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
