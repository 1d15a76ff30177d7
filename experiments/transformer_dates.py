"""A Transformer beside the GRU with attention, on the same dates: ``python -m experiments.transformer_dates``.

First question: which reads more dates of unknown days without a mistake after the same time? The GRU is trained as in
the chapter on attention. The Transformer's number of steps was fixed so that one run took about as long on one core; a
third kind is trained for longer. Second: what does warm-up do for norm first and for norm last? There only the warm-up
is changed, the same rate at all other steps. Third: how many dates come out right where the memory is masked causally,
by mistake? Only that mask is changed. Seeds and processor seconds are kept with every result, in a record of the
package which the chapter shows: ``sv.data.recorded("transformer_dates")``.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn

from experiments.attention_bugs import Sizes as Dates
from experiments.attention_bugs import right, rising_then_falling, split, told
from experiments.recording import record
from seqviz.data.tokenizer import BOS
from seqviz.data.translation.dates import dates_as_text
from seqviz.data.translation.parallel import Batch, ParallelText
from seqviz.models.transformer.blocks import DecoderBlock
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.models.translation.attention_decoder import BahdanauTranslator
from seqviz.training import train

Translator = BahdanauTranslator | TransformerTranslator


@dataclass(frozen=True)
class Sizes:
    """A network, and what its training costs."""

    network: str = "Transformer"
    size: int = 64  # of the Transformer's vectors, and of the GRU's states
    heads: int = 4
    inner: int = 128
    layers: int = 2
    norm_first: bool = True
    causal_memory: bool = False  # a well-known mistake: output τ looks at the first τ steps of the memory only
    batch: int = 64
    steps: int = 200
    learning_rate: float = 1e-2
    warm_up: int = 50  # steps until the whole rate is reached; 1 is none
    second_moment: float = 0.98  # Adam's β₂, as Vaswani et al. have it
    pairs: int = 12_000
    held_out: int = 500


# norm first or last, and with warm-up or without: 1 is no warm-up
KINDS: Mapping[str, Sizes] = {
    "GRU with attention": Sizes(network="GRU", steps=300, learning_rate=6e-3, second_moment=0.999),
    "Transformer, equal time": Sizes(),
    "Transformer, longer": Sizes(steps=480),
    "norm first, warm-up": Sizes(steps=150, learning_rate=6e-3),
    "norm first, none": Sizes(steps=150, learning_rate=6e-3, warm_up=1),
    "norm last, warm-up": Sizes(steps=150, learning_rate=6e-3, norm_first=False),
    "norm last, none": Sizes(steps=150, learning_rate=6e-3, norm_first=False, warm_up=1),
    "causal mask on the memory": Sizes(causal_memory=True),
}


def made(sizes: Sizes, text: ParallelText) -> Translator:
    """Return a translator that has learned nothing."""
    tokens = len(text.source), len(text.target)
    if sizes.network == "GRU":
        return BahdanauTranslator(*tokens, 32, sizes.size, 64)
    model = TransformerTranslator(*tokens, sizes.size, sizes.heads, sizes.inner, sizes.layers, sizes.norm_first)
    if sizes.causal_memory:
        for block in model.decoder.blocks:
            cast("DecoderBlock", block).cross_attention.register_forward_pre_hook(masked_causally)
    return model


def masked_causally(_attention: nn.Module, given: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Let output τ look at the first τ steps of the memory only, and at no padding."""
    asking, memory, may_attend = given
    earlier = torch.ones(asking.shape[1], memory.shape[1], dtype=torch.bool).tril()
    return asking, memory, may_attend & earlier


def rate(sizes: Sizes, step: int) -> float:
    """Return the learning rate of a step, counted from 1: it rises for as long as the warm-up lasts, and then falls."""
    return sizes.learning_rate * rising_then_falling(sizes.warm_up, sizes.steps)(step - 1)


def fit(model: Translator, text: ParallelText, known: int, sizes: Sizes) -> list[float]:
    """Train on the first ``known`` pairs, told the right tokens; return the loss of every step."""
    history = train(
        model,
        lambda _step: told(model, text.batch(torch.randint(known, (sizes.batch,)).tolist())),
        steps=sizes.steps,
        learning_rate=sizes.learning_rate,
        schedule=rising_then_falling(sizes.warm_up, sizes.steps),
        optimizer=partial(torch.optim.Adam, betas=(0.9, sizes.second_moment)),
        clip_norm=1.0,
    )
    return list(history.losses)


@torch.no_grad()
def alone(model: Translator, batch: Batch) -> Tensor:
    """Return what a model says by itself, the likeliest token at every step."""
    state, token, said = model.encode(batch.source, batch.source_lengths), torch.full((len(batch.source),), BOS), []
    for _ in range(batch.target.shape[1]):
        log_probabilities, state = model.step(token, state)
        token = log_probabilities.argmax(-1)
        said.append(token)
    return torch.stack(said, 1)


def run(kind: str, sizes: Sizes, seed: int) -> dict[str, float]:
    """Train once; return how many dates are right, the loss at the end, and the seconds that the training took."""
    torch.set_num_threads(1)
    dates, held_out = split(replace(Dates(), pairs=sizes.pairs, held_out=sizes.held_out), seed)
    text = dates_as_text(dates + held_out)
    torch.manual_seed(seed)
    model = made(sizes, text)
    start = time.process_time()
    losses = fit(model, text, len(dates), sizes)
    seconds = time.process_time() - start
    batch = text.batch(range(len(dates), len(text)))
    last = losses[-10:]
    result = {
        "without a mistake": right(alone(model, batch), batch),
        "loss": sum(last) / len(last),
        "seconds": round(seconds, 2),
    }
    print(seed, kind, {name: round(value, 3) for name, value in result.items()}, flush=True)
    return result


def measure(kinds: Mapping[str, Sizes], seeds: int) -> dict[str, dict[str, list[float]]]:
    """For each kind and each thing measured, the result of every seed. The kinds take turns, seed by seed."""
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for seed in range(seeds):
        for kind, sizes in kinds.items():
            found[kind].append(run(kind, sizes, seed))
    return {kind: {name: [one[name] for one in runs] for name in runs[0]} for kind, runs in found.items()}


def main() -> None:
    record(
        "transformer_dates",
        __doc__,
        lambda seeds: measure(KINDS, seeds),
        packages=("torch", "babel"),
        kinds={kind: asdict(sizes) for kind, sizes in KINDS.items()},
    )


if __name__ == "__main__":
    main()
