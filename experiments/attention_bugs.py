"""What three bugs that shipped in tutorials cost, one at a time: ``python -m experiments.attention_bugs``.

A translator of dates with attention is trained as in the chapter, whole and with one bug switched on, five seeds each.
Measured on dates of days that were never learned: the share without a mistake, the same with more padding behind every
source, and the alignment error. The result is a record of the package, which the chapter
shows: ``sv.data.recorded("attention_bugs")``.

The bugs: weights computed from the decoder alone, never from the annotations (PyTorch's translation tutorial, 2017 to
2023); a decoder cell that starts from zero at every step (TensorFlow's, until its rewrite); padding that is not masked
(TensorFlow's). Everything else of the translator stays as it is.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from experiments.recording import record
from seqviz.data.tokenizer import BOS, PAD
from seqviz.data.translation.dates import WrittenDate, dates_as_text, random_dates
from seqviz.data.translation.parallel import Batch, ParallelText
from seqviz.models.masks import masked_softmax
from seqviz.models.torch_weights import start_uniform
from seqviz.models.translation.alignment import alignment_error
from seqviz.models.translation.attention_decoder import BahdanauTranslator, Decoding, Step
from seqviz.models.translation.encoder_decoder import sequence_loss, shift_right
from seqviz.training import train

LONGEST = 80  # source steps for which the blind weights have a row
FURTHER = 30  # steps of padding that are added behind all rows of a batch: what it says must not change


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    pairs: int = 12_000
    held_out: int = 500
    embedding: int = 32
    hidden: int = 64
    attention: int = 64
    batch: int = 64
    steps: int = 300
    learning_rate: float = 6e-3


class Blind(BahdanauTranslator):
    """Its weights follow from the state and the last token; what the annotations hold, they never see."""

    def __init__(self, source_tokens: int, target_tokens: int, embedding: int, hidden: int, attention: int) -> None:
        super().__init__(source_tokens, target_tokens, embedding, hidden, attention)
        self.W_place = nn.Parameter(torch.empty(LONGEST, hidden + embedding))
        start_uniform([self.W_place], hidden + embedding)

    def look(self, token: Tensor, state: Decoding, weights: Tensor | None = None) -> Step:
        """Look at places that were learned by heart."""
        scores = torch.cat([state.s, self.E_y[token]], -1) @ self.W_place.T
        own = masked_softmax(scores[:, : state.real.shape[1]], state.real)
        return super().look(token, state, own if weights is None else weights)


class FromZero(nn.Module):
    """A cell that is never given its state."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Tensor, _s: Tensor) -> tuple[Tensor, Tensor]:
        """Read one input as if it were the first."""
        return self.cell(x, None)


class Stateless(BahdanauTranslator):
    """Its cell starts from zero at every step; the weights follow from the state it had."""

    def __init__(self, source_tokens: int, target_tokens: int, embedding: int, hidden: int, attention: int) -> None:
        super().__init__(source_tokens, target_tokens, embedding, hidden, attention)
        self.cell = FromZero(self.cell)


class Unmasked(BahdanauTranslator):
    """It takes padding for part of the source."""

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> Decoding:
        """Return the first state, with every step called real."""
        state = super().encode(source, lengths)
        return state._replace(real=torch.ones_like(state.real))


KINDS: dict[str, Callable[..., BahdanauTranslator]] = {
    "as it should be": BahdanauTranslator,
    "weights never see the annotations": Blind,
    "the cell never gets its state": Stateless,
    "padding is not masked": Unmasked,
}


def split(sizes: Sizes, seed: int) -> tuple[list[WrittenDate], list[WrittenDate]]:
    """Return the dates to learn from and those to be tested on, which have no day in common."""
    draws = torch.Generator().manual_seed(seed)
    held_out = random_dates(sizes.held_out, draws)
    days = {date.day for date in held_out}
    return [date for date in random_dates(sizes.pairs, draws) if date.day not in days], held_out


def learn(kind: str, text: ParallelText, known: int, sizes: Sizes, seed: int) -> BahdanauTranslator:
    """Return a translator of one kind, trained on the first ``known`` pairs."""
    torch.manual_seed(seed)
    model = KINDS[kind](len(text.source), len(text.target), sizes.embedding, sizes.hidden, sizes.attention)
    fit(model, text, known, batch=sizes.batch, steps=sizes.steps, learning_rate=sizes.learning_rate)
    return model


def fit(
    model: BahdanauTranslator, text: ParallelText, known: int, *, batch: int, steps: int, learning_rate: float
) -> None:
    """Train on the first ``known`` pairs, told the right tokens; the rate rises for 50 steps, then falls."""

    def loss_of(_step: int) -> Tensor:
        return told(model, text.batch(torch.randint(known, (batch,)).tolist()))

    schedule = rising_then_falling(50, steps)
    train(model, loss_of, steps=steps, learning_rate=learning_rate, schedule=schedule, clip_norm=1.0)


def told(model: nn.Module, rows: Batch) -> Tensor:
    """Return the loss of a translator that is told the right tokens."""
    logits, _ = model(rows.source, shift_right(rows.target, BOS), rows.source_lengths)
    return sequence_loss(logits, rows.target, rows.target_lengths)


def rising_then_falling(warm_up: int, steps: int) -> Callable[[int], float]:
    """Return a schedule for `train`: up for the warm-up's steps, all the while down to a tenth at the end."""
    return lambda step: min((step + 1) / warm_up, 1) * (1 - 0.9 * (step + 1) / steps)


@torch.no_grad()
def alone(model: BahdanauTranslator, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return what a model says by itself, the likeliest token at every step, and where it looked."""
    state = model.encode(batch.source, batch.source_lengths)
    token, said, weights = torch.full((len(batch.source),), BOS), [], []
    for _ in range(batch.target.shape[1]):
        step = model.look(token, state)
        token, state = step.logits.argmax(-1), step.state
        said.append(token)
        weights.append(step.weights)
    return torch.stack(said, 1), torch.stack(weights, 1)


def right(said: Tensor, batch: Batch) -> float:
    """Return the share of rows without a mistake; all targets of dates have one length."""
    return (said == batch.target).all(1).double().mean().item()


def known_of(dates: list[WrittenDate], weights: Tensor) -> Tensor:
    """Return the known alignments of a batch, padded to the shape of its weights."""
    known = torch.zeros(weights.shape, dtype=torch.bool)
    for row, date in enumerate(dates):
        outputs, characters = date.alignment.shape
        known[row, :outputs, :characters] = date.alignment
    return known


def run(kind: str, sizes: Sizes, seed: int) -> dict[str, float]:
    """Train once; return what it costs."""
    torch.set_num_threads(1)
    dates, held_out = split(sizes, seed)
    text = dates_as_text(dates + held_out)
    model = learn(kind, text, len(dates), sizes, seed)
    batch = text.batch(range(len(dates), len(text)))
    said, weights = alone(model, batch)
    longer = batch._replace(source=nn.functional.pad(batch.source, (0, FURTHER), value=PAD))
    result = {
        "without a mistake": right(said, batch),
        "padded further": right(alone(model, longer)[0], batch),
        "alignment error": alignment_error(weights, known_of(held_out, weights)),
    }
    print(seed, kind, {name: round(value, 3) for name, value in result.items()}, flush=True)
    return result


def measure(sizes: Sizes, seeds: int) -> dict[str, dict[str, list[float]]]:
    """For each kind, and each thing measured, the result of every seed."""
    found = {kind: [run(kind, sizes, seed) for seed in range(seeds)] for kind in KINDS}
    return {kind: {name: [one[name] for one in runs] for name in runs[0]} for kind, runs in found.items()}


def main() -> None:
    sizes = Sizes()
    record(
        "attention_bugs",
        __doc__,
        lambda seeds: measure(sizes, seeds),
        packages=("torch", "babel"),
        sizes=asdict(sizes),
    )


if __name__ == "__main__":
    main()
