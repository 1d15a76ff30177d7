"""Our attention and our encoder block beside torch's: ``python -m benchmarks.attention``.

Forward and backward, with gradients for the input and every weight, on one thread, on copied weights. The runs take
turns, and each ratio is the median of the ratios within a turn. Nothing is timed before both have given the same
outputs and the same gradients of the input.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from benchmarks import report
from seqviz.models.self_attention.multi_head import MultiHeadAttention
from seqviz.models.transformer.blocks import EncoderBlock
from seqviz.traces import costs
from tests.models.self_attention.copied import copy_attention
from tests.models.transformer.copied import copy_encoder_block

BUDGET = 1.2  # of ours, as a multiple of torch's time
Layer = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Sizes:
    batch: int = 32
    time: int = 100
    size: int = 64
    heads: int = 4
    inner: int = 256


@dataclass(frozen=True)
class Pair:
    """One equation twice, on the same weights. What it is compared with stands first among torch's."""

    ours: Layer
    theirs: dict[str, Layer]


def make_pairs(sizes: Sizes, seed: int) -> dict[str, Pair]:
    torch.manual_seed(seed)
    attention = MultiHeadAttention(sizes.size, sizes.heads)
    multi_head = nn.MultiheadAttention(sizes.size, sizes.heads, batch_first=True)
    copy_attention(attention, multi_head)
    block = EncoderBlock(sizes.size, sizes.heads, sizes.inner)
    layer = nn.TransformerEncoderLayer(
        sizes.size, sizes.heads, sizes.inner, dropout=0, batch_first=True, norm_first=True
    )
    copy_encoder_block(block, layer)
    return {
        "attention": Pair(
            lambda x: attention(x)[0],
            {
                "nn.MultiheadAttention": lambda x: multi_head(x, x, x, average_attn_weights=False)[0],
                "the same, which returns no weights": lambda x: multi_head(x, x, x, need_weights=False)[0],
            },
        ),
        "encoder block": Pair(lambda x: block(x)[0], {"nn.TransformerEncoderLayer": layer}),
    }


def expect_agreement(pair: Pair, x: Tensor, upstream: Tensor) -> None:
    """Raise AssertionError unless all give one output and one gradient of the input, as far as float32 goes."""
    expected = _results(pair.ours, x, upstream)
    for name, theirs in pair.theirs.items():
        for ours, other in zip(expected, _results(theirs, x, upstream), strict=True):
            torch.testing.assert_close(
                ours, other, rtol=0, atol=1e-4 * other.abs().max().item(), msg=lambda text, name=name: f"{name}: {text}"
            )


def _results(layer: Layer, x: Tensor, upstream: Tensor) -> tuple[Tensor, Tensor]:
    x = x.clone().requires_grad_()
    y = layer(x)
    y.backward(upstream)
    assert x.grad is not None
    return y.detach(), x.grad


def measure(sizes: Sizes, repeats: int, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """For each pair: median milliseconds of ours and of torch's, and the median of the ratios of ours to each."""
    generator = torch.Generator().manual_seed(seed)
    x, upstream = (torch.randn(sizes.batch, sizes.time, sizes.size, generator=generator) for _ in range(2))
    rows = {}
    for name, pair in make_pairs(sizes, seed).items():
        expect_agreement(pair, x, upstream)
        layers = {"ours": pair.ours, **pair.theirs}
        runs = {which: lambda layer=layer: _results(layer, x, upstream) for which, layer in layers.items()}
        seconds = costs.interleaved_seconds(runs, repeats)
        rows[name] = {
            which: {
                "milliseconds": 1e3 * statistics.median(seconds[which]),
                "ours as a multiple": report.ratio(seconds["ours"], seconds[which]),
            }
            for which in layers
        }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sizes = Sizes()
    rows = measure(sizes, arguments.repeats, arguments.seed)
    environment = report.environment("torch") | {"threads": torch.get_num_threads(), "load": report.load()}
    print("Attention and encoder block, forward and backward, gradients for the input and every weight")
    print(", ".join(f"{name} {size}" for name, size in asdict(sizes).items()), end="; ")
    print(f"float32, {arguments.repeats} turns, seed {arguments.seed}")
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    table = [{"what": name, "by": which, **row} for name, layers in rows.items() for which, row in layers.items()]
    print(report.table(table))
    for name, layers in rows.items():
        peer = next(which for which in layers if which != "ours")
        times = layers[peer]["ours as a multiple"]
        print(f"Budget: {name} ≤ {BUDGET} × {peer}: {report.budget(times, BUDGET)} ({times:.2f})")
    kept = {"sizes": asdict(sizes), "repeats": arguments.repeats, "seed": arguments.seed, "budget": BUDGET}
    print(f"Written: {report.write('attention', kept | {'environment': environment, 'rows': rows})}")


if __name__ == "__main__":
    main()
