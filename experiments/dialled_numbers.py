"""How a network learns to hear dialled numbers with CTC: ``python -m experiments.dialled_numbers``.

Five seeds. Every few steps the same held-out calls are heard: their loss, how many frames say a blank, and how many
numbers the best path and a prefix beam find. Beside the curve stands the loss of the best network that cannot hear, one
distribution for all frames. After training, calls at several strengths of noise are heard: random numbers, and numbers
of a house, which a trigram of its numbers helps to find. The result is a record of the package, which the chapter
shows: ``sv.data.recorded("dialled_numbers")``.
"""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Generator, Tensor

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.hearing.dialled import (
    DIALLED,
    Call,
    HeardCalls,
    dial_by_hand,
    digits_of,
    extension,
    heard_calls,
    labels_of,
    random_call,
    random_number,
)
from seqviz.models.hearing.ctc import ctc_loss
from seqviz.models.hearing.ctc_search import Language, best_path, prefix_beam_search
from seqviz.models.hearing.listener import Listener
from seqviz.models.language.ngram import NGram, ngram_decode_step, no_context
from seqviz.models.masks import real_steps
from seqviz.training import train

LABELS = len(DIALLED) + 1


@dataclass(frozen=True)
class Sizes:
    """What one training costs, and how much is asked after it."""

    hidden: int = 32
    calls: int = 1500
    batch: int = 24
    steps: int = 300
    every: int = 5
    watched: int = 50  # held-out calls that are heard during training
    tested: int = 100  # calls for each strength of noise after it
    width: int = 8
    order: int = 3
    known_numbers: int = 300  # of the house, that its language model has read
    weight: float = 0.5
    learning_rate: float = 1e-2
    decibels: tuple[float, ...] = (-8.0, -5.0, 0.0, 10.0)


def deaf_loss(heard: HeardCalls, steps: int = 300) -> float:
    """Return the least loss with one distribution for all frames of all calls: of a network that cannot hear."""
    scores = torch.nn.Parameter(torch.zeros(LABELS))
    everywhere = torch.nn.ParameterList([scores])
    batch, time = heard.frames.shape[:2]

    def loss_of(_step: int) -> Tensor:
        log_p = scores.log_softmax(-1).expand(batch, time, LABELS)
        return ctc_loss(log_p, heard.labels, heard.lengths, heard.label_lengths)

    return min(train(everywhere, loss_of, steps=steps, learning_rate=0.1).losses)


def house_language(sizes: Sizes, generator: Generator) -> Language:
    """Return an n-gram of numbers of the house, each between two blanks, which are its start and its end."""
    numbers = [labels_of(extension(generator)) for _ in range(sizes.known_numbers)]
    text = torch.cat([torch.tensor([0]), *(part for one in numbers for part in (one, torch.tensor([0])))])
    return Language(ngram_decode_step(NGram(text, LABELS, sizes.order)), no_context(1, sizes.order))


@torch.no_grad()
def frames_of(listener: Listener, heard: HeardCalls) -> list[Tensor]:
    """Return the log-probabilities of every call's own frames."""
    log_p = listener(heard.frames, heard.lengths)
    return [of_call[:length] for of_call, length in zip(log_p, heard.lengths.tolist(), strict=True)]


def right(found: Sequence[str], calls: Sequence[Call]) -> float:
    """Return the share of calls whose whole number was found."""
    return sum(one == call.digits for one, call in zip(found, calls, strict=True)) / len(calls)


def watch(listener: Listener, calls: Sequence[Call], heard: HeardCalls, width: int) -> dict[str, float]:
    """Return what is heard of some calls: their loss, blanks among the best path's frames, numbers found."""
    with torch.no_grad():
        log_p = listener(heard.frames, heard.lengths)
    real = real_steps(heard.lengths, *log_p.shape[:2])
    rows = frames_of(listener, heard)
    return {
        "loss": ctc_loss(log_p, heard.labels, heard.lengths, heard.label_lengths).item(),
        "blanks": (log_p.argmax(-1)[real] == 0).float().mean().item(),
        "best path": right([digits_of(best_path(one)) for one in rows], calls),
        "prefix beam": right([digits_of(prefix_beam_search(one, width)[0].labels) for one in rows], calls),
    }


def learned(sizes: Sizes, seed: int, watched: int = 0) -> tuple[Listener, list[float], list[dict[str, float]], float]:
    """Train once; return the listener, its losses, what was heard every few steps, and the loss without hearing."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    draws = Generator().manual_seed(seed)
    heard = heard_calls([random_call(draws) for _ in range(sizes.calls)])
    held_out = [random_call(draws) for _ in range(max(watched, 1))]
    heard_out = heard_calls(held_out)
    listener = Listener(heard.frames.shape[2], sizes.hidden, LABELS)
    listener.scale_to(heard.frames, heard.lengths)
    curve: list[dict[str, float]] = []

    def loss_of(step: int) -> Tensor:
        if watched and step % sizes.every == 0:
            curve.append({"step": step} | watch(listener, held_out, heard_out, sizes.width))
        rows = torch.randint(sizes.calls, (sizes.batch,), generator=draws)
        lengths = heard.lengths[rows]
        log_p = listener(heard.frames[rows, : int(lengths.max())], lengths)
        return ctc_loss(log_p, heard.labels[rows], lengths, heard.label_lengths[rows])

    schedule = rising_then_falling(30, sizes.steps)
    history = train(
        listener, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, schedule=schedule, clip_norm=1.0
    )
    if watched:
        curve.append({"step": sizes.steps} | watch(listener, held_out, heard_out, sizes.width))
    return listener, list(history.losses), curve, deaf_loss(heard_out) if watched else 0.0


def lost_a_repeat(found: str, digits: str) -> bool:
    """Tell whether all that is missing is digits that were dialled more than once in a row."""
    return len(found) < len(digits) and _once(found) == _once(digits)


def _once(digits: str) -> str:
    return "".join(digit for digit, _ in itertools.groupby(digits))


def heard_in_noise(listener: Listener, sizes: Sizes, seed: int) -> dict[str, Any]:
    """Return, for each strength of noise, the numbers found: random ones, and those of the house by four searches."""
    language = house_language(sizes, Generator().manual_seed(10_000 + seed))
    results: dict[str, Any] = {}
    for decibels in sizes.decibels:
        draws = Generator().manual_seed(20_000 + seed)
        random = [dial_by_hand(random_number(draws), draws, (decibels, decibels)) for _ in range(sizes.tested)]
        house = [dial_by_hand(extension(draws), draws, (decibels, decibels)) for _ in range(sizes.tested)]
        found = [digits_of(best_path(one)) for one in frames_of(listener, heard_calls(random))]
        rows = frames_of(listener, heard_calls(house))
        searches = {
            "best path": lambda one: best_path(one),
            "prefix beam": lambda one: prefix_beam_search(one, sizes.width)[0].labels,
            "with the language model": lambda one: (
                prefix_beam_search(one, sizes.width, language, sizes.weight)[0].labels
            ),
        }
        results[f"{decibels:g}"] = {
            "random": right(found, random),
            "mistakes": sum(one != call.digits for one, call in zip(found, random, strict=True)),
            "lost repeats": sum(lost_a_repeat(one, call.digits) for one, call in zip(found, random, strict=True)),
            "house": {
                name: right([digits_of(search(one)) for one in rows], house) for name, search in searches.items()
            },
        }
    return results


def run(sizes: Sizes, seed: int) -> dict[str, Any]:
    """Train a listener and let it hear."""
    listener, losses, curve, deaf = learned(sizes, seed, watched=sizes.watched)
    tested = heard_in_noise(listener, sizes, seed)
    print(seed, deaf, curve[8], curve[-1], tested, flush=True)
    return {"losses": losses, "curve": curve, "deaf loss": deaf, "tested": tested}


def main() -> None:
    sizes = Sizes()
    record("dialled_numbers", __doc__, lambda seeds: [run(sizes, seed) for seed in range(seeds)], sizes=asdict(sizes))


if __name__ == "__main__":
    main()
