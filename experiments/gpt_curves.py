"""A counted model, an LSTM and a small GPT for the same time: ``python -m experiments.gpt_curves``.

All learn the prose of the chapter on language models and are scored on the same characters, the test text of that
chapter in pieces of which nothing is known before: the LSTM is carried through a piece, the 5-gram sees the four
characters before, and the GPT reads windows that overlap, so that each character but the first ones of a piece has at
least half a window before it. The GPT is trained with every scheme of positions, and where the scheme allows it, the
pieces are also read at once at the end. Numbers of steps were fixed so that
one run of each kind takes about as long on one core; steps, processor seconds and bits a character are kept on the way,
for every seed, in a record of the package which a chapter shows: ``sv.data.recorded("gpt_curves")``.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import torch
from torch import Tensor, nn

from experiments.recording import record
from seqviz.data.text import PROSE_ALPHABET, prose, windows
from seqviz.models.gated.lstm import LSTM
from seqviz.models.language.ngram import NGram
from seqviz.models.language.scores import bits_per_character
from seqviz.models.language.sliding import sliding_log_probabilities
from seqviz.models.transformer.decoder_only import CausalTransformer, Scheme

TOKENS = len(PROSE_ALPHABET)
Curve = dict[str, list[float]]  # steps, seconds and bits


@dataclass(frozen=True)
class Sizes:
    """A network, and what its training costs."""

    scheme: Scheme | None = None  # of a GPT; None is the LSTM
    size: int = 64  # of the GPT's vectors, and of the LSTM's states
    heads: int = 4
    inner: int = 256
    layers: int = 2
    batch: int = 16
    time: int = 64
    steps: int = 1200
    marks: int = 20  # scores on the way, evenly spread
    learning_rate: float = 1e-2
    warm_up: int = 50


KINDS: Mapping[str, Sizes] = {
    "LSTM": Sizes(size=128, steps=2000),
    "GPT, learned": Sizes("learned"),
    "GPT, sinusoidal": Sizes("sinusoidal"),
    "GPT, ALiBi": Sizes("alibi"),
    "GPT, rotary": Sizes("rotary"),
}


@dataclass(frozen=True)
class Texts:
    """What is learned from, and what is scored: pieces of one length, of each all but the first character."""

    train: Tensor
    pieces: Tensor


def split(pieces: int = 20, length: int = 1000) -> Texts:
    """Cut the prose as the chapter on language models does."""
    text = prose()
    cut = text.index(" ", len(text) * 9 // 10) + 1
    scored = PROSE_ALPHABET.encode(text[cut : cut + pieces * length])
    return Texts(PROSE_ALPHABET.encode(text[:cut]), scored.view(pieces, length))


def made(sizes: Sizes) -> LSTM | CausalTransformer:
    """Return a network that has learned nothing."""
    if sizes.scheme is None:
        return LSTM(TOKENS, sizes.size, TOKENS)
    return CausalTransformer(TOKENS, sizes.size, sizes.heads, sizes.inner, sizes.layers, sizes.scheme, sizes.time)


def logits_of(model: LSTM | CausalTransformer, tokens: Tensor) -> Tensor:
    """Return the scores of the next token at every step."""
    return model(tokens if isinstance(model, CausalTransformer) else PROSE_ALPHABET.one_hot(tokens))[0]


@torch.no_grad()
def bits(model: LSTM | CausalTransformer, sizes: Sizes, pieces: Tensor) -> float:
    """Return the bits a character of the pieces, of each without its first."""
    length = pieces.shape[1] - 1
    window = length if sizes.scheme is None else sizes.time
    stride = length if sizes.scheme is None else sizes.time // 2
    log_p = sliding_log_probabilities(lambda tokens: logits_of(model, tokens), pieces, window, stride)
    return bits_per_character(log_p.double(), log_p.numel())


def counted(texts: Texts, order: int = 5) -> dict[str, float]:
    """Return the seconds and the bits a character of an n-gram."""
    start = time.process_time()
    model = NGram(texts.train, TOKENS, order)
    seconds = time.process_time() - start
    log_p = torch.stack([model.log_probabilities(piece)[1:] for piece in texts.pieces])
    return {"seconds": round(seconds, 2), "bits": bits_per_character(log_p, log_p.numel())}


def rate(sizes: Sizes, step: int) -> float:
    """Return the learning rate of a step, counted from 1: it rises for as long as the warm-up lasts, and then falls."""
    return sizes.learning_rate * min(step / sizes.warm_up, 1) * (1 - 0.9 * step / sizes.steps)


def run(kind: str, sizes: Sizes, seed: int, texts: Texts) -> Curve:
    """Train once; return steps, processor seconds of the training alone, and bits, before the first step and on."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, draws = made(sizes), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters())
    curve: Curve = {"steps": [0], "seconds": [0.0], "bits": [bits(model, sizes, texts.pieces)]}
    seconds, marks = 0.0, {math.ceil(sizes.steps * i / sizes.marks) for i in range(1, sizes.marks + 1)}
    for step in range(1, sizes.steps + 1):
        start = time.process_time()
        optimizer.param_groups[0]["lr"] = rate(sizes, step)
        x, y = windows(texts.train, sizes.batch, sizes.time, draws)
        loss = nn.functional.cross_entropy(logits_of(model, x).flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        seconds += time.process_time() - start
        if step in marks:
            for name, value in (("steps", step), ("seconds", seconds), ("bits", bits(model, sizes, texts.pieces))):
                curve[name].append(round(value, 4))
    if sizes.scheme not in (None, "learned"):  # each piece read at once, far beyond the windows of the training
        longer = replace(sizes, time=texts.pieces.shape[1])
        curve["read at once"] = [bits(model, longer, texts.pieces)]
    print(seed, kind, f"{seconds:.1f} s", curve["bits"][:: max(sizes.marks // 5, 1)], flush=True)
    return curve


def measure(kinds: Mapping[str, Sizes], seeds: int, texts: Texts) -> dict[str, list[Curve]]:
    """For each kind, a curve of every seed. The kinds take turns, seed by seed."""
    found: dict[str, list[Curve]] = {kind: [] for kind in kinds}
    for seed in range(seeds):
        for kind, sizes in kinds.items():
            found[kind].append(run(kind, sizes, seed, texts))
    return found


def main() -> None:
    texts = split()
    record(
        "gpt_curves",
        __doc__,
        lambda seeds: measure(KINDS, seeds, texts),
        kinds={kind: asdict(sizes) for kind, sizes in KINDS.items()},
        pieces=list(texts.pieces.shape),
        **{"5-gram": counted(texts)},
    )


if __name__ == "__main__":
    main()
