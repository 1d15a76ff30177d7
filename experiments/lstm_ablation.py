"""What each part of an LSTM is worth, on two tasks and several seeds: ``python -m experiments.lstm_ablation``.

The nine variants of Greff et al. 2015, all trained alike, on

- *people*: sentences whose verb and last word (king, queen, kings or queens) agree with a subject some words before.
  Trained on windows of a few sentences. Then: how often is the last word the likeliest of all, when every sentence is
  read alone, and when all of them are one long story without a pause?
- *adding*: the sum of the two marked numbers of a sequence: squared error (always answering 1 gives 1/6).

The result is a record of the package, which the chapter draws: ``sv.data.recorded``.
"""

import argparse
import statistics
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import nn

from benchmarks import report
from seqviz.data import AGREEMENT_VOCABULARY, people, story_windows
from seqviz.data.gated.agreement import People, Sentence, person, story
from seqviz.data.records import FOLDER
from seqviz.data.recurrent.memory import adding_problem
from seqviz.models import LSTMVariant
from seqviz.models.gated.lstm_variants import VARIANTS, Variant
from seqviz.training import train


@dataclass(frozen=True)
class Sizes:
    people_hidden: int = 48
    people_steps: int = 1000
    people_window: int = 30
    people_asked: int = 300  # sentences, alone and as one long story
    adding_hidden: int = 16
    adding_steps: int = 600
    adding_time: int = 20
    batch: int = 32
    learning_rate: float = 2e-2
    clip_norm: float = 0.25


def right_endings(model: nn.Module, story: People) -> int:
    """How many last words are the likeliest of all words, in a story that is read from beginning to end."""
    with torch.no_grad():
        logits, _ = model(AGREEMENT_VOCABULARY.one_hot(story.indices)[None])
    endings = torch.tensor(story.endings)
    return int((logits[0, endings - 1].argmax(-1) == story.indices[endings]).sum())


def learn_people(variant: Variant, sizes: Sizes, seed: int) -> LSTMVariant:
    """Return a variant that has learnt to agree with subjects, in windows of a few sentences."""
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    text = people(2000, draw)
    words = len(AGREEMENT_VOCABULARY)
    model = LSTMVariant(words, sizes.people_hidden, words, variant)

    def loss(_step: int) -> torch.Tensor:
        x, y, agrees = story_windows(text, sizes.batch, sizes.people_window, draw)
        return nn.functional.cross_entropy(model(AGREEMENT_VOCABULARY.one_hot(x))[0][agrees], y[agrees])

    learn(model, loss, sizes.people_steps, sizes)
    return model


def asked_of(sizes: Sizes, seed: int) -> list[Sentence]:
    """Draw the sentences that a network of this seed is asked about; it has not seen them."""
    fresh = torch.Generator().manual_seed(10_000 + seed)
    return [person(fresh) for _ in range(sizes.people_asked)]


def on_people(variant: Variant, sizes: Sizes, seed: int) -> dict[str, float]:
    model, sentences = learn_people(variant, sizes, seed), asked_of(sizes, seed)
    alone = sum(right_endings(model, story([sentence])) for sentence in sentences)
    together = right_endings(model, story(sentences))
    return {"endings, sentence by sentence": alone / len(sentences), "endings, one story": together / len(sentences)}


def on_adding(variant: Variant, sizes: Sizes, seed: int) -> dict[str, float]:
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    model = LSTMVariant(2, sizes.adding_hidden, 1, variant)

    def error(batch: int) -> torch.Tensor:
        x, y = adding_problem(batch, sizes.adding_time, draw)
        return (model(x)[0][:, -1, 0] - y.flatten()).square().mean()

    learn(model, lambda _step: error(sizes.batch), sizes.adding_steps, sizes)
    with torch.no_grad():
        return {"adding, squared error": error(1000).item()}


def learn(model: nn.Module, loss: Callable[[int], torch.Tensor], steps: int, sizes: Sizes) -> None:
    train(model, loss, steps=steps, learning_rate=sizes.learning_rate, clip_norm=sizes.clip_norm)


def run(variant: Variant, seed: int, sizes: Sizes) -> dict[str, float]:
    """Train on both tasks and return what came out."""
    torch.set_num_threads(1)
    results = on_people(variant, sizes, seed) | on_adding(variant, sizes, seed)
    print(variant, seed, {name: round(value, 4) for name, value in results.items()}, flush=True)
    return results


def measure(sizes: Sizes, seeds: int, jobs: int = 1) -> dict[str, dict[str, list[float]]]:
    """For each thing asked and each variant, the result of every seed, several processes at a time."""
    pairs = [(variant, seed) for variant in VARIANTS for seed in range(seeds)]
    if jobs == 1:
        found = [run(variant, seed, sizes) for variant, seed in pairs]
    else:
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            waiting = [pool.submit(run, variant, seed, sizes) for variant, seed in pairs]
            found = [result.result() for result in waiting]
    results: dict[str, dict[str, list[float]]] = {}
    for (variant, _), values in zip(pairs, found, strict=True):
        for name, value in values.items():
            results.setdefault(name, {}).setdefault(variant, []).append(value)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    sizes = Sizes()
    results = measure(sizes, arguments.seeds, arguments.jobs)
    record = {
        "command": "python -m experiments.lstm_ablation",
        "sizes": asdict(sizes),
        "seeds": arguments.seeds,
        "environment": report.environment("torch"),
        "results": results,
    }
    table = []
    for variant in VARIANTS:
        medians = {f"median {name}": statistics.median(by_variant[variant]) for name, by_variant in results.items()}
        table.append({"variant": variant, **medians})
    print(report.table(table))
    print(f"Written: {report.write('lstm_ablation', record, arguments.folder)}")


if __name__ == "__main__":
    main()
