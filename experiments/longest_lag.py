"""The longest adding problem each network learns in a fixed number of steps: ``python -m experiments.longest_lag``.

One network per variant, length and seed, all trained alike. A variant has learnt a length with a seed when its squared
error on fresh sequences is below LEARNT (who always answers 1 has 1/6). Lengths grow until a variant has failed with
every seed at two of them. The result is a record of the package, which the chapter draws: ``sv.data.recorded``.
With TQDM_DISABLE=1 in the environment the hundreds of trainings show no bars.
"""

import argparse
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from benchmarks import report
from seqviz.data.records import FOLDER
from seqviz.data.recurrent.memory import adding_problem
from seqviz.models import RNN
from seqviz.models.recurrent import bptt
from seqviz.models.recurrent.initialisation import orthogonal, start_identity, start_orthogonal
from seqviz.models.recurrent.skip_rnn import SkipRNN
from seqviz.models.recurrent.truncated import chunked_outputs
from seqviz.training import train

LENGTHS = (10, 20, 30, 40, 50, 75, 100, 150, 200)
LEARNT = 0.05
JUMP, CHUNK = 5, 10


@dataclass(frozen=True)
class Sizes:
    steps: int = 1500
    batch: int = 32
    hidden: int = 32
    learning_rate: float = 3e-3
    clip_norm: float = 1.0
    test_sequences: int = 1000


@dataclass(frozen=True)
class Variant:
    """How a model is made and how it answers after the last step."""

    make: Callable[[Sizes], nn.Module]
    answer: Callable[[nn.Module, Tensor], Tensor]
    clip: bool = True


def last_answer(model: nn.Module, x: Tensor) -> Tensor:
    """The hand-written recurrence: the same numbers as the model, in half the time."""
    assert isinstance(model, RNN)
    states = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, nonlinearity=model.nonlinearity)
    return (states[:, -1] @ model.W_hy.T + model.b_y)[:, 0]


def last_answer_of_skip(model: nn.Module, x: Tensor) -> Tensor:
    return model(x)[0][:, -1, 0]


def last_answer_in_chunks(model: nn.Module, x: Tensor) -> Tensor:
    assert isinstance(model, RNN)
    *_, (_, logits, _) = chunked_outputs(model, x, CHUNK)
    return logits[:, -1, 0]


def with_orthogonal_skip(sizes: Sizes) -> nn.Module:
    model = SkipRNN(2, sizes.hidden, 1, JUMP)
    with torch.no_grad():
        model.W_skip.copy_(orthogonal(sizes.hidden))
    return model


VARIANTS = {
    "tanh": Variant(lambda s: RNN(2, s.hidden, 1), last_answer),
    "tanh, not clipped": Variant(lambda s: RNN(2, s.hidden, 1), last_answer, clip=False),
    f"tanh, gradient cut after {CHUNK}": Variant(lambda s: RNN(2, s.hidden, 1), last_answer_in_chunks),
    "tanh, W_hh orthogonal": Variant(lambda s: start_orthogonal(RNN(2, s.hidden, 1)), last_answer),
    f"tanh, skip of {JUMP}, W_skip orthogonal": Variant(with_orthogonal_skip, last_answer_of_skip),
    "relu": Variant(lambda s: RNN(2, s.hidden, 1, "relu"), last_answer),
    "relu, W_hh identity": Variant(lambda s: start_identity(RNN(2, s.hidden, 1, "relu")), last_answer),
}


def error(variant: Variant, time: int, seed: int, sizes: Sizes) -> float:
    """Train once; return the mean squared error on fresh sequences, infinite if training met a loss of NaN."""
    torch.manual_seed(seed)
    draws = torch.Generator().manual_seed(seed)
    model = variant.make(sizes)

    def loss_of(_step: int) -> Tensor:
        x, y = adding_problem(sizes.batch, time, draws)
        return (variant.answer(model, x) - y).square().mean()

    clip_norm = sizes.clip_norm if variant.clip else math.inf
    try:
        train(model, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, clip_norm=clip_norm)
    except FloatingPointError:
        return math.inf
    with torch.no_grad():
        x, y = adding_problem(sizes.test_sequences, time, draws)
        found = (variant.answer(model, x) - y).square().mean().item()
    return found if math.isfinite(found) else math.inf


def longest(errors: dict[int, Sequence[float]]) -> list[int]:
    """For each seed the longest length up to which every length was learnt; 0 for none."""
    seeds = len(next(iter(errors.values())))
    lengths = sorted(errors)
    reached = []
    for seed in range(seeds):
        learnt = [errors[time][seed] < LEARNT for time in lengths]
        count = learnt.index(False) if False in learnt else len(learnt)
        reached.append(lengths[count - 1] if count else 0)
    return reached


def climb(variant: Variant, seeds: int, sizes: Sizes, lengths: Sequence[int] = LENGTHS) -> dict[int, list[float]]:
    """Errors at growing lengths, one for each seed, until no seed learns two lengths in a row."""
    errors: dict[int, list[float]] = {}
    for time in lengths:
        errors[time] = [error(variant, time, seed, sizes) for seed in range(seeds)]
        if len(errors) > 1 and all(min(past) >= LEARNT for past in list(errors.values())[-2:]):
            break
    return errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    torch.set_num_threads(1)
    sizes, rows, variants = Sizes(), [], {}
    for name, variant in VARIANTS.items():
        errors = climb(variant, seeds, sizes)
        reached = longest(errors)
        # JSON has no infinity: a training that met NaN has no error
        kept = {str(time): [e if math.isfinite(e) else None for e in found] for time, found in errors.items()}
        variants[name] = {"longest": reached, "errors": kept}
        rows.append({"network": name, "median": statistics.median(reached), "by seed": ", ".join(map(str, reached))})
        print(f"{name}: {reached}", flush=True)
    result = {
        "command": "python -m experiments.longest_lag",
        "task": "adding problem",
        "lengths": LENGTHS,
        "learnt below": LEARNT,
        "sizes": asdict(sizes),
        "seeds": seeds,
        "environment": report.environment("torch"),
        "variants": variants,
    }
    print(report.table(rows))
    print(f"Written: {report.write('longest_lag', result, FOLDER)}")


if __name__ == "__main__":
    main()
