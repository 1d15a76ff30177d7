"""Do gensim's vectors and ours have the same neighbours? ``python -m experiments.gensim_neighbours``.

Both learn skip-gram with negative sampling from the same sentences. gensim is no dependency of the package: install it
into an environment of its own. The result is a record of the package, which the chapter shows:
``sv.data.recorded("gensim_neighbours")``.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from experiments.recording import record
from seqviz.data import RELATIONS, Tokenizer, analogies, relation_sentences, relation_words
from seqviz.models import SkipGram
from seqviz.models.embeddings.nearest import analogy, nearest, unit
from seqviz.models.embeddings.negative_sampling import noise_distribution
from seqviz.models.embeddings.word_windows import skipgram_pairs
from seqviz.training import train

VOCABULARY = Tokenizer.of_words(relation_words())
ASKED = sorted({word for pairs in RELATIONS.values() for pair in pairs for word in pair})
COUNT = 5  # neighbours of each word


@dataclass(frozen=True)
class Sizes:
    """What both trainings share, and how long each of them takes."""

    sentences: int = 20_000
    window: int = 4
    size: int = 24
    negatives: int = 5
    power: float = 0.75
    steps: int = 1500  # ours, of so many pairs each
    batch: int = 512
    epochs: int = 5  # gensim's


def ours(text: list[tuple[str, ...]], sizes: Sizes, seed: int) -> Tensor:
    """Train as chapter 09 does; return the vectors of all words."""
    pairs = skipgram_pairs([VOCABULARY.encode(sentence) for sentence in text], sizes.window)
    noise = noise_distribution(pairs[:, 1].bincount(minlength=len(VOCABULARY)).double(), sizes.power)
    torch.manual_seed(seed)
    model = SkipGram(len(VOCABULARY), sizes.size)

    def loss_of(_step: int) -> Tensor:
        rows = pairs[torch.randint(len(pairs), (sizes.batch,))]
        drawn = torch.multinomial(noise, sizes.batch * sizes.negatives, replacement=True)
        return model(rows, drawn.view(sizes.batch, sizes.negatives)).mean()

    train(model, loss_of, steps=sizes.steps, learning_rate=2e-2, schedule=lambda step: 1 - 0.95 * step / sizes.steps)
    return model.E.detach()


def theirs(text: list[tuple[str, ...]], sizes: Sizes, seed: int) -> Tensor:
    """Train gensim's skip-gram; return its vectors in the order of our vocabulary."""
    from gensim.models import Word2Vec  # pyright: ignore[reportMissingImports]  # of an environment of its own

    model = Word2Vec(
        text,
        vector_size=sizes.size,
        window=sizes.window,
        sg=1,
        negative=sizes.negatives,
        ns_exponent=sizes.power,
        min_count=1,
        sample=0,
        epochs=sizes.epochs,
        workers=1,
        seed=seed,
    )
    return torch.stack([torch.from_numpy(model.wv[word].copy()) for word in VOCABULARY.tokens])


def shared_neighbours(one: Tensor, other: Tensor) -> float:
    """Return the share of the nearest words that two sets of vectors have in common, over all words that are asked."""
    shares = []
    for word in VOCABULARY.encode(ASKED).tolist():
        near = [set(nearest(vectors, vectors[word], COUNT, leave_out=[word])) for vectors in (one, other)]
        shares.append(len(near[0] & near[1]) / COUNT)
    return sum(shares) / len(shares)


def correlation(one: Tensor, other: Tensor) -> float:
    """Return the correlation of the cosines of all pairs of words that are asked."""
    asked = VOCABULARY.encode(ASKED)
    pairs = torch.triu_indices(len(asked), len(asked), 1)
    cosines = [(e @ e.T)[pairs[0], pairs[1]] for e in (unit(one[asked]), unit(other[asked]))]
    return torch.corrcoef(torch.stack(cosines))[0, 1].item()


def analogies_right(vectors: Tensor) -> float:
    """Return the share of the grammar's analogies that come out right, the question's words left out."""
    index = {word: i for i, word in enumerate(VOCABULARY.tokens)}
    asked = analogies()
    return sum(analogy(vectors, index[q.a], index[q.b], index[q.c]) == index[q.d] for q in asked) / len(asked)


def run(seed: int, sizes: Sizes) -> dict[str, float]:
    """Train ours twice and gensim's twice on one text; compare each with the other and with itself."""
    text = relation_sentences(sizes.sentences, torch.Generator().manual_seed(seed))
    a, b = ours(text, sizes, seed), ours(text, sizes, seed + 100)
    c, d = theirs(text, sizes, seed), theirs(text, sizes, seed + 100)
    result: dict[str, float] = {}
    for name, one, other in (("ours and gensim's", a, c), ("ours twice", a, b), ("gensim's twice", c, d)):
        result[f"neighbours, {name}"] = shared_neighbours(one, other)
        result[f"correlation, {name}"] = correlation(one, other)
    result |= {"analogies, ours": analogies_right(a), "analogies, gensim's": analogies_right(c)}
    print(seed, {name: round(value, 3) for name, value in result.items()}, flush=True)
    return result


def main() -> None:
    torch.set_num_threads(1)
    sizes = Sizes()

    def measure(seeds: int) -> dict[str, list[float]]:
        found = [run(seed, sizes) for seed in range(seeds)]
        return {name: [of_seed[name] for of_seed in found] for name in found[0]}

    record("gensim_neighbours", __doc__, measure, packages=("torch", "gensim"), sizes=asdict(sizes), neighbours=COUNT)


if __name__ == "__main__":
    main()
