"""Search with a beam, and keep what it cut off."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import Tensor

from seqviz.data.tokenizer import BOS, EOS, Tokenizer
from seqviz.models.decoding import DecodeStep
from seqviz.models.translation.search import BeamStep, Hypothesis, beam_steps
from seqviz.traces.translation.records import BeamTrace, Branch

CUT = 2  # how many of the continuations that just missed a step are kept in the trace

# A translator: a source text → the decode step, and the state before the start token is read.
Translator = Callable[[str], tuple[DecodeStep[Any], Any]]


def trace_beam(
    translator: Translator, target: Tokenizer, source: str, *, width: int, max_length: int, alpha: float = 0.0
) -> BeamTrace:
    """Record a beam search: at every step the continuations that were kept and those that just missed.

    It ends where no hypothesis can still overtake the best output: a log-probability only falls, and is divided by
    ``max_length`` to the power of α at most.

    where target is the tokenizer of the outputs, with the special tokens. Raises as `search.beam_steps` and the
    translator do, and ValueError for a negative α.
    """
    if alpha < 0:
        raise ValueError(f"alpha: expected at least 0, got {alpha}")
    step, state = translator(source)
    said: list[Tensor] = []

    def heard(token: Tensor, state: Any) -> tuple[Tensor, Any]:
        log_probabilities, state = step(token, state)
        said.append(log_probabilities)
        return log_probabilities, state

    alive, numbers = [Hypothesis((), 0.0, False)], [-1]
    steps: list[tuple[Branch, ...]] = []
    found: list[tuple[Hypothesis, int, int]] = []
    for taken in beam_steps(heard, state, BOS, EOS, width, max_length):
        branches = _branches(taken, said[-1], alive, numbers, target)
        steps.append(branches)
        ended = [one.ended or len(one.tokens) == max_length for one in taken.kept]
        found += [(one, len(steps) - 1, i) for i, one in enumerate(taken.kept) if ended[i]]
        numbers = [i for i, one in enumerate(taken.kept) if not one.ended]
        alive = [taken.kept[i] for i in numbers]
        best = max((one.score(alpha) for one, *_ in found), default=-math.inf)
        if all(one.log_probability / max_length**alpha <= best for one in alive):
            break
    found.sort(key=lambda one: -one[0].score(alpha))
    ranks = {(step_number, branch): rank for rank, (_, step_number, branch) in enumerate(found, 1)}
    return BeamTrace(
        source=source,
        width=width,
        alpha=alpha,
        steps=tuple(
            tuple(replace(branch, rank=ranks.get((number, i), 0)) for i, branch in enumerate(branches))
            for number, branches in enumerate(steps)
        ),
        outputs=tuple((text_of(one, target), one.log_probability, one.score(alpha)) for one, *_ in found),
    )


def _branches(
    taken: BeamStep, said: Tensor, alive: list[Hypothesis], numbers: list[int], target: Tokenizer
) -> tuple[Branch, ...]:
    """Return what a step kept, and behind it those that come next in likelihood."""
    so_far = said.new_tensor([one.log_probability for one in alive])
    total = so_far[:, None] + said
    order = total.flatten().argsort(descending=True, stable=True)[: len(taken.kept) + CUT].tolist()
    branches = []
    for rank, place in enumerate(order):
        row, token = divmod(place, total.shape[1])
        if total[row, token].isinf():
            break
        branches.append(
            Branch(
                token=target.tokens[token],
                parent=numbers[row],
                probability=float(said[row, token].exp()),
                log_probability=float(total[row, token]),
                kept=rank < len(taken.kept),
                ended=token == EOS,
                rank=0,
            )
        )
    return tuple(branches)


def text_of(hypothesis: Hypothesis, target: Tokenizer) -> str:
    """Return what a hypothesis says, without its end."""
    tokens = [target.tokens[token] for token in hypothesis.tokens]
    return ("" if target.unit == "character" else " ").join(tokens[:-1] if hypothesis.ended else tokens)
