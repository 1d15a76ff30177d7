"""The exercises on sequence classification: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, rnn, size


def masked_mean(states, counts):
    """Row by row, of the steps that were picked out."""
    means = []
    for row, counted in zip(states, counts, strict=True):
        picked = row[counted]
        means.append(picked.mean(0) if len(picked) else row.new_zeros(row.shape[1]))
    return torch.stack(means)


def masked_max(states, counts):
    """Unit by unit, in Python's words."""
    largest, steps = states.new_zeros(states.shape[0], states.shape[2]), []
    for i, row in enumerate(states.tolist()):
        found = []
        for k in range(states.shape[2]):
            candidates = [t for t in range(len(row)) if counts[i, t]]
            best = max(candidates, key=lambda t: row[t][k], default=-1)
            found.append(best)
            if best >= 0:
                largest[i, k] = states[i, best, k]
        steps.append(found)
    return largest, torch.tensor(steps)


def last_valid_state(states, start, lengths):
    """Every sequence alone, cut out of its padding."""
    half = states.shape[2] // 2
    ends = []
    for i, (first, length) in enumerate(zip(start.tolist(), lengths.tolist(), strict=True)):
        alone = states[first : first + length, i]
        ends.append(torch.cat([alone[-1, :half], alone[0, half:]]))
    return torch.stack(ends)


def accuracy_by_length(logits, y, lengths, edges):
    """One sequence after another, into the bin that it belongs to."""
    right, count = [0] * (len(edges) - 1), [0] * (len(edges) - 1)
    for said, truth, length in zip(logits, y.tolist(), lengths.tolist(), strict=True):
        place = sum(edge <= length for edge in edges) - 1
        if 0 <= place < len(count):
            count[place] += 1
            right[place] += int(said[length - 1].argmax()) == truth
    shares = [hits / n if n else math.nan for hits, n in zip(right, count, strict=True)]
    return torch.tensor(shares, dtype=logits.dtype), torch.tensor(count)


def turning_word(x, lengths, W_xh, W_hh, b_h, w, b):
    """All sentences without their t-th word at once; states behind the end are kept."""
    batch, time, _ = x.shape

    def logits(skipped):
        h = x.new_zeros(batch, len(b_h))
        for t in range(time):
            new = torch.tanh(x[:, t] @ W_xh.T + h @ W_hh.T + b_h)
            h = torch.where(((t < lengths) & (t != skipped))[:, None], new, h)
        return h @ w + b

    changes = torch.stack([logits(-1) - logits(t) for t in range(time)], 1)
    size_of = torch.where(torch.arange(time) < lengths[:, None], changes.abs(), -1.0)
    word = size_of.argmax(1)
    return word, changes.gather(1, word[:, None])[:, 0]


ALTERNATES = {
    function.__name__: [function]
    for function in (masked_mean, masked_max, last_valid_state, accuracy_by_length, turning_word)
}


def masked_mean_with_nan_as_zero(states, counts):
    """NaN in the padding is taken care of, infinity is not."""
    kept = states.nan_to_num(posinf=math.inf, neginf=-math.inf) * counts[..., None]
    return kept.sum(1) / counts.sum(1, keepdim=True).clamp(min=1)


def masked_max_with_a_large_number(states, counts):
    """−1 is below zero, and not below every state."""
    filled = torch.where(counts[..., None], states, -1.0)
    largest, step = filled.max(1)
    empty = ~counts.any(1)[:, None]
    return torch.where(empty, 0.0, largest), torch.where(empty, -1, step)


def masked_max_with_a_larger_number(states, counts):
    """−1e9 is below most states, and not below every one."""
    largest, step = states.masked_fill(~counts[..., None], -1e9).max(1)
    empty = ~counts.any(1, keepdim=True)
    return largest.masked_fill(empty, 0), step.masked_fill(empty, -1)


def masked_max_looked_up_among_all_steps(states, counts):
    """A step that does not count may hold the same number, and comes first."""
    largest = states.masked_fill(~counts[..., None], -math.inf).amax(1)
    step = (states == largest[:, None]).int().argmax(1)
    empty = ~counts.any(1, keepdim=True)
    return largest.masked_fill(empty, 0), step.masked_fill(empty, -1)


def _turning(x, lengths, weights, pick):
    """``pick`` says which word turned it."""
    W_xh, W_hh, b_h, w, b = weights
    words, changes = [], []

    def logit(sentence):
        h = torch.zeros_like(b_h)
        for x_t in sentence:
            h = torch.tanh(W_xh @ x_t + W_hh @ h + b_h)
        return w @ h + b

    for row, length in zip(x, lengths.tolist(), strict=True):
        rest = [torch.cat([row[:t], row[t + 1 : length]]) for t in range(length)]
        change = torch.stack([logit(row[:length]) - logit(without) for without in rest])
        words.append(pick(change.abs()))
        changes.append(change[words[-1]])
    return torch.tensor(words), torch.stack(changes)


def turning_word_never_the_first(x, lengths, *weights):
    """What comes last counts most in a plain network, as a rule."""
    return _turning(x, lengths, weights, lambda size: int(size[1:].argmax()) + 1 if len(size) > 1 else 0)


def turning_word_the_later_of_equals(x, lengths, *weights):
    """Two words may change the logit equally much."""
    return _turning(x, lengths, weights, lambda size: len(size) - 1 - int(size.flip(0).argmax()))


def turning_word_at_once(x, lengths, W_xh, W_hh, b_h, w, b):
    """What changes while the word is read, not at the end."""
    words, changes = [], []
    for row, length in zip(x, lengths.tolist(), strict=True):
        states = [torch.zeros_like(b_h)]
        for x_t in row[:length]:
            states.append(torch.tanh(W_xh @ x_t + W_hh @ states[-1] + b_h))
        z = torch.stack(states) @ w
        change = z[1:] - z[:-1]
        words.append(change.abs().argmax())
        changes.append(change[words[-1]])
    return torch.stack(words), torch.stack(changes)


WRONG = {
    "masked_mean": [masked_mean_with_nan_as_zero],
    "masked_max": [
        masked_max_with_a_large_number,
        masked_max_with_a_larger_number,
        masked_max_looked_up_among_all_steps,
    ],
    "turning_word": [turning_word_at_once, turning_word_never_the_first, turning_word_the_later_of_equals],
}


def _draw_states(g: Generator) -> dict:
    batch, time, unit = size(g), size(g, 1, 5), size(g)
    states, counts = numbers(g, batch, time, unit), torch.rand(batch, time, generator=g) < 0.6
    if size(g, 0, 1):
        states = states.round()  # ties
    if size(g, 0, 3):  # else what stands there is like the others, ties included
        states[~counts] = [0.0, math.nan, math.inf][size(g, 0, 2)]
    return {"states": states, "counts": counts}


def _draw_ends(g: Generator) -> dict:
    batch, half, longest = size(g), size(g, 1, 3), size(g, 1, 4)
    start, lengths = (torch.randint(low, low + longest, (batch,), generator=g) for low in (0, 1))
    time = int((start + lengths).max()) + size(g, 0, 2)
    return {"states": numbers(g, time, batch, 2 * half), "start": start, "lengths": lengths}


def _draw_answers(g: Generator) -> dict:
    batch, time, classes = size(g, 1, 8), size(g, 1, 6), size(g, 1, 4)
    lengths, y = torch.randint(1, time + 1, (batch,), generator=g), torch.randint(classes, (batch,), generator=g)
    edges = sorted(set(torch.randint(1, 9, (size(g, 2, 4),), generator=g).tolist()) | {0})
    return {"logits": numbers(g, batch, time, classes), "y": y, "lengths": lengths, "edges": edges}


def _draw_sentences(g: Generator) -> dict:
    batch, time, unit, feature = size(g), size(g, 1, 5), size(g), size(g)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    x = numbers(g, batch, time, feature)
    output = {"w": numbers(g, unit), "b": float(numbers(g, 1))}
    return {"x": x, "lengths": lengths} | rnn(g, batch, unit, feature) | output


DRAWS = {
    "masked_mean": _draw_states,
    "masked_max": _draw_states,
    "last_valid_state": _draw_ends,
    "accuracy_by_length": _draw_answers,
    "turning_word": _draw_sentences,
}
