"""A digit from its name, pixel by pixel: ``python -m experiments.named_digits``.

Digits as a pen draws them, 8 × 8 pixels in 4 grey levels, are learned as rows of 64 tokens, five seeds. Then digits are
drawn by name at three temperatures, and a judge that was never asked while learning, the vote of the three nearest of
the known digits, says which digit each of them is. Held-out digits are scored in nats a pixel, beside one histogram for
all pixels and one for each pixel. The result is a record of the package, which the chapter shows:
``sv.data.recorded("named_digits")``.
"""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.classification.pen_digits import pen_digits, pen_pictures
from seqviz.models.seeing.pixel_decoder import PixelDecoder
from seqviz.training import train

LEVELS, SIDE = 4, 8
TEMPERATURES = (1.0, 0.7, 0.5)


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    known: int = 3000
    held_out: int = 500
    embedding: int = 24
    hidden: int = 96
    batch: int = 64
    steps: int = 250
    learning_rate: float = 8e-3
    drawn: int = 20  # pictures of each name


class Digits(NamedTuple):
    """Digits: grey levels pixel by pixel, and which digit it is."""

    pixels: Tensor
    names: Tensor


def penned_digits(count: int, draws: torch.Generator) -> Digits:
    """Return digits as a pen draws them, in 4 grey levels."""
    strokes, names = pen_digits(count, draws)
    grey = pen_pictures(strokes, SIDE).flatten(1)
    return Digits((grey * (LEVELS - 1)).round().long(), names)


def judged(pixels: Tensor, known: Digits) -> Tensor:
    """Return which digit most of the three nearest known ones are; of three that differ, the nearest."""
    distances = torch.cdist(pixels.float(), known.pixels.float())
    nearest = known.names[distances.topk(3, largest=False).indices]
    first, second, third = nearest.unbind(1)
    return torch.where(second == third, second, first)


def nats_of_histogram(known: Tensor, tested: Tensor) -> float:
    """Return the nats a pixel of one histogram for each column, with one added to every count."""
    counts = torch.nn.functional.one_hot(known, LEVELS).sum(0) + 1.0
    log_p = (counts / counts.sum(-1, keepdim=True)).log()
    return -log_p.expand(len(tested), -1, -1).gather(2, tested[..., None]).mean().item()


def learn(sizes: Sizes, seed: int, known: Digits) -> PixelDecoder:
    """Return a network that has learned to draw digits by name."""
    torch.manual_seed(seed)
    model = PixelDecoder(LEVELS, 10, SIDE, SIDE, sizes.embedding, sizes.hidden)

    def loss_of(_step: int) -> Tensor:
        rows = torch.randint(len(known.pixels), (sizes.batch,))
        logits = model(known.pixels[rows], known.names[rows])
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), known.pixels[rows].flatten())

    schedule = rising_then_falling(30, sizes.steps)
    train(model, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, schedule=schedule, clip_norm=1.0)
    return model


def run(sizes: Sizes, seed: int) -> dict[str, object]:
    """Train once; return what came of it."""
    torch.set_num_threads(1)
    draws = torch.Generator().manual_seed(seed)
    known, tested = (penned_digits(count, draws) for count in (sizes.known, sizes.held_out))
    model = learn(sizes, seed, known)
    with torch.no_grad():
        logits = model(tested.pixels, tested.names)
    nats = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tested.pixels.flatten()).item()
    names = torch.arange(10).repeat(sizes.drawn)
    drawn = {temperature: model.draw(names, draws, temperature) for temperature in TEMPERATURES}
    result = {
        "nats a pixel": {
            "network": nats,
            "a histogram for each pixel": nats_of_histogram(known.pixels, tested.pixels),
            "one histogram": nats_of_histogram(known.pixels.reshape(-1, 1), tested.pixels.reshape(-1, 1)),
        },
        "judge on penned digits": (judged(tested.pixels, known) == tested.names).double().mean().item(),
        "judge on drawn digits": {
            str(temperature): (judged(pixels, known) == names).double().mean().item()
            for temperature, pixels in drawn.items()
        },
        "drawn": {str(temperature): pixels[:20].tolist() for temperature, pixels in drawn.items()} if seed == 0 else {},
    }
    print(seed, {name: value for name, value in result.items() if name != "drawn"}, flush=True)
    return result


def main() -> None:
    sizes = Sizes()
    record("named_digits", __doc__, lambda seeds: [run(sizes, seed) for seed in range(seeds)], sizes=asdict(sizes))


if __name__ == "__main__":
    main()
