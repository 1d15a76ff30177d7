"""Accuracy against lag for RNN, GRU and LSTM: ``python -m experiments.memory_tasks adding`` (or copy, agreement).

One network per architecture, lag and seed, all trained alike for a fixed number of steps, then tested on sequences it
has not seen. The result is a record of the package, which the chapter draws: ``sv.data.recorded("memory_adding")``.
With TQDM_DISABLE=1 in the environment the trainings show no bars.
"""

import argparse
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Generator, Tensor, nn

from benchmarks import report
from seqviz.data.gated.agreement import AGREEMENT_VOCABULARY, subject_verb_batch
from seqviz.data.records import FOLDER
from seqviz.data.recurrent.memory import adding_problem, copy_memory
from seqviz.models import GRU, LSTM, RNN
from seqviz.models.recurrent import bptt
from seqviz.models.recurrent.initialisation import start_orthogonal
from seqviz.models.recurrent_network import output_layer
from seqviz.traces.costs import interleaved_seconds
from seqviz.training import train

SYMBOLS, LENGTH = 4, 2  # of the copy task
CLOSE = 0.1  # an answer of the adding problem counts as right within this


@dataclass(frozen=True)
class Sizes:
    steps: int = 1500
    batch: int = 64
    hidden: int = 32
    learning_rate: float = 3e-3
    clip_norm: float = 1.0
    test_sequences: int = 1000


@dataclass(frozen=True)
class Task:
    """What is drawn at a lag, how an answer is marked, and what who remembers nothing would reach."""

    inputs: int
    outputs: int
    draw: Callable[[int, int, Generator], tuple[Tensor, Tensor]]  # batch, lag → x, y
    loss: Callable[[Tensor, Tensor], Tensor]
    right: Callable[[Tensor, Tensor], Tensor]
    without_memory: float
    lags: tuple[int, ...]


def draw_copy(batch: int, lag: int, generator: Generator) -> tuple[Tensor, Tensor]:
    x, y = copy_memory(batch, lag, generator, symbols=SYMBOLS, length=LENGTH)
    return nn.functional.one_hot(x, SYMBOLS + 2).float(), y


def draw_agreement(batch: int, lag: int, generator: Generator) -> tuple[Tensor, Tensor]:
    x, y = subject_verb_batch(batch, lag, generator)
    return nn.functional.one_hot(x, len(AGREEMENT_VOCABULARY)).float(), y


TASKS: dict[str, Task] = {
    "adding": Task(
        2,
        1,
        adding_problem,
        lambda logits, y: (logits[:, -1, 0] - y).square().mean(),
        lambda logits, y: (logits[:, -1, 0] - y).abs() < CLOSE,
        # always 1: the sum of two uniform numbers is within CLOSE of 1 with this probability
        2 * CLOSE - CLOSE**2,
        (10, 20, 50, 100),
    ),
    "copy": Task(
        SYMBOLS + 2,
        SYMBOLS + 2,
        draw_copy,
        lambda logits, y: nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten()),
        lambda logits, y: logits[:, -LENGTH:].argmax(-1) == y[:, -LENGTH:],
        1 / SYMBOLS,
        (5, 10, 20, 40),
    ),
    "agreement": Task(
        len(AGREEMENT_VOCABULARY),
        2,
        draw_agreement,
        lambda logits, y: nn.functional.cross_entropy(logits[:, -1], y),
        lambda logits, y: logits[:, -1].argmax(-1) == y,
        1 / 2,
        (7, 15, 30, 60),
    ),
}

ARCHITECTURES: dict[str, Callable[[int, int, int], nn.Module]] = {
    # each starts so that it keeps, as well as it can: that decides more than which of the three it is
    "RNN": lambda inputs, hidden, outputs: start_orthogonal(RNN(inputs, hidden, outputs)),
    "GRU": lambda inputs, hidden, outputs: GRU(inputs, hidden, outputs, update_bias=1.0),
    "LSTM": lambda inputs, hidden, outputs: LSTM(inputs, hidden, outputs, forget_bias=1.0),
}


def answer(model: nn.Module, x: Tensor) -> Tensor:
    """The logits of every step; the hand-written recurrence for the RNN too, as for the others."""
    if isinstance(model, RNN):
        states = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, nonlinearity=model.nonlinearity)
        return output_layer(states, model.W_hy, model.b_y)
    return model(x)[0]


def accuracy(task: Task, architecture: str, lag: int, seed: int, sizes: Sizes) -> float:
    """Train once; return the share of right answers on fresh sequences."""
    torch.manual_seed(seed)
    draws = Generator().manual_seed(seed)
    model = ARCHITECTURES[architecture](task.inputs, sizes.hidden, task.outputs)

    def loss_of(_step: int) -> Tensor:
        x, y = task.draw(sizes.batch, lag, draws)
        return task.loss(answer(model, x), y)

    train(model, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, clip_norm=sizes.clip_norm)
    with torch.no_grad():
        x, y = task.draw(sizes.test_sequences, lag, draws)
        return task.right(answer(model, x), y).float().mean().item()


def costs(task: Task, lag: int, sizes: Sizes, repeats: int = 30) -> dict[str, dict[str, float]]:
    """For each architecture its parameters and the time of a forward and backward pass, taken in turns."""
    x, y = task.draw(sizes.batch, lag, Generator().manual_seed(0))
    models = {name: make(task.inputs, sizes.hidden, task.outputs) for name, make in ARCHITECTURES.items()}

    def run(model: nn.Module) -> None:
        model.zero_grad()
        task.loss(answer(model, x), y).backward()

    runs = {name: lambda model=model: run(model) for name, model in models.items()}
    seconds = interleaved_seconds(runs, repeats)
    return {
        name: {
            "parameters": sum(parameter.numel() for parameter in model.parameters()),
            "milliseconds": 1e3 * statistics.median(seconds[name]),
            "times RNN": report.ratio(seconds[name], seconds["RNN"]),
        }
        for name, model in models.items()
    }


def measure(task: Task, lags: Sequence[int], seeds: int, sizes: Sizes) -> dict[str, dict[str, list[float]]]:
    """For each architecture and lag, one accuracy per seed."""
    found: dict[str, dict[str, list[float]]] = {}
    for name in ARCHITECTURES:
        found[name] = {str(lag): [accuracy(task, name, lag, seed, sizes) for seed in range(seeds)] for lag in lags}
        print(name, {lag: [round(one, 2) for one in row] for lag, row in found[name].items()}, flush=True)
    return found


def table(accuracies: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Median, least and most of the seeds for every architecture and lag."""
    return report.table(
        [
            {"network": name}
            | {lag: f"{statistics.median(a):.2f} ({min(a):.2f}–{max(a):.2f})" for lag, a in row.items()}
            for name, row in accuracies.items()
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=list(TASKS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--lags", type=int, nargs="+", help="instead of those of the record")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    task, sizes = TASKS[arguments.task], Sizes()
    lags = arguments.lags or task.lags
    load = report.load()
    accuracies = measure(task, lags, arguments.seeds, sizes)
    result = {
        "command": f"python -m experiments.memory_tasks {arguments.task}",
        "task": arguments.task,
        "lags": list(lags),
        "without memory": task.without_memory,
        "sizes": asdict(sizes),
        "seeds": arguments.seeds,
        "environment": report.environment("torch") | {"threads": 1, "load": load},
        "accuracies": accuracies,
        "costs": {"lag": lags[len(lags) // 2], "networks": costs(task, lags[len(lags) // 2], sizes)},
    }
    print(table(accuracies))
    print(f"Written: {report.write(f'memory_{arguments.task}', result, FOLDER)}")


if __name__ == "__main__":
    main()
