"""Backpropagation through time by hand beside nn.RNN and autograd: ``python -m benchmarks.bptt``.

Forward and backward, with gradients for the input and every weight, on one thread. The runs take turns, and each ratio
is the median of the ratios within a turn. Nothing is timed before all forms have given the same states and gradients.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from benchmarks import report
from seqviz.models.recurrent import bptt
from seqviz.traces import costs

BUDGET = 1.2  # of the hand-written form, as a multiple of nn.RNN's time
BY_HAND, PEER = "by hand: models.bptt.rnn_recurrence", "nn.RNN"


@dataclass(frozen=True)
class Sizes:
    batch: int = 32
    time: int = 100
    input: int = 64
    hidden: int = 128


@dataclass(frozen=True)
class Form:
    """One way to compute the states, and the tensors that receive gradients: x, W_xh, W_hh, b_h, then any others."""

    forward: Callable[[], Tensor]
    leaves: tuple[Tensor, ...]

    def run(self, upstream: Tensor) -> Tensor:
        for leaf in self.leaves:
            leaf.grad = None
        states = self.forward()
        states.backward(upstream)
        return states


def plain_loop(x: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor) -> Tensor:
    h = x.new_zeros(len(x), len(W_hh))
    states = []
    # unbind, not x[:, t]: the backward pass of an index writes a tensor as long as the sequence, T times
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
        states.append(h)
    return torch.stack(states, 1)


def hoisted_loop(x: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor) -> Tensor:
    h = x.new_zeros(len(x), len(W_hh))
    states = []
    for projected in (x @ W_xh.T + b_h).unbind(1):
        h = torch.tanh(projected + h @ W_hh.T)
        states.append(h)
    return torch.stack(states, 1)


def make_forms(sizes: Sizes, seed: int) -> dict[str, Form]:
    """All forms on the same weights and the same input."""
    torch.manual_seed(seed)
    layer = nn.RNN(sizes.input, sizes.hidden, batch_first=True)
    W_xh, W_hh, b_h, second_bias = layer.all_weights[0]
    nn.init.zeros_(second_bias)  # the equation has one bias
    x = torch.randn(sizes.batch, sizes.time, sizes.input, requires_grad=True)
    own = [weight.detach().clone().requires_grad_() for weight in (W_xh, W_hh, b_h)]

    def form(states: Callable[..., Tensor]) -> Form:
        return Form(lambda: states(x, *own), (x, *own))

    return {
        BY_HAND: form(bptt.rnn_recurrence),
        PEER: Form(lambda: layer(x)[0], (x, W_xh, W_hh, b_h, second_bias)),
        "autograd, plain loop": form(plain_loop),
        "autograd, projection hoisted": form(hoisted_loop),
    }


def expect_agreement(forms: dict[str, Form], upstream: Tensor) -> None:
    """Raise AssertionError unless all forms give the states and gradients of nn.RNN, as far as float32 goes."""
    results: dict[str, Sequence[Tensor]] = {}
    for name, form in forms.items():
        states = form.run(upstream).detach()
        results[name] = [states, *(leaf.grad for leaf in form.leaves[:4] if leaf.grad is not None)]
    for name, result in results.items():
        for ours, theirs in zip(result, results[PEER], strict=True):
            scale = theirs.abs().max().item()
            torch.testing.assert_close(
                ours, theirs, rtol=0, atol=1e-4 * scale, msg=lambda text, name=name: f"{name}: {text}"
            )


def measure(sizes: Sizes, repeats: int, seed: int) -> dict[str, dict[str, float]]:
    """For each form: median milliseconds, median of its ratios to nn.RNN, bytes kept and alive at most."""
    forms = make_forms(sizes, seed)
    upstream = torch.randn(sizes.batch, sizes.time, sizes.hidden)
    expect_agreement(forms, upstream)
    runs = {name: lambda form=form: form.run(upstream) for name, form in forms.items()}
    seconds = costs.interleaved_seconds(runs, repeats)
    rows = {}
    for name, form in forms.items():
        form.run(upstream)
        rows[name] = {
            "milliseconds": 1e3 * statistics.median(seconds[name]),
            "ratio": report.ratio(seconds[name], seconds[PEER]),
            "bytes_kept": costs.kept_bytes(form.forward, form.leaves),
            "bytes_alive_at_most": costs.peak_bytes(runs[name], [*form.leaves, upstream]),
        }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sizes = Sizes()
    rows = measure(sizes, arguments.repeats, arguments.seed)
    environment = report.environment("torch", "numpy") | {"threads": torch.get_num_threads()}
    table = [
        {
            "form": name,
            "ms": row["milliseconds"],
            "× nn.RNN": row["ratio"],
            "MB kept for backward": row["bytes_kept"] / 1e6,
            "MB alive at most": row["bytes_alive_at_most"] / 1e6,
        }
        for name, row in rows.items()
    ]
    ours = rows[BY_HAND]["ratio"]
    result = {
        "sizes": asdict(sizes),
        "dtype": "float32",
        "repeats": arguments.repeats,
        "seed": arguments.seed,
        "environment": environment,
        "forms": rows,
        "budget": {"limit": BUDGET, "ratio": ours, "verdict": report.budget(ours, BUDGET)},
    }
    print("Backpropagation through time, forward and backward, gradients for the input and every weight")
    print(", ".join(f"{name} {size}" for name, size in asdict(sizes).items()), end="; ")
    print(f"float32, {arguments.repeats} turns, seed {arguments.seed}")
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    print(report.table(table))
    print(f"Budget: by hand ≤ {BUDGET} × nn.RNN: {report.budget(ours, BUDGET)} ({ours:.2f})")
    print(f"Written: {report.write('bptt', result)}")


if __name__ == "__main__":
    main()
