"""DNA in which genes are hidden: a start codon, codons, a stop codon, and between genes anything.

A gene is read in threes. It starts with ATG, and goes on until the first TAA, TAG or TGA *in its frame*. Between genes
every base stands for itself, so ATG and the others come up there by chance as well. Genes are richer in G and C than
what lies between them, as in many genomes.

The grammar is a hidden Markov model, so what the best possible reader knows at every base can be computed. Real gene
finders were such models: Burge & Karlin 1997, "Prediction of complete gene structures in human genomic DNA" (GENSCAN).
"""

import itertools
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

BASES = "ACGT"
START = "ATG"
STOPS = ("TAA", "TAG", "TGA")
GENE_TAGS = ("between", "start", "codon", "stop")


@dataclass(frozen=True)
class GeneGrammar:
    """A hidden Markov model whose every state says one base for sure and belongs to one tag.

    State i is followed by state j with probability transitions[i, j], and is the first with probability initial[i].
    """

    initial: Float[Tensor, " state"]
    transitions: Float[Tensor, "state state"]
    bases: Int[Tensor, " state"]  # the base that a state says, as its place in `BASES`
    tags: Int[Tensor, " state"]  # its tag, as its place in `GENE_TAGS`

    def sample(
        self, batch: int, time: int, generator: Generator
    ) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
        """Draw sequences: the bases, and the tag of every base."""
        state = torch.multinomial(self.initial, batch, replacement=True, generator=generator)
        states = [state]
        for _ in range(time - 1):
            state = torch.multinomial(self.transitions[state], 1, generator=generator)[:, 0]
            states.append(state)
        drawn = torch.stack(states, 1)
        return self.bases[drawn], self.tags[drawn]


def genes(start: float = 0.04, stop: float = 0.1, gc_between: float = 0.3, gc_inside: float = 0.6) -> GeneGrammar:
    """Return the grammar of a stretch of DNA with genes.

    where, between genes, a gene begins at the next base with probability start, and after each codon the stop codon
    follows with probability stop; gc is the share of G and C among the bases.
    """
    names, rows = _states(), {}
    codons = _codons(gc_inside)
    between = {f"between {base}": share for base, share in _shares(gc_between).items()}
    outside = {name: (1 - start) * share for name, share in between.items()} | {"start A 1": start}
    first = _first_bases(codons)
    after_codon = {name: (1 - stop) * share for name, share in first.items()} | {"stop T 1": stop}
    for base in BASES:
        rows[f"between {base}"] = outside
    rows |= {"start A 1": {"start T 2": 1.0}, "start T 2": {"start G 3": 1.0}, "start G 3": first}
    for codon, share in codons.items():
        one, two, three = f"codon {codon[0]} 1", f"codon {codon[:2]} 2", f"codon {codon} 3"
        rows.setdefault(one, {}).setdefault(two, 0.0)
        rows[one][two] += share
        rows.setdefault(two, {})[three] = share
        rows[three] = after_codon
    rows |= {
        "stop T 1": {"stop TA 2": 2 / 3, "stop TG 2": 1 / 3},
        "stop TA 2": {"stop TAA 3": 0.5, "stop TAG 3": 0.5},
        "stop TG 2": {"stop TGA 3": 1.0},
    }
    rows |= {f"stop {codon} 3": outside for codon in STOPS}
    transitions = torch.tensor([[rows[name].get(other, 0.0) for other in names] for name in names], dtype=torch.float64)
    return GeneGrammar(
        torch.tensor([between.get(name, 0.0) for name in names], dtype=torch.float64),
        transitions / transitions.sum(1, keepdim=True),
        torch.tensor([BASES.index(name.split()[1][-1]) for name in names]),
        torch.tensor([GENE_TAGS.index(name.split()[0]) for name in names]),
    )


def _states() -> list[str]:
    """Name every state: tag, the codon so far, and the place in it. A codon's last state knows the whole codon."""
    coding = [c for c in map("".join, itertools.product(BASES, repeat=3)) if c not in STOPS]
    prefixes = [f"codon {p} {n}" for n in (1, 2, 3) for p in dict.fromkeys(codon[:n] for codon in coding)]
    stops = ["stop T 1", "stop TA 2", "stop TG 2", *(f"stop {codon} 3" for codon in STOPS)]
    return [*(f"between {base}" for base in BASES), "start A 1", "start T 2", "start G 3", *prefixes, *stops]


def _shares(gc: float) -> dict[str, float]:
    return {base: gc / 2 if base in "GC" else (1 - gc) / 2 for base in BASES}


def _codons(gc: float) -> dict[str, float]:
    """Return how often each codon comes, stop codons left out."""
    share = _shares(gc)
    weights = {
        a + b + c: share[a] * share[b] * share[c]
        for a, b, c in itertools.product(BASES, repeat=3)
        if a + b + c not in STOPS
    }
    return {codon: weight / sum(weights.values()) for codon, weight in weights.items()}


def _first_bases(codons: dict[str, float]) -> dict[str, float]:
    """Return how often a codon begins with each base, by the name of its state."""
    return {f"codon {base} 1": sum(s for codon, s in codons.items() if codon[0] == base) for base in BASES}
