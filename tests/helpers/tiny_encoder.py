"""A random two-layer BERT with a vocabulary of the words of a few invented sentences, and a toy set for every head."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from slantwise.labels import Lens, SpanLabel, StanceLabel, Task
from slantwise.linear.words import split_words
from slantwise.records import Document, LabelledSentence, Span, Stance
from slantwise_training.encoder.network import EAGER, NetworkShape, SlantwiseNetwork, without_pooler
from slantwise_training.examples import Library
from slantwise_training.recipe import EncoderRecipe, LayerRecipe, Recipe, Selection, TaskRecipe

NAMES = ("Anna Berg", "Omar Diaz", "Ilse Marr", "Tom Vey")
ADVERBS = {"may": "hedged", "will": "asserted"}
ADJECTIVES = {"disgraceful": ("loaded", "against"), "new": ("plain", "neutral"), "heroic": ("loaded", "favor")}
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "dis", "##gra", "##ceful", "tax", "port", "open", ".", ",", "'", "t")
HIDDEN = 32


def toy_texts():
    """Each of 24 sentences with its adverb, adjective and name."""
    return [
        (f"{name} said the {adjective} plan {adverb} open the port.", adverb, adjective, name)
        for name in NAMES
        for adverb in ADVERBS
        for adjective in ADJECTIVES
    ]


def toy_records(corpus="toy", split="train"):
    """The toy sentences, labelled for every head; a topic that is not mentioned in each."""
    records = []
    for i, (text, adverb, adjective, name) in enumerate(toy_texts()):
        marks = [
            (SpanLabel.HEDGE, "may", None) if adverb == "may" else None,
            (SpanLabel.LOADED, adjective, None) if ADJECTIVES[adjective][0] == "loaded" else None,
            (SpanLabel.TARGET, "plan", StanceLabel(ADJECTIVES[adjective][1])),
        ]
        spans = [
            Span(f"s{j}", label, text.index(surface), text.index(surface) + len(surface), surface, value)
            for j, (label, surface, value) in enumerate(m for m in marks if m)
        ]
        records.append(
            LabelledSentence(
                id=f"{corpus}-{split}-{i}",
                doc=Document(f"{corpus}-{split}-d{i}"),
                index=0,
                text=text,
                lenses=(Lens.HEDGING,),
                labels={Task.HEDGING: ADVERBS[adverb], Task.LEANING: ("left", "centre", "right")[i % 3]},
                spans=tuple(spans),
                stances=(Stance("tax", StanceLabel.FAVOR if name == "Anna Berg" else StanceLabel.AGAINST),),
                exhaustive=(SpanLabel.HEDGE, SpanLabel.LOADED),
                corpus=corpus,
                split=split,
            )
        )
    return records


def toy_library(**more):
    """A library that holds toy:train and toy:dev, and other splits given as name=records."""
    library = Library(Path("nowhere"))
    library._read[Selection("toy", "train")] = toy_records()
    library._read[Selection("toy", "dev")] = toy_records(split="dev")
    for name, records in more.items():
        library._read[Selection(name, "train")] = records
    return library


def toy_recipe(**settings):
    """A recipe of two tasks, two layers and stance on toy:train and toy:dev."""
    train, dev = (Selection("toy", "train"),), ()
    task = TaskRecipe(train=train, dev=dev)
    return Recipe(
        name="toy",
        family="encoder",
        tasks={Task.HEDGING: task, Task.LEANING: task},
        layers={
            "hedge": LayerRecipe((SpanLabel.HEDGE,), train, dev=dev),
            "loaded": LayerRecipe((SpanLabel.LOADED,), train, dev=dev),
        },
        stance=task,
        encoder=EncoderRecipe(**{"max_tokens": 32, "batch": 8, "precision": "fp32", **settings}),
    )


def tiny_tokenizer():
    """WordPiece, uncased, as MiniLM's: whole words of the toy sentences and a few pieces."""
    words = sorted({w.lower for text, *_ in toy_texts() for w in split_words(text)} - {"disgraceful"} - set(PIECES))
    vocabulary = {piece: i for i, piece in enumerate((*PIECES, *words))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    return tokenizer


def tiny_bert(seed=0):
    """A random encoder."""
    from transformers import AutoModel, BertConfig

    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=tiny_tokenizer().get_vocab_size(),
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        pad_token_id=0,
    )
    return without_pooler(AutoModel.from_config(config, **EAGER))


def tiny_base(folder):
    """The random encoder as a folder that `base` can name."""
    from transformers import PreTrainedTokenizerFast

    tiny_bert().save_pretrained(folder)
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer(), **special).save_pretrained(folder)
    return folder


SHAPE = NetworkShape(
    tasks=(Task.HEDGING, Task.LEANING),
    layers=(("hedge", ("O", "B-hedge", "I-hedge")), ("loaded", ("O", "B-loaded", "I-loaded"))),
    hidden=HIDDEN,
    base="tiny",
    max_tokens=32,
)


def tiny_network(shape=SHAPE, seed=0):
    """A random network of a shape, in evaluation mode."""
    encoder = tiny_bert(seed)
    return SlantwiseNetwork(encoder, shape).eval()
