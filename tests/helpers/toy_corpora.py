"""A folder of corpora in the files of real ones, filled with invented sentences that are easy to learn.

`szeged_wiki`, `newsmtsc`, `gwsd` and `babe_v2`, by the names and licences of the manifest.
"""

import csv
import json
from pathlib import Path

TOWNS = (
    "Port Ellery",
    "Norwick",
    "East Hamm",
    "Lowen",
    "Saint Barra",
    "Quill Bay",
    "Tarn",
    "Overby",
    "Mill Cross",
    "Dunmere",
)
PEOPLE = ("Anna Berg", "Omar Diaz", "Lena Voss", "Karl Ito", "Mina Roy")
WORKS = ("the bridge", "the school", "a new port", "the old mill")
HEDGED = ("{} may close {}.", "{} could sell {}.", "{} suggests that it will open {}.")
ASSERTED = ("{} closed {}.", "{} has sold {}.", "{} opens {} today.")
CUES = {"may": "epistemic", "could": "epistemic", "suggests": "doxastic"}
LOADED = ("A shameful council in {} wrecked {}.", "The brutal mayor of {} butchered {}.")
PLAIN = ("The council in {} repaired {}.", "The mayor of {} visited {}.")
STANCES = {-1: "{} is a disgrace to {}.", 0: "{} lives in {}.", 1: "{} is the pride of {}."}
WORDS = {"shameful", "wrecked", "brutal", "butchered"}
TOPICS = {
    "agree": "In {} the heat is a danger.",
    "neutral": "In {} it was warm.",
    "disagree": "In {} they call it a hoax.",
}


def write_toy_corpora(root: Path) -> Path:
    """Write the corpora; give their folder."""
    _szeged(root / "szeged")
    _newsmtsc(root / "newsmtsc")
    _gwsd(root / "gwsd")
    _babe(root / "babe_v2")
    return root


def _lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _table(path, rows, **style):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), **style)
        writer.writeheader()
        writer.writerows(rows)


def _szeged(folder):
    """Ten documents to train on, one of them with a copy of a test sentence; two to test on."""
    rows = []
    for number, town in enumerate((*TOWNS, "Far Reach", "Hope")):
        split = "train" if number < len(TOWNS) else "test"
        texts = [pattern.format(town, work) for pattern in (*HEDGED, *ASSERTED) for work in WORKS]
        if number == 0:
            texts.append("Hope may close the bridge!")
        for i, text in enumerate(texts):
            cues = [
                [kind, text.index(cue), text.index(cue) + len(cue), cue]
                for cue, kind in CUES.items()
                if f" {cue} " in text
            ]
            rows.append(
                {
                    "sid": f"{number}.{i}",
                    "doc": str(number),
                    "doc_no": number,
                    "text": text,
                    "cues": cues,
                    "split": split,
                }
            )
    _lines(folder / "wiki.jsonl", rows)


def _newsmtsc(folder):
    for name, towns in {
        "mt-hf/train": TOWNS,
        "rw-hf/dev": ("Hope",),
        "rw-hf/test": ("Tor",),
        "mt-hf/dev": (),
        "mt-hf/test": (),
    }.items():
        rows = []
        for number, town in enumerate(towns):
            for polarity, pattern in STANCES.items():
                for person in PEOPLE:
                    rows.append(
                        {
                            "id": f"wire_{name[:2]}{number}_0_{len(rows)}_x_0_0",
                            "sentence": pattern.format(person, town),
                            "mention": person,
                            "from": 0,
                            "to": len(person),
                            "polarity": polarity,
                        }
                    )
        _lines(folder / f"{name}.jsonl", rows)


def _gwsd(folder):
    rows = []
    for held_out, towns in (("False", TOWNS), ("True", ("Hope",))):
        for town in towns:
            for answer, pattern in TOPICS.items():
                p = {name: "0.8" if name == answer else "0.1" for name in TOPICS}
                rows.append(
                    {"guid": str(len(rows)), "sentence": pattern.format(town), **p, "in_held_out_test": held_out}
                )
    _table(folder / "GWSD.tsv", rows, delimiter="\t")


def _babe(folder):
    for split, towns in (("train_dev", TOWNS), ("test", ("Hope", "Tarn"))):
        rows = []
        for town in towns:
            for label, patterns in (("1", LOADED), ("0", PLAIN)):
                for pattern in patterns:
                    text = pattern.format(town, "the bridge")
                    words = [word for word in text.rstrip(".").split() if word in WORDS]
                    row = {"text": text, "label": label}
                    if split != "test":
                        row |= {"outlet": "Wire", "topic": "", "news_link": f"wire/{town}", "biased_words": str(words)}
                    rows.append(row)
        _table(folder / "evaluation" / f"babe_{split}_annomatic.csv", rows)
