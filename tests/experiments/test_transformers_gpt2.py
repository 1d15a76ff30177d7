"""A GPT-2 written plainly here takes the library's place; every weight has its pair; the record is whole."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from experiments.transformers_gpt2 import Sizes, compare, ours, pairs
from seqviz.data.records import recorded

SIZES = Sizes(batch=2, time=5, tokens=7, size=6, heads=2, inner=9, layers=2)


class RowsTimesMatrix(nn.Module):
    """GPT-2's Conv1D."""

    def __init__(self, read: int, said: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(read, said)), nn.Parameter(torch.zeros(said))

    def forward(self, x):
        return x @ self.weight + self.bias


class Layer(nn.Module):
    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attn = nn.ModuleDict({"c_attn": RowsTimesMatrix(size, 3 * size), "c_proj": RowsTimesMatrix(size, size)})
        self.mlp = nn.ModuleDict({"c_fc": RowsTimesMatrix(size, inner), "c_proj": RowsTimesMatrix(inner, size)})


class PlainGPT2(nn.Module):
    """As the paper has it, with relu; its cache is the text."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.transformer = nn.Module()
        self.transformer.wte = nn.Embedding(sizes.tokens, sizes.size)
        self.transformer.wpe = nn.Embedding(sizes.time, sizes.size)
        self.transformer.h = nn.ModuleList(Layer(sizes.size, sizes.inner) for _ in range(sizes.layers))
        self.transformer.ln_f = nn.LayerNorm(sizes.size)
        self.double()

    def forward(self, tokens, cache=None, use_cache=False):
        text = tokens if cache is None else torch.cat([cache, tokens], 1)
        parts = self.transformer
        x = parts.wte(text) + parts.wpe(torch.arange(text.shape[1]))
        for layer in parts.h:
            q, k, v = (
                one.unflatten(-1, (self.heads, -1)).transpose(1, 2)
                for one in layer.attn.c_attn(layer.ln_1(x)).split(x.shape[-1], -1)
            )
            read = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + layer.attn.c_proj(read.transpose(1, 2).flatten(2))
            x = x + layer.mlp.c_proj(F.relu(layer.mlp.c_fc(layer.ln_2(x))))
        logits = parts.ln_f(x) @ parts.wte.weight.T
        return SimpleNamespace(logits=logits[:, -tokens.shape[1] :], cache=text if use_cache else None)


def some_tokens():
    return torch.randint(SIZES.tokens, (SIZES.batch, SIZES.time), generator=torch.Generator().manual_seed(0))


def test_every_weight_of_either_model_has_its_pair():
    model, other = ours(SIZES), PlainGPT2(SIZES)
    found = list(pairs(model, other))
    assert {id(pair.theirs) for pair in found} == {id(weight) for weight in other.parameters()}
    assert {id(pair.ours) for pair in found} == {id(weight) for weight in model.parameters() if weight is not model.b_o}
    assert all(pair.ours.shape == pair.taken(pair.theirs).shape for pair in found)
    assert len({pair.name for pair in found}) == len(found)


def test_a_gpt2_written_plainly_agrees():
    result = compare(ours(SIZES), PlainGPT2(SIZES), some_tokens(), 1)
    differences = [result[name] for name in ("scores", "gradients", "step by step, with a cache")]
    assert max(differences) < 1e-10
    assert result["the greatest score"] > 1


@pytest.mark.parametrize("place", ["activation", "factor", "last norm"])
def test_a_model_that_differs_in_one_place_is_noticed(place, monkeypatch):
    model, other = ours(SIZES), PlainGPT2(SIZES)
    if place == "activation":
        monkeypatch.setattr(F, "relu", F.gelu)
    elif place == "factor":
        model.factor = math.sqrt(SIZES.size)
    else:
        other.transformer.ln_f.eps = 1e-3
    result = compare(model, other, some_tokens(), 1)
    assert min(result[name] for name in ("scores", "gradients", "step by step, with a cache")) > 1e-6


def test_the_record_compares_three_things_for_every_seed_and_they_agree():
    record = recorded("transformers_gpt2")
    assert record["command"] == "python -m experiments.transformers_gpt2"
    assert {"torch", "transformers"} <= record["environment"].keys()
    assert all(len(values) == record["seeds"] >= 5 for values in record["results"].values())
    for name in ("scores", "gradients", "step by step, with a cache"):
        assert max(record["results"][name]) <= 1e-10
    assert min(record["results"]["the greatest score"]) > 0.5
    assert record["sizes"]["layers"] > 1
