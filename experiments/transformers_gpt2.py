"""Does GPT-2 of the transformers library say the same as ours? ``python -m experiments.transformers_gpt2``.

A small ``GPT2LMHeadModel`` with random weights, the norm first, one matrix at both ends and learned positions gives its
weights to `CausalTransformer`. Compared, in float64: the scores of every next token, the gradient of every weight (that
of the shared matrix is a sum over both of its uses), and the scores step by step, each library with its own cache.
Set alike are the activation, relu here and gelu in GPT-2, and the factor at the entrance, the root of the size here and
1 in GPT-2; our bias of the output stays 0. transformers is no dependency of the package: install it into an environment
of its own. The result is a record of the package, which the chapter shows: ``sv.data.recorded("transformers_gpt2")``.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from experiments.difference import largest_difference
from experiments.recording import record
from seqviz.models.transformer.decoder_only import CausalBlock, CausalTransformer
from seqviz.models.transformer.layer_norm import LayerNorm


@dataclass(frozen=True)
class Sizes:
    """Of both models and of what they read; no two axes are equally long."""

    batch: int = 2
    time: int = 9
    tokens: int = 11
    size: int = 12
    heads: int = 3
    inner: int = 20
    layers: int = 4


def ours(sizes: Sizes) -> CausalTransformer:
    """Return our model as GPT-2 is: the embeddings enter as they are."""
    model = CausalTransformer(
        sizes.tokens,
        sizes.size,
        sizes.heads,
        sizes.inner,
        sizes.layers,
        "learned",
        sizes.time,
        torch.float64,
        tied=True,
    )
    model.factor = 1.0
    return model


def theirs(sizes: Sizes) -> Any:
    """Return the library's model, without dropout and in float64."""
    from transformers import GPT2Config, GPT2LMHeadModel  # pyright: ignore[reportMissingImports]  # see above

    config = GPT2Config(
        vocab_size=sizes.tokens,
        n_positions=sizes.time,
        n_embd=sizes.size,
        n_layer=sizes.layers,
        n_head=sizes.heads,
        n_inner=sizes.inner,
        activation_function="relu",
        attn_implementation="eager",
        bos_token_id=0,
        eos_token_id=0,
    )
    return GPT2LMHeadModel(config).double().eval()


class Pair(NamedTuple):
    """A weight of ours, the one of GPT-2 that holds it, and how it is taken out: of the weight or of its gradient."""

    name: str
    ours: Tensor
    theirs: Tensor
    taken: Callable[[Tensor], Tensor] = lambda weight: weight


def pairs(model: CausalTransformer, other: Any) -> Iterator[Pair]:
    """Yield every weight but the bias of the output, which GPT-2 does not have.

    where its matrices multiply rows (``Conv1D``), so they are the transposes of ours, and those of queries, keys and
    values stand beside each other in one.
    """
    yield Pair("E", model.E, other.transformer.wte.weight)
    assert model.P is not None
    yield Pair("P", model.P, other.transformer.wpe.weight)
    for number, (block, layer) in enumerate(zip(model.blocks, other.transformer.h, strict=True)):
        assert isinstance(block, CausalBlock)
        for pair in _of_block(block, layer):
            yield pair._replace(name=f"{pair.name} of block {number + 1}")
    yield from _of_norm("last norm", model.norm, other.transformer.ln_f)


def _of_block(block: CausalBlock, layer: Any) -> Iterator[Pair]:
    attention, feed_forward = block.attention, block.feed_forward
    yield from _of_norm("norm before attention", block.around_attention.norm, layer.ln_1)
    for part, (name, matrix, bias) in enumerate(
        (
            ("q", attention.W_q, attention.b_q),
            ("k", attention.W_k, attention.b_k),
            ("v", attention.W_v, attention.b_v),
        )
    ):
        yield Pair(f"W_{name}", matrix, layer.attn.c_attn.weight, lambda one, part=part: one.chunk(3, 1)[part].T)
        yield Pair(f"b_{name}", bias, layer.attn.c_attn.bias, lambda one, part=part: one.chunk(3)[part])
    yield Pair("W_o", attention.W_o, layer.attn.c_proj.weight, lambda one: one.T)
    yield Pair("b_o", attention.b_o, layer.attn.c_proj.bias)
    yield from _of_norm("norm before feed-forward", block.around_feed_forward.norm, layer.ln_2)
    for name, linear, conv in (
        ("first", feed_forward.first, layer.mlp.c_fc),
        ("second", feed_forward.second, layer.mlp.c_proj),
    ):
        yield Pair(f"{name} matrix", linear.weight, conv.weight, lambda one: one.T)
        yield Pair(f"{name} bias", linear.bias, conv.bias)


def _of_norm(name: str, norm: LayerNorm, other: nn.LayerNorm) -> Iterator[Pair]:
    yield Pair(f"gain, {name}", norm.gain, other.weight)
    yield Pair(f"bias, {name}", norm.bias, other.bias)


def compare(model: CausalTransformer, other: Any, tokens: Tensor, seed: int) -> dict[str, float]:
    """Give GPT-2 random weights and ours the same; return the greatest difference of each comparison."""
    draws = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in other.parameters():  # also gains and biases, behind whose first values mistakes would hide
            weight.copy_(0.5 * torch.randn(weight.shape, generator=draws, dtype=weight.dtype))
        for pair in pairs(model, other):
            pair.ours.copy_(pair.taken(pair.theirs))
    scores, expected = model(tokens)[0], other(tokens).logits
    upper = torch.randn(expected.shape, generator=draws, dtype=expected.dtype)
    found = list(pairs(model, other))
    mine = torch.autograd.grad(scores, [pair.ours for pair in found], upper)
    its = torch.autograd.grad(expected, [pair.theirs for pair in found], upper)
    return {
        "scores": largest_difference(scores, expected),
        "gradients": max(
            largest_difference(one, pair.taken(two)) for pair, one, two in zip(found, mine, its, strict=True)
        ),
        "step by step, with a cache": stepwise(model, other, tokens),
        "the greatest score": expected.abs().max().item(),  # what the differences are to be compared with
        "the greatest gradient": max(one.abs().max().item() for one in its),
    }


@torch.no_grad()
def stepwise(model: CausalTransformer, other: Any, tokens: Tensor) -> float:
    """Return the greatest difference while both read one token after another, each with its own cache."""
    past, kept, found = None, None, []
    for token in tokens.unbind(1):
        log_p, past = model.step(token, past)
        answer = other(token[:, None], cache=kept, use_cache=True)
        kept = answer.cache
        found.append(largest_difference(log_p, answer.logits[:, 0].log_softmax(-1)))
    return max(found)


def run(seed: int, sizes: Sizes) -> dict[str, float]:
    """Compare two models once."""
    tokens = torch.randint(sizes.tokens, (sizes.batch, sizes.time), generator=torch.Generator().manual_seed(seed))
    result = compare(ours(sizes), theirs(sizes), tokens, seed)
    print(seed, result, flush=True)
    return result


def main() -> None:
    sizes = Sizes()

    def measure(seeds: int) -> dict[str, list[float]]:
        found = [run(seed, sizes) for seed in range(seeds)]
        return {name: [of_seed[name] for of_seed in found] for name in found[0]}

    record("transformers_gpt2", __doc__, measure, packages=("torch", "transformers"), sizes=asdict(sizes))


if __name__ == "__main__":
    main()
