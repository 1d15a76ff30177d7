"""Which clipping threshold serves, for plain steps and for Adam's: ``python -m experiments.clipping_threshold``.

The relu network from the identity learns the adding problem from the same starts and batches, once for each variant and
seed. A variant changes one thing: the threshold, whether it shrinks during training, the learning rate, the optimizer.
The result is a record of the package, which chapter 04 draws: ``sv.data.recorded``.
"""

import argparse
import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import torch
from torch import nn

from benchmarks import report
from experiments.longest_lag import last_answer
from seqviz.data.records import FOLDER
from seqviz.data.recurrent.memory import adding_problem
from seqviz.models import RNN
from seqviz.models.recurrent.initialisation import start_identity

PLAIN_RATE, ADAM_RATE = 0.1, 3e-3


@dataclass(frozen=True)
class Sizes:
    time: int = 10
    steps: int = 600
    batch: int = 32
    hidden: int = 32
    test_sequences: int = 1000


@dataclass(frozen=True)
class Variant:
    """Threshold and learning rate, each at the first step and at the last; between them a constant factor a step."""

    optimizer: Callable[..., torch.optim.Optimizer]
    threshold: tuple[float, float]
    rate: tuple[float, float]

    def at(self, share: float) -> tuple[float, float]:
        """Return threshold and rate after this share of the training."""
        return _between(self.threshold, share), _between(self.rate, share)


def _between(ends: tuple[float, float], share: float) -> float:
    first, last = ends
    return first if first == last else first * (last / first) ** share  # infinity has no ratio to itself


def _variants(optimizer: Callable[..., torch.optim.Optimizer], rate: float, name: str) -> Mapping[str, Variant]:
    fixed = {f"{name}, threshold {c:g}": Variant(optimizer, (c, c), (rate, rate)) for c in (10.0, 1.0, 0.1)}
    none = Variant(optimizer, (math.inf, math.inf), (rate, rate))
    return {f"{name}, not clipped": none, **fixed, f"{name}, 10 → 0.1": Variant(optimizer, (10.0, 0.1), (rate, rate))}


VARIANTS = {
    **_variants(torch.optim.SGD, PLAIN_RATE, "plain steps"),
    "plain steps, threshold 1, rate ÷ 100": Variant(torch.optim.SGD, (1.0, 1.0), (PLAIN_RATE, PLAIN_RATE / 100)),
    "plain steps, threshold 10, rate ÷ 100": Variant(torch.optim.SGD, (10.0, 10.0), (PLAIN_RATE, PLAIN_RATE / 100)),
    **_variants(torch.optim.Adam, ADAM_RATE, "Adam"),
}


def error(variant: Variant, seed: int, sizes: Sizes) -> float:
    """Train once; return the mean squared error on fresh sequences, infinite if it is not finite."""
    torch.manual_seed(seed)
    draws = torch.Generator().manual_seed(seed)
    model = start_identity(RNN(2, sizes.hidden, 1, "relu"))
    optimizer = variant.optimizer(model.parameters(), lr=variant.rate[0])
    for step in range(sizes.steps):
        x, y = adding_problem(sizes.batch, sizes.time, draws)
        threshold, optimizer.param_groups[0]["lr"] = variant.at(step / sizes.steps)
        optimizer.zero_grad()
        (last_answer(model, x) - y).square().mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), threshold)
        optimizer.step()
    with torch.no_grad():
        x, y = adding_problem(sizes.test_sequences, sizes.time, draws)
        found = (last_answer(model, x) - y).square().mean().item()
    return found if math.isfinite(found) else math.inf


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    torch.set_num_threads(1)
    sizes, rows, errors = Sizes(), [], {}
    for name, variant in VARIANTS.items():
        found = [error(variant, seed, sizes) for seed in range(seeds)]
        # JSON has no infinity: a training that met NaN has no error
        errors[name] = [e if math.isfinite(e) else None for e in found]
        rows.append({"training": name, "median": statistics.median(found), "by seed": found})
        print(f"{name}: {[round(e, 3) for e in found]}", flush=True)
    result = {
        "command": "python -m experiments.clipping_threshold",
        "task": "adding problem",
        "sizes": asdict(sizes),
        "seeds": seeds,
        "environment": report.environment("torch"),
        "errors": errors,
    }
    print(report.table(rows))
    print(f"Written: {report.write('clipping_threshold', result, FOLDER)}")


if __name__ == "__main__":
    main()
