"""LSTM and GRU with a backward pass by hand, beside torch's and autograd: ``python -m benchmarks.gates``.

Forward and backward, with gradients for the input and every weight, on one thread. The runs take turns, and each ratio
is the median of the ratios within a turn. Nothing is timed before all forms of a unit have given the same states and
gradients.
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from benchmarks import report
from benchmarks.bptt import Form, Sizes
from seqviz.models.gated import gru, lstm
from seqviz.traces import costs

BUDGET = 1.5  # of a hand-written form, as a multiple of torch's time
BY_HAND, HOISTED, INDEXING = "by hand", "autograd, projection hoisted", "autograd, indexing x[:, t]"


@dataclass(frozen=True)
class Unit:
    """All forms of one kind of unit; the first leaves of each are the input, W_x, W_h and b."""

    peer: str
    forms: dict[str, Form]


def make_units(sizes: Sizes, seed: int) -> dict[str, Unit]:
    """Every form on the same weights and the same input."""
    torch.manual_seed(seed)
    x = torch.randn(sizes.batch, sizes.time, sizes.input, requires_grad=True)
    return {"LSTM": _lstm(sizes, x), "GRU": _gru(sizes, x)}


def _lstm(sizes: Sizes, x: Tensor) -> Unit:
    layer = nn.LSTM(sizes.input, sizes.hidden, batch_first=True)
    W_x, W_h, b, second_bias = layer.all_weights[0]
    nn.init.zeros_(second_bias)  # the equation has one bias
    own = _copies(W_x, W_h, b)

    def indexing(x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
        h = c = x.new_zeros(len(x), W_h.shape[1])
        states = []
        for t in range(x.shape[1]):
            h, c = lstm.lstm_step(x[:, t], h, c, W_x, W_h, b)
            states.append(h)
        return torch.stack(states, 1)

    forms = {
        BY_HAND: lambda *given: lstm.lstm_recurrence(*given)[0],
        HOISTED: lambda *given: lstm.lstm_forward(*given)[0],
        INDEXING: indexing,
    }
    return Unit("nn.LSTM", _with_peer("nn.LSTM", layer, x, forms, own))


def _gru(sizes: Sizes, x: Tensor) -> Unit:
    layer = nn.GRU(sizes.input, sizes.hidden, batch_first=True)
    W_x, W_h, b, second_bias = layer.all_weights[0]
    with torch.no_grad():
        second_bias[: -sizes.hidden] = 0  # only the candidate has a second bias in the equation
    own = [*_copies(W_x, W_h, b), second_bias[-sizes.hidden :].detach().clone().requires_grad_()]

    def indexing(x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, b_hn: Tensor) -> Tensor:
        h = x.new_zeros(len(x), W_h.shape[1])
        states = []
        for t in range(x.shape[1]):
            h = gru.gru_step(x[:, t], h, W_x, W_h, b, b_hn)
            states.append(h)
        return torch.stack(states, 1)

    forms = {BY_HAND: gru.gru_recurrence, HOISTED: gru.gru_forward, INDEXING: indexing}
    return Unit("nn.GRU", _with_peer("nn.GRU", layer, x, forms, own))


def _copies(*weights: Tensor) -> list[Tensor]:
    return [weight.detach().clone().requires_grad_() for weight in weights]


def _with_peer(
    peer: str, layer: nn.RNNBase, x: Tensor, forms: dict[str, Callable[..., Tensor]], own: list[Tensor]
) -> dict[str, Form]:
    made = {name: Form(lambda states=states: states(x, *own), (x, *own)) for name, states in forms.items()}
    return {**made, peer: Form(lambda: layer(x)[0], (x, *layer.all_weights[0]))}


def expect_agreement(unit: Unit, upstream: Tensor) -> None:
    """Raise AssertionError unless all forms give torch's states and gradients, as far as float32 goes."""
    results = {}
    for name, form in unit.forms.items():
        states = form.run(upstream).detach()
        results[name] = [states, *(leaf.grad for leaf in form.leaves[:4] if leaf.grad is not None)]
    for name, result in results.items():
        for ours, theirs in zip(result, results[unit.peer], strict=True):
            scale = theirs.abs().max().item()
            torch.testing.assert_close(
                ours, theirs, rtol=0, atol=1e-4 * scale, msg=lambda text, name=name: f"{name}: {text}"
            )


def measure(sizes: Sizes, repeats: int, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """For each unit and form: median milliseconds, and the median of its ratios to torch's."""
    upstream = torch.randn(sizes.batch, sizes.time, sizes.hidden, generator=torch.Generator().manual_seed(seed))
    rows: dict[str, dict[str, dict[str, float]]] = {}
    for kind, unit in make_units(sizes, seed).items():
        expect_agreement(unit, upstream)
        runs = {name: lambda form=form: form.run(upstream) for name, form in unit.forms.items()}
        seconds = costs.interleaved_seconds(runs, repeats)
        rows[kind] = {
            name: {
                "milliseconds": 1e3 * statistics.median(seconds[name]),
                "ratio": report.ratio(seconds[name], seconds[unit.peer]),
            }
            for name in unit.forms
        }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sizes = Sizes()
    rows = measure(sizes, arguments.repeats, arguments.seed)
    environment = report.environment("torch") | {"threads": torch.get_num_threads(), "load": report.load()}
    verdicts = {kind: report.budget(forms[BY_HAND]["ratio"], BUDGET) for kind, forms in rows.items()}
    result = {
        "sizes": asdict(sizes),
        "dtype": "float32",
        "repeats": arguments.repeats,
        "seed": arguments.seed,
        "environment": environment,
        "units": rows,
        "budget": {"limit": BUDGET, "verdicts": verdicts},
    }
    print("Gated units, forward and backward, gradients for the input and every weight")
    print(", ".join(f"{name} {size}" for name, size in asdict(sizes).items()), end="; ")
    print(f"float32, {arguments.repeats} turns, seed {arguments.seed}")
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    table = [
        {"unit": kind, "form": name, "ms": row["milliseconds"], "× torch": row["ratio"]}
        for kind, forms in rows.items()
        for name, row in forms.items()
    ]
    print(report.table(table))
    for kind, verdict in verdicts.items():
        print(f"Budget: {kind} by hand ≤ {BUDGET} × torch: {verdict} ({rows[kind][BY_HAND]['ratio']:.2f})")
    print(f"Written: {report.write('gates', result)}")


if __name__ == "__main__":
    main()
