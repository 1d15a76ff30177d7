"""The exercises on attention: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def masked_softmax(scores, real):
    """Row by row, of the scores that were picked out."""
    weights = torch.zeros_like(scores)
    for i, allowed in enumerate(real):
        places = allowed.nonzero()[:, 0]
        for tau in range(scores.shape[1]):
            if len(places):
                weights[i, tau, places] = (scores[i, tau, places] - scores[i, tau, places].logsumexp(0)).exp()
    return weights


def general_scores(states, annotations, W_a):
    """Number by number, in one sum over all indices."""
    return torch.einsum("boh,ha,bsa->bos", states[:, 1:], W_a, annotations)


def additive_scores(states, annotations, W_a, U_a, v_a):
    """One output and one source step at a time, unit by unit."""
    batch, outputs, source = len(states), states.shape[1] - 1, annotations.shape[1]
    scores = states.new_zeros(batch, outputs, source)
    for i in range(batch):
        for tau in range(outputs):
            for t in range(source):
                for w, u, v in zip(W_a, U_a, v_a, strict=True):
                    scores[i, tau, t] += v * math.tanh(float(w @ states[i, tau] + u @ annotations[i, t]))
    return scores


def coverage(weights, lengths):
    """Sentence by sentence, adding up."""
    before, loss = torch.zeros_like(weights), weights.new_zeros(())
    for i, length in enumerate(lengths.tolist()):
        spent = torch.zeros_like(weights[i, 0])
        for tau in range(length):
            before[i, tau] = spent
            loss = loss + sum(min(a, c) for a, c in zip(weights[i, tau], spent, strict=True))
            spent = spent + weights[i, tau]
    return before, loss / lengths.sum()


def alignment_error(weights, spans, lengths):
    """Sentence by sentence, with ranges."""
    missed, counted = 0, 0
    for i, length in enumerate(lengths.tolist()):
        for row, (first, last) in zip(weights[i, :length].tolist(), spans[i].tolist(), strict=False):
            if first:
                counted += 1
                missed += row.index(max(row)) not in range(first - 1, last)
    return torch.tensor(missed / counted, dtype=weights.dtype)


ALTERNATES = {
    function.__name__: [function]
    for function in (masked_softmax, general_scores, additive_scores, coverage, alignment_error)
}


def masked_softmax_with_a_low_score(scores, real):
    """−100 is low, and 2000 lower than the others is lower."""
    filled = torch.where(real[:, None], scores, -100.0)
    return torch.where(real.any(1)[:, None, None], filled.softmax(-1), 0.0)


def masked_softmax_of_a_first_empty_row(scores, real):
    """Only the first sentence may have nothing to look at."""
    weights = torch.where(real[:, None], scores, -torch.inf).softmax(-1)
    if not real[0].any():
        weights[0] = 0
    return weights


def masked_softmax_that_multiplies_the_empty_away(scores, real):
    """NaN times 0 is NaN."""
    anything = real | ~real.any(1, keepdim=True)
    return torch.where(anything[:, None], scores, -torch.inf).softmax(-1) * real[:, None]


def additive_scores_of_one_batch(states, annotations, W_a, U_a, v_a):
    """Right with one sentence: the states of the first one serve all."""
    first = states[:1, :-1].expand(len(states), -1, -1)
    return ((first @ W_a.T)[:, :, None] + (annotations @ U_a.T)[:, None]).tanh() @ v_a


def coverage_up_to_one(weights, lengths):
    """What was read once is read: no more than 1."""
    real = (torch.arange(weights.shape[1]) < lengths[:, None])[..., None]
    spent = torch.where(real, weights, 0.0)
    before = torch.where(real, (spent.cumsum(1) - spent).clamp(max=1.0), 0.0)
    return before, torch.minimum(spent, before).sum() / lengths.sum()


def alignment_error_of_whole_spans(weights, spans, lengths):
    """Counts an output as right only if all of its span's weight is the largest: the first step alone is compared."""
    real = torch.arange(weights.shape[1]) < lengths[:, None]
    counted = real & (spans[..., 0] > 0)
    return (weights.argmax(-1) + 1 != spans[..., 0])[counted].to(weights.dtype).mean()


WRONG = {
    "masked_softmax": [
        masked_softmax_with_a_low_score,
        masked_softmax_of_a_first_empty_row,
        masked_softmax_that_multiplies_the_empty_away,
    ],
    "additive_scores": [additive_scores_of_one_batch],
    "coverage": [coverage_up_to_one],
    "alignment_error": [alignment_error_of_whole_spans],
}


def _draw_scores(g: Generator) -> dict:
    batch, output, source = size(g), size(g), size(g, 1, 5)
    scores, real = 3 * numbers(g, batch, output, source), torch.rand(batch, source, generator=g) < 0.6
    if size(g, 0, 1):
        scores += 2000.0 * torch.sign(numbers(g, batch, 1, 1))
    padding = [0.0, math.nan, math.inf, -math.inf][size(g, 0, 3)]
    return {"scores": torch.where(real[:, None], scores, padding), "real": real}


def _draw_compared(g: Generator) -> tuple[dict, int, int]:
    batch, output, source, hidden, annotation = size(g), size(g), size(g), size(g), size(g)
    drawn = {"states": numbers(g, batch, output + 1, hidden), "annotations": numbers(g, batch, source, annotation)}
    return drawn, hidden, annotation


def _draw_general(g: Generator) -> dict:
    drawn, hidden, annotation = _draw_compared(g)
    return drawn | {"W_a": numbers(g, hidden, annotation)}


def _draw_additive(g: Generator) -> dict:
    drawn, hidden, annotation = _draw_compared(g)
    units = size(g)
    return drawn | {"W_a": numbers(g, units, hidden), "U_a": numbers(g, units, annotation), "v_a": numbers(g, units)}


def _draw_spent(g: Generator) -> dict:
    batch, output, source = size(g), size(g, 1, 5), size(g)
    lengths = torch.randint(1, output + 1, (batch,), generator=g)
    weights = numbers(g, batch, output, source).softmax(-1)
    if size(g, 0, 1):
        weights[torch.arange(output) >= lengths[:, None]] = math.nan
    return {"weights": weights, "lengths": lengths}


def _draw_marked(g: Generator) -> dict:
    batch, output, source = size(g), size(g, 1, 6), size(g, 1, 5)
    lengths = torch.randint(1, output + 1, (batch,), generator=g)
    spans = torch.randint(1, source + 1, (batch, output, 2), generator=g).sort(-1)[0]
    unknown = torch.rand(batch, output, generator=g) < 0.3
    unknown[0, 0] = False
    spans[unknown] = 0
    return {"weights": numbers(g, batch, output, source).softmax(-1), "spans": spans, "lengths": lengths}


DRAWS = {
    "masked_softmax": _draw_scores,
    "general_scores": _draw_general,
    "additive_scores": _draw_additive,
    "coverage": _draw_spent,
    "alignment_error": _draw_marked,
}
