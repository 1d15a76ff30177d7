"""Who remembers how a tune began: ``python -m experiments.tunes_continued``.

An LSTM and a small GPT learn the same tunes, for as many steps; the LSTM also for five times as many. Each plays the
third phrase, which is the first again, told all that was played before. Five seeds. The result is a record of the
package, which the chapter shows: ``sv.data.recorded("tunes_continued")``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Generator, Tensor, nn

from experiments.attention_bugs import rising_then_falling
from experiments.recording import record
from seqviz.data.hearing.tunes import note_token, notes_of, notes_tokenizer, tune
from seqviz.data.sequences.melody import Note
from seqviz.data.tokenizer import BOS, EOS, PAD
from seqviz.models.gated.lstm import LSTM
from seqviz.models.transformer.decoder_only import CausalTransformer
from seqviz.training import train

TOKENS = len(notes_tokenizer())


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    hidden: int = 128
    size: int = 64
    heads: int = 4
    inner: int = 128
    layers: int = 2
    tunes: int = 4000
    batch: int = 32
    steps: int = 300
    longer: int = 5  # times as many steps
    tested: int = 200


def lstm(sizes: Sizes) -> nn.Module:
    """Return the LSTM, which reads tokens as vectors with one 1."""
    return LSTM(TOKENS, sizes.hidden, TOKENS)


def gpt(sizes: Sizes) -> nn.Module:
    """Return the GPT, with rotary positions."""
    return CausalTransformer(TOKENS, sizes.size, sizes.heads, sizes.inner, sizes.layers, "rotary")


def logits_of(model: nn.Module, tokens: Tensor) -> Tensor:
    """Return the scores of every next token."""
    if isinstance(model, CausalTransformer):
        return model(tokens)[0]
    one_hot = nn.functional.one_hot(tokens, TOKENS).float()
    return model(one_hot)[0]


def encoded(phrases: Sequence[Sequence[Note]]) -> Tensor:
    """Return the tokens of a tune, between start and end."""
    said = notes_tokenizer().encode([note_token(note) for note in notes_of(phrases)])
    return torch.tensor([BOS, *said.tolist(), EOS])


@torch.no_grad()
def remembered(model: nn.Module, phrases: Sequence[Sequence[Note]], number: int) -> list[bool]:
    """Return, for the notes of a phrase after its first, whether each is the likeliest, told all before it."""
    tokens = encoded(phrases)
    start = 1 + sum(map(len, phrases[:number]))
    places = torch.arange(start + 1, start + len(phrases[number]))
    guessed = logits_of(model, tokens[None, :-1])[0].argmax(-1)
    return (guessed[places - 1] == tokens[places]).tolist()


def share(model: nn.Module, tunes: Sequence[Sequence[Sequence[Note]]], number: int) -> float:
    """Return the share of remembered notes of a phrase, over tunes."""
    notes = [note for phrases in tunes for note in remembered(model, phrases, number)]
    return sum(notes) / len(notes)


def learned(model: nn.Module, sizes: Sizes, seed: int, steps: int, learning_rate: float) -> list[float]:
    """Train a model on drawn tunes; return its losses."""
    draws = Generator().manual_seed(seed)
    rows = [encoded(tune(draws)) for _ in range(sizes.tunes)]
    known = nn.utils.rnn.pad_sequence(rows, batch_first=True)

    def loss_of(_step: int) -> Tensor:
        read = known[torch.randint(len(known), (sizes.batch,), generator=draws)]
        logits = logits_of(model, read[:, :-1])
        return nn.functional.cross_entropy(logits.flatten(0, 1), read[:, 1:].flatten(), ignore_index=PAD)

    schedule = rising_then_falling(30, steps)
    history = train(model, loss_of, steps=steps, learning_rate=learning_rate, schedule=schedule, clip_norm=1.0)
    return list(history.losses)


Kind = tuple[Callable[[Sizes], nn.Module], int, float]  # how it is made, its steps, its learning rate


def measure(kinds: Mapping[str, Kind], sizes: Sizes, seeds: int) -> dict[str, dict[str, list[float]]]:
    """Return, for each kind and phrase, the share that every seed remembers."""
    results: dict[str, dict[str, list[float]]] = {name: {"second": [], "third": []} for name in kinds}
    for seed in range(seeds):
        draws = Generator().manual_seed(1_000_000 + seed)
        held_out = [tune(draws) for _ in range(sizes.tested)]
        for name, (make, steps, learning_rate) in kinds.items():
            torch.manual_seed(seed)
            model = make(sizes)
            learned(model, sizes, seed, steps, learning_rate)
            for number, phrase in ((1, "second"), (2, "third")):
                results[name][phrase].append(share(model, held_out, number))
            print(seed, name, results[name]["second"][-1], results[name]["third"][-1], flush=True)
    return results


def main() -> None:
    torch.set_num_threads(1)
    sizes = Sizes()
    kinds = {
        "LSTM": (lstm, sizes.steps, 1e-2),
        "LSTM, longer": (lstm, sizes.longer * sizes.steps, 1e-2),
        "GPT": (gpt, sizes.steps, 5e-3),
    }
    record(
        "tunes_continued",
        __doc__,
        lambda seeds: measure(kinds, sizes, seeds),
        sizes=asdict(sizes),
        kinds={name: {"steps": steps, "learning rate": rate} for name, (_, steps, rate) in kinds.items()},
    )


if __name__ == "__main__":
    main()
