"""What once broke a fuzz target does so no more; and a few mutations of sound inputs, the same every time."""

from pathlib import Path
from random import Random

import pytest
from fuzz_targets import TARGETS, seeds, spoiled

KEPT = Path(__file__).parent / "corpus"
MUTATIONS = 40


@pytest.mark.parametrize("path", sorted(KEPT.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_findings(path):
    TARGETS[path.parent.name](path.read_bytes())


def test_the_corpus_is_small():
    assert sum(path.stat().st_size for path in KEPT.glob("*/*")) < 8_000
    assert {path.parent.name for path in KEPT.glob("*/*")} <= TARGETS.keys()


@pytest.mark.parametrize("target", TARGETS)
def test_sound_inputs(target):
    for data in seeds(target):
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_mutations(target):
    random, sound = Random(target), seeds(target)
    for _ in range(MUTATIONS):
        data = bytearray(random.choice(sound))
        for _ in range(random.randrange(1, 6)):
            data[random.randrange(len(data))] = random.randrange(256)
        if random.random() < 0.5:
            data += random.randbytes(8)
        TARGETS[target](bytes(data))


def test_spoiled_rows_differ_and_are_the_same_for_the_same_bytes():
    made = [spoiled({"a": [1, {"b": "text"}], "c": 2}, bytes([n, 0, n % 4, n])) for n in range(64)]
    assert len({repr(each) for each in made}) > 10
    assert made == [spoiled({"a": [1, {"b": "text"}], "c": 2}, bytes([n, 0, n % 4, n])) for n in range(64)]
