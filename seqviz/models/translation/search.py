r"""From a decode step to a translation: greedy, beam and exhaustive search for a likely output.

$$\hat y = \arg\max_y \frac{1}{|y|^\alpha} \sum_{\tau=1}^{|y|} \log P(y_\tau \mid y_1 … y_{\tau-1}, x)$$

where |y| counts the tokens that were chosen, the end among them and the start not, and α = 0 compares plain
log-probabilities: then every further token costs, and short outputs win. An output ends with the end token or, cut off,
at the longest length allowed.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.decoding import DecodeStep


@dataclass(frozen=True)
class Hypothesis:
    """An output, or the beginning of one, without the start token."""

    tokens: tuple[int, ...]
    log_probability: float
    ended: bool

    def score(self, alpha: float) -> float:
        r"""Return its log-probability over $|y|^\alpha$."""
        return self.log_probability / max(len(self.tokens), 1) ** alpha


@dataclass(frozen=True)
class BeamStep:
    """What one step of a beam did: the hypotheses it kept, likeliest first, and the number of each one's parent."""

    kept: tuple[Hypothesis, ...]
    parents: tuple[int, ...]  # among the hypotheses of the step before that had not ended


def greedy(step: DecodeStep[Any], state: Any, start: int, end: int, max_length: int) -> Hypothesis:
    """Take the likeliest token at every step: a beam of width 1."""
    return beam_search(step, state, start, end, 1, max_length)[0]


def beam_search(
    step: DecodeStep[Any], state: Any, start: int, end: int, width: int, max_length: int, alpha: float = 0.0
) -> list[Hypothesis]:
    r"""Return the outputs that a beam of some width finds, the best by $\log P / |y|^\alpha$ first.

    where state is the one of a single output before the start token is read, with a batch axis of 1. At every step the
    ``width`` likeliest continuations of *all* hypotheses are kept; one that has ended leaves the beam and competes with
    the others at the end. Where two are equally likely, the one of the earlier hypothesis, then the lower token, wins.

    Raises ValueError for a width or length below 1.

    Source: Sutskever et al. 2014, "Sequence to sequence learning with neural networks", section 3.2; α as in Wu et al.
    2016, equation 14, without its constant 5.
    """
    found: list[Hypothesis] = []
    for taken in beam_steps(step, state, start, end, width, max_length):
        found += [one for one in taken.kept if one.ended or len(one.tokens) == max_length]
    return sorted(found, key=lambda one: -one.score(alpha))


@torch.no_grad()
def beam_steps(
    step: DecodeStep[Any], state: Any, start: int, end: int, width: int, max_length: int
) -> Iterator[BeamStep]:
    """Yield every step of `beam_search`, until all hypotheses have ended or are as long as allowed."""
    expect.at_least_one(width=width, max_length=max_length)
    alive, tokens = [Hypothesis((), 0.0, False)], torch.tensor([start])
    for _ in range(max_length):
        log_probabilities, state = step(tokens, state)
        so_far = log_probabilities.new_tensor([one.log_probability for one in alive])
        total = so_far[:, None] + log_probabilities
        # stable, so that ties fall the same way for every width
        best = total.flatten().argsort(descending=True, stable=True)[:width]
        parents, chosen = (best // total.shape[1]).tolist(), (best % total.shape[1]).tolist()
        values = total.flatten()[best].tolist()
        kept = tuple(
            Hypothesis((*alive[parent].tokens, token), value, token == end)
            for parent, token, value in zip(parents, chosen, values, strict=True)
            if value > -torch.inf  # what is impossible is no hypothesis
        )
        yield BeamStep(kept, tuple(parents[: len(kept)]))
        rows = [row for row, one in enumerate(kept) if not one.ended]
        if not rows:
            return
        alive = [kept[row] for row in rows]
        tokens = torch.tensor([chosen[row] for row in rows])
        state = rows_of(state, torch.tensor([parents[row] for row in rows]))


def rows_of(state: Any, rows: Int[Tensor, " kept"]) -> Any:
    """Return these rows of every tensor of a state: a hypothesis goes on from its own parent's state.

    where a state is a tensor, None, or a tuple, list or dict of states. Raises TypeError for anything else.
    """
    if isinstance(state, Tensor):
        return state[rows]
    if state is None:
        return None
    if isinstance(state, dict):
        return {name: rows_of(part, rows) for name, part in state.items()}
    if isinstance(state, tuple) and hasattr(state, "_fields"):
        return type(state)(*(rows_of(part, rows) for part in state))
    if isinstance(state, (tuple, list)):
        return type(state)(rows_of(part, rows) for part in state)
    raise TypeError(f"state: expected tensors, in tuples, lists or dicts, got {type(state).__name__}")


@torch.no_grad()
def exhaustive_search(
    step: DecodeStep[Any], state: Any, start: int, end: int, tokens: int, max_length: int, alpha: float = 0.0
) -> list[Hypothesis]:
    """Return every possible output, the best first: tokens^max_length of them, so for few tokens and short outputs.

    where every output is scored from its beginning, one after the other, as slowly as that is.
    """
    expect.at_least_one(tokens=tokens, max_length=max_length)
    inner = [token for token in range(tokens) if token != end]
    outputs = itertools.chain.from_iterable(
        itertools.product(*[inner] * (length - 1), range(tokens) if length == max_length else [end])
        for length in range(1, max_length + 1)
    )
    found = [Hypothesis(one, log_probability(step, state, start, one), one[-1] == end) for one in outputs]
    return sorted(found, key=lambda one: -one.score(alpha))


@torch.no_grad()
def log_probability(step: DecodeStep[Any], state: Any, start: int, output: tuple[int, ...]) -> float:
    r"""Return $\log P(y \mid x)$ of one output, read step by step."""
    total, token = 0.0, start
    for following in output:
        log_probabilities, state = step(torch.tensor([token]), state)
        total += float(log_probabilities[0, following])
        token = following
    return total
