"""Translation quality against length, with attention and without: ``python -m experiments.attention_length``.

Lists of numbers are translated into German words, two translators trained on lists of 1 … 3 numbers and tested on lists
of 1 … 5. One looks at all annotations. For the other the encoder's last state is the only annotation there is, so that
its context is that state at every step; nothing else differs. A third one has no attention, but more width and more
steps. The result is a record of the package, which the chapter shows: ``sv.data.recorded("attention_length")``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import torch
from torch import Generator, Tensor

from experiments.attention_bugs import alone, fit
from experiments.recording import record
from seqviz.data.tokenizer import EOS
from seqviz.data.translation.numbers import number_words
from seqviz.data.translation.parallel import ParallelText, Tokens
from seqviz.models.translation.attention_decoder import BahdanauTranslator, Decoding
from seqviz.models.translation.bleu import bleu


@dataclass(frozen=True)
class Sizes:
    """What one training costs."""

    pairs: int = 12_000
    learned: int = 3  # numbers in the longest list that is learned
    longest: int = 5  # numbers in the longest list that is tested
    tested: int = 60  # lists of each length
    embedding: int = 32
    hidden: int = 96
    attention: int = 64
    batch: int = 64
    steps: int = 300
    learning_rate: float = 4e-3


class LastState(BahdanauTranslator):
    """A translator without attention: the last state of the encoder is the only annotation."""

    def encode(self, source: Tensor, lengths: Tensor | None = None) -> Decoding:
        """Return the first state, which is the context of every step as well."""
        s = super().encode(source, lengths).s
        return Decoding(s, s[:, None], torch.ones(len(s), 1, dtype=torch.bool))


# a translator, and in which sizes it differs from the others
KINDS: Mapping[str, tuple[type[BahdanauTranslator], Mapping[str, int]]] = {
    "with attention": (BahdanauTranslator, {}),
    "without": (LastState, {}),
    "without, twice as wide, trained for twice as long": (LastState, {"hidden": 192, "steps": 600}),
}


def list_of_numbers(count: int, generator: Generator) -> tuple[Tokens, Tokens]:
    """Draw numbers of three digits, and return their digits and their German words, with commas between numbers."""
    numbers = torch.randint(100, 1000, (count,), generator=generator).tolist()
    source = [token for number in numbers for token in (*str(number), ",")]
    target = [token for number in numbers for token in (*number_words(number, "German"), ",")]
    return tuple(source[:-1]), tuple(target[:-1])


def learn(kind: str, text: ParallelText, sizes: Sizes, seed: int) -> BahdanauTranslator:
    """Return a translator of one kind, trained on the first pairs of the text."""
    torch.manual_seed(seed)
    made, _ = KINDS[kind]
    model = made(len(text.source), len(text.target), sizes.embedding, sizes.hidden, sizes.attention)
    fit(model, text, sizes.pairs, batch=sizes.batch, steps=sizes.steps, learning_rate=sizes.learning_rate)
    return model


def score(model: BahdanauTranslator, text: ParallelText, rows: range) -> float:
    """Return the BLEU of what a model says by itself."""
    said, _ = alone(model, text.batch(rows))
    outputs = [row[: row.index(EOS)] if EOS in row else row for row in said.tolist()]
    words = [[text.target.tokens[token] for token in output] for output in outputs]
    return bleu(words, [[text.pairs[row][1]] for row in rows]).score


def run(kind: str, sizes: Sizes, seed: int) -> list[float]:
    """Train once; return BLEU for lists of 1, 2, … numbers."""
    torch.set_num_threads(1)
    sizes = replace(sizes, **KINDS[kind][1])
    draws = torch.Generator().manual_seed(seed)
    counts = torch.randint(1, sizes.learned + 1, (sizes.pairs,), generator=draws).tolist()
    counts += [count for count in range(1, sizes.longest + 1) for _ in range(sizes.tested)]
    text = ParallelText.of([list_of_numbers(count, draws) for count in counts])
    model = learn(kind, text, sizes, seed)
    starts = range(sizes.pairs, len(text), sizes.tested)
    result = [score(model, text, range(start, start + sizes.tested)) for start in starts]
    print(seed, kind, sizes.hidden, [round(value, 3) for value in result], flush=True)
    return result


def measure(sizes: Sizes, seeds: int) -> dict[str, list[list[float]]]:
    """For each kind, BLEU by length for every seed."""
    return {kind: [run(kind, sizes, seed) for seed in range(seeds)] for kind in KINDS}


def main() -> None:
    sizes = Sizes()
    record(
        "attention_length",
        __doc__,
        lambda seeds: measure(sizes, seeds),
        packages=("torch", "num2words"),
        sizes=asdict(sizes),
        **{"other sizes": {kind: dict(changed) for kind, (_, changed) in KINDS.items() if changed}},
    )


if __name__ == "__main__":
    main()
