"""A network of the encoder family with random weights: two layers, a vocabulary of a few invented words."""

from pathlib import Path

from slantwise.labels import HedgeKind, Task

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = """the a of in on and to he she it mayor council tax road harbour bridge minister official report vote plan rain
snow market price may could might reportedly brutal heroic said told claimed that will was not new old anna berg omar
diaz port ellery wins loses opens closes over under against for . , " ' “ ” ( ) ! ? : ; -""".split()
MAX_TOKENS = 32


def _bio(*kinds):
    return ("O", *(f"{prefix}-{kind}" for kind in kinds for prefix in "BI"))


LAYERS = (
    ("hedge", _bio(*(f"hedge:{kind}" for kind in HedgeKind))),
    ("attribution", _bio("content", "cue", "source")),
)
TASKS = (Task.VAGUENESS, Task.WORDING, Task.LEANING)


def tiny_tokenizer():
    """WordPiece over the words and, for any other word, its letters."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = ("##" + character for character in LETTERS + "0123456789")
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, *LETTERS, *pieces]
    vocabulary = {name: i for i, name in enumerate(dict.fromkeys(names))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = [("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=special
    )
    return tokenizer


def tiny_network(seed=0):
    """A network, its shape and its tokenizer; weights are large enough for every tag and label to win somewhere."""
    import torch
    from transformers import BertConfig, BertModel

    from slantwise_training.encoder.network import NetworkShape, SlantwiseNetwork, without_pooler

    # several threads wait for each other longer than they compute
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    tokenizer = tiny_tokenizer()
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=300,
        attn_implementation="eager",
    )
    shape = NetworkShape(TASKS, LAYERS, 32, "tiny", MAX_TOKENS)
    network = SlantwiseNetwork(without_pooler(BertModel(config)), shape).eval()
    for name, weights in network.named_parameters():
        if weights.dim() == 2:
            torch.nn.init.normal_(weights, std=0.5 if name.startswith(("tags", "stance", "task")) else 0.15)
    return network, shape, tokenizer


def sentences(count=60):
    """Invented sentences of many lengths, the same every time."""
    found = []
    for i in range(count):
        length = 3 + i * 7 % 25
        words = [WORDS[(i * 31 + j * j * 17 + j) % (len(WORDS) - 15)] for j in range(length)]
        words[0] = words[0].title()
        found.append(" ".join(words) + ".")
    return found


def save_tiny_encoder(folder: Path, precision="int8"):
    """Export the tiny network into an existing folder; give the report and what `config.json` says of it."""
    from slantwise_training.export import export, settings_of

    network, shape, tokenizer = tiny_network()
    return export(network, shape, tokenizer, sentences(32), folder, precision), settings_of(shape)
