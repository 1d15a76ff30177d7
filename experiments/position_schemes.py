"""What a scheme of positions costs in steps: ``python -m experiments.position_schemes``.

A small causal Transformer learns the prose of chapter 08 once with every scheme, five seeds each; schemes differ in
nothing else, and with one seed they start from the same other weights and read the same windows. Every few steps the
held-out text is scored, in bits a character. Beside the curves stand n-grams (Witten–Bell), which have read the same
training text and are scored on the same characters. The result is a record of the package, which the chapter shows:
``sv.data.recorded("position_schemes")``.
"""

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.text import PROSE_ALPHABET, prose, windows
from seqviz.models.language.ngram import NGram
from seqviz.models.transformer.decoder_only import SCHEMES, CausalTransformer, Scheme
from seqviz.training import train

ORDERS = (1, 2, 3, 5)


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    size: int = 64
    heads: int = 4
    inner: int = 256
    layers: int = 2
    time: int = 64
    batch: int = 16
    steps: int = 600
    every: int = 20
    tested: int = 48  # windows of the held-out text
    learning_rate: float = 1e-2


def split(sizes: Sizes) -> tuple[Tensor, Tensor]:
    """Return the text to learn from, and the held-out windows, each one character longer than what is read."""
    text = prose()
    cut = text.index(" ", len(text) * 9 // 10) + 1
    held_out = PROSE_ALPHABET.encode(text[cut:])[: sizes.tested * (sizes.time + 1)]
    return PROSE_ALPHABET.encode(text[:cut]), held_out.view(sizes.tested, sizes.time + 1)


def ngram_bits(train: Tensor, held_out: Tensor) -> dict[str, float]:
    """Return the bits a character of n-grams that, as the network does, see nothing before a window."""
    models = {order: NGram(train, len(PROSE_ALPHABET), order) for order in ORDERS}
    # the first character of a window is read, not predicted
    scored = {
        order: torch.cat([model.log_probabilities(row)[1:] for row in held_out]) for order, model in models.items()
    }
    return {str(order): -float(log_p.mean()) / math.log(2) for order, log_p in scored.items()}


@torch.no_grad()
def bits(model: CausalTransformer, held_out: Tensor) -> float:
    """Return the mean bits a character of the held-out windows."""
    logits, _ = model(held_out[:, :-1])
    nats = torch.nn.functional.cross_entropy(logits.flatten(0, 1), held_out[:, 1:].flatten())
    return nats.item() / math.log(2)


def run(scheme: Scheme, sizes: Sizes, seed: int, texts: tuple[Tensor, Tensor]) -> list[float]:
    """Train once; return the bits a character of the held-out text, before the first step and every few steps."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    known, held_out = texts
    model = CausalTransformer(
        len(PROSE_ALPHABET), sizes.size, sizes.heads, sizes.inner, sizes.layers, scheme, sizes.time
    )
    draws, curve = torch.Generator().manual_seed(seed), []

    def loss_of(step: int) -> Tensor:
        if step % sizes.every == 0:
            curve.append(bits(model, held_out))
        x, y = windows(known, sizes.batch, sizes.time, draws)
        return torch.nn.functional.cross_entropy(model(x)[0].flatten(0, 1), y.flatten())

    schedule = rising_then_falling(50, sizes.steps)
    train(model, loss_of, steps=sizes.steps, learning_rate=sizes.learning_rate, schedule=schedule, clip_norm=1.0)
    if sizes.steps % sizes.every == 0:
        curve.append(bits(model, held_out))
    print(seed, scheme, [round(value, 2) for value in curve[:: max(len(curve) // 10, 1)]], flush=True)
    return curve


def measure(sizes: Sizes, seeds: int) -> dict[str, list[list[float]]]:
    """For each scheme, a curve for every seed."""
    texts = split(sizes)
    return {scheme: [run(scheme, sizes, seed, texts) for seed in range(seeds)] for scheme in SCHEMES}


def main() -> None:
    sizes = Sizes()
    record(
        "position_schemes",
        __doc__,
        lambda seeds: measure(sizes, seeds),
        sizes=asdict(sizes),
        **{"n-grams": ngram_bits(*split(sizes))},
    )


if __name__ == "__main__":
    main()
