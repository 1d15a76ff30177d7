"""Is our encoder the one of the transformers library? ``python -m experiments.transformers_bert``.

A small `BertModel` with drawn weights, and ours with the same ones, read the same pairs of sentences in float64: the
vectors of every step, the weights of every head and the gradients of every matrix have to agree. What has to be set
for that is changed back, one thing at a time, and the difference that it makes is kept beside. transformers is no
dependency of the package: install it into an environment of its own. The result is a record of the package, which
chapter 16 shows: ``sv.data.recorded("transformers_bert")``.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from benchmarks import report
from experiments.difference import largest_difference
from seqviz.data.records import FOLDER
from seqviz.models.transformer.bert import BERT
from seqviz.models.transformer.layer_norm import EPSILON, LayerNorm

# what is changed back to the library's own → why the two are then different models
CHANGED = {
    "gelu": "the feed-forward networks have gelu, not relu",
    "epsilon": "a norm's epsilon is 1e-12",
    "no norm below": "ours leave out the norm after the embeddings",
    "segments second": "segments stand where the library expects the mask of the padding",
}


@dataclass(frozen=True)
class Sizes:
    """Sizes that are all different, so that axes cannot be confused."""

    tokens: int = 31
    longest: int = 11
    size: int = 12
    heads: int = 3
    inner: int = 20
    layers: int = 4
    batch: int = 5
    time: int = 9


class Read(NamedTuple):
    """Sequences of two segments, with padding behind some of them."""

    tokens: Tensor
    segments: Tensor
    real: Tensor


def drawn(sizes: Sizes, generator: torch.Generator) -> Read:
    """Draw sequences of 4 steps and more, the first of them whole, each with both segments."""
    lengths = torch.randint(4, sizes.time + 1, (sizes.batch, 1), generator=generator)
    lengths[0] = sizes.time
    steps = torch.arange(sizes.time)
    real = steps < lengths
    tokens = torch.randint(1, sizes.tokens, real.shape, generator=generator) * real
    return Read(tokens, (steps >= lengths // 2).long() * real, real)


def names(layers: int) -> dict[str, str]:
    """Return the library's name of each of our weights, without those of the norm after the embeddings."""
    found = {
        "E": "embeddings.word_embeddings.weight",
        "P": "embeddings.position_embeddings.weight",
        "S": "embeddings.token_type_embeddings.weight",
    }
    for layer in range(layers):
        ours, theirs = f"encoder.blocks.{layer}", f"encoder.layer.{layer}"
        for letter, name in {"q": "self.query", "k": "self.key", "v": "self.value", "o": "output.dense"}.items():
            found[f"{ours}.attention.W_{letter}"] = f"{theirs}.attention.{name}.weight"
            found[f"{ours}.attention.b_{letter}"] = f"{theirs}.attention.{name}.bias"
        for part, name in {"first": "intermediate.dense", "second": "output.dense"}.items():
            for kind in ("weight", "bias"):
                found[f"{ours}.feed_forward.{part}.{kind}"] = f"{theirs}.{name}.{kind}"
        norms = {"around_attention": "attention.output.LayerNorm", "around_feed_forward": "output.LayerNorm"}
        for part, name in norms.items():
            for kind, of_theirs in {"gain": "weight", "bias": "bias"}.items():
                found[f"{ours}.{part}.norm.{kind}"] = f"{theirs}.{name}.{of_theirs}"
    return found


class Ours(nn.Module):
    """Our encoder with the norm last, and the norm between embeddings and blocks that the library has."""

    def __init__(self, weights: Mapping[str, Tensor], sizes: Sizes, norm_below: bool = True) -> None:
        super().__init__()
        self.bert = BERT(
            sizes.tokens, sizes.longest, sizes.size, sizes.heads, sizes.inner, sizes.layers, False, torch.float64
        )
        self.norm = LayerNorm(sizes.size, torch.float64) if norm_below else nn.Identity()
        with torch.no_grad():
            for name, of_theirs in names(sizes.layers).items():
                self.bert.get_parameter(name).copy_(weights[of_theirs])
            if isinstance(self.norm, LayerNorm):
                self.norm.gain.copy_(weights["embeddings.LayerNorm.weight"])
                self.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])

    def forward(self, read: Read) -> tuple[Tensor, Tensor]:
        """Return the vector of every step, and the weights of every head of every layer."""
        entering = self.norm(self.bert.embedded(read.tokens, read.segments))
        return self.bert.encoder(entering, read.real[:, None, None])


def theirs(sizes: Sizes, hidden_act: str = "relu", epsilon: float = EPSILON) -> Any:
    """Return a `BertModel` with drawn weights in float64.

    where every weight is drawn, since gains of 1 and biases of 0 would hide a mistake.
    """
    from transformers import (  # pyright: ignore[reportMissingImports]  # of an environment of its own
        BertConfig,
        BertModel,
    )

    config = BertConfig(
        vocab_size=sizes.tokens,
        max_position_embeddings=sizes.longest,
        hidden_size=sizes.size,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.inner,
        num_hidden_layers=sizes.layers,
        hidden_act=hidden_act,
        layer_norm_eps=epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",  # the only one that returns the weights of its heads
    )
    model = BertModel(config, add_pooling_layer=False).double()
    with torch.no_grad():
        for weights in model.parameters():
            weights.copy_(0.5 * torch.randn_like(weights))
        for name, weights in model.named_parameters():
            if name.endswith("LayerNorm.weight"):
                weights.add_(1.0)
    return model


def agreement(sizes: Sizes, seed: int) -> dict[str, float]:
    """Return how far the two are from each other: in vectors, in weights of heads, in gradients."""
    torch.manual_seed(seed)
    model, read = theirs(sizes), drawn(sizes, torch.Generator().manual_seed(seed))
    ours = Ours(model.state_dict(), sizes)
    z, weights = ours(read)
    found = model(read.tokens, read.real.long(), read.segments, output_attentions=True)
    upper = torch.randn_like(z) * read.real[..., None]  # the library's token of the padding never gets a gradient
    shared = names(sizes.layers)
    of_norm = {"norm.gain": "embeddings.LayerNorm.weight", "norm.bias": "embeddings.LayerNorm.bias"}
    mine = [*(ours.bert.get_parameter(name) for name in shared), *(ours.get_parameter(name) for name in of_norm)]
    other = [model.get_parameter(name) for name in (*shared.values(), *of_norm.values())]
    gradients = zip(
        torch.autograd.grad(z, mine, upper), torch.autograd.grad(found.last_hidden_state, other, upper), strict=True
    )
    return {
        "vectors": largest_difference(z, found.last_hidden_state),
        "weights of heads": largest_difference(weights, torch.stack(found.attentions)),
        "gradients": max(largest_difference(*pair) for pair in gradients),
    }


@torch.no_grad()
def differences(sizes: Sizes, seed: int) -> dict[str, float]:
    """Return for each thing that is changed back how far the vectors of real steps then are from each other."""
    found = {}
    for changed in CHANGED:
        torch.manual_seed(seed)
        model = theirs(
            sizes, "gelu" if changed == "gelu" else "relu", epsilon=1e-12 if changed == "epsilon" else EPSILON
        )
        read = drawn(sizes, torch.Generator().manual_seed(seed))
        z, _ = Ours(model.state_dict(), sizes, norm_below=changed != "no norm below")(read)
        asked = (read.segments,) if changed == "segments second" else (read.real.long(), read.segments)
        found[changed] = largest_difference(z[read.real], model(read.tokens, *asked).last_hidden_state[read.real])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sizes = Sizes()
    found = [agreement(sizes, seed) for seed in range(arguments.seeds)]
    changed = [differences(sizes, seed) for seed in range(arguments.seeds)]
    record = {
        "command": "python -m experiments.transformers_bert",
        "sizes": asdict(sizes),
        "seeds": arguments.seeds,
        "environment": report.environment("torch", "transformers"),
        "changed": CHANGED,
        "agreement": {name: [one[name] for one in found] for name in found[0]},
        "differences": {name: [one[name] for one in changed] for name in changed[0]},
    }
    for part in ("agreement", "differences"):
        for name, values in record[part].items():
            print(f"{name:18} at most {max(values):.1e}, at least {min(values):.1e}")
    print(f"Written: {report.write('transformers_bert', record, FOLDER)}")


if __name__ == "__main__":
    main()
