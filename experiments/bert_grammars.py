"""What a small BERT learns from pairs of sentences, and what for: ``python -m experiments.bert_grammars``.

First: how does the loss of masked words fall, and what of it is understood? The same network learns from the redundant
grammar, from the ordinary one, from each of them with a single property of the other, and from a redundant one with
*not* before most single adjectives. Kept are the loss on held-out pairs, how often "next sentence" is answered right,
and how often a hidden adjective is given the verdict that the second sentence has. Second: of the networks of the two
grammars, and of one that has learned nothing, what is a vector good for? They are fine-tuned with 64 labels on half of
the adjectives and asked about the other half, read as they are, and asked without any label by a hidden verb.
Everything over five seeds, in a record of the package: ``sv.data.recorded("bert_grammars")``.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn

from experiments.recording import record
from seqviz.data.tokenizer import MASK, PAD
from seqviz.data.transformer.masking import mask_tokens
from seqviz.data.transformer.opinions import (
    OPINION_ADJECTIVES,
    OPINION_VERBS,
    OPINION_VOCABULARY,
    ORDINARY,
    REDUNDANT,
    OpinionPair,
    PairGrammar,
    opinion_pairs,
    opinions,
)
from seqviz.data.transformer.packing import Packed, pack_batch, pack_pair
from seqviz.models.transformer.bert import BERT, masked_language_loss

GRAMMARS: Mapping[str, PairGrammar] = {
    "redundant": REDUNDANT,
    "ordinary": ORDINARY,
    # the redundant one, with one property of the ordinary one
    "another word for the noun": replace(REDUNDANT, noun_again=ORDINARY.noun_again),
    "another verdict elsewhere": replace(REDUNDANT, verdict_kept=ORDINARY.verdict_kept),
    "one adjective": replace(REDUNDANT, two_adjectives=ORDINARY.two_adjectives),
    "more not": replace(REDUNDANT, negated=ORDINARY.negated),
    "more topics": replace(REDUNDANT, topics=ORDINARY.topics),
    # the ordinary one, with one property of the redundant one
    "ordinary, the noun again": replace(ORDINARY, noun_again=REDUNDANT.noun_again),
    "ordinary, the verdict kept": replace(ORDINARY, verdict_kept=REDUNDANT.verdict_kept),
    "ordinary, two adjectives": replace(ORDINARY, two_adjectives=REDUNDANT.two_adjectives),
    "ordinary, less not": replace(ORDINARY, negated=REDUNDANT.negated),
    "ordinary, fewer topics": replace(ORDINARY, topics=REDUNDANT.topics),
    # the redundant one, where most single adjectives stand after *not*
    "mostly not": replace(REDUNDANT, negated=0.625),
}
KNOWN, OTHER = ([words[part] for words in OPINION_ADJECTIVES] for part in (slice(0, 4), slice(4, 8)))
LENGTH = 16


@dataclass(frozen=True)
class Sizes:
    """A network, and what its trainings cost."""

    size: int = 64
    heads: int = 4
    inner: int = 128
    layers: int = 2
    pairs: int = 10_000
    held_out: int = 400
    batch: int = 64
    steps: int = 400
    every: int = 40
    learning_rate: float = 6e-3
    masked: float = 0.2
    labels: int = 64
    fine_steps: int = 80
    fine_rate: float = 1e-3
    frozen_rate: float = 1e-2
    tested: int = 600


class Probe(NamedTuple):
    """Sequences with one place to look at in each, and what is right there."""

    packed: Packed
    place: Tensor
    positive: Tensor


def encoded(first: Sequence[str], second: Sequence[str] | None = None) -> Packed:
    """Return a pair, or a sentence alone, as one sequence."""
    encode = OPINION_VOCABULARY.encode
    return pack_pair(encode(first), None if second is None else encode(second), LENGTH)


def packed_pairs(pairs: Sequence[OpinionPair]) -> tuple[Packed, Tensor]:
    """Return pairs as a batch, and which of them belong together."""
    return (
        pack_batch(encoded(pair.opinion.words, pair.second) for pair in pairs),
        torch.tensor([pair.is_next for pair in pairs]).long(),
    )


def hidden_word(pairs: Sequence[OpinionPair], which: str) -> Probe:
    """Hide the last word of the first sentence, which is an adjective, or the verb of the second."""
    rows, places = [], []
    for opinion, second, _ in pairs:
        first = opinion.words
        if which == "adjective":
            first = (*first[:-1], "<mask>")
        else:
            second = (*second[:2], "<mask>", *second[3:])
        rows.append(encoded(first, second))
        places.append(rows[-1].tokens.tolist().index(MASK))
    return Probe(pack_batch(rows), torch.tensor(places), torch.tensor([pair.opinion.positive for pair in pairs]))


def together(count: int, generator: Generator, grammar: PairGrammar, negated: float) -> list[OpinionPair]:
    """Draw pairs that belong together, with one adjective each, all of them with *not* or none."""
    pairs = opinion_pairs(3 * count, generator, replace(grammar, two_adjectives=0.0, negated=negated))
    return [pair for pair in pairs if pair.is_next][:count]


@torch.no_grad()
def verdicts(model: BERT, probe: Probe, words: Sequence[Sequence[str]]) -> float:
    """Return how often the words of the right verdict have more probability together than the others."""
    rows = torch.arange(len(probe.place))
    probability = model.words(model(*probe.packed, probe.packed.real)[0][rows, probe.place]).softmax(-1)
    bad, good = (probability[:, OPINION_VOCABULARY.encode(one)].sum(1) for one in words)
    return ((good > bad) == probe.positive).double().mean().item()


def fit(
    parameters: Iterable[nn.Parameter], loss_of: Callable[[], Tensor], steps: int, rate: Callable[[int], float]
) -> Iterator[int]:
    """Lower a loss; hand out every step, counted from 1, after its update."""
    weights = list(parameters)
    optimizer = torch.optim.AdamW(weights)
    for step in range(1, steps + 1):
        optimizer.param_groups[0]["lr"] = rate(step)
        optimizer.zero_grad()
        loss_of().backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        yield step


def new(sizes: Sizes) -> BERT:
    """Return a network that has learned nothing."""
    return BERT(len(OPINION_VOCABULARY), LENGTH, sizes.size, sizes.heads, sizes.inner, sizes.layers)


def pretrain(seed: int, grammar: PairGrammar, sizes: Sizes) -> tuple[BERT, dict[str, list[float]]]:
    """Train once on both tasks; return the network, and what was measured before the first step and on the way."""
    torch.manual_seed(seed)
    # what is tested has draws of its own, so that the training is the one that a chapter shows
    model, draws, of_test = new(sizes), *(torch.Generator().manual_seed(one) for one in (seed, 3000 + seed))
    known, is_next = packed_pairs(opinion_pairs(sizes.pairs, draws, grammar))
    test, test_next = packed_pairs(opinion_pairs(sizes.held_out, of_test, grammar))
    test_hidden = mask_tokens(test.tokens, len(OPINION_VOCABULARY), of_test, sizes.masked)
    adjectives = hidden_word(together(sizes.held_out, of_test, grammar, negated=0.0), "adjective")

    def loss() -> Tensor:
        rows = torch.randint(sizes.pairs, (sizes.batch,), generator=draws)
        tokens, segments = known.tokens[rows], known.segments[rows]
        shown, chosen = mask_tokens(tokens, len(OPINION_VOCABULARY), draws, sizes.masked)
        z, _ = model(shown, segments, tokens != PAD)
        belongs = nn.functional.cross_entropy(model.next_sentence(z), is_next[rows])
        return masked_language_loss(model.words(z[chosen]), tokens, chosen) + belongs

    @torch.no_grad()
    def scores() -> dict[str, float]:
        z, _ = model(test_hidden.tokens, test.segments, test.real)
        words = masked_language_loss(model.words(z[test_hidden.chosen]), test.tokens, test_hidden.chosen)
        belongs = model.next_sentence(model(*test, test.real)[0]).argmax(-1) == test_next
        return {
            "masked words": words.item(),
            "next sentence": belongs.double().mean().item(),
            "verdict": verdicts(model, adjectives, OPINION_ADJECTIVES),
        }

    measured = [scores()]
    updates = fit(model.parameters(), loss, sizes.steps, lambda step: warm(step, sizes))
    measured += [scores() for step in updates if step % sizes.every == 0]
    return model, {name: [one[name] for one in measured] for name in measured[0]}


def warm(step: int, sizes: Sizes) -> float:
    """Return the learning rate of a step: it rises for 60 steps and then falls."""
    return sizes.learning_rate * min(step / 60, 1) * (1 - 0.9 * step / sizes.steps)


def labelled(count: int, draws: Generator, adjectives: Sequence[Sequence[str]]) -> tuple[Packed, Tensor]:
    """Return first sentences alone, and whether they are good opinions."""
    said = opinions(count, draws, REDUNDANT, adjectives)
    return pack_batch(encoded(one.words) for one in said), torch.tensor([one.positive for one in said]).long()


def one_vector(model: BERT, packed: Packed, of: str) -> Tensor:
    """Return for every sentence the vector of <cls>, or the mean of those of all its tokens."""
    z, _ = model(*packed, packed.real)
    return z[:, 0] if of == "cls" else (z * packed.real[..., None]).sum(1) / packed.real.sum(1, keepdim=True)


def classify(model: BERT, seed: int, sizes: Sizes, of: str = "cls", frozen: bool = False) -> dict[str, float]:
    """Learn verdicts from labels on half of the adjectives; return what share is right, for these and for the others.

    where a frozen model is not changed, only the layer that reads its vectors.
    """
    model, draws = copy.deepcopy(model), torch.Generator().manual_seed(1000 + seed)
    torch.manual_seed(seed)
    head = nn.Linear(sizes.size, 2)
    known, right = labelled(sizes.labels, draws, KNOWN)

    def loss() -> Tensor:
        rows = torch.randint(sizes.labels, (32,), generator=draws)
        read = one_vector(model, Packed(known.tokens[rows], known.segments[rows]), of)
        return nn.functional.cross_entropy(head(read), right[rows])

    learned = [*head.parameters(), *(() if frozen else model.parameters())]
    rate = sizes.frozen_rate if frozen else sizes.fine_rate
    for _ in fit(learned, loss, sizes.fine_steps, lambda _: rate):
        pass
    shares = {}
    for name, adjectives in {"known": KNOWN, "other": OTHER}.items():
        test, positive = labelled(sizes.tested, draws, adjectives)
        with torch.no_grad():
            shares[name] = (head(one_vector(model, test, of)).argmax(-1) == positive).double().mean().item()
    return shares


def uses(pretrained: Mapping[str, BERT], seed: int, sizes: Sizes) -> dict[str, dict[str, float]]:
    """Return what the networks are good for, each way with the shares that are right."""
    draws = torch.Generator().manual_seed(2000 + seed)
    torch.manual_seed(seed)
    scratch = new(sizes)
    found = {f"fine-tuned, {name}": classify(model, seed, sizes) for name, model in pretrained.items()}
    found["fine-tuned, from scratch"] = classify(scratch, seed, sizes)
    model = pretrained["redundant"]
    found["frozen <cls>"] = classify(model, seed, sizes, "cls", frozen=True)
    found["frozen mean"] = classify(model, seed, sizes, "mean", frozen=True)
    found["cloze"] = {
        name: verdicts(model, hidden_word(together(sizes.tested, draws, REDUNDANT, negated), "verb"), OPINION_VERBS)
        for name, negated in {"plain": 0.0, "with not": 1.0}.items()
    }
    return found


def measure(sizes: Sizes, seeds: int) -> dict[str, dict[str, list]]:
    """For every grammar the curves of every seed, and for every use the shares."""
    curves: dict[str, list] = {name: [] for name in GRAMMARS}
    used: dict[str, list] = {}
    for seed in range(seeds):
        models = {}
        for name, grammar in GRAMMARS.items():
            models[name], curve = pretrain(seed, grammar, sizes)
            curves[name].append(curve)
            print(seed, name, {what: round(values[-1], 2) for what, values in curve.items()}, flush=True)
        for use, shares in uses({name: models[name] for name in ("redundant", "ordinary")}, seed, sizes).items():
            used.setdefault(use, []).append(shares)
            print(seed, use, {what: round(share, 2) for what, share in shares.items()}, flush=True)
    return {"curves": curves, "uses": used}


def main() -> None:
    torch.set_num_threads(1)
    sizes = Sizes()
    record(
        "bert_grammars",
        __doc__,
        lambda seeds: measure(sizes, seeds),
        sizes=asdict(sizes),
        grammars={name: asdict(grammar) for name, grammar in GRAMMARS.items()},
    )


if __name__ == "__main__":
    main()
