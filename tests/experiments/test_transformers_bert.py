"""Every weight has one name of the library's; what is drawn has padding and both segments; the record agrees."""

import torch
from torch import nn

from experiments.difference import largest_difference
from experiments.transformers_bert import CHANGED, Ours, Sizes, drawn, names
from seqviz.data.records import recorded
from seqviz.models.transformer.bert import BERT

SMALL = Sizes(tokens=9, longest=8, size=6, heads=2, inner=5, layers=2, batch=3, time=7)


def encoder(sizes):
    return BERT(sizes.tokens, sizes.longest, sizes.size, sizes.heads, sizes.inner, sizes.layers, False, torch.float64)


def of_the_library(sizes):
    """Drawn weights under the library's names."""
    draws = torch.Generator().manual_seed(0)
    ours = encoder(sizes)
    weights = {
        theirs: torch.randn(ours.get_parameter(name).shape, generator=draws, dtype=torch.float64)
        for name, theirs in names(sizes.layers).items()
    }
    for kind in ("weight", "bias"):
        weights[f"embeddings.LayerNorm.{kind}"] = torch.randn(sizes.size, generator=draws, dtype=torch.float64)
    return weights


def test_every_weight_of_the_encoder_has_a_name_of_its_own():
    found = names(SMALL.layers)
    heads = {f"{kind}_{letter}" for kind in "Wb" for letter in "mon"}
    assert found.keys() == dict(encoder(SMALL).named_parameters()).keys() - heads
    assert len(set(found.values())) == len(found)


def test_sequences_are_padded_and_have_both_segments():
    read = drawn(SMALL, torch.Generator().manual_seed(1))
    assert read.real[0].all()
    assert not read.real.all()
    assert torch.equal(read.tokens > 0, read.real)
    for segments, real in zip(read.segments, read.real, strict=True):
        assert segments[real].unique().tolist() == [0, 1]
        assert not segments[~real].any()


def test_the_norm_below_stands_between_embeddings_and_blocks():
    weights, read = of_the_library(SMALL), drawn(SMALL, torch.Generator().manual_seed(1))
    with_norm, without = Ours(weights, SMALL), Ours(weights, SMALL, norm_below=False)
    added = with_norm.bert.embedded(read.tokens, read.segments)
    normed = nn.functional.layer_norm(
        added, (SMALL.size,), weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
    )
    expected, _ = with_norm.bert.encoder(normed, read.real[:, None, None])
    torch.testing.assert_close(with_norm(read)[0], expected, rtol=0, atol=1e-10)
    torch.testing.assert_close(without(read)[0], without.bert(*read)[0], rtol=0, atol=0)
    assert largest_difference(with_norm(read)[0], without(read)[0]) > 0.1


def test_in_the_record_both_agree_and_whatever_is_changed_back_makes_a_difference():
    record = recorded("transformers_bert")
    assert record["command"] == "python -m experiments.transformers_bert"
    assert {"torch", "transformers"} <= record["environment"].keys()
    assert record["agreement"].keys() == {"vectors", "weights of heads", "gradients"}
    assert all(len(values) == record["seeds"] >= 5 for values in record["agreement"].values())
    assert max(max(values) for values in record["agreement"].values()) < 1e-10
    assert record["changed"] == CHANGED
    assert list(record["differences"]) == list(CHANGED)
    assert all(min(values) > 1e-7 for values in record["differences"].values())
